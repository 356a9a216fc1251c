// SPDX-License-Identifier: EUPL-1.2
import {
  dayOfClass,
  type SchoolClass,
  type SchoolYear,
  type Service,
  type TownCalendar,
} from "#calendar";
import { type Day, daysBetween } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { dataTable } from "#ui/components.ts";

/** M = some class stays, C = closed where it would have stayed */
type Mark = "M" | "C" | "";

/** The school year, a row per month and a column per day: letters, so that it prints and reads without colour. */
export function yearGrid(
  calendar: TownCalendar,
  service: Service,
  year: SchoolYear,
  today: Day,
): Html {
  const f = formats("it");
  const classes = representatives(calendar, service, year.year);
  const months: { label: string; marks: Content[]; served: number }[] = [];
  for (
    let month = year.startsOn.with({ day: 1 });
    Temporal.PlainDate.compare(month, year.endsOn) <= 0;
    month = month.add({ months: 1 })
  ) {
    const days = [...daysBetween(month, month.with({ day: month.daysInMonth }))];
    const marks = days.map((date) => markOf(calendar, service, classes, date));
    months.push({
      label: `${f.monthName(month.month).slice(0, 3)} ${month.year}`,
      served: marks.filter((mark) => mark === "M").length,
      marks: Array.from({ length: 31 }, (_, i) =>
        days[i]?.equals(today) ? html`<strong>${marks[i] || "·"}</strong>` : (marks[i] ?? ""),
      ),
    });
  }
  return html`<h2>Anno scolastico</h2>
    <p>
      <strong>M</strong> mensa in almeno una classe, <strong>C</strong> chiuso. In grassetto: oggi.
    </p>
    <div class="year-grid">
      ${dataTable({
        caption: "Giorni dell'anno scolastico",
        captionHidden: true,
        phone: "scroll",
        columns: [
          { label: "Mese", header: true },
          { label: "Giorni", align: "end" },
          ...Array.from({ length: 31 }, (_, i) => ({ label: String(i + 1) })),
        ],
        rows: months.map(({ label, served, marks }) => [label, served, ...marks]),
      })}
    </div>`;
}

/** Classes of one school with the same rientri have the same days: one of them is looked at. */
function representatives(calendar: TownCalendar, service: Service, year: number): SchoolClass[] {
  const found = new Map<string, SchoolClass>();
  for (const one of calendar.classes.values()) {
    if (one.year !== year) continue;
    const sessions = calendar.sessions.get(`${service.id}:${one.id}`) ?? [];
    const key = `${one.siteId}/${JSON.stringify(sessions.map((session) => ({ ...session, classId: "" })))}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}

function markOf(
  calendar: TownCalendar,
  service: Service,
  classes: readonly SchoolClass[],
  date: Day,
): Mark {
  let mark: Mark = "";
  for (const one of classes) {
    const day = dayOfClass(calendar, service.id, one, date);
    if (!day.running || !day.session) continue;
    if (!day.closure) return "M";
    mark = "C";
  }
  return mark;
}
