// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { dayOf, type Day, isBefore, isMomentAfter, sameDay } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formatEuro } from "#kernel/money.ts";
import type { Message } from "#messaging";
import {
  alert,
  card,
  emptyState,
  linkButton,
  linkList,
  serviceRow,
  stateBadge,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { actsOn, canCancel, limitText } from "../meals/day-view.ts";
import { beforeAct, moneyKey } from "../meals/meal-money.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { familyMessages, messageSubject } from "../more/show-messages.ts";
import {
  accountLines,
  type AccountLine,
  accountName,
  dueSentences,
  negativeSentence,
} from "../payments/account-lines.ts";
import { payWords } from "../payments/pay-words.ts";
import { childPath, inFamily, portalPage } from "../portal-page.ts";
import { busNotToday, busPlaces, busWords } from "../school-bus.ts";
import { iseeAlerts } from "./isee-alerts.ts";
import { cancellable, type Ending, type FeeRow, loadToday, type Today } from "./load-today.ts";
import { serviceSection } from "./service-section.ts";
import { type TodayMoney, todayMoney } from "./today-money.ts";
import { words } from "./words.ts";

/** More would push the children off the first screen. */
const MOST_ALERTS = 2;

/** GET /oggi: does the child eat, until when can that change, what does it cost. */
export function showToday(visit: Visit): Promise<Answer> {
  return inFamily(visit, (tx, scope) => todayPage(tx, scope, visit));
}

async function todayPage(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Answer> {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const today = await loadToday(tx, scope, visit);
  const accounts = await accountLines(tx, scope, visit.today);
  const money = await todayMoney(tx, scope, visit);
  const due = dueSentences(money.dues, visit.today, visit.lang);
  const messages = await familyMessages(tx, visit, scope, 20);
  const unread = messages.filter(({ readAt }) => readAt === null);
  const both = cancellable(today);
  const endings = await iseeAlerts(tx, scope, visit);
  const shown = [
    ...money.pending,
    ...alerts(scope, today, accounts, visit, endings),
    ...money.received,
  ].slice(0, MOST_ALERTS);
  const body = html`${shown}
    <div class="panels">
      ${scope.children.map((child) => childCard(child, scope, today, visit))}
    </div>
    ${scope.children.length === 0 && emptyState({ text: w.noChildren })}${
      both &&
      html`<div class="button-row">
        ${linkButton({ href: `/disdici?giorno=${both.date.toString()}`, label: mealWords(visit.lang).forAll, kind: "secondary" })}
      </div>`
    }
    ${moneyPart(accounts, due, money, visit.lang)}${comingPart(today, visit)}${messagePart(unread[0] ?? messages[0], unread.length, visit.lang)}`;
  return portalPage(
    visit,
    { current: "today", scope, unread: unread.length, toPay: money.dues.length },
    {
      h1: capital(f.dayFrom(visit.today, visit.today)),
      title: w.title,
      lead: lead(today, visit),
      body,
    },
  );
}

/** `Sono le 8:40. Si può disdire fino alle 9:00: fra 20 minuti.` */
function lead(today: Today, visit: Visit): Html {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const clock = w.clock(f.time(visit.now));
  const open = today.rows
    .map((row) => row.tomorrow ?? row.today)
    .filter((on) => on.cutoffAt !== null && on.inTime && actsOn(on).length > 0 && on.familiesReport)
    .sort((a, b) => Temporal.Instant.compare(a.cutoffAt!, b.cutoffAt!));
  const first = open.find(canCancel) ?? open[0];
  if (first?.cutoffAt) {
    const limit = limitText(first.cutoffAt, visit.today, visit.lang);
    const forTomorrow = !sameDay(first.date, visit.today);
    const what = canCancel(first)
      ? w.canCancel(forTomorrow, limit)
      : w.canChange(forTomorrow, limit);
    if (!sameDay(dayOf(first.cutoffAt), visit.today)) return html`${clock} ${what}.`;
    // From the clock as it is shown: 8:51 and 9 minutes make 9:00.
    const minutes = Math.ceil(visit.now.until(first.cutoffAt).total("minutes"));
    return html`${clock} ${what}: <strong>${w.inTime(f.minutes(Math.max(minutes, 0)))}</strong>.`;
  }
  const passed = today.rows
    .map((row) => row.today)
    .filter((on) => on.day.kind === "service" && on.cutoffAt && on.familiesReport && !on.inTime)
    .map((on) => on.cutoffAt!)
    .sort(Temporal.Instant.compare)
    .at(-1);
  if (passed && isMomentAfter(visit.now, passed) && !today.evening)
    return html`${clock} ${w.todayPassed(limitText(passed, visit.today, visit.lang))}`;
  return html`${clock}`;
}

function childCard(child: ScopedChild, scope: FamilyScope, today: Today, visit: Visit): Html {
  const w = words(visit.lang);
  const rows = today.rows.filter((row) => row.child.id === child.id);
  const fees = today.fees.filter((row) => row.child.id === child.id);
  const named = rows.length + fees.length > 1;
  const sections = rows.map((row) => serviceSection(row, { visit, scope, today, named }));
  const feeSections = fees.map(({ service, from }) => {
    const money = today.money.get(service.id)?.get(moneyKey(child.id, visit.today));
    return serviceRow({
      service: capital(shortName(service, visit.lang)),
      badge: stateBadge(from ? "not-enrolled" : "present", {
        word: from ? w.notYet : w.active,
      }),
      lines: from
        ? [w.starts(formats(visit.lang).day(from))]
        : [
            ...busSentences({ child, service, from }, scope, today, visit),
            money && beforeAct(money, visit.lang),
          ],
    });
  });
  const nothing = sections.length + feeSections.length === 0 && html`<p>${w.noService}</p>`;
  return card({
    title: child.name,
    subtitle: child.classLabel && html`· ${child.classLabel}`,
    href: childPath(child),
    body: html`${sections}${feeSections}${nothing}`,
  });
}

/** Where and when the bus takes the child; that it does not come comes first. */
function busSentences(row: FeeRow, scope: FamilyScope, today: Today, visit: Visit): string[] {
  const { child, service } = row;
  if (service.kind !== "transport") return [];
  const of = { childId: child.id, serviceId: service.id, today: visit.today };
  const places = busPlaces(today.seats, of, visit.lang);
  const notToday = busNotToday(scope, of, visit.lang);
  return [
    ...(notToday === null ? [] : [notToday]),
    ...(places.length === 0
      ? [busWords(visit.lang).noStop]
      : places.map(({ way, place }) => `${way}: ${place}`)),
  ];
}

/** What needs somebody today. */
function alerts(
  scope: FamilyScope,
  today: Today,
  accounts: readonly AccountLine[],
  visit: Visit,
  isees: readonly Html[],
): Html[] {
  const negative = accounts.flatMap((line) => {
    const rule = negativeSentence(scope, line, visit.today, visit.lang);
    if (rule === null) return [];
    const title = `${accountName(line, visit.lang)}: ${formatEuro(line.balanceCents)}.`;
    return [
      alert({
        tone: "warning",
        title,
        body: html`${rule} <a href="/borsellino">${words(visit.lang).toMovements}</a>`,
      }),
    ];
  });
  const absences = today.endings.map((ending) => endingAlert(ending, scope, visit));
  return [...absences, ...negative, ...isees];
}

function endingAlert(ending: Ending, scope: FamilyScope, visit: Visit): Html {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const link =
    scope.mayChange(ending.child) &&
    html`<a href="${childPath(ending.child)}/assenze">${w.resumeOrProlong}</a>`;
  if (ending.backOn && ending.to)
    return alert({
      tone: "info",
      title: w.absenceEnds(ending.child.name, f.day(ending.to)),
      body: html`${w.backOn(f.day(ending.backOn))} ${link}`,
    });
  return alert({
    tone: "info",
    title: w.absenceLasts(ending.child.name, ending.daysAway),
    body: html`${w.noEnd} ${link}`,
  });
}

function moneyPart(
  accounts: readonly AccountLine[],
  due: readonly string[],
  { paying, dues }: TodayMoney,
  lang: Lang,
): Html | null {
  if (accounts.length === 0 && due.length === 0) return null;
  const items = [
    ...due.map((label) => ({ href: "/pagamenti", label })),
    ...accounts.map((line) => ({
      href: "/borsellino",
      label: `${accountName(line, lang)}: ${formatEuro(line.balanceCents)}`,
    })),
  ];
  const w = payWords(lang);
  const pay =
    dues.length > 0 &&
    paying.online &&
    linkButton({ href: "/pagamenti", label: w.pay, kind: "primary" });
  const topUp =
    accounts.length > 0 && paying.notices && linkButton({ href: "/ricarica", label: w.topUp });
  return html`<h2 class="section-title">${words(lang).payments}</h2>
    ${linkList(items)}${(pay || topUp) && html`<div class="button-row">${pay}${topUp}</div>`}`;
}

/** What is already decided for the days to come. */
function comingPart(today: Today, visit: Visit): Html | null {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const until: Day = visit.today.add({ days: 14 });
  const items = today.rows.flatMap((row) =>
    row.days
      .filter(
        (on) =>
          isBefore(visit.today, on.date) &&
          isBefore(on.date, until) &&
          (on.day.kind === "closed" ||
            (on.day.kind === "service" &&
              ["cancelled", "plain", "absent-late"].includes(on.state))),
      )
      .map((on) => ({ row, on })),
  );
  if (items.length === 0) return null;
  items.sort((a, b) => Temporal.PlainDate.compare(a.on.date, b.on.date));
  const what = (on: (typeof items)[number]["on"]): string =>
    on.day.kind === "closed"
      ? w.serviceClosed
      : on.state === "plain"
        ? w.plainMeal
        : on.state === "cancelled"
          ? w.mealCancelled
          : w.absenceReported;
  return html`<h2 class="section-title">${w.coming}</h2>
    ${linkList(
      items.slice(0, 6).map(({ row, on }) => ({
        href: `${childPath(row.child)}/giorni/${on.date.toString()}?servizio=${row.service.code}`,
        label: `${capital(f.day(on.date))}: ${row.child.name}, ${what(on)}`,
      })),
    )}`;
}

function messagePart(message: Message | undefined, unread: number, lang: Lang): Html | null {
  if (!message) return null;
  const w = words(lang);
  return html`<h2 class="section-title">${w.lastMessage}</h2>
    ${linkList([
      {
        href: `/messaggi/${message.id}`,
        label: messageSubject(message, lang),
        note: message.readAt ? undefined : w.unread(unread),
      },
    ])}`;
}
