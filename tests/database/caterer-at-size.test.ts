// SPDX-License-Identifier: EUPL-1.2
/** Years of meals and of news: the month of the catering company and the town's news read what they show. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { refreshStatistics } from "#kernel/statistics.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import { type Explained, explaining } from "../support/plans.ts";
import { testSite, type TestSite } from "../support/site.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const BIG = ["frozen_order", "frozen_order_line", "attendance", "service_day", "news"];
const skip =
  testEngine() === "pglite" && "plans are PostgreSQL's: skipped on the embedded database";

describe("a town with years of meals", { skip }, () => {
  let base: TestDatabase;
  let explained: Explained;
  let site: TestSite;
  let neighbour: TestSite;

  before(async () => {
    base = await testDatabase();
    explained = await explaining(base.url!);
    site = await testSite(explained.db, { routes: wholeSite.routes, now: NOW });
    neighbour = await testSite(base.db, { routes: wholeSite.routes, now: NOW });
    const { tenantId, serviceId, giulia } = site.place;
    await base.db.forTenant(tenantId).write(async (tx) => {
      // Thirty schools, three hundred days.
      await tx.run(sql`
        insert into school_site (tenant_id, id, name, level, address)
        select ${tenantId}, gen_random_uuid(), 'Plesso ' || n, 'primaria', '' from generate_series(1, 30) n`);
      await tx.run(sql`
        insert into frozen_order (tenant_id, service_id, site_id, date, frozen_at, frozen_by)
        select ${tenantId}, ${serviceId}::uuid, s.id, d::date, d, 'tick'
        from school_site s, generate_series(date '2026-01-20', date '2026-11-20', interval '1 day') d
        where s.tenant_id = ${tenantId}`);
      await tx.run(sql`
        insert into frozen_order_line (tenant_id, service_id, site_id, date, line_key, meal, diet_code, meals)
        select tenant_id, service_id, site_id, date, k, case k when 'staff' then 'staff' else 'normal' end, '', 3
        from frozen_order, unnest(array['a', 'b', 'staff']) k where tenant_id = ${tenantId}`);
      await tx.run(sql`
        insert into service_day (tenant_id, service_id, site_id, date, state, changed_at, changed_by)
        select tenant_id, service_id, site_id, date, 'closed', frozen_at, 'tick' from frozen_order
        where tenant_id = ${tenantId}`);
      await tx.run(sql`
        insert into attendance (tenant_id, service_id, date, child_id, site_id, status, billable, source,
          recorded_by, recorded_at)
        select tenant_id, service_id, date - 7000 * n, ${giulia}::uuid, site_id, 'present', true, 'presumed', 'tick',
          frozen_at
        from (select distinct on (date) * from frozen_order where tenant_id = ${tenantId} order by date, site_id) o,
          generate_series(0, 40) n`);
    });
    for (const [town, count] of [
      [site, 60],
      [neighbour, 9000],
    ] as const) {
      const { accountId } = await town.signInAs("office");
      await base.db.forTenant(town.place.tenantId).write((tx) =>
        tx.run(sql`
          insert into news (tenant_id, id, author, title, body, published_at, published_by, account_id)
          select ${tx.tenantId}, gen_random_uuid(), 'municipality', 'Notizia ' || n, repeat('Testo ', 200),
            ${NOW}::timestamptz - make_interval(hours => n), 'M. Conti', ${accountId}::uuid
          from generate_series(1, ${count}::int) as n`),
      );
    }
    await refreshStatistics(base.db);
  });
  after(async () => {
    await site?.close();
    await neighbour?.close();
    await explained?.db.close();
    await base?.close();
  });

  const scanned = (): string[] => {
    const scans = explained.scans();
    return BIG.flatMap((table) => scans.get(table) ?? []);
  };

  it("X-14 a month is read by its schools and days, not by all there ever was", async () => {
    const caterer = await site.signInAs("caterer");
    explained.scans();
    const page = await site.get("/ristorazione/mese?mese=2026-10", caterer);
    assert.match(page.body, /Per plesso[^]*plesso=[0-9a-f-]{36}">Plesso 30</);
    assert.deepEqual(scanned(), []);
  });

  it("PE-08 the town's news are read by their index, whatever its neighbours wrote", async () => {
    explained.scans();
    const page = await site.get("/novita");
    assert.match(page.body, /Notizia 50<[^]*pagina=2/);
    assert.deepEqual(scanned(), []);
  });
});
