// SPDX-License-Identifier: EUPL-1.2
import { keepRequest, recordSecurity, type StrangerIdentity } from "#identity";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import {
  judgeLinkRequest,
  type LinkFault,
  type LinkField,
  type LinkWords,
} from "../rules/link-request.ts";

export type AskedToLink =
  | { outcome: "asked" }
  /** one at a time: the office has not answered the former one, or has just linked this identity */
  | { outcome: "already-open" }
  | { outcome: "invalid"; faults: Partial<Record<LinkField, LinkFault>> };

/**
 * Somebody verified, and of no family here, asks the office to be tied to one (OS-03, BI-01). `identity` is what the
 * provider said, never what was typed. Nothing is told of any family, and nothing changes until the office does it.
 */
export async function askLink(
  tx: WriteTx,
  of: {
    identity: StrangerIdentity & { provenAt: Moment };
    words: LinkWords;
    lang: Lang;
    originHash: string;
    at: Moment;
  },
): Promise<AskedToLink> {
  const { identity, at } = of;
  const judged = judgeLinkRequest(of.words, dayOf(at), of.lang);
  if (judged.outcome === "invalid") return judged;
  const isKept = await keepRequest(tx, { ...identity, asked: judged.asked, at });
  if (!isKept) return { outcome: "already-open" };
  const actorName = `${identity.givenName} ${identity.surname}`;
  await recordSecurity(tx, { kind: "link-asked", at, actorName, originHash: of.originHash });
  return { outcome: "asked" };
}
