// SPDX-License-Identifier: EUPL-1.2
import { randomInt } from "node:crypto";
import { enabledProvider, type Federation, FEDERATIONS } from "#identity";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import type { TownSettings } from "#tenancy";
import type { IdentityProvider } from "../../../integrations/saml/index.ts";
import { OIDC_PATH } from "../../web/oidc-party.ts";
import type { Visit } from "../../web/visit.ts";
import { CIE_ABOUT, SPID_ABOUT, SPID_GET, SPID_HELP } from "./official-pages.ts";
import { words } from "./words.ts";

type Means = TownSettings["login"]["portal"];

/** CIE has two: by SAML, and by OpenID Connect where a town has joined that way alone. */
type Way = Federation | "cie-oidc";
const WAYS = [...FEDERATIONS, "cie-oidc"] as const;

/** A door that is open: where it begins, and whom one can choose behind it. */
interface Door {
  readonly way: Way;
  /** `https://servizi.comune.esempio.it`, as it was registered; the first is the default */
  readonly baseUrls: readonly string[];
  /** the one of OpenID Connect is not listed: it is found by its chain of trust */
  readonly providers: readonly IdentityProvider[];
}

export interface Doors {
  readonly open: readonly Door[];
  /** the town wants it, and has not joined that federation yet */
  readonly closed: readonly ("spid" | "cie")[];
}

/** Addresses of what is switched on. */
export type JoinedFederations = ReadonlyMap<Way, readonly string[]>;

export async function joinedFederations(tx: ReadTx): Promise<JoinedFederations> {
  const versions = await Promise.all(WAYS.map((one) => enabledProvider(tx, one)));
  return new Map(
    versions.flatMap((one) => (one ? [[one.protocol, baseUrlsOf(one.settings)] as const] : [])),
  );
}

/** Which buttons a town's sign-in page shows: what its rules admit, as far as it is switched on. */
export async function doorsOf(
  visit: Visit,
  joined: JoinedFederations,
  means: Means,
): Promise<Doors> {
  const wanted = (["spid", "cie"] as const).filter((one) => means.includes(one));
  const found = await Promise.all(
    WAYS.filter((way) => wanted.includes(meansOf(way))).map(async (way): Promise<Door | null> => {
      const baseUrls = joined.get(way);
      if (baseUrls === undefined) return null;
      if (way === "cie-oidc") return { way, baseUrls, providers: [] };
      const providers = await visit.app.identityProviders.all(way);
      return providers.length > 0 ? { way, baseUrls, providers } : null;
    }),
  );
  const open = found.filter((door) => door !== null);
  const closed = wanted.filter(
    (one) => !open.some(({ way }) => way !== "eidas" && meansOf(way) === one),
  );
  return { open, closed };
}

/** What a town's rules call it: eIDAS is SPID's European side. */
const meansOf = (way: Way): "spid" | "cie" => (way === "spid" || way === "eidas" ? "spid" : "cie");

/**
 * A random order, as SPID's rules want it: no provider is the first. `below(n)`: a whole number from 0 up to, but not, n.
 */
