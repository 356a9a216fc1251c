// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { card, dataTable, definitionList } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { contactRows } from "./contacts.ts";
import { openNow, weekRows } from "./office-hours.ts";

/** `/sportello`: is it open now, the week, whom to call (OS-04, PE-15, BO-24). */
export function deskPage(visit: Visit): Answer {
  const { office } = visit.townSettings;
  return publicPage(visit, {
    current: "desk",
    h1: "Orari dello sportello",
    lead: openNow(office.hours, visit.today, visit.now),
    body: html`${
      office.hours.length > 0 &&
      dataTable({
        caption: "La settimana",
        columns: [{ label: "Giorno", header: true }, { label: "Orario" }],
        rows: weekRows(office.hours).map((row) => [row.day, row.hours]),
        phone: "scroll",
      })
    }${card({ title: office.name, body: definitionList(contactRows(visit.townSettings)) })}`,
  });
}
