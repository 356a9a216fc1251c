// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import { sameDay } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  type CalendarDay,
  checkboxes,
  chips,
  emptyState,
  form,
  linkButton,
  monthCalendar,
  type State,
  stateLegend,
} from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import { whyClosed } from "../../web/closure-reasons.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, rememberChild, type ScopedChild } from "../family-scope.ts";
import { canCancel, limitText } from "../meals/day-view.ts";
import { beforeAct, ownShare } from "../meals/meal-money.ts";
import { capital, isCanteen, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { childPath, inFamily, ofChild, portalPage, toToday } from "../portal-page.ts";
import {
  type ChildMonth,
  childMonth,
  isKnownMonth,
  type Month,
  type MonthDay,
  parseMonth,
} from "./month.ts";
import { words } from "./words.ts";

/** GET /calendario: the child seen last. */
export function openCalendar(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (_tx, scope) =>
    scope.lastChild ? seeOther(`${childPath(scope.lastChild)}/calendario`) : seeOther("/oggi"),
  );
}

interface Shown {
  scope: FamilyScope;
  child: ScopedChild;
  service: Service;
  month: Month;
  choosing: boolean;
  list: boolean;
}

/** GET /figli/:slug/calendario?mese=2026-11&servizio=mensa */
export function showMonth(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) => {
    rememberChild(visit, child);
    const services = scope.servicesOf(child.id).filter((one) => scope.isDaily(one, visit.today));
    const wanted = visit.query["servizio"];
    const service =
      wanted === undefined ? services[0] : services.find(({ code }) => code === wanted);
    if (!service) return wanted === undefined ? withoutDays(visit, scope, child) : notFound;
    const asked = visit.query["mese"];
    const month = asked === undefined ? visit.today.toPlainYearMonth() : parseMonth(asked);
    if (!month || (asked !== undefined && !isKnownMonth(scope, month))) return notFound;
    const shown: Shown = {
      scope,
      child,
      service,
      month,
      choosing: visit.query["scegli"] !== undefined,
      list: visit.query["vista"] === "elenco",
    };
    const data = await childMonth(tx, scope, visit, { child, service, month });
    return monthPage(visit, shown, services, data);
  });
}

function withoutDays(visit: Visit, scope: FamilyScope, child: ScopedChild): Html {
  return portalPage(
    visit,
    { current: "calendar", scope },
    {
      h1: words(visit.lang).of(child.name),
      back: toToday(visit.lang),
      body: html`${childChips(scope, child, visit.lang)}${emptyState({ text: words(visit.lang).noDays, icon: "it-calendar" })}`,
    },
  );
}

const address = (shown: Pick<Shown, "child" | "service">, month: Month, more = ""): string =>
  `${childPath(shown.child)}/calendario?mese=${month.toString()}&servizio=${shown.service.code}${more}`;

function monthPage(
  visit: Visit,
  shown: Shown,
  services: readonly Service[],
  data: ChildMonth,
): Html {
  const { scope, child, service, month, list } = shown;
  const w = words(visit.lang);
  const saturday = data.days.some(({ on }) => on.date.dayOfWeek === 6 && on.day.kind === "service");
  const step = (months: number): { href: string } | null => {
    const target = month.add({ months });
    const view = list ? "&vista=elenco" : "";
    return isKnownMonth(scope, target) ? { href: address(shown, target, view) } : null;
  };
  const states = [...new Set(data.days.map(({ view }) => view.state))];
  const serviceChips =
    services.length > 1 &&
    chips(
      w.services,
      services.map((one) => ({
        label: capital(shortName(one, visit.lang)),
        href: address({ child, service: one }, month),
        current: one.id === service.id,
      })),
    );
  return portalPage(
    visit,
    { current: "calendar", scope },
    {
      h1: w.of(child.name),
      back: toToday(visit.lang),
      body: html`${childChips(scope, child, visit.lang)}${serviceChips}${
        shown.choosing
          ? choosingForm(visit, shown, data)
          : html`${monthCalendar({
              month,
              days: data.days.map((one) => calendarDay(visit, shown, one)),
              saturday,
              view: list ? "list" : "grid",
              previous: step(-1),
              next: step(1),
              sum: monthSum(visit, shown, data),
              lang: visit.lang,
            })}
            ${monthActs(shown, data, visit.lang)}${stateLegend(states, visit.lang)}`
      }`,
    },
  );
}

