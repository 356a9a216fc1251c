// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { isOpenRequest, type MoneyRequest, moneyRequests, type RequestState } from "#payments";
import { dataTable, emptyState, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { moneyPage } from "./money-page.ts";
import {
  type AccountNames,
  accountsText,
  kindText,
  namesOfRequests,
  REQUEST_STATES,
  stateWord,
} from "./request-words.ts";

const MOST_CLOSED = 50;
const f = formats("it");

/** `/ufficio/richieste`: refunds and transfers between siblings, by promised day (X-10). */
export async function requestsPage(visit: Visit): Promise<Answer> {
  const states = Object.keys(REQUEST_STATES) as RequestState[];
  const isClosed = (state: RequestState): boolean => !isOpenRequest(state);
  const { open, closed, names } = await visit.town.read(async (tx) => {
    // Each by itself: the closed ones of years must not push a new one off the page.
    const open = await moneyRequests(tx, { states: states.filter(isOpenRequest) });
    const latest = { newestFirst: true, limit: MOST_CLOSED };
    const closed = await moneyRequests(tx, { states: states.filter(isClosed), ...latest });
    return { open, closed, names: await namesOfRequests(tx, [...open, ...closed]) };
  });
  return moneyPage(visit, "requests", {
    h1: "Richieste di rimborso e trasferimento",
    body: html`${
      open.length === 0
        ? emptyState({ icon: "it-check-circle", text: "Nessuna richiesta aperta." })
        : table("Aperte", open, names, visit.today)
    }${
      closed.length > 0 &&
      html`<h2 class="section-title">Chiuse</h2>
        ${table("Chiuse", closed, names, null)}`
    }`,
  });
}

const table = (
  caption: string,
  rows: readonly MoneyRequest[],
  names: AccountNames,
  today: Day | null,
): Html =>
  dataTable({
    caption,
    captionHidden: true,
    columns: [
      { label: "Numero", header: true },
      { label: "Famiglia" },
      { label: "Che cosa" },
      { label: "Importo", align: "end" },
      { label: today ? "Promessa entro" : "Chiusa" },
      { label: "Stato" },
    ],
    rows: rows.map((row) => [
      html`<a href="${requestPath(row)}">Richiesta ${row.number}</a>`,
      names.holder(row.holderId) || row.beneficiary,
      `${kindText(row)}: ${accountsText(names, row)}`,
      formatEuro(row.amountCents),
      today ? promised(row, today) : f.dayAndTime(row.stateAt),
      stateText(row),
    ]),
  });

export const requestPath = ({ id }: Pick<MoneyRequest, "id">): string => `/ufficio/richieste/${id}`;

export const promised = ({ dueOn }: MoneyRequest, today: Day): Html =>
  html`${f.dayFrom(dueOn, today)}${isBefore(dueOn, today) && html` ${tag("in ritardo", "warning")}`}`;

/** The word, and what is missing before it can go on. */
export const stateText = (row: MoneyRequest): Html =>
  html`${stateWord(row)}${
    row.kind === "refund" &&
    row.iban === "" &&
    isOpenRequest(row.state) &&
    html` ${tag("manca l'IBAN", "warning")}`
  }`;
