// SPDX-License-Identifier: EUPL-1.2
/** A small town that can be paid, with the people of its money desk. */
import assert from "node:assert/strict";
import type { Actor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger, type FamilyAccount, post, type TownAccount } from "#ledger";
import { collecting } from "./collecting.ts";
import { type SmallTown, smallTown } from "./small-town.ts";

const NOW = moment("2026-11-20T09:16:00Z");

export interface Desk {
  place: SmallTown;
  clerk: Actor;
  manager: Actor;
  other: Actor;
  account: FamilyAccount;
  sibling: FamilyAccount;
}

export async function openDesk(db: Database): Promise<Desk> {
  const place = await smallTown(db);
  await collecting(place);
  const staff = (role: Actor["role"], name: string): Actor => ({
    ...place.sara,
    role,
    name,
    id: newId(),
    personId: null,
  });
  const { holderId } = place;
  return {
    place,
    clerk: staff("office", "A. Riva"),
    manager: staff("office-manager", "M. Conti"),
    other: staff("administrator", "L. Bassi"),
    account: { kind: "family", holderId, childId: place.giulia },
    sibling: { kind: "family", holderId, childId: place.tommaso },
  };
}

type Counter = Pick<Desk, "place" | "account">;

export const balance = ({ place }: Pick<Desk, "place">, account: FamilyAccount): Promise<bigint> =>
  place.town.read((tx) => balanceOf(tx, account));
export const townBalance = ({ place }: Desk, kind: TownAccount): Promise<bigint> =>
  place.town.read((tx) => balanceOf(tx, { kind }));

export async function assertSound({ place }: Desk): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
}

/** Money in (above zero) or a charge (below), on a day. */
export async function move(
  of: Counter,
  cents: bigint,
  on: string,
  account: FamilyAccount = of.account,
): Promise<void> {
  const revenue = { kind: "revenue", serviceId: of.place.serviceId } as const;
  await of.place.town.write((tx) =>
    post(
      tx,
      {
        key: `test:${newId()}`,
        debit: cents > 0n ? { kind: "pagopa-clearing" } : account,
        credit: cents > 0n ? account : revenue,
        amountCents: cents > 0n ? cents : -cents,
        kind: cents > 0n ? "credit" : "meal",
        happenedOn: day(on),
      },
      NOW,
    ),
  );
}
