// SPDX-License-Identifier: EUPL-1.2
/**
 * One receipt asked for by its number (biz-events, `getOrganizationReceipt`), and the same JSON read again when the
 * inbox is applied. Their examples say `null` for what is missing, and 0 for the number of a transfer.
 */
import { z } from "zod";
import { ZONE, type Moment } from "#kernel/dates.ts";
import type { ReceiptSource, ReceiptSubject, ReceivedReceipt } from "#payments";
import type { PagopaAccess } from "./call-service.ts";
import { code35, euroAmount, getJson, RestFault } from "./rest.ts";

const BASE = "bizevents/service/v1/organizations";
const MAX_TRANSFERS = 5;

const text = (most: number) => z.string().trim().max(most).nullish();

const subject = z.object({
  entityUniqueIdentifierType: z.enum(["F", "G"]),
  entityUniqueIdentifierValue: z.string().min(2).max(16),
  fullName: z.string().max(140),
});

const transfer = z.object({
  idTransfer: z.int().nullish(),
  transferAmount: euroAmount,
  fiscalCodePA: z.string().regex(/^\d{11}$/),
  iban: text(70),
  remittanceInformation: text(140),
  transferCategory: text(140),
  metadata: z
    .array(z.object({ key: z.string().max(140), value: z.string().max(140) }))
    .max(15)
    .nullish(),
});

const receipt = z.object({
  receiptId: z.string().min(1).max(255),
  noticeNumber: z.string().regex(/^\d{18}$/),
  fiscalCode: z.string().regex(/^\d{11}$/),
  outcome: z.enum(["OK", "KO"]),
  creditorReferenceId: code35,
  paymentAmount: euroAmount,
  description: z.string().max(140),
  companyName: z.string().max(140),
  debtor: subject,
  payer: subject.nullish(),
  transferList: z.array(transfer).min(1).max(MAX_TRANSFERS),
  idPSP: code35,
  pspFiscalCode: text(70),
  pspCompanyName: z.string().max(140),
  idChannel: z.string().max(70),
  channelDescription: text(70),
  paymentMethod: text(70),
  fee: euroAmount.nullish(),
  paymentDateTime: text(40),
  paymentDateTimeFormatted: text(40),
  applicationDate: text(10),
  transferDate: text(10),
});
type Body = z.infer<typeof receipt>;

/** Asks biz-events. Throws a RestFault when it cannot be reached or understood. */
export function receiptSource(service: PagopaAccess): ReceiptSource {
  return async ({ creditorFiscalCode, iur, iuv }) => {
    const part = [creditorFiscalCode, iur, iuv].map(encodeURIComponent);
    const path = `${BASE}/${part[0]}/receipts/${part[1]}/paymentoptions/${part[2]}`;
    try {
      const { body, text: raw } = await getJson(service, { path, schema: receipt });
      return { outcome: "found", receipt: toReceipt(body), raw };
    } catch (error) {
      if (!(error instanceof RestFault)) throw error;
      if (error.status === 404) return { outcome: "not-found" };
      if (error.status === 429) return { outcome: "throttled" };
      throw error;
    }
  };
}

/** The raw text of a recovered receipt, as it was kept. Throws on any other. */
export function readRecoveredReceipt(raw: string): ReceivedReceipt {
  const read = receipt.safeParse(JSON.parse(raw));
  if (!read.success)
    throw new Error(`receipt not as described, at ${read.error.issues[0]?.path.join(".")}`);
  return toReceipt(read.data);
}

