// SPDX-License-Identifier: EUPL-1.2
/** The station at its edges: every state of a notice, a station of before, money for two, a database that is down. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { type Database, jsonRows, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger } from "#ledger";
import {
  applyReceipts,
  checkPayments,
  closeStation,
  configureAccount,
  configureStation,
  evenInstalments,
  type Notice,
  openCases,
  replaceNotices,
} from "#payments";
import { bumpConfiguration, putCreditor } from "#tenancy";
import { readStoredReceipt } from "../../src/integrations/pagopa/soap/index.ts";
import {
  apply,
  collecting,
  issue,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { demandCall, inEnvelope } from "../support/pagopa-messages.ts";
import { askNotice, sendReceipt } from "../support/pagopa-node.ts";
import { addSnack } from "../support/second-service.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { STATION_NOW as now, type TestStation, testStation } from "../support/station.ts";

const ASKING = ["paVerifyPaymentNotice", "paGetPayment", "paGetPaymentV2"] as const;

let base: TestDatabase;
let station: TestStation;
before(async () => {
  base = await testDatabase();
  station = await testStation(base.db, now);
});
after(async () => {
  await station.close();
  await base.close();
});

async function payingTown(): Promise<SmallTown & Awaited<ReturnType<typeof collecting>>> {
  const place = await smallTown(base.db);
  return { ...place, ...(await collecting(place)) };
}

const topUpOf = (place: SmallTown) => topUp(place, newId(), [topUpLine(place, place.giulia, 900n)]);

const credit = (place: SmallTown): Promise<bigint> =>
  place.town.read((tx) =>
    balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
  );

describe("why a notice cannot be paid, as the matrix says", () => {
  const states: Record<string, (place: SmallTown) => Promise<[Notice, string]>> = {
    "past its last day": async (place) => {
      const draft = { ...topUpOf(place), dueOn: day("2026-11-10"), payableAfterDue: false };
      return [await issueOne(place, draft), "PAA_PAGAMENTO_SCADUTO"];
    },
    "replaced by another": async (place) => {
      const [old, by] = [
        await issueOne(place, topUpOf(place)),
        await issueOne(place, topUpOf(place)),
      ];
      const of = { old: [old], by, actor: systemActor, reason: "prova", now };
      await place.town.write((tx) => replaceNotices(tx, of));
      return [old, "PAA_PAGAMENTO_ANNULLATO"];
    },
    "the whole, of which an instalment is paid": async (place) => {
      const instalments = evenInstalments(900n, [day("2026-12-15"), day("2027-01-15")]);
      const issued = await issue(place, [{ ...topUpOf(place), instalments }]);
      assert.ok(issued.outcome === "issued");
      const [whole, first] = issued.positions[0]!.notices;
      await land(base.db, receiptFor(first!), now);
      await apply(base.db, now);
      return [whole!, "PAA_PAGAMENTO_SCONOSCIUTO"];
    },
  };
  for (const [name, made] of Object.entries(states)) {
    it(`OS-07 ${name}`, async () => {
      const [notice, fault] = await made(await payingTown());
      for (const operation of ASKING) {
        const answer = await station.call(askNotice(operation, notice));
        assert.deepEqual([answer.status, answer.fault], [200, fault], operation);
      }
    });
  }

  it("OS-07 a message of a known call that breaks the schema", async () => {
    const place = await payingTown();
    const notice = await issueOne(place, topUpOf(place));
    const spoilt = ASKING.map((operation) => askNotice(operation, notice));
    for (const message of spoilt) {
      const { status, fault } = await station.call(message.replace(/<qrCode>.*<\/qrCode>/, ""));
      assert.deepEqual([status, fault], [200, "PAA_SINTASSI_EXTRAXSD"]);
    }
    const demand = inEnvelope(demandCall).replace(/<idServizio>[^<]*/, "<idServizio>");
    assert.equal((await station.call(demand)).fault, "PAA_SINTASSI_XSD");
  });
});

