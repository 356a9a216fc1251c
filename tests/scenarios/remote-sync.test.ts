// SPDX-License-Identifier: EUPL-1.2
/** What pagoPA keeps of our notices is what is true of them, whatever fails on the way. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import fc from "fast-check";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { systemActor } from "#kernel/actor.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  cancelNotice,
  claimRemote,
  configureStation,
  type Notice,
  noticesOf,
  payableNotice,
  type PositionDraft,
  remoteBacklog,
  remoteStandingOf,
  setServiceKey,
  startCart,
} from "#payments";
import { moveNotices } from "../../src/modules/payments/sql/notices.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import {
  readBack,
  readReports,
  startRemoteSync,
  syncTown,
  watchClosed,
} from "../../src/worker/remote-sync.ts";
import {
  apply,
  collecting,
  issue,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import { type Mishap, PagopaPositions } from "../support/pagopa-positions.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { until } from "../support/until.ts";

const SEAL_KEY = "installazione di prova";
const MODES = ["aca", "gpd-v1", "gpd-v3"] as const;
type Mode = (typeof MODES)[number];
const RUNS = testEngine() === "postgres" ? 50 : 40;

let base: TestDatabase;
let pagopa: PagopaPositions;
let apiUrl: string;
let now: Moment;
let nextCreditor = 10_000_000_000;
const app = () => ({
  db: base.db,
  clock: { now: () => now },
  demo: false,
  sealKey: SEAL_KEY,
  pagoPa: { ...NO_PAGOPA, apiUrl },
});

before(async () => {
  base = await testDatabase();
  pagopa = new PagopaPositions();
  apiUrl = await pagopa.listen();
});
beforeEach(() => {
  now = moment("2026-11-20T08:00:00Z");
  pagopa.mishaps.length = 0;
  pagopa.requests.length = 0;
});
after(async () => {
  await pagopa.close();
  await base.close();
});

async function townIn(mode: Mode, key: string | null = pagopa.key): Promise<SmallTown> {
  const place = await smallTown(base.db);
  nextCreditor += 1;
  const own = { creditor: String(nextCreditor), segregationCode: "01" };
  const { creditor, segregationCode } = await collecting(place, own);
  await place.town.write(async (tx) => {
    if (mode !== "aca") {
      const station = {
        creditorFiscalCode: creditor,
        segregationCode,
        stationId: `${creditor}_01`,
        brokerFiscalCode: creditor,
        mode: "asynchronous" as const,
        gpdVersion: mode === "gpd-v1" ? ("v1" as const) : ("v3" as const),
      };
      const saved = await configureStation(tx, { actor: systemActor, station, now });
      assert.equal(saved.outcome, "saved");
    }
    if (key !== null)
      for (const service of ["aca", "gpd"] as const)
        await setServiceKey(tx, { actor: systemActor, service, key, sealKey: SEAL_KEY, now });
  });
  return place;
}

const one = (place: SmallTown, cents = 1000n): PositionDraft =>
  topUp(place, newId(), [topUpLine(place, place.giulia, cents)]);

/** A bill: the whole, or three instalments. */
const inParts = (place: SmallTown): PositionDraft => ({
  ...one(place, 3000n),
  kind: "bill",
  dueOn: day("2027-01-31"),
  instalments: [1, 2, 3].map((month) => ({
    dueOn: day(`2027-0${month}-15`),
    amountCents: 1000n,
  })),
});

async function issued(place: SmallTown, draft: PositionDraft): Promise<Notice[]> {
  const made = await issue(place, [draft], now);
  assert.ok(made.outcome === "issued");
  return made.positions[0]!.notices;
}

const sync = (place: SmallTown): Promise<number> => syncTown(app(), place.town);
const watch = (place: SmallTown): Promise<number> => watchClosed(app(), place.town);
const cancel = (place: SmallTown, noticeId: string) =>
  place.town.write((tx) =>
    cancelNotice(tx, { actor: systemActor, noticeId, reason: "prova", now }),
  );
const standings = async (place: SmallTown): Promise<string[]> =>
  (await place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now }))).map(
    ({ standing }) => standing,
  );

