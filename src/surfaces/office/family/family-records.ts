// SPDX-License-Identifier: EUPL-1.2
import { formatReceiptCode } from "#booking";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { dataTable, history, tag } from "#ui/components.ts";
import { BILL_STATES, CHARGE_KINDS } from "../money-words.ts";
import { receiptFrom, receiptText } from "../receipt-words.ts";
import { receiptPath } from "../search/find-anything.ts";
import { serviceName } from "../words.ts";
import { actionText } from "./diary-words.ts";
import type { FamilyFile } from "./load-family.ts";

const f = formats("it");

/** What has happened: disputes, bills, charges, receipts, messages, diary. Empty parts are left out. */
export function familyRecords(file: FamilyFile): Html {
  return html`${disputes(file)}${bills(file)}${charges(file)}${receipts(file)}
    <div class="columns">
      <div>${diary(file)}</div>
      <div>${messages(file)}</div>
    </div>`;
}

const nameOf = (file: FamilyFile, childId: string | null): string =>
  childId === null
    ? "Famiglia"
    : (file.family.children.find(({ id }) => id === childId)?.givenName ?? "Altro bambino");

const section = (id: string, title: string, body: Html): Html =>
  html`<section aria-labelledby="${id}">
    <h2 id="${id}" class="section-title">${title}</h2>
    ${body}
  </section>`;

function disputes({ disputes: rows }: FamilyFile): Html | null {
  const open = rows.filter(({ answeredAt }) => answeredAt === null);
  if (open.length === 0) return null;
  const table = dataTable({
    caption: "Contestazioni aperte",
    captionHidden: true,
    columns: [{ label: "Numero", header: true }, { label: "Testo" }, { label: "Risposta entro" }],
    rows: open.map(({ id, number, text, answerDueOn }) => [
      html`<a href="/ufficio/contestazioni/${id}">Contestazione ${number}</a>`,
      text,
      f.dayWithYear(answerDueOn),
    ]),
  });
  return section("contestazioni", "Contestazioni aperte", table);
}

function bills(file: FamilyFile): Html | null {
  if (file.bills.length === 0) return null;
  const table = dataTable({
    caption: "Avvisi di pagamento",
    captionHidden: true,
    columns: [
      { label: "Prospetto", header: true },
      { label: "Mese" },
      { label: "Per" },
      { label: "Scadenza" },
      { label: "Stato" },
      { label: "Totale", align: "end" },
    ],
    rows: file.bills.map((bill) => [
      html`<a href="/ufficio/avvisi/${bill.number}">${bill.number}</a>`,
      f.month(bill.month),
      nameOf(file, bill.childId),
      f.shortDay(bill.dueOn),
      BILL_STATES[bill.state],
      formatEuro(bill.totalCents),
    ]),
  });
  return section("avvisi", "Avvisi di pagamento", table);
}

function charges(file: FamilyFile): Html | null {
  if (file.charges.length === 0) return null;
  const table = dataTable({
    caption: "Ultimi addebiti",
    captionHidden: true,
    columns: [
      { label: "Giorno", header: true },
      { label: "Che cosa" },
      { label: "Importo", align: "end" },
    ],
    rows: file.charges.map((charge) => [
      f.day(charge.date),
      html`${[
        nameOf(file, charge.childId),
        CHARGE_KINDS[charge.kind].toLowerCase(),
        serviceName(file.calendar, charge.serviceId).toLowerCase(),
      ].join(", ")}
      ${charge.reversed && tag("stornato")}`,
      html`<a href="/ufficio/addebiti/${charge.id}"
        ><span class="visually-hidden">Perché </span>${formatEuro(charge.amountCents)}</a
      >`,
    ]),
  });
  return section("addebiti", "Ultimi addebiti", table);
}

function receipts(file: FamilyFile): Html | null {
  if (file.receipts.length === 0) return null;
  const table = dataTable({
    caption: "Ultime ricevute",
    captionHidden: true,
    columns: [
      { label: "Ricevuta", header: true },
      { label: "Per" },
      { label: "Richiesta" },
      { label: "Giorno" },
      { label: "Arrivata" },
    ],
    rows: file.receipts.map((receipt) => [
      html`<a href="${receiptPath(receipt)}"
        >${formatReceiptCode(receipt.number, receipt.checkCode)}</a
      >`,
      nameOf(file, receipt.childId),
      receiptText(receipt),
      receipt.to && !receipt.to.equals(receipt.from)
        ? `${f.dayAndMonth(receipt.from)} – ${f.dayAndMonth(receipt.to)}`
        : f.day(receipt.from),
      `${f.dayAndTime(receipt.receivedAt)}, ${receiptFrom(receipt, file.isDelegated)}`,
    ]),
  });
  return section("ricevute", "Ultime ricevute", table);
}

function messages({ messages: rows }: FamilyFile): Html {
  return section(
    "messaggi",
    "Messaggi",
    rows.length === 0
      ? html`<p class="quiet">Nessun messaggio.</p>`
      : history(
          rows.map(({ plannedAt, readAt, subject }) => ({
            what: subject,
            when: f.dayAndTime(plannedAt),
            who: readAt ? `letto ${f.day(dayOf(readAt))}` : "non ancora letto",
          })),
        ),
  );
}

function diary(file: FamilyFile): Html {
  return section(
    "diario",
    "Diario",
    file.diary.length === 0
      ? html`<p class="quiet">Nessuna operazione registrata.</p>`
      : history(
          file.diary.map((row) => ({
            what: [
              actionText(row.action),
              row.childId && ` (${nameOf(file, row.childId)})`,
              row.reason && `: ${row.reason}`,
            ],
            when: f.dayAndTime(row.at),
            who: file.isDelegated(row) ? `${row.actorName}, persona delegata` : row.actorName,
          })),
        ),
  );
}
