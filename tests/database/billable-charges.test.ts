// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { day, momentAt } from "#kernel/dates.ts";
import { splitStatements } from "#kernel/db/migrate.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { smallTown } from "../support/small-town.ts";

const MIGRATION = new URL("../../migrations/0019_billable_charges.sql", import.meta.url);

describe("the migration that tells which charges a bill asks for", () => {
  let base: TestDatabase;
  before(async () => {
    base = await testDatabase();
  });
  after(() => base.close());

  it("BO-02 finds in old charges how their service was paid on that day, in every town", async () => {
    const payment = { model: "prepaid", accountScope: "child", directDebit: false } as const;
    const prepaid = await smallTown(base.db, { settings: { payment } });
    const postpaid = await smallTown(base.db);
    for (const place of [prepaid, postpaid]) {
      await place.town.write(async (tx) => {
        const value = JSON.stringify({ ...payment, model: "postpaid" });
        await tx.run(sql`insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at,
            recorded_by)
          values (${tx.tenantId}, 'mensa', 'payment', date '2026-11-01', ${value}::text::jsonb, 'profile',
            ${momentAt(day("2026-10-30"), "10:00")}, 'test')`);
        for (const date of ["2026-10-20", "2026-11-24"])
          await tx.run(sql`insert into charge (tenant_id, id, kind, service_id, child_id, holder_id, date, charge_key,
              amount_cents, posted_at)
            values (${tx.tenantId}, ${newId()}, 'meal', ${place.serviceId}, ${place.giulia}, ${place.holderId},
              ${day(date)}, ${`meal:${date}`}, 460, ${momentAt(day(date), "15:00")})`);
      });
    }
    const [, ...fill] = splitStatements(await readFile(MIGRATION, "utf8"));
    await base.db.owner(async (tx) => {
      for (const statement of fill.filter((one) => !one.includes("add column")))
        await tx.run(sql.raw(statement));
    });
    const billable = (place: typeof prepaid) =>
      place.town.read((tx) =>
        tx.rows(sql`select date::text as date, billable from charge
          where tenant_id = ${tx.tenantId} order by date`),
      );
    assert.deepEqual(await billable(prepaid), [
      { date: "2026-10-20", billable: false },
      { date: "2026-11-24", billable: true },
    ]);
    assert.deepEqual(await billable(postpaid), [
      { date: "2026-10-20", billable: true },
      { date: "2026-11-24", billable: true },
    ]);
  });
});
