// SPDX-License-Identifier: EUPL-1.2
/**
 * The treasurer's cash journal (giornale di cassa, standard OPI): versions 1.4, 1.6.1, 1.7.1 and 1.8. Of each movement
 * only what reconciliation needs is read; payments to others are passed over here and kept nowhere.
 */
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { JournalMovement, ReceivedJournal } from "#payments";
import { readRecords, type XmlFields } from "../xml/read-records.ts";

export type ReadCashJournal =
  | { readonly outcome: "read"; readonly journal: ReceivedJournal }
  | { readonly outcome: "unreadable"; readonly reason: string };

const AMOUNT = /^(-?)0*(\d{1,13})(?:\.(\d{1,2}))?$/;

export function readCashJournal(text: string): ReadCashJournal {
  const read = readRecords(text, { record: "movimento_conto_evidenza", carry: "conto_evidenza" });
  if (read.outcome === "unreadable") return read;
  if (read.root !== "flusso_giornale_di_cassa")
    return { outcome: "unreadable", reason: "not-a-journal" };
  const { head } = read;
  const code = head.get("identificativo_flusso_BT") ?? "";
  const fiscalCode = head.get("testata_messaggio/codice_fiscale_ente") ?? "";
  const from = dayOf(
    head.get("data_riferimento_GdC") ?? head.get("data_inizio_periodo_riferimento"),
  );
  const to = dayOf(head.get("data_riferimento_GdC") ?? head.get("data_fine_periodo_riferimento"));
  if (code === "" || !from || !to || !/^\d{11}$/.test(fiscalCode))
    return { outcome: "unreadable", reason: "head-incomplete" };
  const movements: JournalMovement[] = [];
  const seen = new Map<string, number>();
  for (const { fields, carried } of read.records) {
    if (!bringsMoney(fields)) continue;
    const movement = toMovement(fields, carried);
    if (!movement) return { outcome: "unreadable", reason: "movement-incomplete" };
    // Twice the same in one journal are two movements.
    const nth = (seen.get(movement.key) ?? 0) + 1;
    seen.set(movement.key, nth);
    movements.push(nth === 1 ? movement : { ...movement, key: `${movement.key}#${nth}` });
  }
  const journal = {
    code,
    fiscalCode,
    page: wholeNumber(head.get("pagina")),
    pages: wholeNumber(head.get("pagine_totali")),
    from,
    to,
    movements,
    others: read.records.length - movements.length,
  };
  return { outcome: "read", journal };
}

/**
 * Money comes in as a provisional entry (SOSPESO ENTRATA, carried out) or straight on a collection order (REVERSALE).
 * An order that regularises a provisional entry brings nothing: the money had come with the entry.
 */
function bringsMoney(fields: XmlFields): boolean {
  if (fields.get("tipo_movimento") !== "ENTRATA") return false;
  const operation = fields.get("tipo_operazione");
  if (operation !== "ESEGUITO" && operation !== "STORNATO") return false;
  const document = fields.get("tipo_documento");
  if (document === "SOSPESO ENTRATA") return true;
  return (
    document === "REVERSALE" &&
    !(fields.get("tipo_esecuzione") ?? "").startsWith("REGOLARIZZAZIONE")
  );
}

function toMovement(fields: XmlFields, account: string): JournalMovement | null {
  const movedOn = dayOf(fields.get("data_movimento"));
  const cents = centsOf(fields.get("importo") ?? "");
  const document = fields.get("tipo_documento") ?? "";
  const operation = fields.get("tipo_operazione") ?? "";
  if (!movedOn || cents === null || cents === 0n) return null;
  const number = digits(fields.get("numero_documento"));
  const key = [
    movedOn.toString(),
    account,
    document,
    number,
    digits(fields.get("progressivo_documento")),
    digits(fields.get("numero_bolletta_quietanza")),
    operation,
    cents.toString(),
  ].join("/");
  return {
    key,
    movedOn,
    amountCents: operation === "STORNATO" && cents > 0n ? -cents : cents,
    causale: (fields.get("causale") ?? "").slice(0, 1000),
    account,
    document: `${document} ${number}`.trim(),
  };
}

const digits = (text: string | undefined): string => (text ?? "").replace(/^0+(?=\d)/, "");

const wholeNumber = (text: string | undefined): number =>
  /^\d{1,7}$/.test(text ?? "") ? Number(text) : 1;

function centsOf(text: string): Cents | null {
  const found = AMOUNT.exec(text);
  if (!found) return null;
  const cents = BigInt(found[2]!) * 100n + BigInt((found[3] ?? "").padEnd(2, "0"));
  return found[1] === "-" ? -cents : cents;
}

/** With a zone or without: the day as it is written. */
function dayOf(text: string | undefined): Day | null {
  const found = /^(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?$/.exec(text ?? "");
  if (!found) return null;
  try {
    return Temporal.PlainDate.from(found[1]!);
  } catch {
    return null;
  }
}
