// SPDX-License-Identifier: EUPL-1.2
import type { MealAct } from "#booking";
import type { Service } from "#calendar";
import { type Day, sameDay } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import type { Html } from "#kernel/html.ts";
import { actionForm, type ButtonKind } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { ScopedChild } from "../family-scope.ts";
import { childPath } from "../portal-page.ts";
import { isCanteen } from "./service-words.ts";
import { words } from "./words.ts";

/** The label of an act; with its day where the page shows several days (`today`: the one that needs no name). */
function actLabel(
  act: MealAct,
  service: Service,
  of: { on: Day | null; countsFor: Day | null; today: Day; lang: Lang },
): string {
  const meal = isCanteen(service);
  const w = words(of.lang);
  if (of.countsFor) return w.cancelFor(formats(of.lang).day(of.countsFor));
  switch (act) {
    case "cancel":
    case "unbook": {
      if (of.on === null) return meal ? w.cancelMeal : w.cancelService;
      if (sameDay(of.on, of.today)) return meal ? w.cancelMealToday : w.cancelServiceToday;
      return w.cancelOn(formats(of.lang).day(of.on));
    }
    case "restore":
      return of.on === null || sameDay(of.on, of.today)
        ? w.restore
        : w.restoreOn(formats(of.lang).day(of.on));
    case "plain":
      return w.plain;
    case "normal":
      return w.normal;
    case "book":
      return meal ? w.bookMeal : w.bookService;
    case "report-absence":
      return w.reportAnyway;
  }
}

/** One act on one day as a form of its own: one tap, one receipt. */
export function actForm(
  visit: Visit,
  of: {
    act: MealAct;
    child: ScopedChild;
    service: Service;
    date: Day;
    /** name the day in the label */
    named?: boolean;
    kind?: ButtonKind;
    wide?: boolean;
    note?: string | undefined;
    /** late for its own day: the one that the cancellation will count for */
    countsFor?: Day | null;
    /** a late absence is taken back: nothing was cancelled */
    takesBack?: boolean;
  },
): Html {
  const { lang, today } = visit;
  const { countsFor = null } = of;
  const on = of.named ? of.date : null;
  const label = of.takesBack
    ? words(lang).takeBack
    : actLabel(of.act, of.service, { on, countsFor, today, lang });
  return actionForm({
    action: `${childPath(of.child)}/pasti`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: {
      servizio: of.service.code,
      giorno: of.date.toString(),
      atto: of.act,
      ...(countsFor ? { per: countsFor.toString() } : {}),
    },
    label,
    ariaLabel: words(lang).actFor(label, of.child.name),
    kind: of.kind ?? "primary",
    wide: of.wide ?? true,
    note: of.note,
  });
}
