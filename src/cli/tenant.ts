// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { classes, sites } from "#calendar";
import { type Day, dayOf, schoolYearOf } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { settlePurpose } from "#kernel/installation.ts";
import {
  appliedDocument,
  createTenant,
  datedSettings,
  problemText,
  type Profile,
  profileVersions,
  type Tenant,
  tenantBySlug,
  tenants,
} from "#tenancy";
import { applyTown, planTown, readProfile, type TownProfile } from "./apply-profile.ts";
import { isDemoInstallation } from "../demo/installation.ts";
import { type Command, type CommandIo, EXIT, readArgs, readYear, UsageError } from "./command.ts";

const OPERATOR = "campanella tenant";
const DEMO_LIVES_HERE = [
  "this database holds the demo, where anybody can be anybody: a real town does not belong here. Nothing was written",
  "give the town a folder of its own (CAMPANELLA_DATA=./town) or a PostgreSQL (DATABASE_URL=…), and set CAMPANELLA_DEMO=0 for this command and for npm start",
  "or end the program, delete the demo's folder and begin again; --demo enters one more invented town",
];

export const tenantCommand: Command = {
  name: "tenant",
  summary: "create a town from a profile, apply a profile, list and show towns",
  usage: `campanella tenant: the towns of this installation and what they chose

  campanella tenant create <profile.yaml> [--slug <slug>] [--host <name>]... [--year 2026] [--demo] [--dry-run]
      Enters a town and applies its profile. The slug is the profile's own unless given;
      the town answers at <slug>.localhost and at each --host.

  campanella tenant apply <slug> <profile.yaml> [--year 2026] [--dry-run]
      Applies a profile to a town for a school year. --dry-run shows the difference and writes nothing.
      The same profile twice changes nothing. Settings count from their day on; the past stays.

  campanella tenant list
  campanella tenant show <slug> [--date 2026-11-24]
  campanella tenant show <slug> --profile
      What the town chose, as of a day; --profile prints the file applied last, word for word.

Options
  --year   the year the school year starts in (default: the current school year)
  --demo   marks the town as a demo: no real family data. Where the demo lives only such towns are taken

Signs in the difference: + added, ~ changed, - removed, = kept as the office set it.
Exit codes: 0 done (or nothing to do), 1 refused, 2 wrong call.`,
  async run(args, io) {
    const [verb, ...rest] = args;
    switch (verb) {
      case "create":
        return create(rest, io);
      case "apply":
        return apply(rest, io);
      case "list":
        return list(rest, io);
      case "show":
        return show(rest, io);
      default:
        throw new UsageError(
          verb ? `unknown: tenant ${verb}` : "say what to do: create, apply, list or show",
        );
    }
  },
};

const year = { type: "string" } as const;
const dryRun = { type: "boolean", default: false } as const;

async function create(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    year,
    "dry-run": dryRun,
    slug: { type: "string" },
    host: { type: "string", multiple: true, default: [] },
    demo: { type: "boolean", default: false },
  });
  const [file, ...extra] = positionals;
  if (!file || extra.length > 0) throw new UsageError("tenant create takes one profile file");
  const schoolYear = readYear(values.year, schoolYearOf(dayOf(io.now())));
  const db = await io.database();
  if (!values.demo && (await isDemoInstallation(db))) return refuse(io, DEMO_LIVES_HERE);
  const town = await readTown(file, schoolYear, io);
  if (!town) return EXIT.refused;
  const slug = values.slug ?? town.profile.profile;
  if (values["dry-run"]) {
    const taken = await db.platform((tx) => tenantBySlug(tx, slug));
    if (taken) return refuse(io, [`the slug ${slug} belongs to ${taken.name}`]);
    return planOnly(db, newId(), town, io);
  }
  const created = await createTenant((work) => db.platform(work), {
    id: newId(),
    slug,
    name: town.profile.town.name,
    demo: values.demo,
    hosts: values.host,
    now: io.now(),
  });
  switch (created.outcome) {
    case "bad-slug":
      throw new UsageError(`--slug ${slug}: only lower-case letters, digits and hyphens, 2 to 40`);
    case "slug-taken":
      return refuse(io, [`the slug ${slug} belongs to ${created.tenant.name}: use tenant apply`]);
    case "hosts-taken":
      return refuse(
        io,
        created.hosts.map((host) => `${host} leads to another town`),
      );
    case "created":
      // From now on nothing here takes it for a demo.
      if (!values.demo) await settlePurpose(db, { purpose: "real", changes: false, now: io.now() });
      io.out(`Created ${created.tenant.name} (${slug}): ${created.tenant.hosts.join(", ")}`);
      return applyTo(db, created.tenant, town, io);
  }
}

async function apply(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { year, "dry-run": dryRun });
  const [slug, file, ...extra] = positionals;
  if (!slug || !file || extra.length > 0) {
    throw new UsageError("tenant apply takes a slug and a profile file");
  }
  const schoolYear = readYear(values.year, schoolYearOf(dayOf(io.now())));
  const db = await io.database();
  const tenant = await findTenant(db, slug, io);
  const town = tenant && (await readTown(file, schoolYear, io));
  if (!town) return EXIT.refused;
  return values["dry-run"] ? planOnly(db, tenant.id, town, io) : applyTo(db, tenant, town, io);
}

