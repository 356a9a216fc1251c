// SPDX-License-Identifier: EUPL-1.2
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import staticFiles from "@fastify/static";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Moment } from "#kernel/dates.ts";
import { type Html, renderToString } from "#kernel/html.ts";
import { newId } from "#kernel/ids.ts";
import { ASSETS_DIRECTORY } from "#ui/assets.ts";
import type { Tenant } from "#tenancy";
import { answersFollowed } from "./after-answer.ts";
import type { App } from "./app.ts";
import { holdRequest, resumeRoute } from "./held-request.ts";
import { languageOf, languageRoute } from "./language.ts";
import {
  forbiddenPage,
  notFoundPage,
  otherMeansPage,
  ourFaultPage,
  sessionOverPage,
  wrongFormPage,
} from "./problem-pages.ts";
import { type Answer, type Route, seeOther } from "./route.ts";
import { TownDirectory } from "./towns.ts";
import { flashCookie } from "./form-fields.ts";
import { isAdmittedFor } from "./login-means.ts";
import { isCsrfRight, makeVisit, type Visit } from "./visit.ts";

declare module "fastify" {
  interface FastifyRequest {
    arrivedAt: Moment;
    tenant: Tenant | null;
  }
}

const FORM_BYTES = 128 * 1024;
const UPLOAD_BYTES = 20 * 1024 * 1024;

export interface Site {
  readonly routes: readonly Route[];
  /** the page at an address that belongs to no town: the list of towns */
  readonly home: (towns: readonly Tenant[], nonce: string, app: App) => Html | Promise<Html>;
  /** what machines speak to: endpoints without town, session or page */
  readonly endpoints?: readonly ((http: FastifyInstance, app: App) => void)[];
}

export interface RunningServer {
  readonly http: FastifyInstance;
  /** opens the main port and, in demo mode, one port per town */
  listen(host: string): Promise<void>;
  close(): Promise<void>;
}

/** Nothing from elsewhere, no script or style inside the page except scripts with the request's nonce. */
const contentSecurity = ({ pagoPa }: App) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: [],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    // A payment's form is answered with the way to pagoPA's pages: browsers check that too.
    formAction: ["'self'", ...(pagoPa.checkoutOrigin ? [pagoPa.checkoutOrigin] : [])],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
});

