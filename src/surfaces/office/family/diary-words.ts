// SPDX-License-Identifier: EUPL-1.2
/** What was done with a family's data, by the action's name in the diary. */
const ACTIONS: Readonly<Record<string, string>> = {
  "attendance.correct": "Presenza corretta",
  "billing.answer-dispute": "Risposta a una contestazione",
  "billing.dispute": "Contestazione di un addebito",
  "billing.reopen-day": "Giornata riaperta",
  "calendar.close": "Chiusura del servizio",
  "calendar.reopen": "Chiusura annullata",
  "enrolment.enrol": "Iscrizione al servizio",
  "enrolment.import-pupils": "Importazione dalla scuola",
  "enrolment.set-diet": "Codice dieta aggiornato",
  "enrolment.set-payer-shares": "Quote di pagamento aggiornate",
  "enrolment.withdraw": "Ritiro dal servizio",
  "families.change-holder": "Cambio di intestatario",
  "families.correct-codice-fiscale": "Codice fiscale corretto",
  "families.update-contacts": "Contatti aggiornati",
  "families.answer-correction": "Risposta a una richiesta di correzione",
  "identity.open-desk": "Sportello aperto",
  "identity.close-desk": "Sportello chiuso",
  "ledger.register-credit": "Credito registrato",
  "tariffs.record-isee": "ISEE registrato",
};

export const actionText = (action: string): string => ACTIONS[action] ?? "Operazione dell'ufficio";
