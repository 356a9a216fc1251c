// SPDX-License-Identifier: EUPL-1.2
/** A municipality's own provider for its staff: plain OpenID Connect with discovery, code and PKCE. */
import { createHash, randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { sendPage } from "../../pages/frame.ts";
import { choose, type Query } from "./choose.ts";
import { choosePage, refusedPage } from "./pages.ts";
import { type People, peopleFor, type SimulatedPerson } from "./provider.ts";
import { type Claims, type Moment, newSigner, seconds, type Signer } from "./tokens.ts";
import { signTwisted, type Twist } from "./twist.ts";

export interface StaffOptions {
  readonly base: string;
  readonly now: () => Moment;
  readonly people: People;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** how people sign in there: `["mfa"]`; absent: not said */
  readonly amr?: readonly string[];
}

export class StaffProvider {
  readonly issuer: string;
  readonly signer: Signer;
  readonly options: StaffOptions;
  twist: Twist = {};
  /** tests change single entries */
  discovery: Claims;
  readonly #asked = new Map<string, { query: Query; people: readonly SimulatedPerson[] }>();
  readonly #codes = new Map<string, { asked: Query; person: SimulatedPerson }>();

  constructor(options: StaffOptions, signer: Signer) {
    this.options = options;
    this.signer = signer;
    this.issuer = `${options.base}/staff`;
    this.discovery = {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorization`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      response_types_supported: ["code"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** @returns a ticket, or what is wrong with the request */
  async authorize(
    query: Query,
  ): Promise<{ ticket: string; people: readonly SimulatedPerson[] } | { wrong: string }> {
    const { clientId, redirectUris } = this.options;
    if (query["client_id"] !== clientId) return { wrong: "client_id" };
    if (!redirectUris.includes(query["redirect_uri"] ?? "")) return { wrong: "redirect_uri" };
    if (query["response_type"] !== "code") return { wrong: "response_type" };
    if (query["code_challenge_method"] !== "S256") return { wrong: "code_challenge_method" };
    const ticket = randomBytes(16).toString("hex");
    const people = await peopleFor(this.options.people, clientId);
    this.#asked.set(ticket, { query, people });
    return { ticket, people };
  }

  decide(ticket: string, choice: { person: number } | { error: string }): string | null {
    const { query: asked, people = [] } = this.#asked.get(ticket) ?? {};
    const person = "person" in choice ? people[choice.person] : undefined;
    if (!asked || ("person" in choice && !person)) return null;
    this.#asked.delete(ticket);
    const parameters = new URLSearchParams({ state: asked["state"] ?? "", iss: this.issuer });
    if ("error" in choice) parameters.set("error", choice.error);
    if (person) {
      const code = randomBytes(32).toString("hex");
      this.#codes.set(code, { asked, person });
      parameters.set("code", code);
    }
    this.twist.callback?.(parameters);
    return `${asked["redirect_uri"]}?${parameters}`;
  }

  async token(form: Query, authorization: string): Promise<{ status: number; body: Claims }> {
    const { clientId, clientSecret, now } = this.options;
    const pair = authorization.startsWith("Basic ")
      ? Buffer.from(authorization.slice(6), "base64").toString().split(":").map(decodeURIComponent)
      : [form["client_id"], form["client_secret"]];
    if (pair[0] !== clientId || pair[1] !== clientSecret)
      return { status: 401, body: { error: "invalid_client" } };
    const granted = this.#codes.get(form["code"] ?? "");
    this.#codes.delete(form["code"] ?? "");
    const challenge = createHash("sha256")
      .update(form["code_verifier"] ?? "")
      .digest("base64url");
    if (!granted || challenge !== granted.asked["code_challenge"])
      return { status: 400, body: { error: "invalid_grant" } };
    const { person, asked } = granted;
    const { amr } = this.options;
    const iat = seconds(now());
    const claims = {
      iss: this.issuer,
      sub: createHash("sha256").update(person.fiscalNumber).digest("hex"),
      aud: clientId,
      iat,
      exp: iat + 300,
      nonce: asked["nonce"],
      name: `${person.name} ${person.familyName}`,
      ...(amr ? { amr } : {}),
      ...(person.email === undefined ? {} : { email: person.email, email_verified: true }),
    };
    const { signer, twist } = this;
    const body = {
      access_token: randomBytes(16).toString("hex"),
      token_type: "Bearer",
      expires_in: 300,
      id_token: await signTwisted(twist, { kind: "id-token", claims, signer }),
    };
    return { status: 200, body: twist.tokenAnswer?.(body) ?? body };
  }
}

export async function newStaffProvider(options: StaffOptions): Promise<StaffProvider> {
  return new StaffProvider(options, await newSigner("RS256"));
}

export function staffRoutes(http: FastifyInstance, provider: StaffProvider): void {
  http.get("/staff/.well-known/openid-configuration", async (_request, reply) =>
    reply.send(provider.discovery),
  );
  http.get("/staff/jwks", async (_request, reply) => reply.send(provider.signer.jwks));
  http.get<{ Querystring: Query }>("/staff/authorization", async (request, reply) => {
    if (request.query["ticket"] !== undefined) return choose(provider, request.query, reply);
    const asked = await provider.authorize(request.query);
    if ("wrong" in asked) return sendPage(reply, refusedPage(asked.wrong), 400);
    return sendPage(reply, choosePage(asked.people, asked.ticket));
  });
  http.post<{ Body: Query }>("/staff/token", async (request, reply) => {
    const { authorization = "" } = request.headers;
    const { status, body } = await provider.token(request.body ?? {}, authorization);
    return reply.status(status).header("cache-control", "no-store").send(body);
  });
}
