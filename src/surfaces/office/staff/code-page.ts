// SPDX-License-Identifier: EUPL-1.2
import { groupedCode, STAFF_CODE_DAYS } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { alert, definitionList, linkButton, printButton } from "#ui/components.ts";
import { townOrigin } from "../../web/town-origin.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { STAFF_BACK, STAFF_PAGE } from "./staff-words.ts";

/** The code for a password, told once: nobody reads it again, not even here. */
export function codePage(
  visit: Visit,
  of: { accountId: string; name: string; username: string; code: string },
): Html {
  const until = formats("it").day(dayOf(visit.now.add({ hours: 24 * STAFF_CODE_DAYS })));
  const address = `${townOrigin(visit.app, visit.tenant)}/accedi/attiva`;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Codice di attivazione",
      back: STAFF_BACK,
      wide: false,
      focusHeading: true,
      lead: `Da consegnare a ${of.name}.`,
      body: html`<div class="screen-only">
          ${alert({
            tone: "warning",
            title: "Il codice si vede solo adesso",
            body: "Si stampa o si copia, e si consegna alla persona. Se si perde, se ne fa un altro.",
          })}
        </div>
        ${definitionList([
          { label: "Indirizzo", value: address },
          { label: "Codice utente", value: of.username },
          {
            label: "Codice di attivazione",
            value: html`<strong class="secret-key">${groupedCode(of.code)}</strong>`,
          },
        ])}
        <h2 class="section-title">Primo accesso</h2>
        <ol>
          <li>Aprire l'indirizzo.</li>
          <li>Scrivere il codice utente e il codice di attivazione.</li>
          <li>Scegliere una password di almeno 12 caratteri: va bene una breve frase.</li>
        </ol>
        <p>Il codice vale una volta sola, fino a ${until}.</p>
        <div class="button-row">
          ${printButton()}
          ${linkButton({ href: `${STAFF_PAGE}/${of.accountId}`, label: "Vai alla persona" })}
        </div>`,
    },
  );
}
