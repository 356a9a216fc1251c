// SPDX-License-Identifier: EUPL-1.2
import { type ReminderLeft, remindersLeft } from "#billing";
import { townCalendar } from "#calendar";
import { addressLines, letterOf, letterPdf, noticePdf, paperOf, type SheetTown } from "#documents";
import { debtors, people } from "#families";
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
  /** by the e-mail's `dedupeKey`: what is left of it */
  readonly reminders: ReadonlyMap<string, ReminderLeft>;
  /** the PDFs of those that can still be paid; drawn now */
  filesOf(
    noticeIds: readonly string[],
  ): Promise<{ fileName: string; contentType: string; bytes: Uint8Array }[]>;
}

const PAYABLE: readonly ShownNotice["standing"][] = ["to-pay", "preparing", "pending"];

/** What leaves now. */
export interface MailNow {
  readonly subject: string;
  readonly body: string;
  readonly noticeIds: readonly string[];
}

/**
 * What the message says when it leaves; `null`: nothing of it is to be said any more. A reminder asks for what is still
 * unpaid and nobody is paying; any other message goes while something of it can be paid.
 */
export function mailNow(
  { kind, subject, body, noticeIds, dedupeKey }: Email,
  { papers, reminders }: Pick<MailSheets, "papers" | "reminders">,
): MailNow | null {
  if (kind === "reminder") return reminders.get(dedupeKey) ?? null;
  const standings = noticeIds.map((id) => papers.get(id)?.notice.standing);
  const stands =
    noticeIds.length === 0 ||
    standings.some((standing) => standing !== undefined && PAYABLE.includes(standing));
  return stands ? { subject, body, noticeIds } : null;
}

/** Where an officer signs the town's letters (`office.signatory`), the notice travels behind its letter (OS-16). */
export async function readMailSheets(
  tx: ReadTx,
  of: { emails: readonly Email[]; sheetTown: SheetTown; now: Moment },
): Promise<MailSheets> {
  const { emails, sheetTown, now } = of;
  const noticeIds = [...new Set(emails.flatMap((email) => email.noticeIds))];
  const papers = await noticePapers(tx, { noticeIds, now });
  const due = emails.filter(({ kind }) => kind === "reminder");
  const reminders = await remindersLeft(tx, { emails: due, now });
  const accounts = await collectionAccounts(tx);
  const childIds = [...papers.values()].flatMap(({ notice }) =>
    notice.lines.flatMap(({ childId }) => childId ?? []),
  );
  const holderIds = [...papers.values()].map(({ notice }) => notice.holderId);
  const payers = await debtors(tx, [...new Set(holderIds)]);
  const adults = [...payers.values()].map(({ personId }) => personId);
  const known = await people(tx, [...new Set([...childIds, ...adults])]);
  const names = new Map(known.map((one) => [one.id, one]));
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
  const filesOf: MailSheets["filesOf"] = (ids) =>
    Promise.all(
      ids.flatMap((id) => {
        const paper = papers.get(id);
        if (!paper || !PAYABLE.includes(paper.notice.standing)) return [];
        const payer = names.get(payers.get(paper.notice.holderId)?.personId ?? "");
        const of = { lines: linesOf(paper), debtorLines: addressLines(payer) };
        return [drawFile(paper, { accounts, sheetTown, now, ...of })];
      }),
    );
  return { sheetTown, papers, reminders, filesOf };
}

async function drawFile(
  { notice, transfers }: NoticePaper,
  of: {
    accounts: readonly CollectionAccount[];
    sheetTown: SheetTown;
    now: Moment;
    lines: readonly { child: string; service: string; amountCents: bigint }[];
    debtorLines: readonly string[];
  },
): Promise<{ fileName: string; contentType: string; bytes: Uint8Array }> {
  const { accounts, sheetTown: town, now, lines, debtorLines } = of;
  const paper = paperOf(notice, { transfers, accounts, town, debtorLines });
  const madeAt = { madeAt: now };
  const signed = town.office.signatory !== "";
  const bytes = signed
    ? await letterPdf(
        letterOf(notice, { paper, lines, town, writtenOn: dayOf(now), debtorLines }),
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
