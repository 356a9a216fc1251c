// SPDX-License-Identifier: EUPL-1.2
import {
  type Federation,
  type FederationSettings,
  type ProviderKey,
  providerKeys,
  providerVersions,
  type SavedProvider,
  saveProvider,
  type ServiceProviderVersion,
  suggestProviderSettings,
} from "#identity";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings } from "#tenancy";
import { actionForm, alert, dataTable, type FieldError, linkButton, tag } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { BACK, FEDERATION_WORDS, federationOf, IDENTITY_PAGE } from "./identity-words.ts";
import { keySection } from "./key-section.ts";
import { providerForm, readGiven, typedValues, valuesOf } from "./provider-form.ts";

const f = formats("it");
const when = (at: Moment): string => `${f.shortDay(dayOf(at))}, ${f.time(at)}`;

export interface Registered {
  readonly versions: readonly ServiceProviderVersion<Federation>[];
  readonly keys: readonly ProviderKey[];
  readonly suggested: FederationSettings;
}

export async function loadRegistered(
  visit: Visit,
  tx: ReadTx,
  federation: Federation,
): Promise<Registered> {
  const [versions, keys, settings] = await Promise.all([
    providerVersions(tx, federation),
    providerKeys(tx, { protocol: federation }),
    datedSettings(tx),
  ]);
  const { town, office } = {
    town: settings.town("town", visit.today),
    office: settings.town("office", visit.today),
  };
  const suggested = suggestProviderSettings(federation, {
    baseUrl: addressOf(visit),
    town,
    office,
  });
  return { versions, keys, suggested };
}

/** A first word in the form, to be read and confirmed by whoever hands it in: nothing is taken from a request later. */
export function addressOf({ tenant, request }: Visit): string {
  const [host] = tenant.hosts;
  return host ? `https://${host}` : `${request.protocol}://${request.headers.host ?? ""}`;
}

export const isInUse = ({ enabledAt, disabledAt }: ServiceProviderVersion): boolean =>
  enabledAt !== null && disabledAt === null;

/** `…/accesso/spid`: what the town tells a federation, its certificates, its versions. */
export async function providerPage(visit: Visit): Promise<Answer> {
  const federation = federationOf(visit.params["federation"]);
  if (!federation) return notFound;
  const registered = await visit.town.read((tx) => loadRegistered(visit, tx, federation));
  return pageOf(visit, federation, registered, null);
}

interface Typed {
  readonly values: Readonly<Record<string, string>>;
  readonly errors: readonly FieldError[];
}

function pageOf(
  visit: Visit,
  federation: Federation,
  registered: Registered,
  typed: Typed | null,
): Html {
  const { versions, keys, suggested } = registered;
  const [newest] = versions;
  const { name, what } = FEDERATION_WORDS[federation];
  const values = typed?.values ?? valuesOf(newest?.settings ?? suggested);
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: name,
      back: BACK,
      lead: `${what}.`,
      errors: typed?.errors,
      body: html`${standing(federation, versions, keys)}
        <section aria-labelledby="dati">
          <h2 id="dati" class="section-title">Dati dichiarati</h2>
          ${!newest && html`<p>Proposti dalle impostazioni del Comune: controllarli tutti.</p>`}
          ${providerForm(visit, federation, {
            ...{ values, errors: typed?.errors ?? [] },
            basedOn: newest?.version ?? 0,
          })}
        </section>
        ${newest && keySection(visit, federation, newest.settings, keys)}
        ${newest && metadataSection(federation, keys)}
        ${newest && versionSection(visit, `${IDENTITY_PAGE}/${federation}`, versions, keys.length > 0)}`,
    },
  );
}

function standing(
  federation: Federation,
  versions: Registered["versions"],
  keys: Registered["keys"],
): Html {
  const { name } = FEDERATION_WORDS[federation];
  const inUse = versions.find(isInUse);
  if (inUse?.enabledAt)
    return alert({
      tone: "success",
      title: `${name} è attivo`,
      body: html`<p>Versione ${inUse.version}, dal ${when(inUse.enabledAt)}.</p>`,
    });
  const next =
    versions.length === 0
      ? "1. Controllare e salvare i dati."
      : keys.length === 0
        ? "2. Creare il certificato."
        : "3. Consegnare il metadata; quando è accettato, attivare la versione.";
  return alert({ tone: "info", title: `${name} non è attivo`, body: html`<p>${next}</p>` });
}

