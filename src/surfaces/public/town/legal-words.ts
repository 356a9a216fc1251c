// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

type Triple = readonly [data: string, why: string, who: string];
const USES: readonly Triple[] = [
  [
    "Nome, classe e presenze dei bambini",
    "Preparare i pasti e registrare chi mangia",
    "Famiglia, ufficio, personale della propria classe",
  ],
  [
    "Recapiti e codice fiscale degli adulti",
    "Avvisare la famiglia, intestare i pagamenti",
    "Famiglia e ufficio",
  ],
  [
    "Fermata dello scuolabus",
    "Portare i bambini a scuola e a casa",
    "Famiglia e ufficio; chi guida, per la propria linea, con nome e classe",
  ],
  [
    "ISEE, prezzi, pagamenti",
    "Calcolare e riscuotere le tariffe",
    "Famiglia e ufficio; mai scuola, cucina e scuolabus",
  ],
  [
    "Codice di dieta, senza motivo né diagnosi",
    "Servire il pasto giusto",
    "Famiglia, ufficio, scuola e cucina; la cucina senza nomi, il gestore della ristorazione solo il numero",
  ],
  [
    "Chi ha fatto che cosa e quando",
    "Sicurezza e trasparenza",
    "Ufficio; ogni famiglia per i propri dati",
  ],
];

const it = {
  accessibility: "Accessibilità",
  accessibilityLead: (town: string) => `${town}: pagine fatte per funzionare con ogni strumento.`,
  built: "Come sono costruite",
  builtPoints: [
    "Riferimento: WCAG 2.2, livello AA. A ogni versione un controllo automatico (axe) esamina le pagine.",
    "Ogni azione si fa anche senza JavaScript, con la sola tastiera, a 320 pixel di larghezza e con il testo al 200 %.",
    "Lo stato di un pasto è sempre scritto con una parola, mai solo con un colore.",
  ],
  limits: "Limiti noti",
  limitPoints: [
    "La dichiarazione di accessibilità sul modulo AgID la pubblica il Comune e non è ancora collegata a questa pagina.",
    "Non è ancora stata fatta una prova con persone che usano lettori di schermo ogni giorno.",
  ],
  report: "Segnala un problema",
  reportHow: "Scrivere che cosa non funziona e in quale pagina",
  orCall: "oppure telefonare",
  askOffice: "Rivolgersi all'ufficio del Comune.",

  privacy: "Privacy",
  controller: (town: string, address: string) => `Titolare del trattamento: ${town}, ${address}.`,
  usesTitle: "Quali dati, perché, chi li vede",
  data: "Dati",
  why: "Perché",
  who: "Chi li vede",
  uses: USES,
  basis: "Base giuridica e durata",
  basisText:
    "I dati servono a un compito di interesse pubblico del Comune (articolo 6, paragrafo 1, lettera e, del regolamento UE 2016/679). I tempi di conservazione li stabilisce il Comune: per i documenti contabili valgono gli obblighi di legge.",
  never: "Che cosa non succede",
  neverText:
    "Nessuna pubblicità, nessuna statistica di terzi, nessun dato inviato ad altri siti. I cookie sono solo tecnici: uno tiene aperto l'accesso fino all'uscita, uno porta per un minuto il messaggio dopo un'azione, uno conserva per dieci minuti una richiesta arrivata a sessione scaduta, due conservano cifrati per trenta minuti chi ha un'identità verificata ma non è ancora registrato e la domanda che stava scrivendo, uno ricorda per tre mesi quale calendario è stato aperto per ultimo, uno ricorda per un anno la lingua scelta.",
  rights: "Diritti",
  rightsText:
    "Accesso, rettifica, cancellazione, limitazione e opposizione si chiedono al Comune; resta il reclamo al Garante per la protezione dei dati personali.",
  office: "Ufficio",

  legal: "Note legali",
  body: "Ente",
  address: "Indirizzo",
  fiscalCode: "Codice fiscale",
  software: "Il software",
  softwareText:
    "Campanella è software libero per i servizi scolastici dei Comuni italiani, con licenza EUPL-1.2: ogni amministrazione può usarlo, studiarlo e modificarlo. Il testo della licenza è nel repository del progetto.",
  receipts: "Valore delle ricevute",
  receiptsText:
    "L'ora che conta è quella di arrivo al server, la stessa per ogni canale. Ogni disdetta, accolta o no, ha una ricevuta che si può verificare con il suo codice:",
  verify: "Verifica una ricevuta",
  demo: "Dimostrazione",
  demoText: "In questa installazione persone, prezzi e movimenti sono inventati.",
};

