// SPDX-License-Identifier: EUPL-1.2
/** The station over HTTP: what pagoPA asks, what it is answered, and what it never hears. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { systemActor } from "#kernel/actor.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf } from "#ledger";
import { cancelNotice, configureAccount, type Notice, noticesOf } from "#payments";
import { BANK_IBAN, collecting, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { demandCall, inEnvelope } from "../support/pagopa-messages.ts";
import { sendReceipt, askNotice } from "../support/pagopa-node.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { STATION_NOW, type TestStation, testStation } from "../support/station.ts";
import { until } from "../support/until.ts";

let base: TestDatabase;
let station: TestStation;
const now = STATION_NOW;

before(async () => {
  base = await testDatabase();
  station = await testStation(base.db, now);
});
after(async () => {
  await station.close();
  await base.close();
});

const call: TestStation["call"] = (payload, headers) => station.call(payload, headers);

async function payingTown(): Promise<{ place: SmallTown; notice: Notice }> {
  const place = await smallTown(base.db);
  await collecting(place);
  const line = topUpLine(place, place.giulia, 6410n);
  return { place, notice: await issueOne(place, topUp(place, newId(), [line])) };
}

const credit = (place: SmallTown): Promise<bigint> =>
  place.town.read((tx) =>
    balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
  );

/** One more account of a creditor that collects for the town. */
async function accountFor(
  place: SmallTown,
  of: { creditor: string; iban: string; kind: "bank" | "postal" },
): Promise<void> {
  const isPostal = of.kind === "postal";
  await place.town.write(async (tx) => {
    await tx.run(sql`
      insert into creditor_institution (tenant_id, id, fiscal_code, name)
      values (${place.tenantId}, ${newId()}, ${of.creditor}, 'Ristorazione di Esempio') on conflict do nothing`);
    const saved = await configureAccount(tx, {
      actor: systemActor,
      account: {
        creditorFiscalCode: of.creditor,
        iban: of.iban,
        kind: of.kind,
        postalAccount: isPostal ? "123456" : "",
        postalHolder: isPostal ? "Comune di Esempio" : "",
        postalAuthorisation: isPostal ? "AUT. DB/XXXX/XXX 00000 DEL 01/01/2026" : "",
      },
      now,
    });
    assert.deepEqual(saved, { outcome: "saved" });
  });
}

describe("services sold without a notice (paDemandPaymentNotice)", () => {
  // docs/adr/0020: the national catalogue has none of ours, and its data no format that we could read a child from.
  it("OS-07 none of ours is in the catalogue: the documented fault, and no notice is made", async () => {
    const { place, notice } = await payingTown();
    const asked = (creditor: string) =>
      call(
        inEnvelope(demandCall)
          .replace(/<idPA>[^<]*/, `<idPA>${creditor}`)
          .replace(/<idBrokerPA>[^<]*/, `<idBrokerPA>${notice.creditorFiscalCode}`)
          .replace(/<idStation>[^<]*/, `<idStation>${notice.creditorFiscalCode}_01`),
      );
    const { fault, body } = await asked(notice.creditorFiscalCode);
    assert.equal(fault, "PAA_PAGAMENTO_SCONOSCIUTO");
    assert.match(body, /<outcome>KO</);
    const notices = await place.town.read((tx) =>
      noticesOf(tx, { holderIds: [place.holderId], now }),
    );
    assert.equal(notices.length, 1);
    assert.equal((await asked("00000000001")).fault, "PAA_ID_DOMINIO_ERRATO");
  });
});

