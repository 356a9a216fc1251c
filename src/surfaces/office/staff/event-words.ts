// SPDX-License-Identifier: EUPL-1.2
import type { SecurityEventKind, SecurityRow } from "#identity";
import { roleName } from "./staff-words.ts";

const WORDS: Readonly<Record<SecurityEventKind, string>> = {
  "signed-in": "Accesso",
  "sign-in-refused": "Accesso rifiutato",
  "signed-out": "Uscita",
  "session-ended": "Sessione chiusa",
  "password-changed": "Password cambiata",
  "code-sent": "Codice di attivazione",
  "code-used": "Codice usato",
  "recovery-asked": "Chiesta una nuova password",
  "second-factor-added": "Secondo fattore impostato",
  "second-factor-removed": "Secondo fattore tolto",
  "second-factor-switched": "Regola del secondo fattore cambiata",
  "passkey-added": "Passkey aggiunta",
  "passkey-removed": "Passkey tolta",
  "account-made": "Codice utente creato",
  "account-disabled": "Accesso disattivato",
  "account-enabled": "Accesso riattivato",
  "email-changed": "E-mail cambiata",
  "role-granted": "Ruolo dato",
  "role-ended": "Ruolo tolto",
  "delegate-added": "Delega data",
  "delegate-ended": "Delega finita",
  "link-asked": "Collegamento chiesto",
  "application-sent": "Domanda di iscrizione inviata",
  "access-joined": "Accesso di un altro figlio unito",
  "access-split": "Accessi dei figli divisi",
  "identity-linked": "Identità collegata",
  "identity-refused": "Account del Comune rifiutato",
  "identity-admitted": "Account del Comune ammesso di nuovo",
  "device-added": "Dispositivo creato",
  "device-enrolled": "Dispositivo registrato",
  "device-revoked": "Dispositivo revocato",
  "provider-changed": "Accesso con identità digitale cambiato",
  "key-changed": "Certificato cambiato",
  "journal-searched": "Ricerca nel registro degli accessi",
  "credentials-switched": "Credenziali attivate o disattivate",
};

export function eventText({ kind, details }: SecurityRow): string {
  const { role } = details;
  return typeof role === "string" ? `${WORDS[kind]}: ${roleName(role)}` : WORDS[kind];
}
