// SPDX-License-Identifier: EUPL-1.2
/** Families pay: top-ups, bills, carts, notices and what pages say meanwhile. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { createFamily, people, putGuardianships, putPeople } from "#families";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balances } from "#ledger";
import { inFours, openCases, resolveCase, undoRevoked } from "#payments";
import { type StubCheckout, stubCheckout } from "../support/checkout.ts";
import { apply, land, receiptFor } from "../support/collecting.ts";
import { withControl } from "../support/complete-family.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import {
  noticesIn,
  payingHome as payingTown,
  PREPAID,
  receiptCame,
} from "../support/paying-home.ts";
import { at, readPage, send, textOf, TUESDAY } from "../support/portal.ts";
import { lineOf, reportOf, store } from "../support/settling.ts";
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

const payingHome = (
  options?: Parameters<typeof payingTown>[2],
  of?: Parameters<typeof payingTown>[3],
): ReturnType<typeof payingTown> => payingTown(base, checkout, options, of);

/** The fields of the chooser, as the page names them. */
async function chooser(site: TestSite, as: SignedIn) {
  const answer = await site.get("/ricarica", as);
  assert.equal(answer.statusCode, 200, textOf(answer.body));
  const keys = [
    ...new Set([...answer.body.matchAll(/name="r-([0-9a-f]{12})"/g)].map((m) => m[1]!)),
  ];
  const choice = /name="scelta" value="([^"]+)"/.exec(answer.body)?.[1] ?? "";
  return { body: answer.body, text: textOf(answer.body), keys, choice };
}

const query = (fields: [string, string][]): string => `/carrello?${new URLSearchParams(fields)}`;

/** Chooses sums on the page and gives the summary's fields back. */
async function summary(site: TestSite, as: SignedIn, sums: readonly string[]) {
  const { keys, choice } = await chooser(site, as);
  const fields: [string, string][] = [
    ["scelta", choice],
    ...sums.map((sum, index): [string, string] => [`r-${keys[index]}`, sum]),
  ];
  const answer = await site.get(query(fields), as);
  const key = /name="key" value="([^"]+)"/.exec(answer.body)?.[1] ?? "";
  return { answer, text: textOf(answer.body), fields: { ...Object.fromEntries(fields), key } };
}

const pay = (site: TestSite, as: SignedIn, fields: Record<string, string>) =>
  site.post("/carrello", { ...fields, azione: "paga" }, as);

const creditOf = async (site: TestSite, childId: string): Promise<bigint> => {
  const { holderId, town } = site.place;
  const rows = await town.read((tx) => balances(tx, { holderId }));
  return rows.find((row) => row.childId === childId)?.balanceCents ?? 0n;
};

