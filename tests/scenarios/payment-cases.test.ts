// SPDX-License-Identifier: EUPL-1.2
/** Payments that no rule could place: the family hears when one is looked at and what was decided; one decision each. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createFamily } from "#families";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { messagesOf, textIn } from "#messaging";
import {
  cancelNotice,
  checkReconciliation,
  noticeDetail,
  openCases,
  type Notice,
  type PositionDraft,
  refundCase,
  registerDeskPayment,
  resolveCase,
} from "#payments";
import {
  apply,
  issueOne,
  land,
  oldDebt,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { assertSound, balance, type Desk, openDesk, townBalance } from "../support/money-desk.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const NOW = moment("2026-11-20T09:16:00Z");
const LATER = moment("2026-11-21T08:00:00Z");
const ADDRESS = "sara.ferrando@example.it";

async function desk(): Promise<Desk> {
  const opened = await openDesk(base.db);
  const { place } = opened;
  await place.town.write((tx) =>
    tx.run(sql`update person set email = ${ADDRESS}
      where tenant_id = ${place.tenantId} and id = ${place.sara.personId}`),
  );
  return opened;
}

const issued = ({ place }: Desk, draft: typeof topUp = topUp): Promise<Notice> => {
  const of: PositionDraft = draft(place, newId(), [topUpLine(place, place.giulia, 4600n)]);
  return issueOne(place, of);
};

async function arrives(receipt: ReturnType<typeof receiptFor>, now: Moment = NOW): Promise<void> {
  await land(base.db, receipt, now);
  assert.deepEqual((await apply(base.db, now)).errors, []);
}

const theCase = async ({ place }: Desk) => {
  const [found, ...others] = await place.town.read((tx) => openCases(tx));
  assert.ok(found && others.length === 0);
  return found;
};

/** Portal and e-mail, oldest first, as `subject: body`. */
async function told({ place }: Desk, holderId = place.holderId) {
  const messages = await place.town.read((tx) =>
    messagesOf(tx, { holderIds: [holderId], limit: 9 }),
  );
  const emails = await place.town.read((tx) =>
    tx.rows<{ text: string }>(sql`
      select subject || ': ' || body as text from email
      where tenant_id = ${place.tenantId} and kind = 'payment' and holder_id = ${holderId}
      order by planned_at, id`),
  );
  const plain = (text: string): string => text.replaceAll("\u00a0", " ");
  return {
    messages: messages.toReversed().map(({ subject, body }) => plain(`${subject}: ${body}`)),
    english: messages.toReversed().map((one) => plain(textIn(one, "en").body)),
    emails: emails.map(({ text }) => plain(text)),
  };
}

const outcomeOf = async ({ place }: Desk, { noticeNumber }: Notice) => {
  const detail = await place.town.read((tx) =>
    noticeDetail(tx, { noticeNumber, holderIds: "any", now: LATER }),
  );
  return detail?.receipts.map(({ outcome }) => outcome?.word ?? null);
};

const credit = (of: Desk, caseId: string, account = of.account) =>
  of.place.town.write((tx) =>
    resolveCase(tx, {
      actor: of.manager,
      caseId,
      account,
      reason: "sentita la famiglia",
      now: LATER,
    }),
  );

