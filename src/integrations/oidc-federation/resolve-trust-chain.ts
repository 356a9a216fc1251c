// SPDX-License-Identifier: EUPL-1.2
/**
 * Federation Entity Discovery (trust_negotiation): collects the tokens from an entity up to the anchor, shortest way first,
 * and has them judged. What is read on the way up only says where to ask next.
 */
import { configurationUrl, sameButForSlash } from "./addresses.ts";
import { callOutside, type CallFault, type Outside } from "./call-outside.ts";
import {
  readSelfSigned,
  type Statement,
  STATEMENT_TYPE,
  verifyStatement,
} from "./entity-statement.ts";
import {
  type ChainFault,
  judgeTrustChain,
  MAX_INTERMEDIATES,
  type TrustAnchor,
  type Trusted,
  type WantedTrust,
} from "./judge-trust-chain.ts";
import { type Refusal, refused } from "./refusal.ts";

export type DiscoveryFault = ChainFault | CallFault | "status" | "content-type" | "no-endpoint";

/** seccons_bcps, "Numero Massimo di authority_hints": nobody has so many superiors, nor needs so many questions. */
const MAX_HINTS = 8;
const MAX_CALLS = 24;

export interface Resolve extends WantedTrust {
  readonly outside: Outside;
  /** the entity's configuration when it is at hand (our own) */
  readonly configuration?: string;
}

/** An entity on the way up: itself, and what leads from the wanted entity to it. */
interface Step {
  readonly token: string;
  readonly said: Statement;
  readonly statements: readonly string[];
  readonly above: readonly string[];
}

/**
 * Metadata of an entity as the federation vouches for them. Keep the answer until `expiresAt`.
 * @returns the refusal of the way that came furthest when there is none
 */
export async function resolveTrustChain(of: Resolve): Promise<Trusted | Refusal<DiscoveryFault>> {
  const search = new Search(of);
  const [anchor, first] = [
    await search.configuration(of.anchor.entityId),
    of.configuration === undefined
      ? await search.configuration(of.subject)
      : await readOwn(of.configuration, of.subject, of),
  ];
  if (anchor.outcome === "refused") return anchor;
  if (first.outcome === "refused") return first;
  let steps: Step[] = [
    { token: first.token, said: first.said, statements: [], above: [of.subject] },
  ];
  let reason: Refusal<DiscoveryFault> = refused("foreign-anchor", of.subject);
  for (let height = 0; height <= MAX_INTERMEDIATES && steps.length > 0; height += 1) {
    for (const step of steps.filter(({ said }) => hintsOf(said).includes(of.anchor.entityId))) {
      const link = await search.statement(anchor.said, step.said.sub);
      if (link.outcome === "refused") {
        reason = link;
        continue;
      }
      const tokens = [first.token, ...step.statements, link.token, anchor.token];
      const judged = await judgeTrustChain(tokens, of);
      if (judged.outcome === "trusted") return judged;
      reason = judged;
    }
    const climbed = await Promise.all(steps.map(async (step) => search.climb(step)));
    steps = climbed.flat();
    if (height === MAX_INTERMEDIATES && steps.length > 0) reason = refused("path-too-long");
  }
  return search.exhausted && reason.reason === "foreign-anchor"
    ? refused("path-too-long", "too many questions")
    : reason;
}

const hintsOf = (said: Statement): readonly string[] =>
  [...new Set(said.authority_hints ?? [])].slice(0, MAX_HINTS);

type Found = { outcome: "found"; token: string; said: Statement } | Refusal<DiscoveryFault>;

/** The anchor is believed by the pinned keys only, others by themselves until the chain is judged. */
async function readOwn(
  token: string,
  entityId: string,
  { anchor, now }: Pick<Resolve, "anchor" | "now">,
): Promise<Found> {
  const read =
    entityId === anchor.entityId
      ? await verifyStatement(token, anchor.keys, { issuer: entityId, subject: entityId }, now)
      : await readSelfSigned(token, entityId, now);
  return read.outcome === "refused"
    ? refused(read.reason, [entityId, read.detail].filter(Boolean).join(": "))
    : { outcome: "found", token, said: read.statement };
}

