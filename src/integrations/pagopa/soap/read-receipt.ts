// SPDX-License-Identifier: EUPL-1.2
import { present, type Sequence } from "./sequence.ts";
import type { Metadata, ReceiptData, ReceiptTransfer, Subject } from "./types.ts";
import * as values from "./values.ts";

type Version = "V1" | "V2";
const MAX_TRANSFERS = 5;
const MAX_METADATA = 15;

/** The `receipt` element of paSendRT (V1) or paSendRTV2. */
export function readReceipt(sequence: Sequence, version: Version): ReceiptData {
  return present({
    receiptId: sequence.required("receiptId", values.receiptIdText),
    noticeNumber: sequence.required("noticeNumber", values.noticeNumberText),
    fiscalCode: sequence.required("fiscalCode", values.fiscalCodePA),
    outcome: sequence.required("outcome", values.oneOf("OK", "KO")),
    creditorReferenceId: sequence.required("creditorReferenceId", values.text35),
    paymentAmountCents: sequence.required("paymentAmount", values.amount),
    description: sequence.required("description", values.text140),
    companyName: sequence.required("companyName", values.text140),
    officeName: sequence.optional("officeName", values.text140),
    debtor: sequence.group("debtor", readSubject),
    transfers: sequence.group("transferList", (list) =>
      list.groups("transfer", MAX_TRANSFERS, (transfer) => readTransfer(transfer, version)),
    ),
    idPSP: sequence.required("idPSP", values.text35),
    pspFiscalCode: sequence.optional("pspFiscalCode", values.text70),
    pspPartitaIVA: sequence.optional("pspPartitaIVA", values.text20),
    pspCompanyName: sequence.required("PSPCompanyName", values.text70),
    idChannel: sequence.required("idChannel", values.text35),
    channelDescription: sequence.required("channelDescription", values.text35),
    payer: sequence.optionalGroup("payer", readSubject),
    paymentMethod: sequence.optional("paymentMethod", values.text35),
    ...(version === "V2" && {
      paymentNote: sequence.optional("paymentNote", values.text210),
    }),
    feeCents: sequence.optional("fee", values.amount),
    ...(version === "V2" && {
      primaryCiIncurredFeeCents: sequence.optional("primaryCiIncurredFee", values.amount),
      idBundle: sequence.optional("idBundle", values.text70),
      idCiBundle: sequence.optional("idCiBundle", values.text70),
    }),
    paidAt: sequence.optional("paymentDateTime", values.dateTime),
    applicationDate: sequence.optional("applicationDate", values.date),
    transferDate: sequence.optional("transferDate", values.date),
    metadata: sequence.optionalGroup("metadata", readMetadata),
    standIn: sequence.optional("standIn", values.yesOrNo),
  });
}

function readSubject(sequence: Sequence): Subject {
  const identifier = sequence.group("uniqueIdentifier", (inside) => ({
    kind: inside.required("entityUniqueIdentifierType", values.oneOf("F", "G")),
    code: inside.required("entityUniqueIdentifierValue", values.subjectCode),
  }));
  return present({
    ...identifier,
    fullName: sequence.required("fullName", values.text70),
    streetName: sequence.optional("streetName", values.text70),
    civicNumber: sequence.optional("civicNumber", values.text16),
    postalCode: sequence.optional("postalCode", values.text16),
    city: sequence.optional("city", values.text35),
    stateProvinceRegion: sequence.optional("stateProvinceRegion", values.text35),
    country: sequence.optional("country", values.countryCode),
    email: sequence.optional("e-mail", values.emailAddress),
  });
}

function readTransfer(sequence: Sequence, version: Version): ReceiptTransfer {
  const isSecond = version === "V2";
  const id = sequence.required("idTransfer", values.transferId);
  const amountCents = sequence.required("transferAmount", values.amountNotZero);
  const fiscalCodePA = sequence.required("fiscalCodePA", values.fiscalCodePA);
  const companyName = isSecond ? sequence.optional("companyName", values.text140) : undefined;
  // V2: either an account or the stamp that was bought; V1 knows accounts only.
  const stamp = isSecond ? sequence.optional("MBDAttachment", values.base64) : undefined;
  const iban = stamp ? undefined : sequence.required("IBAN", values.text35);
  return present({
    id,
    amountCents,
    fiscalCodePA,
    companyName,
    iban,
    stamp,
    remittanceInformation: sequence.required("remittanceInformation", values.text140),
    transferCategory: sequence.required("transferCategory", values.text140),
    metadata: sequence.optionalGroup("metadata", readMetadata),
  });
}

const readMetadata = (sequence: Sequence): Metadata =>
  sequence.groups("mapEntry", MAX_METADATA, (entry) => ({
    key: entry.required("key", values.text140),
    value: entry.required("value", values.text140),
  }));
