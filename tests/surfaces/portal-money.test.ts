// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { submitRollCall } from "#attendance";
import { closeService, drawMonth } from "#billing";
import { putPayerShares } from "#enrolment";
import { createFamily, putGuardianships } from "#families";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { registerCredit } from "#ledger";
import { planMessages } from "#messaging";
import { putTariffVersion } from "#tariffs";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import {
  act,
  at,
  closeThe,
  portalHome,
  readPage,
  send,
  textOf,
  TUESDAY,
} from "../support/portal.ts";
import type { TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const home = (options: Parameters<typeof portalHome>[1] = {}) => portalHome(base.db, options);
const PREPAID = { model: "prepaid", accountScope: "child", directDebit: false } as const;

const chargeLink = async (site: TestSite, path: string, as: Parameters<typeof readPage>[2]) =>
  /\/addebiti\/[0-9a-f-]{36}/.exec((await site.get(path, as)).body)?.[0] ?? "";

/** October's service days, closed; then its bills. */
async function october(site: TestSite) {
  const days = ["05", "06", "08", "12", "13", "15", "19", "20", "22", "26", "27", "29"];
  for (const date of days) await closeThe(site, `2026-10-${date}`);
  const drawn = await site.place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: site.place.serviceId,
      month: day("2026-10-01"),
      now: at("2026-11-02", "09:00:00"),
      today: day("2026-11-02"),
      by: "ufficio",
    }),
  );
  assert.equal(drawn.outcome, "drawn");
}

describe("the calendar", () => {
  it("BO-13 shows each day's state in words, the month's meals and money, and the list", async () => {
    const { site, sara } = await home();
    await act(site, sara, "cancel", { date: "2026-11-26" });
    await act(site, sara, "plain", { date: "2026-11-30" });
    await closeThe(site, "2026-11-10");
    const text = await readPage(site, "/figli/giulia/calendario?mese=2026-11&servizio=mensa", sara);
    assert.match(text, /martedì 10 novembre, servito/i);
    assert.match(text, /martedì 24 novembre, presente, oggi, modificabile fino alle 9:00/i);
    assert.match(text, /giovedì 26 novembre, disdetto/i);
    assert.match(text, /lunedì 30 novembre, in bianco/i);
    assert.match(text, /mercoledì 25 novembre, no mensa/i);
    assert.match(text, /Novembre: 12 pasti, 55,20 €; già addebitati: 1 pasto, 4,60 €/);
    const december = await readPage(site, "/figli/giulia/calendario?mese=2026-12", sara);
    assert.match(december, /martedì 8 dicembre, chiuso, Immacolata/i);
    assert.match(await readPage(site, "/figli/giulia/calendario?vista=elenco", sara), /Vista mese/);
    const choose = await readPage(site, "/figli/giulia/calendario?scegli=1", sara);
    assert.match(choose, /Disdici i giorni scelti/);
    const opened = await site.get("/calendario", sara, {
      cookie: `${sara.cookie}; ${lastChild(site, "tommaso")}`,
    });
    assert.equal(opened.headers.location, "/figli/tommaso/calendario");
    await site.close();
  });

  it("X-09 a past day says what it cost and why; a closed one gives its reason", async () => {
    const { site, sara } = await home();
    await closeThe(site, "2026-11-10");
    const past = await readPage(site, "/figli/giulia/giorni/2026-11-10?servizio=mensa", sara);
    assert.match(past, /Servito Servito\. 4,60 €\. Perché\?/);
    assert.doesNotMatch(past, /Disdici/);
    const holiday = await readPage(site, "/figli/giulia/giorni/2026-12-08", sara);
    assert.match(holiday, /Mensa chiusa: .*Immacolata.* Non serve disdire, nessun addebito\./);
    const none = await readPage(site, "/figli/giulia/giorni/2026-11-25", sara);
    assert.match(none, /Niente mensa per Giulia in questo giorno\./);
    const summer = await site.get("/figli/giulia/giorni/2026-08-31", sara);
    assert.ok([200, 404].includes(summer.statusCode));
    await site.close();
  });

  it("PE-06 a roll call is told with its time, and an absence with who recorded it", async () => {
    const { site, sara } = await home({
      now: at(TUESDAY, "09:20:00"),
      town: { settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "school" } } },
    });
    const { place } = site;
    await place.town.write((tx) =>
      submitRollCall(tx, {
        actor: { ...place.sara, role: "school", name: "Anna B.", personId: null },
        serviceId: place.serviceId,
        classId: place.classId,
        date: day(TUESDAY),
        phase: "morning",
        absentIds: [place.tommaso],
        walkInIds: [],
        unknownWalkIns: [],
        receivedAt: at(TUESDAY, "09:12:00"),
        now: at(TUESDAY, "09:12:00"),
        idempotencyKey: newId(),
      }),
    );
    const text = await readPage(site, "/oggi", sara);
    assert.match(text, /Presente, rilevato a scuola alle 9:12\./);
    assert.match(text, /Assente, rilevato a scuola alle 9:12\. Nessun addebito\./);
    const history = await readPage(site, `/figli/tommaso/giorni/${TUESDAY}`, sara);
    assert.match(history, /Assente, rilevato all'appello.*scuola, Anna B\./);
    await site.close();
  });
});

