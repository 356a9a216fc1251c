// SPDX-License-Identifier: EUPL-1.2
/** WCAG 2.1.1 and 2.4.7: the main tasks with Tab, Enter, Space and arrows alone, and always a visible focus. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator } from "playwright-core";
import { putClosures } from "#calendar";
import type { Role } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { browserMissing } from "../support/browser.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const MOST_TABS = 120;

/** Somebody who never touches a mouse. */
class Keyboard {
  readonly visitor: Visitor;
  constructor(visitor: Visitor) {
    this.visitor = visitor;
  }

  /** Tabs forward until the element has the focus, which can be seen. */
  async reach(what: Locator): Promise<void> {
    const { page } = this.visitor;
    const element = what.last();
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      await page.keyboard.press("Tab");
      const found = await element.evaluate((one) => {
        if (one !== document.activeElement) return null;
        const label = one.closest("label") ?? one.parentElement;
        return [one, label].some((part) => part && shows(getComputedStyle(part)));
        function shows({ outlineStyle, boxShadow }: CSSStyleDeclaration): boolean {
          return outlineStyle !== "none" || boxShadow !== "none";
        }
      });
      if (found === null) continue;
      assert.ok(found, `no visible focus on ${String(what)}`);
      return;
    }
    assert.fail(`${String(what)} is not reached with ${MOST_TABS} tabs`);
  }

  /** Reaches it and presses Enter; what it opens is there afterwards. */
  async enter(what: Locator): Promise<void> {
    const { page } = this.visitor;
    await this.reach(what);
    const isSheet = (await what.last().getAttribute("data-sheet")) !== null;
    const url = page.url();
    await page.keyboard.press("Enter");
    if (isSheet) return page.locator("dialog.sheet").waitFor();
    await page.waitForURL((now) => now.href !== url);
    await page.waitForLoadState();
  }

  /** One of a group of radio buttons: Tab to the group, arrows inside it. */
  async choose(name: string, value: string): Promise<void> {
    const { page } = this.visitor;
    const wanted = page.locator(`input[name=${name}][value=${value}]`);
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((of) => document.activeElement?.getAttribute("name") === of, name))
        break;
    }
    await page.keyboard.press("Space");
    for (let arrows = 0; arrows < 12 && !(await wanted.isChecked()); arrows += 1)
      await page.keyboard.press("ArrowDown");
    assert.ok(await wanted.isChecked(), `${name} is ${value}`);
  }
}

/** Types a day into the field that has the focus, in the order that this browser's language has. */
async function typeDate(field: Locator, date: string): Promise<void> {
  const { keyboard } = field.page();
  const [year, month, dayOfMonth] = date.split("-");
  for (const typed of [`${dayOfMonth}${month}${year}`, `${month}${dayOfMonth}${year}`]) {
    if ((await field.inputValue()) === date) return;
    for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft"]) await keyboard.press(key);
    await keyboard.type(typed);
  }
}

