// SPDX-License-Identifier: EUPL-1.2
/** The simulator pays our station's notices over HTTP, well and badly: the books are right in every case. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger } from "#ledger";
import { cancelNotice, type Notice, openCases } from "#payments";
import { NotThisMachineError, startSimulator } from "../../simulator/server.ts";
import { collecting, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type Simulated, simulatedPagoPa } from "../support/simulated-pagopa.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { until } from "../support/until.ts";
import { schemaJudge, specsMissing } from "../support/xsd.ts";

const NOW = moment("2026-11-20T09:16:00Z");
const BACK = "http://localhost:9/ritorno";

let base: TestDatabase;
let pagoPa: Simulated;
/** what the simulator wrote, but for what it was told to break */
const written: string[] = [];

before(async () => {
  base = await testDatabase();
  pagoPa = await simulatedPagoPa(base.db, {
    now: () => NOW,
    retryEveryMs: 100,
    onMessage: (xml) => written.push(xml),
  });
});
afterEach(() => pagoPa.command("/_comandi/azzera"));
after(async () => {
  await pagoPa.close();
  await base.close();
});

interface Owed {
  place: SmallTown;
  notice: Notice;
}

async function owed(amountCents = 6410n): Promise<Owed> {
  const place = await smallTown(base.db);
  await collecting(place);
  const line = topUpLine(place, place.giulia, amountCents);
  return { place, notice: await issueOne(place, topUp(place, newId(), [line])) };
}

const credit = ({ place }: Owed): Promise<bigint> =>
  place.town.read((tx) =>
    balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
  );

const casesOf = ({ place }: Owed): Promise<string[]> =>
  place.town.read(async (tx) => (await openCases(tx)).map(({ kind }) => kind));

async function isSound({ place }: Owed): Promise<void> {
  assert.deepEqual(await place.town.read((tx) => checkLedger(tx)), []);
}

const form = (path: string, fields: Record<string, string> = {}): Promise<Response> =>
  fetch(`${pagoPa.simulator.url}${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });

/** As a person at the counter: the number is looked up, the amount shown, then paid. */
async function atTheCounter({ notice }: Owed): Promise<Response> {
  return form("/tabaccaio/paga", {
    noticeNumber: notice.noticeNumber,
    fiscalCode: notice.creditorFiscalCode,
    amountCents: notice.amountCents.toString(),
  });
}

const cartOf = (...all: readonly Owed[]) => ({
  paymentNotices: all.map(({ notice }) => ({
    noticeNumber: notice.noticeNumber,
    fiscalCode: notice.creditorFiscalCode,
    amount: Number(notice.amountCents),
    companyName: "Comune di Esempio",
    description: "Ricarica refezione scolastica",
  })),
  returnUrls: {
    returnOkUrl: `${BACK}?esito=ok`,
    returnCancelUrl: `${BACK}?esito=annullato`,
    returnErrorUrl: `${BACK}?esito=errore`,
    returnWaitingUrl: `${BACK}?esito=attesa`,
  },
  idCart: "carrello-1",
});

const postCart = (body: unknown): Promise<Response> =>
  fetch(`${pagoPa.simulator.url}/checkout/ec/v2/carts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    redirect: "manual",
  });

async function placeCart(...all: readonly Owed[]): Promise<string> {
  const answer = await postCart(cartOf(...all));
  assert.equal(answer.status, 302);
  const location = new URL(answer.headers.get("location") ?? "");
  assert.equal(location.origin, pagoPa.simulator.url);
  return location.pathname;
}

const deliveries = (receiptOf: Owed) =>
  pagoPa.simulator.world.deliveries.all.filter(
    ({ payment }) => payment.noticeNumber === receiptOf.notice.noticeNumber,
  );

