// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";

export interface Passkey {
  /** base64url, as the authenticator says it */
  credentialId: string;
  accountId: string;
  /** COSE key, base64url */
  publicKey: string;
  counter: bigint;
  transports: string[];
  name: string;
  /** kept by a password manager, not by one device alone */
  backedUp: boolean;
  madeAt: Moment;
  lastUsedAt: Moment | null;
}

const COLUMNS = sql`p.credential_id as "credentialId", p.account_id as "accountId", p.public_key as "publicKey",
  p.counter, p.transports, p.name, p.backed_up as "backedUp", p.made_at as "madeAt", p.last_used_at as "lastUsedAt"`;

/** An account's passkeys that can be used, the oldest first. */
export function passkeysOf(tx: ReadTx, accountId: string): Promise<Passkey[]> {
  return tx.rows<Passkey>(sql`
    select ${COLUMNS} from passkey p
    where p.tenant_id = ${tx.tenantId} and p.account_id = ${accountId} and p.removed_at is null
    order by p.made_at, p.credential_id`);
}

/** One that can be used, of an account that may; held, so that its counter moves once at a time. */
export function holdPasskey(tx: WriteTx, credentialId: string): Promise<Passkey | undefined> {
  return tx.maybe<Passkey>(sql`
    select ${COLUMNS} from passkey p join account a on a.tenant_id = p.tenant_id and a.id = p.account_id
    where p.tenant_id = ${tx.tenantId} and p.credential_id = ${credentialId} and p.removed_at is null
      and a.disabled_at is null for update of p`);
}

/** False: this authenticator's key is known already. */
export async function insertPasskey(
  tx: WriteTx,
  row: Omit<Passkey, "lastUsedAt">,
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into passkey (tenant_id, credential_id, account_id, public_key, counter, transports, name, backed_up, made_at)
    values (${tx.tenantId}, ${row.credentialId}, ${row.accountId}, ${row.publicKey}, ${row.counter},
      ${JSON.stringify(row.transports)}::jsonb, ${row.name}, ${row.backedUp}, ${row.madeAt})
    on conflict do nothing`);
  return inserted === 1;
}

export function markPasskeyUsed(
  tx: WriteTx,
  of: { credentialId: string; counter: number; backedUp: boolean; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update passkey set counter = ${of.counter}, backed_up = ${of.backedUp}, last_used_at = ${of.at}
    where tenant_id = ${tx.tenantId} and credential_id = ${of.credentialId}`);
}

/** One of an account's, or all of them. Returns how many. */
export function removePasskeys(
  tx: WriteTx,
  of: { accountId: string; credentialId?: string; at: Moment },
): Promise<number> {
  const one = of.credentialId === undefined ? sql`` : sql`and credential_id = ${of.credentialId}`;
  return tx.run(sql`
    update passkey set removed_at = ${of.at}
    where tenant_id = ${tx.tenantId} and account_id = ${of.accountId} and removed_at is null ${one}`);
}

export interface Challenge {
  /** whose key is to be added; `null`: somebody wants to come in */
  accountId: string | null;
  browserHash: string;
  expiresAt: Moment;
}

export function insertChallenge(
  tx: WriteTx,
  row: Challenge & { challengeHash: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into passkey_challenge (tenant_id, challenge_hash, account_id, browser_hash, issued_at, expires_at)
    values (${tx.tenantId}, ${row.challengeHash}, ${row.accountId}, ${row.browserHash}, ${row.at}, ${row.expiresAt})`);
}

/** Out of the table, whoever answers: a challenge is answered once. */
export async function takeChallenge(
  tx: WriteTx,
  challengeHash: string,
): Promise<Challenge | undefined> {
  const [row] = await tx.rows<Challenge>(sql`
    delete from passkey_challenge where tenant_id = ${tx.tenantId} and challenge_hash = ${challengeHash}
    returning account_id as "accountId", browser_hash as "browserHash", expires_at as "expiresAt"`);
  return row;
}
