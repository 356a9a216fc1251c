// SPDX-License-Identifier: EUPL-1.2
import type { AddressInfo } from "node:net";
import formbody from "@fastify/formbody";
import Fastify, { type FastifyInstance } from "fastify";
import { sendPage, styleRoute } from "../../pages/frame.ts";
import { choose, type Query } from "./choose.ts";
import { type Federation, federationRoutes, newFederation } from "./federation.ts";
import { choosePage, refusedPage } from "./pages.ts";
import { newProvider, type People, RequestRefused, type SimulatedProvider } from "./provider.ts";
import { newStaffProvider, type StaffOptions, type StaffProvider, staffRoutes } from "./staff.ts";
import type { Jwks, Moment } from "./tokens.ts";
import { answerTwisted } from "./twist.ts";

export interface OidcParts {
  /** as `http://127.0.0.1:4321` */
  readonly url: string;
  readonly federation: Federation;
  readonly provider: SimulatedProvider;
  /** when asked for */
  readonly staff: StaffProvider | null;
  /** what an administrator pins */
  readonly anchor: { readonly entityId: string; readonly jwks: Jwks };
}

export interface OidcSimulator extends OidcParts {
  close(): Promise<void>;
}

export interface OidcSimulatorOptions {
  readonly now: () => Moment;
  readonly people: People;
  /** the anchor keeps its key from one start to the next; absent: it has one of its own each time */
  readonly seed?: string;
  /** how the provider asks relying parties for their configuration; default: over the net of this machine */
  readonly fetch?: (url: URL) => Promise<Response>;
  readonly staff?: Omit<StaffOptions, "base" | "now" | "people">;
}

/**
 * Plays a federation (trust anchor, intermediate, provider) and, when asked, a municipality's own provider for staff.
 * @param at `port` 0: a free one; on this machine only
 */
export async function startOidcSimulator(
  options: OidcSimulatorOptions,
  at: { readonly port: number; readonly publicUrl?: string } = { port: 0 },
): Promise<OidcSimulator> {
  const http = Fastify({ logger: false, bodyLimit: 256 * 1024, forceCloseConnections: true });
  await http.register(formbody);
  styleRoute(http);
  const port = at.port === 0 ? await freePort() : at.port;
  const url = at.publicUrl ?? `http://127.0.0.1:${port}`;
  const parts = await oidcRoutes(http, url, options);
  await http.listen({ port, host: "127.0.0.1" });
  return { ...parts, close: async () => http.close() };
}

/** `/ta`, `/sa`, `/op` and `/staff` on a server that takes forms. `base`: its address, which the tokens name. */
export async function oidcRoutes(
  http: FastifyInstance,
  base: string,
  options: OidcSimulatorOptions,
): Promise<OidcParts> {
  const { federation, provider, staff } = await makeParts(base, options);
  await http.register(async (scope) => {
    scope.addHook("onRequest", async (request, reply) => {
      const [path = ""] = request.url.split("?");
      const twist = path.startsWith("/staff") ? staff?.twist : federation.twist;
      if (twist && answerTwisted(twist, path, reply)) return reply;
      return undefined;
    });
    federationRoutes(scope, federation);
    providerRoutes(scope, provider);
    if (staff) staffRoutes(scope, staff);
  });
  const { anchor } = federation;
  const pinned = { entityId: anchor.id, jwks: anchor.signer.jwks };
  return { url: base, federation, provider, staff, anchor: pinned };
}

async function makeParts(
  base: string,
  options: OidcSimulatorOptions,
): Promise<Omit<OidcParts, "anchor" | "url">> {
  const { now, people } = options;
  const ask = options.fetch ?? (async (url: URL) => fetch(url, { redirect: "error" }));
  const federation = await newFederation(base, now, options.seed);
  const provider = await newProvider({ base, now, federation, fetch: ask, people });
  const staff = options.staff
    ? await newStaffProvider({ base, now, people, ...options.staff })
    : null;
  return { federation, provider, staff };
}

export async function freePort(): Promise<number> {
  const probe = Fastify({ logger: false });
  await probe.listen({ port: 0, host: "127.0.0.1" });
  const { port } = probe.server.address() as AddressInfo;
  await probe.close();
  return port;
}

function providerRoutes(http: FastifyInstance, provider: SimulatedProvider): void {
  http.get("/op/.well-known/openid-federation", async (_request, reply) =>
    reply.type("application/entity-statement+jwt").send(await provider.configuration()),
  );
  http.get<{ Querystring: Query }>("/op/authorization", async (request, reply) => {
    if (request.query["ticket"] !== undefined) return choose(provider, request.query, reply);
    try {
      const { ticket, people } = await provider.authorize(request.query);
      return await sendPage(reply, choosePage(people, ticket));
    } catch (error) {
      if (error instanceof RequestRefused && error.back) {
        const { redirectUri, state } = error.back;
        const parameters = new URLSearchParams({ error: error.error, state, iss: provider.id });
        return reply.redirect(`${redirectUri}?${parameters}`, 303);
      }
      return sendPage(reply, refusedPage(String(error)), 400);
    }
  });
  http.post<{ Body: Record<string, string> }>("/op/token", async (request, reply) => {
    const { status, body } = await provider.token(request.body ?? {});
    return reply.status(status).header("cache-control", "no-store").send(body);
  });
  http.get("/op/userinfo", async (request, reply) => {
    const token = await provider.userinfo(request.headers.authorization ?? "");
    if (token === null) return reply.status(401).send({ error: "invalid_token" });
    return reply.type("application/jose").send(token);
  });
  http.post<{ Body: Record<string, string> }>("/op/revoke", async (request, reply) =>
    reply.status(await provider.revoke(request.body ?? {})).send(),
  );
}
