// SPDX-License-Identifier: EUPL-1.2
/** The acceptance tasks 7–11: taps and pages counted, with and without JavaScript; pagoPA's pages are a stub. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { drawMonth } from "#billing";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { noticesOf, type ShownNotice } from "#payments";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { type StubCheckout, stubCheckout } from "../support/checkout.ts";
import { apply, collecting, land, receiptFor } from "../support/collecting.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import { completeFamily } from "../support/complete-family.ts";
import { delegateOf } from "../support/delegate.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const stage = browserStage();
let checkout: StubCheckout;
before(async () => {
  checkout = await stubCheckout();
});
after(() => checkout.close());

const PREPAID = { model: "prepaid", accountScope: "child", directDebit: false } as const;

async function parent(
  javaScript: boolean,
  of: { prepaid?: boolean; complete?: boolean; date?: string } = {},
): Promise<{ sara: Visitor; place: Place }> {
  const place = await stage.place({
    now: at(of.date ?? TUESDAY, "08:40:00"),
    pagoPa: checkout.pagoPa,
    ...(of.prepaid ? { town: { settings: { payment: PREPAID } } } : {}),
  });
  await collecting(place.site.place);
  if (of.complete !== false) await completeFamily(place.site.place);
  const as = await place.site.signInAs("guardian");
  return { sara: await place.visit(as, "/oggi", { javaScript }), place };
}

async function november(place: Place): Promise<void> {
  const { site } = place;
  for (let date = day("2026-11-01"); date.month === 11; date = date.add({ days: 1 }))
    await closeThe(site, date.toString());
  const drawn = await site.place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: site.place.serviceId,
      month: day("2026-11-01"),
      now: at("2026-12-01", "09:00:00"),
      today: day("2026-12-01"),
      by: "ufficio",
    }),
  );
  assert.equal(drawn.outcome, "drawn");
}

const notices = ({ site }: Place): Promise<ShownNotice[]> =>
  site.place.town.read((tx) =>
    noticesOf(tx, { holderIds: [site.place.holderId], now: site.app.clock.now() }),
  );

/** The receipt of everything, as pagoPA sends it. */
async function receiptsOf(place: Place): Promise<void> {
  const now = place.site.app.clock.now();
  const { db } = place.site.app;
  for (const notice of await notices(place))
    await land(db, receiptFor(notice, { paidAt: now }), now);
  await apply(db, now);
}

