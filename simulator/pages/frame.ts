// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type Content, type Html, html, renderToString } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";

const STYLE = readFileSync(new URL("./simulator.css", import.meta.url), "utf8");

/** Every page says first that nothing here is true. */
export const frame = (title: string, ...content: readonly Content[]): Html =>
  html`<!DOCTYPE html>
    <html lang="it">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Simulatore pagoPA</title>
        <link rel="stylesheet" href="/simulatore.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <header class="warning"><strong>Simulatore: nessun pagamento vero</strong></header>
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;

export const euro = formatEuro;

export const inFours = (noticeNumber: string): string =>
  noticeNumber.replaceAll(/(\d{4})(?=\d)/g, "$1 ");

const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'";

export const sendPage = (reply: FastifyReply, page: Html, status = 200): FastifyReply =>
  send(reply, page, status, POLICY);

/** A page with a form that sends itself. */
export const sendingPage = (reply: FastifyReply, page: Html): FastifyReply =>
  send(reply, page, 200, `${POLICY}; script-src 'self'`);

const SEND_ITSELF = 'document.querySelector("form[data-sends-itself]").submit();\n';

function send(reply: FastifyReply, page: Html, status: number, policy: string): FastifyReply {
  return reply
    .status(status)
    .header("cache-control", "no-store")
    .header("content-security-policy", policy)
    .header("referrer-policy", "no-referrer")
    .type("text/html; charset=utf-8")
    .send(renderToString(page));
}

export function styleRoute(http: FastifyInstance): void {
  http.get("/simulatore-invia.js", async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").send(SEND_ITSELF),
  );
  http.get("/simulatore.css", async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "no-cache").send(STYLE),
  );
}
