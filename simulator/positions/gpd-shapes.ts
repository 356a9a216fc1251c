// SPDX-License-Identifier: EUPL-1.2
/** Debt positions as GPD's interfaces write them: v1 (payment options) and v3 (options with instalments). */
import { z } from "zod";
import type { Option, Position } from "./position-store.ts";

const moment = z.iso.datetime({ offset: true, local: true });

const metadata = z
  .array(z.object({ key: z.string(), value: z.string().nullish() }))
  .max(10)
  .nullish();

const transfer = z.object({
  idTransfer: z.enum(["1", "2", "3", "4", "5"]),
  amount: z.int().min(1),
  organizationFiscalCode: z.string().nullish(),
  remittanceInformation: z.string().max(140),
  category: z.string(),
  iban: z.string().nullish(),
  postalIban: z.string().nullish(),
  companyName: z.string().max(140).nullish(),
  transferMetadata: metadata,
});

const payable = z.object({
  nav: z.string().length(18).nullish(),
  iuv: z.string().min(1),
  amount: z.int().min(1),
  description: z.string().min(1).max(140),
  dueDate: moment,
  transfer: z.array(transfer).min(1).max(5),
});

const debtor = z.object({
  type: z.enum(["F", "G"]),
  fiscalCode: z.string().min(1),
  fullName: z.string().min(1),
});

const common = z.object({
  iupd: z.string().min(1),
  companyName: z.string().min(1).max(140),
  officeName: z.string().max(140).nullish(),
});

const positionV1 = common.extend(debtor.shape).extend({
  switchToExpired: z.boolean(),
  validityDate: moment.nullish(),
  paymentOption: z.array(payable.extend({ isPartialPayment: z.boolean() })).min(1),
});

const positionV3 = common.extend({
  paymentOption: z
    .array(
      z.object({
        description: z.string().nullish(),
        validityDate: moment.nullish(),
        switchToExpired: z.boolean(),
        debtor,
        installments: z.array(payable).min(1).max(100),
      }),
    )
    .min(1)
    .max(100),
});

export type Version = "v1" | "v3";

/** @returns why it is malformed, as text, or the position as a draft */
export function readPosition(
  version: Version,
  body: unknown,
  of: { organization: string; now: string; toPublish: boolean },
): Position | string {
  const made = version === "v1" ? readV1(body, of) : readV3(body, of);
  if (typeof made === "string") return made;
  const wrong = made.options.find(
    ({ transfers, amountCents }) =>
      transfers.reduce((sum, one) => sum + one.amountCents, 0n) !== amountCents,
  );
  if (wrong) return `the transfers of ${wrong.nav} do not sum to its amount`;
  if (of.toPublish) {
    made.status = made.validFrom === null ? "VALID" : "PUBLISHED";
    made.publishedAt = of.now;
  }
  return made;
}

const faultOf = (error: z.ZodError): string =>
  `${error.issues[0]?.path.join(".") ?? ""}: ${error.issues[0]?.message ?? "malformed"}`;

const draftOf = (of: { organization: string; now: string }, raw: Record<string, unknown>) => ({
  raw,
  organization: of.organization,
  insertedAt: of.now,
  updatedAt: of.now,
  status: "DRAFT" as const,
  publishedAt: null,
});

function readV1(body: unknown, of: { organization: string; now: string }): Position | string {
  const read = positionV1.safeParse(body);
  if (!read.success) return faultOf(read.error);
  const { data } = read;
  return {
    ...draftOf(of, body as Record<string, unknown>),
    iupd: data.iupd,
    companyName: data.companyName,
    officeName: data.officeName ?? "",
    switchToExpired: data.switchToExpired,
    validFrom: data.validityDate ? instant(data.validityDate) : null,
    debtor: debtorOf(data),
    options: data.paymentOption.map((one) => optionOf(one, one.isPartialPayment, of.organization)),
  };
}

function readV3(body: unknown, of: { organization: string; now: string }): Position | string {
  const read = positionV3.safeParse(body);
  if (!read.success) return faultOf(read.error);
  const { data } = read;
  const first = data.paymentOption[0]!;
  return {
    ...draftOf(of, body as Record<string, unknown>),
    iupd: data.iupd,
    companyName: data.companyName,
    officeName: data.officeName ?? "",
    switchToExpired: first.switchToExpired,
    validFrom: first.validityDate ? instant(first.validityDate) : null,
    debtor: debtorOf(first.debtor),
    // An option of one instalment is the whole.
    options: data.paymentOption.flatMap(({ installments }) =>
      installments.map((one) => optionOf(one, installments.length > 1, of.organization)),
    ),
  };
}

