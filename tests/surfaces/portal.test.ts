// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { day, momentAt, type Moment } from "#kernel/dates.ts";
import { routes } from "../../src/surfaces/portal/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

export const at = (date: string, time: string): Moment => momentAt(day(date), time);
const TUESDAY = "2026-11-24";

async function home(options: Partial<Parameters<typeof testSite>[1]> = {}) {
  const site = await testSite(base.db, { routes, now: at(TUESDAY, "08:40:00"), ...options });
  return { site, sara: await site.signInAs("guardian") };
}

const textOf = (html: string): string =>
  html
    .replace(/<head>[^]*?<\/head>/, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ");

const page = async (site: TestSite, path: string, as: SignedIn | null): Promise<string> => {
  const answer = await site.get(path, as);
  assert.equal(answer.statusCode, 200, `${path}: ${answer.statusCode} ${textOf(answer.body)}`);
  return textOf(answer.body);
};

/** Sends one act and follows to its receipt. */
async function act(site: TestSite, as: SignedIn, what: string, date = TUESDAY, slug = "giulia") {
  const fields = { servizio: "mensa", giorno: date, atto: what };
  const answer = await site.post(`/figli/${slug}/pasti`, fields, as);
  assert.equal(answer.statusCode, 303, textOf(answer.body));
  const location = String(answer.headers.location);
  return { location, text: await page(site, location, as) };
}

describe("Oggi", () => {
  it("BO-09 at 8:40 says who eats, until when it can change and what it costs", async () => {
    const { site, sara } = await home();
    const text = await page(site, "/oggi", sara);
    assert.match(text, /Oggi, martedì 24 novembre/);
    assert.match(text, /Sono le 8:40\. Si può disdire fino alle 9:00: fra 20 minuti/);
    assert.match(text, /Se mangia: 4,60 € nell'avviso di novembre\./);
    assert.match(text, /Disdici il pasto di oggi/);
    assert.match(text, /Disdici per tutti/);
    await site.close();
  });

  it("BO-17 after the cut-off the act names the first useful day", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "09:05:00") });
    const text = await page(site, "/oggi", sara);
    assert.match(text, /Sono le 9:05\. Per oggi non si può più disdire \(limite 9:00\)/);
    assert.match(text, /Prossimo pasto: giovedì 26 novembre/);
    assert.match(text, /Disdici giovedì 26 novembre/);
    assert.match(text, /Segnala comunque l'assenza/);
    await site.close();
  });
});

describe("acts and receipts", () => {
  it("X-01 a cancellation gives a receipt with code and seconds; undo gives another", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "08:41:07") });
    const done = await act(site, sara, "cancel");
    assert.match(done.location, /^\/ricevute\/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    assert.match(done.text, /Pasto disdetto/);
    assert.match(done.text, /oggi alle 8:41:07/);
    assert.match(done.text, /Nessun addebito nell'avviso di novembre\./);
    assert.match(done.text, /portale, Sara Ferrando/);
    assert.match(done.text, /Annulla la disdetta/);
    const undone = await act(site, sara, "restore");
    assert.match(undone.text, /Presente/);
    assert.match(undone.text, /Chi e quando.*Disdetta annullata.*Pasto disdetto/);
    await site.close();
  });
});