/** One search: counts its calls, and asks nobody twice. */
class Search {
  readonly #of: Resolve;
  readonly #configurations = new Map<string, Promise<Found>>();
  #calls = 0;

  constructor(of: Resolve) {
    this.#of = of;
  }

  get exhausted(): boolean {
    return this.#calls >= MAX_CALLS;
  }

  async configuration(entityId: string): Promise<Found> {
    const known = this.#configurations.get(entityId) ?? this.#readConfiguration(entityId);
    this.#configurations.set(entityId, known);
    return known;
  }

  async #readConfiguration(entityId: string): Promise<Found> {
    const answer = await this.#token(configurationUrl(entityId));
    return answer.outcome === "refused" ? answer : readOwn(answer.token, entityId, this.#of);
  }

  /** The statement of a superior about its subordinate, from the superior's fetch endpoint (federation_endpoint). */
  async statement(
    superior: Statement,
    about: string,
  ): Promise<{ outcome: "found"; token: string } | Refusal<DiscoveryFault>> {
    const endpoint = superior.metadata?.["federation_entity"]?.["federation_fetch_endpoint"];
    const url = typeof endpoint === "string" ? URL.parse(endpoint) : null;
    if (!url) return refused("no-endpoint", superior.sub);
    url.searchParams.set("sub", about);
    return this.#token(url.href);
  }

  /** The superiors of a step that are not the anchor and speak for it. A superior that does not answer is no way. */
  async climb(step: Step): Promise<Step[]> {
    const hints = hintsOf(step.said).filter(
      (hint) => !sameButForSlash(hint, this.#of.anchor.entityId) && !step.above.includes(hint),
    );
    const steps = await Promise.all(
      hints.map(async (hint): Promise<Step[]> => {
        const superior = await this.configuration(hint);
        if (superior.outcome === "refused") return [];
        const link = await this.statement(superior.said, step.said.sub);
        if (link.outcome === "refused") return [];
        const { token, said } = superior;
        const statements = [...step.statements, link.token];
        return [{ token, said, statements, above: [...step.above, hint] }];
      }),
    );
    return steps.flat();
  }

  async #token(
    url: string,
  ): Promise<{ outcome: "found"; token: string } | Refusal<DiscoveryFault>> {
    if (this.exhausted) return refused("unreachable", "too many questions");
    this.#calls += 1;
    const answer = await callOutside(this.#of.outside, url, {
      accept: `application/${STATEMENT_TYPE}`,
    });
    if (answer.outcome === "refused") return answer;
    if (answer.status !== 200) return refused("status", `${answer.status} ${answer.url}`);
    if (answer.contentType !== `application/${STATEMENT_TYPE}`)
      return refused("content-type", answer.url);
    return { outcome: "found", token: answer.text.trim() };
  }
}

/** Identifiers of the providers an anchor lists (trust_negotiation, "Relying Party"; federation_endpoint, `list`). */
export async function listProviders(of: {
  readonly anchor: TrustAnchor;
  readonly now: WantedTrust["now"];
  readonly outside: Outside;
}): Promise<{ outcome: "listed"; providers: readonly string[] } | Refusal<DiscoveryFault>> {
  const { entityId } = of.anchor;
  const search = new Search({
    ...of,
    subject: entityId,
    entityType: "federation_entity",
    trustMark: "not-asked",
  });
  const anchor = await search.configuration(entityId);
  if (anchor.outcome === "refused") return anchor;
  const endpoint = anchor.said.metadata?.["federation_entity"]?.["federation_list_endpoint"];
  const url = typeof endpoint === "string" ? URL.parse(endpoint) : null;
  if (!url) return refused("no-endpoint", entityId);
  url.searchParams.set("entity_type", "openid_provider");
  const answer = await callOutside(of.outside, url.href, { accept: "application/json" });
  if (answer.outcome === "refused") return answer;
  if (answer.status !== 200) return refused("status", `${answer.status} ${answer.url}`);
  return readList(answer.text, answer.url);
}

function readList(
  text: string,
  url: string,
): { outcome: "listed"; providers: readonly string[] } | Refusal<DiscoveryFault> {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return refused("malformed", url);
  }
  if (!Array.isArray(list) || list.length > 1000) return refused("malformed", url);
  return { outcome: "listed", providers: list.filter((one) => typeof one === "string") };
}
