// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { type CaseOutcome, inFours, type NoticeDetail } from "#payments";
import {
  actionForm,
  alert,
  dataTable,
  definitionList,
  history,
  linkButton,
  linkList,
  type Row,
} from "#ui/components.ts";
import { qrText } from "#documents";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { billName, noticeName, noticePath } from "./family-notices.ts";
import { type LoadedNotice, loadNotice } from "./load-notice.ts";
import { noticeState, otherAmountNote, outcomeText } from "./notice-state.ts";
import { payWords } from "./pay-words.ts";
import { qrCode } from "./qr-code.ts";
import { topUpWords } from "./unfinished-top-ups.ts";

/** GET /pagamenti/avvisi/:numero: the paper notice's data on the screen, to be shown or copied (MC-03, BO-06, PE-11). */
export function showNotice(visit: Visit): Promise<Answer> {
  return inMoney(visit, async (tx, scope) => {
    const loaded = await loadNotice(tx, scope, visit);
    return loaded ? noticePage(visit, scope, loaded) : notFound;
  });
}

function noticePage(visit: Visit, scope: FamilyScope, loaded: LoadedNotice): Html {
  const { lang } = visit;
  const w = payWords(lang);
  const { notice, bill, isOpen } = loaded;
  const isPayable = isOpen || notice.standing === "pending";
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.notice,
      title: w.noticeTitle(inFours(notice.noticeNumber)),
      lead: bill ? billName(bill, scope, lang) : noticeName(notice, scope, lang),
      back: { href: "/pagamenti", label: w.payments },
      body: html`${standingNote(loaded, visit)}${factsPart(loaded, visit)}${
          isOpen && payPart(loaded, visit)
        }${isPayable && wherePart(loaded, scope, visit)}${receiptPart(notice, lang)}${linesPart(loaded, scope, lang)}${positionPart(notice, visit)}
        <h2 class="section-title">${w.history}</h2>
        ${historyPart(notice, lang)}${
          isOpen &&
          (notice.kind === "top-up" || notice.kind === "first-notice") &&
          html`<div class="button-row">
            ${linkButton({ href: `${noticePath(notice.noticeNumber)}/elimina`, label: w.remove, kind: "quiet" })}
          </div>`
        }`,
    },
  );
}

/** What the state means for whoever holds it. */
function standingNote({ notice, bill, otherOption }: LoadedNotice, visit: Visit): Html | null {
  const { lang } = visit;
  const w = payWords(lang);
  const note = (title: string, body?: string): Html =>
    alert({ tone: "info", title, ...(body ? { body } : {}) });
  switch (notice.standing) {
    case "pending": {
      const since = notice.openAttemptAt ? formats(lang).time(notice.openAttemptAt) : "";
      return alert({
        tone: "info",
        title: w.pendingSince(since),
        body: html`${w.pendingHow}
          <a href="/carrello?avviso=${notice.noticeNumber}">${w.interrupted}</a>`,
      });
    }
    case "preparing":
      return alert({
        tone: "info",
        title: w.preparing,
        body: html`<a href="${noticePath(notice.noticeNumber)}">${w.refresh}</a>`,
      });
    case "expired":
      return note(notice.kind === "top-up" ? topUpWords(lang).over : w.expired);
    case "replaced":
      return alert({
        tone: "info",
        title: w.replacedBy,
        ...(notice.replacedByNumber
          ? {
              body: html`<a href="${noticePath(notice.replacedByNumber)}"
                >${w.payThat(inFours(notice.replacedByNumber))}</a
              >`,
            }
          : {}),
      });
    case "cancelled":
      return note(notice.kind === "top-up" ? w.cancelledNote : w.cancelledByOffice);
    case "paid-elsewhere":
      return note(w.paidElsewhere);
    case "revoked":
      return alert({ tone: "warning", title: w.revoked });
    case "paid": {
      const { other } = notice;
      return other && alert({ tone: toneOf(other.outcome), title: otherAmountNote(notice, lang) });
    }
    case "to-pay":
      if (bill?.state === "paid") return note(w.billPaid);
      if (otherOption) return note(w.anotherOption);
      return notice.isGivenUp ? note(w.failed, w.cancelledBody) : null;
  }
}

function factsPart({ notice, isOpen }: LoadedNotice, visit: Visit): Html {
  const isPayable = isOpen || notice.standing === "pending";
  const { lang } = visit;
  const f = formats(lang);
  const w = payWords(lang);
  const rows: Row[] = [
    { label: w.state, value: noticeState(notice, visit) },
    { label: w.amount, value: html`<strong>${formatEuro(notice.amountCents)}</strong>` },
    ...(notice.dueOn || isPayable
      ? [
          {
            label: isPayable ? w.dueOn : w.wasDue,
            value: notice.dueOn ? f.dayWithYear(notice.dueOn) : w.noDue,
          },
        ]
      : []),
    {
      label: isPayable ? w.number : w.numberOver,
      value: html`<span id="numero-avviso" class="notice-number"
        >${inFours(notice.noticeNumber)}</span
      >`,
      action:
        isPayable &&
        html`<button
          type="button"
          class="btn btn-quiet needs-script"
          data-copy="numero-avviso"
          data-copied="${w.copied}"
        >
          <span>${w.copy}</span>
        </button>`,
    },
    { label: w.creditor, value: notice.creditorFiscalCode },
    {
      label: w.debtor,
      value: html`${notice.debtorName}<br /><span class="quiet"
          >${notice.debtorFiscalCode === "ANONIMO" ? w.anonymous : notice.debtorFiscalCode}</span
        >`,
    },
  ];
  return definitionList(rows);
}

