// SPDX-License-Identifier: EUPL-1.2
/** A provider that knows nobody before they come: automatic registration, a person to choose, tokens (spid-cie-oidc). */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { CompactEncrypt, importJWK, type JWK } from "jose";
import type { Federation } from "./federation.ts";
import {
  type Claims,
  claimsOf,
  type Jwks,
  type Moment,
  newSigner,
  openSigned,
  seconds,
  type Signer,
} from "./tokens.ts";
import { signTwisted, type Twist } from "./twist.ts";

export interface SimulatedPerson {
  readonly fiscalNumber: string;
  readonly name: string;
  readonly familyName: string;
  /** `1984-05-12` */
  readonly dateOfBirth: string;
  readonly email?: string;
  /** who that is here: `mamma di Giulia e Tommaso` */
  readonly hint?: string;
}

/** Who may be chosen: always the same, or by the party that asks (a demonstration has several towns). */
export type People =
  | readonly SimulatedPerson[]
  | ((clientId: string) => Promise<readonly SimulatedPerson[]>);

export const peopleFor = async (
  people: People,
  clientId: string,
): Promise<readonly SimulatedPerson[]> =>
  typeof people === "function" ? people(clientId) : people;

export interface ProviderOptions {
  readonly base: string;
  readonly now: () => Moment;
  readonly federation: Federation;
  /** how relying parties are asked for their configuration */
  readonly fetch: (url: URL) => Promise<Response>;
  readonly people: People;
}

/** The parties' mistakes: told to the browser (400) or, once it is known where to, on the way back. */
export class RequestRefused extends Error {
  override readonly name = "RequestRefused";
  readonly error: string;
  readonly back: { readonly redirectUri: string; readonly state: string } | null;
  constructor(error: string, why: string, back: RequestRefused["back"] = null) {
    super(why);
    this.error = error;
    this.back = back;
  }
}

interface Asked {
  readonly clientId: string;
  readonly metadata: Claims;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
  readonly acr: string;
  readonly claims: readonly string[];
  readonly people: readonly SimulatedPerson[];
}

const FISCAL_NUMBER = "https://attributes.eid.gov.it/fiscal_number";
const STATEMENT = "entity-statement+jwt";

export class SimulatedProvider {
  readonly id: string;
  readonly #options: ProviderOptions;
  readonly #federationSigner: Signer;
  /** signs tokens; tests borrow it to sign wrong ones */
  readonly signer: Signer;
  readonly #asked = new Map<string, Asked>();
  readonly #codes = new Map<string, { asked: Asked; person: SimulatedPerson }>();
  readonly #access = new Map<string, { asked: Asked; person: SimulatedPerson }>();
  readonly #seenAssertions = new Set<string>();
  readonly revoked: string[] = [];
  #mark: { id: string; token: string } | null = null;
  #above: "anchor" | "intermediate" = "anchor";

