// SPDX-License-Identifier: EUPL-1.2
import { type Federation, FEDERATIONS } from "#identity";
import type { Moment } from "#kernel/dates.ts";
import { type IdentityProvider, readVerifiedRegistry } from "../integrations/saml/index.ts";

export interface ExtraDocument {
  readonly federation: Federation;
  readonly xml: string;
  /** a suite's: whoever reads the list of providers sees that it is none of theirs */
  readonly isForTests?: boolean;
}

const marked = (provider: IdentityProvider): IdentityProvider => ({
  ...provider,
  displayName: `Prova: ${provider.displayName ?? provider.organizationName ?? provider.entityId}`,
});

/** Providers that no registry lists: the demo's own, and those of a file the operator names to try things out. */
export class ExtraProviders {
  readonly #known = new Map<Federation, readonly IdentityProvider[]>();

  /** @param documents metadata: unsigned, from this machine @throws Error when one cannot be read */
  constructor(documents: readonly ExtraDocument[], now: Moment) {
    for (const federation of FEDERATIONS) {
      const own = documents.filter((one) => one.federation === federation);
      this.#known.set(
        federation,
        own.flatMap(({ xml, isForTests }) => {
          const read = readVerifiedRegistry(xml, now);
          if (read.outcome === "refused")
            throw new Error(`providers of ${federation}: ${read.reason}`);
          return isForTests ? read.providers.map(marked) : read.providers;
        }),
      );
    }
  }

  of = (federation: Federation): readonly IdentityProvider[] => this.#known.get(federation) ?? [];
}
