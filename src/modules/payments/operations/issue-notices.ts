// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { debtors } from "#families";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { iuvOf, noticeNumberOf } from "../rules/notice-number.ts";
import {
  type PlanFault,
  type PlannedNotice,
  planNotices,
  type PositionDraft,
  withRemittance,
} from "../rules/plan-notices.ts";
import type { RemoteChannel } from "../rules/remote-sync.ts";
import * as notices from "../sql/notices.ts";
import { planRemotePositions } from "../sql/remote-sync.ts";
import { type Station, takeNumbers } from "../sql/stations.ts";
import { collectingFor, type Missing } from "./beneficiaries.ts";

/** pagoPA's name for a debtor without a codice fiscale: nobody is trapped for lack of one (BO-04). */
const ANONYMOUS = "ANONIMO";

export interface IssuedPosition {
  key: string;
  positionId: string;
  /** the whole first, then the instalments */
  notices: notices.Notice[];
}

export type IssuedNotices =
  | { outcome: "issued"; positions: IssuedPosition[] }
  /** a key was used before for something else: nothing was issued (409) */
  | { outcome: "key-reused"; keys: string[] }
  | { outcome: "refused"; key: string; fault: PlanFault }
  | { outcome: "not-configured"; missing: Missing };

/**
 * Issues debt positions with their notices: all or none, in a handful of statements whatever their number. The same
 * key with the same content answers with what it made the first time.
 */
export async function issueNotices(
  tx: WriteTx,
  of: { drafts: readonly PositionDraft[]; by: string; now: Moment },
): Promise<IssuedNotices> {
  const { drafts, now } = of;
  if (drafts.length === 0) return { outcome: "issued", positions: [] };
  const hashes = new Map(drafts.map((draft) => [draft.key, hashOf(draft)]));
  const standing = await notices.positionsByKey(tx, [...hashes.keys()]);
  const reused = standing.filter(({ key, inputHash }) => hashes.get(key) !== inputHash);
  if (reused.length > 0) return { outcome: "key-reused", keys: reused.map(({ key }) => key) };
  const known = new Set(standing.map(({ key }) => key));
  const fresh = drafts.filter(({ key }) => !known.has(key));
  const knownBefore = standing.length;
  const made = await issueFresh(tx, { drafts: fresh, hashes, knownBefore, by: of.by, now });
  if (made.outcome === "overtaken") return issueNotices(tx, of);
  if (made.outcome !== "issued") return made;
  return { outcome: "issued", positions: await readIssued(tx, [...standing, ...made.positions]) };
}

async function issueFresh(
  tx: WriteTx,
  of: {
    drafts: readonly PositionDraft[];
    hashes: ReadonlyMap<string, string>;
    knownBefore: number;
    by: string;
    now: Moment;
  },
): Promise<
  | { outcome: "issued"; positions: notices.PositionRow[] }
  /** somebody issued the same keys meanwhile: ask again */
  | { outcome: "overtaken" }
  | Exclude<IssuedNotices, { outcome: "issued" }>
> {
  const { drafts, hashes, knownBefore, now } = of;
  if (drafts.length === 0) return { outcome: "issued", positions: [] };
  const serviceIds = drafts.flatMap(({ lines }) => lines.map(({ serviceId }) => serviceId));
  const collecting = await collectingFor(tx, { serviceIds, date: dayOf(now) });
  if (collecting.outcome !== "ready") return collecting;
  const planned: { draft: PositionDraft; notices: PlannedNotice[] }[] = [];
  for (const draft of drafts) {
    const plan = planNotices(draft, collecting.beneficiaryOf);
    if (plan.outcome === "refused") return { ...plan, key: draft.key };
    planned.push({ draft, notices: plan.notices });
  }
  const { creditorFiscalCode, segregationCode } = collecting.station;
  const count = planned.reduce((sum, plan) => sum + plan.notices.length, 0);
  let sequence = await takeNumbers(tx, { creditorFiscalCode, segregationCode, count });
  // Whoever takes numbers waits for the one before: a second press of the same button sees the first one's here.
  const others = await notices.positionsByKey(tx, [...hashes.keys()]);
  if (others.length > knownBefore) return { outcome: "overtaken" };
  const people = await debtors(tx, [...new Set(drafts.map(({ holderId }) => holderId))]);
  const by = { name: of.by, at: now };
  const rows: Rows = { positions: [], notices: [], lines: [], transfers: [], events: [] };
  for (const plan of planned) {
    const debtor = people.get(plan.draft.holderId);
    if (!debtor) throw new Error(`no account holder ${plan.draft.holderId} in this town`);
    const numbers = plan.notices.map(() => noticeNumberOf(segregationCode, sequence++));
    addRows(rows, {
      ...plan,
      debtor,
      numbers,
      creditorFiscalCode,
      inputHash: hashes.get(plan.draft.key)!,
    });
  }
  await notices.insertPositions(tx, rows.positions, by);
  await notices.insertNotices(tx, rows.notices, by);
  const channel = channelOf(collecting.station);
  await planRemotePositions(tx, { notices: rows.notices, channel, at: now });
  await Promise.all([
    notices.insertLines(tx, rows.lines),
    notices.insertTransfers(tx, rows.transfers),
    notices.insertEvents(tx, rows.events, by),
  ]);
  return { outcome: "issued", positions: rows.positions };
}

