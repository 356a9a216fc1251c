// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import {
  headingsOf,
  keepUnmapped,
  learnedHeadings,
  planPupilImport,
  type PupilScope,
  readPupilFiles,
  type ReadPupilFiles,
} from "#enrolment";
import { type Day, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { isUuid } from "#kernel/ids.ts";
import type { TableFaultKind } from "#kernel/tabular/index.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Fields, Visit } from "../../web/visit.ts";
import { FROM_FILE, load, view } from "./import-list.ts";
import { readUpload } from "./read-upload.ts";

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

const CHOOSE_SCHOOL = "Scegliere una scuola dell'elenco.";

const tooLarge = (fileName: string): string =>
  `${fileName}: supera 20 MB, il limite per un file. Salvarlo come CSV con i soli fogli e colonne che servono, oppure dividerlo per scuola; poi sceglierlo di nuovo qui.`;

const noSuchYear = (year: number): string =>
  `L'anno scolastico ${year}/${year + 1} non è nel calendario.`;

const siteOf = (fields: Fields): string | null => {
  const chosen = fields.text("scuola");
  return chosen === "" || chosen === FROM_FILE ? null : chosen;
};

async function scopeOf(tx: ReadTx, fields: Fields, effectiveOn: Day): Promise<PupilScope> {
  const { services } = await townCalendar(tx);
  const wanted = fields.all("servizi");
  return {
    siteId: siteOf(fields),
    effectiveOn,
    year: schoolYearOf(effectiveOn),
    enrolIn: services.map(({ id }) => id).filter((id) => wanted.includes(id)),
    decisions: {},
  };
}

/** Reads the file, keeps the difference, changes nothing: what it would do is shown next. */
export async function uploadPupils(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const upload = await readUpload(visit);
  if (upload.outcome === "refused" || !actor) return { kind: "forbidden" };
  const { fields } = upload;
  const wrong = async (field: string, message: string): Promise<Answer> =>
    withStatus(422, view(visit, await visit.town.read(load), fields, [{ field, message }]));
  if (upload.outcome === "too-large")
    return wrong(upload.field === "tutori" ? "tutori" : "file", tooLarge(upload.fileName));
  const { files } = upload;
  const effectiveOn = fields.day("decorrenza");
  if (!effectiveOn) return wrong("decorrenza", "Scrivere una data valida.");
  if (files.length === 0) return wrong("file", "Scegliere un file CSV o XLSX.");
  const townCode = visit.townSettings.town.cadastralCode;
  const siteId = siteOf(fields);
  if (siteId !== null && !isUuid(siteId)) return wrong("scuola", CHOOSE_SCHOOL);
  const learned = await visit.town.read((tx) => learnedHeadings(tx, siteId));
  const read = await readPupilFiles(files, { townCode, reference: effectiveOn, learned });
  switch (read.outcome) {
    case "unreadable": {
      if (read.fault === "too-large") return wrong("file", tooLarge(read.fileName));
      const where = read.line === null ? "" : ` (riga ${read.line})`;
      return wrong("file", `${read.fileName}: ${UNREADABLE[read.fault]}${where}`);
    }
    case "columns-not-found":
      return askColumns(visit, read, { fields, effectiveOn, wrong });
    case "read":
  }
  const planned = await visit.town.write(async (tx) =>
    planPupilImport(tx, { read, scope: await scopeOf(tx, fields, effectiveOn), actor, at: now }),
  );
  switch (planned.outcome) {
    case "planned":
      return seeOther(`/ufficio/importazioni/${planned.importRunId}`);
    case "unknown-site":
      return wrong("scuola", CHOOSE_SCHOOL);
    case "unknown-school-year":
      return wrong("decorrenza", noSuchYear(planned.year));
    case "not-allowed":
      return notFound;
  }
}

/** Nobody knows these headings yet: the file is kept, and the next page asks what they mean. */
async function askColumns(
  visit: Visit,
  { of, at, fileName }: Extract<ReadPupilFiles, { outcome: "columns-not-found" }>,
  form: {
    fields: Fields;
    effectiveOn: Day;
    wrong: (field: string, message: string) => Promise<Answer>;
  },
): Promise<Answer> {
  const { actor, now } = visit;
  const { fields, effectiveOn, wrong } = form;
  if (headingsOf(of.tables[at]?.sheets ?? [], "pupils", []).headings.length < 2) {
    return wrong(
      "file",
      `${fileName}: non si riconoscono le colonne. Servono almeno cognome, nome e codice fiscale o data di nascita.`,
    );
  }
  if (!actor) return notFound;
  const kept = await visit.town.write(async (tx) => {
    const { sites, years } = await townCalendar(tx);
    const scope = await scopeOf(tx, fields, effectiveOn);
    if (scope.siteId !== null && !sites.has(scope.siteId)) return "unknown-site";
    if (!years.some(({ year }) => year === scope.year)) return "unknown-school-year";
    return keepUnmapped(tx, { of, scope, actor, at: now });
  });
  if (kept === "unknown-site") return wrong("scuola", CHOOSE_SCHOOL);
  if (kept === "unknown-school-year")
    return wrong("decorrenza", noSuchYear(schoolYearOf(effectiveOn)));
  return kept.outcome === "kept"
    ? seeOther(`/ufficio/importazioni/${kept.importRunId}/colonne`)
    : notFound;
}
