// SPDX-License-Identifier: EUPL-1.2
/**
 * The second factor (ADR 24): whoever looks after a town's money and data shows one at each sign-in. A right password, or
 * the municipality's provider, opens no session then, only a half sign-in of five minutes; without a factor yet, one is set
 * up there before anything else.
 */
import { randomBytes } from "node:crypto";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { seal, unseal } from "#kernel/seal.ts";
import { offeredSecret, secretUri, stepOfCode } from "./one-time-password.ts";
import { accountsByIds } from "../sql/accounts.ts";
import { markAttemptRight } from "../sql/attempts.ts";
import { removePasskeys } from "../sql/passkeys.ts";
import {
  countTry,
  deleteCodeDevice,
  deleteHalfSignIns,
  type FirstHalf,
  halfSignIn,
  holdCodeDevice,
  insertCodeDevice,
  insertHalfSignIn,
  putLastStep,
  secondFactorsOf,
  takeHalfSignIn,
} from "../sql/second-factors.ts";
import { recordSecurity } from "../sql/security-events.ts";
import { endSessions } from "../sql/sessions.ts";
import type { TellAccess } from "./access-change.ts";
import { beginAttempt } from "./check-credentials.ts";
import { hashToken, openSession } from "./open-session.ts";

const HALF_MINUTES = 5;
const MOST_TRIES = 5;

const sealedFor = (tenantId: string, accountId: string) => ({
  tenantId,
  purpose: `one-time password ${accountId}`,
});

/**
 * The first half was right: a session, or half of one where a second factor has to follow. `hasShownTwo`: the
 * municipality's provider, which the town trusts in this, has asked for a second one itself.
 */
export async function openOrHalve(
  tx: WriteTx,
  of: FirstHalf & { accountId: string; seenAs: string; hasShownTwo?: boolean; now: Moment },
): Promise<{ outcome: "signed-in" | "second-factor"; token: string; accountId: string }> {
  const { accountId, means, provider, seenAs, hasShownTwo = false, now } = of;
  const factors = await secondFactorsOf(tx, { accountId, date: dayOf(now) });
  if (hasShownTwo || (!factors.isRequired && !factors.hasCodes)) {
    const secondFactorAt = hasShownTwo ? now : null;
    const session = { accountId, means, provider, seenAs, secondFactorAt, now };
    return { outcome: "signed-in", token: await openSession(tx, session), accountId };
  }
  const token = randomBytes(32).toString("base64url");
  const expiresAt = now.add({ minutes: HALF_MINUTES });
  const half = { tokenHash: hashToken(token), accountId, means, provider, at: now, expiresAt };
  await insertHalfSignIn(tx, half);
  return { outcome: "second-factor", token, accountId };
}

export interface HalfSignIn extends FirstHalf {
  readonly accountId: string;
  readonly username: string;
  readonly displayName: string;
  /** `none`: one has to be set up now */
  readonly has: "codes" | "passkeys" | "none";
}

/** Who stands at the door with half a sign-in; `null`: nobody, or for too long, or after too many wrong codes. */
export function standingHalf(
  town: TenantDb,
  of: { token: string; now: Moment },
): Promise<HalfSignIn | null> {
  const { token, now } = of;
  return town.read(async (tx) => {
    const tokenHash = hashToken(token);
    const half = await halfSignIn(tx, { tokenHash, mostFailures: MOST_TRIES, now });
    if (!half) return null;
    const factors = await secondFactorsOf(tx, { accountId: half.accountId, date: dayOf(now) });
    const has = factors.hasCodes ? "codes" : factors.passkeys > 0 ? "passkeys" : "none";
    return { ...half, has };
  });
}

export interface CodeOffer {
  /** Base32, for whoever cannot use the camera */
  readonly secret: string;
  /** for the QR code */
  readonly uri: string;
}