  constructor(options: ProviderOptions, signers: readonly [Signer, Signer]) {
    this.#options = options;
    this.id = `${options.base}/op`;
    [this.#federationSigner, this.signer] = signers;
  }

  get twist(): Twist {
    return this.#options.federation.twist;
  }

  async join(above: "anchor" | "intermediate"): Promise<void> {
    const of = { jwks: this.#federationSigner.jwks, role: "openid_provider" } as const;
    this.#options.federation.anchor.subordinates.delete(this.id);
    this.#above = above;
    this.#mark = await this.#options.federation.onboard(this.id, of, above);
  }

  async configuration(): Promise<string> {
    const { federation } = this.#options;
    const claims = {
      ...federation.times(),
      iss: this.id,
      sub: this.id,
      jwks: this.#federationSigner.jwks,
      authority_hints: [federation[this.#above].id],
      trust_marks: this.#mark ? [{ id: this.#mark.id, trust_mark: this.#mark.token }] : [],
      metadata: {
        federation_entity: { organization_name: "Provider simulato" },
        openid_provider: this.#metadata(),
      },
    };
    const kind = "provider-configuration";
    const signer = this.#federationSigner;
    return signTwisted(this.twist, { kind, claims, signer, typ: STATEMENT });
  }

  #metadata(): Claims {
    return {
      issuer: this.id,
      authorization_endpoint: `${this.id}/authorization`,
      token_endpoint: `${this.id}/token`,
      userinfo_endpoint: `${this.id}/userinfo`,
      introspection_endpoint: `${this.id}/introspection`,
      revocation_endpoint: `${this.id}/revoke`,
      jwks: this.signer.jwks,
      scopes_supported: ["openid", "offline_access", "profile", "email"],
      response_types_supported: ["code"],
      subject_types_supported: ["pairwise"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["private_key_jwt"],
      id_token_signing_alg_values_supported: ["RS256", "ES256"],
      client_registration_types_supported: ["automatic"],
    };
  }

  /** @returns what the page that asks who one is needs. @throws RequestRefused */
  async authorize(
    query: Readonly<Record<string, string | undefined>>,
  ): Promise<{ ticket: string; people: readonly SimulatedPerson[] }> {
    const request = query["request"];
    if (!request) throw new RequestRefused("invalid_request", "no request object");
    const clientId = String(claimsOf(request)["client_id"] ?? "");
    const metadata = await this.#party(clientId);
    const asked = await this.#readRequest(request, clientId, metadata);
    const back = { redirectUri: asked.redirectUri, state: asked.state };
    if (query["scope"] !== "openid" || query["code_challenge_method"] !== "S256")
      throw new RequestRefused("invalid_request", "parameters beside the request object", back);
    const ticket = randomBytes(16).toString("hex");
    this.#asked.set(ticket, asked);
    return { ticket, people: asked.people };
  }

  /** Automatic registration (trust_negotiation, "OpenID Provider"): mark, statement, configuration, in this order. */
  async #party(clientId: string): Promise<Claims> {
    const refuse = (why: string): never => {
      throw new RequestRefused("invalid_client", why);
    };
    const { federation } = this.#options;
    const url = URL.parse(`${clientId.replace(/\/$/, "")}/.well-known/openid-federation`);
    if (!url) return refuse("client_id is no address");
    const answer = await this.#options.fetch(url);
    if (answer.headers.get("content-type")?.split(";")[0] !== `application/${STATEMENT}`)
      refuse("content type of the entity configuration");
    const token = await answer.text();
    const known = federation.anchor.subordinates.get(clientId);
    if (!known) return refuse("nobody the anchor knows");
    const said = await openSigned(token, known.jwks);
    if (said["iss"] !== clientId || said["sub"] !== clientId) refuse("iss, sub");
    if (Number(said["exp"]) <= seconds(this.#options.now())) refuse("expired");
    const [mark] = (said["trust_marks"] ?? []) as { trust_mark?: string }[];
    const marked = await openSigned(mark?.trust_mark ?? "", federation.anchor.signer.jwks);
    if (marked["sub"] !== clientId) refuse("the trust mark is another's");
    const metadata = said["metadata"] as Record<string, Claims>;
    return metadata["openid_relying_party"] ?? refuse("no metadata");
  }

  async #readRequest(request: string, clientId: string, metadata: Claims): Promise<Asked> {
    const read = await openSigned(request, metadata["jwks"] as Jwks);
    const text = (name: string): string => String(read[name] ?? "");
    const redirectUri = text("redirect_uri");
    if (!(metadata["redirect_uris"] as string[]).includes(redirectUri))
      throw new RequestRefused("invalid_request", "redirect_uri");
    const back = { redirectUri, state: text("state") };
    const now = seconds(this.#options.now());
    const faults = {
      iss: read["iss"] !== clientId,
      aud: read["aud"] !== this.id,
      exp: Number(read["exp"]) <= now || Number(read["iat"]) > now + 60,
      response_type: read["response_type"] !== "code",
      scope: read["scope"] !== "openid",
      state: !/^[A-Za-z0-9]{32,}$/.test(text("state")),
      nonce: !/^[A-Za-z0-9]{32,}$/.test(text("nonce")),
      code_challenge: !/^[\w-]{43}$/.test(text("code_challenge")),
      code_challenge_method: read["code_challenge_method"] !== "S256",
      prompt: !["consent", "consent login"].includes(text("prompt")),
      acr_values: !/^https:\/\/www\.spid\.gov\.it\/SpidL[123]$/.test(text("acr_values")),
    };
    const fault = Object.entries(faults).find(([, isWrong]) => isWrong)?.[0];
    if (fault) throw new RequestRefused("invalid_request_object", fault, back);
    return {
      clientId,
      metadata,
      redirectUri,
      state: text("state"),
      nonce: text("nonce"),
      challenge: text("code_challenge"),
      acr: text("acr_values"),
      claims: Object.keys((read["claims"] as { userinfo?: Claims } | undefined)?.userinfo ?? {}),
      people: await peopleFor(this.#options.people, clientId),
    };
  }

  /** The way back with a code for the chosen person, or with an error. `null` for a ticket nobody gave. */
  decide(ticket: string, choice: { person: number } | { error: string }): string | null {
    const asked = this.#asked.get(ticket);
    if (!asked) return null;
    this.#asked.delete(ticket);
    const parameters = new URLSearchParams({ state: asked.state, iss: this.id });
    if ("error" in choice) parameters.set("error", choice.error);
    else {
      const person = asked.people[choice.person];
      if (!person) return null;
      const code = randomBytes(32).toString("hex");
      this.#codes.set(code, { asked, person });
      parameters.set("code", code);
    }
    this.twist.callback?.(parameters);
    const url = new URL(asked.redirectUri);
    for (const [name, value] of parameters) url.searchParams.append(name, value);
    return url.href;
  }

  async token(form: Readonly<Record<string, string>>): Promise<{ status: number; body: Claims }> {
    const granted = this.#codes.get(form["code"] ?? "");
    this.#codes.delete(form["code"] ?? "");
    if (!granted) return { status: 400, body: { error: "invalid_grant" } };
    if (!(await this.#isClient(form, granted.asked, `${this.id}/token`)))
      return { status: 401, body: { error: "invalid_client" } };
    const challenge = createHash("sha256")
      .update(form["code_verifier"] ?? "")
      .digest("base64url");
    if (form["grant_type"] !== "authorization_code" || challenge !== granted.asked.challenge)
      return { status: 400, body: { error: "invalid_grant" } };
    const { asked } = granted;
    const subject = this.#subject(granted);
    const iat = seconds(this.#options.now());
    const common = { iss: this.id, sub: subject, iat, jti: randomUUID() };
    const access = await signTwisted(this.twist, {
      kind: "access-token",
      claims: {
        ...common,
        aud: [`${this.id}/userinfo`],
        client_id: asked.clientId,
        scope: "openid",
        exp: iat + 900,
      },
      signer: this.signer,
      typ: "at+jwt",
    });
    this.#access.set(access, granted);
    const hash = createHash("sha256").update(access, "ascii").digest();
    const { twist, signer } = this;
    const idToken = await signTwisted(twist, {
      kind: "id-token",
      claims: {
        ...common,
        aud: asked.clientId,
        acr: asked.acr,
        at_hash: hash.subarray(0, 16).toString("base64url"),
        exp: iat + 300,
        nonce: asked.nonce,
      },
      signer,
    });
    const body = {
      access_token: access,
      token_type: "Bearer",
      expires_in: 900,
      id_token: idToken,
    };
    return { status: 200, body: twist.tokenAnswer?.(body) ?? body };
  }

  /** Pairwise: another name at every party. */
  #subject({ asked, person }: { asked: Asked; person: SimulatedPerson }): string {
    return createHash("sha256").update(`${asked.clientId} ${person.fiscalNumber}`).digest("hex");
  }

  async #isClient(
    form: Readonly<Record<string, string>>,
    { clientId, metadata }: Asked,
    endpoint: string,
  ): Promise<boolean> {
    try {
      const said = await openSigned(form["client_assertion"] ?? "", metadata["jwks"] as Jwks);
      const jti = String(said["jti"] ?? "");
      const isFresh = Number(said["exp"]) > seconds(this.#options.now());
      const isNew = jti !== "" && !this.#seenAssertions.has(jti);
      this.#seenAssertions.add(jti);
      const isOurs = [said["iss"], said["sub"], form["client_id"]].every((id) => id === clientId);
      return isFresh && isNew && isOurs && [said["aud"]].flat().includes(endpoint);
    } catch {
      return false;
    }
  }

  async userinfo(authorization: string): Promise<string | null> {
    const granted = this.#access.get(authorization.replace(/^Bearer /, ""));
    if (!granted) return null;
    const { asked, person } = granted;
    const iat = seconds(this.#options.now());
    const attributes: Claims = {
      given_name: person.name,
      family_name: person.familyName,
      birthdate: person.dateOfBirth,
      [FISCAL_NUMBER]: `TINIT-${person.fiscalNumber}`,
      ...(person.email === undefined ? {} : { email: person.email }),
    };
    const claims = {
      iss: this.id,
      sub: this.#subject(granted),
      aud: asked.clientId,
      iat,
      exp: iat + 300,
      ...Object.fromEntries(
        Object.entries(attributes).filter(([name]) => asked.claims.includes(name)),
      ),
    };
    const { twist, signer } = this;
    const signed = await signTwisted(twist, { kind: "userinfo", claims, signer });
    const encrypted = await encryptFor(asked.metadata, signed);
    return (await twist.userinfo?.(encrypted, signed)) ?? encrypted;
  }

  /** 200 for unknown tokens, too: it gives nothing away (revocation_endpoint). */
  async revoke(form: Readonly<Record<string, string>>): Promise<number> {
    const token = form["token"] ?? "";
    const granted = this.#access.get(token);
    if (!granted) return 200;
    if (!(await this.#isClient(form, granted.asked, `${this.id}/revoke`))) return 401;
    this.#access.delete(token);
    this.revoked.push(token);
    return 200;
  }
}

/** Nested: the signed token inside, the party's encryption key and algorithms outside. */
export async function encryptFor(metadata: Claims, signed: string): Promise<string> {
  const { keys } = metadata["jwks"] as { keys: JWK[] };
  const key = keys.find(({ use }) => use === "enc") ?? {};
  const alg = String(metadata["userinfo_encrypted_response_alg"]);
  const enc = String(metadata["userinfo_encrypted_response_enc"]);
  return new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg, enc, kid: String(key.kid), cty: "JWT" })
    .encrypt(await importJWK(key, alg));
}

export async function newProvider(options: ProviderOptions): Promise<SimulatedProvider> {
  const provider = new SimulatedProvider(
    options,
    await Promise.all([newSigner("RS256"), newSigner("RS256")]),
  );
  await provider.join("anchor");
  return provider;
}
