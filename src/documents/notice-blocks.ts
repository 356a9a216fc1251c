// SPDX-License-Identifier: EUPL-1.2
/** The upper blocks of the notice: heading, parties, how much and when, where (layout 3.5). */
import { BLOCK_GAP, type Box, bar, beside, paragraph, space, stack, STYLES } from "./boxes.ts";
import { NOTICE_TEXTS, OTHER_TEXTS } from "./fixed-texts.ts";
import { drawLogo } from "./logos.ts";
import { drawPagopaMark } from "./marks.ts";
import { amountText, dateText, MANY_INSTALMENTS, type ReadyNotice } from "./paper-notice.ts";
import {
  artifact,
  LEFT,
  linesOf,
  mark,
  mm,
  PAGE,
  type Pen,
  RIGHT,
  type Style,
  widthOf,
  write,
  writeLines,
} from "./pen.ts";

export const LOGO_SIDE = mm(30);
const MARK_WIDTH = 66;
const HEADING_WIDTH = RIGHT - LEFT - LOGO_SIDE - BLOCK_GAP;
const LEFT_HALF = { x: LEFT, width: 254 };
const RIGHT_HALF = { x: 313, width: RIGHT - 313 };
const SUBJECT = { face: "bold", size: 19, leading: 23 } as const satisfies Style;

/** Mark, title and subject beside the logo; the same on every page (a repeated one is no news: an artifact). */
export function heading(pen: Pen, notice: ReadyNotice, repeated: boolean): Box {
  const lines = linesOf(pen, notice.subject, HEADING_WIDTH, SUBJECT, 3);
  const { logo } = notice.source.creditor;
  const drawAll = (top: number) => {
    const bbox = [LEFT, top, LEFT + MARK_WIDTH, top + MARK_WIDTH * 0.28] as const;
    mark(pen, "Figure", () => drawPagopaMark(pen, LEFT, top, MARK_WIDTH), { alt: "pagoPA", bbox });
    const title = { face: "bold", size: 11 } as const;
    mark(pen, "H1", () => write(pen, NOTICE_TEXTS.title, LEFT + MARK_WIDTH + 12, top + 13, title));
    mark(pen, "P", () => writeLines(pen, lines, LEFT, top + 44, SUBJECT));
    if (logo === undefined) return;
    drawLogo(pen, logo, { right: RIGHT, top, side: LOGO_SIDE, name: notice.creditorName });
  };
  return {
    height: LOGO_SIDE,
    draw: (top) => (repeated ? artifact(pen, () => drawAll(top), "Pagination") : drawAll(top)),
  };
}

/** "Ente Creditore … Cod. Fiscale 77777777777" over a hairline. */
function partyTitle(
  pen: Pen,
  title: string,
  code: string | null,
  { x, width }: typeof LEFT_HALF,
): Box {
  return {
    height: 16,
    draw: (top) =>
      mark(pen, "H2", () => {
        write(pen, title, x, top + 9, STYLES.bar);
        if (code === null) return;
        const end = x + width;
        const codeStyle = { face: "monoBold", size: 9 } as const;
        const before = end - widthOf(pen, code, codeStyle) - 5;
        write(pen, OTHER_TEXTS.personCode, before, top + 9, STYLES.label, "right");
        write(pen, code, end, top + 9, codeStyle, "right");
      }),
  };
}

export function parties(pen: Pen, notice: ReadyNotice): Box {
  const name = { face: "bold", size: 11.5, leading: 14 } as const;
  const line = { face: "regular", size: 9, leading: 11.5 } as const;
  const creditor = stack([
    partyTitle(pen, NOTICE_TEXTS.creditor, notice.creditorCode, LEFT_HALF),
    paragraph(pen, notice.creditorName, LEFT_HALF, name),
    paragraph(pen, notice.officeName, LEFT_HALF, line),
    paragraph(pen, notice.creditorInfo, LEFT_HALF, line),
  ]);
  const debtor = stack([
    partyTitle(pen, NOTICE_TEXTS.debtor, notice.debtorCode, RIGHT_HALF),
    paragraph(pen, notice.debtorName, RIGHT_HALF, name),
    paragraph(pen, notice.debtorAddress, RIGHT_HALF, line),
  ]);
  return beside([creditor, debtor]);
}

/** The whole of what is asked: the single amount, or the sum of the instalments when there is no other way. */
function wholeOf(notice: ReadyNotice): bigint {
  if (notice.single !== null) return notice.single.amountCents;
  return notice.instalments.reduce((sum, part) => sum + part.amountCents, 0n);
}

function bigAmount(pen: Pen, notice: ReadyNotice): Box {
  const due = notice.single?.dueOn ?? null;
  const style = { face: "bold", size: 17 } as const;
  const label = { face: "bold", size: 8 } as const;
  return {
    height: 36,
    draw: (top) => {
      mark(pen, "P", () => {
        write(pen, NOTICE_TEXTS.amount, LEFT, top + 8, label);
        const amount = `${amountText(wholeOf(notice))} ${NOTICE_TEXTS.euro}`;
        write(pen, amount, LEFT, top + 27, style);
      });
      if (due === null) return;
      const x = LEFT + 158;
      mark(pen, "P", () => {
        write(pen, NOTICE_TEXTS.dueBy, x, top + 8, label);
        write(pen, dateText(due), x, top + 27, style);
      });
    },
  };
}

function howMuch(pen: Pen, notice: ReadyNotice): Box {
  const count = notice.instalments.length;
  const parts = [bigAmount(pen, notice)];
  if (count > 0) {
    const text =
      notice.single === null
        ? NOTICE_TEXTS.instalmentsOnly(count)
        : NOTICE_TEXTS.wholeOrInstalments(count);
    parts.push(paragraph(pen, text, LEFT_HALF, { face: "bold", size: 10 }));
  }
  if (count >= MANY_INSTALMENTS) {
    parts.push(paragraph(pen, NOTICE_TEXTS.manyInstalments, LEFT_HALF, STYLES.body));
  }
  parts.push(space(1), paragraph(pen, NOTICE_TEXTS.legal, LEFT_HALF, STYLES.body));
  return stack(parts, 4);
}

function where(pen: Pen, notice: ReadyNotice): Box {
  const { payableOnSite } = notice.source.creditor;
  const online =
    payableOnSite === true ? NOTICE_TEXTS.onlineWithSite(notice.creditorName) : NOTICE_TEXTS.online;
  return stack([
    paragraph(pen, NOTICE_TEXTS.onlineTitle, RIGHT_HALF, STYLES.bar, { tag: "H3" }),
    paragraph(pen, online, RIGHT_HALF, STYLES.body),
    space(7),
    paragraph(pen, NOTICE_TEXTS.nearbyTitle, RIGHT_HALF, STYLES.bar, { tag: "H3" }),
    paragraph(pen, NOTICE_TEXTS.nearby, RIGHT_HALF, STYLES.body),
  ]);
}

/** "Quanto e quando pagare?" beside "Dove pagare?". */
export function howMuchAndWhere(pen: Pen, notice: ReadyNotice): Box {
  const title = notice.hasDueDate ? NOTICE_TEXTS.howMuchAndWhen : OTHER_TEXTS.howMuch;
  const leftHalf = stack([bar(pen, title, "", { to: 296 }), space(9), howMuch(pen, notice)]);
  const rightHalf = stack([
    bar(pen, NOTICE_TEXTS.where, NOTICE_TEXTS.goTo, { from: 300, to: PAGE.width, x: RIGHT_HALF.x }),
    space(9),
    where(pen, notice),
  ]);
  return beside([leftHalf, rightHalf]);
}
