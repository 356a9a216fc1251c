// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";

/** Told to pagoPA with a transfer, and given back with its receipt: what the town's accounts office books by. */
export interface TransferMetadata {
  readonly key: string;
  readonly value: string;
}

export interface BookedPart {
  readonly budgetChapter: string;
  readonly assessment: string;
  readonly amountCents: Cents;
}

/** GPD takes ten for one transfer; SOAP fifteen, with pagoPA's own `IBANAPPOGGIO` among them. */
const MAX_PARTS = 3;

/**
 * `RC_CAP_n` capitolo, `RC_ACC_n` accertamento (the keys of pagoPA's example for accounting, n from 1), where the town
 * has set them; `RC_IMP_n` the part's euro, where a transfer has more than one. Beyond three parts the smaller ones
 * are left out: the transfer's amount says that there are more.
 */
export function transferMetadata(parts: readonly BookedPart[]): TransferMetadata[] {
  const sums = new Map<string, BookedPart>();
  for (const part of parts) {
    if (part.budgetChapter === "" && part.assessment === "") continue;
    const key = JSON.stringify([part.budgetChapter, part.assessment]);
    const before = sums.get(key)?.amountCents ?? 0n;
    sums.set(key, { ...part, amountCents: before + part.amountCents });
  }
  const isOne =
    new Set(parts.map((part) => `${part.budgetChapter}\n${part.assessment}`)).size === 1;
  return [...sums.values()]
    .toSorted((a, b) => Number(b.amountCents - a.amountCents))
    .slice(0, MAX_PARTS)
    .flatMap(({ budgetChapter, assessment, amountCents }, index) =>
      [
        { key: `RC_CAP_${index + 1}`, value: budgetChapter },
        { key: `RC_ACC_${index + 1}`, value: assessment },
        { key: `RC_IMP_${index + 1}`, value: isOne ? "" : euro(amountCents) },
      ].filter(({ value }) => value !== ""),
    );
}

const euro = (cents: Cents): string =>
  `${cents / 100n}.${(cents % 100n).toString().padStart(2, "0")}`;
