// SPDX-License-Identifier: EUPL-1.2
/** What a family's phone shows without a network, in place of the browser's own page (ADR 21). */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { html, type Html } from "#kernel/html.ts";
import type { Lang } from "#kernel/i18n.ts";
import { asset, ASSETS_DIRECTORY } from "#ui/assets.ts";
import { linkButton } from "#ui/components.ts";
import { page } from "#ui/layout.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { words } from "./words.ts";

const officePhone = ({ townSettings: { office } }: Visit): string | null =>
  office.phones[0] ?? null;

/**
 * `/senza-rete.js`, at the root because the families' pages have no folder of their own. It names what the kept page
 * says: when that changes, browsers find another script and keep the page anew.
 */
export function noNetworkScript(visit: Visit): Answer {
  const code = readFileSync(`${ASSETS_DIRECTORY}${basename(asset("portal-worker.js"))}`, "utf8");
  const said = JSON.stringify([
    visit.townSettings.town.shortName,
    officePhone(visit),
    words("it").text,
    words("en").text,
  ]);
  return {
    kind: "text",
    contentType: "text/javascript; charset=utf-8",
    // These two end a comment, too.
    text: `// ${said.replaceAll(/[\u2028\u2029]/g, " ")}\n${code}`,
  };
}

/** `/senza-rete`: of nobody, whoever asks; in both languages, since the phone keeps one for all. */
export const noNetworkPage = (visit: Visit): Answer =>
  page({
    surface: "public",
    h1: words("it").title,
    town: { name: visit.townSettings.town.shortName },
    nonce: visit.nonce,
    body: html`${said(visit, "it")}
      <h2 class="section-title" lang="en">${words("en").title}</h2>
      <div lang="en">${said(visit, "en")}</div>`,
  });

function said(visit: Visit, lang: Lang): Html {
  const w = words(lang);
  const phone = officePhone(visit);
  const dial = phone?.replace(/[^+\d]/g, "") ?? "";
  return html`<p>${w.text}</p>
    ${phone !== null && html`<p>${w.phone} <a href="tel:${dial}">${phone}</a></p>`}
    <div class="button-row">${linkButton({ href: "", label: w.again, kind: "primary" })}</div>`;
}
