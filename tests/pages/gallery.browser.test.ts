// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import {
  axe,
  browserMissing,
  newDesktopPage,
  newPhonePage,
  openBrowser,
  widerThanWindow,
} from "../support/browser.ts";
import { gallery } from "./gallery.ts";
import { serveGallery, type GalleryServer } from "./serve.ts";

/** Smaller than it should be: buttons and bars 48 px, links inside sentences 24. */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const big =
      ".btn, .phone-bar a, .day-inside, .chip-link, .tabs a, summary, .control, .link-list a, .link-row a";
    const found: string[] = [];
    for (const element of document.querySelectorAll(
      "a, button, summary, input, select, textarea",
    )) {
      const box = element.getBoundingClientRect();
      if (
        box.width === 0 ||
        box.right < 0 ||
        box.bottom < 0 ||
        element.matches("[type=hidden], .skip")
      )
        continue;
      const choice = element.closest(".choice")?.getBoundingClientRect();
      const height = choice?.height ?? box.height;
      const least = element.matches(big) || choice ? 48 : 24;
      if (height < least - 0.5)
        found.push(`${element.tagName} "${element.textContent?.trim().slice(0, 30)}" ${height}px`);
    }
    return found;
  });
}

describe("the gallery in a browser", { skip: browserMissing }, () => {
  let browser: Browser;
  let phone: Page;
  let desktop: Page;
  let served: GalleryServer;
  let AT: string;
  const complaints: string[] = [];
  before(async () => {
    browser = await openBrowser();
    phone = await newPhonePage(browser);
    desktop = await newDesktopPage(browser);
    served = await serveGallery();
    AT = served.origin;
    phone.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    phone.on("pageerror", (error) => complaints.push(String(error)));
  });
  after(async () => {
    await browser?.close();
    await served?.close();
  });

  for (const name of Object.keys(gallery)) {
    it(`reads well at 320, 360 and 1280 px: ${name}`, async () => {
      await phone.setViewportSize({ width: 320, height: 640 });
      await phone.goto(`${AT}/${name}`);
      for (const width of [320, 360]) {
        await phone.setViewportSize({ width, height: 640 });
        assert.deepEqual(await widerThanWindow(phone), [], `${width} px`);
        assert.deepEqual(await smallTargets(phone), [], `${width} px`);
      }
      assert.deepEqual(await axe(phone), []);
      await phone.setViewportSize({ width: 1280, height: 900 });
      assert.deepEqual(await widerThanWindow(phone), []);
      assert.deepEqual(await axe(phone), []);
      assert.deepEqual(complaints, []);
    });
  }

  it("shows state, money and the act on the first screen at 360×640", async () => {
    await phone.setViewportSize({ width: 360, height: 640 });
    await phone.goto(`${AT}/home`);
    const bar = await phone.locator(".phone-bar").boundingBox();
    for (const text of ["Presente", "Se mangia: 4,60 €", "Disdici il pasto di oggi"]) {
      const box = await phone.getByText(text).first().boundingBox();
      assert.ok(box && bar && box.y + box.height <= bar.y, text);
    }
  });

  it("X-01 a double tap sends one form, and the button says so", async () => {
    await phone.goto(`${AT}/home`);
    served.posts.length = 0;
    let answer = (): void => {};
    served.hold = new Promise((resolve) => (answer = resolve));
    const label = await phone.evaluate(() => {
      const act = document.querySelector<HTMLButtonElement>("form[data-once] .btn-primary")!;
      act.click();
      act.click();
      return act.innerText;
    });
    assert.equal(label, "Invio in corso…");
    answer();
    served.hold = null;
    await phone.waitForURL(`${AT}/receipt`);
    assert.equal(served.posts.length, 1);
    assert.match(served.posts[0]!, /csrf=c5rf&key=0193-key&giorno=2026-11-24/);
    assert.equal(await phone.evaluate(() => document.activeElement?.tagName), "H1");
  });

  it("opens a day in a sheet, closes with Escape, focus goes back to the day", async () => {
    await phone.goto(`${AT}/calendar`);
    const link = phone.getByRole("link", { name: /giovedì 26 novembre/ });
    await link.click();
    const sheet = phone.getByRole("dialog", { name: "Ricevuta" });
    await sheet.waitFor();
    assert.deepEqual(await axe(phone), []);
    await phone.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    assert.match(
      (await phone.evaluate(() => document.activeElement?.textContent)) ?? "",
      /26\s+novembre/,
    );
    assert.equal(phone.url(), `${AT}/calendar`);
  });

  it("says that nothing left when the network is gone", async () => {
    await phone.goto(`${AT}/home`);
    served.posts.length = 0;
    await phone.context().setOffline(true);
    await phone.getByRole("button", { name: /Disdici il pasto di oggi/ }).click();
    await phone
      .getByText("Nessuna connessione. La disdetta non è partita. Per telefono: 0182 940 900")
      .waitFor();
    await phone.context().setOffline(false);
    await phone.locator(".strip-offline:empty").waitFor({ state: "attached" });
    assert.deepEqual(served.posts, []);
  });

  it("puts the focus on the error summary, whose links lead to the fields", async () => {
    await phone.goto(`${AT}/form-errors`);
    assert.match(
      (await phone.evaluate(() => document.activeElement?.textContent)) ?? "",
      /Ci sono 2 dati da correggere/,
    );
    await phone.getByRole("link", { name: "Manca il motivo." }).click();
    assert.equal(await phone.evaluate(() => document.activeElement?.id), "motivo");
  });

  it("shows where the focus is, with the keyboard alone", async () => {
    await desktop.goto(`${AT}/home`);
    await desktop.keyboard.press("Tab");
    assert.equal(
      await desktop.evaluate(() => document.activeElement?.textContent),
      "Vai al contenuto",
    );
    for (let step = 0; step < 12; step++) {
      const ring = await desktop.evaluate(() => {
        const style = getComputedStyle(document.activeElement!);
        return `${style.outlineStyle} ${style.outlineWidth}`;
      });
      assert.equal(ring, "solid 3px");
      await desktop.keyboard.press("Tab");
    }
  });

  it("counts the roll call as boxes are ticked", async () => {
    await phone.goto(`${AT}/school`);
    await phone.getByRole("checkbox", { name: /Bassi Anna/ }).check();
    assert.match(
      (await phone.locator(".lead-text").textContent()) ?? "",
      /Presenti 3 · Assenti\s+2/,
    );
    assert.match(
      (await phone.locator(".form .btn").textContent()) ?? "",
      /Invia l'appello: 3\s+pasti/,
    );
  });

  it("follows the kitchen's order when its version changes", async () => {
    served.version = "1";
    await desktop.goto(`${AT}/kitchen`);
    served.version = "2";
    await desktop.locator('[data-live][data-version="2"]').waitFor();
  });

  it("searches as one types, from the key / on", async () => {
    await desktop.goto(`${AT}/office`);
    await desktop.locator("h1").click();
    await desktop.keyboard.press("/");
    await desktop.keyboard.type("Ferr");
    await desktop.waitForURL(/\/ufficio\/cerca\?q=Ferr$/);
    await desktop.getByText("Trovato: Ferr").waitFor();
  });

  it("works without JavaScript: a day is a page, a form is sent", async () => {
    const plain = await newPhonePage(browser, { javaScript: false });
    served.posts.length = 0;
    await plain.goto(`${AT}/calendar`);
    await plain.getByRole("link", { name: /giovedì 26 novembre/ }).click();
    await plain.waitForURL(/giorni\/2026-11-26$/);
    await plain.goto(`${AT}/home`);
    await plain.getByRole("button", { name: /Disdici il pasto di oggi/ }).click();
    await plain.waitForURL(`${AT}/receipt`);
    assert.equal(served.posts.length, 1);
    await plain.context().close();
  });
});