function toReceipt(body: Body): ReceivedReceipt {
  const numbers = body.transferList.map(({ idTransfer }) => idTransfer ?? 0);
  const areNumbered =
    new Set(numbers).size === numbers.length && numbers.every((id) => id >= 1 && id <= 5);
  const paidAt = momentOf(body.paymentDateTimeFormatted) ?? momentOf(body.paymentDateTime);
  const applicationDate = dayOrNothing(body.applicationDate);
  const transferDate = dayOrNothing(body.transferDate);
  return {
    receiptId: body.receiptId,
    outcome: body.outcome,
    noticeNumber: body.noticeNumber,
    fiscalCode: body.fiscalCode,
    creditorReferenceId: body.creditorReferenceId,
    paymentAmountCents: body.paymentAmount,
    description: body.description,
    companyName: body.companyName,
    debtor: toSubject(body.debtor),
    ...(body.payer && { payer: toSubject(body.payer) }),
    transfers: body.transferList.map((one, index) => ({
      id: areNumbered ? (one.idTransfer ?? index + 1) : index + 1,
      amountCents: one.transferAmount,
      fiscalCodePA: one.fiscalCodePA,
      ...(one.iban && { iban: one.iban }),
      remittanceInformation: one.remittanceInformation ?? "",
      transferCategory: one.transferCategory ?? "",
      ...(one.metadata && one.metadata.length > 0 && { metadata: one.metadata }),
    })),
    idPSP: body.idPSP,
    ...(body.pspFiscalCode && { pspFiscalCode: body.pspFiscalCode }),
    pspCompanyName: body.pspCompanyName,
    idChannel: body.idChannel,
    channelDescription: body.channelDescription ?? "",
    ...(body.paymentMethod && { paymentMethod: body.paymentMethod }),
    ...(typeof body.fee === "bigint" && { feeCents: body.fee }),
    ...(paidAt && { paidAt }),
    ...(applicationDate && { applicationDate }),
    ...(transferDate && { transferDate }),
  };
}

const toSubject = (one: z.infer<typeof subject>): ReceiptSubject => ({
  kind: one.entityUniqueIdentifierType,
  code: one.entityUniqueIdentifierValue,
  fullName: one.fullName,
});

/** With or without a zone; without one it is ours. A day alone is its noon: the day is right in any zone. */
function momentOf(said: string | null | undefined): Moment | undefined {
  if (!said) return undefined;
  try {
    if (/(Z|[+-]\d\d:?\d\d)$/.test(said)) return Temporal.Instant.from(said);
    const local = said.includes("T") ? said : `${said}T12:00`;
    return Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE).toInstant();
  } catch {
    return undefined;
  }
}

function dayOrNothing(said: string | null | undefined): Temporal.PlainDate | undefined {
  if (!said) return undefined;
  try {
    return Temporal.PlainDate.from(said);
  } catch {
    return undefined;
  }
}

/** A receipt in the same form, for a payment that only a flow proves: read again like any recovered one. */
export function writeRecoveredReceipt(of: ReceivedReceipt): string {
  const euro = (cents: bigint): number => Number(cents) / 100;
  const person = ({ kind, code, fullName }: ReceiptSubject) => ({
    entityUniqueIdentifierType: kind,
    entityUniqueIdentifierValue: code,
    fullName,
  });
  return JSON.stringify({
    receiptId: of.receiptId,
    noticeNumber: of.noticeNumber,
    fiscalCode: of.fiscalCode,
    outcome: of.outcome,
    creditorReferenceId: of.creditorReferenceId,
    paymentAmount: euro(of.paymentAmountCents),
    description: of.description,
    companyName: of.companyName,
    debtor: person(of.debtor),
    transferList: of.transfers.map((one) => ({
      idTransfer: one.id,
      transferAmount: euro(one.amountCents),
      fiscalCodePA: one.fiscalCodePA,
      iban: one.iban ?? null,
      remittanceInformation: one.remittanceInformation,
      transferCategory: one.transferCategory,
    })),
    idPSP: of.idPSP,
    pspCompanyName: of.pspCompanyName,
    idChannel: of.idChannel,
    channelDescription: of.channelDescription,
    paymentDateTimeFormatted: of.paidAt?.toString() ?? null,
    transferDate: of.transferDate?.toString() ?? null,
  });
}
