// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";
import type { Uncounted } from "#ledger";

const it = {
  documents: "Documenti",
  statement: "Estratto conto",
  statementLead: "Addebiti, pagamenti e saldo del conto, per un anno scolastico o fra due giorni.",
  toStatement: "Apri l'estratto conto",
  noStatement:
    "L'estratto conto è della persona a cui è intestato il conto: lo scarica chi ha il conto, o un suo delegato che può pagare.",
  accounts: "Conto di",
  schoolYears: "Anno scolastico",
  from: "Dal",
  to: "Al",
  show: "Mostra",
  fromTo: (from: string, to: string) => `Da ${from} a ${to}`,
  otherSpan: "Scegli un altro periodo",
  notBilled:
    "Il saldo è di tutti i conti insieme: quote, pasti e crediti, anche senza avviso. Quanto c'è da pagare ora si legge in Pagamenti.",
  opening: "Saldo all'inizio",
  charged: "Addebiti",
  paidIn: "Pagamenti e storni",
  closing: "Saldo alla fine",
  owed: "a debito",
  credit: "a credito",
  even: "in pari",
  movements: "Movimenti",
  noMovements: "Nessun movimento in questo periodo.",
  day: "Giorno",
  movement: "Movimento",
  amount: "Importo",
  balance: "Saldo",
  downloadStatement: "Scarica (PDF): estratto conto",
  papers: "Lettere e ricevute",
  papersLead:
    "Degli ultimi avvisi: la lettera con l'avviso da pagare, o la ricevuta del pagamento.",
  noPapers: "Nessun avviso e nessuna ricevuta di pagamento.",
  what: "Avviso",
  paper: "Documento",
  letter: "Lettera (PDF)",
  receipt: "Ricevuta (PDF)",
  allPayments: "Tutti i pagamenti",
  mealReceipts: "Ricevute di disdette e presenze",
  expenses: "Spese per il 730",
  lead: "Quanto è stato pagato con mezzi tracciabili per ogni figlio. Conta il giorno del pagamento, non quello del pasto.",
  year: (year: number) => `Anno ${year}`,
  yearOf: (year: number, payer: string) => `Anno ${year}, conto di ${payer}`,
  notOver: "L'anno non è finito: l'attestazione vale per quanto pagato finora.",
  paid: "Pagato con mezzi tracciabili",
  limit: "Limite per la detrazione",
  limitOf: (amount: string) => `${amount} per alunno`,
  download: "Scarica (PDF)",
  downloadOf: (child: string, year: number) => `Scarica (PDF): attestazione di ${child}, ${year}`,
  none: (year: number) => `Per il ${year} non risultano pagamenti tracciabili.`,
  why: (year: number) =>
    `Contano i pagamenti fatti nel ${year} con pagoPA, carta o bonifico, per servizi già usati; non i contanti e i buoni.`,
  others: (amount: string) =>
    `Altri ${amount} sono per bambini che qui non si vedono: l'attestazione la dà l'ufficio.`,
  noAccount:
    "L'attestazione è della persona a cui è intestato il conto, e qui non ce n'è nessuno. La scarica chi ha il conto, o un suo delegato che può pagare.",
  uncounted: {
    "not-traceable": (amount: string) =>
      `Non compresi ${amount}: contanti, buoni o versamenti allo sportello, che non sono tracciabili o non lo provano.`,
    credit: (amount: string, year: number) =>
      `Non ancora compresi ${amount} di credito da usare: contano per il ${year} quando un servizio li usa. Poi basta scaricare di nuovo l'attestazione.`,
    "given-back": (amount: string) => `Tolti ${amount}: sono stati rimborsati.`,
    household: (amount: string) =>
      `Non compresi ${amount} di quote della famiglia intera: non sono di un solo alunno.`,
  } satisfies Record<Uncounted["why"], (amount: string, year: number) => string>,
};

const en: typeof it = {
  documents: "Documents",
  statement: "Statement of account",
  statementLead:
    "Charges, payments and balance of the account, for a school year or between two days.",
  toStatement: "Open the statement of account",
  noStatement:
    "The statement belongs to the person in whose name the account is: whoever has the account downloads it, or a delegate who may pay.",
  accounts: "Account of",
  schoolYears: "School year",
  from: "From",
  to: "To",
  show: "Show",
  fromTo: (from, to) => `From ${from} to ${to}`,
  otherSpan: "Choose another period",
  notBilled:
    "The balance is of all accounts together: fees, meals and credit, also without a notice. What is to be paid now is in Payments.",
  opening: "Balance at the beginning",
  charged: "Charges",
  paidIn: "Payments and reversals",
  closing: "Balance at the end",
  owed: "in debit",
  credit: "in credit",
  even: "even",
  movements: "Transactions",
  noMovements: "No transactions in this period.",
  day: "Day",
  movement: "Transaction",
  amount: "Amount",
  balance: "Balance",
  downloadStatement: "Download (PDF): statement of account",
  papers: "Letters and receipts",
  papersLead:
    "Of the latest notices: the letter with the notice to pay, or the receipt of the payment.",
  noPapers: "No notice and no receipt of a payment.",
  what: "Notice",
  paper: "Document",
  letter: "Letter (PDF)",
  receipt: "Receipt (PDF)",
  allPayments: "All payments",
  mealReceipts: "Receipts of cancellations and attendance",
  expenses: "Expenses for the tax return (730)",
  lead: "What was paid by traceable means for each child. What counts is the day of the payment, not of the meal.",
  year: (year) => `Year ${year}`,
  yearOf: (year, payer) => `Year ${year}, account of ${payer}`,
  notOver: "The year is not over: the certificate covers what has been paid so far.",
  paid: "Paid by traceable means",
  limit: "Limit for the deduction",
  limitOf: (amount) => `${amount} per pupil`,
  download: "Download (PDF)",
  downloadOf: (child, year) => `Download (PDF): certificate of ${child}, ${year}`,
  none: (year) => `No traceable payments are recorded for ${year}.`,
  why: (year) =>
    `What counts are payments made in ${year} with pagoPA, by card or bank transfer, for services already used; not cash and vouchers.`,
  others: (amount) =>
    `A further ${amount} is for children who are not shown here: the office gives that certificate.`,
  noAccount:
    "The certificate belongs to the person in whose name the account is, and there is none here. Whoever has the account downloads it, or a delegate who may pay.",
  uncounted: {
    "not-traceable": (amount) =>
      `Not included: ${amount} in cash, vouchers or payments at the desk, which are not traceable or do not prove it.`,
    credit: (amount, year) =>
      `Not included yet: ${amount} of credit to be used. It counts for ${year} once a service uses it; then download the certificate again.`,
    "given-back": (amount) => `Taken off: ${amount}, which was refunded.`,
    household: (amount) =>
      `Not included: ${amount} of fees of the whole household, which belong to no single pupil.`,
  },
};

export const words = catalogue({ it, en });
