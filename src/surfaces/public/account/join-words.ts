// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  title: "Unisci l'accesso di un altro figlio",
  lead: "Chi ha un codice utente per ogni figlio li unisce qui: poi basta uno qualsiasi dei codici per vedere tutti i figli uniti.",
  back: "Modi di accesso",
  whole: "Questo accesso mostra già tutti i figli: non c'è niente da unire.",
  shows: (children: string) => `Questo accesso mostra: ${children}.`,
  username: "Codice utente dell'altro figlio",
  usernameHint: "Nove cifre, in alto nella lettera dell'altro figlio.",
  password: "Password di quel codice",
  submit: "Unisci gli accessi",
  noPassword: "Quel codice non ha ancora una password? Prima si sceglie, con la sua lettera:",
  activate: "scegli la password",
  ends: "Chi sceglie una nuova password per uno dei codici divide di nuovo quel codice dagli altri. Conti e avvisi restano come sono.",
  card: "Accessi dei figli",
  alone: "Con il codice di un altro figlio si entra a parte, finché i due accessi non sono uniti.",
  joinedOn: (username: string, day: string) => `codice ${username}, unito ${day}`,
  split: "Dividi di nuovo",
  splitNow: (child: string) =>
    `L'accesso di ${child} è di nuovo diviso: il suo codice mostra solo ${child}.`,
  notSplit: "Questo accesso non era unito.",
  joined: (child: string) =>
    `Accessi uniti: adesso si vede anche ${child}, con l'uno o l'altro codice.`,
  already: "I due accessi sono già uniti.",
  usernameMissing: "Scrivere il codice utente dell'altro figlio.",
  passwordMissing: "Scrivere la password di quel codice.",
  wrong: "Codice utente o password non corretti. Nulla è cambiato.",
  same: "È il codice di questo accesso: serve quello dell'altro figlio. Nulla è cambiato.",
  notTheirs:
    "Quel codice è di un altro intestatario, o non è di un solo figlio: i due accessi restano divisi. Nulla è cambiato.",
  wait: (time: string) => `Troppi tentativi. Si può riprovare alle ${time}.`,
  nothingChanged: "Nulla è cambiato.",
};

const en: typeof it = {
  title: "Join another child's access",
  lead: "Whoever has one user code for each child joins them here: then any one of the codes is enough to see all the children that are joined.",
  back: "Ways to sign in",
  whole: "This access shows all the children already: there is nothing to join.",
  shows: (children) => `This access shows: ${children}.`,
  username: "User code of the other child",
  usernameHint: "Nine digits, at the top of the other child's letter.",
  password: "Password of that code",
  submit: "Join them",
  noPassword: "Has that code no password yet? First choose one, with its letter:",
  activate: "choose the password",
  ends: "Choosing a new password for one of the codes divides that code from the others again. Accounts and notices stay as they are.",
  card: "The children's accesses",
  alone: "Another child's code signs in apart, until the two are joined.",
  joinedOn: (username, day) => `code ${username}, joined ${day}`,
  split: "Divide again",
  splitNow: (child) => `The access of ${child} is divided again: its code shows ${child} only.`,
  notSplit: "This access was not joined.",
  joined: (child) => `Joined: ${child} is shown now too, with either code.`,
  already: "The two are joined already.",
  usernameMissing: "Write the other child's user code.",
  passwordMissing: "Write the password of that code.",
  wrong: "User code or password are not right. Nothing has changed.",
  same: "This is the code of this access: the other child's is needed. Nothing has changed.",
  notTheirs:
    "That code is of another account holder, or not of one child: the two stay divided. Nothing has changed.",
  wait: (time) => `Too many attempts. Try again at ${time}.`,
  nothingChanged: "Nothing has changed.",
};

export const joinWords = catalogue<typeof it>({ it, en });
