// SPDX-License-Identifier: EUPL-1.2
import { expectedMeals } from "#booking";
import { className, townCalendar } from "#calendar";
import { holdersOn } from "#families";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings } from "#tenancy";
import { dataTable, emptyState } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { dailyServices, dayBadge } from "../words.ts";

/** `/ufficio/classi/{id}`: the children of a class, each with the way to the family. */
export async function classPage(visit: Visit): Promise<Answer> {
  const { today } = visit;
  const read = await visit.town.read(async (tx) => {
    const calendar = await townCalendar(tx);
    const schoolClass = calendar.classes.get(visit.params["id"] ?? "");
    if (!schoolClass) return null;
    const [service] = dailyServices(calendar, await datedSettings(tx), today);
    const classId = schoolClass.id;
    const rows = service
      ? await expectedMeals(tx, { serviceId: service.id, date: today, classId })
      : [];
    const holders = await holdersOn(
      tx,
      rows.map(({ childId }) => childId),
      today,
    );
    return { schoolClass, site: calendar.sites.get(schoolClass.siteId), rows, holders };
  });
  if (!read) return notFound;
  const { schoolClass, site, rows, holders } = read;
  return officePage(
    visit,
    { current: null },
    {
      h1: `${className(schoolClass)}, ${site?.name ?? ""}`,
      lead: formats("it").dayFrom(today, today),
      body:
        rows.length === 0
          ? emptyState({ text: "Nessuna iscrizione al servizio in questa classe." })
          : dataTable({
              caption: "Bambini della classe",
              captionHidden: true,
              columns: [{ label: "Bambino", header: true }, { label: "Oggi" }, { label: "Dieta" }],
              rows: rows.map((row) => {
                const name = `${row.surname} ${row.givenName}`;
                const holderId = holders.get(row.childId);
                return [
                  holderId ? html`<a href="/ufficio/famiglie/${holderId}">${name}</a>` : name,
                  dayBadge(row),
                  row.dietCode,
                ];
              }),
            }),
    },
  );
}
