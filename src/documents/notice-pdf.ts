// SPDX-License-Identifier: EUPL-1.2
/** The paper notice of pagoPA, layout 3.5.1, as a PDF (BI-08, PE-11, MC-03). */
import type { Moment } from "#kernel/dates.ts";
import { BLOCK_GAP } from "./boxes.ts";
import { collect } from "./collect.ts";
import { type Flow, openFlow } from "./flow.ts";
import { heading, howMuchAndWhere, parties } from "./notice-blocks.ts";
import { instalmentRow, instalmentsBar } from "./notice-instalments.ts";
import { singlePayment, singleSlip } from "./notice-whole.ts";
import { columnsFor, type PaperNotice, type ReadyNotice, readyNotice } from "./paper-notice.ts";
import { closePdf, group, openPdf, type Pen, penOf, mm } from "./pen.ts";

/** Between blocks where the page has room for it. */
const WIDE_GAP = mm(10);

/** Instalments, two or three in a row, the same on every page. */
function putInstalments(pen: Pen, notice: ReadyNotice, page: Flow): void {
  const { instalments } = notice;
  const columns = columnsFor(instalments.length);
  // The band of the whole amount is on the page already.
  let titled = notice.single !== null;
  for (let index = 0; index < instalments.length; index += columns) {
    const row = instalmentRow(pen, notice, instalments.slice(index, index + columns), columns);
    const bar = instalmentsBar(pen);
    if (page.room() < (titled ? 0 : bar.height) + row.height) {
      page.nextPage();
      titled = false;
    }
    if (!titled) page.put(bar, 0);
    titled = true;
    page.put(row, BLOCK_GAP);
  }
}

/** Adds a notice to a document, on pages of its own. RangeError when a number of it is not one. */
export function drawNotice(pen: Pen, source: PaperNotice): void {
  const notice = readyNotice(source);
  const { single, postal } = notice;
  group(pen, "Part", () => {
    const page = openFlow(pen, (repeated) => heading(pen, notice, repeated));
    const blocks = [parties(pen, notice), howMuchAndWhere(pen, notice)];
    if (single !== null) blocks.push(singlePayment(pen, notice, single));
    if (single !== null && postal !== null) blocks.push(singleSlip(pen, notice, single, postal));
    const wide = blocks.reduce((sum, block) => sum + block.height + WIDE_GAP, -WIDE_GAP);
    const roomy = notice.instalments.length === 0 && wide <= page.room();
    for (const block of blocks) page.place(block, roomy ? WIDE_GAP : BLOCK_GAP);
    if (notice.instalments.length > 0) putInstalments(pen, notice, page);
  });
}

/**
 * One notice as a tagged PDF (PDF/UA), fonts embedded, codes as vectors; the same data and `madeAt` make the same bytes.
 * Texts beyond the layout's limits are cut at a word with an ellipsis. RangeError when a number is not one.
 */
export async function noticePdf(
  notice: PaperNotice,
  { madeAt }: { readonly madeAt: Moment },
): Promise<Uint8Array> {
  const pdf = openPdf({
    title: `Avviso di pagamento: ${notice.subject}`,
    author: notice.creditor.name,
    madeAt,
  });
  const bytes = collect(pdf);
  const pen = penOf(pdf);
  drawNotice(pen, notice);
  closePdf(pen);
  return bytes;
}
