// SPDX-License-Identifier: EUPL-1.2
import type { Federation } from "#identity";
import { findProviderFaults, writeMetadata } from "../../../integrations/saml/index.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { townProvider } from "./town-provider.ts";

/**
 * GET `/spid/metadata`: of the version in use; before there is one, of the newest draft, so that it can be handed in. A
 * draft with faults is no document.
 */
export const metadata =
  (federation: Federation) =>
  async (visit: Visit): Promise<Answer> => {
    const { sealKey } = visit.app;
    const wanted = visit.query["versione"] === "bozza" ? "latest" : "enabled";
    const town = await visit.town.read(
      async (tx) =>
        (await townProvider(tx, { federation, sealKey, which: wanted })) ??
        townProvider(tx, { federation, sealKey, which: "latest" }),
    );
    if (!town || findProviderFaults(town.provider).length > 0) return notFound;
    const text = writeMetadata(town.provider, town.signer.privateKeyPem);
    return { kind: "text", contentType: "application/samlmetadata+xml; charset=utf-8", text };
  };
