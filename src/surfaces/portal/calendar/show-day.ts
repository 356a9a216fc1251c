// SPDX-License-Identifier: EUPL-1.2
import { attendanceOfChildren, type AttendanceRow, type Recorder, whoRecorded } from "#attendance";
import { type Charge, chargesOf } from "#billing";
import { type DayFacts, lateCancellationDay, type MealAct } from "#booking";
import type { Service } from "#calendar";
import { isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { linkButton, stateBadge } from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { whyClosed } from "../../web/closure-reasons.ts";
import { type Answer, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { familyDays } from "../meals/family-days.ts";
import { actForm } from "../meals/act-forms.ts";
import { isWithinReach } from "../meals/change-meal.ts";
import { type DayView, dayView, limitText } from "../meals/day-view.ts";
import {
  beforeAct,
  givenUp,
  keptCharge,
  type MealMoney,
  mealMoney,
  moneyKey,
  nothingCharged,
  samePrice,
  staysCharged as keptAnyway,
} from "../meals/meal-money.ts";
import { recordedSentence } from "../meals/recorder-words.ts";
import { schoolReportsUntil } from "../meals/school-reports.ts";
import { capital, closedSentence, isCanteen, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { childPath, ofChild, portalPage } from "../portal-page.ts";
import { dayHistory } from "../receipts/day-history.ts";
import { words } from "./words.ts";

interface Shown {
  visit: Visit;
  scope: FamilyScope;
  child: ScopedChild;
  service: Service;
  on: DayFacts;
  view: DayView;
  money: MealMoney | undefined;
  attendance: AttendanceRow | undefined;
  recorder: Recorder;
  charges: readonly Charge[];
  /** late for this day, a cancellation counts for that one (the town's rule) */
  instead: DayFacts | null;
}

/** Days after this one among which the next service day is looked for. */
const LOOK_AHEAD_DAYS = 28;

/** GET /figli/:slug/giorni/:giorno?servizio=mensa; the calendar opens it in a sheet when scripts run. */
export function showDay(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) => {
    const date = parseDay(visit.params["giorno"]);
    const daily = scope.servicesOf(child.id).filter((one) => date && scope.isDaily(one, date));
    const code = visit.query["servizio"];
    const service = code === undefined ? daily[0] : daily.find((one) => one.code === code);
    if (!date || !service || !isWithinReach(scope, service, date)) return notFound;
    const span = { childIds: [child.id], from: date, to: date };
    const days = await familyDays(tx, scope, visit, {
      ...span,
      to: date.add({ days: LOOK_AHEAD_DAYS }),
      serviceId: service.id,
    });
    const [on, ...after] = days.get(child.id) as [DayFacts, ...DayFacts[]];
    const attendance = (await attendanceOfChildren(tx, span)).find(
      ({ serviceId }) => serviceId === service.id,
    );
    const recorders = await whoRecorded(tx, attendance ? [attendance] : []);
    const charges = (await chargesOf(tx, span)).filter(
      (charge) => charge.serviceId === service.id && scope.holderIds.includes(charge.holderId),
    );
    const money = await mealMoney(tx, scope, service, [{ child, date }], visit.lang);
    const view = dayView(on, { today: visit.today, attendance });
    const shown: Shown = {
      visit,
      scope,
      child,
      service,
      on,
      view,
      attendance,
      recorder: (attendance && recorders.get(attendance)) ?? null,
      charges,
      money: money.get(moneyKey(child.id, date)),
      instead: isBefore(date, visit.today) ? null : lateCancellationDay(on, after),
    };
    const past = await dayHistory(tx, visit, { child, service, date });
    return dayPage(shown, past);
  });
}

function dayPage(shown: Shown, past: Html): Html {
  const { visit, scope, child, service, on, view } = shown;
  const f = formats(visit.lang);
  const { notForeseen } = mealWords(visit.lang);
  const word = view.state === "no-rientro" && !isCanteen(service) ? notForeseen : view.word;
  const month = on.date.toPlainYearMonth().toString();
  return portalPage(
    visit,
    { current: "calendar", scope },
    {
      h1: capital(f.dayFrom(on.date, visit.today)),
      title: `${capital(f.day(on.date))}, ${child.name}`,
      back: {
        href: `${childPath(child)}/calendario?mese=${month}&servizio=${service.code}`,
        label: words(visit.lang).of(child.name),
      },
      lead: `${child.name}, ${shortName(service, visit.lang)}`,
      body: html`<p class="service-state">
          ${stateBadge(view.state, { lang: visit.lang, size: "large", word })}
        </p>
        ${sentences(shown).map((line) => line !== "" && html`<p>${line}</p>`)}${acts(shown)}${past}`,
    },
  );
}

/** State, until when, money: in this order. */
function sentences(shown: Shown): (Html | string)[] {
  const { visit, scope, service, on, view, attendance, money, child } = shown;
  const w = words(visit.lang);
  const noCharge = nothingCharged(money, visit.lang);
  const ui = shared(visit.lang);
  const f = formats(visit.lang);
  const lines: (Html | string)[] = [];
  if (on.day.kind === "closed")
    return [
      closedSentence(service, whyClosed(on.day, visit.lang), visit.lang),
      ...moneyLines(shown),
    ];
  if (on.day.kind === "not-active") return [w.notActive];
  if (on.day.kind === "no-session")
    return [isCanteen(service) ? w.noMeal(child.name) : w.notForeseen];
  if (attendance && attendance.source !== "presumed") {
    lines.push(recordedSentence(attendance, shown.recorder, { date: on.date, lang: visit.lang }));
  } else if (view.state === "roll-call") lines.push(ui.rollCallPending);
  if (isBefore(on.date, visit.today)) return [...lines, ...moneyLines(shown)];
  if (!on.familiesReport) {
    const until = schoolReportsUntil(shown.scope.settings, service, on.date);
    lines.push(ui.schoolReports(until && f.day(until)));
  } else if (!scope.mayChange(child)) {
    // Until when it can change is for who may.
  } else if (on.cutoffAt && on.inTime)
    lines.push(w.changeUntil(limitText(on.cutoffAt, visit.today, visit.lang)));
  else if (on.cutoffAt) lines.push(w.tooLate(limitText(on.cutoffAt, visit.today, visit.lang)));
  if (shown.charges.length > 0) return [...lines, ...moneyLines(shown)];
  if (view.state === "absent")
    return [...lines, staysCharged(shown) ? keptCharge(money, visit.lang) : noCharge];
  if (on.state === "not-booked") return [...lines, w.mealNotBooked];
  if (on.state === "cancelled") return [...lines, givenUp(money, visit.lang)];
  return [...lines, beforeAct(money, visit.lang)];
}

/** Is an absence paid all the same: told too late, or noticed at the roll call after the cut-off? */
const staysCharged = ({ attendance, on }: Shown): boolean =>
  attendance ? attendance.billable : on.state === "absent-late";

/** `Servito. 4,60 €. Perché?`; what is not charged yet says so. */
function moneyLines(shown: Shown): (Html | string)[] {
  if (!shown.scope.seesMoney(shown.child)) return [];
  const { charges, view, on, visit, money } = shown;
  const w = words(visit.lang);
  const standing = charges.filter(({ kind, reversed }) => kind !== "reversal" && !reversed);
  const back = charges.filter(({ kind }) => kind === "reversal");
  const lines: (Html | string)[] = standing.map(
    ({ id, amountCents }) =>
      html`${view.state === "absent" ? w.absent : w.served}. ${formatEuro(amountCents)}.
        <a href="/addebiti/${id}">${w.why}</a>`,
  );
  if (back.length > 0 && standing.length === 0) lines.push(w.takenBack);
  if (lines.length > 0) return lines;
  if (money?.model === "fixed-fee") return [beforeAct(money, visit.lang)];
  if (on.day.kind !== "service") return [];
  if (view.state === "absent" && staysCharged(shown)) return [keptCharge(money, visit.lang)];
  return [view.ordered ? w.notChargedYet : w.noCharge];
}

const AFTER: Partial<Record<MealAct, "off" | "same">> = {
  cancel: "off",
  unbook: "off",
  plain: "same",
};

function acts(shown: Shown): Html | null {
  const { visit, scope, child, service, on, view, money, instead } = shown;
  if (!scope.mayChange(child)) return null;
  const w = words(visit.lang);
  const more =
    on.familiesReport &&
    on.mode !== "opt-in" &&
    on.day.kind === "service" &&
    !isBefore(on.date, visit.today);
  if (view.acts.length === 0 && !more && !instead) return null;
  const countsFor =
    instead &&
    actForm(visit, { act: "cancel", child, service, date: on.date, countsFor: instead.date });
  const forms = view.acts.map((act, index) => {
    const kind = AFTER[act];
    const note =
      act === "report-absence"
        ? keptAnyway(money, visit.lang)
        : kind === "same"
          ? samePrice(money, visit.lang)
          : kind === "off"
            ? money?.model === "fixed-fee" && !money.isHidden
              ? w.feeSame
              : nothingCharged(money, visit.lang)
            : undefined;
    return actForm(visit, {
      act,
      child,
      service,
      date: on.date,
      note,
      takesBack: act === "restore" && on.state === "absent-late",
      kind: index === 0 && act !== "report-absence" && act !== "restore" ? "primary" : "secondary",
    });
  });
  const toPeriod = linkButton({
    href: `${childPath(child)}/assenze/nuova?dal=${on.date.toString()}`,
    label: w.severalDays,
    wide: true,
  });
  return html`<div class="stack">${countsFor}${forms}${more && toPeriod}</div>`;
}
