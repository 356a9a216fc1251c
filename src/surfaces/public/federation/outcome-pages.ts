// SPDX-License-Identifier: EUPL-1.2
import { createHmac } from "node:crypto";
import type { Federation } from "#identity";
import { html } from "#kernel/html.ts";
import { linkButton, problem } from "#ui/components.ts";
import { describeAnomaly, OUR_FAULT } from "../../../integrations/saml/index.ts";
import { publicPage } from "../public-page.ts";
import { type Answer, notFound, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type StrangersEnrolment, strangersEnrolment } from "../enrolment/access.ts";
import { ENROLMENT } from "../enrolment/form-view.ts";
import { words as enrolmentWords } from "../enrolment/words.ts";
import { type KnownStranger, LINK_PAGE, requestState, strangerHere } from "./ask-link.ts";
import { linkWords } from "./link-words.ts";
import { words } from "./words.ts";

interface Said {
  /** the page's own address */
  at: string;
  h1: string;
  text: string;
  status: 400 | 401 | 403 | 503;
  /** may the same person simply try again? */
  again?: boolean;
  code?: string;
}

const PLACE = "esito";
export const OUTCOME_PATH = `/${PLACE}/:${PLACE}`;

/** Where the same page is read again, in another language: what answered a provider cannot be asked for twice. */
const againAt = (federation: Federation, what: string): string =>
  `/${federation}/${PLACE}/${encodeURIComponent(what)}`;

/** A reason that has no page of its own is shown as a code: only one that was given here, or a link could say anything. */
const markOf = ({ app, tenant }: Visit, reason: string): string =>
  createHmac("sha256", app.formKey)
    .update(JSON.stringify(["outcome", tenant.id, reason]))
    .digest("base64url")
    .slice(0, 16);

const OWN_PAGE = [
  ...["minor", "legal-person", "birth-date", "codice-fiscale", "fiscal-number-wrong"],
  ...["fiscal-number-missing", "means-not-admitted", "no-role", "unreachable", "request-unknown"],
  ...["other-browser", "replayed"],
];

/** GET `/spid/esito/{what}`: the words alone. Nothing is told of anybody, and nothing has happened. */
export const outcomeAgain =
  (federation: Federation) =>
  async (visit: Visit): Promise<Answer> => {
    const what = visit.params[PLACE] ?? "";
    const [isAnomaly, code] = /^anomalia(?:-(\d{1,3}|nostra))?$/.exec(what) ?? [];
    if (isAnomaly) return anomalyPage(visit, federation, codeOf(code));
    if (what === "unknown" || what === "to-link") {
      const stranger = await strangerHere(visit);
      const enrolment = await strangersEnrolment(visit, stranger?.identity ?? null);
      return unknownPage(visit, federation, { which: what, stranger, enrolment });
    }
    const [reason = "", mark] = what.split("~");
    return OWN_PAGE.includes(what) || mark === markOf(visit, reason)
      ? refusedPage(visit, federation, reason)
      : notFound;
  };

function outcomePage(visit: Visit, said: Said): Answer {
  const w = words(visit.lang);
  const page = publicPage(visit, {
    current: "enter",
    languagesAt: said.at,
    h1: said.h1,
    body: problem({
      text: said.text,
      supportCode: said.code,
      actions: html`${linkButton({ href: "/accedi", label: said.again === false ? w.otherWays : w.tryAgain })}
      ${linkButton({ href: "/sportello", label: w.askOffice, kind: "secondary" })}`,
      phone: visit.townSettings.office.phones[0],
      lang: visit.lang,
    }),
  });
  return withStatus(said.status, page);
}

/** As SPID numbers them; `our-fault`: our own request was wrong, in words without a number (OpenID Connect). */
export type AnomalyCode = number | "our-fault" | null;

const codeOf = (text: string | undefined): AnomalyCode =>
  text === undefined ? null : text === "nostra" ? "our-fault" : Number(text);

/** What the provider said went wrong, in the words of its rules. */
export function anomalyPage(visit: Visit, federation: Federation, given: AnomalyCode): Answer {
  const isOurs = given === "our-fault";
  const code = isOurs ? null : given;
  const { kind, words: said } = isOurs ? OUR_FAULT : describeAnomaly(code, federation);
  const mark = isOurs ? "-nostra" : code === null ? "" : `-${code}`;
  return outcomePage(visit, {
    at: againAt(federation, `anomalia${mark}`),
    h1: said[visit.lang].title,
    text: `${said[visit.lang].text} ${words(visit.lang).nothingChanged}`,
    status: kind === "our-fault" ? 400 : 401,
    ...(code === null ? {} : { code: `${federation.toUpperCase()} ${code}` }),
  });
}

