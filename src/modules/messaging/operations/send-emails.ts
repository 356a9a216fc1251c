// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { afterAttempt, type EmailResult } from "../rules/email-attempts.ts";
import { claimEmails, type Email, recordAttempt } from "../sql/emails.ts";

/**
 * How long a sender may take for what it has claimed. Whoever finds an older claim takes over: the sender ended, or
 * must have given up by then.
 */
export const EMAIL_CLAIM_SECONDS = 300;

export interface ClaimedEmails {
  claim: string;
  emails: Email[];
}

/** Takes the e-mails whose turn it is. Send them after the commit, then `recordEmail` each. */
export async function claimDueEmails(
  tx: WriteTx,
  of: { now: Moment; limit: number },
): Promise<ClaimedEmails> {
  const claim = newId();
  const until = of.now.add({ seconds: EMAIL_CLAIM_SECONDS });
  return { claim, emails: await claimEmails(tx, { ...of, claim, until }) };
}

/** Writes down how it went, with the words that left; what did not go waits for its next attempt. */
export async function recordEmail(
  tx: WriteTx,
  of: {
    email: Email;
    claim: string;
    result: EmailResult;
    said?: { subject: string; body: string };
    now: Moment;
  },
): Promise<void> {
  const { email, claim, now } = of;
  const next = afterAttempt(email.attempts, of.result);
  const said = next.state === "sent" && of.said ? of.said : null;
  await recordAttempt(tx, { id: email.id, claim, next, said, now });
}
