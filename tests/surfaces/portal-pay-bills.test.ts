// SPDX-License-Identifier: EUPL-1.2
/** Families pay what they owe: bills and fixed fees, by notice, one by one or together. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { billsOf, closeDay, drawMonth, postFees } from "#billing";
import { balances } from "#ledger";
import { day, momentAt } from "#kernel/dates.ts";
import { messagesOf, textIn } from "#messaging";
import { inFours, openCases, planInstalments, resolveCase } from "#payments";
import { openDebts } from "../../src/modules/billing/operations/unpaid-debts.ts";
import { type StubCheckout, stubCheckout } from "../support/checkout.ts";
import {
  apply,
  collecting,
  issue,
  land,
  oldDebt,
  receiptFor,
  topUpLine,
} from "../support/collecting.ts";
import { completeFamily } from "../support/complete-family.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { noticesIn, payingHome, receiptCame } from "../support/paying-home.ts";
import { at, portalHome, readPage, send, textOf, TUESDAY } from "../support/portal.ts";
import type { TestSite } from "../support/site.ts";

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

const messages = ({ place }: TestSite) =>
  place.town.read((tx) => messagesOf(tx, { holderIds: [place.holderId], limit: 9 }));

describe("fixed fees", () => {
  async function november() {
    const payment = { model: "fixed-fee", accountScope: "child", directDebit: false } as const;
    const tariff = {
      kind: "fixed-fee",
      per: "month",
      payer: "child",
      dueDay: 15,
      base: { kind: "fixed", priceCents: 4500 },
    };
    const { site, sara } = await payingHome(base, checkout, {
      town: { settings: { payment }, tariff },
    });
    await site.place.town.write((tx) =>
      postFees(tx, {
        serviceId: site.place.serviceId,
        period: { name: "novembre 2026", from: day("2026-11-01"), to: day("2026-11-30") },
        today: day("2026-11-24"),
        now: at(TUESDAY, "08:00:00"),
      }),
    );
    return { site, sara };
  }

  it("X-05 OS-01 paid with too little: not asked for while the office decides, then the rest is, by a new number", async () => {
    const { site, sara } = await november();
    const { place } = site;
    const list = (await site.get("/pagamenti", sara)).body;
    const quota = /quota=([0-9a-f-]{36})/.exec(list)![1]!;
    await send(site, sara, "/carrello", { quota, azione: "avviso" });
    const [notice] = await noticesIn(site);
    await receiptCame(site, notice!, { paymentAmountCents: 4000n });
    const during = await readPage(site, "/pagamenti", sara);
    assert.match(during, /45,00 € Pagato, in verifica.*Paga le quote: 45,00 €/);
    await place.town.write(async (tx) => {
      const [found] = await openCases(tx);
      const childId = notice!.lines[0]!.accountChildId;
      const done = await resolveCase(tx, {
        actor: { ...place.sara, role: "office-manager", personId: null },
        caseId: found!.id,
        account: { kind: "family", holderId: place.holderId, childId },
        reason: "il resto si paga a parte",
        now: site.app.clock.now(),
      });
      assert.equal(done.outcome, "resolved");
    });
    const after = await readPage(site, "/pagamenti", sara);
    assert.match(after, /Paga le quote: 50,00 €/);
    const made = await send(site, sara, "/carrello", { quota, azione: "avviso" });
    assert.match(made.text, /Importo 5,00 €/);
    assert.ok(!made.location.endsWith(notice!.noticeNumber), "a number is never used twice");
    await site.close();
  });

  it("OS-01 BO-08 one that the office lets be paid in instalments is asked for by those alone", async () => {
    const { site, sara } = await november();
    const { place } = site;
    const [, quota = ""] =
      /quota=([0-9a-f-]{36})/.exec((await site.get("/pagamenti", sara)).body) ?? [];
    const made = await send(site, sara, "/carrello", { quota, azione: "avviso" });
    const [notice] = await noticesIn(site);
    const plan = await place.town.write((tx) =>
      planInstalments(tx, {
        actor: { ...place.sara, role: "office-manager", personId: null },
        source: { kind: "notice", noticeId: notice!.id },
        dueOn: [day("2026-12-01"), day("2027-01-01")],
        reason: "chiesto dalla famiglia",
        key: quota,
        now: site.app.clock.now(),
      }),
    );
    assert.ok(plan.outcome === "planned");
    const list = await readPage(site, "/pagamenti", sara);
    assert.match(
      list,
      /Da pagare: 45,00 €.*22,50 € Da pagare Rata 1 · Avviso .*22,50 € Da pagare Rata 2 · .*Quote, da pagare: 45,00 €/,
    );
    assert.match(list, /45,00 € Scadenza \S+ \d+ \S+ · Si paga a rate, con i loro avvisi/);
    assert.match(list, /Paga le quote: 45,00 €/, "the sister's alone");
    const cart = await readPage(site, `/carrello?quota=${quota}`, sara);
    assert.match(cart, /Niente da pagare/);
    // Who holds the old notice finds the one that is paid instead.
    const old = await site.get(made.location, sara);
    assert.match(textOf(old.body), /Sostituito da un altro avviso: si paga quello\./);
    const [first] = plan.notices;
    assert.ok(old.body.includes(`href="/pagamenti/avvisi/${first!.noticeNumber}"`));
    // One came short: nothing else asks for it while the office decides, which then asks for the rest by itself.
    for (const rate of await noticesIn(site))
      if (rate.instalment !== null)
        await receiptCame(site, rate, {
          paymentAmountCents: rate.instalment === 1 ? 2250n : 1000n,
        });
    const during = await readPage(site, "/pagamenti", sara);
    assert.match(during, /45,00 € Scadenza \S+ \d+ \S+ · Si paga a rate, con i loro avvisi/);
    assert.match(during, /Paga le quote: 45,00 €/, "the sister's alone");
    assert.match(await readPage(site, `/carrello?quota=${quota}`, sara), /Niente da pagare/);
    await site.close();
  });

  it("OS-01 OS-07 are paid by notice too, several at once, and read Pagato by the receipt", async () => {
    const { site, sara } = await november();
    const list = await site.get("/pagamenti", sara);
    assert.match(textOf(list.body), /Quote, da pagare: 90,00 €.*Paga le quote: 90,00 €/);
    const address = /href="(\/carrello\?quota=[^"]+)"/
      .exec(list.body)?.[1]
      ?.replaceAll("&amp;", "&");
    const cart = await site.get(address ?? "", sara);
    assert.match(
      textOf(cart.body),
      /Quota, mensa, Giulia Scadenza \S+ \d+ \S+ 45,00 €.*Totale 90,00 €/,
    );
    const quota = [...new URL(address!, "http://x").searchParams.getAll("quota")];
    await send(site, sara, "/carrello", { quota: quota[0]!, azione: "avviso" });
    const [first] = await noticesIn(site);
    const named = await site.get("/pagamenti", sara);
    assert.ok(named.body.includes(`href="/pagamenti/avvisi/${first!.noticeNumber}"`));
    assert.match(
      textOf(named.body),
      new RegExp(`Da pagare Avviso ${inFours(first!.noticeNumber)}`),
    );
    const sent = await site.post("/carrello", { quota, azione: "paga" }, sara);
    assert.ok(
      String(sent.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!),
      textOf(sent.body),
    );
    const made = await noticesIn(site);
    assert.deepEqual(
      made.map(({ kind, subject, amountCents }) => [kind, subject, amountCents]),
      [
        ["fixed-fee", "Mensa, novembre 2026", 4500n],
        ["fixed-fee", "Mensa, novembre 2026", 4500n],
      ],
    );
    const waiting = await readPage(site, "/pagamenti", sara);
    assert.match(waiting, /Pagamento di 90,00 € in corso/, "one cart is one payment here, too");
    assert.doesNotMatch(waiting, /Pagamento di 45,00/);
    assert.doesNotMatch(waiting, /Paga le quote|Da pagare: /);
    const during = await readPage(site, "/oggi", sara);
    assert.match(during, /Pagamento di 90,00 € in corso/, "one cart is one payment");
    assert.doesNotMatch(during, /Pagamento di 45,00/);
    const again = await site.post("/carrello", { quota, azione: "paga" }, sara);
    assert.match(String(again.headers.location), /^\/carrello\?avviso=/);
    assert.equal((await noticesIn(site)).length, 2);
    // Both at once, as pagoPA sends what one cart paid.
    const now = site.app.clock.now();
    for (const notice of made) await land(base.db, receiptFor(notice, { paidAt: now }), now);
    assert.deepEqual((await apply(base.db, now)).errors, []);
    const childOf = (number: string): string => {
      const { lines } = made.find(({ noticeNumber }) => inFours(noticeNumber) === number)!;
      return lines[0]!.childId === site.place.giulia ? "Giulia" : "Tommaso";
    };
    const paid = await readPage(site, "/pagamenti", sara);
    assert.match(paid, /Niente da pagare.*Quote .*Pagato/);
    assert.equal(paid.match(/Giulia: 45,00 €/g)?.length, 1, "each fee stands once");
    assert.equal(paid.match(/Tommaso: 45,00 €/g)?.length, 1);
    const told = (await messages(site)).filter(({ kind }) => kind === "payment");
    assert.equal(told.length, 1, "one payment is one message");
    const [one, two] = made.map(({ noticeNumber }) => inFours(noticeNumber)).toSorted();
    assert.deepEqual(told[0]!.body.replaceAll("\u00a0", " ").split("\n"), [
      "Ricevuti 90,00 €, pagati martedì 24 novembre, con un solo pagamento:",
      `45,00 €: Mensa, novembre 2026, ${childOf(one!)}. Avviso ${one}.`,
      `45,00 €: Mensa, novembre 2026, ${childOf(two!)}. Avviso ${two}.`,
    ]);
    assert.match(textIn(told[0]!, "en").body, /^Received 90,00.€, paid on .*, in one payment:\n/);
    const home = (await site.get("/oggi", sara)).body;
    assert.equal(textOf(home).match(/Pagamento ricevuto: 90,00 €/g)?.length, 1);
    assert.doesNotMatch(textOf(home), /Pagamento ricevuto: 45,00/);
    const [, both = ""] = /href="(\/pagamenti\/carrello\/[^"]+)"/.exec(home) ?? [];
    assert.match(await readPage(site, both, sara), /Pagamento ricevuto: 90,00 €/);
    await site.close();
  });
});

describe("bills", () => {
  async function october(configured: boolean) {
    const { site, sara } = await portalHome(base.db, { pagoPa: checkout.pagoPa });
    const { place } = site;
    await completeFamily(site.place);
    if (configured) await collecting(place);
    for (let date = day("2026-10-01"); date.month === 10; date = date.add({ days: 1 }))
      await closeDay(place.town, {
        serviceId: place.serviceId,
        siteId: place.siteId,
        date,
        by: "ufficio",
        now: momentAt(date, "15:00"),
      });
    await place.town.write((tx) =>
      drawMonth(tx, {
        serviceId: place.serviceId,
        month: day("2026-10-01"),
        now: at("2026-11-02", "09:00:00"),
        today: day("2026-11-02"),
        by: "ufficio",
      }),
    );
    site.setClock(at("2026-11-10", "10:00:00"));
    const [bill] = await place.town.read((tx) => billsOf(tx, { holderId: place.holderId }));
    return { site, sara, bill: bill! };
  }

  it("BO-03 X-04 are listed with their state, paid one by one or together, and settle by the receipt", async () => {
    const { site, sara, bill } = await october(true);
    const list = await site.get("/pagamenti", sara);
    const text = textOf(list.body);
    assert.match(text, /Da pagare: 110,40 €.*Mensa di ottobre 2026, Giulia: 55,20 € Da pagare/);
    assert.match(text, /Paga tutto: 110,40 €/);
    assert.deepEqual(htmlProblems(list.body), []);
    const all = /href="(\/carrello\?[^"]+)"/.exec(list.body)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const cart = await readPage(site, all, sara);
    assert.match(cart, /Mensa di ottobre 2026, Giulia .*Totale 110,40 €.*Paga 110,40 €/);
    const page = await readPage(site, `/pagamenti/${bill.number}`, sara);
    assert.match(page, /Paga adesso.*Avviso da pagare altrove/);
    const own = (await noticesIn(site)).find(({ lines }) => lines[0]?.billId === bill.id);
    const number = `Numero avviso (per pagare) ${inFours(own!.noticeNumber)}`;
    assert.ok(page.includes(number), page);
    assert.ok(page.indexOf(number) < page.indexOf(`Prospetto n. ${bill.number}`), "it comes first");
    assert.doesNotMatch(page + text, /[Aa]vviso (n\. )?2026\//, "one number is called avviso");
    assert.ok(text.includes(`Avviso ${inFours(own!.noticeNumber)} · 12 pasti`), text);
    const numbers = (await noticesIn(site)).map(({ noticeNumber }) => noticeNumber);
    const sent = await site.post("/carrello", { avviso: numbers, azione: "paga" }, sara);
    assert.ok(String(sent.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    assert.equal(checkout.carts.at(-1)?.paymentNotices.length, 2);
    const [notice] = (await noticesIn(site)).filter(({ lines }) => lines[0]?.billId === bill.id);
    assert.match(
      await readPage(site, `/pagamenti/${bill.number}`, sara),
      /Pagamento di 55,20 € in corso/,
    );
    await receiptCame(site, notice!);
    const english = { ...sara, cookie: `${sara.cookie}; campanella_lang=en` };
    const papers = await readPage(site, "/documenti", english);
    assert.match(papers, /School meals, October 2026, Giulia 55,20 € Receipt/);
    const moved = await readPage(site, "/borsellino", sara);
    assert.match(moved, /Giulia: Pagamento con pagoPA 55,20 €/);
    assert.doesNotMatch(moved, /Ricarica/);
    assert.match(await readPage(site, `/pagamenti/${bill.number}`, sara), /Stato Pagato/);
    const deleted = await send(
      site,
      sara,
      `/pagamenti/avvisi/${numbers.find((n) => n !== notice!.noticeNumber)}/elimina`,
      {},
    );
    assert.match(deleted.text, /lo può togliere solo l'ufficio/);
    await site.close();
  });

  it("X-05 BO-03 paid with too little: nobody is reminded while the office decides, then the rest is asked for and paid", async () => {
    const { site, sara, bill } = await october(true);
    const { place } = site;
    const number = bill.number;
    const [notice] = (await noticesIn(site)).filter(({ lines }) => lines[0]?.billId === bill.id);
    await receiptCame(site, notice!, { paymentAmountCents: 5000n });
    const debts = () =>
      place.town.read((tx) =>
        openDebts(tx, { notices: [], billIds: [bill.id], now: site.app.clock.now() }),
      );
    assert.deepEqual(await debts(), []);
    assert.match(
      await readPage(site, "/pagamenti", sara),
      /Da pagare: 55,20 €.*Giulia: 50,00 € Pagato, in verifica/,
    );
    await place.town.write(async (tx) => {
      const [found] = await openCases(tx);
      const [account] = await balances(tx, { holderId: place.holderId });
      const done = await resolveCase(tx, {
        actor: { ...place.sara, role: "office-manager", personId: null },
        caseId: found!.id,
        account: { kind: "family", ...account!, childId: bill.childId },
        reason: "mancavano gli spiccioli",
        now: site.app.clock.now(),
      });
      assert.equal(done.outcome, "resolved");
    });
    assert.deepEqual(
      (await debts()).map(({ amountCents }) => amountCents),
      [520n],
    );
    const list = await site.get("/pagamenti", sara);
    assert.deepEqual(htmlProblems(list.body), []);
    assert.match(
      textOf(list.body),
      /Da pagare: 60,40 €.*Giulia: 5,20 € Da pagare Prospetto n\. \S+ · 12 pasti · resto di 55,20 €.*Giulia: 50,00 € Pagato/,
    );
    const page = await readPage(site, `/pagamenti/${number}`, sara);
    assert.match(page, /Importo 55,20 € Resta da pagare 5,20 € Da pagare entro/);
    const made = await send(site, sara, "/carrello", { conto: number, azione: "avviso" });
    assert.match(made.location, /^\/pagamenti\/avvisi\/3\d{17}$/);
    assert.match(made.text, /Importo 5,20 €/);
    const again = await send(site, sara, "/carrello", { conto: number, azione: "avviso" });
    assert.equal(again.location, made.location, "asked for once");
    const rest = (await noticesIn(site)).find(({ amountCents }) => amountCents === 520n);
    await receiptCame(site, rest!);
    assert.match(await readPage(site, `/pagamenti/${number}`, sara), /Stato Pagato/);
    assert.deepEqual(await debts(), []);
    await site.close();
  });

  it("BO-06 of before the town was ready get their notice when the family asks", async () => {
    const { site, sara, bill } = await october(false);
    const before = await readPage(site, `/pagamenti/${bill.number}`, sara);
    assert.doesNotMatch(before, /Paga adesso|Avviso da pagare altrove/);
    assert.match(before, /Il pagamento con pagoPA qui non è ancora attivo/);
    await collecting(site.place);
    assert.match(await readPage(site, `/pagamenti/${bill.number}`, sara), /Paga adesso/);
    const made = await send(site, sara, "/carrello", { conto: bill.number, azione: "avviso" });
    assert.match(made.location, /^\/pagamenti\/avvisi\/3\d{17}$/);
    assert.match(made.text, /55,20 €.*mercoledì 18 novembre 2026/);
    const again = await send(site, sara, "/carrello", { conto: bill.number, azione: "avviso" });
    assert.equal(again.location, made.location);
    await site.close();
  });

  it("X-04 more than five notices: no button for all of them, five at a time, six refused in words", async () => {
    const { site, sara } = await payingHome(base, checkout);
    const { place } = site;
    const drafts = Array.from({ length: 6 }, (_, index) =>
      oldDebt(place, `debt ${index}`, [topUpLine(place, place.giulia, 100n)]),
    );
    assert.equal((await issue(place, drafts)).outcome, "issued");
    const list = await readPage(site, "/pagamenti", sara);
    assert.match(list, /al massimo 5 avvisi per volta/);
    assert.doesNotMatch(list, /Paga tutto/);
    const six = (await noticesIn(site)).map(({ noticeNumber }) => noticeNumber);
    const query = (some: string[]): string =>
      `/carrello?${some.map((number) => `avviso=${number}`).join("&")}`;
    assert.match(await readPage(site, query(six), sara), /Si pagano 5 avvisi per volta/);
    const carts = checkout.carts.length;
    const sent = await site.post("/carrello", { avviso: six, azione: "paga" }, sara);
    assert.equal(sent.statusCode, 422);
    assert.match(textOf(sent.body), /Si pagano 5 avvisi per volta/);
    assert.equal(checkout.carts.length, carts);
    assert.match(await readPage(site, query(six.slice(0, 5)), sara), /Paga 5,00 €/);
    await site.close();
  });

  it("X-13 reads in English too", async () => {
    const { site, sara, bill } = await october(true);
    const english = { ...sara, cookie: `${sara.cookie}; campanella_lang=en` };
    const [notice] = await noticesIn(site);
    for (const path of [
      "/oggi",
      "/pagamenti",
      "/ricarica",
      `/pagamenti/${bill.number}`,
      `/pagamenti/avvisi/${notice!.noticeNumber}`,
      `/carrello?avviso=${notice!.noticeNumber}`,
    ]) {
      const answer = await site.get(path, english);
      assert.equal(answer.statusCode, 200, path);
      assert.deepEqual(htmlProblems(answer.body), [], path);
      const words = textOf(answer.body.replace(/<span lang="it">[^<]*<\/span>/g, ""));
      assert.doesNotMatch(words, /(?<!avviso di )pagamento|Scadenza|Importo|Da pagare/i, path);
    }
    await site.close();
  });
});
