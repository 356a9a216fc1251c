// SPDX-License-Identifier: EUPL-1.2
/** What letters and receipts of a municipality share: letterhead, tables that go on over pages, signatures. */
import {
  type Box,
  field,
  type FieldStyles,
  firstBaseline,
  paragraph,
  type Place,
  stack,
} from "./boxes.ts";
import type { Flow } from "./flow.ts";
import { atWord, printable } from "./fonts.ts";
import { drawLogo } from "./logos.ts";
import { drawPagopaMark } from "./marks.ts";
import { type Logo, LIMITS } from "./paper-notice.ts";
import {
  artifact,
  group,
  INK,
  LEFT,
  leadingOf,
  linesOf,
  mark,
  mm,
  type Pen,
  RIGHT,
  rule,
  type Style,
  write,
  writeLines,
} from "./pen.ts";

/** Letters and receipts keep 20 mm at the sides, where a notice keeps 10. */
export const BODY: Place = { x: mm(20), width: LEFT + RIGHT - 2 * mm(20) };
export const TEXT = { face: "regular", size: 10, leading: 14 } as const satisfies Style;
export const STRONG = { face: "bold", size: 10, leading: 14 } as const satisfies Style;
export const TITLE = { face: "bold", size: 17, leading: 21 } as const satisfies Style;
export const NOTE = {
  face: "regular",
  size: 8,
  leading: 10.5,
  ink: INK.seventy,
} as const satisfies Style;
/** The answer of a receipt: label over value, in columns. */
export const FACT: FieldStyles = {
  label: { face: "regular", size: 8, ink: INK.seventy },
  value: { face: "semibold", size: 10, leading: 13 },
};
export const CODE_FACT: FieldStyles = {
  ...FACT,
  value: { face: "monoBold", size: 9.5, leading: 13 },
};

export type Letterhead = {
  readonly name: string;
  readonly officeName: string;
  readonly fiscalCode: string;
  readonly address?: string | undefined;
  readonly contacts?: string | undefined;
  readonly site?: string | undefined;
  readonly logo?: Logo | undefined;
};

const LOGO_SIDE = mm(20);

/** Logo, municipality, office and where to find it, over a hairline; the pagoPA mark at the right where asked. */
export function letterhead(pen: Pen, head: Letterhead, { pagopa = false } = {}): Box {
  const name = atWord(head.name, LIMITS.creditorName);
  const x = head.logo === undefined ? BODY.x : BODY.x + LOGO_SIDE + mm(4);
  const right = BODY.x + BODY.width;
  const place = { x, width: right - x - (pagopa ? 80 : 0) };
  const reach = [head.address, head.contacts, head.site].filter(Boolean).join(" · ");
  const words = stack([
    paragraph(pen, name, place, { face: "bold", size: 14, leading: 17 }),
    // The fifty characters of the notice are that layout's own: a letter has the room.
    paragraph(pen, printable(head.officeName), place, STRONG, { maxLines: 1 }),
    paragraph(pen, reach, place, NOTE, { maxLines: 2 }),
    // A code that is not known is never printed.
    ...(/[1-9]/.test(head.fiscalCode)
      ? [paragraph(pen, `Codice fiscale ${printable(head.fiscalCode)}`, place, NOTE)]
      : []),
  ]);
  const height = Math.max(LOGO_SIDE, words.height) + 8;
  return {
    height,
    draw: (top) => {
      const { logo } = head;
      if (logo !== undefined) {
        drawLogo(pen, logo, { right: BODY.x + LOGO_SIDE, top, side: LOGO_SIDE, name });
      }
      words.draw(top);
      if (pagopa) {
        const bbox = [right - 66, top, right, top + 18.3] as const;
        mark(pen, "Figure", () => drawPagopaMark(pen, right - 66, top, 66), {
          alt: "pagoPA",
          bbox,
        });
      }
      artifact(pen, () => rule(pen, BODY.x, top + height - 1, BODY.width));
    },
  };
}

/** The heading of a sheet's further pages: whose it is and what it is, said once only to a screen reader. */
export function runningHead(pen: Pen, text: string): Box {
  return {
    height: 14,
    draw: (top) =>
      artifact(
        pen,
        () => {
          write(pen, printable(text), BODY.x, firstBaseline(top, NOTE), NOTE);
          rule(pen, BODY.x, top + 13, BODY.width);
        },
        "Pagination",
      ),
  };
}

