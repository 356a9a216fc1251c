// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ASSETS_DIRECTORY } from "#ui/assets.ts";
import { gallery } from "./gallery.ts";
import { IDLE } from "../support/idle.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};
/** As the real server answers: nothing inline, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'nonce-n0nce'; worker-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";

export interface GalleryServer {
  /** `http://127.0.0.1:…`: `{origin}/{name}` is a page of the gallery */
  readonly origin: string;
  /** path and body of the POSTs that arrived */
  readonly posts: string[];
  /** while set, POSTs are answered only when it resolves: a slow network */
  hold: Promise<void> | null;
  /** what `/cucina/versione` and the search answer: tests change them */
  version: string;
  close(): Promise<void>;
}

/** The gallery on a free port; a POST is answered with 303 to the receipt. */
export async function serveGallery(): Promise<GalleryServer> {
  const state = { posts: [] as string[], hold: null as Promise<void> | null, version: "1" };
  const server = createServer(IDLE, (request, response) => void answer(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return Object.assign(state, { origin, close });
}

async function answer(
  state: { posts: string[]; hold: Promise<void> | null; version: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://town.test");
  if (pathname.startsWith("/assets/")) {
    const name = pathname.slice("/assets/".length);
    response.writeHead(200, { "content-type": TYPES[name.split(".").pop() ?? ""] ?? "text/plain" });
    response.end(readFileSync(ASSETS_DIRECTORY + name));
    return;
  }
  if (request.method === "POST") {
    let body = "";
    for await (const part of request) body += part;
    state.posts.push(`${pathname} ${body}`);
    await state.hold;
    response.writeHead(303, { location: "/receipt" }).end();
    return;
  }
  // Its worker has tests of its own; here it only has to be there.
  if (pathname === "/senza-rete.js") {
    response.writeHead(200, { "content-type": TYPES["js"] }).end();
    return;
  }
  if (pathname === "/cucina/versione") {
    response.writeHead(200, { "content-type": "text/plain" }).end(state.version);
    return;
  }
  const name = pathname.includes("/giorni/") ? "receipt" : pathname.slice(1);
  let markup = (gallery[name] ?? gallery["not-found"])!().toString();
  if (name === "kitchen")
    markup = markup.replace('data-version="1"', `data-version="${state.version}"`);
  if (name === "ufficio/cerca") {
    const found = new URL(request.url ?? "/", "http://town.test").searchParams
      .get("q")
      ?.replace(/\W/g, "");
    markup = gallery["office"]!()
      .toString()
      .replace('id="risultati">', `id="risultati"><p>Trovato: ${found}</p>`);
  }
  response
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
    })
    .end(markup);
}
