// SPDX-License-Identifier: EUPL-1.2
import type { SecurityEventKind } from "#identity";
import { roleName } from "../staff/staff-words.ts";

export const SECURITY_PAGE = "/ufficio/impostazioni/sicurezza";

/** What happened, as the administrator reads it; the order is that of the filter. */
export const KIND_WORDS: Readonly<Record<SecurityEventKind, string>> = {
  "signed-in": "Accesso",
  "sign-in-refused": "Accesso rifiutato",
  "signed-out": "Uscita",
  "session-ended": "Sessioni chiuse",
  "password-changed": "Password cambiata",
  "code-sent": "Codice preparato",
  "code-used": "Codice usato",
  "recovery-asked": "Recupero della password chiesto",
  "second-factor-added": "Secondo fattore aggiunto",
  "second-factor-removed": "Secondo fattore tolto",
  "second-factor-switched": "Obbligo del secondo fattore cambiato",
  "passkey-added": "Passkey aggiunta",
  "passkey-removed": "Passkey tolta",
  "account-made": "Utente creato",
  "account-disabled": "Utente disattivato",
  "account-enabled": "Utente riattivato",
  "email-changed": "E-mail di un utente cambiata",
  "role-granted": "Ruolo assegnato",
  "role-ended": "Ruolo tolto",
  "delegate-added": "Delega data",
  "delegate-ended": "Delega tolta",
  "link-asked": "Collegamento chiesto",
  "application-sent": "Domanda di iscrizione inviata",
  "access-joined": "Accesso di un altro figlio unito",
  "access-split": "Accessi dei figli divisi",
  "identity-linked": "Identità collegata",
  "identity-refused": "Account del Comune rifiutato",
  "identity-admitted": "Account del Comune ammesso di nuovo",
  "device-added": "Dispositivo aggiunto",
  "device-enrolled": "Dispositivo attivato",
  "device-revoked": "Dispositivo tolto",
  "provider-changed": "Dati di un gestore di identità cambiati",
  "key-changed": "Certificato o chiave cambiati",
  "journal-searched": "Ricerca nel registro degli accessi",
  "credentials-switched": "Accesso con credenziali cambiato",
};

const MEANS: Readonly<Record<string, string>> = {
  password: "codice utente e password",
  passkey: "passkey",
  spid: "SPID",
  cie: "CIE",
  eidas: "eIDAS",
  oidc: "account del Comune",
};
const WHY: Readonly<Record<string, string>> = {
  wrong: "codice utente o password sbagliati",
  "second-factor": "codice del secondo fattore sbagliato",
  "no-role": "nessun ruolo in vigore",
  "other-holder": "codice di un altro intestatario, o di più figli",
  "provider-only": "l'ufficio entra con l'account del Comune",
  "means-not-admitted": "il Comune non ammette questo modo",
  "identity-refused": "account del Comune rifiutato",
  "account-disabled": "utente disattivato",
  "no-address": "nessun indirizzo e-mail verificato",
  nobody: "nessun utente con quell'indirizzo e-mail",
  several: "più utenti con lo stesso indirizzo e-mail",
  taken: "l'utente è già di un'altra persona",
  minor: "minorenne",
  "codice-fiscale": "codice fiscale mancante o sbagliato",
  "birth-date": "data di nascita mancante o sbagliata",
  replayed: "risposta già usata",
};

type Details = Readonly<Record<string, string | number | boolean | null>>;

const PROTOCOLS: Readonly<Record<string, string>> = {
  spid: "SPID",
  cie: "CIE",
  eidas: "eIDAS",
  "cie-oidc": "CIE con OpenID Connect",
  "staff-oidc": "account del Comune",
};
const WORDS: Readonly<Record<string, string>> = {
  saved: "nuova versione",
  enabled: "attivata",
  disabled: "disattivata",
  on: "attivo",
  off: "tolto",
  added: "nuova chiave",
  promoted: "messa in uso",
  retired: "ritirata",
  activation: "per il primo accesso",
  recovery: "per una password dimenticata",
  change: "cambiata dalla persona",
  shown: "mostrato",
  "e-mail": "per e-mail",
  email: "per e-mail",
  paper: "su carta",
  provider: "chiesto dal gestore",
  person: "per codice fiscale",
  message: "per messaggio",
  codes: "codici dell'app",
  passkey: "passkey",
};
const word = (value: string): string => WORDS[value] ?? value;
const counted = (label: string) => (value: string) => (value === "0" ? "" : `${label}: ${value}`);
const dayWord = (label: string) => (value: string) =>
  `${label} ${value.split("-").reverse().join("/")}`;

/** How each part of an event is said; empty: nothing that anybody reads. */
const DETAILS: Readonly<Record<string, (value: string) => string>> = {
  protocol: (value) => PROTOCOLS[value] ?? value,
  what: word,
  how: word,
  purpose: word,
  by: word,
  channel: word,
  factor: word,
  secondFactor: (value) => `secondo fattore: ${word(value)}`,
  role: roleName,
  version: (value) => `versione ${value}`,
  level: (value) => `livello ${value}`,
  isFirst: () => "la prima volta",
  asFile: () => "scaricata",
  backedUp: () => "sincronizzata",
  username: (value) => `codice utente ${value}`,
  name: (value) => value,
  seenAs: (value) => value,
  from: dayWord("dal"),
  to: dayWord("fino al"),
  count: counted("quanti"),
  found: (value) => `trovati: ${value}`,
  sessions: counted("accessi chiusi"),
  sessionsEnded: counted("accessi chiusi"),
  siteId: () => "",
  classId: () => "",
  runId: () => "",
};

/** `con codice utente e password: nessun ruolo in vigore`; what has no words of its own is said as it is recorded. */
export function detailText(details: Details): string {
  const { means, why, holderId: _holderId, reason, ...rest } = details;
  const known = [
    typeof means === "string" && `con ${MEANS[means] ?? means}`,
    typeof why === "string" && (WHY[why] ?? why.replace(/^anomaly /, "anomalia ")),
    typeof reason === "string" && `motivo: ${reason}`,
  ];
  const others = Object.entries(rest).flatMap(([name, value]) =>
    value === null || value === false
      ? []
      : (DETAILS[name]?.(String(value)) ?? `${name}: ${value === true ? "sì" : value}`),
  );
  return [...known, ...others].filter(Boolean).join("; ");
}
