// SPDX-License-Identifier: EUPL-1.2
import { type Html, html } from "#kernel/html.ts";
import type { Psp } from "../node/types.ts";
import { euro, frame, inFours } from "../pages/frame.ts";
import type { Cart } from "./carts.ts";

export const cartPath = (cart: Cart): string => `/checkout/c/${cart.id}`;

export function cartPage(cart: Cart, psp: Psp): Html {
  const { paymentNotices, emailNotice } = cart.request;
  const sum = paymentNotices.reduce((total, { amount }) => total + BigInt(amount), 0n);
  const press = (what: string, words: string, first = false): Html =>
    html`<form method="post" action="${cartPath(cart)}/${what}">
      <button class="${first ? "first" : ""}">${words}</button>
    </form>`;
  return frame(
    "Paga con carta",
    html`<section class="box" aria-labelledby="what">
      <h2 id="what">Che cosa si paga</h2>
      <ul>
        ${paymentNotices.map(
          (one) =>
            html`<li>
              ${one.description}, ${one.companyName}: <strong>${euro(BigInt(one.amount))}</strong
              ><br />avviso ${inFours(one.noticeNumber)}
            </li>`,
        )}
      </ul>
      <dl>
        <dt>Commissione di ${psp.name}, una sola per tutto</dt>
        <dd>${euro(psp.feeCents)}</dd>
        <dt>Totale</dt>
        <dd class="total">${euro(sum + psp.feeCents)}</dd>
        ${
          emailNotice
            ? html`<dt>Esito a</dt>
                <dd>${emailNotice} (il simulatore non spedisce nulla)</dd>`
            : ""
        }
      </dl>
    </section>`,
    press("paga", "Paga", true),
    press("rifiuta", "Prova una carta rifiutata"),
    press("attesa", "Paga, con esito che si fa attendere"),
    press("annulla", "Annulla e torna all'ente"),
    html`<p>
      Se la pagina viene chiusa senza scegliere, non succede nulla: è come abbandonare il pagamento.
    </p>`,
  );
}

/** The notice changed, was paid elsewhere, or its station does not answer. */
export const notPaidPage = (cart: Cart, why: string): Html =>
  frame(
    "Pagamento non riuscito",
    html`<p class="problem" role="alert">${why}</p>
      <p>Nessun importo è stato addebitato.</p>
      <a class="button first" href="${cart.request.returnUrls.returnErrorUrl}">Torna all'ente</a>`,
  );

export const alreadyPaidPage = (cart: Cart): Html =>
  frame(
    "Pagamento già eseguito",
    html`<p>Questo carrello è stato pagato.</p>
      <a class="button first" href="${cart.request.returnUrls.returnOkUrl}">Torna all'ente</a>`,
  );

export const noCartPage = (): Html =>
  frame(
    "Carrello non trovato",
    html`<p>
      Il simulatore tiene i carrelli in memoria e li dimentica quando viene riavviato. Dal sito
      dell'ente si può ricominciare: nessun importo è stato addebitato.
    </p>`,
  );
