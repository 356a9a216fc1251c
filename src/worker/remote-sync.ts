// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { assertNever } from "#kernel/outcome.ts";
import {
  CLAIM_SECONDS,
  claimRemote,
  dueChannels,
  type PagopaService,
  positionsToRead,
  positionsToWatch,
  recordRead,
  recordRemote,
  recordWatched,
  type RemoteChannel,
  type RemoteResult,
  type RemoteWork,
  serviceKey,
  type ToldNotice,
} from "#payments";
import { closeInAca, putInAca, toAcaRequest } from "../integrations/pagopa/aca/aca.ts";
import type { PagopaAccess } from "../integrations/pagopa/call-service.ts";
import {
  announceInGpd,
  askGpd,
  type GpdAccess,
  markPaidInGpd,
  withdrawFromGpd,
} from "../integrations/pagopa/gpd/gpd.ts";
import type { RemoteAnswer } from "../integrations/pagopa/remote-debt.ts";
import type { App } from "../surfaces/web/app.ts";
import { readFiles, sendFiles } from "./remote-bulk.ts";
import { debtOf, iupdOf, optionOf } from "./remote-debts.ts";
import { type Rounds, startTownRounds } from "./town-rounds.ts";

const LOOK_EVERY_MS = 5000;
/** Positions claimed at once, and how many of them are told side by side. */
const BATCH = 24;
const AT_ONCE = 4;
/** A batch stops beginning requests well before its claim runs out. */
const GIVE_UP_AFTER_MS = (CLAIM_SECONDS * 1000) / 2;
const DEMO_KEY = "demo";
const READ_EVERY_HOURS = 24;
const WATCH_EVERY_MINUTES = 30;
/** How long one town may be told of without a break. */
const TURN_MS = 5000;

type SyncApp = Pick<App, "db" | "clock" | "demo" | "sealKey" | "pagoPa">;
type OnError = (work: string, error: unknown) => void;

/** Keeps ACA and GPD in step with the notices of every town; several processes may run it. Sends nothing without an address. */
export const startRemoteSync = (app: SyncApp, options: { onError: OnError }): Rounds =>
  startTownRounds(app.db, {
    ...options,
    everyMs: LOOK_EVERY_MS,
    work: "pagoPA",
    async oneTown({ id }, isStopping) {
      const town = app.db.forTenant(id);
      // Ten thousand notices are not ten thousand rounds, and the next town does not wait for all of them either.
      const turnEndsAt = performance.now() + TURN_MS;
      const isOver = (): boolean => isStopping() || performance.now() > turnEndsAt;
      await readReports(app, town);
      while ((await syncTown(app, town, isStopping)) > 0 && !isOver());
      await readBack(app, town, isStopping);
      await watchClosed(app, town, isStopping);
    },
  });