describe("a top-up", () => {
  it("OS-14 X-10 one account for the family is called as the town calls it, its credit is said once, and nothing moves between children", async () => {
    const payment = { ...PREPAID, accountScope: "family" as const };
    const { site, sara } = await payingHome({
      town: { settings: { payment } },
      townSettings: { words: { wallet: "conto elettronico" } },
    });
    const { text, body } = await chooser(site, sara);
    assert.match(text, /Conto elettronico Credito: 0,00 € 10 pasti per ciascuno/);
    assert.equal(text.match(/Credito/g)?.length, 1);
    assert.deepEqual(htmlProblems(body), []);
    for (const path of ["/borsellino", "/borsellino/richieste"]) {
      const page = await readPage(site, path, sara);
      assert.match(page, /Chiedi il rimborso/);
      assert.doesNotMatch(page, /Trasferisci tra figli/, path);
    }
    await site.close();
    const each = await payingHome();
    for (const path of ["/borsellino", "/borsellino/richieste"])
      assert.match(await readPage(each.site, path, each.sara), /Trasferisci tra figli/, path);
    await each.site.close();
  });

  it("OS-14 PE-09 MC-08 offers meals at the child's own price and any other sum", async () => {
    const { site, sara } = await payingHome();
    const page = await chooser(site, sara);
    assert.equal(page.keys.length, 2);
    assert.match(
      page.text,
      /Tommaso Credito: 0,00 € 10 pasti, 46,00 €.*20 pasti, 92,00 €.*Altro importo/,
    );
    assert.match(page.text, /Qualsiasi importo/);
    assert.deepEqual(htmlProblems(page.body), []);
    const wrong = await site.get(
      query([
        ["scelta", page.choice],
        [`r-${page.keys[0]}`, "altro"],
        [`importo-${page.keys[0]}`, "dieci"],
      ]),
      sara,
    );
    assert.equal(wrong.statusCode, 422);
    assert.match(textOf(wrong.body), /L'importo non è chiaro/);
    assert.match(wrong.body, /value="dieci"/);
    const nothing = await site.get(
      query([
        ["scelta", page.choice],
        [`r-${page.keys[0]}`, "0"],
      ]),
      sara,
    );
    assert.equal(nothing.statusCode, 422);
    assert.match(textOf(nothing.body), /Scegliere un importo/);
    await site.close();
  });

  it("X-04 PE-11 several children are one notice with a line each: one total, one payment, the commission said", async () => {
    const { site, sara } = await payingHome();
    const { answer, text, fields } = await summary(site, sara, ["4600", "9200"]);
    assert.equal(answer.statusCode, 200);
    assert.match(text, /Totale 138,00 €/);
    assert.match(
      text,
      /Un solo pagamento pagoPA\. La commissione si vede prima di pagare e si paga una volta\./,
    );
    assert.deepEqual(htmlProblems(answer.body), []);
    const made = await site.post("/carrello", { ...fields, azione: "avviso" }, sara);
    assert.equal(made.statusCode, 303, textOf(made.body));
    const [notice, ...others] = await noticesIn(site);
    assert.equal(others.length, 0);
    assert.equal(notice?.amountCents, 13_800n);
    assert.equal(notice.lines.length, 2);
    assert.equal(notice.subject, "Ricarica mensa");
    assert.equal(notice.debtorFiscalCode.length, 16);
    assert.equal(String(made.headers.location), `/pagamenti/avvisi/${notice.noticeNumber}`);
    await receiptCame(site, notice);
    assert.equal(
      (await creditOf(site, site.place.giulia)) + (await creditOf(site, site.place.tommaso)),
      13_800n,
    );
    await site.close();
  });

  it("X-06 back, reload and a double tap make nothing twice; the same button leads to the same page", async () => {
    const { site, sara } = await payingHome();
    const { fields } = await summary(site, sara, ["4600"]);
    const before = checkout.carts.length;
    const first = await pay(site, sara, fields);
    assert.equal(first.statusCode, 303, textOf(first.body));
    assert.ok(String(first.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    const again = await pay(site, sara, fields);
    assert.equal(again.headers.location, first.headers.location);
    assert.equal(checkout.carts.length, before + 1);
    assert.equal((await noticesIn(site)).length, 1);
    // Reloaded: a new key of the form, the same choice. The payment is in progress: said, not repeated.
    const reloaded = await pay(site, sara, { ...fields, key: newId() });
    assert.match(String(reloaded.headers.location), /^\/carrello\?avviso=/);
    const page = await readPage(site, String(reloaded.headers.location), sara);
    assert.match(page, /Pagamento di 46,00 € in corso dalle 8:40/);
    assert.match(page, /Paga comunque 46,00 €/);
    assert.equal((await noticesIn(site)).length, 1);
    assert.equal(checkout.carts.length, before + 1);
    await site.close();
  });

  it("the town's own limits hold, and its words say them", async () => {
    const payment = { ...PREPAID, minTopUpCents: 1000, maxTopUpCents: 5000 };
    const { site, sara } = await payingHome({ town: { settings: { payment } } });
    const page = await chooser(site, sara);
    assert.match(page.text, /Almeno 10,00 €, al massimo 50,00 €/);
    assert.doesNotMatch(page.text, /20 pasti/);
    const { answer, text } = await summary(site, sara, ["900"]);
    assert.equal(answer.statusCode, 422);
    assert.match(text, /L'importo minimo è 10,00 €/);
    await site.close();
  });

  it("MC-07 an adult without an account pays for the child; another family and a made-up account do not", async () => {
    const { site } = await payingHome();
    const { place } = site;
    const father = newId();
    await place.town.write(async (tx) => {
      await createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Altra", givenName: "Anna" },
          children: [],
          from: day("2026-09-01"),
        },
        at(TUESDAY, "08:00:00"),
      );
      await putPeople(
        tx,
        [{ id: father, kind: "adult", surname: "Ferrando", givenName: "Luca" }],
        at(TUESDAY, "08:00:00"),
      );
      await putGuardianships(tx, [
        {
          id: newId(),
          childId: place.giulia,
          guardianId: father,
          role: "parent",
          from: day("2026-09-01"),
          to: null,
        },
      ]);
    });
    const luca = await site.signInAs("guardian", { personId: father, name: "Luca" });
    const { answer, fields, text } = await summary(site, luca, ["4600"]);
    assert.equal(answer.statusCode, 200);
    assert.match(text, /Giulia/);
    const sent = await pay(site, luca, { ...fields, senza: "1" });
    assert.ok(
      String(sent.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!),
      textOf(sent.body),
    );
    const [notice] = await noticesIn(site);
    assert.equal(notice?.lines[0]?.childId, place.giulia);
    const forged = await site.get(
      query([
        ["scelta", newId()],
        ["r-000000000000", "4600"],
      ]),
      luca,
    );
    assert.equal(forged.statusCode, 422);
    await site.close();
  });

  it("X-15 the office makes it at the desk, on the record", async () => {
    const { site } = await payingHome();
    const desk = { holderId: site.place.holderId, reason: "telefonata" };
    const officer = await site.signInAs("office", { desk, name: "M. Conti" });
    const { fields, text } = await summary(site, officer, ["4600"]);
    assert.match(text, /Sportello: famiglia Ferrando/);
    const made = await site.post("/carrello", { ...fields, azione: "avviso" }, officer);
    const page = await readPage(site, String(made.headers.location), officer);
    assert.match(page, /M\. Conti/);
    const seen = await readPage(site, "/figli/giulia/accessi", await site.signInAs("guardian"));
    assert.match(seen, /Avviso di pagamento creato per la famiglia.*telefonata/);
    await site.close();
  });
});

describe("BO-04 missing data", () => {
  it("is asked for in the summary, saved, and the payment goes on", async () => {
    const { site, sara } = await payingHome({}, { complete: false });
    const { fields, text } = await summary(site, sara, ["0", "4600"]);
    assert.match(
      text,
      /Dati mancanti.*E-mail.*Codice fiscale di Sara Ferrando.*Codice fiscale di Tommaso Ferrando/,
    );
    assert.doesNotMatch(text, /Codice fiscale di Giulia/);
    assert.match(
      text,
      /si paga lo stesso. Senza e-mail la ricevuta resta in Pagamenti. Senza codice/,
    );
    const refused = await pay(site, sara, fields);
    assert.equal(refused.statusCode, 422);
    assert.match(textOf(refused.body), /E-mail: manca/);
    const wrong = await pay(site, sara, {
      ...fields,
      email: "sara@",
      cf: "ABC",
      "cf-tommaso": "X",
    });
    assert.equal(wrong.statusCode, 422);
    assert.match(textOf(wrong.body), /L'e-mail non è completa.*Il codice fiscale ha 16 caratteri/);
    assert.deepEqual(htmlProblems(wrong.body), []);
    assert.equal((await noticesIn(site)).length, 0);
    const sent = await pay(site, sara, {
      ...fields,
      email: "sara@posta.example",
      cf: withControl("FRRSRA85A41F205"),
      "cf-tommaso": withControl("FRRTMS20A01F205"),
    });
    assert.equal(sent.statusCode, 303, textOf(sent.body));
    assert.equal(checkout.carts.at(-1)?.emailNotice, "sara@posta.example");
    const [adult] = await site.place.town.read((tx) => people(tx, [site.place.sara.personId!]));
    assert.equal(adult?.email, "sara@posta.example");
    assert.equal((await noticesIn(site))[0]?.debtorFiscalCode, adult?.codiceFiscale);
    await site.close();
  });

  it("BO-04 what one datum given changes is said: only what still misses is spoken of", async () => {
    const { site, sara } = await payingHome({}, { complete: false });
    const { fields } = await summary(site, sara, ["4600"]);
    const half = await pay(site, sara, { ...fields, email: "sara@posta.example" });
    assert.equal(half.statusCode, 422);
    const { text } = await summary(site, sara, ["4600"]);
    assert.match(text, /si paga lo stesso. Senza codice fiscale la spesa/);
    assert.doesNotMatch(text, /Senza e-mail|Qui arriva la ricevuta/);
    await site.close();
  });

  it("does not trap anybody: without it the notice is of an unnamed debtor", async () => {
    const { site, sara } = await payingHome({}, { complete: false });
    const { fields } = await summary(site, sara, ["4600"]);
    const made = await site.post("/carrello", { ...fields, azione: "avviso", senza: "1" }, sara);
    const page = await readPage(site, String(made.headers.location), sara);
    assert.match(page, /codice fiscale non registrato/);
    assert.equal((await noticesIn(site))[0]?.debtorFiscalCode, "ANONIMO");
    await site.close();
  });
});

describe("the way to pagoPA and back", () => {
  async function atCheckout() {
    const { site, sara } = await payingHome();
    const { fields } = await summary(site, sara, ["4600"]);
    await pay(site, sara, fields);
    const cart = checkout.carts.at(-1)!;
    const path = (name: keyof typeof cart.returnUrls): string => {
      const url = new URL(cart.returnUrls[name]);
      return url.pathname + url.search;
    };
    const [notice] = await noticesIn(site);
    return { site, sara, cart, path, notice: notice! };
  }

  it("BI-07 BO-05 carries number, creditor and cents; every return address is this town's", async () => {
    const { site, cart, notice } = await atCheckout();
    assert.deepEqual(
      cart.paymentNotices.map(({ noticeNumber, fiscalCode, amount }) => [
        noticeNumber,
        fiscalCode,
        amount,
      ]),
      [[notice.noticeNumber, notice.creditorFiscalCode, 4600]],
    );
    for (const url of Object.values(cart.returnUrls)) assert.equal(new URL(url).host, site.host);
    await site.close();
  });

  it("X-06 OK is no proof: in progress until the receipt, with no second button; then received, with the receipt", async () => {
    const { site, sara, path, notice } = await atCheckout();
    const back = await site.get(path("returnOkUrl"), sara);
    assert.equal(back.statusCode, 303);
    const own = String(back.headers.location);
    const waiting = await site.get(own, sara);
    assert.match(textOf(waiting.body), /Pagamento in corso: 46,00 €.*Non serve pagare di nuovo/);
    assert.doesNotMatch(textOf(waiting.body), /Paga (adesso|46|comunque)|Riprova/);
    assert.deepEqual(htmlProblems(waiting.body), []);
    const before = (await site.get(`${own}/stato`, sara)).body;
    for (const page of ["/oggi", "/pagamenti", "/ricarica"]) {
      const text = await readPage(site, page, sara);
      assert.match(text, /Pagamento di 46,00 € in corso dalle 8:40/);
      assert.doesNotMatch(text, /Paga (adesso|tutto)/);
    }
    await receiptCame(site, notice);
    assert.notEqual((await site.get(`${own}/stato`, sara)).body, before);
    const received = await readPage(site, own, sara);
    assert.match(received, /Pagamento ricevuto: 46,00 €.*Credito di Giulia 46,00 €/);
    assert.match(await readPage(site, "/oggi", sara), /Pagamento ricevuto: 46,00 €/);
    assert.match(await readPage(site, "/pagamenti", sara), /Niente da pagare.*Pagato/);
    // A late click on an old link tells the same truth.
    const late = await site.get(path("returnCancelUrl"), sara);
    assert.match(await readPage(site, String(late.headers.location), sara), /Pagamento ricevuto/);
    await site.close();
  });

  it("X-05 another sum than the notice's: every page says what arrived, and that it is no credit yet", async () => {
    const { site, sara, path, notice } = await atCheckout();
    const own = String((await site.get(path("returnOkUrl"), sara)).headers.location);
    await receiptCame(site, notice, { paymentAmountCents: 4300n });
    const told =
      /Pagati 43,00 € invece di 46,00 €: l'ufficio decide entro giovedì 24 dicembre 2026, poi accredita o restituisce/;
    const received = await readPage(site, own, sara);
    assert.match(received, /Pagamento ricevuto: 43,00 €/);
    assert.match(received, told);
    assert.doesNotMatch(received, /Nuovo credito/);
    const { body } = await site.get(own, sara);
    assert.match(body, /notice-warning[^]*Pagamento ricevuto/, "not as if all were well");
    const home = await readPage(site, "/oggi", sara);
    assert.match(home, /Pagamento ricevuto: 43,00 €/);
    assert.match(home, told);
    const inHand =
      /Ricevuti 43,00 € invece di 46,00 € Ricarica mensa, Giulia: l'ufficio decide entro giovedì 24 dicembre 2026/;
    const list = await readPage(site, "/pagamenti", sara);
    assert.match(list, /: 43,00 € Pagato, in verifica/);
    assert.match(list, inHand);
    const wallet = await site.get("/borsellino", sara);
    assert.match(textOf(wallet.body), inHand);
    assert.deepEqual(htmlProblems(wallet.body), []);
    const page = `/pagamenti/avvisi/${notice.noticeNumber}`;
    assert.match(await readPage(site, page, sara), told);
    assert.doesNotMatch(await readPage(site, page, sara), /Da pagare entro|\(per pagare\)/);
    const { town, holderId, giulia } = site.place;
    await town.write(async (tx) => {
      const [found] = await openCases(tx);
      const done = await resolveCase(tx, {
        actor: { ...site.place.sara, role: "office-manager", personId: null },
        caseId: found!.id,
        account: { kind: "family", holderId, childId: giulia },
        reason: "sentita la famiglia",
        now: site.app.clock.now(),
      });
      assert.equal(done.outcome, "resolved");
    });
    const decided =
      /43,00 € invece di 46,00 €: l'ufficio ha verificato e accreditato l'importo martedì 24 novembre/;
    for (const path of [own, "/oggi", page]) {
      const text = await readPage(site, path, sara);
      assert.match(text, decided);
      assert.doesNotMatch(text, told);
    }
    const lately =
      /Ricarica mensa, Giulia: l'ufficio ha verificato e accreditato l'importo martedì 24 novembre/;
    for (const path of ["/pagamenti", "/borsellino"])
      assert.match(await readPage(site, path, sara), lately);
    assert.match(await readPage(site, "/pagamenti", sara), /: 43,00 € Pagato Avviso/);
    assert.match(
      await readPage(site, "/messaggi", sara),
      /Pagamento verificato.*Un pagamento da verificare/,
    );
    await site.close();
  });

  it("X-05 revoked by the bank: no credit, no receipt to show, and every page says what to do", async () => {
    const { site, sara, notice } = await atCheckout();
    const { place, app } = site;
    const now = app.clock.now();
    const receipt = receiptFor(notice, { paidAt: now });
    await land(app.db, receipt, now);
    await apply(app.db, now);
    const line = lineOf(receipt, { outcome: "REVOKED" });
    const stored = await store(place, reportOf(notice.creditorFiscalCode, [line]), now);
    assert.ok(stored.outcome === "stored");
    const actor = { ...systemActor, role: "office-manager" } as const;
    const of = { actor, flowId: stored.flowId, line: 1, reason: "revocato", now };
    const done = await place.town.write((tx) => undoRevoked(tx, of));
    assert.deepEqual(done, { outcome: "undone" });
    assert.equal(await creditOf(site, place.giulia), 0n);
    assert.match(await readPage(site, "/pagamenti", sara), /46,00 € Pagamento revocato/);
    const path = `/pagamenti/avvisi/${notice.noticeNumber}`;
    const shown = await readPage(site, path, sara);
    assert.match(shown, /revocato da chi lo ha eseguito.*per pagarlo serve un nuovo avviso/);
    assert.doesNotMatch(shown, /Ricevuta \(PDF\)|Paga adesso/);
    assert.equal((await site.get(`${path}/ricevuta.pdf`, sara)).statusCode, 404);
    assert.doesNotMatch(await readPage(site, "/oggi", sara), /Pagamento ricevuto/);
    assert.match(await readPage(site, "/messaggi", sara), /Pagamento revocato/);
    await site.close();
  });

  it("BO-05 given up: nothing is lost, pay again or elsewhere", async () => {
    const { site, sara, path, notice } = await atCheckout();
    const back = await site.get(path("returnCancelUrl"), sara);
    const text = await readPage(site, String(back.headers.location), sara);
    assert.match(
      text,
      /Pagamento non completato.*L'avviso si può ancora pagare.*Riprova.*Avviso da pagare altrove/,
    );
    const again = await site.post(
      "/carrello",
      { avviso: notice.noticeNumber, azione: "paga" },
      sara,
    );
    assert.ok(String(again.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    assert.equal((await noticesIn(site)).length, 1);
    await site.close();
  });

  it("X-06 after half an hour without a receipt it is uncertain, and payable again knowingly", async () => {
    const { site, sara, path } = await atCheckout();
    const back = await site.get(path("returnWaitingUrl"), sara);
    site.setClock(at(TUESDAY, "09:15:00"));
    const text = await readPage(site, String(back.headers.location), sara);
    assert.match(text, /Esito incerto.*Il pagamento si è interrotto\?/);
    await site.close();
  });

  it("pagoPA down: a plain page, the notice stays, the next press goes through", async () => {
    const { site, sara } = await payingHome();
    const { fields } = await summary(site, sara, ["4600"]);
    checkout.answer = "down";
    const sent = await pay(site, sara, fields);
    checkout.answer = "pages";
    assert.match(String(sent.headers.location), /^\/pagamenti\/carrello\//);
    const text = await readPage(site, String(sent.headers.location), sara);
    assert.match(text, /La pagina di pagamento non si è aperta.*nulla è andato perso.*Riprova/);
    const [notice] = await noticesIn(site);
    assert.equal(notice?.standing, "to-pay");
    const again = await site.post(
      "/carrello",
      { avviso: notice.noticeNumber, azione: "paga" },
      sara,
    );
    assert.ok(String(again.headers.location).startsWith(checkout.pagoPa.checkoutOrigin!));
    await site.close();
  });

  it("an address that is not pagoPA's is never followed, and browsers are told", async () => {
    const { site, sara } = await payingHome();
    const { fields, answer } = await summary(site, sara, ["4600"]);
    const policy = String(answer.headers["content-security-policy"]);
    assert.match(policy, new RegExp(`form-action 'self' ${checkout.pagoPa.checkoutOrigin}(;|$)`));
    checkout.answer = "elsewhere";
    const sent = await pay(site, sara, fields);
    checkout.answer = "pages";
    assert.match(String(sent.headers.location), /^\/pagamenti\/carrello\//);
    await site.close();
  });

  it("X-12 nobody opens another family's cart, notice or PDF", async () => {
    const { site, cart, notice } = await atCheckout();
    const stranger = newId();
    await site.place.town.write((tx) =>
      createFamily(
        tx,
        {
          holder: { id: stranger, kind: "adult", surname: "Altra", givenName: "Anna" },
          children: [{ id: newId(), kind: "child", surname: "Altra", givenName: "Leo" }],
          from: day("2026-09-01"),
        },
        at(TUESDAY, "08:00:00"),
      ),
    );
    const anna = await site.signInAs("guardian", { personId: stranger, name: "Anna" });
    const number = notice.noticeNumber;
    for (const path of [
      `/pagamenti/carrello/${cart.idCart}`,
      `/pagamenti/carrello/${cart.idCart}/stato`,
      `/pagamenti/carrello/${cart.idCart}?esito=annullato`,
      `/pagamenti/avvisi/${number}`,
      `/pagamenti/avvisi/${number}/avviso.pdf`,
      `/pagamenti/avvisi/${number}/ricevuta.pdf`,
    ])
      assert.equal((await site.get(path, anna)).statusCode, 404, path);
    const removed = await site.post(`/pagamenti/avvisi/${number}/elimina`, {}, anna);
    assert.equal(removed.statusCode, 404);
    assert.match(await readPage(site, `/carrello?avviso=${number}`, anna), /Niente da pagare/);
    await site.close();
  });
});

describe("a notice", () => {
  it("MC-03 BO-06 shows code, number in fours, creditor, amount, where to pay; its PDFs open; deleted while unpaid", async () => {
    const { site, sara } = await payingHome();
    const { fields } = await summary(site, sara, ["4600"]);
    const made = await site.post("/carrello", { ...fields, azione: "avviso" }, sara);
    const path = String(made.headers.location);
    const page = await site.get(path, sara);
    const [notice] = await noticesIn(site);
    const text = textOf(page.body);
    assert.ok(text.includes(inFours(notice!.noticeNumber)));
    assert.match(text, /46,00 €.*Codice fiscale dell'ente 77777777777.*Dove si paga/);
    assert.match(page.body, /<svg[^>]*class="qr-code"/);
    assert.deepEqual(htmlProblems(page.body), []);
    for (const name of ["avviso", "lettera"]) {
      const file = await site.get(`${path}/${name}.pdf`, sara);
      assert.equal(file.statusCode, 200, name);
      assert.equal(file.headers["content-type"], "application/pdf");
      assert.equal(file.rawPayload.subarray(0, 5).toString("latin1"), "%PDF-");
    }
    assert.equal((await site.get(`${path}/ricevuta.pdf`, sara)).statusCode, 404);
    assert.match(await readPage(site, `${path}/elimina`, sara), /Eliminare l'avviso\?/);
    const removed = await send(site, sara, `${path}/elimina`, {});
    assert.match(
      removed.text,
      /Avviso eliminato\..*Se viene pagato lo stesso, l'importo diventa credito/,
    );
    assert.match(text, /Da pagare entro.*Numero avviso \(per pagare\)/);
    assert.doesNotMatch(removed.text, /Da pagare entro|\(per pagare\)/, "nobody is asked any more");
    assert.match(removed.text, /Scadenza.*Numero avviso/);
    const twice = await send(site, sara, `${path}/elimina`, {});
    assert.match(twice.text, /era già eliminato/);
    assert.match(await readPage(site, "/pagamenti", sara), /Eliminato/);
    await receiptCame(site, notice!);
    const again = await send(site, sara, "/carrello", { ...fields, azione: "avviso" });
    assert.equal(again.location, path);
    assert.doesNotMatch(again.text, /Avviso creato\./);
    const receipt = await site.get(`${path}/ricevuta.pdf`, sara);
    assert.equal(receipt.rawPayload.subarray(0, 5).toString("latin1"), "%PDF-");
    assert.match(await readPage(site, path, sara), /La ricevuta.*Banca di prova/);
    await site.close();
  });

  it("X-05 is not deleted while somebody pays it", async () => {
    const { site, sara } = await payingHome();
    const { fields } = await summary(site, sara, ["4600"]);
    await pay(site, sara, fields);
    const [notice] = await noticesIn(site);
    const path = `/pagamenti/avvisi/${notice!.noticeNumber}`;
    const text = await readPage(site, path, sara);
    assert.match(text, /Pagamento in corso dalle 8:40/);
    assert.doesNotMatch(text, /Paga adesso|Elimina l'avviso/);
    const removed = await send(site, sara, `${path}/elimina`, {});
    assert.match(removed.text, /Un pagamento è in corso: l'avviso non si può eliminare adesso/);
    await site.close();
  });
});
