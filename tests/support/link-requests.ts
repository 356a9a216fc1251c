// SPDX-License-Identifier: EUPL-1.2
/** Somebody verified whom nobody knows, and the request to be tied to a family. */
import assert from "node:assert/strict";
import { strangerBySubject } from "#identity";
import { ADA } from "./saml-provider.ts";
import { bring, cookieNamed, depart, type openSite, respond } from "./saml-site.ts";

export const LINK = "/accedi/collegamento";
export const REQUEST = { bambino: "Giulia Ferrando", scuola: "Primaria Milano, 3A" };

export function strangersAt(at: Awaited<ReturnType<typeof openSite>>) {
  /** Comes back from the provider; `proof`: the sealed word of who that is. */
  async function arrive(name: string, familyName: string, codiceFiscale: string) {
    const away = await depart(at);
    const person = { ...ADA, name, familyName, fiscalNumber: `TINIT-${codiceFiscale}` };
    const page = await bring(at, away, respond(away, { person }));
    const cookie = page.statusCode === 200 ? cookieNamed(page, "_ospite") : "";
    return { page, proof: { cookie } };
  }
  const requestOf = (codiceFiscale: string) =>
    at.place.town.read((tx) => strangerBySubject(tx, `cf:${codiceFiscale}`));
  async function asked(name: string, surname: string, codiceFiscale: string, fields = {}) {
    const { page, proof } = await arrive(name, surname, codiceFiscale);
    const sent = await at.post(LINK, { ...REQUEST, ...fields }, null, proof);
    assert.equal(sent.statusCode, 303, sent.body);
    return { row: (await requestOf(codiceFiscale))!, proof, page };
  }
  return { arrive, requestOf, asked };
}
