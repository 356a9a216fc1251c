// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { letterOf, letterPdf, noticePdf, paperOf, type SheetTown } from "#documents";
import { people } from "#families";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Email } from "#messaging";
import {
  type CollectionAccount,
  collectionAccounts,
  type NoticePaper,
  noticePapers,
  type ShownNotice,
} from "#payments";

/** What a batch of e-mails speaks of and carries, read once before any leaves. */
export interface MailSheets {
  readonly sheetTown: SheetTown;
  readonly papers: ReadonlyMap<string, NoticePaper>;
  /** the PDFs of those that can still be paid; drawn now */
  filesOf(
    noticeIds: readonly string[],
  ): Promise<{ fileName: string; contentType: string; bytes: Uint8Array }[]>;
}

const PAYABLE: readonly ShownNotice["standing"][] = ["to-pay", "preparing", "pending"];

/**
 * Does the message still make sense? A reminder leaves only while nobody is paying what it asks for; any other
 * one while something of it can be paid.
 */
export function standsStill(
  { kind, noticeIds }: Pick<Email, "kind" | "noticeIds">,
  { papers }: Pick<MailSheets, "papers">,
): boolean {
  if (noticeIds.length === 0) return true;
  const standings = noticeIds.map((id) => papers.get(id)?.notice.standing);
  return kind === "reminder"
    ? standings.every((standing) => standing === "to-pay")
    : standings.some((standing) => standing !== undefined && PAYABLE.includes(standing));
}

/** Where an officer signs the town's letters (`office.signatory`), the notice travels behind its letter (OS-16). */
export async function readMailSheets(
  tx: ReadTx,
  of: { noticeIds: readonly string[]; sheetTown: SheetTown; now: Moment },
): Promise<MailSheets> {
  const { sheetTown, now } = of;
  const papers = await noticePapers(tx, of);
  const accounts = await collectionAccounts(tx);
  const childIds = [...papers.values()].flatMap(({ notice }) =>
    notice.lines.flatMap(({ childId }) => childId ?? []),
  );
  const names = new Map((await people(tx, [...new Set(childIds)])).map((one) => [one.id, one]));
  const { services } = await townCalendar(tx);
  const linesOf = ({ notice }: NoticePaper) =>
    notice.lines.map((line) => {
      const child = line.childId ? names.get(line.childId) : undefined;
      return {
        child: child ? `${child.givenName} ${child.surname}` : "",
        service: services.find(({ id }) => id === line.serviceId)?.name ?? notice.subject,
        amountCents: line.amountCents,
      };
    });
  const filesOf: MailSheets["filesOf"] = (noticeIds) =>
    Promise.all(
      noticeIds.flatMap((id) => {
        const paper = papers.get(id);
        if (!paper || !PAYABLE.includes(paper.notice.standing)) return [];
        return [drawFile(paper, { accounts, sheetTown, now, lines: linesOf(paper) })];
      }),
    );
  return { sheetTown, papers, filesOf };
}

async function drawFile(
  { notice, creditorName }: NoticePaper,
  of: {
    accounts: readonly CollectionAccount[];
    sheetTown: SheetTown;
    now: Moment;
    lines: readonly { child: string; service: string; amountCents: bigint }[];
  },
): Promise<{ fileName: string; contentType: string; bytes: Uint8Array }> {
  const { accounts, sheetTown: town, now } = of;
  const paper = paperOf(notice, { creditorName, accounts, town });
  const madeAt = { madeAt: now };
  const signed = town.office.signatory !== "";
  const bytes = signed
    ? await letterPdf(
        letterOf(notice, { paper, lines: of.lines, town, writtenOn: dayOf(now) }),
        madeAt,
      )
    : await noticePdf(paper, madeAt);
  const name = signed ? "lettera" : "avviso";
  return {
    fileName: `${name}-${notice.noticeNumber}.pdf`,
    contentType: "application/pdf",
    bytes,
  };
}