/** What an app is to be told. `token`: the browser's half sign-in or session; `offer`: anything of this one form. */
export function offerCodes(
  sealKey: string,
  of: { tenantId: string; token: string; offer: string; townName: string; username: string },
): CodeOffer {
  const secret = offeredSecret(sealKey, of);
  return { secret, uri: secretUri(secret, { issuer: of.townName, label: of.username }) };
}

interface GivenCode {
  readonly token: string;
  readonly code: string;
  readonly origin: string;
  readonly sealKey: string;
  readonly tell: TellAccess;
  readonly now: Moment;
}

export type FinishedSignIn =
  | { outcome: "signed-in"; token: string; accountId: string; username: string }
  | { outcome: "wrong" }
  | { outcome: "wait"; until: Moment }
  /** too late, or too many wrong codes: from the beginning */
  | { outcome: "over" };

/**
 * The second half of a sign-in. With codes: the app's code, which counts once. Without any factor: the first code of the app
 * that was just told the offered secret (`offer`); it is kept from then on.
 */
export async function finishSignIn(
  town: TenantDb,
  of: GivenCode & { offer: string | null; seenAs: string },
): Promise<FinishedSignIn> {
  const { token, now } = of;
  const half = await standingHalf(town, { token, now });
  if (!half || half.has === "passkeys") return { outcome: "over" };
  const { accountId, username } = half;
  // Of a new half sign-in every five tries: the account's own patience counts on.
  const begun = await beginAttempt(town, {
    ...{ username, origin: of.origin, now },
    knownBrowser: `second factor ${accountId}`,
  });
  if (begun.outcome === "wait") return begun;
  return town.write(async (tx): Promise<FinishedSignIn> => {
    const tokenHash = hashToken(token);
    if (!(await countTry(tx, { tokenHash, mostFailures: MOST_TRIES, now })))
      return { outcome: "over" };
    const isRight =
      half.has === "codes"
        ? await isCodeRight(tx, { ...of, accountId })
        : of.offer !== null &&
          (await keepOffered(tx, { ...of, accountId, offer: of.offer, name: half.displayName }));
    if (!isRight) return { outcome: "wrong" };
    if (!(await takeHalfSignIn(tx, tokenHash))) return { outcome: "over" };
    await markAttemptRight(tx, begun.id);
    const opened = await openWhole(tx, half, { seenAs: of.seenAs, secondFactor: "codes", now });
    return { outcome: "signed-in", token: opened, accountId, username };
  });
}

/**
 * The provider knew somebody, and now a passkey did: what was half of that account's sign-in is whole. `null`: nothing of
 * the provider's stands open for it.
 */
export async function takeProviderHalf(
  tx: WriteTx,
  of: { token: string | null; accountId: string; now: Moment },
): Promise<FirstHalf | null> {
  if (of.token === null) return null;
  const tokenHash = hashToken(of.token);
  const half = await halfSignIn(tx, { tokenHash, mostFailures: MOST_TRIES, now: of.now });
  if (half?.means !== "oidc" || half.accountId !== of.accountId) return null;
  const { means, provider } = half;
  return (await takeHalfSignIn(tx, tokenHash)) ? { means, provider } : null;
}

/** Both halves are there: the session, and its line in the log. */
export async function openWhole(
  tx: WriteTx,
  { accountId, displayName, means, provider }: HalfSignIn,
  of: { seenAs: string; secondFactor: "codes" | "passkey"; now: Moment },
): Promise<string> {
  const { seenAs, secondFactor, now } = of;
  const session = { accountId, means, provider, seenAs, now };
  const token = await openSession(tx, { ...session, secondFactorAt: now });
  await recordSecurity(tx, {
    ...{ kind: "signed-in", at: now, accountId, actorName: displayName },
    details: { means, secondFactor },
  });
  return token;
}

