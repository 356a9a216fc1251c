// SPDX-License-Identifier: EUPL-1.2
import {
  type BillCorrection,
  cancellationOf,
  previewReissue,
  reissueBill,
  type WhyNotReissued,
} from "#billing";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  alert,
  definitionList,
  errorFor,
  type FieldError,
  form,
  textArea,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";

const f = formats("it");
const pathOf = (number: string): string => `/ufficio/avvisi/${number}`;

const WHY_NOT: Record<WhyNotReissued, string> = {
  cancelled: "L'avviso è già annullato.",
  paid: "È già pagato, anche solo in parte: la differenza va nel prossimo avviso.",
  "payment-pending": "Qualcuno lo sta pagando proprio ora: riprovare fra mezz'ora.",
  "days-open": "Una giornata del mese è stata riaperta: prima va chiusa.",
  "nothing-to-correct": "Dopo questo avviso non ci sono correzioni.",
};

export interface Reissuable {
  readonly correction: BillCorrection | null;
  readonly cancellation: Awaited<ReturnType<typeof cancellationOf>>;
}

export const loadReissuable = async (
  tx: ReadTx,
  of: { id: string; number: string; now: Visit["now"] },
): Promise<Reissuable> => ({
  correction: await previewReissue(tx, of),
  cancellation: await cancellationOf(tx, of.id),
});

/** Why a bill is over, or what became of its charges since it was drawn and what can be done about it. */
export function reissuePart(
  visit: Visit,
  { correction, cancellation }: Reissuable,
  errors: readonly FieldError[],
): Html | null {
  if (cancellation) {
    const { replacedBy } = cancellation;
    return alert({
      tone: "info",
      title: `Annullato ${f.dayAndTime(cancellation.at)}, ${cancellation.by}`,
      body: html`<p>${cancellation.reason}</p>
        <p>
          ${
            replacedBy === null
              ? "Quello che restava va nel prossimo avviso."
              : html`Al suo posto c'è il
                  <a href="${pathOf(replacedBy)}">prospetto n. ${replacedBy}</a>.`
          }
        </p>`,
    });
  }
  if (!correction || correction.whyNot === "nothing-to-correct") return null;
  const { bill, afterCents, dueOn, whyNot } = correction;
  const difference = afterCents - bill.totalCents;
  const sum = (cents: bigint): string => `${cents > 0n ? "+" : ""}${formatEuro(cents)}`;
  return html`<h2 class="section-title">Correzioni dopo questo avviso</h2>
    ${definitionList([
      { label: "Totale dell'avviso", value: formatEuro(bill.totalCents) },
      { label: "Correzioni", value: sum(difference) },
      { label: "Totale corretto", value: html`<strong>${formatEuro(afterCents)}</strong>` },
      ...(whyNot === null && dueOn
        ? [{ label: "Nuova scadenza", value: f.dayWithYear(dueOn) }]
        : []),
    ])}
    ${
      whyNot !== null
        ? html`<p>${WHY_NOT[whyNot]}</p>`
        : mayDecide(visit)
          ? reissueForm(visit, correction, errors)
          : onlyManagers()
    }`;
}

const reissueForm = (
  visit: Visit,
  { bill, afterCents, dueOn }: BillCorrection,
  errors: readonly FieldError[],
): Html =>
  html`<p>
      Se non si fa niente, la differenza va nel prossimo avviso. Finché nessuno ha pagato, l'avviso
      si può annullare${dueOn === null ? "" : " e rifare"}: il suo numero non vale più e la famiglia
      riceve un messaggio.
    </p>
    ${
      dueOn === null &&
      html`<p>
        Quello che resta non basta per un avviso: ${formatEuro(afterCents)} vanno nel prossimo.
      </p>`
    }
    ${form({
      action: `${pathOf(bill.number)}/rifai`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { totale: afterCents.toString() },
      body: textArea({
        name: "motivo",
        label: "Motivo",
        hint: "La famiglia lo legge.",
        rows: 2,
        maxlength: 500,
        error: errorFor(errors, "motivo"),
      }),
      submit: {
        label: dueOn === null ? "Annulla l'avviso" : "Annulla e rifai l'avviso",
        kind: "secondary",
      },
    })}`;

/** An unpaid bill is cancelled and drawn anew with its corrections; `again`: its page, with what is missing. */
export async function reissueNow(
  visit: Visit,
  again: (errors: readonly FieldError[]) => Promise<Answer>,
): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return forbidden;
  const number = `${visit.params["year"]}/${visit.params["number"]}`;
  const shown = fields.text("totale");
  const shownCents = /^-?\d{1,15}$/.test(shown) ? BigInt(shown) : -1n;
  const reason = fields.text("motivo");
  const done = await visit.town.write((tx) =>
    reissueBill(tx, { actor, number, shownCents, reason, now }),
  );
  switch (done.outcome) {
    case "reissued":
      return done.number === null
        ? seeOther(pathOf(number), "Avviso annullato: quello che resta va nel prossimo.")
        : seeOther(pathOf(done.number), "Avviso rifatto: la famiglia riceve un messaggio.");
    case "refused":
      return seeOther(pathOf(number), WHY_NOT[done.why]);
    case "changed":
      return seeOther(pathOf(number), "Intanto è cambiato qualcosa: ecco i nuovi importi.");
    case "reason-missing":
      return again([{ field: "motivo", message: "Scrivere il motivo." }]);
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}
