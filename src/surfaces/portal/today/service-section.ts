// SPDX-License-Identifier: EUPL-1.2
import {
  type DayFacts,
  formatReceiptCode,
  lateCancellationDay,
  type MealAct,
  type Receipt,
} from "#booking";
import { type Day, dayOf, isBefore, sameDay } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { serviceRow, stateBadge } from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { whyClosed } from "../../web/closure-reasons.ts";
import type { Visit } from "../../web/visit.ts";
import { actForm } from "../meals/act-forms.ts";
import { dayView, limitText } from "../meals/day-view.ts";
import {
  beforeAct,
  givenUp,
  keptCharge,
  type MealMoney,
  moneyKey,
  nothingCharged,
  stands,
  staysCharged,
} from "../meals/meal-money.ts";
import { recordedSentence } from "../meals/recorder-words.ts";
import { schoolReportsUntil } from "../meals/school-reports.ts";
import { capital, closedSentence, isCanteen, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { childPath } from "../portal-page.ts";
import type { FamilyScope } from "../family-scope.ts";
import type { Today, TodayRow } from "./load-today.ts";
import { words } from "./words.ts";

interface Context {
  visit: Visit;
  scope: FamilyScope;
  today: Today;
  /** name the service when the child has several */
  named: boolean;
}

/** A service of a child on `Oggi`: state, money, act; after the cut-off the first useful day. */
export function serviceSection(row: TodayRow, context: Context): Html {
  const { visit } = context;
  const service = context.named ? capital(shortName(row.service, visit.lang)) : undefined;
  if (row.tomorrow) {
    const day = formats(visit.lang).day(row.tomorrow.date);
    const when = html`<strong>${words(visit.lang).tomorrow(day)}</strong>`;
    return html`${daySection(row, row.tomorrow, context, [when], service)}
    ${todayInShort(row, visit)}`;
  }
  if (row.today.day.kind !== "service") return noServiceSection(row, context, service);
  return daySection(row, row.today, context, [], service);
}

/** In the evening, what today was; one line. */
function todayInShort(row: TodayRow, visit: Visit): Html | null {
  if (row.today.day.kind !== "service") return null;
  const view = dayView(row.today, { today: visit.today, attendance: row.attendance });
  return html`<p class="service-line quiet">
    ${words(visit.lang).todayShort}
    ${stateBadge(view.state, { lang: visit.lang, size: "small", word: view.word })}
  </p>`;
}

/** One service day: what it is, what it costs, the act. */
function daySection(
  row: TodayRow,
  on: DayFacts,
  context: Context,
  before: readonly Html[],
  service: string | undefined,
): Html {
  const { visit } = context;
  const isToday = sameDay(on.date, visit.today);
  const attendance = isToday ? row.attendance : undefined;
  const view = dayView(on, { today: visit.today, attendance });
  const money = moneyOf(context.today, row, on.date);
  const receipt = on.receiptId ? context.today.receipts.get(on.receiptId) : undefined;
  const word = cancelledWord(view.state, receipt, visit) ?? view.word;
  const badge = stateBadge(view.state, { lang: visit.lang, size: "large", word });
  const lines = [...before, ...stateLines(row, on, view.state, money, context)];
  const base = { child: row.child, service: row.service, date: on.date };
  const quiet = { ...base, kind: "quiet", wide: false } as const;
  const [first] = view.acts;
  const late = first === "report-absence";
  const takesBack = first === "restore" && on.state === "absent-late";
  if (late || takesBack || (view.acts.length === 0 && isToday && !on.inTime)) {
    const note = late ? staysCharged(money, visit.lang) : undefined;
    return html`${serviceRow({ service, badge, lines: [...lines, ...lateLines(row, on, context)] })}
    ${usefulSection(row, on, context)}${
      first && (late || takesBack) && actForm(visit, { ...quiet, act: first, note, takesBack })
    }`;
  }
  const limit = on.cutoffAt
    ? mealWords(visit.lang).until(limitText(on.cutoffAt, visit.today, visit.lang))
    : undefined;
  const restore = { kind: "secondary", note: limit } as const;
  return serviceRow({
    service,
    badge,
    lines,
    primary:
      first && !isQuiet(first)
        ? actForm(visit, {
            ...base,
            act: first,
            named: true,
            ...(first === "restore" ? restore : {}),
          })
        : undefined,
    links: [
      receipt && view.state === "cancelled" ? receiptLink(receipt, visit.lang) : null,
      ...view.acts.filter(isQuiet).map((act) => actForm(visit, { ...quiet, act })),
      context.scope.mayChange(row.child) && moreDays(row, on, visit.lang),
    ].filter((link) => link !== null && link !== false),
  });
}

/** Acts that stand below the main one. */
const isQuiet = (act: MealAct): boolean => act === "plain" || act === "normal";

/** The sentence about money, or about who decides. */
function stateLines(
  row: TodayRow,
  on: DayFacts,
  state: string,
  money: MealMoney | undefined,
  { visit, scope }: Context,
): (Html | string)[] {
  const w = words(visit.lang);
  const ui = shared(visit.lang);
  const f = formats(visit.lang);
  if (on.state === "cancelled") return [givenUp(money, visit.lang)];
  if (on.state === "not-booked") return [isCanteen(row.service) ? w.mealNotBooked : w.notBooked];
  const call = row.attendance && sameDay(on.date, visit.today) ? row.attendance : null;
  const lines: (Html | string)[] = [];
  const said = call && recordedSentence(call, row.recorder, { date: on.date, lang: visit.lang });
  if (said && call.status === "present" && call.source !== "presumed") lines.push(said);
  else if (said && call.status === "absent") {
    lines.push(said);
    return [
      ...lines,
      call.billable ? keptCharge(money, visit.lang) : nothingCharged(money, visit.lang),
    ];
  } else if (state === "roll-call" && sameDay(on.date, visit.today)) lines.push(ui.rollCallPending);
  if (on.state === "absent-late" && call?.status !== "present")
    return [...lines, keptCharge(money, visit.lang)];
  const undecided = (on.inTime && on.familiesReport) || state === "roll-call";
  lines.push(undecided ? beforeAct(money, visit.lang) : stands(money, visit.lang));
  if (!on.familiesReport) {
    const until = schoolReportsUntil(scope.settings, row.service, on.date);
    lines.push(ui.schoolReports(until && f.day(until)));
  }
  return lines;
}

function lateLines({ child }: TodayRow, on: DayFacts, { visit, scope }: Context): string[] {
  if (!scope.mayChange(child)) return [];
  if (!on.familiesReport || !on.cutoffAt || on.state === "cancelled") return [];
  const w = words(visit.lang);
  const limit = limitText(on.cutoffAt, visit.today, visit.lang);
  const day = sameDay(on.date, visit.today) ? w.todayWord : formats(visit.lang).day(on.date);
  return [w.dayPassed(day, limit)];
}

/** `Prossimo pasto: giovedì 26 novembre` and its act; `told`: a day that the state has named already. */
function usefulSection(
  row: TodayRow,
  on: DayFacts,
  context: Context,
  told: Day | null = null,
): Html | null {
  const { useful, next } = row;
  const { visit } = context;
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const what = isCanteen(row.service) ? w.nextMeal : w.nextDay;
  if (useful && sameDay(useful.date, on.date)) return null;
  const shown = useful ?? next;
  if (!shown) return null;
  const view = dayView(shown, { today: visit.today });
  const [act] = view.acts;
  const instead = told === null ? lateDay(row, on) : null;
  const cancelled = shown.state === "cancelled";
  // The line above has named it: once is enough.
  const known = told !== null && sameDay(told, shown.date);
  const name = known ? capital(f.day(shown.date)) : f.day(shown.date);
  return html`${
    (!known || cancelled) &&
    html`<p class="service-line">
      ${!known && `${what}: `}<a
        href="${childPath(row.child)}/giorni/${shown.date.toString()}?servizio=${row.service.code}"
        >${name}</a
      >${cancelled && `, ${w.already}`}
    </p>`
  }
  ${
    act &&
    act !== "plain" &&
    actForm(visit, {
      act,
      child: row.child,
      service: row.service,
      named: true,
      kind: act === "restore" ? "secondary" : "primary",
      ...(instead && sameDay(instead.date, shown.date)
        ? { date: on.date, countsFor: instead.date }
        : { date: shown.date }),
    })
  }`;
}

/** Where a late cancellation counts for the next service day: that day, while it is still to be taken away. */
const lateDay = ({ days }: TodayRow, on: DayFacts): DayFacts | null =>
  lateCancellationDay(
    on,
    days.filter(({ date }) => isBefore(on.date, date)),
  );

function noServiceSection(row: TodayRow, context: Context, service: string | undefined): Html {
  const { visit } = context;
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const { day } = row.today;
  const nextName = row.next && f.day(row.next.date);
  const lines: (Html | string)[] = [];
  if (day.kind === "closed")
    lines.push(closedSentence(row.service, whyClosed(day, visit.lang), visit.lang));
  else if (day.kind === "not-active" && begins(row, context))
    lines.push(w.starts(f.day(begins(row, context)!)));
  else if (isCanteen(row.service))
    lines.push(shared(visit.lang).noServiceDay(row.child.name, nextName));
  else lines.push(`${w.notToday}${nextName ? w.nextDayIs(nextName) : ""}`);
  if (day.kind === "closed" && nextName) lines.push(w.resumes(nextName));
  const view = dayView(row.today, { today: visit.today });
  const word =
    day.kind === "no-session" && !isCanteen(row.service)
      ? mealWords(visit.lang).notForeseen
      : undefined;
  return html`${serviceRow({
    service,
    badge: stateBadge(view.state, { lang: visit.lang, size: "large", word }),
    lines,
  })}
  ${row.next && usefulSection(row, row.today, context, row.next.date)}`;
}

/** The first service day to come, for a child whose service has not begun. */
function begins(row: TodayRow, { scope }: Context): Day | null {
  if (row.next) return row.next.date;
  const enrolments = scope.schedule(row.child.id, row.service.id)?.enrolments ?? [];
  const from = enrolments.map((one) => one.from).find((date) => isBefore(row.today.date, date));
  const starts = scope.calendar.periods
    .filter(({ serviceId }) => serviceId === row.service.id)
    .map(({ startsOn }) => startsOn)
    .filter((date) => isBefore(row.today.date, date));
  return from ?? starts[0] ?? null;
}

const moneyOf = (today: Today, row: TodayRow, date: Day): MealMoney | undefined =>
  today.money.get(row.service.id)?.get(moneyKey(row.child.id, date));

/** `Disdetto alle 7:52`, with its day when that is not today. */
function cancelledWord(
  state: string,
  receipt: Receipt | undefined,
  visit: Visit,
): string | undefined {
  if (state !== "cancelled" || !receipt) return undefined;
  const f = formats(visit.lang);
  const w = words(visit.lang);
  if (receipt.act === "absence") return w.cancelled;
  const at = dayOf(receipt.receivedAt);
  if (sameDay(at, visit.today)) return w.cancelledAt(f.time(receipt.receivedAt));
  return sameDay(at.add({ days: 1 }), visit.today)
    ? w.cancelledYesterday
    : w.cancelledOn(f.dayAndMonth(at));
}

function receiptLink(receipt: Receipt, lang: Lang): Html {
  const code = formatReceiptCode(receipt.number, receipt.checkCode);
  return html`<a href="/ricevute/${code}">${words(lang).receipt(code)}</a>`;
}

/** Only where families report absences themselves. */
function moreDays(row: TodayRow, on: DayFacts, lang: Lang): Html | null {
  if (!on.familiesReport || on.mode === "opt-in") return null;
  return html`<a href="${childPath(row.child)}/assenze/nuova">${words(lang).moreDays}</a>`;
}
