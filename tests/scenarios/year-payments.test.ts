// SPDX-License-Identifier: EUPL-1.2
/** What each parent paid in a year, for the tax return: by day of payment, by child, in nobody else's eyes. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { putPayerShares } from "#enrolment";
import {
  createFamily,
  FAMILY_READ,
  putChildHolders,
  putGuardianships,
  putPeople,
  updateContacts,
} from "#families";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type FamilyAccount, post, registerCredit, type YearPayments } from "#ledger";
import {
  answerMoney,
  askMoney,
  openCases,
  resolveCase,
  undoRevoked,
  yearPayments,
} from "#payments";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import {
  apply,
  BANK_IBAN,
  collecting,
  CREDITOR,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { completeFamily, withControl } from "../support/complete-family.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { at, closeThe, readPage, textOf, TUESDAY } from "../support/portal.ts";
import { PREPAID } from "../support/paying-home.ts";
import { lineOf, reportOf, store } from "../support/settling.ts";
import { type SignedIn, testSite, type TestSite } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const START = day("2026-09-01");
const AT = at("2026-09-01", "10:00:00");
const manager: Actor = { ...systemActor, role: "office-manager", name: "L. Neri" };
const BIANCHI = withControl("BNCMRC83B02F205");
const SARA = withControl("FRRSRA85A41F205");
const GIULIA = withControl("FRRGLI18A41F205");

/** Sara pays 60 % of Giulia's meals and all of Tommaso's, Marco 40 % of Giulia's. */
async function separated(t: { after(work: () => Promise<void>): void }) {
  const site = await testSite(base.db, {
    routes: [...portalRoutes, ...officeRoutes],
    now: at(TUESDAY, "16:00:00"),
    town: { settings: { payment: PREPAID } },
  });
  t.after(() => site.close());
  const { place } = site;
  await collecting(place);
  await completeFamily(place);
  const father = newId();
  const marco = await place.town.write(async (tx) => {
    const contacts = { address: "Via dei Tigli 4", city: "Borgo di prova", phone: "333 1234567" };
    const personId = place.sara.personId!;
    await updateContacts(tx, { actor: place.sara, personId, at: AT, ...contacts });
    const name = { surname: "Bianchi", givenName: "Marco", codiceFiscale: BIANCHI };
    const family = {
      holder: { id: father, kind: "adult" as const, ...name },
      children: [],
      from: START,
    };
    const { holderId } = await createFamily(tx, family, AT);
    const always = { childId: place.giulia, from: START, to: null };
    await putPayerShares(
      tx,
      [
        { holderId: place.holderId, basisPoints: 6000 },
        { holderId, basisPoints: 4000 },
      ].map((one) => ({ ...always, serviceId: null, id: newId(), ...one })),
    );
    await putGuardianships(tx, [{ ...always, id: newId(), guardianId: father, role: "padre" }]);
    await registerCredit(tx, {
      actor: manager,
      account: { kind: "family", holderId, childId: place.giulia },
      method: "bank-transfer",
      amountCents: 1000n,
      reason: "bonifico",
      happenedOn: day("2026-11-19"),
      recordedAt: at("2026-11-19", "10:00:00"),
      key: newId(),
    });
    return holderId;
  });
  await paid(place, place.giulia, 5000n);
  await closeThe(site, TUESDAY);
  const dad = await site.signInAs("guardian", { personId: father, name: "Marco Bianchi" });
  return { site, place, marco, dad, sara: await site.signInAs("guardian") };
}

/** Through pagoPA, on that day; gives the receipt. */
async function paid(
  place: SmallTown,
  childId: string,
  cents: bigint,
  on: { at?: string; times?: number } = {},
) {
  const paidAt = moment(on.at ?? "2026-11-20T09:15:30Z");
  const notice = await issueOne(place, topUp(place, newId(), [topUpLine(place, childId, cents)]));
  for (let nth = 1; nth < (on.times ?? 1); nth += 1)
    await land(base.db, receiptFor(notice, { paidAt }), paidAt);
  const receipt = receiptFor(notice, { paidAt });
  await land(base.db, receipt, paidAt);
  assert.deepEqual((await apply(base.db, paidAt)).errors, []);
  return receipt;
}