/** A paragraph that may go on over the end of a page. */
export function putText(pen: Pen, page: Flow, text: string, gap: number): void {
  const leading = leadingOf(TEXT);
  let rest = linesOf(pen, text, BODY.width, TEXT);
  while (rest.length > 0) {
    if (page.room() < leading) page.nextPage();
    const lines = rest.slice(0, Math.max(1, Math.floor(page.room() / leading)));
    rest = rest.slice(lines.length);
    const height = lines.length * leading;
    const draw = (top: number) =>
      mark(pen, "P", () => writeLines(pen, lines, BODY.x, firstBaseline(top, TEXT), TEXT));
    page.put({ height, draw }, rest.length === 0 ? gap : 0);
  }
}

export type Column = { readonly title: string; readonly share: number; readonly right?: boolean };

function cellsOf(
  pen: Pen,
  columns: readonly Column[],
  texts: readonly string[],
  style: Style,
  tag: "TH" | "TD",
): Box {
  const shares = columns.reduce((sum, column) => sum + column.share, 0);
  let x = BODY.x;
  const cells = columns.map((column, index) => {
    const last = index === columns.length - 1;
    const width = (BODY.width * column.share) / shares - (last ? 0 : 8);
    const lines = linesOf(pen, texts[index] ?? "", width, style);
    const edge = column.right === true ? x + width : x;
    x += width + 8;
    return { lines, edge, align: column.right === true ? ("right" as const) : ("left" as const) };
  });
  const height = Math.max(1, ...cells.map((cell) => cell.lines.length)) * leadingOf(style) + 6;
  return {
    height,
    draw: (top) =>
      group(pen, "TR", () => {
        for (const { lines, edge, align } of cells) {
          const options = tag === "TH" ? { scope: "Column" as const } : {};
          const base = firstBaseline(top + 3, style);
          mark(
            pen,
            tag,
            () =>
              lines.forEach((line, index) =>
                write(pen, line, edge, base + index * leadingOf(style), style, align),
              ),
            options,
          );
        }
        artifact(pen, () => rule(pen, BODY.x, top + height - 0.5, BODY.width, "thin"));
      }),
  };
}

/** A table that repeats its titles on every page it reaches. `total` is its last row, in bold. */
export function putTable(
  pen: Pen,
  page: Flow,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  total: readonly string[],
): void {
  const style = { face: "regular", size: 9.5, leading: 12.5 } as const;
  const bold = { ...style, face: "bold" } as const;
  const titles = columns.map(({ title }) => title);
  const head = (): Box => cellsOf(pen, columns, titles, { ...bold, size: 8.5 }, "TH");
  group(pen, "Table", () => {
    const boxes = rows.map((row) => cellsOf(pen, columns, row, style, "TD"));
    boxes.push(cellsOf(pen, columns, total, bold, "TD"));
    const first = head();
    // Titles never stand alone at the end of a page, nor does the total on top of one.
    if (first.height + (boxes[0]?.height ?? 0) > page.room()) page.nextPage();
    page.put(first, 0);
    boxes.forEach((box, index) => {
      const last = index === boxes.length - 2 ? (boxes.at(-1)?.height ?? 0) : 0;
      if (box.height + last > page.room()) {
        page.nextPage();
        const again = head();
        page.put({ height: again.height, draw: (top) => artifact(pen, () => again.draw(top)) }, 0);
      }
      page.put(box, 0);
    });
  });
}

/** Facts in two columns, filled row by row. */
export function factRows(
  pen: Pen,
  facts: readonly (readonly [label: string, value: string, styles?: FieldStyles])[],
): Box[] {
  const half = BODY.width / 2 - 8;
  const boxes: Box[] = [];
  for (let index = 0; index < facts.length; index += 2) {
    const pair = facts
      .slice(index, index + 2)
      .map(([label, value, styles], column) =>
        field(pen, label, value, { x: BODY.x + column * (half + 16), width: half }, styles ?? FACT),
      );
    const height = Math.max(...pair.map((box) => box.height));
    boxes.push({ height, draw: (top) => pair.forEach((box) => box.draw(top)) });
  }
  return boxes;
}

/** Lines to sign on, beside each other. */
export function signatureLines(pen: Pen, labels: readonly string[]): Box {
  const width = BODY.width / Math.max(2, labels.length) - 16;
  return {
    height: 46,
    draw: (top) =>
      labels.forEach((label, index) => {
        const x = BODY.x + index * (width + 32);
        mark(pen, "P", () => write(pen, printable(label), x, top + 8, FACT.label));
        artifact(pen, () => rule(pen, x, top + 40, width));
      }),
  };
}
