// SPDX-License-Identifier: EUPL-1.2
import { correctAttendance, type Mark, marksOf, type SheetRow, whoMarked } from "#attendance";
import { rechargeMeal } from "#billing";
import { type Day, dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { errorFor, form, history, radios, textField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { dayBadge, arrivalText } from "../words.ts";
import { attendanceBadge, type ClassDay, classDayPath, loadClassDay } from "./class-day-page.ts";
import { recorderText } from "./recorder-text.ts";

const REFUSED = {
  forbidden: "Questa classe non si può correggere.",
  "not-a-service-day": "In questo giorno la classe non resta a mensa.",
  "day-closed": "La chiusura di questa giornata è in corso: riprovare fra poco.",
  "in-the-future": "Il giorno non è ancora arrivato.",
  "reason-missing": "Scrivere il motivo.",
} as const;

type SignedMark = Mark & { who: string };

/** The history of a child's day, each mark with who made it: `scuola, Anna B.` */
async function signedMarks(
  tx: ReadTx,
  of: { childId: string; serviceId: string; date: Day },
): Promise<SignedMark[]> {
  const recorderOf = await whoMarked(tx, of);
  return (await marksOf(tx, of)).map((mark) => ({
    ...mark,
    who: recorderText(recorderOf(mark), mark.recordedBy),
  }));
}

const rowOf = (found: ClassDay, visit: Visit): SheetRow | undefined =>
  found.sheet.rows.find(({ childId }) => childId === visit.params["childId"]);

/** One child's day: from what to what, and why. Also after closing (BI-10). */
export async function correctPage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const found = await loadClassDay(tx, visit);
    const row = found && rowOf(found, visit);
    if (!found || !row) return null;
    const { scope } = found;
    const of = { childId: row.childId, serviceId: scope.service.id, date: scope.date };
    return { found, row, marks: await signedMarks(tx, of) };
  });
  if (!read) return notFound;
  return view(visit, read.found, read.row, read.marks, { values: {}, errors: [] });
}

/** On a closed day the charge follows in the same transaction: what stood is reversed, what was eaten is charged. */
export async function saveCorrection(visit: Visit): Promise<Answer> {
  const { actor, fields, now, receivedAt } = visit;
  if (!actor) return notFound;
  const status = (["present", "absent"] as const).find((one) => one === fields.text("presenza"));
  const reason = fields.text("motivo").slice(0, 200);
  return visit.town.write(async (tx): Promise<Answer> => {
    const found = await loadClassDay(tx, visit);
    const row = found && rowOf(found, visit);
    if (!found || !row) return notFound;
    const { scope, sheet } = found;
    const day = { serviceId: scope.service.id, date: scope.date };
    const wrong = async (field: string, message: string): Promise<Answer> => {
      const marks = await signedMarks(tx, { ...day, childId: row.childId });
      const values = { presenza: fields.text("presenza"), motivo: reason };
      const state = { values, errors: [{ field, message }] };
      return withStatus(422, view(visit, found, row, marks, state));
    };
    if (!status) return wrong("presenza", "Scegliere presente o assente.");
    const corrected = await correctAttendance(tx, {
      ...day,
      actor,
      classId: sheet.schoolClass.id,
      childId: row.childId,
      status,
      reason,
      receivedAt,
      now,
      onClosedDay: true,
    });
    if (corrected.outcome !== "corrected") return wrong("motivo", REFUSED[corrected.outcome]);
    const { after } = corrected;
    const charges = await rechargeMeal(tx, {
      ...day,
      siteId: after.siteId,
      corrected: after,
      reason: `correzione: ${reason}`,
      now,
    });
    const words = status === "present" ? "presente" : "assente";
    const money = [
      charges.reversed > 0 && plural(charges.reversed, "addebito stornato", "addebiti stornati"),
      charges.charged > 0 && plural(charges.charged, "addebito nuovo", "addebiti nuovi"),
    ].filter(Boolean);
    return seeOther(
      classDayPath(found),
      `${row.givenName} ${row.surname}: ${words}. ${money.length > 0 ? `${money.join(", ")}.` : ""}`.trim(),
    );
  });
}

function view(
  visit: Visit,
  found: ClassDay,
  row: SheetRow,
  marks: readonly SignedMark[],
  { values, errors }: FormState,
): Html {
  const f = formats("it");
  return officePage(
    visit,
    { current: "days" },
    {
      h1: `Correggi la presenza di ${row.givenName} ${row.surname}`,
      lead: `${found.scope.service.name}, ${f.dayFrom(found.scope.date, visit.today)}`,
      back: { href: classDayPath(found), label: `${found.sheet.name}, ${found.sheet.siteName}` },
      wide: false,
      errors,
      body: html`<p>
          Prenotazione: ${dayBadge(row)} Presenza:
          ${row.attendance ? attendanceBadge(row.attendance) : "non rilevata"}
        </p>
        ${form({
          action: classDayPath(found, `/${row.childId}`),
          csrf: visit.csrf,
          key: visit.newKey(),
          body: html`${radios({
            name: "presenza",
            label: "Come è andata?",
            value: values["presenza"] ?? "",
            choices: [
              { value: "present", label: "Presente: il pasto si addebita" },
              { value: "absent", label: "Assente: nessun addebito" },
            ],
            error: errorFor(errors, "presenza"),
          })}
          ${textField({
            name: "motivo",
            label: "Motivo",
            hint: "La famiglia lo vede nel diario",
            maxlength: 200,
            value: values["motivo"],
            error: errorFor(errors, "motivo"),
          })}`,
          submit: { label: "Correggi" },
          cancel: { href: classDayPath(found) },
        })}
        ${
          marks.length > 0 &&
          html`<h2 class="section-title">Chi e quando</h2>
            ${history(
              marks.toReversed().map((mark) => ({
                what: [
                  mark.status === "present" ? "Presente" : "Assente",
                  mark.reason && `: ${mark.reason}`,
                ],
                when: `${f.day(dayOf(mark.receivedAt))}, ${arrivalText(mark)}`,
                who: mark.who,
              })),
            )}`
        }`,
    },
  );
}
