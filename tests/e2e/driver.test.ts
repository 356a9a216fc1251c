// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { axe, browserMissing, screenshot, widerThanWindow } from "../support/browser.ts";
import { addBus, type BusTown } from "../support/bus-town.ts";
import { at as moment, TUESDAY } from "../support/portal.ts";
import { browserStage, type Place } from "../support/visitor.ts";

describe("whoever drives, on a phone", { skip: browserMissing }, () => {
  const stage = browserStage();
  let borgo: Place;
  let bus: BusTown;
  before(async () => {
    borgo = await stage.place({ now: moment(TUESDAY, "07:10:00") });
    bus = await addBus(borgo.site.place);
  });

  for (const javaScript of [true, false])
    it(`PE-01 ${javaScript ? "with" : "without"} JavaScript: the first stop with a child on the first screen, the way back in one tap`, async () => {
      const as = await borgo.site.signInAs("driver", { lineIds: [bus.lineId] });
      const { page } = await borgo.visit(as, "/autista", { javaScript });
      const child = page.getByText("Ferrando Giulia");
      const box = await child.boundingBox();
      assert.ok(box && box.y + box.height <= 640, "the child is on the first screen");
      assert.deepEqual(await widerThanWindow(page), []);
      if (javaScript) {
        assert.deepEqual(await axe(page), []);
        await screenshot(page, "driver-phone");
      }
      await page.getByRole("link", { name: /Ritorno/ }).click();
      await page.getByRole("heading", { name: "Ritorno: 1 bambino" }).waitFor();
      await page.getByRole("heading", { name: "13:15 Chiesa" }).waitFor();
    });

  it("PE-01 the office writes a line on a phone: two times beside each other, nothing wider than the window", async () => {
    const as = await borgo.site.signInAs("office");
    const { page } = await borgo.visit(as, "/ufficio/scuolabus/nuova");
    await page.getByLabel("Nome della linea").fill("Blu");
    const first = page.getByRole("group", { name: "Fermata 1" });
    await first.getByLabel("Fermata").fill("Porto");
    await first.getByLabel("Andata").fill("07:20");
    assert.deepEqual(await widerThanWindow(page), []);
    assert.deepEqual(await axe(page), []);
    await page.getByRole("button", { name: "Salva la linea" }).click();
    await page.getByRole("heading", { name: "Linea Blu" }).waitFor();
    await page.getByText("7:20").waitFor();
    assert.deepEqual(await axe(page), []);
  });
});
