// SPDX-License-Identifier: EUPL-1.2
/** A family's phone without a network: one page of nobody, nothing kept of the family. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { browserStage } from "../support/visitor.ts";

describe("the portal without a network", { skip: browserMissing }, () => {
  const stage = browserStage();

  it("X-03 says so in plain words, names the office's phone, keeps nothing of the family and goes on when it is back", async () => {
    const town = await stage.place({ now: moment("2026-11-24T07:40:00Z") });
    const sara = await town.visit(await town.site.signInAs("guardian"), "/oggi");
    const { page } = sara;
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    // Pages opened while there is a network leave nothing behind.
    for (const path of ["/pagamenti", "/figli/giulia", "/messaggi"]) await sara.open(path);
    await page.context().setOffline(true);
    await sara.open("/figli/giulia/calendario");
    await sara.sees("Nessuna connessione", "Una disdetta vale solo quando arriva", "0371 000000");
    await sara.sees("No connection");
    await sara.isAccessible();
    await screenshot(page, "portal-senza-rete-phone");
    const kept = await page.evaluate(async () => {
      const found: { path: string; text: string }[] = [];
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          const answer = await cache.match(request);
          const text = await answer!.text();
          found.push({ path: new URL(request.url).pathname, text });
        }
      }
      return found;
    });
    const pages = kept.filter(({ path }) => !path.startsWith("/assets/"));
    assert.deepEqual(
      pages.map(({ path }) => path),
      ["/senza-rete"],
    );
    assert.doesNotMatch(pages[0]!.text, /Sara|Giulia|Tommaso|Ferrando/);
    await page.context().setOffline(false);
    await page.getByRole("link", { name: "Riprova" }).click();
    await page.getByRole("heading", { name: "Calendario di Giulia" }).waitFor();
    // Schools and desks have their own ways: there the browser speaks for itself.
    await page.context().setOffline(true);
    await assert.rejects(sara.open("/ufficio"), /ERR_INTERNET_DISCONNECTED/);
  });
});
