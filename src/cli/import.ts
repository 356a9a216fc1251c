// SPDX-License-Identifier: EUPL-1.2
import { readFile, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type SchoolLevel, sites, townCalendar } from "#calendar";
import {
  applyPupils,
  applySchools,
  errorFile,
  isMappable,
  type LearnedHeading,
  learnedHeadings,
  planPupilImport,
  planSchoolImport,
  type PupilPlan,
  putHeadings,
  readPupilFiles,
  readSchoolFiles,
  rowsWritten,
  withNew,
} from "#enrolment";
import { systemActor } from "#kernel/actor.ts";
import { type Day, dayOf, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx, TenantDb } from "#kernel/db/index.ts";
import { refreshAfterBulk } from "#kernel/statistics.ts";
import { headingKey } from "#kernel/tabular/index.ts";
import { settingsOn, tenantBySlug } from "#tenancy";
import { importBankFiles } from "./import-bank-files.ts";
import { type Command, type CommandIo, EXIT, readArgs, readYear, UsageError } from "./command.ts";

const OPERATOR = { ...systemActor, name: "campanella import" };
const LEVELS: SchoolLevel[] = ["infanzia", "primaria", "secondaria1"];
const SHOWN = 20;

export const importCommand: Command = {
  name: "import",
  summary: "schools and pupils from files of ministry and schools, cash journals of the treasury",
  usage: `campanella import: reads files, shows what they would change, and writes it with --apply

  campanella import schools <slug> <file>... [--year 2026] [--apply]
      Lists of schools and of classes (CSV of the ministry, any year, Italian or English headings).
      Only the schools of the town's own municipality are taken.

  campanella import pupils <slug> <file>... --from 2026-09-14 [--site <code or name>] [--enrol <service>]...
                           [--year 2026] [--map "<heading>=<column>"]... [--errors <file.csv>]
                           [--apply] [--remove-missing]
      Pupils, with guardians beside them or in a second file (CSV or XLSX). Without --site the file's own
      column tells the school. Nobody leaves a class unless --remove-missing is given.

  campanella import cash-journal <slug> <file>... [--apply]
      Cash journals of the treasury (OPI 1.4, 1.6.1, 1.7.1, 1.8) and flows of settlement (FdR 1.0.4, 1.0.5), as XML.
      Of a journal only the movements of pagoPA are kept.

Options
  --from            the day from which the file is true
  --year            the school year of the classes, by the year it starts in
  --enrol           also enrols every pupil in this service (its code)
  --map             what a heading of the file means, e.g. --map "Cognome alunno=familyName"; with --apply remembered
                    for the school (without --site: for the town). Columns: familyName, givenName, fullName,
                    codiceFiscale, birthDate, className, section, site, dietCode, address, postalCode, city;
                    first.… and second.… surname, givenName, fullName, codiceFiscale, email, phone (guardians
                    beside the pupil); guardians.… pupilCode, surname, givenName, codiceFiscale, role, email,
                    phone (a file of guardians); none = leave the column alone
  --errors          where the rows that were not imported go, each with its line and the reason
  --apply           writes; without it nothing changes

The same file twice changes nothing. Exit codes: 0 done, 1 refused, 2 wrong call.`,
  async run(args, io) {
    const [verb, ...rest] = args;
    if (verb === "schools") return importSchools(rest, io);
    if (verb === "pupils") return importPupils(rest, io);
    if (verb === "cash-journal") return importBankFiles(rest, io);
    throw new UsageError(
      verb ? `unknown: import ${verb}` : "say what to import: schools, pupils or cash-journal",
    );
  },
};

const flag = { type: "boolean", default: false } as const;
const text = { type: "string" } as const;

