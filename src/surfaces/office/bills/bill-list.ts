// SPDX-License-Identifier: EUPL-1.2
import { type Bill, billsOf, drawMonth } from "#billing";
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { holderNames, people } from "#families";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import {
  actionForm,
  alert,
  chips,
  dataTable,
  emptyState,
  figures,
  linkButton,
  pagination,
  printButton,
  printFooter,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { askingTabs } from "../asking/asking-page.ts";
import { BILL_STATES } from "../money-words.ts";
import { officePage } from "../office-page.ts";
import { feeCard } from "./post-fees.ts";

const PAGE_ROWS = 100;
const f = formats("it");

interface Scope {
  readonly calendar: TownCalendar;
  readonly billed: readonly Service[];
  readonly service: Service | undefined;
  readonly fees: readonly Service[];
  readonly month: Day;
}

function scopeOf(
  calendar: TownCalendar,
  settings: DatedSettings,
  of: { serviceId: string; month: Day },
): Scope {
  const paid = (model: string): Service[] =>
    calendar.services.filter(
      ({ code }) => settings.maybeService(code, "payment", of.month)?.model === model,
    );
  const billed = paid("postpaid");
  const service = billed.find(({ id }) => id === of.serviceId) ?? billed[0];
  return { calendar, billed, service, fees: paid("fixed-fee"), month: of.month };
}

/** `?mese=2026-10`; the month before this one unless another is asked for. */
function monthOf(visit: Visit, text: string | undefined): Day {
  const asked = parseDay(`${text ?? ""}-01`);
  return asked ?? visit.today.with({ day: 1 }).subtract({ months: 1 });
}

const load = async (tx: ReadTx, of: { serviceId: string; month: Day }): Promise<Scope> =>
  scopeOf(await townCalendar(tx), await datedSettings(tx), of);

/** `/ufficio/avvisi?mese=`: the bills of a month, and the way to draw them up. */
export async function billListPage(visit: Visit): Promise<Answer> {
  const month = monthOf(visit, visit.query["mese"]);
  const page = Math.max(
    1,
    Math.min(10_000, Number.parseInt(visit.query["pagina"] ?? "1", 10) || 1),
  );
  const read = await visit.town.read(async (tx) => {
    const scope = await load(tx, { serviceId: visit.query["servizio"] ?? "", month });
    const bills = scope.service ? await billsOf(tx, { serviceId: scope.service.id, month }) : [];
    const shown = bills.slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS);
    const names = await namesOf(tx, shown);
    return { scope, bills, shown, names };
  });
  return view(visit, { ...read, page, refusal: null });
}

async function namesOf(tx: ReadTx, bills: readonly Bill[]): Promise<(bill: Bill) => string> {
  const holders = await holderNames(
    tx,
    bills.map(({ holderId }) => holderId),
  );
  const childIds = bills.map(({ childId }) => childId).filter((id) => id !== null);
  const children = new Map((await people(tx, childIds)).map((child) => [child.id, child]));
  return ({ holderId, childId }) => {
    const holder = holders.get(holderId);
    const child = childId === null ? undefined : children.get(childId);
    const family = holder ? `${holder.surname} ${holder.givenName}` : "";
    return child ? `${family}, per ${child.givenName}` : family;
  };
}

/** Draws up the month; a second time it finds only what came since. */
export async function drawBills(visit: Visit): Promise<Answer> {
  const { actor, fields, now, today } = visit;
  const month = parseDay(`${fields.text("mese")}-01`);
  if (!actor || !month) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const scope = await load(tx, { serviceId: fields.text("servizio"), month });
    const { service } = scope;
    if (!service) return notFound;
    const back = `/ufficio/avvisi?mese=${fields.text("mese")}&servizio=${service.id}`;
    const drawn = await drawMonth(tx, { serviceId: service.id, month, now, today, by: actor.name });
    const refuse = (refusal: Html | string): Answer =>
      withStatus(
        409,
        view(visit, { scope, bills: [], shown: [], names: () => "", page: 1, refusal }),
      );
    switch (drawn.outcome) {
      case "drawn":
        return seeOther(
          back,
          drawn.bills === 0
            ? "Nessun nuovo avviso: era già tutto preparato."
            : `${plural(drawn.bills, "avviso preparato", "avvisi preparati")}: ${formatEuro(drawn.totalCents)}.`,
        );
      case "month-not-over":
        return refuse("Il mese non è ancora finito.");
      case "not-postpaid":
        return refuse("Il servizio si paga prima: non ha avvisi mensili.");
      case "days-open": {
        const first = drawn.days[0]!.date;
        return refuse(
          html`<p>
              ${plural(drawn.days.length, "giornata è ancora aperta", "giornate sono ancora aperte")}.
              La prima: ${f.day(first)}.
            </p>
            <p>
              <a href="/ufficio/giornate?dal=${first.toString()}&amp;servizio=${service.id}"
                >Vai alle giornate</a
              >
            </p>`,
        );
      }
    }
  });
}