describe("the Node asks for a notice", () => {
  it("OS-07 verify and getPayment tell amount, payee and causale, without a child's name", async () => {
    const { notice } = await payingTown();
    for (const operation of ["paVerifyPaymentNotice", "paGetPayment", "paGetPaymentV2"] as const) {
      const answer = await call(askNotice(operation, notice));
      assert.equal(answer.status, 200);
      assert.match(answer.body, /<outcome>OK<\/outcome>/);
      assert.match(answer.body, /64\.10/);
      assert.doesNotMatch(answer.body, /Giulia/);
    }
  });

  it("X-05 only getPayment leaves a trace: verify changes nothing", async () => {
    const { place, notice } = await payingTown();
    const standing = async (): Promise<string | undefined> =>
      (await place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now })))[0]
        ?.standing;
    await call(askNotice("paVerifyPaymentNotice", notice));
    assert.equal(await standing(), "to-pay");
    await call(askNotice("paGetPaymentV2", notice));
    assert.equal(await standing(), "pending");
  });

  const wrong = [
    ["PAA_ID_DOMINIO_ERRATO", { idPA: "11111111111" }],
    ["PAA_ID_INTERMEDIARIO_ERRATO", { idBrokerPA: "11111111111" }],
    ["PAA_STAZIONE_INT_ERRATA", { idStation: "77777777777_99" }],
    ["PAA_PAGAMENTO_SCONOSCIUTO", { noticeNumber: "345999999999999975" }],
  ] as const;
  for (const [fault, changes] of wrong) {
    it(`OS-07 ${fault} as the matrix says`, async () => {
      const { notice } = await payingTown();
      for (const operation of [
        "paVerifyPaymentNotice",
        "paGetPayment",
        "paGetPaymentV2",
      ] as const) {
        const answer = await call(askNotice(operation, notice, changes));
        assert.deepEqual([answer.status, answer.fault], [200, fault]);
      }
    });
  }

  it("BO-06 a deleted notice is PAA_PAGAMENTO_ANNULLATO, a paid one PAA_PAGAMENTO_DUPLICATO", async () => {
    const { place, notice } = await payingTown();
    const removed = await place.town.write((tx) =>
      cancelNotice(tx, { actor: place.sara, noticeId: notice.id, reason: "", now }),
    );
    assert.equal(removed.outcome, "cancelled");
    assert.equal(
      (await call(askNotice("paVerifyPaymentNotice", notice))).fault,
      "PAA_PAGAMENTO_ANNULLATO",
    );
    const other = await payingTown();
    await call(sendReceipt("paSendRTV2", other.notice));
    await until(async () => (await credit(other.place)) === 6410n);
    assert.equal(
      (await call(askNotice("paGetPaymentV2", other.notice))).fault,
      "PAA_PAGAMENTO_DUPLICATO",
    );
  });

  it("OS-07 only who the proxy names may call, when the installation says who", async () => {
    const { notice } = await payingTown();
    station.admit({ header: "x-client-cn", names: ["forwarder.platform.pagopa.it"] });
    try {
      const request = askNotice("paVerifyPaymentNotice", notice);
      assert.equal((await call(request)).status, 403);
      assert.equal((await call(request, { "x-client-cn": "somebody" })).status, 403);
      const right = { "x-client-cn": "forwarder.platform.pagopa.it" };
      assert.equal((await call(request, right)).status, 200);
    } finally {
      station.admit(null);
    }
  });
});

describe("where the money goes", () => {
  const COMPANY = "10203040506";
  const COMPANY_IBAN = "IT68D0300203280000400162854";

  it("BI-07 a concession company is paid itself: the family is credited, the town's bank waits for nothing", async () => {
    const place = await smallTown(base.db, {
      settings: {
        accounting: { beneficiary: COMPANY, budgetChapter: "", assessment: "", siope: "" },
      },
    });
    await collecting(place);
    await accountFor(place, { creditor: COMPANY, iban: COMPANY_IBAN, kind: "bank" });
    const line = topUpLine(place, place.giulia, 6410n);
    const notice = await issueOne(place, topUp(place, newId(), [line]));
    const { body } = await call(askNotice("paGetPaymentV2", notice));
    assert.match(body, new RegExp(`<fiscalCodePA>${COMPANY}</fiscalCodePA>`));
    assert.match(body, new RegExp(`<IBAN>${COMPANY_IBAN}</IBAN>`));
    assert.notEqual(notice.creditorFiscalCode, COMPANY);
    await call(sendReceipt("paSendRTV2", notice));
    await until(async () => (await credit(place)) === 6410n);
    const sums = await place.town.read(async (tx) => ({
      others: await balanceOf(tx, { kind: "collected-by-others" }),
      clearing: await balanceOf(tx, { kind: "pagopa-clearing" }),
    }));
    assert.deepEqual(sums, { others: -6410n, clearing: 0n });
  });

  it("OS-07 what the accounts office books by travels with each transfer, beside where it may rest", async () => {
    const place = await smallTown(base.db, {
      settings: { accounting: { budgetChapter: "1234", assessment: "2026/118", siope: "" } },
    });
    await collecting(place);
    const line = topUpLine(place, place.giulia, 6410n);
    const notice = await issueOne(place, topUp(place, newId(), [line]));
    const entry = (key: string, value: string): string =>
      `<mapEntry><key>${key}</key><value>${value}</value></mapEntry>`;
    const codes = entry("RC_CAP_1", "1234") + entry("RC_ACC_1", "2026/118");
    for (const operation of ["paGetPayment", "paGetPaymentV2"] as const) {
      const { body } = await call(askNotice(operation, notice));
      assert.ok(body.includes(`<metadata>${codes}</metadata></transfer>`), body);
    }
    const { body } = await call(
      askNotice("paGetPaymentV2", notice).replace(
        "</p:paGetPaymentV2Request>",
        "<transferType>PAGOPA</transferType></p:paGetPaymentV2Request>",
      ),
    );
    const resting = entry("IBANAPPOGGIO", BANK_IBAN);
    assert.ok(body.includes(`<metadata>${codes}${resting}</metadata>`), body);
  });

  it("PE-12 at the post office the first transfer goes to the postal account, elsewhere it says on which it rests", async () => {
    const { place } = await payingTown();
    const postalIban = "IT10N0760101600000000123456";
    await accountFor(place, { creditor: "77777777777", iban: postalIban, kind: "postal" });
    const line = topUpLine(place, place.giulia, 6410n);
    const notice = await issueOne(place, topUp(place, newId(), [line]));
    const ask = (type: string) =>
      call(
        askNotice("paGetPaymentV2", notice).replace(
          "</p:paGetPaymentV2Request>",
          `<transferType>${type}</transferType></p:paGetPaymentV2Request>`,
        ),
      );
    assert.match((await ask("POSTAL")).body, new RegExp(`<IBAN>${postalIban}</IBAN>`));
    const resting = (await ask("PAGOPA")).body;
    assert.match(resting, /<key>IBANAPPOGGIO<\/key>/);
    assert.doesNotMatch(resting, new RegExp(`<IBAN>${postalIban}</IBAN>`));
    const verified = await call(askNotice("paVerifyPaymentNotice", notice));
    assert.match(verified.body, /<allCCP>true<\/allCCP>/);
  });
});

