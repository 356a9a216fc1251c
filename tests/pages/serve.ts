// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { ASSETS_DIRECTORY } from "#ui/assets.ts";
import { gallery } from "./gallery.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};
/** As the web server answers: nothing inline, nothing from elsewhere. */
const POLICY = "default-src 'none'; style-src 'self'; script-src 'nonce-n0nce'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";

export interface Served {
  /** POSTs that arrived */
  readonly posts: string[];
  /** bytes of each asset asked for */
  readonly assets: Set<string>;
  /** refused by the policy or broken */
  readonly complaints: string[];
  /** while set, POSTs are answered only when it resolves: a slow network */
  hold: Promise<void> | null;
}

/** Answers for `http://town.test/{name}` with the gallery, without a server. */
export async function serveGallery(page: Page): Promise<Served> {
  const served: Served = { posts: [], assets: new Set(), complaints: [], hold: null };
  page.on("console", (message) => {
    if (message.type() === "error") served.complaints.push(message.text());
  });
  page.on("pageerror", (error) => served.complaints.push(String(error)));
  await page.route("**/*", async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname.startsWith("/assets/")) {
      served.assets.add(url.pathname.slice("/assets/".length));
      const body = readFileSync(ASSETS_DIRECTORY + url.pathname.slice("/assets/".length));
      return route.fulfill({ body, contentType: TYPES[url.pathname.split(".").pop() ?? ""] ?? "text/plain" });
    }
    if (route.request().method() === "POST") {
      served.posts.push(`${url.pathname} ${route.request().postData()}`);
      await served.hold;
      return route.fulfill({ status: 303, headers: { location: "/receipt" } });
    }
    const make = gallery[url.pathname.slice(1)] ?? (url.pathname.includes("/giorni/") ? gallery["receipt"] : gallery["not-found"]);
    return route.fulfill({
      body: make!().toString(),
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": POLICY },
    });
  });
  return served;
}
