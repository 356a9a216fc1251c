// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { MessageText } from "#messaging";
import { type ServiceWord, serviceWord } from "./service-word.ts";

/** `8 pasti`, `1 pasto`. */
const mealCount = (count: number, lang: Lang): string =>
  lang === "it"
    ? `${count} ${count === 1 ? "pasto" : "pasti"}`
    : `${count} ${count === 1 ? "meal" : "meals"}`;

const BILL = catalogue({
  it: {
    subject: (service: string, month: string) => `Avviso di pagamento: ${service} di ${month}`,
    begin: (month: string) => `Per ${month}:`,
    due: (day: string) => `da pagare entro ${day}`,
    number: (number: string) => `Prospetto n. ${number}`,
    payable: (number: string) => `Numero avviso per pagare: ${number}`,
    total: (total: string) => `In tutto ${total}`,
    replaces: (number: string) =>
      `Corregge e sostituisce l'avviso ${number}, che non va più pagato.`,
    reason: (text: string) => `Motivo: ${text}.`,
    detail: "Nel portale c'è il dettaglio di ogni giorno. Ogni addebito si può contestare da lì.",
  },
  en: {
    subject: (service, month) => `Payment notice: ${service} of ${month}`,
    begin: (month) => `For ${month}:`,
    due: (day) => `to be paid by ${day}`,
    number: (number) => `Statement no. ${number}`,
    payable: (number) => `Notice number (numero avviso) to pay with: ${number}`,
    total: (total) => `In all ${total}`,
    replaces: (number) =>
      `It corrects and replaces the notice ${number}, which is not to be paid any more.`,
    reason: (text) => `Reason: ${text}.`,
    detail: "The portal shows every single day. Every charge can be disputed there.",
  },
});

export interface ToldBill {
  number: string;
  /** of its payment notice, as it is read aloud; null: the town has none */
  noticeNumber: string | null;
  /** first names of the children on it */
  children: readonly string[];
  meals: number;
  totalCents: Cents;
  replaces?: ReplacedBill | null;
}

/** The notice before it, which is over. */
export interface ReplacedBill {
  number: string;
  /** as the office wrote it */
  reason: string;
}

/** A family's bills of one month and service, told together (pages.md 4 "bill ready"). */
export function billMessage(
  of: { service: ServiceWord; month: Day; dueOn: Day; bills: readonly ToldBill[] },
  lang: Lang,
): MessageText {
  const f = formats(lang);
  const w = BILL(lang);
  const month = f.monthName(of.month.month);
  const due = w.due(f.day(of.dueOn));
  const content = ({ children, meals, totalCents }: ToldBill): string =>
    [f.list(children), ...(meals > 0 ? [mealCount(meals, lang)] : []), formatEuro(totalCents)]
      .filter((part) => part !== "")
      .join(", ");
  const [only] = of.bills;
  const total = of.bills.reduce((sum, { totalCents }) => sum + totalCents, 0n);
  const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
  // One number: beside the one to pay with, the bill's own is read out at counters, which do not know it.
  const numberOf = ({ number, noticeNumber }: ToldBill): string =>
    noticeNumber === null ? w.number(number) : w.payable(noticeNumber);
  const lines =
    of.bills.length === 1 && only
      ? `${content(only)}, ${due}. ${numberOf(only)}.`
      : `${of.bills.map((bill) => `${content(bill)} (${lower(numberOf(bill))})`).join("; ")}. ` +
        `${w.total(formatEuro(total))}, ${due}.`;
  return {
    subject: w.subject(serviceWord(of.service, lang), month),
    body: [
      `${w.begin(month)} ${lines}`,
      ...of.bills.flatMap(({ replaces }) =>
        replaces
          ? [w.replaces(replaces.number), w.reason(replaces.reason.trim().replace(/\.$/, ""))]
          : [],
      ),
      w.detail,
    ].join(" "),
  };
}

const BILL_EMAIL = catalogue({
  it: {
    one: (service: string, month: string, total: string, day: string) =>
      `L'avviso di ${month} per il servizio ${service} è pronto: ${total}, da pagare entro ${day}.`,
    many: (count: number, service: string, month: string, total: string, day: string) =>
      `Gli avvisi di ${month} per il servizio ${service} sono pronti: ${count}, in tutto ${total}, da pagare entro ${day}.`,
    detail: "Nel portale c'è il dettaglio di ogni giorno.",
  },
  en: {
    one: (service, month, total, day) =>
      `The notice of ${month} for the service ${service} is ready: ${total}, to be paid by ${day}.`,
    many: (count, service, month, total, day) =>
      `The notices of ${month} for the service ${service} are ready: ${count}, in all ${total}, to be paid by ${day}.`,
    detail: "The portal shows every single day.",
  },
});

