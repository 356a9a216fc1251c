// SPDX-License-Identifier: EUPL-1.2
import { randomInt } from "node:crypto";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { paymentCode } from "../rules/payment-code.ts";
import type { NewPerson } from "../rules/person.ts";
import {
  putChildHolders,
  putGuardianships,
  putHolders,
  takenPaymentCodes,
} from "../sql/holders.ts";
import { putPeople } from "./put-people.ts";

export interface NewFamily {
  readonly holder: NewPerson;
  readonly children: readonly NewPerson[];
  /** adults beside the holder, responsible for every child of the family */
  readonly guardians?: readonly (NewPerson & { role: string })[];
  /** the holder's own role; absent = `genitore` */
  readonly holderRole?: string;
  readonly from: Day;
}

/** One account and one payment code for an adult and the children (OS-08, OS-12). */
export async function createFamily(
  tx: WriteTx,
  family: NewFamily,
  at: Moment,
): Promise<{ holderId: string; paymentCode: string }> {
  const { holder, children, from } = family;
  const guardians = family.guardians ?? [];
  const adults = [{ id: holder.id, role: family.holderRole ?? "genitore" }, ...guardians];
  const people = [holder, ...guardians.map(({ role: _role, ...guardian }) => guardian)];
  await putPeople(tx, [...people, ...children], at);
  const holderId = newId();
  const [code] = await freePaymentCodes(tx, 1);
  if (code === undefined) throw new Error("no payment code was made");
  await putHolders(tx, [{ id: holderId, personId: holder.id, paymentCode: code, from, to: null }]);
  const ties = children.map((child) => ({ id: newId(), childId: child.id, from, to: null }));
  await putChildHolders(
    tx,
    ties.map((tie) => ({ ...tie, holderId })),
  );
  await putGuardianships(
    tx,
    ties.flatMap((tie) =>
      adults.map((adult) => ({ ...tie, id: newId(), guardianId: adult.id, role: adult.role })),
    ),
  );
  return { holderId, paymentCode: code };
}

/** Payment codes that nobody in the town has. */
export async function freePaymentCodes(tx: ReadTx, count: number): Promise<string[]> {
  const codes = new Set<string>();
  while (codes.size < count) {
    const drawn = new Set<string>();
    while (drawn.size < count - codes.size) {
      const code = paymentCode((limit) => randomInt(limit));
      if (!codes.has(code)) drawn.add(code);
    }
    const taken = new Set(await takenPaymentCodes(tx, [...drawn]));
    for (const code of drawn) if (!taken.has(code)) codes.add(code);
  }
  return [...codes];
}