describe("at the counter, by notice number", () => {
  it("MC-07 X-05 anybody with the number pays: verify, getPaymentV2, receipt, the family's account", async () => {
    const one = await owed();
    const { noticeNumber, creditorFiscalCode } = one.notice;
    const scan = encodeURIComponent(`PAGOPA|002|${noticeNumber}|${creditorFiscalCode}|6410`);
    const shown = await fetch(`${pagoPa.simulator.url}/tabaccaio/avviso?scan=${scan}`);
    assert.equal(shown.status, 200);
    const page = await shown.text();
    assert.match(page, /Simulatore: nessun pagamento vero/);
    assert.match(page, /64,10/);
    assert.equal(await credit(one), 0n, "looking changes nothing");

    const paid = await atTheCounter(one);
    assert.equal(paid.status, 303);
    await until(async () => (await credit(one)) === 6410n);
    await until(() => deliveries(one)[0]?.state === "delivered");
    const receipt = await fetch(new URL(paid.headers.get("location")!, pagoPa.simulator.url));
    assert.match(await receipt.text(), /paSendRTV2: consegnata all&#39;ente/);
    await isSound(one);

    const again = await atTheCounter(one);
    assert.equal(again.status, 409);
    assert.match(await again.text(), /già stato pagato/);
  });

  it("OS-07 says in words why a notice cannot be paid", async () => {
    const one = await owed();
    await one.place.town.write((tx) =>
      cancelNotice(tx, {
        actor: one.place.sara,
        noticeId: one.notice.id,
        reason: "",
        now: NOW,
      }),
    );
    const ask = async (number: string, creditor: string): Promise<string> => {
      const path = `/tabaccaio/avviso?noticeNumber=${number}&fiscalCode=${creditor}`;
      return (await fetch(`${pagoPa.simulator.url}${path}`)).text();
    };
    const { noticeNumber, creditorFiscalCode } = one.notice;
    assert.match(await ask(noticeNumber, creditorFiscalCode), /annullato dall&#39;ente/);
    const unknown = `${noticeNumber.slice(0, 3)}999999999999999`;
    assert.match(await ask(unknown, creditorFiscalCode), /PAA_PAGAMENTO_SCONOSCIUTO/);
    assert.match(await ask(noticeNumber, "12312312312"), /PPT_DOMINIO_SCONOSCIUTO/);
    assert.match(await ask("12", creditorFiscalCode), /Servono il numero avviso/);
  });

  it("X-05 two who pay the same notice at once: one does, the other is told", async () => {
    const one = await owed();
    await pagoPa.command("/_comandi", { delayMs: 50 });
    const both = await Promise.all([atTheCounter(one), atTheCounter(one)]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [303, 409]);
    await until(async () => (await credit(one)) === 6410n);
  });
});

describe("Checkout", () => {
  it("X-04 X-06 two families' notices are one cart; its receipts pay, the return does not", async () => {
    const all = [await owed(2000n), await owed(3000n)] as const;
    const path = await placeCart(...all);
    const page = await (await fetch(`${pagoPa.simulator.url}${path}`)).text();
    assert.match(page, /51,50/, "both, and one commission");
    await pagoPa.command("/_comandi", { receipt: "before-return", reorder: 1000 });
    const [first, second] = await Promise.all([form(`${path}/paga`), form(`${path}/paga`)]);
    for (const answer of [first, second]) {
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get("location"), `${BACK}?esito=ok`);
    }
    assert.equal(await credit(all[0]), 0n, "back before the receipt");
    await pagoPa.command("/_comandi/rilascia");
    await until(async () => (await credit(all[0])) === 2000n && (await credit(all[1])) === 3000n);
    assert.match(await (await fetch(`${pagoPa.simulator.url}${path}`)).text(), /già eseguito/);
  });

  it("X-06 refused, cancelled and late ways back lead where the cart said; nothing is paid by them", async () => {
    const one = await owed();
    const path = await placeCart(one);
    const ways = { rifiuta: "errore", annulla: "annullato" };
    for (const [press, said] of Object.entries(ways)) {
      const answer = await form(`${path}/${press}`);
      assert.equal(answer.headers.get("location"), `${BACK}?esito=${said}`);
    }
    assert.deepEqual(deliveries(one), []);
    await pagoPa.command("/_comandi", { receipt: "before-return" });
    const late = await form(`${path}/attesa`);
    assert.equal(late.headers.get("location"), `${BACK}?esito=attesa`);
    assert.equal(deliveries(one)[0]?.state, "delivered", "the receipt was there first");
    await until(async () => (await credit(one)) === 6410n);
  });

  it("X-06 refuses carts as the interface says: 400 malformed, 422 what cannot be paid", async () => {
    const one = await owed();
    const right = cartOf(one);
    const [notice] = right.paymentNotices;
    const malformed = [
      {},
      { ...right, paymentNotices: [] },
      { ...right, paymentNotices: Array.from({ length: 6 }, () => notice) },
      { ...right, paymentNotices: [{ ...notice, amount: 0 }] },
      { ...right, paymentNotices: [{ ...notice, amount: 64.1 }] },
      { ...right, returnUrls: { ...right.returnUrls, returnWaitingUrl: undefined } },
      { ...right, returnUrls: { ...right.returnUrls, returnOkUrl: "javascript:alert(1)" } },
    ];
    for (const body of malformed) assert.equal((await postCart(body)).status, 400);
    assert.equal((await postCart({ ...right, paymentNotices: [notice, notice] })).status, 422);
    await pagoPa.command("/_comandi", { checkout: "down" });
    assert.equal((await postCart(right)).status, 503);
    // No receipt of this test arrives in the next one.
    await pagoPa.command("/_comandi", { checkout: "open", receipt: "before-return" });
    await form(`${await placeCart(one)}/paga`);
    assert.equal((await postCart(right)).status, 422, "paid");
  });
});

describe("misbehaving on command, one posting each time", () => {
  const cases: readonly [string, Record<string, unknown>, (one: Owed) => void][] = [
    [
      "the answer gets lost: the receipt comes again",
      { dropAnswers: 2 },
      (one) => assert.equal(deliveries(one)[0]?.attempts, 3),
    ],
    [
      "a malformed receipt is no KO: it comes again, whole",
      { malformed: 1 },
      (one) => assert.equal(deliveries(one)[0]?.attempts, 2),
    ],
    [
      "five copies at the same moment",
      { duplicates: 4 },
      (one) => assert.equal(deliveries(one).length, 5),
    ],
    [
      "receipts of the first version",
      { version: "V1" },
      (one) => assert.equal(deliveries(one)[0]?.operation, "paSendRT"),
    ],
    ["a slow line", { delayMs: 60 }, () => undefined],
  ];
  for (const [name, commands, check] of cases) {
    it(`X-05 ${name}`, async () => {
      const one = await owed();
      await pagoPa.command("/_comandi", { receiptAfterMs: 0, ...commands });
      await atTheCounter(one);
      await until(() => {
        const all = deliveries(one);
        return all.length > 0 && all.every(({ state }) => state === "delivered");
      });
      await until(async () => (await credit(one)) === 6410n);
      check(one);
      assert.deepEqual(await casesOf(one), []);
      await isSound(one);
    });
  }

  it("X-05 receipts the last one first", async () => {
    const all = [await owed(100n), await owed(200n), await owed(300n)];
    await pagoPa.command("/_comandi", { reorder: 3, receipt: "before-return" });
    for (const one of all) await atTheCounter(one);
    const order = pagoPa.simulator.world.diary
      .filter(({ operation }) => operation === "paSendRTV2")
      .slice(-3);
    assert.deepEqual(
      order.map(({ noticeNumber }) => noticeNumber),
      all.map(({ notice }) => notice.noticeNumber).toReversed(),
    );
    for (const one of all) await until(async () => (await credit(one)) === one.notice.amountCents);
  });

  it("X-05 a second receipt and another amount become questions for the office, never lost", async () => {
    const twice = await owed();
    await pagoPa.command("/_comandi", { secondReceipt: true, receipt: "before-return" });
    await atTheCounter(twice);
    await until(async () => (await casesOf(twice)).length > 0);
    assert.deepEqual(await casesOf(twice), ["duplicate"]);
    assert.equal(await credit(twice), 6410n);

    const other = await owed();
    await pagoPa.command("/_comandi", { secondReceipt: false, otherAmountCents: -10 });
    await atTheCounter(other);
    await until(async () => (await casesOf(other)).length > 0);
    assert.deepEqual(await casesOf(other), ["other-amount"]);
    for (const one of [twice, other]) await isSound(one);
  });

  it("X-06 without a receipt nothing is paid; a time-out is tried again, hour after hour", async () => {
    const never = await owed();
    await pagoPa.command("/_comandi", { receipt: "never" });
    await atTheCounter(never);
    assert.deepEqual(deliveries(never), []);
    assert.equal(await credit(never), 0n);

    const slow = await owed();
    await pagoPa.command("/_comandi", { receipt: "before-return", receiptTimeoutMs: 1 });
    await atTheCounter(slow);
    await until(() => (deliveries(slow)[0]?.attempts ?? 0) >= 2);
    await pagoPa.command("/_comandi/azzera");
    await until(() => deliveries(slow)[0]?.state === "delivered");
    await until(async () => (await credit(slow)) === 6410n);
    assert.deepEqual(await casesOf(slow), [], "the copies that arrived were one receipt");
  });

  it("X-05 after 48 more times it gives up", async () => {
    const one = await owed();
    await pagoPa.command("/_comandi", { malformed: 1000, receipt: "before-return" });
    await atTheCounter(one);
    for (let hour = 0; hour < 60; hour += 1) await pagoPa.command("/_comandi/ritenta");
    const [delivery] = deliveries(one);
    assert.deepEqual([delivery?.state, delivery?.attempts], ["given-up", 49]);
  });

  it("refuses commands it does not know", async () => {
    const answer = await fetch(`${pagoPa.simulator.url}/_comandi`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ dropAnswer: 1 }),
    });
    assert.equal(answer.status, 400);
  });
});

