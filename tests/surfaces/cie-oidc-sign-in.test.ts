// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { putPeople } from "#families";
import { addProviderKey, enableProvider, saveProvider, searchJournal } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import {
  CONFIGURATION_CONTENT_TYPE,
  newOwnKey,
} from "../../src/integrations/oidc-federation/index.ts";
import { startOidcSimulator } from "../../simulator/identity-provider/oidc/server.ts";
import type { Jwks } from "../../simulator/identity-provider/oidc/tokens.ts";
import { site } from "../../src/surfaces/site.ts";
import { ANNA, BRUNO, chooseAt, NOON, partOf } from "../support/cie-oidc.ts";
import { testDatabase } from "../support/db.ts";
import { testSite, type TestSite } from "../support/site.ts";

const BASE = "https://servizi.comune.example";
const ENTITY = `${BASE}/oidc/cie`;

const cookiesOf = (response: { headers: Record<string, unknown> }): string[] =>
  [response.headers["set-cookie"]].flat().map((one) => String(one).split(";")[0]!);

describe("signing in with CIE over OpenID Connect", async () => {
  const { db, close } = await testDatabase();
  const place: { site?: TestSite } = {};
  const simulator = await startOidcSimulator({
    now: () => NOON,
    people: [ANNA, BRUNO],
    fetch: async (url) => {
      const { body } = await place.site!.get(new URL(url).pathname);
      return new Response(body, { headers: { "content-type": CONFIGURATION_CONTENT_TYPE } });
    },
  });
  /** the provider no longer knows the town's client */
  let refusesClient = false;
  const opened = await testSite(db, {
    ...{ routes: site.routes, demo: false, now: NOON },
    outside: {
      fetch: (url, init) =>
        refusesClient && init?.method === "POST"
          ? Promise.resolve(Response.json({ error: "invalid_client" }, { status: 401 }))
          : fetch(url, init),
      allowLoopbackHttp: true,
    },
  });
  place.site = opened;
  after(async () => {
    await opened.close();
    await simulator.close();
    await close();
  });
  const { sealKey } = opened.app;
  const given = { actor: systemActor, protocol: "cie-oidc" as const, sealKey, now: NOON };
  const { town } = opened.place;
  const save = (trustMarks: { id: string; trustMark: string }[]) =>
    town.write((tx) =>
      saveProvider(tx, {
        ...given,
        settings: {
          ...{ entityId: ENTITY, baseUrl: BASE, organizationName: "Comune di Prova", trustMarks },
          contact: "protocollo@pec.comune.example",
          provider: simulator.provider.id,
          trustAnchor: simulator.anchor.entityId,
          trustAnchorKeys: simulator.anchor.jwks,
          authorityHints: [simulator.anchor.entityId],
          level: 3,
        },
      }),
    );
  assert.deepEqual(await save([]), { outcome: "saved", version: 1 });
  await town.write(async (tx) => {
    for (const [use, kind] of [
      ["federation", "sig"],
      ["sign", "sig"],
      ["decrypt", "enc"],
    ] as const) {
      const key = await newOwnKey(kind, "current", 2048);
      const privatePart = JSON.stringify(key.privateJwk);
      await addProviderKey(tx, { ...given, use, publicPart: "{}", privatePart, notAfter: null });
    }
    const person = { givenName: "Anna", surname: "Rossi", codiceFiscale: ANNA.fiscalNumber };
    await putPeople(tx, [{ id: opened.place.sara.personId!, kind: "adult", ...person }], NOON);
  });
  // The federation takes the town in by what its draft says; the mark makes it a new version.
  const said = await opened.get("/oidc/cie/.well-known/openid-federation");
  const jwks = partOf(said.body, 1)["jwks"] as Jwks;
  const mark = await simulator.federation.onboard(ENTITY, { jwks, role: "openid_relying_party" });
  assert.deepEqual(await save([{ id: mark.id, trustMark: mark.token }]), {
    outcome: "saved",
    version: 2,
  });
  await town.write((tx) => enableProvider(tx, { ...given, version: 2 }));

  /** As a browser: out, the choice at the provider, back. */
  async function goThere(person = 0, error?: string) {
    const away = await opened.get("/oidc/cie/entra?poi=%2Ffigli%2Fgiulia");
    assert.equal(away.statusCode, 302, away.body);
    const cookie = cookiesOf(away).find((one) => one.includes("_andata="))!;
    const back = await chooseAt(
      String(away.headers.location),
      error === undefined ? { person } : { error },
    );
    return { cookie, path: back.pathname + back.search };
  }

  it("BO-13 MC-06 the parent is in, on the page that was asked for, and the answer counts once", async () => {
    const { cookie, path } = await goThere();
    const back = await opened.get(path, undefined, { cookie });
    assert.equal(back.statusCode, 303, back.body);
    assert.equal(back.headers.location, "/figli/giulia");
    const session = cookiesOf(back).find((one) => /^campanella_[a-z0-9-]+=./.test(one))!;
    assert.match((await opened.get("/oggi", undefined, { cookie: session })).body, /Giulia/);
    assert.equal((await opened.get(path, undefined, { cookie })).statusCode, 403, "used");
  });

  it("BO-13 another browser, a touched answer, nothing at all: nobody comes in", async () => {
    const first = await goThere();
    assert.equal((await opened.get(first.path)).statusCode, 403, "another browser");
    const second = await goThere();
    const foreign = second.path.replace(/iss=[^&]+/, "iss=https%3A%2F%2Faltro.example");
    assert.equal((await opened.get(foreign, undefined, { cookie: second.cookie })).statusCode, 400);
    for (const path of ["/oidc/cie/callback", "/oidc/cie/callback?state=x&code=y&iss=z&state=w"])
      assert.equal((await opened.get(path, undefined, { cookie: second.cookie })).statusCode, 403);
  });

  it("BO-13 a stranger is told so; who cancels, too; both are in the journal", async () => {
    const stranger = await goThere(1);
    const page = await opened.get(stranger.path, undefined, { cookie: stranger.cookie });
    assert.equal(page.statusCode, 200);
    assert.match(page.body, /Nessuna iscrizione collegata a questo codice fiscale/);
    const cancelled = await goThere(0, "access_denied");
    const answer = await opened.get(cancelled.path, undefined, { cookie: cancelled.cookie });
    assert.equal(answer.statusCode, 401);
    const entries = await opened.place.town.read((tx) =>
      searchJournal(tx, {
        ...{ from: NOON.subtract({ hours: 1 }), to: NOON.add({ hours: 1 }), sealKey, limit: 50 },
        codiceFiscale: BRUNO.fiscalNumber,
      }),
    );
    assert.equal(entries.length, 1);
    assert(entries[0]!.response.includes("userinfo"));
  });

  it("BI-01 who was in before on this browser is out once the provider vouches for a stranger, not when it refuses", async () => {
    const own = await goThere();
    const back = await opened.get(own.path, undefined, { cookie: own.cookie });
    const session = cookiesOf(back).find((one) => /^campanella_[a-z0-9-]+=./.test(one))!;
    const isIn = async () =>
      (await opened.get("/oggi", undefined, { cookie: session })).statusCode === 200;
    const cancelled = await goThere(0, "access_denied");
    const cookie = `${cancelled.cookie}; ${session}`;
    assert.equal((await opened.get(cancelled.path, undefined, { cookie })).statusCode, 401);
    assert(await isIn(), "nobody was vouched for");
    const stranger = await goThere(1);
    const page = await opened.get(stranger.path, undefined, {
      cookie: `${stranger.cookie}; ${session}`,
    });
    assert.match(page.body, /Nessuna iscrizione collegata a questo codice fiscale/);
    assert.doesNotMatch(page.body, /Giulia|Esci/);
    assert(!(await isIn()));
  });

  it("OS-03 what CIE holds against the town's own request is on the office's board for a day; what a browser alone says is not", async () => {
    const board = async (role: "administrator" | "office", now = NOON) => {
      opened.setClock(now);
      const { body } = await opened.get("/ufficio", await opened.signInAs(role));
      opened.setClock(NOON);
      return body.replaceAll(/\s+/g, " ");
    };
    /** The provider sends the browser back with this instead of a code. */
    const turnedDown = async (error: string) => {
      const { cookie, path } = await goThere(0, "access_denied");
      const back = await opened.get(path.replace("access_denied", error), undefined, { cookie });
      return [back.statusCode, /è stato segnalato/.test(back.body)];
    };
    const said = (times: string, error: string) =>
      `CIE con OpenID Connect: il gestore ha respinto ${times} di accesso del Comune da ieri (anomalia ${error})`;
    // Unsigned, and brought by the browser: anybody may write that into an address.
    for (const _ of ["once", "twice"])
      assert.deepEqual(await turnedDown("invalid_request"), [400, true]);
    assert.deepEqual(await turnedDown("unheard_of"), [400, true]);
    assert.deepEqual(await turnedDown("temporarily_unavailable"), [401, false]);
    assert.doesNotMatch(await board("administrator"), /OpenID Connect: il gestore/);
    await turnedDown("invalid_request");
    const agreed = await board("administrator");
    assert(agreed.includes(said("3 richieste", "invalid_request")), "several, and nobody came in");
    assert(!agreed.includes("anomalia other"));
    const own = await goThere();
    opened.setClock(NOON.add({ minutes: 1 }));
    const entered = await opened.get(own.path, undefined, { cookie: own.cookie });
    assert.equal(entered.statusCode, 303);
    assert.doesNotMatch(await board("administrator"), /OpenID Connect: il gestore/);
    // It takes the way back, but not our client: told where the code is redeemed.
    for (const _ of ["once", "twice"]) {
      const { cookie, path } = await goThere();
      refusesClient = true;
      const back = await opened.get(path, undefined, { cookie });
      refusesClient = false;
      assert.equal(back.statusCode, 400);
      assert.match(back.body, /è stato segnalato/);
    }
    const again = await opened.get("/cie/esito/anomalia-nostra");
    assert.equal(again.statusCode, 400, "where another language is chosen");
    const all = await board("administrator");
    assert(all.includes(said("2 richieste", "invalid_client")), all);
    assert.doesNotMatch(all, /invalid_request|access_denied|temporarily_unavailable/);
    const office = await board("office");
    assert(office.includes(`${said("2 richieste", "invalid_client")}: avvisare chi amministra`));
    const nextDay = await board("administrator", NOON.add({ hours: 25 }));
    assert.doesNotMatch(nextDay, /OpenID Connect: il gestore/);
  });

  it("BO-13 what the town says of itself is signed, and resolves; without a key there is no door", async () => {
    const said = await opened.get("/oidc/cie/.well-known/openid-federation");
    assert.equal(said.statusCode, 200);
    assert.match(String(said.headers["content-type"]), /entity-statement\+jwt/);
    const unknown = await opened.get(
      "/oidc/cie/resolve?sub=https://x.example&trust_anchor=https://y.example",
    );
    assert.equal(unknown.statusCode, 404);
    const other = await testSite(db, { routes: site.routes, demo: false, now: NOON });
    assert.equal((await other.get("/oidc/cie/entra")).statusCode, 404);
    assert.equal((await other.get("/oidc/cie/.well-known/openid-federation")).statusCode, 404);
    await other.close();
  });
});
