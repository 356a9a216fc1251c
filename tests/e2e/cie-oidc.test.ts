// SPDX-License-Identifier: EUPL-1.2
/** The demo's town whose "Entra con CIE" speaks OpenID Connect: federation, provider and town over real HTTP, on a phone. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import {
  disableProvider,
  enabledProvider,
  enableProvider,
  providerVersions,
  saveProvider,
  suggestProviderSettings,
} from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { dayOf, moment } from "#kernel/dates.ts";
import { datedSettings, tenants } from "#tenancy";
import { openSigned } from "../../simulator/identity-provider/oidc/tokens.ts";
import { loadDemo } from "../../src/demo/load-demo.ts";
import {
  axe,
  browserMissing,
  newPhonePage,
  openBrowser,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { simulatedIdentity, type SimulatedIdentity } from "../support/simulated-identity.ts";

const START = moment("2026-09-21T10:00:00+02:00");
const TOWN = "ostra";

describe("signing in with the demo's CIE by OpenID Connect", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let at: SimulatedIdentity;
  let browser: Browser;

  const open = (at?: SimulatedIdentity["ports"]): Promise<SimulatedIdentity> => {
    const started = performance.now();
    const now = () => START.add({ milliseconds: Math.round(performance.now() - started) });
    return simulatedIdentity(base.db, { now, slugs: [TOWN], ...(at ? { at } : {}) });
  };
  const versions = async () => {
    const [tenant] = await base.db.platform((tx) => tenants(tx));
    const town = base.db.forTenant(tenant!.id);
    return {
      town,
      known: await town.read((tx) => providerVersions(tx, "cie-oidc")),
      saml: await town.read((tx) => enabledProvider(tx, "cie")),
    };
  };

  before(async () => {
    base = await testDatabase();
    await loadDemo(base.db, {
      ...{ receiptKey: "k", now: START, only: [TOWN] },
      progress: { begins() {}, town() {}, loaded() {} },
    });
    await joinedBefore();
    at = await open();
    browser = await openBrowser();
  });

  /** As an earlier release left it: SAML's door of CIE is open. */
  async function joinedBefore(): Promise<void> {
    const { town } = await versions();
    const by = { actor: systemActor, protocol: "cie", now: START, sealKey: "k" } as const;
    await town.write(async (tx) => {
      const settings = await datedSettings(tx);
      const known = settings.town("town", dayOf(START));
      const office = settings.town("office", dayOf(START));
      const of = { baseUrl: "http://localhost:3001", town: known, office };
      const suggested = suggestProviderSettings("cie", of);
      const contact = { email: "cie@esempio.it" };
      const saved = await saveProvider(tx, { ...by, settings: { ...suggested, contact } });
      assert.equal(saved.outcome, "saved", JSON.stringify(saved));
      assert.ok(await enableProvider(tx, { ...by, version: 1 }));
    });
    assert.ok((await versions()).saml);
  }

  after(async () => {
    await browser?.close();
    await at?.close();
    await base?.close();
  });

  async function atProvider(from: string): Promise<Page> {
    const page = await newPhonePage(browser);
    await page.goto(`${from}/accedi?poi=%2Fpagamenti`);
    await page.getByRole("link", { name: "Entra con CIE" }).click();
    await page.waitForURL(/\/op\/authorization/);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await widerThanWindow(page), []);
    return page;
  }

  it("BO-13 OS-03 a parent comes in, at either address of the town; who gives up reads why, in English too", async () => {
    const named = `http://${TOWN}.localhost:${at.app.port}`;
    for (const home of [at.addressOf(TOWN), named]) {
      const page = await atProvider(home);
      await page.getByRole("link", { name: /^Elena Mancini/ }).click();
      await page.waitForURL(`${home}/pagamenti`);
    }
    const page = await atProvider(named);
    await page.getByRole("link", { name: "Accesso negato" }).click();
    await page.getByRole("heading", { name: "Accesso annullato" }).waitFor();
    await page.getByRole("link", { name: "English" }).click();
    await page.getByRole("heading", { name: "Sign-in cancelled" }).waitFor();
    assert.equal(page.url(), `${named}/cie/esito/anomalia-25`);
  });

  it("BI-01 the office comes in with the municipality's own account, and is asked nothing more; a parent is not let in", async () => {
    const home = `http://${TOWN}.localhost:${at.app.port}`;
    const page = await newPhonePage(browser);
    const choose = async (name: RegExp): Promise<void> => {
      await page.goto(`${home}/accedi`);
      await page.getByRole("link", { name: "Entra con l'account del Comune" }).click();
      await page.waitForURL(/\/staff\/authorization/);
      await page.getByRole("link", { name }).click();
    };
    await choose(/^Elena Mancini/);
    await page.getByRole("heading", { name: "Account non ancora collegato" }).waitFor();
    await choose(/^Marta Conti/);
    await page.waitForURL(`${home}/ufficio`);
  });

  it("OS-03 the federation forgets at every start, the town does not: no new version; what was switched off stays off", async () => {
    const before = await versions();
    assert.equal(before.known.length, 1);
    assert.equal(before.saml, undefined, "one door for CIE");
    const { ports } = at;
    await at.close();
    at = await open(ports);
    assert.deepEqual(
      (await versions()).known.map(({ version }) => version),
      [1],
    );
    const [town] = (await versions()).known;
    const listed = await fetch(`${at.simulator.oidc!.anchor.entityId}/list`);
    assert.ok(((await listed.json()) as string[]).includes(town!.settings.entityId));
    const [mark] = town!.settings.trustMarks;
    const said = await openSigned(mark!.trustMark, at.simulator.oidc!.anchor.jwks);
    assert.equal(said["sub"], town!.settings.entityId);
    const off = { actor: systemActor, protocol: "cie-oidc", now: START } as const;
    await before.town.write((tx) => disableProvider(tx, off));
    await at.close();
    at = await open();
    const moved = await versions();
    assert.equal(moved.known.length, 2, "other ports: another version");
    assert.equal(
      moved.known.find((one) => one.enabledAt && !one.disabledAt),
      undefined,
    );
  });
});
