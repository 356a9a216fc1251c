// SPDX-License-Identifier: EUPL-1.2
import {
  headingsOf,
  importRun,
  type ImportRun,
  isMappable,
  learnedHeadings,
  mapColumns,
  MAPPABLE,
  type MappableColumn,
  readPupilTables,
  type SheetKind,
  type StoredPupilImport,
  type UnmappedImport,
} from "#enrolment";
import { attributes, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { errorFor, type FieldError, form, selectField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

const GUARDIAN = {
  surname: "Cognome",
  givenName: "Nome",
  fullName: "Cognome e nome insieme",
  codiceFiscale: "Codice fiscale",
  email: "E-mail",
  phone: "Telefono",
};

const LABELS: Readonly<Record<MappableColumn, string>> = {
  surname: "Cognome",
  givenName: "Nome",
  fullName: "Cognome e nome insieme",
  codiceFiscale: "Codice fiscale",
  birthDate: "Data di nascita",
  className: "Classe",
  section: "Sezione",
  site: "Scuola (nome o codice)",
  dietCode: "Codice dieta",
  address: "Indirizzo",
  postalCode: "CAP",
  city: "Comune di residenza",
  "first.surname": `${GUARDIAN.surname} del primo tutore`,
  "first.givenName": `${GUARDIAN.givenName} del primo tutore`,
  "first.fullName": `${GUARDIAN.fullName}, primo tutore`,
  "first.codiceFiscale": `${GUARDIAN.codiceFiscale} del primo tutore`,
  "first.email": `${GUARDIAN.email} del primo tutore`,
  "first.phone": `${GUARDIAN.phone} del primo tutore`,
  "second.surname": `${GUARDIAN.surname} del secondo tutore`,
  "second.givenName": `${GUARDIAN.givenName} del secondo tutore`,
  "second.fullName": `${GUARDIAN.fullName}, secondo tutore`,
  "second.codiceFiscale": `${GUARDIAN.codiceFiscale} del secondo tutore`,
  "second.email": `${GUARDIAN.email} del secondo tutore`,
  "second.phone": `${GUARDIAN.phone} del secondo tutore`,
  pupilCode: "Codice fiscale dell'alunno",
  role: "Parentela",
  email: GUARDIAN.email,
  phone: GUARDIAN.phone,
};

const NOT_ENOUGH: Readonly<Record<SheetKind, string>> = {
  pupils:
    "Servono cognome e nome (insieme o separati) e almeno uno fra codice fiscale, data di nascita e classe. Con cognome e nome insieme serve il codice fiscale o la classe.",
  guardians: "Servono il codice fiscale dell'alunno, il cognome e il nome del tutore.",
};

const f = formats("it");
const fieldOf = (column: string): string => `colonna-${column.replace(".", "-")}`;

/** of the pupil, or of the guardian whose row it is; not of a guardian beside the pupil */
const isOwn = (column: MappableColumn): boolean => !column.includes(".");

interface Asked {
  readonly run: ImportRun<StoredPupilImport | UnmappedImport>;
  readonly tables: UnmappedImport["tables"];
  /** which file, and what it lists */
  readonly table: number;
  readonly kind: SheetKind;
  readonly file: ReturnType<typeof headingsOf>;
}

async function load(
  visit: Visit,
  asked: { file: string; tipo: string },
): Promise<Asked | "elsewhere" | null> {
  const id = visit.params["id"] ?? "";
  if (!isUuid(id)) return null;
  const read = await visit.town.read(async (tx) => {
    const run = await importRun<StoredPupilImport | UnmappedImport>(tx, id);
    return run && { run, learned: await learnedHeadings(tx, run.siteId) };
  });
  if (read?.run.kind !== "pupils") return null;
  const { run, learned } = read;
  if (run.state !== "unmapped" && run.state !== "planned") return "elsewhere";
  const { tables } = run.plan;
  if (!tables) return "elsewhere";
  const stated = /^\d$/.test(asked.file) ? Number(asked.file) : null;
  const table = stated ?? (await firstUnknown(visit, run, { tables, learned }));
  const sheets = tables[table]?.sheets;
  if (!sheets) return null;
  const kind = kindOf(asked.tipo, table);
  return { run, tables, table, kind, file: headingsOf(sheets, kind, learned) };
}

/** The file whose columns are not understood; of a file that is, the first. */
async function firstUnknown(
  visit: Visit,
  run: Asked["run"],
  of: Pick<Asked, "tables"> & { learned: Awaited<ReturnType<typeof learnedHeadings>> },
): Promise<number> {
  const read = await readPupilTables(
    { sha256: run.sha256, tables: of.tables },
    {
      townCode: visit.townSettings.town.cadastralCode,
      reference: run.effectiveOn,
      learned: of.learned,
    },
  );
  return read.outcome === "columns-not-found" ? read.at : 0;
}

/** The second file of an upload is the guardians', unless somebody says otherwise. */
function kindOf(text: string, table: number): SheetKind {
  if (text === "tutori") return "guardians";
  if (text === "alunni") return "pupils";
  return table > 0 ? "guardians" : "pupils";
}

/** `/ufficio/importazioni/{id}/colonne`: which heading of the school's file is which column; said once. */
export async function columnsPage(visit: Visit): Promise<Answer> {
  const asked = await load(visit, {
    file: visit.query["file"] ?? "",
    tipo: visit.query["tipo"] ?? "",
  });
  if (asked === null) return notFound;
  if (asked === "elsewhere") return seeOther(`/ufficio/importazioni/${visit.params["id"]}`);
  return view(visit, asked, asked.file.chosen, []);
}

/** Remembers the choices for the school, reads the file again and shows the difference. */
export async function saveColumns(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const asked = await load(visit, { file: fields.text("file"), tipo: fields.text("tipo") });
  if (asked === null || !actor) return notFound;
  const path = `/ufficio/importazioni/${visit.params["id"]}`;
  if (asked === "elsewhere") return seeOther(path);
  const { run, kind, table } = asked;
  const choices = new Map<string, string>(
    MAPPABLE[kind].flatMap((column) => {
      const key = fields.text(fieldOf(column));
      return asked.file.headings.some((one) => one.key === key) ? [[column, key]] : [];
    }),
  );
  const wrong = (errors: readonly FieldError[]): Answer =>
    withStatus(422, view(visit, asked, choices, errors));
  const twice = repeated(choices);
  if (twice.length > 0) return wrong(twice);
  const mapped = await visit.town.write((tx) =>
    mapColumns(tx, {
      importRunId: run.id,
      table,
      kind,
      choices,
      townCode: visit.townSettings.town.cadastralCode,
      actor,
      at: now,
    }),
  );
  switch (mapped.outcome) {
    case "planned":
      return seeOther(
        `/ufficio/importazioni/${mapped.importRunId}`,
        "Colonne ricordate: al prossimo file con le stesse intestazioni non si chiedono più.",
      );
    case "next-table":
      return seeOther(`${path}/colonne`, "Colonne ricordate. Restano quelle dell'altro file.");
    case "not-enough":
      return wrong([{ field: fieldOf(MAPPABLE[kind][0]), message: NOT_ENOUGH[kind] }]);
    case "unknown-school-year":
    case "unknown-site":
    case "unknown-import":
    case "not-allowed":
      return notFound;
  }
}

/** One heading cannot be two columns. */
function repeated(choices: ReadonlyMap<string, string>): FieldError[] {
  const first = new Map<string, string>();
  return [...choices].flatMap(([column, key]) => {
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, column);
      return [];
    }
    const message = `Questa intestazione è già scelta per «${labelOf(other)}».`;
    return [{ field: fieldOf(column), message }];
  });
}

