// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { emptyState } from "#ui/components.ts";
import { visitPage } from "../../web/frame.ts";
import type { Visit } from "../../web/visit.ts";

export const CATERER_HOME = "/ristorazione";

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav">;

/** A page for the catering company: numbers only, never a name, a class, a diet code or money. */
export function catererPage(
  visit: Visit,
  current: "day" | "month" | "news" | null,
  options: Given,
): Html {
  const isCaterer = visit.actor?.role === "caterer";
  return visitPage(visit, {
    ...options,
    surface: "kitchen",
    nav: {
      current,
      items: [
        { id: "day", label: "Pasti del giorno", href: CATERER_HOME },
        { id: "month", label: "Mese", href: `${CATERER_HOME}/mese` },
        isCaterer
          ? { id: "news", label: "Novità", href: `${CATERER_HOME}/novita` }
          : { id: "office", label: "Ufficio", href: "/ufficio" },
      ],
    },
  });
}

export const noMealsPage = (visit: Visit, current: "day" | "month"): Html =>
  catererPage(visit, current, {
    h1: "Pasti",
    body: emptyState({ text: "Nessun servizio con i pasti.", icon: "it-calendar" }),
  });
