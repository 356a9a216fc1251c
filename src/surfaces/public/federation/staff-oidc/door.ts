// SPDX-License-Identifier: EUPL-1.2
import { enabledProvider, type StaffOidcSettings } from "#identity";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { linkButton } from "#ui/components.ts";
import type { Visit } from "../../../web/visit.ts";
import { atRegistered, baseUrlsOf } from "../buttons.ts";
import { STAFF_DOOR } from "../../../web/staff-provider.ts";
import { staffWords } from "./words.ts";

/** `null`: the town's staff have no provider of their own. */
export async function staffProviderOf(tx: ReadTx): Promise<StaffOidcSettings | null> {
  return (await enabledProvider(tx, "staff-oidc"))?.settings ?? null;
}

/** "Entra con l'account del Comune", for those who work here. */
export function staffButton(
  visit: Visit,
  settings: StaffOidcSettings | null,
  wanted: string | null,
): Html | null {
  if (!settings) return null;
  const w = staffWords(visit.lang);
  const query = wanted === null ? "" : `?${new URLSearchParams({ poi: wanted }).toString()}`;
  const href = atRegistered(visit, baseUrlsOf(settings), STAFF_DOOR + query);
  return html`<section class="panel" aria-labelledby="personale">
    <div class="panel-head"><h2 class="card-heading" id="personale">${w.staff}</h2></div>
    <p>${w.staffWhy}</p>
    <div class="button-row">${linkButton({ href, label: w.enter(settings.label) })}</div>
  </section>`;
}
