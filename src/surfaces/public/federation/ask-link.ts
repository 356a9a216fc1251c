// SPDX-License-Identifier: EUPL-1.2
import { askLink, LONGEST_CHILD, LONGEST_REQUEST, type LinkField } from "#families";
import { type Stranger, strangerBySubject, type StrangerIdentity } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { html, type Content, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  dateField,
  errorFor,
  type FieldError,
  form,
  linkButton,
  problem,
  textArea,
  textField,
} from "#ui/components.ts";
import { publicPage } from "../public-page.ts";
import { originHash } from "../../web/origin-hash.ts";
import { type Answer, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { FIELDS, linkWords } from "./link-words.ts";
import { presentedStranger, type ProvenStranger } from "./stranger.ts";
import { words } from "./words.ts";

export const LINK_PAGE = "/accedi/collegamento";

/** Somebody verified, with what they asked before. */
export interface KnownStranger {
  readonly identity: ProvenStranger;
  readonly row: Stranger | undefined;
}

export async function strangerHere(visit: Visit): Promise<KnownStranger | null> {
  const identity = presentedStranger(visit);
  if (!identity) return null;
  const row = await visit.town.read((tx) => strangerBySubject(tx, identity.subject));
  return { identity, row };
}

/** What the page for strangers says of the request, and what can be done: `null` where there is none yet. */
export function requestState(
  visit: Visit,
  { identity, row }: KnownStranger,
): { h1: string; text: string; mayAsk: boolean } | null {
  const w = linkWords(visit.lang);
  // A link that a sign-in of later did not find is over: it may be asked for again.
  const isOver = row?.answeredAt && Temporal.Instant.compare(row.answeredAt, identity.provenAt) < 0;
  if (row?.isLinked) return isOver ? null : { h1: w.linked, text: w.linkedWhy, mayAsk: false };
  if (row?.isLinked === false) return { h1: w.ask, text: w.refused(row.answer), mayAsk: true };
  if (!row?.askedAt) return null;
  const f = formats(visit.lang);
  const text = w.open(f.day(dayOf(row.askedAt)), f.time(row.askedAt));
  return { h1: w.sent, text, mayAsk: false };
}

/** `/accedi/collegamento` (OS-03, BI-01): to ask the office for the link, or to read how far it is. */
export async function linkPage(visit: Visit): Promise<Answer> {
  const w = linkWords(visit.lang);
  const stranger = await strangerHere(visit);
  if (!stranger) return said(visit, { h1: w.firstSignIn, text: w.firstSignInWhy });
  const state = requestState(visit, stranger);
  const isWaiting = stranger.row?.answeredAt === null;
  return state && !state.mayAsk
    ? said(visit, { ...state, isWaiting })
    : ask(visit, stranger.identity, []);
}

function said(visit: Visit, of: { h1: string; text: string; isWaiting?: boolean }): Html {
  const w = linkWords(visit.lang);
  return publicPage(visit, {
    current: "enter",
    h1: of.h1,
    body: problem({
      text: of.text,
      actions: of.isWaiting
        ? linkButton({ href: "/servizi", label: words(visit.lang).toServices, kind: "secondary" })
        : linkButton({ href: "/accedi", label: w.enter, kind: "primary" }),
      phone: visit.townSettings.office.phones[0],
      lang: visit.lang,
    }),
  });
}

/** POST: in the name that the provider vouched for, whatever else the form says. */
export async function linkNow(visit: Visit): Promise<Answer> {
  const { fields, lang, now: at } = visit;
  const w = linkWords(lang);
  const identity = presentedStranger(visit);
  if (!identity) return seeOther(LINK_PAGE);
  const born = fields.text(FIELDS.childBirthDate);
  const childBirthDate = fields.day(FIELDS.childBirthDate);
  const given = {
    childName: fields.text(FIELDS.childName),
    school: fields.text(FIELDS.school),
    note: fields.text(FIELDS.note),
    email: fields.text(FIELDS.email),
    phone: fields.text(FIELDS.phone),
  };
  const wrong = (errors: readonly FieldError[]): Answer =>
    withStatus(422, ask(visit, identity, errors));
  if (born !== "" && !childBirthDate)
    return wrong([{ field: FIELDS.childBirthDate, message: w.badDate }]);
  const asked = await visit.town.write((tx) =>
    askLink(tx, {
      ...{ identity, words: { ...given, childBirthDate }, lang, at },
      originHash: originHash(visit),
    }),
  );
  switch (asked.outcome) {
    case "asked":
    case "already-open":
      return seeOther(LINK_PAGE);
    case "invalid":
      return wrong(
        (Object.keys(FIELDS) as LinkField[]).flatMap((field) => {
          const fault = asked.faults[field];
          if (!fault) return [];
          // Two fields can be wrong in the same way: which one is said, in the summary too.
          const isNamed = fault === "format" || fault === "too-long";
          const message = isNamed ? `${w[field]}: ${w.faults[fault]}` : w.faults[fault];
          return [{ field: FIELDS[field], message }];
        }),
      );
  }
}

function ask(visit: Visit, identity: StrangerIdentity, errors: readonly FieldError[]): Html {
  const { lang, fields } = visit;
  const w = linkWords(lang);
  const common = (field: LinkField) => {
    const name = FIELDS[field];
    const label: Content = w[field];
    return { name, label, lang, value: fields.text(name), error: errorFor(errors, name) };
  };
  return publicPage(visit, {
    current: "enter",
    h1: w.ask,
    lead: w.lead(`${identity.givenName} ${identity.surname}`),
    back: { href: "/accedi", label: words(lang).otherWays },
    errors,
    languagesAt: LINK_PAGE,
    body: form({
      action: LINK_PAGE,
      csrf: visit.csrf,
      lang,
      body: html`${textField({ ...common("childName"), maxlength: LONGEST_CHILD })}
        <p>${w.orSchool}</p>
        ${dateField({ ...common("childBirthDate"), max: visit.today, optional: true })}
        ${textField({
          ...common("school"),
          hint: w.schoolHint,
          maxlength: LONGEST_CHILD,
          optional: true,
        })}
        ${textArea({
          ...common("note"),
          hint: w.noteHint,
          rows: 3,
          maxlength: LONGEST_REQUEST,
          optional: true,
        })}
        <p>${w.contacts}</p>
        ${textField({
          ...common("email"),
          type: "email",
          autocomplete: "email",
          maxlength: 254,
          optional: true,
        })}
        ${textField({
          ...common("phone"),
          type: "tel",
          autocomplete: "tel",
          maxlength: 20,
          width: "medium",
          optional: true,
        })}`,
      submit: { label: w.send, kind: "primary" },
      cancel: { href: "/servizi" },
    }),
  });
}
