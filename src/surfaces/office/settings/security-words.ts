// SPDX-License-Identifier: EUPL-1.2
import type { SecurityEventKind } from "#identity";

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
  "identity-linked": "Identità collegata",
  "identity-refused": "Account del Comune rifiutato",
  "identity-admitted": "Account del Comune ammesso di nuovo",
  "device-added": "Dispositivo aggiunto",
  "device-enrolled": "Dispositivo attivato",
  "device-revoked": "Dispositivo tolto",
  "provider-changed": "Dati di un gestore di identità cambiati",
  "key-changed": "Certificato cambiato",
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
  "provider-only": "l'ufficio entra con l'account del Comune",
  "means-not-admitted": "il Comune non ammette questo modo",
  "identity-refused": "account del Comune rifiutato",
  "account-disabled": "utente disattivato",
  "no-address": "nessun indirizzo e-mail verificato",
  nobody: "nessun utente con quell'indirizzo e-mail",
  several: "più utenti con lo stesso indirizzo e-mail",
  taken: "l'utente è già di un'altra persona",
};

type Details = Readonly<Record<string, string | number | boolean | null>>;

/** `con codice utente e password: nessun ruolo in vigore`; what has no words of its own is said as it is recorded. */
export function detailText(details: Details): string {
  const { means, why, holderId: _holderId, reason, ...rest } = details;
  const known = [
    typeof means === "string" && `con ${MEANS[means] ?? means}`,
    typeof why === "string" && (WHY[why] ?? why),
    typeof reason === "string" && `motivo: ${reason}`,
  ];
  const others = Object.entries(rest).flatMap(([name, value]) =>
    value === null || value === false ? [] : `${name}: ${value === true ? "sì" : value}`,
  );
  return [...known, ...others].filter(Boolean).join("; ");
}
