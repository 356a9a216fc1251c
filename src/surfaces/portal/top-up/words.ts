// SPDX-License-Identifier: EUPL-1.2
import { catalogue, plural } from "#kernel/i18n.ts";

const CODE_FAULTS = {
  length: "Il codice fiscale ha 16 caratteri (11 se provvisorio).",
  format: "Nel codice fiscale lettere e cifre non sono al loro posto.",
  "name-part": "Nel codice fiscale le lettere del nome non sono possibili.",
  date: "La data di nascita nel codice fiscale non esiste.",
  "control-character": "L'ultimo carattere del codice fiscale non torna: controllare gli altri.",
};

const it = {
  title: "Ricarica",
  act: "Esegui ricarica",
  payments: "Pagamenti",
  lead: "Di quanto, e per chi?",
  balance: (amount: string) => `Credito: ${amount}`,
  mealsFor: (count: bigint, each: boolean, amount: string) =>
    `${plural(count, "pasto", "pasti")}${each ? " per ciascuno" : ""}, ${amount}`,
  whatIsOwed: (amount: string) => `Quanto manca, ${amount}`,
  other: "Altro importo",
  nothingNow: "Niente per ora",
  typed: "Altro importo, in euro",
  limits: (least: string | null, most: string | null) =>
    [least && `Almeno ${least}`, most && `${least ? "al" : "Al"} massimo ${most}`]
      .filter(Boolean)
      .join(", "),
  anyAmount: "Qualsiasi importo",
  alsoToPay: "Anche da pagare",
  goOn: "Continua",
  noAccounts: "Nessun credito da ricaricare: qui i servizi si pagano con un avviso di pagamento.",
  notReady:
    "Il pagamento con pagoPA non è ancora attivo. L'ufficio dice come pagare e registra il pagamento.",
  nothingChosen: "Scegliere un importo.",
  tooMany: "Si pagano 5 avvisi per volta.",
  notASum: "L'importo non è chiaro. Per esempio: 25,00",
  atLeast: (amount: string) => `L'importo minimo è ${amount}.`,
  atMost: (amount: string) => `L'importo massimo è ${amount}.`,
  subject: (service: string) => `Ricarica ${service.charAt(0).toLowerCase()}${service.slice(1)}`,
  subjectOfSeveral: "Ricarica servizi scolastici",

  summary: "Riepilogo",
  what: "Che cosa",
  amount: "Importo",
  total: "Totale",
  topUpOf: (who: string | null, service: string | null) =>
    ["Ricarica", who && ` per ${who}`, service && `, ${service}`].filter(Boolean).join(""),
  onePayment:
    "Un solo pagamento pagoPA. La commissione si vede prima di pagare e si paga una volta.",
  pay: (amount: string) => `Paga ${amount}`,
  payAnyway: (amount: string) => `Paga comunque ${amount}`,
  makeNotice: "Crea l'avviso da pagare altrove",
  nothingToPay: "Niente da pagare: quello che era stato scelto risulta già pagato o tolto.",
  toPayments: "Vai ai pagamenti",
  pending: (amount: string, time: string) => `Pagamento di ${amount} in corso dalle ${time}`,
  pendingBody:
    "Non serve pagare di nuovo. Se la banca mostra l'addebito, basta attendere: la ricevuta arriva da sola. Pagare comunque ha senso solo se quel pagamento si è interrotto.",
  noticeMade: "Avviso creato. Si può pagare on line o altrove, entro il giorno indicato.",
  noticesMade:
    "Avvisi creati. Si possono pagare on line o altrove, ognuno entro il giorno indicato.",
  cannotMake: "Non è stato possibile creare l'avviso.",
  tooManyServices: "Questi servizi non stanno in un solo avviso: pagarli in due volte.",

  missingTitle: "Dati mancanti",
  missingWhy: "Prima del pagamento mancano ancora questi dati. Restano salvati.",
  email: "E-mail",
  emailHint: "Qui arriva la ricevuta di pagoPA.",
  codeOf: (name: string) => `Codice fiscale di ${name}`,
  codeHint: "16 caratteri, sulla tessera sanitaria.",
  without: "Continua senza",
  withoutHint: "L'avviso si paga lo stesso.",
  withoutEmail: "Senza e-mail la ricevuta resta in Pagamenti.",
  withoutCode:
    "Senza codice fiscale la spesa non risulta a nome di chi paga finché l'ufficio non lo registra.",
  missing: (what: string) => `${what}: manca. Si può anche continuare senza.`,
  wrongEmail: "L'e-mail non è completa, per esempio nome@posta.it.",
  codeFaults: CODE_FAULTS,
  codeTaken:
    "Questo codice fiscale risulta di un'altra persona. L'ufficio lo controlla; intanto si può continuare senza.",
  notHere: "Questo dato lo corregge l'ufficio. Si può continuare senza.",
  reason: "prima del pagamento",
};

