// SPDX-License-Identifier: EUPL-1.2
/**
 * The fixed Italian texts of the paper notice, layout 3.5.1, character by character (apostrophes are U+2019): creditors may
 * not change them. A test compares them with the published list when it is there.
 */
export const NOTICE_TEXTS = {
  title: "Avviso di pagamento",
  creditor: "Ente Creditore",
  debtor: "Destinatario",
  howMuchAndWhen: "Quanto e quando pagare?",
  amount: "Importo",
  euro: "Euro",
  dueBy: "entro il",
  wholeOrInstalments: (count: number) => `Puoi pagare per intero o in ${count} rate`,
  instalmentsOnly: (count: number) => `Puoi pagare in ${count} rate`,
  manyInstalments: "Importi e scadenze sono riportati nel dettaglio di ogni singola rata.",
  legal:
    "In fase di pagamento l’importo potrebbe subire aumenti (per sanzioni, interessi, costi di notifica o altri fattori) " +
    "o riduzioni (per sgravi o note di credito).",
  where: "Dove pagare?",
  goTo: "vai su pagopa.gov.it",
  onlineTitle: "Paga con l’app IO",
  online:
    "oppure dal tuo Home Banking, con la tua app di pagamento o con gli altri canali abilitati.",
  onlineWithSite: (creditor: string) =>
    `oppure sul sito di ${creditor}, dal tuo Home Banking, con la tua app di pagamento o con gli altri canali abilitati.`,
  nearbyTitle: "Paga sul territorio",
  nearby:
    "presso Banche e Sportelli ATM, negli Uffici Postali e Punti Postali, nei Bar, Edicole, Ricevitorie, " +
    "Supermercati, Tabaccherie e altri Esercenti Convenzionati.",
  paymentData: "Dati per il pagamento",
  single: "Rata unica",
  instalment: (number: number) => `Rata ${number}`,
  subject: "Oggetto del pagamento",
  cbill: "Codice CBILL",
  cbillShort: "Cod. CBILL",
  noticeNumber: "Codice Avviso",
  noticeNumberShort: "Cod. Avviso",
  creditorCode: "Codice Fiscale Ente",
  creditorCodeShort: "Cod. Fiscale Ente",
  scanBeside: "Inquadra il codice QR con la tua app di pagamento o usa i dati accanto.",
  scanAbove: "Inquadra il codice QR con la tua app di pagamento o usa i dati sopra.",
} as const;

/** From the page "Avviso senza scadenza" and from Poste Italiane's slip; the published list leaves them out. */
export const OTHER_TEXTS = {
  howMuch: "Quanto pagare?",
  personCode: "Cod. Fiscale",
  postal: "Bollettino Postale PA",
  bank: "BancoPosta",
  onAccount: "sul C/C n.",
  holder: "Intestato a",
  kind: "Tipo",
  postalWhere:
    "Bollettino Postale pagabile in tutti gli Uffici Postali e sui canali fisici o digitali abilitati " +
    "di Poste Italiane e dell’Ente Creditore",
} as const;
