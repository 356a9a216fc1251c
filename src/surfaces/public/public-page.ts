// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";
import { areasOf } from "./sign-in/areas.ts";
import { words } from "./sign-in/words.ts";

type Given = Parameters<typeof visitPage>[1];

/** A page that anyone may open; whoever has signed in finds the way to their own pages in the navigation. */
export function publicPage(
  visit: Visit,
  options: Omit<Given, "surface" | "nav"> & { current: "services" | "desk" | "enter" | null },
): Html {
  const { current, ...rest } = options;
  const w = words(visit.lang);
  const own = areasOf(visit.session?.roles ?? []);
  const enter =
    own.length > 0
      ? own.map(({ role, home }) => ({ id: role, label: w.areas[role], href: home }))
      : [{ id: "enter", label: w.enter, href: "/accedi" }];
  return visitPage(visit, {
    ...rest,
    surface: "public",
    nav: {
      current,
      items: [
        { id: "services", label: w.services, href: "/servizi" },
        { id: "desk", label: w.desk, href: "/sportello" },
        ...enter,
      ],
    },
  });
}
