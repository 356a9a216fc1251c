// SPDX-License-Identifier: EUPL-1.2
import { type TownCalendar } from "#calendar";
import {
  type ApplicationField,
  type ApplicationWords,
  type JudgedApplication,
  LONGEST_LINE,
  LONGEST_NOTE,
} from "#enrolment";
import type { FamilyChild } from "#families";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { LONGEST_NAME } from "#kernel/name-fault.ts";
import {
  checkboxes,
  dateField,
  errorFor,
  type FieldError,
  form,
  radios,
  selectField,
  textArea,
  textField,
} from "#ui/components.ts";
import { parseDay, type Fields } from "../../web/form-fields.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { serviceName } from "../town/service-facts.ts";
import { MARK_FIELD } from "./held-form.ts";
import { markOf, type Applicant } from "./who-applies.ts";
import { FIELDS, words } from "./words.ts";

export const ENROLMENT = "/iscrizioni";

/** In place of a child's id, and of a school's. */
const NEW = "nuovo";
const OTHER = "altra";

/** What the page of the form needs. */
export interface FormFacts {
  readonly year: number;
  readonly applicant: Applicant;
  readonly calendar: TownCalendar;
  /** the applicant's own here */
  readonly children: readonly Pick<FamilyChild, "id" | "givenName" | "surname">[];
}

/** What a form says, as the rule wants it. */
export function wordsOf(fields: Fields): ApplicationWords {
  const text = (field: ApplicationField): string => fields.text(FIELDS[field]);
  const [childId, siteId, born] = [text("childId"), text("siteId"), text("birthDate")];
  return {
    childId: childId === "" || childId === NEW ? null : childId,
    givenName: text("givenName"),
    surname: text("surname"),
    birthDate: born === "" ? null : (parseDay(born) ?? undefined),
    codiceFiscale: text("codiceFiscale"),
    siteId: siteId === "" || siteId === OTHER ? null : siteId,
    school: text("school"),
    schoolClass: text("schoolClass"),
    // Held or shown again they travel in one field.
    services: fields.all(FIELDS.services).flatMap((codes) => codes.split(" ")),
    note: text("note"),
    email: text("email"),
    phone: text("phone"),
  };
}

/** The same again as hidden fields, for the summary's form. */
export function hiddenOf(fields: Fields): Record<string, string> {
  const names = Object.values(FIELDS).filter((name) => name !== FIELDS.services);
  const services = wordsOf(fields).services.join(" ");
  return Object.fromEntries([
    ...names.map((name) => [name, fields.text(name)]),
    [FIELDS.services, services],
  ]) as Record<string, string>;
}

export function faultErrors(visit: Visit, judged: JudgedApplication): FieldError[] {
  if (judged.outcome === "fit") return [];
  const w = words(visit.lang);
  return (Object.keys(FIELDS) as ApplicationField[]).flatMap((field) => {
    const fault = judged.faults[field];
    if (!fault) return [];
    // Nothing chosen from the list: it is the list that is wanted, not the name of another school.
    const isUnchosen = field === "school" && visit.fields.all(FIELDS.siteId).includes("");
    const shown = isUnchosen && fault === "missing" ? "siteId" : field;
    const label = shown === "childId" ? w.child : w[shown];
    return [{ field: FIELDS[shown], message: `${label}: ${w.faults[fault]}` }];
  });
}

/** `/iscrizioni/{anno}`: one form, nothing of it kept before it is sent. */
export function formPage(
  visit: Visit,
  facts: FormFacts,
  of: { fields: Fields; errors: readonly FieldError[]; isRestored?: boolean },
): Html {
  const { lang } = visit;
  const { year, applicant } = facts;
  const { fields, errors } = of;
  const w = words(lang);
  return publicPage(visit, {
    current: null,
    h1: w.apply,
    lead: [w.who(applicant.name, w.year(year)), of.isRestored && w.restored]
      .filter(Boolean)
      .join(" "),
    back: { href: ENROLMENT, label: w.back },
    errors,
    languagesAt: `${ENROLMENT}/${year}`,
    body: form({
      action: `${ENROLMENT}/${year}/riepilogo`,
      csrf: visit.csrf,
      key: fields.text("key") || visit.newKey(),
      fields: { [MARK_FIELD]: markOf(visit, applicant) },
      lang,
      body: html`${childPart(visit, facts, fields, errors)}${schoolPart(visit, facts, fields, errors)}${contactPart(visit, fields, errors)}`,
      submit: { label: w.next, kind: "primary" },
      cancel: { href: ENROLMENT },
    }),
  });
}

