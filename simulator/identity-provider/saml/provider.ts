// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import { makeSigningKey, type SigningKey } from "../keys.ts";
import type { GoodRequest } from "./check-request.ts";
import { addressesOf, NAMES, providerMetadata, readServiceMetadata } from "./metadata.ts";
import type {
  Federation,
  IdentityOptions,
  KnownService,
  PretendedPerson,
  ServiceMetadata,
} from "./types.ts";

/** What is remembered of each kind: the oldest goes first. */
const MOST = 500;

/** Somebody who was sent here and is about to choose. */
export interface Ticket {
  readonly service: KnownService;
  readonly request: GoodRequest;
  readonly relayState: string;
  readonly people: readonly PretendedPerson[];
}

export interface OpenSession {
  readonly service: KnownService;
  readonly who: string;
  readonly nameId: string;
  readonly sessionIndex: string | null;
}

/** One pretended provider for each federation: keys of its own, made when it starts; all in memory. */
export class PretendedProvider {
  readonly federation: Federation;
  readonly options: IdentityOptions;
  readonly key: SigningKey;
  readonly foreignKey: SigningKey;
  readonly #base: () => string;
  readonly #tickets = new Map<string, Ticket>();
  readonly #sessions = new Map<string, OpenSession>();
  readonly #seen = new Set<string>();

  /** `base`: where browsers reach this process */
  constructor(federation: Federation, base: () => string, options: IdentityOptions) {
    this.federation = federation;
    this.options = options;
    this.#base = base;
    const from = options.now().subtract({ hours: 24 });
    this.key = makeSigningKey(NAMES[federation], from);
    this.foreignKey = makeSigningKey("Qualcun altro", from);
  }

  get addresses() {
    return addressesOf(this.#base(), this.federation);
  }

  metadata(): string {
    return providerMetadata(this.#base(), this.federation, this.key);
  }

  /** `null`: nobody registered that entityID, or its metadata cannot be read. */
  async serviceOf(
    entityId: string,
  ): Promise<{ service: KnownService; metadata: ServiceMetadata } | null> {
    const services = await this.options.services();
    const service = services.find(
      (one) => one.federation === this.federation && one.entityId === entityId,
    );
    if (!service) return null;
    const text = await fetch(service.metadataUrl, { redirect: "error" }).then(
      (answer) => (answer.ok ? answer.text() : null),
      () => null,
    );
    const metadata = text === null ? null : readServiceMetadata(text);
    return metadata && { service, metadata };
  }

  isKnownId = (id: string): boolean => this.#seen.has(id);

  keepTicket(ticket: Ticket): string {
    this.#seen.add(ticket.request.id);
    return keep(this.#tickets, ticket);
  }

  ticket(id: string): Ticket | undefined {
    return this.#tickets.get(id);
  }

  openSession(session: OpenSession): void {
    keep(this.#sessions, session);
  }

  sessions(): { id: string; session: OpenSession }[] {
    return [...this.#sessions].map(([id, session]) => ({ id, session }));
  }

  takeSession(id: string): OpenSession | undefined {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    return session;
  }
}

function keep<Thing>(all: Map<string, Thing>, one: Thing): string {
  const id = randomBytes(16).toString("base64url");
  all.set(id, one);
  for (const oldest of all.keys()) {
    if (all.size <= MOST) break;
    all.delete(oldest);
  }
  return id;
}