describe("a notice of a synchronous station", () => {
  it("OS-07 is known to ACA with its amount, and closed by amount 0 when it is deleted", async () => {
    const place = await townIn("aca");
    const [notice] = await issued(place, one(place));
    assert.deepEqual(await standings(place), ["to-pay"]);
    await sync(place);
    const copy = pagopa.copyOf(notice!)!;
    assert.deepEqual(
      [copy.amount, copy.open, copy.body["payStandIn"], copy.body["expirationDate"]],
      [1000, true, true, "2099-12-31T22:59:59Z"],
    );
    await cancel(place, notice!.id);
    await sync(place);
    assert.equal(pagopa.copyOf(notice!)!.open, false);
    const before = pagopa.requests.length;
    await sync(place);
    assert.equal(pagopa.requests.length, before, "what is said is not said again");
    assert.deepEqual(pagopa.faults, []);
  });

  it("OS-07 deleted before anybody was told: pagoPA never hears of it", async () => {
    const place = await townIn("aca");
    const [notice] = await issued(place, one(place));
    await cancel(place, notice!.id);
    await sync(place);
    assert.deepEqual(pagopa.requests, []);
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
  });

  it("X-05 paid at pagoPA: the copy is closed, its refusal to touch a paid one is no problem", async () => {
    const place = await townIn("aca");
    const parts = await issued(place, inParts(place));
    await sync(place);
    const whole = parts.find(({ instalment }) => instalment === null)!;
    assert.equal(pagopa.copyOf(whole)!.body["payStandIn"], false);
    pagopa.pay(whole);
    await land(base.db, receiptFor(whole), now);
    await apply(base.db, now);
    await sync(place);
    for (const one of parts) assert.equal(pagopa.isPayable(one), false);
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
  });

  it("OS-07 without its key nothing leaves, and the page knows how much waits", async () => {
    const place = await townIn("aca", null);
    await issued(place, one(place));
    assert.equal(await sync(place), 0);
    assert.deepEqual(pagopa.requests, []);
    const [backlog] = await place.town.read((tx) => remoteBacklog(tx));
    assert.deepEqual([backlog?.channel, backlog?.waiting, backlog?.failing], ["aca", 1, 0]);
  });

  it("OS-07 a refused key is said, tried again later and later, and works once it is right", async () => {
    const place = await townIn("aca", "sbagliata");
    const [notice] = await issued(place, one(place));
    const tried: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      const before = pagopa.requests.length;
      await sync(place);
      if (pagopa.requests.length > before) tried.push(minute);
      now = now.add({ minutes: 1 });
    }
    assert.deepEqual(tried, [0, 1, 2, 4, 8, 16, 32]);
    const [backlog] = await place.town.read((tx) => remoteBacklog(tx));
    assert.deepEqual([backlog?.failing, backlog?.problem], [1, "HTTP 401"]);
    await place.town.write((tx) =>
      setServiceKey(tx, {
        ...{ actor: systemActor, service: "aca", key: pagopa.key, sealKey: SEAL_KEY, now },
      }),
    );
    now = now.add({ hours: 2 });
    await sync(place);
    assert.ok(pagopa.isPayable(notice!));
  });
});

