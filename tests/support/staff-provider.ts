// SPDX-License-Identifier: EUPL-1.2
/** A town whose staff sign in with the municipality's own provider: the simulated one, which speaks the real protocol. */
import assert from "node:assert/strict";
import { enableProvider, saveProvider, type StaffOidcSettings } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import {
  type OidcSimulator,
  startOidcSimulator,
} from "../../simulator/identity-provider/oidc/server.ts";
import type { StaffProvider } from "../../simulator/identity-provider/oidc/staff.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { ANNA, BRUNO, chooseAt, NOON } from "./cie-oidc.ts";
import { cookiesOf } from "./second-factor.ts";
import { testSite, type TestSite } from "./site.ts";

export const BASE = "https://scuola.comune.example";
export const CLIENT = { clientId: "campanella", clientSecret: "s3gr&to:è" };
export const RETURN = "/accedi/comune/ritorno";

export interface StaffTown {
  readonly site: TestSite;
  readonly simulator: OidcSimulator;
  readonly provider: StaffProvider;
  /** the settings of the newest version, and it is on */
  join(changes?: Partial<StaffOidcSettings>): Promise<void>;
  /** as a browser: out, the choice at the provider; where it leads back, and the cookie that goes with it */
  goThere(of?: { person?: number; error?: string; poi?: string }): Promise<{
    cookie: string;
    path: string;
  }>;
  /** the whole way; the answer of the last step */
  comeBack(of?: { person?: number; error?: string; poi?: string }): ReturnType<TestSite["get"]>;
  close(): Promise<void>;
}

/** `clock`: what both sides go by. */
export async function staffTown(
  db: Database,
  { clock = { now: NOON }, base = BASE }: { clock?: { now: Moment }; base?: string } = {},
): Promise<StaffTown> {
  const simulator = await startOidcSimulator({
    now: () => clock.now,
    people: [ANNA, BRUNO],
    staff: { ...CLIENT, redirectUris: [base + RETURN] },
  });
  const provider = simulator.staff!;
  const site = await testSite(db, {
    ...{ routes: wholeSite.routes, demo: false, now: clock.now },
    outside: { fetch: (url, init) => fetch(url, init), allowLoopbackHttp: true },
  });
  const town: StaffTown = {
    ...{ site, simulator, provider },
    join: (changes = {}) => joinStaff(site, provider.issuer, { baseUrl: base, ...changes }),
    async goThere({ person = 0, error, poi } = {}) {
      const query = poi ? `?${new URLSearchParams({ poi }).toString()}` : "";
      const away = await site.get(`/accedi/comune${query}`);
      assert.ok([302, 303].includes(away.statusCode), away.body);
      const [name, value] = [...cookiesOf(away)].find(([one]) => one.endsWith("_andata"))!;
      const back = await chooseAt(
        String(away.headers.location),
        error === undefined ? { person } : { error },
      );
      assert.equal(back.origin + back.pathname, base + RETURN);
      return { cookie: `${name}=${value}`, path: back.pathname + back.search };
    },
    async comeBack(of) {
      const { cookie, path } = await town.goThere(of);
      return site.get(path, null, { cookie });
    },
    async close() {
      await site.close();
      await simulator.close();
    },
  };
  return town;
}

/** As the administrator saves and enables it. */
export async function joinStaff(
  site: TestSite,
  issuer: string,
  changes: Partial<StaffOidcSettings>,
): Promise<void> {
  const by = { actor: systemActor, protocol: "staff-oidc", now: site.app.clock.now() } as const;
  await site.place.town.write(async (tx) => {
    const saved = await saveProvider(tx, {
      ...{ ...by, sealKey: site.app.sealKey, secret: CLIENT.clientSecret },
      settings: {
        ...{ issuer, clientId: CLIENT.clientId, baseUrl: BASE, label: "l'account del Comune" },
        ...changes,
      },
    });
    assert.equal(saved.outcome, "saved", JSON.stringify(saved));
    await enableProvider(tx, { ...by, version: saved.outcome === "saved" ? saved.version : 0 });
  });
}
