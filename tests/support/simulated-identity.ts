// SPDX-License-Identifier: EUPL-1.2
/** A demo town at a port of its own, and the pretended SPID, CIE and eIDAS it is registered with: all over real HTTP. */
import { FEDERATIONS } from "#identity";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import { joinCieOidc } from "../../src/demo/join-cie-oidc.ts";
import { joinStaffProvider, staffProviderOptions } from "../../src/demo/join-staff-provider.ts";
import { demoPeople, joinedServices, joinFederations } from "../../src/demo/join-federations.ts";
import { ProviderDirectory } from "../../src/surfaces/public/federation/provider-directory.ts";
import { site } from "../../src/surfaces/site.ts";
import { type App, NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { buildServer } from "../../src/surfaces/web/server.ts";
import { ExtraProviders } from "../../src/worker/registry-extras.ts";
import { freePort } from "../commands/run.ts";

export interface SimulatedIdentity {
  readonly app: App;
  readonly simulator: Simulator;
  /** `http://localhost:4321`, by the town's slug */
  readonly addressOf: (slug: string) => string;
  /** for another one in its place */
  readonly ports: Ports;
  close(): Promise<void>;
}

interface Ports {
  readonly main: number;
  readonly simulator: number;
  readonly towns: ReadonlyMap<string, number>;
}

const SEAL_KEY = "k";

async function freePorts(slugs: readonly string[]): Promise<Ports> {
  const [main, simulator] = [await freePort(), await freePort()];
  const towns = new Map<string, number>();
  for (const slug of slugs) towns.set(slug, await freePort());
  return { main, simulator, towns };
}

/** @param slugs demo towns that were loaded before */
export async function simulatedIdentity(
  db: Database,
  options: { readonly now: () => Moment; readonly slugs: readonly string[]; readonly at?: Ports },
): Promise<SimulatedIdentity> {
  const { now } = options;
  const all = options.at ?? (await freePorts(options.slugs));
  const { main: port, towns: ports } = all;
  const addressOf = (slug: string): string => `http://localhost:${ports.get(slug)}`;
  const addressesOf = (slug: string): string[] =>
    ports.has(slug) ? [addressOf(slug), `http://${slug}.localhost:${port}`] : [];
  await joinFederations(db, { addressesOf, sealKey: SEAL_KEY, now: now() });
  const staff = await staffProviderOptions({ addressesOf, sealKey: SEAL_KEY });
  const simulator = await startSimulator(
    { stationUrl: `http://127.0.0.1:${port}/`, stations: async () => [], now },
    { port: all.simulator, host: "127.0.0.1" },
    {
      services: () => joinedServices(db),
      people: ({ entityId }) => demoPeople(db, { entityId, now: now() }),
      now,
      oidc: { seed: SEAL_KEY, ...(staff ? { staff } : {}) },
    },
  );
  const { identity, oidc } = simulator;
  if (oidc) {
    const joining = { addressesOf, sealKey: SEAL_KEY, now: now() };
    await joinCieOidc(db, oidc, joining);
    await joinStaffProvider(db, oidc.url, joining);
  }
  if (!identity) throw new Error("no identity was asked for");
  const extra = new ExtraProviders(
    FEDERATIONS.map((federation) => ({ federation, xml: identity.metadata(federation) })),
    now(),
  );
  const clock = { now };
  const app: App = {
    ...{ db, clock, demo: true, port, trustProxy: false, secureCookies: false },
    ...{ receiptKey: "k", formKey: "k", sealKey: SEAL_KEY },
    townPorts: new Map([...ports].map(([slug, one]) => [one, slug])),
    pagoPa: NO_PAGOPA,
    outside: { fetch: (url, init) => fetch(url, init), allowLoopbackHttp: true },
    identityProviders: new ProviderDirectory(db, clock, extra.of),
    receiptsArrived: () => undefined,
  };
  const server = await buildServer(app, site);
  await server.listen("127.0.0.1");
  return {
    app,
    simulator,
    addressOf,
    ports: all,
    async close() {
      await simulator.close();
      await server.close();
    },
  };
}