/** The same by e-mail, which anybody may read on the way: no child, no class, no number of meals. */
export function billEmail(
  of: {
    service: ServiceWord;
    month: Day;
    dueOn: Day;
    bills: readonly Pick<ToldBill, "totalCents" | "replaces">[];
  },
  lang: Lang,
): MessageText {
  const f = formats(lang);
  const w = BILL_EMAIL(lang);
  const service = serviceWord(of.service, lang);
  const month = f.monthName(of.month.month);
  const total = formatEuro(of.bills.reduce((sum, { totalCents }) => sum + totalCents, 0n));
  const due = f.day(of.dueOn);
  const ready =
    of.bills.length === 1
      ? w.one(service, month, total, due)
      : w.many(of.bills.length, service, month, total, due);
  // The reason may name a child: it stays in the portal.
  const replaced = of.bills.flatMap(({ replaces }) =>
    replaces ? [BILL(lang).replaces(replaces.number)] : [],
  );
  return {
    subject: BILL(lang).subject(service, month),
    body: [ready, ...replaced, w.detail].join(" "),
  };
}

const ANSWER = catalogue({
  it: {
    subject: (number: number) => `Risposta alla contestazione ${number}`,
    meal: (child: string, day: string) => `sul pasto di ${child} di ${day}`,
    use: (service: string, child: string, day: string) =>
      `sul servizio ${service} di ${child} di ${day}`,
    fee: (name: string, child: string) => `su «${name}»${child && ` di ${child}`}`,
    accepted: (about: string, number: number) => `La contestazione ${number} ${about} è accolta:`,
    refused: (about: string, number: number, amount: string) =>
      `La contestazione ${number} ${about} non è accolta: l'addebito di ${amount} resta.`,
    refusedReversed: (about: string, number: number) =>
      `La contestazione ${number} ${about} non è accolta; l'addebito è già stornato per altro motivo.`,
    reversed: (amount: string) => `stornati ${amount}`,
    instead: (amount: string) => `nuovo addebito ${amount}`,
    answer: (text: string) => `Risposta dell'ufficio: «${text}»`,
    why: (text: string) => `Motivo: «${text}»`,
  },
  en: {
    subject: (number) => `Answer to dispute ${number}`,
    meal: (child, day) => `about ${child}'s meal of ${day}`,
    use: (service, child, day) => `about the service ${service} for ${child} on ${day}`,
    fee: (name, child) => `about “${name}”${child && ` for ${child}`}`,
    accepted: (about, number) => `Dispute ${number} ${about} is accepted:`,
    refused: (about, number, amount) =>
      `Dispute ${number} ${about} is not accepted: the charge of ${amount} stands.`,
    refusedReversed: (about, number) =>
      `Dispute ${number} ${about} is not accepted; the charge was taken back already for another reason.`,
    reversed: (amount) => `${amount} taken back`,
    instead: (amount) => `new charge ${amount}`,
    answer: (text) => `The office's answer: “${text}”`,
    why: (text) => `Reason: “${text}”`,
  },
});

/** What a charge was for. */
export interface ToldCharge {
  service: ServiceWord;
  date: Day;
  child: string;
  /** of a fixed fee; null: a meal or the use of a service */
  feeName: string | null;
}

function aboutCharge({ service, date, child, feeName }: ToldCharge, lang: Lang): string {
  const w = ANSWER(lang);
  if (feeName !== null) return w.fee(feeName, child);
  const day = formats(lang).day(date);
  return service.kind === "canteen"
    ? w.meal(child, day)
    : w.use(serviceWord(service, lang), child, day);
}

/** X-09: what was decided, what came back and how much, or why it stays. Amounts are this payer's own part. */
export function disputeMessage(
  of: ToldCharge & {
    number: number;
    decision: "accepted" | "refused";
    answer: string;
    /** cents that this account was charged, and is charged now */
    before: Cents;
    now: Cents;
  },
  lang: Lang,
): MessageText {
  const w = ANSWER(lang);
  const about = aboutCharge(of, lang);
  const subject = w.subject(of.number);
  if (of.decision === "refused") {
    // A closure, say, may have taken the charge back while the dispute was open.
    const isGone = of.now === 0n && of.before > 0n;
    const refused = isGone
      ? w.refusedReversed(about, of.number)
      : w.refused(about, of.number, formatEuro(of.now));
    return { subject, body: `${refused} ${w.why(of.answer)}` };
  }
  const money = [
    w.reversed(formatEuro(of.before)),
    ...(of.now > 0n ? [w.instead(formatEuro(of.now))] : []),
  ].join(", ");
  return { subject, body: `${w.accepted(about, of.number)} ${money}. ${w.answer(of.answer)}` };
}
