// SPDX-License-Identifier: EUPL-1.2
/** The whole amount: its payment data and its postal slip (layout 3.5, "Rata unica", "Bollettino Postale PA"). */
import { type Box, bar, beside, field, paragraph, space, stack, STYLES } from "./boxes.ts";
import { NOTICE_TEXTS, OTHER_TEXTS } from "./fixed-texts.ts";
import { inFours } from "./notice-codes.ts";
import {
  CODE_SIDE,
  qrBox,
  partTitle,
  amountBox,
  codeStyles,
  cutLine,
  matrixBox,
  slipDebtor,
  slipSubject,
  accountBox,
  authorisationStyle,
  slipBar,
} from "./notice-parts.ts";
import { type Instalment, type PostalAccount, type ReadyNotice } from "./paper-notice.ts";
import { LEFT, type Pen, RIGHT } from "./pen.ts";

/** The data of the whole amount, with its QR code. */
export function singlePayment(pen: Pen, notice: ReadyNotice, part: Instalment): Box {
  const left = { x: LEFT, width: 132 };
  const middle = { x: 190, width: RIGHT - 190 };
  const fields = stack(
    [
      field(pen, NOTICE_TEXTS.debtor, notice.debtorName, { x: 190, width: 225 }),
      field(pen, NOTICE_TEXTS.creditor, notice.creditorName, middle),
      field(pen, NOTICE_TEXTS.subject, notice.subject, middle),
    ],
    4,
  );
  const codes = beside([
    ...(notice.cbill === null
      ? []
      : [
          field(
            pen,
            NOTICE_TEXTS.cbill,
            notice.cbill,
            { x: 190, width: 80 },
            codeStyles(STYLES.code),
          ),
        ]),
    field(
      pen,
      NOTICE_TEXTS.noticeNumber,
      inFours(part.noticeNumber),
      { x: notice.cbill === null ? 190 : 276, width: 180 },
      codeStyles(STYLES.code),
    ),
    field(
      pen,
      NOTICE_TEXTS.creditorCode,
      notice.creditorCode,
      middle,
      codeStyles(STYLES.code),
      "right",
    ),
  ]);
  const qr = stack(
    [qrBox(pen, notice, part, LEFT), paragraph(pen, NOTICE_TEXTS.scanBeside, left, STYLES.body)],
    7,
  );
  return stack([
    bar(pen, NOTICE_TEXTS.paymentData, partTitle(part)),
    space(10),
    beside([qr, amountBox(pen, part.amountCents, middle, 13), stack([fields, codes], 7)]),
  ]);
}

/** "Bollettino Postale PA" of the whole amount. */
export function singleSlip(
  pen: Pen,
  notice: ReadyNotice,
  part: Instalment,
  postal: PostalAccount,
): Box {
  const left = { x: LEFT, width: 128 };
  const matrixX = RIGHT - CODE_SIDE;
  const middle = { x: 180, width: matrixX - 14 - 180 };
  const fields = stack(
    [
      field(pen, OTHER_TEXTS.holder, postal.holder, middle),
      field(pen, NOTICE_TEXTS.debtor, slipDebtor(notice), middle),
      field(pen, NOTICE_TEXTS.subject, slipSubject(notice), middle),
      beside([
        field(
          pen,
          NOTICE_TEXTS.noticeNumber,
          inFours(part.noticeNumber),
          middle,
          codeStyles(STYLES.code),
        ),
        field(pen, OTHER_TEXTS.kind, "P1", { x: 328, width: 30 }, codeStyles(STYLES.code)),
        field(
          pen,
          NOTICE_TEXTS.creditorCode,
          notice.creditorCode,
          middle,
          codeStyles(STYLES.code),
          "right",
        ),
      ]),
    ],
    4,
  );
  return stack([
    cutLine(pen),
    slipBar(pen, partTitle(part)),
    space(10),
    beside([
      accountBox(pen, postal.account, middle.x, 12),
      amountBox(pen, part.amountCents, { x: middle.x, width: RIGHT - middle.x }),
    ]),
    space(8),
    beside([
      stack([
        paragraph(pen, OTHER_TEXTS.postalWhere, left, STYLES.body),
        space(14),
        paragraph(pen, postal.authorisation, left, authorisationStyle),
      ]),
      fields,
      matrixBox(pen, notice, part, postal.account, matrixX),
    ]),
  ]);
}
