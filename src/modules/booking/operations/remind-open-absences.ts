// SPDX-License-Identifier: EUPL-1.2
import { serviceDay, townCalendar } from "#calendar";
import { schedulesOf } from "#enrolment";
import { people, readersOf } from "#families";
import { type Day, earlier, isWithin, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { inEveryLanguage, type MessageText, planMessages } from "#messaging";
import { isReminderDue } from "../rules/reminder.ts";
import { markReminded, type OpenAbsence, openAbsences } from "../sql/reminders.ts";

/**
 * Tells families of absences without an end, so that none is forgotten: after five service days, then weekly,
 * until the school year ends. One message per family; asked twice on one day, it says nothing new.
 */
export async function remindOpenAbsences(
  tx: WriteTx,
  of: { serviceId: string; today: Day; now: Moment },
): Promise<{ families: number }> {
  const { serviceId, today, now } = of;
  const calendar = await townCalendar(tx);
  const year = calendar.years.find(({ startsOn, endsOn }) => isWithin(today, startsOn, endsOn));
  const open = await openAbsences(tx, of);
  if (!year || open.length === 0) return { families: 0 };
  const childIds = [...new Set(open.map(({ childId }) => childId))];
  const schedules = new Map(
    (await schedulesOf(tx, { childIds, serviceId })).map((row) => [row.childId, row]),
  );
  const due = open.filter((absence) => {
    const schedule = schedules.get(absence.childId);
    const isServed = (date: Day): boolean =>
      schedule !== undefined && serviceDay(calendar, schedule, date).kind === "service";
    return isReminderDue({ absence, today, yearEndsOn: year.endsOn, isServed });
  });
  if (due.length === 0) return { families: 0 };
  const dueIds = [...new Set(due.map(({ childId }) => childId))];
  const readers = await readersOf(tx, { childIds: dueIds, date: today });
  const names = new Map((await people(tx, dueIds)).map((one) => [one.id, one.givenName]));
  const messages = readers.map((reader) => {
    const absences = due.filter(({ childId }) => reader.childIds.includes(childId));
    const reads =
      reader.personId === null ? reader.holderId : `${reader.holderId}:${reader.personId}`;
    return {
      ...reader,
      kind: "absence-open",
      ...inEveryLanguage((lang) => wordsOf(absences, names, lang)),
      dedupeKey: `absence-open:${serviceId}:${reads}:${today}`,
    };
  });
  await planMessages(tx, messages, now);
  await markReminded(
    tx,
    due.map(({ id }) => id),
    today,
  );
  return { families: new Set(messages.map(({ holderId }) => holderId)).size };
}

function wordsOf(
  absences: readonly OpenAbsence[],
  names: ReadonlyMap<string, string>,
  lang: Lang,
): MessageText {
  const { day, list } = formats(lang);
  const first = day(absences.map(({ from }) => from).reduce(earlier));
  const who = list([...new Set(absences.map(({ childId }) => names.get(childId) ?? ""))]);
  return lang === "it"
    ? {
        subject: "Assenza senza data di fine",
        body:
          `L'assenza di ${who} dalla mensa, cominciata ${first}, non ha ancora una data di fine. ` +
          "Finché dura, nessun pasto è previsto e nessun pasto è addebitato. " +
          "Per il ritorno si indica dal portale il primo giorno, entro l'orario limite.",
      }
    : {
        subject: "Absence without an end",
        body:
          `The absence of ${who} from school meals, which began on ${first}, has no end yet. ` +
          "While it lasts no meal is planned and no meal is charged. " +
          "To come back, the first day is set in the portal, within the time limit.",
      };
}
