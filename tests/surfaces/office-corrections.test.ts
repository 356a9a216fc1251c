// SPDX-License-Identifier: EUPL-1.2
/** The office corrects what was charged and asked for: a bill is drawn anew, meals are priced again. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { correctAttendance } from "#attendance";
import { closeDay, rechargeMeal } from "#billing";
import { day, daysBetween, moment } from "#kernel/dates.ts";
import { registerCredit } from "#ledger";
import { answerMoney, askMoney, inFours, registerDeskPayment } from "#payments";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import {
  apply,
  BANK_IBAN,
  collecting,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { staff } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { textOf } from "../support/portal.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-04T14:00:00Z");
const BRACKETS = {
  kind: "brackets",
  brackets: [{ upToCents: 1_000_000, priceCents: 350 }, { priceCents: 520 }],
};

async function open(
  t: { after(work: () => Promise<void>): void },
  town: object = {},
): Promise<{ site: TestSite; office: SignedIn; clerk: SignedIn }> {
  const site = await testSite(base.db, { routes: wholeSite.routes, now: NOW, town });
  t.after(() => site.close());
  const office = await site.signInAs("office-manager", { name: "M. Conti" });
  return { site, office, clerk: await site.signInAs("office", { name: "L. Serra" }) };
}

/** The page that an answer leads to, with what it says above. */
function followed(
  site: TestSite,
  answer: Awaited<ReturnType<TestSite["post"]>>,
  as: SignedIn,
): ReturnType<TestSite["get"]> {
  const flash = answer.cookies.find(({ name }) => name.endsWith("_flash"))!;
  const cookie = `${as.cookie}; ${flash.name}=${encodeURIComponent(flash.value)}`;
  return site.get(answer.headers.location!, { ...as, cookie });
}

const close = (site: TestSite, date: string) =>
  closeDay(site.place.town, {
    serviceId: site.place.serviceId,
    siteId: site.place.siteId,
    date: day(date),
    by: "ufficio",
    now: NOW,
  });

describe("a bill that was wrong", () => {
  it("BO-02 shows what was corrected since; a manager cancels and draws it anew, with a reason", async (t) => {
    const { site, office, clerk } = await open(t);
    const { place } = site;
    await collecting(place);
    for (const date of daysBetween(day("2026-10-05"), day("2026-10-31")))
      await close(site, date.toString());
    const month = { servizio: place.serviceId, mese: "2026-10" };
    await site.post("/ufficio/avvisi/prepara", month, office);
    const path = "/ufficio/avvisi/2026/00001";
    assert.doesNotMatch((await site.get(path, office)).body, /Correzioni dopo/);
    await place.town.write(async (tx) => {
      const of = { serviceId: place.serviceId, date: day("2026-10-06"), reason: "era assente" };
      const corrected = await correctAttendance(tx, {
        ...of,
        actor: staff(place, "office"),
        classId: place.classId,
        childId: place.giulia,
        status: "absent",
        receivedAt: NOW,
        now: NOW,
        onClosedDay: true,
      });
      assert.ok(corrected.outcome === "corrected");
      const { after: row } = corrected;
      await rechargeMeal(tx, { ...of, siteId: row.siteId, corrected: row, now: NOW });
    });
    const shown = await site.get(path, office);
    const text = textOf(shown.body);
    assert.match(text, /Correzioni -4,60 € Totale corretto 50,60 € Nuova scadenza giovedì 19 nov/);
    const number = /Numero avviso \(per pagare\) ([\d ]{22})/.exec(text)![1]!;
    assert.match((await site.get(path, clerk)).body, /Decide chi è responsabile/);
    const form = { totale: "5060", motivo: "" };
    const without = await site.post(`${path}/rifai`, form, office);
    assert.equal(without.statusCode, 422);
    assert.match(without.body, /Scrivere il motivo[^]*Annulla e rifai/, "said where it is written");
    const stale = await site.post(`${path}/rifai`, { totale: "5520", motivo: "x" }, office);
    assert.match((await followed(site, stale, office)).body, /Intanto è cambiato/);
    const done = await site.post(
      `${path}/rifai`,
      { ...form, motivo: "Giulia era assente" },
      office,
    );
    assert.equal(done.headers.location, "/ufficio/avvisi/2026/00003");
    const fresh = textOf((await followed(site, done, office)).body);
    assert.match(fresh, /Avviso rifatto/);
    assert.match(fresh, /Totale 50,60 €/);
    assert.doesNotMatch(fresh, new RegExp(number), "a number of its own");
    const old = textOf((await site.get(path, office)).body);
    assert.match(
      old,
      /Annullato .*Giulia era assente Al suo posto c'è il prospetto n\. 2026\/00003/,
    );
    const sara = await site.signInAs("guardian");
    const kept = await site.get("/pagamenti/2026/00001", sara);
    assert.match(
      textOf(kept.body),
      /Annullato: non va pagato Giulia era assente Al suo posto c'è il Prospetto n\. 2026\/00003/,
      "the family reads why, and where the new one is",
    );
    assert.match(kept.body, /href="\/pagamenti\/2026\/00003"/);
    const listed = textOf((await site.get("/ufficio/avvisi?mese=2026-10", office)).body);
    assert.match(listed, /Avvisi 2 Pasti 23 Totale 105,80 €/, "what was drawn anew counts once");
    const again = await site.post(`${path}/rifai`, { ...form, motivo: "x" }, office);
    assert.match((await followed(site, again, office)).body, /già annullato/);
    const notice = await site.get(
      `/ufficio/pagamenti/avvisi/${number.replaceAll(" ", "")}`,
      office,
    );
    assert.match(
      textOf(notice.body),
      new RegExp(`${inFours(number.replaceAll(" ", ""))}.*[Ss]ostituito`),
    );
  });
});

