// SPDX-License-Identifier: EUPL-1.2
import {
  type Bill,
  billsOf,
  type Charge,
  chargesOf,
  type Dispute,
  disputesOf,
  type IseeEnding,
  iseeEndings,
} from "#billing";
import { childDays, type DayFacts, type Receipt, receiptsOfChildren } from "#booking";
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { classesOn, dietsOn, enrolmentsOf } from "#enrolment";
import {
  type ActedByDelegation,
  actsByDelegation,
  type Delegate,
  delegatesOf,
  type Family,
  FAMILY_READ,
  isInForce,
} from "#families";
import { type AuditRow, auditOf } from "#kernel/audit.ts";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Balance, balances } from "#ledger";
import { type Message, messagesOf } from "#messaging";
import { type AppliedIsee, iseesOn } from "#tariffs";
import { datedSettings } from "#tenancy";
import { type ChildSeat, seatsOf } from "#transport";
import type { Visit } from "../../web/visit.ts";
import { busServices } from "../school-bus/bus-words.ts";
import { dailyServices } from "../words.ts";
import { familyOfAddress } from "./family-guard.ts";

const RECENT = 10;
const CHARGE_DAYS = 45;

export interface FamilyFile {
  readonly family: Family;
  readonly calendar: TownCalendar;
  /** child → class of today */
  readonly classes: ReadonlyMap<string, string>;
  readonly diets: ReadonlyMap<string, string>;
  readonly isees: ReadonlyMap<string, AppliedIsee>;
  /** child → its ISEE that ends soon, or ended just now */
  readonly iseeEndings: ReadonlyMap<string, IseeEnding>;
  /** child → today, service by service */
  readonly today: ReadonlyMap<string, readonly { service: Service; facts: DayFacts }[]>;
  /** school buses that a child is enrolled in, today or later; with its seat of today, or the next one */
  readonly buses: readonly { childId: string; service: Service; seat: ChildSeat | undefined }[];
  readonly balances: readonly Balance[];
  readonly bills: readonly Bill[];
  readonly charges: readonly Charge[];
  readonly receipts: readonly Receipt[];
  readonly messages: readonly Message[];
  readonly diary: readonly AuditRow[];
  readonly disputes: readonly Dispute[];
  /** the delegates in force (BO-23) */
  readonly delegates: readonly Delegate[];
  readonly isDelegated: ActedByDelegation;
  /** of whoever reads: diets are one role's alone */
  readonly mayWriteDiets: boolean;
}

/** Everything the office knows about one account, in one transaction; `null` = no such family. */
export async function loadFamily(tx: ReadTx, visit: Visit): Promise<FamilyFile | null> {
  const { today } = visit;
  const family = await familyOfAddress(tx, visit);
  if (!family) return null;
  const holderId = family.holder.id;
  const childIds = family.children.map(({ id }) => id);
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const days = new Map<string, { service: Service; facts: DayFacts }[]>();
  for (const service of dailyServices(calendar, settings, today)) {
    const read = await childDays(tx, {
      childIds,
      serviceId: service.id,
      from: today,
      to: today,
      channel: "office",
      receivedAt: visit.receivedAt,
    });
    for (const [childId, [facts]] of read)
      if (facts) days.set(childId, [...(days.get(childId) ?? []), { service, facts }]);
  }
  const isees = await iseesOn(tx, { childIds, date: today });
  const charges = await chargesOf(tx, {
    holderId,
    from: today.subtract({ days: CHARGE_DAYS }),
    to: today,
  });
  return {
    family,
    calendar,
    classes: await classesOn(tx, childIds, today),
    diets: await dietsOn(tx, childIds, today),
    isees: new Map(isees.map((isee) => [isee.childId, isee])),
    iseeEndings: new Map(
      (await iseeEndings(tx, { today, childIds })).map((ending) => [ending.childId, ending]),
    ),
    today: days,
    buses: await busesOf(tx, { childIds, services: busServices(calendar), today }),
    balances: await balances(tx, { holderId }),
    bills: (await billsOf(tx, { holderId })).slice(0, RECENT),
    charges: charges
      .toSorted((a, b) => Temporal.PlainDate.compare(b.date, a.date))
      .slice(0, RECENT),
    receipts: await receiptsOfChildren(tx, { childIds, limit: RECENT }),
    messages: await messagesOf(tx, { holderIds: [holderId], limit: RECENT }),
    diary: await auditOf(tx, {
      holderIds: [holderId],
      childIds,
      except: [FAMILY_READ],
      limit: RECENT,
    }),
    disputes: await disputesOf(tx, { holderId }),
    delegates: (await delegatesOf(tx, [holderId])).filter((one) => isInForce(one, today)),
    isDelegated: await actsByDelegation(tx, [holderId]),
    mayWriteDiets: visit.session?.roles.includes("office-diet") ?? false,
  };
}

async function busesOf(
  tx: ReadTx,
  of: { childIds: readonly string[]; services: readonly Service[]; today: Day },
): Promise<FamilyFile["buses"]> {
  const { childIds, services, today } = of;
  if (services.length === 0) return [];
  const enrolments = (await enrolmentsOf(tx, childIds)).filter(
    ({ to }) => to === null || !isBefore(to, today),
  );
  const seats = await seatsOf(tx, { childIds, date: today });
  return services.flatMap((service) =>
    childIds
      .filter((id) => enrolments.some((one) => one.childId === id && one.serviceId === service.id))
      .map((childId) => {
        const own = seats.find((one) => one.childId === childId && one.serviceId === service.id);
        return { childId, service, seat: own };
      }),
  );
}
