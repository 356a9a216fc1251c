// SPDX-License-Identifier: EUPL-1.2
import {
  CONTACT_FIELDS,
  type ContactField,
  type Contacts,
  type Person,
  updateContacts,
} from "#families";
import type { WriteTx } from "#kernel/db/index.ts";
import type { Html } from "#kernel/html.ts";
import { errorFor, type FieldError, form, type Row, textField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { portalPage } from "../portal-page.ts";
import { words } from "./words.ts";

/** Whose contacts, and where the form lives. */
export interface ContactsOf {
  readonly person: Pick<Person, "id" | "givenName" | "surname"> & Contacts;
  /** the address of the form; without `/modifica` it is the page that shows the data */
  readonly path: string;
  readonly back: string;
  /** said above the fields */
  readonly note?: string | undefined;
}

export const contactRows = (person: Contacts, lang: Visit["lang"]): Row[] => {
  const w = words(lang);
  return CONTACT_FIELDS.map((field) => ({
    label: w.fields[field],
    value: person[field] || w.notGiven,
  }));
};

export function contactsPage(
  visit: Visit,
  scope: FamilyScope,
  of: ContactsOf,
  errors: readonly FieldError[],
): Html {
  const w = words(visit.lang);
  const { person, path } = of;
  const field = (name: ContactField, more: Partial<Parameters<typeof textField>[0]>): Html =>
    textField({
      name,
      label: w.fields[name],
      lang: visit.lang,
      value: person[name],
      optional: true,
      error: errorFor(errors, name),
      ...more,
    });
  return portalPage(
    visit,
    { current: "more", scope },
    {
      h1: w.editContacts,
      back: { href: path, label: of.back },
      lead: [`${person.givenName} ${person.surname}`, of.note].filter(Boolean).join(". "),
      errors,
      body: form({
        action: `${path}/modifica`,
        csrf: visit.csrf,
        key: visit.newKey(),
        submit: { label: w.save },
        cancel: { href: path },
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

/** Saves what the form gives; wrong fields come back with their words, the rest as it was written. */
export async function saveContactsOf(
  tx: WriteTx,
  visit: Visit,
  scope: FamilyScope,
  of: ContactsOf,
): Promise<Answer> {
  const w = words(visit.lang);
  const { actor, now: at } = visit;
  if (!actor) return forbidden;
  const given: Partial<Record<ContactField, string>> = {};
  for (const name of CONTACT_FIELDS)
    if (visit.fields.has(name)) given[name] = visit.fields.text(name);
  const result = await updateContacts(tx, { actor, personId: of.person.id, at, ...given });
  switch (result.outcome) {
    case "saved":
      return seeOther(of.path, w.saved);
    case "unchanged":
      return seeOther(of.path, w.sameAsBefore);
    case "invalid": {
      const errors = CONTACT_FIELDS.flatMap((field) => {
        const fault = result.faults[field];
        return fault ? [{ field, message: w.faults[fault] }] : [];
      });
      const person = { ...of.person, ...given };
      return withStatus(422, contactsPage(visit, scope, { ...of, person }, errors));
    }
    case "protected":
    case "not-allowed":
      return forbidden;
    case "unknown-person":
      return notFound;
  }
}
