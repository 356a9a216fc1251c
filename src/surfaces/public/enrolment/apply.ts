// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import {
  type Application,
  applicationByKey,
  applicationChoices,
  type Applied,
  applyFor,
  checkApplication,
  type JudgedSheet,
  windowAt,
} from "#enrolment";
import { person } from "#families";
import { recordSecurity } from "#identity";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import { definitionList, type FieldError, form, linkButton, problem } from "#ui/components.ts";
import { Fields, parseDay } from "../../web/form-fields.ts";
import { originHash } from "../../web/origin-hash.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { accessPart } from "./access.ts";
import {
  ENROLMENT,
  faultErrors,
  type FormFacts,
  formPage,
  hiddenOf,
  schoolOf,
  servicesOf,
  wordsOf,
} from "./form-view.ts";
import { dropHeldForm, heldForm, holdForm, MARK_FIELD } from "./held-form.ts";
import { type Applicant, markOf, whoApplies } from "./who-applies.ts";
import { numberOf, windowPage } from "./window-page.ts";
import { FIELDS, words } from "./words.ts";

interface Ready {
  readonly outcome: "ready";
  readonly facts: FormFacts;
}

type NotReady = "no-page" | "shut" | "away";

/** May the form of that year be filled in at that instant, and by whom? Everything else has a page of its own. */
async function ready(visit: Visit, tx: ReadTx, at: Moment): Promise<Ready | NotReady> {
  const window = await windowAt(tx, at);
  if (window.state === "not-offered" || String(window.year) !== visit.params["anno"])
    return "no-page";
  if (window.state !== "open") return "shut";
  const here = await whoApplies(visit, tx);
  if (here.kind !== "applicant") return "away";
  const { applying } = here;
  const { children } = await applicationChoices(tx, applying, dayOf(at));
  const calendar = await townCalendar(tx);
  const facts = { year: window.year, applicant: here, calendar, children };
  return { outcome: "ready", facts };
}

/** GET `/iscrizioni/{anno}`. */
export async function applyPage(visit: Visit): Promise<Answer> {
  const found = await visit.town.read(async (tx) => {
    const state = await ready(visit, tx, visit.now);
    if (typeof state === "string") return { state, contacts: {} };
    return { state, contacts: await knownContacts(tx, state.facts.applicant) };
  });
  const { state } = found;
  if (state === "no-page") return notFound;
  // The page before says when the window is open, who may apply and how to sign in.
  if (typeof state === "string") return windowPage(visit);
  const held = heldForm(visit, markOf(visit, state.facts.applicant));
  const fields = held ?? new Fields(found.contacts);
  return formPage(visit, state.facts, { fields, errors: [], isRestored: held !== null });
}

/** Of who is here already, as the registry has them. */
async function knownContacts(tx: ReadTx, { personId }: Applicant): Promise<object> {
  const adult = personId === null ? undefined : await person(tx, personId);
  return adult ? { [FIELDS.email]: adult.email, [FIELDS.phone]: adult.phone } : {};
}

/** POST `/iscrizioni/{anno}/riepilogo`: the same words back, to be looked at. Nothing is kept. */
export async function summaryPage(visit: Visit): Promise<Answer> {
  const at = visit.receivedAt;
  const found = await visit.town.read(async (tx) => {
    const state = await ready(visit, tx, at);
    if (typeof state === "string") return { state };
    const { applying } = state.facts.applicant;
    const judged = await checkApplication(tx, { applying, words: wordsOf(visit.fields), at });
    return { state, judged };
  });
  const { state, judged } = found;
  if (typeof state === "string") return away(visit, state);
  if (judged?.outcome !== "fit") {
    const errors = judged ? faultErrors(visit, judged) : [];
    return withStatus(422, formPage(visit, state.facts, { fields: visit.fields, errors }));
  }
  return summary(visit, state.facts, judged.sheet);
}

function summary(visit: Visit, facts: FormFacts, sheet: JudgedSheet): Html {
  const { lang, fields } = visit;
  const { year, applicant, calendar } = facts;
  const { child } = sheet;
  const w = words(lang);
  const born = parseDay(child.birthDate ?? undefined);
  const rows = [
    { label: w.applicant, value: applicant.name },
    { label: w.aboutChild, value: `${child.givenName} ${child.surname}` },
    { label: w.birthDate, value: born ? formats(lang).dayWithYear(born) : w.none },
    { label: w.codiceFiscale, value: codeText(sheet, w) },
    { label: w.siteId, value: schoolOf(calendar, child) },
    { label: w.schoolClass, value: child.schoolClass },
    { label: w.services, value: servicesOf(calendar, sheet.services, lang) },
    { label: w.email, value: sheet.email || w.none },
    { label: w.phone, value: sheet.phone || w.none },
    ...(sheet.note ? [{ label: w.note, value: sheet.note }] : []),
  ];
  return publicPage(visit, {
    current: null,
    h1: w.summary,
    lead: w.forYear(w.year(year)),
    languagesAt: `${ENROLMENT}/${year}`,
    focusHeading: true,
    body: html`<p class="lead-text">${w.summaryWhy}</p>
      ${definitionList(rows)}
      ${form({
        action: `${ENROLMENT}/${year}`,
        csrf: visit.csrf,
        key: fields.text("key") || visit.newKey(),
        fields: { ...hiddenOf(fields), [MARK_FIELD]: markOf(visit, applicant) },
        lang,
        body: null,
        submit: { label: w.send, kind: "primary" },
        also: { label: w.correct, kind: "secondary", name: "atto", value: "correggi" },
      })}`,
  });
}

