// SPDX-License-Identifier: EUPL-1.2
import type { FastifyInstance, FastifyReply } from "fastify";
import { sendPage, sendingPage } from "../../pages/frame.ts";
import { answerAs, REFUSALS, refuseWith, SPOILT } from "./answers.ts";
import { checkRequest, issuerOf } from "./check-request.ts";
import { logoutRequest, logoutResponse } from "./logout.ts";
import { carryPage, choosePage, closedPage, faultPage, sessionsPage } from "./pages.ts";
import { PretendedProvider, type Ticket } from "./provider.ts";
import { type Incoming, readForm, readQuery, redirectTo } from "./signatures.ts";
import { type Federation, FEDERATIONS, type IdentityOptions } from "./types.ts";
import { attribute, child, rootOf, SAML, textOf } from "./xml.ts";

type Fields = Readonly<Record<string, string | undefined>>;

export interface PretendedIdentity {
  /** of the federation's provider, as a registry would have it */
  metadata(federation: Federation): string;
}

/** `/idp/spid`, `/idp/cie`, `/idp/eidas`. `base`: where browsers reach this process. */
export function identityRoutes(
  http: FastifyInstance,
  base: () => string,
  options: IdentityOptions,
): PretendedIdentity {
  const providers = new Map(
    FEDERATIONS.map((one) => [one, new PretendedProvider(one, base, options)]),
  );
  for (const provider of providers.values()) routesOf(http, provider);
  return { metadata: (federation) => providers.get(federation)!.metadata() };
}

const queryOf = (url: string): string => url.split("?").slice(1).join("?");

function routesOf(http: FastifyInstance, provider: PretendedProvider): void {
  const at = `/idp/${provider.federation}`;
  http.get(`${at}/metadata`, async (_request, reply) =>
    reply.type("application/samlmetadata+xml; charset=utf-8").send(provider.metadata()),
  );
  http.get(`${at}/sso`, async (request, reply) =>
    signOn(provider, readQuery(queryOf(request.url), "SAMLRequest"), reply),
  );
  http.post<{ Body: Fields }>(`${at}/sso`, async ({ body }, reply) =>
    signOn(provider, readForm(body?.["SAMLRequest"] ?? "", body?.["RelayState"] ?? null), reply),
  );
  http.post<{ Body: Fields }>(`${at}/esito`, async ({ body }, reply) =>
    decide(provider, body ?? {}, reply),
  );
  http.get(at, async (_request, reply) => sendPage(reply, sessionsOf(provider)));
  http.post<{ Body: Fields }>(`${at}/chiudi`, async ({ body }, reply) =>
    closeHere(provider, body?.["sessione"] ?? "", reply),
  );
  http.get(`${at}/slo`, async (request, reply) => logout(provider, queryOf(request.url), reply));
}

const sessionsOf = (provider: PretendedProvider) =>
  sessionsPage({
    federation: provider.federation,
    entityId: provider.addresses.entityId,
    sessions: provider.sessions().map(({ id, session }) => ({
      id,
      who: session.who,
      serviceName: session.service.name,
    })),
  });

const NOT_KNOWN =
  "Nessun servizio registrato ha questo Issuer, o il suo metadata non si legge: serve un metadata senza errori";

async function signOn(
  provider: PretendedProvider,
  incoming: Incoming | null,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const refused = (...faults: string[]): FastifyReply =>
    sendPage(reply, faultPage("Richiesta non conforme", faults), 400);
  const issuer = incoming && issuerOf(incoming);
  if (!incoming || !issuer) return refused("Non è una richiesta SAML leggibile");
  const known = await provider.serviceOf(issuer);
  if (!known) return refused(`${NOT_KNOWN} (${issuer})`);
  const { federation, addresses, isKnownId, options } = provider;
  const checked = checkRequest(incoming, {
    ...{ federation, addresses, isKnownId, service: known.metadata },
    now: options.now(),
  });
  if (checked.outcome === "faults") return refused(...checked.faults);
  const { request } = checked;
  const { service } = known;
  const people = await options.people(service);
  const relayState = incoming.relayState ?? "";
  const ticket = provider.keepTicket({ service, request, relayState, people });
  const { level } = request;
  return sendPage(
    reply,
    choosePage({ federation, ticket, people, level, serviceName: service.name }),
  );
}

