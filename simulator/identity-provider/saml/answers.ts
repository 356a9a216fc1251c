// SPDX-License-Identifier: EUPL-1.2
/** What this provider can answer besides "this is the person": official refusals, and answers a service must not take. */
import { randomBytes } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import type { SigningKey } from "../keys.ts";
import { type Answer, answerTo, writeFailure, writeResponse } from "../response.ts";
import { signResponse } from "../sign.ts";
import type { GoodRequest } from "./check-request.ts";
import type { Federation, PretendedPerson } from "./types.ts";

interface Refusal {
  readonly status: string;
  readonly subStatus: string | null;
  readonly label: string;
}

const BY_PERSON = { status: "Responder", subStatus: "AuthnFailed" } as const;
const BY_SERVICE = { status: "Requester", subStatus: "RequestUnsupported" } as const;

/** SPID's "Tabella anomalie": those that come back to the service. */
export const REFUSALS: ReadonlyMap<number, Refusal> = new Map([
  [25, { ...BY_PERSON, label: "Accesso annullato da chi accede" }],
  [19, { ...BY_PERSON, label: "Credenziali errate troppe volte" }],
  [20, { ...BY_PERSON, label: "Livello di sicurezza non posseduto" }],
  [21, { ...BY_PERSON, label: "Tempo scaduto" }],
  [22, { ...BY_PERSON, label: "Consenso negato" }],
  [23, { ...BY_PERSON, label: "Identità sospesa o revocata" }],
  [24, { ...BY_PERSON, label: "Codice riservato" }],
  [30, { ...BY_PERSON, label: "Tipo di identità non ammesso" }],
  [8, { ...BY_SERVICE, label: "Formato della richiesta non conforme (errore del servizio)" }],
  [16, { ...BY_SERVICE, label: "AssertionConsumerService errato (errore del servizio)" }],
]);

interface Spoilt {
  readonly label: string;
  readonly answer?: (good: Answer) => Partial<Answer>;
  readonly sign?: "foreign" | "none" | "response-only";
  /** on the text that was signed */
  readonly tamper?: (xml: string) => string;
}

const later = (instant: string, minutes: number): string =>
  Temporal.Instant.from(instant).add({ minutes }).toString();

const without = (answer: Answer, name: string): Partial<Answer> => ({
  attributes: Object.fromEntries(Object.entries(answer.attributes).filter(([key]) => key !== name)),
});

/** Each must end on a page that refuses it. */
export const SPOILT: ReadonlyMap<string, Spoilt> = new Map<string, Spoilt>([
  ["firma-altrui", { label: "Firmata con la chiave di un altro", sign: "foreign" }],
  ["senza-firma", { label: "Senza firma", sign: "none" }],
  ["asserzione-non-firmata", { label: "Asserzione non firmata", sign: "response-only" }],
  [
    "alterata",
    {
      label: "Cognome cambiato dopo la firma",
      tamper: (xml) => xml.replace(/(Name="familyName"[^]*?<saml:AttributeValue[^>]*>)/, "$1X"),
    },
  ],
  [
    "altro-servizio",
    {
      label: "Per un altro servizio (Audience)",
      answer: () => ({ audience: "https://altro.esempio.it" }),
    },
  ],
  [
    "altra-richiesta",
    {
      label: "Risponde a un'altra richiesta (InResponseTo)",
      answer: () => ({ inResponseTo: "_altra-richiesta-di-qualcuno" }),
    },
  ],
  [
    "scaduta",
    {
      label: "Scaduta da un'ora",
      answer: ({ issueInstant }) => ({
        issueInstant: later(issueInstant, -65),
        notOnOrAfter: later(issueInstant, -60),
      }),
    },
  ],
  [
    "altra-destinazione",
    {
      label: "Mandata a un altro indirizzo (Destination)",
      answer: () => ({ destination: "https://altro.esempio.it/acs" }),
    },
  ],
  [
    "altro-emittente",
    {
      label: "A nome di un altro provider (Issuer)",
      answer: () => ({ issuer: "https://altro-provider.esempio.it" }),
    },
  ],
  [
    "livello-basso",
    {
      label: "Livello 1, quando ne serve uno più alto",
      answer: () => ({
        classReference: "https://www.spid.gov.it/SpidL1",
        sessionIndex: "_livello1",
      }),
    },
  ],
  [
    "senza-codice-fiscale",
    { label: "Senza codice fiscale", answer: (good) => without(good, "fiscalNumber") },
  ],
  [
    "doctype",
    {
      label: "Con un tipo di documento (DOCTYPE)",
      tamper: (xml) => `<!DOCTYPE x [<!ENTITY e "x">]>${xml}`,
    },
  ],
]);

export interface AnswerBy {
  readonly federation: Federation;
  readonly entityId: string;
  readonly spEntityId: string;
  readonly key: SigningKey;
  /** whom nobody trusts */
  readonly foreignKey: SigningKey;
  readonly now: Moment;
}

export interface Answered {
  readonly xml: string;
  readonly nameId: string;
  readonly sessionIndex: string | null;
}

function goodAnswer(request: GoodRequest, by: AnswerBy, person: PretendedPerson | null): Answer {
  const asked = { requestId: request.id, acsUrl: request.acsUrl, spEntityId: by.spEntityId };
  const all: Readonly<Record<string, string>> = person
    ? { name: person.name, familyName: person.familyName, ...person.attributes }
    : {};
  const wanted = Object.entries(all).filter(
    ([name]) => request.asked.includes(name) || name.startsWith("company"),
  );
  // A card is always level 3. Real providers name a session at every level.
  const level = by.federation === "cie" ? 3 : request.level;
  const unique = randomBytes(16).toString("hex");
  const answer = answerTo(
    { ...asked, level, protocol: by.federation },
    { entityId: by.entityId, at: by.now, unique },
    Object.fromEntries(wanted),
  );
  return { ...answer, sessionIndex: `_s${unique}` };
}

/** `spoilt`: a key of SPOILT. */
export function answerAs(
  request: GoodRequest,
  by: AnswerBy,
  person: PretendedPerson,
  spoilt?: Spoilt,
): Answered {
  const good = goodAnswer(request, by, person);
  const answer = { ...good, ...spoilt?.answer?.(good) };
  const key = spoilt?.sign === "foreign" ? by.foreignKey : by.key;
  const signed = signResponse(writeResponse(answer), {
    response: spoilt?.sign === "none" ? null : key,
    assertion: spoilt?.sign === "none" || spoilt?.sign === "response-only" ? null : key,
  });
  const xml = spoilt?.tamper ? spoilt.tamper(signed) : signed;
  return { xml, nameId: answer.nameId, sessionIndex: answer.sessionIndex };
}

export function refuseWith(request: GoodRequest, by: AnswerBy, code: number, of: Refusal): string {
  const failure = { code, status: of.status, subStatus: of.subStatus };
  const xml = writeFailure(goodAnswer(request, by, null), failure);
  return signResponse(xml, { response: by.key, assertion: null });
}