function metadataSection(federation: Federation, keys: Registered["keys"]): Html {
  const { office } = FEDERATION_WORDS[federation];
  const href = `/${federation}/metadata?versione=bozza`;
  return html`<section aria-labelledby="metadata">
    <h2 id="metadata" class="section-title">Metadata</h2>
    ${
      keys.length === 0
        ? html`<p>Si può leggere appena c'è un certificato.</p>`
        : html`<p>
              È il documento firmato da consegnare: lo riceve ${office}. In uso:
              <a href="/${federation}/metadata">/${federation}/metadata</a>
            </p>
            <div class="button-row">
              ${linkButton({ href, label: "Apri l'ultima versione", kind: "secondary" })}
              <a
                class="btn btn-outline-primary"
                href="${href}"
                download="metadata-${federation}.xml"
                ><span>Scarica l'ultima versione</span></a
              >
            </div>`
    }
  </section>`;
}

/** Versions with their state, and the buttons that switch; `page`: the one they are shown on. */
export function versionSection(
  visit: Visit,
  page: string,
  versions: readonly ServiceProviderVersion[],
  hasKeys: boolean,
  note = "Ogni cambiamento è una versione nuova, da consegnare di nuovo: fino ad allora resta attiva quella di prima.",
): Html {
  const rows = versions.slice(0, 12).map((one): Content[] => {
    const inUse = isInUse(one);
    const state = inUse
      ? tag("attiva", "info")
      : one.disabledAt
        ? `disattivata il ${when(one.disabledAt)}`
        : "bozza";
    const act = inUse ? "disattiva" : "attiva";
    return [
      String(one.version),
      `${when(one.madeAt)}, ${one.madeBy}`,
      html`<span class="wire"
        >${"issuer" in one.settings ? one.settings.issuer : one.settings.entityId}</span
      >`,
      state,
      !hasKeys
        ? ""
        : actionForm({
            action: `${page}/${act}`,
            csrf: visit.csrf,
            fields: { versione: String(one.version) },
            label: inUse ? "Disattiva" : "Attiva",
            kind: "secondary",
            ariaLabel: `${inUse ? "Disattiva" : "Attiva"} la versione ${one.version}`,
          }),
    ];
  });
  return html`<section aria-labelledby="versioni">
    <h2 id="versioni" class="section-title">Versioni</h2>
    ${dataTable({
      caption: "Versioni",
      captionHidden: true,
      columns: [
        { label: "Versione", header: true },
        { label: "Salvata" },
        { label: "Identificativo" },
        { label: "Stato" },
        { label: "Azioni" },
      ],
      rows,
    })}
    <p class="quiet">${note}</p>
  </section>`;
}

/** The version the form was filled from, as it says itself. */
export function basedOnOf(visit: Visit): number | undefined {
  const typed = visit.fields.text("versione");
  return /^\d{1,6}$/.test(typed) ? Number(typed) : undefined;
}

/** Of two who save at once, one is told. What the other saved is below, in the list of versions. */
const overtaken = (version: number): FieldError => ({
  field: "indirizzo",
  message: `Intanto qualcun altro ha salvato la versione ${version}: questa modifica non è stata salvata. Controllare i dati e salvare di nuovo.`,
});

/** POST `…/accesso/spid`: a draft; what was handed in stays in use. */
export async function saveProviderNow(visit: Visit): Promise<Answer> {
  const federation = federationOf(visit.params["federation"]);
  const { actor, now, app } = visit;
  if (!federation || !actor) return notFound;
  const values = typedValues(visit);
  const again = async (status: 409 | 422, errors: readonly FieldError[]): Promise<Answer> => {
    const registered = await visit.town.read((tx) => loadRegistered(visit, tx, federation));
    return withStatus(status, pageOf(visit, federation, registered, { values, errors }));
  };
  const given = readGiven(federation, values);
  if (given.outcome === "wrong") return again(422, given.errors);
  const { settings } = given;
  const basedOn = basedOnOf(visit);
  const saved = await visit.town.write((tx) =>
    saveProvider(tx, {
      ...{ actor, protocol: federation, settings, sealKey: app.sealKey, now },
      ...(basedOn === undefined ? {} : { basedOn }),
    }),
  );
  return answerSaved(saved, {
    page: `${IDENTITY_PAGE}/${federation}`,
    next: "Va consegnata, poi attivata.",
    again,
  });
}

/** How a form of settings ends: on its page, or shown again because somebody else was faster. */
export function answerSaved(
  saved: SavedProvider,
  of: {
    page: string;
    next: string;
    again: (status: 409, errors: readonly FieldError[]) => Promise<Answer>;
  },
): Answer | Promise<Answer> {
  switch (saved.outcome) {
    case "wrong":
      throw new Error("settings that were just read are wrong");
    case "overtaken":
      return of.again(409, [overtaken(saved.version)]);
    case "unchanged":
      return seeOther(of.page, "Nulla è cambiato: i dati erano già questi.");
    case "saved":
      return seeOther(of.page, `Versione ${saved.version} salvata. ${of.next}`);
  }
}
