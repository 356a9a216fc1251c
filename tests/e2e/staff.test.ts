// SPDX-License-Identifier: EUPL-1.2
/** The administrator makes an account and hands its code over, in a browser. */
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { browserMissing } from "../support/browser.ts";
import { browserStage } from "../support/visitor.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const PAGE = "/ufficio/impostazioni/personale";

describe("the staff's accounts in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  it("PE-06 a teacher gets an account for one class; every page is accessible", async () => {
    const town = await stage.place({ now: NOW });
    const admin = await town.site.signInAs("administrator", { name: "P. Serra" });
    const paola = await town.visit(admin, PAGE, { screen: "phone" });
    const { page } = paola;
    const isAccessible = async (): Promise<void> => {
      for (const width of [320, 1280]) await paola.isAccessible({ width });
    };
    await isAccessible();
    await paola.tap(paola.link("Nuova persona"));
    await page.getByRole("button", { name: "Crea la persona" }).click();
    await page.locator(".error-summary").waitFor();
    await isAccessible();
    await page.fill("#nome", "Anna Bassi");
    await page.fill("#codice", "a.bassi");
    await page.getByLabel("Scuola", { exact: true }).check();
    await page.selectOption("#dove", { label: "Primaria Milano, 3A" });
    await page.getByRole("button", { name: "Crea la persona" }).click();
    await page.getByText("Il codice si vede solo adesso").waitFor();
    await isAccessible();
    await paola.tap(paola.link("Vai alla persona"));
    await paola.sees("Anna Bassi", "Scuola, 3A Primaria Milano", "password da scegliere");
    await isAccessible();
    await paola.open(`${PAGE}/accesso`);
    await paola.sees("Secondo fattore dell'ufficio", "obbligatorio");
    await isAccessible();
  });
});
