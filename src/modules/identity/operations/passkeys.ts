// SPDX-License-Identifier: EUPL-1.2
/**
 * Passkeys (WebAuthn): added by whoever is signed in, and a way to sign in that is two factors at once: the device, and the
 * finger, face or code that unlocks it. A challenge is answered once, within five minutes, by the browser that asked.
 */
import { randomBytes } from "node:crypto";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { accountsByIds } from "../sql/accounts.ts";
import {
  type Challenge,
  holdPasskey,
  insertChallenge,
  insertPasskey,
  markPasskeyUsed,
  passkeysOf,
  removePasskeys,
  takeChallenge,
} from "../sql/passkeys.ts";
import { secondFactorsOf } from "../sql/second-factors.ts";
import { recordSecurity } from "../sql/security-events.ts";
import type { TellAccess } from "./access-change.ts";
import { hashToken, openSession } from "./open-session.ts";
import { takeProviderHalf } from "./second-factor.ts";

const CHALLENGE_MINUTES = 5;
const MOST_PASSKEYS = 10;
/** EdDSA, ES256, RS256: what authenticators have. */
const ALGORITHMS = [-8, -7, -257];

/** Whose passkeys these are: a host of the town, and the address its pages have there. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

interface Asked {
  readonly party: RelyingParty;
  /** in the asking browser's cookie and nowhere else */
  readonly browserToken: string;
  readonly now: Moment;
}

const freshChallenge = (): Uint8Array<ArrayBuffer> => Uint8Array.from(randomBytes(32));

const keepChallenge = (
  tx: WriteTx,
  of: Asked & { challenge: string; accountId: string | null },
): Promise<number> =>
  insertChallenge(tx, {
    challengeHash: hashToken(of.challenge),
    accountId: of.accountId,
    browserHash: hashToken(of.browserToken),
    at: of.now,
    expiresAt: of.now.add({ minutes: CHALLENGE_MINUTES }),
  });

/** What the browser is to ask an authenticator for, to come in. Which account it is, the authenticator knows. */
export async function askForPasskey(
  town: TenantDb,
  of: Asked,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const options = await generateAuthenticationOptions({
    rpID: of.party.id,
    challenge: freshChallenge(),
    userVerification: "required",
    timeout: CHALLENGE_MINUTES * 60_000,
  });
  const { challenge } = options;
  await town.write((tx) => keepChallenge(tx, { ...of, challenge, accountId: null }));
  return options;
}

/** What the browser is to ask an authenticator for, to make a new passkey for an account. */
export async function offerPasskey(
  town: TenantDb,
  of: Asked & { accountId: string; townName: string },
): Promise<PublicKeyCredentialCreationOptionsJSON | null> {
  const { accountId } = of;
  const { account, known } = await town.read(async (tx) => ({
    account: (await accountsByIds(tx, [accountId]))[0],
    known: await passkeysOf(tx, accountId),
  }));
  if (!account || known.length >= MOST_PASSKEYS) return null;
  const options = await generateRegistrationOptions({
    rpName: of.townName,
    rpID: of.party.id,
    userName: account.username,
    userDisplayName: account.displayName,
    userID: Uint8Array.from(Buffer.from(accountId)),
    challenge: freshChallenge(),
    attestationType: "none",
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    timeout: CHALLENGE_MINUTES * 60_000,
  });
  const { challenge } = options;
  await town.write((tx) => keepChallenge(tx, { ...of, challenge }));
  return options;
}

const text = z.string().max(20_000);
const shared = {
  id: text,
  rawId: text,
  type: z.literal("public-key"),
  clientExtensionResults: z.object({}),
};
const registration = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
});
const authentication = z.object({
  ...shared,
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.optional(),
  }),
});

