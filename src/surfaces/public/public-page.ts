// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import { portalNav } from "#ui/layout.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";
import { presentedStranger } from "./federation/stranger.ts";
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
  const stranger = visit.session ? null : presentedStranger(visit);
  return visitPage(visit, {
    ...rest,
    guest: stranger ? `${stranger.givenName} ${stranger.surname}` : undefined,
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

/**
 * A page about one's own access: a family reads it among its own pages, with the bar it knows. Whoever works here, or is
 * both, keeps the way to each of their places.
 */
export function ownPage(
  visit: Visit,
  options: Omit<Given, "surface" | "nav" | "back"> & { back?: Given["back"] },
): Html {
  const { lang, session, actor } = visit;
  const areas = areasOf(session?.roles ?? []);
  const back = options.back ?? { href: areas[0]?.home ?? "/servizi", label: words(lang).back };
  if (areas.length !== 1 || areas[0]?.role !== "guardian")
    return publicPage(visit, { ...options, back, current: null });
  const given = (actor?.delegations ?? []).flatMap(({ scopes }) => scopes);
  const isOnlyDelegate = actor?.role === "delegate";
  return visitPage(visit, {
    ...options,
    back: options.back ?? { href: "/altro", label: words(lang).back },
    surface: "portal",
    nav: portalNav("more", {
      lang,
      withPayments: !isOnlyDelegate || given.includes("payments"),
      withMessages: !isOnlyDelegate,
    }),
  });
}
