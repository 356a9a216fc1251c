// SPDX-License-Identifier: EUPL-1.2
import { type AttendanceRow, type ClassSheet, classSheet, type SheetRow } from "#attendance";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { dataTable, stateBadge, tag } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { arrivalText, dayBadge } from "../words.ts";
import { dayPath, type DayScope, dayScope, serviceQuery } from "./day-scope.ts";

export interface ClassDay {
  readonly scope: DayScope;
  readonly sheet: ClassSheet;
}

/** The class and day of the address; `null` = there is no such class. */
export async function loadClassDay(tx: ReadTx, visit: Visit): Promise<ClassDay | null> {
  const scope = await dayScope(tx, visit, {
    serviceId: visit.query["servizio"] ?? "",
    date: visit.params["date"] ?? "",
  });
  if (!scope || !visit.actor) return null;
  const classId = visit.params["classId"] ?? "";
  if (!scope.calendar.classes.has(classId)) return null;
  const of = { actor: visit.actor, serviceId: scope.service.id, classId, date: scope.date };
  const sheet = await classSheet(tx, of);
  return sheet && { scope, sheet };
}

export const classDayPath = ({ scope, sheet }: ClassDay, rest = ""): string =>
  `/ufficio/giornate/${scope.date.toString()}/classi/${sheet.schoolClass.id}${rest}${serviceQuery(scope)}`;

const SOURCES: Record<AttendanceRow["source"], string> = {
  presumed: "presunta alla chiusura",
  morning: "appello del mattino",
  noon: "correzione di mezzogiorno",
  correction: "correzione",
};

const CALLS = { morning: "Appello del mattino", noon: "Correzione di mezzogiorno" } as const;

/** `/ufficio/giornate/{day}/classi/{class}`: booked and recorded, child by child, each with its correction. */
export async function classDayPage(visit: Visit): Promise<Answer> {
  const found = await visit.town.read((tx) => loadClassDay(tx, visit));
  if (!found) return notFound;
  const { scope, sheet } = found;
  return officePage(
    visit,
    { current: "days" },
    {
      h1: `${sheet.name}, ${sheet.siteName}`,
      lead: `${scope.service.name}, ${formats("it").dayFrom(scope.date, visit.today)}`,
      back: { href: dayPath(scope, sheet.schoolClass.siteId), label: sheet.siteName },
      body: html`${sheet.calls.map(
        (call) => html`<p>${CALLS[call.phase]}: ${arrivalText(call)}, da ${call.submittedBy}.</p>`,
      )}${dataTable({
        caption: "Presenze della classe",
        captionHidden: true,
        columns: [
          { label: "Bambino", header: true },
          { label: "Prenotazione" },
          { label: "Presenza" },
          { label: "Rilevata" },
          { label: "Dieta" },
          { label: "Correzione" },
        ],
        rows: sheet.rows.map((row) => sheetRow(found, row)),
      })}
      ${
        sheet.walkIns.length > 0 &&
        html`<p class="quiet">Di altre classi, serviti qui: ${sheet.walkIns.length}.</p>`
      }${unnamedPart(sheet)}`,
    },
  );
}

/** Who ate here and is in no list: the office finds the name. */
const unnamedPart = ({ unnamed }: ClassSheet): Html | null =>
  unnamed.length === 0
    ? null
    : html`<h2 class="section-title">Serviti senza nome</h2>
        ${dataTable({
          caption: "Serviti senza nome",
          captionHidden: true,
          columns: [
            { label: "Descrizione", header: true },
            { label: "Segnalato" },
            { label: "Nome" },
          ],
          rows: unnamed.map(({ id, description, recordedAt, recordedBy }) => [
            description,
            `${formats("it").time(recordedAt)}, ${recordedBy}`,
            html`<a href="/ufficio/compiti/fuori-lista/${id}"
              >Abbina<span class="visually-hidden"> ${description}</span></a
            >`,
          ]),
        })}`;

function sheetRow(found: ClassDay, row: SheetRow): Content[] {
  const { attendance } = row;
  const name = `${row.surname} ${row.givenName}`;
  const f = formats("it");
  return [
    name,
    dayBadge(row),
    attendance ? attendanceBadge(attendance) : html`<span class="quiet">non rilevata</span>`,
    attendance
      ? `${SOURCES[attendance.source]}, ${f.time(attendance.recordedAt)}, ${attendance.recordedBy}`
      : "",
    row.dietCode,
    row.day.kind === "service"
      ? html`<a href="${classDayPath(found, `/${row.childId}`)}"
          >Correggi<span class="visually-hidden"> la presenza di ${name}</span></a
        >`
      : "",
  ];
}

export const attendanceBadge = (row: AttendanceRow): Html =>
  html`${stateBadge(row.status === "present" ? "present" : "absent", { size: "small" })}
  ${row.status === "absent" && row.billable && tag("si paga", "warning")}${row.walkIn && tag("fuori lista", "info")}`;
