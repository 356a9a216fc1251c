// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import { definitionList, linkButton } from "#ui/components.ts";
import { visitPage } from "../../web/frame.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officeHours, officeRows } from "../payments/how-to-pay.ts";

const QUESTIONS: readonly (readonly [string, string])[] = [
  [
    "Fino a quando si può disdire?",
    "Fino all'orario limite del giorno, scritto nella pagina Oggi e in ogni giorno del calendario. Conta l'istante in cui la richiesta arriva, non l'orologio del telefono.",
  ],
  [
    "E se il limite è passato?",
    "Il pasto resta previsto e addebitato. Si può segnalare comunque l'assenza e disdire dal primo giorno utile, che la pagina propone.",
  ],
  [
    "Come si annulla una disdetta?",
    "Con il pulsante Annulla la disdetta, nella pagina Oggi, nel giorno o nella ricevuta, fino all'orario limite.",
  ],
  [
    "A che cosa serve la ricevuta?",
    "Ogni richiesta, accolta o no, ha una ricevuta con un codice e l'ora di arrivo. Chiunque abbia il codice può verificarla; i nomi non si vedono.",
  ],
  [
    "Perché un pasto costa così?",
    "Accanto a ogni addebito c'è Perché?: mostra tariffa, ISEE, riduzioni e chi ha registrato la presenza. Da lì si può contestare.",
  ],
  [
    "La mensa è chiusa: che cosa bisogna fare?",
    "Niente: nei giorni di chiusura non serve disdire e non c'è nessun addebito.",
  ],
];

/** GET /aiuto: public, because it is needed most when nobody can get in. */
export function help(visit: Visit): Answer {
  const hours = officeHours(visit);
  return visitPage(visit, {
    surface: "public",
    h1: "Aiuto",
    ...(visit.session ? { back: { href: "/oggi", label: "Torna a Oggi" } } : {}),
    body: html`<h2 class="section-title">Ufficio</h2>
      ${definitionList(officeRows(visit))}
      ${
        hours &&
        html`<h2 class="section-title">Orari</h2>
          ${hours}`
      }
      <h2 class="section-title">Domande frequenti</h2>
      ${QUESTIONS.map(
        ([question, answer]) =>
          html`<details>
            <summary>${question}</summary>
            <p>${answer}</p>
          </details>`,
      )}
      <div class="button-row">
        ${linkButton({ href: "/verifica", label: "Verifica una ricevuta" })}
      </div>`,
  });
}
