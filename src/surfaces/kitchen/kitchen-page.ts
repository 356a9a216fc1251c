// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { emptyState } from "#ui/components.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";
import { type KitchenScope, kitchenPath } from "./kitchen-scope.ts";

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav">;

/** A page for the kitchen: counts, classes and diet codes; never a name, a diagnosis or money. */
export function kitchenPage(
  visit: Visit,
  scope: KitchenScope | null,
  options: Given & { current: "order" | "changes" | "diets" | null },
): Html {
  const { current, ...rest } = options;
  const address = (page: string): string =>
    scope ? kitchenPath(visit, scope, page) : `/cucina${page}`;
  const open = scope && !scope.order.acknowledgement ? changeCount(scope) : 0;
  return visitPage(visit, {
    ...rest,
    surface: "kitchen",
    nav: {
      current,
      items: [
        { id: "order", label: "Ordine", href: address("") },
        {
          id: "changes",
          label: "Differenze",
          href: address("/differenze"),
          ...(open > 0 ? { count: open } : {}),
        },
        { id: "diets", label: "Diete", href: address("/diete") },
        ...(visit.actor && visit.actor.role !== "kitchen"
          ? [{ id: "office", label: "Ufficio", href: "/ufficio" }]
          : []),
      ],
    },
  });
}

export const changeCount = (scope: KitchenScope): number =>
  scope.order.sites.reduce((sum, { differences }) => sum + differences.length, 0);

export const noServicePage = (visit: Visit): Html =>
  kitchenPage(visit, null, {
    current: "order",
    h1: "Ordine",
    body: emptyState({ text: "Nessun servizio con i pasti.", icon: "it-calendar" }),
  });
