// SPDX-License-Identifier: EUPL-1.2
import { className } from "#calendar";
import { schoolChildren, type SchoolChild } from "#enrolment";
import { searchWords } from "#kernel/search-words.ts";
import { html, type Html } from "#kernel/html.ts";
import { actionForm, alert, form, searchBox, stateBadge, textField } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { listPath } from "../offline/state.ts";
import { classDay, type ClassDay, dayFields, isAnswer, nameOf } from "../school-day.ts";
import { schoolPage } from "../school-page.ts";

const MOST_RESULTS = 20;

/** `/scuola/{classe}/fuori-lista`: search the school's children, serve one. No money or debt is ever shown here. */
export async function walkInPage(visit: Visit): Promise<Answer> {
  const { query } = visit;
  const text = (query["q"] ?? "").slice(0, 80);
  const asked = { date: query["giorno"], service: query["servizio"] };
  const found = await visit.town.read(async (tx) => {
    const at = await classDay(tx, visit, asked);
    if (isAnswer(at)) return at;
    const words = searchWords(text);
    const { siteId } = at.schoolClass;
    const all = words.length > 0 ? await schoolChildren(tx, { siteId, date: at.date }) : [];
    return { at, children: all.filter((child) => matches(child, words)) };
  });
  if ("kind" in found) return found;
  const { at, children } = found;
  return schoolPage(visit, {
    current: "classes",
    className: at.sheet.name,
    h1: `Fuori lista, ${at.sheet.name}`,
    lead: "Chi è a tavola mangia; l'ufficio sistema dopo.",
    back: { href: at.path(), label: `Torna a ${at.sheet.name}` },
    body: at.closing
      ? alert({ tone: "info", title: "Giornata chiusa: chiedere all'ufficio." })
      : html`${search(at, text)}
          <div id="risultati" data-list="${listPath(at.schoolClass.siteId)}">
            ${text !== "" && results(visit, at, children, text)}
          </div>
          ${unknownForm(visit, at, text)}`,
  });
}

/** Every typed word is the start of a word of the name, in any order. */
function matches(child: SchoolChild, words: readonly string[]): boolean {
  const names = searchWords(`${child.surname} ${child.givenName}`);
  return words.length > 0 && words.every((word) => names.some((name) => name.startsWith(word)));
}

function search(at: ClassDay, text: string): Html {
  const [action, query = ""] = at.path("fuori-lista").split("?");
  const kept = [...new URLSearchParams(query)];
  // A GET form drops the query of its action: what the address must keep goes along as fields.
  return kept.length === 0
    ? searchBox({
        action: action!,
        label: `Cerca in ${at.sheet.siteName}`,
        value: text,
        resultsId: "risultati",
      })
    : html`<form method="get" action="${action}" role="search" class="form">
        ${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
        ${textField({ name: "q", label: `Cerca in ${at.sheet.siteName}`, value: text, type: "search" })}
        <div class="form-actions">
          <button type="submit" class="btn btn-primary"><span>Cerca</span></button>
        </div>
      </form>`;
}

function results(visit: Visit, at: ClassDay, children: readonly SchoolChild[], text: string): Html {
  const served = new Set(
    [...at.sheet.rows.map(({ attendance }) => attendance), ...at.sheet.walkIns]
      .filter((row) => row?.status === "present")
      .map((row) => row!.childId),
  );
  if (children.length === 0)
    return html`<p class="lead-text" role="status">Nessun bambino con il nome «${text}».</p>`;
  const shown = children.slice(0, MOST_RESULTS);
  return html`<ul class="tasks">
      ${shown.map((child) => {
        const schoolClass = at.town.calendar.classes.get(child.classId);
        return html`<li class="task">
          <span class="task-text"
            ><strong>${nameOf(child)}</strong> ${schoolClass && className(schoolClass)}</span
          >${
            served.has(child.childId)
              ? stateBadge("present", { size: "small" })
              : actionForm({
                  action: `/scuola/${at.schoolClass.id}/fuori-lista`,
                  csrf: visit.csrf,
                  key: visit.newKey(),
                  fields: { ...dayFields(at), bambino: child.childId },
                  label: "Servi",
                  ariaLabel: `Servi ${nameOf(child)}`,
                })
          }
        </li>`;
      })}
    </ul>
    ${children.length > shown.length && html`<p class="quiet">Altri nomi: scrivere qualche lettera in più.</p>`}`;
}

const unknownForm = (visit: Visit, at: ClassDay, text: string): Html =>
  html`<section class="panel">
    <div class="panel-head"><h2 class="card-heading">Nome non trovato</h2></div>
    ${form({
      action: `/scuola/${at.schoolClass.id}/fuori-lista`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { ...dayFields(at), sconosciuto: "1" },
      body: textField({
        name: "descrizione",
        label: "Nome o descrizione",
        hint: "Aiuta l'ufficio a ritrovare il bambino.",
        value: text,
        maxlength: 120,
        optional: true,
      }),
      submit: { label: "Nome non trovato: servi lo stesso", kind: "secondary" },
    })}
  </section>`;