const en: typeof it = {
  accessibility: "Accessibility",
  accessibilityLead: (town) => `The pages of ${town} are made to work with every tool.`,
  built: "How they are built",
  builtPoints: [
    "Reference: WCAG 2.2, level AA. At every release an automatic check (axe) examines the pages.",
    "Everything can be done without JavaScript, by keyboard alone, at a width of 320 pixels and with text at 200 %.",
    "The state of a meal is always written as a word, never only shown by a colour.",
  ],
  limits: "Known limits",
  limitPoints: [
    "The accessibility statement on the AgID form is published by the municipality and is not linked to this page yet.",
    "No test has been made yet with people who use screen readers every day.",
  ],
  report: "Report a problem",
  reportHow: "Write what does not work and on which page",
  orCall: "or call",
  askOffice: "Contact the municipality's office.",

  privacy: "Privacy",
  controller: (town, address) => `Data controller: ${town}, ${address}.`,
  usesTitle: "Which data, why, who sees them",
  data: "Data",
  why: "Why",
  who: "Who sees them",
  uses: [
    [
      "Name, class and attendance of the children",
      "Preparing the meals and recording who eats",
      "Family, school office, staff of the child's own class",
    ],
    [
      "Contacts and tax code of the adults",
      "Informing the family, putting payments in the right name",
      "Family and school office",
    ],
    [
      "School bus stop",
      "Taking the children to school and home",
      "Family and school office; the driver of the line, with name and class",
    ],
    [
      "ISEE, prices, payments",
      "Working out and collecting what is due",
      "Family and school office; never school, kitchen and school bus",
    ],
    [
      "Diet code, without reason or diagnosis",
      "Serving the right meal",
      "Family, office, school and kitchen; the kitchen without names, the catering company only how many",
    ],
    [
      "Who did what and when",
      "Security and openness",
      "School office; every family for its own data",
    ],
  ],
  basis: "Legal basis and duration",
  basisText:
    "The data serve a task of public interest of the municipality (article 6, paragraph 1, letter e, of EU regulation 2016/679). The municipality decides how long they are kept: for accounting records the law decides.",
  never: "What does not happen",
  neverText:
    "No advertising, no statistics of third parties, no data sent to other sites. The cookies are technical only: one keeps the access open until signing out, one carries the message after an act for a minute, one keeps for ten minutes a request that arrived when the session had expired, two keep, encrypted for thirty minutes, who has a verified identity but is not registered yet and the application they were writing, one remembers for three months which calendar was opened last, one remembers the chosen language for a year.",
  rights: "Rights",
  rightsText:
    "Access, correction, erasure, restriction and objection are asked of the municipality; a complaint can be made to the Italian data protection authority (Garante per la protezione dei dati personali).",
  office: "School office",

  legal: "Legal notes",
  body: "Public body",
  address: "Address",
  fiscalCode: "Tax code (codice fiscale)",
  software: "The software",
  softwareText:
    "Campanella is free software for the school services of Italian municipalities, under the EUPL-1.2 licence: every administration may use, study and change it. The text of the licence is in the project's repository.",
  receipts: "What the receipts are worth",
  receiptsText:
    "The time that counts is that of arrival at the server, the same for every channel. Every cancellation, accepted or not, has a receipt that can be verified with its code:",
  verify: "Verify a receipt",
  demo: "Demonstration",
  demoText: "In this installation people, prices and transactions are invented.",
};

export const words = catalogue<typeof it>({ it, en });
