// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";
import { areasOf } from "./sign-in/areas.ts";

type Given = Parameters<typeof visitPage>[1];

/** A page that anyone may open; whoever has signed in finds the way to their own pages in the navigation. */
export function publicPage(
  visit: Visit,
  options: Omit<Given, "surface" | "nav"> & { current: "services" | "desk" | "enter" | null },
): Html {
  const { current, ...rest } = options;
  const own = areasOf(visit.session?.roles ?? []);
  const enter =
    own.length > 0
      ? own.map(({ role, label, home }) => ({ id: role, label, href: home }))
      : [{ id: "enter", label: "Entra", href: "/accedi" }];
  return visitPage(visit, {
    ...rest,
    surface: "public",
    nav: {
      current,
      items: [
        { id: "services", label: "Servizi", href: "/servizi" },
        { id: "desk", label: "Sportello", href: "/sportello" },
        ...enter,
      ],
    },
  });
}
