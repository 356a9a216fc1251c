// SPDX-License-Identifier: EUPL-1.2
/** BO-04: what pagoPA needs and nobody has given yet is asked for on the spot; then the payment goes on. */
import { correctCodiceFiscale, people, type Person, updateContacts } from "#families";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { checkbox, errorFor, type FieldError, textField } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { words } from "./words.ts";

/** One thing that is not known. */
export interface Gap {
  what: "email" | "codice-fiscale";
  person: Person;
  isChild: boolean;
  field: string;
}

const WITHOUT_CODE = new Set<Person["codiceFiscaleState"]>(["missing", "provisional"]);

/** Of the adult who pays and of the children it is for. */
export async function missingData(
  tx: ReadTx,
  scope: FamilyScope,
  children: readonly ScopedChild[],
): Promise<Gap[]> {
  const found = await people(tx, [scope.personId, ...children.map(({ id }) => id)]);
  const adult = found.find(({ id }) => id === scope.personId);
  const gaps: Gap[] = [];
  if (adult?.email === "")
    gaps.push({ what: "email", person: adult, isChild: false, field: "email" });
  const ofCode = (person: Person | undefined, field: string, isChild: boolean): void => {
    if (person && WITHOUT_CODE.has(person.codiceFiscaleState))
      gaps.push({ what: "codice-fiscale", person, isChild, field });
  };
  ofCode(adult, "cf", false);
  for (const { id, slug } of children)
    ofCode(
      found.find((person) => person.id === id),
      `cf-${slug}`,
      true,
    );
  return gaps;
}

/** The short form inside the summary; nothing when nothing is missing. */
export function missingFields(
  gaps: readonly Gap[],
  visit: Visit,
  errors: readonly FieldError[],
): Html | null {
  if (gaps.length === 0) return null;
  const { lang, fields } = visit;
  const w = words(lang);
  return html`<h2 class="section-title">${w.missingTitle}</h2>
    <p>${w.missingWhy}</p>
    ${gaps.map((gap) => {
      const common = {
        name: gap.field,
        label: labelOf(gap, lang),
        lang,
        value: fields.text(gap.field),
        error: errorFor(errors, gap.field),
      };
      return gap.what === "email"
        ? textField({
            ...common,
            hint: w.emailHint,
            type: "email",
            inputmode: "email",
            autocomplete: "email",
            maxlength: 254,
          })
        : textField({ ...common, hint: w.codeHint, maxlength: 20 });
    })}
    ${checkbox({ name: "senza", label: w.without, hint: withoutHint(gaps, lang), lang, checked: fields.has("senza") })}`;
}

/** What going on costs, of the data that are missing here. */
function withoutHint(gaps: readonly Gap[], lang: Lang): string {
  const w = words(lang);
  const lacks = (what: Gap["what"]): boolean => gaps.some((gap) => gap.what === what);
  return [w.withoutHint, lacks("email") && w.withoutEmail, lacks("codice-fiscale") && w.withoutCode]
    .filter(Boolean)
    .join(" ");
}

const labelOf = (gap: Gap, lang: Lang): string => {
  const w = words(lang);
  if (gap.what === "email") return w.email;
  return w.codeOf(`${gap.person.givenName} ${gap.person.surname}`);
};

/**
 * Saves what was given. Errors for what is wrong, and for what is missing unless the payer goes on without (`senza`):
 * the notice is then of an unnamed debtor, and the office has the person on its list.
 */
export async function saveMissing(
  tx: WriteTx,
  visit: Visit,
  gaps: readonly Gap[],
): Promise<FieldError[]> {
  const { actor, fields, now: at, lang } = visit;
  if (!actor) throw new Error("nobody pays");
  const w = words(lang);
  const errors: FieldError[] = [];
  // house-allow query-in-loop: a form of two or three fields, each its own operation
  for (const gap of gaps) {
    const given = fields.text(gap.field);
    const message =
      given === ""
        ? fields.has("senza")
          ? null
          : w.missing(labelOf(gap, lang))
        : await save(tx, { actor, at, gap, given, lang });
    if (message) errors.push({ field: gap.field, message });
  }
  return errors;
}

async function save(
  tx: WriteTx,
  of: {
    actor: NonNullable<Visit["actor"]>;
    at: Visit["now"];
    gap: Gap;
    given: string;
    lang: Lang;
  },
): Promise<string | null> {
  const { actor, at, gap, given } = of;
  const w = words(of.lang);
  const personId = gap.person.id;
  if (gap.what === "email") {
    const saved = await updateContacts(tx, { actor, personId, at, email: given });
    return saved.outcome === "invalid"
      ? w.wrongEmail
      : saved.outcome === "not-allowed"
        ? w.notHere
        : null;
  }
  const reason = actor.desk?.reason ?? w.reason;
  const saved = await correctCodiceFiscale(tx, {
    actor,
    personId,
    codiceFiscale: given,
    reason,
    at,
  });
  switch (saved.outcome) {
    case "invalid":
      return w.codeFaults[saved.fault];
    case "taken":
      return w.codeTaken;
    case "not-allowed":
    case "unknown-person":
      return w.notHere;
    case "saved":
    case "unchanged":
      return null;
  }
}
