// SPDX-License-Identifier: EUPL-1.2
import { holderNames } from "#families";
import { type Content, html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  explainMoney,
  flowDetail,
  type FlowPayment,
  inFours,
  previewRevoked,
  receiptFromFlow,
  receiveReceipt,
  undoRevoked,
} from "#payments";
import {
  alert,
  dataTable,
  definitionList,
  errorFor,
  type FieldError,
  form,
  textArea,
} from "#ui/components.ts";
import { writeRecoveredReceipt } from "../../../integrations/pagopa/biz-events.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";
import {
  f,
  flowPath,
  movementPath,
  OUTCOME_WORDS,
  PATH,
  paymentPath,
  RECOVERY_WORDS,
  shortDay,
  STANDING_WORDS,
} from "./words.ts";

/** Why a credit is not taken off. */
const UNDO_WORDS = {
  "already-undone": "Il credito era già stato tolto.",
  "never-credited": "Non c'è una ricevuta di questo pagamento: nessuno è stato accreditato.",
  "amount-differs": "L'importo non è quello della ricevuta: il credito non si toglie da sé.",
  "refund-ordered": "L'importo è fra i rimborsi: fermare prima la richiesta di rimborso.",
  "not-revoked": "Il flusso non dice più che il pagamento è revocato.",
};

type Detail = NonNullable<Awaited<ReturnType<typeof flowDetail>>>;

async function loadFlow(visit: Visit): Promise<Detail | null> {
  const id = visit.params["id"] ?? "";
  return isUuid(id) ? visit.town.read((tx) => flowDetail(tx, id)) : null;
}

/** `/ufficio/riconciliazione/flussi/{id}`: what one bank transfer contains, and what the bank says of it. */
export async function flowPage(visit: Visit): Promise<Answer> {
  const detail = await loadFlow(visit);
  if (!detail) return notFound;
  const { flow, payments, movements } = detail;
  return officePage(
    visit,
    { current: "payments" },
    {
      h1: flow.flowCode,
      title: "Flusso",
      lead: `Flusso di rendicontazione di ${flow.pspName}`,
      back: { href: PATH, label: "Riconciliazione" },
      body: html`${
        !flow.addsUp &&
        alert({
          tone: "warning",
          title: "I pagamenti del flusso non fanno il totale o il numero dichiarato.",
          body: "Va chiesto al PSP un flusso corretto: una nuova revisione sostituisce questa.",
        })
      }
      ${definitionList([
        { label: "Bonifico", value: `${flow.bankTransferCode}, ${shortDay(flow.settledOn)}` },
        { label: "Totale del bonifico", value: formatEuro(flow.totalCents) },
        {
          label: "Dei servizi scolastici",
          value: `${formatEuro(flow.ownCents)}, ${plural(flow.ownCount, "pagamento", "pagamenti")} su ${f.number(flow.paymentCount)}`,
        },
        { label: "Revisione", value: String(flow.revision) },
        {
          label: "In tesoreria",
          value: flow.bankedOn ? shortDay(flow.bankedOn) : "Non ancora",
        },
        { label: "Registrato come accreditato", value: formatEuro(flow.postedCents) },
      ])}
      ${
        movements.length > 0 &&
        dataTable({
          caption: "Movimenti di tesoreria",
          columns: [
            { label: "Causale", header: true },
            { label: "Giorno" },
            { label: "Importo", align: "end" },
          ],
          rows: movements.map((one) => [
            html`<a href="${movementPath(one.id)}"
              >${one.causale.slice(0, 120) || one.document}</a
            >`,
            shortDay(one.movedOn),
            formatEuro(one.amountCents),
          ]),
        })
      }
      ${dataTable({
        caption: "Pagamenti dei servizi scolastici",
        columns: [
          { label: "IUV", header: true },
          { label: "Pagato" },
          { label: "Importo", align: "end" },
          { label: "Esito" },
          { label: "Stato" },
        ],
        rows: payments.map((one) => [
          html`<a href="${paymentPath(flow.id, one.line)}">${one.iuv}</a>`,
          shortDay(one.paidOn),
          formatEuro(one.amountCents),
          OUTCOME_WORDS[one.outcome],
          one.note ? `${STANDING_WORDS[one.standing]}: ${one.note}` : STANDING_WORDS[one.standing],
        ]),
      })}`,
    },
  );
}

