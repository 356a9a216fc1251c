// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";

/** What happened around the doors. Append-only; sealed afterwards. */
export const SECURITY_EVENTS = [
  "signed-in",
  "sign-in-refused",
  "signed-out",
  "session-ended",
  "password-changed",
  "code-sent",
  "code-used",
  "recovery-asked",
  "second-factor-added",
  "second-factor-removed",
  "second-factor-switched",
  "passkey-added",
  "passkey-removed",
  "account-made",
  "account-disabled",
  "account-enabled",
  "email-changed",
  "role-granted",
  "role-ended",
  "delegate-added",
  "delegate-ended",
  "link-asked",
  "application-sent",
  "access-joined",
  "access-split",
  "identity-linked",
  "identity-refused",
  "identity-admitted",
  "device-added",
  "device-enrolled",
  "device-revoked",
  "provider-changed",
  "key-changed",
  "journal-searched",
  "credentials-switched",
] as const;
export type SecurityEventKind = (typeof SECURITY_EVENTS)[number];

export interface SecurityEvent {
  readonly kind: SecurityEventKind;
  readonly at: Moment;
  readonly accountId?: string | null;
  readonly actorName?: string;
  /** of the browser's address: `originHash` */
  readonly originHash?: string | null;
  /** no codice fiscale, no secret, nothing about health */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

export const recordSecurity = (tx: WriteTx, event: SecurityEvent): Promise<number> =>
  recordSecurityAll(tx, [event]);

/** The same for many at once. */
export function recordSecurityAll(tx: WriteTx, events: readonly SecurityEvent[]): Promise<number> {
  const rows = events.map((event) => ({
    id: newId(),
    at: event.at,
    kind: event.kind,
    accountId: event.accountId ?? null,
    actorName: event.actorName ?? "",
    originHash: event.originHash ?? null,
    details: event.details ?? {},
  }));
  return tx.run(sql`
    insert into security_event (tenant_id, id, at, kind, account_id, actor_name, origin_hash, details)
    select ${tx.tenantId}, r.id, r.at, r.kind, r."accountId", r."actorName", r."originHash", r.details
    from ${jsonRows(rows)} as r(id uuid, at timestamptz, kind text, "accountId" uuid, "actorName" text,
      "originHash" text, details jsonb)`);
}

export interface SecurityRow extends Required<Omit<SecurityEvent, "details">> {
  readonly id: string;
  readonly details: Record<string, string | number | boolean | null>;
}

/** The newest first; of one account, or of the whole town. */
export function securityEvents(
  tx: ReadTx,
  of: {
    accountId?: string;
    kinds?: readonly SecurityEventKind[];
    /** `to` is not inside any more */
    from?: Moment;
    to?: Moment;
    offset?: number;
    limit: number;
  },
): Promise<SecurityRow[]> {
  const ofAccount = of.accountId === undefined ? sql`` : sql`and account_id = ${of.accountId}`;
  const ofKinds = of.kinds === undefined ? sql`` : sql`and kind = any(${of.kinds}::text[])`;
  return tx.rows<SecurityRow>(sql`
    select id, at, kind, account_id as "accountId", actor_name as "actorName", origin_hash as "originHash", details
    from security_event where tenant_id = ${tx.tenantId} ${ofAccount} ${ofKinds}
      and at >= coalesce(${of.from ?? null}::timestamptz, '-infinity')
      and at < coalesce(${of.to ?? null}::timestamptz, 'infinity')
    order by at desc, id desc limit ${of.limit} offset ${of.offset ?? 0}`);
}
