// SPDX-License-Identifier: EUPL-1.2
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { townCalendar } from "#calendar";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { dayOf } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { printArchives, printRun, type PrintRun, startPrintRun } from "#payments";
import {
  choosePapers,
  type PrintChoice,
  printChoiceText,
  printTitle,
} from "../surfaces/office/print-notices/choose-papers.ts";
import {
  openPrintArchive,
  openPrintFile,
  type PrintFile,
} from "../surfaces/office/print-notices/print-file.ts";
import { makePrintFiles } from "../worker/print-runs.ts";
import { readEnvironment } from "../environment.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findService, findSite, findTown, RefusedError, required } from "./find-town.ts";

const OPERATOR: Actor = {
  ...systemActor,
  role: "administrator",
  id: "cli",
  name: "campanella notices",
};
/** Another process may be at work on the run: so often we look how far it is. */
const LOOK_EVERY_MS = 1000;
const SAY_EVERY_PAPERS = 1000;

export const noticesCommand: Command = {
  name: "notices",
  summary: "print the unpaid notices of a town into one PDF",
  usage: `campanella notices: payment notices on paper

  campanella notices print --tenant <slug> --out avvisi.pdf [--service <code>] [--month 2026-10]
                           [--site <school>] [--without-email] [--order class|address] [--letters] [--duplex]
                           [--archive avvisi.zip]
      Writes every notice that can still be paid into one PDF, sorted by school, class and surname, or by postal
      address. Notices with a payment under way are left out. The run is listed in the office's pages as well.

Options
  --month          only notices issued in that month
  --site           a school's ministry code or name; default: all of them
  --without-email  only families whose e-mail is not known
  --letters        each notice behind the municipality's letter
  --duplex         printed on both sides: each notice starts on a sheet of its own
  --archive        each notice as a PDF of its own, too, in a ZIP archive; of more than 10,000 notices, or 2 GiB, in
                   several: avvisi-1.zip, avvisi-2.zip …

Exit codes: 0 written, 1 refused or nothing to print, 2 wrong call.`,
  async run(args, io) {
    const [verb, ...rest] = args;
    if (verb !== "print")
      throw new UsageError(verb ? `unknown: notices ${verb}` : "say what to do: print");
    const { values, positionals } = readArgs(rest, {
      tenant: { type: "string" },
      out: { type: "string" },
      service: { type: "string" },
      month: { type: "string" },
      site: { type: "string" },
      order: { type: "string", default: "class" },
      "without-email": { type: "boolean", default: false },
      letters: { type: "boolean", default: false },
      duplex: { type: "boolean", default: false },
      archive: { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    const slug = required(values.tenant, "--tenant");
    const out = resolve(io.cwd, required(values.out, "--out"));
    const order = ORDERS[values.order];
    if (!order) throw new UsageError(`--order ${values.order}: class or address`);
    const month = values.month === undefined ? null : readMonth(values.month);
    const db = await io.database();
    const { id } = await findTown(db, slug);
    const town = db.forTenant(id);
    const calendar = await town.read(townCalendar);
    const choice: PrintChoice = {
      serviceId: values.service === undefined ? "" : findService(calendar, values.service).id,
      siteId: values.site === undefined ? "" : findSite(calendar, values.site).id,
      month,
      order,
      withoutEmail: values["without-email"],
      withLetter: values.letters,
      duplex: values.duplex,
      withSingles: values.archive !== undefined,
    };
    const run = await begin(town, choice, io);
    io.out(`${run.title}: ${run.papers} notices`);
    const ready = await finish(town, run.id, io);
    await write(out, await openPrintFile(town, ready));
    report(ready, out, io);
    if (values.archive !== undefined) {
      const name = resolve(io.cwd, values.archive);
      const archives = await town.read((tx) => printArchives(tx, run.id));
      for (const archive of archives.keys())
        await write(
          archiveName(name, archive + 1, archives.length),
          await openPrintArchive(town, ready, { archive: archive + 1 }),
        );
      io.out(
        archives.length > 1
          ? `${archiveName(name, 1, archives.length)} and ${archives.length - 1} more: ${ready.printed} notices, each by itself`
          : `${name}: ${ready.printed} notices, each by itself`,
      );
    }
    return EXIT.ok;
  },
};

const ORDERS: Readonly<Record<string, PrintChoice["order"]>> = {
  class: "classe",
  address: "indirizzo",
};

/** `avvisi.zip`, or `avvisi-2.zip` where there are several. */
export const archiveName = (name: string, archive: number, archives: number): string =>
  archives > 1 ? name.replace(/(\.[^.]*)?$/, `-${archive}$1`) : name;

function readMonth(text: string): NonNullable<PrintChoice["month"]> {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text))
    throw new UsageError(`--month ${text}: write a month like 2026-10`);
  return Temporal.PlainDate.from(`${text}-01`);
}

async function begin(town: TenantDb, choice: PrintChoice, io: CommandIo): Promise<PrintRun> {
  const key = newId();
  const now = io.now();
  const begun = await town.write(async (tx) => {
    const { papers } = await choosePapers(tx, { choice, today: dayOf(now), now });
    const started = await startPrintRun(tx, {
      actor: OPERATOR,
      key,
      title: printTitle(choice, await townCalendar(tx)),
      choice: printChoiceText(choice),
      duplex: choice.duplex,
      withLetter: choice.withLetter,
      withSingles: choice.withSingles,
      papers,
      now,
    });
    return "runId" in started ? printRun(tx, started.runId) : undefined;
  });
  if (begun) return begun;
  throw new RefusedError("no notice to print with this choice");
}

/** Works on the run, or waits for the process that does. */
async function finish(town: TenantDb, runId: string, io: CommandIo): Promise<PrintRun> {
  const { pagoPa } = readEnvironment(process.env, io.cwd);
  const app = { clock: { now: () => io.now() }, pagoPa };
  let failure: unknown = null;
  let said = 0;
  const look = async (): Promise<PrintRun> => {
    const run = await town.read((tx) => printRun(tx, runId));
    if (!run) throw new Error("the print run is gone");
    if (run.printed >= said + SAY_EVERY_PAPERS) {
      said = run.printed;
      io.out(`  ${run.printed} of ${run.papers}`);
    }
    return run;
  };
  for (;;) {
    await makePrintFiles(app, town, {
      isStopping: () => false,
      onError: (_, error) => (failure = error),
      onPart: () => void look().catch(() => undefined),
    });
    const run = await look();
    if (run.state !== "preparing") return run;
    if (failure !== null) throw failure;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Whole or not at all. @throws RefusedError */
async function write(out: string, file: PrintFile | null): Promise<void> {
  if (!file) throw new RefusedError("nothing was left to print: all paid or cancelled meanwhile");
  const unfinished = `${out}.part`;
  try {
    await pipeline(
      Readable.from(file.chunks, { objectMode: false }),
      createWriteStream(unfinished),
    );
    await rename(unfinished, out);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    throw new RefusedError(`${out} cannot be written (${code})`);
  }
}

function report(run: PrintRun, out: string, io: CommandIo): void {
  const { printed, leftOut, faulty, pages } = run;
  io.out(`${out}: ${printed} notices, ${pages} pages`);
  if (leftOut > 0) io.out(`${leftOut} left out: paid, cancelled or being paid meanwhile`);
  if (faulty > 0) io.err(`${faulty} not printable: their data fit no notice (see the run's list)`);
}
