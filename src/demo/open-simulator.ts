// SPDX-License-Identifier: EUPL-1.2
import type { Clock } from "#kernel/clock.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { stations } from "#payments";
import type { Simulator } from "../../simulator/server.ts";
import type { Environment } from "../environment.ts";
import { STATION_PATH } from "../surfaces/web/app.ts";
import { joinCieOidc } from "./join-cie-oidc.ts";
import { joinStaffProvider, staffProviderOptions } from "./join-staff-provider.ts";
import { demoPeople, joinedServices, joinFederations } from "./join-federations.ts";

export type { Simulator };

/** The simulator of pagoPA listens so far above the main port. */
const SIMULATOR_PORT_OFFSET = 20;
/** pagoPA sends a receipt again after an hour; its simulator does not let anybody wait that long. */
const SIMULATED_HOUR_MS = 60_000;

/** `null`: another pagoPA is named, or nobody would find it (port 0). */
export function simulatorPortOf({ port, pagoPa }: Environment): number | null {
  const wanted = port + SIMULATOR_PORT_OFFSET;
  return port === 0 || pagoPa.apiUrl !== null || wanted > 65_535 ? null : wanted;
}

/**
 * A pagoPA, a SPID and a CIE to try it with, in this process. Loaded here and nowhere else: real installations never read
 * its code.
 */
export async function openSimulator(
  db: Database,
  clock: Clock,
  { host, port, pagoPa }: Environment,
  at: { port: number; townPorts: ReadonlyMap<number, string>; sealKey: string },
): Promise<Simulator> {
  const { sealKey, townPorts } = at;
  const addressesOf = (slug: string): string[] => addressesHere({ townPorts, port }, slug);
  await joinFederations(db, { addressesOf, sealKey, now: clock.now() });
  const staff = await staffProviderOptions({ addressesOf, sealKey });
  const { startSimulator } = await import("../../simulator/server.ts");
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const station = isEverywhere ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const { caller } = pagoPa;
  const now = (): Moment => clock.now();
  const simulator = await startSimulator(
    {
      stationUrl: `http://${station}:${port}${STATION_PATH}`,
      stationHeaders: caller ? { [caller.header]: caller.names[0] ?? "" } : {},
      stations: async () =>
        (await db.platform((tx) => stations(tx))).filter(({ retiredAt }) => retiredAt === null),
      now: () => clock.now(),
      retryEveryMs: SIMULATED_HOUR_MS,
    },
    {
      port: at.port,
      // Our own calls go to it as `localhost`: no other plain address is ever sent a key.
      host: isEverywhere ? host : "127.0.0.1",
      publicUrl: pagoPa.checkoutOrigin ?? undefined,
    },
    {
      services: () => joinedServices(db),
      people: ({ entityId }) => demoPeople(db, { entityId, now: now() }),
      now,
      oidc: { seed: `cie ${sealKey}`, ...(staff ? { staff } : {}) },
    },
  );
  if (simulator.oidc) {
    const joining = { addressesOf, sealKey, now: now() };
    await joinCieOidc(db, simulator.oidc, joining);
    await joinStaffProvider(db, simulator.oidc.url, joining);
  }
  return simulator;
}

/** Where a provider can send browsers back to: the address that every browser knows, then the one with the town's name. */
function addressesHere(
  { townPorts, port }: { townPorts: ReadonlyMap<number, string>; port: number },
  slug: string,
): string[] {
  const [own] = [...townPorts].find(([, town]) => town === slug) ?? [];
  return own === undefined ? [] : [`http://localhost:${own}`, `http://${slug}.localhost:${port}`];
}
