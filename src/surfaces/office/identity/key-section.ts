// SPDX-License-Identifier: EUPL-1.2
import type { Federation, FederationSettings, ProviderKey } from "#identity";
import { dayOf, type Day } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { actionForm, alert, dataTable } from "#ui/components.ts";
import { certificateMismatches } from "../../../integrations/saml/index.ts";
import type { Visit } from "../../web/visit.ts";
import { CERTIFIED_WORDS, FEDERATION_WORDS, IDENTITY_PAGE, KEY_STATES } from "./identity-words.ts";

const f = formats("it");
/** A new certificate takes weeks to be known everywhere. */
const SOON_DAYS = 60;

/** Certificates change in three steps: published, used, the old one taken away. The page says which comes next. */
export function keySection(
  visit: Visit,
  federation: Federation,
  settings: FederationSettings,
  keys: readonly ProviderKey[],
): Html {
  const current = keys.find(({ state }) => state === "current");
  return html`<section aria-labelledby="certificati">
    <h2 id="certificati" class="section-title">Certificati</h2>
    ${current && warnings(current, settings, visit.today)}
    ${keys.length > 0 && [table(keys), texts(keys)]} ${steps(visit, federation, keys)}
  </section>`;
}

const table = (keys: readonly ProviderKey[]): Html =>
  dataTable({
    caption: "Certificati",
    captionHidden: true,
    columns: [
      { label: "Creato", header: true },
      { label: "Da" },
      { label: "Stato" },
      { label: "Vale fino a" },
    ],
    rows: keys.map((key): Content[] => [
      f.shortDay(dayOf(key.madeAt)),
      key.madeBy,
      KEY_STATES[key.state],
      key.notAfter ? f.dayWithYear(dayOf(key.notAfter)) : "non indicato",
    ]),
  });

const texts = (keys: readonly ProviderKey[]): Content =>
  keys.map(
    (key) =>
      html`<details class="more">
        <summary>Testo del certificato ${KEY_STATES[key.state]}</summary>
        <pre class="certificate">${key.publicPart}</pre>
      </details>`,
  );

export const daysLeft = ({ notAfter }: ProviderKey, today: Day): number | null =>
  notAfter && today.until(dayOf(notAfter), { largestUnit: "days" }).days;

function warnings(current: ProviderKey, settings: FederationSettings, today: Day): Content {
  const left = daysLeft(current, today);
  const different = certificateMismatches(current.publicPart, {
    entityId: settings.entityId,
    organizationName: settings.organization.name,
    displayName: settings.organization.displayName,
    ipaCode: settings.ipaCode,
  });
  return html`${
    left !== null &&
    left <= SOON_DAYS &&
    alert({
      tone: "warning",
      title:
        left < 0
          ? "Il certificato è scaduto"
          : `Il certificato scade tra ${plural(left, "giorno", "giorni")}`,
      body: html`<p>Va sostituito adesso: la federazione ha bisogno di tempo per conoscerlo.</p>`,
    })
  }${
    different.length > 0 &&
    alert({
      tone: "warning",
      title: "Il certificato in uso dice altro",
      body: html`<p>
        Non corrisponde ai dati dichiarati: ${f.list(different.map((one) => CERTIFIED_WORDS[one]))}.
        Serve un certificato nuovo.
      </p>`,
    })
  }`;
}

function steps(visit: Visit, federation: Federation, keys: readonly ProviderKey[]): Html {
  const { toOffice } = FEDERATION_WORDS[federation];
  const act = (
    path: string,
    label: string,
    of: { fields?: Record<string, string>; kind?: "primary" | "secondary" } = {},
  ): Html =>
    actionForm({
      action: `${IDENTITY_PAGE}/${federation}/${path}`,
      csrf: visit.csrf,
      fields: of.fields ?? {},
      label,
      kind: of.kind ?? "primary",
    });
  const next = keys.find(({ state }) => state === "next");
  const former = keys.find(({ state }) => state === "former");
  if (keys.length === 0)
    return html`<p>
        Il certificato firma il metadata e le richieste. La chiave privata resta qui, cifrata, e non
        si mostra mai.
      </p>
      ${act("certificato", "Crea il certificato")}`;
  if (next)
    return html`<p>
        <strong>Passo 2 di 3.</strong> Il nuovo certificato è già nel metadata: consegnarlo
        ${toOffice}. Quando è stato accettato e i gestori lo hanno ricevuto (di solito dopo un
        giorno), cominciare a usarlo.
      </p>
      <div class="button-row">
        ${act("certificato/usa", "Usa il nuovo certificato")}
        ${act("certificato/ritira", "Rinuncia al nuovo certificato", {
          fields: { chiave: next.id },
          kind: "secondary",
        })}
      </div>`;
  if (former)
    return html`<p>
        <strong>Passo 3 di 3.</strong> Il nuovo certificato firma già. Quello precedente resta
        pubblicato: ritirarlo, poi consegnare di nuovo il metadata.
      </p>
      ${act("certificato/ritira", "Ritira il certificato precedente", {
        fields: { chiave: former.id },
      })}`;
  return html`<p>
      Per sostituire il certificato: <strong>passo 1 di 3</strong>, se ne prepara uno nuovo, che
      viene pubblicato accanto a quello in uso.
    </p>
    ${act("certificato", "Prepara un nuovo certificato")}`;
}