/** An answer that was not believed, or a person who may not enter. The reason is a code for the office, not a lesson. */
export function refusedPage(visit: Visit, federation: Federation, reason: string): Answer {
  const w = words(visit.lang);
  const at = againAt(federation, reason);
  switch (reason) {
    case "minor":
      return outcomePage(visit, { at, h1: w.minor, text: w.minorWhy, status: 403, again: false });
    case "legal-person":
      return outcomePage(visit, { at, h1: w.legalPerson, text: w.legalPersonWhy, status: 403 });
    case "birth-date":
    case "codice-fiscale":
    case "fiscal-number-wrong":
    case "fiscal-number-missing":
      return outcomePage(visit, { at, h1: w.wrongPerson, text: w.wrongPersonWhy, status: 403 });
    case "means-not-admitted":
      return outcomePage(visit, { at, h1: w.notAdmitted, text: w.notAdmittedWhy, status: 403 });
    case "no-role":
      return unknownPage(visit, federation, { which: "unknown", stranger: null });
    case "unreachable":
      return unreachablePage(visit, federation);
    case "request-unknown":
    case "other-browser":
    case "replayed":
      return outcomePage(visit, { at, h1: w.tooLate, text: w.tooLateWhy, status: 403 });
    default:
      return outcomePage(visit, {
        at: againAt(federation, `${reason}~${markOf(visit, reason)}`),
        h1: w.notBelieved,
        text: w.notBelievedWhy,
        status: 400,
        code: `${federation.toUpperCase()} ${reason}`,
      });
  }
}

/** The provider, or who vouches for it, does not answer: nothing was begun. */
export function unreachablePage(visit: Visit, federation: Federation): Answer {
  const w = words(visit.lang);
  return outcomePage(visit, {
    ...{ at: againAt(federation, "unreachable"), status: 503 },
    ...{ h1: w.unreachable, text: w.unreachableWhy },
  });
}

/**
 * Verified, and of no family here: the office can be asked (OS-03, BI-01). The provider's answer was accepted, so the status
 * says so too: conformance suites tell a refused answer from an accepted one by it.
 */
export function unknownPage(
  visit: Visit,
  federation: Federation,
  of: {
    which: "unknown" | "to-link";
    stranger: KnownStranger | null;
    enrolment?: StrangersEnrolment;
  },
): Answer {
  const { which, stranger } = of;
  const w = words(visit.lang);
  const link = linkWords(visit.lang);
  const enrolment = enrolmentLink(visit, of.enrolment);
  const state = stranger && requestState(visit, stranger);
  const mayAsk = stranger !== null && (state?.mayAsk ?? true);
  return publicPage(visit, {
    current: "enter",
    languagesAt: againAt(federation, which),
    h1: which === "unknown" ? w.unknown : w.toLink,
    body: problem({
      text: state?.text ?? (which === "unknown" ? w.unknownWhy : w.toLinkWhy),
      actions: html`${
        mayAsk &&
        linkButton({ href: LINK_PAGE, label: state ? link.askAgain : link.ask, kind: "primary" })
      }
      ${
        enrolment &&
        linkButton({
          href: enrolment.href,
          label: enrolment.label,
          kind: mayAsk ? "secondary" : "primary",
        })
      }
      ${linkButton({ href: "/sportello", label: w.askOffice, kind: mayAsk || enrolment ? "secondary" : "primary" })}
      ${linkButton({ href: "/servizi", label: w.toServices, kind: "secondary" })}`,
      phone: visit.townSettings.office.phones[0],
      lang: visit.lang,
    }),
  });
}

/** What they sent is read where the next one is made; else the form itself (OS-02, OS-03). */
function enrolmentLink(
  { lang }: Visit,
  of: StrangersEnrolment | undefined,
): { href: string; label: string } | null {
  const w = enrolmentWords(lang);
  if (of?.hasApplied) return { href: ENROLMENT, label: w.own };
  return of?.year ? { href: `${ENROLMENT}/${of.year}`, label: w.apply } : null;
}