async function importSchools(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { year: text, apply: flag });
  const [slug, ...files] = positionals;
  if (!slug || files.length === 0) throw new UsageError("import schools takes a slug and files");
  const year = readYear(values.year, schoolYearOf(dayOf(io.now())));
  const town = await findTown(slug, io);
  if (!town) return EXIT.refused;
  const read = await readSchoolFiles(await uploadsOf(files, io));
  if (read.outcome !== "read") return refuseFile(read, io);
  const { cadastralCode, shortName } = await town.read((tx) => ownTown(tx, dayOf(io.now())));
  const scope = { cadastralCode, municipality: shortName, year, levels: LEVELS };
  const at = io.now();
  const planned = await town.write((tx) =>
    planSchoolImport(tx, { read, scope, actor: OPERATOR, at }),
  );
  if (planned.outcome !== "planned") return refuse(io, planned.outcome);
  const { plan, importRunId } = planned;
  for (const site of plan.newSites) io.out(`+ ${site.ministryCode} ${site.name}, ${site.address}`);
  for (const { name: site, fields } of plan.changedSites) {
    io.out(
      `~ ${site}: ${fields.map((one) => `${one.field} "${one.old}" → "${one.new}"`).join(", ")}`,
    );
  }
  io.out(
    `${plan.newSites.length} new schools, ${plan.changedSites.length} changed, ` +
      `${plan.unchangedSites} unchanged; ${plan.newClasses.length} new classes; ` +
      `${plan.outOfScope} rows of others, ${plan.rejected.length} not readable`,
  );
  if (!values.apply) return dryRunOnly(io);
  const applied = await town.write((tx) => applySchools(tx, { importRunId, actor: OPERATOR, at }));
  if (applied.outcome !== "applied") return refuse(io, applied.outcome);
  io.out("Written.");
  return EXIT.ok;
}

async function importPupils(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    from: text,
    site: text,
    year: text,
    errors: text,
    map: { type: "string", multiple: true, default: [] },
    enrol: { type: "string", multiple: true, default: [] },
    apply: flag,
    "remove-missing": flag,
  });
  const [slug, ...files] = positionals;
  if (!slug || files.length === 0) throw new UsageError("import pupils takes a slug and files");
  if (values.from === undefined) throw new UsageError("--from is missing: the day the file is of");
  const effectiveOn = readDay(values.from);
  const year = readYear(values.year, schoolYearOf(effectiveOn));
  const town = await findTown(slug, io);
  if (!town) return EXIT.refused;
  const known = await town.read(async (tx) => ({
    sites: await sites(tx),
    services: (await townCalendar(tx)).services,
    code: (await ownTown(tx, effectiveOn)).cadastralCode,
  }));
  const site = known.sites.find((one) => [one.ministryCode, one.name].includes(values.site ?? ""));
  if (values.site !== undefined && !site) return refuse(io, `there is no school ${values.site}`);
  const unknown = values.enrol.filter((code) => !known.services.some((one) => one.code === code));
  if (unknown.length > 0) return refuse(io, `there is no service ${unknown.join(", ")}`);
  const enrolIn = known.services
    .filter((one) => values.enrol.includes(one.code))
    .map(({ id }) => id);
  const told = values.map.map(readMapping);
  const before = await town.read((tx) => learnedHeadings(tx, site?.id ?? null));
  const read = await readPupilFiles(await uploadsOf(files, io), {
    townCode: known.code,
    reference: dayOf(io.now()),
    learned: withNew(before, told),
  });
  if (read.outcome !== "read") return refuseFile(read, io);
  io.out(`Read ${read.file.pupils.length} pupils, comparing…`);
  const at = io.now();
  const scope = { siteId: site?.id ?? null, effectiveOn, year, enrolIn, decisions: {} };
  const planned = await town.write((tx) =>
    planPupilImport(tx, { read, scope, actor: OPERATOR, at }),
  );
  if (planned.outcome !== "planned") return refuse(io, planned.outcome);
  const { plan, importRunId } = planned;
  for (const line of describePlan(plan)) io.out(line);
  if (values.errors !== undefined) {
    await writeFile(resolve(io.cwd, values.errors), errorFile(plan.rejected, read.file.headings));
  }
  if (!values.apply) return dryRunOnly(io);
  io.out("Writing…");
  const learnt = { siteId: site?.id ?? null, headings: told, recordedAt: at };
  await town.write((tx) => putHeadings(tx, { ...learnt, recordedBy: OPERATOR.name }));
  const confirmMissing = values["remove-missing"] ? plan.missing.map(({ childId }) => childId) : [];
  const applied = await town.write((tx) =>
    applyPupils(tx, { importRunId, confirmMissing, actor: OPERATOR, at }),
  );
  if (applied.outcome !== "applied") return refuse(io, applied.outcome);
  await refreshAfterBulk(await io.database(), rowsWritten(applied.summary));
  io.out(`Written; ${applied.summary.left} pupils left their class.`);
  return EXIT.ok;
}

