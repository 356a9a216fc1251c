// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { seal, unseal } from "#kernel/seal.ts";
import type { ProviderProtocol } from "../rules/provider-settings.ts";
import { insertRequest, type SignInRequest, takeRequest } from "../sql/requests.ts";
import { hashToken } from "./open-session.ts";

/** Whoever is away longer begins again; a provider's own session rarely lasts longer either. */
const AWAY_MINUTES = 15;

/** What has to be at hand when the answer comes. Kept sealed. */
export interface SignInDetails {
  /** RelayState, or OIDC's state */
  readonly relayState: string;
  /** as it was sent, for the journal */
  readonly request: string;
  /** the language of the page it began on: the answer comes from another site, without that cookie */
  readonly lang?: Lang;
  /** SAML: which of the town's addresses was asked for; absent: the default */
  readonly assertionConsumer?: number;
  /** the session this browser had: over once the provider says who is there now */
  readonly former?: { readonly accountId: string; readonly id: string };
  /** OIDC */
  readonly nonce?: string;
  readonly codeVerifier?: string;
  readonly redirectUri?: string;
}

/** Remembers that a browser was sent to a provider. `browserToken`: in that browser's cookie and nowhere else. */
export async function beginSignIn(
  tx: WriteTx,
  of: {
    protocol: ProviderProtocol;
    provider: string;
    requestId: string;
    browserToken: string;
    returnPath: string | null;
    level: 1 | 2 | 3;
    details: SignInDetails;
    sealKey: string;
    now: Moment;
  },
): Promise<void> {
  const { browserToken, details, sealKey, now, ...row } = of;
  const sealedFor = { tenantId: tx.tenantId, purpose: `sign-in ${of.requestId}` };
  await insertRequest(tx, {
    ...row,
    browserHash: hashToken(browserToken),
    sealedDetails: seal(sealKey, sealedFor, JSON.stringify(details)),
    issuedAt: now,
    expiresAt: now.add({ minutes: AWAY_MINUTES }),
  });
}

export interface TakenSignIn extends Omit<SignInRequest, "sealedDetails" | "browserHash"> {
  readonly details: SignInDetails;
  /** the browser that brought the answer is the one that was sent away */
  readonly isSameBrowser: boolean;
  readonly isExpired: boolean;
}

/** The open request an answer belongs to, taken out: it can be answered once. `undefined` = none, or another town's. */
export async function takeSignIn(
  tx: WriteTx,
  of: {
    protocol: ProviderProtocol;
    requestId: string;
    browserToken: string | null;
    sealKey: string;
    now: Moment;
  },
): Promise<TakenSignIn | undefined> {
  const taken = await takeRequest(tx, of);
  if (!taken) return undefined;
  const { sealedDetails, browserHash, ...row } = taken;
  const sealedFor = { tenantId: tx.tenantId, purpose: `sign-in ${row.requestId}` };
  return {
    ...row,
    details: JSON.parse(unseal(of.sealKey, sealedFor, sealedDetails)) as SignInDetails,
    isSameBrowser: of.browserToken !== null && hashToken(of.browserToken) === browserHash,
    isExpired: Temporal.Instant.compare(of.now, row.expiresAt) >= 0,
  };
}
