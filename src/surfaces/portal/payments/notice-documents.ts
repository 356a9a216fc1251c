// SPDX-License-Identifier: EUPL-1.2
/** The PDFs of a notice: always in Italian, as banks, shops and the tax office read them. */
import { debtors, people } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { collectionAccounts, iuvOf, type NoticeDetail } from "#payments";
import {
  addressLines,
  letterOf,
  letterPdf,
  noticePdf,
  type PaperNotice,
  paperOf,
  receiptPdf,
  type SheetTown,
} from "#documents";
import { townLogo } from "#tenancy";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { loadNotice } from "./load-notice.ts";

/** What the database knows, read before anything is drawn. */
interface Sheet {
  notice: NoticeDetail;
  town: SheetTown;
  paper: PaperNotice;
  lines: { child: string; service: string; amountCents: bigint }[];
  /** where who pays lives; for nobody else's eyes */
  debtorLines: string[];
}

/** GET /pagamenti/avvisi/:numero/avviso.pdf: pagoPA's paper notice (PE-11, BO-06). */
export function noticeDocument(visit: Visit): Promise<Answer> {
  return document(visit, async ({ notice, paper }) => ({
    name: `avviso-${notice.noticeNumber}`,
    bytes: await noticePdf(paper, { madeAt: visit.now }),
  }));
}

/** GET …/lettera.pdf: the same behind the municipality's letter, signed (OS-15, OS-16). */
export function letterDocument(visit: Visit): Promise<Answer> {
  return document(visit, async ({ notice, paper, ...sheet }) => {
    const writtenOn = visit.today;
    const letter = letterOf(notice, { paper, ...sheet, writtenOn });
    const bytes = await letterPdf(letter, { madeAt: visit.now });
    return { name: `lettera-${notice.noticeNumber}`, bytes };
  });
}

/** GET …/ricevuta.pdf: of the receipt that paid it; 404 while there is none, and when its payment was revoked. */
export function receiptDocument(visit: Visit): Promise<Answer> {
  return document(visit, async ({ notice, paper, lines }) => {
    const [receipt] = notice.receipts;
    if (!receipt || notice.standing === "revoked") return null;
    const bytes = await receiptPdf(
      {
        creditor: paper.creditor,
        receiptId: receipt.receiptId,
        noticeNumber: notice.noticeNumber,
        iuv: receipt.iuv || iuvOf(notice.noticeNumber),
        paidAt: receipt.paidAt,
        appliedOn: receipt.appliedOn,
        pspName: receipt.pspName,
        pspFiscalCode: receipt.pspFiscalCode || null,
        amountCents: receipt.amountCents,
        feeCents: receipt.feeCents,
        description: receipt.description,
        debtor: paper.debtor,
        ...(receipt.payerName
          ? { payer: { name: receipt.payerName, fiscalCode: receipt.payerFiscalCode } }
          : {}),
        traceable: receipt.traceable,
        // Another sum than the notice's has no lines of its own yet.
        lines: receipt.amountCents === notice.amountCents ? lines : [],
      },
      { madeAt: visit.now },
    );
    return { name: `ricevuta-${notice.noticeNumber}`, bytes };
  });
}

/** Read inside the transaction, drawn outside it: nobody waits for a drawing. */
async function document(
  visit: Visit,
  draw: (sheet: Sheet) => Promise<{ name: string; bytes: Uint8Array } | null>,
): Promise<Answer> {
  const sheet = await visit.town.read(async (tx) => {
    const scope = await familyScope(tx, visit);
    return scope && readSheet(tx, scope, visit);
  });
  const drawn = sheet && (await draw(sheet));
  if (!drawn) return notFound;
  return {
    kind: "file",
    contentType: "application/pdf",
    bytes: drawn.bytes,
    fileName: `${drawn.name}.pdf`,
  };
}

async function readSheet(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Sheet | null> {
  const loaded = await loadNotice(tx, scope, visit);
  if (!loaded) return null;
  const { notice } = loaded;
  const payerId = (await debtors(tx, [notice.holderId])).get(notice.holderId)?.personId;
  const ids = [payerId ?? [], ...notice.lines.map(({ childId }) => childId ?? [])].flat();
  const names = new Map((await people(tx, ids)).map((one) => [one.id, one]));
  const debtorLines = payerId === scope.personId ? addressLines(names.get(payerId)) : [];
  const accounts = await collectionAccounts(tx);
  const lines = notice.lines.map((line) => {
    const child = line.childId ? names.get(line.childId) : undefined;
    const service = scope.calendar.services.find(({ id }) => id === line.serviceId);
    return {
      child: child ? `${child.givenName} ${child.surname}` : "",
      service: service?.name ?? notice.subject,
      amountCents: line.amountCents,
    };
  });
  const town: SheetTown = {
    ...visit.townSettings,
    collection: scope.settings.town("collection", visit.today),
    payableOnSite: visit.app.pagoPa.checkoutOrigin !== null,
    logoPng: await townLogo(tx),
  };
  const paper = paperOf(notice, { transfers: notice.transfers, accounts, town, debtorLines });
  return { notice, town, paper, lines, debtorLines };
}
