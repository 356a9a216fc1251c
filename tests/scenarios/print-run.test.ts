// SPDX-License-Identifier: EUPL-1.2
/** Thousands of unpaid notices in one file, part by part: order, restarts, two workers, what was paid meanwhile. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { updateContacts } from "#families";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { readZip } from "#kernel/zip.ts";
import {
  claimPrintRun,
  inFours,
  keepPart,
  listPapers,
  type Notice,
  type PrintRun,
  printableSheets,
  printArchives,
  printRun,
  removeOldPrintFiles,
  startPrintRun,
} from "#payments";
import {
  openPrintArchive,
  openPrintFile,
  type PrintFile,
} from "../../src/surfaces/office/print-notices/print-file.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import {
  apply,
  collecting,
  issue,
  land,
  oldDebt,
  receiptFor,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { putTownSettings } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:00:00Z");

/** A town with so many unpaid notices, of different amounts. */
async function owing(count: number): Promise<{ place: SmallTown; notices: Notice[] }> {
  const place = await smallTown(base.db);
  await putTownSettings(place);
  await collecting(place);
  const drafts = Array.from({ length: count }, (_, index) =>
    oldDebt(place, `print-${index}`, [topUpLine(place, place.giulia, 1000n + BigInt(index))]),
  );
  const issued = await issue(place, drafts);
  if (issued.outcome !== "issued") throw new Error(JSON.stringify(issued));
  return { place, notices: issued.positions.flatMap(({ notices }) => notices) };
}

async function begin(
  place: SmallTown,
  positionIds: readonly string[],
  options: { duplex?: boolean; withLetter?: boolean; withSingles?: boolean; key?: string } = {},
): Promise<string> {
  const started = await place.town.write((tx) =>
    startPrintRun(tx, {
      actor: { ...systemActor, role: "office", name: "M. Conti" },
      key: options.key ?? "k",
      title: "Mensa, tutte le scuole",
      choice: { ordine: "classe" },
      duplex: options.duplex ?? false,
      withLetter: options.withLetter ?? false,
      withSingles: options.withSingles ?? false,
      papers: positionIds.map((positionId) => ({ positionId, heading: "Primaria Milano, 3A" })),
      now: NOW,
    }),
  );
  if (!("runId" in started)) throw new Error(started.outcome);
  return started.runId;
}

/** The worker, until the run is over or `parts` parts were asked for. */
async function work(place: SmallTown, parts = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const errors: unknown[] = [];
  let looks = 0;
  // One look before a run, one before each part, several while it is drawn: only whole parts are counted.
  let made = 0;
  const app = { db: base.db, clock: { now: () => NOW }, pagoPa: NO_PAGOPA };
  await makePrintFiles(app, place.town, {
    isStopping: () => {
      looks += 1;
      return made >= parts;
    },
    onError: (_, error) => errors.push(error),
    onPart: () => (made += 1),
  });
  assert.ok(looks > 0);
  return errors;
}

const runOf = async (place: SmallTown, id: string): Promise<PrintRun> =>
  (await place.town.read((tx) => printRun(tx, id)))!;

/** A minute without a finished part has passed. */
const expireClaim = (place: SmallTown, runId: string): Promise<number> =>
  place.town.write((tx) =>
    tx.run(sql`update print_run set claimed_until = ${NOW.subtract({ seconds: 1 })}
      where tenant_id = ${tx.tenantId} and id = ${runId}`),
  );

async function bytesOf(place: SmallTown, run: PrintRun): Promise<Uint8Array> {
  return gathered(await openPrintFile(place.town, run));
}

async function gathered(file: PrintFile | null): Promise<Uint8Array> {
  assert.ok(file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.chunks) chunks.push(chunk);
  const whole = Buffer.concat(chunks);
  assert.equal(whole.length, file.length);
  return new Uint8Array(whole);
}

