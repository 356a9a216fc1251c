// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

/** The letter's code, and the password that was forgotten. */
const it = {
  enter: "Accedi",
  activate: "Scegli la password",
  activateLead:
    "Con la lettera «Codici e credenziali» dell'ufficio, o con il foglio consegnato a chi lavora per il Comune: il codice di attivazione vale una volta sola, fino al giorno scritto lì.",
  username: "Codice utente",
  usernameHint: "Nove cifre, in alto nella lettera; come m.conti per chi lavora per il Comune.",
  usernameMissing: "Scrivere il codice utente.",
  code: "Codice di attivazione",
  codeHint: "Dodici caratteri, come K7QM-2XRP-9HTC. Maiuscole e trattini non contano.",
  codeMissing: "Scrivere il codice di attivazione.",
  codeWrong:
    "Codice utente e codice di attivazione non vanno insieme, o il codice non vale più: dopo una nuova lettera vale solo l'ultima.",
  activateNow: "Salva la password ed entra",
  letterLost: "Lettera persa o scaduta: l'ufficio ne stampa un'altra.",
  wait: (time: string) => `Troppi tentativi. Si può riprovare alle ${time}.`,
  nothingChanged: "Nulla è cambiato.",
  chosen: "La password è salvata.",
  chosenApart:
    "La password è salvata. Questo codice è di nuovo diviso da quelli degli altri figli: si unisce da «Altro», «Unisci l'accesso di un altro figlio».",
  chosenSignIn: "La password è salvata. Ora si può entrare.",
  recover: "Password dimenticata",
  recoverLead: "Si riceve un'e-mail con un collegamento per scegliere una nuova password.",
  who: "Codice utente o e-mail",
  whoMissing: "Scrivere il codice utente o l'indirizzo e-mail.",
  send: "Invia il collegamento",
  sent: "Controllare la posta",
  sentWhy: (minutes: number) =>
    `Se il codice utente o l'indirizzo è tra quelli registrati, entro pochi minuti arriva un'e-mail. Il collegamento vale ${minutes} minuti, una volta sola.`,
  sentNot:
    "Se non arriva: guardare nella posta indesiderata. Se l'ufficio non ha un indirizzo e-mail, può stampare una nuova lettera con il codice di attivazione.",
  again: "Riprova",
  reset: "Nuova password",
  resetFor: (username: string) =>
    `Codice utente ${username}. Tutte le sessioni aperte si chiudono.`,
  resetNow: "Salva la password ed entra",
  linkOver: "Il collegamento non vale più",
  linkOverWhy:
    "È stato usato, è scaduto o non è intero. Si può chiederne un altro. Nulla è cambiato.",
  askAgain: "Chiedi un altro collegamento",
  hasLetter: "Ho la lettera con il codice di attivazione",
  contacts: "Orari e contatti dell'ufficio",
};

const en: typeof it = {
  enter: "Sign in",
  activate: "Choose the password",
  activateLead:
    "With the office's letter «Codici e credenziali», or with the sheet handed to whoever works for the municipality: the activation code works once, until the day written there.",
  username: "User code",
  usernameHint: "Nine digits, at the top of the letter; like m.conti for the municipality's staff.",
  usernameMissing: "Write the user code.",
  code: "Activation code",
  codeHint: "Twelve characters, like K7QM-2XRP-9HTC. Capitals and dashes do not matter.",
  codeMissing: "Write the activation code.",
  codeWrong:
    "User code and activation code do not belong together, or the code no longer works: after a new letter only the last one does.",
  activateNow: "Save the password and sign in",
  letterLost: "Letter lost or expired: the school office prints another one.",
  wait: (time) => `Too many attempts. Try again at ${time}.`,
  nothingChanged: "Nothing has changed.",
  chosen: "The password is saved.",
  chosenApart:
    "The password is saved. This code is divided again from the other children's: it is joined under “More”, “Join another child's access”.",
  chosenSignIn: "The password is saved. You can sign in now.",
  recover: "Forgotten password",
  recoverLead: "An e-mail arrives with a link for choosing a new password.",
  who: "User code or e-mail",
  whoMissing: "Write the user code or the e-mail address.",
  send: "Send the link",
  sent: "Check your mail",
  sentWhy: (minutes) =>
    `If the user code or address is among the registered ones, an e-mail arrives within minutes. The link works for ${minutes} minutes, once.`,
  sentNot:
    "If it does not arrive: look among unwanted mail. If the school office has no e-mail address, it can print a new letter with an activation code.",
  again: "Try again",
  reset: "New password",
  resetFor: (username) => `User code ${username}. All open sessions end.`,
  resetNow: "Save the password and sign in",
  linkOver: "The link no longer works",
  linkOverWhy:
    "It was used, has expired or is not whole. Ask for another one. Nothing has changed.",
  askAgain: "Ask for another link",
  hasLetter: "I have the letter with the activation code",
  contacts: "Opening hours and contacts of the school office",
};

export const credentialWords = catalogue<typeof it>({ it, en });
