// SPDX-License-Identifier: EUPL-1.2
/** Pieces of a page that know their height before they are drawn, so that nothing is cut by the end of a page. */
import {
  fillRect,
  INK,
  LEFT,
  leadingOf,
  linesOf,
  mark,
  mm,
  artifact,
  PAGE,
  type Pen,
  RIGHT,
  type Style,
  write,
  writeLines,
} from "./pen.ts";

export type Box = { readonly height: number; readonly draw: (top: number) => void };

/** Space between blocks: at least 6 mm (layout 3.5, "Margini e spazi"). */
export const BLOCK_GAP = mm(6);
export const BAR_HEIGHT = 20;

export const STYLES = {
  bar: { face: "bold", size: 10 },
  label: { face: "regular", size: 8 },
  value: { face: "bold", size: 8.5 },
  smallLabel: { face: "regular", size: 7 },
  smallValue: { face: "bold", size: 7.5 },
  body: { face: "regular", size: 8, leading: 10 },
  code: { face: "monoBold", size: 10 },
  smallCode: { face: "monoBold", size: 8 },
} as const satisfies Record<string, Style>;

/** The first baseline under a top edge: capitals are about seven tenths of the size. */
export const firstBaseline = (top: number, style: Style): number => top + style.size * 0.78;

export function stack(boxes: readonly Box[], gap = 0): Box {
  const height = boxes.reduce((sum, box) => sum + box.height, 0) + gap * (boxes.length - 1);
  return {
    height: boxes.length === 0 ? 0 : height,
    draw: (top) => {
      let at = top;
      for (const box of boxes) {
        box.draw(at);
        at += box.height + gap;
      }
    },
  };
}

/** Boxes with the same top: as high as the highest. */
export function beside(boxes: readonly Box[]): Box {
  return {
    height: Math.max(0, ...boxes.map((box) => box.height)),
    draw: (top) => boxes.forEach((box) => box.draw(top)),
  };
}

export const space = (height: number): Box => ({ height, draw: () => undefined });

export type Place = { readonly x: number; readonly width: number };

/** A paragraph (or heading) broken into lines. */
export function paragraph(
  pen: Pen,
  text: string,
  { x, width }: Place,
  style: Style,
  { tag = "P", maxLines }: { tag?: "P" | "H1" | "H2" | "H3"; maxLines?: number } = {},
): Box {
  const lines = linesOf(pen, text, width, style, maxLines);
  return {
    height: lines.length * leadingOf(style),
    draw: (top) => {
      if (lines.length === 0) return;
      mark(pen, tag, () => writeLines(pen, lines, x, firstBaseline(top, style), style));
    },
  };
}

export type FieldStyles = {
  readonly label: Style;
  readonly value: Style;
  readonly maxLines?: number;
};
export const FIELD: FieldStyles = { label: STYLES.label, value: STYLES.value, maxLines: 2 };
export const SMALL_FIELD: FieldStyles = {
  label: STYLES.smallLabel,
  value: STYLES.smallValue,
  maxLines: 2,
};

/** A label over its value. */
export function field(
  pen: Pen,
  label: string,
  value: string,
  { x, width }: Place,
  styles: FieldStyles = FIELD,
  align: "left" | "right" = "left",
): Box {
  const lines = linesOf(pen, value, width, styles.value, styles.maxLines);
  const labelHeight = leadingOf(styles.label);
  const edge = align === "right" ? x + width : x;
  return {
    height: labelHeight + lines.length * leadingOf(styles.value),
    draw: (top) =>
      mark(pen, "P", () => {
        write(pen, label, edge, firstBaseline(top, styles.label), styles.label, align);
        const base = firstBaseline(top + labelHeight, styles.value);
        lines.forEach((line, index) =>
          write(pen, line, edge, base + index * leadingOf(styles.value), styles.value, align),
        );
      }),
  };
}

/** A grey band over the whole width of the sheet with a title, and a word at its right end. */
export function bar(
  pen: Pen,
  title: string,
  right = "",
  {
    from = 0,
    to = PAGE.width,
    x = LEFT,
    end = RIGHT,
  }: { from?: number; to?: number; x?: number; end?: number } = {},
): Box {
  return {
    height: BAR_HEIGHT,
    draw: (top) => {
      artifact(pen, () => fillRect(pen, from, top, to - from, BAR_HEIGHT, INK.light));
      mark(pen, "H2", () => {
        write(pen, title, x, top + 13.5, STYLES.bar);
        write(pen, right, end, top + 13.5, STYLES.bar, "right");
      });
    },
  };
}
