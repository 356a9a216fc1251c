// SPDX-License-Identifier: EUPL-1.2
import { addProviderKey, type ProviderKey, promoteProviderKey, providerKeys } from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { dayOf } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { actionForm, dataTable } from "#ui/components.ts";
import { newOwnKey, publicKeys } from "../../../integrations/oidc-federation/index.ts";
import type { Visit } from "../../web/visit.ts";
import { OIDC_KEY_STATES, OIDC_KEY_USES, OIDC_PAGE } from "./oidc-words.ts";

const f = formats("it");

type Use = ProviderKey["use"];

/** Two groups, each changed for itself: the federation has to be told of the first, providers read the second by themselves. */
export const KEY_GROUPS = {
  federazione: { title: "Chiave di federazione", uses: ["federation"] },
  servizio: { title: "Chiavi del servizio", uses: ["sign", "decrypt"] },
} as const satisfies Record<string, { title: string; uses: readonly Use[] }>;
export type KeyGroup = keyof typeof KEY_GROUPS;

export const groupOf = (text: string): KeyGroup | undefined =>
  text === "federazione" || text === "servizio" ? text : undefined;

/** Every use has a key that works: only then is there a declaration. */
export const hasAllKeys = (keys: readonly ProviderKey[]): boolean =>
  (["federation", "sign", "decrypt"] as const).every((use) =>
    keys.some((key) => key.use === use && key.state === "current"),
  );

const ofGroup = (keys: readonly ProviderKey[], group: KeyGroup): ProviderKey[] =>
  keys.filter(({ use }) => KEY_GROUPS[group].uses.some((one) => one === use));

/** Makes what the group lacks: its first keys, or the next ones. `false`: somebody did meanwhile, or they wait already. */
export async function makeKeys(
  visit: Visit,
  of: { actor: Actor; group: KeyGroup },
): Promise<"first" | "next" | null> {
  const protocol = "cie-oidc";
  const { now, app } = visit;
  const { uses } = KEY_GROUPS[of.group];
  const before = await visit.town.read((tx) => providerKeys(tx, { protocol }));
  const own = ofGroup(before, of.group);
  if (own.some(({ state }) => state === "next")) return null;
  const made = await Promise.all(
    uses.map(async (use) => ({ use, key: await newOwnKey(use === "decrypt" ? "enc" : "sig") })),
  );
  const isFirst = !own.some(({ state }) => state === "current");
  return visit.town.write(async (tx) => {
    for (const { use, key } of made) {
      const added = await addProviderKey(tx, {
        ...{ actor: of.actor, protocol, use, now, sealKey: app.sealKey, notAfter: null },
        publicPart: JSON.stringify(publicKeys([key]).keys[0]),
        privatePart: JSON.stringify(key.privateJwk),
        wanted: isFirst ? "current" : "next",
      });
      // Of two presses at once the first made all of the group; this one has added none.
      if (added.outcome === "one-waits") return null;
    }
    return isFirst ? "first" : "next";
  });
}

export async function useNextKeys(
  visit: Visit,
  of: { actor: Actor; group: KeyGroup },
): Promise<boolean> {
  return visit.town.write(async (tx) => {
    let promoted = false;
    for (const use of KEY_GROUPS[of.group].uses) {
      const { actor } = of;
      const one = await promoteProviderKey(tx, {
        ...{ actor, protocol: "cie-oidc", use, now: visit.now },
      });
      promoted ||= one.outcome === "promoted";
    }
    return promoted;
  });
}

export function oidcKeySection(visit: Visit, keys: readonly ProviderKey[]): Html {
  return html`<section aria-labelledby="chiavi">
    <h2 id="chiavi" class="section-title">Chiavi</h2>
    <p>Le parti private restano qui, cifrate, e non si mostrano mai.</p>
    ${(["federazione", "servizio"] as const).map((group) => groupPart(visit, group, keys))}
  </section>`;
}

function groupPart(visit: Visit, group: KeyGroup, all: readonly ProviderKey[]): Html {
  const keys = ofGroup(all, group);
  return html`<h3>${KEY_GROUPS[group].title}</h3>
    ${keys.length > 0 && table(KEY_GROUPS[group].title, keys)} ${steps(visit, group, keys)}
    ${group === "federazione" && keys.length > 0 && publicText(keys)}`;
}

const table = (caption: string, keys: readonly ProviderKey[]): Html =>
  dataTable({
    caption,
    captionHidden: true,
    columns: [
      { label: "Creata", header: true },
      { label: "Da" },
      { label: "A che cosa serve" },
      { label: "Stato" },
    ],
    rows: keys.map((key): Content[] => [
      f.shortDay(dayOf(key.madeAt)),
      key.madeBy,
      OIDC_KEY_USES[key.use],
      OIDC_KEY_STATES[key.state],
    ]),
  });

const publicText = (keys: readonly ProviderKey[]): Html =>
  html`<details class="more">
    <summary>Testo da consegnare: chiavi pubbliche di federazione (JWKS)</summary>
    <pre class="certificate">
${JSON.stringify({ keys: keys.map(({ publicPart }) => JSON.parse(publicPart) as unknown) }, null, 2)}</pre>
  </details>`;

function steps(visit: Visit, group: KeyGroup, keys: readonly ProviderKey[]): Html {
  const act = (path: string, label: string, kind: "primary" | "secondary" = "primary"): Html =>
    actionForm({
      action: `${OIDC_PAGE}/chiavi${path}`,
      csrf: visit.csrf,
      fields: { gruppo: group },
      label,
      kind,
    });
  const isFederation = group === "federazione";
  if (keys.length === 0)
    return html`<p>
        ${
          isFederation
            ? "Firma la dichiarazione del Comune: la parte pubblica va indicata nella domanda di adesione."
            : "Una firma le richieste, una apre le risposte: i gestori le leggono dalla dichiarazione."
        }
      </p>
      ${act("", isFederation ? "Crea la chiave di federazione" : "Crea le chiavi del servizio")}`;
  if (keys.some(({ state }) => state === "next"))
    return html`<p>
        <strong>Passo 2 di 3.</strong>
        ${
          isFederation
            ? "La nuova chiave è già nella dichiarazione: comunicarla alla federazione. Quando è stata accettata, cominciare a usarla."
            : "Le nuove chiavi sono già nella dichiarazione. I gestori la rileggono entro un giorno: cominciare a usarle domani."
        }
      </p>
      <div class="button-row">
        ${act("/usa", isFederation ? "Usa la nuova chiave" : "Usa le nuove chiavi")}
        ${act("/ritira", isFederation ? "Rinuncia alla nuova chiave" : "Rinuncia alle nuove chiavi", "secondary")}
      </div>`;
  if (keys.some(({ state }) => state === "former"))
    return html`<p>
        <strong>Passo 3 di 3.</strong>
        ${isFederation ? "La nuova chiave firma già" : "Le nuove chiavi lavorano già"}: dopo un
        giorno si può ritirare quello che c'era prima.
      </p>
      ${act("/ritira", isFederation ? "Ritira la chiave precedente" : "Ritira le chiavi precedenti")}`;
  return html`<p>
      Per il cambio: <strong>passo 1 di 3</strong>, se ne
      ${isFederation ? "prepara una nuova, pubblicata" : "preparano di nuove, pubblicate"} accanto a
      quanto è in uso.
    </p>
    ${act("", isFederation ? "Prepara una nuova chiave" : "Prepara nuove chiavi", "secondary")}`;
}
