// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { deskPayments, inFours, noticesOf, type ShownNotice } from "#payments";
import { dataTable, emptyState, linkButton } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import { DESK_METHOD_WORDS } from "../../web/desk-receipt.ts";
import type { Visit } from "../../web/visit.ts";
import { familyOfAddress, familyPath } from "../family/family-guard.ts";
import { familyFrame } from "../family/family-frame.ts";
import { isOpenNotice, noticePath, standingMark } from "./notice-words.ts";
import { REGISTER_TITLE } from "./ways-to-register.ts";

const f = formats("it");

/** `/ufficio/famiglie/{id}/pagamenti`: every notice of a family, and what the desk registered. */
export async function familyPaymentsPage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    if (!family) return null;
    const holderId = family.holder.id;
    return {
      family,
      notices: await noticesOf(tx, { holderIds: [holderId], now: visit.now }),
      payments: await deskPayments(tx, { holderId }),
    };
  });
  if (!read) return notFound;
  const { family, notices, payments } = read;
  const path = familyPath(family.holder.id);
  // What falls due first is asked for first; without a day at the end.
  const dueKey = ({ dueOn }: ShownNotice): string => dueOn?.toString() ?? "9999";
  const open = notices
    .filter(isOpenNotice)
    .toSorted((a, b) => (dueKey(a) < dueKey(b) ? -1 : dueKey(a) > dueKey(b) ? 1 : 0));
  const closed = notices.filter((notice) => !isOpenNotice(notice));
  return familyFrame(visit, family, {
    h1: "Avvisi e pagamenti",
    headActions: html`${linkButton({ href: `${path}/pagamento`, label: REGISTER_TITLE })}
    ${linkButton({ href: `${path}/rate`, label: "Rate per un debito" })}
    ${linkButton({ href: `${path}/annullamento`, label: "Annulla un debito" })}`,
    body: html`<h2 class="section-title">Da pagare</h2>
      ${
        open.length === 0
          ? emptyState({ icon: "it-check-circle", text: "Niente da pagare." })
          : table("Da pagare", open, visit)
      }
      ${
        payments.length > 0 &&
        html`<h2 class="section-title">Registrati dall'ufficio</h2>
          ${dataTable({
            caption: "Registrati dall'ufficio",
            captionHidden: true,
            columns: [
              { label: "Pagamento", header: true },
              { label: "Data" },
              { label: "Modo" },
              { label: "Chi ha pagato" },
              { label: "Importo", align: "end" },
              { label: "Stato" },
            ],
            rows: payments.map((one) => [
              html`<a href="/ufficio/pagamenti/registrati/${one.id}">N. ${one.number}</a>`,
              f.shortDay(one.paidOn),
              DESK_METHOD_WORDS[one.method],
              one.payerName,
              formatEuro(one.amountCents),
              one.replacedByNotice === null ? "Registrato" : "Sostituito dalla ricevuta di pagoPA",
            ]),
          })}`
      }
      ${
        closed.length > 0 &&
        html`<h2 class="section-title">Pagati e chiusi</h2>
          ${table("Pagati e chiusi", closed, visit)}`
      }`,
  });
}

const table = (caption: string, rows: readonly ShownNotice[], visit: Visit): Html =>
  dataTable({
    caption,
    captionHidden: true,
    columns: [
      { label: "Avviso", header: true },
      { label: "Per" },
      { label: "Entro" },
      { label: "Importo", align: "end" },
      { label: "Stato" },
    ],
    rows: rows.map((notice) => [
      html`<a href="${noticePath(notice.noticeNumber)}">${inFours(notice.noticeNumber)}</a>`,
      [notice.subject, notice.instalment && `rata ${notice.instalment}`].filter(Boolean).join(", "),
      notice.dueOn ? f.shortDay(notice.dueOn) : "",
      notice.other === null
        ? formatEuro(notice.amountCents)
        : `${formatEuro(notice.other.amountCents)} invece di ${formatEuro(notice.amountCents)}`,
      standingMark(notice, visit),
    ]),
  });