function decide(provider: PretendedProvider, fields: Fields, reply: FastifyReply): FastifyReply {
  const ticket = provider.ticket(fields["ticket"] ?? "");
  const xml = ticket && answer(provider, ticket, fields);
  if (!ticket || xml === undefined)
    return sendPage(reply, faultPage("Da ricominciare", ["La richiesta non è più qui"]), 404);
  const SAMLResponse = Buffer.from(xml).toString("base64");
  const page = carryPage({
    action: ticket.request.acsUrl,
    fields: { SAMLResponse, RelayState: ticket.relayState },
  });
  return sendingPage(reply, page);
}

function answer(provider: PretendedProvider, ticket: Ticket, fields: Fields): string | undefined {
  const { request, people, service } = ticket;
  const by = {
    ...{ federation: provider.federation, entityId: provider.addresses.entityId },
    ...{ key: provider.key, foreignKey: provider.foreignKey },
    spEntityId: service.entityId,
    now: provider.options.now(),
  };
  const code = Number(fields["anomalia"]);
  const refusal = REFUSALS.get(code);
  if (refusal) return refuseWith(request, by, code, refusal);
  const spoilt = SPOILT.get(fields["guasto"] ?? "");
  const person = people[spoilt ? 0 : Number(fields["persona"])];
  if (!person) return undefined;
  const { xml, nameId, sessionIndex } = answerAs(request, by, person, spoilt);
  const who = `${person.name} ${person.familyName}`;
  if (!spoilt) provider.openSession({ service, who, nameId, sessionIndex });
  return xml;
}

/** The way out that begins here: the service must end its session, too. */
async function closeHere(
  provider: PretendedProvider,
  id: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const session = provider.takeSession(id);
  const known = session && (await provider.serviceOf(session.service.entityId));
  const { federation } = provider;
  if (!session || !known?.metadata.logoutUrl || federation === "cie")
    return sendPage(reply, closedPage(federation, "Sessione chiusa solo presso il provider."));
  const { logoutUrl: destination } = known.metadata;
  const { entityId } = provider.addresses;
  const at = provider.options.now().round("second").toString();
  const xml = logoutRequest(
    { entityId, destination, at },
    { nameId: session.nameId, sessionIndex: session.sessionIndex ?? session.nameId },
  );
  const message = { name: "SAMLRequest", xml, relayState: null } as const;
  return reply.redirect(redirectTo(destination, message, provider.key), 303);
}

/** A service's request to log out, or its answer to ours. */
async function logout(
  provider: PretendedProvider,
  query: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { federation } = provider;
  const asked = readQuery(query, "SAMLRequest");
  const incoming = asked ?? readQuery(query, "SAMLResponse");
  const known = incoming && (await provider.serviceOf(issuerOf(incoming) ?? ""));
  const fault = known ? incoming.signatureFault(known.metadata.certificates) : NOT_KNOWN;
  if (!known || fault) return sendPage(reply, faultPage("Uscita rifiutata", [fault ?? ""]), 400);
  if (!asked) return sendPage(reply, closedPage(federation, "Il servizio ha chiuso la sessione."));
  const root = rootOf(asked.xml);
  const nameId = textOf(root ? child(root, SAML, "NameID") : undefined);
  for (const { id, session } of provider.sessions())
    if (session.nameId === nameId) provider.takeSession(id);
  const destination = known.metadata.logoutUrl ?? "";
  const at = provider.options.now().round("second").toString();
  const { entityId } = provider.addresses;
  const xml = logoutResponse(
    { entityId, destination, at },
    attribute(root ?? undefined, "ID") ?? "",
  );
  const message = { name: "SAMLResponse", xml, relayState: asked.relayState } as const;
  return reply.redirect(redirectTo(destination, message, provider.key), 303);
}
