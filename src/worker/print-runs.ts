// SPDX-License-Identifier: EUPL-1.2
/** Makes the files of print runs, and letters with credentials, part by part, beside everything else that the process does. */
import { Writable } from "node:stream";
import { townCalendar } from "#calendar";
import {
  addressLines,
  letterOf,
  nextObject,
  type PaperNotice,
  paperOf,
  type PaymentLetter,
  pdfPartOf,
  type PrintProgress,
  type SheetTown,
  writeLettersPdf,
  writeNoticesPdf,
} from "#documents";
import { debtors, people } from "#families";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, TenantDb } from "#kernel/db/index.ts";
import {
  type ClaimedRun,
  claimPrintRun,
  collectionAccounts,
  finishPrintRun,
  keepPart,
  type PartToPrint,
  partToPrint,
  type PrintableSheet,
  type PrintedPart,
  type PrintRun,
  releasePrintRun,
  removeOldPrintFiles,
} from "#payments";
import { settingsOn } from "#tenancy";
import type { App } from "../surfaces/web/app.ts";
import { type LetterApp, makeTownLetters } from "./letters.ts";
import { type Rounds, startTownRounds } from "./town-rounds.ts";

const LOOK_EVERY_MS = 3000;

type PrintApp = Pick<App, "db" | "clock" | "pagoPa"> & LetterApp;
type OnError = (work: string, error: unknown) => void;

/** One run at a time, town by town; a part that is being drawn at the stop is drawn anew at the next start. */
export function startPrintWorker(app: PrintApp, options: { onError: OnError }): Rounds {
  const { onError } = options;
  const cleaned = new Map<string, string>();
  return startTownRounds(app.db, {
    everyMs: LOOK_EVERY_MS,
    work: "print runs",
    onError,
    async oneTown(tenant, isStopping) {
      const { id } = tenant;
      const town = app.db.forTenant(id);
      const today = dayOf(app.clock.now()).toString();
      if (cleaned.get(id) !== today) {
        await town.write((tx) => removeOldPrintFiles(tx, app.clock.now()));
        cleaned.set(id, today);
      }
      await makePrintFiles(app, town, { isStopping, onError });
      await makeTownLetters(app, { town: tenant, isStopping });
    },
  });
}

/** What the making of a file needs besides the town. */
type Press = Pick<App, "clock" | "pagoPa">;

/** Every run of a town that waits; a failure is told, and the run is tried again later. `onPart`: one more is kept. */
export async function makePrintFiles(
  app: Press,
  town: TenantDb,
  of: { isStopping: () => boolean; onError: OnError; onPart?: () => void },
): Promise<void> {
  while (!of.isStopping()) {
    const claimed = await town.write((tx) => claimPrintRun(tx, app.clock.now()));
    if (!claimed) return;
    const { run, claim } = claimed;
    const release = (problem: string | null): Promise<void> =>
      town.write((tx) =>
        releasePrintRun(tx, { runId: run.id, claim, problem, now: app.clock.now() }),
      );
    try {
      await makeOneFile(app, town, claimed, of);
      if (of.isStopping()) await release(null);
    } catch (error) {
      of.onError(`print run ${run.id}`, error);
      await release(error instanceof Error ? error.message : "unknown");
    }
  }
}

async function makeOneFile(
  app: Press,
  town: TenantDb,
  { run, claim }: ClaimedRun,
  { isStopping, onPart }: { isStopping: () => boolean; onPart?: () => void },
): Promise<void> {
  const runId = run.id;
  while (!isStopping()) {
    const read = await town.read((tx) => readPart(tx, app, run));
    if (!read) {
      await town.write((tx) => finishPrintRun(tx, { runId, claim, now: app.clock.now() }));
      return;
    }
    const printed = await drawPart(read, run, isStopping);
    if (!printed) return;
    const kept = await town.write((tx) =>
      keepPart(tx, { runId, claim, printed, now: app.clock.now() }),
    );
    if (!kept) return;
    onPart?.();
  }
}

/** A paper that can be drawn, or null when there is nothing left to pay. */
interface Drawable {
  paper: number;
  notice: PaperNotice;
  letter: PaymentLetter | null;
}

interface ReadPart {
  part: PartToPrint;
  drawables: Drawable[];
  author: string;
}

