// SPDX-License-Identifier: EUPL-1.2
import { type Day, day } from "#kernel/dates.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import type { MessageText } from "#messaging";
import { type ServiceWord, serviceWord } from "./service-word.ts";

const FEES = catalogue({
  it: {
    subject: (service: string) => `Quote ricalcolate: ${service}`,
    year: (name: string) => `anno ${name}`,
    fee: (whom: string, amounts: string) => `${whom}: ${amounts}`,
    amounts: (before: string, now: string) => `la quota era ${before}, ora è ${now}.`,
    household: "Famiglia",
    reason: (text: string) => `Motivo: ${text}.`,
    replaced: (old: string, by: string, amount: string) =>
      `L'avviso ${old} non va più pagato: al suo posto c'è l'avviso ${by} di ${amount}.`,
    withdrawn: (old: string) => `L'avviso ${old} non va più pagato.`,
    credit: (amount: string) => `Già pagati in più: ${amount}, restano a credito.`,
    supplement: (amount: string, due: string | null, number: string | null) =>
      `Da pagare ancora ${amount}${due === null ? "" : ` entro ${due}`}${number === null ? "" : `, con l'avviso ${number}`}.`,
    covered: "La differenza è già coperta dal credito: non c'è niente da pagare.",
    days: "Le rate non ancora pagate hanno il nuovo importo; le scadenze sono nel portale.",
    postpaid: "La differenza va nel prossimo avviso.",
    prepaid: "Il credito è già aggiornato.",
  },
  en: {
    subject: (service) => `Fees worked out again: ${service}`,
    year: (name) => `year ${name}`,
    fee: (whom, amounts) => `${whom}: ${amounts}`,
    amounts: (before, now) => `the fee was ${before}, it is ${now} now.`,
    household: "Family",
    reason: (text) => `Reason: ${text}.`,
    replaced: (old, by, amount) =>
      `The notice ${old} is not to be paid any more: the notice ${by} of ${amount} takes its place.`,
    withdrawn: (old) => `The notice ${old} is not to be paid any more.`,
    credit: (amount) => `Paid already beyond the fee: ${amount}, kept as credit.`,
    supplement: (amount, due, number) =>
      `Still to pay: ${amount}${due === null ? "" : ` by ${due}`}${number === null ? "" : `, with the notice ${number}`}.`,
    covered: "The credit covers the difference already: there is nothing to pay.",
    days: "Instalments that are not paid yet have the new amount; the portal shows their days.",
    postpaid: "The difference goes on the next notice.",
    prepaid: "The credit is up to date.",
  },
});

/** What a fee's period is called: `ottobre 2026`, `anno 2026/27`, or as the tariff names its terms. */
export function periodWord(name: string, lang: Lang): string {
  if (/^\d{4}-\d{2}$/.test(name)) return formats(lang).month(day(`${name}-01`));
  return /^\d{4}\/\d{2}$/.test(name) ? FEES(lang).year(name) : name;
}

export interface ToldFee {
  /** first names; none: of the household */
  children: readonly string[];
  period: string;
  before: Cents;
  after: Cents;
  /** `openCents`: what the account's credit does not cover; `number`: of the notice that asks for it */
  supplement: { openCents: Cents; dueOn: Day | null; number: string | null } | null;
}

/** After a retroactive change: what an account's fees come to now, and what is to be paid instead of what. */
export function repricedFeesMessage(
  of: {
    service: ServiceWord;
    fees: readonly ToldFee[];
    /** as they are read aloud; `by` null: nothing takes its place */
    replaced: readonly { old: string; by: { number: string; amountCents: Cents } | null }[];
    creditCents: Cents;
    reason: string;
    model: "prepaid" | "postpaid" | "fixed-fee";
  },
  lang: Lang,
): MessageText {
  const w = FEES(lang);
  const f = formats(lang);
  const { model } = of;
  const supplements = of.fees.flatMap(({ supplement }) => supplement ?? []);
  const end = model === "postpaid" ? w.postpaid : model === "prepaid" ? w.prepaid : w.days;
  const hasInstalments = of.fees.some(({ supplement }) => supplement === null);
  return {
    subject: w.subject(serviceWord(of.service, lang)),
    body: [
      ...of.fees.map(({ children, period, before, after }) => {
        const whom = children.length > 0 ? f.list(children) : w.household;
        return w.fee(
          `${whom}, ${periodWord(period, lang)}`,
          w.amounts(formatEuro(before), formatEuro(after)),
        );
      }),
      w.reason(of.reason.trim().replace(/\.$/, "")),
      ...of.replaced.map(({ old, by }) =>
        by ? w.replaced(old, by.number, formatEuro(by.amountCents)) : w.withdrawn(old),
      ),
      ...supplements.map(({ openCents, dueOn, number }) =>
        openCents > 0n
          ? w.supplement(formatEuro(openCents), dueOn && f.day(dueOn), number)
          : w.covered,
      ),
      ...(of.creditCents > 0n ? [w.credit(formatEuro(of.creditCents))] : []),
      ...(model !== "fixed-fee" || hasInstalments ? [end] : []),
    ].join(" "),
  };
}
