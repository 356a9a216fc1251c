// SPDX-License-Identifier: EUPL-1.2
/** Blocks down a page, and on to the next one when a block does not fit. */
import { BLOCK_GAP, type Box } from "./boxes.ts";
import { BOTTOM, newPage, PAGE, type Pen } from "./pen.ts";

export type Flow = {
  /** Height that is left on this page. */
  readonly room: () => number;
  readonly nextPage: () => void;
  /** Draws here, without asking for room. */
  readonly put: (box: Box, gap: number) => void;
  /** Draws here, or on the next page when there is no room for it. */
  readonly place: (box: Box, gap: number) => void;
};

/** Opens the first page. `heading` stands on top of each; repeated ones should be artifacts. */
export function openFlow(pen: Pen, heading: (repeated: boolean) => Box, gap = BLOCK_GAP): Flow {
  let y = 0;
  let pages = 0;
  const nextPage = () => {
    newPage(pen);
    const head = heading(pages > 0);
    head.draw(PAGE.margin);
    y = PAGE.margin + head.height + gap;
    pages++;
  };
  const put = (box: Box, after: number) => {
    box.draw(y);
    y += box.height + after;
  };
  nextPage();
  return {
    room: () => BOTTOM - y,
    nextPage,
    put,
    place: (box, after) => {
      if (box.height > BOTTOM - y) nextPage();
      put(box, after);
    },
  };
}
