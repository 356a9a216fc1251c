// SPDX-License-Identifier: EUPL-1.2
/** Personal data goes when it has served its purpose; what proves a payment stays. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { applicationById } from "#enrolment";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { claimDueEmails, planEmails, recordEmail, type SendOutcome } from "#messaging";
import { noticeDetail } from "#payments";
import { DueWork } from "../../src/worker/due-work.ts";
import { startTick } from "../../src/worker/tick.ts";
import { applicationThing } from "../support/applications.ts";
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
import { putTownSettings, TOWN_SETTINGS } from "../support/site.ts";
import { until } from "../support/until.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const at = (date: string): Moment => momentAt(day(date), "10:00");
const NOW = at("2026-11-20");

const tick = (place: SmallTown, now: Moment): Promise<void> =>
  new DueWork().doFor(
    place.town,
    now,
    () => false,
    (_what, error) => {
      throw error;
    },
  );

const rawOf = async (recipient: string, receiptId: string): Promise<string> => {
  const row = await base.db.platform((tx) =>
    tx.one<{ raw: string }>(sql`
      select raw from platform.pagopa_inbox
      where recipient_fiscal_code = ${recipient} and receipt_id = ${receiptId}`),
  );
  return row.raw;
};

async function paid(settings: Record<string, unknown> = {}) {
  const place = await smallTown(base.db);
  await putTownSettings(place, { ...TOWN_SETTINGS, ...settings });
  await collecting(place);
  const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, 800n)]));
  const receipt = receiptFor(notice);
  await land(base.db, receipt, NOW);
  assert.equal((await apply(base.db, NOW)).failed, 0);
  return { place, notice, receipt };
}

describe("X-14 what is kept, and how long", () => {
  it("the XML of a receipt goes 24 months after it was applied; the payment stays, and the same receipt is known", async () => {
    const { place, notice, receipt } = await paid();
    await tick(place, at("2028-11-20"));
    assert.notEqual(await rawOf(receipt.fiscalCode, receipt.receiptId), "");
    const then = at("2028-11-21");
    await tick(place, then);
    assert.equal(await rawOf(receipt.fiscalCode, receipt.receiptId), "");
    assert.deepEqual(await land(base.db, receipt, then), { outcome: "already-there" });
    assert.deepEqual(await apply(base.db, then), { applied: 0, failed: 0, errors: [] });
    const { noticeNumber } = notice;
    const shown = await place.town.read((tx) =>
      noticeDetail(tx, { noticeNumber, holderIds: "any", now: then }),
    );
    assert.deepEqual(
      [shown?.standing, shown?.receipts[0]?.receiptId, shown?.receipts[0]?.amountCents],
      ["paid", receipt.receiptId, 800n],
    );
  });

  it("a town says otherwise; a receipt that still waits keeps its XML, however old", async () => {
    const { place, receipt } = await paid({ retention: { receiptXmlMonths: 1, emailTextDays: 7 } });
    const unread = { ...receipt, receiptId: newId() };
    await land(base.db, unread, NOW);
    await tick(place, at("2026-12-21"));
    assert.equal(await rawOf(receipt.fiscalCode, receipt.receiptId), "");
    assert.notEqual(await rawOf(receipt.fiscalCode, unread.receiptId), "");
    assert.equal((await apply(base.db, NOW)).applied, 1);
  });

  it("receipts of other creditors' notices go after 90 days, by the tick", async () => {
    const { receipt, notice } = await paid();
    // Addressed to us, for a notice number of another station of the same creditor.
    const foreign = receiptFor({ ...notice, noticeNumber: `399${notice.noticeNumber.slice(3)}` });
    await land(base.db, foreign, NOW);
    let now = at("2027-02-17");
    const run = startTick(
      { db: base.db, clock: { now: () => now } },
      { everyMs: 1, onError: (_work, error) => assert.fail(String(error)) },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.notEqual(await rawOf(foreign.fiscalCode, foreign.receiptId), "");
    now = at("2027-02-19");
    await until(async () => (await rawOf(foreign.fiscalCode, foreign.receiptId)) === "");
    await run.stop();
    assert.notEqual(await rawOf(receipt.fiscalCode, receipt.receiptId), "");
  });

  it("the text of an e-mail goes 90 days after it was sent; one that nobody got keeps it for another try", async () => {
    const place = await smallTown(base.db);
    await putTownSettings(place);
    const plan = (dedupeKey: string) => ({
      ...{ holderId: place.holderId, personId: place.sara.personId!, kind: "bill" as const },
      ...{ address: `${dedupeKey}@example.it`, lang: "it" as const, subject: "Avviso" },
      ...{ body: "Da pagare 46,00 €.", path: "/pagamenti", noticeIds: [], dedupeKey },
    });
    const stranger = { ...plan("stranger"), kind: "link-answer" as const };
    const ofNobody = { ...stranger, holderId: null, personId: null, subject: "Risposta" };
    const answer = { ...ofNobody, kind: "application-answer" as const, dedupeKey: "answer" };
    const planned = [plan("sent"), plan("refused"), ofNobody, answer];
    await place.town.write((tx) => planEmails(tx, planned, NOW));
    const outcome = (address: string): SendOutcome =>
      address.startsWith("sent") ? { outcome: "sent" } : { outcome: "refused", problem: "550" };
    await place.town.write(async (tx) => {
      const { claim, emails } = await claimDueEmails(tx, { now: NOW, limit: 9 });
      for (const email of emails)
        await recordEmail(tx, { email, claim, result: outcome(email.address), now: NOW });
    });
    const texts = async () =>
      (
        await place.town.read((tx) =>
          tx.rows<{ state: string; body: string; subject: string }>(sql`
            select state, body, subject from email
            where tenant_id = ${place.tenantId} and kind = 'bill' order by state`),
        )
      ).map(({ state, body, subject }) => [state, body, subject].join("|"));
    const kept = ["given-up|Da pagare 46,00 €.|Avviso", "sent|Da pagare 46,00 €.|Avviso"];
    await tick(place, at("2027-02-18"));
    assert.deepEqual(await texts(), kept);
    await tick(place, at("2027-02-19"));
    assert.deepEqual(await texts(), [kept[0], "sent||Avviso"]);
    const answers = await place.town.read((tx) =>
      tx.rows<{
        body: string;
        address: string;
        state: string;
      }>(sql`select body, address, state from email
        where tenant_id = ${place.tenantId} and kind in ('link-answer', 'application-answer')`),
    );
    // Refused or not: whose address it was is of no family, and nobody tries again.
    const gone = { body: "", address: "-", state: "withdrawn" };
    assert.deepEqual(answers, [gone, gone]);
  });

  it("OS-02 an application for enrolment that nobody answered goes 400 days after it was sent", async () => {
    const place = await smallTown(base.db);
    const enrolment = { window: { from: "2026-07-19", to: "2026-09-30" } };
    await putTownSettings(place, { ...TOWN_SETTINGS, enrolment });
    const { application } = await applicationThing(place, {
      actor: place.sara,
      childId: place.giulia,
    });
    const kept = () => place.town.read((tx) => applicationById(tx, application));
    await tick(place, at("2027-10-15"));
    assert.ok(await kept());
    await tick(place, at("2027-10-16"));
    assert.equal(await kept(), undefined);
  });
});