function payPart({ notice, paying }: LoadedNotice, visit: Visit): Html {
  const w = payWords(visit.lang);
  const path = noticePath(notice.noticeNumber);
  return html`<div class="button-row">
    ${
      paying.online &&
      actionForm({
        action: "/carrello",
        csrf: visit.csrf,
        key: visit.newKey(),
        label: w.payNow,
        fields: { avviso: notice.noticeNumber, azione: "paga" },
      })
    }${linkButton({ href: `${path}/avviso.pdf`, label: w.download, kind: paying.online ? "secondary" : "primary" })}${linkButton({ href: `${path}/lettera.pdf`, label: w.letter })}
  </div>`;
}

/** The code to show at the counter, and where the counters are (BO-05, PE-12, OS-07). */
function wherePart({ notice }: LoadedNotice, scope: FamilyScope, visit: Visit): Html {
  const { lang } = visit;
  const w = payWords(lang);
  const { noticeNumber, creditorFiscalCode: creditorCode, amountCents } = notice;
  const { places } = scope.settings.town("collection", visit.today);
  return html`<h2 class="section-title">${w.where}</h2>
    <div class="qr-box">
      ${qrCode(qrText({ noticeNumber, creditorCode, amountCents }), w.qr(formatEuro(amountCents)))}
    </div>
    <p>${w.whereHow}</p>
    ${places.length > 0 && definitionList([{ label: w.places, value: formats(lang).list(places) }])}`;
}

function receiptPart(notice: NoticeDetail, lang: Lang): Html | null {
  const f = formats(lang);
  const w = payWords(lang);
  const [first, ...more] = notice.receipts;
  if (!first) return null;
  return html`<h2 class="section-title">${w.theReceipt}</h2>
    ${definitionList([
      { label: w.paidAt, value: f.dayAndTime(first.paidAt) },
      { label: w.amount, value: formatEuro(first.amountCents) },
      ...(first.feeCents === null ? [] : [{ label: w.fee, value: formatEuro(first.feeCents) }]),
      { label: w.psp, value: first.pspName },
      { label: w.receiptId, value: html`<span class="code-word">${first.receiptId}</span>` },
    ])}
    ${
      notice.standing !== "revoked" &&
      html`<div class="button-row">
        ${linkButton({ href: `${noticePath(notice.noticeNumber)}/ricevuta.pdf`, label: w.receipt, kind: "primary" })}
      </div>`
    }
    ${
      // Another amount is told at the top of the page.
      first.outcome &&
      first.verdict !== "other-amount" &&
      alert({
        tone: toneOf(first.outcome),
        title: w.checkedReceipt(outcomeText(first.outcome, lang)),
      })
    }
    ${more.map(
      ({ outcome, paidAt, amountCents }) =>
        outcome &&
        alert({
          tone: toneOf(outcome),
          title: `${f.dayAndTime(paidAt)}: ${formatEuro(amountCents)}`,
          body: w.secondReceipt(outcomeText(outcome, lang)),
        }),
    )}`;
}

const toneOf = ({ word }: CaseOutcome): "warning" | "info" =>
  word === "checking" || word === "revoked" ? "warning" : "info";

function linesPart({ notice, bill }: LoadedNotice, scope: FamilyScope, lang: Lang): Html {
  const w = payWords(lang);
  const nameOf = (line: NoticeDetail["lines"][number]): string => {
    const child = scope.children.find(({ id }) => id === line.childId);
    const service = scope.calendar.services.find(({ id }) => id === line.serviceId);
    const what = service ? capital(shortName(service, lang)) : notice.subject;
    return child ? `${child.name}, ${what.toLowerCase()}` : what;
  };
  return html`<h2 class="section-title">${w.forWhat}</h2>
    ${dataTable({
      caption: w.forWhat,
      captionHidden: true,
      phone: "scroll",
      columns: [
        { label: w.what, header: true },
        { label: w.amount, align: "end" },
      ],
      rows: notice.lines.map((line) => [nameOf(line), formatEuro(line.amountCents)]),
      foot: [w.total, formatEuro(notice.amountCents)],
    })}${
      bill &&
      linkList([
        {
          href: `/pagamenti/${bill.number}`,
          label: billName(bill, scope, lang),
          note: w.bill,
        },
      ])
    }`;
}

/** The whole and its instalments, when there are both. */
function positionPart(notice: NoticeDetail, visit: Visit): Html | null {
  const { lang } = visit;
  const w = payWords(lang);
  const others = notice.position.filter(({ id }) => id !== notice.id);
  if (others.length === 0) return null;
  const f = formats(lang);
  return html`<h2 class="section-title">${w.instalments}</h2>
    ${linkList(
      others.map((one) => ({
        href: noticePath(one.noticeNumber),
        label: `${one.instalment === null ? w.whole : w.instalment(one.instalment)}: ${formatEuro(one.amountCents)}`,
        note: one.dueOn ? w.dueBy(f.dayBy(one.dueOn, visit.today)) : undefined,
      })),
    )}`;
}

/** The newest first; several questions of one counter are one line. */
function historyPart(notice: NoticeDetail, lang: Lang): Html {
  const f = formats(lang);
  const w = payWords(lang);
  return history(
    notice.events.toReversed().map(({ kind, at, by }) => ({
      what: w.events[kind] ?? kind,
      when: f.dayAndTime(at),
      // Who asked is a station's number: nothing that a family could do anything with.
      who: kind === "asked" ? "pagoPA" : by,
    })),
  );
}