describe("the Node sends a receipt", () => {
  it("X-05 X-06 twice, by both versions, 48 times: always OK, one posting", async () => {
    const { place, notice } = await payingTown();
    const receiptId = newId().replaceAll("-", "");
    const answers = [];
    for (let retry = 0; retry < 48; retry += 1) {
      const version = retry % 2 === 0 ? "paSendRTV2" : "paSendRT";
      answers.push(await call(sendReceipt(version, notice, { receiptId })));
    }
    assert.ok(answers.every(({ status, fault }) => status === 200 && fault === null));
    await until(async () => (await credit(place)) === 6410n);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(await credit(place), 6410n);
    assert.deepEqual(station.errors, []);
  });

  it("X-05 a malformed receipt is HTTP 500, never a KO: the Node sends it again", async () => {
    const { notice } = await payingTown();
    const cut = sendReceipt("paSendRTV2", notice).replace("<outcome>OK</outcome>", "");
    const answer = await call(cut);
    assert.deepEqual([answer.status, answer.fault], [500, null]);
  });

  it("X-05 a receipt for a creditor that is none of ours is the only one refused", async () => {
    const { notice } = await payingTown();
    const stranger = { ...notice, creditorFiscalCode: "12345678903" };
    const answer = await call(sendReceipt("paSendRTV2", stranger));
    assert.equal(answer.fault, "PAA_ID_DOMINIO_ERRATO");
    const unknown = { ...notice, noticeNumber: `${notice.noticeNumber.slice(0, 12)}999999` };
    assert.equal((await call(sendReceipt("paSendRTV2", unknown))).fault, null);
  });
});

describe("strangers at the station's door", () => {
  it("OS-07 whatever comes is answered without a fault of ours, and quickly", async () => {
    const { notice } = await payingTown();
    const hostile = [
      "",
      "<",
      "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
      inEnvelope("<x/>"),
      `${"<a>".repeat(5000)}`,
      Buffer.from([0xff, 0xfe, 0x00, 0x00, 0xd8]),
      "\0".repeat(1000),
    ];
    for (const payload of hostile) {
      const { status } = await call(payload);
      assert.ok(status >= 400 && status < 500, `${String(payload).slice(0, 20)}: ${status}`);
    }
    assert.equal((await call("a".repeat(10 * 1024 * 1024))).status, 413);
    const good = askNotice("paVerifyPaymentNotice", notice);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: good.length - 1 }),
        fc.string({ maxLength: 6 }),
        async (at, put) => {
          const started = process.cpuUsage();
          const { status } = await call(good.slice(0, at) + put + good.slice(at + put.length));
          assert.ok(status === 200 || (status >= 400 && status < 500));
          // Processor time: a busy machine is no fault of the parser's.
          const { user, system } = process.cpuUsage(started);
          assert.ok(user + system < 1_000_000);
        },
      ),
      { numRuns: 150 },
    );
  });
});
