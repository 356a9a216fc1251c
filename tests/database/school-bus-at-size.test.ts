// SPDX-License-Identifier: EUPL-1.2
/** Years of seats on the school bus: a driver's list reads those of the line. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { refreshStatistics } from "#kernel/statistics.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { addBus, type BusTown } from "../support/bus-town.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import { type Explained, explaining } from "../support/plans.ts";
import { testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-24T06:10:00Z");
const skip =
  testEngine() === "pglite" && "plans are PostgreSQL's: skipped on the embedded database";

describe("a town with years of seats on the school bus", { skip }, () => {
  let base: TestDatabase;
  let explained: Explained;
  let site: TestSite;
  let bus: BusTown;

  before(async () => {
    base = await testDatabase();
    explained = await explaining(base.url!);
    site = await testSite(explained.db, { routes: wholeSite.routes, now: NOW });
    bus = await addBus(site.place);
    const { tenantId, tommaso } = site.place;
    await base.db.forTenant(tenantId).write(async (tx) => {
      await tx.run(sql`
        insert into bus_line (tenant_id, id, service_id, name)
        select ${tenantId}, gen_random_uuid(), ${bus.busId}::uuid, 'Linea ' || n from generate_series(10, 30) n`);
      await tx.run(sql`
        insert into bus_stop (tenant_id, id, line_id, name, outward_at)
        select tenant_id, gen_random_uuid(), id, 'Fermata ' || n, '07:00' from bus_line, generate_series(1, 12) n
        where tenant_id = ${tenantId} and id <> ${bus.lineId}::uuid`);
      await tx.run(sql`
        insert into bus_seat (tenant_id, id, child_id, service_id, outward_stop_id, return_stop_id, from_date, to_date,
          created_at)
        select ${tenantId}, gen_random_uuid(), ${tommaso}::uuid, ${bus.busId}::uuid, id, id, date '2026-09-14' - 365 * n,
          date '2027-06-08' - 365 * n, ${NOW}
        from bus_stop, generate_series(0, 80) n where tenant_id = ${tenantId} and line_id <> ${bus.lineId}::uuid`);
    });
    await refreshStatistics(base.db);
  });
  after(async () => {
    await site?.close();
    await explained?.db.close();
    await base?.close();
  });

  it("PE-01 a driver's list reads the seats of the line, not all there ever were", async () => {
    const driver = await site.signInAs("driver", { lineIds: [bus.lineId] });
    explained.scans();
    const page = await site.get("/autista", driver);
    assert.match(page.body, /Ferrando Giulia/);
    assert.deepEqual(explained.scans().get("bus_seat") ?? [], []);
  });
});
