// SPDX-License-Identifier: EUPL-1.2
/** Passkeys with Chromium's own authenticator, an app's codes, and a tablet that becomes a school's. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { moment } from "#kernel/dates.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { appCode, offered, staffAccount, STAFF_PASSWORD } from "../support/second-factor.ts";
import { browserStage } from "../support/visitor.ts";

const NOW = moment("2026-11-24T08:00:00Z");

/** A device with a finger that is the right one until told otherwise. */
async function authenticator(page: Page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const keys = async () =>
    (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  return {
    keys,
    isFingerRight: (isUserVerified: boolean) =>
      cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    /** What a copy of the key would do. */
    async turnBack(): Promise<void> {
      const [key] = await keys();
      const { credentialId } = key!;
      await cdp.send("WebAuthn.removeCredential", { authenticatorId, credentialId });
      await cdp.send("WebAuthn.addCredential", {
        authenticatorId,
        credential: { ...key!, signCount: 0 },
      });
    },
  };
}

describe("ways to sign in, in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  it("X-15 a passkey is added, opens the office by itself, and a copy of it is refused", async () => {
    const town = await stage.place({ now: NOW });
    const office = await town.site.signInAs("office", { name: "Marta Conti" });
    const marta = await town.visit(office, "/accessi/metodi", { screen: "phone" });
    const { page } = marta;
    const device = await authenticator(page);
    await marta.sees("Passkey", "Nessuna passkey");
    const add = page.getByRole("button", { name: "Aggiungi una passkey" });
    await device.isFingerRight(false);
    await add.click();
    await page.getByText("La passkey non è stata aggiunta").waitFor();
    await device.isFingerRight(true);
    await page.fill("#nome", "Telefono");
    await add.click();
    await page.getByText("La passkey è aggiunta").waitFor();
    await marta.sees("Telefono", "mai usata");
    await add.click();
    await page.getByText("Questo dispositivo ha già una passkey").waitFor();
    assert.equal((await device.keys()).length, 1);

    await page.context().clearCookies();
    await marta.open("/accedi?poi=/ufficio/calendario");
    await page.getByRole("button", { name: "Entra con la passkey" }).click();
    // The address of the sign-in page names it too.
    await page.waitForURL(({ pathname }) => pathname === "/ufficio/calendario");
    await marta.open("/accessi/metodi");
    await marta.sees("usata martedì 24 novembre");

    await page.context().clearCookies();
    await device.turnBack();
    await marta.open("/accedi");
    await page.getByRole("button", { name: "Entra con la passkey" }).click();
    await page.getByText("Questa passkey non apre nessun accesso").waitFor();
    assert.equal(await marta.open("/ufficio"), 200);
    assert.match(page.url(), /\/accedi/);
  });

  it("X-15 a removed passkey opens nothing", async () => {
    const town = await stage.place({ now: NOW });
    const school = await town.site.signInAs("school", { name: "Anna Bassi" });
    const anna = await town.visit(school, "/accessi/metodi", { screen: "phone" });
    const { page } = anna;
    await authenticator(page);
    await page.getByRole("button", { name: "Aggiungi una passkey" }).click();
    await page.getByText("La passkey è aggiunta").waitFor();
    await page.getByRole("button", { name: "Togli: Passkey" }).click();
    await page.getByText("La passkey è tolta").waitFor();
    await anna.sees("Nessuna passkey");
    await page.context().clearCookies();
    await anna.open("/accedi");
    await page.getByRole("button", { name: "Entra con la passkey" }).click();
    await page.getByText("Questa passkey non apre nessun accesso").waitFor();
    for (const width of [320, 1280]) await anna.isAccessible({ width });
  });

  it("X-15 an app is told the key by the QR page on a phone, without JavaScript too", async () => {
    const town = await stage.place({ now: NOW, demo: false });
    await staffAccount(town.site, { username: "m.conti", role: "office" });
    let secret = "";
    for (const javaScript of [true, false]) {
      const marta = await town.visit(null, "/accedi", { screen: "phone", javaScript });
      const { page } = marta;
      await page.fill("#codice", "m.conti");
      await page.fill("#password", STAFF_PASSWORD);
      await page.getByRole("button", { name: "Entra con codice e password" }).click();
      if (javaScript) {
        await page.waitForURL(/\/accedi\/codice/);
        await marta.sees("Secondo fattore", "Inquadrare il codice");
        for (const width of [320, 1280]) await marta.isAccessible({ width });
        await page.setViewportSize({ width: 360, height: 640 });
        await screenshot(page, "secondo-fattore-phone", { fullPage: true });
        secret = offered(await page.content());
        await page.fill("#cifre", appCode(secret, NOW));
      } else {
        town.site.setClock(NOW.add({ minutes: 1 }));
        await page.waitForURL(/\/accedi\/codice/);
        await marta.sees("Codice di verifica", "Marta Conti");
        await page.fill("#cifre", appCode(secret, NOW.add({ minutes: 1 })));
      }
      await page.getByRole("button", { name: "Entra", exact: true }).click();
      await page.waitForURL(/\/ufficio/);
    }
  });

  it("X-15 the first sign-in of the office sets a passkey up in place of an app's codes", async () => {
    const town = await stage.place({ now: NOW, demo: false });
    await staffAccount(town.site, { username: "m.conti", role: "office" });
    const marta = await town.visit(null, "/accedi?poi=/ufficio/calendario", { screen: "phone" });
    const { page } = marta;
    const device = await authenticator(page);
    const enter = async (): Promise<void> => {
      await page.fill("#codice", "m.conti");
      await page.fill("#password", STAFF_PASSWORD);
      await page.getByRole("button", { name: "Entra con codice e password" }).click();
      await page.waitForURL(/\/accedi\/codice/);
    };
    await enter();
    await marta.sees("Oppure una passkey");
    for (const width of [320, 1280]) await marta.isAccessible({ width });
    await page.setViewportSize({ width: 360, height: 640 });
    await screenshot(page, "secondo-fattore-phone", { fullPage: true });
    await page.getByRole("button", { name: "Crea una passkey ed entra" }).click();
    await page.waitForURL(({ pathname }) => pathname === "/ufficio/calendario");
    assert.equal((await device.keys()).length, 1);

    await page.context().clearCookies();
    await marta.open("/accedi");
    await enter();
    await marta.sees("Ora serve la passkey");
    assert.equal(await page.getByRole("button", { name: "Crea una passkey" }).count(), 0);
    await page.getByRole("button", { name: "Entra con la passkey" }).click();
    await page.waitForURL(/\/ufficio/);
  });

  it("PE-06 a tablet becomes the school's by its link", async () => {
    const town = await stage.place({ now: NOW });
    const office = await town.site.signInAs("office", { name: "Marta Conti" });
    const marta = await town.visit(office, "/ufficio/impostazioni/dispositivi", {
      screen: "desktop",
    });
    await marta.tap(marta.link("Nuovo dispositivo"));
    await marta.tap(marta.link("Primaria Milano"));
    await marta.page.fill("#nome", "Tablet 3A");
    await marta.page.getByLabel("Appello").check();
    for (const width of [320, 1280]) await marta.isAccessible({ width });
    await marta.page.getByRole("button", { name: "Crea e mostra il codice QR" }).click();
    await marta.page.getByText("Vale una volta").waitFor();
    await marta.page.setViewportSize({ width: 360, height: 640 });
    const link = /\/dispositivo\/[\w-]{43}/.exec(await marta.page.content())![0];
    const tablet = await town.visit(null, link, { screen: "tablet" });
    await tablet.sees("Tablet 3A", "Resta collegato");
    await tablet.isAccessible({ width: 320 });
    await tablet.page.getByRole("button", { name: "Usa questo dispositivo" }).click();
    await tablet.page.waitForURL(/\/scuola/);
    await marta.open("/ufficio/impostazioni/dispositivi");
    await screenshot(marta.page, "tablet-elenco-phone", { fullPage: true });
    await marta.page.getByRole("button", { name: "Revoca: Tablet 3A" }).click();
    await marta.page.getByText("scollegato da subito").waitFor();
    await tablet.open("/scuola");
    assert.match(tablet.page.url(), /\/accedi/);
  });
});
