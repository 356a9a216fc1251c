// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { html } from "#kernel/html.ts";
import { asset, ASSETS_DIRECTORY } from "#ui/assets.ts";
import { linkButton, problem } from "#ui/components.ts";
import { page } from "#ui/layout.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { keptForLater } from "../school-page.ts";

/** At the root and not under `/scuola/`: only so may its scope contain `/scuola` itself. */
export const WORKER_PATH = "/scuola-senza-rete.js";
export const NO_COPY_PATH = "/scuola/senza-rete/pagina";

/** The service worker of the school's pages. No secret in it, and browsers ask for it without a session. */
export const workerScript = (): Answer => ({
  kind: "text",
  contentType: "text/javascript; charset=utf-8",
  text: readFileSync(`${ASSETS_DIRECTORY}${basename(asset("school-worker.js"))}`, "utf8"),
});

/** What a tablet without network shows in place of a page that it does not keep: of nobody, with no name in it. */
export const noCopyPage = (visit: Visit): Answer =>
  page({
    surface: "school",
    h1: "Senza rete",
    town: { name: visit.townSettings.town.shortName },
    nonce: visit.nonce,
    body: html`<section
        id="kept"
        class="kept"
        aria-label="Modifiche salvate su questo tablet"
        hidden
      ></section>
      ${problem({
        text: "Questa pagina non è salvata sul tablet. Le classi di oggi ci sono, se sono state aperte oggi con la rete. Altrimenti si segna sul foglio di carta: chi è a tavola mangia.",
        actions: linkButton({ href: "/scuola", label: "Classi di oggi" }),
        lang: "it",
      })}
      ${keptForLater}`,
  });
