// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { requestResidualRefunds, residualCreditsAfter } from "#billing";
import { createFamily } from "#families";
import { systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { post } from "#ledger";
import { answerMoney, moneyRequests } from "#payments";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { BANK_IBAN } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:16:00Z");
const LIST = "/borsellino/richieste";

async function open(
  t: { after(work: () => Promise<void>): void },
  rule: "carried-over" | "refunded-at-year-end-if-unused" = "carried-over",
): Promise<{ site: TestSite; sara: SignedIn }> {
  const site = await testSite(base.db, {
    routes: wholeSite.routes,
    now: NOW,
    town: {
      settings: {
        payment: { model: "prepaid", accountScope: "child", directDebit: false },
        residualCredit: { rule },
      },
    },
  });
  t.after(() => site.close());
  const { holderId, giulia, town } = site.place;
  await town.write((tx) =>
    post(
      tx,
      {
        key: "credit",
        debit: { kind: "bank" },
        credit: { kind: "family", holderId, childId: giulia },
        amountCents: 5000n,
        kind: "credit",
        happenedOn: day("2026-10-01"),
      },
      NOW,
    ),
  );
  return { site, sara: await site.signInAs("guardian") };
}

async function page(site: TestSite, path: string, as: SignedIn): Promise<string> {
  const answer = await site.get(path, as);
  assert.equal(answer.statusCode, 200, `${path}: ${answer.statusCode}`);
  assert.deepEqual(htmlProblems(answer.body), [], path);
  return answer.body;
}

const first = async (site: TestSite) =>
  (await site.place.town.read((tx) => moneyRequests(tx, {})))[0]!;

describe("a family asks for its credit", () => {
  it("X-10 MC-12 a refund: number, promised date, the office's words; IBANs are checked with their CIN", async (t) => {
    const { site, sara } = await open(t);
    assert.match(await page(site, "/borsellino", sara), /Chiedi il rimborso/);
    const form = await page(site, `${LIST}/rimborso`, sara);
    assert.match(form, /Giulia: 50,00/);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const fields = {
      da: account,
      importo: "40",
      iban: "IT60 X054 2811 1010 0000 0123 456",
      intestato: "Sara Ferrando",
      motivo: "Giulia cambia <b>scuola</b>",
    };
    const path = `${LIST}/rimborso`;
    const wrongCin = { ...fields, iban: "IT64Y0542811101000000123456" };
    assert.match((await site.post(path, wrongCin, sara)).body, /IBAN non è giusto/);
    const tooMuch = await site.post(path, { ...fields, importo: "50,01" }, sara);
    assert.equal(tooMuch.statusCode, 422);
    assert.match(tooMuch.body, /al massimo 50,00/);
    assert.deepEqual(htmlProblems(tooMuch.body), []);
    const sent = await site.post(path, fields, sara);
    assert.equal(sent.statusCode, 303);
    const list = await page(site, LIST, sara);
    assert.match(list, /Richiesta 1.*Ricevuta.*lunedì 21 dicembre 2026/s);
    assert.match(list, /cambia &lt;b&gt;scuola/);
    assert.doesNotMatch(list, /0542811101/, "the IBAN is shown by its last four signs");
    assert.match(await page(site, path, sara), /Giulia: 10,00/);
    const { id } = await first(site);
    await site.place.town.write((tx) =>
      answerMoney(tx, {
        actor: { ...systemActor, role: "office-manager", name: "M. Conti" },
        id,
        decision: "refuse",
        answer: "Serve per dicembre.",
        now: NOW,
      }),
    );
    assert.match(await page(site, LIST, sara), /Respinta.*Serve per dicembre\./s);
    const late = await site.post(`${LIST}/${id}/ritira`, {}, sara);
    assert.equal(late.statusCode, 303);
    assert.equal((await first(site)).state, "refused");
  });

  it("X-10 a transfer between children, in English, and withdrawn again", async (t) => {
    const { site, sara } = await open(t);
    const english = { "accept-language": "en" };
    const form = await site.get(`${LIST}/trasferimento`, sara, english);
    const keys = [...form.body.matchAll(/value="(family:[^"]+)"/g)].map(([, key]) => key!);
    const { giulia, tommaso } = site.place;
    const keyOf = (child: string): string => keys.find((key) => key.includes(child))!;
    const fields = { da: keyOf(giulia), a: keyOf(giulia), importo: "10,00", motivo: "gita" };
    const same = await site.post(`${LIST}/trasferimento`, fields, sara, english);
    assert.match(same.body, /have to be different/);
    const right = { ...fields, a: keyOf(tommaso) };
    const sent = await site.post(`${LIST}/trasferimento`, right, sara, english);
    assert.equal(sent.statusCode, 303);
    const list = await site.get(LIST, sara, english);
    assert.match(list.body, /Transfer between children.*from Giulia to Tommaso/s);
    const { id } = await first(site);
    assert.equal((await site.post(`${LIST}/${id}/ritira`, {}, sara)).statusCode, 303);
    assert.equal((await first(site)).state, "withdrawn");
  });

  it("X-12 another family neither sees a request nor touches it", async (t) => {
    const { site, sara } = await open(t);
    const form = await page(site, `${LIST}/rimborso`, sara);
    const da = /value="(family:[^"]+)"/.exec(form)![1]!;
    const fields = { da, importo: "40", iban: BANK_IBAN, intestato: "S F", motivo: "x" };
    await site.post(`${LIST}/rimborso`, fields, sara);
    const { id } = await first(site);
    const anna = newId();
    await site.place.town.write((tx) =>
      createFamily(
        tx,
        {
          holder: { id: anna, kind: "adult", surname: "Riva", givenName: "Anna" },
          children: [{ id: newId(), kind: "child", surname: "Riva", givenName: "Leo" }],
          from: day("2026-09-01"),
        },
        NOW,
      ),
    );
    const stranger = await site.signInAs("guardian", { name: "Anna Riva", personId: anna });
    assert.match(await page(site, LIST, stranger), /Nessuna richiesta/);
    for (const act of ["ritira", "iban"])
      assert.equal((await site.post(`${LIST}/${id}/${act}`, {}, stranger)).statusCode, 404, act);
    const stolen = await site.post(`${LIST}/rimborso`, fields, stranger);
    assert.equal(stolen.statusCode, 422);
    assert.equal((await first(site)).state, "received");
  });
});

