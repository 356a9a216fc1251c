// SPDX-License-Identifier: EUPL-1.2
import type { Database } from "#kernel/db/index.ts";
import { type Tenant, tenants } from "#tenancy";

const REFRESH_MS = 10_000;

/** Which town answers on a host name: `ostra.example.it`, `ostra.localhost`. Read again every few seconds. */
export class TownDirectory {
  readonly #db: Database;
  #byHost = new Map<string, Tenant>();
  #bySlug = new Map<string, Tenant>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | null = null;

  constructor(db: Database) {
    this.#db = db;
  }

  async byHost(host: string): Promise<Tenant | undefined> {
    await this.#refresh();
    const name = host.toLowerCase().replace(/:\d+$/, "");
    const local = /^([a-z0-9-]+)\.localhost$/.exec(name);
    return this.#byHost.get(name) ?? (local ? this.#bySlug.get(local[1]!) : undefined);
  }

  async bySlug(slug: string): Promise<Tenant | undefined> {
    await this.#refresh();
    return this.#bySlug.get(slug);
  }

  async all(): Promise<Tenant[]> {
    await this.#refresh();
    return [...this.#bySlug.values()];
  }

  async #refresh(): Promise<void> {
    if (performance.now() - this.#readAt < REFRESH_MS) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const all = await this.#db.platform((tx) => tenants(tx));
    this.#bySlug = new Map(all.map((town) => [town.slug, town]));
    this.#byHost = new Map(all.flatMap((town) => town.hosts.map((host) => [host, town])));
    this.#readAt = performance.now();
  }
}
