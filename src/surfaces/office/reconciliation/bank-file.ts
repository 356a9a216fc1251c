// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  applyBankFile,
  bankFile,
  flowAwaitedUntil,
  type JournalMovement,
  planBankFile,
  type ShownFile,
} from "#payments";
import { actionForm, alert, dataTable, definitionList } from "#ui/components.ts";
import { readBankFile } from "../../../integrations/opi/read-bank-file.ts";
import { readUpload } from "../imports/read-upload.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { reconciliationView } from "./reconciliation-page.ts";
import { f, PATH, shortDay } from "./words.ts";

const UNREADABLE: Readonly<Record<string, string>> = {
  "unknown-encoding": "la codifica del file non è fra quelle previste (UTF-8, ISO-8859-1).",
  "bytes-not-in-encoding": "il file è rovinato: scaricarlo di nuovo.",
  "not-well-formed": "il file XML è rovinato o incompleto: scaricarlo di nuovo.",
  doctype: "il file contiene una parte (DOCTYPE) che non si accetta.",
  "too-large": "il file è troppo grande.",
  "unknown-kind": "non è un giornale di cassa OPI né un flusso di rendicontazione.",
  "head-incomplete": "nella testata mancano identificativo, data o codice fiscale dell'ente.",
  "movement-incomplete": "un movimento in entrata è senza data o importo.",
};

/** Reads the file and keeps it to be shown; nothing is registered yet. */
export async function uploadBankFile(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const upload = await readUpload(visit);
  if (upload.outcome === "refused" || !actor) return forbidden;
  const wrong = async (message: string): Promise<Answer> =>
    withStatus(422, await reconciliationView(visit, [{ field: "file", message }]));
  if (upload.outcome === "too-large")
    return wrong(`${upload.fileName}: supera 20 MB, il limite per un file.`);
  const [file] = upload.files;
  if (!file) return wrong("Scegliere un file XML.");
  const read = readBankFile(file.bytes);
  if (read.outcome === "unreadable")
    return wrong(
      `${file.name}: ${UNREADABLE[read.reason] ?? `manca o non è valido: ${read.reason}.`}`,
    );
  const planned = await visit.town.write((tx) =>
    planBankFile(tx, { file: read.file, fileName: file.name, actor, now }),
  );
  switch (planned.outcome) {
    case "planned":
      return seeOther(`${PATH}/file/${planned.uploadId}`);
    case "not-our-creditor":
      return wrong(
        `${file.name}: è di un altro ente. Il codice fiscale della testata non è di chi incassa per il Comune.`,
      );
    case "forbidden":
      return forbidden;
  }
}

/** `/ufficio/riconciliazione/file/{id}`: what the file would do. */
export async function bankFilePage(visit: Visit): Promise<Answer> {
  const id = visit.params["id"] ?? "";
  const shown = isUuid(id) ? await visit.town.read((tx) => bankFile(tx, id)) : null;
  if (!shown) return notFound;
  const { upload } = shown;
  return officePage(
    visit,
    { current: "payments" },
    {
      h1: upload.fileName,
      title: "File della tesoreria",
      lead: shown.kind === "cash-journal" ? "Giornale di cassa" : "Flusso di rendicontazione",
      back: { href: PATH, label: "Riconciliazione" },
      body: html`${
        upload.appliedAt
          ? alert({
              tone: "success",
              title: `Registrato ${f.dayAndTime(upload.appliedAt)}, ${upload.appliedBy ?? ""}.`,
            })
          : alert({ tone: "info", title: "Nulla è ancora registrato." })
      }
      ${shown.kind === "cash-journal" ? journalBody(visit, shown) : reportBody(shown)}
      ${
        !upload.appliedAt &&
        actionForm({
          action: `${PATH}/file/${upload.id}`,
          csrf: visit.csrf,
          label: "Registra",
        })
      }`,
    },
  );
}

function isAwaited(movement: JournalMovement, today: Day): boolean {
  const until = flowAwaitedUntil(movement);
  return until !== null && !isBefore(until, today);
}

function journalBody(visit: Visit, shown: Extract<ShownFile, { kind: "cash-journal" }>): Html {
  const { journal, movements } = shown;
  const fresh = movements.filter(({ isNew }) => isNew);
  const found = fresh.filter(({ flowCode }) => flowCode !== null);
  const facts: { label: string; value: Content }[] = [
    { label: "Identificativo", value: journal.code },
    { label: "Periodo", value: `${shortDay(journal.from)} – ${shortDay(journal.to)}` },
    { label: "Pagina", value: `${journal.page} di ${journal.pages}` },
    { label: "Movimenti di pagoPA", value: f.number(movements.length) },
    { label: "Nuovi", value: f.number(fresh.length) },
    { label: "Di questi, con il loro flusso", value: f.number(found.length) },
    {
      label: "Lasciati stare",
      value: `${plural(journal.unrelated, "altra entrata", "altre entrate")}, ${plural(journal.others, "movimento che non porta denaro", "movimenti che non portano denaro")}`,
    },
  ];
  return html`${definitionList(facts)}
  ${
    movements.length > 0 &&
    dataTable({
      caption: "Movimenti di pagoPA",
      columns: [
        { label: "Causale", header: true },
        { label: "Giorno" },
        { label: "Importo", align: "end" },
        { label: "Che cosa succede" },
      ],
      rows: movements.map((one) => [
        one.causale.slice(0, 160) || one.document,
        shortDay(one.movedOn),
        formatEuro(one.amountCents),
        one.isNew
          ? one.flowCode
            ? `Accredita il flusso ${one.flowCode}`
            : isAwaited(one, visit.today)
              ? "Nuovo, in attesa del flusso"
              : "Nuovo, da spiegare"
          : "Già registrato",
      ]),
    })
  }`;
}

function reportBody(shown: Extract<ShownFile, { kind: "settlement-report" }>): Html {
  const { report } = shown;
  return html`${
    shown.isKnown &&
    alert({ tone: "info", title: "Questo flusso è già registrato: il file non cambia niente." })
  }
  ${!shown.addsUp && alert({ tone: "warning", title: "I pagamenti del file non fanno il totale dichiarato." })}
  ${definitionList([
    { label: "Flusso", value: report.flowCode },
    { label: "PSP", value: report.pspName },
    { label: "Bonifico", value: `${report.bankTransferCode}, ${shortDay(report.settledOn)}` },
    {
      label: "Totale",
      value: `${formatEuro(report.totalCents)}, ${plural(report.paymentCount, "pagamento", "pagamenti")}`,
    },
    {
      label: "Dei servizi scolastici",
      value: `${formatEuro(shown.ownCents)}, ${plural(shown.ownCount, "pagamento", "pagamenti")}`,
    },
  ])}`;
}

export async function applyBankFileNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const uploadId = visit.params["id"] ?? "";
  if (!actor || !isUuid(uploadId)) return notFound;
  const applied = await visit.town.write((tx) => applyBankFile(tx, { uploadId, actor, now }));
  switch (applied.outcome) {
    case "applied":
      return seeOther(
        PATH,
        applied.added === 0
          ? "Registrato: non c'era niente di nuovo."
          : `Registrato: ${plural(applied.added, "nuovo", "nuovi")}.`,
      );
    case "already-applied":
      return seeOther(PATH, "Il file era già registrato.");
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}
