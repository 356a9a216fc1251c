// SPDX-License-Identifier: EUPL-1.2
import { type Federation, registryCopy, registryFetchedAt } from "#identity";
import type { Clock } from "#kernel/clock.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { type IdentityProvider, readVerifiedRegistry } from "../../../integrations/saml/index.ts";

const ASK_EVERY_MS = 60_000;

interface Known {
  readonly fetchedAt: string;
  readonly providers: readonly IdentityProvider[];
}

/**
 * The providers of a federation, from the last copy of its list. The copy was verified when it was fetched; it is read
 * again only when another one has come. `extra`: for trying things out, or the demo's own.
 */
export class ProviderDirectory {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #extra: (federation: Federation) => readonly IdentityProvider[];
  readonly #known = new Map<Federation, Known>();
  readonly #askedAt = new Map<Federation, number>();

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
    const asked = this.#askedAt.get(federation) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - asked < ASK_EVERY_MS) return;
    this.#askedAt.set(federation, performance.now());
    const at = await this.#db.platform((tx) => registryFetchedAt(tx, federation));
    if (!at || this.#known.get(federation)?.fetchedAt === text(at)) return;
    const copy = await this.#db.platform((tx) => registryCopy(tx, federation));
    const read = copy && readVerifiedRegistry(copy.document, this.#clock.now());
    if (read?.outcome === "read")
      this.#known.set(federation, { fetchedAt: text(at), providers: read.providers });
  }
}

const text = (at: Moment): string => at.toString();
