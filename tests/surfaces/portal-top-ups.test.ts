// SPDX-License-Identifier: EUPL-1.2
/** A top-up that nobody paid is a choice, not a debt: taken up again, deleted, or gone by itself. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { dayOf, type Moment } from "#kernel/dates.ts";
import { balances } from "#ledger";
import { beginPayment, noticeDetail, payableNotice, type ShownNotice } from "#payments";
import { DueWork } from "../../src/worker/due-work.ts";
import { type StubCheckout, stubCheckout } from "../support/checkout.ts";
import { issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { noticesIn, payingHome, receiptCame } from "../support/paying-home.ts";
import { at, readPage, send, textOf, TUESDAY } from "../support/portal.ts";
import type { SignedIn, TestSite } from "../support/site.ts";

let base: TestDatabase;
let checkout: StubCheckout;
before(async () => {
  base = await testDatabase();
  checkout = await stubCheckout();
});
after(async () => {
  await checkout.close();
  await base.close();
});

interface Home {
  site: TestSite;
  sara: SignedIn;
}
const home = (): Promise<Home> => payingHome(base, checkout);

/** The fields of a top-up of the first account, as the chooser names them. */
async function chosen({ site, sara }: Home, cents: string): Promise<Record<string, string>> {
  const { body } = await site.get("/ricarica", sara);
  const [, key] = /name="r-([0-9a-f]{12})"/.exec(body) ?? [];
  const [, choice] = /name="scelta" value="([^"]+)"/.exec(body) ?? [];
  return { scelta: choice!, [`r-${key!}`]: cents };
}

/** Made by one of the two buttons of the summary, and not paid. */
async function begun(place: Home, azione: "paga" | "avviso", cents = "4600"): Promise<ShownNotice> {
  const { site, sara } = place;
  const fields = await chosen(place, cents);
  const sent = await site.post("/carrello", { ...fields, azione }, sara);
  assert.equal(sent.statusCode, 303, textOf(sent.body));
  const [latest] = await noticesIn(site);
  assert.ok(latest);
  return latest;
}

const tick = ({ site }: Home, now: Moment): Promise<void> =>
  new DueWork().doFor(
    site.place.town,
    now,
    () => false,
    (_what, error) => {
      throw error;
    },
  );

const detail = ({ site }: Home, { noticeNumber }: ShownNotice) =>
  site.place.town.read((tx) =>
    noticeDetail(tx, { noticeNumber, holderIds: "any", now: site.app.clock.now() }),
  );

