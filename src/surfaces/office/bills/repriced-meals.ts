// SPDX-License-Identifier: EUPL-1.2
import type { Repricing } from "#billing";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { alert, dataTable, emptyState, figures } from "#ui/components.ts";

const f = formats("it");
export const MOST_ROWS = 200;

/** Of children and account holders, by id. */
export type Names = ReadonlyMap<string, string>;

export const signed = (cents: bigint): string => `${cents > 0n ? "+" : ""}${formatEuro(cents)}`;

/** What meals would cost now; `isChanged`: there is something to post. */
export function mealResults(found: Repricing, names: Names): { html: Html; isChanged: boolean } {
  const { differences, newlyPriced, unpriced } = found;
  const without =
    unpriced.length > 0 &&
    alert({
      tone: "warning",
      title: `${plural(unpriced.length, "pasto resta", "pasti restano")} senza prezzo.`,
      body: html`<p><a href="/ufficio/compiti#senza-prezzo">Che cosa manca</a></p>`,
    });
  if (differences.length === 0 && newlyPriced === 0)
    return {
      html: html`${without}${emptyState({ icon: "it-check-circle", text: "Gli addebiti di questi giorni sono già giusti." })}`,
      isChanged: false,
    };
  const changes = html`<h2 class="section-title">Che cosa cambia</h2>
    ${without}${figures([
      { label: "Addebiti che cambiano", value: f.number(differences.length) },
      ...(newlyPriced > 0
        ? [{ label: "Pasti che non avevano un prezzo", value: f.number(newlyPriced) }]
        : []),
      { label: "Prima", value: formatEuro(found.beforeCents) },
      { label: "Adesso", value: formatEuro(found.afterCents) },
      {
        label: "Differenza",
        value: signed(found.afterCents - found.beforeCents),
        tone: "strong",
      },
    ])}
    ${differences.length > 0 && table(names, found)}`;
  return { html: changes, isChanged: true };
}

function table(names: Names, { differences }: Repricing): Html {
  const left = differences.length - MOST_ROWS;
  return html`${dataTable({
    caption: "Addebiti che cambiano",
    captionHidden: true,
    columns: [
      { label: "Giorno", header: true },
      { label: "Per" },
      { label: "Paga" },
      { label: "Prima", align: "end" },
      { label: "Adesso", align: "end" },
    ],
    rows: differences
      .slice(0, MOST_ROWS)
      .map(({ date, childId, holderId, before, after }) => [
        f.shortDay(date),
        names.get(childId) ?? "",
        names.get(holderId) ?? "",
        formatEuro(before),
        formatEuro(after),
      ]),
  })}
  ${left > 0 && html`<p class="quiet">E altri ${f.number(left)}, compresi nei totali.</p>`}`;
}