const paymentOf = (detail: Detail | null, visit: Visit): FlowPayment | undefined =>
  detail?.payments.find(({ line }) => String(line) === visit.params["line"]);

/** `/ufficio/riconciliazione/flussi/{id}/righe/{line}`: one payment, what is known of it, what can be done. */
export async function paymentPage(visit: Visit): Promise<Answer> {
  const detail = await loadFlow(visit);
  const payment = paymentOf(detail, visit);
  if (!detail || !payment) return notFound;
  return paymentView(visit, detail, payment, [], await wouldUndo(visit, detail, payment));
}

interface Undoing {
  readonly isPossible: boolean;
  readonly words: string;
}

/** What taking the credit off would do, in words; null: it cannot be, or was not revoked. */
async function wouldUndo(
  visit: Visit,
  { flow }: Detail,
  { line, standing }: FlowPayment,
): Promise<Undoing | null> {
  if (standing !== "revoked") return null;
  return visit.town.read(async (tx) => {
    const found = await previewRevoked(tx, { flowId: flow.id, line });
    if (found.outcome === "unknown") return null;
    if (found.outcome !== "possible")
      return { isPossible: false, words: UNDO_WORDS[found.outcome] };
    const names = await holderNames(tx, found.holderIds);
    const whose = found.holderIds.flatMap((id) => {
      const name = names.get(id);
      return name ? [`${name.givenName} ${name.surname}`] : [];
    });
    const amount = formatEuro(found.amountCents);
    const words =
      whose.length === 0
        ? `Il denaro è ancora in sospeso: ${amount} escono dai pagamenti da sistemare, nessuna famiglia è stata accreditata.`
        : `Togliendo il credito, il conto di ${f.list(whose)} scende di ${amount} e per pagare l'importo serve un nuovo avviso; la famiglia riceve un messaggio.`;
    return { isPossible: true, words };
  });
}

function paymentView(
  visit: Visit,
  { flow }: Detail,
  payment: FlowPayment,
  errors: readonly FieldError[],
  effect: Undoing | null = null,
): Html {
  const facts: { label: string; value: Content }[] = [
    { label: "Stato", value: STANDING_WORDS[payment.standing] },
    { label: "Importo", value: formatEuro(payment.amountCents) },
    { label: "Pagato", value: shortDay(payment.paidOn) },
    { label: "Esito", value: OUTCOME_WORDS[payment.outcome] },
    { label: "Codice del pagamento (IUR)", value: payment.iur },
    { label: "Parte dell'avviso", value: String(payment.transfer) },
  ];
  if (payment.noticeNumber)
    facts.push({ label: "Avviso della ricevuta", value: inFours(payment.noticeNumber) });
  if (payment.receiptCents !== null)
    facts.push({ label: "Importo nella ricevuta", value: formatEuro(payment.receiptCents) });
  if (payment.recovery) facts.push({ label: "Ricevuta", value: RECOVERY_WORDS[payment.recovery] });
  if (payment.note) facts.push({ label: "Spiegazione", value: payment.note });
  const path = paymentPath(flow.id, payment.line);
  const mayBeReceived = payment.standing === "receipt-missing" && flow.state === "settled";
  const isRevoked = payment.standing === "revoked";
  const mayBeUndone = isRevoked && effect?.isPossible;
  const isDone = isRevoked && payment.note !== null && !mayBeUndone;
  const act = mayBeReceived
    ? { label: "Registra il pagamento dal flusso", value: "registra" }
    : mayBeUndone
      ? { label: "Togli il credito", value: "storna" }
      : null;
  const explain = { label: "Segna come spiegato", name: "atto", value: "spiega" };
  return officePage(
    visit,
    { current: "payments" },
    {
      h1: payment.iuv,
      title: "Pagamento di un flusso",
      lead: `Nel flusso ${flow.flowCode}`,
      back: { href: flowPath(flow.id), label: "Flusso" },
      wide: false,
      errors,
      body: html`${definitionList(facts)}
      ${payment.standing !== "matched" && !isDone && !mayDecide(visit) && onlyManagers()}
      ${
        payment.standing !== "matched" &&
        !isDone &&
        mayDecide(visit) &&
        form({
          action: path,
          csrf: visit.csrf,
          key: visit.newKey(),
          body: html`${
            mayBeReceived &&
            html`<p>
              La tesoreria ha il denaro e il flusso dice chi ha pagato. Se pagoPA non trova la
              ricevuta, il pagamento si può registrare dal flusso: accredita la famiglia come ogni
              altro.
            </p>`
          }
          ${
            isRevoked &&
            html`<p>
              Chi ha eseguito il pagamento lo ha revocato e ha ripreso il denaro. ${effect?.words}
            </p>`
          }
          ${textArea({
            name: "motivo",
            label: "Motivo",
            hint: "Resta nel registro delle operazioni, con il nome di chi scrive.",
            maxlength: 500,
            value: visit.fields.text("motivo"),
            error: errorFor(errors, "motivo"),
          })}`,
          submit: act ? { ...act, name: "atto" } : explain,
          ...(act && { also: { ...explain, kind: "secondary" as const } }),
          cancel: { href: flowPath(flow.id) },
        })
      }`,
    },
  );
}

