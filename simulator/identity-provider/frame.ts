// SPDX-License-Identifier: EUPL-1.2
import { type Content, type Html, html } from "#kernel/html.ts";

/** Every page says first that nobody's identity is in it. */
export const identityFrame = (title: string, ...content: readonly Content[]): Html =>
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
