// SPDX-License-Identifier: EUPL-1.2
/** The office prices fixed fees again: what changes for whom, and what becomes of each notice. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { inFours } from "#payments";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { ask, begin, FEE_TOWN, feesOf, NOW, pay, record } from "../support/fee-town.ts";
import { textOf } from "../support/portal.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function open(t: { after(work: () => Promise<void>): void }) {
  const site = await testSite(base.db, { routes: wholeSite.routes, now: NOW, town: FEE_TOWN });
  t.after(() => site.close());
  const { place } = site;
  await begin(place);
  const fees = await feesOf(place);
  return { site, place, fees, office: await site.signInAs("office-manager", { name: "M. Conti" }) };
}

describe("fixed fees priced again", () => {
  it("X-11 X-09 from the child's ISEE to each fee: before, now, why, its notices; then posted", async (t) => {
    const { site, place, fees, office } = await open(t);
    const [first, second] = await ask(place, fees.slice(0, 2));
    await pay(base.db, first!);
    await record(place, place.giulia, 800_000n);
    const isee = await site.get(
      `/ufficio/famiglie/${place.holderId}/figli/${place.giulia}/isee`,
      office,
    );
    const link = /href="(\/ufficio\/ricalcolo\?[^"]+)"/
      .exec(isee.body)![1]!
      .replaceAll("&amp;", "&");
    assert.match(link, /dal=2026-09-14&al=2026-11-20&bambino=/);
    const page = await site.get(link, office);
    const text = textOf(page.body);
    assert.match(text, /Quote che cambiano 1 Prima 210,00 € Adesso 120,00 € Differenza -90,00 €/);
    assert.match(
      text,
      /Ferrando Giulia anno 2026\/27 Ferrando Sara 210,00 € 120,00 € -90,00 € ISEE/,
    );
    const number = inFours(second!.noticeNumber);
    assert.match(text, new RegExp(`Avviso ${number}: sostituito da uno di 25,00 €`));
    assert.match(text, /Le rate pagate restano pagate\. 1 avviso non pagato è sostituito/);
    const clerk = await site.signInAs("office", { name: "L. Serra" });
    assert.match(textOf((await site.get(link, clerk)).body), /Decide chi è responsabile/);
    const query = new URLSearchParams(link.split("?")[1]);
    const form = {
      ...Object.fromEntries(query),
      visto: /name="visto" value="([^"]+)"/.exec(page.body)![1]!,
    };
    const without = await site.post("/ufficio/ricalcolo", { ...form, motivo: "" }, office);
    assert.equal(without.statusCode, 422);
    const posted = await site.post(
      "/ufficio/ricalcolo",
      { ...form, motivo: "ISEE tardivo" },
      office,
    );
    assert.equal(posted.headers.location, `/ufficio/famiglie/${place.holderId}`);
    assert.match(textOf((await site.get(link, office)).body), /sono già giuste/);
  });

  it("X-05 a fee in somebody's hands is shown with its reason, and there is nothing to post", async (t) => {
    const { site, place, fees, office } = await open(t);
    const [asked] = await ask(place, fees.slice(0, 1));
    await pay(base.db, asked!, NOW, 1000n);
    await record(place, place.giulia, 800_000n);
    const page = await site.get(`/ufficio/ricalcolo?servizio=${place.serviceId}`, office);
    const text = textOf(page.body);
    assert.match(text, /Quote che cambiano 0 Restano come sono, per ora 1/);
    assert.match(text, /aspetta una decisione in Da sistemare: resta com'è/);
    assert.doesNotMatch(page.body, /name="visto"/);
  });
});