describe("a notice of an asynchronous station", () => {
  for (const mode of ["gpd-v1", "gpd-v3"] as const)
    it(`OS-07 ${mode}: is in preparation until GPD has it, and nobody can begin to pay it`, async () => {
      const place = await townIn(mode);
      const [notice] = await issued(place, one(place));
      assert.deepEqual(await standings(place), ["preparing"]);
      const asked = await place.town.read((tx) => payableNotice(tx, { ...notice!, now }));
      assert.equal(asked.outcome, "in-preparation");
      const begin = () =>
        place.town.write((tx) =>
          startCart(tx, {
            ...{ actor: place.sara, noticeIds: [notice!.id], key: newId(), anyway: false, now },
          }),
        );
      assert.equal((await begin()).outcome, "not-payable");
      await sync(place);
      assert.deepEqual(await standings(place), ["to-pay"]);
      assert.ok(pagopa.isPayable(notice!));
      assert.equal((await begin()).outcome, "started");
      assert.deepEqual(pagopa.faults, []);
    });

  it("OS-07 gpd-v1 is invalidated, gpd-v3 deleted, when the notice is", async () => {
    for (const mode of ["gpd-v1", "gpd-v3"] as const) {
      const place = await townIn(mode);
      const [notice] = await issued(place, one(place));
      await sync(place);
      await cancel(place, notice!.id);
      await sync(place);
      assert.equal(pagopa.isPayable(notice!), false);
      const last = pagopa.requests.at(-1)!;
      assert.match(last, mode === "gpd-v1" ? /^POST .*\/invalidate$/ : /^DELETE /);
    }
  });

  it("OS-11 is looked at once a day; taken away there, it is handed over again; closed, it is left alone", async () => {
    for (const mode of ["gpd-v1", "gpd-v3"] as const) {
      const place = await townIn(mode);
      const [notice] = await issued(place, one(place));
      const [closed] = await issued(place, one(place));
      await sync(place);
      await cancel(place, closed!.id);
      await sync(place);
      assert.equal(await readBack(app(), place.town), 0, "just told");
      now = now.add({ hours: 25 });
      assert.equal(await readBack(app(), place.town), 1);
      const standing = await place.town.read((tx) => remoteStandingOf(tx, notice!.id));
      assert.deepEqual([standing?.told, standing?.remoteState], ["open", "VALID"]);
      pagopa.forget(notice!);
      now = now.add({ hours: 25 });
      pagopa.mishaps.push("refuse");
      assert.equal(await readBack(app(), place.town), 0, "silence is not absence");
      assert.equal(await readBack(app(), place.town), 1);
      assert.equal(pagopa.isPayable(notice!), false);
      await sync(place);
      assert.equal(pagopa.isPayable(notice!), true);
      assert.equal(pagopa.isPayable(closed!), false);
      assert.deepEqual(pagopa.faults, []);
    }
  });

  it("BO-08 an instalment paid at the counter is marked as paid, the others stay payable", async () => {
    for (const mode of ["gpd-v1", "gpd-v3"] as const) {
      const place = await townIn(mode);
      const parts = await issued(place, inParts(place));
      await sync(place);
      const [whole, first, second, third] = parts as [Notice, Notice, Notice, Notice];
      await elsewhere(place, first);
      await cancel(place, second.id);
      await sync(place);
      const payable = [whole, first, second, third].map((one) => pagopa.isPayable(one));
      assert.deepEqual(payable, [false, false, false, true]);
      assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
    }
  });
});

const elsewhere = (place: SmallTown, { id }: Notice): Promise<number> =>
  place.town.write((tx) =>
    moveNotices(tx, { ids: [id], from: "issued", to: "paid-elsewhere", at: now }),
  );

describe("the sender", () => {
  it("X-05 killed after sending: another takes over when the claim has run out, not before", async () => {
    const place = await townIn("gpd-v1");
    const [notice] = await issued(place, one(place));
    const claimed = await place.town.write((tx) =>
      claimRemote(tx, { channels: ["gpd-v1"], now, limit: 10 }),
    );
    assert.equal(claimed.length, 1);
    assert.equal(await sync(place), 0, "somebody may still be sending");
    await cancel(place, notice!.id);
    now = now.add({ minutes: 6 });
    await sync(place);
    assert.match(pagopa.requests.at(-1)!, /invalidate$/, "nobody knows whether it arrived");
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
  });

  it("X-05 two at once never send one position twice", async () => {
    const place = await townIn("aca");
    const notices: Notice[] = [];
    for (let index = 0; index < 30; index += 1) notices.push(...(await issued(place, one(place))));
    await Promise.all([sync(place), sync(place), sync(place)]);
    await sync(place);
    await sync(place);
    assert.equal(pagopa.requests.length, 30);
    for (const one of notices) assert.ok(pagopa.isPayable(one));
  });

  it("OS-07 works by itself, for every town, and stops", async () => {
    const place = await townIn("aca");
    const [notice] = await issued(place, one(place));
    const errors: unknown[] = [];
    const worker = startRemoteSync(app(), { onError: (_, error) => errors.push(error) });
    await until(() => pagopa.copyOf(notice!) !== undefined);
    await worker.stop();
    assert.ok(pagopa.isPayable(notice!));
    assert.deepEqual(errors, []);
  });
});

