// SPDX-License-Identifier: EUPL-1.2
/** kill -9 while a print file is made: what was kept is not drawn again, and every notice is in the file once. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { listPapers, printRun, startPrintRun } from "#payments";
import { openPrintFile } from "../../src/surfaces/office/print-notices/print-file.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import { collecting, issue, oldDebt, topUpLine } from "../support/collecting.ts";
import { durableDatabase, runAndKill } from "../support/durable.ts";
import { putTownSettings } from "../support/site.ts";
import { smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-20T09:00:00Z");
const PRINTER = fileURLToPath(new URL("../support/crash-print.ts", import.meta.url));
const NOTICES = 350;

describe("a print run whose process is killed", { skip: popplerMissing }, () => {
  it("is finished by the next one, a minute later: kill -9 after the second part of four", async () => {
    const database = await durableDatabase();
    try {
      const first = await database.open();
      const place = await smallTown(first);
      await putTownSettings(place);
      await collecting(place);
      const drafts = Array.from({ length: NOTICES }, (_, index) =>
        oldDebt(place, `k${index}`, [topUpLine(place, place.giulia, 1000n + BigInt(index))]),
      );
      const issued = await issue(place, drafts);
      if (issued.outcome !== "issued") throw new Error(issued.outcome);
      const notices = issued.positions.flatMap((position) => position.notices);
      const started = await place.town.write((tx) =>
        startPrintRun(tx, {
          actor: systemActor,
          key: "k",
          title: "Avvisi",
          choice: {},
          duplex: false,
          withLetter: false,
          papers: notices.map(({ positionId }) => ({ positionId, heading: "3A" })),
          now: NOW,
        }),
      );
      assert.ok("runId" in started);
      const { runId } = started;
      await first.close();

      await runAndKill({ ...database.where, tenantId: place.tenantId }, 2, PRINTER);

      const db = await database.open();
      const town = db.forTenant(place.tenantId);
      const left = (await town.read((tx) => printRun(tx, runId)))!;
      assert.equal(left.state, "preparing");
      assert.ok(left.printed >= 200 && left.printed < NOTICES, `${left.printed} kept`);
      let parts = 0;
      const finish = (minutes: number): Promise<void> =>
        makePrintFiles({ clock: { now: () => NOW.add({ minutes }) }, pagoPa: NO_PAGOPA }, town, {
          isStopping: () => false,
          onError: (_, error) => assert.fail(String(error)),
          onPart: () => (parts += 1),
        });
      await finish(0);
      assert.equal(parts, 0, "the killed process may still be at it");
      await finish(2);
      assert.equal(parts, Math.ceil((NOTICES - left.printed) / 100));
      const run = (await town.read((tx) => printRun(tx, runId)))!;
      assert.deepEqual([run.state, run.printed, run.pages], ["ready", NOTICES, NOTICES]);
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await openPrintFile(town, run))!.chunks) chunks.push(chunk);
      const texts = pageTexts(new Uint8Array(Buffer.concat(chunks)));
      const papers = await town.read((tx) => listPapers(tx, runId));
      await db.close();
      assert.equal(texts.length, NOTICES);
      for (const { firstPage, noticeNumbers } of papers)
        assert.ok(texts[firstPage! - 1]?.replaceAll(/\s/g, "").includes(noticeNumbers[0]!));
    } finally {
      await database.remove();
    }
  });
});
