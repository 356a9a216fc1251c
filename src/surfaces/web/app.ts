// SPDX-License-Identifier: EUPL-1.2
import type { Federation } from "#identity";
import type { Clock } from "#kernel/clock.ts";
import type { Database } from "#kernel/db/index.ts";
import type { Outside } from "../../integrations/oidc-federation/index.ts";
import type { IdentityProvider } from "../../integrations/saml/index.ts";

/** What the composition root hands to the surfaces. */
export interface App {
  readonly db: Database;
  readonly clock: Clock;
  /** personas instead of passwords; never in a real installation */
  readonly demo: boolean;
  /** secret of this installation; keys for receipts and forms are derived from it */
  readonly receiptKey: string;
  readonly formKey: string;
  readonly sealKey: string;
  /** port on which a town answers besides its host names (demo) */
  readonly townPorts: ReadonlyMap<number, string>;
  readonly port: number;
  /** honour X-Forwarded-* and X-Request-Start: only behind a proxy that sets them */
  readonly trustProxy: boolean;
  /** cookies only over https */
  readonly secureCookies: boolean;
  readonly pagoPa: PagoPa;
  /** whom people may sign in with */
  readonly identityProviders: IdentityProviders;
  /** how the federation of CIE is asked; http to this machine in demo mode only */
  readonly outside?: Outside;
  /** is the password in the operator's list of stolen ones? absent: there is no list */
  readonly isStolenPassword?: (password: string) => Promise<boolean>;
  /** where e-mails go: a mail server, or files of the demo; absent: nothing is sent */
  readonly mail?: "smtp" | "folder";
  /** a receipt was stored: whoever applies them may begin */
  receiptsArrived(): void;
}

/** The providers of each federation, as its list names them. */
export interface IdentityProviders {
  all(federation: Federation): Promise<readonly IdentityProvider[]>;
  byEntityId(federation: Federation, entityId: string): Promise<IdentityProvider | undefined>;
}

/** Nobody to sign in with. */
export const NO_PROVIDERS: IdentityProviders = {
  all: () => Promise.resolve([]),
  byEntityId: () => Promise.resolve(undefined),
};

/** How this installation and pagoPA reach each other. */
export interface PagoPa {
  /** base address of pagoPA's services; `null`: nothing is sent out (the simulator's in demo mode) */
  readonly apiUrl: string | null;
  /** where Checkout may send a browser: a form may lead there */
  readonly checkoutOrigin: string | null;
  /**
   * Who may call the station: the name in the client's certificate, as a trusted proxy passes it on. `null`: anybody
   * who reaches the address (demo mode), unless there is a door or the station is closed.
   */
  readonly caller: { readonly header: string; readonly names: readonly string[] } | null;
  /** the station has a TLS port of its own that checks certificates: without `caller`, nobody else may call */
  readonly hasOwnDoor?: boolean;
  /** money is real and nobody has said how callers are known: a receipt could be anybody's, so none is taken */
  readonly isClosed?: boolean;
}

/** Where pagoPA finds the station: one address for every town and operation. */
export const STATION_PATH = "/pagopa/stazione";

/** Nothing is sent out; anybody may call in. */
export const NO_PAGOPA: PagoPa = { apiUrl: null, checkoutOrigin: null, caller: null };
