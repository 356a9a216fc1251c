// SPDX-License-Identifier: EUPL-1.2
/** What people do on a day in the small town: cancel, close, look at charges. */
import { randomUUID } from "node:crypto";
import { chargesOf, closeDay } from "#billing";
import { changeMeals, type MealAct } from "#booking";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { balances } from "#ledger";
import { RECEIPT_KEY, type SmallTown } from "./small-town.ts";

export const at = (date: string, time: string) => momentAt(day(date), time);
export const staff = (place: SmallTown, role: Actor["role"]): Actor => ({
  ...place.sara,
  role,
  name: role,
  personId: null,
});

export async function act(
  place: SmallTown,
  what: MealAct,
  date: string,
  child: string,
  time = "08:00",
) {
  const receivedAt = at(date, time);
  return place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act: what,
      serviceId: place.serviceId,
      items: [{ childId: child, date: day(date) }],
      receivedAt,
      now: receivedAt,
      idempotencyKey: randomUUID(),
      receiptKey: RECEIPT_KEY,
    }),
  );
}

export const close = (
  place: SmallTown,
  date: string,
  extra: { acceptMissing?: boolean; batchMeals?: number } = {},
) =>
  closeDay(place.town, {
    serviceId: place.serviceId,
    siteId: place.siteId,
    date: day(date),
    by: "ufficio",
    now: at(date, "15:00"),
    ...extra,
  });

export const chargesOn = (place: SmallTown, date: string) =>
  place.town.read((tx) =>
    chargesOf(tx, { childIds: [place.giulia, place.tommaso], from: day(date), to: day(date) }),
  );

export const owed = async (place: SmallTown) =>
  (await place.town.read((tx) => balances(tx, { holderId: place.holderId }))).reduce(
    (sum, { balanceCents }) => sum + balanceCents,
    0n,
  );