type Labelled = Exclude<ApplicationField, "childId">;

const common = (
  { lang }: Visit,
  fields: Fields,
  errors: readonly FieldError[],
  field: Labelled,
) => {
  const name = FIELDS[field];
  const label: Content = words(lang)[field];
  return { name, label, lang, value: fields.text(name), error: errorFor(errors, name) };
};

function childPart(
  visit: Visit,
  { children }: FormFacts,
  fields: Fields,
  errors: readonly FieldError[],
): Html {
  const w = words(visit.lang);
  const of = (field: Labelled) => common(visit, fields, errors, field);
  const isOnlyNew = children.length === 0;
  return html`<h2 class="section-title">${w.aboutChild}</h2>
    ${
      !isOnlyNew &&
      radios({
        name: FIELDS.childId,
        label: w.child,
        lang: visit.lang,
        value: fields.text(FIELDS.childId) || children[0]?.id || NEW,
        error: errorFor(errors, FIELDS.childId),
        choices: [
          ...children.map(({ id, givenName, surname }) => ({
            value: id,
            label: `${givenName} ${surname}`,
          })),
          { value: NEW, label: w.anotherChild, hint: w.anotherChildHint },
        ],
      })
    }
    ${textField({ ...of("givenName"), maxlength: LONGEST_NAME, optional: !isOnlyNew })}
    ${textField({ ...of("surname"), maxlength: LONGEST_NAME, optional: !isOnlyNew })}
    ${dateField({ ...of("birthDate"), max: visit.today, optional: !isOnlyNew })}
    ${textField({
      ...of("codiceFiscale"),
      hint: w.codiceFiscaleHint,
      maxlength: 20,
      width: "medium",
      autocomplete: "off",
      optional: true,
    })}`;
}

function schoolPart(
  visit: Visit,
  { calendar, year }: FormFacts,
  fields: Fields,
  errors: readonly FieldError[],
): Html {
  const { lang } = visit;
  const w = words(lang);
  const of = (field: Labelled) => common(visit, fields, errors, field);
  const sites = [...calendar.sites.values()].map(({ id, name }) => ({ value: id, label: name }));
  return html`<h2 class="section-title">${w.aboutSchool}</h2>
    ${
      sites.length > 0 &&
      selectField({
        ...of("siteId"),
        choices: [...sites, { value: OTHER, label: w.otherSchool }],
        empty: w.chooseSchool,
      })
    }
    ${textField({
      ...of("school"),
      ...(sites.length > 0 ? { hint: w.schoolHint } : { label: w.siteId }),
      maxlength: LONGEST_LINE,
      optional: sites.length > 0,
    })}
    ${textField({
      ...of("schoolClass"),
      hint: w.schoolClassHint(w.year(year)),
      maxlength: LONGEST_LINE,
    })}
    ${checkboxes({
      name: FIELDS.services,
      label: w.services,
      lang,
      values: wordsOf(fields).services,
      error: errorFor(errors, FIELDS.services),
      choices: calendar.services.map((service) => ({
        value: service.code,
        label: serviceName(service, lang),
      })),
    })}`;
}

function contactPart(visit: Visit, fields: Fields, errors: readonly FieldError[]): Html {
  const w = words(visit.lang);
  const of = (field: Labelled) => common(visit, fields, errors, field);
  return html`<p>${w.contacts}</p>
    ${textField({
      ...of("email"),
      type: "email",
      autocomplete: "email",
      maxlength: 254,
      optional: true,
    })}
    ${textField({
      ...of("phone"),
      type: "tel",
      autocomplete: "tel",
      maxlength: 20,
      width: "medium",
      optional: true,
    })}
    ${textArea({ ...of("note"), hint: w.noteHint, rows: 3, maxlength: LONGEST_NOTE, optional: true })}`;
}

/** School as the summary, the office and the application's page say it. */
export const schoolOf = (
  calendar: TownCalendar,
  { siteId, school }: { siteId: string | null; school: string },
): string => (siteId === null ? school : (calendar.sites.get(siteId)?.name ?? school));

export const servicesOf = (
  calendar: TownCalendar,
  codes: readonly string[],
  lang: Visit["lang"],
): string =>
  formats(lang).list(
    codes.map((code) => {
      const service = calendar.services.find((one) => one.code === code);
      return service ? serviceName(service, lang) : code;
    }),
  );
