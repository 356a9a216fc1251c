// SPDX-License-Identifier: EUPL-1.2
/** Payments, mails and settlement of a town go from engine to engine and back: every row, every byte, sound after. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { systemActor } from "#kernel/actor.ts";
import { backup, restore } from "#kernel/backup/index.ts";
import { day, moment } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { installationKeys } from "#kernel/installation.ts";
import { SealBrokenError } from "#kernel/seal.ts";
import {
  answerMoney,
  askMoney,
  checkPayments,
  deskFile,
  deskPayments,
  explainMoney,
  orderRefunds,
  planInstalments,
  registerDeskPayment,
  serviceKey,
  setServiceKey,
  startPrintRun,
  undoRevoked,
} from "#payments";
import { runCommand } from "../../src/cli/run-command.ts";
import { bigNoticeNumber, fillPayments } from "../support/big-payments.ts";
import { BANK_IBAN, issueOne, oldDebt, topUpLine } from "../support/collecting.ts";
import { testDatabase, testEngine } from "../support/db.ts";
import { type Desk, openDesk } from "../support/money-desk.ts";
import { lineOf, reportOf, store } from "../support/settling.ts";

const NOW = moment("2026-11-20T09:16:00Z");
const KEY = "0123456789abcdef0123456789abcdef";
/** No text: every byte there is. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const POSITIONS = 400;

const { modules } = JSON.parse(
  readFileSync(new URL("../../architecture.json", import.meta.url), "utf8"),
) as { modules: Record<string, { tables?: string[] }> };
const TABLES = [
  ...modules["payments"]!.tables!,
  ...["email", "first_notice", "reminder_round", "reminder", "message", "town_logo"],
];

/** Something of everything that payments keep. */
async function fill(db: Database): Promise<Desk> {
  const desk = await openDesk(db);
  const { place, manager, clerk } = desk;
  const { sealKey } = await installationKeys(db, NOW);
  const [collected] = await db.platform((tx) =>
    tx.rows<{ creditor: string; segregationCode: string }>(sql`
      select creditor_fiscal_code as creditor, segregation_code as "segregationCode" from platform.pagopa_station
      where tenant_id = ${place.tenantId}`),
  );
  const { creditor, segregationCode } = collected!;
  await place.town.write((tx) =>
    fillPayments(tx, {
      creditor,
      segregationCode,
      positions: POSITIONS,
      linesPerFlow: 20,
      now: NOW,
      holderId: place.holderId,
      childId: place.giulia,
      serviceId: place.serviceId,
    }),
  );
  // The numbers that were written by hand are taken.
  await db.platform((tx) =>
    tx.run(sql`
      insert into platform.pagopa_number (creditor_fiscal_code, segregation_code, last)
      values (${creditor}, ${segregationCode}, 100000000)`),
  );
  const administrator = { ...systemActor, role: "administrator" } as const;
  await place.town.write(async (tx) => {
    const saved = await setServiceKey(tx, {
      actor: administrator,
      service: "fdr",
      key: KEY,
      sealKey,
      now: NOW,
    });
    assert.equal(saved.outcome, "saved");
  });
  await deskWork(desk);
  await settlementWork(desk, { creditor, segregationCode });
  await place.town.write(async (tx) => {
    const run = await startPrintRun(tx, {
      actor: clerk,
      key: "k",
      title: "Mensa",
      choice: { ordine: "classe" },
      duplex: false,
      withLetter: false,
      papers: [{ positionId: await anyPosition(tx), heading: "3A" }],
      now: NOW,
    });
    assert.ok("runId" in run);
    await tx.run(sql`
      insert into print_run_part (tenant_id, run_id, part, pages, shape, length, content)
      values (${tx.tenantId}, ${run.runId}, 1, 1, '{}', 256, decode(${BYTES.toString("base64")}::text, 'base64'))`);
    await tx.run(sql`
      insert into remote_upload (tenant_id, claim, creditor_fiscal_code, broker_code, file_id, positions, sent_at,
        next_look_at, look_until)
      values (${tx.tenantId}, ${newId()}, ${creditor}, ${creditor}, 'file', '[]', ${NOW}, ${NOW}, ${NOW})`);
    await tx.run(sql`
      insert into town_logo (tenant_id, png, stored_at, stored_by)
      values (${tx.tenantId}, decode(${BYTES.toString("base64")}::text, 'base64'), ${NOW}, 'x')`);
    await tx.run(sql`
      insert into first_notice (tenant_id, service_id, year, child_id, meals, made_at, made_by)
      values (${tx.tenantId}, ${place.serviceId}, 2026, ${place.giulia}, 20, ${NOW}, 'x')`);
    const round = newId();
    await tx.run(sql`
      insert into reminder_round (tenant_id, id, started_at, started_by, automatic)
      values (${tx.tenantId}, ${round}, ${NOW}, 'x', false)`);
    await tx.run(sql`
      insert into reminder (tenant_id, round_id, debt_key, holder_id, amount_cents, due_on, emailed)
      values (${tx.tenantId}, ${round}, 'bill:x', ${place.holderId}, 1, '2026-11-01', true)`);
    await tx.run(sql`
      insert into write_off (tenant_id, id, holder_id, amount_cents, reason, proposed_at, proposed_by_id, proposed_by,
        idempotency_key)
      values (${tx.tenantId}, ${newId()}, ${place.holderId}, 1, 'irreperibile', ${NOW}, 'm', ${manager.name}, 'k')`);
  });
  return desk;
}

