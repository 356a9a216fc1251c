// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { isWorkingDay } from "#calendar";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  type MoneyRequest,
  moneyRequests,
  orderRefunds,
  type RefundBatch,
  refundBatches,
} from "#payments";
import {
  checkboxes,
  dataTable,
  dateField,
  emptyState,
  errorFor,
  form,
  linkButton,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage, onlyManagers } from "./money-page.ts";
import { type AccountNames, batchState, namesOfRequests } from "./request-words.ts";

const f = formats("it");

interface Loaded {
  readonly ready: readonly MoneyRequest[];
  readonly withoutIban: number;
  readonly names: AccountNames;
  readonly batches: readonly RefundBatch[];
}

const load = (visit: Visit): Promise<Loaded> =>
  visit.town.read(async (tx) => {
    const approved = await moneyRequests(tx, { states: ["approved"] });
    const ready = approved.filter(({ iban }) => iban !== "");
    return {
      ready,
      withoutIban: approved.length - ready.length,
      names: await namesOfRequests(tx, ready),
      batches: await refundBatches(tx),
    };
  });

/** `/ufficio/richieste/bonifici`: approved refunds become one file for the treasurer (pain.001). */
export async function transfersPage(visit: Visit): Promise<Answer> {
  return view(visit, await load(visit), { values: {}, errors: [] });
}

export async function makeTransfers(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  if (!actor) return notFound;
  const executionOn = fields.day("data");
  const ids = fields.all("richieste");
  const wrong = async (field: string, message: string): Promise<Answer> => {
    const values = { data: fields.text("data") };
    return withStatus(
      422,
      view(visit, await load(visit), { values, errors: [{ field, message }] }),
    );
  };
  if (!executionOn) return wrong("data", "Scrivere una data valida.");
  const done = await visit.town.write((tx) => orderRefunds(tx, { actor, ids, executionOn, now }));
  switch (done.outcome) {
    case "ordered":
      return seeOther(`/ufficio/richieste/bonifici/${done.batchId}`, "Distinta preparata.");
    case "nothing-to-order":
      return wrong("richieste", "Scegliere almeno un rimborso approvato.");
    case "date-past":
      return wrong("data", "Il giorno del bonifico è già passato.");
    case "no-bank-account":
      return wrong("richieste", "Manca l'IBAN del Comune: si registra nelle impostazioni pagoPA.");
    case "forbidden":
      return wrong("richieste", FORBIDDEN_WORDS);
  }
}

/** The next day on which banks work, two days from now. */
function usualDay(today: Day): Day {
  let date = today.add({ days: 2 });
  while (!isWorkingDay(date)) date = date.add({ days: 1 });
  return date;
}

function view(visit: Visit, loaded: Loaded, state: FormState): Html {
  const { ready, withoutIban, names, batches } = loaded;
  return moneyPage(visit, "transfers", {
    h1: "Bonifici di rimborso",
    errors: state.errors,
    body: html`${
      ready.length === 0
        ? emptyState({ icon: "it-check-circle", text: "Nessun rimborso da disporre." })
        : mayDecide(visit)
          ? newBatch(visit, ready, names, state)
          : onlyManagers()
    }${
      withoutIban > 0 &&
      html`<p>
        ${plural(withoutIban, "rimborso approvato", "rimborsi approvati")} senza IBAN:
        <a href="/ufficio/richieste">Apri le richieste</a>
      </p>`
    }${
      batches.length > 0 &&
      html`<h2 class="section-title">Distinte</h2>
        ${dataTable({
          caption: "Distinte",
          captionHidden: true,
          columns: [
            { label: "Distinta", header: true },
            { label: "Preparata" },
            { label: "Giorno del bonifico" },
            { label: "Stato" },
            { label: "Da fare" },
          ],
          rows: batches.map((batch) => [
            batch.messageId,
            `${f.dayAndTime(batch.madeAt)}, ${batch.madeBy}`,
            f.day(batch.executionOn),
            batchState(batch),
            linkButton({
              href: `/ufficio/richieste/bonifici/${batch.id}`,
              label: "Apri",
              ariaLabel: `Apri: ${batch.messageId}`,
            }),
          ]),
        })}`
    }`,
  });
}

function newBatch(
  visit: Visit,
  ready: readonly MoneyRequest[],
  names: AccountNames,
  { values, errors }: FormState,
): Html {
  const total = ready.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  return form({
    action: "/ufficio/richieste/bonifici",
    csrf: visit.csrf,
    key: visit.newKey(),
    body: html`${checkboxes({
      name: "richieste",
      label: `Rimborsi approvati: ${ready.length}, ${formatEuro(total)}`,
      values: ready.map(({ id }) => id),
      choices: ready.map((row) => ({
        value: row.id,
        label: `Richiesta ${row.number}: ${formatEuro(row.amountCents)} a ${row.beneficiary}`,
        hint: [names.holder(row.holderId), `entro ${f.dayBy(row.dueOn, visit.today)}`]
          .filter(Boolean)
          .join(" · "),
      })),
      error: errorFor(errors, "richieste"),
    })}
    ${dateField({
      name: "data",
      label: "Giorno del bonifico",
      value: values["data"] ?? usualDay(visit.today),
      min: visit.today,
      error: errorFor(errors, "data"),
    })}`,
    submit: { label: "Prepara la distinta" },
  });
}
