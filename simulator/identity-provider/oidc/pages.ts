// SPDX-License-Identifier: EUPL-1.2
import { type Content, type Html, html } from "#kernel/html.ts";
import type { SimulatedPerson } from "./provider.ts";

/** What a provider may answer instead of a code (authorization_endpoint, "Codici di errore"). */
export const ANOMALIES: readonly (readonly [string, string])[] = [
  ["access_denied", "Accesso negato"],
  ["consent_required", "Consenso non dato"],
  ["temporarily_unavailable", "Servizio non disponibile"],
  ["invalid_request", "Richiesta non valida"],
];

const frame = (title: string, ...content: readonly Content[]): Html =>
  html`<!DOCTYPE html>
    <html lang="it">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Simulatore di identità</title>
        <link rel="stylesheet" href="/simulatore.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header class="warning"><strong>Simulatore: nessuna identità vera</strong></header>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;

/** Every choice asks the same address again, with the ticket of the request. */
export const choosePage = (people: readonly SimulatedPerson[], ticket: string): Html =>
  frame(
    "Chi accede?",
    people.map(
      (person, index) =>
        html`<a class="button" href="?ticket=${ticket}&person=${index}"
          >${person.name} ${person.familyName}</a
        >`,
    ),
    html`<h2>Oppure un'anomalia</h2>`,
    ANOMALIES.map(
      ([error, label]) =>
        html`<a class="button" href="?ticket=${ticket}&error=${error}">${label}</a>`,
    ),
  );

export const refusedPage = (why: string): Html =>
  frame("Richiesta rifiutata", html`<p class="problem">${why}</p>`);
