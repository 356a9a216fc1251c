// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";
import { type BookedPart, type TransferMetadata, transferMetadata } from "./transfer-metadata.ts";

/** pagoPA: a notice has one to five transfers. */
export const MAX_TRANSFERS = 5;

/** Who is paid for a service, where, and under which code of pagoPA's taxonomy. */
export interface Beneficiary {
  readonly fiscalCode: string;
  readonly name: string;
  readonly iban: string;
  readonly postalIban: string | null;
  readonly category: string;
  /** how the town's books name it; empty: not set */
  readonly budgetChapter: string;
  readonly assessment: string;
}

export interface NoticeTransfer {
  readonly transfer: number;
  readonly fiscalCode: string;
  readonly name: string;
  readonly iban: string;
  readonly postalIban: string | null;
  readonly amountCents: Cents;
  readonly category: string;
  readonly metadata: readonly TransferMetadata[];
  readonly remittance: string;
}

/**
 * Sums lines by beneficiary, account and category: the transfers of a notice, and which one carries each line.
 * `too-many` when they go to more than five: the cart must be split.
 */
export function splitTransfers(
  lines: readonly { serviceId: string; amountCents: Cents }[],
  beneficiaryOf: (serviceId: string) => Beneficiary,
):
  | { outcome: "split"; transfers: Omit<NoticeTransfer, "remittance">[]; transferOfLine: number[] }
  | { outcome: "too-many" } {
  const keyOf = ({ fiscalCode, iban, category }: Beneficiary): string =>
    `${fiscalCode}/${iban}/${category}`;
  const sums = new Map<
    string,
    { to: Beneficiary; amountCents: Cents; transfer: number; parts: BookedPart[] }
  >();
  const transferOfLine = lines.map(({ serviceId, amountCents }) => {
    const to = beneficiaryOf(serviceId);
    const key = keyOf(to);
    const sum = sums.get(key) ?? { to, amountCents: 0n, transfer: sums.size + 1, parts: [] };
    sum.amountCents += amountCents;
    const { budgetChapter, assessment } = to;
    sum.parts.push({ budgetChapter, assessment, amountCents });
    sums.set(key, sum);
    return sum.transfer;
  });
  if (sums.size > MAX_TRANSFERS) return { outcome: "too-many" };
  const transfers = [...sums.values()].map(({ to, amountCents, transfer, parts }) => {
    const { fiscalCode, name, iban, postalIban, category } = to;
    const metadata = transferMetadata(parts);
    return { fiscalCode, name, iban, postalIban, category, transfer, amountCents, metadata };
  });
  return { outcome: "split", transfers, transferOfLine };
}

/**
 * The causale of a transfer: `/RFB/<IUV>/<euro.cents>/TXT/<text>`, at most 140 characters, no personal data.
 * Source: SANP, "remittanceInformation"; SACIV 1.2.
 */
export function remittance(iuv: string, amountCents: Cents, text: string): string {
  const euro = `${amountCents / 100n}.${(amountCents % 100n).toString().padStart(2, "0")}`;
  return `/RFB/${iuv}/${euro}/TXT/${text}`.slice(0, 140).trimEnd();
}
