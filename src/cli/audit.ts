// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ExportedHead, logHeads, SEALED_LOGS, type VerifiedLog, verifyLog } from "#identity";
import { systemClock } from "#kernel/clock.ts";
import { moment } from "#kernel/dates.ts";
import { type Tenant, tenants } from "#tenancy";
import { z } from "zod";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findTown, RefusedError } from "./find-town.ts";

export const auditCommand: Command = {
  name: "audit",
  summary: "verify that nobody changed the logs of who did what",
  usage: `campanella audit: logs that nobody changes unseen

  campanella audit verify [--tenant <slug>] [--heads <file>]...
      Recomputes every seal over the audit trail and the security events, town by town (default: all), and names the
      first batch whose rows were changed, taken out or slipped in. With --heads the newest seals must also be those
      that were written down: the files <data>/seals/<day>.jsonl, or better, copies of them kept on another machine.
      Rows of the last quarter of an hour are not sealed yet.

  campanella audit heads [--tenant <slug>]
      Prints the newest seal of each log, in the form of those files.

Exit codes: 0 whole, 1 something was changed, 2 wrong call.`,
  async run(args, io) {
    const [verb, ...rest] = args;
    const { values, positionals } = readArgs(rest, {
      tenant: { type: "string" },
      heads: { type: "string", multiple: true, default: [] },
    });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    if (verb === "verify") return verify(io, { slug: values.tenant, files: values.heads });
    if (verb === "heads") return heads(io, values.tenant);
    throw new UsageError(verb ? `unknown: audit ${verb}` : "say: audit verify, or audit heads");
  },
};

async function townsOf(io: CommandIo, slug: string | undefined): Promise<Tenant[]> {
  const db = await io.database();
  return slug ? [await findTown(db, slug)] : db.platform((tx) => tenants(tx));
}

const line = z.object({
  town: z.string(),
  log: z.enum(SEALED_LOGS),
  number: z.int().min(1),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  sealedAt: z.iso.datetime().transform(moment).optional(),
});

/** `<town>/<log>` → number → head */
async function readHeads(io: CommandIo, files: readonly string[]) {
  const kept = new Map<string, Map<bigint, ExportedHead>>();
  for (const file of files) {
    const text = await readFile(resolve(io.cwd, file), "utf8").catch(() => {
      throw new RefusedError(`cannot read ${file}`);
    });
    for (const [index, one] of text.split("\n").entries()) {
      if (one.trim() === "") continue;
      const read = line.safeParse(jsonOf(one));
      if (!read.success) throw new RefusedError(`${file}, line ${index + 1}: not a head`);
      const { town, log, number, ...head } = read.data;
      const key = `${town}/${log}`;
      kept.set(key, (kept.get(key) ?? new Map<bigint, ExportedHead>()).set(BigInt(number), head));
    }
  }
  return kept;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function verify(
  io: CommandIo,
  of: { slug: string | undefined; files: readonly string[] },
): Promise<number> {
  const db = await io.database();
  const kept = await readHeads(io, of.files);
  let broken = 0;
  for (const { id, slug } of await townsOf(io, of.slug)) {
    const town = db.forTenant(id);
    for (const log of SEALED_LOGS) {
      const exported = kept.get(`${slug}/${log}`);
      const wallNow = systemClock.now();
      const found = await verifyLog(town, { log, wallNow, ...(exported ? { exported } : {}) });
      if (found.outcome === "broken") broken += 1;
      io.out(`${slug} ${log}: ${wordsOf(found)}`);
    }
  }
  io.out(broken === 0 ? "Whole" : `${broken} logs were changed`);
  return broken === 0 ? EXIT.ok : EXIT.refused;
}

const FAULTS = {
  changed: "its rows are not those that were sealed",
  chain: "it does not follow the seal before it",
  "exported-head": "it is not the one that was written down",
  "gone-early": "its rows were taken away before their time was over",
} as const;

const wordsOf = (found: VerifiedLog): string =>
  found.outcome === "whole"
    ? `${found.rows} rows under ${found.seals} seals, whole${found.gone > 0 ? `; ${found.gone} more have served their time` : ""}`
    : `seal ${found.number}: ${FAULTS[found.fault]}`;

async function heads(io: CommandIo, slug: string | undefined): Promise<number> {
  const db = await io.database();
  for (const { id, slug: town } of await townsOf(io, slug)) {
    const newest = await db.forTenant(id).read((tx) => logHeads(tx));
    for (const { log, number, head, sealedAt } of newest)
      io.out(
        JSON.stringify({ town, log, number: Number(number), head, sealedAt: String(sealedAt) }),
      );
  }
  return EXIT.ok;
}
