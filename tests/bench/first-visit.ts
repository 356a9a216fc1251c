// SPDX-License-Identifier: EUPL-1.2
/** What a browser with an empty cache loads for a page: counted by Chromium where there is one. */
import { gzipSync } from "node:zlib";
import { cookieName } from "../../src/surfaces/web/visit.ts";
import { browserMissing, newPhonePage, openBrowser } from "../support/browser.ts";
import type { Family } from "./requests.ts";
import { tokenOf } from "./town.ts";

export interface FirstVisit {
  readonly requests: number;
  readonly bytes: number;
  /** as sent with gzip; pictures and fonts, which are compressed already, as they are */
  readonly gzBytes: number;
  readonly files: readonly { path: string; bytes: number; gzBytes: number }[];
}

/** `requests: 0` when there is no Chromium. */
export async function firstVisit(of: Family & { port: number; path: string }): Promise<FirstVisit> {
  if (browserMissing) {
    process.stderr.write(`first visit: ${browserMissing}\n`);
    return { requests: 0, bytes: 0, gzBytes: 0, files: [] };
  }
  const browser = await openBrowser();
  try {
    const page = await newPhonePage(browser);
    const { slug } = of.town.tenant;
    const origin = `http://${slug}.localhost:${of.port}`;
    await page
      .context()
      .addCookies([
        { name: cookieName(of.town.tenant), value: tokenOf(slug, of.index), url: origin },
      ]);
    const bodies: Promise<{ path: string; bytes: number; gzBytes: number }>[] = [];
    page.on("response", (response) => {
      const type = response.headers()["content-type"] ?? "";
      const small = (body: Buffer): number =>
        /font|image\/(png|jpe?g|webp)/.test(type) ? body.length : gzipSync(body).length;
      bodies.push(
        response.body().then((body) => ({
          path: new URL(response.url()).pathname,
          bytes: body.length,
          gzBytes: small(body),
        })),
      );
    });
    const answer = await page.goto(origin + of.path, { waitUntil: "networkidle" });
    if (answer?.status() !== 200) throw new Error(`the page answered ${answer?.status()}`);
    const files = await Promise.all(bodies);
    const sum = (of: (file: (typeof files)[number]) => number): number =>
      files.reduce((total, file) => total + of(file), 0);
    return {
      requests: files.length,
      bytes: sum(({ bytes }) => bytes),
      gzBytes: sum(({ gzBytes }) => gzBytes),
      files,
    };
  } finally {
    await browser.close();
  }
}
