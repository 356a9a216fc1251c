// SPDX-License-Identifier: EUPL-1.2
import {
  disableProvider,
  enableProvider,
  openProviderKeys,
  providerKeys,
  providerVersions,
  retireProviderKey,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { actionForm, alert, dataTable, tag } from "#ui/components.ts";
import {
  checkOwnEntity,
  type OwnEntityCheck,
} from "../../../integrations/oidc-federation/index.ts";
import { networkOf, partyOf } from "../../web/oidc-party.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import {
  groupOf,
  hasAllKeys,
  KEY_GROUPS,
  type KeyGroup,
  makeKeys,
  useNextKeys,
} from "./oidc-keys.ts";
import { CHECKED, checkAdvice, OIDC_BACK, OIDC_NAME, OIDC_PAGE } from "./oidc-words.ts";

const protocol = "cie-oidc";

/** An act on this page: done, then said there. */
const act =
  (what: (visit: Visit, actor: Actor) => Promise<string>) =>
  async (visit: Visit): Promise<Answer> =>
    visit.actor ? seeOther(OIDC_PAGE, await what(visit, visit.actor)) : notFound;

const onGroup = (what: (visit: Visit, of: { actor: Actor; group: KeyGroup }) => Promise<string>) =>
  act(async (visit, actor) => {
    const group = groupOf(visit.fields.text("gruppo"));
    return group ? what(visit, { actor, group }) : "Nulla è cambiato.";
  });

export const makeOidcKeys = onGroup(async (visit, of) => {
  const newest = await visit.town.read(async (tx) => (await providerVersions(tx, protocol))[0]);
  if (!newest) return "Prima si salvano i dati.";
  const made = await makeKeys(visit, of);
  if (made === null) return "Sono già state create: sono quelle qui sotto. Nulla è cambiato.";
  if (made === "first") return "Fatto. La parte pubblica è nella dichiarazione.";
  return of.group === "federazione"
    ? "La nuova chiave è pronta e pubblicata. Ora va comunicata alla federazione."
    : "Le nuove chiavi sono pronte e pubblicate. Da domani si possono usare.";
});

export const useOidcKeys = onGroup(async (visit, of) =>
  (await useNextKeys(visit, of))
    ? "Fatto. Quanto c'era prima resta pubblicato finché non si ritira."
    : "Non c'è nulla di nuovo da usare.",
);

/** What waits is given up; otherwise what was before goes. */
export const retireOidcKeys = onGroup(async (visit, { actor, group }) => {
  const { uses } = KEY_GROUPS[group];
  return visit.town.write(async (tx) => {
    const keys = (await providerKeys(tx, { protocol })).filter(({ use }) =>
      uses.some((one) => one === use),
    );
    const state = keys.some((key) => key.state === "next") ? "next" : "former";
    const leaving = keys.filter((key) => key.state === state);
    for (const { id } of leaving)
      await retireProviderKey(tx, { actor, protocol, id, now: visit.now });
    return leaving.length > 0 ? "Fatto: non è più nella dichiarazione." : "Nulla è cambiato.";
  });
});

export const enableOidc = act(async (visit, actor) => {
  const version = Number(visit.fields.text("versione"));
  return visit.town.write(async (tx) => {
    const wanted = (await providerVersions(tx, protocol)).find((one) => one.version === version);
    if (!wanted || !hasAllKeys(await providerKeys(tx, { protocol })))
      return "Prima servono i dati e le chiavi.";
    if (wanted.settings.trustMarks.length === 0)
      return "Questa versione non ha un marchio di fiducia: i gestori la rifiuterebbero.";
    await enableProvider(tx, { actor, protocol, version, now: visit.now });
    return `${OIDC_NAME} è attivo con la versione ${version}.`;
  });
});

export const disableOidc = act(async (visit, actor) => {
  await visit.town.write((tx) => disableProvider(tx, { actor, protocol, now: visit.now }));
  return `${OIDC_NAME} è disattivato: chi è già entrato continua, nessuno entra più così.`;
});

/** POST `…/prova`: asks, and shows what came of it. Nothing is kept. */
export async function checkOidc(visit: Visit): Promise<Answer> {
  const { newest, keys } = await visit.town.read(async (tx) => ({
    newest: (await providerVersions(tx, protocol))[0],
    keys: await openProviderKeys(tx, { protocol, sealKey: visit.app.sealKey }),
  }));
  const town = newest && partyOf(newest, keys);
  if (!town) return seeOther(OIDC_PAGE, "Prima servono i dati e le chiavi.");
  const checks = await checkOwnEntity({
    ...{ party: town.party, anchor: town.anchor, provider: town.settings.provider },
    ...{ now: visit.now, outside: networkOf(visit) },
  });
  const bad = checks.filter(({ isGood }) => !isGood).length;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Prova della federazione",
      back: OIDC_BACK,
      lead: `Versione ${town.version}, provata alle ${formats("it").time(visit.now)}.`,
      body: html`${alert(
        bad === 0
          ? { tone: "success", title: "Tutto funziona" }
          : {
              tone: "danger",
              title: plural(bad, "cosa non funziona", "cose non funzionano"),
              body: html`<p>Che cosa fare è scritto accanto a ognuna.</p>`,
            },
      )}
      ${table(checks)}
      ${actionForm({
        action: `${OIDC_PAGE}/prova`,
        csrf: visit.csrf,
        label: "Prova di nuovo",
        kind: "secondary",
      })}`,
    },
  );
}

const table = (checks: readonly OwnEntityCheck[]): Html =>
  dataTable({
    caption: "Prove",
    captionHidden: true,
    columns: [{ label: "Che cosa", header: true }, { label: "Esito" }, { label: "Dettaglio" }],
    rows: checks.map(({ what, isGood, reason, detail }) => [
      CHECKED[what].what,
      isGood ? tag("funziona", "info") : tag("non funziona", "warning"),
      isGood
        ? CHECKED[what].said
        : html`<strong>Da fare:</strong> ${checkAdvice(reason, what)}
            <span class="quiet wire">(${[reason, detail].filter(Boolean).join(": ")})</span>`,
    ]),
  });