const labelOf = (column: string): string =>
  isMappable("pupils", column) || isMappable("guardians", column)
    ? LABELS[column as MappableColumn]
    : column;

function view(
  visit: Visit,
  asked: Asked,
  chosen: ReadonlyMap<string, string>,
  errors: readonly FieldError[],
): Html {
  const { run, tables, table, kind, file } = asked;
  const path = `/ufficio/importazioni/${run.id}/colonne`;
  const other = kind === "pupils" ? "tutori" : "alunni";
  const choices = file.headings.map(({ key, text, examples }) => ({
    value: key,
    label: examples.length > 0 ? `${text}: ${examples.join(", ")}…` : text,
  }));
  const select = (column: MappableColumn): Html =>
    selectField({
      name: fieldOf(column),
      label: LABELS[column],
      empty: "Non c'è",
      value: chosen.get(column) ?? "",
      choices,
      error: errorFor(errors, fieldOf(column)),
    });
  const beside = MAPPABLE[kind].filter((column) => !isOwn(column));
  const isNamed = (column: MappableColumn): boolean =>
    chosen.has(column) || errorFor(errors, fieldOf(column)) !== undefined;
  return officePage(
    visit,
    { current: "imports" },
    {
      h1: "Che cosa c'è in ogni colonna?",
      title: "Colonne",
      lead: `${tables[table]?.name ?? ""}, dal ${f.dayAndMonth(run.effectiveOn)} ${run.effectiveOn.year}`,
      back: { href: "/ufficio/importazioni", label: "Importazioni" },
      wide: false,
      errors,
      body: html`<p>
          Per ogni dato si sceglie l'intestazione del file. La risposta resta per
          ${run.siteId === null ? "tutti i file del Comune" : "questa scuola"}: la prossima volta
          non si chiede più.
        </p>
        <p>
          <a href="${path}?file=${table}&amp;tipo=${other}"
            >${kind === "pupils" ? "È un file di soli tutori" : "È un file di alunni"}</a
          >${
            tables.length > 1 &&
            tables.map(
              ({ name }, at) =>
                at !== table && html`, <a href="${path}?file=${at}">l'altro file: ${name}</a>`,
            )
          }
        </p>
        ${form({
          action: path,
          csrf: visit.csrf,
          key: visit.newKey(),
          fields: { file: table, tipo: kind === "pupils" ? "alunni" : "tutori" },
          body: html`${MAPPABLE[kind].filter(isOwn).map(select)}
          ${
            beside.length > 0 &&
            html`<details ${attributes({ open: beside.some(isNamed) })}>
              <summary>Tutori sulla stessa riga dell'alunno</summary>
              ${beside.map(select)}
            </details>`
          }`,
          submit: { label: "Ricorda e confronta, senza cambiare niente" },
          cancel: { href: "/ufficio/importazioni" },
        })}`,
    },
  );
}