export function shuffled<Item>(items: readonly Item[], below: (n: number) => number): Item[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/**
 * "Entra con SPID", "Entra con CIE" (OS-03, BI-01): links and a `<details>`, so that keyboard, screen reader and a browser
 * without scripts do the same. Nothing is asked of anybody else's server before somebody chooses.
 */
export function identityButtons(
  visit: Visit,
  doors: Doors,
  wanted: string | null,
  /** the page itself says how to get them */
  of: { isExplained?: boolean } = {},
): Html | null {
  if (doors.open.length === 0) return null;
  const w = words(visit.lang);
  const door = (way: Way): Door | undefined => doors.open.find((one) => one.way === way);
  const [spid, cie, eidas] = [door("spid"), door("cie") ?? door("cie-oidc"), door("eidas")];
  return html`<section class="panel identity-doors" aria-labelledby="identita">
    <div class="panel-head"><h2 class="card-heading" id="identita">${w.digitalIdentity}</h2></div>
    ${spid && spidDoor(visit, spid, wanted)}
    ${cie && html`<a class="identity-button cie-button" href="${hrefOf(visit, cie, cie.providers[0], wanted)}">${CARD_ICON}<span>${w.withCie}</span></a>`}
    ${
      eidas &&
      html`<a class="identity-other" href="${hrefOf(visit, eidas, eidas.providers[0], wanted)}"
        >${w.withEidas}</a
      >`
    }
    ${
      !of.isExplained &&
      html`<details class="more">
        <summary>${w.noIdentity}</summary>
        <p>${w.howToGet}</p>
        ${officialLinks(visit.lang)}
      </details>`
    }
  </section>`;
}

export function officialLinks(lang: Visit["lang"]): Html {
  const w = words(lang);
  return html`<ul>
    <li><a href="${SPID_GET}">${w.getSpid}</a></li>
    <li><a href="${SPID_ABOUT}">${w.aboutSpid}</a></li>
    <li><a href="${SPID_HELP}">${w.helpSpid}</a></li>
    <li><a href="${CIE_ABOUT}">${w.aboutCie}</a></li>
  </ul>`;
}

function spidDoor(visit: Visit, door: Door, wanted: string | null): Html {
  const w = words(visit.lang);
  const providers = shuffled(door.providers, (n) => randomInt(n));
  return html`<details class="spid-door">
    <summary class="identity-button spid-button">${SPID_ICON}<span>${w.withSpid}</span></summary>
    <p class="spid-which" id="spid-quale">${w.whichProvider}</p>
    <ul class="provider-list" aria-labelledby="spid-quale">
      ${providers.map(
        (one) => html`<li><a href="${hrefOf(visit, door, one, wanted)}">${nameOf(one)}</a></li>`,
      )}
    </ul>
  </details>`;
}

const nameOf = ({ displayName, organizationName, entityId }: IdentityProvider): string =>
  displayName ?? organizationName ?? URL.parse(entityId)?.hostname ?? entityId;

function hrefOf(
  visit: Visit,
  { way, baseUrls }: Door,
  provider: IdentityProvider | undefined,
  wanted: string | null,
): string {
  const query = new URLSearchParams({
    ...(provider ? { idp: provider.entityId } : {}),
    ...(wanted === null ? {} : { poi: wanted }),
  }).toString();
  const base = way === "cie-oidc" ? OIDC_PATH : `/${way}`;
  return atRegistered(visit, baseUrls, `${base}/entra${query && `?${query}`}`);
}

/**
 * At an address that was registered: the answer comes back there, and only the browser that left from there is known.
 * Whoever reads this page at another name of the same town changes over to the first one with the first step.
 */
export function atRegistered(visit: Visit, baseUrls: readonly string[], path: string): string {
  const { host } = visit.request.headers;
  const isHere = baseUrls.some((url) => URL.parse(url)?.host === host);
  return isHere ? path : `${baseUrls[0]?.replace(/\/+$/, "") ?? ""}${path}`;
}

export const baseUrlsOf = (of: {
  baseUrl: string;
  otherBaseUrls?: readonly string[] | undefined;
}): readonly string[] => [of.baseUrl, ...(of.otherBaseUrls ?? [])];

/** Which of the registered addresses a visitor is at; 0, the default, at none of them. */
export const positionOf = ({ request }: Visit, urls: readonly string[]): number =>
  Math.max(
    0,
    urls.findIndex((url) => URL.parse(url)?.host === request.headers.host),
  );

/** SPID's icon (italia/spid-graphics, CC0; a trade mark of AgID, for this button and nothing else). */
const SPID_ICON = html`<svg
  class="spid-icon"
  viewBox="0 0 587.6 587.6"
  aria-hidden="true"
  focusable="false"
>
  <path
    fill="#fff"
    d="M587.6 293.8c0 162.3-131.5 293.8-293.8 293.8C131.6 587.6 0 456.1 0 293.8S131.6 0 293.8 0c162.3 0 293.8 131.5 293.8 293.8"
  />
  <path
    fill="#06c"
    d="M294.6 319c-24.4 0-44.5-8.2-60.3-24.8-15.8-16.5-23.7-37-23.7-61.4 0-24.5 7.9-44.8 23.6-61 15.7-16.2 35.7-24.3 60.2-24.3 24.4 0 44.3 8.2 59.6 24.9 15.3 16.6 23 37 23 61.5 0 24.3-7.7 44.6-23 60.8-15.3 16.1-35 24.3-59.4 24.3M210.6 439.1c0-24.5 7.9-44.8 23.5-61 15.7-16.2 35.7-24.3 60.4-24.3 24.4 0 44.3 8.2 59.5 24.9 15.3 16.7 23 37.1 23 61.5"
  />
</svg>`;

/** A card with a chip, drawn for this button: the official mark of CIE belongs to the Ministry. */
const CARD_ICON = html`<svg
  class="spid-icon"
  viewBox="0 0 32 32"
  aria-hidden="true"
  focusable="false"
>
  <g fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round">
    <rect x="2" y="6" width="28" height="20" rx="3" />
    <rect x="6" y="12" width="7" height="6" rx="1" />
    <path d="M6 15h7M18 13a4 4 0 0 1 0 6M21 11a7 7 0 0 1 0 10M24 9a10 10 0 0 1 0 14" />
  </g>
</svg>`;
