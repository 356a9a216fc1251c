// SPDX-License-Identifier: EUPL-1.2
/** The whole site on a small town, with a clock that tests set, and people who are signed in. */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { putPersonAccounts } from "#families";
import { hashToken, putAccounts, putRoleGrants, setDesk, openSession } from "#identity";
import type { Role } from "#kernel/actor.ts";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { type Database, jsonRows, sql } from "#kernel/db/index.ts";
import { html } from "#kernel/html.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration, type Tenant } from "#tenancy";
import {
  type App,
  type IdentityProviders,
  NO_PAGOPA,
  NO_PROVIDERS,
  type PagoPa,
} from "../../src/surfaces/web/app.ts";
import type { Route } from "../../src/surfaces/web/route.ts";
import { buildServer, type RunningServer, type Site } from "../../src/surfaces/web/server.ts";
import { csrfToken } from "../../src/surfaces/web/visit.ts";
import { sessionCookieName } from "../../src/surfaces/web/form-fields.ts";
import { RECEIPT_KEY, type SmallTown, smallTown } from "./small-town.ts";

const AT = moment("2026-08-20T08:00:00Z");

export const TOWN_SETTINGS = {
  town: {
    name: "Comune di Borgo di prova",
    shortName: "Borgo di prova",
    province: "LO",
    fiscalCode: "00000000000",
    cadastralCode: "F205",
    address: "Piazza del Municipio 1",
    website: "",
  },
  office: {
    name: "Ufficio scuola",
    address: "Piazza del Municipio 1",
    phones: ["0371 000000"],
    emails: ["pubblicaistruzione@comune.borgodiprovasultrebbia.example"],
    hours: [
      { weekday: 2, from: "09:00", to: "12:00" },
      { weekday: 4, from: "15:00", to: "18:00" },
    ],
  },
  login: {
    portal: ["spid", "cie"],
    enrolment: ["spid"],
    topUp: ["spid"],
    credentialsPer: "holder",
  },
};

type Response = Awaited<ReturnType<RunningServer["http"]["inject"]>>;

/** Amounts have a no-break space, which nobody sees: tests are written with the plain one. */
const NO_BREAK_SPACE = "\u00a0";

async function withPlainSpaces(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  const body = response.body.replaceAll(NO_BREAK_SPACE, " ");
  return Object.defineProperty(response, "body", { value: body });
}

/** Who is signed in: what tests send along. */
export interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
  readonly token: string;
  readonly accountId: string;
}

