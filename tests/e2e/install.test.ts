// SPDX-License-Identifier: EUPL-1.2
/** The portal on a phone's home screen: what Chromium says of it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { cookieName } from "../../src/surfaces/web/visit.ts";
import { browserMissing, openBrowserOn } from "../support/browser.ts";
import { browserStage } from "../support/visitor.ts";

interface Manifest {
  name: string;
  short_name: string;
  start_url: string;
  icons: { src: string; sizes: string; type: string; purpose: string }[];
}

describe("the portal as an app", { skip: browserMissing }, () => {
  const stage = browserStage();
  const folder = mkdtempSync(join(tmpdir(), "campanella-app-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("BI-04 BO-27 a browser finds it installable: the town's name, icons for every shape, a manifest under 1 KB", async () => {
    const { site, origin } = await stage.place({ now: moment("2026-11-24T07:40:00Z") });
    const answer = await site.get("/app.webmanifest");
    assert.equal(answer.statusCode, 200);
    assert.match(String(answer.headers["content-type"]), /^application\/manifest\+json/);
    assert.ok(answer.rawPayload.length < 1024, `${answer.rawPayload.length} bytes`);
    const manifest = JSON.parse(answer.body) as Manifest;
    assert.equal(manifest.name, "Servizi scolastici, Comune di Borgo di prova");
    assert.deepEqual(
      manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`),
      ["192x192 any", "512x512 any", "192x192 maskable", "512x512 maskable"],
    );
    const { token } = await site.signInAs("guardian");
    // A window of its own: in a private one nothing can be installed.
    const context = await openBrowserOn(folder, {});
    try {
      await context.addCookies([{ name: cookieName(site.tenant), value: token, url: origin }]);
      const page = await context.newPage();
      await page.goto(`${origin}/oggi`);
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
      });
      const devTools = await context.newCDPSession(page);
      const seen = await devTools.send("Page.getAppManifest");
      assert.equal(seen.url, `${origin}/app.webmanifest`);
      assert.deepEqual(seen.errors, []);
      const { installabilityErrors } = await devTools.send("Page.getInstallabilityErrors");
      assert.deepEqual(installabilityErrors, []);
      for (const { src, sizes } of manifest.icons) {
        const drawn = await page.evaluate(async (at) => {
          const picture = new Image();
          picture.src = at;
          await picture.decode();
          return `${picture.naturalWidth}x${picture.naturalHeight}`;
        }, src);
        assert.equal(drawn, sizes);
      }
    } finally {
      await context.close();
    }
  });

  it("BI-04 the pages of schools and offices are no app of families", async () => {
    const { site } = await stage.place({});
    const link = /rel="manifest" href="\/app\.webmanifest"/;
    assert.match((await site.get("/oggi", await site.signInAs("guardian"))).body, link);
    assert.doesNotMatch((await site.get("/ufficio", await site.signInAs("office"))).body, link);
  });
});
