// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { definitionList, linkButton } from "#ui/components.ts";
import { visitPage } from "../../web/frame.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officeHours, officeRows } from "../payments/how-to-pay.ts";
import { toToday } from "../portal-page.ts";
import { words } from "./help-words.ts";
import { words as moreWords } from "./words.ts";

/** Staff without an open desk have no page `Oggi`. */
const hasFamily = ({ session }: Visit): boolean =>
  session !== null && (session.roles.includes("guardian") || session.row.deskHolderId !== null);

/** GET /aiuto: public, because it is needed most when nobody can get in. */
export function help(visit: Visit): Answer {
  const w = words(visit.lang);
  const hours = officeHours(visit);
  return visitPage(visit, {
    surface: "public",
    h1: w.title,
    ...(hasFamily(visit) ? { back: toToday(visit.lang) } : {}),
    body: html`<h2 class="section-title">${w.office}</h2>
      ${definitionList(officeRows(visit))}
      ${
        hours &&
        html`<h2 class="section-title">${w.hours}</h2>
          ${hours}`
      }
      <h2 class="section-title">${w.questionsTitle}</h2>
      ${w.questions.map(
        ([question, answer]) =>
          html`<details>
            <summary>${question}</summary>
            <p>${answer}</p>
          </details>`,
      )}
      <div class="button-row">
        ${linkButton({ href: "/verifica", label: moreWords(visit.lang).verifyReceipt })}
      </div>`,
  });
}
