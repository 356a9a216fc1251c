// SPDX-License-Identifier: EUPL-1.2
import { type Federation, registryCopy, registryFetchedAt } from "#identity";
import type { Clock } from "#kernel/clock.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { type IdentityProvider, readVerifiedRegistry } from "../../../integrations/saml/index.ts";

const ASK_EVERY_MS = 60_000;
/** What a list says of its own end is looked at again so often, also where no newer one comes. */
const READ_EVERY_MINUTES = 60;

interface Known {
  readonly fetchedAt: string;
  readonly readAt: Moment;
  readonly providers: readonly IdentityProvider[];
}

/**
 * The providers of a federation, from the last copy of its list. The copy was verified when it was fetched; it is read
 * again when another one has come, and hourly: after its end it is used no longer. `extra`: for trying things out, or the demo's own.
 */
export class ProviderDirectory {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #extra: (federation: Federation) => readonly IdentityProvider[];
  readonly #known = new Map<Federation, Known>();
  /** the last time the database was asked; those who come meanwhile wait for the same answer */
  readonly #asked = new Map<Federation, { readonly at: number; readonly answer: Promise<void> }>();

  constructor(
    db: Database,
    clock: Clock,
    extra: (federation: Federation) => readonly IdentityProvider[] = () => [],
  ) {
    this.#db = db;
    this.#clock = clock;
    this.#extra = extra;
  }

  async all(federation: Federation): Promise<readonly IdentityProvider[]> {
    await this.#refresh(federation);
    return [...(this.#known.get(federation)?.providers ?? []), ...this.#extra(federation)];
  }

  async byEntityId(
    federation: Federation,
    entityId: string,
  ): Promise<IdentityProvider | undefined> {
    return (await this.all(federation)).find((one) => one.entityId === entityId);
  }

  async #refresh(federation: Federation): Promise<void> {
    const last = this.#asked.get(federation);
    if (last && performance.now() - last.at < ASK_EVERY_MS) return last.answer;
    const answer = this.#read(federation);
    this.#asked.set(federation, { at: performance.now(), answer });
    try {
      await answer;
    } catch (error) {
      this.#asked.delete(federation);
      throw error;
    }
  }

  async #read(federation: Federation): Promise<void> {
    const at = await this.#db.platform((tx) => registryFetchedAt(tx, federation));
    const now = this.#clock.now();
    const known = this.#known.get(federation);
    const readUntil = known?.readAt.add({ minutes: READ_EVERY_MINUTES });
    const isFresh = readUntil && Temporal.Instant.compare(readUntil, now) > 0;
    if (!at || (known?.fetchedAt === text(at) && isFresh)) return;
    const copy = await this.#db.platform((tx) => registryCopy(tx, federation));
    const read = copy && readVerifiedRegistry(copy.document, now);
    if (!read) return;
    const providers = read.outcome === "read" ? read.providers : [];
    this.#known.set(federation, { fetchedAt: text(at), readAt: now, providers });
  }
}

const text = (at: Moment): string => at.toString();
