// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { type Day, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { ServiceSettings } from "#tenancy";
// The loader writes what `submitRollCall` writes, without asking for each class what it knows already.
import { isBillable } from "../modules/attendance/rules/decide-attendance.ts";
import {
  insertMarks,
  insertRollCall,
  saveAttendance,
} from "../modules/attendance/sql/attendance.ts";

export interface PastRollCall {
  readonly serviceId: string;
  readonly siteId: string;
  readonly classId: string;
  readonly date: Day;
  readonly teacher: string;
  readonly receivedAt: Moment;
  readonly presentIds: readonly string[];
  readonly absentIds: readonly string[];
  readonly mode: ServiceSettings["attendance"]["mode"];
  readonly reportedBy: ServiceSettings["absences"]["reportedBy"];
  /** until when the school's word counts without a charge */
  readonly cutoff: Moment | null;
}

/** The morning roll call of a class on a day that is over; every child had a meal ordered. */
export async function writeRollCall(tx: WriteTx, call: PastRollCall): Promise<void> {
  const { serviceId, date, classId, siteId, mode, reportedBy, receivedAt, teacher: by } = call;
  const now = receivedAt.add({ milliseconds: 60 });
  const inTime = call.cutoff !== null && !isMomentAfter(receivedAt, call.cutoff);
  const word = (childId: string, status: "present" | "absent") => ({
    childId,
    siteId,
    classId,
    status,
    walkIn: false,
    plain: false,
    billable: isBillable({ status, mode, reportedBy, inTime, ordered: true }),
    source: "morning" as const,
    recordedBy: by,
    recordedAt: now,
  });
  const rows = [
    ...call.presentIds.map((id) => word(id, "present")),
    ...call.absentIds.map((id) => word(id, "absent")),
  ];
  const marks = rows.map((row) => ({ ...row, id: newId(), phase: "morning" as const, reason: "" }));
  await insertMarks(tx, { serviceId, date, by, receivedAt, now }, marks);
  await saveAttendance(tx, { serviceId, date }, rows);
  const key = newId();
  await insertRollCall(tx, {
    id: newId(),
    serviceId,
    classId,
    date,
    phase: "morning",
    presentCount: call.presentIds.length,
    absentCount: call.absentIds.length,
    submittedBy: by,
    tappedAt: null,
    receivedAt,
    now,
    key,
    inputHash: createHash("sha256").update(`demo ${key}`).digest("hex"),
  });
}
