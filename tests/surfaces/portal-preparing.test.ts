// SPDX-License-Identifier: EUPL-1.2
/** A town whose notices stand in GPD: for the seconds until GPD has one, the family reads so and cannot pay. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { configureStation, setServiceKey } from "#payments";
import { routes } from "../../src/surfaces/portal/routes.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { syncTown } from "../../src/worker/remote-sync.ts";
import { collecting, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { PagopaPositions } from "../support/pagopa-positions.ts";
import { type TestSite, testSite } from "../support/site.ts";

const NOW = moment("2026-11-24T08:00:00Z");
let base: TestDatabase;
let site: TestSite;
let pagopa: PagopaPositions;

before(async () => {
  base = await testDatabase();
  pagopa = new PagopaPositions();
  const apiUrl = await pagopa.listen();
  site = await testSite(base.db, {
    routes,
    now: NOW,
    pagoPa: { ...NO_PAGOPA, apiUrl, checkoutOrigin: apiUrl },
  });
});
after(async () => {
  await pagopa.close();
  await site.close();
  await base.close();
});

describe("a notice that GPD does not have yet", () => {
  it("OS-11 is in preparation in Italian and English, then to pay, without a tap", async () => {
    const { place, app } = site;
    const { creditor, segregationCode } = await collecting(place);
    await place.town.write(async (tx) => {
      const station = {
        creditorFiscalCode: creditor,
        segregationCode,
        stationId: `${creditor}_01`,
        brokerFiscalCode: creditor,
        mode: "asynchronous" as const,
      };
      await configureStation(tx, { actor: systemActor, station, now: NOW });
      const { key } = pagopa;
      const { sealKey } = app;
      await setServiceKey(tx, { actor: systemActor, service: "gpd", key, sealKey, now: NOW });
    });
    const line = topUpLine(place, place.giulia, 2000n);
    const notice = await issueOne(place, topUp(place, newId(), [line]));
    const sara = await site.signInAs("guardian");
    const path = `/pagamenti/avvisi/${notice.noticeNumber}`;
    const before = (await site.get(path, sara)).body;
    assert.match(before, /pagoPA sta preparando l(?:'|&#39;)avviso/);
    assert.doesNotMatch(before, /Paga adesso/);
    const english = await site.get(path, { ...sara, cookie: `${sara.cookie}; campanella_lang=en` });
    assert.match(english.body, /pagoPA is preparing the notice/);
    assert.match((await site.get("/pagamenti", sara)).body, /In preparazione/);
    assert.equal(await syncTown(app, place.town), 1);
    const after = (await site.get(path, sara)).body;
    assert.doesNotMatch(after, /sta preparando/);
    assert.match(after, /Paga adesso/);
  });
});
