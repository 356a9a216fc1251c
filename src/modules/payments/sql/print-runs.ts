// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { ZipEntry } from "#kernel/zip.ts";

export const PAPER_OUTCOMES = ["waiting", "printed", "left-out", "faulty"] as const;
export type PaperOutcome = (typeof PAPER_OUTCOMES)[number];

export interface PrintRun {
  id: string;
  title: string;
  choice: Record<string, string>;
  duplex: boolean;
  withLetter: boolean;
  /** each notice as a PDF of its own, too */
  withSingles: boolean;
  madeAt: Moment;
  madeBy: string;
  state: "preparing" | "ready" | "discarded";
  papers: number;
  printed: number;
  leftOut: number;
  faulty: number;
  pages: number;
  attempts: number;
  nextAttemptAt: Moment;
  problem: string;
  finishedAt: Moment | null;
  removedAt: Moment | null;
}

export interface PrintPaper {
  paper: number;
  part: number;
  positionId: string;
  heading: string;
  outcome: PaperOutcome;
  firstPage: number | null;
}

/** What of a finished part is known without its bytes. */
export interface PrintPart {
  part: number;
  pages: number;
  length: number;
  shape: { firstObject: number; offsets: number[]; pagesObject: number };
}

/** A part as it is kept. `singles`: its notices as a piece of an archive (`zipPiece`). */
export interface MadePart extends Omit<PrintPart, "length"> {
  bytes: Uint8Array;
  singles: { bytes: Uint8Array; entries: ZipEntry[] } | null;
}

const COLUMNS = sql`r.id, r.title, r.choice, r.duplex, r.with_letter as "withLetter",
  r.with_singles as "withSingles", r.made_at as "madeAt", r.made_by as "madeBy", r.state, r.papers,
  r.printed, r.left_out as "leftOut", r.faulty, r.pages, r.attempts, r.next_attempt_at as "nextAttemptAt", r.problem,
  r.finished_at as "finishedAt", r.removed_at as "removedAt"`;

const IS_DEBT = sql`exists (select from debt_position p
  where p.tenant_id = n.tenant_id and p.id = n.position_id and p.kind <> 'top-up')`;

