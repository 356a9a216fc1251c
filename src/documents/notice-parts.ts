// SPDX-License-Identifier: EUPL-1.2
/** Codes, amounts and titles that whole amount, instalments and postal slips share (layout 3.5). */
import { type Box, bar, type FieldStyles, type Place, STYLES } from "./boxes.ts";
import { NOTICE_TEXTS, OTHER_TEXTS } from "./fixed-texts.ts";
import { atWord } from "./fonts.ts";
import {
  dataMatrixModules,
  dataMatrixText,
  inFours,
  type Modules,
  qrModules,
  qrText,
} from "./notice-codes.ts";
import { amountText, dateText, type Instalment, type ReadyNotice } from "./paper-notice.ts";
import {
  artifact,
  drawModules,
  INK,
  LEFT,
  mark,
  mm,
  PAGE,
  type Pen,
  rule,
  type Style,
  widthOf,
  write,
} from "./pen.ts";

export const CODE_SIDE = mm(25);

const codedOf = (notice: ReadyNotice, part: Instalment) => ({
  noticeNumber: part.noticeNumber,
  creditorCode: notice.creditorCode,
  amountCents: part.amountCents,
});

function codeBox(pen: Pen, modules: Modules, x: number, alt: string): Box {
  return {
    height: CODE_SIDE,
    draw: (top) =>
      mark(pen, "Figure", () => drawModules(pen, modules, x, top, CODE_SIDE), {
        alt,
        bbox: [x, top, x + CODE_SIDE, top + CODE_SIDE],
      }),
  };
}

export function qrBox(pen: Pen, notice: ReadyNotice, part: Instalment, x: number): Box {
  const alt = `Codice QR dell’avviso ${inFours(part.noticeNumber)}, ${amountText(part.amountCents)} euro`;
  return codeBox(pen, qrModules(qrText(codedOf(notice, part))), x, alt);
}

/** "Rata 2 entro il 31/01/2027", as much of it as there is. */
export function partTitle(part: Instalment): string {
  const name =
    part.number === undefined ? NOTICE_TEXTS.single : NOTICE_TEXTS.instalment(part.number);
  return part.dueOn === null ? name : `${name} ${NOTICE_TEXTS.dueBy} ${dateText(part.dueOn)}`;
}

/** "Euro 64,10" ending at the right edge of its place. */
export function amountBox(pen: Pen, amountCents: bigint, { x, width }: Place, size = 12): Box {
  const style = { face: "monoBold", size } as const satisfies Style;
  const text = amountText(amountCents);
  return {
    height: size,
    draw: (top) =>
      mark(pen, "P", () => {
        const end = x + width;
        const before = end - widthOf(pen, text, style) - 5;
        const euro = { face: "regular", size: size - 2 } as const;
        write(pen, NOTICE_TEXTS.euro, before, top + size * 0.8, euro, "right");
        write(pen, text, end, top + size * 0.8, style, "right");
      }),
  };
}

export const codeStyles = (value: Style): FieldStyles => ({
  label: STYLES.label,
  value,
  maxLines: 1,
});

/** A line to cut along, before the slip. */
export const cutLine = (pen: Pen): Box => ({
  height: 6,
  draw: (top) => artifact(pen, () => rule(pen, 0, top + 2, PAGE.width, "cut")),
});

export function matrixBox(
  pen: Pen,
  notice: ReadyNotice,
  part: Instalment,
  account: string,
  x: number,
): Box {
  const text = dataMatrixText({
    ...codedOf(notice, part),
    account,
    debtorCode: notice.debtorCode,
    // The code has limits of its own: it takes the words before the page cut them.
    debtorName: notice.source.debtor.name,
    subject: notice.source.subject,
  });
  return codeBox(
    pen,
    dataMatrixModules(text),
    x,
    `Codice del bollettino ${inFours(part.noticeNumber)}`,
  );
}

/** Poste prints at most 35 and 60 characters of these on the slip. */
export const slipDebtor = (notice: ReadyNotice): string => atWord(notice.debtorName, 35);

export const slipSubject = (notice: ReadyNotice): string => atWord(notice.subject, 60);

export function accountBox(pen: Pen, account: string, x: number, size: number): Box {
  return {
    height: size,
    draw: (top) =>
      mark(pen, "P", () => {
        const label = { face: "regular", size: size - 2 } as const;
        write(pen, OTHER_TEXTS.onAccount, x, top + size * 0.8, label);
        const after = x + widthOf(pen, OTHER_TEXTS.onAccount, label) + 5;
        write(pen, account, after, top + size * 0.8, { face: "monoBold", size });
      }),
  };
}

export const authorisationStyle = { face: "regular", size: 6, ink: INK.seventy } as const;

export function slipBar(pen: Pen, right: string): Box {
  const title = bar(pen, OTHER_TEXTS.postal, right);
  return {
    height: title.height,
    draw: (top) => {
      title.draw(top);
      const x = LEFT + widthOf(pen, OTHER_TEXTS.postal, STYLES.bar) + 14;
      mark(pen, "P", () =>
        write(pen, OTHER_TEXTS.bank, x, top + 13.5, { face: "regular", size: 10 }),
      );
    },
  };
}