function codeText({ child }: JudgedSheet, w: ReturnType<typeof words>): string {
  const birthDate = parseDay(child.birthDate ?? undefined);
  const judged = judgeCodiceFiscale(child.codiceFiscale, { ...child, birthDate });
  if (judged.outcome === "invalid" || judged.codiceFiscale === null) return w.none;
  const { codiceFiscale, state } = judged;
  return state === "mismatch" ? `${codiceFiscale} (${w.codeDisagrees})` : codiceFiscale;
}

/** POST `/iscrizioni/{anno}`: sends it, or goes back to correct it. */
export async function applyNow(visit: Visit): Promise<Answer> {
  const { fields, lang } = visit;
  const isCorrecting = fields.text("atto") === "correggi";
  const at = visit.receivedAt;
  const done = await visit.town.write(async (tx) => {
    const state = await ready(visit, tx, at);
    if (state === "shut") return { state, before: await sentBefore(visit, tx) };
    if (typeof state === "string" || isCorrecting) return { state };
    const { year, applicant } = state.facts;
    const { applying } = applicant;
    const key = fields.text("key");
    const form = { applying, words: wordsOf(fields), year, key, lang, at };
    const applied = await applyFor(tx, form);
    if (applied.outcome === "sent" && applied.isNew)
      await recordSecurity(tx, {
        ...{
          kind: "application-sent",
          at: visit.now,
          accountId: visit.session?.row.accountId ?? null,
        },
        ...{ actorName: applicant.name, originHash: originHash(visit) },
      });
    return { state, applied };
  });
  const { state, applied, before } = done;
  if (before)
    return seeOther(`${ENROLMENT}/domande/${before.id}`, words(lang).sent(numberOf(before)));
  if (typeof state === "string") return away(visit, state);
  if (!applied) return formPage(visit, state.facts, { fields, errors: [] });
  return answerOf(visit, state.facts, applied);
}

/** Sent in time, and once more when the first answer did not arrive: it is not said that nothing was sent. */
async function sentBefore(visit: Visit, tx: ReadTx): Promise<Application | undefined> {
  const here = await whoApplies(visit, tx);
  if (here.kind !== "applicant") return undefined;
  const { subject } = here.applying;
  const before = await applicationByKey(tx, { subject, key: visit.fields.text("key") });
  return before?.withdrawnAt === null ? before : undefined;
}

function answerOf(visit: Visit, facts: FormFacts, applied: Applied): Answer | Promise<Answer> {
  const { fields, lang } = visit;
  const { year, calendar } = facts;
  const w = words(lang);
  const again = (errors: readonly FieldError[]): Answer =>
    withStatus(422, formPage(visit, facts, { fields, errors }));
  switch (applied.outcome) {
    case "sent":
    case "sent-otherwise": {
      dropHeldForm(visit);
      const number = `${applied.number}/${year}`;
      const said = applied.outcome === "sent" ? w.sent(number) : w.sentOtherwise(number);
      return seeOther(`${ENROLMENT}/domande/${applied.id}`, said);
    }
    case "invalid":
      return again(faultErrors(visit, applied));
    case "already-open": {
      const services = servicesOf(calendar, applied.services, lang);
      const message = w.already(services, `${applied.number}/${year}`);
      return again([{ field: FIELDS.services, message }]);
    }
    case "too-many":
      return again([{ field: FIELDS.services, message: w.tooMany(applied.most) }]);
    case "shut":
      return away(visit, "shut");
    case "not-allowed":
      return seeOther(ENROLMENT);
  }
}

/** Nobody is signed in any more: what was typed waits in the browser. The window has shut: its page says so. */
async function away(visit: Visit, why: NotReady): Promise<Answer> {
  if (why === "no-page") return notFound;
  const w = words(visit.lang);
  if (why === "shut") {
    const actions = linkButton({ href: ENROLMENT, label: w.back });
    const phone = visit.townSettings.office.phones[0];
    const body = problem({ text: w.shutNowWhy, actions, phone, lang: visit.lang });
    const said = { current: null, h1: w.shutNow, languagesAt: ENROLMENT, body };
    return withStatus(409, publicPage(visit, said));
  }
  const here = await visit.town.read((tx) => whoApplies(visit, tx));
  if (here.kind !== "nobody") return seeOther(ENROLMENT);
  const isHeld = holdForm(visit);
  const page = publicPage(visit, {
    current: "enter",
    h1: w.signInFirst,
    languagesAt: ENROLMENT,
    body: html`${problem({
      text: isHeld ? w.signInAgain : w.signInFirstWhy,
      phone: visit.townSettings.office.phones[0],
      lang: visit.lang,
    })}
    ${await accessPart(visit, `${ENROLMENT}/${visit.params["anno"] ?? ""}`)}`,
  });
  return withStatus(401, page);
}
