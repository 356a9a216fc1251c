// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { balanceOf } from "#ledger";
import { runCommand } from "../../src/cli/run-command.ts";
import {
  apply,
  collecting,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase } from "../support/db.ts";
import { flowFile, journalFile } from "../support/settlement-files.ts";
import { smallTown } from "../support/small-town.ts";

describe("campanella import cash-journal", async () => {
  const { db, close } = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "campanella-journal-"));
  after(async () => {
    await close();
    await rm(folder, { recursive: true });
  });
  const now = moment("2026-11-24T08:00:00Z");

  async function run(...argv: string[]) {
    const lines: string[] = [];
    const line = (text: string) => void lines.push(text);
    const io = { cwd: folder, out: line, err: line, now: () => now, database: async () => db };
    return { code: await runCommand(argv, io), text: lines.join("\n") };
  }

  it("X-05 shows, then registers flows and journals; again nothing is new; a wrong file stops no other", async () => {
    const place = await smallTown(db);
    await collecting(place);
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 6410n)]),
    );
    const receipt = receiptFor(notice);
    await land(db, receipt, now);
    await apply(db, now);
    const line = { iuv: receipt.creditorReferenceId, iur: receipt.receiptId, euro: "64.10" };
    const causale = "/PUR/LGPE-RIVERSAMENTO/URI/2026-11-23ABC_01-S000000001";
    await writeFile(join(folder, "flusso.xml"), flowFile([line], { total: "64.10" }));
    await writeFile(join(folder, "giornale.xml"), journalFile([{ causale, euro: "64.10" }]));
    await writeFile(join(folder, "altro.xml"), "<html/>");
    const slug = `prova-${place.tenantId.replaceAll("-", "")}`;
    const bank = () => place.town.read((tx) => balanceOf(tx, { kind: "bank" }));

    const dry = await run("import", "cash-journal", slug, "flusso.xml");
    assert.equal(dry.code, 0);
    assert.match(dry.text, /1 payments, 1 of them ours[^]*Nothing was written/);
    const files = ["altro.xml", "flusso.xml", "giornale.xml"];
    const first = await run("import", "cash-journal", slug, ...files, "--apply");
    assert.equal(first.code, 1, "one file was none");
    assert.match(first.text, /altro\.xml: not readable, unknown-kind/);
    assert.match(first.text, /\+ 2026-11-23 64,10.€: 2026-11-23ABC_01-S000000001/);
    assert.equal(await bank(), -6410n);
    const again = await run("import", "cash-journal", slug, "giornale.xml", "--apply");
    assert.equal(again.code, 0);
    assert.match(again.text, /Written: 0 new/);
    assert.equal(await bank(), -6410n);
    assert.equal((await run("import", "cash-journal", slug)).code, 2);
    assert.equal((await run("import", "cash-journal", "nessuno", "flusso.xml")).code, 1);
  });
});