describe("absences", () => {
  it("BO-12 three steps with errors tied to fields, then one receipt per child; resume and prolong", async () => {
    const { site, sara } = await home();
    const step1 = await readPage(site, "/figli/giulia/assenze/nuova", sara);
    assert.match(step1, /Per chi\?.*Passo 1 di 3/);
    const nobody = await readPage(site, "/figli/giulia/assenze/nuova?passo=2", sara);
    assert.match(nobody, /Scegliere almeno un bambino\./);
    const query = "/figli/giulia/assenze/nuova?passo=3&per=giulia&per=tommaso";
    const wrong = await readPage(site, `${query}&dal=2026-11-27&al=2026-11-25`, sara);
    assert.match(wrong, /L'ultimo giorno viene prima del primo\./);
    const gone = await readPage(site, `${query}&dal=2026-11-20&al=2026-11-25`, sara);
    assert.match(gone, /Il primo giorno è già passato\./);
    const summary = await readPage(site, `${query}&dal=2026-11-26&al=2026-11-30`, sara);
    assert.match(summary, /4 pasti disdetti, 18,40 € non addebitati\. Ritorno: martedì 1 dicembre/);
    const done = await send(site, sara, "/figli/giulia/assenze", {
      per: "giulia,tommaso",
      dal: "2026-11-26",
      al: "2026-11-30",
    });
    assert.match(done.text, /Assenze registrate 4 pasti disdetti in tutto\./);
    const list = await readPage(site, "/figli/giulia/assenze", sara);
    assert.match(list, /Da giovedì 26 novembre a lunedì 30 novembre/);
    const resumed = await send(site, sara, "/figli/giulia/assenze/riprendi", {
      servizio: "mensa",
      dal: "2026-11-30",
    });
    assert.match(resumed.text, /Ripresa registrata/);
    const longer = await send(site, sara, "/figli/tommaso/assenze/prolunga", {
      servizio: "mensa",
      dal: "2026-12-01",
      al: "2026-12-03",
    });
    assert.match(longer.text, /Assenza registrata/);
    assert.match(await readPage(site, "/figli/giulia/giorni/2026-11-30", sara), /Presente/);
    await site.close();
  });

  it("X-08 the end may stay open; after the cut-off today stays booked; the return is announced", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "09:30:00") });
    const query = `/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=${TUESDAY}`;
    assert.match(
      await readPage(site, `${query}&aperta=1`, sara),
      /Oggi resta prenotato: il limite era alle 9:00\. Tutti i pasti disdetti fino alla ripresa\./,
    );
    const open = await send(site, sara, "/figli/giulia/assenze", {
      per: "giulia",
      dal: TUESDAY,
      aperta: "1",
    });
    assert.match(open.text, /senza una fine/);
    await send(site, sara, "/figli/tommaso/assenze", {
      per: "tommaso",
      dal: "2026-11-26",
      al: "2026-11-27",
    });
    site.setClock(at("2026-11-29", "18:30:00"));
    const again = await site.signInAs("guardian");
    const sunday = await readPage(site, "/oggi", again);
    assert.match(
      sunday,
      /L'assenza di Tommaso finisce venerdì 27 novembre Da lunedì 30 novembre il pasto è di nuovo previsto/,
    );
    site.setClock(at("2026-12-03", "08:00:00"));
    const later = await site.signInAs("guardian");
    assert.match(await readPage(site, "/oggi", later), /L'assenza di Giulia dura da \d+ giorni/);
    await site.close();
  });
});