/** Beside a synchronous station pagoPA keeps a copy (ACA); for an asynchronous one it answers itself (GPD). */
const channelOf = ({ mode, gpdVersion }: Station): RemoteChannel =>
  mode === "synchronous" ? "aca" : `gpd-${gpdVersion}`;

interface Rows {
  positions: notices.PositionRow[];
  notices: notices.NoticeRow[];
  lines: notices.NoticeLine[];
  transfers: notices.TransferRow[];
  events: { id: string; noticeId: string; kind: "issued" }[];
}

function addRows(
  rows: Rows,
  of: {
    draft: PositionDraft;
    notices: readonly PlannedNotice[];
    debtor: { fullName: string; codiceFiscale: string | null };
    numbers: readonly string[];
    creditorFiscalCode: string;
    inputHash: string;
  },
): void {
  const { draft, debtor, creditorFiscalCode } = of;
  const { kind, holderId, key, payableAfterDue } = draft;
  const subject = draft.subject.trim();
  const positionId = newId();
  rows.positions.push({ id: positionId, kind, holderId, key, inputHash: of.inputHash });
  for (const [index, planned] of of.notices.entries()) {
    const noticeId = newId();
    const noticeNumber = of.numbers[index]!;
    rows.notices.push({
      id: noticeId,
      positionId,
      instalment: planned.instalment,
      holderId,
      creditorFiscalCode,
      noticeNumber,
      debtorFiscalCode: debtor.codiceFiscale ?? ANONYMOUS,
      debtorName: debtor.fullName,
      subject,
      amountCents: planned.amountCents,
      dueOn: planned.dueOn,
      payableAfterDue,
    });
    for (const line of planned.lines)
      rows.lines.push({ ...line, noticeId, billId: line.billId ?? null });
    for (const transfer of planned.transfers)
      rows.transfers.push({ ...withRemittance(transfer, iuvOf(noticeNumber), subject), noticeId });
    rows.events.push({ id: newId(), noticeId, kind: "issued" });
  }
}

async function readIssued(
  tx: ReadTx,
  positions: readonly notices.PositionRow[],
): Promise<IssuedPosition[]> {
  const all = await notices.noticesOfPositions(
    tx,
    positions.map(({ id }) => id),
  );
  const ofPosition = Map.groupBy(all, ({ positionId }) => positionId);
  return positions.map(({ id, key }) => ({
    key,
    positionId: id,
    notices: ofPosition.get(id) ?? [],
  }));
}

const hashOf = (draft: PositionDraft): string =>
  createHash("sha256")
    .update(
      JSON.stringify([
        draft.kind,
        draft.holderId,
        draft.subject,
        // A top-up's last day follows from the day and the button: the same choice again is the same top-up.
        draft.kind === "top-up" ? null : (draft.dueOn?.toString() ?? null),
        draft.lines.map((line) => [
          line.holderId,
          line.childId,
          line.serviceId,
          line.billId ?? null,
          line.amountCents.toString(),
        ]),
        (draft.instalments ?? []).map(({ dueOn, amountCents }) => [
          dueOn.toString(),
          amountCents.toString(),
        ]),
      ]),
    )
    .digest("hex");
