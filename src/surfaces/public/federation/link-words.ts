// SPDX-License-Identifier: EUPL-1.2
import type { LinkFault, LinkField } from "#families";
import { catalogue } from "#kernel/i18n.ts";

const it = {
  ask: "Chiedi il collegamento",
  askAgain: "Chiedi di nuovo il collegamento",
  lead: (name: string) =>
    `Richiesta di ${name}. L'ufficio cerca il bambino, controlla che il collegamento spetti, e risponde. Fino ad allora nessun dato di famiglie è visibile.`,
  childName: "Nome e cognome del bambino",
  childBirthDate: "Data di nascita del bambino",
  orSchool: "Basta la data di nascita, oppure la scuola con la classe.",
  school: "Scuola e classe",
  schoolHint: "Per esempio: primaria di via Milano, 3A",
  note: "Nota per l'ufficio",
  noteHint: "Per esempio: madre; il codice fiscale non era stato comunicato",
  contacts: "Per avere la risposta anche per e-mail, o essere richiamati:",
  email: "E-mail",
  phone: "Telefono",
  send: "Invia la richiesta",
  sent: "Richiesta inviata",
  open: (day: string, time: string) =>
    `La richiesta di collegamento è arrivata all'ufficio ${day}, alle ${time}. La risposta si trova qui, entrando di nuovo con la stessa identità.`,
  refused: (reason: string) => `L'ufficio non ha accolto la richiesta: ${reason}`,
  linked: "Collegamento fatto",
  linkedWhy: "L'ufficio ha collegato questa identità alla famiglia. Si entra come la prima volta.",
  welcome: "L'ufficio ha collegato questa identità alla famiglia.",
  firstSignIn: "Prima serve l'accesso",
  firstSignInWhy:
    "Il collegamento si chiede subito dopo un accesso con SPID, CIE o un'identità europea: così l'ufficio sa di sicuro chi lo chiede. L'accesso vale per questa richiesta 30 minuti.",
  enter: "Vai all'accesso",
  faults: {
    missing: "Scrivere nome e cognome del bambino.",
    "birth-or-school": "Scrivere la data di nascita, oppure la scuola con la classe.",
    "in-future": "La data di nascita è nel futuro.",
    "too-long": "il testo è troppo lungo.",
    format: "così non è un recapito valido.",
  } satisfies Record<LinkFault, string>,
  badDate: "La data non è scritta bene.",
};

const en: typeof it = {
  ask: "Ask to be linked",
  askAgain: "Ask to be linked again",
  lead: (name) =>
    `Request by ${name}. The office looks for the child, checks that the link is due, and answers. Until then no family's data can be seen.`,
  childName: "Child's first name and surname",
  childBirthDate: "Child's date of birth",
  orSchool: "Either the date of birth, or the school and class.",
  school: "School and class",
  schoolHint: "For example: primary school in via Milano, 3A",
  note: "Note for the office",
  noteHint: "For example: mother; the codice fiscale had not been given",
  contacts: "To get the answer by e-mail too, or to be called back:",
  email: "E-mail",
  phone: "Phone",
  send: "Send the request",
  sent: "Request sent",
  open: (day, time) =>
    `The request to be linked reached the office on ${day}, at ${time}. The answer will be here, after signing in again with the same identity.`,
  refused: (reason) => `The office did not accept the request: ${reason}`,
  linked: "Linked",
  linkedWhy: "The office has linked this identity to the family. Sign in as before.",
  welcome: "The office has linked this identity to the family.",
  firstSignIn: "Sign in first",
  firstSignInWhy:
    "A link is asked for right after signing in with SPID, CIE or a European identity: so the office knows for sure who asks. The sign-in is good for this request for 30 minutes.",
  enter: "Go to the sign-in",
  faults: {
    missing: "Write the child's first name and surname.",
    "birth-or-school": "Write the date of birth, or the school and class.",
    "in-future": "The date of birth is in the future.",
    "too-long": "the text is too long.",
    format: "this is no valid contact.",
  },
  badDate: "The date is not written correctly.",
};

export const linkWords = catalogue<typeof it>({ it, en });

/** The form's names of what the rule judges. */
export const FIELDS = {
  childName: "bambino",
  childBirthDate: "nascita",
  school: "scuola",
  note: "nota",
  email: "email",
  phone: "telefono",
} as const satisfies Record<LinkField, string>;
