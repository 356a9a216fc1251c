// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { writeCsv } from "#kernel/tabular/index.ts";
import { discardPrintRun, listPapers, type PrintRun, printRun } from "#payments";
import {
  actionForm,
  alert,
  definitionList,
  linkButton,
  liveRegion,
  progress,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { openPrintFile } from "./print-file.ts";
import { doneOf, PAPER_WORDS, printPath, PRINTS, runState } from "./print-words.ts";

const f = formats("it");

async function runOf(tx: ReadTx, visit: Visit): Promise<PrintRun | null> {
  const id = visit.params["id"] ?? "";
  return isUuid(id) ? ((await printRun(tx, id)) ?? null) : null;
}

/** `/ufficio/pagamenti/stampe/{id}`: how far the file is, then the file; follows the work by itself. */
export async function printPage(visit: Visit): Promise<Answer> {
  const run = await visit.town.read((tx) => runOf(tx, visit));
  if (!run) return notFound;
  return officePage(
    visit,
    { current: "bills" },
    {
      h1: run.title,
      title: "Stampa degli avvisi",
      lead: `${f.dayWithYear(dayOf(run.madeAt))}, ${f.time(run.madeAt)}, ${run.madeBy}`,
      back: { href: PRINTS, label: "Stampa degli avvisi" },
      focusHeading: false,
      body: liveRegion({
        id: "stampa",
        versionUrl: `${printPath(run.id)}/stato`,
        version: versionOf(run),
        body: html`${standing(run)}${actions(visit, run)}${facts(run)}`,
      }),
    },
  );
}

/** A word that changes with every finished part. */
export async function printVersion(visit: Visit): Promise<Answer> {
  const run = await visit.town.read((tx) => runOf(tx, visit));
  if (!run) return notFound;
  return { kind: "text", contentType: "text/plain; charset=utf-8", text: versionOf(run) };
}

const versionOf = (run: PrintRun): string =>
  [run.state, doneOf(run), run.attempts, run.removedAt === null ? "" : "removed"].join(":");

function standing(run: PrintRun): Html {
  if (run.state === "preparing")
    return html`${progress(
      `${f.number(doneOf(run))} di ${f.number(run.papers)} avvisi`,
      doneOf(run),
      run.papers,
    )}${
      run.problem !== "" &&
      alert({
        tone: "warning",
        title: `La preparazione si è fermata. Si riprova alle ${f.time(run.nextAttemptAt)}.`,
        body: "Quello che è già pronto resta.",
      })
    }`;
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

function facts(run: PrintRun): Html | null {
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
  ];
  return definitionList(rows);
}

function actions(visit: Visit, run: PrintRun): Html {
  const path = printPath(run.id);
  const isFile = run.state === "ready" && run.removedAt === null && run.pages > 0;
  const again = `${PRINTS}/nuova?${new URLSearchParams(run.choice).toString()}`;
  return html`<div class="button-row">
    ${
      isFile &&
      linkButton({
        href: `${path}/avvisi.pdf`,
        label: "Scarica il PDF",
        kind: "primary",
        icon: "it-download",
      })
    }
    ${linkButton({ href: `${path}/elenco.csv`, label: "Scarica l'elenco (CSV)" })}
    ${
      run.removedAt === null &&
      actionForm({
        action: `${path}/elimina`,
        csrf: visit.csrf,
        key: visit.newKey(),
        label: run.state === "preparing" ? "Interrompi" : "Elimina il file",
        kind: "secondary",
      })
    }
    ${linkButton({ href: again, label: "Ripeti la scelta", kind: "quiet" })}
  </div>`;
}

/** `…/avvisi.pdf`: streamed, whatever its size. */
export async function printDownload(visit: Visit): Promise<Answer> {
  const run = await visit.town.read((tx) => runOf(tx, visit));
  const file = run && (await openPrintFile(visit.town, run));
  if (!run || !file) return notFound;
  return {
    kind: "stream",
    contentType: "application/pdf",
    fileName: `avvisi-${dayOf(run.madeAt).toString()}-${run.id.slice(0, 8)}.pdf`,
    ...file,
  };
}

/** `…/elenco.csv`: every paper with its page, for whoever folds, sends and prints again. */
export async function printListFile(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const run = await runOf(tx, visit);
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
