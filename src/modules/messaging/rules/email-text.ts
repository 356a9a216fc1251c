// SPDX-License-Identifier: EUPL-1.2
import { catalogue, type Lang } from "#kernel/i18n.ts";

const WORDS = catalogue({
  it: {
    hello: "Gentile famiglia,",
    helloStaff: "Buongiorno,",
    attached: (count: number) =>
      count === 1
        ? "L'avviso da pagare è allegato in PDF."
        : `I ${count} avvisi da pagare sono allegati in PDF.`,
    online: "Si paga on line dal portale, oppure con l'avviso",
    offline: "Si paga con l'avviso",
    places: "in banca, alle poste, dai tabaccai e con le app abilitate a pagoPA.",
    portal: "Nel portale:",
    automatic: "Messaggio automatico: per e-mail non si chiedono mai password o dati della carta.",
    answers: "Le risposte a questa e-mail arrivano all'ufficio.",
    contacts: (text: string) => `Per domande: ${text}`,
  },
  en: {
    hello: "Dear family,",
    helloStaff: "Good morning,",
    attached: (count) =>
      count === 1
        ? "The payment notice is attached as a PDF."
        : `The ${count} payment notices are attached as PDFs.`,
    online: "It can be paid on line in the portal, or with the notice",
    offline: "It can be paid with the notice",
    places: "at banks, post offices, tobacconists and in the apps that support pagoPA.",
    portal: "In the portal:",
    automatic: "An automatic message: passwords or card details are never asked for by e-mail.",
    answers: "Answers to this e-mail reach the office.",
    contacts: (text) => `Questions: ${text}`,
  },
});

/** Who writes. */
export interface EmailSender {
  townName: string;
  officeName: string;
  /** where letters reach it; may be empty */
  address: string;
  /** `0587 12345, mensa@comune.example.it`; may be empty */
  contacts: string;
  answersReachOffice: boolean;
}

/** The whole plain text: what was planned, what is attached, one link, who writes. */
export function emailText(
  lang: Lang,
  of: {
    body: string;
    attached: number;
    payableOnline: boolean;
    /** `null`: it leads nowhere */
    url: string | null;
    isToStaff: boolean;
    sender: EmailSender;
  },
): string {
  const w = WORDS(lang);
  const { sender } = of;
  const paragraphs = [
    of.isToStaff ? w.helloStaff : w.hello,
    of.body,
    of.attached === 0
      ? ""
      : [w.attached(of.attached), of.payableOnline ? w.online : w.offline, w.places].join(" "),
    of.url === null ? "" : `${w.portal} ${of.url}`,
    [sender.officeName, sender.townName, sender.address].filter(Boolean).join("\n"),
    [
      w.automatic,
      sender.answersReachOffice ? w.answers : "",
      sender.contacts === "" ? "" : w.contacts(sender.contacts),
    ]
      .filter(Boolean)
      .join("\n"),
  ];
  return `${paragraphs.filter((text) => text !== "").join("\n\n")}\n`;
}
