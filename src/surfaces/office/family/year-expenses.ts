// SPDX-License-Identifier: EUPL-1.2
import { people } from "#families";
import { html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import { yearPayments } from "#payments";
import { card, dataTable, emptyState } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { attestation, attestationSheet, uncountedText } from "../../web/year-attestation.ts";
import { familyOfAddress, familyPath, fullName } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

/** `/ufficio/famiglie/{id}/spese`: what this payer paid for each child, by year (PE-07, X-12). */
export async function yearExpensesPage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    if (!family) return null;
    const years = await yearPayments(tx, family.holder.id);
    const ids = years.flatMap(({ children, uncounted }) =>
      [...children, ...uncounted].flatMap(({ childId }) => childId ?? []),
    );
    return { family, years, children: await people(tx, [...new Set(ids)]) };
  });
  if (!read) return notFound;
  const { family, years, children } = read;
  const nameOf = new Map(children.map((child) => [child.id, fullName(child)]));
  const path = `${familyPath(family.holder.id)}/spese`;
  return familyFrame(visit, family, {
    h1: "Spese per il 730",
    lead: `${fullName(family.person)}: pagato con mezzi tracciabili, per giorno di pagamento`,
    body:
      years.length === 0
        ? emptyState({ text: "Non risultano pagamenti di questo conto." })
        : html`${years.map(({ year, children: paid, uncounted }) =>
            card({
              title: `Anno ${year}`,
              body: html`${
                paid.length === 0
                  ? html`<p>Per il ${year} non risultano pagamenti tracciabili.</p>`
                  : dataTable({
                      caption: `Spese del ${year}`,
                      captionHidden: true,
                      columns: [
                        { label: "Per", header: true },
                        { label: "Importo", align: "end" },
                        { label: "Attestazione" },
                      ],
                      rows: children.flatMap((child) => {
                        const own = paid.find(({ childId }) => childId === child.id);
                        const name = fullName(child);
                        const link = html`<a href="${path}/${year}/${child.id}/attestazione.pdf"
                          >Scarica (PDF)<span class="visually-hidden"> di ${name}, ${year}</span></a
                        >`;
                        return own ? [[name, formatEuro(own.cents), link]] : [];
                      }),
                    })
              }
              ${uncounted.length > 0 && html`<p>Non compresi:</p>`}
              ${uncounted.map(
                (one) =>
                  html`<p>
                    ${nameOf.get(one.childId ?? "") ?? "Conto della famiglia"}:
                    ${uncountedText(one, year)}
                  </p>`,
              )}`,
            }),
          )}`,
  });
}

/** `/ufficio/famiglie/{id}/spese/{anno}/{childId}/attestazione.pdf`: the sheet that the payer has in the portal. */
export async function yearExpensesPdf(visit: Visit): Promise<Answer> {
  const { id: holderId = "", anno: year = "", childId = "" } = visit.params;
  const of = { holderId, year, childId, ofWhole: true };
  return attestation(visit, await visit.town.read((tx) => attestationSheet(tx, of)));
}
