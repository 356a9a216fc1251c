// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import type { OrderLine, SiteOrder } from "#kitchen";
import { dataTable, emptyState, linkButton, printButton, tag } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { byClass, currentLines } from "../order/counts.ts";
import { serviceChips } from "../order/order-page.ts";
import { mealWord } from "../order/order-words.ts";
import { kitchenPage, noServicePage } from "../kitchen-page.ts";
import { type KitchenScope, kitchenPath, kitchenScope } from "../kitchen-scope.ts";

const f = formats("it");

/** meals that are cooked or packed apart */
const isSpecial = ({ meal, dietCode }: OrderLine): boolean => dietCode !== "" || meal === "plain";

/** `/cucina/diete`: code → how many, where. No names, no diagnoses (X-14, X-16). */
export async function dietsPage(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return notFound;
  if (scope === "no-service") return noServicePage(visit);
  const special = specialMeals(scope);
  const groups = Map.groupBy(special, ({ word }) => word);
  const saysWhat = special.some(({ leaveOut }) => leaveOut !== "");
  const rows = [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b, "it", { numeric: true }))
    .map(([word, meals]) => [
      tag(word, word === "In bianco" ? "info" : "warning"),
      html`<strong>${meals.reduce((sum, one) => sum + one.meals, 0)}</strong>`,
      ...(saysWhat ? [meals[0]?.leaveOut ?? ""] : []),
      meals.map((one, index) => [
        index > 0 && html`<br />`,
        `${one.site}, ${one.className}: ${one.meals}`,
      ]),
    ]);
  return kitchenPage(visit, scope, {
    current: "diets",
    h1: "Diete",
    lead: `${f.dayFrom(scope.date, visit.today).replace(/^./, (first) => first.toUpperCase())}. Codici, senza nomi né motivi.`,
    headActions:
      rows.length > 0
        ? linkButton({
            href: kitchenPath(visit, scope, "/etichette"),
            label: "Stampa le etichette",
            icon: "it-print",
          })
        : null,
    body: html`${serviceChips(visit, scope)}${
      rows.length === 0
        ? emptyState({ text: "Nessuna dieta e nessun pasto in bianco.", icon: "it-check-circle" })
        : dataTable({
            caption: "Codici del giorno",
            captionHidden: true,
            columns: [
              { label: "Codice", header: true },
              { label: "Pasti", align: "end" },
              ...(saysWhat ? [{ label: "Senza" }] : []),
              { label: "Dove" },
            ],
            rows,
          })
    }`,
  });
}

interface SpecialMeals {
  word: string;
  site: string;
  className: string;
  meals: number;
  /** as the town words it; "" = it does not say */
  leaveOut: string;
}

/** As things stand: the order and what changed since it froze. */
function specialMeals(scope: KitchenScope): SpecialMeals[] {
  return scope.order.sites.flatMap((site: SiteOrder) =>
    byClass(scope.calendar, currentLines(site).filter(isSpecial)).flatMap(({ name, lines }) =>
      lines.map((line) => ({
        word: mealWord(line),
        site: site.site.name,
        className: name,
        meals: line.meals,
        leaveOut: scope.leaveOut.get(line.dietCode) ?? "",
      })),
    ),
  );
}

/** `/cucina/etichette`: one label of 63×38 mm for each diet and plain meal: school, class, code. */
export async function labelsPage(visit: Visit): Promise<Answer> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return notFound;
  if (scope === "no-service") return noServicePage(visit);
  const labels = specialMeals(scope).flatMap((one) =>
    Array.from({ length: one.meals }, () => label(one, scope)),
  );
  return kitchenPage(visit, scope, {
    current: "diets",
    h1: "Etichette",
    print: true,
    back: { href: kitchenPath(visit, scope), label: "Torna all'ordine" },
    body: html`<div class="button-row screen-only">
        ${labels.length > 0 && printButton()}
        <p class="quiet">
          ${plural(labels.length, "etichetta", "etichette")} da 63 × 38 mm, tre per riga.
        </p>
      </div>
      ${
        labels.length === 0
          ? emptyState({ text: "Nessuna etichetta da stampare.", icon: "it-check-circle" })
          : html`<div class="labels">${labels}</div>`
      }`,
  });
}

const label = (one: SpecialMeals, scope: KitchenScope): Html =>
  html`<div class="label">
    <p>${one.site}</p>
    <p><strong>${one.className}</strong></p>
    <p><strong>${one.word}</strong>${one.leaveOut && `, senza ${one.leaveOut}`}</p>
    <p>${f.shortDay(scope.date)}</p>
  </div>`;
