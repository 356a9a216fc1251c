// SPDX-License-Identifier: EUPL-1.2
/** What anybody can do after `npm start`: sign in with SPID and CIE at the pretended providers, on a phone. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { disableProvider, enabledProvider } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { tenants } from "#tenancy";
import { joinFederations } from "../../src/demo/join-federations.ts";
import { loadDemo } from "../../src/demo/load-demo.ts";
import {
  axe,
  browserMissing,
  newPhonePage,
  openBrowser,
  screenshot,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { simulatedIdentity, type SimulatedIdentity } from "../support/simulated-identity.ts";

/** Early in the year: few days to live through before the tests. */
const START = moment("2026-09-21T10:00:00+02:00");
const TOWN = "borghetto";

describe("signing in at the demo's own providers", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let at: SimulatedIdentity;
  let browser: Browser;
  let home: string;

  before(async () => {
    base = await testDatabase();
    await loadDemo(base.db, {
      receiptKey: "k",
      now: START,
      only: [TOWN],
      progress: { begins() {}, town() {}, loaded() {} },
    });
    const started = performance.now();
    const now = () => START.add({ milliseconds: Math.round(performance.now() - started) });
    at = await simulatedIdentity(base.db, { now, slugs: [TOWN] });
    home = at.addressOf(TOWN);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await at?.close();
    await base?.close();
  });

  async function isFit(page: Page): Promise<void> {
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await widerThanWindow(page), []);
  }

  /** On the provider's page, sent there by the town; on a phone of its own unless one is given. */
  async function atProvider(
    way: "spid" | "cie",
    options: { poi?: string; javaScript?: boolean; from?: string; page?: Page } = {},
  ): Promise<Page> {
    const { javaScript = true } = options;
    const page = options.page ?? (await newPhonePage(browser, { javaScript }));
    await page.goto(
      `${options.from ?? home}/accedi${options.poi ? `?poi=${encodeURIComponent(options.poi)}` : ""}`,
    );
    if (way === "cie") await page.getByRole("link", { name: "Entra con CIE" }).click();
    else {
      await page.getByText("Entra con SPID").click();
      await page.getByRole("link", { name: "Provider di prova" }).click();
    }
    await page.waitForURL(new RegExp(`/idp/${way}/sso`));
    return page;
  }

  const choose = async (page: Page, name: RegExp): Promise<void> => {
    await page.getByRole("button", { name }).click();
    await page.waitForURL((url) => url.origin === home);
  };

  it("OS-03 BI-01 the sign-in page has both doors, for eyes, fingers and screen readers", async () => {
    const page = await newPhonePage(browser);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).origin));
    await page.goto(`${home}/accedi`);
    await isFit(page);
    await page.getByText("Entra con SPID").click();
    await isFit(page);
    await screenshot(page, "spid-pulsanti-phone");
    assert.deepEqual([...new Set(asked)], [home], "nothing is asked of anybody else");
    await page.getByText("Come ottenere SPID o CIE").click();
    assert.match(
      (await page.getByRole("link", { name: "Come attivare SPID" }).getAttribute("href")) ?? "",
      /^https:\/\/www\.spid\.gov\.it\//,
    );
    await isFit(page);
  });

  it("OS-08 BO-13 BI-04 BO-27 a parent comes in with SPID on a phone, on the page that was asked for", async () => {
    const page = await atProvider("spid", { poi: "/pagamenti" });
    await isFit(page);
    await screenshot(page, "spid-provider-phone");
    await choose(page, /^Sara Ferrando/);
    assert.equal(new URL(page.url()).pathname, "/pagamenti");
    await isFit(page);
    await page.goto(`${home}/altro`);
    assert.match(await page.locator("body").innerText(), /Sara Ferrando/);
  });

  it("OS-08 OS-03 BO-27 a parent comes in with CIE, without scripts", async () => {
    const page = await atProvider("cie", { javaScript: false });
    await page.getByRole("button", { name: /^Sara Ferrando/ }).click();
    await page.getByRole("button", { name: "Continua" }).click();
    await page.waitForURL(`${home}/oggi`);
    assert.match(await page.locator("main").innerText(), /Giulia/);
  });

  it("OS-03 whoever uses the address with the town's name comes back to it, in and out; the other town's port, too", async () => {
    const named = `http://${TOWN}.localhost:${at.app.port}`;
    const page = await atProvider("spid", { from: named, poi: "/pagamenti" });
    await page.getByRole("button", { name: /^Sara Ferrando/ }).click();
    await page.waitForURL(`${named}/pagamenti`);
    await page.goto(`${named}/altro`);
    await page.getByRole("button", { name: "Esci" }).first().click();
    await page.getByRole("link", { name: "Esci anche dal gestore dell'identità" }).click();
    await page.getByText("Accesso chiuso, anche presso il gestore dell'identità.").waitFor();
    assert.equal(new URL(page.url()).origin, named);
    const slow = await atProvider("cie", { from: named, javaScript: false });
    await slow.getByRole("button", { name: /^Sara Ferrando/ }).click();
    await slow.getByRole("button", { name: "Continua" }).click();
    await slow.waitForURL(`${named}/cie/acs`);
    await slow.getByRole("button", { name: "Continua" }).click();
    await slow.waitForURL(`${named}/oggi`);
  });

  it("OS-03 the page that says why has the other language, and stays what it was", async () => {
    const page = await atProvider("spid");
    await page.getByText("Anomalie").click();
    await choose(page, /annullato da chi accede/);
    await page.getByRole("heading", { name: "Accesso annullato" }).waitFor();
    await page.getByRole("link", { name: "English" }).click();
    await page.getByRole("heading", { name: "Sign-in cancelled" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/spid/esito/anomalia-25");
    await isFit(page);
  });

  it("BO-23 a delegate comes in and sees the children of who named her", async () => {
    const page = await atProvider("spid");
    await choose(page, /nonna, delegata di Sara Ferrando/);
    assert.equal(new URL(page.url()).pathname, "/oggi");
    assert.match(await page.locator("main").innerText(), /Tommaso[^]*Giulia/);
  });

  it("BO-13 staff come in with SPID to their own pages", async () => {
    const page = await atProvider("spid");
    await choose(page, /Marisa Conte/);
    assert.equal(new URL(page.url()).pathname, "/ufficio");
  });

  it("MC-06 somebody of no family here reads what to do", async () => {
    const page = await atProvider("cie");
    await choose(page, /Bruno Forestieri/);
    await page
      .getByRole("heading", { name: "Nessuna iscrizione collegata a questo codice fiscale" })
      .waitFor();
    await isFit(page);
  });

  it("MC-06 a minor and a company are turned away", async () => {
    const minor = await atProvider("spid");
    await choose(minor, /Irene Giovanardi/);
    await minor.getByRole("heading", { name: "Area riservata agli adulti" }).waitFor();
    await isFit(minor);
    const company = await atProvider("spid");
    await choose(company, /Impresa di Prova/);
    await company.getByRole("heading", { name: "Serve un'identità personale" }).waitFor();
    await isFit(company);
  });

  it("OS-03 whoever stops half way can try again", async () => {
    const page = await atProvider("spid");
    await page.getByText("Anomalie").click();
    await isFit(page);
    await choose(page, /annullato da chi accede/);
    await page.getByRole("heading", { name: "Accesso annullato" }).waitFor();
    await isFit(page);
    await page.getByRole("link", { name: "Riprova l'accesso" }).click();
    await page.waitForURL(`${home}/accedi`);
  });

  it("OS-03 every answer that must be refused is", async () => {
    const page = await atProvider("spid");
    await page.getByText("Risposte da rifiutare").click();
    const labels = await page.locator('button[name="guasto"]').allInnerTexts();
    assert.ok(labels.length >= 10);
    for (const label of labels) {
      await atProvider("spid", { page });
      await page.getByText("Risposte da rifiutare").click();
      const [answer] = await Promise.all([
        page.waitForResponse((one) => one.url() === `${home}/spid/acs`),
        page.getByRole("button", { name: label, exact: true }).click(),
      ]);
      assert.ok([400, 401, 403].includes(answer.status()), `${label}: ${answer.status()}`);
      await page.waitForURL(`${home}/spid/acs`);
    }
  });

  it("OS-08 signing out here goes on to the provider, and the provider's own way out ends the session here", async () => {
    const page = await atProvider("spid");
    await choose(page, /^Sara Ferrando/);
    const provider = await page.context().newPage();
    await provider.goto(`${at.simulator.url}/idp/spid`);
    await isFit(provider);
    await provider
      .getByRole("button", { name: /Chiudi: Sara Ferrando/ })
      .last()
      .click();
    await provider.getByText("Il servizio ha chiuso la sessione.").waitFor();
    await page.goto(`${home}/oggi`);
    assert.match(page.url(), /\/accedi/);

    const other = await atProvider("spid", { poi: "/altro" });
    await choose(other, /^Sara Ferrando/);
    await other.getByRole("button", { name: "Esci" }).first().click();
    await other.getByRole("link", { name: "Esci anche dal gestore dell'identità" }).click();
    await other.getByText("Accesso chiuso, anche presso il gestore dell'identità.").waitFor();
  });

  it("OS-03 a demo that moves to another port is registered anew; what was switched off stays off", async () => {
    const moved = (port: number) =>
      joinFederations(base.db, {
        addressesOf: () => [`http://localhost:${port}`],
        sealKey: "k",
        now: START,
      });
    const [tenant] = await base.db.platform((tx) => tenants(tx));
    const town = base.db.forTenant(tenant!.id);
    const inUse = () => town.read((tx) => enabledProvider(tx, "spid"));
    await moved(4001);
    assert.equal((await inUse())?.settings.baseUrl, "http://localhost:4001");
    const version = (await inUse())?.version;
    await moved(4001);
    assert.equal((await inUse())?.version, version, "nothing is new");
    const off = { actor: systemActor, protocol: "spid", now: START } as const;
    await town.write((tx) => disableProvider(tx, off));
    await moved(4002);
    assert.equal(await inUse(), undefined);
  });
});