describe("the amount of an absence", () => {
  it("X-01 prices every day by its own tariff, in the summary and on the receipt", async () => {
    const { site, sara } = await home();
    await newTariff(site, "2026-11-27", 500);
    const span = "dal=2026-11-26&al=2026-11-30";
    const path = `/figli/giulia/assenze/nuova?passo=3&per=giulia&${span}`;
    assert.match(await readPage(site, path, sara), /2 pasti disdetti, 9,60 € non addebitati\./);
    const fields = { per: "giulia", dal: "2026-11-26", al: "2026-11-30" };
    const done = await send(site, sara, "/figli/giulia/assenze", fields);
    assert.match(done.text, /2 pasti disdetti, 9,60 € non addebitati\./);
    await site.close();
  });

  it("X-01 says no amount where it cannot know which days they were", async () => {
    const { site, sara } = await home();
    await newTariff(site, "2026-11-27", 500);
    await act(site, sara, "cancel", { date: "2026-11-26" });
    const fields = { per: "giulia", dal: "2026-11-26", al: "2026-11-30" };
    const done = await send(site, sara, "/figli/giulia/assenze", fields);
    assert.match(done.text, /1 pasto disdetto, nessun addebito\./);
    const dear = await send(site, sara, "/figli/tommaso/assenze", {
      per: "tommaso",
      dal: "2026-11-30",
      al: "2026-12-01",
    });
    assert.match(dear.text, /2 pasti disdetti, 10,00 € non addebitati\./);
    await site.close();
  });
});

async function newTariff(site: TestSite, from: string, priceCents: number) {
  const put = await site.place.town.write((tx) =>
    putTariffVersion(tx, {
      id: newId(),
      serviceId: site.place.serviceId,
      validFrom: day(from),
      act: "DGC 2/2026",
      definition: { kind: "fixed", priceCents },
      assumedReason: null,
      recordedBy: "test",
      recordedAt: at(TUESDAY, "07:00:00"),
    }),
  );
  assert.equal(put.outcome, "recorded");
}

