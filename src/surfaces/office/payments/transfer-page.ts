// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  batchFile,
  type BatchFile,
  confirmRefunds,
  discardBatch,
  markBatchSent,
  noteDownload,
  returnRefund,
} from "#payments";
import { datedSettings } from "#tenancy";
import {
  actionForm,
  alert,
  checkboxes,
  dataTable,
  dateField,
  definitionList,
  errorFor,
  form,
  linkButton,
  selectField,
  textField,
} from "#ui/components.ts";
import { creditTransferXml } from "../../../integrations/sepa/credit-transfer.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage } from "./money-page.ts";
import { batchState, ibanInFours, stateWord } from "./request-words.ts";
import { requestPath } from "./requests-page.ts";

const f = formats("it");
const pathOf = ({ batch }: BatchFile): string => `/ufficio/richieste/bonifici/${batch.id}`;

async function load(visit: Visit): Promise<BatchFile | null> {
  const id = visit.params["id"] ?? "";
  return isUuid(id) ? visit.town.read((tx) => batchFile(tx, id)) : null;
}

/** `/ufficio/richieste/bonifici/{id}`: one file for the bank: download, mark sent, note what the bank did. */
export async function transferPage(visit: Visit): Promise<Answer> {
  const file = await load(visit);
  return file ? view(visit, file, { values: {}, errors: [] }) : notFound;
}

/** The file itself: made anew from the same rows each time, to the same bytes. */
export async function transferXml(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const file = await load(visit);
  if (!file || !actor || file.batch.discardedAt || !mayDecide(visit)) return notFound;
  const { batch, refunds } = file;
  await visit.town.write((tx) => noteDownload(tx, { actor, id: batch.id, now }));
  const madeOn = dayOf(batch.madeAt);
  const town = await visit.town.read(async (tx) => (await datedSettings(tx)).town("town", madeOn));
  return {
    kind: "text",
    contentType: "application/xml; charset=utf-8",
    fileName: `${batch.messageId}.xml`,
    text: creditTransferXml({
      messageId: batch.messageId,
      madeAt: batch.madeAt,
      executionOn: batch.executionOn,
      debtor: {
        name: batch.debtorName,
        iban: batch.debtorIban,
        address: { line: town.address, town: town.shortName },
      },
      transfers: refunds.map((refund) => ({
        endToEndId: `RIMBORSO-${refund.number}-${refund.attempt}`,
        amountCents: refund.amountCents,
        name: refund.beneficiary,
        iban: refund.iban,
        remittance: `Rimborso servizi scolastici, richiesta ${refund.number}`,
      })),
    }),
  };
}

export async function sendTransfer(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const file = await load(visit);
  if (!file || !actor) return notFound;
  const done = await visit.town.write((tx) => markBatchSent(tx, { actor, id: file.batch.id, now }));
  const said = {
    sent: "Distinta segnata come inviata.",
    "already-sent": "La distinta era già segnata come inviata.",
    discarded: "La distinta era già scartata: i rimborsi vanno in un'altra.",
    unknown: "La distinta non c'è più.",
    forbidden: FORBIDDEN_WORDS,
  }[done.outcome];
  return seeOther(pathOf(file), said);
}