/** `Cognome alunno=familyName`, `CF bimbo=guardians.pupilCode`, `Menu=none` */
function readMapping(argument: string): LearnedHeading {
  const at = argument.lastIndexOf("=");
  const heading = argument.slice(0, at).trim();
  const stated = argument.slice(at + 1).trim();
  const sheet = stated.startsWith("guardians.") ? "guardians" : "pupils";
  const name = stated.replace(/^guardians\./, "").replace(/^familyName$/, "surname");
  const key = headingKey(heading);
  if (at < 1 || key === "" || (name !== "none" && !isMappable(sheet, name)))
    throw new UsageError(`--map ${argument}: write it like "Cognome alunno=familyName"`);
  return { sheet, headingKey: key, heading, column: name === "none" ? null : name };
}

/** The first of each kind, then the totals. Names only: codes and contacts stay out of terminals and logs. */
function describePlan(plan: PupilPlan): string[] {
  const few = <Row>(rows: readonly Row[], line: (row: Row) => string): string[] => [
    ...rows.slice(0, SHOWN).map(line),
    ...(rows.length > SHOWN ? [`  … and ${rows.length - SHOWN} more`] : []),
  ];
  return [
    ...few(plan.newPupils, (row) => `+ ${row.name}, ${row.className}`),
    ...few(
      plan.changed,
      (row) => `~ ${row.name}: ${row.fields.map((one) => one.field).join(", ")}`,
    ),
    ...few(plan.moved, (row) => `> ${row.name}: ${row.from ?? "no class"} → ${row.to}`),
    ...few(plan.missing, (row) => `- ${row.name}, ${row.className}: not in the file`),
    ...few(plan.ambiguous, (row) => `? line ${row.line}, ${row.name}: ${row.reason}`),
    ...few(plan.rejected, (row) => `! line ${row.line}: ${row.reason}`),
    ...few(plan.warnings, (row) => `* line ${row.line}: ${row.reason}`),
    `${plan.newPupils.length} new, ${plan.changed.length} changed, ${plan.moved.length} moved, ` +
      `${plan.missing.length} missing, ${plan.ambiguous.length} ambiguous, ` +
      `${plan.rejected.length} rejected, ${plan.unchanged} unchanged; ` +
      `${plan.newAdults.length} new guardians, ${plan.newEnrolments} enrolments`,
  ];
}

async function findTown(slug: string, io: CommandIo): Promise<TenantDb | undefined> {
  const db = await io.database();
  const tenant = await db.platform((tx) => tenantBySlug(tx, slug));
  if (!tenant) io.err(`There is no town ${slug}: campanella tenant list shows them all`);
  return tenant && db.forTenant(tenant.id);
}

const ownTown = async (tx: ReadTx, date: Day) => (await settingsOn(tx, date)).town("town");

function uploadsOf(files: readonly string[], io: CommandIo) {
  return Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(resolve(io.cwd, file)).catch((error: Error) => {
        throw new UsageError(`${file} cannot be read: ${error.message}`);
      });
      return { name: basename(file), bytes };
    }),
  );
}

function readDay(day: string): Day {
  try {
    return Temporal.PlainDate.from(day);
  } catch {
    throw new UsageError(`--from ${day}: write a day like 2026-09-14`);
  }
}

function refuseFile(
  file: { fileName: string } & (
    | { outcome: "unreadable"; fault: string; line: number | null }
    | { outcome: "columns-not-found" }
  ),
  io: CommandIo,
): number {
  if (file.outcome === "columns-not-found") {
    const hint = 'say what its headings mean with --map "<heading>=<column>"';
    return refuse(io, `${file.fileName}: no row of headings was recognised; ${hint}`);
  }
  const where = file.line === null ? "" : `, line ${file.line}`;
  return refuse(io, `${file.fileName}${where}: ${file.fault}`);
}

function refuse(io: CommandIo, why: string): number {
  io.err(`Nothing was written: ${why}`);
  return EXIT.refused;
}

function dryRunOnly(io: CommandIo): number {
  io.out("Nothing was written: this was the dry run, --apply writes.");
  return EXIT.ok;
}
