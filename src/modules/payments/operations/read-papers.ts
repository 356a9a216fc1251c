// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import * as notices from "../sql/notices.ts";
import { type ShownNotice, standingOf } from "./read-notices.ts";

/** What a sheet of paper or an e-mail says of a notice. */
export interface NoticePaper {
  readonly notice: notices.Notice & Pick<ShownNotice, "standing" | "lines">;
  readonly transfers: readonly notices.TransferRow[];
}

/** Some notices with what is printed of them, by id; three statements whatever their number. */
export async function noticePapers(
  tx: ReadTx,
  of: { noticeIds: readonly string[]; now: Moment },
): Promise<Map<string, NoticePaper>> {
  const [rows, lines, transfers] = await Promise.all([
    notices.noticesById(tx, of.noticeIds),
    notices.linesOf(tx, of.noticeIds),
    notices.transfersOf(tx, of.noticeIds),
  ]);
  const linesOf = Map.groupBy(lines, ({ noticeId }) => noticeId);
  const transfersOf = Map.groupBy(transfers, ({ noticeId }) => noticeId);
  return new Map(
    rows.map((row) => {
      const standing = standingOf(row, of.now);
      const notice = { ...row, standing, lines: linesOf.get(row.id) ?? [] };
      return [row.id, { notice, transfers: transfersOf.get(row.id) ?? [] }];
    }),
  );
}
