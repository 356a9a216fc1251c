// SPDX-License-Identifier: EUPL-1.2
import { joinedLength, joinedPdf, type PdfPartShape } from "#documents";
import { holderNames, people } from "#families";
import {
  discardLetters,
  KEEP_LETTERS_HOURS,
  letterBytes,
  letterItems,
  letterParts,
  type LetterRun,
} from "#identity";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { alert, dataTable } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { familyPath, fullName } from "../family/family-guard.ts";
import { fileOf, filePage, fileVersion } from "../made-files/file-page.ts";
import { LETTER_FILES, runPath } from "./letter-words.ts";

const f = formats("it");
const LONGEST_LIST = 500;

interface Line {
  readonly holderId: string;
  readonly name: string;
  readonly child: string;
  readonly text: string;
}

const OUTCOME = {
  waiting: "in attesa",
  done: "",
  "left-out": "lasciata fuori",
} as const;

async function linesOf(tx: ReadTx, run: LetterRun): Promise<Line[]> {
  const items = (await letterItems(tx, run.id)).slice(0, LONGEST_LIST);
  const names = await holderNames(tx, [...new Set(items.map(({ holderId }) => holderId))]);
  const childIds = items.flatMap(({ childId }) => childId ?? []);
  const children = new Map((await people(tx, childIds)).map((child) => [child.id, child]));
  return items.map(({ holderId, childId, channel, outcome, reason }) => {
    const holder = names.get(holderId);
    const child = children.get(childId ?? "");
    const done = channel === "email" ? "per e-mail" : "nel file";
    return {
      holderId,
      name: holder ? fullName(holder) : "",
      child: child ? fullName(child) : "",
      text: [OUTCOME[outcome] || done, reason].filter(Boolean).join(": "),
    };
  });
}

/** `/ufficio/credenziali/{id}`: how far the letters are, then their file; follows the work by itself. */
export async function letterRunPage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const run = await fileOf(tx, visit, LETTER_FILES);
    return run && { run, lines: await linesOf(tx, run) };
  });
  if (!read) return notFound;
  const { run, lines } = read;
  const isFile = run.state === "ready" && run.hasFile;
  return filePage(visit, LETTER_FILES, run, {
    standing: standing(run),
    downloads: isFile ? [{ href: "lettere.pdf", label: "Scarica il PDF" }] : [],
    below: lineTable(lines),
  });
}

export const letterRunVersion = fileVersion(LETTER_FILES);

function standing(run: LetterRun): Html | null {
  if (run.state === "preparing") return null;
  if (run.state === "discarded")
    return alert({
      tone: "info",
      title: "Le lettere sono state interrotte.",
      body: "Quelle già partite per e-mail restano valide.",
    });
  const made = `${plural(run.done, "lettera pronta", "lettere pronte")}${run.leftOut > 0 ? `, ${f.number(run.leftOut)} lasciate fuori` : ""}.`;
  return run.hasFile
    ? alert({
        tone: "success",
        title: made,
        body: `Il file contiene codici: si elimina da solo dopo ${KEEP_LETTERS_HOURS} ore.`,
      })
    : alert({
        tone: "info",
        title: made,
        body: "Nessun file: partite per e-mail, o già eliminato.",
      });
}

function lineTable(lines: readonly Line[]): Html {
  const hasChildren = lines.some(({ child }) => child !== "");
  return html`<h2 class="section-title">Famiglie</h2>
    ${dataTable({
      caption: "Famiglie",
      captionHidden: true,
      columns: [
        { label: "Famiglia", header: true },
        ...(hasChildren ? [{ label: "Bambino" }] : []),
        { label: "Lettera" },
      ],
      rows: lines.map(({ holderId, name, child, text }) => [
        html`<a href="${familyPath(holderId)}/credenziali">${name}</a>`,
        ...(hasChildren ? [child] : []),
        text,
      ]),
    })}`;
}

/** `…/lettere.pdf`: streamed, each part unsealed as it is sent. */
export async function letterFile(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const run = await fileOf(tx, visit, LETTER_FILES);
    return run?.state === "ready" ? { run, parts: await letterParts(tx, run.id) } : null;
  });
  if (!read || read.parts.length === 0) return notFound;
  const { run, parts } = read;
  const { sealKey } = visit.app;
  const bytesOf = async ({ part }: { part: number }): Promise<Uint8Array> => {
    const bytes = await visit.town.read((tx) => letterBytes(tx, { runId: run.id, part, sealKey }));
    if (!bytes) throw new Error("the letters were removed while they were read");
    return bytes;
  };
  const fileName = `lettere-${dayOf(run.madeAt).toString()}-${run.id.slice(0, 8)}.pdf`;
  const contentType = "application/pdf";
  const [first] = parts;
  if (first?.shape === null)
    return { kind: "file", contentType, fileName, bytes: await bytesOf(first) };
  const shaped = parts.map(({ shape, ...part }) => ({ ...(shape as PdfPartShape), ...part }));
  const info = { title: run.title, author: visit.townSettings.town.name };
  return {
    ...{ kind: "stream", contentType, fileName, length: joinedLength(shaped, info) },
    chunks: joinedPdf(shaped, bytesOf, info),
  };
}

export async function discardLettersNow(visit: Visit): Promise<Answer> {
  const run = await visit.town.read((tx) => fileOf(tx, visit, LETTER_FILES));
  if (!run || !visit.actor) return notFound;
  await visit.town.write((tx) => discardLetters(tx, { runId: run.id, now: visit.now }));
  return seeOther(runPath(run.id));
}
