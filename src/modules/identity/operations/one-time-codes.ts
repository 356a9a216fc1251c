// SPDX-License-Identifier: EUPL-1.2
import { randomBytes, randomInt } from "node:crypto";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { codeHash, type CodePurpose, readableCode, voiceCode } from "../rules/one-time-code.ts";
import {
  childOfVoiceCode,
  insertCodes,
  putVoiceCodes,
  takenVoiceHashes,
  takeStandingCode,
  withdrawCodes,
} from "../sql/one-time-codes.ts";

/** A letter travels by post, and lies on a table for a while. */
export const LETTER_DAYS = 60;
export const RECOVERY_MINUTES = 30;

const draw = (limit: number): number => randomInt(limit);

/**
 * A code that works once for each account, by account. Only a keyed hash of it is kept; who holds the answer holds the
 * code. `readable`: for paper; otherwise 256 bits, for a link. `replaces`: codes for the same that were out stop working.
 */
export async function makeCodes(
  tx: WriteTx,
  of: {
    accountIds: readonly string[];
    purpose: CodePurpose;
    kind: "readable" | "link";
    replaces: boolean;
    expiresAt: Moment;
    by: string;
    sealKey: string;
    now: Moment;
  },
): Promise<Map<string, string>> {
  const { accountIds, purpose, now } = of;
  const codes = new Map(
    accountIds.map((id) => [
      id,
      of.kind === "readable" ? readableCode(draw) : randomBytes(32).toString("base64url"),
    ]),
  );
  if (of.replaces) await withdrawCodes(tx, { accountIds, purposes: [purpose], at: now });
  const rows = [...codes].map(([accountId, code]) => ({
    id: newId(),
    accountId,
    codeHash: codeHash(of.sealKey, { tenantId: tx.tenantId, purpose, code }),
  }));
  await insertCodes(tx, rows, {
    ...{ purpose, madeBy: of.by, madeAt: now, expiresAt: of.expiresAt },
  });
  return codes;
}

/** Uses a code up; `undefined`: unknown, used, withdrawn or too old. */
export const takeCode = (
  tx: WriteTx,
  of: { purpose: CodePurpose; code: string; sealKey: string; now: Moment },
): Promise<string | undefined> => {
  const { purpose, code, sealKey, now } = of;
  const hash = codeHash(sealKey, { tenantId: tx.tenantId, purpose, code });
  return takeStandingCode(tx, { purpose, codeHash: hash, now });
};

/** What cancels a child's meal by telephone (BO-11): a new code for each child, which takes the place of the old one. */
export async function makeVoiceCodes(
  tx: WriteTx,
  of: { childIds: readonly string[]; sealKey: string; now: Moment },
): Promise<Map<string, string>> {
  const hashOf = (code: string): string =>
    codeHash(of.sealKey, { tenantId: tx.tenantId, purpose: "voice", code });
  const codes = new Map<string, string>();
  const used = new Set<string>();
  while (codes.size < of.childIds.length) {
    const open = of.childIds.filter((id) => !codes.has(id)).map((id) => [id, voiceCode(draw)]);
    const taken = new Set(
      await takenVoiceHashes(
        tx,
        open.map(([, code = ""]) => hashOf(code)),
      ),
    );
    for (const [id = "", code = ""] of open)
      if (!taken.has(hashOf(code)) && !used.has(code)) {
        codes.set(id, code);
        used.add(code);
      }
  }
  const rows = [...codes].map(([childId, code]) => ({ childId, codeHash: hashOf(code) }));
  if (rows.length > 0) await putVoiceCodes(tx, rows, of.now);
  return codes;
}

/** The child whose voice code this is. Whoever asks limits how often. */
export const childByVoiceCode = (
  tx: ReadTx,
  of: { code: string; sealKey: string },
): Promise<string | undefined> =>
  childOfVoiceCode(
    tx,
    codeHash(of.sealKey, { tenantId: tx.tenantId, purpose: "voice", code: of.code }),
  );
