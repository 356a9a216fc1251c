// SPDX-License-Identifier: EUPL-1.2
/** A month that was eaten, closed and billed, and its e-mails on their way. */
import { closeDay, drawMonth } from "#billing";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import type { Mailer } from "../../src/integrations/mail/mailer.ts";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { sendEmails } from "../../src/worker/mail.ts";
import type { SmallTown } from "./small-town.ts";

const OCTOBER = day("2026-10-01");
/** Bills are drawn on the 2nd of November and due on the 18th. */
export const DRAWN_AT = momentAt(day("2026-11-02"), "09:00");

export const setAddress = (place: SmallTown, address: string): Promise<number> =>
  place.town.write((tx) =>
    tx.run(sql`update person set email = ${address}
      where tenant_id = ${place.tenantId} and id = ${place.sara.personId}`),
  );

/** The class stays for lunch on Mondays, Tuesdays and Thursdays; the other days have nobody to close. */
export async function closeOctober(place: SmallTown): Promise<void> {
  for (let date = OCTOBER; date.month === OCTOBER.month; date = date.add({ days: 1 })) {
    if (![1, 2, 4].includes(date.dayOfWeek)) continue;
    await closeDay(place.town, {
      serviceId: place.serviceId,
      siteId: place.siteId,
      date,
      by: "ufficio",
      now: momentAt(date, "15:00"),
    });
  }
}

export const drawOctober = (place: SmallTown) =>
  place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: place.serviceId,
      month: OCTOBER,
      now: DRAWN_AT,
      today: day("2026-11-02"),
      by: "ufficio",
    }),
  );

/** One round of the mail's worker at that moment. */
export const mailRound = (
  db: Database,
  place: SmallTown,
  { mailer, now }: { mailer: Mailer; now: Moment },
): Promise<number> =>
  sendEmails(
    {
      db,
      clock: { now: () => now },
      port: 3000,
      secureCookies: false,
      pagoPa: NO_PAGOPA,
      sealKey: "seal",
    },
    { town: { id: place.tenantId, slug: "prova", hosts: [] }, mailer },
  );