/** Twenty meals for Giulia and ten for Tommaso, to the summary. */
async function chosen(sara: Visitor): Promise<void> {
  await sara.tap(sara.link("Ricarica"));
  const { page } = sara;
  await sara.tick(page.getByRole("group", { name: /^Giulia/ }).getByLabel("20 pasti, 92,00 €"));
  await sara.tick(page.getByRole("group", { name: /^Tommaso/ }).getByLabel("10 pasti, 46,00 €"));
  await sara.tap(sara.button("Continua"));
}

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without JavaScript";
  describe(`paying ${how}`, { skip: browserMissing }, () => {
    it("task 7 X-04 BO-07 20 meals for one child, 10 for another, up to pagoPA: 6 taps, 4 pages", async () => {
      const { sara } = await parent(javaScript, { prepaid: true });
      await chosen(sara);
      await sara.sees(
        "Totale 138,00 €",
        "Un solo pagamento pagoPA. La commissione si vede prima di pagare e si paga una volta.",
      );
      await screenshot(sara.page, `pay-summary-${javaScript}`);
      await sara.tap(sara.button("Paga 138,00 €"));
      sara.within(6, 4);
      assert.equal(new URL(sara.page.url()).origin, checkout.pagoPa.checkoutOrigin);
      assert.equal(checkout.carts.at(-1)?.paymentNotices[0]?.amount, 13_800);
    });

    it("task 8 X-05 X-06 the browser closed at pagoPA, come back: in progress, no second Paga; then received", async () => {
      const { sara, place } = await parent(javaScript, { prepaid: true });
      await chosen(sara);
      await sara.tap(sara.button("Paga 138,00 €"));
      await sara.open("/oggi");
      sara.within(0, 1);
      await sara.sees("Pagamento di 138,00 € in corso dalle 8:40", "Non serve pagare di nuovo");
      assert.doesNotMatch(await sara.reads("main"), /Paga (adesso|comunque|138|tutto)/);
      await receiptsOf(place);
      await sara.open("/oggi");
      await sara.sees("Pagamento ricevuto: 138,00 €", "Credito di Giulia: 92,00 €");
    });

    it("task 8 BO-05 back by pagoPA's button: in progress, and received once the receipt is there", async () => {
      const { sara, place } = await parent(javaScript, { prepaid: true });
      await chosen(sara);
      await sara.tap(sara.button("Paga 138,00 €"));
      await sara.tap(sara.link("returnOkUrl"));
      await sara.sees("Pagamento in corso: 138,00 €", "Non serve pagare di nuovo");
      await receiptsOf(place);
      // With scripts the page sees it by itself; without, there is a link.
      if (!javaScript) await sara.page.getByRole("link", { name: "Aggiorna la pagina" }).click();
      await sara.page.getByText("Pagamento ricevuto: 138,00 €").waitFor();
      await sara.sees("Nuovo credito", "92,00 €");
    });

    it("task 9 BO-06 MC-03 pay November at the tobacconist: 3 taps, 4 pages", async () => {
      const { sara, place } = await parent(javaScript, { date: "2026-12-02" });
      await november(place);
      await sara.open("/oggi");
      await sara.sees("entro venerdì 18 dicembre");
      await sara.tap(sara.link(/Da pagare .* entro venerdì 18 dicembre/));
      await sara.tap(sara.link(/Mensa di novembre 2026, Giulia/));
      await sara.tap(sara.link("Avviso da pagare altrove"));
      sara.within(3, 4);
      await sara.sees(
        /3\d{3} \d{4} \d{4} \d{4} \d{2}/,
        "59,80 €",
        "venerdì 18 dicembre 2026",
        "Scarica l'avviso (PDF)",
        "tabaccai",
      );
      assert.equal(await sara.page.getByRole("img", { name: /Codice QR/ }).count(), 1);
      const copy = sara.page.getByText("Copia il numero");
      assert.equal(await copy.isVisible(), javaScript, "no button that does nothing");
      await screenshot(sara.page, `pay-notice-${javaScript}`, { fullPage: true });
    });

    it("task 10 BO-23 a grandmother, delegate for presences only, cancels: 1 tap, 2 pages, no money, no message", async () => {
      const { place } = await parent(javaScript);
      const { site } = place;
      const scopes = ["view", "absences"] as const;
      const rosa = await delegateOf(site, { holderId: site.place.holderId, scopes });
      const nonna = await place.visit(rosa, "/oggi", { javaScript });
      await nonna.sees("Per la famiglia Ferrando, con delega: vedere", "Giulia");
      const around = await nonna.reads();
      assert.doesNotMatch(around, /€|Pagamenti|avviso/);
      await nonna.tap(nonna.button("Disdici il pasto di oggi"));
      nonna.within(1, 2);
      await nonna.sees("Pasto disdetto", "Rosa Delegata");
      assert.doesNotMatch(await nonna.reads(), /€|Pagamenti/);
      const written = await site.place.town.read((tx) =>
        tx.rows(sql`select address from email where address = 'rosa@posta.example'`),
      );
      assert.deepEqual(written, []);
    });

    it("task 11 PE-07 the certificate for the tax return: 3 taps, 4 pages; payer, child, traceable only, cap", async () => {
      const { sara, place } = await parent(javaScript, { date: "2026-12-02" });
      await november(place);
      await sara.open("/pagamenti");
      await sara.tap(sara.link(/Mensa di novembre 2026, Giulia/));
      await sara.tap(sara.link("Avviso da pagare altrove"));
      await receiptsOf(place);
      place.site.setClock(at("2027-03-10", "18:00:00"));
      const again = await place.site.signInAs("guardian");
      const later = await place.visit(again, "/oggi", { javaScript });
      await later.tap(later.link("Altro"));
      await later.tap(later.link("Spese per il 730"));
      await later.sees("Anno 2026", "Pagato con mezzi tracciabili", "1.000,00 € per alunno");
      later.within(2, 3);
      const download = later.link("Scarica (PDF): attestazione di Giulia, 2026");
      const path = String(await download.getAttribute("href"));
      const pdf = (await place.site.get(path, again)).rawPayload;
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
      if (popplerMissing) return;
      const text = pageTexts(pdf).join(" ");
      for (const words of ["Sara Ferrando ha pagato", "Giulia Ferrando", "mezzi tracciabili"])
        assert.ok(text.includes(words), text);
    });

    it("BO-04 what is missing is asked for in the summary, wrong answers come back with their words", async () => {
      const { sara } = await parent(javaScript, { prepaid: true, complete: false });
      await chosen(sara);
      await sara.sees("Dati mancanti", "Codice fiscale di Sara Ferrando");
      await sara.page.getByRole("textbox", { name: "E-mail" }).fill("sara");
      await sara.page.getByRole("button", { name: "Paga 138,00 €" }).click();
      await sara.page.getByText("Ci sono 4 dati da correggere").waitFor();
      await sara.sees("L'e-mail non è completa");
      await sara.page.getByRole("textbox", { name: "E-mail" }).fill("sara@posta.example");
      await sara.page.getByLabel("Continua senza").check();
      await sara.tap(sara.button("Paga 138,00 €"));
      assert.equal(new URL(sara.page.url()).origin, checkout.pagoPa.checkoutOrigin);
    });
  });
}

