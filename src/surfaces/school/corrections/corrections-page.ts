// SPDX-License-Identifier: EUPL-1.2
import { correctionsOn, type Mark } from "#attendance";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  alert,
  emptyState,
  errorFor,
  form,
  history,
  radios,
  selectField,
  stateWord,
  textField,
} from "#ui/components.ts";
import type { FieldError } from "#ui/components/feedback.ts";
import { type Answer, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import {
  classDay,
  type ClassDay,
  dayFields,
  isAnswer,
  nameOf,
  namesOfSchool,
} from "../school-day.ts";
import { schoolPage } from "../school-page.ts";

const f = formats("it");

export interface Draft {
  readonly childId: string;
  readonly status: string;
  readonly reason: string;
  readonly errors: readonly FieldError[];
}

/** `/scuola/{classe}/correzioni`: who, from what to what, why, until the day closes. */
export async function correctionsPage(visit: Visit, draft?: Draft): Promise<Answer> {
  const { query, fields } = visit;
  const asked = draft
    ? { date: fields.text("giorno"), service: fields.text("servizio") }
    : { date: query["giorno"], service: query["servizio"] };
  const found = await visit.town.read(async (tx) => {
    const at = await classDay(tx, visit, asked);
    if (isAnswer(at)) return at;
    const key = { serviceId: at.service.id, classId: at.schoolClass.id, date: at.date };
    const done = await correctionsOn(tx, key);
    const names = new Map(at.sheet.rows.map((row) => [row.childId, nameOf(row)]));
    const others = done.some(({ childId }) => !names.has(childId)) || at.sheet.walkIns.length > 0;
    if (others) for (const [id, name] of await namesOfSchool(tx, at)) names.set(id, name);
    return { at, done, names };
  });
  if ("kind" in found) return found;
  const { at, done, names } = found;
  const page = schoolPage(visit, {
    current: "classes",
    h1: `Correzioni, ${at.sheet.name}`,
    lead: f.dayFrom(at.date, visit.today).replace(/^./, (first) => first.toUpperCase()),
    back: { href: at.path(), label: `Torna a ${at.sheet.name}` },
    errors: draft?.errors,
    body: html`${
        at.closing
          ? alert({ tone: "info", title: "Giornata chiusa: chiedere all'ufficio." })
          : correctionForm(visit, at, names, draft)
      }
      <h2 class="section-title">Correzioni fatte</h2>
      ${
        done.length === 0
          ? emptyState({ text: "Nessuna correzione.", icon: "it-pencil" })
          : history(done.map((mark) => entry(mark, names)))
      }`,
  });
  return draft ? withStatus(422, page) : page;
}

function correctionForm(
  visit: Visit,
  at: ClassDay,
  names: ReadonlyMap<string, string>,
  draft: Draft | undefined,
): Html {
  const errors = draft?.errors ?? [];
  const rows = at.sheet.rows.filter(({ day }) => day.kind === "service");
  const choices = [
    ...rows.map((row) => ({ value: row.childId, label: `${nameOf(row)}, ora ${nowWord(row)}` })),
    ...at.sheet.walkIns.map(({ childId, status }) => ({
      value: childId,
      label: `${names.get(childId) ?? "Bambino di un'altra scuola"}, ora ${stateWord(status).toLowerCase()}, fuori lista`,
    })),
  ];
  if (choices.length === 0)
    return emptyState({
      text: "In questo giorno la classe non si ferma a mensa.",
      icon: "it-calendar",
    });
  return form({
    action: `/scuola/${at.schoolClass.id}/correzioni`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: dayFields(at),
    body: [
      selectField({
        name: "bambino",
        label: "Chi?",
        choices,
        value: draft?.childId ?? null,
        empty: "Scegliere un nome",
        error: errorFor(errors, "bambino"),
      }),
      radios({
        name: "stato",
        label: "Che cosa è successo?",
        choices: [
          { value: "present", label: "Presente: ha mangiato" },
          { value: "absent", label: "Assente: non ha mangiato" },
        ],
        value: draft?.status ?? null,
        error: errorFor(errors, "stato"),
      }),
      textField({
        name: "motivo",
        label: "Motivo",
        hint: "Per esempio: entrata alle 10, uscita anticipata. La famiglia lo vede.",
        value: draft?.reason ?? "",
        maxlength: 200,
        error: errorFor(errors, "motivo"),
      }),
    ],
    submit: { label: "Correggi" },
    cancel: { href: at.path() },
  });
}

function nowWord(row: ClassDay["sheet"]["rows"][number]): string {
  if (row.attendance) return stateWord(row.attendance.status).toLowerCase();
  switch (row.state) {
    case "expected":
    case "plain":
      return stateWord("present").toLowerCase();
    case "absent-late":
      return stateWord("absent").toLowerCase();
    case "cancelled":
      return stateWord("cancelled").toLowerCase();
    case "not-booked":
      return stateWord("not-booked").toLowerCase();
  }
}

const entry = (mark: Mark, names: ReadonlyMap<string, string>) => ({
  what: html`<strong>${names.get(mark.childId) ?? "Bambino di un'altra scuola"}</strong>:
    ${stateWord(mark.status).toLowerCase()}. ${mark.reason}`,
  when: f.time(mark.receivedAt),
  who: mark.recordedBy,
});