describe("a month's bills", () => {
  const COUNT = 60;
  const many = async (place: SmallTown, count = COUNT): Promise<Notice[]> => {
    const drafts = Array.from({ length: count }, () => one(place));
    const made = await issue(place, drafts, now);
    assert.ok(made.outcome === "issued");
    return made.positions.flatMap(({ notices }) => notices);
  };
  const minuteLater = async (place: SmallTown): Promise<void> => {
    now = now.add({ minutes: 1 });
    await readReports(app(), place.town);
  };
  const uploads = (): string[] => pagopa.requests.filter((one) => one.includes("/upload/"));
  const single = (): string[] => pagopa.requests.filter((one) => !one.includes("/upload/"));
  beforeEach(() => {
    pagopa.takesFiles = true;
    pagopa.refusedInFiles = 0;
  });

  it("OS-07 gpd-v1: goes in one file, and is payable once its report says so", async () => {
    const place = await townIn("gpd-v1");
    const notices = await many(place);
    assert.equal(await sync(place), COUNT);
    assert.deepEqual(await standings(place), Array(COUNT).fill("preparing"));
    assert.equal(await sync(place), 0, "nobody sends them again meanwhile");
    await minuteLater(place);
    assert.deepEqual(await standings(place), Array(COUNT).fill("preparing"));
    await minuteLater(place);
    assert.deepEqual(await standings(place), Array(COUNT).fill("to-pay"));
    for (const notice of notices) assert.ok(pagopa.isPayable(notice));
    assert.equal(uploads().filter((one) => one.startsWith("POST")).length, 1);
    assert.equal(single().length, 1, "one is looked at: was it published?");
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
    assert.deepEqual(pagopa.faults, []);
  });

  it("OS-07 gpd-v1: what the file's report refuses is tried by itself, the others are done", async () => {
    const place = await townIn("gpd-v1");
    const notices = await many(place);
    pagopa.refusedInFiles = 3;
    await sync(place);
    await minuteLater(place);
    await minuteLater(place);
    const [backlog] = await place.town.read((tx) => remoteBacklog(tx));
    assert.deepEqual([backlog?.waiting, backlog?.problem], [3, "HTTP 400: 400"]);
    await minuteLater(place);
    assert.equal(await sync(place), 3);
    for (const notice of notices) assert.ok(pagopa.isPayable(notice));
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
    assert.equal(uploads().filter((one) => one.startsWith("POST")).length, 1);
  });

  it("OS-07 gpd-v1: deleted while the file is worked through, it is closed afterwards", async () => {
    const place = await townIn("gpd-v1");
    const [first, ...others] = await many(place);
    await sync(place);
    await cancel(place, first!.id);
    assert.equal(await sync(place), 0, "its file is still on the way");
    await minuteLater(place);
    await minuteLater(place);
    assert.equal(await sync(place), 1);
    assert.equal(pagopa.isPayable(first!), false);
    for (const notice of others) assert.ok(pagopa.isPayable(notice));
    assert.deepEqual(pagopa.faults, []);
  });

  for (const [how, mishap] of [
    ["is not to be had", null],
    ["is lost on the way", "lost" as const],
    ["was taken, and the answer lost", "mute" as const],
  ] as const)
    it(`OS-07 gpd-v1: a file that ${how}: each goes by itself`, async () => {
      const place = await townIn("gpd-v1");
      const notices = await many(place);
      if (mishap) pagopa.mishaps.push(mishap);
      else pagopa.takesFiles = false;
      assert.equal(await sync(place), 0);
      now = now.add({ minutes: 1 });
      while ((await sync(place)) > 0);
      for (const notice of notices) assert.ok(pagopa.isPayable(notice));
      assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
      assert.equal(uploads().length, mishap === "lost" ? 0 : 1);
      assert.deepEqual(pagopa.faults, []);
    });

  it("OS-07 gpd-v1: a file without an answer, worked through hours later: what was deleted meanwhile is closed again", async () => {
    const place = await townIn("gpd-v1");
    const [deleted, elsewhere, ...others] = await many(place);
    pagopa.mishaps.push("late");
    assert.equal(await sync(place), 0);
    await cancel(place, deleted!.id);
    await place.town.write((tx) =>
      moveNotices(tx, { ids: [elsewhere!.id], from: "issued", to: "paid-elsewhere", at: now }),
    );
    now = now.add({ minutes: 1 });
    while ((await sync(place)) > 0);
    assert.equal(await watch(place), 0, "not at once");
    now = now.add({ hours: 3 });
    assert.equal(await watch(place), 0, "nothing there yet");
    pagopa.catchUp();
    assert.ok(pagopa.isPayable(deleted!) && pagopa.isPayable(elsewhere!), "GPD has them after all");
    now = now.add({ hours: 1 });
    assert.equal(await watch(place), 2);
    assert.equal(await sync(place), 2);
    assert.equal(pagopa.isPayable(deleted!), false);
    assert.equal(pagopa.isPayable(elsewhere!), false);
    for (const notice of others) assert.ok(pagopa.isPayable(notice));
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
    const asked = pagopa.requests.length;
    now = now.add({ hours: 1 });
    assert.equal(await watch(place), 0);
    assert.equal(pagopa.requests.length, asked, "closed for good: nobody asks any more");
    assert.deepEqual(pagopa.faults, []);
  });

  it("OS-07 gpd-v1: what never appears is looked at for three days, then no more", async () => {
    const place = await townIn("gpd-v1");
    const [deleted] = await many(place);
    pagopa.mishaps.push("lost");
    await sync(place);
    await cancel(place, deleted!.id);
    now = now.add({ minutes: 1 });
    while ((await sync(place)) > 0);
    let looks = 0;
    for (let hours = 0; hours < 120; hours += 12) {
      const asked = pagopa.requests.length;
      now = now.add({ hours: 12 });
      assert.equal(await watch(place), 0);
      looks += pagopa.requests.length - asked;
    }
    assert.equal(looks, 6);
    assert.equal(pagopa.isPayable(deleted!), false);
  });

  it("OS-07 gpd-v1: a report that never comes is waited for an hour, then each goes by itself", async () => {
    const place = await townIn("gpd-v1");
    const notices = await many(place);
    await sync(place);
    pagopa.takesFiles = false;
    now = now.add({ minutes: 30 });
    assert.equal(await readReports(app(), place.town), 0);
    assert.equal(await sync(place), 0);
    now = now.add({ minutes: 31 });
    assert.equal(await readReports(app(), place.town), COUNT);
    now = now.add({ minutes: 1 });
    while ((await sync(place)) > 0);
    for (const notice of notices) assert.ok(pagopa.isPayable(notice));
    assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), []);
  });

  it("OS-07 few of them, version 3 and ACA, which have no such file, go one by one", async () => {
    for (const [mode, count] of [
      ["gpd-v1", 49],
      ["gpd-v3", COUNT],
      ["aca", COUNT],
    ] as const) {
      pagopa.requests.length = 0;
      const place = await townIn(mode);
      await many(place, count);
      while ((await sync(place)) > 0);
      assert.deepEqual([uploads().length, single().length], [0, count], mode);
    }
  });
});

