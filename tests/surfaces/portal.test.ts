// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { putClosures } from "#calendar";
import { day } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { act, at, portalHome, readPage, send, textOf, TUESDAY } from "../support/portal.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const home = (options: Parameters<typeof portalHome>[1] = {}) => portalHome(base.db, options);
type Home = Awaited<ReturnType<typeof home>>;

async function close({ site }: Home, date: string, reason: "strike" | "weather", note = "") {
  const everywhere = { serviceId: null, siteId: null, classId: null };
  const from = day(date);
  await site.place.town.write((tx) =>
    putClosures(tx, [{ id: newId(), ...everywhere, from, to: from, reason, note }], {
      name: "ufficio",
      at: at(date, "07:00:00"),
    }),
  );
}

describe("Oggi", () => {
  it("BO-09 at 8:40 says who eats, until when it can change and what it costs", async () => {
    const { site, sara } = await home();
    const text = await readPage(site, "/oggi", sara);
    assert.match(text, /Oggi, martedì 24 novembre/);
    assert.match(text, /Sono le 8:40\. Si può disdire fino alle 9:00: fra 20 minuti/);
    assert.match(text, /Giulia · 3A primaria Presente Se mangia: 4,60 € nell'avviso di novembre\./);
    assert.match(text, /Disdici il pasto di oggi/);
    assert.match(text, /Disdici per tutti/);
    await site.close();
  });

  it("BO-17 after the cut-off the act names the first useful day; a late absence can be told", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "09:05:00") });
    const text = await readPage(site, "/oggi", sara);
    assert.match(text, /Sono le 9:05\. Per oggi non si può più disdire \(limite 9:00\)/);
    assert.match(text, /Prossimo pasto: giovedì 26 novembre/);
    assert.match(text, /Disdici giovedì 26 novembre/);
    assert.match(text, /Segnala comunque l'assenza Il pasto resta addebitato/);
    assert.doesNotMatch(text, /Disdici il pasto di oggi/);
    await site.close();
  });

  it("from 18:00 tomorrow comes first; on a day without service the next one is named", async () => {
    const evening = await home({ now: at("2026-11-23", "18:05:00") });
    const text = await readPage(evening.site, "/oggi", evening.sara);
    assert.match(text, /Domani, martedì 24 novembre/);
    assert.match(text, /Disdici martedì 24 novembre/);
    assert.match(text, /Si può disdire per domani fino alle 9:00 di martedì 24 novembre/);
    const free = await home({ now: at("2026-11-25", "08:00:00") });
    const wednesday = await readPage(free.site, "/oggi", free.sara);
    assert.match(wednesday, /Oggi niente mensa per Giulia\. Prossimo pasto: giovedì 26 novembre\./);
    // once for each of the two children
    assert.equal(wednesday.match(/Prossimo pasto/g)?.length, 2);
    await Promise.all([evening.site.close(), free.site.close()]);
  });

  it("BO-19 a closed day says why, that nothing is to do and nothing is charged", async () => {
    const there = await home();
    await close(there, TUESDAY, "strike");
    const text = await readPage(there.site, "/oggi", there.sara);
    assert.match(text, /Mensa chiusa: sciopero\. Non serve disdire, nessun addebito\./);
    await there.site.close();
  });

  it("BI-03 while schools report absences there is no act, and until when is said", async () => {
    const { site, sara } = await home({
      town: { settings: { absences: { reportedBy: "school" } } },
    });
    const text = await readPage(site, "/oggi", sara);
    assert.match(text, /Le assenze le segnala la scuola\./);
    assert.doesNotMatch(text, /Disdici/);
    assert.doesNotMatch(text, /Più giorni/);
    await site.place.town.write(async (tx) => {
      await tx.run(sql`
        insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
        values (${tx.tenantId}, 'mensa', 'absences', date '2026-12-01', '{"reportedBy":"parents"}', 'profile',
          ${at(TUESDAY, "07:00")}, 'test')`);
      await bumpConfiguration(tx);
    });
    const until = /Le assenze le segnala la scuola fino a lunedì 30 novembre\./;
    assert.match(await readPage(site, "/oggi", sara), until);
    assert.match(await readPage(site, `/figli/giulia/giorni/${TUESDAY}`, sara), until);
    assert.match(await readPage(site, "/figli/giulia/giorni/2026-12-01", sara), /Disdici il pasto/);
    await site.close();
  });

  it("a roll call that has not come is awaited; opt-in meals are booked", async () => {
    const call = await home({
      town: { settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "school" } } },
    });
    assert.match(await readPage(call.site, "/oggi", call.sara), /In attesa dell'appello\./);
    const optIn = await home({ town: { settings: { attendance: { mode: "opt-in" } } } });
    const text = await readPage(optIn.site, "/oggi", optIn.sara);
    assert.match(text, /Pasto non prenotato\. Nessun addebito\. Prenota il pasto/);
    const booked = await act(optIn.site, optIn.sara, "book");
    assert.match(booked.text, /Pasto prenotato/);
    await Promise.all([call.site.close(), optIn.site.close()]);
  });

  it("before the service starts it says from which day; the paying models have their sentences", async () => {
    const early = await home({ now: at("2026-09-10", "08:00:00") });
    assert.match(
      await readPage(early.site, "/oggi", early.sara),
      /Il servizio comincia lunedì 5 ottobre\./,
    );
    const prepaid = await home({
      town: {
        settings: {
          payment: { model: "prepaid", accountScope: "family", directDebit: false },
          negativeBalance: { rule: "allowed-until", until: "2026-12-18" },
        },
      },
    });
    const text = await readPage(prepaid.site, "/oggi", prepaid.sara);
    assert.match(text, /Se mangia: 4,60 € dal borsellino\./);
    assert.match(text, /Credito: 0,00 €/);
    const cancelled = await act(prepaid.site, prepaid.sara, "cancel");
    assert.match(cancelled.text, /Nessun addebito\. Credito: 0,00 €\./);
    const free = await home({ town: { tariff: { kind: "fixed", priceCents: 0 } } });
    assert.match(await readPage(free.site, "/oggi", free.sara), /Pasto gratuito\./);
    const fee = { model: "fixed-fee", accountScope: "child", directDebit: false } as const;
    const tariff = {
      kind: "fixed-fee",
      per: "month",
      payer: "child",
      dueDay: 15,
      base: { kind: "fixed", priceCents: 4500 },
    };
    const monthly = await home({ town: { settings: { payment: fee }, tariff } });
    assert.match(
      await readPage(monthly.site, "/oggi", monthly.sara),
      /Quota mensile: 45,00 €, uguale anche con assenze\./,
    );
    assert.match(
      (await act(monthly.site, monthly.sara, "cancel")).text,
      /La quota mensile non cambia\./,
    );
    const none = await home({ town: { tariff: null } });
    assert.match(await readPage(none.site, "/oggi", none.sara), /Prezzo non ancora definito/);
    for (const one of [early, prepaid, free, monthly, none]) await one.site.close();
  });
});

