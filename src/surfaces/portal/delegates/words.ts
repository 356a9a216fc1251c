// SPDX-License-Identifier: EUPL-1.2
import type { DelegateFault } from "#families";
import type { DelegateScope } from "#kernel/actor.ts";
import { catalogue } from "#kernel/i18n.ts";

interface DelegateWords {
  delegates: string;
  lead: string;
  none: string;
  addTitle: string;
  givenName: string;
  surname: string;
  codiceFiscale: string;
  what: string;
  scopes: Readonly<Record<DelegateScope, readonly [label: string, hint: string]>>;
  until: string;
  untilHint: string;
  add: string;
  added: (name: string) => string;
  mayDo: string;
  since: string;
  untilDay: (day: string) => string;
  noEnd: string;
  end: string;
  ended: (name: string) => string;
  over: string;
  overSince: (day: string) => string;
  again: string;
  faults: Readonly<Record<DelegateFault, string>>;
  alreadyThere: string;
  tooMany: string;
  forWhom: (surname: string) => string;
}

const it: DelegateWords = {
  delegates: "Delegati",
  lead: "Un delegato è un adulto che può fare al posto dell'intestatario quello che si sceglie qui. Entra con SPID o CIE: lo si riconosce dal codice fiscale. Non riceve messaggi: conviene dirglielo.",
  none: "Nessun delegato.",
  addTitle: "Aggiungi un delegato",
  givenName: "Nome",
  surname: "Cognome",
  codiceFiscale: "Codice fiscale",
  what: "Che cosa può fare?",
  scopes: {
    view: ["Vedere", "Giorni, menù e ricevute dei figli"],
    absences: ["Disdire e segnalare assenze", "Anche pasto in bianco e assenze di più giorni"],
    payments: [
      "Vedere e pagare quanto è dovuto",
      "Avvisi, ricariche, movimenti e richieste di rimborso",
    ],
  },
  until: "Fino a quando",
  untilHint: "Vuoto: finché non si toglie.",
  add: "Aggiungi il delegato",
  added: (name) =>
    `${name} può entrare da subito con SPID o CIE. Conviene avvisare: il sistema non manda messaggi ai delegati.`,
  mayDo: "Può",
  since: "Aggiunto",
  untilDay: (day) => `fino a ${day}`,
  noEnd: "senza scadenza",
  end: "Togli la delega",
  ended: (name) =>
    `La delega di ${name} è finita adesso. Si può dare di nuovo da «Deleghe finite».`,
  over: "Deleghe finite",
  overSince: (day) => `finita ${day}`,
  again: "Dai di nuovo la delega",
  faults: {
    "name-missing": "Scrivere il nome.",
    "surname-missing": "Scrivere il cognome.",
    "too-long": "Il nome è troppo lungo.",
    "codice-fiscale":
      "Il codice fiscale non è giusto: ha 16 caratteri, come sulla tessera sanitaria.",
    "not-this-name": "Il codice fiscale non corrisponde a questo nome e cognome.",
    minor: "Il delegato deve avere almeno 18 anni.",
    oneself: "È il codice fiscale dell'intestatario: non serve una delega.",
    "scopes-missing": "Scegliere almeno una cosa.",
    "already-over": "La data è già passata.",
  },
  alreadyThere:
    "Questa persona è già tra i delegati: per cambiare, togliere la delega e aggiungerla di nuovo.",
  tooMany: "Si possono avere al massimo dieci delegati: toglierne uno.",
  forWhom: (surname) => `Per la famiglia ${surname}`,
};

const en: DelegateWords = {
  delegates: "Delegates",
  lead: "A delegate is an adult who may do, in the account holder's place, what is chosen here. They sign in with SPID or CIE and are recognised by their codice fiscale. They get no messages, so please tell them.",
  none: "No delegate.",
  addTitle: "Add a delegate",
  givenName: "First name",
  surname: "Surname",
  codiceFiscale: "Tax code (codice fiscale)",
  what: "What may they do?",
  scopes: {
    view: ["See", "The children's days, menu and receipts"],
    absences: [
      "Cancel meals and report absences",
      "Also the plain meal and absences of several days",
    ],
    payments: ["See and pay what is due", "Notices, top-ups, movements and refund requests"],
  },
  until: "Until when",
  untilHint: "Empty: until it is taken away.",
  add: "Add the delegate",
  added: (name) =>
    `${name} can sign in with SPID or CIE at once. Please tell them: delegates get no messages.`,
  mayDo: "May",
  since: "Added",
  untilDay: (day) => `until ${day}`,
  noEnd: "no end date",
  end: "End the delegation",
  ended: (name) =>
    `${name}'s delegation has ended now. It can be given again under “Ended delegations”.`,
  over: "Ended delegations",
  overSince: (day) => `ended ${day}`,
  again: "Give the delegation again",
  faults: {
    "name-missing": "Write the first name.",
    "surname-missing": "Write the surname.",
    "too-long": "The name is too long.",
    "codice-fiscale":
      "The codice fiscale is not right: it has 16 characters, as on the health card.",
    "not-this-name": "The codice fiscale does not match this name.",
    minor: "A delegate must be at least 18.",
    oneself: "This is the account holder's own codice fiscale: no delegation is needed.",
    "scopes-missing": "Choose at least one thing.",
    "already-over": "The date has passed.",
  },
  alreadyThere:
    "This person is a delegate already: to change, end the delegation and add it again.",
  tooMany: "There can be ten delegates at most: end one first.",
  forWhom: (surname) => `For the family ${surname}`,
};

export const words = catalogue<DelegateWords>({ it, en });