/** A file that never went to the bank: its refunds go into the next one. */
export async function discardTransfer(visit: Visit): Promise<Answer> {
  const { actor, now, fields } = visit;
  const file = await load(visit);
  if (!file || !actor) return notFound;
  const reason = fields.text("motivo");
  const of = { actor, id: file.batch.id, reason, now };
  const done = await visit.town.write((tx) => discardBatch(tx, of));
  switch (done.outcome) {
    case "discarded":
      return seeOther(
        "/ufficio/richieste/bonifici",
        "Distinta scartata: i rimborsi sono di nuovo da disporre.",
      );
    case "already-sent":
      return seeOther(pathOf(file), "La distinta è già inviata: non si scarta più.");
    case "already-discarded":
      return seeOther(pathOf(file), "La distinta era già scartata.");
    case "reason-missing": {
      const errors = [{ field: "motivo", message: "Scrivere il motivo." }];
      return withStatus(422, view(visit, file, { values: {}, errors }));
    }
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}

/** The bank has paid the ticked ones. */
export async function confirmTransfer(visit: Visit): Promise<Answer> {
  const { actor, now, fields } = visit;
  const file = await load(visit);
  if (!file || !actor) return notFound;
  const paidOn = fields.day("data");
  const wrong = (field: string, message: string): Answer =>
    withStatus(422, view(visit, file, { values: {}, errors: [{ field, message }] }));
  if (!paidOn) return wrong("data", "Scrivere una data valida.");
  const own = new Set(file.refunds.map(({ requestId }) => requestId));
  const ids = fields.all("pagati").filter((id) => own.has(id));
  const of = { actor, batchId: file.batch.id, now };
  const done = await visit.town.write((tx) => confirmRefunds(tx, { ...of, ids, paidOn }));
  switch (done.outcome) {
    case "done":
      return seeOther(pathOf(file), "Rimborsi pagati: le famiglie ricevono un messaggio.");
    case "nothing-to-do":
      return wrong("pagati", "Scegliere almeno un rimborso ancora da confermare.");
    case "not-sent":
      return wrong("pagati", "La distinta non è ancora segnata come inviata.");
    case "day-in-the-future":
      return wrong("data", "Il giorno non è ancora arrivato.");
    case "forbidden":
      return wrong("pagati", FORBIDDEN_WORDS);
  }
}

/** The bank sent one back. */
export async function returnTransfer(visit: Visit): Promise<Answer> {
  const { actor, now, fields } = visit;
  const file = await load(visit);
  if (!file || !actor) return notFound;
  const id = fields.text("rimborso");
  const reason = fields.text("motivo");
  const wrong = (field: string, message: string): Answer =>
    withStatus(
      422,
      view(visit, file, { values: { rimborso: id, motivo: reason }, errors: [{ field, message }] }),
    );
  const found = file.refunds.find(({ requestId }) => requestId === id);
  if (!found) return wrong("rimborso", "Scegliere il rimborso tornato indietro.");
  const of = { actor, batchId: file.batch.id, now };
  const done = await visit.town.write((tx) => returnRefund(tx, { ...of, id, reason }));
  switch (done.outcome) {
    case "done":
      return seeOther(requestPath({ id }), "Rimborso segnato come tornato: serve un altro IBAN.");
    case "reason-missing":
      return wrong("motivo", "Scrivere il motivo che dà la banca.");
    case "forbidden":
      return wrong("motivo", FORBIDDEN_WORDS);
    case "nothing-to-do":
    case "not-sent":
    case "day-in-the-future":
      return seeOther(pathOf(file), "Il rimborso era già segnato.");
  }
}

function view(visit: Visit, file: BatchFile, state: FormState): Html {
  const { batch, refunds, downloads } = file;
  const total = refunds.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  const waiting = refunds.filter(({ isHere, state: now }) => isHere && now === "ordered");
  const returnable = refunds.filter(
    ({ isHere, state: now }) => isHere && (now === "ordered" || now === "paid"),
  );
  const acts = mayDecide(visit) && batch.sentAt !== null;
  return moneyPage(visit, "transfers", {
    h1: batch.messageId,
    title: "Distinta di rimborsi",
    lead: batchState(batch),
    back: { href: "/ufficio/richieste/bonifici", label: "Bonifici di rimborso" },
    wide: false,
    errors: state.errors,
    headActions:
      mayDecide(visit) &&
      !batch.discardedAt &&
      linkButton({ href: `${pathOf(file)}/distinta.xml`, label: "Scarica il file (pain.001)" }),
    body: html`${definitionList([
        { label: "Giorno del bonifico", value: f.dayWithYear(batch.executionOn) },
        { label: "Dal conto", value: `${batch.debtorName}, ${ibanInFours(batch.debtorIban)}` },
        { label: "Totale", value: html`<strong>${formatEuro(total)}</strong>` },
        { label: "Preparata", value: `${f.dayAndTime(batch.madeAt)}, ${batch.madeBy}` },
        ...(downloads.length > 0
          ? [
              {
                label: "Scaricata",
                value: downloads.map(({ at, name }) => `${f.dayAndTime(at)}, ${name}`).join("; "),
              },
            ]
          : []),
        ...(batch.discardedAt
          ? [
              {
                label: "Scartata",
                value: `${f.dayAndTime(batch.discardedAt)}, ${batch.discardedBy}: ${batch.discardReason}`,
              },
            ]
          : []),
      ])}
      ${
        mayDecide(visit) &&
        !batch.sentAt &&
        !batch.discardedAt &&
        actionForm({
          action: `${pathOf(file)}/inviata`,
          csrf: visit.csrf,
          key: visit.newKey(),
          label: "Segna come inviata",
          note: "Dopo aver caricato il file nel sito della banca.",
        })
      }
      <h2 class="section-title">Rimborsi</h2>
      ${table(file, refunds)}
      ${acts && waiting.length > 0 && confirmForm(visit, file, waiting, state)}
      ${acts && returnable.length > 0 && returnForm(visit, file, returnable, state)}
      ${mayDecide(visit) && !batch.sentAt && !batch.discardedAt && discardForm(visit, file, state)}`,
  });
}

const table = ({ batch }: BatchFile, refunds: BatchFile["refunds"]): Html =>
  dataTable({
    caption: "Rimborsi",
    captionHidden: true,
    columns: [
      { label: "Richiesta", header: true },
      { label: "A chi" },
      { label: "IBAN" },
      { label: "Importo", align: "end" },
      { label: "Stato" },
    ],
    rows: refunds.map((refund) => [
      html`<a href="${requestPath({ id: refund.requestId })}">Richiesta ${refund.number}</a>`,
      refund.beneficiary,
      ibanInFours(refund.iban),
      formatEuro(refund.amountCents),
      stateWord({ ...refund, isSent: batch.sentAt !== null }),
    ]),
  });

const confirmForm = (
  visit: Visit,
  file: BatchFile,
  waiting: BatchFile["refunds"],
  { errors }: FormState,
): Html =>
  html`<h2 class="section-title">La banca ha pagato</h2>
    ${form({
      action: `${pathOf(file)}/pagati`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${checkboxes({
        name: "pagati",
        label: "Rimborsi pagati",
        values: waiting.map(({ requestId }) => requestId),
        choices: waiting.map((refund) => ({
          value: refund.requestId,
          label: `Richiesta ${refund.number}: ${formatEuro(refund.amountCents)} a ${refund.beneficiary}`,
        })),
        error: errorFor(errors, "pagati"),
      })}
      ${dateField({
        name: "data",
        label: "Giorno del pagamento",
        value: visit.today,
        max: visit.today,
        error: errorFor(errors, "data"),
      })}`,
      submit: { label: "Registra come pagati" },
    })}`;

const discardForm = (visit: Visit, file: BatchFile, { errors }: FormState): Html =>
  html`<h2 class="section-title">La distinta non va inviata</h2>
    <p>
      Solo se il file non è stato caricato nel sito della banca. I rimborsi vanno nella prossima.
    </p>
    ${
      file.downloads.length > 0 &&
      alert({
        tone: "warning",
        title: "Il file è stato scaricato",
        body: html`<p>
          Prima va chiesto a chi lo ha scaricato: se è già in banca, o ci va dopo, i rimborsi
          partono due volte.
        </p>`,
      })
    }
    ${form({
      action: `${pathOf(file)}/scarta`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: textField({
        name: "motivo",
        label: "Motivo",
        maxlength: 200,
        error: errorFor(errors, "motivo"),
      }),
      submit: { label: "Scarta la distinta", kind: "secondary" },
    })}`;

const returnForm = (
  visit: Visit,
  file: BatchFile,
  returnable: BatchFile["refunds"],
  { values, errors }: FormState,
): Html =>
  html`<h2 class="section-title">La banca ne ha restituito uno</h2>
    ${form({
      action: `${pathOf(file)}/tornato`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${selectField({
        name: "rimborso",
        label: "Quale rimborso?",
        empty: "Scegliere il rimborso",
        value: values["rimborso"] ?? "",
        choices: returnable.map((refund) => ({
          value: refund.requestId,
          label: `Richiesta ${refund.number}: ${formatEuro(refund.amountCents)} a ${refund.beneficiary}`,
        })),
        error: errorFor(errors, "rimborso"),
      })}
      ${textField({
        name: "motivo",
        label: "Motivo della banca",
        value: values["motivo"] ?? "",
        maxlength: 200,
        error: errorFor(errors, "motivo"),
      })}`,
      submit: { label: "Segna come tornato", kind: "secondary" },
    })}`;