describe("credit that is left after the year", () => {
  it("MC-12 BI-06 is listed without moving, asked for once, and the family gives its IBAN", async (t) => {
    const { site, sara } = await open(t, "refunded-at-year-end-if-unused");
    const { town } = site.place;
    const summer = moment("2027-07-01T08:00:00Z");
    const of = { year: 2026, now: summer };
    assert.equal(await town.read((tx) => residualCreditsAfter(tx, { ...of, now: NOW })), null);
    const list = await town.read((tx) => residualCreditsAfter(tx, of));
    assert.deepEqual(
      list?.credits.map(({ balanceCents, why }) => [balanceCents, why]),
      [[5000n, "career-over"]],
    );
    site.setClock(summer);
    const manager = await site.signInAs("office-manager");
    const path = "/ufficio/pagamenti/crediti-rimasti";
    assert.match(await page(site, path, manager), /2026\/2027.*Ferrando Sara, Giulia: 50,00/s);
    const keys = list!.credits.map(({ key }) => key);
    assert.equal((await site.post(path, { conti: keys }, manager)).statusCode, 303);
    assert.match(await page(site, path, manager), /Nessun credito da rimborsare/);
    const again = await town.write((tx) =>
      requestResidualRefunds(tx, {
        ...of,
        keys,
        actor: { ...systemActor, role: "administrator" },
      }),
    );
    assert.deepEqual(again, { outcome: "asked", count: 0 });
    const parent = await site.signInAs("guardian");
    assert.match(await page(site, LIST, parent), /serve un IBAN/);
    assert.match(await page(site, "/messaggi", parent), /Credito da rimborsare/);
    const { id } = await first(site);
    const wrong = await site.post(`${LIST}/${id}/iban`, { iban: "IT1", intestato: "S" }, parent);
    assert.equal(wrong.statusCode, 422);
    assert.deepEqual(htmlProblems(wrong.body), []);
    const right = { iban: BANK_IBAN, intestato: "Sara Ferrando" };
    assert.equal((await site.post(`${LIST}/${id}/iban`, right, parent)).statusCode, 303);
    assert.equal((await first(site)).iban, BANK_IBAN);
    assert.equal(sara.accountId === parent.accountId, false);
  });
});