export async function actOnPayment(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const detail = await loadFlow(visit);
  const payment = paymentOf(detail, visit);
  if (!actor || !detail || !payment) return notFound;
  const flowId = detail.flow.id;
  const { line } = payment;
  const reason = fields.text("motivo");
  const missing = async (): Promise<Answer> => {
    const errors = [{ field: "motivo", message: "Scrivere il motivo." }];
    const effect = await wouldUndo(visit, detail, payment);
    return withStatus(422, paymentView(visit, detail, payment, errors, effect));
  };
  const asked = { flowId, line, reason, missing };
  if (fields.text("atto") === "registra") return receive(visit, asked);
  if (fields.text("atto") === "storna") return undo(visit, asked);
  const explained = await visit.town.write((tx) =>
    explainMoney(tx, { actor, subject: { kind: "payment", flowId, line }, reason, now }),
  );
  switch (explained.outcome) {
    case "explained":
      return seeOther(PATH, "Spiegazione registrata.");
    case "already-matched":
      return seeOther(flowPath(flowId), "Il pagamento ha trovato la sua ricevuta.");
    case "reason-missing":
      return missing();
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}

/** What a revoked payment credited is taken off again. */
async function undo(
  visit: Visit,
  of: { flowId: string; line: number; reason: string; missing: () => Promise<Answer> },
): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return forbidden;
  const { flowId, line, reason } = of;
  const done = await visit.town.write((tx) =>
    undoRevoked(tx, { actor, flowId, line, reason, now }),
  );
  const back = (words: string): Answer => seeOther(paymentPath(flowId, line), words);
  switch (done.outcome) {
    case "undone":
      return back("Credito tolto: la famiglia è avvisata.");
    case "already-undone":
    case "never-credited":
    case "amount-differs":
    case "refund-ordered":
    case "not-revoked":
      return back(UNDO_WORDS[done.outcome]);
    case "reason-missing":
      return of.missing();
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}

/** The receipt made from the flow goes through the inbox like any other. */
async function receive(
  visit: Visit,
  of: { flowId: string; line: number; reason: string; missing: () => Promise<Answer> },
): Promise<Answer> {
  const { actor, app, now } = visit;
  if (!actor) return forbidden;
  const made = await visit.town.write((tx) => receiptFromFlow(tx, { ...of, actor, now }));
  switch (made.outcome) {
    case "ready": {
      const { receipt, stationId } = made;
      await app.db.platform((tx) =>
        receiveReceipt(tx, {
          recipientFiscalCode: receipt.fiscalCode,
          stationId,
          operation: "recovered",
          receipt,
          raw: writeRecoveredReceipt(receipt),
          receivedAt: now,
        }),
      );
      app.receiptsArrived();
      return seeOther(
        flowPath(of.flowId),
        "Pagamento registrato dal flusso: fra pochi secondi accredita la famiglia.",
      );
    }
    case "not-needed":
      return seeOther(flowPath(of.flowId), "Il pagamento ha già la sua ricevuta.");
    case "not-banked":
      return seeOther(flowPath(of.flowId), "La tesoreria non ha ancora il denaro del flusso.");
    case "reason-missing":
      return of.missing();
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}