const en: typeof it = {
  title: "Top up",
  act: "Top up",
  payments: "Payments",
  lead: "How much, and for whom?",
  balance: (amount) => `Credit: ${amount}`,
  mealsFor: (count, each, amount) =>
    `${plural(count, "meal", "meals")}${each ? " for each child" : ""}, ${amount}`,
  whatIsOwed: (amount) => `What is missing, ${amount}`,
  other: "Another amount",
  nothingNow: "Nothing for now",
  typed: "Another amount, in euro",
  limits: (least, most) =>
    [least && `At least ${least}`, most && `${least ? "at" : "At"} most ${most}`]
      .filter(Boolean)
      .join(", "),
  anyAmount: "Any amount",
  alsoToPay: "Also to pay",
  goOn: "Continue",
  noAccounts: "No credit to top up: here services are paid with a payment notice (avviso).",
  notReady:
    "Payment with pagoPA is not active yet. The school office says how to pay and records the payment.",
  nothingChosen: "Choose an amount.",
  tooMany: "Five payment notices can be paid at a time.",
  notASum: "The amount is not clear. For example: 25,00",
  atLeast: (amount) => `The smallest amount is ${amount}.`,
  atMost: (amount) => `The largest amount is ${amount}.`,
  subject: (service) => `Ricarica ${service}`,
  subjectOfSeveral: "Ricarica servizi scolastici",

  summary: "Summary",
  what: "What",
  amount: "Amount",
  total: "Total",
  topUpOf: (who, service) =>
    ["Top-up", who && ` for ${who}`, service && `, ${service}`].filter(Boolean).join(""),
  onePayment: "One pagoPA payment. Its commission is shown before paying and is paid once.",
  pay: (amount) => `Pay ${amount}`,
  payAnyway: (amount) => `Pay ${amount} anyway`,
  makeNotice: "Make a notice (avviso) to pay elsewhere",
  nothingToPay: "Nothing to pay: what was chosen is already paid or withdrawn.",
  toPayments: "Go to payments",
  pending: (amount, time) => `Payment of ${amount} in progress since ${time}`,
  pendingBody:
    "There is no need to pay again. If the bank shows the debit, just wait: the receipt comes by itself. Paying anyway makes sense only if that payment was interrupted.",
  noticeMade: "Notice made. It can be paid online or elsewhere, by its due day.",
  noticesMade: "Notices made. They can be paid online or elsewhere, each by its due day.",
  cannotMake: "The notice could not be made.",
  tooManyServices: "These services do not fit one notice: pay them in two goes.",

  missingTitle: "Missing data",
  missingWhy: "These data are still missing before the payment. They stay saved.",
  email: "E-mail",
  emailHint: "pagoPA's receipt is sent here.",
  codeOf: (name) => `Tax code (codice fiscale) of ${name}`,
  codeHint: "16 characters, on the health card (tessera sanitaria).",
  without: "Continue without",
  withoutHint: "The notice can be paid all the same.",
  withoutEmail: "Without an e-mail address the receipt stays in Payments.",
  withoutCode:
    "Without a tax code the expense is not in the payer's name until the school office records it.",
  missing: (what) => `${what}: missing. It is also possible to continue without.`,
  wrongEmail: "The e-mail address is not complete, for example name@mail.it.",
  codeFaults: {
    length: "A tax code has 16 characters (11 if provisional).",
    format: "Letters and digits of the tax code are not in their places.",
    "name-part": "The letters of the name in the tax code are not possible.",
    date: "The birth date in the tax code does not exist.",
    "control-character": "The last character of the tax code does not match: check the others.",
  },
  codeTaken:
    "This tax code belongs to another person. The school office checks it; meanwhile it is possible to continue without.",
  notHere: "The school office corrects this. It is possible to continue without.",
  reason: "before a payment",
};

export const words = catalogue<typeof it>({ it, en });
