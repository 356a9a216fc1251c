// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { BusLine, BusStop } from "../rules/rows.ts";

/** Until the transaction ends, nobody else changes lines, stops or seats of this town. */
export async function lockLines(tx: WriteTx): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${tx.tenantId}, 60))`);
}

const LINE = sql.raw(`id, service_id as "serviceId", name, ended_on as "endedOn"`);

/** The lines that run on a day or later, by service and name. */
export function linesFrom(tx: ReadTx, date: Day): Promise<BusLine[]> {
  return tx.rows<BusLine>(sql`
    select ${LINE} from bus_line
    where tenant_id = ${tx.tenantId} and (ended_on is null or ended_on >= ${date}::date)
    order by service_id, lower(name), id`);
}

export function busLine(tx: ReadTx, id: string): Promise<BusLine | undefined> {
  return tx.maybe<BusLine>(
    sql`select ${LINE} from bus_line where tenant_id = ${tx.tenantId} and id = ${id}`,
  );
}

/** Is another line of the service that runs called so? Capitals are the database's word, as in its index. */
export async function isNameTaken(
  tx: ReadTx,
  of: { lineId: string; serviceId: string; name: string },
): Promise<boolean> {
  const { found } = await tx.one<{ found: boolean }>(sql`
    select exists (select 1 from bus_line
      where tenant_id = ${tx.tenantId} and service_id = ${of.serviceId} and lower(name) = lower(${of.name})
        and ended_on is null and id <> ${of.lineId}) as found`);
  return found;
}

interface StopRow extends Omit<BusStop, "times"> {
  outwardAt: string | null;
  returnAt: string | null;
}

const time = (text: string | null): Temporal.PlainTime | null =>
  text === null ? null : Temporal.PlainTime.from(text);

/** Stops of lines, those that are over too; in no order. */
export async function stopsOf(
  tx: ReadTx,
  of: { lineIds: readonly string[] } | { stopIds: readonly string[] },
): Promise<BusStop[]> {
  const which =
    "lineIds" in of
      ? sql`line_id = any(${of.lineIds}::uuid[])`
      : sql`id = any(${of.stopIds}::uuid[])`;
  const rows = await tx.rows<StopRow>(sql`
    select id, line_id as "lineId", name, outward_at::text as "outwardAt", return_at::text as "returnAt",
      ended_on as "endedOn"
    from bus_stop where tenant_id = ${tx.tenantId} and ${which}`);
  return rows.map(({ outwardAt, returnAt, ...stop }) => ({
    ...stop,
    times: { outward: time(outwardAt), return: time(returnAt) },
  }));
}

/** Inserts a line; of one that exists the name may change. */
export function putLine(tx: WriteTx, line: Omit<BusLine, "endedOn">): Promise<number> {
  return tx.run(sql`
    insert into bus_line (tenant_id, id, service_id, name)
    values (${tx.tenantId}, ${line.id}, ${line.serviceId}, ${line.name})
    on conflict (tenant_id, id) do update set name = excluded.name`);
}

export function setLineEnd(tx: WriteTx, of: { id: string; endedOn: Day }): Promise<number> {
  return tx.run(sql`
    update bus_line set ended_on = ${of.endedOn}::date where tenant_id = ${tx.tenantId} and id = ${of.id}`);
}

/** Inserts stops of a line; of those that exist name and times may change. */
export function putStops(
  tx: WriteTx,
  of: { lineId: string; stops: readonly Pick<BusStop, "id" | "name" | "times">[] },
): Promise<number> {
  const rows = of.stops.map(({ id, name, times }) => {
    return { id, name, outward: times.outward?.toString(), back: times.return?.toString() };
  });
  return tx.run(sql`
    insert into bus_stop (tenant_id, id, line_id, name, outward_at, return_at)
    select ${tx.tenantId}, r.id, ${of.lineId}, r.name, r.outward, r.back
    from ${jsonRows(rows)} as r(id uuid, name text, outward time, back time)
    on conflict (tenant_id, id) do update set name = excluded.name, outward_at = excluded.outward_at,
      return_at = excluded.return_at
    where bus_stop.line_id = excluded.line_id`);
}

/** Past seats keep their stop: it is no longer served, and stays. */
export function endStops(
  tx: WriteTx,
  of: { stopIds: readonly string[]; endedOn: Day },
): Promise<number> {
  return tx.run(sql`
    update bus_stop set ended_on = ${of.endedOn}::date
    where tenant_id = ${tx.tenantId} and id = any(${of.stopIds}::uuid[]) and ended_on is null`);
}