describe("a payment that the office looks at", () => {
  it("X-05 another amount: portal and e-mail say that it is checked, then that it was credited; once each", async () => {
    const of = await desk();
    const notice = await issued(of);
    await arrives(receiptFor(notice, { paymentAmountCents: 4300n }));
    const opened = await told(of);
    assert.equal(opened.messages.length, 1);
    assert.match(
      opened.messages[0]!,
      /^Un pagamento da verificare: Sono arrivati 43,00 €, pagati venerdì 20 novembre per l'avviso 3\d{3} .*: l'avviso chiedeva 46,00 €\. L'ufficio decide entro lunedì 21 dicembre 2026: li accredita o li restituisce\. Non serve fare niente/,
    );
    assert.match(opened.english[0]!, /^This arrived: .*the notice asked for/);
    assert.deepEqual(opened.emails, opened.messages);
    assert.deepEqual(await outcomeOf(of, notice), ["checking"]);

    const { id } = await theCase(of);
    assert.deepEqual(await credit(of, id), { outcome: "resolved" });
    assert.deepEqual(await credit(of, id), { outcome: "already-resolved" });
    const decided = await told(of);
    assert.equal(decided.messages.length, 2);
    assert.match(
      decided.messages[1]!,
      /^Pagamento verificato: .*43,00 €.*accreditati sul conto\.$/,
    );
    assert.deepEqual(decided.emails, decided.messages);
    assert.doesNotMatch(decided.messages.join(), /Giulia|sentita la famiglia/);
    assert.deepEqual(await outcomeOf(of, notice), ["credited"]);
    assert.equal(await balance(of, of.account), 4300n);
    await assertSound(of);
  });

  it("X-05 paid twice, and the second given back: the notice says so until the bank has paid", async () => {
    const of = await desk();
    const notice = await issued(of);
    await arrives(receiptFor(notice));
    await arrives(receiptFor(notice), LATER);
    assert.deepEqual(await outcomeOf(of, notice), [null, "checking"]);
    const { id: caseId } = await theCase(of);
    const done = await of.place.town.write((tx) =>
      refundCase(tx, { actor: of.manager, caseId, reason: "pagato due volte", now: LATER }),
    );
    assert.equal(done.outcome, "resolved");
    assert.deepEqual(await outcomeOf(of, notice), [null, "to-refund"]);
    const { messages } = await told(of);
    assert.match(
      messages.at(-1)!,
      /vengono restituiti a chi ha pagato entro lunedì 21 dicembre 2026\. Se manca/,
    );
    await of.place.town.write((tx) =>
      tx.run(sql`update money_request set state = 'paid' where tenant_id = ${of.place.tenantId}`),
    );
    assert.deepEqual(await outcomeOf(of, notice), [null, "refunded"]);
  });

  it("X-12 credited to another family: each is told its own part, the owner not to whom", async () => {
    const of = await desk();
    const { place } = of;
    const notice = await issued(of);
    await arrives(receiptFor(notice));
    await arrives(receiptFor(notice));
    const { holderId: other } = await place.town.write((tx) =>
      createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", givenName: "Anna", surname: "Bianchi" },
          children: [],
          from: day("2026-09-01"),
        },
        NOW,
      ),
    );
    const account = { kind: "family" as const, holderId: other };
    const { id } = await theCase(of);
    assert.deepEqual(await credit(of, id, account), { outcome: "resolved" });
    assert.match((await told(of)).messages.at(-1)!, /riguardavano un altro conto/);
    const theirs = await told(of, other);
    assert.match(theirs.messages.at(-1)!, /accreditati sul conto/);
    assert.deepEqual(theirs.emails, []);
  });
});

describe("the desk was faster, and the receipt credits nobody by itself", () => {
  /** Registered from paper on Giulia's account; the notice was taken back meanwhile. */
  async function bothEntries(): Promise<{ of: Desk; notice: Notice }> {
    const of = await desk();
    const { place } = of;
    const notice = await issued(of, oldDebt);
    const receipt = receiptFor(notice);
    const gone = await place.town.write((tx) =>
      cancelNotice(tx, { actor: of.manager, noticeId: notice.id, reason: "doppio", now: NOW }),
    );
    assert.equal(gone.outcome, "cancelled");
    const done = await place.town.write((tx) =>
      registerDeskPayment(tx, {
        actor: of.clerk,
        draft: {
          method: "other-portal",
          amountCents: 4600n,
          paidOn: day("2026-11-20"),
          payerName: "Sara Ferrando",
          payerFiscalCode: "",
          receiptRef: receipt.receiptId,
          place: "",
          note: "",
          vouchers: null,
        },
        target: {
          kind: "account",
          account: of.account,
          childId: place.giulia,
          serviceId: place.serviceId,
        },
        file: null,
        key: newId(),
        now: NOW,
      }),
    );
    assert.equal(done.outcome, "registered");
    await arrives(receipt, LATER);
    assert.equal(await balance(of, of.account), 4600n);
    assert.equal(await townBalance(of, "suspense"), 4600n);
    return { of, notice };
  }

  it("BI-09 X-05 one decision settles both entries: the money is there once, the family told once", async () => {
    const { of, notice } = await bothEntries();
    // The desk has told the family already: no second message that something is to be checked.
    assert.equal((await told(of)).messages.length, 1);
    const { id } = await theCase(of);
    assert.deepEqual(await credit(of, id), { outcome: "resolved" });
    assert.equal(await balance(of, of.account), 4600n);
    assert.equal(await townBalance(of, "suspense"), 0n);
    assert.deepEqual(await of.place.town.read((tx) => checkReconciliation(tx)), []);
    assert.deepEqual(await outcomeOf(of, notice), ["credited"]);
    const { messages } = await told(of);
    assert.equal(messages.length, 2);
    assert.match(messages[1]!, /già registrato allo sportello, e ora ne ha preso il posto/);
    await assertSound(of);
  });

  it("BI-09 X-10 given back instead: the desk's credit is gone too", async () => {
    const { of } = await bothEntries();
    const { id: caseId } = await theCase(of);
    const done = await of.place.town.write((tx) =>
      refundCase(tx, { actor: of.manager, caseId, reason: "non dovuto", now: LATER }),
    );
    assert.equal(done.outcome, "resolved");
    assert.equal(await balance(of, of.account), 0n);
    assert.equal(await townBalance(of, "refunds-payable"), 4600n);
    await assertSound(of);
  });
});
