// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { updateContacts } from "#families";
import type { Role } from "#kernel/actor.ts";
import { messagesOf } from "#messaging";
import { browserMissing, screenshot } from "../support/browser.ts";
import { at as moment, TUESDAY } from "../support/portal.ts";
import type { TestSite } from "../support/site.ts";
import { browserStage, type Place, type Screen, type Visitor } from "../support/visitor.ts";

const at = (time: string): Temporal.Instant => moment(TUESDAY, time);
const MOBILE = "333 123 4567";

describe("the office in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  /** A town whose mother left her number. */
  async function start(time: string): Promise<Place> {
    const there = await stage.place({ now: at(time) });
    const { place } = there.site;
    const personId = place.sara.personId!;
    await place.town.write((tx) =>
      updateContacts(tx, { actor: place.sara, personId, phone: MOBILE, at: at(time) }),
    );
    return there;
  }

  async function clerk(
    of: Place,
    { roles = ["office"], ...how }: { screen?: Screen; javaScript?: boolean; roles?: Role[] } = {
      screen: "desktop",
    },
  ): Promise<Visitor> {
    const [role = "office", ...alsoRoles] = roles;
    const who = await of.site.signInAs(role, { name: "M. Conti", alsoRoles });
    return of.visit(who, "/ufficio", how);
  }

  const told = async (site: TestSite): Promise<string[]> =>
    (
      await site.place.town.read((tx) =>
        messagesOf(tx, { holderIds: [site.place.holderId], limit: 10 }),
      )
    ).map(({ kind }) => kind);

  for (const javaScript of [true, false])
    it(`task 14: a weather alert at 7:10, every school closed in 4 taps, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const town = await start("07:10:00");
      const marta = await clerk(town, { screen: "desktop", javaScript, roles: ["office-manager"] });
      const { page } = marta;
      await marta.tap(page.locator("text=Chiudi scuole…"));
      assert.match(await marta.reads("main"), /2 pasti in meno, 9,20 € non addebitati, 1 famiglia/);
      assert.deepEqual(await told(town.site), [], "effects before anybody is told");
      await marta.tick(page.locator("input[name=motivo][value=weather]"));
      await marta.tap(page.locator("text=Chiudi e avvisa 1 famiglia"));
      marta.within(4, 4);
      assert.deepEqual(await told(town.site), ["closure"]);
      await screenshot(page, `office-closure${javaScript ? "" : "-no-script"}`);
      await marta.tap(page.locator("text=Annulla la chiusura"));
      assert.deepEqual((await told(town.site)).toSorted(), ["closure", "closure-cancelled"]);
    });

  it("task 15 X-15: a father on the phone, found by number, cancelled at the desk, seen by the family", async () => {
    const town = await start("08:41:00");
    const marta = await clerk(town);
    const { page } = marta;
    await page.keyboard.press("/");
    await page.keyboard.type("3331234567");
    await marta.tap(page.locator(".search button"));
    assert.match(await marta.reads("h1"), /Famiglia Ferrando/);
    await screenshot(page, "office-family", { fullPage: true });
    await marta.tap(page.locator("text=Apri lo sportello").first());
    await marta.tick(page.locator("input[name=motivo][value=telefonata]"));
    await marta.tap(page.locator("main button[type=submit]").first());
    assert.match(await marta.reads(".strip-desk"), /Motivo: telefonata/);
    await marta.tap(page.locator("main form.action-form button").first());
    await marta.sees(/[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/);
    marta.within(6, 5);
    await screenshot(page, "office-desk-receipt");
    await page.locator(".strip-desk button").click();
    await page.waitForURL(/famiglie/);
    assert.match(await marta.reads("main"), /Pasto disdetto/);
    const sara = await town.visit(await town.site.signInAs("guardian"), "/ricevute");
    await sara.page.locator("main a", { hasText: "Pasto disdetto" }).click();
    assert.match(await sara.reads("main"), /Sportello: M\. Conti/);
  });

  it("finds as one types, with the key /", async () => {
    const marta = await clerk(await start("08:41:00"));
    const { page } = marta;
    await marta.open("/ufficio/cerca");
    await page.keyboard.press("/");
    await page.keyboard.type("ferr giul", { delay: 20 });
    await page.waitForURL(/q=ferr\+giul$/);
    await page.waitForSelector("#risultati >> text=Ferrando Giulia");
  });

  it("suggests as one types on every page: arrows, Enter, Esc, a tap; the button still searches", async () => {
    const town = await start("08:41:00");
    const marta = await clerk(town);
    const { page } = marta;
    await marta.open("/ufficio/chiusure");
    const box = page.getByRole("combobox", { name: /Cerca bambino/ });
    const list = page.getByRole("listbox");
    await page.keyboard.press("/");
    await page.keyboard.type("ferr");
    await list.waitFor();
    assert.equal(await box.getAttribute("aria-expanded"), "true");
    assert.match(await marta.reads("[role=option]"), /Ferrando Giulia bambino/);
    assert.equal(await page.getByRole("status").innerText(), "3 suggerimenti");
    await marta.isAccessible();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const active = page.locator(`#${await box.getAttribute("aria-activedescendant")}`);
    assert.match(await active.innerText(), /Ferrando Tommaso/);
    assert.equal(await active.getAttribute("aria-selected"), "true");
    await screenshot(page, "office-suggestions");
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    assert.equal(await box.inputValue(), "ferr");
    await page.keyboard.press("ArrowUp");
    assert.match(await page.locator("[aria-selected=true]").innerText(), /Tutti i risultati/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/cerca\?q=ferr$/);
    await marta.open("/ufficio/tariffe");
    await page.locator("input[type=search]").fill("giul");
    await marta.tap(page.getByRole("option", { name: /Ferrando Giulia/ }));
    assert.match(await marta.reads("h1"), /Famiglia Ferrando/);
    await marta.open("/ufficio/calendario");
    await page.locator("input[type=search]").fill("3331234567");
    await list.waitFor();
    await marta.tap(page.locator(".search button"));
    assert.match(page.url(), /famiglie/);
    const phone = await clerk(town, { screen: "phone" });
    await phone.page.setViewportSize({ width: 320, height: 640 });
    const typed = phone.page.locator("input[type=search]");
    await typed.fill("ferr");
    await phone.page.getByRole("listbox").waitFor();
    await phone.isAccessible();
    await typed.fill("zzzz");
    const nothing = phone.page.locator(".no-suggestions");
    await nothing.waitFor();
    assert.match(await nothing.innerText(), /Nessun risultato\. Provare con il codice fiscale/);
    assert.ok(((await nothing.boundingBox())?.height ?? 0) >= 48, "seen, not only spoken");
    await phone.isAccessible();
    await phone.page.keyboard.press("Escape");
    await nothing.waitFor({ state: "detached" });
    await typed.fill("zzzzz");
    await nothing.waitFor();
    await typed.fill("ferr");
    await nothing.waitFor({ state: "detached" });
  });

  it("every page is clean for axe, on a phone of 320 px nothing is wider than the window", async () => {
    const town = await start("10:00:00");
    const { place } = town.site;
    const family = `/ufficio/famiglie/${place.holderId}`;
    const paths = [
      "/ufficio",
      "/ufficio/cerca?q=ferrando",
      family,
      `${family}/sportello`,
      `${family}/credito`,
      `${family}/estratto-conto`,
      `${family}/persone/${place.sara.personId}/contatti`,
      `${family}/persone/${place.giulia}/codice-fiscale`,
      `${family}/figli/${place.giulia}/isee`,
      `${family}/figli/${place.giulia}/dieta`,
      `/ufficio/figli/${place.giulia}/intestatario`,
      `/ufficio/classi/${place.classId}`,
      "/ufficio/giornate",
      `/ufficio/giornate/2026-11-24/${place.siteId}`,
      `/ufficio/giornate/2026-11-24/classi/${place.classId}`,
      `/ufficio/giornate/2026-11-24/classi/${place.classId}/${place.giulia}`,
      "/ufficio/chiusure",
      "/ufficio/chiusure/nuova",
      "/ufficio/avvisi",
      "/ufficio/contestazioni",
      "/ufficio/compiti",
      "/ufficio/calendario?prova=giulia",
      "/ufficio/tariffe?prova=1",
      "/ufficio/importazioni",
      "/ufficio/impostazioni",
    ];
    const roles: Role[] = ["office-manager", "office-diet"];
    const marta = await clerk(town, { screen: "phone", roles });
    for (const path of paths) {
      assert.equal(await marta.open(path), 200, path);
      await marta.isAccessible({ width: 320 });
      await marta.isAccessible({ width: 1280 });
    }
  });
});