/** A code counts once, whoever reads it over somebody's shoulder. */
async function isCodeRight(tx: WriteTx, of: GivenCode & { accountId: string }): Promise<boolean> {
  const { accountId } = of;
  const device = await holdCodeDevice(tx, accountId);
  if (!device) return false;
  const secret = unseal(of.sealKey, sealedFor(tx.tenantId, accountId), device.sealedSecret);
  const step = stepOfCode(secret, of.code, of.now);
  if (step === null || (device.lastStep !== null && BigInt(step) <= device.lastStep)) return false;
  await putLastStep(tx, { accountId, step });
  return true;
}

async function keepOffered(
  tx: WriteTx,
  of: GivenCode & { accountId: string; offer: string; name: string },
): Promise<boolean> {
  const { accountId, now } = of;
  const { tenantId } = tx;
  const secret = offeredSecret(of.sealKey, { tenantId, token: of.token, offer: of.offer });
  const step = stepOfCode(secret, of.code, now);
  if (step === null) return false;
  const sealedSecret = seal(of.sealKey, sealedFor(tenantId, accountId), secret);
  if (!(await insertCodeDevice(tx, { accountId, sealedSecret, step, at: now }))) return false;
  await recordSecurity(tx, {
    ...{ kind: "second-factor-added", at: now, accountId, actorName: of.name },
    details: { factor: "codes" },
  });
  await of.tell(tx, { accountId, change: "codes-added" });
  return true;
}

/** Somebody who is signed in sets codes up. `token`: of the session. */
export function addCodes(
  town: TenantDb,
  of: GivenCode & { accountId: string; offer: string },
): Promise<{ outcome: "added" | "wrong" }> {
  return town.write(async (tx) => {
    const [account] = await accountsByIds(tx, [of.accountId]);
    if (!account?.isStaff) return { outcome: "wrong" };
    const isKept = await keepOffered(tx, { ...of, name: account.displayName });
    return { outcome: isKept ? "added" : "wrong" };
  });
}

export type RemovedCodes = { outcome: "removed" } | { outcome: "needed" };

/** One's own: not the last factor of whoever must have one. */
export async function removeOwnCodes(
  tx: WriteTx,
  of: { accountId: string; name: string; tell: TellAccess; now: Moment },
): Promise<RemovedCodes> {
  const { accountId, now } = of;
  const factors = await secondFactorsOf(tx, { accountId, date: dayOf(now) });
  if (factors.isRequired && factors.passkeys === 0) return { outcome: "needed" };
  if (await dropCodes(tx, { accountId, by: of.name, now }))
    await of.tell(tx, { accountId, change: "codes-removed" });
  return { outcome: "removed" };
}

async function dropCodes(
  tx: WriteTx,
  of: { accountId: string; by: string; now: Moment },
): Promise<boolean> {
  const { accountId, by, now } = of;
  if ((await deleteCodeDevice(tx, accountId)) === 0) return false;
  await recordSecurity(tx, {
    ...{ kind: "second-factor-removed", at: now, accountId, actorName: by },
    details: { factor: "codes" },
  });
  return true;
}

/**
 * A lost telephone: codes and passkeys work no longer and every session ends; the next sign-in sets up a new factor. Whoever asks
 * for it is known by the person who does this.
 */
export async function resetSecondFactor(
  tx: WriteTx,
  of: { accountId: string; by: string; tell: TellAccess; now: Moment },
): Promise<{ sessionsEnded: number }> {
  const { accountId, now } = of;
  const hadCodes = await dropCodes(tx, of);
  const passkeys = await removePasskeys(tx, { accountId, at: now });
  if (passkeys > 0)
    await recordSecurity(tx, {
      ...{ kind: "passkey-removed", at: now, accountId, actorName: of.by },
      details: { count: passkeys },
    });
  if (hadCodes || passkeys > 0) await of.tell(tx, { accountId, change: "factor-reset" });
  await deleteHalfSignIns(tx, accountId);
  return { sessionsEnded: await endSessions(tx, { accountId, at: now }) };
}
