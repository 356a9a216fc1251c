// SPDX-License-Identifier: EUPL-1.2
/** Who the assertion says it is: SPID's attribute table, test suite cases 98–103 and 109. */
import { readCodiceFiscale } from "#kernel/codice-fiscale.ts";
import type { Day } from "#kernel/dates.ts";
import { ASSERTION as SAML } from "./names.ts";
import { attributeOf, childrenNamed, childrenOf, isNamed, textOf } from "./parse-xml.ts";
import {
  type AttributeReason,
  type PersonAttributes,
  type Protocol,
  refuse,
  type Refusal,
} from "./response-types.ts";

const MAX_VALUE = 300;
/** Said of organisations alone. */
const COMPANY = ["companyName", "registeredOffice", "ivaCode", "companyFiscalNumber"];

type Fault = Refusal<AttributeReason>;

export type ReadAttributes = (PersonAttributes & { readonly outcome: "read" }) | Fault;

export function readAttributes(assertion: Element, protocol: Protocol): ReadAttributes {
  const values = collect(assertion);
  if (!(values instanceof Map)) return values;
  const value = (name: string): string | null => values.get(name) || null;
  const number = readFiscalNumber(values, protocol);
  if (number.outcome === "refused") return number;
  const spidCode = value("spidCode");
  if (number.fiscalNumber === null && spidCode === null) return refuse("identifier-missing");
  const name = value("name");
  if (!name) return refuse("name-missing");
  const familyName = value("familyName");
  if (!familyName) return refuse("family-name-missing");
  const dateOfBirth = readDay(value("dateOfBirth"));
  if (!dateOfBirth) return refuse("date-of-birth");
  const { fiscalNumber } = number;
  const email = value("email");
  return { outcome: "read", fiscalNumber, name, familyName, dateOfBirth, email, spidCode };
}

/** Names to values; NameFormat and FriendlyName are of no weight. */
function collect(assertion: Element): Map<string, string> | Fault {
  const [statement, ...more] = childrenNamed(assertion, SAML, "AttributeStatement");
  const attributes = statement ? childrenOf(statement) : [];
  if (more.length > 0 || attributes.length === 0) return refuse("attribute-statement");
  const values = new Map<string, string>();
  for (const attribute of attributes) {
    const name = attributeOf(attribute, "Name") ?? "";
    const [value, ...others] = childrenOf(attribute);
    const isOne = value && others.length === 0 && isNamed(value, SAML, "AttributeValue");
    const text = isOne ? textOf(value) : null;
    if (!isNamed(attribute, SAML, "Attribute") || name === "" || text === null || !isPlain(text)) {
      return refuse("attribute-malformed", name);
    }
    if (values.has(name)) return refuse("attribute-duplicated", name);
    values.set(name, text);
  }
  return values;
}

/** A line of text: no control or invisible characters, which only serve to deceive who reads it. */
const isPlain = (text: string): boolean =>
  text.length <= MAX_VALUE && !/[\p{Cc}\p{Cf}]/u.test(text);

type FiscalNumber = { readonly outcome: "read"; readonly fiscalNumber: string | null } | Fault;

/** `TINIT-` and sixteen characters, checked to the last; eleven digits and `VATIT-` are organisations. */
function readFiscalNumber(values: ReadonlyMap<string, string>, protocol: Protocol): FiscalNumber {
  const text = values.get("fiscalNumber") ?? "";
  if (text === "") {
    if (COMPANY.some((name) => values.has(name))) return refuse("legal-person");
    if (protocol !== "eidas") return refuse("fiscal-number-missing");
    return { outcome: "read", fiscalNumber: null };
  }
  if (/^VATIT-/i.test(text) || /^TINIT-\d{11}$/i.test(text)) return refuse("legal-person");
  const code = /^TINIT-([A-Z0-9]{16})$/i.exec(text)?.[1];
  const read = code ? readCodiceFiscale(code) : null;
  if (read?.outcome !== "person") return refuse("fiscal-number-wrong");
  return { outcome: "read", fiscalNumber: read.codiceFiscale.code };
}

function readDay(text: string | null): Day | null {
  if (!text || !/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch {
    return null;
  }
}