describe("print runs", () => {
  it(
    "OS-16 the archive of single PDFs goes on where a process ended; what was paid meanwhile is not in it",
    { skip: popplerMissing },
    async () => {
      const { place, notices } = await owing(205);
      const positionIds = notices.map(({ positionId }) => positionId);
      const runId = await begin(place, positionIds, { withSingles: true });
      assert.deepEqual(await work(place, 1), []);
      const unmade = await runOf(place, runId);
      assert.equal(await openPrintArchive(place.town, unmade, { archive: 1 }), null);
      const paid = notices[150]!;
      await land(base.db, receiptFor(paid), NOW);
      await apply(base.db, NOW);
      assert.deepEqual(await work(place), []);
      const run = await runOf(place, runId);
      const whole = Buffer.from(
        await gathered(await openPrintArchive(place.town, run, { archive: 1 })),
      );
      const singles = await readZip(whole, () => true, 50_000_000);
      const expected = notices
        .map(({ noticeNumber }, index) => `${String(index + 1).padStart(5, "0")}-${noticeNumber}`)
        .filter((name) => !name.endsWith(paid.noticeNumber));
      assert.deepEqual(
        [...singles.keys()],
        expected.map((name) => `${name}.pdf`),
      );
      // As a notice that is downloaded: one page, its number on it, and tagged, which the print file is not.
      for (const at of [0, 99, 203]) {
        const [name, bytes] = [...singles][at]!;
        const [page, ...others] = pageTexts(new Uint8Array(bytes));
        assert.equal(others.length, 0);
        assert.ok(page?.includes(inFours(name.slice(6, 24))));
        assert.match(bytes.toString("latin1"), /StructTreeRoot/);
      }
      // Part by part: no piece that is held in memory is more than its hundred notices.
      const again = await openPrintArchive(place.town, run, { archive: 1 });
      const pieces: number[] = [];
      for await (const piece of again!.chunks) pieces.push(piece.length);
      assert.equal(pieces.length, 4);
      assert.ok(Math.max(...pieces) < whole.length * 0.55);
      // Too many for one archive: each is whole by itself, together they hold every notice once, in order.
      const several: string[] = [];
      for (const [archive, count] of [100, 99, 5].entries()) {
        const opened = await openPrintArchive(place.town, run, {
          archive: archive + 1,
          limits: { files: 103, bytes: 2 ** 31 },
        });
        const names = [
          ...(await readZip(Buffer.from(await gathered(opened)), () => true, 5e7)).keys(),
        ];
        assert.equal(names.length, count);
        several.push(...names);
      }
      assert.deepEqual(several, [...singles.keys()]);
      const bytes = { files: 10_000, bytes: Math.floor(whole.length * 0.99) };
      const byBytes = await place.town.read((tx) => printArchives(tx, runId, bytes));
      assert.deepEqual(byBytes, [[1, 2], [3]]);
      assert.equal(await openPrintArchive(place.town, run, { archive: 2 }), null);
    },
  );

  it(
    "OS-16 a process that ends half way: the next one goes on; each notice is in the file once, in its order",
    { skip: popplerMissing },
    async () => {
      const { place, notices } = await owing(230);
      const order = notices.toReversed();
      const runId = await begin(
        place,
        order.map(({ positionId }) => positionId),
      );
      assert.deepEqual(await work(place, 1), []);
      const half = await runOf(place, runId);
      assert.deepEqual([half.state, half.printed], ["preparing", 100]);
      // Killed: nobody gave the run back. Another process takes it when its time is over.
      assert.ok(await place.town.write((tx) => claimPrintRun(tx, NOW)));
      assert.equal(await place.town.write((tx) => claimPrintRun(tx, NOW)), null);
      await expireClaim(place, runId);
      assert.deepEqual(await work(place), []);
      const run = await runOf(place, runId);
      assert.deepEqual([run.state, run.printed, run.pages], ["ready", 230, 230]);
      const texts = pageTexts(await bytesOf(place, run));
      assert.equal(texts.length, 230);
      order.forEach(({ noticeNumber }, index) =>
        assert.ok(texts[index]?.replaceAll(/\s/g, "").includes(noticeNumber), `page ${index + 1}`),
      );
      const papers = await place.town.read((tx) => listPapers(tx, runId));
      assert.deepEqual(
        papers.map(({ firstPage, noticeNumbers }) => [firstPage, noticeNumbers[0]]),
        order.map(({ noticeNumber }, index) => [index + 1, noticeNumber]),
      );
    },
  );

  it("two workers never make the same part; who lost the run keeps nothing", async () => {
    const { place, notices } = await owing(120);
    const runId = await begin(
      place,
      notices.map(({ positionId }) => positionId),
    );
    const lost = (await place.town.write((tx) => claimPrintRun(tx, NOW)))!;
    const later = NOW.add({ minutes: 2 });
    const taken = (await place.town.write((tx) => claimPrintRun(tx, later)))!;
    assert.equal(taken.run.id, runId);
    const printed = { part: 1, file: null, papers: [] };
    const kept = await place.town.write((tx) =>
      keepPart(tx, { runId, claim: lost.claim, printed, now: later }),
    );
    assert.equal(kept, false);
    await expireClaim(place, runId);
    await Promise.all([work(place), work(place)]);
    const run = await runOf(place, runId);
    assert.deepEqual([run.state, run.printed, run.pages], ["ready", 120, 120]);
  });

  it(
    "X-05 what is paid before its part is drawn is left out; when all is paid there is no file",
    { skip: popplerMissing },
    async () => {
      const { place, notices } = await owing(3);
      const runId = await begin(
        place,
        notices.map(({ positionId }) => positionId),
      );
      await land(base.db, receiptFor(notices[1]!), NOW);
      await apply(base.db, NOW);
      await work(place);
      const run = await runOf(place, runId);
      assert.deepEqual([run.state, run.printed, run.leftOut, run.pages], ["ready", 2, 1, 2]);
      assert.equal(pageTexts(await bytesOf(place, run)).length, 2);
      const papers = await place.town.read((tx) => listPapers(tx, runId));
      assert.deepEqual(
        papers.map(({ outcome, firstPage }) => [outcome, firstPage]),
        [
          ["printed", 1],
          ["left-out", null],
          ["printed", 2],
        ],
      );
      await land(base.db, receiptFor(notices[0]!), NOW);
      await land(base.db, receiptFor(notices[2]!), NOW);
      await apply(base.db, NOW);
      const none = await begin(
        place,
        notices.map(({ positionId }) => positionId),
        { key: "again" },
      );
      await work(place);
      const empty = await runOf(place, none);
      assert.deepEqual([empty.state, empty.leftOut], ["ready", 3]);
      assert.equal(await openPrintFile(place.town, empty), null);
    },
  );

  it(
    "one notice whose data fit no form does not stop the others",
    { skip: popplerMissing },
    async () => {
      const { place, notices } = await owing(3);
      // The layout has room for 12 digits: nothing that the town can configure, only a row gone wrong.
      await place.town.write((tx) =>
        tx.run(sql`update payment_notice set amount_cents = 99999999999999
          where tenant_id = ${tx.tenantId} and id = ${notices[1]!.id}`),
      );
      const runId = await begin(
        place,
        notices.map(({ positionId }) => positionId),
      );
      assert.deepEqual(await work(place), []);
      const run = await runOf(place, runId);
      assert.deepEqual([run.state, run.printed, run.faulty], ["ready", 2, 1]);
    },
  );

  it(
    "OS-16 with the letter, on both sides: address in the window, each on a sheet of its own",
    { skip: popplerMissing },
    async () => {
      const { place, notices } = await owing(2);
      await place.town.write(async (tx) => {
        const done = await updateContacts(tx, {
          actor: place.sara,
          personId: place.sara.personId!,
          address: "Via dei Tigli 7",
          postalCode: "61032",
          city: "Fano",
          at: NOW,
        });
        assert.equal(done.outcome, "saved");
      });
      const runId = await begin(
        place,
        notices.map(({ positionId }) => positionId),
        {
          duplex: true,
          withLetter: true,
        },
      );
      assert.deepEqual(await work(place), []);
      const run = await runOf(place, runId);
      assert.deepEqual([run.printed, run.pages % 2], [2, 0]);
      const [first = ""] = pageTexts(await bytesOf(place, run));
      assert.match(first, /Via dei Tigli 7/);
      assert.match(first, /61032 Fano/);
      assert.match(first, /Giulia Ferrando/);
    },
  );

  it("the same key begins one run; a month later the file is gone, the list stays", async () => {
    const { place, notices } = await owing(1);
    const ids = notices.map(({ positionId }) => positionId);
    const runId = await begin(place, ids);
    assert.equal(await begin(place, ids), runId);
    await work(place);
    const old = NOW.add({ hours: 24 * 31 });
    await place.town.write((tx) => removeOldPrintFiles(tx, old));
    const run = await runOf(place, runId);
    assert.ok(run.removedAt?.equals(old));
    assert.equal(await openPrintFile(place.town, run), null);
    assert.equal((await place.town.read((tx) => listPapers(tx, runId))).length, 1);
  });

  it("only open notices of the service, issued in the span, of holders without e-mail", async () => {
    const { place, notices } = await owing(4);
    await land(base.db, receiptFor(notices[0]!), NOW);
    await apply(base.db, NOW);
    const find = async (of: Partial<Parameters<typeof printableSheets>[1]>): Promise<number> => {
      const all = {
        serviceId: null,
        issuedFrom: null,
        issuedBefore: null,
        withoutEmail: false,
        now: NOW,
      };
      return (await place.town.read((tx) => printableSheets(tx, { ...all, ...of }))).length;
    };
    assert.equal(await find({}), 3);
    assert.equal(await find({ serviceId: place.serviceId }), 3);
    assert.equal(await find({ serviceId: place.giulia }), 0);
    assert.equal(await find({ issuedBefore: moment("2026-09-01T00:00:00Z") }), 0);
    assert.equal(await find({ issuedFrom: moment("2026-09-01T00:00:00Z") }), 3);
    assert.equal(await find({ withoutEmail: true }), 3);
    await place.town.write((tx) =>
      tx.run(sql`update person set email = 'sara@example.org' where tenant_id = ${tx.tenantId}`),
    );
    assert.equal(await find({ withoutEmail: true }), 0);
  });
});