describe("acts and receipts", () => {
  it("X-01 a cancellation gives a receipt with code and seconds; undo shows both acts", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "08:41:07") });
    const done = await act(site, sara, "cancel");
    assert.match(done.location, /^\/ricevute\/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    assert.match(done.text, /Pasto disdetto Giulia, mensa Martedì 24 novembre/);
    assert.match(done.text, /Arrivata oggi alle 8:41:07/);
    assert.match(done.text, /Nessun addebito nell'avviso di novembre\./);
    assert.match(done.text, /Da portale, Sara Ferrando/);
    assert.match(done.text, /Limite oggi alle 9:00:00/);
    assert.match(done.text, /Annulla la disdetta fino alle 9:00/);
    assert.match(await readPage(site, "/oggi", sara), /Disdetto alle 8:41 Nessun addebito\./);
    const undone = await act(site, sara, "restore");
    assert.match(undone.text, /Adesso: Presente/);
    assert.match(undone.text, /Chi e quando Disdetta annullata.*Pasto disdetto/);
    await site.close();
  });

  it("X-02 one second late is refused with a receipt, the charge, the first useful day and a way to object", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "09:00:03") });
    const { text, location } = await act(site, sara, "cancel");
    assert.match(text, /Disdetta non accolta/);
    assert.match(text, /Arrivata alle 9:00:03, limite 9:00:00\./);
    assert.match(text, /Il pasto resta addebitato: 4,60 €\./);
    assert.match(text, /Disdici giovedì 26 novembre/);
    assert.match(text, /Contesta/);
    const contest = await readPage(site, `${location}/contesta`, sara);
    assert.match(contest, /Il pasto non è ancora addebitato\./);
    assert.match(contest, /0371 000000/);
    await site.close();
  });

  it("BO-17 a second cancellation shows the first receipt; a double tap gives one receipt", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "08:41:07") });
    const first = await act(site, sara, "cancel", { key: "the-same-key" });
    const tapped = await act(site, sara, "cancel", { key: "the-same-key" });
    assert.equal(tapped.location, first.location);
    site.setClock(at(TUESDAY, "08:50:00"));
    const again = await act(site, sara, "cancel");
    assert.equal(again.location, `${first.location}?gia=1`);
    assert.match(again.text, /Già disdetto alle 8:41:07/);
    const other = { servizio: "mensa", giorno: TUESDAY, atto: "plain", key: "the-same-key" };
    assert.equal((await site.post("/figli/giulia/pasti", other, sara)).statusCode, 409);
    await site.close();
  });

  it("BO-12 plain meal and back, late absence, cancel for all, several days", async () => {
    const { site, sara } = await home();
    const plain = await act(site, sara, "plain", { date: "2026-11-26" });
    assert.match(plain.text, /Pasto in bianco.*Stesso prezzo: 4,60 €\..*Torna al pasto normale/);
    assert.match((await act(site, sara, "normal", { date: "2026-11-26" })).text, /Pasto normale/);
    const form = await readPage(site, `/disdici?giorno=${TUESDAY}`, sara);
    assert.match(form, /Giulia, mensa Se mangia: 4,60 €/);
    const all = await send(site, sara, "/disdici", {
      giorno: TUESDAY,
      scelta: ["giulia/mensa", "tommaso/mensa"],
    });
    assert.match(all.text, /2 pasti disdetti/);
    const none = await site.post("/disdici", { giorno: TUESDAY }, sara);
    assert.equal(none.statusCode, 422);
    assert.match(textOf(none.body), /Scegliere almeno un bambino\./);
    const days = ["2026-11-30", "2026-12-01", "2026-12-03"];
    const several = await send(site, sara, "/figli/tommaso/giorni", {
      servizio: "mensa",
      giorno: days,
    });
    assert.match(several.text, /3 pasti disdetti/);
    site.setClock(at("2026-11-26", "09:30:00"));
    const later = await site.signInAs("guardian");
    const late = await act(site, later, "report-absence", { date: "2026-11-26" });
    assert.match(late.text, /Assenza segnalata.*Il pasto resta addebitato: 4,60 €/);
    assert.match(await readPage(site, "/ricevute", later), /Assenza segnalata.*Pasto disdetto/);
    assert.match(await readPage(site, "/oggi", later), /Assente.*Annulla la segnalazione/);
    await act(site, later, "restore", { date: "2026-11-26" });
    assert.doesNotMatch(await readPage(site, "/oggi", later), /Annulla la segnalazione/);
    await site.close();
  });

  it("X-01 anybody may verify a receipt and sees initials only", async () => {
    const { site, sara } = await home({ now: at(TUESDAY, "08:41:07") });
    const { location } = await act(site, sara, "cancel");
    const code = location.slice("/ricevute/".length);
    const seen = await readPage(site, `/verifica?codice=${code.toLowerCase()}`, null);
    assert.match(seen, /Ricevuta autentica/);
    assert.match(
      seen,
      /Pasto disdetto.*Accolta.*Mensa.*martedì 24 novembre.*8:41:07.*Borgo di prova.*G\. F\./,
    );
    assert.doesNotMatch(seen, /Giulia|Ferrando/);
    assert.doesNotMatch(seen, /ultima parola/);
    await act(site, sara, "restore");
    const after = await readPage(site, `/verifica?codice=${code}`, null);
    assert.match(after, /Ricevuta autentica.*Non è più l'ultima parola: Disdetta annullata/);
    assert.match(await readPage(site, location, sara), /Dopo c'è stata un'altra richiesta/);
    const wrong = await readPage(site, "/verifica?codice=AAAA-BBBB-CCCC", null);
    assert.match(wrong, /Nessuna ricevuta con questo codice\./);
    for (let tries = 0; tries < 25; tries += 1) await site.get("/verifica?codice=x", null);
    assert.equal((await site.get("/verifica?codice=x", null)).statusCode, 429);
    await site.close();
  });
});

