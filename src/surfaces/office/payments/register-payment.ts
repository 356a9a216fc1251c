// SPDX-License-Identifier: EUPL-1.2
import { isUuid } from "#kernel/ids.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  type DeskMethod,
  type DeskTarget,
  fileTypeOf,
  inFours,
  isForOldDebtsOnly,
  MOST_FILE_BYTES,
  registerDeskPayment,
  type RegisteredDeskPayment,
} from "#payments";
import { type FieldError, KEY_FIELD } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Fields, Visit } from "../../web/visit.ts";
import { readUpload, type UploadedFile } from "../imports/read-upload.ts";
import { deskView, type LoadedDesk, loadDesk, methodsOf, noticeKey } from "./desk-payment-form.ts";
import { DESK_FAULTS } from "./desk-words.ts";
import { readReceiptFile, type ReceiptFacts } from "./read-receipt-file.ts";

const FIELDS = [
  "destinazione",
  "modo",
  "luogo",
  "importo",
  "data",
  "pagato-da",
  "codice-fiscale",
  "identificativo",
  "nota",
];
const FILE_TOO_LARGE = "Il file supera 5 MB: ridurlo o fotografarlo di nuovo.";
const WRONG_FILE = "Si accettano PDF, JPG, PNG e XML.";

/** `/ufficio/famiglie/{id}/pagamento`: money that came without a payment of ours (BI-09, BO-08). */
export async function deskPaymentPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => loadDesk(tx, visit));
  return loaded ? deskView(visit, loaded, { values: {}, errors: [] }) : notFound;
}

export async function saveDeskPayment(visit: Visit): Promise<Answer> {
  const upload = await readUpload(visit);
  const loaded = await visit.town.read((tx) => loadDesk(tx, visit));
  if (upload.outcome === "refused" || !visit.actor) return { kind: "forbidden" };
  if (!loaded) return notFound;
  const { fields } = upload;
  const wrong = (...errors: FieldError[]): Answer => {
    const values = Object.fromEntries(
      [...FIELDS, KEY_FIELD].map((name) => [name, fields.text(name)]),
    );
    return withStatus(422, deskView(visit, loaded, { values, errors }));
  };
  if (upload.outcome === "too-large") return wrong({ field: "ricevuta", message: FILE_TOO_LARGE });
  const [file] = upload.files;
  const kept = file ? keptFile(file) : null;
  if (kept && "message" in kept) return wrong({ field: "ricevuta", message: kept.message });
  const read = kept?.type === "application/xml" ? await readReceiptFile(visit, kept.bytes) : null;
  if (read?.outcome === "landed")
    return seeOther(
      `/ufficio/pagamenti/avvisi/${read.noticeNumber}`,
      `La ricevuta è di un avviso di questo Comune: vale come se l'avesse mandata pagoPA.`,
    );
  const facts = read?.outcome === "facts" ? read.facts : null;
  return register(visit, { loaded, fields, file: kept, facts, wrong });
}

type KeptFile = NonNullable<Parameters<typeof registerDeskPayment>[1]["file"]>;

function keptFile({ name, bytes }: UploadedFile): KeptFile | { message: string } {
  if (bytes.length > MOST_FILE_BYTES) return { message: FILE_TOO_LARGE };
  const type = fileTypeOf(bytes);
  return type ? { name: name || "ricevuta", type, bytes } : { message: WRONG_FILE };
}