function childChips(scope: FamilyScope, child: ScopedChild, lang: Lang): Html | null {
  if (scope.children.length < 2) return null;
  return chips(
    words(lang).children,
    scope.children.map((one) => ({
      label: one.name,
      href: `${childPath(one)}/calendario`,
      current: one.id === child.id,
    })),
  );
}

function calendarDay(visit: Visit, { child, service }: Shown, { on, view }: MonthDay): CalendarDay {
  const reason = on.day.kind === "closed" ? whyClosed(on.day, visit.lang) : undefined;
  const open = view.acts.some((act) => act !== "report-absence") && on.cutoffAt;
  const limit = open && limitText(on.cutoffAt!, on.date, visit.lang);
  return {
    date: on.date,
    state: view.state,
    word: wordFor(view.state, service, visit.lang) ?? view.word,
    today: sameDay(on.date, visit.today),
    href: `${childPath(child)}/giorni/${on.date.toString()}?servizio=${service.code}`,
    detail: reason ?? (limit ? shared(visit.lang).changeableUntil(bareLimit(limit)) : undefined),
  };
}

const bareLimit = (limit: string): string => limit.replace(/^alle /, "");

/** Services that are no canteen have no `No mensa`. */
const wordFor = (state: State, service: Service, lang: Lang): string | undefined =>
  state === "no-rientro" && !isCanteen(service) ? mealWords(lang).notForeseen : undefined;

/** `Novembre: 8 pasti, 36,80 €`: what was charged and what is still expected. */
function monthSum(visit: Visit, shown: Shown, data: ChildMonth): Html {
  const { month, service } = shown;
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const { charged, expected } = data;
  const meals = charged.meals + expected.meals;
  const counted = isCanteen(service) ? w.meals : w.days;
  const count = counted(meals);
  const name = capital(f.monthName(month.month));
  if (!shown.scope.seesMoney(shown.child)) return html`${name}: ${count}`;
  if (data.money?.model === "fixed-fee")
    return html`${name}: ${count}. ${beforeAct(data.money, visit.lang)}`;
  if (expected.meals > 0 && expected.cents === null) return html`${name}: ${count}`;
  const total = charged.cents + (expected.cents ?? 0n);
  const part = charged.meals > 0 && expected.meals > 0;
  const share = ownShare(data.money, visit.lang);
  return html`${name}: ${count},
  ${formatEuro(total)}${part && html`; <span class="quiet">${w.alreadyCharged(counted(charged.meals), formatEuro(charged.cents))}</span>`}${share && `. ${share}`}`;
}

function monthActs(shown: Shown, data: ChildMonth, lang: Lang): Html {
  const w = words(lang);
  const { child, month, list } = shown;
  const open = data.days.filter(({ on }) => canCancel(on)).length;
  const mayReport =
    shown.scope.mayChange(child) &&
    data.days.some(({ on }) => on.familiesReport && on.mode !== "opt-in");
  return html`<div class="button-row">
    ${mayReport && linkButton({ href: `${childPath(child)}/assenze/nuova`, label: w.severalDays, kind: "primary" })}${
      open > 1 && linkButton({ href: address(shown, month, "&scegli=1"), label: w.chooseDays })
    }${linkButton({ href: address(shown, month, list ? "" : "&vista=elenco"), label: list ? w.monthView : w.listView, kind: "quiet" })}
  </div>`;
}

/** The days that can still be given up, as boxes; one request, one receipt for each day. */
function choosingForm(visit: Visit, shown: Shown, data: ChildMonth): Html {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const { child, service, month } = shown;
  const open = data.days.filter(({ on }) => canCancel(on));
  const back = { href: address(shown, month), label: w.toCalendar };
  if (open.length === 0)
    return emptyState({
      text: w.nothingOpen,
      icon: "it-calendar",
      action: linkButton(back),
    });
  return form({
    action: `${childPath(child)}/giorni`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { servizio: service.code },
    submit: { label: w.cancelDays },
    cancel: back,
    body: [
      html`<h2 class="section-title">${capital(f.month(month))}</h2>`,
      checkboxes({
        name: "giorno",
        label: w.whichDays,
        lang: visit.lang,
        hint: beforeAct(data.money, visit.lang),
        choices: open.map(({ on }) => ({
          value: on.date.toString(),
          label: capital(f.day(on.date)),
          ...(on.cutoffAt
            ? { hint: w.limitHint(limitText(on.cutoffAt, on.date, visit.lang)) }
            : {}),
        })),
      }),
    ],
  });
}
