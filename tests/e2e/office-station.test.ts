// SPDX-License-Identifier: EUPL-1.2
/** The administrator connects the town to pagoPA in a browser, from nothing to the self-test. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { stationsOfTown } from "#payments";
import { stationEndpoint } from "../../src/surfaces/pagopa-station/endpoint.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { BANK_IBAN } from "../support/collecting.ts";
import { browserStage } from "../support/visitor.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const PAGE = "/ufficio/impostazioni/pagopa";
const CREDITOR = "77777777770";

describe("pagoPA's settings in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  for (const javaScript of [true, false])
    it(`OS-07 ente, station, account and key one after the other, then the test, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const town = await stage.place({ now: NOW, endpoints: [stationEndpoint] });
      const admin = await town.site.signInAs("administrator", { name: "P. Serra" });
      const paola = await town.visit(admin, "/ufficio/impostazioni", {
        screen: "desktop",
        javaScript,
      });
      const { page } = paola;
      await paola.tap(page.locator(`main a[href="${PAGE}"]`));
      await paola.sees("Gli avvisi pagoPA non si possono ancora emettere");

      await paola.tap(page.locator("text=Aggiungi un ente"));
      await page.fill("#codice", CREDITOR);
      await page.fill("#nome", "Comune di Borgo di prova");
      await paola.tap(page.locator("text=Registra l'ente"));

      await paola.tap(page.locator("text=Aggiungi una stazione"));
      await page.fill("#intermediario", CREDITOR);
      await page.fill("#stazione", `${CREDITOR}_01`);
      await page.fill("#segregazione", javaScript ? "99" : "98");
      // A mistake stays on its page.
      await page.locator("main button[type=submit]").click();
      await page.waitForSelector(".error-summary");
      await paola.sees("Il codice di segregazione va da 00 a 45");
      await page.fill("#segregazione", javaScript ? "12" : "13");
      await paola.tap(page.locator("main button[type=submit]"));

      await paola.tap(page.locator("text=Aggiungi un conto"));
      await page.fill("#iban", BANK_IBAN.replace(/(.{4})/g, "$1 "));
      await paola.tap(page.locator("main button[type=submit]"));

      await paola.tap(page.locator("text=Imposta una chiave"));
      await page.selectOption("#servizio", "aca");
      await page.fill("#chiave", "0123456789abcdef");
      await paola.tap(page.locator("main button[type=submit]"));
      await paola.sees("Chiave di ACA impostata", "IT60 X054 2811", "da P. Serra");
      assert.doesNotMatch(await paola.reads("main"), /0123456789abcdef|non si possono ancora/);
      const stations = await town.site.place.town.read((tx) => stationsOfTown(tx));
      assert.equal(stations.length, 1);
      if (javaScript) await screenshot(page, "office-station");

      await paola.tap(page.locator("text=Prova adesso"));
      await paola.sees(
        "un avviso inventato è sconosciuto, come deve",
        "Che cosa fare è scritto accanto a ognuna",
      );
      if (javaScript) await screenshot(page, "office-station-test");
    });

  it("every page is accessible, on a phone and on a desktop", async () => {
    const town = await stage.place({ now: NOW, endpoints: [stationEndpoint] });
    const admin = await town.site.signInAs("administrator");
    const visitor = await town.visit(admin, PAGE, { screen: "phone" });
    for (const path of ["", "/stazioni/nuova", "/conti/nuovo", "/enti/nuovo", "/chiavi"]) {
      assert.equal(await visitor.open(PAGE + path), 200, path);
      for (const width of [320, 1280]) await visitor.isAccessible({ width });
    }
    await visitor.open(PAGE);
    await visitor.tap(visitor.page.locator("text=Prova adesso"));
    for (const width of [320, 1280]) await visitor.isAccessible({ width });
  });
});