const sheet = (year: number, holderId: string, slug: string): string =>
  `/documenti/${year}/${holderId}/${slug}/attestazione.pdf`;

async function pdfText(site: TestSite, path: string, as: SignedIn): Promise<string> {
  const answer = await site.server.http.inject({
    url: path,
    headers: { host: site.host, cookie: as.cookie },
  });
  assert.equal(answer.statusCode, 200, answer.body.slice(0, 200));
  return pageTexts(new Uint8Array(answer.rawPayload)).join(" ");
}

describe("X-12 PE-07 two parents, one child", { skip: popplerMissing }, () => {
  it("X-12 PE-07 each has a certificate of the own part, with nothing of the other's", async (t) => {
    const { site, place, marco, dad, sara } = await separated(t);
    const hers = await readPage(site, "/documenti", sara);
    assert.match(hers, /Anno 2026/);
    assert.match(hers, /Giulia Pagato con mezzi tracciabili 2,76 €/);
    assert.match(hers, /1\.000,00 € per alunno/);
    assert.match(hers, /Non ancora compresi 47,24 € di credito da usare/);
    assert.match(hers, /Per il 2025 non risultano pagamenti tracciabili\. Contano i pagamenti/);
    assert.doesNotMatch(hers, /Marco|Bianchi|1,84/);
    const his = await readPage(site, "/documenti", dad);
    assert.match(his, /Giulia Pagato con mezzi tracciabili 1,84 €/);
    assert.doesNotMatch(his, /Sara|Tommaso|2,76/);

    const text = await pdfText(site, sheet(2026, place.holderId, "giulia"), sara);
    assert.match(text, /Scuola\s+Primaria Milano/);
    assert.match(text, /Comune di Borgo di prova attesta che nel 2026 Sara Ferrando ha pagato/);
    for (const said of [SARA, GIULIA, "Mensa", "20/11/2026", "24/11/2026", "pagoPA", "Totale 2,76"])
      assert.ok(text.includes(said), `${said}: ${text}`);
    assert.match(text, /47,24 € di credito non ancora usato/);
    // Neither the other parent, nor where somebody lives, nor a code that is not known.
    assert.doesNotMatch(text, /Bianchi|Marco|Tommaso|Tigli|333|posta\.example|0000000|dieta/i);
    const father = await pdfText(site, sheet(2026, marco, "giulia"), dad);
    for (const said of [BIANCHI, GIULIA, "Bonifico", "19/11/2026", "Totale 1,84"])
      assert.ok(father.includes(said), `${said}: ${father}`);
    assert.doesNotMatch(father, /Sara|Tommaso|2,76/);

    for (const [path, as] of [
      [sheet(2026, marco, "giulia"), sara],
      [sheet(2026, place.holderId, "giulia"), dad],
      [sheet(2026, place.holderId, "tommaso"), dad],
      [sheet(2026, place.holderId, "tommaso"), sara],
      [sheet(2025, place.holderId, "giulia"), sara],
      [sheet(2026, "x", "giulia"), sara],
    ] as const)
      assert.equal((await site.get(path, as)).statusCode, 404, path);
    const english = { ...sara, cookie: `${sara.cookie}; campanella_lang=en` };
    assert.match(await readPage(site, "/documenti", english), /Paid by traceable means 2,76 €/);
  });

  it("X-12 PE-08 each has the statement of the own account, which adds up; letters and receipts beside it", async (t) => {
    const { site, place, marco, dad, sara } = await separated(t);
    const path = "/documenti/estratto-conto";
    const hers = await readPage(site, path, sara);
    assert.match(hers, /all'inizio 0,00 € Addebiti -7,36 € Pagamenti e storni 50,00 €/);
    assert.match(hers, /alla fine 42,64 € a credito/);
    assert.match(hers, /24\/11\/2026 Giulia: Pasto, mensa -2,76 € /);
    assert.doesNotMatch(hers, /Marco|Bianchi|1,84/);
    const his = await readPage(site, path, dad);
    assert.match(
      his,
      /Addebiti -1,84 € Pagamenti e storni 10,00 € Saldo alla fine 8,16 € a credito/,
    );
    assert.doesNotMatch(his, /Sara|Tommaso|2,76/);
    const later = await readPage(site, `${path}?dal=2026-11-30&al=2026-11-25`, dad);
    assert.match(later, /all'inizio 8,16 € Addebiti 0,00 € .*alla fine 8,16 €/);
    assert.match(later, /Nessun movimento in questo periodo/);
    const own = await pdfText(site, `${path}.pdf?dal=2026-11-24&al=2026-11-24`, dad);
    for (const said of ["Marco Bianchi", BIANCHI, "10,00", "Pasto, mensa", "-1,84", "8,16"])
      assert.ok(own.includes(said), `${said}: ${own}`);
    assert.doesNotMatch(own, /Sara|Tommaso|2,76|0000000/);
    for (const [holderId, as] of [
      [marco, sara],
      [place.holderId, dad],
      ["x", sara],
    ] as const)
      for (const page of [path, `${path}.pdf`])
        assert.equal((await site.get(`${page}?conto=${holderId}`, as)).statusCode, 404, page);
    assert.match(await readPage(site, "/documenti", sara), /50,00 € Ricevuta \(PDF\)/);
    assert.doesNotMatch(await readPage(site, "/documenti", dad), /50,00/);
    const looks = await delegateOf(site, { holderId: place.holderId, scopes: ["view"] });
    assert.equal((await site.get(path, looks)).statusCode, 403);
    assert.equal((await site.get(`${path}.pdf`, looks)).statusCode, 404);
    const pays = await delegateOf(site, { holderId: place.holderId, scopes: ["view", "payments"] });
    const given = await pdfText(site, `${path}.pdf`, pays);
    assert.match(given, /Sara Ferrando/);
    assert.ok(!given.includes(SARA), "a codice fiscale is its owner's to read");
    site.setClock(at("2027-08-10", "10:00:00"));
    const august = await readPage(site, path, await site.signInAs("guardian"));
    assert.match(august, /Da martedì 1 settembre 2026 a martedì 10 agosto 2027/);
  });

  it("BO-23 PE-07 a delegate who may pay has the delegator's; another adult reads whose it is", async (t) => {
    const { site, place, marco } = await separated(t);
    const pays = await delegateOf(site, { holderId: place.holderId, scopes: ["view", "payments"] });
    assert.match(await readPage(site, "/documenti", pays), /Giulia Pagato con .* 2,76 €/);
    const path = sheet(2026, place.holderId, "giulia");
    assert.match(await pdfText(site, path, pays), /Sara Ferrando ha pagato/);
    assert.equal((await site.get(sheet(2026, marco, "giulia"), pays)).statusCode, 404);
    const looks = await delegateOf(site, { holderId: place.holderId, scopes: ["view"] });
    assert.equal((await site.get("/documenti", looks)).statusCode, 403);
    assert.equal((await site.get(path, looks)).statusCode, 404);
    assert.doesNotMatch(await readPage(site, "/altro", looks), /730/);
    const other = newId();
    await place.town.write(async (tx) => {
      await putPeople(tx, [{ id: other, kind: "adult", surname: "Rossi", givenName: "Piero" }], AT);
      const since = { childId: place.giulia, from: START, to: null };
      await putGuardianships(tx, [{ ...since, id: newId(), guardianId: other, role: "tutore" }]);
    });
    const piero = await site.signInAs("guardian", { personId: other, name: "Piero Rossi" });
    const page = await readPage(site, "/documenti", piero);
    assert.match(page, /è della persona a cui è intestato il conto/);
    assert.doesNotMatch(page, /2,76/);
    assert.equal((await site.get(path, piero)).statusCode, 404);
    const account = await readPage(site, "/documenti/estratto-conto", piero);
    assert.match(account, /lo scarica chi ha il conto/);
    assert.doesNotMatch(account, /Saldo|Tommaso/);
  });

  it("X-12 who lives with an account's holder does not read what it pays for a child of somebody else", async (t) => {
    const { site, place, marco } = await separated(t);
    const [elena, ugo] = [newId(), newId()];
    await place.town.write(async (tx) => {
      const name = { kind: "adult", surname: "Rossi", givenName: "Elena" } as const;
      const child = { kind: "child", surname: "Bianchi", givenName: "Ugo" } as const;
      await putPeople(
        tx,
        [
          { id: elena, ...name },
          { id: ugo, ...child },
        ],
        AT,
      );
      await putGuardianships(tx, [
        { id: newId(), childId: ugo, guardianId: elena, role: "madre", from: START, to: null },
      ]);
      await putChildHolders(tx, [
        { id: newId(), childId: ugo, holderId: marco, from: START, to: null },
      ]);
    });
    const she = await site.signInAs("guardian", { personId: elena, name: "Elena Rossi" });
    for (const path of ["/documenti/estratto-conto", "/pagamenti", "/borsellino"])
      assert.doesNotMatch(textOf((await site.get(path, she)).body), /1,84|8,16|Giulia/, path);
    assert.equal((await site.get("/documenti/estratto-conto.pdf", she)).statusCode, 404);
    const charges = await place.town.read((tx) =>
      tx.rows<{ id: string }>(sql`
        select id from charge where tenant_id = ${tx.tenantId} and holder_id = ${marco}`),
    );
    assert.ok(charges.length > 0);
    for (const { id } of charges)
      assert.equal((await site.get(`/addebiti/${id}`, she)).statusCode, 404);
  });

  it("PE-07 X-15 the office gives the same sheet, and the family reads that it did", async (t) => {
    const { site, place, marco } = await separated(t);
    const office = await site.signInAs("office");
    const path = `/ufficio/famiglie/${marco}/spese`;
    const page = await readPage(site, path, office);
    assert.match(page, /Giulia Ferrando 1,84 € Scarica \(PDF\)/);
    assert.match(page, /Giulia Ferrando: 8,16 € di credito non ancora usato/);
    const text = await pdfText(site, `${path}/2026/${place.giulia}/attestazione.pdf`, office);
    assert.match(text, /Marco Bianchi ha pagato con mezzi tracciabili 1,84 €/);
    const wrong = `${path}/2026/${place.tommaso}/attestazione.pdf`;
    assert.equal((await site.get(wrong, office)).statusCode, 404);
    const read = await place.town.read((tx) =>
      tx.rows(sql`select 1 from audit_entry
        where tenant_id = ${tx.tenantId} and action = ${FAMILY_READ} and holder_id = ${marco}`),
    );
    assert.equal(read.length, 1);
    const shown = textOf((await site.get(`/ufficio/famiglie/${marco}`, office)).body);
    assert.match(shown, /Spese per il 730/);
  });
});

describe("PE-07 what counts, as the ledger has it", () => {
  const years = (place: SmallTown): Promise<YearPayments[]> =>
    place.town.read((tx) => yearPayments(tx, place.holderId));
  const meal = (place: SmallTown, childId: string, on: string, cents: bigint) =>
    place.town.write((tx) => {
      const debit: FamilyAccount = { kind: "family", holderId: place.holderId, childId };
      const credit = { kind: "revenue", serviceId: place.serviceId } as const;
      const money = { key: newId(), debit, credit, amountCents: cents, kind: "meal" };
      const reference = { serviceId: place.serviceId };
      return post(tx, { ...money, happenedOn: day(on), reference }, AT);
    });
  const short = (found: readonly YearPayments[], place: SmallTown) =>
    found.map(({ year, children, uncounted }) => [
      year,
      children
        .map(({ childId, cents }) => [childId === place.giulia ? "G" : "T", cents] as const)
        .toSorted(([a], [b]) => a.localeCompare(b)),
      uncounted
        .toSorted((a, b) => a.why.localeCompare(b.why) || Number(b.cents - a.cents))
        .map(({ why, cents }) => [why, cents]),
    ]);

  it("PE-07 a payment that the office placed in January counts on the day on which it was made", async () => {
    const place = await smallTown(base.db);
    await collecting(place);
    await paid(place, place.giulia, 3000n, { at: "2026-12-30T09:00:00Z", times: 2 });
    const decided = moment("2027-01-12T09:00:00Z");
    await place.town.write(async (tx) => {
      const [open] = await openCases(tx);
      const account = { kind: "family", holderId: place.holderId, childId: place.tommaso } as const;
      const of = {
        actor: manager,
        caseId: open!.id,
        account,
        reason: "del fratello",
        now: decided,
      };
      assert.equal((await resolveCase(tx, of)).outcome, "resolved");
    });
    await meal(place, place.giulia, "2027-01-11", 460n);
    await meal(place, place.tommaso, "2027-01-14", 520n);
    assert.deepEqual(short(await years(place), place), [
      [
        2026,
        [
          ["G", 460n],
          ["T", 520n],
        ],
        [
          ["credit", 2540n],
          ["credit", 2480n],
        ],
      ],
    ]);
  });

  it("PE-07 a revoked payment counts no more", async () => {
    const place = await smallTown(base.db);
    await collecting(place);
    const receipt = await paid(place, place.giulia, 3000n);
    await meal(place, place.giulia, "2026-11-23", 460n);
    assert.deepEqual(short(await years(place), place), [
      [2026, [["G", 460n]], [["credit", 2540n]]],
    ]);
    const line = lineOf(receipt, { outcome: "REVOKED", amountCents: 3000n });
    const now = moment("2026-11-24T08:00:00Z");
    const stored = await store(place, reportOf(CREDITOR, [line], { flowCode: newId() }), now);
    assert.ok(stored.outcome === "stored");
    const { flowId } = stored;
    const undone = await place.town.write((tx) =>
      undoRevoked(tx, { actor: manager, flowId, line: 1, reason: "revocato", now }),
    );
    assert.equal(undone.outcome, "undone");
    assert.deepEqual(await years(place), []);
  });

  it("PE-07 cash is said and not counted; money moved to a sibling, and given back a year later, keeps its year", async () => {
    const place = await smallTown(base.db);
    await collecting(place);
    const { holderId, giulia, tommaso } = place;
    await place.town.write((tx) =>
      registerCredit(tx, {
        actor: manager,
        account: { kind: "family", holderId, childId: giulia },
        method: "cash-desk",
        amountCents: 200n,
        reason: "sportello",
        happenedOn: day("2026-11-02"),
        recordedAt: at("2026-11-02", "10:00:00"),
        key: newId(),
      }),
    );
    await paid(place, giulia, 3000n);
    await meal(place, giulia, "2026-11-23", 460n);
    const now = moment("2027-02-01T09:00:00Z");
    const asked = async (kind: "transfer" | "refund", from: string, amountCents: bigint) => {
      const id = await place.town.write(async (tx) => {
        const isRefund = kind === "refund";
        const draft = {
          kind,
          amountCents,
          reason: "cambia scuola",
          beneficiary: isRefund ? "Sara Ferrando" : "",
          iban: isRefund ? BANK_IBAN : "",
          from: { childId: from, serviceId: null },
          to: isRefund ? null : { childId: tommaso, serviceId: null },
        };
        const done = await askMoney(tx, { actor: place.sara, holderId, draft, key: newId(), now });
        assert.ok(done.outcome === "asked", done.outcome);
        return done.request.id;
      });
      const answer = { actor: manager, id, decision: "approve", answer: "", now } as const;
      await place.town.write((tx) => answerMoney(tx, answer));
    };
    await asked("transfer", giulia, 1000n);
    await meal(place, tommaso, "2027-02-02", 520n);
    await asked("refund", giulia, 1740n);
    const [year, ...others] = short(await years(place), place);
    assert.deepEqual(others, []);
    assert.deepEqual(year, [
      2026,
      [
        ["G", 260n],
        ["T", 520n],
      ],
      [
        ["credit", 480n],
        ["given-back", 1740n],
        ["not-traceable", 200n],
      ],
    ]);
  });
});