describe("prices of before", () => {
  const isee = (site: TestSite) => ({
    path: `/ufficio/famiglie/${site.place.holderId}/figli/${site.place.giulia}/isee`,
    fields: {
      valore: "8.000,00",
      tipo: "minorenni",
      presentato: "2026-10-12",
      dal: "2026-10-12",
      al: "2026-12-31",
      decorrenza: "2026-10-12",
      motivo: "",
    },
  });

  it("BI-05 X-09 an ISEE of the past leads to the difference: looked at by all, posted by a manager", async (t) => {
    const { site, office, clerk } = await open(t, { tariff: BRACKETS });
    for (const date of ["2026-10-06", "2026-10-13", "2026-10-20"]) await close(site, date);
    const { path, fields } = isee(site);
    const saved = await site.post(path, fields, clerk);
    const address = saved.headers.location!;
    assert.match(
      address,
      /^\/ufficio\/ricalcolo\?servizio=.*&dal=2026-10-13&al=2026-11-04&bambino=/,
    );
    const seen = textOf((await followed(site, saved, clerk)).body);
    assert.match(seen, /ISEE di Giulia registrato/);
    assert.match(seen, /Addebiti che cambiano 2 Prima 10,40 € Adesso 7,00 € Differenza -3,40 €/);
    assert.match(seen, /Decide chi è responsabile/);
    for (const way of [path, `/ufficio/tariffe?servizio=${site.place.serviceId}`])
      assert.match((await site.get(way, office)).body, /href="\/ufficio\/ricalcolo\?/, way);
    const page = await site.get(address, office);
    const shown = /name="visto" value="([^"]+)"/.exec(page.body)![1]!;
    const form = {
      servizio: site.place.serviceId,
      dal: "2026-10-13",
      al: "2026-11-04",
      bambino: site.place.giulia,
      visto: shown,
      motivo: "",
    };
    assert.equal((await site.post("/ufficio/ricalcolo", form, office)).statusCode, 422);
    const posted = await site.post(
      "/ufficio/ricalcolo",
      { ...form, motivo: "ISEE tardivo" },
      office,
    );
    assert.equal(posted.headers.location, `/ufficio/famiglie/${site.place.holderId}`);
    assert.match(
      textOf((await followed(site, posted, office)).body),
      /2 addebiti ricalcolati: -3,40 €/,
    );
    assert.match((await site.get(address, office)).body, /già giusti/);
    const twice = await site.post("/ufficio/ricalcolo", { ...form, motivo: "x" }, office);
    assert.match((await followed(site, twice, office)).body, /erano già giusti/);
  });

  it("BI-05 days that are none, too many, of nobody: said, or no page", async (t) => {
    const { site, office } = await open(t, { tariff: BRACKETS });
    const get = async (query: string) => site.get(`/ufficio/ricalcolo?${query}`, office);
    assert.equal((await get("")).statusCode, 200);
    assert.match((await get("dal=x&al=2026-10-01")).body, /Scrivere una data valida/);
    assert.match((await get("dal=2026-10-02&al=2026-10-01")).body, /viene prima del primo/);
    assert.match((await get("dal=2026-01-01&al=2026-10-01")).body, /Al massimo tre mesi/);
    for (const query of ["servizio=x", `bambino=${site.place.serviceId}`, "bambino=x"])
      assert.equal((await get(query)).statusCode, 404, query);
  });
});