interface Shown {
  readonly scope: Scope;
  readonly bills: readonly Bill[];
  readonly shown: readonly Bill[];
  readonly names: (bill: Bill) => string;
  readonly page: number;
  readonly refusal: Html | string | null;
}

function view(visit: Visit, shown: Shown): Html {
  const { scope, bills, refusal } = shown;
  const { service, month, fees } = scope;
  return officePage(
    visit,
    { current: "bills" },
    {
      h1: "Avvisi di pagamento",
      lead: service ? `${service.name}, ${f.month(month)}` : undefined,
      headActions: bills.length > 0 && printButton(),
      body: html`${askingTabs("bills")}${refusal && alert({ tone: "warning", title: "Avvisi non preparati", body: refusal })}
      ${service ? monthBody(visit, shown, service) : emptyState({ text: "Nessun servizio ha avvisi mensili." })}
      ${fees.map((fee) => feeCard(visit, fee))} ${printFooter(visit.now)}`,
    },
  );
}

function monthBody(
  visit: Visit,
  { scope, bills, shown, names, page }: Shown,
  service: Service,
): Html {
  const { month, billed } = scope;
  const link = (to: Day, serviceId = service.id, number = 1): string =>
    `/ufficio/avvisi?mese=${to.toPlainYearMonth().toString()}&servizio=${serviceId}${number > 1 ? `&pagina=${number}` : ""}`;
  // One that was drawn anew counts once.
  const standing = bills.filter(({ state }) => state !== "cancelled");
  const total = standing.reduce((sum, { totalCents }) => sum + totalCents, 0n);
  const meals = standing.reduce((sum, bill) => sum + bill.meals, 0);
  const isOver = isBefore(month.add({ months: 1 }).subtract({ days: 1 }), visit.today);
  return html`${
      billed.length > 1 &&
      chips(
        "Servizio",
        billed.map(({ id, name }) => ({
          label: name,
          href: link(month, id),
          current: id === service.id,
        })),
      )
    }
    <div class="button-row">
      ${linkButton({ href: link(month.subtract({ months: 1 })), label: capitalMonth(month.subtract({ months: 1 })), kind: "quiet", icon: "it-chevron-left" })}
      ${linkButton({ href: link(month.add({ months: 1 })), label: capitalMonth(month.add({ months: 1 })), kind: "quiet" })}
    </div>
    ${
      bills.length === 0
        ? emptyState({ text: `Nessun avviso per ${f.month(month)}.` })
        : html`${figures([
            { label: "Avvisi", value: f.number(standing.length), tone: "strong" },
            { label: "Pasti", value: f.number(meals) },
            { label: "Totale", value: formatEuro(total) },
          ])}
          ${billTable(shown, names)}
          ${pagination({
            page,
            pages: Math.ceil(bills.length / PAGE_ROWS),
            href: (number) => link(month, service.id, number),
          })}`
    }
    ${
      isOver
        ? actionForm({
            action: "/ufficio/avvisi/prepara",
            csrf: visit.csrf,
            key: visit.newKey(),
            fields: { servizio: service.id, mese: month.toPlainYearMonth().toString() },
            label:
              bills.length === 0
                ? `Prepara gli avvisi di ${f.month(month)}`
                : "Prepara quelli che mancano",
            kind: bills.length === 0 ? "primary" : "secondary",
            note: "Servono tutte le giornate del mese chiuse. Ripetere non crea doppioni.",
          })
        : html`<p class="quiet">Gli avvisi si preparano quando il mese è finito.</p>`
    }`;
}

const capitalMonth = (month: Day): string =>
  f.month(month).replace(/^./, (first) => first.toUpperCase());

const billTable = (bills: readonly Bill[], names: (bill: Bill) => string): Html =>
  dataTable({
    caption: "Avvisi del mese",
    captionHidden: true,
    columns: [
      { label: "Prospetto n.", header: true },
      { label: "Famiglia" },
      { label: "Pasti", align: "end" },
      { label: "Scadenza" },
      { label: "Stato" },
      { label: "Totale", align: "end" },
    ],
    rows: bills.map((bill) => [
      html`<a href="/ufficio/avvisi/${bill.number}">${bill.number}</a>`,
      html`<a href="/ufficio/famiglie/${bill.holderId}">${names(bill)}</a>`,
      bill.meals,
      f.shortDay(bill.dueOn),
      BILL_STATES[bill.state],
      formatEuro(bill.totalCents),
    ]),
  });
