// SPDX-License-Identifier: EUPL-1.2
import {
  type Federation,
  noteRegistryProblem,
  providerVersions,
  putRegistry,
  registryCopy,
} from "#identity";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import { pinnedCertificates, readRegistry } from "../integrations/saml/index.ts";
import { tenants } from "#tenancy";
import type { App } from "../surfaces/web/app.ts";

/** Where a federation publishes its list, and whose signature it is believed with. */
export interface RegistrySource {
  readonly federation: Federation;
  readonly url: string;
  /** SHA-256, 64 hexadecimal digits */
  readonly fingerprints: readonly string[];
}

const LOOK_EVERY_MS = 10 * 60_000;
/** SPID's rules: once a day. What failed is tried again each hour. */
const FETCH_EVERY_HOURS = 24;
const RETRY_AFTER_MINUTES = 60;
const TIMEOUT_MS = 30_000;
const MAX_BYTES = 4 * 1024 * 1024;

type RegistryApp = Pick<App, "db" | "clock">;
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What became of one attempt. */
export type FetchedRegistry =
  | { outcome: "fetched"; providers: number }
  | { outcome: "not-due" }
  /** the copy of before stays in use */
  | { outcome: "failed"; problem: string };

/** One attempt, when it is due. */
export async function refreshRegistry(
  app: RegistryApp,
  source: RegistrySource,
  call: Fetch = fetch,
): Promise<FetchedRegistry> {
  const { federation } = source;
  const now = app.clock.now();
  const copy = await app.db.platform((tx) => registryCopy(tx, federation));
  if (copy && !isDue(copy, now)) return { outcome: "not-due" };
  const read = await readFrom(source, now, call);
  if (read.outcome === "failed") {
    const { problem } = read;
    await app.db.platform((tx) => noteRegistryProblem(tx, { federation, problem, at: now }));
    return read;
  }
  const { document, providers } = read;
  await app.db.platform((tx) => putRegistry(tx, { federation, document, at: now }));
  return { outcome: "fetched", providers };
}

function isDue(of: { fetchedAt: Moment; problemAt: Moment | null }, now: Moment): boolean {
  if (of.problemAt) return !isMomentAfter(of.problemAt.add({ minutes: RETRY_AFTER_MINUTES }), now);
  return !isMomentAfter(of.fetchedAt.add({ hours: FETCH_EVERY_HOURS }), now);
}

type Read =
  | { outcome: "read"; document: string; providers: number }
  | { outcome: "failed"; problem: string };

async function readFrom(source: RegistrySource, now: Moment, call: Fetch): Promise<Read> {
  const failed = (problem: string): Read => ({ outcome: "failed", problem });
  let document: string;
  try {
    const answer = await call(source.url, {
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { accept: "application/samlmetadata+xml, application/xml, text/xml" },
    });
    if (!answer.ok) return failed(`HTTP ${answer.status}`);
    document = await bodyOf(answer);
  } catch (error) {
    return failed(error instanceof Error && error.name === "TimeoutError" ? "timeout" : "network");
  }
  const pinned = pinnedCertificates(document, source.fingerprints);
  const registry = readRegistry(document, pinned, now);
  if (registry.outcome === "refused") return failed(registry.reason);
  return { outcome: "read", document, providers: registry.providers.length };
}

/** @throws RangeError when it does not end */
async function bodyOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) throw new RangeError("too large");
    parts.push(part);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(parts));
}

/** A town that has told a federation anything, if only as a draft, will want its list. Nobody else is asked about. */
export async function isWanted({ db }: RegistryApp, federation: Federation): Promise<boolean> {
  for (const { id } of await db.platform((tx) => tenants(tx))) {
    const versions = await db.forTenant(id).read((tx) => providerVersions(tx, federation));
    if (versions.length > 0) return true;
  }
  return false;
}

export interface RegistryWorker {
  stop(): Promise<void>;
}

/** Keeps the lists fresh. Several processes may do it: the last copy counts, and both are verified. */
export function startRegistryWorker(
  app: RegistryApp,
  options: {
    sources: readonly RegistrySource[];
    onError: (work: string, error: unknown) => void;
  },
): RegistryWorker {
  const triedAt = new Map<Federation, number>();
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let round: Promise<void> = Promise.resolve();
  const one = async (source: RegistrySource): Promise<void> => {
    const tried = triedAt.get(source.federation) ?? Number.NEGATIVE_INFINITY;
    // Before there is a copy, the database has no place for the time of a failure.
    if (performance.now() - tried < RETRY_AFTER_MINUTES * 60_000) return;
    try {
      if (isStopping || !(await isWanted(app, source.federation))) return;
      const result = await refreshRegistry(app, source);
      if (result.outcome === "not-due") return;
      triedAt.set(source.federation, performance.now());
      if (result.outcome === "failed")
        options.onError(`registry ${source.federation}`, `${result.problem} (${source.url})`);
    } catch (error) {
      options.onError(`registry ${source.federation}`, error);
    }
  };
  const oneRound = async (): Promise<void> => {
    await Promise.all(options.sources.map(one));
    if (!isStopping) timer = setTimeout(begin, LOOK_EVERY_MS);
  };
  const begin = (): void => {
    round = oneRound();
  };
  begin();
  return {
    async stop() {
      isStopping = true;
      clearTimeout(timer);
      await round;
    },
  };
}
