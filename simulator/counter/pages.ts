// SPDX-License-Identifier: EUPL-1.2
import { type Html, html } from "#kernel/html.ts";
import type { Delivery } from "../node/deliveries.ts";
import type { NoticeKey, Payment, Psp, Verified } from "../node/types.ts";
import { euro, frame, inFours } from "../pages/frame.ts";

export interface Typed {
  readonly scan?: string | undefined;
  readonly noticeNumber?: string | undefined;
  readonly fiscalCode?: string | undefined;
}

const again = html`<a class="button" href="/tabaccaio">Un altro avviso</a>`;

export const counterPage = (typed: Typed = {}, problem = ""): Html =>
  frame(
    "Paga al tabaccaio",
    problem ? html`<p class="problem" role="alert" id="problem">${problem}</p>` : "",
    html`<form method="get" action="/tabaccaio/avviso">
      <label
        >Numero avviso
        <span class="hint">18 cifre, come stampate sull'avviso</span>
        <input name="noticeNumber" inputmode="numeric" value="${typed.noticeNumber ?? ""}" />
      </label>
      <label
        >Codice fiscale dell'ente creditore
        <span class="hint">11 cifre</span>
        <input name="fiscalCode" inputmode="numeric" value="${typed.fiscalCode ?? ""}" />
      </label>
      <label
        >Oppure il testo letto dal codice QR
        <span class="hint">comincia con PAGOPA|002|</span>
        <input name="scan" value="${typed.scan ?? ""}" />
      </label>
      <button class="first">Cerca l'avviso</button>
    </form>`,
  );

export const noticePage = (notice: NoticeKey, found: Verified, psp: Psp): Html =>
  frame(
    "Avviso da pagare",
    html`<dl class="box">
        <dt>Ente creditore</dt>
        <dd>${found.companyName}</dd>
        <dt>Causale</dt>
        <dd>${found.description}</dd>
        <dt>Numero avviso</dt>
        <dd>${inFours(notice.noticeNumber)}</dd>
        ${
          found.dueDate && !found.dueDate.startsWith("2099")
            ? html`<dt>Entro il</dt>
                <dd>${found.dueDate.split("-").toReversed().join("/")}</dd>`
            : ""
        }
        <dt>Importo</dt>
        <dd>${euro(found.amountCents)}</dd>
        <dt>Commissione di ${psp.name}</dt>
        <dd>${euro(psp.feeCents)}</dd>
        <dt>Totale</dt>
        <dd class="total">${euro(found.amountCents + psp.feeCents)}</dd>
      </dl>
      <form method="post" action="/tabaccaio/paga">
        <input type="hidden" name="noticeNumber" value="${notice.noticeNumber}" />
        <input type="hidden" name="fiscalCode" value="${notice.creditorFiscalCode}" />
        <input type="hidden" name="amountCents" value="${found.amountCents.toString()}" />
        <button class="first">Paga ${euro(found.amountCents + psp.feeCents)}</button>
      </form>`,
    again,
  );

export const cannotPayPage = (notice: NoticeKey, why: string): Html =>
  frame(
    "Questo avviso non si può pagare",
    html`<p class="problem" role="alert">${why}</p>
      <p>Avviso ${inFours(notice.noticeNumber)}. Nessun importo è stato preso.</p>`,
    again,
  );

const STATES: Readonly<Record<Delivery["state"], string>> = {
  held: "trattenuta, partirà in ordine inverso",
  waiting: "non ancora consegnata, sarà ripetuta",
  delivered: "consegnata all'ente",
  refused: "rifiutata dall'ente: non sarà ripetuta",
  "given-up": "non consegnata dopo tutti i tentativi",
};

export const receiptPage = (payment: Payment, deliveries: readonly Delivery[]): Html =>
  frame(
    "Pagamento eseguito",
    html`<dl class="box">
        <dt>Ente creditore</dt>
        <dd>${payment.companyName}</dd>
        <dt>Causale</dt>
        <dd>${payment.description}</dd>
        <dt>Numero avviso</dt>
        <dd>${inFours(payment.noticeNumber)}</dd>
        <dt>Importo, con commissione di ${euro(payment.feeCents)}</dt>
        <dd class="total">${euro(payment.amountCents + payment.feeCents)}</dd>
        <dt>Identificativo della ricevuta</dt>
        <dd>${payment.receiptId}</dd>
      </dl>
      <h2>La ricevuta per l'ente</h2>
      ${
        deliveries.length === 0
          ? html`<p>
              Non ancora partita.
              <a href="/tabaccaio/ricevute/${payment.receiptId}">Aggiorna la pagina</a>
            </p>`
          : html`<ul>
              ${deliveries.map(
                (one) =>
                  html`<li>
                    ${one.operation}: ${STATES[one.state]}
                    (${one.said || "nessuna risposta finora"}, tentativi: ${one.attempts})
                  </li>`,
              )}
            </ul>`
      }`,
    again,
  );