const debtorOf = (one: z.infer<typeof debtor>) => ({
  kind: one.type,
  code: one.fiscalCode,
  fullName: one.fullName,
});

/** With or without a zone, as GPD takes them; without one it is UTC. */
const instant = (text: string): string =>
  Temporal.Instant.from(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`).toString();

const optionOf = (
  one: z.infer<typeof payable>,
  isPartial: boolean,
  organization: string,
): Option => ({
  nav: one.nav ?? `3${one.iuv}`,
  iuv: one.iuv,
  amountCents: BigInt(one.amount),
  description: one.description,
  dueDate: instant(one.dueDate),
  isPartial,
  transfers: one.transfer.map((part) => ({
    id: Number(part.idTransfer),
    amountCents: BigInt(part.amount),
    fiscalCodePA: part.organizationFiscalCode ?? organization,
    companyName: part.companyName ?? "",
    iban: part.iban ?? "",
    remittanceInformation: part.remittanceInformation,
    category: part.category,
    metadata: (part.transferMetadata ?? []).map(({ key, value }) => ({ key, value: value ?? "" })),
  })),
  raw: one as Readonly<Record<string, unknown>>,
  paidAt: null,
  receiptId: null,
  pspCompany: null,
  paymentMethod: null,
});

/** `PaymentPositionModel(V3)`: what a change is answered with. */
export const writeModel = (version: Version, position: Position) => ({
  ...position.raw,
  status: statusOf(version, position),
});

/** Version 3 has one word for what can no longer be paid. */
const statusOf = (version: Version, { status }: Position): string =>
  version === "v3" && (status === "INVALID" || status === "EXPIRED") ? "UNPAYABLE" : status;

/** `…BaseResponse` of v1, `…ResponseV3` of v3. */
export function writePosition(version: Version, position: Position) {
  const head = {
    iupd: position.iupd,
    organizationFiscalCode: position.organization,
    companyName: position.companyName,
    officeName: position.officeName || null,
    insertedDate: position.insertedAt,
    publishDate: position.publishedAt,
    paymentDate: position.options.find(({ paidAt }) => paidAt !== null)?.paidAt ?? null,
    lastUpdatedDate: position.updatedAt,
  };
  if (version === "v1")
    return {
      ...head,
      type: position.debtor.kind,
      validityDate: position.validFrom,
      status: position.status,
      paymentOption: position.options.map((one) => writeOptionV1(position, one)),
    };
  const isClosed = position.status === "INVALID" || position.status === "EXPIRED";
  const whole = position.options.filter(({ isPartial }) => !isPartial);
  const parts = position.options.filter(({ isPartial }) => isPartial);
  const groups = [...whole.map((one) => [one]), ...(parts.length > 0 ? [parts] : [])];
  return {
    ...head,
    status: statusOf(version, position),
    paymentOption: groups.map((options) => ({
      switchToExpired: position.switchToExpired,
      insertedDate: position.insertedAt,
      validityDate: position.validFrom,
      debtor: {
        type: position.debtor.kind,
        fiscalCode: position.debtor.code,
        fullName: position.debtor.fullName,
      },
      installments: options.map((one) => ({
        ...commonOf(position, one),
        status: one.paidAt === null ? (isClosed ? "UNPAYABLE" : "UNPAID") : "PAID",
        installmentMetadata: [],
      })),
    })),
  };
}

export const writeOptionV1 = (position: Position, one: Option) => ({
  ...commonOf(position, one),
  isPartialPayment: one.isPartial,
  status: one.paidAt === null ? "PO_UNPAID" : "PO_PAID",
  paymentOptionMetadata: [],
});

const commonOf = (position: Position, one: Option) => ({
  nav: one.nav,
  iuv: one.iuv,
  organizationFiscalCode: position.organization,
  amount: Number(one.amountCents),
  description: one.description,
  dueDate: one.dueDate,
  paymentDate: one.paidAt,
  insertedDate: position.insertedAt,
  paymentMethod: one.paymentMethod,
  pspCompany: one.pspCompany,
  idReceipt: one.receiptId,
  lastUpdatedDate: position.updatedAt,
  transfer: one.raw["transfer"],
});
