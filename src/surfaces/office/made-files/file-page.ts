// SPDX-License-Identifier: EUPL-1.2
/** Files that are made beside the pages, part by part: the list of them, the page of one that follows the work. */
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { actionForm, dataTable, linkButton, liveRegion, progress } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage, type Place } from "../office-page.ts";

const f = formats("it");

export interface FileRun {
  readonly id: string;
  readonly title: string;
  readonly madeAt: Moment;
  readonly madeBy: string;
  readonly state: "preparing" | "ready" | "discarded";
}

/** One kind of them, in the words of its pages. */
export interface FileKind<Run extends FileRun> {
  readonly current: Place;
  /** of the list: `Stampa degli avvisi` */
  readonly title: string;
  readonly path: string;
  /** what a file is made of, one and many */
  readonly items: readonly [string, string];
  one(tx: ReadTx, id: string): Promise<Run | undefined>;
  /** what was dealt with, of how many */
  progress(run: Run): { readonly done: number; readonly of: number };
  stateWord(run: Run): string;
  /** is there something to stop or to take away? */
  isKept(run: Run): boolean;
  /** changes with every finished part */
  version(run: Run): string;
}

export const filePath = ({ path }: { path: string }, { id }: { id: string }): string =>
  `${path}/${id}`;

/** The run that the address names; `null`: there is none. */
export async function fileOf<Run extends FileRun>(
  tx: ReadTx,
  visit: Visit,
  kind: FileKind<Run>,
): Promise<Run | null> {
  const id = visit.params["id"] ?? "";
  return isUuid(id) ? ((await kind.one(tx, id)) ?? null) : null;
}

/** `…/stato`: the page asks for it, and for itself once it has changed. */
export const fileVersion =
  <Run extends FileRun>(kind: FileKind<Run>) =>
  async (visit: Visit): Promise<Answer> => {
    const run = await visit.town.read((tx) => fileOf(tx, visit, kind));
    if (!run) return notFound;
    return { kind: "text", contentType: "text/plain; charset=utf-8", text: kind.version(run) };
  };

/** `standing`: how it stands once it is no longer prepared. `downloads`: where its files are, the first the main one. */
export function filePage<Run extends FileRun>(
  visit: Visit,
  kind: FileKind<Run>,
  run: Run,
  of: {
    standing: Html | null;
    downloads: readonly { readonly href: string; readonly label: string }[];
    also?: Html;
    below: Html | null;
  },
): Html {
  const path = filePath(kind, run);
  const { done, of: all } = kind.progress(run);
  const isPreparing = run.state === "preparing";
  return officePage(
    visit,
    { current: kind.current },
    {
      h1: run.title,
      title: kind.title,
      lead: `${f.dayWithYear(dayOf(run.madeAt))}, ${f.time(run.madeAt)}, ${run.madeBy}`,
      back: { href: kind.path, label: kind.title },
      focusHeading: false,
      body: liveRegion({
        id: "stampa",
        versionUrl: `${path}/stato`,
        version: kind.version(run),
        body: html`${
            isPreparing && progress(`${f.number(done)} di ${plural(all, ...kind.items)}`, done, all)
          }${of.standing}
          <div class="button-row">
            ${of.downloads.map(({ href, label }, index) =>
              linkButton({
                href: `${path}/${href}`,
                label,
                kind: index === 0 ? "primary" : "secondary",
                icon: "it-download",
              }),
            )}
            ${of.also ?? null}
            ${
              kind.isKept(run) &&
              actionForm({
                action: `${path}/elimina`,
                csrf: visit.csrf,
                key: visit.newKey(),
                label: isPreparing ? "Interrompi" : "Elimina il file",
                kind: "secondary",
              })
            }
          </div>
          ${of.below}`,
      }),
    },
  );
}

/** The newest first: what, when, by whom, how many, how far. */
export function fileTable<Run extends FileRun>(
  kind: FileKind<Run>,
  runs: readonly Run[],
  of: { caption: string; count: string; counted: (run: Run) => number },
): Html {
  return dataTable({
    caption: of.caption,
    captionHidden: true,
    columns: [
      { label: of.caption, header: true },
      { label: "Quando" },
      { label: "Da" },
      { label: of.count, align: "end" },
      { label: "Stato" },
    ],
    rows: runs.map((run) => {
      const { done, of: all } = kind.progress(run);
      const word = kind.stateWord(run);
      return [
        html`<a href="${filePath(kind, run)}">${run.title}</a>`,
        `${f.shortDay(dayOf(run.madeAt))}, ${f.time(run.madeAt)}`,
        run.madeBy,
        f.number(run.state === "ready" ? of.counted(run) : all),
        run.state === "preparing" ? `${word}: ${f.number(done)} di ${f.number(all)}` : word,
      ];
    }),
  });
}
