// SPDX-License-Identifier: EUPL-1.2
/** The money desk as the office works with it: pages, forms, words; each act once. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { checkLedger } from "#ledger";
import { applyReceipts, askMoney, inFours, moneyRequests } from "#payments";
import { readStoredReceipt } from "../../src/integrations/pagopa/soap/index.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import {
  apply,
  BANK_IBAN,
  collecting,
  issueOne,
  land,
  oldDebt,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { close } from "../support/day-acts.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { inEnvelope, receiptV2Call } from "../support/pagopa-messages.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { balance as balanceAt, move as moveAt } from "../support/money-desk.ts";
import { type SignedIn, type TestSite, testSite } from "../support/site.ts";
import { upload } from "../support/upload.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:16:00Z");
const CASH = { place: "Edicola Sole", onlyFor: "debiti fino al 2025/2026" };

interface Opened {
  site: TestSite;
  manager: SignedIn;
}

async function open(t: { after(work: () => Promise<void>): void }): Promise<Opened> {
  const site = await testSite(base.db, {
    routes: wholeSite.routes,
    now: NOW,
    townSettings: { collection: { vouchersAccepted: true, cash: [CASH] } },
  });
  t.after(() => site.close());
  await collecting(site.place);
  return { site, manager: await site.signInAs("office-manager", { name: "M. Conti" }) };
}

const family = ({ site }: Opened): string => `/ufficio/famiglie/${site.place.holderId}`;
const deskOf = ({ site: { place } }: Opened) => ({
  place,
  account: { kind: "family", holderId: place.holderId, childId: place.giulia } as const,
});
const balance = (of: Opened): Promise<bigint> => balanceAt(deskOf(of), deskOf(of).account);
const move = (of: Opened, cents: bigint, on: string): Promise<void> =>
  moveAt(deskOf(of), cents, on);

const register = (
  { site, manager }: Opened,
  path: string,
  fields: Record<string, string>,
  file?: { name: string; bytes: Uint8Array },
): ReturnType<TestSite["get"]> =>
  upload(site, manager, { path, fields, file: file && { field: "ricevuta", ...file } });

async function page(of: Opened, path: string): Promise<string> {
  const answer = await of.site.get(path, of.manager);
  assert.equal(answer.statusCode, 200, `${path}: ${answer.statusCode}`);
  assert.deepEqual(htmlProblems(answer.body), [], path);
  return answer.body;
}

describe("payments to clear up", () => {
  it("X-05 another sum than the notice's is named in the family's list and on the notice's page", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, 800n)]));
    await land(base.db, receiptFor(notice, { paymentAmountCents: 500n }), NOW);
    await apply(base.db, NOW);
    const list = await page(at, `${family(at)}/pagamenti`);
    assert.match(list, /5,00.{1,8}€ invece di 8,00.{1,8}€/);
    assert.match(list, /Pagato, da sistemare/, "as the family reads it: not done yet");
    const number = /\/ufficio\/pagamenti\/avvisi\/(\d{18})/.exec(list)![0];
    assert.match(await page(at, number), /Importo pagato.*5,00/s);
  });

  it("X-05 the office reads what happened and credits the account; two tabs are harmless", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, 800n)]));
    await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    const payer = { kind: "F" as const, code: "ANONIMO", fullName: "Nonna Pina" };
    await land(base.db, receiptFor(notice, { payer }), NOW);
    await apply(base.db, NOW);
    assert.match(await page(at, "/ufficio"), /1 pagamento da sistemare, aspetta da oggi/);
    const list = await page(at, "/ufficio/pagamenti/da-sistemare");
    assert.match(list, /Pagato due volte.*Nonna Pina/s);
    const path = /\/ufficio\/pagamenti\/da-sistemare\/[0-9a-f-]{36}/.exec(list)![0];
    const shown = await page(at, path);
    assert.match(shown, /Credito, Ferrando Sara: Giulia/);
    assert.match(shown, /decisione promessa alla famiglia entro lunedì 21 dicembre 2026/);
    const key = /value="(family:[^"]+)"/.exec(shown)![1]!;
    const { post: send } = at.site;
    const noReason = await send(path, { conto: key }, at.manager);
    assert.equal(noReason.statusCode, 422);
    assert.match(noReason.body, /Scrivere il motivo/);
    const clerk = await at.site.signInAs("office");
    const refused = await send(path, { conto: key, motivo: "x" }, clerk);
    assert.equal(refused.statusCode, 403);
    assert.match((await at.site.get(path, clerk)).body, /Decide chi è responsabile/);
    const done = await send(path, { conto: key, motivo: "sentita la famiglia" }, at.manager);
    assert.equal(done.statusCode, 303);
    const again = await send(path, { conto: key, motivo: "sentita la famiglia" }, at.manager);
    assert.equal(again.headers.location, "/ufficio/pagamenti/da-sistemare");
    assert.equal(await balance(at), 1600n);
  });

  it("X-05 more than a thousand: all are counted, listed page by page, and the last one opens", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, 800n)]));
    for (const receipt of [receiptFor(notice), receiptFor(notice)]) {
      await land(base.db, receipt, NOW);
      await apply(base.db, NOW);
    }
    await place.town.write((tx) =>
      tx.run(sql`
        insert into payment_case (tenant_id, id, kind, receipt_id, amount_cents, opened_at)
        select c.tenant_id, gen_random_uuid(), c.kind, c.receipt_id, 100, c.opened_at + n * interval '1 second'
        from payment_case c, generate_series(1, 1049) n where c.tenant_id = ${tx.tenantId}`),
    );
    const LIST = "/ufficio/pagamenti/da-sistemare";
    assert.match(await page(at, "/ufficio"), /1\.050 pagamenti da sistemare|1050 pagamenti/);
    const first = await page(at, LIST);
    assert.match(first, /1\.?050 pagamenti in sospeso: 1\.057,00/);
    assert.equal(first.split("/da-sistemare/").length - 1, 100);
    assert.match(first, new RegExp(`${LIST}\\?pagina=2`));
    const last = await page(at, `${LIST}?pagina=11`);
    const [path, ...others] = last.match(/\/ufficio\/pagamenti\/da-sistemare\/[0-9a-f-]{36}/g)!;
    assert.equal(others.length, 49);
    const behind = await page(at, `${LIST}?pagina=999`);
    assert.ok(behind.includes(path!), "behind the last page is the last page");
    await page(at, `${LIST}?pagina=x`);
    assert.match(await page(at, path!), /Pagato due volte/);
  });

  it("X-05 an unknown notice: the family is found by search, or the money goes back", async (t) => {
    const at = await open(t);
    const { segregationCode, creditor } = await collecting(at.site.place, {
      creditor: "88888888801",
    });
    const noticeNumber = `3${segregationCode}000000000009999`;
    await land(
      base.db,
      receiptFor({ noticeNumber, creditorFiscalCode: creditor, amountCents: 500n }),
      NOW,
    );
    await apply(base.db, NOW);
    const list = await page(at, "/ufficio/pagamenti/da-sistemare");
    const path = /\/ufficio\/pagamenti\/da-sistemare\/[0-9a-f-]{36}/.exec(list)![0];
    assert.match(await page(at, `${path}?q=ferrando`), /famiglia=[0-9a-f-]{36}/);
    const chosen = await page(at, `${path}?famiglia=${at.site.place.holderId}`);
    assert.match(chosen, /Credito, Ferrando: Giulia/);
    const fields = { conto: "rimborso", motivo: "non è nostro" };
    const done = await at.site.post(path, fields, at.manager);
    assert.equal(done.headers.location, "/ufficio/richieste");
    assert.match(await page(at, "/ufficio/richieste"), /manca l&#39;IBAN/);
  });
});

describe("a receipt that the desk had registered before it came", () => {
  it("BI-09 X-05 the office sees both entries on one page, and one decision leaves one", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    const notice = await issueOne(
      place,
      oldDebt(place, "k", [topUpLine(place, place.giulia, 4600n)]),
    );
    const receipt = receiptFor(notice);
    const form = await page(at, `${family(at)}/pagamento`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const registered = await register(at, `${family(at)}/pagamento`, {
      destinazione: account,
      modo: "other-portal",
      importo: "46,00",
      data: "2026-11-20",
      "pagato-da": "Sara Ferrando",
      identificativo: receipt.receiptId,
    });
    assert.equal(registered.statusCode, 303);
    const gone = await at.site.post(
      `/ufficio/pagamenti/avvisi/${notice.noticeNumber}`,
      { motivo: "registrato allo sportello" },
      at.manager,
    );
    assert.equal(gone.statusCode, 303, gone.body.slice(0, 1000));
    await land(base.db, receipt, NOW);
    await apply(base.db, NOW);
    assert.equal(await balance(at), 4600n);

    const list = await page(at, "/ufficio/pagamenti/da-sistemare");
    const path = /\/ufficio\/pagamenti\/da-sistemare\/[0-9a-f-]{36}/.exec(list)![0];
    const shown = await page(at, path);
    assert.match(
      shown,
      /Lo sportello l&#39;ha già registrato.*registrazione dello sportello\s+viene\s+tolta/s,
    );
    const chosen = /value="(family:[^"]+)"[^>]*checked/.exec(shown);
    assert.equal(chosen?.[1], account);
    const done = await at.site.post(path, { conto: account, motivo: "è lo stesso" }, at.manager);
    assert.equal(done.statusCode, 303, done.body.slice(0, 1000));
    assert.equal(await balance(at), 4600n);
    assert.match(
      await page(at, "/ufficio/pagamenti/da-sistemare"),
      /Nessun pagamento da sistemare/,
    );
  });
});

describe("payments registered by hand", () => {
  it("BI-09 a receipt of another portal: kept, credited, its PDF for the family; the same twice is refused", async (t) => {
    const at = await open(t);
    const form = await page(at, `${family(at)}/pagamento`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const fields = {
      destinazione: account,
      modo: "other-portal",
      importo: "46,00",
      data: "2026-11-18",
      "pagato-da": "Sara Ferrando",
      identificativo: "IUR-77",
    };
    const pdf = { name: "ricevuta <1>.pdf", bytes: Buffer.from("%PDF-1.4 prova") };
    const done = await register(at, `${family(at)}/pagamento`, fields, pdf);
    assert.equal(done.statusCode, 303, done.body.slice(0, 2000));
    const path = done.headers.location as string;
    assert.match(await page(at, path), /Tracciabile.*sì/s);
    const receipt = await at.site.get(`${path}/ricevuta.pdf`, at.manager);
    assert.match(receipt.headers["content-type"] as string, /application\/pdf/);
    const kept = await at.site.get(`${path}/allegato`, at.manager);
    assert.equal(kept.body, "%PDF-1.4 prova");
    const twice = await register(at, `${family(at)}/pagamento`, fields);
    assert.equal(twice.statusCode, 422);
    assert.match(twice.body, /già registrata: pagamento n\. 1/);
    const script = { name: "x.pdf", bytes: Buffer.from("<html><script>1</script>") };
    const wrong = await register(
      at,
      `${family(at)}/pagamento`,
      { ...fields, identificativo: "B" },
      script,
    );
    assert.match(wrong.body, /Si accettano PDF, JPG, PNG e XML/);
    const big = { name: "x.pdf", bytes: Buffer.alloc(5 * 1024 * 1024 + 1, "%PDF-1.4 ") };
    const tooBig = await register(at, `${family(at)}/pagamento`, fields, big);
    assert.match(tooBig.body, /supera 5 MB/);
    assert.equal(await balance(at), 4600n);
    assert.match(await page(at, `${family(at)}/pagamenti`), /Registrati dall&#39;ufficio.*46,00/s);
    assert.match(await page(at, `${family(at)}/estratto-conto`), /pagoPA da un altro portale/);
  });

  it("BI-09 an XML of pagoPA fills the form; one of our notices goes the way of every receipt, once", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    const form = await page(at, `${family(at)}/pagamento`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const path = `${family(at)}/pagamento`;
    const xml = (text: string) => ({ name: "ricevuta.xml", bytes: Buffer.from(text) });
    const foreign = xml(inEnvelope(receiptV2Call));
    const chosen = { destinazione: account, modo: "other-portal" };
    const other = await register(at, path, { ...chosen, importo: "10,00" }, foreign);
    assert.match(other.body.replaceAll("\u00a0", " "), /La ricevuta dice 53,80 €/);
    const done = await register(at, path, chosen, foreign);
    assert.equal(done.statusCode, 303, done.body.slice(0, 3000));
    const shown = await page(at, done.headers.location as string);
    assert.match(shown, /53,80.*19 novembre 2026.*Bruno Perla.*ricevuta-0001-abc/s);
    const kept = await at.site.get(`${done.headers.location as string}/allegato`, at.manager);
    assert.match(kept.headers["content-type"] as string, /text\/plain/);
    assert.equal(await balance(at), 5380n);

    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 5380n)]),
    );
    const own = inEnvelope(receiptV2Call)
      .replaceAll("302100000000000193", notice.noticeNumber)
      .replaceAll("00112233445", notice.creditorFiscalCode)
      .replaceAll("02100000000000193", notice.noticeNumber.slice(1))
      .replaceAll("ricevuta-0001-abc", `r-${newId()}`);
    for (const _press of [1, 2]) {
      const landed = await register(at, path, chosen, xml(own));
      assert.equal(landed.headers.location, `/ufficio/pagamenti/avvisi/${notice.noticeNumber}`);
    }
    const onError = (_id: string, error: unknown): void => assert.fail(String(error));
    await applyReceipts(base.db, { now: NOW, read: readStoredReceipt, onError });
    assert.equal(await balance(at), 10_760n);
    assert.match(await page(at, `/ufficio/pagamenti/avvisi/${notice.noticeNumber}`), /Pagato/);
  });

  it("BO-08 cash where the town names it, for old debts only", async (t) => {
    const at = await open(t);
    await move(at, -5000n, "2026-05-20");
    const form = await page(at, `${family(at)}/pagamento`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const cash = {
      destinazione: account,
      modo: "cash",
      importo: "60,00",
      data: "2026-11-18",
      "pagato-da": "Sara Ferrando",
      luogo: `${CASH.place}: ${CASH.onlyFor}`,
    };
    const over = await register(at, `${family(at)}/pagamento`, cash);
    assert.match(over.body, /solo per debiti di anni precedenti: qui sono 50,00/);
    const done = await register(at, `${family(at)}/pagamento`, { ...cash, importo: "50,00" });
    assert.equal(done.statusCode, 303);
    assert.match(await page(at, done.headers.location as string), /Tracciabile.*no.*Edicola Sole/s);
    const nowhere = await register(at, `${family(at)}/pagamento`, { ...cash, luogo: "altrove" });
    assert.match(nowhere.body, /Scegliere dove e per che cosa/);
  });

  it("MC-05 vouchers: number and value, credit, a receipt with two places to sign", async (t) => {
    const at = await open(t);
    const form = await page(at, `${family(at)}/buoni`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const fields = {
      bambino: at.site.place.giulia,
      conto: account,
      buoni: "10",
      valore: "4,60",
      data: "2026-11-20",
      "pagato-da": "Sara Ferrando",
    };
    const none = await at.site.post(`${family(at)}/buoni`, { ...fields, buoni: "0" }, at.manager);
    assert.match(none.body, /Scrivere quanti buoni/);
    const done = await at.site.post(`${family(at)}/buoni`, fields, at.manager);
    assert.equal(done.statusCode, 303);
    const path = done.headers.location as string;
    assert.match(await page(at, path), /10 da 4,60/);
    const receipt = await at.site.get(`${path}/ricevuta.pdf`, at.manager);
    assert.equal(receipt.statusCode, 200);
    const sara = await at.site.signInAs("guardian");
    const own = /\/pagamenti\/registrati\/[0-9a-f-]{36}\/ricevuta\.pdf/.exec(
      (await at.site.get("/borsellino", sara)).body,
    )![0];
    const hers = await at.site.get(own, sara);
    assert.match(hers.headers["content-type"] as string, /application\/pdf/);
    assert.ok(hers.rawPayload.equals(receipt.rawPayload), "the office's sheet and the family's");
    assert.equal(await balance(at), 4600n);
  });
});

describe("instalments", () => {
  it("BO-08 an unpaid notice becomes a notice per instalment; the old number says so", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    const notice = await issueOne(place, {
      ...topUp(place, "k", [topUpLine(place, place.giulia, 9000n)]),
      kind: "old-debt",
      subject: "Refezione scolastica, anno 2025/2026",
    });
    const path = `/ufficio/pagamenti/avvisi/${notice.noticeNumber}`;
    assert.match(await page(at, path), /Paga a rate/);
    const typed = inFours(notice.noticeNumber);
    const hit = await at.site.get(`/ufficio/cerca?q=${encodeURIComponent(typed)}`, at.manager);
    assert.equal(hit.headers.location, path);
    await page(at, `${path}/rate`);
    const fields = { rate: "3", prima: "2026-12-15", motivo: "chiesto dalla famiglia" };
    const past = await at.site.post(`${path}/rate`, { ...fields, prima: "2026-11-01" }, at.manager);
    assert.match(past.body, /La prima rata è già passata/);
    const done = await at.site.post(`${path}/rate`, fields, at.manager);
    assert.equal(done.statusCode, 303);
    const list = await page(at, `${family(at)}/pagamenti`);
    assert.match(list, /rata 1.*rata 2.*rata 3.*Sostituito/s);
    assert.match(await page(at, path), /Sostituito: chiesto dalla famiglia/);
    const again = await at.site.post(`${path}/rate`, fields, at.manager);
    assert.match(again.body, /Non c(&#39;|')è più niente da pagare/);
  });

  it("BO-08 what the month's bill will ask for is no debt yet: no plan asks for it twice", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    await close(place, "2026-11-19");
    assert.ok((await balance(at)) < 0n);
    const empty = await page(at, `${family(at)}/rate`);
    assert.match(empty, /Nessun debito senza avviso.*arrivano con il prossimo avviso del mese/);
    await move(at, -5000n, "2026-05-20");
    const form = await page(at, `${family(at)}/rate`);
    assert.match(form, /50,00 € senza avviso/);
    assert.match(form, /arrivano con il prossimo avviso del mese/);
    const fields = {
      conto: /value="(family:[^"]+)"/.exec(form)![1]!,
      importo: "50,01",
      rate: "2",
      prima: "2026-12-15",
      motivo: "accordo",
    };
    const tooMuch = await at.site.post(`${family(at)}/rate`, fields, at.manager);
    assert.match(tooMuch.body, /Senza avviso sono da pagare 50,00 €/);
    const key = newId();
    const right = { ...fields, importo: "50,00", key };
    for (let press = 0; press < 2; press += 1) {
      const done = await at.site.post(`${family(at)}/rate`, right, at.manager);
      assert.equal(done.statusCode, 303);
    }
    const list = await page(at, `${family(at)}/pagamenti`);
    assert.equal(list.match(/, rata \d/g)?.length, 2);
    assert.match(await page(at, `${family(at)}/pagamento`), /debiti precedenti, rata 2/);
  });

  it("BO-08 an old debt without a notice, and a notice taken back with a reason", async (t) => {
    const at = await open(t);
    assert.match(await page(at, `${family(at)}/rate`), /Nessun debito senza avviso/);
    await move(at, -5000n, "2026-05-20");
    const form = await page(at, `${family(at)}/rate`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const fields = {
      conto: account,
      importo: "50,00",
      rate: "2",
      prima: "2026-12-15",
      motivo: "accordo",
    };
    const done = await at.site.post(`${family(at)}/rate`, fields, at.manager);
    assert.equal(done.statusCode, 303);
    const list = await page(at, `${family(at)}/pagamenti`);
    const number = /\/ufficio\/pagamenti\/avvisi\/(\d{18})/.exec(list)![0];
    const silent = await at.site.post(number, {}, at.manager);
    assert.equal(silent.statusCode, 422);
    const gone = await at.site.post(number, { motivo: "sbagliato" }, at.manager);
    assert.equal(gone.statusCode, 303);
    assert.match(await page(at, number), /Eliminato: sbagliato/);
  });
});

describe("refunds", () => {
  it("X-10 from the family's request to the bank's file, and what the bank says", async (t) => {
    const at = await open(t);
    const { place } = at.site;
    await move(at, 5000n, "2026-10-01");
    await place.town.write((tx) =>
      askMoney(tx, {
        actor: place.sara,
        holderId: place.holderId,
        draft: {
          kind: "refund",
          amountCents: 4000n,
          reason: "Giulia cambia scuola",
          beneficiary: "Sara Ferrando",
          iban: BANK_IBAN,
          from: { childId: place.giulia, serviceId: null },
          to: null,
        },
        key: newId(),
        now: NOW,
      }),
    );
    assert.match(await page(at, "/ufficio"), /1 richiesta di rimborso o trasferimento/);
    const queue = await page(at, "/ufficio/richieste");
    assert.match(queue, /Richiesta 1.*Rimborso: Giulia.*40,00/s);
    const path = /\/ufficio\/richieste\/[0-9a-f-]{36}/.exec(queue)![0];
    await page(at, path);
    const noWords = await at.site.post(path, { esito: "respingi" }, at.manager);
    assert.match(noWords.body, /Scrivere perché la richiesta è respinta/);
    assert.equal(
      (await at.site.post(path, { esito: "approva" }, at.manager)).headers.location,
      path,
    );
    const ready = await page(at, "/ufficio/richieste/bonifici");
    assert.match(ready, /Rimborsi approvati: 1, 40,00/);
    const [request] = await place.town.read((tx) => moneyRequests(tx, {}));
    const none = await at.site.post(
      "/ufficio/richieste/bonifici",
      { data: "2026-11-24" },
      at.manager,
    );
    assert.match(none.body, /Scegliere almeno un rimborso/);
    const made = await at.site.post(
      "/ufficio/richieste/bonifici",
      { data: "2026-11-24", richieste: request!.id },
      at.manager,
    );
    assert.equal(made.statusCode, 303);
    const batch = made.headers.location as string;
    await page(at, batch);
    const xml = await at.site.get(`${batch}/distinta.xml`, at.manager);
    assert.match(xml.body, /<InstdAmt Ccy="EUR">40\.00<.*RIMBORSO-1-1|RIMBORSO-1-1.*40\.00/s);
    assert.match(xml.headers["content-disposition"] as string, /RIMBORSI-20261120-.*\.xml/);
    const clerk = await at.site.signInAs("office");
    assert.equal((await at.site.get(`${batch}/distinta.xml`, clerk)).statusCode, 403);
    await at.site.post(`${batch}/inviata`, {}, at.manager);
    const paid = { pagati: request!.id, data: "2026-11-20" };
    assert.equal((await at.site.post(`${batch}/pagati`, paid, at.manager)).statusCode, 303);
    assert.match(await page(at, path), /Pagata/);
    const back = { rimborso: request!.id, motivo: "conto chiuso" };
    assert.equal((await at.site.post(`${batch}/tornato`, back, at.manager)).statusCode, 303);
    const iban = await at.site.post(`${path}/iban`, { iban: "IT00", intestato: "S" }, at.manager);
    assert.match(iban.body, /IBAN non è giusto/);
    const rest = await at.site.post(`${path}/rimetti`, { motivo: "resta credito" }, at.manager);
    assert.equal(rest.statusCode, 303);
    assert.equal(await balance(at), 5000n);
    // The file of then is the file of now.
    assert.equal((await at.site.get(`${batch}/distinta.xml`, at.manager)).body, xml.body);
    assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
  });
});

describe("debts that are written off", () => {
  it("BO-08 one proposes, another decides, the family reads it", async (t) => {
    const at = await open(t);
    await move(at, -7000n, "2026-05-20");
    const form = await page(at, `${family(at)}/annullamento`);
    const account = /value="(family:[^"]+)"/.exec(form)![1]!;
    const fields = { conto: account, importo: "70,00", motivo: "irreperibili" };
    const done = await at.site.post(`${family(at)}/annullamento`, fields, at.manager);
    assert.equal(done.statusCode, 303);
    const own = await page(at, "/ufficio/pagamenti/annullamenti");
    assert.match(own, /Decide una persona diversa da chi ha proposto/);
    const other = await at.site.signInAs("administrator", { name: "L. Bassi" });
    const list = await at.site.get("/ufficio/pagamenti/annullamenti", other);
    assert.deepEqual(htmlProblems(list.body), []);
    const path = /action="(\/ufficio\/pagamenti\/annullamenti\/[0-9a-f-]{36})"/.exec(
      list.body,
    )![1]!;
    const same = await at.site.post(path, { esito: "approva" }, at.manager);
    assert.match(same.body, /Decide una persona diversa/);
    assert.equal((await at.site.post(path, { esito: "approva" }, other)).statusCode, 303);
    assert.equal(await balance(at), 0n);
    assert.match(await page(at, "/ufficio/pagamenti/annullamenti"), /Annullato.*L\. Bassi/s);
    assert.match(await page(at, `${family(at)}/estratto-conto?dal=2026-01-01`), /Debito annullato/);
  });
});

describe("addresses that lead nowhere", () => {
  it("X-12 unknown ids are no pages, whatever they look like", async (t) => {
    const at = await open(t);
    const id = newId();
    for (const path of [
      `/ufficio/pagamenti/registrati/${id}`,
      "/ufficio/pagamenti/registrati/x/allegato",
      "/ufficio/pagamenti/avvisi/123",
      `/ufficio/pagamenti/avvisi/${"9".repeat(18)}/rate`,
      `/ufficio/richieste/${id}`,
      "/ufficio/richieste/x",
      `/ufficio/richieste/bonifici/${id}`,
      `/ufficio/famiglie/${id}/pagamento`,
      `/ufficio/famiglie/${id}/buoni`,
    ])
      assert.equal((await at.site.get(path, at.manager)).statusCode, 404, path);
    assert.equal(
      (await at.site.get("/ufficio/pagamenti", at.manager)).headers.location,
      "/ufficio/pagamenti/da-sistemare",
    );
    await page(at, "/ufficio/pagamenti/crediti-rimasti");
    const parent = await at.site.signInAs("guardian");
    assert.equal((await at.site.get("/ufficio/richieste", parent)).statusCode, 403);
  });
});
