// SPDX-License-Identifier: EUPL-1.2
import { OFFICE_ROLES, type Role } from "#kernel/actor.ts";
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { NEEDS_FACTOR } from "./second-factor-waiver.ts";

/** How somebody came in. `persona`: demo mode only. */
export type SignInMeans =
  | "password"
  | "passkey"
  | "persona"
  | "spid"
  | "cie"
  | "eidas"
  | "oidc"
  | "device";

export interface SessionRow {
  /** what the person sees of a session; never its token */
  id: string;
  means: SignInMeans;
  /** of the verified identity: 1 to 3 */
  level: number | null;
  /** of the identity that opened this session, verified by its provider; nobody's word else makes a delegate (BO-23) */
  codiceFiscale: string | null;
  accountId: string;
  displayName: string;
  createdAt: Moment;
  lastSeenAt: Moment;
  expiresAt: Moment;
  deskHolderId: string | null;
  deskReason: string | null;
  grants: { role: Role; siteId: string | null; classId: string | null; lineId: string | null }[];
}

export interface NewSession {
  tokenHash: string;
  accountId: string;
  at: Moment;
  expiresAt: Moment;
  means: SignInMeans;
  level?: number | null;
  provider?: string | null;
  /** what the provider needs to hear at sign-out, sealed */
  sealedLogout?: string | null;
  /** the provider's word for this session, hashed */
  providerSessionHash?: string | null;
  /** browser and system, in short */
  seenAs?: string;
  secondFactorAt?: Moment | null;
}

export function insertSession(tx: WriteTx, row: NewSession): Promise<number> {
  return tx.run(sql`
    insert into session (tenant_id, token_hash, id, account_id, created_at, last_seen_at, expires_at, means, level,
      provider, sealed_logout, provider_session_hash, seen_as, second_factor_at)
    values (${tx.tenantId}, ${row.tokenHash}, ${newId()}, ${row.accountId}, ${row.at}, ${row.at}, ${row.expiresAt},
      ${row.means}, ${row.level ?? null}, ${row.provider ?? null}, ${row.sealedLogout ?? null},
      ${row.providerSessionHash ?? null}, ${row.seenAs ?? ""}, ${row.secondFactorAt ?? null})`);
}

/**
 * Roles that a session may use by the way it was opened: the office's, and whatever a marked account has, only after a second
 * factor; a tablet's or a screen's never beyond school and kitchen. A verified identity of level 2 is two factors, and so is a
 * passkey.
 */
const MAY_USE = sql`
  case when s.means = 'device' then g.role in ('school', 'kitchen')
    when ${NEEDS_FACTOR} or a.second_factor_required then
      s.means in ('persona', 'passkey') or s.second_factor_at is not null or coalesce(s.level, 0) >= 2
    else true end`;

/** A tablet stays where it is: it is revoked, not idle. */
const IN_USE = (idleSince: Moment) =>
  sql`(s.means = 'device' or s.last_seen_at > ${idleSince}::timestamptz)`;

/** Opened without a password, for a demonstration: of no use when the same data is served as a real town's. */
const ADMITTED = (demo: boolean) => (demo ? sql`` : sql`and s.means <> 'persona'`);

/** The office's, administrators' apart, that were opened by a way of ours: the town has just said that there is none. */
export function endOwnWaysOfOffice(tx: WriteTx, of: { date: Day; at: Moment }): Promise<number> {
  const inForce = sql`g.tenant_id = s.tenant_id and g.account_id = s.account_id
    and g.from_date <= ${of.date} and (g.to_date is null or g.to_date >= ${of.date})`;
  return tx.run(sql`
    update session s set ended_at = ${of.at}
    where s.tenant_id = ${tx.tenantId} and s.ended_at is null and s.means in ('password', 'passkey')
      and exists (select 1 from role_grant g where ${inForce} and g.role = any(${OFFICE_ROLES}::text[]))
      and not exists (select 1 from role_grant g where ${inForce} and g.role = 'administrator')`);
}