async function readPart(tx: ReadTx, app: Press, run: PrintRun): Promise<ReadPart | null> {
  const now = app.clock.now();
  const part = await partToPrint(tx, { runId: run.id, now });
  if (!part) return null;
  const settings = await settingsOn(tx, dayOf(now));
  const town: SheetTown = {
    town: settings.town("town"),
    office: settings.town("office"),
    payableOnSite: app.pagoPa.checkoutOrigin !== null,
  };
  const sheets = [...part.sheets.values()];
  const paying = await debtors(
    tx,
    sheets.map(({ holderId }) => holderId),
  );
  const childIds = sheets.flatMap(({ lines }) => lines.flatMap(({ childId }) => childId ?? []));
  const adults = [...paying.values()].map(({ personId }) => personId);
  const known = new Map((await people(tx, [...adults, ...childIds])).map((one) => [one.id, one]));
  const accounts = await collectionAccounts(tx);
  const { services } = await townCalendar(tx);
  const paperFor = (one: PrintableSheet): Omit<Drawable, "paper"> => {
    const holder = known.get(paying.get(one.holderId)?.personId ?? "");
    const { single, instalments } = one.sheet;
    const own = single ?? instalments[0]!;
    // On its own sheet an instalment says which one it is; together each has its title.
    const named = single === null ? { ...own, instalment: null } : own;
    const creditorName = part.transfers.find(
      ({ noticeId, fiscalCode }) => noticeId === own.id && fiscalCode === own.creditorFiscalCode,
    )?.name;
    const debtorLines = addressLines(holder);
    const base = paperOf(named, {
      creditorName: creditorName ?? settings.town("town").name,
      accounts,
      town,
      debtorLines,
    });
    const notice: PaperNotice = {
      ...base,
      single: single === null ? undefined : base.single,
      instalments: instalments.map(({ noticeNumber, amountCents, dueOn, instalment }) => ({
        noticeNumber,
        amountCents,
        dueOn,
        number: instalment ?? undefined,
        of: instalments.length,
      })),
    };
    if (!run.withLetter) return { notice, letter: null };
    const lines = one.lines.map(({ childId, serviceId, amountCents }) => {
      const child = known.get(childId ?? "");
      return {
        child: child ? `${child.givenName} ${child.surname}` : "",
        service: services.find(({ id }) => id === serviceId)?.name ?? own.subject,
        amountCents,
      };
    });
    const letter = letterOf(
      { ...named, amountCents: one.amountCents },
      { paper: notice, lines, town, writtenOn: dayOf(run.madeAt), debtorLines },
    );
    return { notice, letter };
  };
  const drawables = part.papers.flatMap(({ paper, positionId }) => {
    const sheet = part.sheets.get(positionId);
    return sheet ? [{ paper, ...paperFor(sheet) }] : [];
  });
  return { part, drawables, author: settings.town("town").name };
}

/** Null: the end was asked for while it was drawn. */
async function drawPart(
  { part, drawables, author }: ReadPart,
  run: PrintRun,
  isStopping: () => boolean,
): Promise<PrintedPart | null> {
  const faulty = new Set<number>();
  let drawn: Drawn | null = null;
  const options = { title: run.title, author, madeAt: run.madeAt, duplex: run.duplex };
  try {
    drawn = await draw(drawables, options, isStopping);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Rare: one of them is no notice. Each alone tells which; the others are printed.
    for (const one of drawables) if (!(await isDrawable(one, options))) faulty.add(one.paper);
    if (faulty.size === 0) throw error;
    const good = drawables.filter(({ paper }) => !faulty.has(paper));
    drawn = await draw(good, options, isStopping);
  }
  if (isStopping()) return null;
  const pageOf = drawn?.pageOf ?? new Map<number, number>();
  return {
    part: part.part,
    file: drawn && fileOf(drawn.bytes, part),
    papers: part.papers.map(({ paper }) => {
      const page = pageOf.get(paper);
      if (page !== undefined)
        return { paper, outcome: "printed", firstPage: part.pagesBefore + page };
      return { paper, outcome: faulty.has(paper) ? "faulty" : "left-out", firstPage: null };
    }),
  };
}

function fileOf(bytes: Uint8Array, { before }: PartToPrint): PrintedPart["file"] {
  const shape = before && { ...before.shape, pages: before.pages, length: before.length };
  const { pages, firstObject, offsets, pagesObject, ...made } = pdfPartOf(bytes, nextObject(shape));
  return { pages, bytes: made.bytes, shape: { firstObject, offsets: [...offsets], pagesObject } };
}

interface Drawn {
  bytes: Uint8Array;
  /** first page within the part, by paper */
  pageOf: Map<number, number>;
}

interface DrawOptions {
  title: string;
  author: string;
  madeAt: Moment;
  duplex: boolean;
}

/** Null: there is nothing to draw. */
async function draw(
  drawables: readonly Drawable[],
  options: DrawOptions,
  isStopping: () => boolean,
): Promise<Drawn | null> {
  if (drawables.length === 0) return null;
  const chunks: Uint8Array[] = [];
  const out = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const pageOf = new Map<number, number>();
  let index = 0;
  const onNotice = (_: unknown, firstPage: number, _done: PrintProgress): void => {
    const one = drawables[index++];
    if (one) pageOf.set(one.paper, firstPage);
  };
  const letters: PaymentLetter[] = drawables.flatMap(({ letter }) => letter ?? []);
  // A stop does not wait for the end of a part: what is left of it is not drawn, and nothing of it is kept.
  function* until<T>(items: readonly T[]): Generator<T> {
    for (const [place, item] of items.entries()) {
      if (place > 0 && isStopping()) return;
      yield item;
    }
  }
  if (letters.length > 0) await writeLettersPdf(until(letters), out, { ...options, onNotice });
  else {
    const notices = drawables.map(({ notice }) => notice);
    await writeNoticesPdf(until(notices), out, { ...options, onNotice });
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)), pageOf };
}

async function isDrawable(one: Drawable, options: DrawOptions): Promise<boolean> {
  try {
    await draw([one], options, () => false);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
