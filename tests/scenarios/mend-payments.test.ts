// SPDX-License-Identifier: EUPL-1.2
/** What a review of payments found: each test fails on the code before its mend. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chargesOf, feePeriodsDue, issueFeeNotices, postFees } from "#billing";
import { systemActor } from "#kernel/actor.ts";
import { putPayerShares } from "#enrolment";
import { createFamily, putGuardianships, putPeople } from "#families";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  askMoney,
  askResidualRefunds,
  answerMoney,
  batchFile,
  cancelNotice,
  checkReconciliation,
  closeStation,
  givePayee,
  configureAccount,
  configureStation,
  confirmRefunds,
  correctPayee,
  markBatchSent,
  moneyRequests,
  deskPayments,
  noticeDetail,
  noticesOf,
  openCases,
  stationsOfTown,
  orderRefunds,
  registerDeskPayment,
  returnRefund,
  startCart,
} from "#payments";
import {
  apply,
  BANK_IBAN,
  collecting,
  issueOne,
  oldDebt,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { assertSound, balance, move, openDesk, townBalance } from "../support/money-desk.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { demoTowns } from "../../src/demo/cast.ts";
import { collectMoney } from "../../src/demo/collect-money.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:16:00Z");
const LATER = moment("2026-11-20T11:00:00Z");
const COMPANY = "10203040506";
const COMPANY_IBAN = "IT68D0300203280000400162854";

describe("whose account refunds leave from", () => {
  it("X-10 a company that collects for one service never pays the town's refunds", async () => {
    const desk = await openDesk(base.db);
    await desk.place.town.write(async (tx) => {
      await tx.run(sql`
        insert into creditor_institution (tenant_id, id, fiscal_code, name)
        values (${tx.tenantId}, ${newId()}, ${COMPANY}, 'Ristorazione di prova')`);
      const account = {
        creditorFiscalCode: COMPANY,
        iban: COMPANY_IBAN,
        kind: "bank" as const,
        postalAccount: "",
        postalHolder: "",
        postalAuthorisation: "",
      };
      assert.equal(
        (await configureAccount(tx, { actor: systemActor, account, now: NOW })).outcome,
        "saved",
      );
    });
    await move(desk, 5000n, "2026-11-02");
    const { holderId, giulia } = desk.place;
    const file = await desk.place.town.write(async (tx) => {
      const asked = await askMoney(tx, {
        actor: desk.manager,
        holderId,
        draft: {
          kind: "refund",
          amountCents: 5000n,
          reason: "cambio scuola",
          beneficiary: "Sara Ferrando",
          iban: "IT60X0542811101000000123456",
          from: { childId: giulia, serviceId: null },
          to: null,
        },
        key: newId(),
        now: NOW,
      });
      assert.ok(asked.outcome === "asked");
      const { id } = asked.request;
      await answerMoney(tx, { actor: desk.manager, id, decision: "approve", answer: "", now: NOW });
      const ordered = await orderRefunds(tx, {
        actor: desk.manager,
        ids: [id],
        executionOn: day("2026-11-23"),
        now: NOW,
      });
      assert.ok(ordered.outcome === "ordered");
      return batchFile(tx, ordered.batchId);
    });
    assert.equal(file?.batch.debtorIban, BANK_IBAN);
    assert.equal(file?.batch.debtorName, "Comune di Esempio");
  });
});

describe("towns that share a creditor", () => {
  it("X-06 a code that another town has used is never given again: its receipts come for years", async () => {
    const [first, second] = [await smallTown(base.db), await smallTown(base.db)];
    const creditor = "88888888881";
    const { segregationCode } = await collecting(first, { creditor });
    const lines = [topUpLine(first, first.giulia, 5000n)];
    const notice = await issueOne(first, topUp(first, "k", lines));
    const station = { creditorFiscalCode: creditor, segregationCode, actor: systemActor, now: NOW };
    await first.town.write((tx) => closeStation(tx, station));
    const taken = await second.town.write((tx) =>
      configureStation(tx, {
        actor: systemActor,
        station: {
          creditorFiscalCode: creditor,
          segregationCode,
          stationId: `${creditor}_09`,
          brokerFiscalCode: creditor,
          mode: "synchronous",
        },
        now: NOW,
      }),
    );
    assert.deepEqual(taken, { outcome: "refused", faults: ["segregation-code-taken"] });
    const landed = await land(base.db, receiptFor(notice), NOW);
    assert.ok(landed.outcome === "stored" && landed.tenantId === first.tenantId);
  });
});

describe("a cart's key", () => {
  it("X-04 back, another choice, the same key: the new choice is paid, not the old one", async () => {
    const desk = await openDesk(base.db);
    const { place } = desk;
    const one = await issueOne(place, topUp(place, "a", [topUpLine(place, place.giulia, 5000n)]));
    const two = await issueOne(place, topUp(place, "b", [topUpLine(place, place.giulia, 100n)]));
    const key = newId();
    const start = (noticeIds: string[]) =>
      place.town.write((tx) =>
        startCart(tx, { actor: place.sara, noticeIds, key, anyway: false, now: NOW }),
      );
    const first = await start([one.id]);
    const again = await start([one.id]);
    assert.ok(first.outcome === "started" && again.outcome === "already-started");
    assert.equal(again.cart.id, first.cart.id);
    const other = await start([two.id]);
    assert.ok(other.outcome === "started");
    assert.deepEqual(other.cart.noticeIds, [two.id]);
  });

  it("X-12 somebody else's key leads nowhere", async () => {
    const desk = await openDesk(base.db);
    const { place } = desk;
    const one = await issueOne(place, topUp(place, "a", [topUpLine(place, place.giulia, 5000n)]));
    const of = { noticeIds: [one.id], key: newId(), anyway: false, now: NOW };
    await place.town.write((tx) => startCart(tx, { actor: place.sara, ...of }));
    const stranger = { ...place.sara, id: newId(), personId: newId(), name: "Altri" };
    const answer = await place.town.write((tx) => startCart(tx, { actor: stranger, ...of }));
    assert.deepEqual(answer, { outcome: "forbidden" });
  });
});

describe("a receipt that was set aside", () => {
  it("X-06 is applied when pagoPA says the same payment again and it went well", async () => {
    const desk = await openDesk(base.db);
    const { place } = desk;
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 5000n)]),
    );
    const receipt = receiptFor(notice);
    await land(base.db, { ...receipt, outcome: "KO" }, NOW);
    await apply(base.db, NOW);
    assert.equal(await balance(desk, desk.account), 0n);
    const landed = await land(base.db, receipt, LATER);
    assert.equal(landed.outcome, "stored");
    await apply(base.db, LATER);
    assert.equal(await balance(desk, desk.account), 5000n);
    assert.equal((await land(base.db, receipt, LATER)).outcome, "already-there");
    await apply(base.db, LATER);
    assert.equal(await balance(desk, desk.account), 5000n);
  });
});

describe("the desk was faster than pagoPA", () => {
  const register = (
    desk: Awaited<ReturnType<typeof openDesk>>,
    of: {
      receiptRef: string;
      target: Parameters<typeof registerDeskPayment>[1]["target"];
    },
  ) =>
    desk.place.town.write((tx) =>
      registerDeskPayment(tx, {
        actor: desk.clerk,
        draft: {
          method: "other-portal",
          amountCents: 4600n,
          paidOn: day("2026-11-20"),
          payerName: "Sara Ferrando",
          payerFiscalCode: "",
          receiptRef: of.receiptRef,
          place: "",
          note: "",
          vouchers: null,
        },
        target: of.target,
        file: null,
        key: newId(),
        now: NOW,
      }),
    );

  for (const kind of ["notice", "account"] as const)
    it(`BI-09 the true receipt takes the place of what the desk wrote from paper (${kind})`, async () => {
      const desk = await openDesk(base.db);
      const { place } = desk;
      const lines = [topUpLine(place, place.giulia, 4600n)];
      const notice = await issueOne(place, topUp(place, "k", lines));
      const receipt = receiptFor(notice);
      const target =
        kind === "notice"
          ? { kind, noticeId: notice.id }
          : {
              kind,
              account: desk.account,
              childId: place.giulia,
              serviceId: place.serviceId,
            };
      const done = await register(desk, { receiptRef: receipt.receiptId, target });
      assert.equal(done.outcome, "registered");
      await land(base.db, receipt, LATER);
      assert.deepEqual((await apply(base.db, LATER)).errors, []);
      assert.equal(await balance(desk, desk.account), 4600n);
      assert.equal(await townBalance(desk, "suspense"), 0n);
      assert.deepEqual(await place.town.read((tx) => openCases(tx)), []);
      const found = await place.town.read((tx) =>
        noticeDetail(tx, { noticeNumber: notice.noticeNumber, holderIds: "any", now: LATER }),
      );
      assert.equal(found?.standing, "paid");
      assert.deepEqual(await place.town.read((tx) => checkReconciliation(tx)), []);
      const [paper] = await place.town.read((tx) => deskPayments(tx, { holderId: place.holderId }));
      assert.equal(paper?.replacedByNotice, notice.noticeNumber, "it says so");
      await assertSound(desk);
    });

  it("BI-09 X-05 written by mistake for another notice: the money is there once, that notice asks no more", async () => {
    const desk = await openDesk(base.db);
    const { place } = desk;
    const lines = [topUpLine(place, place.giulia, 4600n)];
    const [paid, marked] = [
      await issueOne(place, oldDebt(place, "a", lines)),
      await issueOne(place, oldDebt(place, "b", lines)),
    ];
    const receipt = receiptFor(paid);
    const done = await register(desk, {
      receiptRef: receipt.receiptId,
      target: { kind: "notice", noticeId: marked.id },
    });
    assert.equal(done.outcome, "registered");
    await land(base.db, receipt, LATER);
    assert.deepEqual((await apply(base.db, LATER)).errors, []);
    assert.equal(await balance(desk, desk.account), 4600n);
    const found = await place.town.read((tx) =>
      noticesOf(tx, { holderIds: [place.holderId], now: LATER }),
    );
    const stateOf = (id: string) => found.find((one) => one.id === id)?.state;
    // Never "paid elsewhere" with nothing paid: what it asked for is asked for anew, under another number.
    assert.deepEqual([stateOf(paid.id), stateOf(marked.id)], ["paid", "cancelled"]);
    await assertSound(desk);
  });
});

async function feeTown(): Promise<SmallTown> {
  const place = await smallTown(base.db, {
    tariff: {
      kind: "fixed-fee",
      per: "year",
      payer: "child",
      base: { kind: "fixed", priceCents: 18_000 },
    },
    settings: {
      payment: { model: "fixed-fee", accountScope: "child-service", directDebit: false },
    },
  });
  await collecting(place);
  return place;
}

describe("a fixed fee whose notice the office deleted", () => {
  it("OS-01 BO-06 is asked for again under a new number, once", async () => {
    const place = await feeTown();
    const of = { serviceId: place.serviceId, today: day("2026-11-20") };
    const [period] = await place.town.read((tx) => feePeriodsDue(tx, of));
    assert.ok(period);
    await place.town.write((tx) => postFees(tx, { ...of, period, now: NOW }));
    const span = { from: day("2026-08-01"), to: day("2027-07-31") };
    const [fee] = await place.town.read((tx) =>
      chargesOf(tx, { holderId: place.holderId, kind: "fixed-fee", ...span }),
    );
    assert.ok(fee);
    const ask = async () => {
      const issued = await place.town.write((tx) =>
        issueFeeNotices(tx, { fees: [{ fee, openCents: 18_000n }], by: "test", now: NOW }),
      );
      assert.ok(issued.outcome === "issued");
      return issued.positions[0]!.notices[0]!;
    };
    const first = await ask();
    assert.equal((await ask()).id, first.id);
    const office = { ...place.sara, role: "office-manager" as const, personId: null };
    const deleted = await place.town.write((tx) =>
      cancelNotice(tx, { actor: office, noticeId: first.id, reason: "rifatto", now: NOW }),
    );
    assert.equal(deleted.outcome, "cancelled");
    const second = await ask();
    assert.notEqual(second.noticeNumber, first.noticeNumber);
    assert.equal(second.state, "issued");
    assert.equal((await ask()).id, second.id);
  });

  it("OS-01 X-12 is not asked of whom it was charged to by mistake: unpaid notices go with the fee", async () => {
    const place = await feeTown();
    const of = { serviceId: place.serviceId, today: day("2026-11-20") };
    const [period] = await place.town.read((tx) => feePeriodsDue(tx, of));
    assert.ok(period);
    const post = () => place.town.write((tx) => postFees(tx, { ...of, period, now: LATER }));
    await post();
    const span = { from: day("2026-08-01"), to: day("2027-07-31") };
    const fees = await place.town.read((tx) =>
      chargesOf(tx, { holderId: place.holderId, kind: "fixed-fee", ...span }),
    );
    const asked = fees.map((fee) => ({ fee, openCents: 18_000n }));
    const issued = await place.town.write((tx) =>
      issueFeeNotices(tx, { fees: asked, by: "test", now: NOW }),
    );
    assert.ok(issued.outcome === "issued" && issued.positions.length === 2);
    const noticeOf = (childId: string) =>
      issued.positions[fees.findIndex((fee) => fee.childId === childId)]!.notices[0]!;
    const [giulias, tommasos] = [noticeOf(place.giulia), noticeOf(place.tommaso)];
    await place.town.write(async (tx) => {
      const holder = { id: newId(), kind: "adult", surname: "Neri", givenName: "Luca" } as const;
      const made = await createFamily(tx, { holder, children: [], from: day("2026-09-01") }, NOW);
      const share = { serviceId: null, from: day("2026-09-01"), to: null, basisPoints: 10_000 };
      const { holderId } = made;
      await putPayerShares(tx, [{ ...share, id: newId(), childId: place.giulia, holderId }]);
    });
    await post();
    const found = await place.town.read((tx) =>
      noticesOf(tx, { holderIds: [place.holderId], now: LATER }),
    );
    const stateOf = (id: string) => found.find((one) => one.id === id)?.state;
    assert.deepEqual([stateOf(giulias.id), stateOf(tommasos.id)], ["cancelled", "issued"]);
  });
});

describe("a name that no bank's file takes", () => {
  it("X-10 is refused when it is given, and never stops the refunds of others", async () => {
    const desk = await openDesk(base.db);
    await move(desk, 5000n, "2026-11-02");
    const { place, manager: actor } = desk;
    const draft = {
      kind: "refund" as const,
      amountCents: 2000n,
      reason: "cambio scuola",
      beneficiary: "Мария Иванова",
      iban: BANK_IBAN,
      from: { childId: place.giulia, serviceId: null },
      to: null,
    };
    const of = { actor, holderId: place.holderId, now: NOW };
    const ask = (beneficiary: string) =>
      place.town.write((tx) =>
        askMoney(tx, { ...of, draft: { ...draft, beneficiary }, key: newId() }),
      );
    assert.deepEqual(await ask(draft.beneficiary), {
      outcome: "refused",
      faults: ["beneficiary-missing"],
    });
    const ids: string[] = [];
    for (const name of ["Èva Ñúñez", "Sara Ferrando"]) {
      const asked = await ask(name);
      assert.ok(asked.outcome === "asked");
      ids.push(asked.request.id);
    }
    const file = await place.town.write(async (tx) => {
      for (const id of ids)
        await answerMoney(tx, { actor, id, decision: "approve", answer: "", now: NOW });
      // As it may stand from before, or from a receipt's payer.
      await tx.run(sql`update money_request set beneficiary = 'Мария'
        where tenant_id = ${tx.tenantId} and id = ${ids[0]!}`);
      const executionOn = day("2026-11-23");
      const ordered = await orderRefunds(tx, { actor, ids, executionOn, now: NOW });
      assert.ok(ordered.outcome === "ordered");
      return batchFile(tx, ordered.batchId);
    });
    assert.deepEqual(
      file?.refunds.map(({ beneficiary }) => beneficiary),
      ["Sara Ferrando"],
    );
  });
});

describe("money in suspense that another institution got in part", () => {
  it("BI-07 X-06 the town's bank waits for the town's part alone", async () => {
    const desk = await openDesk(base.db);
    const { place } = desk;
    const lines = [topUpLine(place, place.giulia, 6410n)];
    const notice = await issueOne(place, topUp(place, "k", lines));
    await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    const second = receiptFor(notice);
    const [own] = second.transfers;
    const transfers = [
      { ...own!, amountCents: 4000n },
      { ...own!, id: 2, amountCents: 2410n, fiscalCodePA: COMPANY, iban: COMPANY_IBAN },
    ];
    await land(base.db, { ...second, transfers }, LATER);
    assert.deepEqual((await apply(base.db, LATER)).errors, []);
    assert.equal(await townBalance(desk, "suspense"), 6410n);
    assert.equal(await townBalance(desk, "pagopa-clearing"), -(6410n + 4000n));
    assert.equal(await townBalance(desk, "collected-by-others"), -2410n);
    assert.deepEqual(await place.town.read((tx) => checkReconciliation(tx)), []);
    await assertSound(desk);
  });
});

describe("more requests than a page shows", () => {
  it("MC-12 X-10 a second press asks for none again, and a bank's file knows all of its refunds", async () => {
    const desk = await openDesk(base.db);
    const { place, manager: actor } = desk;
    const credits = Array.from({ length: 1100 }, () => ({
      holderId: place.holderId,
      childId: newId(),
      serviceId: null,
      balanceCents: 100n,
    }));
    const ask = () =>
      place.town.write((tx) => askResidualRefunds(tx, { actor, year: 2025, credits, now: NOW }));
    assert.deepEqual(await ask(), { outcome: "asked", count: 1100 });
    assert.deepEqual(await ask(), { outcome: "asked", count: 0 });
    const file = await place.town.write(async (tx) => {
      const ids = await tx.rows<{ id: string }>(sql`
        update money_request set state = 'approved', iban = ${BANK_IBAN}, beneficiary = 'Sara Ferrando'
        where tenant_id = ${tx.tenantId} returning id`);
      const ordered = await orderRefunds(tx, {
        actor,
        ids: ids.map(({ id }) => id),
        executionOn: day("2026-11-23"),
        now: NOW,
      });
      assert.ok(ordered.outcome === "ordered");
      return batchFile(tx, ordered.batchId);
    });
    assert.equal(file?.refunds.length, 1100);
    assert.ok(file?.refunds.every(({ isHere }) => isHere));
  });
});

describe("a demo town that an earlier release loaded", () => {
  it("can be paid from now on, also under a creditor that it did not know", async () => {
    const place = await smallTown(base.db);
    const [town] = await demoTowns();
    const profile = { town: { fiscalCode: "00122220197", name: "Comune di Esempio" } };
    const of = { town: town!, profile, now: NOW } as unknown as Parameters<typeof collectMoney>[1];
    await place.town.write((tx) => collectMoney(tx, of));
    await place.town.write((tx) => collectMoney(tx, of));
    const stations = await place.town.read((tx) => stationsOfTown(tx));
    assert.deepEqual(
      stations.map(({ creditorFiscalCode }) => creditorFiscalCode),
      ["00122220197"],
    );
  });
});

describe("a page of an old bank file", () => {
  it("X-10 neither confirms nor sends back a refund that went into a later file", async () => {
    const desk = await openDesk(base.db);
    const { place, manager: actor } = desk;
    await move(desk, 5000n, "2026-11-02");
    const by = { actor, now: NOW };
    const write = place.town.write.bind(place.town);
    const asked = await write((tx) =>
      askMoney(tx, {
        ...by,
        holderId: place.holderId,
        draft: {
          kind: "refund",
          amountCents: 2000n,
          reason: "cambio scuola",
          beneficiary: "Sara Ferrando",
          iban: BANK_IBAN,
          from: { childId: place.giulia, serviceId: null },
          to: null,
        },
        key: newId(),
      }),
    );
    assert.ok(asked.outcome === "asked");
    const { id } = asked.request;
    await write((tx) => answerMoney(tx, { ...by, id, decision: "approve", answer: "" }));
    const order = async (): Promise<string> => {
      const executionOn = day("2026-11-23");
      const made = await write((tx) => orderRefunds(tx, { ...by, ids: [id], executionOn }));
      assert.ok(made.outcome === "ordered");
      await write((tx) => markBatchSent(tx, { ...by, id: made.batchId }));
      return made.batchId;
    };
    const sendBack = (batchId: string) =>
      write((tx) => returnRefund(tx, { ...by, id, batchId, reason: "conto chiuso" }));
    const paidOn = day("2026-11-20");
    const confirm = (batchId: string) =>
      write((tx) => confirmRefunds(tx, { ...by, ids: [id], batchId, paidOn }));
    const first = await order();
    assert.equal((await sendBack(first)).outcome, "done");
    const payee = { id, iban: BANK_IBAN, beneficiary: "Sara Ferrando" };
    await write((tx) => correctPayee(tx, { ...by, ...payee }));
    const second = await order();
    assert.equal((await confirm(first)).outcome, "nothing-to-do");
    assert.equal((await confirm(second)).outcome, "done");
    assert.equal((await sendBack(first)).outcome, "nothing-to-do");
    const [request] = await place.town.read((tx) => moneyRequests(tx, { ids: [id] }));
    assert.equal(request?.state, "paid");
    assert.equal(await townBalance(desk, "refunds-payable"), 0n);
  });
});

describe("a town that moves to another creditor", () => {
  it("X-06 keeps its code and goes on counting: no two of its notices have one number", async () => {
    const place = await smallTown(base.db);
    const segregationCode = "44";
    const numbers: string[] = [];
    for (const creditor of ["88888888882", "88888888883", "88888888882"]) {
      const known = await place.town.read((tx) => stationsOfTown(tx));
      if (known.length < 2) await collecting(place, { creditor, segregationCode });
      else {
        const station = {
          creditorFiscalCode: creditor,
          segregationCode,
          stationId: `${creditor}_01`,
          brokerFiscalCode: creditor,
          mode: "synchronous" as const,
        };
        const by = { actor: systemActor, now: NOW };
        await place.town.write((tx) => configureStation(tx, { ...by, station }));
      }
      const line = topUpLine(place, place.giulia, 5000n);
      numbers.push((await issueOne(place, topUp(place, newId(), [line]))).noticeNumber);
      const of = { actor: systemActor, creditorFiscalCode: creditor, segregationCode, now: NOW };
      await place.town.write((tx) => closeStation(tx, of));
    }
    assert.deepEqual(
      numbers.map((number) => number.slice(0, 16)),
      ["3440000000000001", "3440000000000002", "3440000000000003"],
    );
  });
});

describe("a guardian without an account", () => {
  it("X-10 X-12 asks for none of the holder's credit, and gives no IBAN for it", async () => {
    const desk = await openDesk(base.db);
    const { place, manager } = desk;
    await move(desk, 5000n, "2026-11-02");
    const personId = newId();
    await place.town.write(async (tx) => {
      const adult = { id: personId, kind: "adult" as const, surname: "Rossi", givenName: "Piero" };
      await putPeople(tx, [adult], NOW);
      const from = day("2026-09-01");
      const of = { id: newId(), guardianId: personId, role: "padre", from, to: null };
      await putGuardianships(tx, [{ ...of, childId: place.giulia }]);
    });
    const guardian = { ...place.sara, id: newId(), personId, name: "Piero Rossi" };
    const { holderId, giulia } = place;
    const credit = { holderId, childId: giulia, serviceId: null, balanceCents: 1000n };
    const asked = await place.town.write((tx) =>
      askMoney(tx, {
        actor: guardian,
        holderId,
        draft: {
          kind: "refund",
          amountCents: 1000n,
          reason: "prova",
          beneficiary: "Piero Rossi",
          iban: COMPANY_IBAN,
          from: { childId: giulia, serviceId: null },
          to: null,
        },
        key: newId(),
        now: NOW,
      }),
    );
    assert.deepEqual(asked, { outcome: "forbidden" });
    await place.town.write((tx) =>
      askResidualRefunds(tx, { actor: manager, year: 2025, credits: [credit], now: NOW }),
    );
    const [waiting] = await place.town.read((tx) => moneyRequests(tx, { holderIds: [holderId] }));
    const payee = { id: waiting!.id, iban: COMPANY_IBAN, beneficiary: "Piero Rossi", now: NOW };
    const give = (actor: typeof place.sara) =>
      place.town.write((tx) => givePayee(tx, { ...payee, actor }));
    assert.deepEqual(await give(guardian), { outcome: "forbidden" });
    assert.deepEqual(await give(place.sara), { outcome: "given" });
  });
});
