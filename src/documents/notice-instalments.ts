// SPDX-License-Identifier: EUPL-1.2
/** Instalments in modules of two or three, with their postal slips (layout 3.5, "Rate multiple"). */
import {
  type Box,
  bar,
  beside,
  field,
  paragraph,
  type Place,
  SMALL_FIELD,
  space,
  stack,
  STYLES,
} from "./boxes.ts";
import { NOTICE_TEXTS, OTHER_TEXTS } from "./fixed-texts.ts";
import { inFours } from "./notice-codes.ts";
import {
  CODE_SIDE,
  qrBox,
  partTitle,
  amountBox,
  cutLine,
  matrixBox,
  slipDebtor,
  slipSubject,
  accountBox,
  authorisationStyle,
  slipBar,
} from "./notice-parts.ts";
import {
  type Instalment,
  MANY_INSTALMENTS,
  type PostalAccount,
  type ReadyNotice,
} from "./paper-notice.ts";
import { artifact, LEFT, mark, type Pen, RIGHT, rule, write } from "./pen.ts";

const GUTTER = 20;

/** Where the columns of a row of instalments stand. */
export function columnPlaces(columns: 2 | 3): Place[] {
  const width = (RIGHT - LEFT - GUTTER * (columns - 1)) / columns;
  return Array.from({ length: columns }, (_, index) => ({
    x: LEFT + index * (width + GUTTER),
    width,
  }));
}

/** Codes on one line where the column is wide, on two where it is not. */
function partCodes(pen: Pen, notice: ReadyNotice, part: Instalment, place: Place): Box {
  const styles = { label: STYLES.smallLabel, value: STYLES.smallCode, maxLines: 1 };
  const number = inFours(part.noticeNumber);
  const wide = place.width > 200;
  const own = notice.cbill;
  const creditor = field(
    pen,
    NOTICE_TEXTS.creditorCodeShort,
    notice.creditorCode,
    place,
    styles,
    "right",
  );
  if (wide) {
    const x = own === null ? place.x : place.x + 62;
    return beside([
      ...(own === null ? [] : [field(pen, NOTICE_TEXTS.cbillShort, own, place, styles)]),
      field(pen, NOTICE_TEXTS.noticeNumberShort, number, { x, width: 120 }, styles),
      creditor,
    ]);
  }
  const cbill = own === null ? [] : [field(pen, NOTICE_TEXTS.cbillShort, own, place, styles)];
  return stack(
    [
      field(pen, NOTICE_TEXTS.noticeNumberShort, number, place, {
        ...styles,
        value: { ...STYLES.smallCode, size: 9 },
      }),
      beside([
        ...cbill,
        own === null
          ? field(pen, NOTICE_TEXTS.creditorCodeShort, notice.creditorCode, place, styles)
          : creditor,
      ]),
    ],
    3,
  );
}

/** "Rata 2 entro il …" in bold over a hairline, with its amount. */
function partHead(pen: Pen, part: Instalment, place: Place): Box {
  const wide = place.width > 200;
  const title: Box = {
    height: 15,
    draw: (top) => {
      artifact(pen, () => rule(pen, place.x, top + 14, place.width));
      mark(pen, "H3", () => write(pen, partTitle(part), place.x, top + 9, STYLES.bar));
    },
  };
  const amount = amountBox(pen, part.amountCents, place, 11);
  return wide ? beside([title, amount]) : stack([title, space(4), amount]);
}

function partPayment(pen: Pen, notice: ReadyNotice, part: Instalment, place: Place): Box {
  const many = notice.instalments.length >= MANY_INSTALMENTS;
  // With many instalments the addressee may be left out for want of room (layout 3.5).
  const debtor = many
    ? []
    : [field(pen, NOTICE_TEXTS.debtor, notice.debtorName, place, SMALL_FIELD)];
  const besideQr = { x: place.x + CODE_SIDE + 10, width: place.width - CODE_SIDE - 10 };
  return stack(
    [
      partHead(pen, part, place),
      ...debtor,
      field(pen, NOTICE_TEXTS.creditor, notice.creditorName, place, SMALL_FIELD),
      field(pen, NOTICE_TEXTS.subject, notice.subject, place, SMALL_FIELD),
      partCodes(pen, notice, part, place),
      space(1),
      beside([
        qrBox(pen, notice, part, place.x),
        paragraph(pen, NOTICE_TEXTS.scanAbove, besideQr, {
          face: "regular",
          size: 7.5,
          leading: 9.5,
        }),
      ]),
    ],
    3,
  );
}

function partSlip(
  pen: Pen,
  notice: ReadyNotice,
  part: Instalment,
  postal: PostalAccount,
  place: Place,
): Box {
  const besideMatrix = { x: place.x + CODE_SIDE + 10, width: place.width - CODE_SIDE - 10 };
  const code = { label: STYLES.smallLabel, value: STYLES.smallCode, maxLines: 1 };
  const wide = place.width > 200;
  const number = field(
    pen,
    NOTICE_TEXTS.noticeNumberShort,
    inFours(part.noticeNumber),
    place,
    code,
  );
  const kind = (x: number) => field(pen, OTHER_TEXTS.kind, "P1", { x, width: 20 }, code);
  const creditor = field(
    pen,
    NOTICE_TEXTS.creditorCodeShort,
    notice.creditorCode,
    place,
    code,
    "right",
  );
  return stack(
    [
      wide
        ? beside([
            accountBox(pen, postal.account, place.x, 10),
            amountBox(pen, part.amountCents, place, 10),
          ])
        : stack(
            [
              accountBox(pen, postal.account, place.x, 10),
              amountBox(pen, part.amountCents, place, 10),
            ],
            3,
          ),
      beside([
        matrixBox(pen, notice, part, postal.account, place.x),
        stack(
          [
            field(pen, OTHER_TEXTS.holder, postal.holder, besideMatrix, {
              ...SMALL_FIELD,
              maxLines: wide ? 2 : 3,
            }),
            field(pen, NOTICE_TEXTS.debtor, slipDebtor(notice), besideMatrix, SMALL_FIELD),
            field(pen, NOTICE_TEXTS.subject, slipSubject(notice), besideMatrix, SMALL_FIELD),
          ],
          2,
        ),
      ]),
      wide
        ? beside([number, kind(place.x + 135), creditor])
        : stack([number, beside([kind(place.x), creditor])], 2),
      paragraph(pen, postal.authorisation, place, authorisationStyle),
    ],
    4,
  );
}

/** One row of two or three instalments; with a postal account, their slips beneath. */
export function instalmentRow(
  pen: Pen,
  notice: ReadyNotice,
  parts: readonly Instalment[],
  columns: 2 | 3,
): Box {
  const places = columnPlaces(columns);
  const cells = (draw: (part: Instalment, place: Place) => Box): Box =>
    beside(parts.map((part, index) => draw(part, places[index] as Place)));
  const data = cells((part, place) => partPayment(pen, notice, part, place));
  const { postal } = notice;
  if (postal === null) return data;
  const slips = cells((part, place) => partSlip(pen, notice, part, postal, place));
  return stack([data, space(8), cutLine(pen), slipBar(pen, ""), space(7), slips]);
}

/** The band over the first instalments of a page. */
export const instalmentsBar = (pen: Pen): Box =>
  stack([bar(pen, NOTICE_TEXTS.paymentData), space(9)]);
