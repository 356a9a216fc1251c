// SPDX-License-Identifier: EUPL-1.2
/** Who has not paid is reminded: once per round, and never while a payment is under way. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { previewReminders, remindAutomatically, reminderRounds, startReminders } from "#billing";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { registerCredit } from "#ledger";
import { messagesOf } from "#messaging";
import { beginPayment, inFours, noticesOf } from "#payments";
import { DueWork } from "../../src/worker/due-work.ts";
import { apply, collecting, land, receiptFor } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type MailServer, mailServer } from "../support/mail-server.ts";
import { closeOctober, drawOctober, mailRound, setAddress } from "../support/october.ts";
import { putTownSettings, TOWN_SETTINGS } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
let post: MailServer;
before(async () => {
  base = await testDatabase();
  post = await mailServer();
});
after(async () => {
  await post.close();
  await base.close();
});

/** Bills are due on Wednesday 18 November. */
const NOW = momentAt(day("2026-11-23"), "10:00");
const PAYER = "sara.ferrando@example.it";

async function owing(options: { collects?: boolean; reminders?: object } = {}): Promise<SmallTown> {
  const place = await smallTown(base.db);
  await putTownSettings(place, {
    ...TOWN_SETTINGS,
    notices: { reminders: options.reminders ?? {} },
  });
  if (options.collects ?? true) await collecting(place);
  await setAddress(place, PAYER);
  await closeOctober(place);
  await drawOctober(place);
  // The bills' own e-mail has left weeks ago.
  await round(place, momentAt(day("2026-11-02"), "09:01"));
  return place;
}

const round = (place: SmallTown, now: Moment) =>
  mailRound(base.db, place, { mailer: post.mailer, now });
const preview = (place: SmallTown, now: Moment = NOW) =>
  place.town.read((tx) => previewReminders(tx, { now }));
const start = async (place: SmallTown, roundId = newId(), now: Moment = NOW) => {
  const { remind } = await preview(place, now);
  const totalCents = remind.reduce((sum, debt) => sum + debt.amountCents, 0n);
  const expected = { debts: remind.length, totalCents };
  return place.town.write((tx) =>
    startReminders(tx, { roundId, afterDays: 1, expected, by: "Marta Conti", now }),
  );
};
const notices = (place: SmallTown) =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now: NOW }));
const reminders = async (place: SmallTown) =>
  (
    await place.town.read((tx) => messagesOf(tx, { holderIds: [place.holderId], limit: 20 }))
  ).filter(({ kind }) => kind === "reminder");

const attempt = async (place: SmallTown, at: Moment): Promise<void> => {
  const [notice] = await notices(place);
  const begun = await place.town.write((tx) =>
    beginPayment(tx, {
      noticeNumber: notice!.noticeNumber,
      creditorFiscalCode: notice!.creditorFiscalCode,
      station: "77777777777_01",
      now: at,
    }),
  );
  assert.equal(begun.outcome, "payable");
};

describe("OS-10 MC-11 a round of reminders", () => {
  it("tells each family once what is open, in the portal and by e-mail with the notices", async () => {
    const place = await owing();
    assert.equal((await preview(place, momentAt(day("2026-11-18"), "10:00"))).remind.length, 0);
    post.taken.length = 0;
    const roundId = newId();
    const started = await start(place, roundId);
    assert.deepEqual(started, {
      outcome: "started",
      families: 1,
      emails: 1,
      totalCents: 11_040n,
    });
    assert.equal((await start(place, roundId)).outcome, "already-started");
    assert.deepEqual(
      (await preview(place)).leave.map(({ why }) => why),
      ["reminded", "reminded"],
    );
    assert.equal((await start(place)).outcome, "nobody");
    const [told, ...more] = await reminders(place);
    assert.equal(more.length, 0);
    assert.match(told!.body, /Mensa di ottobre 2026, 55,20.€, scaduto mercoledì 18 novembre 2026/);
    assert.doesNotMatch(told!.body, /Giulia|Tommaso/);
    assert.equal(await round(place, NOW), 1);
    assert.equal(post.taken[0]!.attachments().size, 2);
    assert.equal(post.taken[0]!.header("subject"), "Promemoria: 2 pagamenti risultano da fare");
    const [shown] = await place.town.read((tx) => reminderRounds(tx, 9));
    assert.deepEqual(
      [shown?.startedBy, shown?.debts, shown?.families, shown?.emailed, shown?.totalCents],
      ["Marta Conti", 2, 1, 1, 11_040n],
    );
  });

  it("changed since the preview, it is shown again and reaches nobody", async () => {
    const place = await owing();
    const expected = { debts: 2, totalCents: 11_039n };
    const started = await place.town.write((tx) =>
      startReminders(tx, { roundId: newId(), afterDays: 1, expected, by: "Marta", now: NOW }),
    );
    assert.equal(started.outcome, "changed");
    assert.deepEqual(await reminders(place), []);
  });

  it("counts what was paid another way; a bill without a notice is reminded too", async () => {
    const place = await owing({ collects: false });
    const { remind } = await preview(place);
    assert.deepEqual(
      remind.map(({ noticeId, amountCents }) => [noticeId, amountCents]),
      [
        [null, 5520n],
        [null, 5520n],
      ],
    );
    const paid = await place.town.write((tx) =>
      registerCredit(tx, {
        actor: { ...place.sara, role: "office-manager", personId: null },
        account: { kind: "family", holderId: place.holderId, childId: place.giulia },
        amountCents: 5520n,
        method: "bank-transfer",
        happenedOn: day("2026-11-20"),
        reason: "bonifico",
        key: "k",
        recordedAt: NOW,
      }),
    );
    assert.equal(paid.outcome, "registered");
    assert.equal((await preview(place)).remind.length, 1);
    assert.equal((await start(place)).outcome, "started");
    assert.equal(await round(place, NOW), 1);
  });
});

