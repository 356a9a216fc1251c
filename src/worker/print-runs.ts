// SPDX-License-Identifier: EUPL-1.2
/** Makes the files of print runs, and letters with credentials, part by part, beside everything else that the process does. */
import { townCalendar } from "#calendar";
import { addressLines, letterOf, type PaperNotice, paperOf, type SheetTown } from "#documents";
import { debtors, people } from "#families";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx, TenantDb } from "#kernel/db/index.ts";
import {
  type ClaimedRun,
  claimPrintRun,
  collectionAccounts,
  finishPrintRun,
  keepPart,
  partToPrint,
  type PrintableSheet,
  type PrintRun,
  releasePrintRun,
  removeOldPrintFiles,
} from "#payments";
import { settingsOn, townLogo } from "#tenancy";
import type { App } from "../surfaces/web/app.ts";
import { type Drawable, drawPart, type ReadPart } from "./draw-part.ts";
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

async function readPart(tx: ReadTx, app: Press, run: PrintRun): Promise<ReadPart | null> {
  const now = app.clock.now();
  const part = await partToPrint(tx, { runId: run.id, now });
  if (!part) return null;
  const settings = await settingsOn(tx, dayOf(now));
  const town: SheetTown = {
    town: settings.town("town"),
    office: settings.town("office"),
    collection: settings.town("collection"),
    payableOnSite: app.pagoPa.checkoutOrigin !== null,
    logoPng: await townLogo(tx),
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
    const debtorLines = addressLines(holder);
    const transfers = part.transfers.filter(({ noticeId }) => noticeId === own.id);
    const base = paperOf(named, { transfers, accounts, town, debtorLines });
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
