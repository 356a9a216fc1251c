// SPDX-License-Identifier: EUPL-1.2
import { holderNames } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  cancelNotice,
  inFours,
  noticeDetail,
  type NoticeDetail,
  type RemoteStanding,
  remoteStandingOf,
} from "#payments";
import {
  dataTable,
  definitionList,
  errorFor,
  form,
  history,
  linkButton,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage } from "./money-page.ts";
import {
  isDebt,
  isOpenNotice,
  NOTICE_EVENTS,
  NOTICE_KINDS,
  noticePath,
  standingMark,
} from "./notice-words.ts";
import { remoteText } from "../station/station-words.ts";
import { type AccountNames, accountNames } from "./request-words.ts";

const f = formats("it");

interface Loaded {
  readonly notice: NoticeDetail;
  readonly names: AccountNames;
  readonly surname: string;
  /** what pagoPA knows of it */
  readonly remote: RemoteStanding | null;
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const noticeNumber = visit.params["numero"] ?? "";
  if (!/^\d{18}$/.test(noticeNumber)) return null;
  const notice = await noticeDetail(tx, { noticeNumber, holderIds: "any", now: visit.now });
  if (!notice) return null;
  const { lines, holderId } = notice;
  return {
    notice,
    names: await accountNames(tx, {
      holderIds: lines.map((line) => line.holderId),
      childIds: lines.flatMap(({ childId, accountChildId }) => [childId, accountChildId]),
    }),
    surname: (await holderNames(tx, [holderId])).get(holderId)?.surname ?? "",
    remote: (await remoteStandingOf(tx, notice.id)) ?? null,
  };
}

/** `/ufficio/pagamenti/avvisi/{numero}`: what it asks, for whom, what happened; deleting it, or paying in instalments. */
export async function noticePage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  return loaded ? view(visit, loaded, { values: {}, errors: [] }) : notFound;
}

/** The office takes back anything unpaid, with a reason. */
export async function cancelNoticeNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const reason = fields.text("motivo").slice(0, 300);
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit);
    if (!loaded) return notFound;
    const { id, noticeNumber } = loaded.notice;
    const wrong = (message: string): Answer =>
      withStatus(
        422,
        view(visit, loaded, { values: { motivo: reason }, errors: [{ field: "motivo", message }] }),
      );
    if (reason === "") return wrong("Scrivere il motivo.");
    if (!mayDecide(visit)) return wrong(FORBIDDEN_WORDS);
    const done = await cancelNotice(tx, { actor, noticeId: id, reason, now });
    switch (done.outcome) {
      case "cancelled":
      case "already-cancelled":
        return seeOther(noticePath(noticeNumber), "Avviso eliminato: il numero non vale più.");
      case "too-late":
        return wrong("L'avviso non è più da pagare: non si elimina.");
      case "payment-pending":
        return wrong("Qualcuno lo sta pagando in questo momento: riprovare tra mezz'ora.");
      case "not-by-the-family":
      case "forbidden":
        return wrong(FORBIDDEN_WORDS);
    }
  });
}

function view(visit: Visit, { notice, names, surname, remote }: Loaded, state: FormState): Html {
  const isOpen = isOpenNotice(notice);
  return moneyPage(visit, "cases", {
    h1: `Avviso ${inFours(notice.noticeNumber)}`,
    lead: `${formatEuro(notice.amountCents)}, ${notice.subject}`,
    back: {
      href: `/ufficio/famiglie/${notice.holderId}/pagamenti`,
      label: `Avvisi e pagamenti, famiglia ${surname}`,
    },
    wide: false,
    errors: state.errors,
    headActions:
      isOpen &&
      isDebt(notice) &&
      mayDecide(visit) &&
      linkButton({ href: `${noticePath(notice.noticeNumber)}/rate`, label: "Paga a rate" }),
    body: html`${definitionList([
        { label: "Stato", value: standingMark(notice, visit) },
        ...(notice.replacedByNumber
          ? [
              {
                label: "Al suo posto",
                value: html`<a href="${noticePath(notice.replacedByNumber)}"
                  >${inFours(notice.replacedByNumber)}</a
                >`,
              },
            ]
          : []),
        { label: "Importo", value: html`<strong>${formatEuro(notice.amountCents)}</strong>` },
        ...(notice.other === null
          ? []
          : [{ label: "Importo pagato", value: formatEuro(notice.other.amountCents) }]),
        { label: "Tipo", value: NOTICE_KINDS[notice.kind] },
        ...(notice.instalment ? [{ label: "Rata", value: `${notice.instalment}` }] : []),
        { label: "Intestato a", value: `${notice.debtorName}, ${notice.debtorFiscalCode}` },
        { label: "Entro", value: notice.dueOn ? f.dayWithYear(notice.dueOn) : "senza scadenza" },
        { label: "Emesso", value: `${f.dayAndTime(notice.issuedAt)}, ${notice.issuedBy}` },
        ...(remote ? [{ label: "A pagoPA", value: remoteText(remote) }] : []),
      ])}
      <h2 class="section-title">Per che cosa</h2>
      ${lineTable(notice, names)}${notice.receipts.length > 0 && receiptTable(notice)}
      <h2 class="section-title">Che cosa è successo</h2>
      ${history(
        notice.events.toReversed().map((event) => ({
          when: f.dayAndTime(event.at),
          who: event.by,
          what: eventText(event),
        })),
      )}
      ${isOpen && mayDecide(visit) && cancelForm(visit, notice, state)}`,
  });
}

const eventText = ({ kind, details }: NoticeDetail["events"][number]): string => {
  const { reason } = details;
  return typeof reason === "string" && reason !== ""
    ? `${NOTICE_EVENTS[kind]}: ${reason}`
    : NOTICE_EVENTS[kind];
};

const lineTable = (notice: NoticeDetail, names: AccountNames): Html =>
  dataTable({
    caption: "Per che cosa",
    captionHidden: true,
    columns: [
      { label: "Conto", header: true },
      { label: "Importo", align: "end" },
    ],
    rows: notice.lines.map((line) => [
      names.account({ childId: line.childId, serviceId: line.serviceId }),
      formatEuro(line.amountCents),
    ]),
    foot: ["Totale", formatEuro(notice.amountCents)],
  });

const receiptTable = (notice: NoticeDetail): Html =>
  html`<h2 class="section-title">Ricevute</h2>
    ${dataTable({
      caption: "Ricevute",
      captionHidden: true,
      columns: [
        { label: "Identificativo", header: true },
        { label: "Pagata" },
        { label: "Da chi" },
        { label: "Presso" },
        { label: "Importo", align: "end" },
      ],
      rows: notice.receipts.map((receipt) => [
        receipt.receiptId,
        f.dayAndTime(receipt.paidAt),
        receipt.payerName || "non indicato",
        receipt.pspName,
        formatEuro(receipt.amountCents),
      ]),
    })}`;

const cancelForm = (visit: Visit, notice: NoticeDetail, { values, errors }: FormState): Html =>
  html`<h2 class="section-title">Elimina l'avviso</h2>
    ${form({
      action: noticePath(notice.noticeNumber),
      csrf: visit.csrf,
      key: visit.newKey(),
      body: textField({
        name: "motivo",
        label: "Motivo",
        value: values["motivo"],
        maxlength: 300,
        error: errorFor(errors, "motivo"),
      }),
      submit: { label: "Elimina l'avviso", kind: "danger" },
    })}`;
