// SPDX-License-Identifier: EUPL-1.2
import {
  CONTACT_FIELDS,
  type ContactField,
  type Contacts,
  holder,
  person,
  type Person,
  updateContacts,
} from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { type AppliedIsee, iseesOn } from "#tariffs";
import {
  definitionList,
  errorFor,
  type FieldError,
  form,
  linkButton,
  linkList,
  type Row,
  textField,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { childPath, inFamily, portalPage } from "../portal-page.ts";
import { words } from "./words.ts";

/** GET /dati: the family's data (BO-25, PE-05). */
export function showData(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const adult = await person(tx, scope.personId);
    if (!adult) return notFound;
    const childIds = scope.children.map(({ id }) => id);
    const isees = await iseesOn(tx, { childIds, date: visit.today });
    const codes = await paymentCodes(tx, scope);
    const w = words(visit.lang);
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: w.data,
        back: { href: "/altro", label: w.more },
        body: html`<h2 class="section-title">${adult.givenName} ${adult.surname}</h2>
          ${definitionList(personRows(adult, codes, w))}
          <div class="button-row">
            ${linkButton({ href: "/dati/modifica", label: w.editContacts, kind: "primary" })}
          </div>
          <h2 class="section-title">ISEE</h2>
          ${definitionList(iseeRows(scope, isees, visit))}
          <h2 class="section-title">${w.children}</h2>
          ${linkList(
            scope.children.map((child) => ({
              href: childPath(child),
              label: child.name,
              note: [child.classLabel, child.siteName].filter(Boolean).join(", ") || undefined,
            })),
          )}`,
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

function personRows(adult: Person, codes: readonly string[], w: ReturnType<typeof words>): Row[] {
  const shown = (field: ContactField): Row => ({
    label: w.fields[field],
    value: adult[field] || w.notGiven,
  });
  return [
    { label: w.codiceFiscale, value: adult.codiceFiscale ?? w.notRecorded },
    ...(codes.length > 0 ? [{ label: w.paymentCode, value: codes.join(", ") }] : []),
    ...CONTACT_FIELDS.map(shown),
  ];
}

/** `Vale fino al 31 dicembre; poi tariffa piena.` */
function iseeRows(scope: FamilyScope, isees: readonly AppliedIsee[], visit: Visit): Row[] {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  return scope.children.map((child) => {
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
    return adult ? editPage(visit, scope, adult, []) : notFound;
  });
}

function editPage(
  visit: Visit,
  scope: FamilyScope,
  shown: Pick<Person, "givenName" | "surname"> & Contacts,
  errors: readonly FieldError[],
): Html {
  const w = words(visit.lang);
  const field = (name: ContactField, more: Partial<Parameters<typeof textField>[0]>): Html =>
    textField({
      name,
      label: w.fields[name],
      lang: visit.lang,
      value: shown[name],
      optional: true,
      error: errorFor(errors, name),
      ...more,
    });
  return portalPage(
    visit,
    { current: "more", scope },
    {
      h1: w.editContacts,
      back: { href: "/dati", label: w.data },
      lead: `${shown.givenName} ${shown.surname}`,
      errors,
      body: form({
        action: "/dati/modifica",
        csrf: visit.csrf,
        key: visit.newKey(),
        submit: { label: w.save },
        cancel: { href: "/dati" },
        lang: visit.lang,
        body: [
          field("email", {
            type: "email",
            autocomplete: "email",
            inputmode: "email",
            maxlength: 254,
          }),
          field("phone", { type: "tel", autocomplete: "tel", inputmode: "tel", maxlength: 24 }),
          field("address", { autocomplete: "address-line1", maxlength: 120 }),
          field("postalCode", {
            autocomplete: "postal-code",
            inputmode: "numeric",
            maxlength: 5,
            width: "short",
          }),
          field("city", { autocomplete: "address-level2", maxlength: 60 }),
        ],
      }),
    },
  );
}

/** POST /dati/modifica */
export function saveData(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope || !visit.actor) return forbidden;
    const adult = await person(tx, scope.personId);
    if (!adult) return notFound;
    const given: Partial<Record<ContactField, string>> = {};
    for (const name of CONTACT_FIELDS)
      if (visit.fields.has(name)) given[name] = visit.fields.text(name);
    const { actor, now: at } = visit;
    const result = await updateContacts(tx, { actor, personId: scope.personId, at, ...given });
    switch (result.outcome) {
      case "saved":
        return seeOther("/dati", w.saved);
      case "unchanged":
        return seeOther("/dati", w.sameAsBefore);
      case "invalid": {
        const errors = CONTACT_FIELDS.flatMap((field) => {
          const fault = result.faults[field];
          return fault ? [{ field, message: w.faults[fault] }] : [];
        });
        return withStatus(422, editPage(visit, scope, { ...adult, ...given }, errors));
      }
      case "not-allowed":
        return forbidden;
      case "unknown-person":
        return notFound;
    }
  });
}