const SLOTS = 3;
const slot = fc.nat({ max: SLOTS - 1 });
const part = fc.nat({ max: 3 });
const mishaps = fc.array(fc.constantFrom<Mishap>("refuse", "lost", "mute"), { maxLength: 4 });
const step = fc.oneof(
  fc.record({ do: fc.constant("issue" as const), slot, parts: fc.boolean() }),
  fc.record({
    do: fc.constantFrom("cancel" as const, "elsewhere" as const, "pay" as const),
    slot,
    part,
  }),
  fc.record({ do: fc.constant("receipts" as const) }),
  fc.record({ do: fc.constant("sync" as const), mishaps, kill: fc.boolean() }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Found by chance: the whole was payable again here, and closed at pagoPA. */
const PAID_ELSEWHERE_THEN_CANCELLED: { mode: Mode; steps: Step[] } = {
  mode: "aca",
  steps: [
    { do: "issue", slot: 1, parts: true },
    { do: "elsewhere", slot: 1, part: 2 },
    { do: "sync", mishaps: [], kill: false },
    { do: "cancel", slot: 1, part: 2 },
  ],
};

describe("notices in any order, with a network that fails", () => {
  it("X-05 OS-07 pagoPA ends up knowing the truth, and nothing closed is opened again", async () => {
    const scene = fc.record({
      mode: fc.constantFrom(...MODES),
      steps: fc.array(step, { minLength: 4, maxLength: 22 }),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ mode, steps }) => {
        now = moment("2026-11-20T08:00:00Z");
        pagopa.mishaps.length = 0;
        const place = await townIn(mode);
        const made = new Map<number, Notice[]>();
        const unsent: Notice[] = [];
        for (const at of steps) await play(place, at, made, unsent);
        await settle(place, unsent);
        await check(place, [...made.values()].flat());
      }),
      { numRuns: RUNS, examples: [[PAID_ELSEWHERE_THEN_CANCELLED]] },
    );
  });
});

