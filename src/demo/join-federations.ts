// SPDX-License-Identifier: EUPL-1.2
import {
  addProviderKey,
  enableProvider,
  type Federation,
  FEDERATIONS,
  type FederationSettings,
  providerKeys,
  providerVersions,
  saveProvider,
  suggestProviderSettings,
} from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { Database, ReadTx, WriteTx } from "#kernel/db/index.ts";
import { datedSettings, type Tenant, tenants } from "#tenancy";
import { certificateRequestOf, newCertificate } from "../integrations/saml/index.ts";
import { type DemoTown, demoTowns } from "./cast.ts";
import { knowIdentities, peopleOfProviders, type DemoIdentity } from "./people-of-providers.ts";

/** What is made for a demo need not last long; a key of 3072 bits would keep its first start waiting. */
const BITS = 2048;

export interface JoinedService {
  readonly federation: Federation;
  readonly entityId: string;
  readonly name: string;
  readonly metadataUrl: string;
}

export const isDemoAddress = (url: string): boolean => URL.parse(url)?.hostname === "localhost";

/**
 * Registers the demo towns with the demo's providers, at the addresses each has on this machine (the first is the
 * default). Another port is another version; what somebody typed at the settings page, or switched off, stays as it is.
 */
export async function joinFederations(
  db: Database,
  of: { addressesOf: (slug: string) => readonly string[]; sealKey: string; now: Moment },
): Promise<void> {
  for (const { id, town } of await demoTenants(db)) {
    const [baseUrl, ...otherBaseUrls] = of.addressesOf(town.profile);
    if (baseUrl === undefined) continue;
    const { creditor } = town.collection;
    // One door for CIE: where it is OpenID Connect, SAML's is not opened (join-cie-oidc.ts).
    const federations = FEDERATIONS.filter((one) => one !== "cie" || town.cie === "saml");
    const given = {
      federations,
      baseUrl,
      otherBaseUrls,
      now: of.now,
      fiscalCode: creditor?.fiscalCode,
    };
    const suggested = await db.forTenant(id).read((tx) => suggestedFor(tx, given));
    const certificates = await Promise.all(
      suggested.map(({ settings }) => newCertificate(certificateRequestOf(settings, of.now), BITS)),
    );
    await db.forTenant(id).write(async (tx) => {
      for (const [index, one] of suggested.entries())
        await join(tx, { ...of, ...one, certificate: certificates[index]! });
      await knowIdentities(tx, { town, now: of.now });
    });
  }
}

/** Towns of the demo that are loaded, each with what it was loaded from. */
export async function demoTenants(db: Database): Promise<(Tenant & { town: DemoTown })[]> {
  const [cast, loaded] = await Promise.all([demoTowns(), db.platform((tx) => tenants(tx))]);
  return loaded.flatMap((tenant) => {
    const town = cast.find(({ profile }) => profile === tenant.slug);
    return tenant.demo && town ? [{ ...tenant, town }] : [];
  });
}

interface Suggested {
  readonly federation: Federation;
  readonly settings: FederationSettings;
}

/** Only those that have to be written. */
async function suggestedFor(
  tx: ReadTx,
  given: {
    federations: readonly Federation[];
    baseUrl: string;
    otherBaseUrls: readonly string[];
    now: Moment;
    fiscalCode: string | undefined;
  },
): Promise<Suggested[]> {
  const { baseUrl, now, fiscalCode } = given;
  const otherBaseUrls = [...given.otherBaseUrls];
  const settings = await datedSettings(tx);
  const known = settings.town("town", dayOf(now));
  const town = fiscalCode ? { ...known, fiscalCode } : known;
  const office = settings.town("office", dayOf(now));
  const wanted: Suggested[] = [];
  for (const federation of given.federations) {
    const [newest] = await providerVersions(tx, federation);
    const suggested = suggestProviderSettings(federation, { baseUrl, town, office });
    if (newest && isDemoAddress(newest.settings.baseUrl) && newest.settings.baseUrl === baseUrl) {
      const isSame = String(newest.settings.otherBaseUrls ?? []) === String(otherBaseUrls);
      if (!isSame) wanted.push({ federation, settings: { ...newest.settings, otherBaseUrls } });
      continue;
    }
    if (newest && !isDemoAddress(newest.settings.baseUrl)) continue;
    const email = suggested.contact.email || `${federation}@esempio.it`;
    wanted.push({
      federation,
      settings: { ...suggested, otherBaseUrls, contact: { ...suggested.contact, email } },
    });
  }
  return wanted;
}

async function join(
  tx: WriteTx,
  of: Suggested & {
    sealKey: string;
    now: Moment;
    certificate: { privateKeyPem: string; certificatePem: string };
  },
): Promise<void> {
  const { federation: protocol, settings, sealKey, now } = of;
  const by = { actor: systemActor, protocol, sealKey, now };
  const [before] = await providerVersions(tx, protocol);
  const saved = await saveProvider(tx, { ...by, settings });
  if (saved.outcome === "wrong") throw new Error(`demo ${protocol}: ${JSON.stringify(saved)}`);
  const isOff = before !== undefined && (before.enabledAt === null || before.disabledAt !== null);
  if (!isOff) await enableProvider(tx, { ...by, version: saved.version });
  if ((await providerKeys(tx, { protocol })).length > 0) return;
  const { certificatePem: publicPart, privateKeyPem: privatePart } = of.certificate;
  const { notAfter } = certificateRequestOf(settings, now);
  await addProviderKey(tx, { ...by, use: "sign", publicPart, privatePart, notAfter });
}

/** For the provider: who is registered, and who may be chosen there. */
export async function joinedServices(db: Database): Promise<JoinedService[]> {
  const services: JoinedService[] = [];
  for (const { id, name } of await demoTenants(db)) {
    const versions = await db
      .forTenant(id)
      .read((tx) => Promise.all(FEDERATIONS.map((one) => providerVersions(tx, one))));
    for (const [newest] of versions) {
      if (!newest) continue;
      const { protocol: federation, settings } = newest;
      const metadataUrl = `${settings.baseUrl}/${federation}/metadata`;
      services.push({ federation, entityId: settings.entityId, name, metadataUrl });
    }
  }
  return services;
}

/** `[]`: nobody registered by that name. */
export async function demoPeople(
  db: Database,
  of: { entityId: string; now: Moment },
): Promise<DemoIdentity[]> {
  for (const { id, town } of await demoTenants(db)) {
    const isIt = await db.forTenant(id).read(async (tx) => {
      const ways = [...FEDERATIONS, "cie-oidc"] as const;
      const versions = await Promise.all(ways.map((one) => providerVersions(tx, one)));
      const atWork = await providerVersions(tx, "staff-oidc");
      if (atWork.some(({ settings }) => settings.clientId === of.entityId)) return true;
      return versions.flat().some(({ settings }) => settings.entityId === of.entityId);
    });
    if (isIt) return db.forTenant(id).read((tx) => peopleOfProviders(tx, { town, now: of.now }));
  }
  return [];
}
