// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { CodePurpose } from "../rules/one-time-code.ts";

export interface NewCode {
  readonly id: string;
  readonly accountId: string;
  readonly codeHash: string;
}

export function insertCodes(
  tx: WriteTx,
  rows: readonly NewCode[],
  of: { purpose: CodePurpose; madeBy: string; madeAt: Moment; expiresAt: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into one_time_code (tenant_id, id, account_id, purpose, code_hash, made_at, made_by, expires_at)
    select ${tx.tenantId}, r.id, r."accountId", ${of.purpose}, r."codeHash", ${of.madeAt}::timestamptz, ${of.madeBy},
      ${of.expiresAt}::timestamptz
    from ${jsonRows(rows)} as r(id uuid, "accountId" uuid, "codeHash" text)`);
}

const STANDS = (now: Moment) =>
  sql`used_at is null and withdrawn_at is null and expires_at > ${now}::timestamptz`;

/** Whose code this is, as long as it can be used. */
export async function standingCode(
  tx: ReadTx,
  of: { purpose: CodePurpose; codeHash: string; now: Moment },
): Promise<{ accountId: string; expiresAt: Moment } | undefined> {
  return tx.maybe(sql`
    select account_id as "accountId", expires_at as "expiresAt" from one_time_code
    where tenant_id = ${tx.tenantId} and code_hash = ${of.codeHash} and purpose = ${of.purpose} and ${STANDS(of.now)}`);
}

/** Uses a code up: of two at once one gets it. */
export async function takeStandingCode(
  tx: WriteTx,
  of: { purpose: CodePurpose; codeHash: string; now: Moment },
): Promise<string | undefined> {
  const [row] = await tx.rows<{ accountId: string }>(sql`
    update one_time_code set used_at = ${of.now}::timestamptz
    where tenant_id = ${tx.tenantId} and code_hash = ${of.codeHash} and purpose = ${of.purpose} and ${STANDS(of.now)}
    returning account_id as "accountId"`);
  return row?.accountId;
}

export function withdrawCodes(
  tx: WriteTx,
  of: { accountIds: readonly string[]; purposes: readonly CodePurpose[]; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update one_time_code set withdrawn_at = ${of.at}::timestamptz
    where tenant_id = ${tx.tenantId} and account_id = any(${of.accountIds}::uuid[])
      and purpose = any(${of.purposes}::text[]) and used_at is null and withdrawn_at is null`);
}

/** How many codes of each account were made since then; an account without is absent. */
export async function codesMadeSince(
  tx: ReadTx,
  of: { accountIds: readonly string[]; purpose: CodePurpose; since: Moment },
): Promise<Map<string, number>> {
  const rows = await tx.rows<{ accountId: string; made: number }>(sql`
    select account_id as "accountId", count(*)::int as made from one_time_code
    where tenant_id = ${tx.tenantId} and account_id = any(${of.accountIds}::uuid[]) and purpose = ${of.purpose}
      and made_at > ${of.since}::timestamptz
    group by account_id`);
  return new Map(rows.map(({ accountId, made }) => [accountId, made]));
}

export interface LatestCode {
  accountId: string;
  madeAt: Moment;
  madeBy: string;
  expiresAt: Moment;
  usedAt: Moment | null;
  withdrawnAt: Moment | null;
}

/** The newest letter of each account. */
export function latestLetters(tx: ReadTx, accountIds: readonly string[]): Promise<LatestCode[]> {
  return tx.rows<LatestCode>(sql`
    select distinct on (account_id) account_id as "accountId", made_at as "madeAt", made_by as "madeBy",
      expires_at as "expiresAt", used_at as "usedAt", withdrawn_at as "withdrawnAt"
    from one_time_code
    where tenant_id = ${tx.tenantId} and account_id = any(${accountIds}::uuid[]) and purpose = 'activation'
    order by account_id, made_at desc, id desc`);
}

export function putVoiceCodes(
  tx: WriteTx,
  rows: readonly { childId: string; codeHash: string }[],
  at: Moment,
): Promise<number> {
  return tx.run(sql`
    insert into voice_code (tenant_id, child_id, code_hash, made_at)
    select ${tx.tenantId}, r."childId", r."codeHash", ${at}::timestamptz
    from ${jsonRows(rows)} as r("childId" uuid, "codeHash" text)
    on conflict (tenant_id, child_id) do update set code_hash = excluded.code_hash, made_at = excluded.made_at`);
}

/** Which of these are in use. */
export async function takenVoiceHashes(tx: ReadTx, hashes: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ codeHash: string }>(sql`
    select code_hash as "codeHash" from voice_code
    where tenant_id = ${tx.tenantId} and code_hash = any(${hashes}::text[])`);
  return rows.map(({ codeHash }) => codeHash);
}

/** Whose child's meals a code that was typed on the telephone is about. */
export async function childOfVoiceCode(tx: ReadTx, hash: string): Promise<string | undefined> {
  const row = await tx.maybe<{ childId: string }>(sql`
    select child_id as "childId" from voice_code where tenant_id = ${tx.tenantId} and code_hash = ${hash}`);
  return row?.childId;
}

/** How many of these codes can be used. */
export async function countStanding(
  tx: ReadTx,
  of: { codeHashes: readonly string[]; now: Moment },
): Promise<number> {
  const { standing } = await tx.one<{ standing: number }>(sql`
    select count(*)::int as standing from one_time_code
    where tenant_id = ${tx.tenantId} and code_hash = any(${of.codeHashes}::text[]) and ${STANDS(of.now)}`);
  return standing;
}
