// SPDX-License-Identifier: EUPL-1.2
/** The administrator joins SPID in a browser, from nothing to the button on the sign-in page. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { browserStage } from "../support/visitor.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const PAGE = "/ufficio/impostazioni/accesso";

describe("SPID's settings in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  for (const javaScript of [true, false])
    it(`OS-03 data, certificate, switched on, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const town = await stage.place({ now: NOW });
      const admin = await town.site.signInAs("administrator", { name: "P. Serra" });
      const paola = await town.visit(admin, "/ufficio/impostazioni", {
        screen: "desktop",
        javaScript,
      });
      const { page } = paola;
      await paola.tap(page.locator(`main a[href="${PAGE}"]`));
      await paola.tap(page.getByRole("link", { name: "Apri SPID" }));
      await paola.sees("SPID non è attivo", "Controllare e salvare i dati");

      await page.fill("#indirizzo", "http://scuola.borgo.example");
      await page.fill("#entita", "https://scuola.borgo.example/spid/metadata");
      await page.fill("#cf", "");
      await page.getByRole("button", { name: "Salva come nuova versione" }).click();
      await page.waitForSelector(".error-summary");
      await paola.sees("deve cominciare con https");
      await page.fill("#indirizzo", "https://scuola.borgo.example");
      await page.getByRole("button", { name: "Salva come nuova versione" }).click();
      await paola.sees("Versione 1 salvata");
      await page.getByRole("button", { name: "Crea il certificato" }).click();
      await paola.sees("Ora il metadata si può scaricare", "in uso");
      await page.getByRole("button", { name: "Attiva la versione 1" }).click();
      await paola.sees("SPID è attivo con la versione 1", "Scarica l'ultima versione");
      if (javaScript) await screenshot(page, "office-spid", { fullPage: true });
    });

  it("every page is accessible, on a phone and on a desktop", async () => {
    const town = await stage.place({ now: NOW });
    const admin = await town.site.signInAs("administrator");
    const visitor = await town.visit(admin, PAGE, { screen: "phone" });
    const { page } = visitor;
    await visitor.open(`${PAGE}/cie`);
    await page.fill("#indirizzo", "https://scuola.borgo.example");
    await page.fill("#entita", "https://scuola.borgo.example/cie/metadata");
    await page.fill("#cf", "");
    await page.getByRole("button", { name: "Salva come nuova versione" }).click();
    await page.getByRole("button", { name: "Crea il certificato" }).click();
    await page.getByRole("button", { name: "Prepara un nuovo certificato" }).click();
    await visitor.sees("Passo 2 di 3");
    for (const path of ["", "/spid", "/cie", "/registro"]) {
      assert.equal(await visitor.open(PAGE + path), 200, path);
      for (const width of [320, 1280]) await visitor.isAccessible({ width });
    }
  });
});
