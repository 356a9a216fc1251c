// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { NamedSeat, Seat } from "../rules/rows.ts";

interface SeatRow extends Omit<NamedSeat, "stopIds"> {
  outwardStopId: string | null;
  returnStopId: string | null;
}

/** Seats of a day or later, of lines or of children, by the children's names; the oldest first. */
export async function seatsFrom(
  tx: ReadTx,
  of: ({ lineIds: readonly string[] } | { childIds: readonly string[] }) & { date: Day },
): Promise<NamedSeat[]> {
  // As arrays the stops find their seats by index, whatever years of them there are.
  const stops = (lineIds: readonly string[]) => sql`any(array(
    select id from bus_stop where tenant_id = ${tx.tenantId} and line_id = any(${lineIds}::uuid[])))`;
  const whose =
    "childIds" in of
      ? sql`s.child_id = any(${of.childIds}::uuid[])`
      : sql`(s.outward_stop_id = ${stops(of.lineIds)} or s.return_stop_id = ${stops(of.lineIds)})`;
  const rows = await tx.rows<SeatRow>(sql`
    select s.child_id as "childId", s.service_id as "serviceId", n.surname, n.given_name as "givenName",
      s.outward_stop_id as "outwardStopId", s.return_stop_id as "returnStopId",
      s.from_date as "from", s.to_date as "to"
    from bus_seat s
    join v_child_name n on n.tenant_id = s.tenant_id and n.child_id = s.child_id
    where s.tenant_id = ${tx.tenantId} and ${whose} and (s.to_date is null or s.to_date >= ${of.date}::date)
    order by n.surname, n.given_name, s.child_id, s.from_date`);
  return rows.map(({ outwardStopId, returnStopId, ...seat }) => ({
    ...seat,
    stopIds: { outward: outwardStopId, return: returnStopId },
  }));
}

/** From `from` on the child has no seat in the service: one that would never have begun is removed, others end. */
export async function endSeats(
  tx: WriteTx,
  of: { childId: string; serviceId: string; from: Day },
): Promise<void> {
  const { childId, serviceId, from } = of;
  await tx.run(sql`delete from bus_seat
    where tenant_id = ${tx.tenantId} and child_id = ${childId} and service_id = ${serviceId}
      and from_date >= ${from}::date`);
  await tx.run(sql`update bus_seat set to_date = ${from}::date - 1
    where tenant_id = ${tx.tenantId} and child_id = ${childId} and service_id = ${serviceId}
      and (to_date is null or to_date >= ${from}::date)`);
}

export function putSeat(
  tx: WriteTx,
  seat: Omit<Seat, "to"> & { id: string },
  at: Moment,
): Promise<number> {
  return tx.run(sql`
    insert into bus_seat (tenant_id, id, child_id, service_id, outward_stop_id, return_stop_id, from_date, created_at)
    values (${tx.tenantId}, ${seat.id}, ${seat.childId}, ${seat.serviceId}, ${seat.stopIds.outward},
      ${seat.stopIds.return}, ${seat.from}, ${at}::timestamptz)`);
}
