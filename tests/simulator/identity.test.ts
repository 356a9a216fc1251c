// SPDX-License-Identifier: EUPL-1.2
/** The pretended provider reads requests as a real one would, and says everything that is wrong with them. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import {
  type AuthnRequest,
  authnRequestForm,
  authnRequestRedirect,
  writeMetadata,
} from "../../src/integrations/saml/index.ts";
import { newSigner, spidTown, townSigner, TOWN_ENTITY } from "../support/saml-samples.ts";
import { IDLE } from "../support/idle.ts";

const NOW = moment("2026-11-20T08:00:00Z");

describe("the pretended SPID", () => {
  let metadata: Server;
  let simulator: Simulator;
  let counter = 0;

  before(async () => {
    const xml = writeMetadata(spidTown, townSigner.privateKeyPem);
    metadata = createServer(IDLE, (_request, response) => response.end(xml));
    await new Promise<void>((done) => metadata.listen(0, "127.0.0.1", done));
    const { port } = metadata.address() as AddressInfo;
    const metadataUrl = `http://127.0.0.1:${port}/`;
    const service = { federation: "spid", entityId: TOWN_ENTITY, name: "Borgofiore" } as const;
    const person = { name: "Ada", familyName: "Rossi", hint: "prova", attributes: {} };
    simulator = await startSimulator(
      { stationUrl: "http://127.0.0.1:1/", stations: async () => [], now: () => NOW },
      { port: 0, host: "127.0.0.1" },
      {
        services: async () => [{ ...service, metadataUrl }],
        people: async () => [person],
        now: () => NOW,
      },
    );
  });
  after(async () => {
    await simulator.close();
    metadata.close();
  });

  function request(more: Partial<AuthnRequest> = {}): AuthnRequest {
    counter += 1;
    return {
      id: `_richiesta-di-prova-${counter}`,
      issuedAt: NOW,
      protocol: "spid",
      entityId: TOWN_ENTITY,
      singleSignOnUrl: `${simulator.url}/idp/spid/sso`,
      level: 2,
      attributeSet: 0,
      relayState: "gettone-di-prova-1234",
      ...more,
    };
  }

  async function said(answer: Promise<Response>): Promise<{ status: number; text: string }> {
    const response = await answer;
    return { status: response.status, text: await response.text() };
  }
  const byLink = (of: AuthnRequest, signer = townSigner) =>
    said(fetch(authnRequestRedirect(of, signer).url));
  const byForm = (of: AuthnRequest, tamper: (xml: string) => string = (xml) => xml) => {
    const { action, fields } = authnRequestForm(of, townSigner);
    const body = new URLSearchParams(fields.map(({ name, value }) => [name, value]));
    const xml = Buffer.from(body.get("SAMLRequest")!, "base64").toString();
    body.set("SAMLRequest", Buffer.from(tamper(xml)).toString("base64"));
    return said(fetch(action, { method: "POST", body }));
  };

  it("OS-03 takes a good request by link and by form, and offers its people", async () => {
    for (const { status, text } of [await byLink(request()), await byForm(request())]) {
      assert.equal(status, 200, text);
      assert.match(text, /Ada Rossi/);
      assert.match(text, /nessuna identità vera/);
    }
  });

  it("OS-03 says what is wrong: signature, freshness, address, forced sign-in, repeated id", async () => {
    const cases: [Promise<{ status: number; text: string }>, RegExp][] = [
      [byLink(request(), newSigner("Qualcun altro")), /non è di un certificato del metadata/],
      [byForm(request(), (xml) => xml.replace("SpidL2", "SpidL3")), /non è di un certificato/],
      [
        byForm(request(), (xml) => xml.replace(/<ds:Signature[^]*<\/ds:Signature>/, "")),
        /Manca la/,
      ],
      [byLink(request({ issuedAt: NOW.subtract({ hours: 1 }) })), /IssueInstant/],
      [byLink(request({ attributeSet: 7 })), /AttributeConsumingServiceIndex/],
      [byLink(request({ assertionConsumer: 3 })), /AssertionConsumerService/],
      [byForm(request(), (xml) => xml.replace(' ForceAuthn="true"', "")), /ForceAuthn/],
      [byForm(request(), (xml) => xml.replace("transient", "persistent")), /NameIDPolicy/],
      [byLink(request({ entityId: "https://altro.esempio.it" })), /Nessun servizio registrato/],
      [said(fetch(`${simulator.url}/idp/spid/sso?SAMLRequest=x`)), /leggibile/],
    ];
    for (const [answer, wanted] of cases) {
      const { status, text } = await answer;
      assert.equal(status, 400, String(wanted));
      assert.match(text, wanted);
    }
    const twice = request();
    assert.equal((await byLink(twice)).status, 200);
    assert.match((await byLink(twice)).text, /ID già usato/);
  });

  it("OS-03 a ticket that is not there answers nobody", async () => {
    const body = new URLSearchParams({ ticket: "x", persona: "0" });
    const { status } = await said(
      fetch(`${simulator.url}/idp/spid/esito`, { method: "POST", body }),
    );
    assert.equal(status, 404);
  });
});
