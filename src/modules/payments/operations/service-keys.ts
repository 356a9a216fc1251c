// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { seal, type SealedFor, unseal } from "#kernel/seal.ts";
import { type PagopaService, putServiceKey, serviceKeys } from "../sql/stations.ts";

const MAX_KEY = 200;

const sealedFor = (tenantId: string, service: PagopaService): SealedFor => ({
  tenantId,
  purpose: `pagopa subscription key ${service}`,
});

/**
 * Keeps a subscription key of one of pagoPA's services, sealed. It is never shown again: pages say when and by whom it
 * was set. Whether it is right, the self-test asks pagoPA.
 */
export async function setServiceKey(
  tx: WriteTx,
  of: { actor: Actor; service: PagopaService; key: string; sealKey: string; now: Moment },
): Promise<{ outcome: "saved" | "forbidden" | "key-format" }> {
  const { actor, service, now } = of;
  if (actor.role !== "administrator" && actor.role !== "system") return { outcome: "forbidden" };
  const key = of.key.trim();
  // It travels in a header: visible ASCII, no spaces inside.
  if (!/^[!-~]+$/.test(key) || key.length > MAX_KEY) return { outcome: "key-format" };
  const sealed = seal(of.sealKey, sealedFor(tx.tenantId, service), key);
  await putServiceKey(tx, { service, sealed, changedAt: now, changedBy: actor.name });
  await recordAudit(tx, {
    actor,
    at: now,
    action: "payments.set-service-key",
    details: { service },
  });
  return { outcome: "saved" };
}

/** The key to call a service with; `null`: none was set. @throws SealBrokenError when the database came from elsewhere */
export async function serviceKey(
  tx: ReadTx,
  of: { service: PagopaService; sealKey: string },
): Promise<string | null> {
  const found = (await serviceKeys(tx)).find(({ service }) => service === of.service);
  return found ? unseal(of.sealKey, sealedFor(tx.tenantId, of.service), found.sealed) : null;
}

export interface KeySet {
  readonly service: PagopaService;
  readonly changedAt: Moment;
  readonly changedBy: string;
}

/** Which keys are set, since when, by whom; not the keys. */
export async function keysSet(tx: ReadTx): Promise<KeySet[]> {
  return (await serviceKeys(tx)).map(({ service, changedAt, changedBy }) => ({
    service,
    changedAt,
    changedBy,
  }));
}