async function play(
  place: SmallTown,
  at: Step,
  made: Map<number, Notice[]>,
  unsent: Notice[],
): Promise<void> {
  now = now.add({ minutes: 1 });
  const notice = "part" in at ? made.get(at.slot)?.[at.part] : undefined;
  switch (at.do) {
    case "issue":
      if (!made.has(at.slot))
        made.set(at.slot, await issued(place, at.parts ? inParts(place) : one(place)));
      return;
    case "cancel":
      if (notice) await cancel(place, notice.id);
      return;
    case "elsewhere":
      if (notice) await elsewhere(place, notice);
      return;
    case "pay":
      if (!notice || !pagopa.isPayable(notice)) return;
      pagopa.pay(notice);
      unsent.push(notice);
      return;
    case "receipts":
      for (const paid of unsent.splice(0)) await land(base.db, receiptFor(paid), now);
      await apply(base.db, now);
      return;
    case "sync": {
      pagopa.mishaps.push(...at.mishaps);
      if (at.kill) {
        const channels = [...MODES];
        await place.town.write((tx) => claimRemote(tx, { channels, now, limit: 2 }));
      } else await sync(place);
      pagopa.mishaps.length = 0;
    }
  }
}

/** The network is well again, every receipt arrives, and time goes by. */
async function settle(place: SmallTown, unsent: Notice[]): Promise<void> {
  for (const paid of unsent) await land(base.db, receiptFor(paid), now);
  await apply(base.db, now);
  for (let round = 0; round < 4; round += 1) {
    now = now.add({ hours: 7 });
    await sync(place);
  }
}

async function check(place: SmallTown, notices: readonly Notice[]): Promise<void> {
  assert.deepEqual(pagopa.faults, []);
  assert.deepEqual(await place.town.read((tx) => remoteBacklog(tx)), [], "everything was said");
  const paidAnyway = await place.town.read((tx) =>
    tx.rows<{ id: string }>(sql`
      select n.position_id as id from payment_receipt r
      join payment_notice n on n.tenant_id = r.tenant_id and n.id = r.notice_id
      where r.tenant_id = ${tx.tenantId} and r.verdict <> 'exact'`),
  );
  const disputed = new Set(paidAnyway.map(({ id }) => id));
  for (const notice of notices) {
    const { outcome } = await place.town.read((tx) => payableNotice(tx, { ...notice, now }));
    const which = `${notice.noticeNumber} (${notice.instalment ?? "whole"}): ${outcome}`;
    // Somebody paid a notice that was closed here: pagoPA may exclude the other option, which is the safe side.
    if (disputed.has(notice.positionId) && !pagopa.isPayable(notice)) continue;
    assert.equal(pagopa.isPayable(notice), outcome === "payable", which);
  }
  const told = await place.town.read((tx) =>
    tx.rows<{ told: string }>(
      sql`select distinct told from remote_position where tenant_id = ${tx.tenantId}`,
    ),
  );
  for (const { told: one } of told) assert.match(one, /^(open|closed)$/);
}
