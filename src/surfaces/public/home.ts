// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { type Tenant, datedSettings } from "#tenancy";
import { alert, card, emptyState } from "#ui/components.ts";
import { page } from "#ui/layout.ts";
import type { App } from "../web/app.ts";

/** Above this the list shows names only: each summary is a transaction of its own town. */
const MOST_SUMMARIES = 12;

const MODEL_WORDS = {
  prepaid: (wallet: string) => `si paga prima (${wallet})`,
  postpaid: () => "si paga dopo (avviso mensile)",
  "fixed-fee": () => "quota fissa",
} as const;

const MODE_WORDS = {
  presumed: "presenza automatica",
  "roll-call": "appello in classe",
  "opt-in": "su prenotazione",
} as const;

interface Summary {
  readonly name: string;
  readonly lines: readonly string[];
}

/** The page at an address that belongs to no town: what this is, and the towns it serves. */
export async function home(towns: readonly Tenant[], nonce: string, app: App): Promise<Html> {
  const summaries = new Map<string, Summary>();
  if (towns.length <= MOST_SUMMARIES)
    for (const town of towns) summaries.set(town.id, await summaryOf(app, town));
  return page({
    surface: "public",
    town: null,
    nonce,
    h1: "Campanella",
    title: "Campanella, i servizi scolastici dei Comuni",
    lead: "Ogni giorno i bambini giusti hanno il pranzo, la cucina sa quanti sono, e ogni famiglia paga il giusto.",
    body: html`${
        app.demo &&
        alert({
          tone: "info",
          title: "Dimostrazione",
          body: "Comuni con regole diverse, un solo programma. Persone e dati sono inventati.",
        })
      }
      <h2>Comuni</h2>
      ${towns.length === 0 && emptyState({ text: "Nessun Comune ancora configurato." })}
      <div class="panels">${towns.map((town) => townCard(town, summaries.get(town.id), app))}</div>
      <p class="quiet">
        Campanella è software libero, con licenza <span class="nowrap">EUPL-1.2</span>.
      </p>`,
  });
}

async function summaryOf(app: App, town: Tenant): Promise<Summary> {
  const today = dayOf(app.clock.now());
  return app.db.forTenant(town.id).read(async (tx) => {
    const settings = await datedSettings(tx);
    const { services } = await townCalendar(tx);
    const { wallet } = settings.town("words", today);
    const lines = services.map(({ code, name }) => {
      const model = settings.maybeService(code, "payment", today)?.model;
      const mode = settings.maybeService(code, "attendance", today)?.mode;
      const words = [model && MODEL_WORDS[model](wallet), mode && MODE_WORDS[mode]].filter(Boolean);
      return `${name}: ${words.join("; ")}`;
    });
    return { name: settings.town("town", today).name, lines };
  });
}

function townCard(town: Tenant, summary: Summary | undefined, app: App): Html {
  const host = town.hosts[0] ?? `${town.slug}.localhost`;
  // Behind a proxy the world sees the proxy's port, otherwise ours.
  const address = app.secureCookies || app.trustProxy ? host : `${host}:${app.port}`;
  const port = [...app.townPorts].find(([, slug]) => slug === town.slug)?.[0];
  const link = app.secureCookies
    ? html`<a href="https://${address}/servizi">${address}</a>`
    : html`<a href="http://${address}/servizi">${address}</a>`;
  return card({
    title: summary?.name ?? town.name,
    level: 3,
    body: html`${summary?.lines.map((line) => html`<p>${line}</p>`)}
      <p>${link}</p>
      ${
        port !== undefined &&
        html`<p class="quiet">
          Anche <a href="http://localhost:${port}/servizi">localhost:${port}</a>
        </p>`
      }`,
  });
}
