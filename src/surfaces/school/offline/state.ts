// SPDX-License-Identifier: EUPL-1.2
import { classesOn, mayMarkClass } from "#attendance";
import { className } from "#calendar";
import { schoolChildren } from "#enrolment";
import { isUuid } from "#kernel/ids.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { classPath, nameOf, schoolTown } from "../school-day.ts";
import { mayKeep, ownerOf } from "./keep.ts";
import { data } from "./told.ts";

/**
 * `/scuola/senza-rete`: is the server there, who is signed in, and the token for the forms that waited. With
 * `?pagine=1` also the addresses that a tablet keeps for today.
 */
export async function offlineState(visit: Visit): Promise<Answer> {
  if (!mayKeep(visit)) return data({ owner: null });
  const state = { owner: ownerOf(visit), csrf: visit.csrf };
  return data(visit.query["pagine"] ? { ...state, pages: await pagesToKeep(visit) } : state);
}

async function pagesToKeep(visit: Visit): Promise<string[]> {
  const { actor, today: date } = visit;
  if (!actor) return [];
  return visit.town.read(async (tx) => {
    const town = await schoolTown(tx, date);
    const pages = ["/scuola"];
    const sites = new Set<string>();
    // One turn per service with meals, a handful in any town.
    for (const service of town.services) {
      const open = (await classesOn(tx, { actor, serviceId: service.id, date })).filter(
        ({ closed }) => !closed,
      );
      for (const { classId, siteId } of open) {
        const of = { classId, date, service, town };
        pages.push(classPath(visit, of), classPath(visit, of, "fuori-lista"));
        sites.add(siteId);
      }
    }
    return [...pages, ...[...sites].map(listPath)];
  });
}

export const listPath = (siteId: string): string => `/scuola/elenco?plesso=${siteId}`;

/** `/scuola/elenco?plesso=…`: who may turn up outside the list. Names and classes, nothing else. */
export async function schoolList(visit: Visit): Promise<Answer> {
  const { actor, today: date } = visit;
  const siteId = visit.query["plesso"] ?? "";
  if (!actor || !isUuid(siteId)) return notFound;
  return visit.town.read(async (tx) => {
    const { calendar } = await schoolTown(tx, date);
    const own = [...calendar.classes.values()].filter((one) => mayMarkClass(actor, one));
    if (!own.some((one) => one.siteId === siteId)) return forbidden;
    const children = await schoolChildren(tx, { siteId, date });
    return data(
      children.map((child) => {
        const schoolClass = calendar.classes.get(child.classId);
        const ofClass = schoolClass ? className(schoolClass) : "";
        return { id: child.childId, name: nameOf(child), className: ofClass };
      }),
    );
  });
}
