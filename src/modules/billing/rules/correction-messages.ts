// SPDX-License-Identifier: EUPL-1.2
/** What is told when money that was charged, or asked for, is corrected. */
import type { Day } from "#kernel/dates.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { MessageText } from "#messaging";
import type { ToldCharge } from "./money-messages.ts";
import { type ServiceWord, serviceWord } from "./service-word.ts";

const CANCELLED_BILL = catalogue({
  it: {
    subject: (service: string, month: string) => `Avviso annullato: ${service} di ${month}`,
    over: (number: string, amount: string) =>
      `L'avviso ${number} di ${amount} è annullato: non va pagato.`,
    reason: (text: string) => `Motivo: ${text}.`,
    owed: (amount: string) => `Dopo la correzione restano ${amount}: vanno nel prossimo avviso.`,
    credit: (amount: string) => `La correzione lascia ${amount} in meno da pagare nel prossimo.`,
    nothing: "Dopo la correzione non resta niente da pagare.",
  },
  en: {
    subject: (service, month) => `Notice withdrawn: ${service} of ${month}`,
    over: (number, amount) => `The notice ${number} of ${amount} is withdrawn: do not pay it.`,
    reason: (text) => `Reason: ${text}.`,
    owed: (amount) => `After the correction ${amount} are left: they go on the next notice.`,
    credit: (amount) => `The correction leaves ${amount} less to pay on the next one.`,
    nothing: "After the correction nothing is left to pay.",
  },
});

/** A bill was corrected, and what is left of it is too little for one of its own, nothing, or credit. */
export function cancelledBillMessage(
  of: {
    service: ServiceWord;
    month: Day;
    number: string;
    beforeCents: Cents;
    leftCents: Cents;
    /** empty where it is not to be told */
    reason: string;
  },
  lang: Lang,
): MessageText {
  const w = CANCELLED_BILL(lang);
  const { leftCents } = of;
  const left =
    leftCents > 0n
      ? w.owed(formatEuro(leftCents))
      : leftCents < 0n
        ? w.credit(formatEuro(-leftCents))
        : w.nothing;
  return {
    subject: w.subject(serviceWord(of.service, lang), formats(lang).monthName(of.month.month)),
    body: [
      w.over(of.number, formatEuro(of.beforeCents)),
      ...(of.reason === "" ? [] : [w.reason(of.reason.trim().replace(/\.$/, ""))]),
      left,
    ].join(" "),
  };
}

const CORRECTION = catalogue({
  it: {
    reversed: (what: string) => `Addebito stornato: ${what}`,
    changed: (what: string) => `Addebito corretto: ${what}`,
    added: (what: string) => `Nuovo addebito: ${what}`,
    of: (service: string, day: string) => `${service} di ${day}`,
    meal: (child: string, day: string) => `Il pasto di ${child} di ${day}`,
    use: (service: string, child: string, day: string) =>
      `Il servizio ${service} di ${child} di ${day}`,
    noLonger: (amount: string) => `non è più addebitato: stornati ${amount}.`,
    nowIs: (before: string, now: string) => `era addebitato ${before}, ora ${now}.`,
    isNow: (amount: string) => `è addebitato: ${amount}.`,
    reason: (text: string) => `Motivo: ${text}.`,
    postpaid: "L'avviso del mese ne tiene conto; se è già pronto, il prossimo.",
    prepaid: "Il credito è già aggiornato.",
  },
  en: {
    reversed: (what) => `Charge taken back: ${what}`,
    changed: (what) => `Charge corrected: ${what}`,
    added: (what) => `New charge: ${what}`,
    of: (service, day) => `${service} of ${day}`,
    meal: (child, day) => `${child}'s meal of ${day}`,
    use: (service, child, day) => `The service ${service} for ${child} on ${day}`,
    noLonger: (amount) => `is no longer charged: ${amount} taken back.`,
    nowIs: (before, now) => `was charged ${before}, it is ${now} now.`,
    isNow: (amount) => `is charged: ${amount}.`,
    reason: (text) => `Reason: ${text}.`,
    postpaid:
      "The month's notice takes it into account; if that is ready already, the next one does.",
    prepaid: "The credit is up to date.",
  },
});

