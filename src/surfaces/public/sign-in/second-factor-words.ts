// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  secondFactor: "Codice di verifica",
  rightPassword: "la password è giusta.",
  knownAtWork: "l'account del Comune è riconosciuto.",
  nowCode: "Ora serve il codice dell'app.",
  nowPasskey: "Ora serve la passkey, in un browser che le conosce.",
  setUp: "Secondo fattore",
  setUpLead:
    "Chi lavora per l'ufficio entra anche con un codice dell'app di autenticazione o con una passkey: si imposta adesso, una volta sola.",
  orPasskey: "Oppure una passkey",
  passkeyWhy:
    "Al posto dei codici: l'impronta, il viso o il codice di sblocco di questo telefono o computer.",
  makePasskey: "Crea una passkey ed entra",
  passkeyRefused: "La passkey non è stata creata: si può riprovare, o usare i codici dell'app.",
  enter: "Entra",
  missing: "Scrivere il codice di sei cifre.",
  wrong: "Il codice non è giusto, o è già stato usato. Ogni codice vale una volta sola.",
  wait: (time: string) => `Troppi tentativi. Si può riprovare alle ${time}.`,
  nothingChanged: "Nulla è cambiato.",
  over: "È passato troppo tempo, o i codici sbagliati sono troppi: ricominciare dall'accesso.",
  lost: "Telefono perso o cambiato: chi amministra il Comune azzera il secondo fattore in Impostazioni, Personale.",
  noPhone:
    "Vanno bene le app di autenticazione più diffuse e i gestori di password con codici a tempo.",
  back: "Torna all'accesso",
};

const en: typeof it = {
  secondFactor: "Verification code",
  rightPassword: "the password is right.",
  knownAtWork: "the municipality's account is recognised.",
  nowCode: "Now the code of the app is needed.",
  nowPasskey: "Now the passkey is needed, in a browser that knows them.",
  setUp: "Second factor",
  setUpLead:
    "Whoever works for the office also signs in with a code of an authenticator app or with a passkey: it is set up now, once.",
  orPasskey: "Or a passkey",
  passkeyWhy: "In place of codes: the fingerprint, face or unlock code of this phone or computer.",
  makePasskey: "Create a passkey and sign in",
  passkeyRefused: "The passkey was not created: try again, or use the codes of the app.",
  enter: "Sign in",
  missing: "Write the code of six digits.",
  wrong: "The code is not right, or it has been used. Each code counts once.",
  wait: (time) => `Too many attempts. Try again at ${time}.`,
  nothingChanged: "Nothing has changed.",
  over: "It took too long, or too many codes were wrong: begin again from the sign-in page.",
  lost: "Telephone lost or changed: an administrator of the municipality resets the second factor in Impostazioni, Personale.",
  noPhone: "Any common authenticator app will do, or a password manager with timed codes.",
  back: "Back to sign-in",
};

export const words = catalogue<typeof it>({ it, en });