/** Builds the HTTP server of all surfaces. Nothing listens before `listen`. */
export async function buildServer(app: App, site: Site): Promise<RunningServer> {
  const directory = new TownDirectory(app.db);
  const http = Fastify({
    logger: false,
    trustProxy: app.trustProxy,
    bodyLimit: FORM_BYTES,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    // An address that cannot be decoded never reaches the routes: it is simply not one of ours.
    frameworkErrors: (_error, _request, reply) => {
      reply.redirect("/", 303);
    },
  });
  // Before the first awaited plugin: what has started by then keeps the handler it found, Fastify's own with the bare message.
  http.setErrorHandler((error, request, reply) => answerError(app, error, request, reply));
  const extraServers: Server[] = [];
  http.decorateRequest("arrivedAt", null as unknown as Moment);
  http.decorateRequest("tenant", null);
  // First of all hooks: nothing that follows may delay the instant that counts.
  http.addHook("onRequest", async (request) => {
    request.arrivedAt = app.clock.now();
  });
  await http.register(cookie);
  await http.register(formbody, { bodyLimit: FORM_BYTES });
  await http.register(multipart, { limits: { fileSize: UPLOAD_BYTES, files: 2, fields: 20 } });
  await http.register(helmet, {
    enableCSPNonces: true,
    hsts: app.secureCookies,
    referrerPolicy: { policy: "same-origin" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    contentSecurityPolicy: contentSecurity(app),
  });
  await http.register(rateLimit, { global: false });
  await http.register(staticFiles, {
    root: ASSETS_DIRECTORY,
    prefix: "/assets/",
    immutable: true,
    maxAge: "365d",
    decorateReply: false,
    index: false,
  });
  http.addHook("onRequest", async (request) => {
    const slug = slugOfPort(app, request);
    request.tenant =
      (slug ? await directory.bySlug(slug) : await directory.byHost(request.headers.host ?? "")) ??
      null;
  });
  http.get("/salute", async (_request, reply) => reply.type("text/plain").send("ok\n"));
  for (const route of [resumeRoute, languageRoute, ...site.routes]) registerRoute(http, app, route);
  for (const register of site.endpoints ?? [])
    await http.register(async (scope) => register(scope, app));
  http.get("/", async (request, reply) => {
    if (request.tenant) return reply.redirect("/servizi", 303);
    const towns = await directory.all();
    return sendHtml(reply, await site.home(towns, reply.cspNonce.script, app));
  });
  http.setNotFoundHandler(async (request, reply) => {
    if (!request.tenant) return reply.redirect("/", 303);
    const visit = await makeVisit(app, request.tenant, request, reply, []);
    return sendHtml(reply.status(404), notFoundPage(visit));
  });

  return {
    http,
    async listen(host) {
      await http.listen({ port: app.port, host });
      for (const port of app.townPorts.keys()) {
        const server = createServer((request: IncomingMessage, response: ServerResponse) =>
          http.routing(request, response),
        );
        // A proxy's idle connections are not closed under its next request: as long as Fastify's own.
        server.keepAliveTimeout = http.server.keepAliveTimeout;
        await new Promise<void>((resolve, reject) => {
          server.once("error", reject);
          server.listen(port, host, resolve);
        });
        extraServers.push(server);
      }
    },
    async close() {
      for (const server of extraServers) {
        server.close();
        server.closeIdleConnections();
      }
      await http.close();
      await answersFollowed(app);
    },
  };
}

function slugOfPort(app: App, request: FastifyRequest): string | undefined {
  const port = request.socket.localPort;
  return port === undefined || port === app.port ? undefined : app.townPorts.get(port);
}

function registerRoute(http: FastifyInstance, app: App, route: Route): void {
  http.route({
    method: route.method,
    url: route.path,
    ...(route.perMinute
      ? { config: { rateLimit: { max: route.perMinute, timeWindow: "1 minute" } } }
      : {}),
    handler: async (request, reply) => {
      if (!request.tenant) return reply.redirect("/", 303);
      const roles = route.access === "public" ? [] : route.access;
      const visit = await makeVisit(app, request.tenant, request, reply, roles);
      const refusal = await refuse(visit, route);
      return send(visit, reply, refusal ?? (await route.handle(visit)));
    },
  });
}

/** The sign-in page keeps no longer one, and proxies pass no header of any length. */
const LONGEST_RETURN = 300;

/** Session, role and form token, in this order; `null` = go on. */
async function refuse(visit: Visit, route: Route): Promise<Answer | null> {
  const isOfFamily = route.access !== "public" && route.access.includes("guardian");
  if (route.fromOutside) return null;
  if (route.method === "POST" && !isFromHere(visit)) return { kind: "forbidden" };
  if (route.access !== "public") {
    if (!visit.session) {
      if (route.method === "POST") {
        const over: Answer = { kind: "page", status: 401, html: sessionOverPage(visit) };
        return (isOfFamily && (await holdRequest(visit))) || over;
      }
      const { url } = visit.request;
      const isShort = url.length <= LONGEST_RETURN;
      return seeOther(isShort ? `/accedi?poi=${encodeURIComponent(url)}` : "/accedi");
    }
    if (!visit.actor) return { kind: "forbidden" };
    if (!isAdmittedFor(visit, route.purpose ?? "portal"))
      return { kind: "page", status: 403, html: otherMeansPage(visit) };
  }
  if (route.method === "POST" && !route.multipart && !isCsrfRight(visit, { anyDesk: !isOfFamily }))
    return { kind: "page", status: 403, html: wrongFormPage(visit) };
  return null;
}

/** Browsers say where a POST comes from; one from another site is refused before anything is read. */
function isFromHere(visit: Visit): boolean {
  const { headers } = visit.request;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  if (origin === undefined || origin === "null") return origin === undefined;
  try {
    return new URL(origin).host === headers.host;
  } catch {
    return false;
  }
}

function send(visit: Visit, reply: FastifyReply, answer: Answer): FastifyReply {
  const { secureCookies: secure } = visit.app;
  const said = flashCookie(visit.app, visit.tenant);
  if (visit.flash !== null) reply.clearCookie(said, { path: "/", secure });
  if (!("kind" in answer)) return sendHtml(reply, answer);
  switch (answer.kind) {
    case "page":
      return sendHtml(reply.status(answer.status), answer.html);
    case "see-other":
      if (answer.flash)
        reply.setCookie(said, answer.flash, {
          path: "/",
          httpOnly: true,
          sameSite: "lax",
          maxAge: 60,
          secure,
        });
      return reply.redirect(safeLocation(answer.location), 303);
    case "text":
      if (answer.fileName)
        reply.header("content-disposition", `attachment; filename="${answer.fileName}"`);
      return reply.header("cache-control", "no-store").type(answer.contentType).send(answer.text);
    case "file":
      return reply
        .header("cache-control", "no-store")
        .header("content-disposition", `inline; filename="${answer.fileName}"`)
        .type(answer.contentType)
        .send(Buffer.from(answer.bytes));
    case "stream":
      return reply
        .header("cache-control", "no-store")
        .header("content-disposition", `attachment; filename="${answer.fileName}"`)
        .header("content-length", answer.length)
        .type(answer.contentType)
        .send(Readable.from(answer.chunks, { objectMode: false }));
    case "to-checkout":
      return reply.redirect(checkoutLocation(visit.app, answer.location), 303);
    case "to-provider":
      // The rules take 302 or 303; AgID's suite knows 302 only.
      return reply
        .header("cache-control", "no-store")
        .redirect(providerLocation(answer.location), 302);
    case "form-to-provider":
      return sendHtml(allowFormTo(reply, providerLocation(answer.origin)), answer.html);
    case "not-found":
      return sendHtml(reply.status(404), notFoundPage(visit));
    case "forbidden":
      return sendHtml(reply.status(403), forbiddenPage(visit));
  }
}

/** Only paths of this site: a location is never taken from a visitor as it is. */
export const safeLocation = (location: string): string =>
  /^\/(?![/\\])[^\s\\]*$/.test(location) ? location : "/";

/** Families give their card where this leads: an address of another origin is our fault, and stops here. */
function checkoutLocation({ pagoPa: { checkoutOrigin } }: App, location: string): string {
  if (!checkoutOrigin || new URL(location).origin !== new URL(checkoutOrigin).origin)
    throw new Error("a payment page that is not pagoPA's");
  return location;
}

/** From a list that a federation signed: https, or this very machine where the demo's provider is. */
function providerLocation(location: string): string {
  const { protocol, hostname } = new URL(location);
  const isHere =
    hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "127.0.0.1";
  if (protocol !== "https:" && !(protocol === "http:" && isHere))
    throw new Error("a provider of identities without https");
  return location;
}

/** One page may post to one origin; every other page still to none. */
function allowFormTo(reply: FastifyReply, origin: string): FastifyReply {
  const policy = String(reply.getHeader("content-security-policy") ?? "");
  const widened = policy.replace(
    /form-action 'self'[^;]*/,
    `form-action ${new URL(origin).origin}`,
  );
  return reply.header("content-security-policy", widened);
}

function sendHtml(reply: FastifyReply, html: Html): FastifyReply {
  return reply
    .header("cache-control", "no-store")
    .type("text/html; charset=utf-8")
    .send(renderToString(html));
}

async function answerError(
  app: App,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const code = newId().slice(-8);
  if (status >= 500) {
    // The support code leads from the family's phone call to this line; no form values are logged.
    process.stderr.write(
      `${app.clock.now().toString()} error ${code} ${request.method} ${request.url.split("?")[0]} ${
        error instanceof Error ? (error.stack ?? error.message) : String(error)
      }\n`,
    );
  }
  const known = status >= 400 && status < 500;
  return sendHtml(
    reply.status(known ? status : 500),
    ourFaultPage({
      nonce: reply.cspNonce?.script ?? "",
      code: known ? null : code,
      status,
      lang: languageOf(request),
    }),
  );
}
