// SPDX-License-Identifier: EUPL-1.2
import { submitRollCall } from "#attendance";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { assertNever } from "#kernel/outcome.ts";
import { KEY_FIELD } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { classDay, isAnswer, schoolReports } from "../school-day.ts";
import { PHASES } from "./roll-call-page.ts";

/** POST `/scuola/{classe}`: the roll call of the morning or the correction of noon. */
export async function sendRollCall(visit: Visit): Promise<Answer> {
  const { fields, now, receivedAt } = visit;
  const phase = PHASES[fields.text("fase")];
  const key = fields.text(KEY_FIELD);
  if (!phase || !isUuid(key)) return notFound;
  return visit.town.write(async (tx) => {
    const asked = { date: fields.text("giorno"), service: fields.text("servizio") };
    const at = await classDay(tx, visit, asked);
    if (isAnswer(at)) return at;
    const { actor, service, date, schoolClass, sheet, town } = at;
    if (!schoolReports(town, service, date)) return forbidden;
    // Only children of this list: an id from elsewhere is not served by a form of this class.
    const listed = new Set(sheet.rows.map(({ childId }) => childId));
    const chosen = (name: string): string[] => fields.all(name).filter((id) => listed.has(id));
    const result = await submitRollCall(tx, {
      actor,
      serviceId: service.id,
      classId: schoolClass.id,
      date,
      receivedAt,
      now,
      phase,
      absentIds: chosen("assenti"),
      walkInIds: chosen("serviti"),
      unknownWalkIns: [],
      idempotencyKey: key,
    });
    const back = at.path();
    switch (result.outcome) {
      case "recorded": {
        const { presentCount, absentCount, receivedAt: sentAt } = result.rollCall;
        const sent = `Inviato alle ${formats(visit.lang).time(sentAt)}`;
        const meals = plural(presentCount, "pasto", "pasti");
        return seeOther(back, `${sent}: ${meals}, ${plural(absentCount, "assente", "assenti")}.`);
      }
      case "day-closed":
        return seeOther(back, "Nulla è stato registrato. Giornata chiusa: chiedere all'ufficio.");
      case "not-a-service-day":
        return seeOther(back, "Nulla è stato registrato: la classe non si ferma a mensa.");
      case "key-reused":
        return seeOther(
          back,
          "Questo modulo era già stato inviato: controllare l'elenco e inviare di nuovo.",
        );
      case "in-the-future":
        return notFound;
      case "forbidden":
        return forbidden;
      default:
        return assertNever(result);
    }
  });
}
