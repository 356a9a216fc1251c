// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { type Cents, formatEuro } from "#kernel/money.ts";
import { inFours } from "./notice-number.ts";

/** What a payment needs a person for. */
export type CaseKind = "other-amount" | "duplicate" | "cancelled" | "replaced" | "unknown-notice";

interface CasePayment {
  readonly amountCents: Cents;
  readonly paidOn: Day;
  readonly noticeNumber: string;
  /** of an instalment that came short: the notice that asks for what is missing */
  readonly rest?: {
    readonly amountCents: Cents;
    readonly noticeNumber: string;
    readonly dueOn: Day | null;
  };
}

/** What became of a payment that no rule could place (X-05), as the family is told. */
export type CaseEvent = CasePayment &
  (
    | {
        readonly what: "opened";
        readonly kind: CaseKind;
        readonly askedCents: Cents;
        readonly promisedOn: Day;
      }
    | { readonly what: "credited"; readonly asRegistered: boolean }
    /** on an account of somebody else */
    | { readonly what: "credited-elsewhere" }
    | { readonly what: "to-refund"; readonly promisedOn: Day }
  );

interface Words {
  subject: string;
  body: string;
}

/** Plain text for portal and e-mail alike: no child, no codice fiscale. */
export function caseMessage(event: CaseEvent, lang: Lang): Words {
  const { subject, body } = lang === "it" ? italian(event) : english(event);
  if (!event.rest) return { subject, body };
  const amount = formatEuro(event.rest.amountCents);
  const number = inFours(event.rest.noticeNumber);
  const day = event.rest.dueOn && formats(lang).dayWithYear(event.rest.dueOn);
  const rest =
    lang === "it"
      ? `Restano da pagare ${amount}${day ? ` entro ${day}` : ""}: avviso ${number}.`
      : `Still to pay: ${amount}${day ? ` by ${day}` : ""}, notice ${number}.`;
  return { subject, body: `${body} ${rest}` };
}

function italian(event: CaseEvent): Words {
  const amount = formatEuro(event.amountCents);
  const paid = `${amount}, pagati ${formats("it").day(event.paidOn)} per l'avviso ${inFours(event.noticeNumber)}`;
  const decided = "Pagamento verificato";
  switch (event.what) {
    case "opened": {
      const why: Record<CaseKind, string> = {
        "other-amount": `l'avviso chiedeva ${formatEuro(event.askedCents)}`,
        duplicate: "l'avviso risultava già pagato",
        cancelled: "l'avviso era stato annullato",
        replaced: "l'avviso era stato sostituito da un altro",
        "unknown-notice": "il numero dell'avviso non risulta",
      };
      return {
        subject: "Un pagamento da verificare",
        body: `Sono arrivati ${paid}: ${why[event.kind]}. L'ufficio decide entro ${formats("it").dayWithYear(event.promisedOn)}: li accredita o li restituisce. Non serve fare niente: un messaggio dirà com'è andata.`,
      };
    }
    case "credited":
      return {
        subject: decided,
        body: event.asRegistered
          ? `L'ufficio ha verificato ${paid}: è il pagamento già registrato allo sportello, e ora ne ha preso il posto.`
          : `L'ufficio ha verificato ${paid}: sono stati accreditati sul conto.`,
      };
    case "credited-elsewhere":
      return {
        subject: decided,
        body: `L'ufficio ha verificato ${paid}: riguardavano un altro conto e sono stati accreditati lì.`,
      };
    case "to-refund":
      return {
        subject: decided,
        body: `L'ufficio ha verificato ${paid}: vengono restituiti a chi ha pagato entro ${formats("it").dayWithYear(event.promisedOn)}. Se manca il suo IBAN, lo chiede l'ufficio.`,
      };
  }
}

function english(event: CaseEvent): Words {
  const amount = formatEuro(event.amountCents);
  const paid = `${amount}, paid on ${formats("en").day(event.paidOn)} for notice ${inFours(event.noticeNumber)}`;
  const decided = "Payment checked";
  switch (event.what) {
    case "opened": {
      const why: Record<CaseKind, string> = {
        "other-amount": `the notice asked for ${formatEuro(event.askedCents)}`,
        duplicate: "the notice was already paid",
        cancelled: "the notice had been withdrawn",
        replaced: "the notice had been replaced by another one",
        "unknown-notice": "no notice has this number",
      };
      return {
        subject: "A payment to be checked",
        body: `This arrived: ${paid}; ${why[event.kind]}. The school office decides by ${formats("en").dayWithYear(event.promisedOn)}: it credits it or gives it back. There is nothing to do: a message will say what was decided.`,
      };
    }
    case "credited":
      return {
        subject: decided,
        body: event.asRegistered
          ? `The school office checked ${paid}: it is the payment already recorded at the desk, and has now taken its place.`
          : `The school office checked ${paid}: the amount was credited to the account.`,
      };
    case "credited-elsewhere":
      return {
        subject: decided,
        body: `The school office checked ${paid}: it was for another account and was credited there.`,
      };
    case "to-refund":
      return {
        subject: decided,
        body: `The school office checked ${paid}: the amount is given back to whoever paid by ${formats("en").dayWithYear(event.promisedOn)}. If the IBAN is missing, the office asks for it.`,
      };
  }
}
