// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav">;

/** A page for the school: names, meals and diet codes; never money, debts or ISEE (domain.md "Who may do what"). */
export function schoolPage(
  visit: Visit,
  options: Given & { current: "classes" | "sheets" | null },
): Html {
  const { current, ...rest } = options;
  const isOffice = visit.actor !== null && visit.actor.role !== "school";
  return visitPage(visit, {
    ...rest,
    surface: "school",
    nav: {
      current,
      items: [
        { id: "classes", label: "Classi", href: "/scuola" },
        { id: "sheets", label: "Fogli da stampare", href: "/scuola/fogli" },
        ...(isOffice ? [{ id: "office", label: "Ufficio", href: "/ufficio" }] : []),
      ],
    },
  });
}
