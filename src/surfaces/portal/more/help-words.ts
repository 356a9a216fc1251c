// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

export interface HelpWords {
  title: string;
  office: string;
  hours: string;
  questionsTitle: string;
  /** where families give up meals themselves */
  cancelling: readonly (readonly [question: string, answer: string])[];
  /** asked where the school reports absences; the answer says until when */
  whoReports: string;
  questions: readonly (readonly [question: string, answer: string])[];
}

const it: HelpWords = {
  title: "Aiuto",
  office: "Ufficio",
  hours: "Orari",
  questionsTitle: "Domande frequenti",
  cancelling: [
    [
      "Fino a quando si può disdire?",
      "Fino all'orario limite del giorno, scritto nella pagina Oggi e in ogni giorno del calendario. Conta l'istante in cui la richiesta arriva, non l'orologio del telefono.",
    ],
    [
      "E se il limite è passato?",
      "Il pasto resta previsto e addebitato. Si può segnalare comunque l'assenza e disdire dal primo giorno utile, che la pagina propone.",
    ],
    [
      "Come si annulla una disdetta?",
      "Con il pulsante Annulla la disdetta, nella pagina Oggi, nel giorno o nella ricevuta, fino all'orario limite.",
    ],
  ],
  whoReports: "Chi segnala le assenze?",
  questions: [
    [
      "A che cosa serve la ricevuta?",
      "Ogni richiesta, accolta o no, ha una ricevuta con un codice e l'ora di arrivo. Chiunque abbia il codice può verificarla; i nomi non si vedono.",
    ],
    [
      "Perché un pasto costa così?",
      "Accanto a ogni addebito c'è Perché?: mostra tariffa, ISEE, riduzioni e chi ha registrato la presenza. Da lì si può contestare.",
    ],
    [
      "Il pagamento è in corso: bisogna pagare di nuovo?",
      "No. Conta la ricevuta, che arriva da sola: di solito in pochi minuti, al massimo 48 ore. Oggi e Pagamenti dicono a che punto è, anche se il browser si è chiuso.",
    ],
    [
      "La mensa è chiusa: che cosa bisogna fare?",
      "Niente: nei giorni di chiusura non serve disdire e non c'è nessun addebito.",
    ],
  ],
};

const en: HelpWords = {
  title: "Help",
  office: "School office",
  hours: "Opening hours",
  questionsTitle: "Frequent questions",
  cancelling: [
    [
      "Until when can a meal be cancelled?",
      "Until the day's limit, written on the Today page and on every day of the calendar. What counts is the instant at which the request arrives, not the phone's clock.",
    ],
    [
      "And when the limit has passed?",
      "The meal stays planned and charged. The absence can still be reported, and the page offers to cancel from the first day that can still change.",
    ],
    [
      "How is a cancellation undone?",
      "With the button Undo the cancellation, on the Today page, on the day or on the receipt, until the limit.",
    ],
  ],
  whoReports: "Who reports absences?",
  questions: [
    [
      "What is the receipt for?",
      "Every request, accepted or not, has a receipt with a code and its time of arrival. Whoever has the code can verify it; names are not shown.",
    ],
    [
      "Why does a meal cost this much?",
      "Beside every charge there is Why?: it shows price list, ISEE, reductions and who recorded the attendance. A charge can be disputed from there.",
    ],
    [
      "The payment is in progress: is it necessary to pay again?",
      "No. What counts is the receipt, which comes by itself: usually in a few minutes, at most 48 hours. Today and Payments say how far it is, even if the browser was closed.",
    ],
    [
      "There are no school meals today: what is there to do?",
      "Nothing: on closed days there is no need to cancel and no charge.",
    ],
  ],
};

export const words = catalogue<HelpWords>({ it, en });
