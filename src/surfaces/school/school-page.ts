// SPDX-License-Identifier: EUPL-1.2
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";
import { mayKeep, ownerOf } from "./offline/keep.ts";

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav">;

/** A page for the school: names, meals and diet codes; never money, debts or ISEE (domain.md "Who may do what"). */
export function schoolPage(
  visit: Visit,
  options: Given & {
    current: "classes" | "sheets" | null;
    /** the class of the page: changes kept on the tablet are named by it */
    className?: string;
  },
): Html {
  const { current, className, ...rest } = options;
  const isOffice = visit.actor !== null && visit.actor.role !== "school";
  return visitPage(visit, {
    ...rest,
    body: html`${keptHere(visit, className)}${rest.body}${mayKeep(visit) && keptForLater}`,
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

/** What only waits for the network: at the end of the page, so that no row moves under a finger. */
export const keptForLater = html`<section
  id="kept-later"
  class="kept"
  aria-label="Non ancora inviato"
  hidden
></section>`;

/** Where `client/school` shows what somebody must answer, and whose it is. Nothing of it without JavaScript. */
function keptHere(visit: Visit, className: string | undefined): Content {
  if (!mayKeep(visit)) return null;
  const set = attributes({
    id: "kept",
    class: "kept",
    "aria-label": "Modifiche salvate su questo tablet",
    "data-owner": ownerOf(visit),
    "data-today": visit.today.toString(),
    "data-class": className,
    hidden: true,
  });
  return html`<section ${set}></section>`;
}
