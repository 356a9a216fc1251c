// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { actionForm, linkList } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { childPath, inFamily, portalPage } from "../portal-page.ts";

/** GET /altro: everything that is not in the bottom bar. */
export function showMore(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (_tx, scope) =>
    portalPage(
      visit,
      { current: "more", scope },
      {
        h1: "Altro",
        body: html`<h2 class="section-title">Figli</h2>
          ${linkList(
            scope.children.map((child) => ({
              href: childPath(child),
              label: child.name,
              note: child.classLabel || undefined,
            })),
          )}
          <h2 class="section-title">Famiglia</h2>
          ${linkList([
            { href: "/dati", label: "Dati e contatti" },
            { href: "/borsellino", label: "Movimenti" },
            { href: "/ricevute", label: "Ricevute" },
            { href: "/verifica", label: "Verifica una ricevuta" },
            { href: "/aiuto", label: "Aiuto e contatti" },
          ])}
          <div class="button-row">
            ${actionForm({ action: "/esci", csrf: visit.csrf, label: "Esci", kind: "secondary", icon: "it-logout" })}
          </div>`,
      },
    ),
  );
}