describe("the main tasks with the keyboard alone", { skip: browserMissing }, () => {
  const stage = browserStage();
  async function sitDown(
    role: Role,
    start: string,
    how: { time?: string; prepare?: (town: Place) => Promise<unknown>; rollCall?: boolean } = {},
  ): Promise<Keyboard> {
    const rollCall = { attendance: { mode: "roll-call" as const } };
    const town = await stage.place({
      now: at(TUESDAY, how.time ?? "08:41:07"),
      town: how.rollCall ? { settings: rollCall } : {},
    });
    await how.prepare?.(town);
    const siteIds = role === "school" ? { siteIds: [town.site.place.siteId] } : {};
    const as = await town.site.signInAs(role, siteIds);
    return new Keyboard(await town.visit(as, start, { screen: "desktop" }));
  }

  it("BO-09 a parent cancels today's meal and takes it back", async () => {
    const sara = await sitDown("guardian", "/oggi");
    await sara.enter(sara.visitor.button("Disdici il pasto di oggi per Giulia"));
    await sara.visitor.sees("Pasto disdetto", "8:41:07");
    await sara.visitor.open("/oggi");
    await sara.enter(sara.visitor.button("Annulla la disdetta per Giulia"));
    await sara.visitor.sees("Disdetta annullata");
  });

  it("BO-12 a parent reports an absence of several days", async () => {
    const sara = await sitDown("guardian", "/figli/giulia/assenze/nuova?passo=2&per=giulia");
    const { page } = sara.visitor;
    for (const [label, date] of [
      ["Primo giorno", "2026-11-26"],
      ["Ultimo giorno", "2026-11-30"],
    ] as const) {
      const field = page.getByLabel(label);
      await sara.reach(field);
      await typeDate(field, date);
      assert.equal(await field.inputValue(), date);
    }
    await sara.enter(sara.visitor.button("Continua"));
    await sara.enter(sara.visitor.button("Registra l'assenza"));
    await sara.visitor.sees("Assenz", "2 pasti disdetti");
  });

  it("BO-12 a parent asks for a plain meal, from the calendar", async () => {
    const sara = await sitDown("guardian", "/figli/giulia/calendario");
    await sara.enter(sara.visitor.link(/giovedì 26/));
    await sara.enter(sara.visitor.button(/Pasto in bianco/));
    await sara.visitor.sees("Pasto in bianco", "Torna al pasto normale");
  });

  it("X-09 a parent asks why and disputes", async () => {
    const sara = await sitDown("guardian", "/figli/giulia/calendario", {
      prepare: (town) => closeThe(town.site, "2026-11-10"),
    });
    await sara.enter(sara.visitor.link(/martedì 10/));
    await sara.enter(sara.visitor.link("Perché?"));
    await sara.enter(sara.visitor.link("Contesta questo addebito"));
    await sara.reach(sara.visitor.page.getByLabel("Che cosa non torna?"));
    await sara.visitor.page.keyboard.type("Quel giorno era a casa.");
    await sara.enter(sara.visitor.button("Invia la contestazione"));
    await sara.visitor.sees("Contestazione 1");
  });

  it("BO-19 the office's manager closes every school", async () => {
    const marta = await sitDown("office-manager", "/ufficio", { time: "07:10:00" });
    await marta.enter(marta.visitor.link(/Chiudi scuole/));
    await marta.choose("motivo", "weather");
    await marta.enter(marta.visitor.button(/Chiudi e avvisa/));
    await marta.visitor.sees("Annulla la chiusura");
  });

  it("PE-03 the school takes the roll", async () => {
    const anna = await sitDown("school", "/scuola", { rollCall: true });
    await anna.enter(anna.visitor.link(/3A/));
    await anna.reach(anna.visitor.page.getByLabel(/Ferrando Tommaso/));
    await anna.visitor.page.keyboard.press("Space");
    await anna.reach(anna.visitor.button(/Invia l'appello/));
    await anna.visitor.page.keyboard.press("Enter");
    await anna.visitor.page.getByText("Inviato alle 8:41").first().waitFor();
  });

  it("the kitchen reads what changed and says so", async () => {
    // The order is frozen when the kitchen first looks at it after the limit.
    const cook = await sitDown("kitchen", "/cucina", { time: "09:06:00" });
    const { site } = cook.visitor;
    const dates = { from: day(TUESDAY), to: day(TUESDAY), reason: "weather" as const, note: "" };
    const where = { id: newId(), serviceId: null, siteId: site.place.siteId, classId: null };
    const by = { name: "ufficio", at: at(TUESDAY, "10:00:00") };
    await site.place.town.write((tx) => putClosures(tx, [{ ...where, ...dates }], by));
    site.setClock(at(TUESDAY, "10:01:00"));
    await cook.visitor.open("/cucina");
    await cook.enter(cook.visitor.link("Vedi le differenze"));
    await cook.reach(cook.visitor.button("Presa visione"));
    await cook.visitor.page.keyboard.press("Enter");
    await cook.visitor.page.getByText(/Presa visione alle 10:01/).waitFor();
  });
});
