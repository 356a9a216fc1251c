// SPDX-License-Identifier: EUPL-1.2
import { catalogue, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { MessageText } from "#messaging";
import { type ServiceWord, serviceWord } from "./service-word.ts";

const WORDS = catalogue({
  it: {
    subject: (service: string) => `Primo avviso di pagamento: ${service}`,
    body: (service: string, meals: number, children: number, total: string) =>
      `Per cominciare il servizio ${service} è pronto il primo avviso: ${total}, ${meals} pasti${
        children === 1 ? "" : ` per ognuno dei ${children} figli`
      }. Con il pagamento il credito è disponibile; ogni pasto consumato lo riduce.`,
    other: "Si può pagare anche un altro importo, con una ricarica dal portale.",
    number: (number: string) => `Numero per pagare ${number}.`,
  },
  en: {
    subject: (service) => `First payment notice: ${service}`,
    body: (service, meals, children, total) =>
      `To begin the service ${service}, the first notice is ready: ${total}, ${meals} meals${
        children === 1 ? "" : ` for each of ${children} children`
      }. Once paid it becomes credit; every meal eaten lowers it.`,
    other: "Any other amount can be paid instead, as a top-up in the portal.",
    number: (number) => `Number to pay with ${number}.`,
  },
});

interface FirstNoticeTold {
  service: ServiceWord;
  meals: number;
  children: number;
  totalCents: Cents;
}

/** BI-08, by e-mail: names nobody. */
export function firstNoticeEmail(of: FirstNoticeTold, lang: Lang): MessageText {
  const w = WORDS(lang);
  const service = serviceWord(of.service, lang);
  const body = w.body(service, of.meals, of.children, formatEuro(of.totalCents));
  return { subject: w.subject(service), body: `${body} ${w.other}` };
}

/** The same in the portal, with the number as it is read aloud. */
export function firstNoticeMessage(
  of: FirstNoticeTold & { noticeNumber: string },
  lang: Lang,
): MessageText {
  const { subject, body } = firstNoticeEmail(of, lang);
  return { subject, body: `${body} ${WORDS(lang).number(of.noticeNumber)}` };
}
