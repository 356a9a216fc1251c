// SPDX-License-Identifier: EUPL-1.2
import { type Service, type TownCalendar, townCalendar } from "#calendar";
import { importRuns, planPupilImport, readPupilFiles } from "#enrolment";
import { dayOf, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import type { TableFaultKind } from "#kernel/tabular/index.ts";
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
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Fields, Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { readUpload } from "./read-upload.ts";

/** the file has a column for the school */
const FROM_FILE = "file";
const siteOf = (fields: Fields): string | null => {
  const chosen = fields.text("scuola");
  return chosen === "" || chosen === FROM_FILE ? null : chosen;
};

const MOST_RUNS = 30;
const f = formats("it");

const UNREADABLE: Record<TableFaultKind, string> = {
  empty: "il file è vuoto.",
  "too-large": "il file è troppo grande.",
  "too-many-rows": "il file ha troppe righe.",
  "too-many-columns": "il file ha troppe colonne.",
  "unclosed-quote": "le virgolette non si chiudono.",
  "old-excel": "è un file Excel di vecchio tipo: salvarlo come XLSX.",
  "web-page": "è una pagina web con nome di Excel: aprirla e salvarla come XLSX.",
  unreadable: "il file non si legge: salvarlo di nuovo come XLSX o CSV.",
};

interface Loaded {
  readonly calendar: TownCalendar;
  readonly runs: Awaited<ReturnType<typeof importRuns>>;
}

const load = async (tx: ReadTx): Promise<Loaded> => ({
  calendar: await townCalendar(tx),
  runs: await importRuns(tx, MOST_RUNS),
});

/** `/ufficio/importazioni`: the way in for a school's file, and the imports so far. */
export async function importListPage(visit: Visit): Promise<Answer> {
  return view(visit, await visit.town.read(load), null, []);
}

/** Reads the file, keeps the difference, changes nothing: what it would do is shown next. */
export async function uploadPupils(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const upload = await readUpload(visit);
  if (!upload || !actor) return { kind: "forbidden" };
  const { fields, files } = upload;
  const wrong = async (field: string, message: string): Promise<Answer> =>
    withStatus(422, view(visit, await visit.town.read(load), fields, [{ field, message }]));
  const effectiveOn = fields.day("decorrenza");
  if (!effectiveOn) return wrong("decorrenza", "Scrivere una data valida.");
  if (files.length === 0) return wrong("file", "Scegliere un file CSV o XLSX.");
  const townCode = visit.townSettings.town.cadastralCode;
  const read = await readPupilFiles(files, { townCode, reference: effectiveOn });
  switch (read.outcome) {
    case "unreadable": {
      const where = read.line === null ? "" : ` (riga ${read.line})`;
      return wrong("file", `${read.fileName}: ${UNREADABLE[read.fault]}${where}`);
    }
    case "columns-not-found":
      return wrong(
        "file",
        `${read.fileName}: non si riconoscono le colonne. Servono almeno cognome, nome e codice fiscale o data di nascita.`,
      );
    case "read":
  }
  const planned = await visit.town.write(async (tx) => {
    const { services } = await townCalendar(tx);
    const wanted = fields.all("servizi");
    return planPupilImport(tx, {
      read,
      scope: {
        siteId: siteOf(fields),
        effectiveOn,
        year: schoolYearOf(effectiveOn),
        enrolIn: services.map(({ id }) => id).filter((id) => wanted.includes(id)),
        decisions: {},
      },
      actor,
      at: now,
    });
  });
  switch (planned.outcome) {
    case "planned":
      return seeOther(`/ufficio/importazioni/${planned.importRunId}`);
    case "unknown-site":
      return wrong("scuola", "Scegliere una scuola dell'elenco.");
    case "unknown-school-year":
      return wrong(
        "decorrenza",
        `L'anno scolastico ${planned.year}/${planned.year + 1} non è nel calendario.`,
      );
    case "not-allowed":
      return notFound;
  }
}

function view(
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
                      ? html`<a href="/ufficio/importazioni/${run.id}">${run.fileName}</a>`
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

function stateTag(state: "planned" | "applied" | "expired"): Html {
  switch (state) {
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
