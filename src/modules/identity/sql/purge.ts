// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import { sql, type WriteTx } from "#kernel/db/index.ts";

/** An assertion lives for minutes; its id is kept longer than anybody could show it again. */
const KEEP_ASSERTIONS_HOURS = 48;
/** A request of somebody unknown, and its answer, which is read at the next sign-in. */
const KEEP_STRANGERS_DAYS = 180;

/**
 * Traces of sign-ins that are no longer needed are deleted: sessions and attempts from `before` on back, requests nobody
 * came back from, what was half done, ids of old assertions, strangers who did not come back, journal entries past their
 * twenty-four months.
 */
export async function purgeSignIns(
  tx: WriteTx,
  of: { before: Moment; now: Moment },
): Promise<void> {
  const { before, now } = of;
  const assertionsBefore = now.subtract({ hours: KEEP_ASSERTIONS_HOURS });
  await tx.run(sql`
    delete from session
    where tenant_id = ${tx.tenantId} and least(ended_at, expires_at) < ${before}::timestamptz`);
  await tx.run(sql`
    delete from login_attempt where tenant_id = ${tx.tenantId} and at < ${before}::timestamptz`);
  await tx.run(sql`
    delete from sign_in_request where tenant_id = ${tx.tenantId} and expires_at < ${now}::timestamptz`);
  await tx.run(sql`
    delete from passkey_challenge where tenant_id = ${tx.tenantId} and expires_at < ${now}::timestamptz`);
  await tx.run(sql`
    delete from half_sign_in where tenant_id = ${tx.tenantId} and expires_at < ${now}::timestamptz`);
  await tx.run(sql`
    delete from one_time_code where tenant_id = ${tx.tenantId} and expires_at < ${before}::timestamptz`);
  await tx.run(sql`
    delete from accepted_assertion
    where tenant_id = ${tx.tenantId} and accepted_at < ${assertionsBefore}::timestamptz`);
  const strangersBefore = now.subtract({ hours: 24 * KEEP_STRANGERS_DAYS });
  await tx.run(sql`
    delete from identity_to_link
    where tenant_id = ${tx.tenantId} and greatest(last_seen_at, answered_at) < ${strangersBefore}::timestamptz`);
  await tx.run(sql`
    delete from sign_in_journal where tenant_id = ${tx.tenantId} and delete_on <= ${dayOf(now)}::date`);
}