describe("money", () => {
  it("BO-08 says how this month is paid first, cash for old debts under its own heading", async () => {
    const places = ["Farmacia San Carlo", "Tabaccheria Baruscotto"];
    const { site, sara } = await home({
      townSettings: {
        collection: {
          cash: places.map((place) => ({ place, onlyFor: "debiti pregressi" })),
        },
      },
    });
    await october(site);
    assert.match(
      await readPage(site, "/pagamenti/2026/00001", sara),
      /Come si paga Il pagamento con pagoPA qui non è ancora attivo.* Telefono 0371 000000 .*Debiti di anni passati, in contanti Solo per debiti pregressi Farmacia San Carlo e Tabaccheria Baruscotto/,
    );
    await site.close();
  });

  it("BO-02 bills with every day and its reason, how to pay, and the dispute with a promised date", async () => {
    const { site, sara } = await home();
    assert.match(await readPage(site, "/pagamenti", sara), /Niente da pagare\./);
    await october(site);
    assert.match(await readPage(site, "/oggi", sara), /Scaduto da mercoledì 18 novembre: 110,40 €/);
    const list = await readPage(site, "/pagamenti", sara);
    assert.match(
      list,
      /Da pagare: 110,40 €.*Mensa di ottobre 2026, .*: 55,20 € Scaduto.*Prospetto n\. 2026\/00001 · 12 pasti/,
    );
    const bill = await readPage(site, "/pagamenti/2026/00001", sara);
    assert.match(bill, /05\/10\/2026 Pasto, mensa Perché\? 4,60 €.*Totale 55,20 €.*Come si paga/);
    const link = await chargeLink(site, "/pagamenti/2026/00001", sara);
    const why = await readPage(site, link, sara);
    assert.match(why, /Perché 4,60 €\?.*Tariffa: 4,60 €\..*DGC 1\/2026.*presenza prevista/);
    const empty = await site.post(`${link}/contesta`, { testo: " " }, sara);
    assert.equal(empty.statusCode, 422);
    const sent = await send(site, sara, `${link}/contesta`, { testo: "Era a <b>casa</b>." });
    assert.match(
      sent.text,
      /Contestazione 1\. Risposta entro mercoledì 9 dicembre; fino ad allora nessun sollecito\./,
    );
    assert.doesNotMatch((await site.get(link, sara)).body, /<b>casa/);
    assert.doesNotMatch(sent.text, /Contesta questo addebito/);
    const twice = await send(site, sara, `${link}/contesta`, { testo: "Ancora." });
    assert.match(twice.text, /Contestazione 1\./);
    const stranger = await home();
    for (const path of [link, "/pagamenti/2026/00001"])
      assert.equal((await stranger.site.get(path, stranger.sara)).statusCode, 404);
    await Promise.all([site.close(), stranger.site.close()]);
  });

  it("X-07 a closure reverses what was charged, and the page says so", async () => {
    const { site, sara } = await home();
    const { place } = site;
    await closeThe(site, "2026-11-10");
    const before = await chargeLink(site, "/figli/giulia/giorni/2026-11-10", sara);
    await place.town.write((tx) =>
      closeService(tx, {
        actor: { ...place.sara, role: "office-manager", personId: null },
        serviceIds: [place.serviceId],
        siteId: null,
        classId: null,
        from: day("2026-11-10"),
        to: day("2026-11-10"),
        reason: "strike",
        note: "",
        now: at(TUESDAY, "08:00:00"),
      }),
    );
    const text = await readPage(site, "/figli/giulia/giorni/2026-11-10", sara);
    assert.match(text, /Mensa chiusa: sciopero.*L'addebito è stato stornato\./);
    assert.match(await readPage(site, before, sara), /Stornato: non si paga\./);
    assert.match(
      await readPage(site, "/messaggi", sara),
      /Da leggere Mensa chiusa martedì 10 novembre/,
    );
    await site.close();
  });

  it("PE-03 OS-12 prepaid: credit per account, about how many meals, movements by month, reasons", async () => {
    const { site, sara } = await home({ town: { settings: { payment: PREPAID } } });
    const { place } = site;
    const account = { kind: "family", holderId: place.holderId, childId: place.giulia } as const;
    await place.town.write((tx) =>
      registerCredit(tx, {
        actor: { ...place.sara, role: "office", name: "Marta Conti", personId: null },
        account,
        method: "cash-desk",
        amountCents: 2300n,
        happenedOn: day("2026-11-09"),
        reason: "versamento allo sportello",
        key: newId(),
        recordedAt: at("2026-11-09", "10:00:00"),
      }),
    );
    await closeThe(site, "2026-11-10");
    const wallet = await readPage(site, "/borsellino", sara);
    assert.match(wallet, /Credito di Giulia 18,40 €, circa 4 pasti/);
    assert.match(
      wallet,
      /Credito di Tommaso -4,60 € La mensa continua; l'ufficio invierà un promemoria\./,
    );
    assert.match(wallet, /10\/11\/2026 Giulia: Pasto, mensa Perché\? -4,60 €/);
    assert.match(wallet, /Ricarica allo sportello 23,00 €/);
    assert.match(
      await readPage(site, "/borsellino?mese=2026-10", sara),
      /Nessun movimento in questo periodo\./,
    );
    const own = await readPage(site, "/borsellino?figlio=tommaso", sara);
    assert.doesNotMatch(own, /Giulia: Pasto/);
    assert.match(await readPage(site, "/oggi", sara), /Credito di Tommaso: -4,60 €/);
    await site.close();
  });

  it("separated parents: each account's holder sees the own share only", async () => {
    const { site, sara } = await home();
    const { place } = site;
    const father = newId();
    const other = await place.town.write(async (tx) => {
      const holder = { id: father, kind: "adult", surname: "Rossi", givenName: "Luca" } as const;
      const made = await createFamily(
        tx,
        { holder, children: [], from: day("2026-09-01") },
        at("2026-09-01", "08:00"),
      );
      const tie = { childId: place.giulia, from: day("2026-09-01"), to: null };
      await putGuardianships(tx, [{ ...tie, id: newId(), guardianId: father, role: "padre" }]);
      const share = { ...tie, serviceId: null, basisPoints: 5000 };
      await putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId },
        { ...share, id: newId(), holderId: made.holderId },
      ]);
      return made;
    });
    await closeThe(site, "2026-11-10");
    const luca = await site.signInAs("guardian", { name: "Luca Rossi", personId: father });
    for (const who of [sara, luca]) {
      const path = "/figli/giulia/giorni/2026-11-10";
      assert.match(await readPage(site, path, who), /Servito\. 2,30 €\. Perché\?/);
      const why = await readPage(site, await chargeLink(site, path, who), who);
      assert.match(why, /Quota a carico di questo conto: 2,30 € su 4,60 €\./);
    }
    const hers = await chargeLink(site, "/figli/giulia/giorni/2026-11-10", sara);
    assert.equal((await site.get(hers, luca)).statusCode, 404);
    assert.equal((await site.get("/figli/tommaso", luca)).statusCode, 404);
    assert.ok(other.holderId);
    await site.close();
  });
});