const anyPosition = async (tx: Parameters<Parameters<Desk["place"]["town"]["write"]>[0]>[0]) =>
  (
    await tx.one<{ id: string }>(
      sql`select position_id as id from payment_notice where tenant_id = ${tx.tenantId} and state = 'issued' limit 1`,
    )
  ).id;

/** A payment with its paper, an instalment plan, a refund on its way to the bank. */
async function deskWork({ place, clerk, manager, account, sibling }: Desk): Promise<void> {
  const target = { kind: "account", childId: place.giulia, serviceId: place.serviceId } as const;
  const paid = await place.town.write((tx) =>
    registerDeskPayment(tx, {
      actor: clerk,
      draft: {
        method: "other-portal",
        amountCents: 4600n,
        paidOn: day("2026-11-18"),
        payerName: "Sara Ferrando",
        payerFiscalCode: "",
        receiptRef: "IUR-77",
        place: "",
        note: "",
        vouchers: null,
      },
      target: { ...target, account },
      file: { name: "ricevuta.pdf", type: "application/pdf", bytes: BYTES },
      key: newId(),
      now: NOW,
    }),
  );
  assert.equal(paid.outcome, "registered");
  const line = topUpLine(place, place.tommaso, 9000n);
  const debt = await issueOne(
    place,
    oldDebt(place, "debito", [{ ...line, accountChildId: sibling.childId! }]),
  );
  const plan = await place.town.write((tx) =>
    planInstalments(tx, {
      actor: manager,
      source: { kind: "notice", noticeId: debt.id },
      dueOn: [day("2026-12-10"), day("2027-01-10")],
      reason: "chiesto dalla famiglia",
      key: newId(),
      now: NOW,
    }),
  );
  assert.equal(plan.outcome, "planned");
  const asked = await place.town.write((tx) =>
    askMoney(tx, {
      actor: place.sara,
      holderId: place.holderId,
      draft: {
        kind: "refund",
        amountCents: 1000n,
        reason: "cambia scuola",
        beneficiary: "Sara Ferrando",
        iban: BANK_IBAN,
        from: { childId: place.giulia, serviceId: null },
        to: null,
      },
      key: newId(),
      now: NOW,
    }),
  );
  assert.ok(asked.outcome === "asked", asked.outcome);
  const { id } = asked.request;
  await place.town.write(async (tx) => {
    const answer = { actor: manager, id, decision: "approve" as const, answer: "", now: NOW };
    assert.equal((await answerMoney(tx, answer)).outcome, "approved");
  });
  const executionOn = day("2026-11-24");
  const ordered = await place.town.write((tx) =>
    orderRefunds(tx, { actor: manager, ids: [id], executionOn, now: NOW }),
  );
  assert.equal(ordered.outcome, "ordered");
}