describe("a top-up that was not paid", () => {
  it("BO-06 is no debt: a section of its own, taken up again or deleted, never in `Paga tutto`", async () => {
    const place = await home();
    const { site, sara } = place;
    const notice = await begun(place, "paga");
    assert.equal(notice.dueOn?.toString(), "2026-12-01");
    const pending = await readPage(site, "/pagamenti", sara);
    assert.match(pending, /Pagamento di 46,00 € in corso dalle 8:40/);
    assert.doesNotMatch(pending, /Ricariche non completate/);

    site.setClock(at(TUESDAY, "09:20:00"));
    const page = await site.get("/pagamenti", sara);
    const text = textOf(page.body);
    assert.match(text, /Niente da pagare\./);
    assert.match(
      text,
      /Ricariche non completate Non sono debiti.*46,00 €.*entro martedì 1 dicembre, poi finisce da sola.*Riprendi.*Elimina/,
    );
    assert.doesNotMatch(text, /Da pagare:|Paga tutto|Paga adesso/);
    assert.deepEqual(htmlProblems(page.body), []);
    assert.doesNotMatch(await readPage(site, "/oggi", sara), /Da pagare/);

    const [, resume] = /href="(\/carrello\?avviso=[^"]+)"/.exec(page.body) ?? [];
    assert.match(await readPage(site, resume!, sara), /Totale 46,00 €.*Paga 46,00 €/);
    const path = `/pagamenti/avvisi/${notice.noticeNumber}`;
    await send(site, sara, `${path}/elimina`, {});
    assert.doesNotMatch(await readPage(site, "/pagamenti", sara), /Ricariche non completate/);
    await site.close();
  });

  it("BO-06 ends by itself: a week after the visit to pagoPA, two months for a notice to pay elsewhere", async () => {
    const place = await home();
    const { site } = place;
    const abandoned = await begun(place, "paga");
    const kept = await begun(place, "avviso", "9200");
    assert.equal(kept.dueOn?.toString(), "2027-01-23");
    await tick(place, at("2026-12-01", "23:58:00"));
    assert.equal((await detail(place, abandoned))?.state, "issued");

    const over = at("2026-12-02", "00:01:00");
    site.setClock(over);
    await tick(place, over);
    const ended = await detail(place, abandoned);
    assert.equal(ended?.state, "expired");
    assert.deepEqual(
      ended.events.map(({ kind, by }) => `${kind} ${by}`),
      ["issued Sara Ferrando", "cart Sara Ferrando", "expired Campanella"],
    );
    const asked = await site.place.town.read((tx) =>
      payableNotice(tx, { ...abandoned, now: over }),
    );
    assert.deepEqual(asked, { outcome: "expired" });
    const later = await site.signInAs("guardian");
    assert.match(
      await readPage(site, `/pagamenti/avvisi/${abandoned.noticeNumber}`, later),
      /Questa ricarica non è stata pagata in tempo/,
    );
    assert.equal((await detail(place, kept))?.standing, "to-pay");
    await tick(place, at("2027-01-24", "00:01:00"));
    assert.equal((await detail(place, kept))?.state, "expired");
    await site.close();
  });

  it("X-06 a receipt that comes after its end credits the wallet all the same", async () => {
    const place = await home();
    const { site } = place;
    const notice = await begun(place, "paga");
    const over = at("2026-12-02", "00:01:00");
    site.setClock(over);
    await tick(place, over);
    const { holderId, town } = site.place;
    const credit = async (): Promise<bigint> => {
      const rows = await town.read((tx) => balances(tx, { holderId }));
      return rows.reduce((sum, { balanceCents }) => sum + balanceCents, 0n);
    };
    const before = await credit();
    await receiptCame(site, notice);
    const paid = await detail(place, notice);
    assert.equal(paid?.state, "paid");
    assert.equal(paid.receipts[0]?.verdict, "exact");
    assert.equal((await credit()) - before, 4600n);
    await site.close();
  });

  it("X-05 does not end while somebody pays it", async () => {
    const place = await home();
    const { site } = place;
    const notice = await begun(place, "avviso");
    site.setClock(at("2027-01-23", "23:50:00"));
    const fields = { avviso: notice.noticeNumber, azione: "paga" };
    const sent = await site.post("/carrello", fields, await site.signInAs("guardian"));
    assert.ok(String(sent.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    await tick(place, at("2027-01-24", "00:05:00"));
    assert.equal((await detail(place, notice))?.state, "issued");
    await tick(place, at("2027-01-24", "01:05:00"));
    assert.equal((await detail(place, notice))?.state, "expired");
    await site.close();
  });

  it("X-05 X-06 BO-06 given up after pagoPA had asked: `Non completato` at once, tried again or deleted; reminders wait all the same", async () => {
    const place = await home();
    const { site, sara } = place;
    const notice = await begun(place, "paga");
    const { creditorFiscalCode, noticeNumber } = notice;
    const cameBack = (how: "returnErrorUrl" | "returnCancelUrl") => {
      const { pathname, search } = new URL(checkout.carts.at(-1)!.returnUrls[how]);
      return site.get(pathname + search, sara);
    };
    const station = "77777777777_01";
    const asks = (time: string) =>
      site.place.town.write((tx) =>
        beginPayment(tx, { creditorFiscalCode, noticeNumber, station, now: at(TUESDAY, time) }),
      );
    await asks("08:42:00");
    site.setClock(at(TUESDAY, "08:44:00"));
    assert.match(await readPage(site, "/pagamenti", sara), /Pagamento di 46,00 € in corso/);
    await cameBack("returnErrorUrl");
    const list = await site.get("/pagamenti", sara);
    assert.deepEqual(htmlProblems(list.body), []);
    assert.match(
      textOf(list.body),
      /Ricariche non completate.*Ricarica mensa, Giulia: 46,00 € Non completato.*Riprova.*Elimina/,
    );
    assert.doesNotMatch(textOf(list.body), /in corso/);
    assert.doesNotMatch(await readPage(site, "/ricarica", sara), /anche da pagare|Ricarica mensa/i);
    const page = await readPage(site, `/pagamenti/avvisi/${noticeNumber}`, sara);
    assert.match(page, /Pagamento non completato.*Paga adesso/);
    const [shown] = await noticesIn(site);
    assert.ok(shown?.lastAttemptAt, "reminders, desk and instalments still wait");
    assert.equal(shown.standing, "to-pay");

    const again = await site.post("/carrello", { avviso: noticeNumber, azione: "paga" }, sara);
    assert.ok(String(again.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    site.setClock(at(TUESDAY, "08:46:00"));
    assert.match(await readPage(site, "/pagamenti", sara), /Pagamento di 46,00 € in corso/);
    await cameBack("returnCancelUrl");
    assert.match(await readPage(site, "/pagamenti", sara), /Non completato/);

    // Somebody at a counter, a minute later: nothing that was given up here.
    await asks("08:47:00");
    site.setClock(at(TUESDAY, "08:48:00"));
    assert.match(await readPage(site, "/pagamenti", sara), /Pagamento di 46,00 € in corso/);
    await receiptCame(site, notice);
    await receiptCame(site, notice, { receiptId: "second" });
    const { holderId, town } = site.place;
    const credits = await town.read((tx) => balances(tx, { holderId }));
    assert.deepEqual(
      credits.map(({ balanceCents }) => balanceCents),
      [4600n],
      "the receipt decides, once",
    );
    await site.close();
  });

  it("BO-06 the two buttons of one summary are one notice, and one of an earlier release ends too", async () => {
    const place = await home();
    const { site, sara } = place;
    const fields = await chosen(place, "4600");
    await site.post("/carrello", { ...fields, azione: "paga" }, sara);
    await site.post("/carrello", { ...fields, azione: "avviso" }, sara);
    assert.equal((await noticesIn(site)).length, 1);

    const old = await issueOne(
      site.place,
      topUp(site.place, "old", [topUpLine(site.place, site.place.giulia, 1000n)]),
    );
    assert.equal(old.dueOn, null);
    await tick(place, old.issuedAt.add({ hours: 24 * 59 }));
    const state = async () => (await noticesIn(site)).find(({ id }) => id === old.id)?.state;
    assert.equal(await state(), "issued");
    await tick(place, old.issuedAt.add({ hours: 24 * 61 }));
    assert.equal(await state(), "expired");
    assert.equal(dayOf(old.issuedAt).toString(), "2026-09-01");
    await site.close();
  });
});