/** A live session with its account and the roles in force on the day; of a persona, in demo mode only. */
export function sessionByToken(
  tx: ReadTx,
  of: { tokenHash: string; now: Moment; idleSince: Moment; today: Day; demo: boolean },
): Promise<SessionRow | undefined> {
  return tx.maybe<SessionRow>(sql`
    select s.id, s.means, s.level,
      case when s.means in ('spid', 'cie') then (select substring(i.subject from 4) from account_identity i
        where i.tenant_id = s.tenant_id and i.account_id = s.account_id and starts_with(i.subject, 'cf:')
        limit 1) end as "codiceFiscale",
      s.account_id as "accountId", a.display_name as "displayName", s.created_at as "createdAt",
      s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.desk_holder_id as "deskHolderId",
      s.desk_reason as "deskReason",
      coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'siteId', g.site_id, 'classId', g.class_id,
          'lineId', g.line_id))
        from role_grant g where g.tenant_id = s.tenant_id and g.account_id = s.account_id
          and g.from_date <= ${of.today} and (g.to_date is null or g.to_date >= ${of.today})
          and ${MAY_USE}), '[]') as grants
    from session s join account a on a.tenant_id = s.tenant_id and a.id = s.account_id
    where s.tenant_id = ${tx.tenantId} and s.token_hash = ${of.tokenHash} and s.ended_at is null
      and s.expires_at > ${of.now} and ${IN_USE(of.idleSince)} and a.disabled_at is null
      ${ADMITTED(of.demo)}`);
}

/**
 * Whose session this was, expired or not; one that the person ended counts no more (D1), nor one with a desk open: a
 * new session begins without it, and the same form would be about another family.
 */
export async function accountOfSession(tx: ReadTx, tokenHash: string): Promise<string | undefined> {
  const row = await tx.maybe<{ accountId: string }>(sql`
    select account_id as "accountId" from session
    where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash} and ended_at is null
      and desk_holder_id is null`);
  return row?.accountId;
}

export function touchSession(tx: WriteTx, of: { tokenHash: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update session set last_seen_at = ${of.at}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash}`);
}

export function endSessionRow(tx: WriteTx, of: { tokenHash: string; at: Moment }): Promise<number> {
  return tx.run(sql`
    update session set ended_at = ${of.at}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash} and ended_at is null`);
}

/** Opens or closes (`null`) the desk on a family for this session only. */
export function setDesk(
  tx: WriteTx,
  of: { tokenHash: string; holderId: string | null; reason: string | null; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update session set desk_holder_id = ${of.holderId}, desk_reason = ${of.reason}, desk_opened_at = ${of.at}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash}`);
}

/** The same session under another token: the old one opens nothing from now on. */
export function renewToken(
  tx: WriteTx,
  of: { tokenHash: string; newTokenHash: string },
): Promise<number> {
  return tx.run(sql`
    update session set token_hash = ${of.newTokenHash}
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash} and ended_at is null`);
}

export type LiveSession = Pick<SessionRow, "id" | "means" | "createdAt" | "lastSeenAt"> & {
  seenAs: string;
};

/** A person's own live sessions, the one used last first. */
export function liveSessions(
  tx: ReadTx,
  of: { accountId: string; now: Moment; idleSince: Moment; demo: boolean },
): Promise<LiveSession[]> {
  return tx.rows(sql`
    select id, means, created_at as "createdAt", last_seen_at as "lastSeenAt", seen_as as "seenAs" from session s
    where tenant_id = ${tx.tenantId} and account_id = ${of.accountId} and ended_at is null
      and expires_at > ${of.now} and ${IN_USE(of.idleSince)} ${ADMITTED(of.demo)}
    order by last_seen_at desc, id`);
}

/** Ends sessions of one account: one by its id, or all but the one that is kept. Returns how many. */
export function endSessions(
  tx: WriteTx,
  of: { accountId: string; at: Moment; id?: string; exceptTokenHash?: string },
): Promise<number> {
  const one = of.id === undefined ? sql`` : sql`and id = ${of.id}`;
  const others =
    of.exceptTokenHash === undefined ? sql`` : sql`and token_hash <> ${of.exceptTokenHash}`;
  return tx.run(sql`
    update session set ended_at = ${of.at}
    where tenant_id = ${tx.tenantId} and account_id = ${of.accountId} and ended_at is null ${one} ${others}`);
}

/** What a session has to tell its provider when it ends. */
export function logoutOf(
  tx: ReadTx,
  tokenHash: string,
): Promise<
  { means: SignInMeans; provider: string | null; sealedLogout: string | null } | undefined
> {
  return tx.maybe(sql`
    select means, provider, sealed_logout as "sealedLogout" from session
    where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash} and ended_at is null`);
}

/** Single logout that begins at the provider. Returns how many sessions it ended. */
export function endProviderSession(
  tx: WriteTx,
  of: { provider: string; providerSessionHash: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update session set ended_at = ${of.at}
    where tenant_id = ${tx.tenantId} and provider = ${of.provider}
      and provider_session_hash = ${of.providerSessionHash} and ended_at is null`);
}