describe("who may see and do what", () => {
  it("another family's child, hostile addresses and forms give 404, never 500", async () => {
    const { site, sara } = await home();
    const paths = [
      "/figli/anna",
      "/figli/anna/calendario",
      "/figli/giulia/calendario?mese=2026-13",
      "/figli/giulia/calendario?mese=1999-01",
      "/figli/giulia/calendario?servizio=x",
      "/figli/giulia/giorni/2026-02-30",
      "/figli/giulia/giorni/0001-01-01",
      "/figli/giulia/giorni/2026-11-24?servizio=pirati",
      "/ricevute/AAAA-BBBB-CCCC",
      "/ricevute/<script>",
      "/ricevute?di=,,,",
      "/addebiti/1",
      `/addebiti/${newId()}`,
      `/addebiti/${newId()}/contesta`,
      "/pagamenti/2026/00099",
      "/pagamenti/x/y",
      "/messaggi/1",
      "/borsellino?mese=abc",
      "/borsellino?figlio=anna",
      "/disdici",
      "/disdici?giorno=domani",
    ];
    for (const path of paths) assert.equal((await site.get(path, sara)).statusCode, 404, path);
    const posts: [string, Record<string, string>][] = [
      ["/figli/anna/pasti", { servizio: "mensa", giorno: TUESDAY, atto: "cancel" }],
      ["/figli/giulia/pasti", { servizio: "mensa", giorno: "2026-02-30", atto: "cancel" }],
      ["/figli/giulia/pasti", { servizio: "mensa", giorno: "9999-12-31", atto: "cancel" }],
      ["/figli/giulia/pasti", { servizio: "mensa", giorno: TUESDAY, atto: "toString" }],
      ["/figli/giulia/pasti", { servizio: "", giorno: TUESDAY, atto: "cancel" }],
      ["/disdici", { giorno: TUESDAY, scelta: "anna/mensa" }],
      ["/disdici", { giorno: "", scelta: "giulia/mensa" }],
      ["/figli/giulia/giorni", { servizio: "mensa", giorno: "ieri" }],
      ["/figli/giulia/assenze", { per: "anna", dal: TUESDAY, al: TUESDAY }],
      ["/figli/giulia/assenze/riprendi", { servizio: "x", dal: TUESDAY }],
      [`/addebiti/${newId()}/contesta`, { testo: "no" }],
    ];
    for (const [path, fields] of posts)
      assert.equal(
        (await site.post(path, fields, sara)).statusCode,
        404,
        `${path} ${JSON.stringify(fields)}`,
      );
    await site.close();
  });

  it("staff are refused, the office needs its desk, a session and a form token are needed", async () => {
    const { site, sara } = await home();
    for (const role of ["school", "kitchen", "office"] as const)
      assert.equal((await site.get("/oggi", await site.signInAs(role))).statusCode, 403, role);
    assert.equal((await site.get("/oggi", null)).statusCode, 303);
    const fields = { servizio: "mensa", giorno: TUESDAY, atto: "cancel" };
    const forged = await site.post("/figli/giulia/pasti", { ...fields, csrf: "x" }, sara);
    assert.equal(forged.statusCode, 403);
    assert.match(await readPage(site, "/oggi", sara), /Disdici il pasto di oggi/);
    const { holderId } = site.place;
    const desk = await site.signInAs("office", { desk: { holderId, reason: "telefonata" } });
    assert.match(
      await readPage(site, "/oggi", desk),
      /Sportello: famiglia Ferrando\. Motivo: telefonata/,
    );
    const done = await act(site, desk, "cancel");
    assert.match(done.text, /Da ufficio, Sportello: Prova office/);
    const seen = await readPage(site, "/figli/giulia/accessi", sara);
    assert.match(seen, /Pasto disdetto per la famiglia\. Motivo: telefonata/);
    await site.close();
  });

  it("a family of another town is a stranger here, also with a session of its own town", async () => {
    const [here, there] = [await home(), await home()];
    const { location } = await act(here.site, here.sara, "cancel");
    const cookie = here.sara.cookie;
    assert.equal((await there.site.get("/oggi", { ...here.sara, cookie })).statusCode, 303);
    assert.equal((await there.site.get(location, there.sara)).statusCode, 404);
    await Promise.all([here.site.close(), there.site.close()]);
  });
});