export interface TestSite {
  readonly app: App;
  readonly place: SmallTown;
  readonly tenant: Tenant;
  readonly host: string;
  readonly server: RunningServer;
  /** the clock of the whole site stands here until it is set again */
  setClock(at: Moment): void;
  /** guardian: Sara Ferrando unless another person is named; staff: every site unless some are named */
  signInAs(
    role: Role,
    options?: {
      name?: string;
      personId?: string;
      siteIds?: readonly string[];
      classIds?: readonly string[];
      /** drivers */
      lineIds?: readonly string[];
      alsoRoles?: readonly Role[];
      desk?: { holderId: string; reason: string };
    },
  ): Promise<SignedIn>;
  get(path: string, as?: SignedIn | null, headers?: Record<string, string>): Promise<Response>;
  /** a form: csrf and an idempotency key are added unless given */
  post(
    path: string,
    fields: Record<string, string | readonly string[]>,
    as?: SignedIn | null,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** a free port of this machine, for a browser: the town's address */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly routes: readonly Route[];
  readonly home?: Site["home"];
  /** default: on */
  readonly demo?: boolean;
  readonly now?: Moment;
  readonly town?: Parameters<typeof smallTown>[1];
  /** how pagoPA is reached; default: not at all */
  readonly pagoPa?: PagoPa;
  /** whom people sign in with; default: nobody */
  readonly identityProviders?: IdentityProviders;
  /** how CIE's federation is asked */
  readonly outside?: App["outside"];
  /** as behind https; default: no */
  readonly secureCookies?: boolean;
  readonly endpoints?: Site["endpoints"];
  /** other town-wide settings, by key */
  readonly townSettings?: Record<string, unknown>;
}

/** Builds site, town and server on a test database. `close` ends the server, not the database. */
export async function testSite(db: Database, options: SiteOptions): Promise<TestSite> {
  const place = await smallTown(db, options.town);
  await putTownSettings(place, { ...TOWN_SETTINGS, ...options.townSettings });
  let now = options.now ?? moment("2026-11-24T07:40:00Z");
  const slug = `prova-${place.tenantId.replaceAll("-", "")}`;
  const tenant: Tenant = {
    id: place.tenantId,
    slug,
    name: "Borgo di prova",
    demo: true,
    hosts: [],
    createdAt: AT,
  };
  const app: App = {
    db,
    clock: { now: () => now },
    demo: options.demo ?? true,
    receiptKey: RECEIPT_KEY,
    formKey: randomBytes(16).toString("hex"),
    sealKey: "seal",
    townPorts: new Map(),
    port: 0,
    trustProxy: false,
    secureCookies: options.secureCookies ?? false,
    pagoPa: options.pagoPa ?? NO_PAGOPA,
    identityProviders: options.identityProviders ?? NO_PROVIDERS,
    ...(options.outside ? { outside: options.outside } : {}),
    receiptsArrived: () => undefined,
  };
  const server = await buildServer(app, {
    routes: options.routes,
    home: options.home ?? (() => html`<!DOCTYPE html> <title>Enti</title>`),
    endpoints: options.endpoints ?? [],
  });
  const host = `${slug}.localhost`;
  const headersOf = (as: SignedIn | null | undefined, extra: Record<string, string>) => ({
    host,
    ...(as ? { cookie: as.cookie } : {}),
    ...extra,
  });
  return {
    app,
    place,
    tenant,
    host,
    server,
    setClock(at) {
      now = at;
    },
    async signInAs(role, who = {}) {
      const { token, accountId } = await startSession(place, role, who, { now, demo: app.demo });
      return {
        token,
        accountId,
        cookie: `${sessionCookieName(app, tenant)}=${token}`,
        csrf: csrfToken(app, tenant, { token, desk: who.desk?.holderId }),
      };
    },
    get: (path, as, headers = {}) =>
      withPlainSpaces(
        server.http.inject({ method: "GET", url: path, headers: headersOf(as, headers) }),
      ),
    post(path, fields, as, headers = {}) {
      const form = new URLSearchParams();
      const all = {
        csrf: as?.csrf ?? csrfToken(app, tenant, { token: "" }),
        key: newId(),
        ...fields,
      };
      for (const [name, value] of Object.entries(all))
        for (const item of typeof value === "string" ? [value] : value) form.append(name, item);
      return withPlainSpaces(
        server.http.inject({
          method: "POST",
          url: path,
          headers: headersOf(as, {
            "content-type": "application/x-www-form-urlencoded",
            ...headers,
          }),
          payload: form.toString(),
        }),
      );
    },
    async listen() {
      await server.http.listen({ port: 0, host: "127.0.0.1" });
      const { port } = server.http.server.address() as AddressInfo;
      return `http://${host}:${port}`;
    },
    close: () => server.close(),
  };
}

/** The same person with the token that an answer gave: opening and closing the desk renews it. */
export function renewed({ app, tenant }: TestSite, as: SignedIn, answer: Response): SignedIn {
  const name = sessionCookieName(app, tenant);
  const set = [answer.headers["set-cookie"]].flat().map(String);
  const token = set.flatMap((one) => (one.startsWith(`${name}=`) ? one.split(/[=;]/)[1]! : []))[0];
  if (!token) throw new Error(`no new token: ${answer.statusCode} ${set.join(", ")}`);
  return { ...as, token, cookie: `${name}=${token}`, csrf: csrfToken(app, tenant, { token }) };
}

/** Name, office and sign-in of a town, as every page and sheet needs them. */
export async function putTownSettings(
  place: SmallTown,
  settings: Record<string, unknown> = TOWN_SETTINGS,
): Promise<void> {
  const rows = Object.entries(settings).map(([key, value]) => ({ key, value }));
  await place.town.write(async (tx) => {
    await tx.run(sql`
      insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
      select ${tx.tenantId}, '', r.key, date '2026-08-01', r.value, 'profile', ${AT}::timestamptz, 'test'
      from ${jsonRows(rows)} as r(key text, value jsonb)`);
    await bumpConfiguration(tx);
  });
}

async function startSession(
  place: SmallTown,
  role: Role,
  who: NonNullable<Parameters<TestSite["signInAs"]>[1]>,
  { now, demo }: { now: Moment; demo: boolean },
): Promise<{ token: string; accountId: string }> {
  const id = newId();
  const displayName = who.name ?? (role === "guardian" ? "Sara Ferrando" : `Prova ${role}`);
  return place.town.write(async (tx) => {
    const account = { id, username: `prova-${id}`, displayName, demo: true, passwordHash: null };
    await putAccounts(tx, [account], now);
    const scopes = [
      ...(who.siteIds ?? []).map((siteId) => ({ siteId, classId: null })),
      ...(who.classIds ?? []).map((classId) => ({ siteId: null, classId })),
      ...(who.lineIds ?? []).map((lineId) => ({ siteId: null, classId: null, lineId })),
    ];
    const everywhere = { siteId: null, classId: null };
    const grants = [
      ...(scopes.length > 0 ? scopes : [everywhere]).map((scope) => ({ role, ...scope })),
      ...(who.alsoRoles ?? []).map((other) => ({ role: other, ...everywhere })),
    ];
    await putRoleGrants(
      tx,
      grants.map((grant) => ({
        id: newId(),
        accountId: id,
        ...grant,
        from: day("2026-08-01"),
        to: null,
      })),
    );
    const personId = who.personId ?? place.sara.personId;
    if (role === "guardian" && personId) await putPersonAccounts(tx, [{ accountId: id, personId }]);
    // A persona's session is of use in demo mode only; a real town's people came in with two factors.
    const means = demo ? "persona" : "spid";
    const token = await openSession(tx, { accountId: id, means, level: 2, now });
    if (who.desk) await setDesk(tx, { tokenHash: hashToken(token), ...who.desk, at: now });
    return { token, accountId: id };
  });
}
