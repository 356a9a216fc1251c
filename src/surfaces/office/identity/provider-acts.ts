// SPDX-License-Identifier: EUPL-1.2
import {
  addProviderKey,
  disableProvider,
  enableProvider,
  type Federation,
  promoteProviderKey,
  providerKeys,
  providerVersions,
  retireProviderKey,
} from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  certificateRequestOf,
  findProviderFaults,
  newCertificate,
  serviceProviderOf,
} from "../../../integrations/saml/index.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { FEDERATION_WORDS, federationOf, IDENTITY_PAGE } from "./identity-words.ts";

/** An act on the page of one federation: done, then said there. */
const onProvider =
  (act: (visit: Visit, of: { protocol: Federation; actor: Actor }) => Promise<string>) =>
  async (visit: Visit): Promise<Answer> => {
    const protocol = federationOf(visit.params["federation"]);
    const { actor } = visit;
    if (!protocol || !actor) return notFound;
    return seeOther(`${IDENTITY_PAGE}/${protocol}`, await act(visit, { protocol, actor }));
  };

/** Two administrators, or one who pressed twice: the second certificate is not kept. */
const ALREADY_MADE = "Un certificato è già stato creato: è quello qui sotto. Nulla è cambiato.";

/** The first one signs at once; another waits until it is known. */
export const makeCertificate = onProvider(async (visit, { protocol, actor }) => {
  const { now, app } = visit;
  const { newest, states } = await visit.town.read(async (tx) => ({
    newest: (await providerVersions(tx, protocol))[0],
    states: (await providerKeys(tx, { protocol })).map(({ state }) => state),
  }));
  if (!newest) return "Prima si salvano i dati.";
  if (states.includes("next")) return ALREADY_MADE;
  const request = certificateRequestOf(newest.settings, now);
  const { certificatePem, privateKeyPem } = await newCertificate(request);
  const added = await visit.town.write((tx) =>
    addProviderKey(tx, {
      ...{ actor, protocol, use: "sign", now, sealKey: app.sealKey },
      ...{ publicPart: certificatePem, privatePart: privateKeyPem, notAfter: request.notAfter },
      wanted: states.includes("current") ? "next" : "current",
    }),
  );
  if (added.outcome === "one-waits") return ALREADY_MADE;
  return added.state === "current"
    ? "Certificato creato. Ora il metadata si può scaricare e consegnare."
    : "Nuovo certificato pronto e pubblicato. Ora va consegnato il metadata.";
});

export const useNextCertificate = onProvider(async (visit, { protocol, actor }) => {
  const { now } = visit;
  const promoted = await visit.town.write((tx) =>
    promoteProviderKey(tx, { actor, protocol, use: "sign", now }),
  );
  return promoted.outcome === "promoted"
    ? "Il nuovo certificato è in uso. Quello precedente resta pubblicato."
    : "Nessun certificato nuovo da usare.";
});

export const retireCertificate = onProvider(async (visit, { protocol, actor }) => {
  const id = visit.fields.text("chiave");
  if (!isUuid(id)) return "Nulla è cambiato.";
  const { now } = visit;
  const retired = await visit.town.write((tx) =>
    retireProviderKey(tx, { actor, protocol, id, now }),
  );
  return retired.outcome === "retired"
    ? "Certificato ritirato. Ora va consegnato il metadata."
    : "Il certificato in uso non si ritira: prima ne serve un altro.";
});

export const enableNow = onProvider(async (visit, { protocol, actor }) => {
  const version = Number(visit.fields.text("versione"));
  const { name } = FEDERATION_WORDS[protocol];
  const { now } = visit;
  return visit.town.write(async (tx) => {
    const wanted = (await providerVersions(tx, protocol)).find((one) => one.version === version);
    const keys = await providerKeys(tx, { protocol });
    if (!wanted || keys.length === 0) return "Prima servono i dati e un certificato.";
    const certificates = keys.slice(0, 2).map(({ publicPart }) => publicPart);
    const provider = serviceProviderOf(protocol, wanted.settings, certificates);
    if (findProviderFaults(provider).length > 0)
      return "Questa versione non è completa: correggere i dati e salvarli di nuovo.";
    await enableProvider(tx, { actor, protocol, version, now });
    return `${name} è attivo con la versione ${version}: compare alla pagina di accesso.`;
  });
});

export const disableNow = onProvider(async (visit, { protocol, actor }) => {
  const { now } = visit;
  await visit.town.write((tx) => disableProvider(tx, { actor, protocol, now }));
  const { name } = FEDERATION_WORDS[protocol];
  return `${name} è disattivato: chi è già entrato continua, nessuno entra più così.`;
});
