// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { BusLine } from "../rules/rows.ts";

/** The lines that run on a day or later, by service and name. */
export function linesFrom(tx: ReadTx, date: Day): Promise<BusLine[]> {
  return tx.rows<BusLine>(sql`
    select id, service_id as "serviceId", name, ended_on as "endedOn" from bus_line
    where tenant_id = ${tx.tenantId} and (ended_on is null or ended_on >= ${date}::date)
    order by service_id, lower(name), id`);
}