/** A payment taken back and undone, one without receipt, a movement that was explained, a cursor. */
async function settlementWork(
  { place, manager }: Desk,
  { creditor, segregationCode }: { creditor: string; segregationCode: string },
): Promise<void> {
  const receipt = {
    receiptId: "R140",
    creditorReferenceId: bigNoticeNumber(segregationCode, 40).slice(1),
    paymentAmountCents: 4600n,
  };
  const revoked = lineOf(receipt, { outcome: "REVOKED" });
  const lost = lineOf({ ...receipt, receiptId: "lost" });
  const report = reportOf(creditor, [revoked, lost], { flowCode: "REVOCA" });
  const stored = await store(place, report, NOW);
  assert.ok(stored.outcome === "stored");
  const reason = "sentita la banca";
  await place.town.write(async (tx) => {
    const undone = await undoRevoked(tx, {
      actor: manager,
      flowId: stored.flowId,
      line: 1,
      reason,
      now: NOW,
    });
    assert.equal(undone.outcome, "undone");
    const { id: movementId } = await tx.one<{ id: string }>(sql`
      select id from bank_movement where tenant_id = ${tx.tenantId} and standing = 'unexplained' limit 1`);
    const subject = { kind: "movement", movementId } as const;
    const explained = await explainMoney(tx, { actor: manager, subject, reason, now: NOW });
    assert.equal(explained.outcome, "explained");
    await tx.run(sql`
      insert into settlement_cursor (tenant_id, creditor_fiscal_code, published_until)
      values (${tx.tenantId}, ${creditor}, ${NOW})`);
    await tx.run(sql`
      insert into receipt_recovery (tenant_id, creditor_fiscal_code, iur, iuv, next_attempt_at)
      values (${tx.tenantId}, ${creditor}, 'lost', ${receipt.creditorReferenceId}, ${NOW})`);
  });
}

describe("backup and restore of payments", () => {
  const folder = mkdtempSync(join(tmpdir(), "campanella-backup-"));
  const closing: (() => Promise<void>)[] = [];
  const fresh = async (engine = testEngine()): Promise<Database> => {
    const { db, close } = await testDatabase(engine);
    closing.push(close);
    return db;
  };
  const file = join(folder, "payments.campanella.gz");
  let source: Database;
  let desk: Desk;
  before(async () => {
    source = await fresh("pglite");
    desk = await fill(source);
    await backup(source, file, { now: NOW });
  });
  after(async () => {
    for (const close of closing) await close();
    rmSync(folder, { recursive: true, force: true });
  });

  const linesIn = (path: string): string[] => gunzipSync(readFileSync(path)).toString().split("\n");

  it("X-05 every table of payments, mails and settlement has rows, and they come back as they were", async () => {
    const middle = await fresh();
    const restored = await restore(middle, file);
    const rows = new Map(restored.tables.map((table) => [table.name, table.rows]));
    for (const table of TABLES) assert.ok(rows.get(`public.${table}`), `${table} has rows`);
    for (const table of ["pagopa_station", "pagopa_number", "pagopa_inbox"])
      assert.ok(rows.get(`platform.${table}`), `${table} has rows`);
    const second = join(folder, "second.campanella.gz");
    await backup(middle, second, { now: NOW });
    const last = await fresh("pglite");
    await restore(last, second);
    const third = join(folder, "third.campanella.gz");
    await backup(last, third, { now: NOW });
    assert.deepEqual(linesIn(third), linesIn(file));
  });

  it("X-05 the restored town is sound, its papers whole, its keys readable; elsewhere they are not", async () => {
    const target = await fresh();
    await restore(target, file);
    const out: string[] = [];
    const code = await runCommand(["check"], {
      cwd: folder,
      out: (line) => out.push(line),
      err: () => undefined,
      now: () => NOW,
      database: async () => target,
    });
    assert.equal(code, 0, out.join("\n"));
    const town = target.forTenant(desk.place.tenantId);
    await town.read(async (tx) => {
      assert.deepEqual(await checkPayments(tx), []);
      const [payment] = await deskPayments(tx, { holderId: desk.place.holderId });
      assert.deepEqual(Buffer.from((await deskFile(tx, payment!.id))!.bytes), BYTES);
    });
    const { sealKey } = await installationKeys(target, NOW);
    const read = (key: string) =>
      town.read((tx) => serviceKey(tx, { service: "fdr", sealKey: key }));
    assert.equal(await read(sealKey), KEY);
    // The tables alone, in an installation with a secret of its own.
    const { sealKey: another } = await installationKeys(await fresh("pglite"), NOW);
    await assert.rejects(read(another), SealBrokenError);
  });
});
