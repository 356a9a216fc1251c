// SPDX-License-Identifier: EUPL-1.2
import { lastDayOf, townCalendar } from "#calendar";
import { holderOf } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import {
  type Day,
  earlier,
  isBefore,
  isWithin,
  type Moment,
  type WeekdayMask,
} from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { isOffice } from "../rules/office.ts";
import { putEnrolments } from "../sql/enrolments.ts";
import { endEnrolments, enrolmentsOf, lockChildEnrolments } from "../sql/memberships.ts";

export type Enrolled =
  | { outcome: "enrolled"; enrolmentId: string }
  /** the child has the service on some of those days already */
  | { outcome: "overlaps"; enrolmentId: string; from: Day; to: Day | null }
  | { outcome: "dates-reversed" }
  | { outcome: "unknown-school-year" }
  | { outcome: "not-allowed" };

/**
 * Gives a child the right to a service from a day on, at most to its last day in that school year (`to: null`).
 * `weekdays: null` = as the class.
 */
export async function enrol(
  tx: WriteTx,
  enrolment: {
    actor: Actor;
    childId: string;
    serviceId: string;
    year: number;
    from: Day;
    to?: Day | null;
    weekdays?: WeekdayMask | null;
    at: Moment;
    reason?: string;
  },
): Promise<Enrolled> {
  const { actor, childId, serviceId, year, from, at } = enrolment;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const lastDay = lastDayOf(await townCalendar(tx), { serviceId, year });
  if (lastDay === null) return { outcome: "unknown-school-year" };
  const to = earlier(enrolment.to ?? lastDay, lastDay);
  if (isBefore(to, from)) return { outcome: "dates-reversed" };
  await lockChildEnrolments(tx, childId);
  // Of any year: a child has a service once on a day.
  const existing = (await enrolmentsOf(tx, [childId])).find(
    (other) =>
      other.serviceId === serviceId &&
      (isWithin(from, other.from, other.to) || isWithin(other.from, from, to)),
  );
  if (existing) {
    return { outcome: "overlaps", enrolmentId: existing.id, from: existing.from, to: existing.to };
  }
  const id = newId();
  const weekdays = enrolment.weekdays ?? null;
  await putEnrolments(tx, [{ id, childId, serviceId, year, from, to, weekdays }], at);
  await recordAudit(tx, {
    actor,
    at,
    action: "enrolment.enrol",
    childId,
    holderId: await holderOf(tx, childId, from),
    reason: enrolment.reason ?? null,
    details: { serviceId, year, from: from.toString(), to: to.toString(), weekdays },
  });
  return { outcome: "enrolled", enrolmentId: id };
}

export type Withdrawn =
  | { outcome: "withdrawn" }
  | { outcome: "not-enrolled" }
  | { outcome: "not-allowed" };

/** The child no longer has the service from `from` on; the days before stay as they were. */
export async function withdraw(
  tx: WriteTx,
  withdrawal: {
    actor: Actor;
    childId: string;
    serviceId: string;
    year: number;
    from: Day;
    at: Moment;
    reason?: string;
  },
): Promise<Withdrawn> {
  const { actor, childId, serviceId, year, from, at } = withdrawal;
  if (!isOffice(actor)) return { outcome: "not-allowed" };
  const open = (await enrolmentsOf(tx, [childId], year)).filter(
    (other) => other.serviceId === serviceId && (other.to === null || !isBefore(other.to, from)),
  );
  if (open.length === 0) return { outcome: "not-enrolled" };
  await endEnrolments(
    tx,
    open.map((enrolment) => enrolment.id),
    from,
  );
  await recordAudit(tx, {
    actor,
    at,
    action: "enrolment.withdraw",
    childId,
    holderId: await holderOf(tx, childId, from),
    reason: withdrawal.reason ?? null,
    details: { serviceId, year, from: from.toString() },
  });
  return { outcome: "withdrawn" };
}