describe("only where no money is real", () => {
  it("X-05 a station that is not a demonstration refuses the simulator; elsewhere it does not even call", async () => {
    const real = await simulatedPagoPa(base.db, { now: () => NOW, demo: false });
    const one = await owed();
    const { noticeNumber, creditorFiscalCode } = one.notice;
    const answer = await real.simulator.world.node.verify({ noticeNumber, creditorFiscalCode });
    assert.deepEqual(answer, { outcome: "no-answer", why: "HTTP 403" });
    await real.close();
    const options = { stations: async () => [], now: () => NOW };
    await assert.rejects(
      startSimulator(
        { ...options, stationUrl: "https://scuola.comune.example/pagopa/stazione" },
        { port: 0, host: "127.0.0.1" },
      ),
      NotThisMachineError,
    );
  });

  it("OS-07 every message it wrote is valid by pagoPA's own schema", { skip: specsMissing }, () => {
    const judge = schemaJudge("wsdl/xsd/paForNode.xsd", "soap-body");
    const whole = written.filter((xml) => xml.endsWith("Envelope>"));
    assert.ok(whole.length > 30);
    for (const xml of whole) judge(xml);
    const operations = new Set(whole.map((xml) => /<pafn:(\w+)>/.exec(xml)?.[1]));
    assert.deepEqual([...operations].toSorted(), [
      "paGetPaymentReq",
      "paGetPaymentV2Request",
      "paSendRTReq",
      "paSendRTV2Request",
      "paVerifyPaymentNoticeReq",
    ]);
  });
});
