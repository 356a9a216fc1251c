// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { PlatformTx } from "#kernel/db/index.ts";
import { addHosts, insertTenant, type Tenant, tenantBySlug } from "../sql/tenants.ts";

export type CreateTenantOutcome =
  | { readonly outcome: "created"; readonly tenant: Tenant }
  | { readonly outcome: "slug-taken"; readonly tenant: Tenant }
  | { readonly outcome: "bad-slug" }
  /** these host names lead to another town; nothing was created */
  | { readonly outcome: "hosts-taken"; readonly hosts: readonly string[] };

/** Thrown inside the transaction so that nothing stays; `createTenant` gives it back as an outcome. */
class HostsTaken extends Error {
  readonly hosts: readonly string[];
  constructor(hosts: readonly string[]) {
    super(`host names in use: ${hosts.join(", ")}`);
    this.hosts = hosts;
  }
}

/**
 * Enters a town in the directory, reachable at `<slug>.localhost` and at the hosts named.
 * `platform` opens the transaction, so that a refusal leaves nothing behind.
 */
export async function createTenant(
  platform: <Result>(work: (tx: PlatformTx) => Promise<Result>) => Promise<Result>,
  town: {
    id: string;
    slug: string;
    name: string;
    demo: boolean;
    hosts: readonly string[];
    now: Moment;
  },
): Promise<CreateTenantOutcome> {
  if (!/^[a-z0-9-]{2,40}$/.test(town.slug)) return { outcome: "bad-slug" };
  try {
    return await platform(async (tx): Promise<CreateTenantOutcome> => {
      const isNew = await insertTenant(tx, { ...town, createdAt: town.now });
      if (isNew) {
        const taken = await addHosts(tx, town.id, [`${town.slug}.localhost`, ...town.hosts]);
        if (taken.length > 0) throw new HostsTaken(taken);
      }
      const tenant = await tenantBySlug(tx, town.slug);
      if (!tenant) throw new Error(`tenant id ${town.id} is already in use under another slug`);
      return { outcome: isNew ? "created" : "slug-taken", tenant };
    });
  } catch (error) {
    if (error instanceof HostsTaken) return { outcome: "hosts-taken", hosts: error.hosts };
    throw error;
  }
}
