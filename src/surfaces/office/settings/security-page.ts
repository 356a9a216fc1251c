// SPDX-License-Identifier: EUPL-1.2
import {
  SECURITY_EVENTS,
  type SecurityEventKind,
  securityEvents,
  type SecurityRow,
  signedInNames,
} from "#identity";
import { dayOf, momentAt } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { dataTable, emptyState, form, linkButton, selectField } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { detailText, KIND_WORDS, SECURITY_PAGE } from "./security-words.ts";

const f = formats("it");
const PAGE_ROWS = 100;
const MONTHS = 24;
/** Enough to see that two lines came from one address. */
const ORIGIN_LETTERS = 8;

interface Asked {
  kind: SecurityEventKind | null;
  month: Temporal.PlainYearMonth;
  page: number;
}

/** `/ufficio/impostazioni/sicurezza`: who came in or was refused, and what changed around the doors. */
export async function securityPage(visit: Visit): Promise<Answer> {
  const months = Array.from({ length: MONTHS }, (_, back) =>
    visit.today.toPlainYearMonth().subtract({ months: back }),
  );
  const asked = readAsked(visit, months);
  if (!asked) return notFound;
  const first = asked.month.toPlainDate({ day: 1 });
  const { rows, names } = await visit.town.read(async (tx) => {
    const found = await securityEvents(tx, {
      ...(asked.kind ? { kinds: [asked.kind] } : {}),
      from: momentAt(first, "00:00"),
      to: momentAt(first.add({ months: 1 }), "00:00"),
      offset: (asked.page - 1) * PAGE_ROWS,
      limit: PAGE_ROWS + 1,
    });
    const ids = found.flatMap(({ accountId }) => accountId ?? []);
    return { rows: found, names: await signedInNames(tx, [...new Set(ids)]) };
  });
  const shown = rows.slice(0, PAGE_ROWS);
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Registro di sicurezza",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      lead: "Accessi, rifiuti e cambiamenti di password, ruoli e deleghe. Le righe non si cambiano; la provenienza è una sigla, uguale per lo stesso indirizzo.",
      body: html`${filters(months, asked)}
        <h2 class="section-title">${f.month(asked.month)}</h2>
        ${
          shown.length === 0
            ? emptyState({ text: "Nessun evento in questo mese." })
            : html`${table(shown, names)}${steps(asked, rows.length > PAGE_ROWS)}`
        }`,
    },
  );
}

function readAsked(visit: Visit, months: readonly Temporal.PlainYearMonth[]): Asked | null {
  const { evento, mese, pagina = "1" } = visit.query;
  const kind = SECURITY_EVENTS.find((one) => one === evento) ?? null;
  const month = mese ? months.find((one) => one.toString() === mese) : months[0];
  if (!month || (evento && !kind) || !/^[1-9]\d{0,3}$/.test(pagina)) return null;
  return { kind, month, page: Number(pagina) };
}

function filters(months: readonly Temporal.PlainYearMonth[], { kind, month }: Asked): Html {
  return form({
    action: SECURITY_PAGE,
    method: "get",
    submit: { label: "Mostra", kind: "secondary" },
    body: [
      selectField({
        name: "evento",
        label: "Evento",
        value: kind ?? "",
        choices: [
          { value: "", label: "Tutti" },
          ...Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label })),
        ],
      }),
      selectField({
        name: "mese",
        label: "Mese",
        value: month.toString(),
        choices: months.map((one) => ({ value: one.toString(), label: f.month(one) })),
      }),
    ],
  });
}

const table = (rows: readonly SecurityRow[], names: ReadonlyMap<string, string>): Html =>
  dataTable({
    caption: "Eventi",
    captionHidden: true,
    columns: [
      { label: "Quando", header: true },
      { label: "Evento" },
      { label: "Chi" },
      { label: "Dettagli" },
      { label: "Provenienza" },
    ],
    rows: rows.map((row) => [
      `${f.shortDay(dayOf(row.at))}, ${f.timeWithSeconds(row.at)}`,
      KIND_WORDS[row.kind],
      whoOf(row, names),
      detailText(row.details),
      row.originHash?.slice(0, ORIGIN_LETTERS) ?? "",
    ]),
  });

/** Who did it, and to whose account where that is somebody else. */
function whoOf({ actorName, accountId }: SecurityRow, names: ReadonlyMap<string, string>): string {
  const account = accountId ? names.get(accountId) : undefined;
  if (actorName === "") return account ?? "sconosciuto";
  return account && account !== actorName ? `${actorName} (${account})` : actorName;
}

function steps({ kind, month, page }: Asked, hasMore: boolean): Html | null {
  if (page === 1 && !hasMore) return null;
  const to = (target: number): string =>
    `${SECURITY_PAGE}?evento=${kind ?? ""}&mese=${month.toString()}&pagina=${target}`;
  return html`<div class="button-row">
    ${page > 1 && linkButton({ href: to(page - 1), label: "Più recenti" })}
    ${hasMore && linkButton({ href: to(page + 1), label: "Più vecchi" })}
  </div>`;
}