describe("a town that moved to another station", () => {
  it("X-05 OS-07 receipts and questions by the station of before are taken as ever, also when none is in use", async () => {
    const place = await payingTown();
    const { creditor, segregationCode } = place;
    const [first, second] = [
      await issueOne(place, topUpOf(place)),
      await issueOne(place, topUpOf(place)),
    ];
    const configured = await place.town.write((tx) =>
      configureStation(tx, {
        actor: systemActor,
        station: {
          creditorFiscalCode: creditor,
          segregationCode,
          stationId: `${creditor}_02`,
          brokerFiscalCode: creditor,
          mode: "synchronous",
        },
        now,
      }),
    );
    assert.equal(configured.outcome, "saved");
    assert.equal((await station.call(askNotice("paVerifyPaymentNotice", first))).fault, null);
    const moved = { idStation: `${creditor}_02` };
    assert.equal((await station.call(askNotice("paGetPaymentV2", first, moved))).fault, null);
    assert.equal((await station.call(sendReceipt("paSendRTV2", first))).fault, null);
    await place.town.write((tx) =>
      closeStation(tx, { actor: systemActor, creditorFiscalCode: creditor, segregationCode, now }),
    );
    assert.equal((await station.call(sendReceipt("paSendRT", second))).fault, null);
    // The station's worker may be at it, too: whoever comes second waits for the first.
    const onError = (_: string, error: unknown) => assert.fail(String(error));
    await applyReceipts(base.db, { now, read: readStoredReceipt, onError });
    assert.equal(await credit(place), 1800n);
    assert.deepEqual(await place.town.read((tx) => openCases(tx)), []);
  });
});

describe("one notice for the town and for a company", () => {
  const COMPANY = "12345678903";
  const COMPANY_IBAN = "IT68D0300203280000400162854";

  it("BI-07 OS-07 is two transfers, each to its own; the town waits for its part alone", async () => {
    const place = await payingTown();
    const snack = await addSnack(place);
    await place.town.write(async (tx) => {
      await putCreditor(tx, {
        actor: systemActor,
        fiscalCode: COMPANY,
        name: "Ristorazione di Esempio",
        ipaCode: null,
        now,
      });
      const accounting = { beneficiary: COMPANY, transferCategory: "9/0107103SP/" };
      await tx.run(sql`
        insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
        select ${tx.tenantId}, 'merenda', 'accounting', date '2026-08-15', r.value, 'profile',
          ${now}::timestamptz, 'test'
        from ${jsonRows([{ value: accounting }])} as r(value jsonb)`);
      await bumpConfiguration(tx);
      const saved = await configureAccount(tx, {
        actor: systemActor,
        account: {
          creditorFiscalCode: COMPANY,
          iban: COMPANY_IBAN,
          kind: "bank",
          postalAccount: "",
          postalHolder: "",
          postalAuthorisation: "",
        },
        now,
      });
      assert.equal(saved.outcome, "saved");
    });
    const meals = topUpLine(place, place.giulia, 5000n);
    const lines = [meals, { ...meals, serviceId: snack, amountCents: 1410n }];
    const notice = await issueOne(place, topUp(place, newId(), lines));
    const { body } = await station.call(askNotice("paGetPaymentV2", notice));
    const transfers = [...body.matchAll(/<transfer>.*?<\/transfer>/g)].map(([one]) =>
      ["transferAmount", "fiscalCodePA", "IBAN", "transferCategory"].map(
        (name) => new RegExp(`<${name}>([^<]*)<`).exec(one)?.[1],
      ),
    );
    const [own, other] = receiptFor(notice).transfers;
    assert.equal(other, undefined);
    assert.deepEqual(transfers, [
      ["50.00", notice.creditorFiscalCode, own!.iban, "9/0107101TS/"],
      ["14.10", COMPANY, COMPANY_IBAN, "9/0107103SP/"],
    ]);
    const parts = [
      { ...own!, amountCents: 5000n },
      { ...own!, id: 2, amountCents: 1410n, fiscalCodePA: COMPANY, iban: COMPANY_IBAN },
    ];
    await land(base.db, receiptFor(notice, { transfers: parts }), now);
    await apply(base.db, now);
    assert.equal(await credit(place), 6410n);
    await place.town.read(async (tx) => {
      assert.equal(await balanceOf(tx, { kind: "pagopa-clearing" }), -5000n);
      assert.equal(await balanceOf(tx, { kind: "collected-by-others" }), -1410n);
      assert.deepEqual([...(await checkLedger(tx)), ...(await checkPayments(tx))], []);
    });
  });
});

describe("while the database is down", () => {
  it("X-05 X-06 a receipt is answered HTTP 500, never OK and never KO: the Node sends it again", async () => {
    const place = await payingTown();
    const notice = await issueOne(place, topUpOf(place));
    let isDown = false;
    const platform: Database["platform"] = (work) =>
      isDown ? Promise.reject(new Error("the connection was refused")) : base.db.platform(work);
    const cut = await testStation(Object.create(base.db, { platform: { value: platform } }), now);
    const unknown = sendReceipt("paSendRT", { ...notice, creditorFiscalCode: "00000000001" });
    assert.equal((await cut.call(unknown)).fault, "PAA_ID_DOMINIO_ERRATO", "it is up");
    isDown = true;
    for (const operation of ["paSendRT", "paSendRTV2"] as const) {
      const { status, body } = await cut.call(sendReceipt(operation, notice));
      assert.equal(status, 500);
      assert.doesNotMatch(body, /<outcome>/);
    }
    await cut.close();
  });
});
