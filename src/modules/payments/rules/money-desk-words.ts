// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";

/** What the office did with a family's money, as the family is told. */
export type MoneyEvent =
  | { kind: "registered"; amountCents: Cents; paidOn: Day }
  /** `promisedOn` null: the promised day is over */
  | { kind: "approved"; number: number; amountCents: Cents; promisedOn: Day | null }
  | { kind: "executed" | "paid"; number: number; amountCents: Cents }
  | { kind: "refused"; number: number; amountCents: Cents; answer: string }
  | { kind: "returned" | "given-back"; number: number; amountCents: Cents }
  | { kind: "written-off" | "residual"; amountCents: Cents }
  | { kind: "plan"; count: number; amountCents: Cents; firstOn: Day };

interface MessageWords {
  subject: string;
  body: string;
}

export const moneyWords = (event: MoneyEvent, lang: Lang): MessageWords =>
  lang === "it" ? italian(event) : english(event);

function italian(event: MoneyEvent): MessageWords {
  const amount = formatEuro(event.amountCents);
  const f = formats("it");
  switch (event.kind) {
    case "registered":
      return {
        subject: "Pagamento registrato",
        body: `L'ufficio ha registrato un pagamento di ${amount}, fatto ${f.day(event.paidOn)}.`,
      };
    case "approved":
      return {
        subject: `Richiesta ${event.number} approvata`,
        body: event.promisedOn
          ? `Il rimborso di ${amount} è approvato: arriva con un bonifico del Comune entro ${f.dayWithYear(event.promisedOn)}.`
          : `Il rimborso di ${amount} è approvato, in ritardo sul giorno promesso: parte con il prossimo bonifico del Comune.`,
      };
    case "executed":
      return {
        subject: `Richiesta ${event.number} eseguita`,
        body: `${amount} sono passati da un conto all'altro.`,
      };
    case "paid":
      return {
        subject: `Richiesta ${event.number}: rimborso pagato`,
        body: `Il rimborso di ${amount} è stato pagato sul conto indicato.`,
      };
    case "refused":
      return {
        subject: `Richiesta ${event.number} respinta`,
        body: `La richiesta di ${amount} non è accolta: ${event.answer}`,
      };
    case "returned":
      return {
        subject: `Richiesta ${event.number}: bonifico tornato indietro`,
        body: `La banca ha restituito il rimborso di ${amount}: l'ufficio chiederà un altro IBAN.`,
      };
    case "given-back":
      return {
        subject: `Richiesta ${event.number}: credito rimesso sul conto`,
        body: `Il rimborso di ${amount} non è partito: l'importo è di nuovo credito della famiglia.`,
      };
    case "written-off":
      return { subject: "Debito annullato", body: `Il Comune non chiede più ${amount}.` };
    case "residual":
      return {
        subject: "Credito da rimborsare",
        body: `È rimasto un credito di ${amount}: per il rimborso serve un IBAN, da scrivere in Borsellino, Richieste.`,
      };
    case "plan":
      return {
        subject: "Piano di rate",
        body: `${amount} in ${event.count} rate, la prima entro ${f.day(event.firstOn)}: un avviso per ogni rata.`,
      };
  }
}

function english(event: MoneyEvent): MessageWords {
  const amount = formatEuro(event.amountCents);
  const f = formats("en");
  switch (event.kind) {
    case "registered":
      return {
        subject: "Payment recorded",
        body: `The school office recorded a payment of ${amount}, made on ${f.day(event.paidOn)}.`,
      };
    case "approved":
      return {
        subject: `Request ${event.number} approved`,
        body: event.promisedOn
          ? `The refund of ${amount} is approved: it comes by bank transfer from the municipality by ${f.dayWithYear(event.promisedOn)}.`
          : `The refund of ${amount} is approved, later than the promised day: it leaves with the municipality's next bank transfer.`,
      };
    case "executed":
      return {
        subject: `Request ${event.number} done`,
        body: `${amount} were moved from one account to the other.`,
      };
    case "paid":
      return {
        subject: `Request ${event.number}: refund paid`,
        body: `The refund of ${amount} was paid to the account given.`,
      };
    case "refused":
      return {
        subject: `Request ${event.number} refused`,
        body: `The request for ${amount} was not accepted: ${event.answer}`,
      };
    case "returned":
      return {
        subject: `Request ${event.number}: transfer sent back`,
        body: `The bank sent back the refund of ${amount}: the school office will ask for another IBAN.`,
      };
    case "given-back":
      return {
        subject: `Request ${event.number}: credit put back`,
        body: `The refund of ${amount} did not leave: the amount is the family's credit again.`,
      };
    case "written-off":
      return { subject: "Debt cancelled", body: `The municipality no longer asks for ${amount}.` };
    case "residual":
      return {
        subject: "Credit to be refunded",
        body: `A credit of ${amount} is left: for the refund an IBAN is needed, to be given under Wallet, Requests.`,
      };
    case "plan":
      return {
        subject: "Payment by instalments",
        body: `${amount} in ${event.count} instalments, the first by ${f.day(event.firstOn)}: one notice each.`,
      };
  }
}
