// SPDX-License-Identifier: EUPL-1.2
import { putServices } from "#calendar";
import { putEnrolments } from "#enrolment";
import { day, moment } from "#kernel/dates.ts";
import { jsonRows, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { type SmallTown, USUAL_SETTINGS } from "./small-town.ts";

const AT = moment("2026-08-20T08:00:00Z");

/** Gives a small town a second daily service, `Merenda`, on the days of the first, with Giulia in it; its id. */
export async function addSnack(place: SmallTown): Promise<string> {
  const snack = newId();
  await place.town.write(async (tx) => {
    await putServices(tx, [
      { id: snack, code: "merenda", kind: "canteen", name: "Merenda", position: 2 },
    ]);
    await tx.run(sql`insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at,
        recorded_by)
      select ${tx.tenantId}, 'merenda', r.key, date '2026-08-01', r.value, 'profile', ${AT}::timestamptz, 'test'
      from ${jsonRows(Object.entries(USUAL_SETTINGS).map(([key, value]) => ({ key, value })))}
        as r(key text, value jsonb)`);
    await tx.run(sql`insert into service_period (tenant_id, id, service_id, year, starts_on, ends_on, weekdays)
      select tenant_id, ${newId()}::uuid, ${snack}::uuid, year, starts_on, ends_on, weekdays from service_period
      where tenant_id = ${tx.tenantId}`);
    await tx.run(sql`insert into class_session (tenant_id, id, service_id, class_id, weekdays, from_date)
      select tenant_id, ${newId()}::uuid, ${snack}::uuid, class_id, weekdays, from_date from class_session
      where tenant_id = ${tx.tenantId}`);
    const dates = { from: day("2026-09-14"), to: null, weekdays: null };
    await putEnrolments(
      tx,
      [{ id: newId(), childId: place.giulia, serviceId: snack, year: 2026, ...dates }],
      AT,
    );
    await bumpConfiguration(tx);
  });
  return snack;
}