/** What a browser brought, as far as it is one; `null`: it is not. */
function readAnswer<T>(schema: z.ZodType<T>, given: string): T | null {
  try {
    const read = schema.safeParse(JSON.parse(given));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** The challenge an answer is for, taken out: whatever comes of it, it is not answered again. */
async function takeAnswered(
  tx: WriteTx,
  of: Asked & { clientDataJSON: string; accountId: string | null },
): Promise<string | null> {
  const data = readAnswer(
    z.object({ challenge: z.string().max(200) }),
    Buffer.from(of.clientDataJSON, "base64url").toString("utf8"),
  );
  const taken: Challenge | undefined = data
    ? await takeChallenge(tx, hashToken(data.challenge))
    : undefined;
  if (!data || !taken) return null;
  const isOurs =
    taken.accountId === of.accountId &&
    taken.browserHash === hashToken(of.browserToken) &&
    Temporal.Instant.compare(of.now, taken.expiresAt) < 0;
  return isOurs ? data.challenge : null;
}

/** The library throws for what authenticators and attackers say wrongly: to us all of it is one refusal. */
async function verified<T extends { verified: boolean }>(check: Promise<T>): Promise<T | null> {
  try {
    const result = await check;
    return result.verified ? result : null;
  } catch {
    return null;
  }
}

interface NewPasskey extends Asked {
  readonly accountId: string;
  /** JSON, as the browser gave it */
  readonly answer: string;
  readonly name: string;
  readonly by: string;
  readonly tell: TellAccess;
}

/** A passkey for somebody who is signed in. */
export async function addPasskey(
  town: TenantDb,
  of: NewPasskey,
): Promise<{ outcome: "added" | "refused" }> {
  const keep = await checkNewPasskey(town, of);
  const isKept = keep !== null && (await town.write(keep));
  return { outcome: isKept ? "added" : "refused" };
}

/** Is it a passkey, made for this? Then how it is kept, once; that says whether it is new. `null`: it is none. */
export async function checkNewPasskey(
  town: TenantDb,
  of: NewPasskey,
): Promise<((tx: WriteTx) => Promise<boolean>) | null> {
  const { accountId, party, now } = of;
  const response = readAnswer(registration, of.answer);
  if (!response) return null;
  const { clientDataJSON } = response.response;
  const expectedChallenge = await town.write((tx) => takeAnswered(tx, { ...of, clientDataJSON }));
  if (expectedChallenge === null) return null;
  const checked = await verified(
    verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  const info = checked?.registrationInfo;
  if (!info) return null;
  return async (tx) => {
    const isNew = await insertPasskey(tx, {
      credentialId: info.credential.id,
      accountId,
      publicKey: Buffer.from(info.credential.publicKey).toString("base64url"),
      counter: BigInt(info.credential.counter),
      transports: response.response.transports ?? [],
      name: of.name.trim().slice(0, 60) || "Passkey",
      backedUp: info.credentialBackedUp,
      madeAt: now,
    });
    if (!isNew) return false;
    await recordSecurity(tx, {
      ...{ kind: "passkey-added", at: now, accountId, actorName: of.by },
      details: { backedUp: info.credentialBackedUp },
    });
    await of.tell(tx, { accountId, change: "passkey-added" });
    return true;
  };
}

/**
 * Signs in with a passkey. Unknown keys, removed ones and answers that are not right look the same. `half`: what this browser
 * has of a sign-in; the municipality's provider's is finished by it, and remains the provider's.
 */
export function signInWithPasskey(
  town: TenantDb,
  of: Asked & { answer: string; seenAs: string; half?: string | null },
): Promise<
  | { outcome: "signed-in"; token: string; accountId: string; means: "passkey" | "oidc" }
  | { outcome: "refused" }
> {
  const { party, now } = of;
  const refused = { outcome: "refused" } as const;
  return town.write(async (tx) => {
    const response = readAnswer(authentication, of.answer);
    if (!response) return refused;
    const { clientDataJSON, userHandle } = response.response;
    const expectedChallenge = await takeAnswered(tx, { ...of, clientDataJSON, accountId: null });
    const passkey = await holdPasskey(tx, response.id);
    if (expectedChallenge === null || !passkey) return refused;
    const { accountId, credentialId } = passkey;
    const isNamed = !userHandle || Buffer.from(userHandle, "base64url").toString() === accountId;
    const checked = await verified(
      verifyAuthenticationResponse({
        response: response as AuthenticationResponseJSON,
        expectedChallenge,
        expectedOrigin: party.origin,
        expectedRPID: party.id,
        requireUserVerification: true,
        // A counter that does not move on means a copy: the library refuses it.
        credential: {
          id: credentialId,
          publicKey: Uint8Array.from(Buffer.from(passkey.publicKey, "base64url")),
          counter: Number(passkey.counter),
        },
      }),
    );
    const [account] = await accountsByIds(tx, [accountId]);
    if (!checked || !isNamed || !account) {
      await recordSecurity(tx, {
        ...{ kind: "sign-in-refused", at: now, accountId },
        details: { means: "passkey" },
      });
      return refused;
    }
    const { newCounter: counter, credentialBackedUp: backedUp } = checked.authenticationInfo;
    await markPasskeyUsed(tx, { credentialId, counter, backedUp, at: now });
    const began = await takeProviderHalf(tx, { token: of.half ?? null, accountId, now });
    const means = began ? ("oidc" as const) : ("passkey" as const);
    const session = { accountId, means, provider: began?.provider ?? null, seenAs: of.seenAs, now };
    const token = await openSession(tx, { ...session, secondFactorAt: now });
    return { outcome: "signed-in", token, accountId, means };
  });
}

/** One of one's own; not the last factor of whoever must have one. */
export async function removeOwnPasskey(
  tx: WriteTx,
  of: { accountId: string; credentialId: string; by: string; tell: TellAccess; now: Moment },
): Promise<{ outcome: "removed" | "needed" | "not-found" }> {
  const { accountId, credentialId, now } = of;
  const factors = await secondFactorsOf(tx, { accountId, date: dayOf(now) });
  if (factors.isRequired && !factors.hasCodes && factors.passkeys <= 1)
    return { outcome: "needed" };
  const removed = await removePasskeys(tx, { accountId, credentialId, at: now });
  if (removed === 0) return { outcome: "not-found" };
  await recordSecurity(tx, {
    ...{ kind: "passkey-removed", at: now, accountId, actorName: of.by },
    details: { count: removed },
  });
  await of.tell(tx, { accountId, change: "passkey-removed" });
  return { outcome: "removed" };
}