describe("X-05 no reminder while one is pending", () => {
  it("a payment begun now, or in the last two bank days, keeps the reminder back", async () => {
    const place = await owing();
    await attempt(place, NOW.subtract({ minutes: 5 }));
    const whys = async (now: Moment) =>
      (await preview(place, now)).leave.map(({ why }) => why).toSorted();
    assert.deepEqual(await whys(NOW), ["pending"]);
    assert.deepEqual(await whys(NOW.add({ minutes: 40 })), ["touched"]);
    // Monday the 23rd: on Wednesday it still counts, on Thursday it does not.
    assert.deepEqual(await whys(momentAt(day("2026-11-25"), "10:00")), ["touched"]);
    assert.deepEqual(await whys(momentAt(day("2026-11-26"), "10:00")), []);
  });

  it("a payment that begins between round and e-mail is left out; the rest is asked for, with its own sum and sheet", async () => {
    const place = await owing();
    await start(place);
    await attempt(place, NOW);
    const [begun, other] = await notices(place);
    post.taken.length = 0;
    // Half an hour later nothing is pending any more, but the money may be on its way.
    await round(place, NOW.add({ minutes: 45 }));
    const [mail, ...more] = post.taken;
    assert.equal(more.length, 0);
    assert.equal(mail!.header("subject"), "Promemoria: un pagamento risulta da fare");
    assert.deepEqual([...mail!.attachments().keys()], [`avviso-${other!.noticeNumber}.pdf`]);
    const text = mail!.text().replaceAll("\u00a0", " ");
    assert.match(text, /Mensa di ottobre 2026, 55,20 €, scaduto mercoledì 18 novembre 2026/);
    assert.doesNotMatch(text, /In tutto/);
    assert.ok(!text.includes(inFours(begun!.noticeNumber)));
    const sent = await place.town.read((tx) =>
      tx.one<{ subject: string; body: string }>(sql`
        select subject, body from email where tenant_id = ${place.tenantId} and kind = 'reminder'`),
    );
    assert.equal(sent.subject, mail!.header("subject"));
    assert.ok(!sent.body.includes(inFours(begun!.noticeNumber)));
  });

  it("an e-mail of which all was paid meanwhile does not leave", async () => {
    const place = await owing();
    await start(place);
    for (const notice of await notices(place)) await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    post.taken.length = 0;
    await round(place, NOW.add({ minutes: 1 }));
    assert.equal(post.taken.length, 0);
    const states = await place.town.read((tx) =>
      tx.rows<{ state: string }>(sql`
        select state from email where tenant_id = ${place.tenantId} and kind = 'reminder'`),
    );
    assert.deepEqual(states, [{ state: "withdrawn" }]);
  });

  it("what was paid is reminded no more", async () => {
    const place = await owing();
    const [first] = await notices(place);
    await land(base.db, receiptFor(first!), NOW);
    await apply(base.db, NOW);
    const { remind, leave } = await preview(place);
    assert.deepEqual([remind.length, leave.length], [1, 0]);
  });
});

describe("reminders that go by themselves", () => {
  const tick = (place: SmallTown, date: string, time: string) =>
    new DueWork().doFor(
      place.town,
      momentAt(day(date), time),
      () => false,
      (what, error) => {
        if (what === "reminders") throw error;
      },
    );

  it("where the town says so, a week after the day, then every three, three times at most", async () => {
    const place = await owing({ reminders: { channels: ["email"], start: "automatic" } });
    const sent: string[] = [];
    for (let date = day("2026-11-19"); date.month !== 3; date = date.add({ days: 1 })) {
      const now = momentAt(date, "08:30");
      const reminded = await place.town.write((tx) => remindAutomatically(tx, now));
      if (reminded > 0) sent.push(date.toString());
    }
    assert.deepEqual(sent, ["2026-11-25", "2026-12-16", "2027-01-06"]);
    assert.equal((await reminders(place)).length, 3);
  });

  it("by the tick, not before the morning", async () => {
    const place = await owing({ reminders: { channels: ["email"], start: "automatic" } });
    await tick(place, "2026-11-25", "07:30");
    assert.equal((await reminders(place)).length, 0);
    await tick(place, "2026-11-25", "08:30");
    assert.equal((await reminders(place)).length, 1);
  });

  it("never where the office decides", async () => {
    const place = await owing();
    await tick(place, "2026-12-01", "09:00");
    assert.deepEqual(await reminders(place), []);
  });
});
