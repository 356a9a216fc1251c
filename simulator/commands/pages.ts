// SPDX-License-Identifier: EUPL-1.2
import { attributes, type Html, html } from "#kernel/html.ts";
import { frame, inFours } from "../pages/frame.ts";
import type { World } from "../world.ts";
import type { Commands } from "./commands.ts";

type NumberField = {
  [Key in keyof Commands]: Commands[Key] extends number ? Key : never;
}[keyof Commands];

const NUMBERS: readonly (readonly [NumberField, string])[] = [
  ["delayMs", "Ritardo prima di ogni chiamata alla stazione (ms)"],
  ["receiptTimeoutMs", "Attesa della risposta a una ricevuta (ms)"],
  ["dropAnswers", "Risposte alle ricevute che vanno perse (quante)"],
  ["malformed", "Ricevute che arrivano malformate (quante)"],
  ["duplicates", "Copie in più di ogni ricevuta, nello stesso istante"],
  ["reorder", "Ricevute da trattenere e poi spedire in ordine inverso (quante)"],
  ["otherAmountCents", "Differenza fra importo pagato e importo dell'avviso (centesimi)"],
  ["receiptAfterMs", "Ritardo della ricevuta dopo il ritorno del browser (ms)"],
];

const CHOICES = {
  receipt: [
    "La ricevuta parte",
    {
      "before-return": "prima che il browser ritorni all'ente",
      "after-return": "dopo che il browser è ritornato",
      never: "mai (resta nel flusso di rendicontazione)",
    },
  ],
  version: ["Versione delle chiamate", { V2: "V2 (paGetPaymentV2, paSendRTV2)", V1: "V1" }],
  checkout: ["Checkout", { open: "aperto", down: "non risponde (503)", refuses: "rifiuta (422)" }],
  services: [
    "Servizi REST (FdR, biz-events, GPD, ACA)",
    { open: "aperti", down: "non rispondono (503)", throttled: "troppe chiamate (429)" },
  ],
  files: [
    "File di posizioni (GPD)",
    { open: "presi in carico", late: "senza risposta (504), elaborati quando si rilasciano" },
  ],
  unreachable: [
    "La stazione dell'ente",
    { false: "si raggiunge", true: "non si raggiunge: nessuna chiamata arriva" },
  ],
  standIn: [
    "Se la stazione non risponde",
    { false: "l'avviso non si paga", true: "risponde pagoPA dalla sua copia (ACA)" },
  ],
  secondReceipt: [
    "Ogni pagamento",
    { false: "una ricevuta", true: "due ricevute con identificativi diversi" },
  ],
} as const;

const chooser = (name: keyof typeof CHOICES, value: string): Html =>
  html`<label
    >${CHOICES[name][0]}
    <select name="${name}">
      ${Object.entries(CHOICES[name][1]).map(
        ([key, words]) =>
          html`<option ${attributes({ value: key, selected: key === value })}>${words}</option>`,
      )}
    </select>
  </label>`;

const press = (path: string, words: string): Html =>
  html`<form method="post" action="/_comandi/${path}"><button>${words}</button></form>`;

export const commandsPage = (world: World): Html =>
  frame(
    "Comandi del simulatore",
    html`<p>
        Così com'è all'avvio, il simulatore si comporta come pagoPA promette. Qui gli si può dire di
        comportarsi male.
      </p>
      <form method="post" action="/_comandi">
        ${NUMBERS.map(
          ([name, words]) =>
            html`<label
              >${words}
              <input name="${name}" inputmode="numeric" value="${world.commands[name]}" />
            </label>`,
        )}
        ${(Object.keys(CHOICES) as (keyof typeof CHOICES)[]).map((name) =>
          chooser(name, String(world.commands[name])),
        )}
        <button class="first">Imposta</button>
      </form>
      ${press("azzera", "Torna al comportamento corretto")}
      ${press("ritenta", "Ripeti adesso le ricevute non consegnate")}
      ${press("rilascia", "Spedisci adesso le ricevute trattenute, elabora i file in ritardo")}
      ${press("rendiconta", "Rendiconta i pagamenti (flussi FdR)")} ${journals(world)}
      <h2>Pagamenti</h2>
      ${
        world.node.payments.length === 0
          ? html`<p>Nessuno finora.</p>`
          : html`<ul>
              ${world.node.payments
                .toReversed()
                .slice(0, 20)
                .map(
                  (one) =>
                    html`<li>
                      <a href="/tabaccaio/ricevute/${one.receiptId}"
                        >avviso ${inFours(one.noticeNumber)}</a
                      >, ${one.companyName}
                    </li>`,
                )}
            </ul>`
      }
      <h2>Ultime chiamate alle stazioni</h2>
      ${world.diary.length === 0 ? html`<p>Nessuna finora.</p>` : diaryTable(world)}`,
  );

/** What the bank writes of the flows, to be uploaded at the office's reconciliation page. */
const journals = (world: World): Html | "" => {
  const organizations = new Map(
    world.flows.all.map(({ organization }) => [organization.fiscalCode, organization.name]),
  );
  if (organizations.size === 0) return "";
  return html`<h2>Giornale di cassa della banca</h2>
    <ul>
      ${[...organizations].map(
        ([fiscalCode, name]) =>
          html`<li><a href="/_comandi/giornale/${fiscalCode}">${name || fiscalCode}</a></li>`,
      )}
    </ul>`;
};

const diaryTable = (world: World): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Chiamata</th>
        <th scope="col">Avviso</th>
        <th scope="col">Risposta</th>
        <th scope="col">ms</th>
      </tr>
    </thead>
    <tbody>
      ${world.diary
        .toReversed()
        .slice(0, 30)
        .map(
          (line) =>
            html`<tr>
              <td>${line.operation}</td>
              <td>${line.noticeNumber}</td>
              <td>${line.said}</td>
              <td>${line.milliseconds}</td>
            </tr>`,
        )}
    </tbody>
  </table>`;