async function register(
  visit: Visit,
  of: {
    loaded: LoadedDesk;
    fields: Fields;
    file: KeptFile | null;
    facts: ReceiptFacts | null;
    wrong: (...errors: FieldError[]) => Answer;
  },
): Promise<Answer> {
  const { actor, now } = visit;
  const { loaded, fields, file, facts, wrong } = of;
  const key = fields.text(KEY_FIELD);
  if (!actor || !isUuid(key)) return notFound;
  const method = methodsOf(loaded).find((one) => one === fields.text("modo"));
  const target = targetOf(loaded, fields.text("destinazione"));
  const paidOn = fields.text("data") === "" ? (facts?.paidOn ?? null) : fields.day("data");
  const errors: FieldError[] = [];
  if (!target)
    errors.push({ field: "destinazione", message: "Scegliere che cosa è stato pagato." });
  if (!method) errors.push({ field: "modo", message: "Scegliere come è stato pagato." });
  // In the order of the form: who goes through the list goes down the page.
  const amountCents = amountOf(fields, facts);
  if (amountCents === null) errors.push(DESK_FAULTS.amount);
  if (facts && amountCents !== null && amountCents !== facts.amountCents)
    errors.push({
      field: "importo",
      message: `La ricevuta dice ${formatEuro(facts.amountCents)}.`,
    });
  if (!paidOn) errors.push({ field: "data", message: "Scrivere la data del pagamento." });
  if (!method || !target || !paidOn || amountCents === null || errors.length > 0)
    return wrong(...errors);
  const done = await visit.town.write((tx) =>
    registerDeskPayment(tx, {
      actor,
      draft: {
        method,
        amountCents,
        paidOn,
        payerName: fields.text("pagato-da") || (facts?.payerName ?? ""),
        payerFiscalCode: fields.text("codice-fiscale").slice(0, 16),
        receiptRef: facts?.receiptRef ?? fields.text("identificativo"),
        place: placeOf(loaded, method, fields.text("luogo")),
        note: fields.text("nota"),
        vouchers: null,
      },
      target,
      file,
      key,
      now,
    }),
  );
  return answerOf(done, wrong);
}

const amountOf = (fields: Fields, facts: ReceiptFacts | null): bigint | null =>
  fields.text("importo") === "" ? (facts?.amountCents ?? null) : parseEuro(fields.text("importo"));

function targetOf({ accounts, notices }: LoadedDesk, chosen: string): DeskTarget | null {
  const notice = notices.find((one) => noticeKey(one) === chosen);
  if (notice) return { kind: "notice", noticeId: notice.id };
  const found = accounts.find(({ key }) => key === chosen);
  if (!found) return null;
  const { account, payFor } = found;
  return { kind: "account", account, childId: account.childId ?? null, serviceId: payFor };
}

/** Only what the town's setting names. */
function placeOf({ collection }: LoadedDesk, method: DeskMethod, chosen: string): string {
  if (!isForOldDebtsOnly(method)) return "";
  const known = collection.cash.some(({ place, onlyFor }) => `${place}: ${onlyFor}` === chosen);
  return known ? chosen : "";
}

export function answerOf(
  done: RegisteredDeskPayment,
  wrong: (...errors: FieldError[]) => Answer,
): Answer {
  switch (done.outcome) {
    case "registered":
    case "already-registered":
      return seeOther(
        `/ufficio/pagamenti/registrati/${done.payment.id}`,
        `Pagamento di ${formatEuro(done.payment.amountCents)} registrato.`,
      );
    case "refused":
      return wrong(...done.faults.map((fault) => DESK_FAULTS[fault]));
    case "known-receipt":
      return wrong({
        field: "identificativo",
        message: done.payment
          ? `Questa ricevuta è già registrata: pagamento n. ${done.payment.number}, ${formatEuro(done.payment.amountCents)}, da ${done.payment.recordedBy}.`
          : `Questa ricevuta è già arrivata da pagoPA, per l'avviso ${inFours(done.noticeNumber ?? "")}.`,
      });
    case "file-too-large":
      return wrong({ field: "ricevuta", message: FILE_TOO_LARGE });
    case "unknown-notice":
      return wrong({ field: "destinazione", message: "L'avviso non c'è più." });
    case "payment-pending":
      return wrong({
        field: "destinazione",
        message: "Qualcuno sta pagando l'avviso in questo momento: riprovare tra mezz'ora.",
      });
    case "not-payable":
      return wrong({ field: "destinazione", message: "L'avviso non è più da pagare." });
    case "other-amount":
      return wrong({
        field: "importo",
        message: `L'avviso chiede ${formatEuro(done.noticeCents)}: registrare un altro importo sul conto.`,
      });
    case "no-old-debt":
      return wrong({
        field: "importo",
        message: `Contanti e carta solo per debiti di anni precedenti: qui sono ${formatEuro(done.oldDebtCents)}.`,
      });
    case "forbidden":
      return { kind: "forbidden" };
  }
}
