// SPDX-License-Identifier: EUPL-1.2
import { correctAttendance } from "#attendance";
import { stateWord } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { classDay, isAnswer, nameOf, namesOfSchool } from "../school-day.ts";
import { refused } from "../walk-in/serve.ts";
import { correctionsPage } from "./corrections-page.ts";

/** POST `/scuola/{classe}/correzioni`. The reason is part of the record: the family reads it. */
export async function correct(visit: Visit): Promise<Answer> {
  const { fields, now, receivedAt } = visit;
  const childId = fields.text("bambino");
  const status = fields.text("stato");
  const reason = fields.text("motivo").slice(0, 200);
  const errors = [
    ...(childId === "" ? [{ field: "bambino", message: "Scegliere il nome." }] : []),
    ...(status === "" ? [{ field: "stato", message: "Scegliere presente o assente." }] : []),
    ...(reason === "" ? [{ field: "motivo", message: "Scrivere il motivo." }] : []),
  ];
  if (errors.length > 0) return correctionsPage(visit, { childId, status, reason, errors });
  if (status !== "present" && status !== "absent") return notFound;
  return visit.town.write(async (tx) => {
    const asked = { date: fields.text("giorno"), service: fields.text("servizio") };
    const at = await classDay(tx, visit, asked);
    if (isAnswer(at)) return at;
    const { actor, service, date, schoolClass, sheet } = at;
    const row = sheet.rows.find((one) => one.childId === childId && one.day.kind === "service");
    const guest = sheet.walkIns.find((one) => one.childId === childId);
    if (!row && !guest) return notFound;
    const name = row ? nameOf(row) : ((await namesOfSchool(tx, at)).get(childId) ?? "Fuori lista");
    const result = await correctAttendance(tx, {
      actor,
      serviceId: service.id,
      classId: schoolClass.id,
      date,
      receivedAt,
      now,
      childId,
      status,
      reason,
    });
    return result.outcome === "corrected"
      ? seeOther(at.path("correzioni"), `${name}: ${stateWord(status).toLowerCase()}. Corretto.`)
      : refused(at, result.outcome);
  });
}