/** A charge of a day that had been closed is not what it was. Amounts are this payer's own part. */
export function correctionMessage(
  of: Omit<ToldCharge, "feeName"> & {
    before: Cents;
    now: Cents;
    reason: string;
    model: "prepaid" | "postpaid";
  },
  lang: Lang,
): MessageText {
  const w = CORRECTION(lang);
  const day = formats(lang).day(of.date);
  const service = serviceWord(of.service, lang);
  const what = w.of(service, day);
  const [before, now] = [formatEuro(of.before), formatEuro(of.now)];
  const [subject, outcome] =
    of.now === 0n
      ? [w.reversed(what), w.noLonger(before)]
      : of.before === 0n
        ? [w.added(what), w.isNow(now)]
        : [w.changed(what), w.nowIs(before, now)];
  const meal =
    of.service.kind === "canteen" ? w.meal(of.child, day) : w.use(service, of.child, day);
  const reason = of.reason
    .trim()
    .replace(/^correzione: /, "")
    .replace(/\.$/, "");
  return {
    subject,
    body: [
      `${meal} ${outcome}`,
      ...(reason === "" ? [] : [w.reason(reason)]),
      of.model === "postpaid" ? w.postpaid : w.prepaid,
    ].join(" "),
  };
}

const REPRICED = catalogue({
  it: {
    subject: (service: string) => `Prezzi ricalcolati: ${service}`,
    body: (children: string, meals: number, from: string, to: string) =>
      `Per ${children} ${meals === 1 ? `è stato ricalcolato un addebito di ${from}` : `sono stati ricalcolati ${meals} addebiti, da ${from} a ${to}`}:`,
    amounts: (before: string, now: string) => `erano ${before}, ora sono ${now}.`,
    less: (amount: string) => `${amount} in meno.`,
    more: (amount: string) => `${amount} in più.`,
    same: "Il totale resta uguale.",
    postpaid: "La differenza va nel prossimo avviso.",
  },
  en: {
    subject: (service) => `Prices worked out again: ${service}`,
    body: (children, meals, from, to) =>
      `For ${children} ${meals === 1 ? `one charge of ${from} was` : `${meals} charges, from ${from} to ${to}, were`} worked out again:`,
    amounts: (before, now) => `they were ${before}, they are ${now} now.`,
    less: (amount) => `${amount} less.`,
    more: (amount) => `${amount} more.`,
    same: "The total stays the same.",
    postpaid: "The difference goes on the next notice.",
  },
});

/** After a retroactive change (ISEE, tariff): what an account's charges of some days come to now. */
export function repricedMessage(
  of: {
    service: ServiceWord;
    children: readonly string[];
    meals: number;
    from: Day;
    to: Day;
    before: Cents;
    now: Cents;
    reason: string;
    model: "prepaid" | "postpaid";
  },
  lang: Lang,
): MessageText {
  const f = formats(lang);
  const w = REPRICED(lang);
  const difference = of.now - of.before;
  const amount = formatEuro(difference < 0n ? -difference : difference);
  return {
    subject: w.subject(serviceWord(of.service, lang)),
    body: [
      w.body(f.list(of.children), of.meals, f.day(of.from), f.day(of.to)),
      w.amounts(formatEuro(of.before), formatEuro(of.now)),
      difference === 0n ? w.same : difference < 0n ? w.less(amount) : w.more(amount),
      CORRECTION(lang).reason(of.reason.trim().replace(/\.$/, "")),
      of.model === "postpaid" ? w.postpaid : CORRECTION(lang).prepaid,
    ].join(" "),
  };
}
