// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { ProviderProtocol } from "../rules/provider-settings.ts";

/** Somebody on the way to a provider. */
export interface SignInRequest {
  readonly requestId: string;
  readonly protocol: ProviderProtocol;
  /** the provider's entity id */
  readonly provider: string;
  readonly browserHash: string;
  readonly returnPath: string | null;
  readonly level: 1 | 2 | 3;
  readonly sealedDetails: string;
  readonly issuedAt: Moment;
  readonly expiresAt: Moment;
}

export function insertRequest(tx: WriteTx, row: SignInRequest): Promise<number> {
  return tx.run(sql`
    insert into sign_in_request (tenant_id, request_id, protocol, provider, browser_hash, return_path, level,
      sealed_details, issued_at, expires_at)
    values (${tx.tenantId}, ${row.requestId}, ${row.protocol}, ${row.provider}, ${row.browserHash}, ${row.returnPath},
      ${row.level}, ${row.sealedDetails}, ${row.issuedAt}, ${row.expiresAt})`);
}

/** Out of the store in one statement: of two answers at the same moment exactly one finds it. */
export function takeRequest(
  tx: WriteTx,
  of: { requestId: string; protocol: ProviderProtocol },
): Promise<SignInRequest | undefined> {
  return tx.maybe<SignInRequest>(sql`
    delete from sign_in_request
    where tenant_id = ${tx.tenantId} and request_id = ${of.requestId} and protocol = ${of.protocol}
    returning request_id as "requestId", protocol, provider, browser_hash as "browserHash",
      return_path as "returnPath", level, sealed_details as "sealedDetails", issued_at as "issuedAt",
      expires_at as "expiresAt"`);
}

/** False: this very assertion was accepted before. */
export async function acceptOnce(
  tx: WriteTx,
  of: { provider: string; assertionId: string; at: Moment },
): Promise<boolean> {
  const inserted = await tx.run(sql`
    insert into accepted_assertion (tenant_id, provider, assertion_id, accepted_at)
    values (${tx.tenantId}, ${of.provider}, ${of.assertionId}, ${of.at}) on conflict do nothing`);
  return inserted === 1;
}

/** One pair of request and response, for 24 months (SPID, "Tracciature"). */
export interface JournalEntry {
  readonly id: string;
  readonly protocol: ProviderProtocol;
  readonly provider: string;
  readonly requestId: string;
  readonly responseId: string | null;
  readonly assertionId: string | null;
  readonly requestIssuedAt: Moment | null;
  readonly responseIssuedAt: Moment | null;
  readonly assertionIssuedAt: Moment | null;
  readonly subjectHash: string | null;
  /** `accepted`, `anomaly 22`, `anomaly invalid_client`, `anomaly invalid_request unsigned`, or the reason of a refusal */
  readonly outcome: string;
  readonly sealedRequest: string;
  readonly sealedResponse: string;
  readonly recordedAt: Moment;
}

export function insertJournal(
  tx: WriteTx,
  row: JournalEntry & { deleteOn: string },
): Promise<number> {
  return tx.run(sql`
    insert into sign_in_journal (tenant_id, id, protocol, provider, request_id, response_id, assertion_id,
      request_issued_at, response_issued_at, assertion_issued_at, subject_hash, outcome, sealed_request,
      sealed_response, recorded_at, delete_on)
    values (${tx.tenantId}, ${row.id}, ${row.protocol}, ${row.provider}, ${row.requestId}, ${row.responseId},
      ${row.assertionId}, ${row.requestIssuedAt}, ${row.responseIssuedAt}, ${row.assertionIssuedAt},
      ${row.subjectHash}, ${row.outcome}, ${row.sealedRequest}, ${row.sealedResponse}, ${row.recordedAt},
      ${row.deleteOn}::date)`);
}

const UNSIGNED_THAT_COUNT = 3;

/**
 * How often these anomalies came back since then, by federation; SPID and CIE by number, OpenID Connect by word.
 *
 * OpenID Connect's errors come by way of the browser and unsigned: whoever began a sign-in can write one into the address
 * of its return. What the provider answered us directly counts at once. What a browser brought counts when several
 * sign-ins ended so since somebody was last let in: where our request is wrong nobody is, and where people come in the
 * provider takes it, whatever an address says.
 */
export function anomaliesSince(
  tx: ReadTx,
  of: { codes: readonly (number | string)[]; since: Moment },
): Promise<{ protocol: ProviderProtocol; code: string; count: number }[]> {
  const words = of.codes.map((code) => `anomaly ${code}`);
  const unsigned = words.map((word) => `${word} unsigned`);
  return tx.rows(sql`
    select j.protocol, split_part(j.outcome, ' ', 2) as code, count(*)::int as count
    from sign_in_journal j
    where j.tenant_id = ${tx.tenantId} and j.recorded_at > ${of.since}
      and (j.outcome = any(${words}::text[])
        or (j.outcome = any(${unsigned}::text[]) and not exists (
          select 1 from sign_in_journal a
          where a.tenant_id = j.tenant_id and a.protocol = j.protocol and a.outcome = 'accepted'
            and a.recorded_at > j.recorded_at)))
    group by 1, 2
    having bool_or(j.outcome = any(${words}::text[])) or count(*) >= ${UNSIGNED_THAT_COUNT}
    order by 1, 2`);
}

export interface JournalSearch {
  readonly subjectHash?: string | undefined;
  /** of request, response or assertion */
  readonly messageId?: string | undefined;
  readonly from: Moment;
  readonly to: Moment;
  readonly limit: number;
}

/** The newest first. */
export function findJournal(tx: ReadTx, of: JournalSearch): Promise<JournalEntry[]> {
  const bySubject =
    of.subjectHash === undefined ? sql`` : sql`and subject_hash = ${of.subjectHash}`;
  const byMessage =
    of.messageId === undefined
      ? sql``
      : sql`and (request_id = ${of.messageId} or response_id = ${of.messageId} or assertion_id = ${of.messageId})`;
  return tx.rows<JournalEntry>(sql`
    select id, protocol, provider, request_id as "requestId", response_id as "responseId",
      assertion_id as "assertionId", request_issued_at as "requestIssuedAt", response_issued_at as "responseIssuedAt",
      assertion_issued_at as "assertionIssuedAt", subject_hash as "subjectHash", outcome,
      sealed_request as "sealedRequest", sealed_response as "sealedResponse", recorded_at as "recordedAt"
    from sign_in_journal
    where tenant_id = ${tx.tenantId} and recorded_at between ${of.from} and ${of.to} ${bySubject} ${byMessage}
    order by recorded_at desc, id desc limit ${of.limit}`);
}
