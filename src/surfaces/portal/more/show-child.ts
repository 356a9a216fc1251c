// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import { dietsOn } from "#enrolment";
import {
  type Delegate,
  delegatesOf,
  guardiansOf,
  type HouseholdGuardian,
  isInForce,
} from "#families";
import { hasWeekday, isBefore, isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { explainPrice, explainUnpriced, priceForChild } from "#tariffs";
import { card, definitionList, linkButton, linkList, type Row } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { type MealMoney, mealMoney, moneyKey, stands } from "../meals/meal-money.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { childPath, ofChild, portalPage, toToday } from "../portal-page.ts";
import { busPlaces, familySeats } from "../school-bus.ts";
import { words } from "./words.ts";

/** GET /figli/:slug: services, school and class, rientri, price and why, diet code, who may act. */
export function showChild(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) => {
    const services = scope.servicesOf(child.id);
    const cards: Html[] = [];
    for (const service of services) cards.push(await serviceCard(tx, scope, visit, child, service));
    const guardians = await guardiansOf(tx, [child.id], visit.today);
    const named = child.holderId ? await delegatesOf(tx, [child.holderId]) : [];
    const delegates = named.filter((one) => isInForce(one, visit.today));
    const diet = (await dietsOn(tx, [child.id], visit.today)).get(child.id);
    const path = childPath(child);
    const w = words(visit.lang);
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: child.name,
        back: toToday(visit.lang),
        lead: [child.classLabel, child.siteName].filter(Boolean).join(", "),
        body: html`<div class="button-row">
            ${linkButton({ href: `${path}/calendario`, label: w.openCalendar, kind: "primary" })}
          </div>
          ${definitionList(childRows(child, { diet, guardians, delegates }, visit.lang))}${cards}
          <h2 class="section-title">${w.more}</h2>
          ${linkList([
            { href: `${path}/assenze`, label: w.absences },
            ...(scope.isOwn(child)
              ? [
                  { href: `${path}/dati`, label: w.data },
                  { href: `${path}/accessi`, label: w.whoSaw },
                ]
              : []),
            { href: "/ricevute", label: w.receipts },
          ])}`,
      },
    );
  });
}

function childRows(
  child: ScopedChild,
  of: {
    diet: string | undefined;
    guardians: readonly HouseholdGuardian[];
    delegates: readonly Delegate[];
  },
  lang: Lang,
): Row[] {
  const w = words(lang);
  const { diet } = of;
  const people = [
    ...of.guardians.map(
      ({ givenName, surname, role }) =>
        `${givenName} ${surname}${role ? ` (${w.role(role)})` : ""}`,
    ),
    ...of.delegates.map(({ givenName, surname }) => `${givenName} ${surname} (${w.delegate})`),
  ];
  return [
    { label: w.school, value: child.siteName || w.notAssigned },
    { label: w.schoolClass, value: child.classLabel || w.notAssigned },
    { label: w.diet, value: diet ? w.dietCode(diet) : w.noDiet },
    {
      label: w.whoMayAct,
      value: people.length > 0 ? formats(lang).list(people) : w.nobody,
    },
  ];
}

async function serviceCard(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  child: ScopedChild,
  service: Service,
): Promise<Html> {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const date = visit.today;
  const enrolments = scope.schedule(child.id, service.id)?.enrolments ?? [];
  const current = enrolments.find(({ from, to }) => isWithin(date, from, to));
  const next = enrolments.find(({ from }) => isBefore(date, from));
  const state = current
    ? w.activeFrom(f.dayAndMonth(current.from))
    : next
      ? w.startsOn(f.dayAndMonth(next.from))
      : w.notActive;
  const hasPayment = scope.settings.maybeService(service.code, "payment", date);
  const money = hasPayment
    ? (await mealMoney(tx, scope, service, [{ child, date }], visit.lang)).get(
        moneyKey(child.id, date),
      )
    : undefined;
  const days = scope.isDaily(service, date) ? weekdaysOf(scope, child, service, visit) : null;
  const of = { childId: child.id, serviceId: service.id, today: date };
  const seats = service.kind === "transport" ? await familySeats(tx, scope, date) : [];
  const rows: Row[] = [
    { label: w.enrolment, value: state },
    ...(days ? [{ label: w.days, value: days }] : []),
    ...busPlaces(seats, of, visit.lang).map(({ way, place }) => ({ label: way, value: place })),
    ...(money && !money.isHidden ? [{ label: w.price, value: stands(money, visit.lang) }] : []),
  ];
  return card({
    title: capital(shortName(service, visit.lang)),
    // The reasons tell the ISEE: they are for whoever pays, not for who only brings the child to school.
    body: html`${definitionList(rows)}${
      scope.payersOf(child, service.id).length > 0 &&
      (await priceReasons(tx, child, service, visit, money))
    }`,
  });
}

async function priceReasons(
  tx: ReadTx,
  child: ScopedChild,
  service: Service,
  visit: Visit,
  money: MealMoney | undefined,
): Promise<Html | null> {
  // A fixed fee stands in the row above already, with all that there is to say of it.
  if (!money || money.model === "fixed-fee") return null;
  const price = await priceForChild(tx, {
    childId: child.id,
    serviceId: service.id,
    date: visit.today,
    level: child.level,
  });
  const steps =
    price.outcome === "priced"
      ? explainPrice(price.explanation, visit.lang)
      : [explainUnpriced(price.reason, visit.lang)];
  return html`<details>
    <summary>${words(visit.lang).whyPrice}</summary>
    <ol class="reasons">
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ol>
  </details>`;
}

/** The child's own days, or the class's rientri, or every day of the service. */
function weekdaysOf(
  scope: FamilyScope,
  child: ScopedChild,
  service: Service,
  visit: Visit,
): string | null {
  const f = formats(visit.lang);
  const date = visit.today;
  const schedule = scope.schedule(child.id, service.id);
  const enrolment = schedule?.enrolments.find(({ from, to }) => isWithin(date, from, to));
  const classId = schedule?.memberships.find(({ from, to }) => isWithin(date, from, to))?.classId;
  const session = [...scope.calendar.sessions.values()]
    .flat()
    .find(
      (one) =>
        one.serviceId === service.id && one.classId === classId && isWithin(date, one.from, one.to),
    );
  const period = scope.calendar.periods.find(
    ({ serviceId, startsOn, endsOn }) =>
      serviceId === service.id && isWithin(date, startsOn, endsOn),
  );
  const mask = enrolment?.weekdays ?? session?.weekdays ?? period?.weekdays;
  if (mask === undefined) return null;
  const monday = date.subtract({ days: date.dayOfWeek - 1 });
  const names = [0, 1, 2, 3, 4, 5, 6]
    .map((days) => monday.add({ days }))
    .filter((day) => hasWeekday(mask, day))
    .map((day) => f.weekday(day.dayOfWeek));
  const alternate = session?.weekdaysB !== null && session?.weekdaysB !== undefined;
  return names.length === 0
    ? words(visit.lang).noDays
    : `${f.list(names)}${alternate ? words(visit.lang).alternate : ""}`;
}
