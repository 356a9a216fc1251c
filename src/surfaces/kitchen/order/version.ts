// SPDX-License-Identifier: EUPL-1.2
import { versionOf } from "#kitchen";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { kitchenScope } from "../kitchen-scope.ts";

/** Several tablets of one kitchen ask every few seconds: one computation answers all of them for a second. */
const KEEP_MS = 1000;
const MOST_KEPT = 500;

interface Kept {
  readonly at: number;
  readonly version: Promise<string | null>;
}
const kept = new Map<string, Kept>();

/** GET `/cucina/versione`: a short text that changes when the order does. */
export async function orderVersionText(visit: Visit): Promise<Answer> {
  const { actor, query, tenant, today } = visit;
  const sites = actor?.role === "kitchen" ? (actor.siteIds?.toSorted().join() ?? "") : "";
  const day = query["giorno"] ?? today.toString();
  const key = [tenant.id, sites, day, query["servizio"] ?? ""].join("/");
  const found = kept.get(key);
  const fresh = found && performance.now() - found.at < KEEP_MS ? found : remember(key, visit);
  const version = await fresh.version;
  return version === null
    ? notFound
    : { kind: "text", contentType: "text/plain; charset=utf-8", text: `${version}\n` };
}

function remember(key: string, visit: Visit): Kept {
  if (kept.size >= MOST_KEPT) kept.clear();
  const entry = { at: performance.now(), version: compute(visit) };
  kept.set(key, entry);
  // A failed computation must not answer the next ones.
  entry.version.catch(() => kept.delete(key));
  return entry;
}

async function compute(visit: Visit): Promise<string | null> {
  const scope = await kitchenScope(visit, visit.query);
  if (scope === null) return null;
  return scope === "no-service" ? "-" : versionOf(scope.order);
}
