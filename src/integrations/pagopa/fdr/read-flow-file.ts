// SPDX-License-Identifier: EUPL-1.2
/** A flow as an XML file (FlussoRiversamento 1.0.4 and 1.0.5), for towns that get it by another way than REST. */
import { type Day, ZONE, type Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { ReceivedReport, ReportedOutcome, ReportedPayment } from "#payments";
import { readRecords, type XmlFields } from "../../xml/read-records.ts";

export type ReadFlowFile =
  | { readonly outcome: "read"; readonly report: ReceivedReport }
  | { readonly outcome: "unreadable"; readonly reason: string };

const OUTCOME_OF_CODE: Readonly<Record<string, ReportedOutcome>> = {
  "0": "EXECUTED",
  "3": "REVOKED",
  "4": "STAND_IN",
  "8": "STAND_IN_NO_RPT",
  "9": "NO_RPT",
};

/** What is missing or wrong, by the name of its element. */
class Missing extends Error {}

/** The file has no revision: the caller gives it (`revision` is 1 here). */
export function readFlowFile(text: string): ReadFlowFile {
  const read = readRecords(text, { record: "datiSingoliPagamenti" });
  if (read.outcome === "unreadable") return read;
  if (read.root !== "FlussoRiversamento") return { outcome: "unreadable", reason: "not-a-flow" };
  try {
    const payments = read.records.map(({ fields }) => toPayment(fields));
    return { outcome: "read", report: toReport(read.head, payments) };
  } catch (error) {
    if (error instanceof Missing) return { outcome: "unreadable", reason: error.message };
    throw error;
  }
}

function toReport(head: XmlFields, payments: readonly ReportedPayment[]): ReceivedReport {
  const sender = "istitutoMittente/identificativoUnivocoMittente/codiceIdentificativoUnivoco";
  const receiver = "istitutoRicevente/identificativoUnivocoRicevente/codiceIdentificativoUnivoco";
  const senderId = field(head, sender, /^.{1,35}$/);
  return {
    creditorFiscalCode: field(head, receiver, /^\d{11}$/),
    senderId,
    flowCode: field(head, "identificativoFlusso", /^[A-Za-z0-9_-]{1,35}$/),
    revision: 1,
    pspId: senderId,
    pspName: (head.get("istitutoMittente/denominazioneMittente") ?? senderId).slice(0, 140),
    bankTransferCode: field(head, "identificativoUnivocoRegolamento", /^.{1,35}$/),
    settledOn: day(field(head, "dataRegolamento", /./)),
    flowAt: moment(field(head, "dataOraFlusso", /./)),
    publishedAt: null,
    totalCents: cents(field(head, "importoTotalePagamenti", /./)),
    paymentCount: Number(field(head, "numeroTotalePagamenti", /^\d{1,9}$/)),
    payments,
  };
}

function toPayment(fields: XmlFields): ReportedPayment {
  const outcome = OUTCOME_OF_CODE[fields.get("codiceEsitoSingoloPagamento") ?? ""];
  if (!outcome) throw new Missing("codiceEsitoSingoloPagamento");
  const transfer = fields.get("indiceDatiSingoloPagamento") ?? "1";
  if (!/^[1-5]$/.test(transfer)) throw new Missing("indiceDatiSingoloPagamento");
  return {
    iuv: field(fields, "identificativoUnivocoVersamento", /^.{1,35}$/),
    iur: field(fields, "identificativoUnivocoRiscossione", /^.{1,35}$/),
    transfer: Number(transfer),
    amountCents: cents(field(fields, "singoloImportoPagato", /./)),
    paidOn: day(field(fields, "dataEsitoSingoloPagamento", /./)),
    outcome,
  };
}

function field(fields: XmlFields, path: string, shape: RegExp): string {
  const value = fields.get(path) ?? "";
  if (!shape.test(value)) throw new Missing(path.split("/").at(-1));
  return value;
}

function cents(text: string): Cents {
  const found = /^(-?)0*(\d{1,9})\.(\d\d)$/.exec(text);
  if (!found) throw new Missing("importo");
  const amount = BigInt(found[2]! + found[3]!);
  return found[1] === "-" ? -amount : amount;
}

function day(text: string): Day {
  try {
    return Temporal.PlainDate.from(text.slice(0, 10));
  } catch {
    throw new Missing("data");
  }
}

/** Without a zone it is ours. */
function moment(text: string): Moment {
  try {
    if (/(Z|[+-]\d\d:\d\d)$/.test(text)) return Temporal.Instant.from(text);
    return Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).toInstant();
  } catch {
    throw new Missing("dataOraFlusso");
  }
}