/** Debts with a notice that is not over, of a service, issued in a span of time. A top-up asks for nothing. */
export async function openPositions(
  tx: ReadTx,
  of: { serviceId: string | null; issuedFrom: Moment | null; issuedBefore: Moment | null },
): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select distinct n.position_id as id from payment_notice n
    where n.tenant_id = ${tx.tenantId} and n.state = 'issued' and ${IS_DEBT}
      and (${of.issuedFrom}::timestamptz is null or n.issued_at >= ${of.issuedFrom}::timestamptz)
      and (${of.issuedBefore}::timestamptz is null or n.issued_at < ${of.issuedBefore}::timestamptz)
      and (${of.serviceId}::uuid is null or exists (select from payment_notice_line l
        where l.tenant_id = n.tenant_id and l.notice_id = n.id and l.service_id = ${of.serviceId}::uuid))`);
  return rows.map(({ id }) => id);
}

/** The months (first days) in which notices that are still open were issued, newest first. */
export async function monthsOfOpenNotices(tx: ReadTx, zone: string): Promise<Day[]> {
  const rows = await tx.rows<{ month: Day }>(sql`
    select distinct date_trunc('month', n.issued_at at time zone ${zone})::date as month from payment_notice n
    where n.tenant_id = ${tx.tenantId} and n.state = 'issued' and ${IS_DEBT} order by 1 desc`);
  return rows.map(({ month }) => month);
}

/** False: that key has a run already. */
export async function insertPrintRun(
  tx: WriteTx,
  run: Pick<
    PrintRun,
    | "id"
    | "title"
    | "choice"
    | "duplex"
    | "withLetter"
    | "withSingles"
    | "madeAt"
    | "madeBy"
    | "papers"
  > & { key: string },
): Promise<boolean> {
  const choice = JSON.stringify(run.choice);
  const inserted = await tx.run(sql`
    insert into print_run (tenant_id, id, idempotency_key, title, choice, duplex, with_letter, with_singles,
      made_at, made_by, papers, next_attempt_at)
    values (${tx.tenantId}, ${run.id}, ${run.key}, ${run.title}, ${choice}::text::jsonb, ${run.duplex},
      ${run.withLetter}, ${run.withSingles}, ${run.madeAt}, ${run.madeBy}, ${run.papers}, ${run.madeAt})
    on conflict do nothing`);
  return inserted === 1;
}

export async function insertPapers(
  tx: WriteTx,
  runId: string,
  rows: readonly Pick<PrintPaper, "paper" | "part" | "positionId" | "heading">[],
): Promise<void> {
  await tx.run(sql`
    insert into print_run_paper (tenant_id, run_id, paper, part, position_id, heading)
    select ${tx.tenantId}, ${runId}, r.paper, r.part, r."positionId", r.heading
    from ${jsonRows(rows)} as r(paper integer, part integer, "positionId" uuid, heading text)`);
}

/** Newest first. */
export function printRuns(tx: ReadTx, limit: number): Promise<PrintRun[]> {
  return tx.rows<PrintRun>(sql`
    select ${COLUMNS} from print_run r where r.tenant_id = ${tx.tenantId}
    order by r.made_at desc, r.id desc limit ${limit}`);
}

export function printRun(tx: ReadTx, id: string): Promise<PrintRun | undefined> {
  return tx.maybe<PrintRun>(sql`
    select ${COLUMNS} from print_run r where r.tenant_id = ${tx.tenantId} and r.id = ${id}`);
}

/** The oldest run that waits and that nobody works on; it is the caller's until `until`. */
export async function claimOldest(
  tx: WriteTx,
  of: { claim: string; now: Moment; until: Moment },
): Promise<PrintRun | undefined> {
  return tx.maybe<PrintRun>(sql`
    update print_run r set claim = ${of.claim}, claimed_until = ${of.until}
    where r.tenant_id = ${tx.tenantId} and r.id = (
      select w.id from print_run w
      where w.tenant_id = ${tx.tenantId} and w.state = 'preparing' and w.next_attempt_at <= ${of.now}
        and (w.claimed_until is null or w.claimed_until < ${of.now})
      order by w.made_at, w.id limit 1 for update skip locked)
    returning ${COLUMNS}`);
}

/** The next part to make: 0 when all are there. */
export async function nextPart(tx: ReadTx, runId: string): Promise<number> {
  const row = await tx.maybe<{ part: number | null }>(sql`
    select min(part) as part from print_run_paper
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and outcome = 'waiting'`);
  return row?.part ?? 0;
}

export function papersOf(tx: ReadTx, of: { runId: string; part?: number }): Promise<PrintPaper[]> {
  return tx.rows<PrintPaper>(sql`
    select paper, part, position_id as "positionId", heading, outcome, first_page as "firstPage"
    from print_run_paper
    where tenant_id = ${tx.tenantId} and run_id = ${of.runId}
      ${of.part === undefined ? sql`` : sql`and part = ${of.part}`}
    order by paper`);
}

/** Without their bytes, in their order; parts without a page are not among them. */
export function partsOf(tx: ReadTx, runId: string): Promise<PrintPart[]> {
  return tx.rows<PrintPart>(sql`
    select part, pages, length, shape from print_run_part
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and pages > 0 order by part`);
}

/** What a part holds: its pages in the whole file, or its notices one by one in the archive. */
export type PartContent = "pages" | "singles";

export async function partBytes(
  tx: ReadTx,
  of: { runId: string; part: number; what: PartContent },
): Promise<Uint8Array | null> {
  const column = of.what === "pages" ? sql`content` : sql`singles`;
  const row = await tx.maybe<{ content: string | null }>(sql`
    select encode(${column}, 'base64') as content from print_run_part
    where tenant_id = ${tx.tenantId} and run_id = ${of.runId} and part = ${of.part}`);
  return row?.content ? new Uint8Array(Buffer.from(row.content, "base64")) : null;
}

/** How much of an archive each part is, in their order. */
export function singlesIn(
  tx: ReadTx,
  runId: string,
): Promise<{ part: number; files: number; bytes: number }[]> {
  return tx.rows(sql`
    select part, jsonb_array_length(entries) as files, octet_length(singles) as bytes from print_run_part
    where tenant_id = ${tx.tenantId} and run_id = ${runId} and singles is not null order by part`);
}

/** The files of these parts, in their order. */
export async function archivedIn(
  tx: ReadTx,
  of: { runId: string; parts: readonly number[] },
): Promise<ZipEntry[]> {
  const rows = await tx.rows<{ entries: ZipEntry[] }>(sql`
    select entries from print_run_part
    where tenant_id = ${tx.tenantId} and run_id = ${of.runId} and part = any(${of.parts}::int[]) order by part`);
  return rows.flatMap(({ entries }) => entries);
}

/** Renews the claim and counts what a part brought. False: somebody else works on the run, or it was discarded. */
export async function countPart(
  tx: WriteTx,
  of: {
    runId: string;
    claim: string;
    until: Moment;
    printed: number;
    leftOut: number;
    faulty: number;
    pages: number;
  },
): Promise<boolean> {
  const counted = await tx.run(sql`
    update print_run set claimed_until = ${of.until}, attempts = 0, problem = '', printed = printed + ${of.printed},
      left_out = left_out + ${of.leftOut}, faulty = faulty + ${of.faulty}, pages = pages + ${of.pages}
    where tenant_id = ${tx.tenantId} and id = ${of.runId} and claim = ${of.claim} and state = 'preparing'`);
  return counted === 1;
}

export async function insertPart(
  tx: WriteTx,
  runId: string,
  { part, pages, shape, bytes, singles }: MadePart,
): Promise<void> {
  const entries = JSON.stringify(singles?.entries ?? []);
  await tx.run(sql`
    insert into print_run_part (tenant_id, run_id, part, pages, shape, length, content, singles, entries)
    values (${tx.tenantId}, ${runId}, ${part}, ${pages}, ${JSON.stringify(shape)}::text::jsonb, ${bytes.length},
      decode(${base64(bytes)}::text, 'base64'), decode(${singles && base64(singles.bytes)}::text, 'base64'),
      ${entries}::text::jsonb)`);
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

export async function markPapers(
  tx: WriteTx,
  runId: string,
  rows: readonly { paper: number; outcome: PaperOutcome; firstPage: number | null }[],
): Promise<void> {
  await tx.run(sql`
    update print_run_paper p set outcome = r.outcome, first_page = r."firstPage"
    from ${jsonRows(rows)} as r(paper integer, outcome text, "firstPage" integer)
    where p.tenant_id = ${tx.tenantId} and p.run_id = ${runId} and p.paper = r.paper`);
}

export async function finishRun(
  tx: WriteTx,
  of: { runId: string; claim: string; at: Moment },
): Promise<void> {
  await tx.run(sql`
    update print_run set state = 'ready', finished_at = ${of.at}, claim = null, claimed_until = null
    where tenant_id = ${tx.tenantId} and id = ${of.runId} and claim = ${of.claim} and state = 'preparing'`);
}

/** Gives the run back. `problem`: why, when it was not only the end of the process. */
export async function releaseRun(
  tx: WriteTx,
  of: { runId: string; claim: string; problem: string; attempts: number; nextAttemptAt: Moment },
): Promise<void> {
  await tx.run(sql`
    update print_run set claim = null, claimed_until = null, problem = ${of.problem}, attempts = ${of.attempts},
      next_attempt_at = ${of.nextAttemptAt}
    where tenant_id = ${tx.tenantId} and id = ${of.runId} and claim = ${of.claim}`);
}

/** Takes the files away: of one run, or of all that were made before a moment. */
export async function removeFiles(
  tx: WriteTx,
  of: { runId: string; at: Moment } | { madeBefore: Moment; at: Moment },
): Promise<number> {
  const which =
    "runId" in of
      ? sql`r.id = ${of.runId}`
      : sql`r.made_at < ${of.madeBefore} and r.removed_at is null`;
  await tx.run(sql`
    delete from print_run_part p using print_run r
    where p.tenant_id = ${tx.tenantId} and r.tenant_id = p.tenant_id and r.id = p.run_id and ${which}`);
  return tx.run(sql`
    update print_run r set removed_at = coalesce(r.removed_at, ${of.at}), claim = null, claimed_until = null,
      state = case r.state when 'preparing' then 'discarded' else r.state end
    where r.tenant_id = ${tx.tenantId} and ${which}`);
}
