// SPDX-License-Identifier: EUPL-1.2
/** The office's reconciliation: what is settled, what waits, what nobody can explain, and the sums beside the ledger. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { balanceOf } from "#ledger";
import { applyReceipts, type Notice, reconcile, type ReceivedReceipt } from "#payments";
import { routes } from "../../src/surfaces/office/routes.ts";
import { readAnyReceipt } from "../../src/worker/receipts.ts";
import {
  apply,
  collecting,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { flowFile, journalFile } from "../support/settlement-files.ts";
import {
  bankSays,
  foreignLine,
  journalOf,
  lineOf,
  movementOf,
  reportOf,
  store,
} from "../support/settling.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";

const HOME = "/ufficio/riconciliazione";
const NOW = moment("2026-11-24T08:00:00Z");
const CREDITOR = "77777777777";

let base: TestDatabase;
let site: TestSite;
let office: SignedIn;
let manager: SignedIn;

before(async () => {
  base = await testDatabase();
});
beforeEach(async () => {
  await site?.close();
  site = await testSite(base.db, {
    routes,
    now: NOW,
    town: {
      settings: {
        accounting: { budgetChapter: "=1+1", assessment: "2026/118", siope: "E.3.01.02.01.008" },
      },
    },
  });
  await collecting(site.place, { creditor: CREDITOR });
  office = await site.signInAs("office", { name: "M. Conti" });
  manager = await site.signInAs("office-manager", { name: "L. Neri" });
});
after(async () => {
  await site?.close();
  await base.close();
});

async function paid(
  key: string,
  cents: bigint,
): Promise<{ notice: Notice; receipt: ReceivedReceipt }> {
  const { place } = site;
  const notice = await issueOne(place, topUp(place, key, [topUpLine(place, place.giulia, cents)]));
  return { notice, receipt: receiptFor(notice) };
}

async function received(key: string, cents: bigint): Promise<ReceivedReceipt> {
  const { receipt } = await paid(key, cents);
  await land(base.db, receipt, NOW);
  assert.deepEqual((await apply(base.db, NOW)).errors, []);
  return receipt;
}

const settle = () => site.place.town.write((tx) => reconcile(tx, NOW));

async function page(path: string, as = office): Promise<string> {
  const response = await site.get(path, as);
  assert.equal(response.statusCode, 200, path);
  assert.deepEqual(htmlProblems(response.body), []);
  return response.body.replaceAll(/\s+/g, " ");
}

const linkIn = (body: string, part: string): string => {
  const found = new RegExp(`href="(${HOME}/${part}[^"]*)"`).exec(body);
  assert.ok(found, `a link to ${part}`);
  return found[1]!;
};

function upload(text: string, as = office, fileName = "giornale.xml") {
  const boundary = "----prova";
  const part = (head: string, body: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
  return site.server.http.inject({
    method: "POST",
    url: `${HOME}/file`,
    headers: {
      host: site.host,
      cookie: as.cookie,
      "content-type": `multipart/form-data; boundary=${boundary}`,
    },
    payload: `${part(`name="file"; filename="${fileName}"`, text)}${part('name="csrf"', as.csrf)}--${boundary}--\r\n`,
  });
}

const SAME = /Le somme coincidono con i conti del registro/;

describe("the reconciliation page", () => {
  it("X-05 an empty town says so; guardians and kitchens never see it", async () => {
    const body = await page(HOME);
    assert.match(body, /Nessun pagamento dei flussi da spiegare/);
    assert.match(body, SAME);
    for (const role of ["guardian", "school", "kitchen"] as const) {
      const stranger = await site.signInAs(role);
      assert.equal((await site.get(HOME, stranger)).statusCode, 403, role);
    }
  });

  it("X-05 settled, waiting and unexplained, each with its count, sum and age; the sums are the ledger's", async () => {
    await received("waits for a flow", 100n);
    const inFlow = await received("waits for the bank", 200n);
    const banked = await received("at the bank", 400n);
    const { receipt: lost } = await paid("receipt lost", 800n);
    await store(site.place, reportOf(CREDITOR, [lineOf(banked), lineOf(lost)]), NOW);
    await store(site.place, reportOf(CREDITOR, [lineOf(inFlow)], { flowCode: "F2" }), NOW);
    const bare = movementOf(5000n, { causale: "PAGOPA INCASSI VARI", key: "bare" });
    await bankSays(site.place, journalOf(CREDITOR, [movementOf(1200n), bare]), NOW);
    const body = await page(HOME);
    const row = (label: string, rest: string): RegExp => new RegExp(`${label}.{0,160}?${rest}`);
    assert.match(body, row("Pagati, non ancora in un flusso", "1,00 €.{0,90}da 4 giorni"));
    assert.match(body, row("In un flusso, non ancora in tesoreria", "2,00 €.{0,90}da 1 giorno"));
    assert.match(body, row("Accreditati in tesoreria", "12,00 €"));
    assert.match(body, row("Pagamenti dei flussi da spiegare", "8,00 €.{0,90}da 4 giorni"));
    assert.match(body, row("Movimenti di tesoreria da spiegare", "50,00 €"));
    assert.match(body, row("Conto pagoPA nel registro", "-5,00 €"));
    assert.match(body, SAME);
    assert.match(await page("/ufficio"), /2 incassi pagoPA da spiegare, il primo da 4 giorni/);
    const waiting = await page(`${HOME}?vista=in-attesa`);
    assert.match(waiting, />F2</);
    const flow = await page(linkIn(await page(`${HOME}?vista=accreditati`), "flussi/"));
    assert.match(flow, /Ricevuta mancante/);
    assert.match(flow, /Ricevuta uguale/);
  });

  it("X-05 the treasury is faster than the flow: the movement waits for it, with a date; then it is a question", async () => {
    await bankSays(site.place, journalOf(CREDITOR, [movementOf(6410n)]), NOW);
    const body = await page(HOME);
    assert.match(body, /In tesoreria, in attesa del flusso.{0,160}64,10 €.{0,90}da 1 giorno/);
    assert.match(body, /Nessun movimento di tesoreria da spiegare/);
    assert.doesNotMatch(await page("/ufficio"), /da spiegare/);
    const waiting = await page(`${HOME}?vista=in-attesa`);
    assert.match(waiting, /Il flusso si aspetta fino a/);
    const movement = await page(linkIn(waiting, "movimenti/"));
    assert.match(movement, /In attesa del flusso, fino a lunedì 30 novembre/);
    site.setClock(moment("2026-12-01T08:00:00Z"));
    office = await site.signInAs("office", { name: "M. Conti" });
    assert.match(await page(HOME), /Movimenti di tesoreria da spiegare.{0,300}da 8 giorni/);
    assert.match(await page("/ufficio"), /1 incasso pagoPA da spiegare, da 8 giorni/);
    await store(site.place, reportOf(CREDITOR, [foreignLine(6410n)]), NOW);
    await settle();
    assert.match(await page(HOME), /Nessun movimento di tesoreria da spiegare/);
  });

  it("X-05 a movement with a date to come is shown with its date, not as today's", async () => {
    const to = { causale: "PAGOPA INCASSI", key: "later", movedOn: day("2026-11-27") };
    await bankSays(site.place, journalOf(CREDITOR, [movementOf(100n, to)]), NOW);
    const body = await page(HOME);
    assert.match(body, /27 novembre 2026, data futura/);
    assert.match(body, /movimenti 1, il più vecchio con data venerdì 27 novembre 2026/);
    assert.match(await page("/ufficio"), /da spiegare, con data venerdì 27 novembre/);
  });

  it("X-05 somebody says why a movement is right, with a reason; another flow of that total may be chosen", async () => {
    const receipt = await received("k", 300n);
    await store(site.place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    const bare = [1, 2].map((nth) =>
      movementOf(300n, { causale: `PAGOPA BONIFICO ${nth}`, key: `bare ${nth}` }),
    );
    await bankSays(site.place, journalOf(CREDITOR, bare), NOW);
    const path = linkIn(await page(HOME), "movimenti/");
    assert.match(await page(path), /Decide chi è responsabile dell&#39;ufficio/);
    assert.equal((await site.post(path, { motivo: "" }, manager)).statusCode, 422);
    assert.equal((await site.post(path, { motivo: "x" }, office)).statusCode, 403, "not the desk");
    const [, id] =
      /name="flusso"[^>]*value="([0-9a-f-]{36})"/.exec(await page(path, manager)) ?? [];
    assert.ok(id, "the flow is offered");
    const done = await site.post(path, { motivo: "stesso giorno", flusso: id }, manager);
    assert.equal(done.statusCode, 303);
    assert.match(await page(path), /Accreditato/);
    const bank = await site.place.town.read((tx) => balanceOf(tx, { kind: "bank" }));
    assert.equal(bank, -300n);
    const other = linkIn(await page(HOME), "movimenti/");
    assert.notEqual(other, path);
    const reason = "TARI, <b>altro ufficio</b>";
    assert.equal((await site.post(other, { motivo: reason }, manager)).statusCode, 303);
    assert.match(await page(other), /Spiegato: TARI, &lt;b&gt;altro ufficio/);
    assert.match(await page(HOME), /Nessun movimento di tesoreria da spiegare/);
  });

  it("X-05 a revoked payment: the office takes the credit off, with a reason; the family reads it", async () => {
    const receipt = await received("k", 2300n);
    await store(site.place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    const revoked = lineOf(receipt, { outcome: "REVOKED" });
    await store(site.place, reportOf(CREDITOR, [revoked], { flowCode: "REVOCA" }), NOW);
    await settle();
    const path = linkIn(await page(HOME), "flussi/");
    assert.match(await page(path, manager), /Togli il credito/);
    assert.match(
      await page(path, manager),
      /il conto di Sara Ferrando scende di \d+,\d\d\s€ e per pagare/,
      "shown first",
    );
    assert.doesNotMatch(await page(path), /Togli il credito/, "not the desk");
    const fields = { motivo: "revocato dalla banca", atto: "storna" };
    const explained = { motivo: "sentita la banca", atto: "spiega" };
    assert.equal((await site.post(path, explained, manager)).statusCode, 303);
    assert.match(await page(path, manager), /Togli il credito/, "explained is not taken off");
    site.setClock(NOW.add({ minutes: 1 }));
    const without = await site.post(path, { ...fields, motivo: "" }, manager);
    assert.equal(without.statusCode, 422);
    assert.match(without.body, /il conto di Sara Ferrando scende/, "and again beside the error");
    assert.equal((await site.post(path, fields, office)).statusCode, 403, "not the desk");
    for (const _ of [1, 2]) assert.equal((await site.post(path, fields, manager)).statusCode, 303);
    const after = await page(path, manager);
    assert.match(after, /pagamento stornato\. revocato dalla banca/);
    assert.doesNotMatch(after, /Togli il credito|Segna come spiegato/, "nothing is left to do");
    const body = await page(HOME);
    assert.match(body, /Nessun pagamento dei flussi da spiegare/);
    assert.match(body, /Revocati e tolti alle famiglie.{0,160}-23,00 €/);
    assert.match(body, SAME);
    const { noticeNumber } = receipt;
    assert.match(await page(`/ufficio/pagamenti/avvisi/${noticeNumber}`), /Pagamento revocato/);
  });

  it("X-05 without any receipt the flow and the bank prove the payment: the family is credited once", async () => {
    const { receipt } = await paid("lost for ever", 2300n);
    await store(site.place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await settle();
    const path = linkIn(await page(HOME), "flussi/");
    assert.doesNotMatch(
      await page(path, manager),
      /Registra il pagamento dal flusso/,
      "the bank has nothing",
    );
    await bankSays(site.place, journalOf(CREDITOR, [movementOf(2300n)]), NOW);
    assert.match(await page(path, manager), /Registra il pagamento dal flusso/);
    const fields = { motivo: "ricevuta persa, vista la tesoreria", atto: "registra" };
    for (const _ of [1, 2]) assert.equal((await site.post(path, fields, manager)).statusCode, 303);
    const errors: unknown[] = [];
    const onError = (_: string, error: unknown): void => void errors.push(error);
    await applyReceipts(base.db, { now: NOW, read: readAnyReceipt, onError });
    // The true one comes all the same.
    await land(base.db, receipt, NOW);
    await apply(base.db, NOW);
    assert.deepEqual(errors, []);
    const { place } = site;
    const credit = await place.town.read((tx) =>
      balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
    );
    assert.equal(credit, 2300n);
    await settle();
    assert.match(await page(HOME), SAME);
    assert.match(await page(path), /Ricevuta uguale/);
  });
});

describe("files of the treasury", () => {
  it("X-05 a journal is shown before it is applied; twice is once", async () => {
    const receipt = await received("k", 12_410n);
    await store(site.place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await settle();
    const text = journalFile([
      {
        causale: "PSP /PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2026-11-23ABC_01-S000000001",
        euro: "124.10",
      },
      { causale: "Stipendi di Anna Rossi", euro: "10.00" },
    ]);
    const first = await upload(text);
    assert.equal(first.statusCode, 303);
    const path = first.headers.location!;
    const shown = await page(path);
    assert.match(shown, /Nulla è ancora registrato/);
    assert.match(shown, /Accredita il flusso 2026-11-23ABC_01-S000000001/);
    assert.match(shown, /1 altra entrata/);
    assert.doesNotMatch(shown, /Anna Rossi/, "what is not pagoPA's is not kept");
    assert.match(await page(HOME), /In un flusso, non ancora in tesoreria.{0,160}124,10 €/);
    assert.equal((await site.post(path, {}, office)).headers.location, HOME);
    assert.match(await page(`${HOME}?vista=accreditati`), /2026-11-23ABC_01-S000000001/);
    const again = (await upload(text)).headers.location!;
    assert.match(await page(again), /Già registrato/);
    await site.post(again, {}, office);
    await site.post(again, {}, office);
    const bank = await site.place.town.read((tx) => balanceOf(tx, { kind: "bank" }));
    assert.equal(bank, -12_410n);
  });

  it("X-05 a flow as XML; one written later replaces it, the same one changes nothing", async () => {
    const receipt = await received("k", 6410n);
    const line = { iuv: receipt.creditorReferenceId, iur: receipt.receiptId, euro: "64.10" };
    const put = async (text: string): Promise<string> => {
      const path = (await upload(text, office, "flusso.xml")).headers.location!;
      const shown = await page(path);
      await site.post(path, {}, office);
      return shown;
    };
    const first = flowFile([line, { ...line, iur: "x", euro: "1.00" }], { total: "65.10" });
    assert.match(await put(first), /65,10 €/);
    assert.match(await put(first), /già registrato/);
    const later = flowFile([line], { total: "64.10", at: "2026-11-24T09:00:00" });
    await put(later);
    assert.match(await page(`${HOME}?vista=in-attesa`), /64,10 €/);
    assert.match(await page(HOME), /Nessun pagamento dei flussi da spiegare/);
  });

  it("X-05 what cannot be read, or is of another institution, is said in words and changes nothing", async () => {
    const tries: [string, RegExp][] = [
      ["<html></html>", /non è un giornale di cassa OPI/],
      [journalFile([], { head: "<!DOCTYPE x [<!ENTITY a 'b'>]>" }), /DOCTYPE/],
      [journalFile([], { fiscalCode: "11111111111" }), /di un altro ente/],
      [flowFile([], { total: "uno" }), /manca o non è valido: importo/],
    ];
    for (const [text, words] of tries) {
      const answer = await upload(text);
      assert.equal(answer.statusCode, 422);
      assert.match(answer.body, words);
      assert.deepEqual(htmlProblems(answer.body), []);
    }
    const stolen = { ...office, csrf: "x" };
    assert.equal((await upload(journalFile([]), stolen)).statusCode, 403);
  });
});

describe("the accounting export", () => {
  it("X-05 per service and period with its codes, by payment or by credit; no cell runs as a formula", async () => {
    const receipt = await received("k1", 6410n);
    await received("k2", 1000n);
    await store(site.place, reportOf(CREDITOR, [lineOf(receipt)]), NOW);
    await bankSays(site.place, journalOf(CREDITOR, [movementOf(6410n)]), NOW);
    const query = "dal=2026-11-01&al=2026-11-30";
    assert.match(await page(`${HOME}/contabilita?${query}`), /74,10 €/);
    const file = async (data: string): Promise<string> => {
      const answer = await site.get(`${HOME}/contabilita.csv?${query}&data=${data}`, office);
      assert.match(String(answer.headers["content-type"]), /text\/csv/);
      return answer.body;
    };
    const byPayment = (await file("pagamento")).split("\r\n");
    assert.equal(
      byPayment[1],
      `Mensa;'=1+1;2026/118;E.3.01.02.01.008;9/0107101TS/;77777777777;"RC_ACC_1=2026/118; RC_CAP_1==1+1";2026-11-20;2026-11-20;2;74,10`,
    );
    assert.match(await file("accredito"), /;2026-11-23;2026-11-23;1;64,10/);
    assert.equal((await site.get(`${HOME}/contabilita?dal=x&al=y`, office)).statusCode, 422);
    const before = await page(`${HOME}/contabilita?dal=2026-10-01&al=2026-10-31`);
    assert.match(before, /Nessun pagamento in questo periodo/);
  });
});
