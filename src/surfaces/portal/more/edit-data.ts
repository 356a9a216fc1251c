// SPDX-License-Identifier: EUPL-1.2
import { correctionsAskedBy, holder, person, type Person } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { type AppliedIsee, iseesOn } from "#tariffs";
import { definitionList, linkButton, linkList, type Row } from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope, type ScopedChild } from "../family-scope.ts";
import { childPath, inFamily, portalPage } from "../portal-page.ts";
import { contactRows, contactsPage, type ContactsOf, saveContactsOf } from "./contacts-form.ts";
import { MOST_SHOWN, requestsPart } from "./corrections.ts";
import { DELEGATES, namesDelegates } from "../delegates/delegates-page.ts";
import { words as delegateWords } from "../delegates/words.ts";
import { words as accessWords } from "./access-words.ts";
import { ACCESSES } from "./show-accesses.ts";
import { words } from "./words.ts";

/** GET /dati: the family's data (BO-25, PE-05). */
export function showData(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const adult = await person(tx, scope.personId);
    if (!adult) return notFound;
    const childIds = scope.children.map(({ id }) => id);
    const isees = await iseesOn(tx, { childIds, date: visit.today });
    const codes = await paymentCodes(tx, scope);
    const requests = await correctionsAskedBy(tx, scope.personId, MOST_SHOWN);
    const w = words(visit.lang);
    const isHolder = await namesDelegates(tx, visit);
    const paid = scope.children.filter((child) => isPaidFor(scope, child));
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: w.data,
        back: { href: "/altro", label: w.more },
        body: html`<h2 class="section-title">${adult.givenName} ${adult.surname}</h2>
          ${definitionList(personRows(adult, codes, visit.lang))}
          ${adult.contactsProtected && html`<p class="quiet">${w.ownContactsKept}</p>`}
          <div class="button-row">
            ${linkButton({ href: "/dati/modifica", label: w.editContacts, kind: "primary" })}
            ${
              !scope.isOnlyDelegate &&
              html`${linkButton({ href: "/dati/correzione", label: w.askCorrection })}
              ${isHolder && linkButton({ href: DELEGATES, label: delegateWords(visit.lang).delegates })}
              ${linkButton({ href: ACCESSES, label: accessWords(visit.lang).familyTitle })}`
            }
          </div>
          ${
            paid.length > 0 &&
            html`<h2 class="section-title">ISEE</h2>
              ${definitionList(iseeRows(paid, isees, visit))}`
          }
          <h2 class="section-title">${w.children}</h2>
          ${linkList(
            scope.children.map((child) => ({
              href: scope.isOwn(child) ? `${childPath(child)}/dati` : childPath(child),
              label: child.name,
              note: [child.classLabel, child.siteName].filter(Boolean).join(", ") || undefined,
            })),
          )}
          ${requestsPart(requests, visit.lang)}`,
      },
    );
  });
}

async function paymentCodes(tx: ReadTx, scope: FamilyScope): Promise<string[]> {
  const codes: string[] = [];
  for (const id of scope.holderIds) {
    const found = await holder(tx, id);
    if (found) codes.push(found.paymentCode);
  }
  return codes;
}

function personRows(adult: Person, codes: readonly string[], lang: Visit["lang"]): Row[] {
  const w = words(lang);
  return [
    { label: w.codiceFiscale, value: adult.codiceFiscale ?? w.notRecorded },
    ...(codes.length > 0 ? [{ label: w.paymentCode, value: codes.join(", ") }] : []),
    ...contactRows(adult, lang),
  ];
}

/** An ISEE tells what the child's household earns: of separated parents, and of their delegates, whoever pays reads it. */
const isPaidFor = (scope: FamilyScope, child: ScopedChild): boolean =>
  scope.seesMoney(child) &&
  ["", ...scope.services.map(({ id }) => id)].some((id) => scope.payersOf(child, id).length > 0);

/** `Vale fino al 31 dicembre; poi tariffa piena.` */
function iseeRows(
  paid: readonly ScopedChild[],
  isees: readonly AppliedIsee[],
  visit: Visit,
): Row[] {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  return paid.map((child) => {
    const isee = isees.find(({ childId }) => childId === child.id);
    const until = isee && parseDay(isee.validTo);
    return {
      label: child.name,
      value:
        isee && until
          ? w.iseeUntil(formatEuro(isee.valueCents), `${f.dayAndMonth(until)} ${until.year}`)
          : w.noIsee,
    };
  });
}

/** GET /dati/modifica */
export function editData(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const adult = await person(tx, scope.personId);
    return adult ? contactsPage(visit, scope, ownContacts(visit, adult), []) : notFound;
  });
}

const ownContacts = (visit: Visit, adult: Person): ContactsOf => ({
  person: adult,
  path: "/dati",
  back: words(visit.lang).data,
});

/** POST /dati/modifica */
export function saveData(visit: Visit): Promise<Answer> {
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const adult = await person(tx, scope.personId);
    return adult ? saveContactsOf(tx, visit, scope, ownContacts(visit, adult)) : notFound;
  });
}
