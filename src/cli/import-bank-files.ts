// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { systemActor } from "#kernel/actor.ts";
import { formatEuro } from "#kernel/money.ts";
import { applyBankFile, bankFile, planBankFile, type ShownFile } from "#payments";
import { readBankFile } from "../integrations/opi/read-bank-file.ts";
import { type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findTown } from "./find-town.ts";

const OPERATOR = { ...systemActor, name: "campanella import" };
const SHOWN = 50;

/**
 * `import cash-journal`: cash journals and flows of settlement, each file read, shown and — with `--apply` — registered.
 * A file that cannot be read stops none of the others and makes the exit code 1.
 */
export async function importBankFiles(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, { apply: { type: "boolean", default: false } });
  const [slug, ...files] = positionals;
  if (!slug || files.length === 0)
    throw new UsageError("import cash-journal takes a slug and files");
  const db = await io.database();
  const town = db.forTenant((await findTown(db, slug)).id);
  let code: number = EXIT.ok;
  for (const file of files) {
    const bytes = await readFile(resolve(io.cwd, file)).catch((error: Error) => {
      throw new UsageError(`${file} cannot be read: ${error.message}`);
    });
    const fileName = basename(file);
    const read = readBankFile(bytes);
    const refuse = (why: string): void => {
      io.err(`${fileName}: ${why}`);
      code = EXIT.refused;
    };
    if (read.outcome === "unreadable") {
      refuse(`not readable, ${read.reason}`);
      continue;
    }
    const now = io.now();
    const planned = await town.write((tx) =>
      planBankFile(tx, { file: read.file, fileName, actor: OPERATOR, now }),
    );
    if (planned.outcome !== "planned") {
      refuse(planned.outcome);
      continue;
    }
    const shown = await town.read((tx) => bankFile(tx, planned.uploadId));
    for (const line of shown ? describe(shown) : []) io.out(line);
    if (!values.apply) continue;
    const { uploadId } = planned;
    const applied = await town.write((tx) => applyBankFile(tx, { uploadId, actor: OPERATOR, now }));
    if (applied.outcome === "applied") io.out(`Written: ${applied.added} new.`);
    else refuse(applied.outcome);
  }
  if (!values.apply) io.out("Nothing was written: this was the dry run, --apply writes.");
  return code;
}

/** Causali of pagoPA's transfers name PSPs and flows, no person. */
function describe(shown: ShownFile): string[] {
  const { fileName } = shown.upload;
  if (shown.kind === "settlement-report") {
    const { report } = shown;
    return [
      `${fileName}: flow ${report.flowCode}, ${formatEuro(report.totalCents)}, ${report.paymentCount} payments, ` +
        `${shown.ownCount} of them ours (${formatEuro(shown.ownCents)})${shown.isKnown ? ", known already" : ""}`,
      ...(shown.addsUp ? [] : ["! its payments do not add up to what it states"]),
    ];
  }
  const { journal, movements } = shown;
  const fresh = movements.filter(({ isNew }) => isNew);
  return [
    `${fileName}: journal ${journal.code}, page ${journal.page} of ${journal.pages}`,
    ...fresh
      .slice(0, SHOWN)
      .map(
        (one) =>
          `+ ${one.movedOn.toString()} ${formatEuro(one.amountCents)}: ${one.flowCode ?? "no flow known"}`,
      ),
    ...(fresh.length > SHOWN ? [`  … and ${fresh.length - SHOWN} more`] : []),
    `${movements.length} movements of pagoPA, ${fresh.length} new; ` +
      `${journal.unrelated + journal.others} others left alone`,
  ];
}
