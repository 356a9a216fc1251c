// SPDX-License-Identifier: EUPL-1.2
/** What `campanella check` says of payments: nothing of a sound town, and each planted fault by its name. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { post } from "#ledger";
import { checkPayments } from "#payments";
import {
  apply,
  collecting,
  CREDITOR,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { bankSays, journalOf, lineOf, movementOf, reportOf, store } from "../support/settling.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-24T08:00:00Z");
let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** One payment settled, one waiting for its flow, one that came twice. */
async function payingTown(): Promise<SmallTown> {
  const place = await smallTown(base.db);
  await collecting(place);
  const pay = async (key: string, cents: bigint, times = 1) => {
    const notice = await issueOne(
      place,
      topUp(place, key, [topUpLine(place, place.giulia, cents)]),
    );
    const receipts = Array.from({ length: times }, () => receiptFor(notice));
    for (const receipt of receipts) {
      await land(base.db, receipt, NOW);
      assert.deepEqual((await apply(base.db, NOW)).errors, []);
    }
    return receipts[0]!;
  };
  const settled = await pay("settled", 6410n);
  await pay("waiting", 500n);
  await pay("twice", 300n, 2);
  await store(place, reportOf(CREDITOR, [lineOf(settled)]), NOW);
  await bankSays(place, journalOf(CREDITOR, [movementOf(6410n)]), NOW);
  return place;
}

const rulesOf = async (place: SmallTown): Promise<string[]> => {
  const found = await place.town.read((tx) => checkPayments(tx));
  return [...new Set(found.map(({ rule }) => rule))];
};

/** As whoever can do what the application may not. */
const plant = (place: SmallTown, statement: (tenantId: string) => ReturnType<typeof sql>) =>
  base.db.owner(async (tx) => {
    await tx.run(sql`select set_config('app.tenant_id', ${place.tenantId}, true)`);
    await tx.run(statement(place.tenantId));
  });

const settledReceipt = (tenantId: string) => sql`(
  select r.id from payment_receipt r join payment_notice n on n.tenant_id = r.tenant_id and n.id = r.notice_id
  where r.tenant_id = ${tenantId} and n.state = 'settled')`;

describe("X-05 campanella check on payments", () => {
  it("finds nothing in a town whose payments are settled, waiting and in suspense", async () => {
    assert.deepEqual(await rulesOf(await payingTown()), []);
  });

  const faults: [rule: string, statement: (tenantId: string) => ReturnType<typeof sql>][] = [
    [
      "applied-without-receipt",
      (id) => sql`
        insert into platform.pagopa_inbox (id, recipient_fiscal_code, receipt_id, operation, station_id, tenant_id,
          notice_number, amount_cents, raw, received_at, state, next_attempt_at)
        values (${newId()}, ${CREDITOR}, ${newId()}, 'paSendRT', 's', ${id}, '3', 1, '', ${NOW}, 'applied', ${NOW})`,
    ],
    [
      "receipt-posting",
      (id) => sql`
        update ledger_transfer set amount_cents = amount_cents + 1
        where tenant_id = ${id} and idempotency_key = 'pagopa-receipt:' || ${settledReceipt(id)}::text || ':1'`,
    ],
    [
      "posting-without-receipt",
      (id) => sql`
        insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id, amount_cents, kind, happened_on,
          recorded_at, idempotency_key)
        select tenant_id, ${newId()}::uuid, debit_account_id, credit_account_id, 1, kind, happened_on, recorded_at,
          'pagopa-receipt:nobody:1'
        from ledger_transfer where tenant_id = ${id} and kind = 'credit' limit 1`,
    ],
    [
      "revocation-posting",
      (id) => sql`
        insert into receipt_revocation (tenant_id, id, receipt_id, transfer, flow_id, amount_cents, reason, revoked_at,
          revoked_by)
        select ${id}::uuid, ${newId()}::uuid, ${settledReceipt(id)}, 1, f.id, 6410, 'x', ${NOW}, 'x'
        from settlement_flow f where f.tenant_id = ${id}`,
    ],
    [
      "own-cents",
      (id) => sql`update payment_receipt set own_cents = 1 where id = ${settledReceipt(id)}`,
    ],
    [
      "receipt-of-unpaid-notice",
      (id) =>
        sql`update payment_notice set state = 'issued' where tenant_id = ${id} and state = 'settled'`,
    ],
    ["case-missing", (id) => sql`delete from payment_case where tenant_id = ${id}`],
    [
      "paid-without-receipt",
      (id) => sql`
        update payment_receipt set verdict = 'duplicate' where id = ${settledReceipt(id)}`,
    ],
    [
      "paid-elsewhere-without-payment",
      (id) => sql`
        update payment_notice set state = 'paid-elsewhere' where tenant_id = ${id} and amount_cents = 500`,
    ],
    [
      "notice-sum",
      (id) =>
        sql`update payment_notice_line set amount_cents = 499 where tenant_id = ${id} and amount_cents = 500`,
    ],
    [
      "desk-payment-posting",
      (id) => sql`
        insert into desk_payment (tenant_id, id, number, method, traceable, holder_id, amount_cents, paid_on, payer_name,
          idempotency_key, recorded_at, recorded_by)
        values (${id}, ${newId()}, 1, 'cash', false, ${newId()}, 100, '2026-11-20', 'x', 'x', ${NOW}, 'x')`,
    ],
    [
      "flow-posting",
      (id) => sql`update settlement_flow set posted_cents = 1 where tenant_id = ${id}`,
    ],
    ["flow-part", (id) => sql`update settlement_report set own_cents = 1 where tenant_id = ${id}`],
    [
      "waiting-differs",
      (id) =>
        sql`update payment_notice set state = 'settled' where tenant_id = ${id} and amount_cents = 500`,
    ],
    [
      "suspense-differs",
      (id) => sql`
        update payment_case set resolved_at = ${NOW}, resolved_by = 'x', resolution = 'credited' where tenant_id = ${id}`,
    ],
  ];
  for (const [rule, statement] of faults)
    it(`X-05 finds a planted ${rule}`, async () => {
      const place = await payingTown();
      await plant(place, statement);
      assert.ok((await rulesOf(place)).includes(rule), String(await rulesOf(place)));
    });

  it("X-05 finds a planted refunds-payable-differs, clearing-differs and bank-differs", async () => {
    const place = await payingTown();
    const transfer = { amountCents: 1n, kind: "x", happenedOn: day("2026-11-24") };
    await place.town.write(async (tx) => {
      const [refunds, bank] = [{ kind: "refunds-payable" }, { kind: "bank" }] as const;
      await post(tx, { ...transfer, key: "made-up:1", debit: bank, credit: refunds }, NOW);
      const clearing = { kind: "pagopa-clearing" } as const;
      await post(
        tx,
        { ...transfer, key: "settlement:made-up", debit: bank, credit: clearing },
        NOW,
      );
    });
    const rules = await rulesOf(place);
    for (const rule of ["refunds-payable-differs", "clearing-differs", "bank-differs"])
      assert.ok(rules.includes(rule), `${rule} in ${rules.join()}`);
  });
});
