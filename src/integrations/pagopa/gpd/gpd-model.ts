// SPDX-License-Identifier: EUPL-1.2
/** Debt positions as GPD writes them: version 1 (payment options) and version 3 (options with instalments). */
import { z } from "zod";
import type { RemoteDebt, RemoteOption } from "../remote-debt.ts";
import { clip } from "../soap/write-xml.ts";

export type GpdVersion = "v1" | "v3";

const cents = z.int().min(1).max(99_999_999_999);
const text140 = z.string().min(1).max(140);
const moment = z.iso.datetime();
const fiscalCode = z.string().regex(/^\d{11}$/);
const iban = z.string().regex(/^[A-Z0-9]{15,35}$/);

const transfer = z.strictObject({
  idTransfer: z.enum(["1", "2", "3", "4", "5"]),
  amount: cents,
  organizationFiscalCode: fiscalCode,
  remittanceInformation: text140,
  category: z.string().min(1),
  iban,
  postalIban: iban.optional(),
  companyName: text140,
  transferMetadata: z.array(z.strictObject({ key: text140, value: text140 })).max(10),
});

const debtor = {
  type: z.literal("F"),
  fiscalCode: z.string().min(2).max(16),
  fullName: z.string().min(1).max(255),
};

const payable = {
  nav: z.string().regex(/^3\d{17}$/),
  iuv: z.string().regex(/^\d{17}$/),
  amount: cents,
  description: text140,
  dueDate: moment,
  transfer: z.array(transfer).min(1).max(5),
};

const position = { iupd: z.string().min(1).max(50), payStandIn: z.boolean(), companyName: text140 };

const positionV1 = z.strictObject({
  ...position,
  ...debtor,
  switchToExpired: z.boolean(),
  paymentOption: z
    .array(
      z.strictObject({
        ...payable,
        isPartialPayment: z.boolean(),
        paymentOptionMetadata: z.array(z.never()),
      }),
    )
    .min(1),
});

const positionV3 = z.strictObject({
  ...position,
  paymentOption: z
    .array(
      z.strictObject({
        description: text140,
        switchToExpired: z.boolean(),
        debtor: z.strictObject(debtor),
        installments: z
          .array(z.strictObject({ ...payable, installmentMetadata: z.array(z.never()) }))
          .min(1)
          .max(100),
      }),
    )
    .min(1)
    .max(100),
});

/** What leaves. @throws ZodError for a position that is none: a bug of the caller */
export function toGpdPosition(version: GpdVersion, debt: RemoteDebt): unknown {
  const common = {
    iupd: debt.iupd,
    payStandIn: true,
    companyName: clip(debt.companyName, 140),
  };
  const person = {
    type: "F",
    fiscalCode: debt.debtor.code,
    fullName: clip(debt.debtor.fullName, 255),
  };
  const { switchToExpired } = debt;
  if (version === "v1")
    return positionV1.parse({
      ...common,
      ...person,
      switchToExpired,
      paymentOption: debt.notices.map((option) => ({
        ...payableOf(option),
        isPartialPayment: option.instalment !== null,
        paymentOptionMetadata: [],
      })),
    });
  const whole = debt.notices.filter(({ instalment }) => instalment === null);
  const parts = debt.notices.filter(({ instalment }) => instalment !== null);
  const optionOf = (description: string, options: readonly RemoteOption[]): object => ({
    description,
    switchToExpired,
    debtor: person,
    installments: options.map((option) => ({ ...payableOf(option), installmentMetadata: [] })),
  });
  return positionV3.parse({
    ...common,
    paymentOption: [
      ...whole.map((option) => optionOf("Soluzione unica", [option])),
      ...(parts.length > 0 ? [optionOf("Rate", parts)] : []),
    ],
  });
}

const payableOf = (option: RemoteOption): object => ({
  nav: option.noticeNumber,
  iuv: option.iuv,
  amount: Number(option.amountCents),
  description: clip(option.description, 140),
  dueDate: option.dueAt.toString({ smallestUnit: "second" }),
  transfer: option.transfers.map((one) => ({
    idTransfer: String(one.id),
    amount: Number(one.amountCents),
    organizationFiscalCode: one.fiscalCode,
    remittanceInformation: clip(one.remittance, 140),
    category: one.category,
    iban: one.iban,
    postalIban: one.postalIban ?? undefined,
    companyName: clip(one.companyName, 140),
    transferMetadata: one.metadata.map(({ key, value }) => ({ key, value })),
  })),
});

/** What is read of an answer, and no more: pagoPA writes null for what is missing, and adds fields as it likes. */
const option = z.object({ nav: z.string().nullish(), status: z.string().nullish() });
const answer = z.object({
  status: z.string().nullish(),
  paymentOption: z.array(option.extend({ installments: z.array(option).nullish() })).nullish(),
});

export interface GpdPosition {
  /** DRAFT, PUBLISHED, VALID, INVALID, EXPIRED, PARTIALLY_PAID, PAID, REPORTED, UNPAYABLE, or a word to come */
  readonly status: string | null;
  readonly options: readonly { readonly noticeNumber: string; readonly isPaid: boolean }[];
}

const PAID_OPTION: ReadonlySet<string> = new Set([
  ...["PO_PAID", "PO_PARTIALLY_REPORTED", "PO_REPORTED"],
  ...["PAID", "PARTIALLY_REPORTED", "REPORTED"],
]);

/** null: not a position at all. */
export function readGpdPosition(body: unknown): GpdPosition | null {
  const read = answer.safeParse(body);
  if (!read.success) return null;
  const options = (read.data.paymentOption ?? []).flatMap((one) => one.installments ?? [one]);
  return {
    status: read.data.status ?? null,
    options: options.flatMap(({ nav, status }) =>
      nav ? [{ noticeNumber: nav, isPaid: PAID_OPTION.has(status ?? "") }] : [],
    ),
  };
}
