// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

interface AccessWords {
  lead: string;
  familyTitle: string;
  familyLead: string;
  month: string;
  show: string;
  onlyLatest: (count: number) => string;
  none: string;
  reason: (text: string) => string;
  /** by stored code; a code that is not in here falls back to its module */
  roles: Readonly<Record<string, string>>;
  actions: Readonly<Record<string, string>>;
  modules: Readonly<Record<string, string>>;
  someAct: (module: string) => string;
  data: string;
}

const it: AccessWords = {
  lead: "Ogni azione di ufficio e scuola sui dati della famiglia, con il motivo, e i contatti cambiati dagli adulti.",
  familyTitle: "Chi ha visto e cambiato i dati",
  familyLead:
    "Letture e modifiche di ufficio, scuola e delegati, con nome, ora e motivo. Di più pagine aperte dalla stessa persona nella stessa ora resta una riga.",
  month: "Mese",
  show: "Mostra",
  onlyLatest: (count) =>
    `Sono le ultime ${count} righe del mese. Le altre si chiedono all'ufficio.`,
  none: "Nessun accesso registrato.",
  reason: (text) => `. Motivo: ${text}`,
  roles: {
    office: "ufficio",
    "office-diet": "ufficio",
    "office-manager": "ufficio",
    administrator: "ufficio",
    school: "scuola",
    kitchen: "cucina",
    driver: "scuolabus",
    guardian: "famiglia",
    delegate: "persona delegata",
    system: "sistema",
  },
  actions: {
    "booking.cancel": "Pasto disdetto per la famiglia",
    "booking.restore": "Disdetta annullata per la famiglia",
    "booking.plain": "Pasto in bianco per la famiglia",
    "booking.normal": "Pasto normale per la famiglia",
    "booking.book": "Pasto prenotato per la famiglia",
    "booking.unbook": "Prenotazione disdetta per la famiglia",
    "booking.report-absence": "Assenza segnalata per la famiglia",
    "booking.absence": "Assenza registrata per la famiglia",
    "booking.resume": "Ripresa registrata per la famiglia",
    "families.read": "Scheda della famiglia consultata",
    "families.update-contacts": "Contatti modificati",
    "families.answer-correction": "Risposta a una richiesta di correzione",
    "families.correct-codice-fiscale": "Codice fiscale corretto",
    "families.change-holder": "Intestatario cambiato",
    "families.delegate-added": "Delegato aggiunto",
    "families.delegate-ended": "Delega tolta",
    "families.link-identity": "Identità digitale collegata",
    "families.access-joined": "Accesso unito a quello di un altro figlio",
    "families.access-split": "Accesso diviso da quello di un altro figlio",
    "ledger.register-credit": "Credito registrato a mano",
    "payments.ask-money": "Rimborso o trasferimento chiesto",
    "payments.register-desk-payment": "Pagamento registrato",
    "payments.make-notices": "Avviso di pagamento creato per la famiglia",
    "payments.start-payment": "Pagamento on line avviato per la famiglia",
    "payments.cancel-notice": "Avviso di pagamento eliminato",
    "billing.answer-dispute": "Risposta a una contestazione",
    "enrolment.accept-application": "Domanda di iscrizione accolta",
    "enrolment.enrol": "Iscrizione registrata",
    "enrolment.withdraw": "Ritiro registrato",
    "enrolment.set-diet": "Dieta registrata",
    "enrolment.set-payer-shares": "Quote a carico cambiate",
    "attendance.correct": "Presenza corretta",
    "tariffs.record-isee": "ISEE registrato",
    "transport.seat": "Fermata dello scuolabus assegnata",
    "transport.unseat": "Fermata dello scuolabus tolta",
    "identity.open-desk": "Sportello aperto",
    "identity.close-desk": "Sportello chiuso",
    "identity.credentials-letter": "Lettera con codice utente e codice di attivazione",
  },
  modules: {
    booking: "Prenotazioni",
    families: "Dati della famiglia",
    ledger: "Conto",
    payments: "Pagamenti",
    billing: "Addebiti",
    enrolment: "Iscrizioni",
    attendance: "Presenze",
    tariffs: "Tariffe",
    transport: "Scuolabus",
    office: "Ufficio",
  },
  someAct: (module) => `${module}: modifica o consultazione`,
  data: "Dati",
};

const en: AccessWords = {
  lead: "Everything that office and school did with the family's data, with the reason, and the contacts that adults changed.",
  familyTitle: "Who saw and changed the data",
  familyLead:
    "Readings and changes by office, school and delegates, with name, time and reason. Several pages opened by the same person within the same hour make one line.",
  month: "Month",
  show: "Show",
  onlyLatest: (count) =>
    `These are the latest ${count} lines of the month. Ask the office for the others.`,
  none: "No access recorded.",
  reason: (text) => `. Reason: ${text}`,
  roles: {
    office: "school office",
    "office-diet": "school office",
    "office-manager": "school office",
    administrator: "school office",
    school: "school",
    kitchen: "kitchen",
    driver: "school bus",
    guardian: "family",
    delegate: "delegate",
    system: "system",
  },
  actions: {
    "booking.cancel": "Meal cancelled for the family",
    "booking.restore": "Cancellation undone for the family",
    "booking.plain": "Plain meal for the family",
    "booking.normal": "Normal meal for the family",
    "booking.book": "Meal booked for the family",
    "booking.unbook": "Booking cancelled for the family",
    "booking.report-absence": "Absence reported for the family",
    "booking.absence": "Absence registered for the family",
    "booking.resume": "Return registered for the family",
    "families.read": "The family's record was read",
    "families.update-contacts": "Contacts changed",
    "families.answer-correction": "A request for correction was answered",
    "families.correct-codice-fiscale": "Tax code (codice fiscale) corrected",
    "families.change-holder": "Account holder changed",
    "families.delegate-added": "Delegate added",
    "families.delegate-ended": "Delegation ended",
    "families.link-identity": "Digital identity linked",
    "families.access-joined": "Access joined to another child's",
    "families.access-split": "Access divided from another child's",
    "ledger.register-credit": "Credit recorded by hand",
    "payments.ask-money": "Refund or transfer asked for",
    "payments.register-desk-payment": "Payment recorded",
    "payments.make-notices": "Payment notice made for the family",
    "payments.start-payment": "Online payment started for the family",
    "payments.cancel-notice": "Payment notice deleted",
    "billing.answer-dispute": "Answer to a dispute",
    "enrolment.accept-application": "Application for enrolment accepted",
    "enrolment.enrol": "Enrolment recorded",
    "enrolment.withdraw": "Withdrawal recorded",
    "enrolment.set-diet": "Diet recorded",
    "enrolment.set-payer-shares": "Payer shares changed",
    "attendance.correct": "Attendance corrected",
    "tariffs.record-isee": "ISEE recorded",
    "transport.seat": "School bus stop assigned",
    "transport.unseat": "School bus stop taken away",
    "identity.open-desk": "Desk opened",
    "identity.close-desk": "Desk closed",
    "identity.credentials-letter": "Letter with user code and activation code",
  },
  modules: {
    booking: "Bookings",
    families: "Family data",
    ledger: "Account",
    payments: "Payments",
    billing: "Charges",
    enrolment: "Enrolments",
    attendance: "Attendance",
    tariffs: "Prices",
    transport: "School bus",
    office: "School office",
  },
  someAct: (module) => `${module}: changed or looked at`,
  data: "Data",
};

export const words = catalogue<AccessWords>({ it, en });
