// SPDX-License-Identifier: EUPL-1.2
import { areContactsProtected, person, type Person } from "#families";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { definitionList, linkButton, linkRow, type Row } from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { familyScope, type ScopedChild } from "../family-scope.ts";
import { childPath, ofOwnChild, portalPage } from "../portal-page.ts";
import { contactRows, contactsPage, type ContactsOf, saveContactsOf } from "./contacts-form.ts";
import { words } from "./words.ts";

/** GET /figli/:slug/dati: what is recorded about a child; contacts to change, the rest to have corrected (BO-25, PE-05). */
export function showChildData(visit: Visit): Promise<Answer> {
  return ofOwnChild(visit, async (tx, scope, child) => {
    const found = await person(tx, child.id);
    if (!found) return notFound;
    const w = words(visit.lang);
    const path = `${childPath(child)}/dati`;
    const isKept = await areContactsProtected(tx, { childId: child.id, date: visit.today });
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: `${found.givenName} ${found.surname}`,
        back: { href: "/dati", label: w.data },
        body: html`${definitionList(recordRows(found, child, visit))}
          <div class="button-row">
            ${linkButton({ href: `/dati/correzione?di=${child.slug}`, label: w.askCorrection })}
          </div>
          <h2 class="section-title">${w.contacts}</h2>
          ${isKept ? html`<p>${w.contactsKept}</p>` : definitionList(contactRows(found, visit.lang))}
          <div class="button-row">
            ${!isKept && linkButton({ href: `${path}/modifica`, label: w.editContacts, kind: "primary" })}
            ${linkButton({ href: childPath(child), label: w.servicesOf(child.name) })}
          </div>
          ${linkRow([html`<a href="${childPath(child)}/accessi">${w.whoSaw}</a>`])}`,
      },
    );
  });
}

function recordRows(of: Person, child: ScopedChild, visit: Visit): Row[] {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const born = of.birthDate
    ? [`${f.dayAndMonth(of.birthDate)} ${of.birthDate.year}`, of.birthPlace]
        .filter(Boolean)
        .join(", ")
    : w.notRecorded;
  return [
    { label: w.codiceFiscale, value: of.codiceFiscale ?? w.notRecorded },
    { label: w.born, value: born },
    { label: w.school, value: child.siteName || w.notAssigned },
    { label: w.schoolClass, value: child.classLabel || w.notAssigned },
  ];
}

const contactsOf = (visit: Visit, child: ScopedChild, found: Person): ContactsOf => ({
  person: found,
  path: `${childPath(child)}/dati`,
  back: `${found.givenName} ${found.surname}`,
  note: words(visit.lang).residencyNote,
});

/** GET /figli/:slug/dati/modifica */
export function editChildData(visit: Visit): Promise<Answer> {
  return ofOwnChild(visit, async (tx, scope, child) => {
    const found = await person(tx, child.id);
    if (!found) return notFound;
    if (await areContactsProtected(tx, { childId: child.id, date: visit.today })) return forbidden;
    return contactsPage(visit, scope, contactsOf(visit, child, found), []);
  });
}

/** POST /figli/:slug/dati/modifica */
export function saveChildData(visit: Visit): Promise<Answer> {
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const child = scope.childBySlug(visit.params["slug"]);
    const found = child && (await person(tx, child.id));
    return child && found
      ? saveContactsOf(tx, visit, scope, contactsOf(visit, child, found))
      : notFound;
  });
}
