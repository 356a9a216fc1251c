// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { card, dataTable, definitionList } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { contactRows } from "./contacts.ts";
import { openNow, weekRows } from "./office-hours.ts";
import { words } from "./words.ts";

/** `/sportello`: is it open now, the week, whom to call (OS-04, PE-15, BO-24). */
export function deskPage(visit: Visit): Answer {
  const { office } = visit.townSettings;
  const w = words(visit.lang);
  return publicPage(visit, {
    current: "desk",
    h1: w.deskHours,
    lead: openNow(office.hours, visit),
    body: html`${
      office.hours.length > 0 &&
      dataTable({
        caption: w.week,
        columns: [{ label: w.day, header: true }, { label: w.hours }],
        rows: weekRows(office.hours, visit.lang).map((row) => [row.day, row.hours]),
        phone: "scroll",
      })
    }${card({ title: office.name, body: definitionList(contactRows(visit)) })}`,
  });
}
