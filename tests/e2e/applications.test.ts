// SPDX-License-Identifier: EUPL-1.2
/** Somebody verified and unknown, on a phone, applies on line; a manager accepts; the same person signs in and sees the child. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { putClasses, putSchoolYear } from "#calendar";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { openWindow, withControl } from "../support/applications.ts";
import {
  axe,
  browserMissing,
  carryCookie,
  newDesktopPage,
  newPhonePage,
  openBrowser,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { strangersAt } from "../support/link-requests.ts";
import { openSite, sessionOf } from "../support/saml-site.ts";
import type { TestSite } from "../support/site.ts";

const CODE = withControl("RSSMRA85C01H501");

describe("applying on line in a browser", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let browser: Browser;
  let at: TestSite;
  let origin: string;
  before(async () => {
    base = await testDatabase();
    at = await openSite(base.db);
    await openWindow(at);
    await at.place.town.write(async (tx) => {
      const year = { year: 2027, startsOn: day("2027-09-13"), endsOn: day("2028-06-08") };
      await putSchoolYear(tx, year);
      const { siteId } = at.place;
      await putClasses(tx, [{ id: newId(), siteId, year: 2027, grade: 1, section: "B" }]);
      await bumpConfiguration(tx);
    });
    origin = await at.listen();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await at?.close();
    await base?.close();
  });

  const carry = (page: Page, cookie: string): Promise<void> => carryCookie(page, origin, cookie);
  const isFit = async (page: Page): Promise<void> => {
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await widerThanWindow(page), []);
  };
  const arrive = (codiceFiscale: string) => strangersAt(at).arrive("Mario", "Rossi", codiceFiscale);

  for (const hasScripts of [true, false])
    it(`OS-02 OS-03 OS-17 from SPID to the number and to the child's page, ${hasScripts ? "with" : "without"} scripts`, async () => {
      const name = hasScripts ? "Luca" : "Lia";
      const phone = await newPhonePage(browser, { javaScript: hasScripts });
      const isFitHere = (page: Page) => (hasScripts ? isFit(page) : Promise.resolve());
      await phone.goto(`${origin}/iscrizioni`);
      await phone.getByRole("heading", { name: "Come ottenere SPID" }).waitFor();
      await isFitHere(phone);
      const code = hasScripts ? CODE : withControl("RSSMRC85C01H501");
      await carry(phone, (await arrive(code)).proof.cookie);
      await phone.goto(`${origin}/spid/esito/unknown`);
      await isFitHere(phone);
      await phone.getByRole("link", { name: "Fai domanda di iscrizione" }).click();
      await phone.getByRole("heading", { name: "Fai domanda di iscrizione" }).waitFor();
      await isFitHere(phone);
      await phone.getByRole("button", { name: "Continua al riepilogo" }).click();
      await phone.getByText("dati da correggere").waitFor();
      await isFitHere(phone);
      await phone.getByLabel("Nome del bambino", { exact: true }).fill(name);
      await phone.getByLabel("Cognome del bambino").fill("Rossi");
      await phone.getByLabel("Data di nascita").fill("2021-03-04");
      await phone.getByLabel("Scuola", { exact: true }).selectOption("Primaria Milano");
      await phone.getByLabel("Classe o età").fill("prima");
      await phone.getByLabel("Mensa").check();
      await phone.getByLabel("Telefono").fill("333 1234567");
      await phone.getByRole("button", { name: "Continua al riepilogo" }).click();
      await phone.getByRole("heading", { name: "Riepilogo della domanda" }).waitFor();
      await isFitHere(phone);
      await phone.getByRole("button", { name: "Correggi" }).click();
      await phone.getByLabel("Classe o età").fill("classe prima");
      await phone.getByRole("button", { name: "Continua al riepilogo" }).click();
      await phone.getByText("classe prima").waitFor();
      await phone.getByRole("button", { name: "Invia la domanda" }).click();
      await phone.getByText(/Domanda inviata: numero \d\/2027/).waitFor();
      await isFitHere(phone);

      const desk = await newDesktopPage(browser);
      await carry(desk, (await at.signInAs("office-manager")).cookie);
      await desk.goto(`${origin}/ufficio/compiti`);
      await isFit(desk);
      await desk.getByRole("link", { name: `, ${name} Rossi` }).click();
      await desk.getByRole("link", { name: `No, ${name} Rossi non c'è ancora` }).click();
      await desk.getByRole("button", { name: "Accogli", exact: true }).waitFor();
      await isFit(desk);
      await desk.getByLabel("Classe del 2027/2028").selectOption("1B, Primaria Milano");
      await desk.getByRole("button", { name: "Accogli", exact: true }).click();
      await desk.getByText(`accolta: ${name} Rossi`).waitFor();

      await phone.reload();
      await phone.getByText("Accolta").waitFor();
      const { page } = await arrive(code);
      await carry(phone, sessionOf(page)!);
      await phone.goto(`${origin}/oggi`);
      await phone.getByText(name).first().waitFor();
      await isFitHere(phone);
      await phone.context().close();
      await desk.context().close();
    });
});