describe("a file for the bank that was made by mistake", () => {
  it("X-10 is discarded with a reason and stays to be read; its refunds wait for the next one", async (t) => {
    const { site, office } = await open(t);
    const { place } = site;
    await collecting(place);
    const actor = staff(place, "office-manager");
    const id = await place.town.write(async (tx) => {
      await registerCredit(tx, {
        actor,
        account: { kind: "family", holderId: place.holderId, childId: place.giulia },
        method: "bank-transfer",
        amountCents: 5000n,
        happenedOn: day("2026-11-02"),
        reason: "bonifico",
        key: "k",
        recordedAt: NOW,
      });
      const asked = await askMoney(tx, {
        actor: place.sara,
        holderId: place.holderId,
        draft: {
          kind: "refund",
          amountCents: 4000n,
          reason: "cambia scuola",
          beneficiary: "Sara Ferrando",
          iban: BANK_IBAN,
          from: { childId: place.giulia, serviceId: null },
          to: null,
        },
        key: "k",
        now: NOW,
      });
      assert.ok(asked.outcome === "asked");
      await answerMoney(tx, {
        actor,
        id: asked.request.id,
        decision: "approve",
        answer: "",
        now: NOW,
      });
      return asked.request.id;
    });
    const list = "/ufficio/richieste/bonifici";
    const order = { data: "2026-11-06", richieste: id };
    const path = (await site.post(list, order, office)).headers.location!;
    const fresh = (await site.get(path, office)).body;
    assert.match(fresh, /Scarta la distinta/);
    assert.doesNotMatch(fresh, /è stato scaricato/);
    await site.get(`${path}/distinta.xml`, office);
    const left = textOf((await site.get(path, office)).body);
    assert.match(left, /Scaricata .*M\. Conti/, "a copy that a bank would pay is about");
    assert.match(left, /Il file è stato scaricato .*partono due volte/);
    const without = await site.post(`${path}/scarta`, { motivo: "" }, office);
    assert.equal(without.statusCode, 422);
    const done = await site.post(`${path}/scarta`, { motivo: "giorno sbagliato" }, office);
    assert.match(
      textOf((await followed(site, done, office)).body),
      /di nuovo da disporre.*Rimborsi approvati: 1, 40,00 €.*Scartata/,
    );
    const old = await site.get(path, office);
    assert.match(textOf(old.body), /Scartata .*M\. Conti: giorno sbagliato/);
    assert.doesNotMatch(old.body, /distinta\.xml|Segna come inviata|Scarta la distinta/);
    assert.equal((await site.get(`${path}/distinta.xml`, office)).statusCode, 404);
    const sent = await site.post(`${path}/inviata`, {}, office);
    assert.match((await followed(site, sent, office)).body, /era già scartata/);
    const again = await site.post(list, order, office);
    assert.match(
      (await site.get(`${again.headers.location!}/distinta.xml`, office)).body,
      /<EndToEndId>RIMBORSO-1-2</,
    );
  });
});

describe("a payment written at the desk before its receipt came", () => {
  it("BI-09 says that the receipt took its place, and has no paper of its own any more", async (t) => {
    const { site, office } = await open(t);
    const { place } = site;
    await collecting(place);
    const line = topUpLine(place, place.giulia, 4600n);
    const notice = await issueOne(place, topUp(place, "k", [line]));
    const receipt = receiptFor(notice);
    const registered = await place.town.write((tx) =>
      registerDeskPayment(tx, {
        actor: staff(place, "office"),
        draft: {
          method: "other-portal",
          amountCents: 4600n,
          paidOn: day("2026-11-03"),
          payerName: "Sara Ferrando",
          payerFiscalCode: "",
          receiptRef: receipt.receiptId,
          place: "",
          note: "",
          vouchers: null,
        },
        target: { kind: "notice", noticeId: notice.id },
        file: null,
        key: "k",
        now: NOW,
      }),
    );
    assert.ok(registered.outcome === "registered");
    const path = `/ufficio/pagamenti/registrati/${registered.payment.id}`;
    assert.match((await site.get(path, office)).body, /Ricevuta per la famiglia/);
    await land(base.db, receipt, NOW);
    await apply(base.db, NOW);
    const page = await site.get(path, office);
    assert.match(textOf(page.body), /Sostituito dalla ricevuta di pagoPA.*per l'avviso \d{4}/);
    assert.doesNotMatch(page.body, /Ricevuta per la famiglia/);
    assert.equal((await site.get(`${path}/ricevuta.pdf`, office)).statusCode, 404);
    const family = `/ufficio/famiglie/${place.holderId}/pagamenti`;
    assert.match((await site.get(family, office)).body, /Sostituito dalla ricevuta di pagoPA/);
  });
});
