// SPDX-License-Identifier: EUPL-1.2
import { networkInterfaces } from "node:os";
import formbody from "@fastify/formbody";
import Fastify, { type FastifyInstance } from "fastify";
import { html } from "#kernel/html.ts";
import { checkoutRoutes } from "./checkout/routes.ts";
import { commandRoutes } from "./commands/routes.ts";
import { counterRoutes } from "./counter/routes.ts";
import type { SimulatedPerson } from "./identity-provider/oidc/provider.ts";
import { freePort, type OidcParts, oidcRoutes } from "./identity-provider/oidc/server.ts";
import { identityRoutes, type PretendedIdentity } from "./identity-provider/saml/routes.ts";
import type { IdentityOptions } from "./identity-provider/saml/types.ts";
import { frame, sendPage, styleRoute } from "./pages/frame.ts";
import { acaRoutes } from "./positions/aca.ts";
import { gpdRoutes } from "./positions/gpd-routes.ts";
import { gpdUploadRoutes } from "./positions/gpd-uploads.ts";
import { problem } from "./problem.ts";
import { settlementRoutes } from "./settlement/routes.ts";
import { type SimulatorOptions, World } from "./world.ts";

export interface Simulator {
  /** base address of pagoPA's services, from this machine */
  readonly url: string;
  readonly world: World;
  /** providers of SPID, CIE and eIDAS, when asked for */
  readonly identity: PretendedIdentity | null;
  /** CIE's federation by OpenID Connect, when asked for */
  readonly oidc: OidcParts | null;
  close(): Promise<void>;
}

function isThisMachine(hostname: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const bare = hostname.replace(/^\[|\]$/g, "");
  return bare === "localhost" || own.some(({ address }) => address === bare);
}

/** A simulated receipt must never reach a station where money is real. */
export class NotThisMachineError extends Error {
  override readonly name = "NotThisMachineError";
}

/**
 * Plays pagoPA on a port of this machine.
 * @param at `port` 0: a free one; `publicUrl`: where browsers reach it, when not by its port on this machine
 * @throws NotThisMachineError when the station is not on this machine
 */
export async function startSimulator(
  options: SimulatorOptions,
  at: { readonly port: number; readonly host: string; readonly publicUrl?: string | undefined },
  identityOptions?: IdentityOptions,
): Promise<Simulator> {
  const { hostname } = new URL(options.stationUrl);
  if (!isThisMachine(hostname))
    throw new NotThisMachineError(`the simulator calls stations of this machine only: ${hostname}`);
  const world = new World(options);
  const port = at.port === 0 ? await freePort() : at.port;
  const url = `http://localhost:${port}`;
  const publicUrl = (): string => at.publicUrl ?? url;
  const http = await buildSimulator(world, publicUrl);
  const identity = identityOptions ? identityRoutes(http, publicUrl, identityOptions) : null;
  const oidc = identityOptions?.oidc
    ? await oidcRoutes(http, publicUrl(), {
        ...identityOptions.oidc,
        ...oidcPeople(identityOptions),
      })
    : null;
  await http.listen({ port, host: at.host });
  return {
    url,
    world,
    identity,
    oidc,
    async close() {
      world.close();
      await http.close();
    },
  };
}

/** The same people, as OpenID Connect names what is known of them. */
const oidcPeople = ({ people, now }: IdentityOptions) => ({
  now,
  people: async (clientId: string): Promise<SimulatedPerson[]> => {
    const service = { federation: "cie", entityId: clientId, name: "", metadataUrl: "" } as const;
    return (await people(service)).flatMap(({ attributes, ...person }) => {
      const { fiscalNumber = "", dateOfBirth, email } = attributes;
      const [, code] = /^TINIT-([A-Z0-9]{16})$/.exec(fiscalNumber) ?? [];
      if (!code || !dateOfBirth) return [];
      return [{ ...person, fiscalNumber: code, dateOfBirth, ...(email ? { email } : {}) }];
    });
  },
});

async function buildSimulator(world: World, publicUrl: () => string): Promise<FastifyInstance> {
  const http = Fastify({ logger: false, bodyLimit: 256 * 1024, forceCloseConnections: true });
  await http.register(formbody);
  styleRoute(http);
  checkoutRoutes(http, world, publicUrl);
  counterRoutes(http, world);
  commandRoutes(http, world);
  await http.register(async (services) => restServices(services, world));
  http.get("/", async (_request, reply) => sendPage(reply, homePage));
  return http;
}

/** What creditor institutions call with their keys; none is looked at here. */
function restServices(http: FastifyInstance, world: World): void {
  http.addHook("onRequest", async (_request, reply) => {
    const { services } = world.commands;
    if (services === "down") return problem(reply, 503, "Service Unavailable", "on command");
    if (services === "throttled") return problem(reply, 429, "Too Many Requests", "on command");
    return undefined;
  });
  settlementRoutes(http, world);
  acaRoutes(http, world.aca);
  const { positions, acaPositions } = world;
  const gpd = "/gpd/debt-positions-service";
  gpdRoutes(http, world, { base: `${gpd}/v1`, version: "v1", store: positions });
  gpdRoutes(http, world, { base: `${gpd}/v3`, version: "v3", store: positions });
  gpdUploadRoutes(http, world, positions);
  const aca = "/aca/debt-positions-service/v1";
  gpdRoutes(http, world, { base: aca, version: "v1", store: acaPositions });
}

const homePage = frame(
  "Un pagoPA per provare",
  html`<p>
      Fa la parte di pagoPA e di chi incassa: pagina con la carta, tabaccaio, ricevute. Chi paga con
      la carta arriva qui dal sito dell'ente.
    </p>
    <a class="button first" href="/tabaccaio">Paga al tabaccaio</a>
    <a class="button" href="/_comandi">Comandi</a>`,
);