describe("pages of payments on a small phone", { skip: browserMissing }, () => {
  it("X-13 pass axe and never scroll sideways, down to 320 px, in both languages", async () => {
    const { sara, place } = await parent(true, { prepaid: true, complete: false });
    await chosen(sara);
    const summary = new URL(sara.page.url());
    await sara.page.getByLabel("Continua senza").check();
    await sara.page.getByRole("button", { name: "Paga 138,00 €" }).click();
    await sara.page.waitForURL(/\/pay\//);
    const cart = `/pagamenti/carrello/${checkout.carts.at(-1)!.idCart}`;
    const [notice] = await notices(place);
    const path = `/pagamenti/avvisi/${notice!.noticeNumber}`;
    const look = async (paths: readonly string[]): Promise<void> => {
      for (const one of paths) {
        assert.ok((await sara.open(one)) < 500, one);
        await sara.isAccessible({ width: 320 });
        const name = one.replace(/\W+/g, "-").slice(0, 40);
        await screenshot(sara.page, `pay-320${name}`, { fullPage: true });
      }
    };
    const chooser = "/carrello?r-000000000000=altro";
    await look([
      "/oggi",
      "/ricarica",
      chooser,
      summary.pathname + summary.search,
      "/pagamenti",
      cart,
      path,
      `/carrello?avviso=${notice!.noticeNumber}`,
    ]);
    await sara.open(`${cart}?esito=annullato`);
    await look([cart, path, `${path}/elimina`]);
    await sara.open("/pagamenti");
    await sara.sees("Ricariche non completate", "Non completato", "Riprova", "Elimina");
    await sara.isAccessible({ width: 320 });
    await screenshot(sara.page, "pay-320-unfinished", { fullPage: true });
    await receiptsOf(place);
    await look([
      cart,
      path,
      "/pagamenti",
      "/oggi",
      "/lingua?l=en&poi=/ricarica",
      "/pagamenti",
      path,
    ]);
  });

  it("the keyboard alone tops up, with a focus that is seen", async () => {
    const { sara } = await parent(true, { prepaid: true });
    await sara.open("/ricarica");
    const { page } = sara;
    await page
      .getByRole("group", { name: /^Giulia/ })
      .getByRole("radio")
      .last()
      .focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Tab");
    await page.keyboard.type("12,50");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/carrello\?/);
    await sara.sees("Totale 12,50 €");
    await page.getByRole("button", { name: "Paga 12,50 €" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/pay\//);
  });
});
