// SPDX-License-Identifier: EUPL-1.2
import { type Bill, billByNumber, type BillLine, billLines } from "#billing";
import { townCalendar } from "#calendar";
import { holderNames, people, type Person } from "#families";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inFours, noticesOfBills } from "#payments";
import {
  dataTable,
  definitionList,
  type FieldError,
  printButton,
  printFooter,
} from "#ui/components.ts";
import { type Answer, notFound, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { BILL_STATES, CHARGE_KINDS } from "../money-words.ts";
import { officePage } from "../office-page.ts";
import { noticePath } from "../payments/notice-words.ts";
import { serviceName } from "../words.ts";
import { loadReissuable, reissueNow, reissuePart } from "./reissue.ts";

const f = formats("it");

/** `/ufficio/avvisi/2026/00012`: one bill, line by line; each amount leads to its reasons. */
export async function billPage(visit: Visit): Promise<Answer> {
  return (await billView(visit, [])) ?? notFound;
}

/** POST `…/rifai` */
export const reissueBillNow = (visit: Visit): Promise<Answer> =>
  reissueNow(visit, async (errors) => {
    const page = await billView(visit, errors);
    return page ? withStatus(422, page) : notFound;
  });

async function billView(visit: Visit, errors: readonly FieldError[]): Promise<Html | null> {
  const { year, number } = visit.params;
  const read = await visit.town.read(async (tx) => {
    const bill = await billByNumber(tx, `${year}/${number}`);
    if (!bill) return null;
    const lines = await billLines(tx, bill.id);
    const childIds = [bill.childId, ...lines.map(({ childId }) => childId)];
    const children = await people(tx, [...new Set(childIds.filter((id) => id !== null))]);
    const holder = (await holderNames(tx, [bill.holderId])).get(bill.holderId);
    const notices = (await noticesOfBills(tx, [bill.id])).filter(
      ({ state }) => state !== "cancelled" && state !== "replaced",
    );
    const reissuable = await loadReissuable(tx, { ...bill, now: visit.now });
    return { bill, lines, children, holder, notices, reissuable, calendar: await townCalendar(tx) };
  });
  if (!read) return null;
  const { bill, lines, children, holder, notices, reissuable, calendar } = read;
  const service = serviceName(calendar, bill.serviceId);
  const names = new Map(children.map((child) => [child.id, child]));
  return officePage(
    visit,
    { current: "bills" },
    {
      h1: `Prospetto n. ${bill.number}`,
      lead: `${service}, ${f.month(bill.month)}`,
      back: {
        href: `/ufficio/avvisi?mese=${bill.month.toPlainYearMonth().toString()}&servizio=${bill.serviceId}`,
        label: "Avvisi di pagamento",
      },
      headActions: printButton(),
      errors,
      body: html`${facts(bill, {
          holder: holder ? `${holder.givenName} ${holder.surname}` : "",
          names,
          numbers: notices.map(({ noticeNumber }) => noticeNumber),
        })}
        ${reissuePart(visit, reissuable, errors)}
        <h2 class="section-title">Giorno per giorno</h2>
        ${lineTable(lines, names, bill)} ${printFooter(visit.now)}`,
    },
  );
}

const facts = (
  bill: Bill,
  of: { holder: string; names: ReadonlyMap<string, Person>; numbers: readonly string[] },
): Html => {
  const { holder, names, numbers } = of;
  const child = bill.childId === null ? undefined : names.get(bill.childId);
  return definitionList([
    // One, or those of its instalments.
    ...(numbers.length > 0
      ? [
          {
            label: "Numero avviso (per pagare)",
            value: html`${numbers.map(
              (number, index) =>
                html`${index > 0 && html`<br />`}<a
                    class="notice-number"
                    href="${noticePath(number)}"
                    >${inFours(number)}</a
                  >`,
            )}`,
          },
        ]
      : []),
    {
      label: "Intestazione",
      value: html`<a href="/ufficio/famiglie/${bill.holderId}">${holder}</a>`,
    },
    ...(child ? [{ label: "Per", value: `${child.givenName} ${child.surname}` }] : []),
    { label: "Pasti", value: bill.meals },
    { label: "Totale", value: html`<strong>${formatEuro(bill.totalCents)}</strong>` },
    { label: "Scadenza", value: f.dayWithYear(bill.dueOn) },
    { label: "Stato", value: BILL_STATES[bill.state] },
    { label: "Preparato", value: f.dayWithYear(dayOf(bill.drawnAt)) },
  ]);
};

const lineTable = (
  lines: readonly BillLine[],
  names: ReadonlyMap<string, Person>,
  bill: Bill,
): Html =>
  dataTable({
    caption: "Righe del prospetto",
    captionHidden: true,
    columns: [
      { label: "Giorno", header: true },
      { label: "Per" },
      { label: "Che cosa" },
      { label: "Importo", align: "end" },
    ],
    rows: lines.map((line) => [
      f.day(line.date),
      line.childId ? (names.get(line.childId)?.givenName ?? "") : "Famiglia",
      CHARGE_KINDS[line.kind],
      html`<a href="/ufficio/addebiti/${line.chargeId}"
        ><span class="visually-hidden">Perché </span>${formatEuro(line.amountCents)}</a
      >`,
    ]),
    foot: ["Totale", "", "", formatEuro(bill.totalCents)],
  });
