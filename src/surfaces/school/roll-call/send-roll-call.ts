// SPDX-License-Identifier: EUPL-1.2
import { type RollCallResult, type SheetRow, submitRollCall } from "#attendance";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { assertNever } from "#kernel/outcome.ts";
import { KEY_FIELD } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import {
  cancelledMeanwhile,
  CLOSED,
  countsOf,
  NO_SERVICE,
  presenceQuestion,
  tappedAt,
  tell,
  wantsData,
} from "../offline/told.ts";
import { classDay, type ClassDay, isAnswer, nameOf, schoolReports } from "../school-day.ts";
import { PHASES } from "./roll-call-page.ts";

const f = formats("it");

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
    const sent = { absent: chosen("assenti"), served: chosen("serviti") };
    const result = await submitRollCall(tx, {
      actor,
      serviceId: service.id,
      classId: schoolClass.id,
      date,
      receivedAt,
      tappedAt: tappedAt(visit),
      now,
      phase,
      absentIds: sent.absent,
      walkInIds: sent.served,
      unknownWalkIns: [],
      idempotencyKey: key,
      // A tablet may have waited for hours: it says which roll call its list was made of.
      ...(wantsData(visit) ? { seenRollCallId: fields.text("visto") || null } : {}),
    });
    const expected = fields.text("attesi").split(" ");
    const toAsk = cancelledMeanwhile(sheet.rows, { expected, ...sent });
    return wantsData(visit) ? asData(result, toAsk) : asPage(at, result, toAsk);
  });
}

function asPage(at: ClassDay, result: RollCallResult, toAsk: readonly SheetRow[]): Answer {
  const back = at.path();
  switch (result.outcome) {
    case "recorded": {
      const sent = `Inviato alle ${f.time(result.rollCall.receivedAt)}: ${countsOf(result.rollCall)}.`;
      const [first] = toAsk;
      const asked = first ? ` ${nameOf(first)}: ${presenceQuestion(first)}` : "";
      return seeOther(back, `${sent}${asked}`);
    }
    case "sent-meanwhile":
      return seeOther(back, `Nulla è stato registrato. ${sentBy(result)}`);
    case "day-closed":
      return seeOther(back, `Nulla è stato registrato. ${CLOSED}`);
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
}

function asData(result: RollCallResult, toAsk: readonly SheetRow[]): Answer {
  switch (result.outcome) {
    case "recorded": {
      const time = f.time(result.rollCall.receivedAt);
      const asks = toAsk.map((row) => ({ childId: row.childId, said: presenceQuestion(row) }));
      const said = `Inviato alle ${time}: ${countsOf(result.rollCall)}.`;
      return tell({ outcome: "recorded", said, time, seen: result.rollCall.id, asks });
    }
    case "sent-meanwhile":
      return tell({ outcome: "sent-meanwhile", said: sentBy(result), seen: result.rollCall.id });
    case "day-closed":
      return tell({ outcome: "refused", said: CLOSED });
    case "not-a-service-day":
      return tell({ outcome: "refused", said: NO_SERVICE });
    case "key-reused":
      return tell({ outcome: "refused", said: "Un altro appello ha già lo stesso codice." });
    case "in-the-future":
      return notFound;
    case "forbidden":
      return forbidden;
    default:
      return assertNever(result);
  }
}

const sentBy = ({ rollCall }: Extract<RollCallResult, { outcome: "sent-meanwhile" }>): string =>
  `L'appello è già stato inviato da ${rollCall.submittedBy} alle ${f.time(rollCall.receivedAt)}: ${countsOf(rollCall)}.`;
