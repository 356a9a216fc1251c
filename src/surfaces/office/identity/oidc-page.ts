// SPDX-License-Identifier: EUPL-1.2
import {
  type OidcFederationSettings,
  type ProviderKey,
  providerKeys,
  providerVersions,
  saveProvider,
  type ServiceProviderVersion,
  suggestOidcSettings,
} from "#identity";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings } from "#tenancy";
import { actionForm, alert, type FieldError } from "#ui/components.ts";
import { configurationUrl, readTrustMark } from "../../../integrations/oidc-federation/index.ts";
import { type Answer, notFound, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { BACK } from "./identity-words.ts";
import { oidcForm, oidcTypedValues, oidcValuesOf, readOidcGiven } from "./oidc-form.ts";
import { hasAllKeys, oidcKeySection } from "./oidc-keys.ts";
import { OIDC_NAME, OIDC_PAGE, OIDC_WHAT } from "./oidc-words.ts";
import { addressOf, answerSaved, basedOnOf, isInUse, versionSection } from "./provider-page.ts";

const f = formats("it");
/** A mark is renewed by asking for it: some weeks. */
const MARK_SOON_DAYS = 60;

interface Registered {
  readonly versions: readonly ServiceProviderVersion<"cie-oidc">[];
  readonly keys: readonly ProviderKey[];
  readonly suggested: Partial<OidcFederationSettings>;
}

async function loadRegistered(visit: Visit, tx: ReadTx): Promise<Registered> {
  const protocol = "cie-oidc";
  const [versions, keys, settings] = await Promise.all([
    providerVersions(tx, protocol),
    providerKeys(tx, { protocol }),
    datedSettings(tx),
  ]);
  const suggested = suggestOidcSettings({
    baseUrl: addressOf(visit),
    town: settings.town("town", visit.today),
    office: settings.town("office", visit.today),
  });
  return { versions, keys, suggested };
}

/** `…/accesso/cie-oidc`: what the town says of itself, who vouches for it, its keys, its versions. */
export async function oidcPage(visit: Visit): Promise<Answer> {
  return pageOf(visit, await visit.town.read((tx) => loadRegistered(visit, tx)), null);
}

function pageOf(
  visit: Visit,
  { versions, keys, suggested }: Registered,
  typed: { values: Readonly<Record<string, string>>; errors: readonly FieldError[] } | null,
): Html {
  const [newest] = versions;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: OIDC_NAME,
      back: BACK,
      lead: `${OIDC_WHAT}. È un'alternativa a SAML: se sono attive tutte e due, il pulsante "Entra con CIE" usa SAML.`,
      errors: typed?.errors,
      body: html`${standing(visit, versions, keys)}
        <section aria-labelledby="dati">
          <h2 id="dati" class="section-title">Dati dichiarati</h2>
          ${!newest && html`<p>Proposti dalle impostazioni del Comune: controllarli tutti.</p>`}
          ${oidcForm(visit, {
            values: typed?.values ?? oidcValuesOf(newest?.settings ?? suggested),
            errors: typed?.errors ?? [],
            basedOn: newest?.version ?? 0,
          })}
        </section>
        ${newest && oidcKeySection(visit, keys)}
        ${newest && hasAllKeys(keys) && checkSection(visit, newest)}
        ${newest && versionSection(visit, OIDC_PAGE, versions, hasAllKeys(keys))}`,
    },
  );
}

function standing(visit: Visit, versions: Registered["versions"], keys: Registered["keys"]): Html {
  const inUse = versions.find(isInUse);
  if (!inUse?.enabledAt) {
    const next =
      versions.length === 0
        ? "1. Controllare e salvare i dati."
        : !hasAllKeys(keys)
          ? "2. Creare le chiavi."
          : "3. Concludere l'adesione; con il marchio di fiducia salvare una nuova versione, provarla e attivarla.";
    return alert({ tone: "info", title: `${OIDC_NAME} non è attivo`, body: html`<p>${next}</p>` });
  }
  return html`${alert({
    tone: "success",
    title: `${OIDC_NAME} è attivo`,
    body: html`<p>
      Versione ${inUse.version}, dal ${f.shortDay(dayOf(inUse.enabledAt))},
      ${f.time(inUse.enabledAt)}.
    </p>`,
  })}${markWarning(visit, inUse.settings)}`;
}

/** Providers refuse a town whose mark is over. */
function markWarning(visit: Visit, { trustMarks }: OidcFederationSettings): Html | false {
  const ends = trustMarks.flatMap(({ trustMark }) => readTrustMark(trustMark)?.expiresAt ?? []);
  const last =
    ends.length === 0 ? null : Temporal.Instant.fromEpochMilliseconds(Math.max(...ends) * 1000);
  if (last === null)
    return alert({
      tone: "warning",
      title: "Nessun marchio di fiducia: i gestori rifiutano le richieste",
    });
  const left = visit.today.until(dayOf(last), { largestUnit: "days" }).days;
  if (left > MARK_SOON_DAYS) return false;
  return alert({
    tone: "warning",
    title:
      left < 0
        ? "Il marchio di fiducia è scaduto: nessuno può entrare così"
        : `Il marchio di fiducia scade ${f.dayWithYear(dayOf(last))}`,
    body: html`<p>Chiederne uno nuovo a chi lo ha rilasciato e salvarlo qui.</p>`,
  });
}

const checkSection = (visit: Visit, newest: ServiceProviderVersion<"cie-oidc">): Html =>
  html`<section aria-labelledby="prova">
    <h2 id="prova" class="section-title">Dichiarazione e prova</h2>
    <p>
      La dichiarazione firmata si legge qui:
      <a class="wire" href="/oidc/cie/.well-known/openid-federation"
        >${configurationUrl(newest.settings.entityId)}</a
      >
    </p>
    <p>
      La prova chiede al registro e al gestore ciò che chiederebbero loro, con i dati della versione
      ${newest.version}. Non cambia nulla.
    </p>
    ${actionForm({
      action: `${OIDC_PAGE}/prova`,
      csrf: visit.csrf,
      label: "Prova la federazione",
      kind: "secondary",
    })}
  </section>`;

/** POST `…/accesso/cie-oidc`: a draft; what was handed in stays in use. */
export async function saveOidc(visit: Visit): Promise<Answer> {
  const { actor, now, app } = visit;
  if (!actor) return notFound;
  const values = oidcTypedValues(visit);
  const again = async (status: 409 | 422, errors: readonly FieldError[]): Promise<Answer> => {
    const registered = await visit.town.read((tx) => loadRegistered(visit, tx));
    return withStatus(status, pageOf(visit, registered, { values, errors }));
  };
  const given = readOidcGiven(values, {
    allowLoopbackHttp: app.outside?.allowLoopbackHttp ?? false,
  });
  if (given.outcome === "wrong") return again(422, given.errors);
  const { settings } = given;
  const basedOn = basedOnOf(visit);
  const saved = await visit.town.write((tx) =>
    saveProvider(tx, {
      ...{ actor, protocol: "cie-oidc", settings, sealKey: app.sealKey, now },
      ...(basedOn === undefined ? {} : { basedOn }),
    }),
  );
  return answerSaved(saved, { page: OIDC_PAGE, next: "Va provata, poi attivata.", again });
}
