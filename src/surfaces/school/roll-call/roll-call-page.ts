// SPDX-License-Identifier: EUPL-1.2
import {
  type AttendanceRow,
  type RollCall,
  rollCallsOn,
  serveEveryoneSince,
  type SheetRow,
} from "#attendance";
import { freezeMoment, isOrdered } from "#booking";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import { attributes, html, type Content, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import {
  alert,
  dataTable,
  emptyState,
  form,
  linkButton,
  rollCall,
  stateBadge,
  tabs,
  tag,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { closedReason, serveEveryoneBanner } from "../classes/classes-page.ts";
import {
  classDay,
  type ClassDay,
  dayFields,
  isAnswer,
  nameOf,
  namesOfSchool,
  schoolReports,
} from "../school-day.ts";
import { schoolPage } from "../school-page.ts";

const f = formats("it");
const CHECKED = attributes({ checked: true });

export type Phase = "morning" | "noon";
export const PHASES: Readonly<Record<string, Phase>> = { mattino: "morning", mezzogiorno: "noon" };

interface View extends ClassDay {
  phase: Phase;
  frozen: boolean;
  reports: boolean;
  calls: RollCall[];
  names: ReadonlyMap<string, string>;
  everyoneEats: boolean;
  /** served here today, and nobody could name them yet (X-03) */
}

/** `/scuola/{classe}`: the roll call; where families report, the list of the day. */
export async function rollCallPage(visit: Visit): Promise<Answer> {
  const { query, now } = visit;
  const found = await visit.town.read(async (tx) => {
    const at = await classDay(tx, visit, { date: query["giorno"], service: query["servizio"] });
    if (isAnswer(at)) return at;
    const { service, date, sheet, town } = at;
    const cutoffs = town.settings.service(service.code, "cutoffs", date);
    const frozen = isMomentAfter(now, freezeMoment(cutoffs, sheet.siteName, date));
    const calls = await rollCallsOn(tx, { serviceId: service.id, date });
    const view: View = {
      ...at,
      frozen,
      phase: PHASES[query["fase"] ?? ""] ?? (frozen ? "noon" : "morning"),
      reports: schoolReports(town, service, date),
      calls: calls.filter(({ classId }) => classId === at.schoolClass.id),
      everyoneEats: (await serveEveryoneSince(tx, date)) !== null,
      names: sheet.walkIns.length > 0 ? await namesOfSchool(tx, at) : new Map(),
    };
    return view;
  });
  return "kind" in found ? found : show(visit, found);
}

function show(visit: Visit, view: View): Answer {
  const rows = view.sheet.rows.filter(({ day }) => day.kind === "service");
  const closed = view.sheet.rows.find(({ day }) => day.kind === "closed")?.day;
  const when = view.date.equals(visit.today) ? f.dayFrom(view.date, visit.today) : f.day(view.date);
  const served = rows.length > 0;
  const canMark = served && !view.closing;
  return schoolPage(visit, {
    current: "classes",
    className: view.sheet.name,
    wide: true,
    h1: `${view.sheet.name}, ${view.sheet.siteName}`,
    lead: html`${when.replace(/^./, (first) => first.toUpperCase())}${served && html`. ${counts(view, rows)}`}`,
    back: { href: backTo(visit, view), label: "Tutte le classi" },
    headActions: served
      ? linkButton({ href: view.path("foglio"), label: "Foglio da stampare", icon: "it-print" })
      : null,
    body: html`${view.everyoneEats && serveEveryoneBanner()}${
      !served &&
      emptyState({
        text:
          closed?.kind === "closed"
            ? `Mensa chiusa oggi: ${closedReason(closed)}.`
            : "In questo giorno la classe non si ferma a mensa.",
        icon: "it-calendar",
      })
    }${
      served &&
      view.closing &&
      alert({ tone: "info", title: "Giornata chiusa: chiedere all'ufficio." })
    }${canMark && view.reports && phaseTabs(view)}${canMark && view.reports && sentNotice(view)}${
      served && (canMark && view.reports ? rollForm(visit, view, rows) : listOnly(view, rows))
    }${served && walkInList(view)}${canMark && ways(view)}`,
  });
}

const backTo = (visit: Visit, view: ClassDay): string =>
  view.date.equals(visit.today) ? "/scuola" : `/scuola?giorno=${view.date.toString()}`;

/** Is the child marked absent, or expected not to come, as things stand? */
const isAbsent = (row: SheetRow): boolean =>
  row.attendance ? row.attendance.status === "absent" : row.state === "absent-late";
const isServedAnyway = (row: SheetRow): boolean =>
  !isOrdered(row.state) && row.attendance?.status === "present";

/** `Presenti 19 · Assenti 2 · Disdetti 3 · Fuori lista 1` */
function counts(view: View, rows: readonly SheetRow[]): Html {
  const listed = rows.filter((row) => isOrdered(row.state));
  const absent = listed.filter(isAbsent).length;
  const extra = rows.filter(isServedAnyway).length;
  const cancelled = rows.length - listed.length - extra;
  const named = view.sheet.walkIns.filter(({ status }) => status === "present").length;
  const outside = named + view.sheet.unnamed.length;
  return html`Presenti <strong data-count="present">${listed.length - absent + extra}</strong> ·
    Assenti
    <strong data-count="absent">${absent}</strong
    >${cancelled > 0 && html` · Disdetti <strong>${cancelled}</strong>`}<span
      class="roll-outside"
      ${attributes({ hidden: outside === 0 })}
    >
      · Fuori lista <strong data-outside="${outside}">${outside}</strong></span
    >`;
}

function phaseTabs(view: View): Html {
  const address = (phase: string): string => {
    const path = view.path();
    return `${path}${path.includes("?") ? "&" : "?"}fase=${phase}`;
  };
  return tabs("Che cosa si registra", [
    {
      href: address("mattino"),
      label: "Appello del mattino",
      current: view.phase === "morning",
    },
    {
      href: address("mezzogiorno"),
      label: "Correzione di mezzogiorno",
      current: view.phase === "noon",
    },
  ]);
}

function sentNotice(view: View): Content {
  const call = view.calls.find(({ phase }) => phase === view.phase);
  if (call)
    return alert({
      tone: "success",
      title: `Inviato alle ${f.time(call.receivedAt)}`,
      body: `Da ${call.submittedBy}: ${plural(call.presentCount, "pasto", "pasti")}, ${plural(call.absentCount, "assente", "assenti")}. Si può inviare di nuovo: vale l'ultimo.`,
    });
  if (view.phase === "noon")
    return html`<p>Chi ha mangiato davvero: la cucina vede le differenze.</p>`;
  return view.frozen
    ? alert({
        tone: "warning",
        title: "L'ordine della cucina è già bloccato",
        body: "L'appello si può inviare: la cucina vede le differenze.",
      })
    : null;
}

function rollForm(visit: Visit, view: View, rows: readonly SheetRow[]): Html {
  const present =
    rows.filter((row) => isOrdered(row.state) && !isAbsent(row)).length +
    rows.filter(isServedAnyway).length;
  const what = view.phase === "morning" ? "Invia l'appello" : "Invia la correzione";
  const seen = view.calls.find(({ phase }) => phase === view.phase);
  const expected = rows.filter((row) => isOrdered(row.state));
  return form({
    id: "appello",
    action: `/scuola/${view.schoolClass.id}`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: {
      ...dayFields(view),
      fase: view.phase === "morning" ? "mattino" : "mezzogiorno",
      // What this list was made of: the server asks about whoever has been cancelled since.
      visto: seen?.id ?? "",
      attesi: expected.map(({ childId }) => childId).join(" "),
    },
    body: rollCall({
      name: "assenti",
      legend: "Bambini della classe: una spunta significa assente",
      rows: rows.map((row) => ({
        id: row.childId,
        name: nameOf(row),
        absent: isAbsent(row),
        tags: [mealTags(row), !isOrdered(row.state) && serveBox(row, view)],
        ...(isOrdered(row.state) ? {} : { cancelled: {} }),
      })),
    }),
    submit: {
      label: html`${what}: <span data-count="present">${present}</span>
        <span data-one="pasto" data-many="pasti">${present === 1 ? "pasto" : "pasti"}</span>`,
      wide: true,
    },
  });
}

const dietTag = (code: string): Html => tag(`Dieta ${code}`, "warning");

/** Codes only: neither the reason of a diet nor anything about money reaches a teacher's list (X-14). */
const mealTags = (row: SheetRow): Content => [
  row.state === "plain" && tag("In bianco", "info"),
  row.dietCode !== "" && dietTag(row.dietCode),
  row.state === "absent-late" && tag("Assenza segnalata dopo il limite"),
];

/** `Disdetto dalla famiglia alle 8:41. È presente?` Whoever is there eats (X-03). */
function serveBox(row: SheetRow, view: View): Html {
  const said = row.state === "not-booked" ? "Non prenotato" : "Disdetto dalla famiglia";
  const when = row.decidedAt ? ` ${decidedWhen(row.decidedAt, view)}` : "";
  const id = `servi-${row.childId}`;
  return html`<div class="choice roll-question">
    <input
      type="checkbox"
      id="${id}"
      name="serviti"
      value="${row.childId}"
      class="roll-serve"
      ${isServedAnyway(row) ? CHECKED : null}
    /><label for="${id}">${said}${when}. È presente? Servi</label>
  </div>`;
}

function decidedWhen(at: Moment, view: View): string {
  const sameDay = at.toZonedDateTimeISO("Europe/Rome").toPlainDate().equals(view.date);
  return sameDay ? `alle ${f.time(at)}` : `il ${f.dayAndTime(at)}`;
}

/** Where families report, or the day is closed: what is known, without boxes. */
function listOnly(view: View, rows: readonly SheetRow[]): Html {
  return html`${
    !view.reports &&
    !view.closing &&
    html`<p>
      Le presenze si contano da sole; le assenze le segnalano le famiglie. Qui si corregge chi manca
      o chi si aggiunge.
    </p>`
  }${dataTable({
    caption: "Bambini della classe",
    captionHidden: true,
    phone: "scroll",
    columns: [{ label: "Bambino", header: true }, { label: "Stato" }],
    rows: rows.map((row) => [
      nameOf(row),
      [rowState(row), row.dietCode !== "" && [" ", dietTag(row.dietCode)]],
    ]),
  })}`;
}

function rowState(row: SheetRow): Html {
  if (row.attendance)
    return row.attendance.status === "present"
      ? stateBadge(row.attendance.plain ? "plain" : "present", { size: "small" })
      : stateBadge("absent", { size: "small" });
  switch (row.state) {
    case "expected":
      return stateBadge("present", { size: "small" });
    case "plain":
      return stateBadge("plain", { size: "small" });
    case "absent-late":
      return stateBadge("absent", { size: "small" });
    case "cancelled":
      return stateBadge("cancelled", { size: "small" });
    case "not-booked":
      return stateBadge("not-booked", { size: "small" });
  }
}

function walkInList(view: View): Content {
  const served = view.sheet.walkIns.filter(({ status }) => status === "present");
  if (served.length + view.sheet.unnamed.length === 0) return null;
  const line = (row: AttendanceRow): Html =>
    html`<li>
      ${view.names.get(row.childId) ?? "Bambino di un'altra scuola"}
      <span class="quiet">${f.time(row.recordedAt)}, ${row.recordedBy}</span>
    </li>`;
  return html`<h2 class="section-title">Fuori lista</h2>
    <ul>
      ${served.map(line)}${view.sheet.unnamed.map(
        ({ description, recordedAt, recordedBy }) =>
          html`<li>
            ${description}
            <span class="quiet"
              >${f.time(recordedAt)}, ${recordedBy}; il nome lo cerca l'ufficio</span
            >
          </li>`,
      )}
    </ul>`;
}

const ways = (view: View): Html =>
  html`<div class="button-row">
    ${linkButton({ href: view.path("fuori-lista"), label: "Fuori lista", icon: "it-plus-circle" })}
    ${linkButton({ href: view.path("correzioni"), label: "Correzioni", icon: "it-pencil" })}
  </div>`;
