// SPDX-License-Identifier: EUPL-1.2
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { type ImportRun, importRuns } from "#enrolment";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  checkboxes,
  dataTable,
  dateField,
  emptyState,
  errorFor,
  type FieldError,
  fileField,
  form,
  selectField,
  tag,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Fields, Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

/** the file has a column for the school */
export const FROM_FILE = "file";

const MOST_RUNS = 30;
const f = formats("it");

export interface Loaded {
  readonly calendar: TownCalendar;
  readonly runs: Awaited<ReturnType<typeof importRuns>>;
}

export const load = async (tx: ReadTx): Promise<Loaded> => ({
  calendar: await townCalendar(tx),
  runs: await importRuns(tx, MOST_RUNS),
});

/** `/ufficio/importazioni`: the way in for a school's file, and the imports so far. */
export async function importListPage(visit: Visit): Promise<Answer> {
  return view(visit, await visit.town.read(load), null, []);
}

export function view(
  visit: Visit,
  { calendar, runs }: Loaded,
  given: Fields | null,
  errors: readonly FieldError[],
): Html {
  return officePage(
    visit,
    { current: "imports" },
    {
      h1: "Importazioni",
      lead: "Alunni e tutori dai file delle scuole: prima la differenza, poi la conferma.",
      errors,
      body: html`<div class="columns">
        <div>${uploadForm(visit, calendar, given, errors)}</div>
        <div>
          <h2>Fatte e in attesa</h2>
          ${
            runs.length === 0
              ? emptyState({ text: "Nessuna importazione finora." })
              : dataTable({
                  caption: "Importazioni",
                  captionHidden: true,
                  columns: [
                    { label: "File", header: true },
                    { label: "Quando" },
                    { label: "Stato" },
                  ],
                  rows: runs.map((run) => [
                    run.kind === "pupils"
                      ? html`<a href="${importPath(run)}">${run.fileName}</a>`
                      : `${run.fileName} (scuole)`,
                    `${f.shortDay(dayOf(run.createdAt))}, ${f.time(run.createdAt)}, ${run.createdBy}`,
                    stateTag(run.state),
                  ]),
                })
          }
        </div>
      </div>`,
    },
  );
}

/** An import whose columns nobody has named yet begins there. */
export const importPath = ({ id, state }: Pick<ImportRun<never>, "id" | "state">): string =>
  `/ufficio/importazioni/${id}${state === "unmapped" ? "/colonne" : ""}`;

function stateTag(state: ImportRun<never>["state"]): Html {
  switch (state) {
    case "unmapped":
      return tag("colonne da indicare", "warning");
    case "replaced":
      return tag("rifatta", "info");
    case "planned":
      return tag("da applicare", "warning");
    case "applied":
      return tag("applicata", "info");
    case "expired":
      return tag("scaduta", "info");
  }
}

function uploadForm(
  visit: Visit,
  calendar: TownCalendar,
  given: Fields | null,
  errors: readonly FieldError[],
): Html {
  const sites = [...calendar.sites.values()].sort((a, b) => a.name.localeCompare(b.name, "it"));
  return html`<h2>Nuova importazione</h2>
    ${form({
      action: "/ufficio/importazioni",
      multipart: true,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${fileField({
        name: "file",
        label: "File degli alunni",
        hint: "XLSX o CSV come li esporta la segreteria; i nomi delle colonne possono variare",
        accept: ".csv,.txt,.xlsx",
        error: errorFor(errors, "file"),
      })}
      ${fileField({
        name: "tutori",
        label: "File dei tutori",
        hint: "Solo se è un file a parte",
        optional: true,
        accept: ".csv,.txt,.xlsx",
        error: errorFor(errors, "tutori"),
      })}
      ${selectField({
        name: "scuola",
        label: "Di quale scuola?",
        hint: "Chi è in questa scuola e non nel file risulta «uscito»",
        value: given?.text("scuola") || FROM_FILE,
        choices: [
          { value: FROM_FILE, label: "Lo dice il file" },
          ...sites.map(({ id, name }) => ({ value: id, label: name })),
        ],
        error: errorFor(errors, "scuola"),
      })}
      ${dateField({
        name: "decorrenza",
        label: "Vale dal giorno",
        value: given?.text("decorrenza") || visit.today,
        error: errorFor(errors, "decorrenza"),
      })}
      ${servicesField(calendar.services, given)}`,
      submit: { label: "Confronta, senza cambiare niente", icon: "it-upload" },
    })}`;
}

const servicesField = (services: readonly Service[], given: Fields | null): Html =>
  checkboxes({
    name: "servizi",
    label: "Iscrivere gli alunni del file ai servizi",
    optional: true,
    values: given?.all("servizi") ?? [],
    choices: services.map(({ id, name }) => ({ value: id, label: name })),
  });
