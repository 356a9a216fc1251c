// SPDX-License-Identifier: EUPL-1.2
import type { Clock } from "#kernel/clock.ts";
import type { Database } from "#kernel/db/index.ts";

/** What the composition root hands to the surfaces. */
export interface App {
  readonly db: Database;
  readonly clock: Clock;
  /** personas instead of passwords; never in a real installation */
  readonly demo: boolean;
  /** secret of this installation; keys for receipts and forms are derived from it */
  readonly receiptKey: string;
  readonly formKey: string;
  /** port on which a town answers besides its host names (demo) */
  readonly townPorts: ReadonlyMap<number, string>;
  readonly port: number;
  /** honour X-Forwarded-* and X-Request-Start: only behind a proxy that sets them */
  readonly trustProxy: boolean;
  /** cookies only over https */
  readonly secureCookies: boolean;
}
