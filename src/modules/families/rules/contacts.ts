// SPDX-License-Identifier: EUPL-1.2
import { isEmail } from "#kernel/email.ts";
import { isFormula } from "#kernel/name-fault.ts";
import type { Person } from "./person.ts";

/** What a family may change by itself (BO-25, PE-05). */
export const CONTACT_FIELDS = ["email", "phone", "address", "postalCode", "city"] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];
export type Contacts = Pick<Person, ContactField>;

export type ContactFault =
  | "email-format"
  | "phone-format"
  | "postal-code-format"
  | "too-long"
  | "formula";
export type CheckedContacts =
  | { outcome: "ok"; contacts: Partial<Contacts> }
  | { outcome: "invalid"; faults: Partial<Record<ContactField, ContactFault>> };

const LONGEST: Record<ContactField, number> = {
  email: 254,
  phone: 20,
  address: 120,
  postalCode: 5,
  city: 60,
};
const CONTROL = /\p{C}+/gu;

/** Tidies and checks the given fields; an empty text clears a field. */
export function checkContacts(given: Partial<Contacts>): CheckedContacts {
  const contacts: Partial<Record<ContactField, string>> = {};
  const faults: Partial<Record<ContactField, ContactFault>> = {};
  for (const field of CONTACT_FIELDS) {
    const value = given[field];
    if (value === undefined) continue;
    const tidy = tidyContact(field, value);
    const fault = faultOf(field, tidy);
    if (fault) faults[field] = fault;
    else contacts[field] = tidy;
  }
  return Object.keys(faults).length > 0
    ? { outcome: "invalid", faults }
    : { outcome: "ok", contacts };
}

function tidyContact(field: ContactField, value: string): string {
  const text = value.normalize("NFC").replace(CONTROL, " ").replace(/\s+/g, " ").trim();
  if (field === "email") return text.toLowerCase();
  // `0039 333/12.34.567` → `+39 3331234567`
  if (field === "phone") {
    const digits = text.replace(/[\s./()-]/g, "").replace(/^00/, "+");
    return digits.replace(/^(\+39)(\d)/, "$1 $2");
  }
  return text;
}

function faultOf(field: ContactField, value: string): ContactFault | null {
  if (value === "") return null;
  if (value.length > LONGEST[field]) return field === "phone" ? "phone-format" : "too-long";
  if ((field === "address" || field === "city") && isFormula(value)) return "formula";
  if (field === "email" && !isEmail(value)) return "email-format";
  if (field === "phone" && !/^(\+\d{1,3} ?)?\d{6,13}$/.test(value)) return "phone-format";
  if (field === "postalCode" && !/^\d{5}$/.test(value)) return "postal-code-format";
  return null;
}
