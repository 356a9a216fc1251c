// SPDX-License-Identifier: EUPL-1.2
/** The PDFs of a notice: always in Italian, as banks, shops and the tax office read them. */
import { people } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { formatEuro } from "#kernel/money.ts";
import { collectionAccounts, iuvOf, type NoticeDetail } from "#payments";
import {
  letterPdf,
  type NoticeCreditor,
  noticePdf,
  type PaperNotice,
  receiptPdf,
} from "#documents";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { loadNotice } from "./load-notice.ts";
import { payWords } from "./pay-words.ts";

const ANONYMOUS = "ANONIMO";

/** What the database knows, read before anything is drawn. */
interface Sheet {
  notice: NoticeDetail;
  paper: PaperNotice;
  lines: { child: string; service: string; amountCents: bigint }[];
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
  return document(visit, async ({ notice, paper, lines }) => {
    const { town, office } = visit.townSettings;
    const subject = `avviso di pagamento, ${notice.subject}`;
    const bytes = await letterPdf(
      {
        notice: paper,
        place: town.shortName,
        writtenOn: visit.today,
        addressee: {
          name: paper.debtor.name,
          lines: paper.debtor.address ? [paper.debtor.address] : [],
        },
        subject,
        opening: [
          `Con l'avviso allegato si pagano ${formatEuro(notice.amountCents)} per i servizi indicati qui sotto.`,
        ],
        closing: [
          "Si paga on line dal portale dei servizi scolastici, oppure con l'avviso allegato in banca, alle poste, dai tabaccai, agli sportelli automatici e con le app abilitate a pagoPA. Può pagare qualsiasi adulto che ha l'avviso.",
          "La ricevuta resta nel portale.",
        ],
        lines: lines.map((line) => ({ ...line, detail: notice.subject })),
        signature: { role: office.name, name: office.signatory || office.contactPerson },
      },
      { madeAt: visit.now },
    );
    return { name: `lettera-${notice.noticeNumber}`, bytes };
  });
}

/** GET …/ricevuta.pdf: of the receipt that paid it; 404 while there is none. */
export function receiptDocument(visit: Visit): Promise<Answer> {
  return document(visit, async ({ notice, paper, lines }) => {
    const [receipt] = notice.receipts;
    if (!receipt) return null;
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
  const ids = notice.lines.flatMap(({ childId }) => childId ?? []);
  const names = new Map((await people(tx, ids)).map((one) => [one.id, one]));
  const accounts = (await collectionAccounts(tx)).filter(
    ({ creditorFiscalCode, retiredAt }) =>
      creditorFiscalCode === notice.creditorFiscalCode && retiredAt === null,
  );
  const lines = notice.lines.map((line) => {
    const child = line.childId ? names.get(line.childId) : undefined;
    const service = scope.calendar.services.find(({ id }) => id === line.serviceId);
    return {
      child: child ? `${child.givenName} ${child.surname}` : "",
      service: service?.name ?? notice.subject,
      amountCents: line.amountCents,
    };
  });
  return { notice, paper: paperOf(notice, accounts, visit), lines };
}

function paperOf(
  notice: NoticeDetail,
  accounts: Awaited<ReturnType<typeof collectionAccounts>>,
  visit: Visit,
): PaperNotice {
  const { town, office } = visit.townSettings;
  const postal = accounts.find(({ kind }) => kind === "postal");
  const own = notice.transfers.find(({ fiscalCode }) => fiscalCode === notice.creditorFiscalCode);
  const creditor: NoticeCreditor = {
    name: own?.name ?? town.name,
    officeName: office.name,
    fiscalCode: notice.creditorFiscalCode,
    ...(town.website ? { site: town.website } : {}),
    ...(office.address || town.address ? { address: office.address || town.address } : {}),
    contacts: [office.phones[0], office.emails[0]].filter(Boolean).join(", "),
    payableOnSite: visit.app.pagoPa.checkoutOrigin !== null,
  };
  const { noticeNumber, amountCents, dueOn, debtorFiscalCode } = notice;
  return {
    creditor,
    debtor: {
      name: notice.debtorName,
      fiscalCode: debtorFiscalCode === ANONYMOUS ? null : debtorFiscalCode,
    },
    subject:
      notice.instalment === null
        ? notice.subject
        : `${notice.subject}, ${payWords("it").instalment(notice.instalment).toLowerCase()}`,
    single: { noticeNumber, amountCents, dueOn },
    ...(postal?.postalAuthorisation
      ? {
          postal: {
            account: postal.postalAccount,
            holder: postal.postalHolder,
            authorisation: postal.postalAuthorisation,
          },
        }
      : {}),
  };
}
