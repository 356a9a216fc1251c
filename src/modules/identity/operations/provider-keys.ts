// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { seal, unseal } from "#kernel/seal.ts";
import {
  holdProvider,
  insertKey,
  type KeyUse,
  moveKey,
  type ProviderKey,
  providerKeys,
} from "../sql/providers.ts";
import { recordSecurity } from "../sql/security-events.ts";

const purposeOf = (id: string): string => `provider key ${id}`;

/**
 * Adds a key: the first of its use signs at once, another waits as `next` (published, so that providers know it before it
 * signs). The private part is sealed. `one-waits`: there is a next one already, or somebody made the first meanwhile.
 */
export async function addProviderKey(
  tx: WriteTx,
  of: {
    actor: Actor;
    protocol: ProviderKey["protocol"];
    use: KeyUse;
    publicPart: string;
    privatePart: string;
    notAfter: Moment | null;
    /** what it was made to be; absent: whichever it turns out to be */
    wanted?: "current" | "next";
    sealKey: string;
    now: Moment;
  },
): Promise<{ outcome: "added"; id: string; state: "current" | "next" } | { outcome: "one-waits" }> {
  await holdProvider(tx, of.protocol);
  const published = (await providerKeys(tx, of)).filter(({ use }) => use === of.use);
  if (published.some(({ state }) => state === "next")) return { outcome: "one-waits" };
  const state = published.some((key) => key.state === "current") ? "next" : "current";
  if (of.wanted !== undefined && of.wanted !== state) return { outcome: "one-waits" };
  const id = newId();
  const { actor, privatePart, sealKey, now, ...row } = of;
  const sealedFor = { tenantId: tx.tenantId, purpose: purposeOf(id) };
  const sealedPrivatePart = seal(sealKey, sealedFor, privatePart);
  await insertKey(tx, { ...row, id, sealedPrivatePart, state, madeBy: actor.name, at: now });
  await record(tx, of, "added");
  return { outcome: "added", id, state };
}

/** The next key signs from now on; the one before stays published until it is retired. */
export async function promoteProviderKey(
  tx: WriteTx,
  of: { actor: Actor; protocol: ProviderKey["protocol"]; use: KeyUse; now: Moment },
): Promise<{ outcome: "promoted" | "none-waits" }> {
  await holdProvider(tx, of.protocol);
  const keys = (await providerKeys(tx, of)).filter(({ use }) => use === of.use);
  const next = keys.find(({ state }) => state === "next");
  if (!next) return { outcome: "none-waits" };
  const current = keys.find(({ state }) => state === "current");
  if (current) await moveKey(tx, { id: current.id, from: "current", to: "former", at: of.now });
  await moveKey(tx, { id: next.id, from: "next", to: "current", at: of.now });
  await record(tx, of, "promoted");
  return { outcome: "promoted" };
}

/** Out of the metadata. The key that signs cannot go. */
export async function retireProviderKey(
  tx: WriteTx,
  of: { actor: Actor; protocol: ProviderKey["protocol"]; id: string; now: Moment },
): Promise<{ outcome: "retired" | "in-use" }> {
  await holdProvider(tx, of.protocol);
  const key = (await providerKeys(tx, of)).find(({ id }) => id === of.id);
  if (!key || key.state === "current") return { outcome: "in-use" };
  await moveKey(tx, { id: key.id, from: key.state, to: "retired", at: of.now });
  await record(tx, of, "retired");
  return { outcome: "retired" };
}

export interface OpenedKey extends Omit<ProviderKey, "sealedPrivatePart"> {
  readonly privatePart: string;
}

/** Published keys with their private parts, for signing. The current one is first. */
export async function openProviderKeys(
  tx: ReadTx,
  of: { protocol: ProviderKey["protocol"]; sealKey: string },
): Promise<OpenedKey[]> {
  return (await providerKeys(tx, of)).map(({ sealedPrivatePart, ...key }) => ({
    ...key,
    privatePart: unseal(
      of.sealKey,
      { tenantId: tx.tenantId, purpose: purposeOf(key.id) },
      sealedPrivatePart,
    ),
  }));
}

const record = (
  tx: WriteTx,
  of: { actor: Actor; protocol: string; now: Moment },
  what: string,
): Promise<number> =>
  recordSecurity(tx, {
    kind: "key-changed",
    at: of.now,
    accountId: of.actor.id === "system" ? null : of.actor.id,
    actorName: of.actor.name,
    details: { protocol: of.protocol, what },
  });
