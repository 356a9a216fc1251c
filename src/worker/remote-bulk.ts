// SPDX-License-Identifier: EUPL-1.2
/** A month's bills by the file: ten thousand calls to GPD are ten. */
import type { TenantDb } from "#kernel/db/index.ts";
import {
  brokersOf,
  bulkCall,
  claimForFile,
  filesToRead,
  keepUpload,
  recordFile,
  recordRemote,
  type RemoteWork,
} from "#payments";
import type { PagopaAccess } from "../integrations/pagopa/call-service.ts";
import { askGpd } from "../integrations/pagopa/gpd/gpd.ts";
import { readFileInGpd, sendFileToGpd } from "../integrations/pagopa/gpd/gpd-upload.ts";
import type { App } from "../surfaces/web/app.ts";
import { debtOf, optionOf } from "./remote-debts.ts";

type BulkApp = Pick<App, "clock">;

/**
 * Sends what waits in files, if there is enough of it. `null`: there is not. `left`: claimed with them, to be told one by
 * one; `sent`: how many positions GPD took in.
 */
export async function sendFiles(
  app: BulkApp,
  town: TenantDb,
  access: PagopaAccess,
): Promise<{ sent: number; left: RemoteWork[] } | null> {
  const now = app.clock.now();
  const { works, brokers } = await town.write(async (tx) => {
    const claimed = await claimForFile(tx, now);
    return { works: claimed, brokers: await brokersOf(tx, claimed) };
  });
  if (works.length === 0) return null;
  const fileOf = (work: RemoteWork): string =>
    bulkCall(work) && brokers.has(work)
      ? [work.notices[0]!.creditorFiscalCode, brokers.get(work), isNew(work)].join(" ")
      : "";
  const files = Map.groupBy(works, fileOf);
  const left = files.get("") ?? [];
  files.delete("");
  let sent = 0;
  for (const ofFile of files.values())
    // house-allow query-in-loop: one for each creditor and each way to send
    sent += await sendOne(app, town, access, {
      works: ofFile,
      brokerCode: brokers.get(ofFile[0]!)!,
    });
  return { sent, left };
}

const isNew = ({ notices }: RemoteWork): boolean => notices.every(({ told }) => told === "nothing");

async function sendOne(
  app: BulkApp,
  town: TenantDb,
  access: PagopaAccess,
  { works, brokerCode }: { works: readonly RemoteWork[]; brokerCode: string },
): Promise<number> {
  const [first] = works as [RemoteWork];
  const { creditorFiscalCode } = first.notices[0]!;
  const now = app.clock.now();
  const debts = works.map((work) => ({
    ...debtOf(work, now),
    notices: bulkCall(work)!.notices.map((notice) => optionOf(notice, now)),
  }));
  const key = { brokerCode, creditorFiscalCode };
  const answer = await sendFileToGpd(access, { ...key, debts, isNew: isNew(first) });
  const byKey = new Map(works.map((work, index) => [debts[index]!.iupd, work]));
  await town.write(async (tx) => {
    const at = app.clock.now();
    if (answer.outcome === "accepted")
      return keepUpload(tx, { ...key, fileId: answer.fileId, works: byKey, now: at });
    // Nobody knows whether it arrived, or it was refused as a whole: each is told by itself.
    const result = { done: [], problem: answer.problem, remoteState: null };
    // house-allow query-in-loop: the rare case
    for (const work of works) await recordRemote(tx, { work, result, now: at });
  });
  return answer.outcome === "accepted" ? works.length : 0;
}

/** Asks what became of the files that were sent. Returns how many positions were settled, for good or for a try alone. */
export async function readFiles(
  app: BulkApp,
  town: TenantDb,
  accessOf: () => Promise<PagopaAccess | undefined>,
): Promise<number> {
  const files = await town.write((tx) => filesToRead(tx, app.clock.now()));
  const access = files.length > 0 ? await accessOf() : undefined;
  if (!access) return 0;
  let read = 0;
  for (const upload of files) {
    const { creditorFiscalCode } = upload;
    const answer = await readFileInGpd(access, upload);
    const isOver = Temporal.Instant.compare(app.clock.now(), upload.lookUntil) >= 0;
    if (answer.outcome !== "done" && !isOver) continue;
    const results =
      answer.outcome === "done"
        ? await published(access, creditorFiscalCode, answer.results)
        : null;
    // house-allow query-in-loop: one short transaction per file, none open while waiting for pagoPA
    await town.write((tx) => recordFile(tx, { upload, results, now: app.clock.now() }));
    read += Object.keys(upload.positions).length;
  }
  return read;
}

/** GPD publishes what it makes of a file. Should it ever not, the first one tells, and each is published by itself. */
async function published(
  access: PagopaAccess,
  creditorFiscalCode: string,
  results: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const taken = [...results].find(([, problem]) => problem === "")?.[0];
  if (taken === undefined) return results;
  const found = await askGpd({ ...access, version: "v1" }, { iupd: taken, creditorFiscalCode });
  if (found.outcome !== "found" || found.position.status !== "DRAFT") return results;
  return new Map([...results].map(([key, problem]) => [key, problem || "DRAFT"]));
}
