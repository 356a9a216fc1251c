// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { readZip } from "#kernel/zip.ts";
import { inFours, type Notice } from "#payments";
import { runCommand } from "../../src/cli/run-command.ts";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import { collecting, issue, oldDebt, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { putTownSettings } from "../support/site.ts";
import { smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-24T16:00:00+01:00");
let base: TestDatabase;
let slug: string;
let folder: string;
let notices: Notice[];
before(async () => {
  base = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "print-notices-"));
  const place = await smallTown(base.db);
  slug = `prova-${place.tenantId.replaceAll("-", "")}`;
  await putTownSettings(place);
  await collecting(place);
  const drafts = [place.tommaso, place.giulia].map((childId, index) =>
    oldDebt(place, `k${index}`, [topUpLine(place, childId, 2000n)]),
  );
  const issued = await issue(place, drafts, NOW);
  if (issued.outcome !== "issued") throw new Error(JSON.stringify(issued));
  notices = issued.positions.flatMap((position) => position.notices);
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await base.close();
});

async function print(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommand(["notices", "print", "--tenant", slug, ...args], {
    cwd: folder,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    now: () => NOW,
    database: async () => base.db,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("campanella notices print", () => {
  it(
    "OS-16 writes the unpaid notices into one file, by school, class and name",
    { skip: popplerMissing },
    async () => {
      const done = await print("--out", "avvisi.pdf", "--service", "mensa", "--month", "2026-11");
      assert.equal(done.code, 0, done.err);
      assert.match(done.out, /2 notices, 2 pages/);
      const pages = pageTexts(readFileSync(join(folder, "avvisi.pdf")));
      assert.deepEqual(
        pages.map((text) => notices.findIndex((one) => text.includes(inFours(one.noticeNumber)))),
        [1, 0],
      );
      assert.equal(existsSync(join(folder, "avvisi.pdf.part")), false);
    },
  );

  it("OS-16 writes each notice into an archive, too", async () => {
    const done = await print("--out", "b.pdf", "--archive", "avvisi.zip", "--letters");
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /avvisi\.zip: 2 notices, each by itself/);
    const files = await readZip(readFileSync(join(folder, "avvisi.zip")), () => true, 1e7);
    assert.deepEqual(
      [...files.keys()],
      [1, 0].map((index, place) => `0000${place + 1}-${notices[index]!.noticeNumber}.pdf`),
    );
    const nowhere = await print("--out", "c.pdf", "--archive", "no/such/a.zip");
    assert.match(nowhere.err, /a\.zip cannot be written \(ENOENT\)/);
  });

  it("refuses what it cannot do, and leaves no half file", async () => {
    const none = await print("--out", "no.pdf", "--month", "2020-01");
    assert.deepEqual([none.code, none.err], [1, "refused: no notice to print with this choice"]);
    const nowhere = await print("--out", "no/such/folder/avvisi.pdf");
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.err, /cannot be written \(ENOENT\)/);
    assert.equal((await print("--out", "a.pdf", "--order", "colour")).code, 2);
    assert.equal((await print("--out", "a.pdf", "--month", "october")).code, 2);
    assert.equal((await print()).code, 2);
  });
});
