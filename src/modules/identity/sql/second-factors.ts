// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import { NEEDS_FACTOR } from "./second-factor-waiver.ts";

/** What an account has besides its password. */
export interface SecondFactors {
  /** its role, or whoever looks after the accounts, wants one at each sign-in */
  isRequired: boolean;
  hasCodes: boolean;
  passkeys: number;
}

export async function secondFactorsOf(
  tx: ReadTx,
  of: { accountId: string; date: Day },
): Promise<SecondFactors> {
  return tx.one<SecondFactors>(sql`
    select
      a.second_factor_required or exists (select 1 from role_grant g
        where g.tenant_id = a.tenant_id and g.account_id = a.id
          and ${NEEDS_FACTOR}
          and g.from_date <= ${of.date} and (g.to_date is null or g.to_date >= ${of.date})) as "isRequired",
      exists (select 1 from one_time_password_device d where d.tenant_id = a.tenant_id and d.account_id = a.id
        and d.confirmed_at is not null) as "hasCodes",
      (select count(*)::int from passkey p where p.tenant_id = a.tenant_id and p.account_id = a.id
        and p.removed_at is null) as passkeys
    from account a where a.tenant_id = ${tx.tenantId} and a.id = ${of.accountId}`);
}

/** The app of an account; held until the transaction ends, so that of two equal codes one counts. */
export function holdCodeDevice(
  tx: WriteTx,
  accountId: string,
): Promise<{ sealedSecret: string; lastStep: bigint | null } | undefined> {
  return tx.maybe(sql`
    select sealed_secret as "sealedSecret", last_step as "lastStep" from one_time_password_device
    where tenant_id = ${tx.tenantId} and account_id = ${accountId} and confirmed_at is not null for update`);
}

/** False: the account has one already. */
export async function insertCodeDevice(
  tx: WriteTx,
  row: { accountId: string; sealedSecret: string; step: number; at: Moment },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into one_time_password_device (tenant_id, account_id, sealed_secret, confirmed_at, last_step, made_at)
    values (${tx.tenantId}, ${row.accountId}, ${row.sealedSecret}, ${row.at}, ${row.step}, ${row.at})
    on conflict (tenant_id, account_id) do nothing`);
  return inserted === 1;
}

export function putLastStep(tx: WriteTx, of: { accountId: string; step: number }): Promise<number> {
  return tx.run(sql`
    update one_time_password_device set last_step = ${of.step}
    where tenant_id = ${tx.tenantId} and account_id = ${of.accountId}`);
}

export function deleteCodeDevice(tx: WriteTx, accountId: string): Promise<number> {
  return tx.run(sql`
    delete from one_time_password_device where tenant_id = ${tx.tenantId} and account_id = ${accountId}`);
}

/** What was right already. `provider`: the municipality's own, by its issuer. */
export interface FirstHalf {
  readonly means: "password" | "oidc";
  readonly provider: string | null;
}

export function insertHalfSignIn(
  tx: WriteTx,
  row: FirstHalf & { tokenHash: string; accountId: string; at: Moment; expiresAt: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into half_sign_in (tenant_id, token_hash, account_id, means, provider, started_at, expires_at)
    values (${tx.tenantId}, ${row.tokenHash}, ${row.accountId}, ${row.means}, ${row.provider}, ${row.at},
      ${row.expiresAt})`);
}

/** Whoever's first half was right, as long as a second may follow. */
export function halfSignIn(
  tx: ReadTx,
  of: { tokenHash: string; mostFailures: number; now: Moment },
): Promise<({ accountId: string; username: string; displayName: string } & FirstHalf) | undefined> {
  return tx.maybe(sql`
    select h.account_id as "accountId", a.username, a.display_name as "displayName", h.means, h.provider
    from half_sign_in h join account a on a.tenant_id = h.tenant_id and a.id = h.account_id
    where h.tenant_id = ${tx.tenantId} and h.token_hash = ${of.tokenHash} and h.expires_at > ${of.now}
      and h.failures < ${of.mostFailures} and a.disabled_at is null`);
}

/** Counts a try before it is looked at; false: there have been too many, or it is too late. */
export async function countTry(
  tx: WriteTx,
  of: { tokenHash: string; mostFailures: number; now: Moment },
): Promise<boolean> {
  const counted = await tx.run(sql`
    update half_sign_in set failures = failures + 1
    where tenant_id = ${tx.tenantId} and token_hash = ${of.tokenHash} and expires_at > ${of.now}
      and failures < ${of.mostFailures}`);
  return counted === 1;
}

/** Out of the table: of two that finish at once one does. */
export async function takeHalfSignIn(tx: WriteTx, tokenHash: string): Promise<boolean> {
  const taken = await tx.run(sql`
    delete from half_sign_in where tenant_id = ${tx.tenantId} and token_hash = ${tokenHash}`);
  return taken === 1;
}

/** Whatever stands half open for an account is over. */
export function deleteHalfSignIns(tx: WriteTx, accountId: string): Promise<number> {
  return tx.run(sql`
    delete from half_sign_in where tenant_id = ${tx.tenantId} and account_id = ${accountId}`);
}
