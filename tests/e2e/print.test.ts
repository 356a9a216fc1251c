// SPDX-License-Identifier: EUPL-1.2
/** What leaves on paper: one class on one sheet, a notice that says who pays what and how. */
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { drawMonth } from "#billing";
import { day } from "#kernel/dates.ts";
import { browserMissing } from "../support/browser.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import type { SignedIn } from "../support/site.ts";
import { manyFamilies } from "../support/small-town.ts";
import { browserStage, type Place } from "../support/visitor.ts";

/** Mondays, Tuesdays and Thursdays with service */
const OCTOBER = ["05", "06", "08", "12", "13", "15", "19", "20", "22", "26", "27", "29"];

describe("paper", { skip: browserMissing }, () => {
  const stage = browserStage();
  let town: Place;
  before(async () => {
    town = await stage.place({ now: at(TUESDAY, "08:40:00") });
    await manyFamilies(town.site.place, 23);
  });

  /** Number of A4 pages, and what of the page is printed. */
  async function printed(path: string, as: SignedIn): Promise<{ pages: number; text: string }> {
    const visitor = await town.visit(as, path, { screen: "desktop" });
    await visitor.page.emulateMedia({ media: "print" });
    const pdf = await visitor.page.pdf({ preferCSSPageSize: true });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    return { pages, text: await visitor.reads() };
  }

  it("PE-06 a class of 25 with the rows to fill in by hand is one sheet that names the class", async () => {
    const { site } = town;
    const school = await site.signInAs("school", { siteIds: [site.place.siteId] });
    const path = `/scuola/${site.place.classId}/foglio?giorno=${TUESDAY}`;
    const { pages, text } = await printed(path, school);
    assert.match(text, /attesi 25/);
    assert.match(text, /Bambino · 3A, Primaria Milano/);
    assert.equal(pages, 1);
  });

  it("BO-02 a notice names who pays and the code, without links; how to pay stays with the total", async () => {
    const { site } = town;
    for (const date of OCTOBER) await closeThe(site, `2026-10-${date}`);
    const { place } = site;
    const drawn = await place.town.write((tx) =>
      drawMonth(tx, {
        serviceId: place.serviceId,
        month: day("2026-10-01"),
        now: at("2026-11-02", "09:00:00"),
        today: day("2026-11-02"),
        by: "ufficio",
      }),
    );
    assert.equal(drawn.outcome, "drawn");
    const sara = await site.signInAs("guardian");
    const list = (await site.get("/pagamenti", sara)).body;
    const { pages, text } = await printed(/\/pagamenti\/2026\/\d+/.exec(list)![0], sara);
    assert.match(text, /^Comune di Borgo di prova .*Avviso di pagamento: mensa di ottobre 2026/);
    assert.match(text, /Intestatario Sara Ferrando Codice di pagamento \d{9}/);
    assert.match(text, /Totale 55,20 €.*Come si paga/);
    assert.doesNotMatch(text, /Perché\?/);
    assert.equal(pages, 1);
  });
});
