// SPDX-License-Identifier: EUPL-1.2
import {
  type Federation,
  FEDERATIONS,
  type ProviderKey,
  providerKeys,
  providerVersions,
  registryCopy,
  type RegistryCopy,
  type ServiceProviderVersion,
} from "#identity";
import { dayOf, isMomentAfter, type Moment } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { alert, card, definitionList, linkButton, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { FEDERATION_WORDS, IDENTITY_PAGE, registryProblem } from "./identity-words.ts";
import { JOURNAL_PAGE } from "./journal-page.ts";
import { OIDC_NAME, OIDC_PAGE, OIDC_WHAT } from "./oidc-words.ts";
import { isInUse } from "./provider-page.ts";

const f = formats("it");
const when = (at: Moment): string => `${f.shortDay(dayOf(at))}, ${f.time(at)}`;
/** It is fetched once a day: a day more is somebody's holiday, two are a problem. */
const OLD_HOURS = 48;

interface Standing {
  readonly federation: Federation;
  readonly versions: readonly ServiceProviderVersion[];
  readonly keys: readonly ProviderKey[];
}

/** `/ufficio/impostazioni/accesso`: how far the town is with each federation, how old the lists are, the journal. */
export async function identityPage(visit: Visit): Promise<Answer> {
  const standings = await visit.town.read((tx) =>
    Promise.all(
      FEDERATIONS.map(async (federation): Promise<Standing> => ({
        federation,
        versions: await providerVersions(tx, federation),
        keys: await providerKeys(tx, { protocol: federation }),
      })),
    ),
  );
  const oidc = await visit.town.read((tx) => providerVersions(tx, "cie-oidc"));
  const copies = await visit.app.db.platform((tx) =>
    Promise.all(FEDERATIONS.map((one) => registryCopy(tx, one))),
  );
  const listed = await Promise.all(FEDERATIONS.map((one) => visit.app.identityProviders.all(one)));
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "SPID e CIE",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      lead: "Con quali identità digitali le famiglie entrano in questo Comune.",
      body: html`<div class="panels">
          ${standings.map((one, index) =>
            federationCard(visit, one, { copy: copies[index], count: listed[index]?.length ?? 0 }),
          )}
          ${oidcCard(oidc)}
        </div>
        ${journalCard()}`,
    },
  );
}

function federationCard(
  visit: Visit,
  { federation, versions, keys }: Standing,
  list: { copy: RegistryCopy | undefined; count: number },
): Html {
  const { name, what } = FEDERATION_WORDS[federation];
  const current = keys.find(({ state }) => state === "current");
  return card({
    title: name,
    body: html`<p>${what}</p>
      ${definitionList([
        {
          label: "Stato",
          value: stateWords(versions),
        },
        {
          label: "Certificato",
          value: current?.notAfter
            ? `vale fino a ${f.dayWithYear(dayOf(current.notAfter))}`
            : "nessuno",
        },
        { label: "Elenco dei gestori", value: listWords(visit, list) },
      ])}`,
    actions: linkButton({
      href: `${IDENTITY_PAGE}/${federation}`,
      label: "Apri",
      kind: "secondary",
      ariaLabel: `Apri ${name}`,
    }),
  });
}

const oidcCard = (versions: readonly ServiceProviderVersion<"cie-oidc">[]): Html =>
  card({
    title: OIDC_NAME,
    body: html`<p>${OIDC_WHAT}</p>
      ${definitionList([{ label: "Stato", value: stateWords(versions) }])}`,
    actions: linkButton({
      href: OIDC_PAGE,
      label: "Apri",
      kind: "secondary",
      ariaLabel: `Apri ${OIDC_NAME}`,
    }),
  });

function stateWords(versions: readonly ServiceProviderVersion[]): Content {
  const inUse = versions.find(isInUse);
  if (inUse) return html`${tag("attivo", "info")} versione ${inUse.version}`;
  return versions.length > 0 ? "bozza, non attivo" : "non configurato";
}

function listWords(
  visit: Visit,
  { copy, count }: { copy: RegistryCopy | undefined; count: number },
): Content {
  const providers = plural(count, "gestore", "gestori");
  if (!copy) return count > 0 ? `${providers}, non dal registro (prova)` : "mai scaricato";
  const isOld = isMomentAfter(visit.now.subtract({ hours: OLD_HOURS }), copy.fetchedAt);
  return html`${providers}, scaricato
  ${when(copy.fetchedAt)}${isOld && html` ${tag("vecchio", "warning")}`}${
    copy.problem !== "" &&
    copy.problemAt !== null &&
    html`<br />${tag("non riuscito", "warning")} ${when(copy.problemAt)}:
      ${registryProblem(copy.problem)} <span class="quiet">(${copy.problem})</span>`
  }`;
}

const journalCard = (): Html =>
  html`<section aria-labelledby="registro">
    <h2 id="registro" class="section-title">Registro degli accessi</h2>
    ${alert({
      tone: "info",
      body: html`<p>
        Ogni richiesta e ogni risposta dei gestori si conservano cifrate per 24 mesi, come chiedono
        le regole, poi si cancellano da sole.
      </p>`,
      actions: linkButton({ href: JOURNAL_PAGE, label: "Cerca nel registro", kind: "secondary" }),
    })}
  </section>`;