describe("data and messages", () => {
  it("BO-25 PE-05 contacts are changed, checked and kept as typed when wrong", async () => {
    const { site, sara } = await home();
    const wrong = await site.post(
      "/dati/modifica",
      { email: "sara@", phone: "12", city: "Lodi" },
      sara,
    );
    assert.equal(wrong.statusCode, 422);
    const text = textOf(wrong.body);
    assert.match(text, /Ci sono 2 dati da correggere/);
    assert.match(wrong.body, /value="sara@"/);
    const saved = await send(site, sara, "/dati/modifica", {
      email: "Sara@posta.it",
      phone: "333 1234567",
    });
    assert.match(saved.text, /Contatti salvati\./);
    assert.match(await readPage(site, "/dati", sara), /sara@posta\.it.*3331234567/);
    await site.close();
  });

  it("a message is unread until opened by the family", async () => {
    const { site, sara } = await home();
    const { holderId } = site.place;
    await site.place.town.write((tx) =>
      planMessages(
        tx,
        [
          {
            holderId,
            kind: "news",
            subject: "Menù d'inverno",
            body: "Da lunedì.\n\nBuon appetito.",
            dedupeKey: "x",
          },
        ],
        at(TUESDAY, "07:00:00"),
      ),
    );
    assert.match(await readPage(site, "/oggi", sara), /Ultimo messaggio Menù d'inverno Da leggere/);
    const path = /\/messaggi\/[0-9a-f-]{36}/.exec((await site.get("/messaggi", sara)).body)![0];
    assert.match(await readPage(site, path, sara), /Menù d'inverno.*Da lunedì\. Buon appetito\./);
    assert.match(await readPage(site, "/messaggi", sara), /Letti Menù d'inverno/);
    const other = await home();
    assert.equal((await other.site.get(path, other.sara)).statusCode, 404);
    await Promise.all([site.close(), other.site.close()]);
  });

  it("every page is valid HTML", async () => {
    const { site, sara } = await home();
    await october(site);
    await act(site, sara, "cancel");
    const { location } = await act(site, sara, "restore");
    const charge = await chargeLink(site, "/pagamenti/2026/00001", sara);
    const paths = [
      "/oggi",
      location,
      `${location}/contesta`,
      "/ricevute",
      "/figli/giulia",
      "/figli/giulia/calendario",
      "/figli/giulia/calendario?scegli=1",
      `/figli/giulia/giorni/${TUESDAY}`,
      "/figli/giulia/giorni/2026-10-05",
      "/figli/giulia/assenze",
      "/figli/giulia/assenze/nuova",
      "/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=2026-11-26&al=2026-11-30",
      "/figli/giulia/accessi",
      `/disdici?giorno=${TUESDAY}`,
      "/pagamenti",
      "/pagamenti/2026/00001",
      "/borsellino",
      charge,
      `${charge}/contesta`,
      "/messaggi",
      "/dati",
      "/dati/modifica",
      "/altro",
      "/aiuto",
      "/verifica?codice=x",
    ];
    for (const path of paths) {
      const { body, statusCode } = await site.get(path, sara);
      assert.equal(statusCode, 200, path);
      assert.deepEqual(await htmlProblems(body), [], path);
    }
    await site.close();
  });
});

const lastChild = (site: TestSite, slug: string): string =>
  `campanella_${site.tenant.slug}_figlio=${slug}`;
