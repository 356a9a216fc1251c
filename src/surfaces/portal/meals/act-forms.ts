// SPDX-License-Identifier: EUPL-1.2
import type { MealAct } from "#booking";
import type { Service } from "#calendar";
import { type Day, sameDay } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import type { Html } from "#kernel/html.ts";
import { actionForm, type ButtonKind } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { ScopedChild } from "../family-scope.ts";
import { childPath } from "../portal-page.ts";
import { isCanteen } from "./service-words.ts";

/** The label of an act; with its day where the page shows several days. */
export function actLabel(act: MealAct, service: Service, when: string | null): string {
  const meal = isCanteen(service);
  switch (act) {
    case "cancel":
    case "unbook": {
      if (when === null) return meal ? "Disdici il pasto" : "Disdici il servizio";
      if (when === "di oggi") return meal ? "Disdici il pasto di oggi" : "Disdici per oggi";
      return `Disdici ${when}`;
    }
    case "restore":
      return "Annulla la disdetta";
    case "plain":
      return "Pasto in bianco";
    case "normal":
      return "Torna al pasto normale";
    case "book":
      return meal ? "Prenota il pasto" : "Prenota il servizio";
    case "report-absence":
      return "Segnala comunque l'assenza";
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
  },
): Html {
  const f = formats(visit.lang);
  const today = sameDay(of.date, visit.today);
  const when = of.named ? (today ? "di oggi" : f.day(of.date)) : null;
  const label = actLabel(of.act, of.service, when);
  return actionForm({
    action: `${childPath(of.child)}/pasti`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { servizio: of.service.code, giorno: of.date.toString(), atto: of.act },
    label,
    ariaLabel: `${label} per ${of.child.name}`,
    kind: of.kind ?? "primary",
    wide: of.wide ?? true,
    note: of.note,
  });
}
