// SPDX-License-Identifier: EUPL-1.2
import { ofClass, serveChild, serveUnknown } from "#attendance";
import { schoolChildren } from "#enrolment";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { assertNever } from "#kernel/outcome.ts";
import { KEY_FIELD } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { CLOSED, NO_SERVICE, tappedAt, tell, wantsData } from "../offline/told.ts";
import { classDay, type ClassDay, isAnswer, nameOf } from "../school-day.ts";

/** POST `/scuola/{classe}/fuori-lista`: a child who is there eats, whatever the list says. */
export async function serveWalkIn(visit: Visit): Promise<Answer> {
  const { fields } = visit;
  const key = fields.text(KEY_FIELD);
  if (!isUuid(key)) return notFound;
  return visit.town.write(async (tx) => {
    const asked = { date: fields.text("giorno"), service: fields.text("servizio") };
    const at = await classDay(tx, visit, asked);
    if (isAnswer(at)) return at;
    return fields.has("sconosciuto") ? unknown(tx, visit, at, key) : known(tx, visit, at, key);
  });
}

async function known(tx: WriteTx, visit: Visit, at: ClassDay, key: string): Promise<Answer> {
  const childId = visit.fields.text("bambino");
  const { siteId } = at.schoolClass;
  const children = await schoolChildren(tx, { siteId, date: at.date });
  const child = children.find((one) => one.childId === childId);
  if (!child) return notFound;
  const request = requestOf(visit, at);
  const result = await serveChild(tx, { ...request, childId, idempotencyKey: key });
  return result.outcome === "served"
    ? served(visit, at, `${nameOf(child)}: pasto servito. La cucina lo vede.`)
    : answerRefusal(visit, at, result.outcome);
}

async function unknown(tx: WriteTx, visit: Visit, at: ClassDay, key: string): Promise<Answer> {
  const description = visit.fields.text("descrizione").slice(0, 120);
  const named = `${ofClass(at.sheet.name)}${description || "senza nome"}`;
  const request = requestOf(visit, at);
  const result = await serveUnknown(tx, { ...request, description: named, idempotencyKey: key });
  return result.outcome === "served"
    ? served(visit, at, "Pasto servito. L'ufficio cercherà il nome.")
    : answerRefusal(visit, at, result.outcome);
}

function served(visit: Visit, at: ClassDay, said: string): Answer {
  if (!wantsData(visit)) return seeOther(at.path(), said);
  const time = formats("it").time(visit.receivedAt);
  return tell({ outcome: "recorded", said, time, seen: "", asks: [] });
}

function answerRefusal(visit: Visit, at: ClassDay, outcome: Refusal): Answer {
  if (wantsData(visit) && outcome === "day-closed")
    return tell({ outcome: "refused", said: CLOSED });
  if (wantsData(visit) && outcome === "not-a-service-day")
    return tell({ outcome: "refused", said: NO_SERVICE });
  return refused(at, outcome);
}

const requestOf = (visit: Visit, at: ClassDay) => ({
  actor: at.actor,
  serviceId: at.service.id,
  classId: at.schoolClass.id,
  date: at.date,
  receivedAt: visit.receivedAt,
  tappedAt: tappedAt(visit),
  now: visit.now,
});

type Refusal =
  | "forbidden"
  | "not-a-service-day"
  | "day-closed"
  | "in-the-future"
  | "reason-missing";

export function refused(at: ClassDay, outcome: Refusal): Answer {
  switch (outcome) {
    case "day-closed":
      return seeOther(at.path(), `Nulla è stato registrato. ${CLOSED}`);
    case "not-a-service-day":
      return seeOther(at.path(), "Nulla è stato registrato: la classe non si ferma a mensa.");
    case "forbidden":
      return forbidden;
    case "in-the-future":
    case "reason-missing":
      return notFound;
    default:
      return assertNever(outcome);
  }
}
