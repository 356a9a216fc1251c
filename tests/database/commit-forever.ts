// SPDX-License-Identifier: EUPL-1.2
/** Started by crash.test.ts: commits one row after another and says so, until it is killed. */
import { writeSync } from "node:fs";
import { openDatabase, sql } from "#kernel/db/index.ts";

const [dataDir, tenantId, first] = process.argv.slice(2) as [string, string, string];
const db = await openDatabase({ dataDir, port: 4321 });
const town = db.forTenant(tenantId);
writeSync(1, "open\n");
for (let year = Number(first); ; year += 1) {
  await town.write((tx) =>
    tx.run(sql`insert into school_year (tenant_id, year, starts_on, ends_on)
      values (${tenantId}, ${year}, '2026-09-14', '2027-06-10')`),
  );
  writeSync(1, `${year}\n`);
}
