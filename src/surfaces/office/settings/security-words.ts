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
  "passkey-added": "Passkey aggiunta",
  "passkey-removed": "Passkey tolta",
  "account-made": "Utente creato",
  "account-disabled": "Utente disattivato",
  "role-granted": "Ruolo assegnato",
  "role-ended": "Ruolo tolto",
  "delegate-added": "Delega data",
  "delegate-ended": "Delega tolta",
  "identity-linked": "Identità collegata",
  "device-added": "Dispositivo aggiunto",
  "device-enrolled": "Dispositivo attivato",
  "device-revoked": "Dispositivo tolto",
  "provider-changed": "Dati di SPID, CIE o eIDAS cambiati",
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
  oidc: "accesso del Comune",
};
const WHY: Readonly<Record<string, string>> = {
  wrong: "codice utente o password sbagliati",
  "second-factor": "codice del secondo fattore sbagliato",
  "no-role": "nessun ruolo in vigore",
  "means-not-admitted": "il Comune non ammette questo modo",
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
