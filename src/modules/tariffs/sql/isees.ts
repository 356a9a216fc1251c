// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { NewIsee } from "../rules/check-isee.ts";
import type { IseeKind } from "../rules/price-facts.ts";

export interface Isee extends NewIsee {
  recordedAt: Moment;
}

/** An ISEE as pricing reads it; days stay text until a price needs them. */
export interface AppliedIsee {
  childId: string;
  valueCents: bigint;
  kind: IseeKind;
  validFrom: string;
  validTo: string;
  overriddenBy: string | null;
}

/** The ISEE of each child that applies on a day: of several the latest presented. At most one per child. */
export function iseesOn(
  tx: ReadTx,
  of: { childIds: readonly string[]; date: Day },
): Promise<AppliedIsee[]> {
  return tx.rows<AppliedIsee>(sql`
    select distinct on (i.child_id) i.child_id as "childId", i.value_cents as "valueCents", i.kind,
      i.valid_from::text as "validFrom", i.valid_to::text as "validTo", i.overridden_by as "overriddenBy"
    from isee i
    where i.tenant_id = ${tx.tenantId} and i.child_id = any(${of.childIds}::uuid[])
      and i.applies_from <= ${of.date} and i.valid_from <= ${of.date} and i.valid_to >= ${of.date}
    order by i.child_id, i.presented_on desc, i.recorded_at desc, i.id desc`);
}

export interface EndingIsee {
  id: string;
  childId: string;
  /** the last day on which it decides the price */
  validTo: Day;
}

/**
 * ISEEs that decide a price until some day of the span, and that no later presented one follows. An older one
 * may come back into force: what a meal costs then is the tariff's to say.
 */
export function endingIsees(
  tx: ReadTx,
  of: { from: Day; to: Day; childIds?: readonly string[] },
): Promise<EndingIsee[]> {
  const ofChildren =
    of.childIds === undefined ? sql`` : sql`and i.child_id = any(${of.childIds}::uuid[])`;
  return tx.rows<EndingIsee>(sql`
    select i.id, i.child_id as "childId", i.valid_to as "validTo" from isee i
    where i.tenant_id = ${tx.tenantId} and i.valid_to between ${of.from} and ${of.to} ${ofChildren}
      and i.applies_from <= i.valid_to
      and not exists (select 1 from isee n
        where n.tenant_id = i.tenant_id and n.child_id = i.child_id
          and (n.presented_on, n.recorded_at, n.id) > (i.presented_on, i.recorded_at, i.id)
          and n.valid_from <= i.valid_to + 1 and n.applies_from <= i.valid_to + 1 and n.valid_to >= i.valid_to)
    order by i.valid_to, i.child_id, i.id`);
}

/** Every ISEE a child ever had, latest presented first. */
export function iseesOf(tx: ReadTx, childId: string): Promise<Isee[]> {
  return tx.rows<Isee>(sql`
    select i.id, i.child_id as "childId", i.kind, i.value_cents as "valueCents",
      i.presented_on as "presentedOn", i.valid_from as "validFrom", i.valid_to as "validTo",
      i.applies_from as "appliesFrom", i.overridden_by as "overriddenBy", i.reason,
      i.recorded_at as "recordedAt"
    from isee i where i.tenant_id = ${tx.tenantId} and i.child_id = ${childId}
    order by i.presented_on desc, i.recorded_at desc, i.id desc`);
}

/** Which of these are children of this town. */
export async function knownChildren(tx: ReadTx, childIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ childId: string }>(sql`
    select c.child_id as "childId" from v_child_name c
    where c.tenant_id = ${tx.tenantId} and c.child_id = any(${childIds}::uuid[])`);
  return new Set(rows.map(({ childId }) => childId));
}

/** Adds the rows that are not there yet with the same content; tells which, by id. */
export async function insertIsees(tx: WriteTx, isees: readonly Isee[]): Promise<Set<string>> {
  const rows = await tx.rows<{ id: string }>(sql`
    insert into isee (tenant_id, id, child_id, kind, value_cents, presented_on, valid_from, valid_to,
      applies_from, overridden_by, reason, recorded_at)
    select ${tx.tenantId}, r.id, r."childId", r.kind, r."valueCents", r."presentedOn", r."validFrom",
      r."validTo", r."appliesFrom", r."overriddenBy", r.reason, r."recordedAt"
    from ${jsonRows(isees)} as r(id uuid, "childId" uuid, kind text, "valueCents" bigint, "presentedOn" date,
      "validFrom" date, "validTo" date, "appliesFrom" date, "overriddenBy" text, reason text,
      "recordedAt" timestamptz)
    where not exists (select 1 from isee i where i.tenant_id = ${tx.tenantId} and i.child_id = r."childId"
      and i.kind = r.kind and i.value_cents = r."valueCents" and i.presented_on = r."presentedOn"
      and i.valid_from = r."validFrom" and i.valid_to = r."validTo" and i.applies_from = r."appliesFrom"
      and i.overridden_by is not distinct from r."overriddenBy")
    returning id`);
  return new Set(rows.map(({ id }) => id));
}
