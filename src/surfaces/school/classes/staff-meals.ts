// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import type { Day } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { putStaffMeals } from "#kitchen";
import { form, textField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type SchoolTown, schoolTown } from "../school-day.ts";

const MOST_ADULTS = 200;

/** Teachers and educators who eat today: told by the school, uncharged (domain.md "A meal's life"). */
export function staffForm(
  visit: Visit,
  site: { siteId: string; siteName: string; serviceCode: string; date: Day; meals: number },
): Html {
  return html`<details class="more">
    <summary>Adulti a pranzo: ${site.meals}</summary>
    ${form({
      action: "/scuola/adulti",
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { plesso: site.siteId, servizio: site.serviceCode, giorno: site.date.toString() },
      body: textField({
        name: "adulti",
        id: `adulti-${site.siteId}-${site.serviceCode}`,
        label: `Adulti a pranzo oggi, ${site.siteName}`,
        value: String(site.meals),
        inputmode: "numeric",
        width: "short",
        maxlength: 3,
      }),
      submit: { label: "Salva gli adulti", kind: "secondary" },
    })}
  </details>`;
}

/** POST `/scuola/adulti`: today only, before and after the order's freeze (then the kitchen sees a difference). */
export async function saveStaffMeals(visit: Visit): Promise<Answer> {
  const { actor, fields, now, today } = visit;
  if (!actor) return forbidden;
  const siteId = fields.text("plesso");
  const text = fields.text("adulti");
  const date = fields.day("giorno");
  if (!isUuid(siteId) || !date?.equals(today)) return notFound;
  const meals = /^\d{1,3}$/.test(text) ? Number(text) : null;
  if (meals === null || meals > MOST_ADULTS)
    return seeOther("/scuola", `Adulti non salvati: serve un numero da 0 a ${MOST_ADULTS}.`);
  return visit.town.write(async (tx) => {
    const town = await schoolTown(tx, date);
    const service = town.services.find(({ code }) => code === fields.text("servizio"));
    const site = town.calendar.sites.get(siteId);
    if (!service || !site) return notFound;
    if (!worksAt(actor, town, siteId)) return forbidden;
    const { id: serviceId } = service;
    await putStaffMeals(tx, { serviceId, siteId, date, meals, by: actor.name, at: now });
    return seeOther("/scuola", `${site.name}: ${plural(meals, "adulto", "adulti")} a pranzo oggi.`);
  });
}

/** Whoever may mark a class of the school may say how many adults eat there. */
function worksAt(actor: Actor, town: SchoolTown, siteId: string): boolean {
  if (actor.role !== "school") return true;
  if (actor.siteIds === null && actor.classIds === null) return true;
  if (actor.siteIds?.includes(siteId)) return true;
  return actor.classIds?.some((id) => town.calendar.classes.get(id)?.siteId === siteId) ?? false;
}
