// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import type { FieldError } from "#ui/components.ts";
import { searchBox } from "#ui/components.ts";
import type { PageOptions } from "#ui/layout.ts";
import { visitPage } from "../web/frame.ts";
import type { Visit } from "../web/visit.ts";

export type Place =
  | "today"
  | "days"
  | "closures"
  | "bills"
  | "payments"
  | "disputes"
  | "tasks"
  | "calendar"
  | "tariffs"
  | "news"
  | "imports"
  | "settings";

const NAV: readonly { id: Place; label: string; href: string }[] = [
  { id: "today", label: "Oggi", href: "/ufficio" },
  { id: "days", label: "Giornate", href: "/ufficio/giornate" },
  { id: "closures", label: "Chiusure", href: "/ufficio/chiusure" },
  { id: "bills", label: "Avvisi", href: "/ufficio/avvisi" },
  { id: "payments", label: "Pagamenti", href: "/ufficio/pagamenti" },
  { id: "disputes", label: "Contestazioni", href: "/ufficio/contestazioni" },
  { id: "tasks", label: "Da sistemare", href: "/ufficio/compiti" },
  { id: "calendar", label: "Calendario", href: "/ufficio/calendario" },
  { id: "tariffs", label: "Tariffe", href: "/ufficio/tariffe" },
  { id: "news", label: "Novità", href: "/ufficio/novita" },
  { id: "imports", label: "Importazioni", href: "/ufficio/importazioni" },
  { id: "settings", label: "Impostazioni", href: "/ufficio/impostazioni" },
];

/** id of the part of the search page that changes as one types */
export const RESULTS_ID = "risultati";

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav" | "headerTools">;

/** A page of the office: navigation, search box in the header, wide content. */
export function officePage(
  visit: Visit,
  of: { readonly current: Place | null; readonly q?: string | undefined },
  options: Given,
): Html {
  const nav: NonNullable<PageOptions["nav"]> = { current: of.current, items: NAV };
  return visitPage(visit, {
    surface: "office",
    nav,
    wide: true,
    ...options,
    headerTools: options.print
      ? null
      : searchBox({
          action: "/ufficio/cerca",
          label: "Cerca bambino, famiglia, telefono, avviso, ricevuta",
          resultsId: RESULTS_ID,
          suggestPath: "/ufficio/cerca/suggerimenti",
          value: of.q ?? "",
        }),
  });
}

/** Values of a form as they were typed, and what is wrong with them. */
export interface FormState {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
}
