// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { datedSettings } from "#tenancy";
import { dataTable, definitionList } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { contactRows } from "./contacts.ts";
import { words } from "./legal-words.ts";

/** `/accessibilita`: what is checked, what is not, where to write (law 4/2004, art. 3-quater). */
export async function accessibilityPage(visit: Visit): Promise<Answer> {
  const { town, office } = visit.townSettings;
  const own = await visit.town.read(async (tx) =>
    (await datedSettings(tx)).town("accessibility", visit.today),
  );
  const email = own.email || office.emails[0];
  const phone = own.phone || office.phones[0];
  const w = words(visit.lang);
  return publicPage(visit, {
    current: null,
    h1: w.accessibility,
    lead: w.accessibilityLead(town.name),
    body: html`<h2>${w.built}</h2>
      ${points(w.builtPoints)}
      <h2>${w.limits}</h2>
      ${points(w.limitPoints)}
      <h2>${w.report}</h2>
      ${
        email || phone
          ? html`<p>
              ${w.reportHow}${
                email && html`: <a href="mailto:${email}">${email}</a>`
              }${phone && `, ${w.orCall}: ${phone}`}.
            </p>`
          : html`<p>${w.askOffice}</p>`
      }`,
  });
}

const points = (texts: readonly string[]): Html =>
  html`<ul>
    ${texts.map((text) => html`<li>${text}</li>`)}
  </ul>`;

/** `/privacy`: what, why, how long, rights, in one table. */
export function privacyPage(visit: Visit): Answer {
  const { town, office } = visit.townSettings;
  const w = words(visit.lang);
  return publicPage(visit, {
    current: null,
    h1: w.privacy,
    lead: w.controller(town.name, town.address),
    body: html`${dataTable({
        caption: w.usesTitle,
        columns: [{ label: w.data, header: true }, { label: w.why }, { label: w.who }],
        rows: w.uses,
      })}
      <h2>${w.basis}</h2>
      <p>${w.basisText}</p>
      <h2>${w.never}</h2>
      <p>${w.neverText}</p>
      <h2>${w.rights}</h2>
      <p>${w.rightsText}</p>
      ${definitionList([{ label: w.office, value: office.name }, ...contactRows(visit)])}`,
  });
}

/** `/note-legali`. */
export function legalPage(visit: Visit): Answer {
  const { town } = visit.townSettings;
  const w = words(visit.lang);
  return publicPage(visit, {
    current: null,
    h1: w.legal,
    body: html`${definitionList([
        { label: w.body, value: town.name },
        { label: w.address, value: town.address },
        ...(/[1-9]/.test(town.fiscalCode) ? [{ label: w.fiscalCode, value: town.fiscalCode }] : []),
      ])}
      <h2>${w.software}</h2>
      <p>${w.softwareText}</p>
      <h2>${w.receipts}</h2>
      <p>${w.receiptsText} <a href="/verifica">${w.verify}</a>.</p>
      ${
        visit.tenant.demo &&
        html`<h2>${w.demo}</h2>
          <p>${w.demoText}</p>`
      }`,
  });
}
