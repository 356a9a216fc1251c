// SPDX-License-Identifier: EUPL-1.2
/**
 * Migrations that move data, run on a database that an earlier release has filled, in two towns: row security must hide
 * neither from them (habit of 0019: `no force`, update, `force`).
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, momentAt } from "#kernel/dates.ts";
import { sql, type WriteTx } from "#kernel/db/index.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { idFromContent, newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger } from "#ledger";
import { reconcile } from "#payments";
import { testBlankDatabase, type TestDatabase, testTown } from "../support/db.ts";

const NOW = momentAt(day("2026-11-20"), "10:00");
const CREDITOR = "77777777777";
const BEFORE_SETTLEMENT_AT_SIZE = "0036_retention.sql";

/** What stood in a town when flows were posted under keys without creditor, and nobody knew own cents. */
async function fillAsBefore(tx: WriteTx, creditor: string): Promise<void> {
  const t = tx.tenantId;
  const id = (name: string): string => idFromContent(`${t} ${name}`);
  for (const kind of ["bank", "pagopa-clearing"])
    await tx.run(sql`
      insert into ledger_account (tenant_id, id, key, kind, opened_at)
      values (${t}, ${idFromContent(`ledger-account\n${t}\n${kind}`)}, ${kind}, ${kind}, ${NOW})`);
  const { bank, clearing } = await tx.one<{ bank: string; clearing: string }>(sql`
    select max(id::text) filter (where kind = 'bank') as bank,
      max(id::text) filter (where kind = 'pagopa-clearing') as clearing
    from ledger_account where tenant_id = ${t}`);
  const upload = id("upload");
  await tx.run(sql`
    insert into settlement_upload (tenant_id, id, kind, file_name, code, content, uploaded_at, uploaded_by, applied_at,
      applied_by)
    values (${t}, ${upload}, 'cash-journal', 'g.xml', 'GDC', jsonb_build_object('fiscalCode', ${creditor}::text),
      ${NOW}, 'a', ${NOW}, 'a')`);
  const flow = async (code: string, postings: number, cents: bigint): Promise<void> => {
    const isPosted = postings > 0;
    await tx.run(sql`
      insert into settlement_flow (tenant_id, id, creditor_fiscal_code, sender_id, flow_code, revision, state,
        banked_on, posted_cents, posted_on, postings)
      values (${t}, ${id(code)}, ${creditor}, 'ABC_01', ${code}, 1, ${isPosted ? "settled" : "reported"},
        ${isPosted ? "2026-11-18" : null}::date, ${isPosted ? cents : 0n},
        ${isPosted ? "2026-11-18" : null}::date, ${postings})`);
    await tx.run(sql`
      insert into settlement_report (tenant_id, flow_id, revision, psp_id, psp_name, bank_transfer_code, settled_on,
        flow_at, total_cents, payment_count, own_cents, own_count, adds_up, source, received_at)
      values (${t}, ${id(code)}, 1, 'ABC', 'Banca', 'TRN', '2026-11-17', ${NOW}, ${cents}, 1, ${cents}, 0, true, 'fdr',
        ${NOW})`);
    if (!isPosted) return;
    const key = `settlement:ABC_01:${code}${postings > 1 ? `:${postings}` : ""}`;
    await tx.run(sql`
      insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id, amount_cents, kind,
        happened_on, recorded_at, idempotency_key)
      values (${t}, ${id(key)}, ${bank}, ${clearing}, ${cents}, 'settlement', '2026-11-18', ${NOW}, ${key})`);
    await tx.run(sql`
      insert into bank_movement (tenant_id, id, upload_id, movement_key, moved_on, amount_cents, causale, account,
        document, flow_id, standing)
      values (${t}, ${id(`movement ${code}`)}, ${upload}, ${code}, '2026-11-18', ${cents},
        ${`/PUR/LGPE-RIVERSAMENTO/URI/${code}`}, '1', 'SOSPESO', ${id(code)}, 'matched')`);
  };
  await flow("FLUSSO-A", 1, 6410n);
  await flow("FLUSSO-B", 2, 500n);
  await flow("FLUSSO-C", 0, 300n);
  const receipt = (name: string, verdict: string, transfers: object[]) =>
    tx.run(sql`
      insert into payment_receipt (tenant_id, id, inbox_id, creditor_fiscal_code, receipt_id, notice_number, iuv,
        verdict, amount_cents, paid_at, psp_id, psp_name, description, transfers, stored_at)
      values (${t}, ${id(name)}, ${newId()}, ${creditor}, ${name}, '301000000000000000', '01000000000000000',
        ${verdict}, 4600, ${NOW}, 'ABC', 'Banca', 'x', ${JSON.stringify(transfers)}::text::jsonb, ${NOW})`);
  const ours = { fiscalCodePA: creditor, amountCents: "4000" };
  const theirs = { fiscalCodePA: "99999999990", amountCents: "600" };
  await receipt("exact", "exact", [ours, theirs]);
  await receipt("twice", "duplicate", [theirs]);
  await receipt("odd", "unknown-notice", []);
  const [holder, service, charge] = [id("holder"), id("service"), id("charge")];
  await tx.run(sql`
    insert into charge (tenant_id, id, kind, service_id, holder_id, date, charge_key, amount_cents, posted_at)
    values (${t}, ${charge}, 'meal', ${service}, ${holder}, '2026-10-20', 'k', 460, ${NOW})`);
  await tx.run(sql`
    insert into bill (tenant_id, id, number, service_id, holder_id, month, total_cents, meals, state, drawn_at,
      drawn_by, due_on, bill_key)
    values (${t}, ${id("bill")}, '2026/00001', ${service}, ${holder}, '2026-10-01', 460, 1, 'drawn', ${NOW}, 'a',
      '2026-11-18', 'k')`);
  await tx.run(sql`
    insert into bill_line (tenant_id, charge_id, bill_id) values (${t}, ${charge}, ${id("bill")})`);
  await tx.run(sql`
    insert into account (tenant_id, id, username, display_name, created_at)
    values (${t}, ${id("account")}, 'u', 'U', ${NOW})`);
  for (const token of ["a", "b"])
    await tx.run(sql`
      insert into session (tenant_id, token_hash, account_id, created_at, last_seen_at, expires_at)
      values (${t}, ${token}, ${id("account")}, ${NOW}, ${NOW}, ${NOW})`);
}

