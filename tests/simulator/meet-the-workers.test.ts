// SPDX-License-Identifier: EUPL-1.2
/** Our workers and the simulator meet at pagoPA's protocols: what one says, the other understands. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf } from "#ledger";
import { cancelNotice, configureStation, type Notice, remoteBacklog } from "#payments";
import { readReports, syncTown, watchClosed } from "../../src/worker/remote-sync.ts";
import { collecting, issue, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type Simulated, simulatedPagoPa } from "../support/simulated-pagopa.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { until } from "../support/until.ts";

const START = moment("2026-11-20T09:16:00Z");
let now = START;
let base: TestDatabase;
let pagoPa: Simulated;

before(async () => {
  base = await testDatabase();
  pagoPa = await simulatedPagoPa(base.db, { now: () => now });
});
afterEach(async () => {
  now = START;
  await pagoPa.command("/_comandi/azzera");
});
after(async () => {
  await pagoPa.close();
  await base.close();
});

let towns = 0;
async function payingTown(): Promise<{
  place: SmallTown;
  creditor: string;
  segregationCode: string;
}> {
  const place = await smallTown(base.db);
  return { place, ...(await collecting(place, { creditor: `6600000000${towns++}` })) };
}

const owe = (place: SmallTown, cents = 6410n): Promise<Notice> =>
  issueOne(place, topUp(place, newId(), [topUpLine(place, place.giulia, cents)]));

async function payAtCounter(notice: Notice): Promise<number> {
  const { noticeNumber, creditorFiscalCode: fiscalCode, amountCents } = notice;
  const answer = await fetch(`${pagoPa.simulator.url}/tabaccaio/paga`, {
    method: "POST",
    body: new URLSearchParams({ noticeNumber, fiscalCode, amountCents: amountCents.toString() }),
    redirect: "manual",
  });
  return answer.status;
}

const hasCredit = (place: SmallTown, cents: bigint): Promise<void> =>
  until(
    async () =>
      (await place.town.read((tx) =>
        balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
      )) === cents,
  );

/** Rounds of the worker until it has nothing more to say; what failed is due again later. */
async function sync(place: SmallTown): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    await syncTown(pagoPa.app, place.town);
    now = now.add({ minutes: 30 });
  }
}

const copyOf = ({ noticeNumber }: Notice): string | undefined =>
  pagoPa.simulator.world.aca.all.find(({ nav }) => nav === noticeNumber)?.status;

describe("ACA", () => {
  it("OS-07 has every notice, loses what is deleted, and takes the money while the station is down", async () => {
    const { place } = await payingTown();
    const [kept, dropped, paid] = [await owe(place), await owe(place), await owe(place, 500n)];
    await pagoPa.command("/_comandi", { services: "down" });
    await syncTown(pagoPa.app, place.town);
    assert.equal(copyOf(kept), undefined, "pagoPA was down");
    await pagoPa.command("/_comandi/azzera");
    now = now.add({ hours: 1 });
    await sync(place);
    assert.deepEqual([kept, dropped, paid].map(copyOf), ["VALID", "VALID", "VALID"]);
    await place.town.write((tx) =>
      cancelNotice(tx, { actor: place.sara, noticeId: dropped.id, reason: "", now }),
    );
    await sync(place);
    assert.deepEqual([kept, dropped].map(copyOf), ["VALID", "INVALID"]);

    const commands = { unreachable: true, standIn: true, receipt: "before-return" };
    await pagoPa.command("/_comandi", commands);
    assert.equal(await payAtCounter(paid), 303);
    await pagoPa.command("/_comandi/azzera");
    await pagoPa.command("/_comandi/ritenta");
    await hasCredit(place, 500n);
    await sync(place);
    assert.equal(copyOf(paid), "PAID", "closing what pagoPA itself was paid for is no fault");
    assert.equal(await payAtCounter(dropped), 409);
  });
});

async function townInGpd(gpdVersion: "v1" | "v3"): Promise<SmallTown> {
  const { place, creditor, segregationCode } = await payingTown();
  const station = {
    creditorFiscalCode: creditor,
    segregationCode,
    stationId: `${creditor}_02`,
    brokerFiscalCode: creditor,
    mode: "asynchronous" as const,
    gpdVersion,
  };
  const saved = await place.town.write((tx) =>
    configureStation(tx, { actor: systemActor, station, now }),
  );
  assert.equal(saved.outcome, "saved");
  return place;
}

describe("GPD", () => {
  it("OS-11 a month's bills go by the file, and one of them is paid", async () => {
    const place = await townInGpd("v1");
    const drafts = Array.from({ length: 60 }, () =>
      topUp(place, newId(), [topUpLine(place, place.giulia, 640n)]),
    );
    const made = await issue(place, drafts);
    assert.ok(made.outcome === "issued");
    const last = made.positions.at(-1)!.notices[0]!;
    assert.equal(await syncTown(pagoPa.app, place.town), 60);
    now = now.add({ minutes: 1 });
    assert.equal(await readReports(pagoPa.app, place.town), 60);
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
    assert.equal(await payAtCounter(last), 303);
    await hasCredit(place, 640n);
  });

  it("OS-11 a file without an answer that is worked through later: nobody can pay what was deleted meanwhile", async () => {
    const place = await townInGpd("v1");
    const drafts = Array.from({ length: 60 }, () =>
      topUp(place, newId(), [topUpLine(place, place.giulia, 640n)]),
    );
    const made = await issue(place, drafts);
    assert.ok(made.outcome === "issued");
    const { id: noticeId, ...deleted } = made.positions[0]!.notices[0]!;
    await pagoPa.command("/_comandi", { files: "late" });
    assert.equal(await syncTown(pagoPa.app, place.town), 0);
    const of = { actor: systemActor, noticeId, reason: "prova", now };
    const done = await place.town.write((tx) => cancelNotice(tx, of));
    assert.equal(done.outcome, "cancelled");
    now = now.add({ minutes: 1 });
    await sync(place);
    await pagoPa.command("/_comandi/rilascia");
    now = now.add({ hours: 1 });
    assert.equal(await watchClosed(pagoPa.app, place.town), 1, "it is there after all");
    await sync(place);
    assert.equal(await payAtCounter({ id: noticeId, ...deleted }), 409);
    assert.equal(await payAtCounter(made.positions[1]!.notices[0]!), 303);
    await hasCredit(place, 640n);
  });

  for (const gpdVersion of ["v1", "v3"] as const) {
    it(`OS-11 ${gpdVersion}: pagoPA takes money for what it was handed, the receipt comes to us`, async () => {
      const place = await townInGpd(gpdVersion);
      const notice = await owe(place);
      assert.equal(await payAtCounter(notice), 409, "not handed over yet");
      await sync(place);
      assert.equal(await payAtCounter(notice), 303);
      await hasCredit(place, 6410n);
    });
  }
});
