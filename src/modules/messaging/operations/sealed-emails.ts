// SPDX-License-Identifier: EUPL-1.2
import { type Moment, moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { seal, unseal } from "#kernel/seal.ts";
import { type Email, type NewEmail, planEmails } from "../sql/emails.ts";

const SEALED = ["credentials", "recovery", "staff-code"] as const;

/** A message with a code that opens an account: nobody who reads the tables reads it. */
export interface SecretEmail extends Omit<NewEmail, "kind" | "noticeIds"> {
  readonly kind: (typeof SEALED)[number];
  /** what it holds works until then; later it does not leave any more */
  readonly expiresAt: Moment;
}

interface Secret {
  body: string;
  path: string;
  expiresAt: string;
}

/** Plans messages whose text and address of the portal stay sealed until they leave. */
export async function planSealedEmails(
  tx: WriteTx,
  emails: readonly SecretEmail[],
  of: { sealKey: string; now: Moment },
): Promise<void> {
  const sealedFor = { tenantId: tx.tenantId, purpose: "e-mail" };
  const rows = emails.map(({ expiresAt, body, path, ...email }): NewEmail => {
    const secret: Secret = { body, path, expiresAt: expiresAt.toString() };
    const sealed = seal(of.sealKey, sealedFor, JSON.stringify(secret));
    return { ...email, noticeIds: [], path: "/accedi", body: sealed };
  });
  await planEmails(tx, rows, of.now);
}

export const isSealedEmail = ({ kind }: Pick<Email, "kind">): boolean =>
  SEALED.some((one) => one === kind);

/** What a sealed message says; `null`: what it holds works no longer, so it is not to leave. */
export function openSealedEmail(
  { body }: Pick<Email, "body">,
  of: { tenantId: string; sealKey: string; now: Moment },
): { body: string; path: string } | null {
  const sealedFor = { tenantId: of.tenantId, purpose: "e-mail" };
  const secret = JSON.parse(unseal(of.sealKey, sealedFor, body)) as Secret;
  const isOver = Temporal.Instant.compare(moment(secret.expiresAt), of.now) <= 0;
  return isOver ? null : { body: secret.body, path: secret.path };
}