describe("a database that an earlier release filled", () => {
  let base: TestDatabase;
  let towns: Awaited<ReturnType<typeof testTown>>[];
  before(async () => {
    base = await testBlankDatabase();
    const ran = await migrate(base.db, NOW, BEFORE_SETTLEMENT_AT_SIZE);
    assert.equal(ran.at(-1), BEFORE_SETTLEMENT_AT_SIZE);
    towns = [await testTown(base.db), await testTown(base.db)];
    for (const [index, { town }] of towns.entries())
      await town.write((tx) => fillAsBefore(tx, index === 0 ? CREDITOR : "88888888888"));
    const rest = await migrate(base.db, NOW);
    assert.equal(rest[0], "0037_settlement_at_size.sql");
    assert.ok(rest.includes("0049_corrections.sql"));
  });
  after(() => base.close());

  it("X-05 0037: flows keep the keys they stand under, also the second posting; own cents leave others' out", async () => {
    for (const { town } of towns)
      await town.read(async (tx) => {
        const flows = await tx.rows(sql`
          select flow_code as code, posting_key as key from settlement_flow
          where tenant_id = ${tx.tenantId} order by flow_code`);
        assert.deepEqual(flows, [
          { code: "FLUSSO-A", key: "settlement:ABC_01:FLUSSO-A" },
          { code: "FLUSSO-B", key: "settlement:ABC_01:FLUSSO-B:2" },
          { code: "FLUSSO-C", key: "" },
        ]);
        const receipts = await tx.rows(sql`
          select receipt_id as id, own_cents::int as own from payment_receipt
          where tenant_id = ${tx.tenantId} order by receipt_id`);
        assert.deepEqual(receipts, [
          { id: "exact", own: 4000 },
          { id: "odd", own: 4600 },
          { id: "twice", own: 4000 },
        ]);
      });
  });

  it("X-05 0037 0049: what was settled stays settled: nothing is posted or undone; a revision undoes the old key", async () => {
    for (const { town } of towns) {
      assert.deepEqual(await town.write((tx) => reconcile(tx, NOW)), {
        banked: 0,
        posted: 0,
        reversed: 0,
      });
      await town.write(async (tx) => {
        await tx.run(sql`update bank_movement set amount_cents = 499
          where tenant_id = ${tx.tenantId} and movement_key = 'FLUSSO-B'`);
        const { reversed } = await reconcile(tx, NOW);
        assert.equal(reversed, 1);
        assert.equal(await balanceOf(tx, { kind: "bank" }), -6410n);
        assert.deepEqual(await checkLedger(tx), []);
      });
    }
  });

  it("X-05 0049: each movement of the bank names the treasury whose journal brought it", async () => {
    const creditors = await Promise.all(
      towns.map(({ town }) =>
        town.read((tx) =>
          tx.rows<{ code: string; n: number }>(sql`
            select creditor_fiscal_code as code, count(*)::int as n from bank_movement
            where tenant_id = ${tx.tenantId} group by 1`),
        ),
      ),
    );
    assert.deepEqual(creditors, [[{ code: CREDITOR, n: 2 }], [{ code: "88888888888", n: 2 }]]);
  });

  it("BO-02 0049: a bill keeps its lines, and a charge stays on one bill at most", async () => {
    for (const { town } of towns)
      await town.write(async (tx) => {
        const lines = await tx.rows<{ chargeId: string; released: boolean }>(sql`
          select charge_id as "chargeId", released from bill_line where tenant_id = ${tx.tenantId}`);
        assert.deepEqual(
          lines.map(({ released }) => released),
          [false],
        );
      });
    const again = towns[0]!.town.write((tx) =>
      tx.run(sql`
        insert into bill_line (tenant_id, charge_id, bill_id)
        select tenant_id, charge_id, ${newId()}::uuid from bill_line where tenant_id = ${tx.tenantId}`),
    );
    await assert.rejects(again, /bill_line_by_charge|foreign key/);
  });

  it("X-15 0040: every session has an id of its own that is not its token", async () => {
    for (const { town } of towns)
      await town.read(async (tx) => {
        const ids = await tx.rows<{ id: string; token: string }>(sql`
          select id::text, token_hash as token from session where tenant_id = ${tx.tenantId}`);
        assert.equal(new Set(ids.map(({ id }) => id)).size, 2);
        assert.ok(ids.every(({ id, token }) => id !== token));
      });
  });
});
