// SPDX-License-Identifier: EUPL-1.2
import { plural } from "#kernel/i18n.ts";

/** Italian: words of the frame, the states and the shared sentences (design/pages 2.0 and 5). */
export const it = {
  product: "Servizi scolastici",
  townTitle: (name: string) => `Comune di ${name}`,
  titleError: (title: string) => `Errore: ${title}`,
  skip: "Vai al contenuto",
  menu: "Menu",
  mainNavigation: "Navigazione principale",
  quickNavigation: "Navigazione rapida",
  signedInAs: (name: string) => `Accesso di ${name}`,
  signOut: "Esci",
  ownAccess: "Accessi aperti e modi di accesso",
  changePassword: "Cambia la password",
  signIn: "Entra",
  help: "Aiuto",
  phone: "Telefono",
  nav: {
    today: "Oggi",
    calendar: "Calendario",
    payments: "Pagamenti",
    messages: "Messaggi",
    more: "Altro",
  },
  footer: {
    label: "Informazioni e contatti",
    accessibility: "Accessibilità",
    privacy: "Privacy",
    legal: "Note legali",
    help: "Aiuto",
    verify: "Verifica una ricevuta",
    contact: "Ufficio scuola",
  },
  languageName: "Italiano",
  languages: "Lingua",

  states: {
    present: "Presente",
    served: "Servito",
    cancelled: "Disdetto",
    plain: "In bianco",
    closed: "Chiuso",
    "not-enrolled": "Non attivo",
    absent: "Assente",
    "no-rientro": "No mensa",
    pending: "In corso",
    "not-booked": "Non prenotato",
    "roll-call": "In attesa",
  },
  legend: "Legenda",
  today: "Oggi",

  sending: "Invio in corso…",
  errorsHeading: (count: number) =>
    count === 1
      ? "C'è 1 dato da correggere"
      : `Ci sono ${plural(count, "dato", "dati")} da correggere`,
  errorPrefix: "Errore:",
  optional: "facoltativo",
  cancel: "Torna indietro",
  close: "Chiudi",
  search: "Cerca",
  searching: "Ricerca in corso",
  day: "giorno",
  month: "mese",
  year: "anno",
  previousMonth: (month: string) => `Mese precedente: ${month}`,
  nextMonth: (month: string) => `Mese successivo: ${month}`,
  monthCalendar: (month: string) => `Giorni di ${month}`,
  page: (page: number, of: number) => `Pagina ${page} di ${of}`,
  previousPage: "Pagina precedente",
  nextPage: "Pagina successiva",
  pages: "Pagine",
  step: (step: number, of: number) => `Passo ${step} di ${of}`,
  stepDone: "completato",
  stepCurrent: "in corso",
  receipt: "Ricevuta",
  print: "Stampa",
  printedAt: (day: string, time: string) => `Stampato ${day}, ${time}`,
  updatedAt: (time: string) => `aggiornato alle ${time}`,
  liveStopped: "Aggiornamento automatico interrotto. Ricaricare la pagina.",

  offline: (phone: string | null) =>
    phone === null
      ? "Nessuna connessione. La disdetta non è partita."
      : `Nessuna connessione. La disdetta non è partita. Per telefono: ${phone}.`,
  offlineStaff: "Nessuna connessione. Quanto scritto in questa pagina non è stato inviato.",

  /** Before the act (`price` and `month` already written out). */
  ifEaten: {
    prepaid: (price: string, wallet: string) => `Se mangia: ${price} dal ${wallet}.`,
    postpaid: (price: string, month: string) => `Se mangia: ${price} nell'avviso di ${month}.`,
    fixedFee: (price: string) => `Quota mensile: ${price}, uguale anche con assenze.`,
    exempt: "Pasto gratuito.",
  },
  /** After a cancellation. */
  afterCancelling: {
    prepaid: (credit: string) => `Nessun addebito. Credito: ${credit}.`,
    postpaid: (month: string) => `Nessun addebito nell'avviso di ${month}.`,
    fixedFee: "La quota mensile non cambia.",
    exempt: "Nessun importo.",
    late: (price: string) => `Il pasto resta addebitato: ${price}.`,
  },
  closedDay: (reason: string) => `Mensa chiusa: ${reason}. Non serve disdire, nessun addebito.`,
  noServiceDay: (child: string, next: string | null) =>
    `Oggi niente mensa per ${child}.${next === null ? "" : ` Prossimo pasto: ${next}.`}`,
  afterCutoff: (time: string) => `Per oggi non si può più disdire: il limite era alle ${time}.`,
  schoolReports: (until: string | null) =>
    until === null
      ? "Le assenze le segnala la scuola."
      : `Le assenze le segnala la scuola fino a ${until}.`,
  rollCallPending: "In attesa dell'appello.",
  changeableUntil: (time: string) => `modificabile fino alle ${time}`,
  desk: (family: string, reason: string) =>
    `Sportello: famiglia ${family}. Motivo: ${reason}. Ogni azione è registrata e la famiglia la vede.`,
  strips: { desk: "Sportello", delegate: "Delega", demo: "Dimostrazione" },
  closeDesk: "Chiudi lo sportello",
  delegate: (families: string, count: number, given: string) =>
    `Per ${count === 1 ? "la famiglia" : "le famiglie"} ${families}, con delega: ${given}.`,
  notDelegated: {
    title: "I pagamenti non sono nella delega",
    covers: (families: string, count: number, given: string) =>
      `La delega ${count === 1 ? "della famiglia" : "delle famiglie"} ${families} comprende: ${given}.`,
    who: 'I pagamenti li vede e li fa chi ha dato la delega, che può aggiungerli in "Dati e contatti", "Delegati".',
  },
  alsoDelegate: (families: string, count: number, given: string) =>
    `Anche per ${count === 1 ? "la famiglia" : "le famiglie"} ${families}, con delega: ${given}.`,
  delegateScopes: {
    view: ["vedere"],
    absences: ["disdire", "segnalare assenze"],
    payments: ["pagare"],
  },
  demo: "Dimostrazione: dati inventati.",
  changePersona: "Cambia persona",
  meals: (count: number) => plural(count, "pasto", "pasti"),

  /** Designed failures: what happened, what did not, what to do. */
  failure: {
    ours: "Qualcosa non ha funzionato. Nulla è stato registrato.",
    unknown: "Non sappiamo se la richiesta è arrivata.",
    retry: "Riprova",
    checkState: "Controlla lo stato",
    supportCode: (id: string) => `Codice per l'assistenza: ${id}`,
    sessionOver: "Sessione scaduta. Dopo l'accesso si riprende da qui.",
    notFound: "Pagina non trovata",
    forbidden: "Questa pagina appartiene a un'altra famiglia o a un altro ruolo",
    backToToday: "Torna a Oggi",
  },
};

export type Words = typeof it;
