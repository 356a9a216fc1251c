// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { messagesOf } from "#messaging";
import { browserMissing, screenshot } from "../support/browser.ts";
import { collecting } from "../support/collecting.ts";
import { ask, begin, FEE_TOWN, feesOf, NOW as FEE_NOW, record } from "../support/fee-town.ts";
import { closeOctober, drawOctober, setAddress } from "../support/october.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const NOW = momentAt(day("2026-11-23"), "10:00");

describe("the office asks for money, in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();
  const clerk = async (of: Place, path: string, screen: "phone" | "desktop"): Promise<Visitor> =>
    of.visit(await of.site.signInAs("office", { name: "M. Conti" }), path, { screen });

  async function owing(): Promise<Place> {
    const there = await stage.place({ now: NOW });
    const { place } = there.site;
    await collecting(place);
    await setAddress(place, "sara@example.it");
    await closeOctober(place);
    await drawOctober(place);
    await place.town.write(async (tx) => {
      // The address of the bills' e-mail did not work.
      await tx.run(sql`update email set state = 'given-up', attempts = 1, problem = '550 no such user',
        done_at = ${NOW} where tenant_id = ${place.tenantId}`);
    });
    return there;
  }

  it("OS-10 X-05 reminders: looked at, then sent with one press; pages clean on phone and desktop", async () => {
    const town = await owing();
    const marta = await clerk(town, "/ufficio/solleciti", "desktop");
    await marta.isAccessible();
    // The page leads back to itself.
    await marta.page.locator("text=Sollecita 1 famiglia").click();
    await marta.page.locator("text=Solleciti già partiti").first().waitFor();
    assert.match(await marta.reads("main"), /Solleciti già partiti/);
    const { holderId, town: db } = town.site.place;
    const told = await db.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 9 }));
    assert.equal(told.filter(({ kind }) => kind === "reminder").length, 1);
    await screenshot(marta.page, "office-reminders", { fullPage: true });
    const phone = await clerk(town, "/ufficio/solleciti", "phone");
    await phone.isAccessible({ width: 320 });
    await phone.open("/ufficio/e-mail");
    await phone.isAccessible({ width: 320 });
  });

  it("BI-08 first notices: who, how many, how much, on phone and desktop", async () => {
    const payment = {
      model: "prepaid",
      accountScope: "family",
      directDebit: false,
      firstNoticeMeals: 30,
    } as const;
    const town = await stage.place({ now: NOW, town: { settings: { payment } } });
    await collecting(town.site.place);
    const phone = await clerk(town, "/ufficio/primi-avvisi", "phone");
    await phone.isAccessible({ width: 320 });
    const marta = await clerk(town, "/ufficio/primi-avvisi", "desktop");
    await marta.isAccessible();
    await screenshot(marta.page, "office-first-notices", { fullPage: true });
    await marta.tap(marta.page.locator("text=Prepara 1 avviso"));
    assert.match(await marta.reads("main"), /Nessun primo avviso da preparare/);
  });

  it("X-11 fees priced again: each with its notices, on phone and desktop", async () => {
    const town = await stage.place({
      now: FEE_NOW,
      town: FEE_TOWN,
    });
    const { place } = town.site;
    await begin(place);
    await ask(place, (await feesOf(place)).slice(0, 2));
    await record(place, place.giulia, 800_000n);
    await record(place, place.tommaso, 500_000n);
    const path = `/ufficio/ricalcolo?servizio=${place.serviceId}`;
    const phone = await clerk(town, path, "phone");
    await phone.isAccessible({ width: 320 });
    const anna = await town.visit(
      await town.site.signInAs("office-manager", { name: "A. Riva" }),
      path,
      { screen: "desktop" },
    );
    await anna.isAccessible();
    await anna.page.getByLabel("Motivo").fill("ISEE presentato in ritardo");
    await anna.tap(anna.page.locator("text=Registra la differenza"));
    assert.match(await anna.reads("main"), /sono già giuste/);
  });
});
