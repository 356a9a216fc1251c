// SPDX-License-Identifier: EUPL-1.2
/** What an administrator wants to know before and after a change: does the federation see us as we think it does? */
import type { Moment } from "#kernel/dates.ts";
import { configurationUrl } from "./addresses.ts";
import { callOutside, type Outside } from "./call-outside.ts";
import { readSelfSigned, STATEMENT_TYPE } from "./entity-statement.ts";
import type { TrustAnchor } from "./judge-trust-chain.ts";
import { readProvider } from "./provider.ts";
import { entityConfiguration, type RelyingParty } from "./relying-party.ts";
import { type DiscoveryFault, resolveTrustChain } from "./resolve-trust-chain.ts";

export interface OwnEntityCheck {
  /** our own word; the same, read from outside; the chain to the anchor; its mark; the provider people are sent to */
  readonly what: "statement" | "published" | "chain" | "trust-mark" | "provider";
  readonly isGood: boolean;
  /** when it is not: a code, and what it is about */
  readonly reason: string;
  readonly detail: string;
}

const good = (what: OwnEntityCheck["what"]): OwnEntityCheck => ({
  ...{ what, isGood: true },
  ...{ reason: "", detail: "" },
});
const bad = (what: OwnEntityCheck["what"], reason: string, detail = ""): OwnEntityCheck => ({
  ...{ what, isGood: false },
  ...{ reason, detail },
});

/** Asks whoever a provider would ask; changes nothing. What depends on something that is wrong is not tried. */
export async function checkOwnEntity(of: {
  readonly party: RelyingParty;
  readonly anchor: TrustAnchor;
  readonly provider: string;
  readonly now: Moment;
  readonly outside: Outside;
}): Promise<OwnEntityCheck[]> {
  const { party, now } = of;
  const own = await entityConfiguration(party, now).catch((error: unknown) =>
    error instanceof RangeError ? error : Promise.reject(error),
  );
  if (typeof own !== "string") return [bad("statement", "wrong", own.message)];
  const read = await readSelfSigned(own, party.entityId, now);
  if (read.outcome === "refused") return [bad("statement", read.reason, read.detail)];
  const [published, trust, provider] = await Promise.all([
    publishedCheck(of),
    trustChecks(of, own),
    providerCheck(of),
  ]);
  return [good("statement"), published, ...trust, provider];
}

type Of = Parameters<typeof checkOwnEntity>[0];

/** The way through names, certificates and proxies: does the registered address lead here? */
async function publishedCheck({ party, now, outside }: Of): Promise<OwnEntityCheck> {
  const url = configurationUrl(party.entityId);
  const answer = await callOutside(outside, url, { accept: `application/${STATEMENT_TYPE}` });
  if (answer.outcome === "refused") return bad("published", answer.reason, url);
  if (answer.status !== 200) return bad("published", "status", `${answer.status} ${url}`);
  if (answer.contentType !== `application/${STATEMENT_TYPE}`)
    return bad("published", "content-type", url);
  const read = await readSelfSigned(answer.text.trim(), party.entityId, now);
  if (read.outcome === "refused") return bad("published", read.reason, url);
  const ours = party.keys.federation.map(({ privateJwk }) => privateJwk.kid).toSorted();
  const theirs = read.statement.jwks.keys.map(({ kid }) => kid).toSorted();
  return ours.join(" ") === theirs.join(" ") ? good("published") : bad("published", "other-keys");
}

async function trustChecks(of: Of, configuration: string): Promise<OwnEntityCheck[]> {
  const { party, anchor, now, outside } = of;
  const trusted = await resolveTrustChain({
    ...{ subject: party.entityId, entityType: "openid_relying_party", trustMark: "required" },
    ...{ anchor, now, outside, configuration },
  });
  if (trusted.outcome === "trusted") return [good("chain"), good("trust-mark")];
  const reason: DiscoveryFault = trusted.reason;
  return reason === "no-trust-mark"
    ? [good("chain"), bad("trust-mark", reason)]
    : [bad("chain", reason, trusted.detail)];
}

async function providerCheck({ anchor, provider, now, outside }: Of): Promise<OwnEntityCheck> {
  const trusted = await resolveTrustChain({
    ...{ subject: provider, entityType: "openid_provider", trustMark: "required" },
    ...{ anchor, now, outside },
  });
  if (trusted.outcome === "refused") return bad("provider", trusted.reason, trusted.detail);
  const allowLoopbackHttp = outside.allowLoopbackHttp ?? false;
  const read = readProvider(trusted, { now, allowLoopbackHttp });
  return read.outcome === "provider" ? good("provider") : bad("provider", read.reason, read.detail);
}
