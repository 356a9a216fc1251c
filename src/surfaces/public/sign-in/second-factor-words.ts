// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  secondFactor: "Codice di verifica",
  lead: (name: string) => `${name}: la password è giusta. Ora serve il codice dell'app.`,
  setUp: "Secondo fattore",
  setUpLead:
    "La password è giusta. Chi lavora per l'ufficio entra anche con un codice dell'app di autenticazione: si imposta adesso, una volta sola.",
  withPasskey: (name: string) =>
    `${name}: la password è giusta. Ora serve la passkey, in un browser che le conosce.`,
  enter: "Entra",
  missing: "Scrivere il codice di sei cifre.",
  wrong: "Il codice non è giusto, o è già stato usato. Ogni codice vale una volta sola.",
  wait: (time: string) => `Troppi tentativi. Si può riprovare alle ${time}.`,
  nothingChanged: "Nulla è cambiato.",
  over: "È passato troppo tempo, o i codici sbagliati sono troppi: ricominciare dalla password.",
  lost: "Telefono perso o cambiato: chi amministra il Comune azzera il secondo fattore in Impostazioni, Personale.",
  noPhone:
    "Vanno bene le app di autenticazione più diffuse e i gestori di password con codici a tempo.",
  back: "Torna all'accesso",
};

const en: typeof it = {
  secondFactor: "Verification code",
  lead: (name) => `${name}: the password is right. Now the code of the app is needed.`,
  setUp: "Second factor",
  setUpLead:
    "The password is right. Whoever works for the office also signs in with a code of an authenticator app: it is set up now, once.",
  withPasskey: (name) =>
    `${name}: the password is right. Now the passkey is needed, in a browser that knows them.`,
  enter: "Sign in",
  missing: "Write the code of six digits.",
  wrong: "The code is not right, or it has been used. Each code counts once.",
  wait: (time) => `Too many attempts. Try again at ${time}.`,
  nothingChanged: "Nothing has changed.",
  over: "It took too long, or too many codes were wrong: begin again with the password.",
  lost: "Telephone lost or changed: an administrator of the municipality resets the second factor in Impostazioni, Personale.",
  noPhone: "Any common authenticator app will do, or a password manager with timed codes.",
  back: "Back to sign-in",
};

export const words = catalogue<typeof it>({ it, en });
