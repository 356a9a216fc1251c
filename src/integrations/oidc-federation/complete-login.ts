// SPDX-License-Identifier: EUPL-1.2
/** From the code to the person: token request, ID token, userinfo. Refuses with the first thing that is wrong. */
import type { PendingLogin } from "./authorization-request.ts";
import type { Anomaly } from "./callback.ts";
import { type IdTokenFault, judgeTokens } from "./judge-tokens.ts";
import type { Level } from "./provider.ts";
import type { Refusal } from "./refusal.ts";
import { type Caller, type Exchange, redeemCode, type TokenRequestFault } from "./token-request.ts";
import { askUserinfo, type Person, type UserinfoFault } from "./userinfo.ts";

export interface Accepted extends Person {
  readonly outcome: "accepted";
  /** reached, not only asked for */
  readonly level: Level;
  /** pairwise: means this person to this town at this provider */
  readonly subject: string;
  readonly issuer: string;
  /** to revoke at logout */
  readonly accessToken: string;
}

export type LoginFault = TokenRequestFault | IdTokenFault | UserinfoFault;

/**
 * The pending login must have been taken from its store before (once), and the code from `judgeCallback`.
 * @returns the person, the refusal or what the provider holds against our client, and what went over the wire for the journal
 */
export async function completeLogin(
  caller: Caller,
  code: string,
  pending: PendingLogin,
): Promise<{ result: Accepted | Anomaly | Refusal<LoginFault>; exchanges: readonly Exchange[] }> {
  const { provider, relyingParty, now } = caller;
  if (provider.issuer !== pending.issuer) throw new RangeError("another provider than was asked");
  const redeemed = await redeemCode(caller, code, pending);
  const { result: tokens } = redeemed;
  if (tokens.outcome !== "tokens") return { result: tokens, exchanges: [redeemed.exchange] };
  const clientId = relyingParty.entityId;
  const judged = await judgeTokens(tokens, { provider, clientId, pending, now });
  if (judged.outcome === "refused") return { result: judged, exchanges: [redeemed.exchange] };
  const { accessToken } = tokens;
  const asked = await askUserinfo(caller, accessToken, judged.subject);
  const exchanges = [redeemed.exchange, asked.exchange];
  if (asked.result.outcome === "refused") return { result: asked.result, exchanges };
  const { level, subject } = judged;
  const { issuer } = provider;
  const result = {
    ...asked.result,
    outcome: "accepted",
    level,
    subject,
    issuer,
    accessToken,
  } as const;
  return { result, exchanges };
}
