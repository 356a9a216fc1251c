// SPDX-License-Identifier: EUPL-1.2
import {
  type FeeReason,
  type FeeRepricing,
  periodWord,
  type RepricedFee,
  type WhyFeeStays,
} from "#billing";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inFours } from "#payments";
import { alert, dataTable, emptyState, figures } from "#ui/components.ts";
import { MOST_ROWS, type Names, signed } from "./repriced-meals.ts";

const f = formats("it");

const REASONS: Record<FeeReason, string> = {
  isee: "ISEE",
  tariff: "Tariffa",
  payers: "Chi paga",
  family: "Figli, residenza o esenzioni",
  gone: "Non è nel servizio in quel periodo",
};

const STAYS: Record<WhyFeeStays, string> = {
  "payment-pending": "Un pagamento è in corso: resta com'è. Riprovare tra mezz'ora.",
  "payment-checked": "Un suo pagamento aspetta una decisione in Da sistemare: resta com'è.",
  "written-off":
    "Un debito di questo conto è stato annullato: la differenza sarebbe credito mai pagato. Resta com'è.",
  plan: "Si paga con un piano di rate: resta com'è.",
};

/** What fixed fees would cost now; `isChanged`: there is something to post. */
export function feeResults(found: FeeRepricing, names: Names): { html: Html; isChanged: boolean } {
  const { fees, unpriced } = found;
  const changed = fees.filter(({ whyNot }) => whyNot === null);
  const without =
    unpriced.length > 0 &&
    alert({
      tone: "warning",
      title: `${plural(unpriced.length, "quota resta com'è: oggi non ha", "quote restano come sono: oggi non hanno")} un prezzo.`,
      body: html`<p><a href="/ufficio/compiti#senza-prezzo">Che cosa manca</a></p>`,
    });
  if (fees.length === 0)
    return {
      html: html`${without}${emptyState({ icon: "it-check-circle", text: "Le quote di questo periodo sono già giuste." })}`,
      isChanged: false,
    };
  const stay = fees.length - changed.length;
  const changes = html`<h2 class="section-title">Che cosa cambia</h2>
    ${without}${figures([
      { label: "Quote che cambiano", value: f.number(changed.length) },
      ...(stay > 0 ? [{ label: "Restano come sono, per ora", value: f.number(stay) }] : []),
      { label: "Prima", value: formatEuro(found.beforeCents) },
      { label: "Adesso", value: formatEuro(found.afterCents) },
      {
        label: "Differenza",
        value: signed(found.afterCents - found.beforeCents),
        tone: "strong",
      },
    ])}
    ${table(found, names)}`;
  return { html: changes, isChanged: changed.length > 0 };
}

function table({ fees, notices }: FeeRepricing, names: Names): Html {
  const left = fees.length - MOST_ROWS;
  return html`${dataTable({
    caption: "Quote che cambiano",
    captionHidden: true,
    columns: [
      { label: "Per", header: true },
      { label: "Periodo" },
      { label: "Paga" },
      { label: "Prima", align: "end" },
      { label: "Adesso", align: "end" },
      { label: "Differenza", align: "end" },
      { label: "Perché" },
      { label: "Effetto" },
    ],
    rows: fees
      .slice(0, MOST_ROWS)
      .map((fee) => [
        fee.childIds.map((id) => names.get(id) ?? "").join(", ") || "Famiglia",
        periodWord(fee.period, "it"),
        names.get(fee.holderId) ?? "",
        formatEuro(fee.before),
        formatEuro(fee.after),
        signed(fee.after - fee.before),
        REASONS[fee.why],
        effectOf(fee, notices),
      ]),
  })}
  ${left > 0 && html`<p class="quiet">E altre ${f.number(left)}, comprese nei totali.</p>`}`;
}

function effectOf(fee: RepricedFee, notices: FeeRepricing["notices"]): Html | string {
  if (fee.whyNot) return STAYS[fee.whyNot];
  const { supplement, creditCents } = fee;
  const own = notices.filter(({ formerId }) => formerId && fee.chargeIds.includes(formerId));
  const lines = [
    ...own.map(({ old, feeId, openCents }) => {
      const numbers = old.map(({ noticeNumber }) => inFours(noticeNumber)).join(", ");
      return feeId
        ? `Avviso ${numbers}: sostituito da uno di ${formatEuro(openCents)}.`
        : `Avviso ${numbers}: annullato.`;
    }),
    ...(supplement
      ? [`Un conguaglio di ${formatEuro(supplement.amountCents)}${askedOf(supplement)}.`]
      : []),
    ...(creditCents > 0n ? [`A credito ${formatEuro(creditCents)}, già pagati.`] : []),
  ];
  return lines.length === 0
    ? "Cambiano le rate da pagare."
    : html`${lines.map((line) => html`<div>${line}</div>`)}`;
}

function askedOf({
  amountCents,
  openCents,
  dueOn,
}: NonNullable<RepricedFee["supplement"]>): string {
  if (openCents === 0n) return ": lo copre il credito, non c'è niente da pagare";
  const asked = openCents < amountCents ? `: restano da pagare ${formatEuro(openCents)}` : "";
  return `${asked}${dueOn ? `, entro ${f.dayWithYear(dueOn)}` : ""}`;
}

/** What becomes of notices, for whoever decides. */
export function noticesEnding({ notices }: FeeRepricing): string {
  const asking = notices.filter(({ old }) => old.length > 0);
  const replaced = asking.filter(({ feeId }) => feeId !== null).length;
  const over = asking.length - replaced;
  return [
    "Le rate pagate restano pagate.",
    ...(replaced > 0
      ? [
          `${plural(replaced, "avviso non pagato è sostituito", "avvisi non pagati sono sostituiti")}: il numero vecchio non vale più.`,
        ]
      : []),
    ...(over > 0 ? [`${plural(over, "avviso è annullato", "avvisi sono annullati")}.`] : []),
  ].join(" ");
}
