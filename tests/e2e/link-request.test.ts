// SPDX-License-Identifier: EUPL-1.2
/** Somebody verified and unknown, on a phone, asks to be tied to a family; a manager at a desk does it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
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
import { openSite } from "../support/saml-site.ts";
import type { TestSite } from "../support/site.ts";

const CODE = `RSSMRA85C01H501${controlCharacter("RSSMRA85C01H501")}`;

describe("asking for the link in a browser", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let browser: Browser;
  let at: TestSite;
  let origin: string;
  before(async () => {
    base = await testDatabase();
    at = await openSite(base.db);
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

  it("OS-03 BI-01 from the page that knows nobody to the request, and from the worklist to the family", async () => {
    const phone = await newPhonePage(browser);
    await carry(phone, (await strangersAt(at).arrive("Mario", "Rossi", CODE)).proof.cookie);
    await phone.goto(`${origin}/spid/esito/unknown`);
    await isFit(phone);
    await phone.getByRole("link", { name: "Chiedi il collegamento" }).click();
    await phone.getByRole("heading", { name: "Chiedi il collegamento" }).waitFor();
    await isFit(phone);
    await phone.getByRole("button", { name: "Invia la richiesta" }).click();
    await phone.getByText("Ci sono 2 dati da correggere").waitFor();
    await isFit(phone);
    await phone.getByLabel("Nome e cognome del bambino").fill("Giulia Ferrando");
    await phone.getByLabel("Scuola e classe").fill("Primaria Milano, 3A");
    await phone.getByRole("button", { name: "Invia la richiesta" }).click();
    await phone.getByRole("heading", { name: "Richiesta inviata" }).waitFor();
    await isFit(phone);

    const desk = await newDesktopPage(browser);
    await carry(desk, (await at.signInAs("office-manager")).cookie);
    await desk.goto(`${origin}/ufficio/compiti`);
    await desk.getByRole("link", { name: "Apri: Mario Rossi" }).click();
    await desk.getByRole("heading", { name: "Chi è Mario Rossi?" }).waitFor();
    await isFit(desk);
    await desk.getByRole("link", { name: "È il genitore di Ferrando Giulia" }).click();
    await desk.getByLabel("Giulia Ferrando").waitFor();
    await isFit(desk);
    await desk.getByLabel("Come è stata riconosciuta la persona").fill("stato di famiglia");
    await desk.getByRole("button", { name: "Collega a questa famiglia" }).click();
    await desk.getByText("Mario Rossi: identità collegata").waitFor();
    await phone.reload();
    await phone.getByRole("heading", { name: "Collegamento fatto" }).waitFor();
  });
});