/** Tells pagoPA what is due in one town, one batch. Returns how many positions were brought up to date. */
export async function syncTown(
  app: SyncApp,
  town: TenantDb,
  isStopping: () => boolean = () => false,
): Promise<number> {
  const { apiUrl } = app.pagoPa;
  if (apiUrl === null) return 0;
  const now = app.clock.now();
  const due = await town.read((tx) => dueChannels(tx, now));
  const access = await accessOf(app, town, { apiUrl, due });
  const channels = [...access.keys()];
  if (channels.length === 0) return 0;
  const files = access.get("gpd-v1");
  // Many new bills at once: a file first, and what no file can say one by one.
  const inFile = files ? await sendFiles(app, town, files) : null;
  const work =
    inFile?.left ?? (await town.write((tx) => claimRemote(tx, { channels, now, limit: BATCH })));
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  const mayBegin = (): boolean => !isStopping() && performance.now() < giveUpAt;
  const queue = work.values();
  let sent = inFile?.sent ?? 0;
  const oneAfterAnother = async (): Promise<void> => {
    for (const one of queue) {
      const result = await tell(access.get(one.channel)!, one, { now, mayBegin });
      await town.write((tx) => recordRemote(tx, { work: one, result, now: app.clock.now() }));
      if (result.problem === "") sent += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
  return sent;
}

/** Asks for the reports of files that were sent; returns how many positions they brought up to date. */
export async function readReports(app: SyncApp, town: TenantDb): Promise<number> {
  const { apiUrl } = app.pagoPa;
  if (apiUrl === null) return 0;
  return readFiles(app, town, async () =>
    (await accessOf(app, town, { apiUrl, due: ["gpd-v1"] })).get("gpd-v1"),
  );
}

/**
 * Looks, once a day, what became of open positions in GPD: where somebody took one away, it is handed over again. Returns
 * how many were read.
 */
export async function readBack(
  app: SyncApp,
  town: TenantDb,
  isStopping: () => boolean = () => false,
): Promise<number> {
  const now = app.clock.now();
  const before = now.subtract({ hours: READ_EVERY_HOURS });
  const open = await town.read((tx) => positionsToRead(tx, { before, limit: BATCH }));
  let read = 0;
  for await (const { positionId, found } of askAbout(app, town, open, isStopping)) {
    // A draft is there, and nobody can pay it: handed over again, it is published.
    const isGone = found.outcome === "not-there" || found.position.status === "DRAFT";
    const remoteState = found.outcome === "found" ? (found.position.status ?? "") : "";
    // house-allow query-in-loop: one short transaction per answer of pagoPA, none open while waiting for one
    await town.write((tx) => recordRead(tx, { positionId, remoteState, isGone, now }));
    read += 1;
  }
  return read;
}

/** Payable, in GPD's words; a draft is published by whoever works through a file. */
const STANDS: ReadonlySet<string> = new Set(["DRAFT", "PUBLISHED", "VALID", "PARTIALLY_PAID"]);

/**
 * Looks at positions that were closed while something said of them was still on the way, such as a file that got no answer:
 * what appeared after all is taken back again. Returns how many did.
 */
export async function watchClosed(
  app: SyncApp,
  town: TenantDb,
  isStopping: () => boolean = () => false,
): Promise<number> {
  const now = app.clock.now();
  const before = now.subtract({ minutes: WATCH_EVERY_MINUTES });
  const closed = await town.read((tx) => positionsToWatch(tx, { before, limit: BATCH }));
  let appeared = 0;
  for await (const { positionId, noticeNumbers, found } of askAbout(
    app,
    town,
    closed,
    isStopping,
  )) {
    const options =
      found.outcome === "found" && STANDS.has(found.position.status ?? "")
        ? found.position.options
        : [];
    const payable = options
      .filter(({ noticeNumber, isPaid }) => !isPaid && noticeNumbers.includes(noticeNumber))
      .map(({ noticeNumber }) => noticeNumber);
    // house-allow query-in-loop: one short transaction per answer of pagoPA, none open while waiting for one
    await town.write((tx) => recordWatched(tx, { positionId, payable, now }));
    if (payable.length > 0) appeared += 1;
  }
  return appeared;
}

type Answered = Exclude<Awaited<ReturnType<typeof askGpd>>, { outcome: "failed" }>;

/** What GPD says of these positions, one after another; once it is silent, the rest waits for the next round. */
async function* askAbout<
  P extends { positionId: string; channel: RemoteChannel; creditorFiscalCode: string },
>(
  app: SyncApp,
  town: TenantDb,
  positions: readonly P[],
  isStopping: () => boolean,
): AsyncGenerator<P & { found: Answered }> {
  const { apiUrl } = app.pagoPa;
  if (apiUrl === null) return;
  const due = [...new Set(positions.map(({ channel }) => channel))];
  const access = await accessOf(app, town, { apiUrl, due });
  for (const one of positions) {
    const service = access.get(one.channel);
    if (!service || isStopping()) return;
    const gpd = { ...service, version: versionOf(one.channel) };
    const { creditorFiscalCode } = one;
    const found = await askGpd(gpd, { iupd: iupdOf(one.positionId), creditorFiscalCode });
    if (found.outcome === "failed") return;
    yield { ...one, found };
  }
}

const versionOf = (channel: RemoteChannel): "v1" | "v3" => (channel === "gpd-v1" ? "v1" : "v3");

const SERVICE_OF: Readonly<Record<RemoteChannel, PagopaService>> = {
  aca: "aca",
  "gpd-v1": "gpd",
  "gpd-v3": "gpd",
};

/** Of the channels with work to do, those that a key is there for. */
async function accessOf(
  app: SyncApp,
  town: TenantDb,
  of: { apiUrl: string; due: readonly RemoteChannel[] },
): Promise<Map<RemoteChannel, PagopaAccess>> {
  const access = new Map<RemoteChannel, PagopaAccess>();
  if (of.due.length === 0) return access;
  await town.read(async (tx) => {
    for (const channel of of.due) {
      const service = SERVICE_OF[channel];
      // house-allow query-in-loop: at most three channels
      const key = await serviceKey(tx, { service, sealKey: app.sealKey });
      const subscriptionKey = key ?? (app.demo ? DEMO_KEY : null);
      if (subscriptionKey !== null) access.set(channel, { apiUrl: of.apiUrl, subscriptionKey });
    }
  });
  return access;
}

/** The calls of one position in their order; the first that fails ends it until the next attempt. */
async function tell(
  access: PagopaAccess,
  work: RemoteWork,
  of: { now: Moment; mayBegin: () => boolean },
): Promise<RemoteResult> {
  const done: RemoteWork["calls"][number][] = [];
  let remoteState: string | null = null;
  for (const call of work.calls) {
    if (!of.mayBegin()) return { done, problem: "not sent yet", remoteState };
    const answer = await send(access, work, call, of.now);
    if (answer.outcome === "failed") return { done, problem: answer.problem, remoteState };
    remoteState = answer.state ?? remoteState;
    done.push(call);
  }
  return { done, problem: "", remoteState };
}

function send(
  access: PagopaAccess,
  work: RemoteWork,
  call: RemoteWork["calls"][number],
  now: Moment,
): Promise<RemoteAnswer> {
  if (work.channel === "aca") return sendToAca(access, work, call, now);
  const gpd: GpdAccess = { ...access, version: versionOf(work.channel) };
  const debt = debtOf(work, now);
  switch (call.do) {
    case "announce":
      return announceInGpd(
        gpd,
        { ...debt, notices: call.notices.map((notice) => optionOf(notice, now)) },
        {
          isNew: work.notices.every(({ told }) => told === "nothing"),
          dropped: call.dropped.map(({ noticeNumber }) => noticeNumber),
        },
      );
    case "mark-paid":
      return markPaidInGpd(gpd, {
        ...debt,
        noticeNumber: call.notice.noticeNumber,
        paidAt: call.notice.stateAt,
        others: call.others.map(({ noticeNumber }) => noticeNumber),
      });
    case "withdraw":
      return withdrawFromGpd(gpd, debt);
    default:
      return assertNever(call);
  }
}

function sendToAca(
  access: PagopaAccess,
  work: RemoteWork,
  call: RemoteWork["calls"][number],
  now: Moment,
): Promise<RemoteAnswer> {
  const bodyOf = (notice: ToldNotice, close: boolean) =>
    toAcaRequest(debtOf(work, now), optionOf(notice, now), {
      close,
      isAlone: work.notices.length === 1,
    });
  switch (call.do) {
    case "announce":
      return putInAca(access, bodyOf(call.notices[0]!, false));
    case "withdraw":
      return closeInAca(access, bodyOf(call.notices[0]!, true), { wasPaid: call.wasPaid });
    case "mark-paid":
      throw new Error("ACA only knows open and closed");
    default:
      return assertNever(call);
  }
}
