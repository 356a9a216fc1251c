// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "./actor.ts";
import type { Moment } from "./dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "./db/index.ts";
import { newId } from "./ids.ts";

export interface AuditEntry {
  readonly actor: Actor;
  readonly at: Moment;
  /** what was done, as `module.verb` */
  readonly action: string;
  readonly holderId?: string | null;
  readonly childId?: string | null;
  readonly reason?: string | null;
  readonly details?: Record<string, unknown>;
}

/** Append-only: who did what to a family's data, when, why. The family can read its own rows. */
export async function recordAudit(tx: WriteTx, ...entries: readonly AuditEntry[]): Promise<void> {
  const rows = entries.map((entry) => ({
    id: newId(),
    at: entry.at,
    role: entry.actor.role,
    actor: entry.actor.id,
    name: entry.actor.name,
    action: entry.action,
    holder: entry.holderId ?? null,
    child: entry.childId ?? null,
    reason: entry.reason ?? entry.actor.desk?.reason ?? null,
    details: entry.details ?? {},
  }));
  await tx.run(sql`
    insert into audit_entry (tenant_id, id, at, actor_role, actor_id, actor_name, action, holder_id, child_id,
      reason, details)
    select ${tx.tenantId}, r.id, r.at, r.role, r.actor, r.name, r.action, r.holder, r.child, r.reason, r.details
    from ${jsonRows(rows)} as r(id uuid, at timestamptz, role text, actor text, name text, action text, holder uuid,
      child uuid, reason text, details jsonb)`);
}

export interface AuditRow {
  readonly at: Moment;
  readonly actorId: string;
  readonly actorRole: string;
  readonly actorName: string;
  readonly action: string;
  readonly holderId: string | null;
  readonly childId: string | null;
  readonly reason: string | null;
}

/** What others did with the data of these accounts and children, newest first: the family may read it. */
export function auditOf(
  tx: ReadTx,
  of: {
    readonly holderIds?: readonly string[];
    readonly childIds?: readonly string[];
    /** `to` is not inside any more */
    readonly from?: Moment;
    readonly to?: Moment;
    /** actions that are left out */
    readonly except?: readonly string[];
    readonly limit: number;
  },
): Promise<AuditRow[]> {
  return tx.rows<AuditRow>(sql`
    select at, actor_id as "actorId", actor_role as "actorRole", actor_name as "actorName", action, holder_id as "holderId",
      child_id as "childId", reason
    from audit_entry
    where tenant_id = ${tx.tenantId} and (child_id = any(${of.childIds ?? []}::uuid[])
      or (child_id is null and holder_id = any(${of.holderIds ?? []}::uuid[])))
      and at >= coalesce(${of.from ?? null}::timestamptz, '-infinity')
      and at < coalesce(${of.to ?? null}::timestamptz, 'infinity')
      and action <> all(${of.except ?? []}::text[])
    order by at desc, id desc limit ${of.limit}`);
}

/** Who did this to something that is no family's, and when, first to last; `details`: what its entries say of it. */
export function auditOfThing(
  tx: ReadTx,
  of: {
    readonly action: string;
    readonly details: Readonly<Record<string, string>>;
    readonly from: Moment;
  },
): Promise<{ at: Moment; name: string }[]> {
  return tx.rows(sql`
    select at, actor_name as name from audit_entry
    where tenant_id = ${tx.tenantId} and holder_id is null and at >= ${of.from} and action = ${of.action}
      and details @> ${JSON.stringify(of.details)}::text::jsonb
    order by at, id`);
}

/**
 * In which role one of `actions` was done at these instants: to that child, or (`childId: null` in the answer) to
 * nobody in particular.
 */
export function auditRoles(
  tx: ReadTx,
  actions: readonly string[],
  of: readonly { readonly childId: string; readonly at: Moment }[],
): Promise<{ childId: string | null; at: Moment; role: string; name: string }[]> {
  const found = sql`a.child_id as "childId", a.at, a.actor_role as role, a.actor_name as name`;
  const asked = jsonRows(of);
  return tx.rows(sql`
    select ${found} from ${asked} as r("childId" uuid, at timestamptz)
    join audit_entry a on a.tenant_id = ${tx.tenantId} and a.child_id = r."childId" and a.at = r.at
    where a.action = any(${actions}::text[])
    union
    select ${found} from ${asked} as r("childId" uuid, at timestamptz)
    join audit_entry a on a.tenant_id = ${tx.tenantId} and a.child_id is null and a.at = r.at
    where a.action = any(${actions}::text[])`);
}

/** Has this actor done that with that account since then? */
export async function hasActed(
  tx: ReadTx,
  of: { actorId: string; action: string; holderId: string; since: Moment },
): Promise<boolean> {
  const found = await tx.maybe<{ one: number }>(sql`
    select 1 as one from audit_entry
    where tenant_id = ${tx.tenantId} and holder_id = ${of.holderId} and at >= ${of.since}
      and action = ${of.action} and actor_id = ${of.actorId} limit 1`);
  return found !== undefined;
}
