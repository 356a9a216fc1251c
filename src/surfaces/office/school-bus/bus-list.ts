// SPDX-License-Identifier: EUPL-1.2
import { html, type Content, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { dataTable, emptyState, linkButton, linkList } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { classLabel } from "../words.ts";
import {
  aboard,
  type BusDesk,
  busDesk,
  type BusService,
  childName,
  countChildren,
  linePath,
  SCHOOL_BUS,
  seatPath,
  unplaced,
} from "./bus-words.ts";

const f = formats("it");

/** `/ufficio/scuolabus`: the lines, and the children who have no stop yet. */
export async function busListPage(visit: Visit): Promise<Answer> {
  const desk = await visit.town.read((tx) => busDesk(tx, visit));
  if (desk.services.length === 0) return notFound;
  const isNamed = desk.services.length > 1;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Scuolabus",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      lead: "Linee, fermate e bambini. Chi guida vede la sua linea; ogni famiglia la propria fermata.",
      headActions: linkButton({
        href: `${SCHOOL_BUS}/nuova`,
        label: "Nuova linea",
        kind: "primary",
      }),
      body: desk.services.map(
        (bus) =>
          html`${isNamed && html`<h2 class="section-title">${bus.service.name}</h2>`}
          ${lineTable(bus)}${withoutStop(desk, bus)}`,
      ),
    },
  );
}

function lineTable(bus: BusService): Html {
  if (bus.lines.length === 0)
    return emptyState({
      text: "Nessuna linea. Si comincia dal nome e dalle fermate.",
      icon: "it-calendar",
    });
  return dataTable({
    caption: `Linee: ${bus.service.name}`,
    captionHidden: true,
    columns: [
      { label: "Linea", header: true },
      { label: "Fermate", align: "end" },
      { label: "Prima salita", align: "end" },
      { label: "Bambini", align: "end" },
      { label: "Fino al" },
    ],
    rows: bus.lines.map((line): Content[] => {
      const first = line.stops[0]?.times.outward;
      return [
        html`<a href="${linePath(line)}">Linea ${line.name}</a>`,
        line.stops.length,
        first ? f.time(first) : "",
        countChildren(aboard(bus, line)),
        line.endedOn ? f.day(line.endedOn) : "",
      ];
    }),
  });
}

function withoutStop(desk: BusDesk, bus: BusService): Html | null {
  if (bus.lines.length === 0) return null;
  const children = unplaced(bus);
  if (children.length === 0) return html`<p>Ogni bambino iscritto ha una fermata.</p>`;
  return html`<details class="more">
    <summary>
      Senza fermata: ${plural(children.length, "bambino iscritto", "bambini iscritti")}
    </summary>
    ${linkList(
      children.map((child) => ({
        href: seatPath({ serviceId: bus.service.id, childId: child.childId }),
        label: childName(child),
        note: classLabel(desk.calendar, child.classId),
      })),
    )}
  </details>`;
}
