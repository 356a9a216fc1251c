// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import {
  ARCHIVE_LIMITS,
  discardPrintRun,
  listPapers,
  printArchives,
  type PrintRun,
} from "#payments";
import { alert, definitionList, linkButton } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { fileOf, filePage, fileVersion } from "../made-files/file-page.ts";
import { openPrintArchive, openPrintFile, type PrintFile } from "./print-file.ts";
import { PAPER_WORDS, PRINT_FILES, printPath, PRINTS, runState } from "./print-words.ts";

const f = formats("it");

/** `/ufficio/pagamenti/stampe/{id}`: how far the file is, then the file; follows the work by itself. */
export async function printPage(visit: Visit): Promise<Answer> {
  const found = await visit.town.read(async (tx) => {
    const run = await fileOf(tx, visit, PRINT_FILES);
    if (!run) return null;
    const isMade = run.withSingles && run.state === "ready";
    return { run, archives: isMade ? (await printArchives(tx, run.id)).length : 0 };
  });
  if (!found) return notFound;
  const { run, archives } = found;
  const isFile = run.state === "ready" && run.removedAt === null && run.pages > 0;
  const again = `${PRINTS}/nuova?${new URLSearchParams(run.choice).toString()}`;
  return filePage(visit, PRINT_FILES, run, {
    standing: standing(run),
    downloads: isFile
      ? [
          { href: "avvisi.pdf", label: "Scarica il PDF" },
          ...Array.from({ length: archives }, (_, index) => ({
            href: `avvisi.zip?archivio=${index + 1}`,
            label: `Scarica i PDF singoli${ofArchives(index + 1, archives)} (ZIP)`,
          })),
        ]
      : [],
    also: html`${linkButton({
      href: `${printPath(run.id)}/elenco.csv`,
      label: "Scarica l'elenco (CSV)",
    })}
    ${linkButton({ href: again, label: "Ripeti la scelta", kind: "quiet" })}`,
    below: facts(run, archives),
  });
}

/** `, archivio 2 di 3`; nothing where there is only one. */
const ofArchives = (archive: number, archives: number): string =>
  archives > 1 ? `, archivio ${archive} di ${archives}` : "";

export const printVersion = fileVersion(PRINT_FILES);

function standing(run: PrintRun): Html | null {
  if (run.state === "preparing")
    return run.problem === ""
      ? null
      : alert({
          tone: "warning",
          title: `La preparazione si è fermata. Si riprova alle ${f.time(run.nextAttemptAt)}.`,
          body: "Quello che è già pronto resta.",
        });
  if (run.state === "discarded")
    return alert({ tone: "info", title: "La stampa è stata interrotta.", body: null });
  if (run.removedAt !== null)
    return alert({
      tone: "info",
      title: "Il file è stato eliminato.",
      body: "L'elenco degli avvisi resta; una nuova stampa prende quelli che si pagano ancora.",
    });
  if (run.pages === 0)
    return alert({
      tone: "info",
      title: "Nel frattempo non restava niente da stampare.",
      body: null,
    });
  return alert({
    tone: "success",
    title: `Il file è pronto: ${plural(run.printed, "avviso", "avvisi")}, ${plural(run.pages, "pagina", "pagine")}.`,
    body: null,
  });
}

function facts(run: PrintRun, archives: number): Html | null {
  const rows = [
    { label: "Stato", value: runState(run) },
    ...(run.leftOut > 0
      ? [
          {
            label: "Lasciati fuori",
            value: `${f.number(run.leftOut)}, perché nel frattempo pagati, annullati o con un pagamento in corso`,
          },
        ]
      : []),
    ...(run.faulty > 0
      ? [
          {
            label: "Non stampabili",
            value: `${f.number(run.faulty)}: i dati non entrano in un avviso`,
          },
        ]
      : []),
    { label: "Fogli", value: run.duplex ? "fronte e retro" : "solo fronte" },
    { label: "Lettera", value: run.withLetter ? "sì" : "no" },
    {
      label: "PDF singoli",
      value:
        archives > 1
          ? `sì, in ${archives} archivi di al massimo ${f.number(ARCHIVE_LIMITS.files)} avvisi`
          : run.withSingles
            ? "sì"
            : "no",
    },
  ];
  return definitionList(rows);
}

/** `…/avvisi.pdf`: streamed, whatever its size. */
export async function printDownload(visit: Visit): Promise<Answer> {
  const run = await visit.town.read((tx) => fileOf(tx, visit, PRINT_FILES));
  return run ? streamed(run, await openPrintFile(visit.town, run), "pdf") : notFound;
}

/** `…/avvisi.zip?archivio=2`: the same notices one by one, streamed too. */
export async function printArchive(visit: Visit): Promise<Answer> {
  const run = await visit.town.read((tx) => fileOf(tx, visit, PRINT_FILES));
  const asked = visit.query["archivio"] ?? "1";
  if (!run || !/^[1-9]\d{0,3}$/.test(asked)) return notFound;
  const file = await openPrintArchive(visit.town, run, { archive: Number(asked) });
  return streamed(run, file, `${asked}.zip`);
}

function streamed(run: PrintRun, file: PrintFile | null, ending: string): Answer {
  if (!file) return notFound;
  return {
    kind: "stream",
    contentType: `application/${ending.endsWith("zip") ? "zip" : "pdf"}`,
    fileName: `avvisi-${dayOf(run.madeAt).toString()}-${run.id.slice(0, 8)}${ending === "pdf" ? "" : "-"}${ending}`,
    ...file,
  };
}

/** `…/elenco.csv`: every paper with its page, for whoever folds, sends and prints again. */
export async function printListFile(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const run = await fileOf(tx, visit, PRINT_FILES);
    if (!run) return null;
    return { run, papers: await listPapers(tx, run.id) };
  });
  if (!read) return notFound;
  const rows = read.papers.map((paper) => [
    String(paper.paper),
    paper.firstPage === null ? "" : String(paper.firstPage),
    paper.heading,
    paper.debtorName,
    paper.noticeNumbers.join(" "),
    PAPER_WORDS[paper.outcome],
  ]);
  return {
    kind: "text",
    contentType: "text/csv; charset=utf-8",
    fileName: `elenco-${read.run.id.slice(0, 8)}.csv`,
    text: writeCsv([["Numero", "Pagina", "Gruppo", "Intestatario", "Avviso", "Esito"], ...rows]),
  };
}

/** Stops what is being made, or takes the finished file away. */
export async function discardPrintNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const runId = visit.params["id"] ?? "";
  if (!actor || !isUuid(runId)) return notFound;
  const done = await visit.town.write((tx) => discardPrintRun(tx, { actor, runId, now }));
  return done === "discarded" ? seeOther(printPath(runId)) : notFound;
}