async function list(args: readonly string[], io: CommandIo): Promise<number> {
  readArgs(args, {});
  const db = await io.database();
  const found = await db.platform(tenants);
  if (found.length === 0) io.out("No towns yet: campanella tenant create <profile.yaml>");
  for (const { slug, name, demo, hosts } of found) {
    io.out(`${slug.padEnd(24)} ${name}${demo ? " (demo)" : ""}  ${hosts.join(", ")}`);
  }
  return EXIT.ok;
}

async function show(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    date: { type: "string" },
    profile: { type: "boolean", default: false },
  });
  const [slug, ...extra] = positionals;
  if (!slug || extra.length > 0) throw new UsageError("tenant show takes one slug");
  const date = values.date === undefined ? dayOf(io.now()) : readDate(values.date);
  const db = await io.database();
  const tenant = await findTenant(db, slug, io);
  if (!tenant) return EXIT.refused;
  if (values.profile) {
    const document = await db.forTenant(tenant.id).read(appliedDocument);
    if (document === undefined) return refuse(io, [`no profile was applied to ${slug} yet`]);
    io.out(document.trimEnd());
    return EXIT.ok;
  }
  for (const line of await describe(db, tenant, date)) io.out(line);
  return EXIT.ok;
}

function readDate(text: string): Day {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    throw new UsageError(`--date ${text}: write a day like 2026-11-24`);
  }
}

function describe(db: Database, tenant: Tenant, date: Day): Promise<string[]> {
  return db.forTenant(tenant.id).read(async (tx) => {
    const settings = await datedSettings(tx);
    const [last] = await profileVersions(tx);
    const places = await sites(tx);
    const groups = await classes(tx, schoolYearOf(date));
    const lines = [
      `${tenant.name} (${tenant.slug})${tenant.demo ? ", demo" : ""}: ${tenant.hosts.join(", ")}`,
      last
        ? `Profile ${last.profile}, version ${last.version} for ${last.schoolYear}, applied ${last.appliedAt} by ${last.appliedBy}`
        : "No profile applied",
      `${places.length} schools, ${groups.length} classes in ${schoolYearOf(date)}`,
    ];
    for (const code of settings.services(date)) {
      const payment = settings.service(code, "payment", date);
      const attendance = settings.maybeService(code, "attendance", date)?.mode ?? "-";
      const cutoff = settings.maybeService(code, "cutoffs", date)?.portal.time ?? "-";
      const parts = [
        payment.model,
        payment.accountScope,
        `attendance ${attendance}`,
        `cut-off ${cutoff}`,
      ];
      lines.push(`  ${code.padEnd(16)} ${parts.join(", ")}`);
    }
    return lines;
  });
}

async function findTenant(db: Database, slug: string, io: CommandIo): Promise<Tenant | undefined> {
  const tenant = await db.platform((tx) => tenantBySlug(tx, slug));
  if (!tenant) io.err(`There is no town ${slug}: campanella tenant list shows them all`);
  return tenant;
}

/** Reads and checks the file; problems go to the operator with their lines. */
async function readTown(
  file: string,
  schoolYear: number,
  io: CommandIo,
): Promise<TownProfile | undefined> {
  const name = basename(file);
  let document: string;
  try {
    document = await readFile(resolve(io.cwd, file), "utf8");
  } catch {
    io.err(`Cannot read ${file}`);
    return undefined;
  }
  const read = readProfile(document, name);
  for (const warning of read.warnings) io.err(`warning: ${problemText(name, warning)}`);
  if ("errors" in read) {
    for (const error of read.errors) io.err(`error: ${problemText(name, error)}`);
    return undefined;
  }
  const { profile } = read;
  const assumed = countAssumed(profile);
  if (assumed > 0)
    io.err(`note: ${assumed} values of ${name} are assumed and want the town's confirmation`);
  return { profile, document, year: schoolYear };
}

function countAssumed(profile: Profile): number {
  const tariffs = Object.values(profile.services).flatMap((service) => service.tariffs);
  return (
    profile.assumed.length +
    [...profile.schools, ...tariffs].filter((entry) => entry.assumed).length
  );
}

async function planOnly(
  db: Database,
  tenantId: string,
  town: TownProfile,
  io: CommandIo,
): Promise<number> {
  const plan = await db.forTenant(tenantId).read((tx) => planTown(tx, town));
  if (plan.outcome === "refused") return refuse(io, plan.reasons);
  for (const line of plan.lines) io.out(line);
  io.out(
    plan.lines.length > 0
      ? `Dry run: ${plan.lines.length} changes for ${town.year}, nothing was written`
      : `Dry run: nothing to change for ${town.year}`,
  );
  return EXIT.ok;
}

async function applyTo(
  db: Database,
  tenant: Tenant,
  town: TownProfile,
  io: CommandIo,
): Promise<number> {
  const done = await applyTown(db.forTenant(tenant.id), {
    ...town,
    appliedBy: OPERATOR,
    now: io.now(),
  });
  switch (done.outcome) {
    case "refused":
      return refuse(io, done.reasons);
    case "unchanged":
      io.out(`Nothing to change for ${town.year}`);
      return EXIT.ok;
    case "applied":
      for (const line of done.lines) io.out(line);
      io.out(`Applied ${town.profile.profile} for ${town.year}: ${done.lines.length} changes`);
      return EXIT.ok;
  }
}

function refuse(io: CommandIo, reasons: readonly string[]): number {
  for (const reason of reasons) io.err(`refused: ${reason}`);
  return EXIT.refused;
}
