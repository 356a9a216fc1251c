// SPDX-License-Identifier: EUPL-1.2
/** Whatever order things happen in, the books say what a simple model says: no cent lost, none counted twice. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { dayOf, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf, checkLedger } from "#ledger";
import {
  checkPayments,
  cancelNotice,
  beginPayment,
  expireNotices,
  type Notice,
  openCases,
  payableNotice,
  planInstalments,
  type ReceivedReceipt,
  refundCase,
  resolveCase,
} from "#payments";
import {
  apply,
  collecting,
  issue,
  land,
  oldDebt,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { testDatabase, type TestDatabase, testEngine } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const RUNS = testEngine() === "postgres" ? 25 : 15;
const START = moment("2026-11-20T08:00:00Z");
const SLOTS = 3;

const slot = fc.nat({ max: SLOTS - 1 });
const act = <Name extends string>(...names: Name[]) =>
  fc.record({ do: fc.constantFrom(...names), slot });
const cents = fc.integer({ min: 1, max: 9999 });
// Plans and payments of what they replaced must happen, and often.
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("issue" as const), slot, cents, debt: fc.boolean() }),
  },
  { weight: 4, arbitrary: act("verify", "ask", "cancel", "apply", "wait", "expire") },
  { weight: 4, arbitrary: act("plan") },
  { weight: 3, arbitrary: act("pay-replaced", "again") },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("pay" as const),
      slot,
      off: fc.constantFrom(0, 0, 0, 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("resolve" as const), slot, refund: fc.boolean() }),
  },
);
interface Step {
  do: string;
  slot: number;
  cents?: number;
  debt?: boolean;
  off?: number;
  refund?: boolean;
}

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

/** A town, the notices made so far, and what the world outside has paid. */
class World {
  readonly notices = new Map<number, Notice>();
  /** what a plan of instalments took the place of */
  readonly replaced = new Map<number, Notice>();
  readonly paid: ReceivedReceipt[] = [];
  landed = 0n;
  now = START;
  readonly place: SmallTown;

  constructor(place: SmallTown) {
    this.place = place;
  }

  async run(at: Step): Promise<void> {
    const { town } = this.place;
    const notice = this.notices.get(at.slot);
    this.now = this.now.add({ minutes: at.do === "wait" ? 45 : 1 });
    const { now } = this;
    switch (at.do) {
      case "issue": {
        if (notice) return;
        const { cents = 1 } = at;
        const childId = at.slot % 2 ? this.place.giulia : this.place.tommaso;
        const lines = [topUpLine(this.place, childId, BigInt(cents))];
        const dueOn = dayOf(now).add({ days: 7 });
        const draft = at.debt
          ? oldDebt(this.place, newId(), lines)
          : { ...topUp(this.place, newId(), lines), dueOn, payableAfterDue: false };
        const made = await issue(this.place, [draft], now);
        assert.ok(made.outcome === "issued");
        this.notices.set(at.slot, made.positions[0]!.notices[0]!);
        return;
      }
      case "verify":
        if (notice) await town.read((tx) => payableNotice(tx, { ...notice, now }));
        return;
      case "ask":
        if (notice) await town.write((tx) => beginPayment(tx, { ...notice, station: "s", now }));
        return;
      case "cancel": {
        const actor = this.place.sara;
        if (notice)
          await town.write((tx) =>
            cancelNotice(tx, { actor, noticeId: notice.id, reason: "", now }),
          );
        return;
      }
      case "pay": {
        if (!notice) return;
        const { off = 0 } = at;
        const cents = notice.amountCents + BigInt(off);
        await this.#receive(receiptFor(notice, { paymentAmountCents: cents }));
        return;
      }
      case "plan":
        return this.#plan(at.slot, notice);
      case "pay-replaced": {
        const old = this.replaced.get(at.slot) ?? [...this.replaced.values()][0];
        if (old) await this.#receive(receiptFor(old));
        return;
      }
      case "expire": {
        this.now = now.add({ hours: 8 * 24 });
        await town.write((tx) => expireNotices(tx, { now: this.now }));
        return;
      }
      case "again": {
        const before = this.paid[at.slot];
        if (before) assert.equal((await land(base.db, before, now)).outcome, "already-there");
        return;
      }
      case "resolve":
        return this.#resolve(at.refund ?? false);
      default:
        await apply(base.db, now);
    }
  }

  async #receive(receipt: ReceivedReceipt): Promise<void> {
    assert.equal((await land(base.db, receipt, this.now)).outcome, "stored");
    this.paid.push(receipt);
    this.landed += receipt.paymentAmountCents;
  }

  async #plan(slot: number, notice: Notice | undefined): Promise<void> {
    if (!notice) return;
    const { now } = this;
    const source = { kind: "notice", noticeId: notice.id } as const;
    const dueOn = [30, 60].map((days) => dayOf(now).add({ days }));
    const of = { actor: this.#manager, source, dueOn, reason: "a rate", key: newId(), now };
    const made = await this.place.town.write((tx) => planInstalments(tx, of));
    if (made.outcome !== "planned") return;
    this.replaced.set(slot, notice);
    this.notices.set(slot, made.notices[0]!);
  }

  get #manager() {
    return { ...this.place.sara, role: "office-manager" as const, personId: null };
  }

  async #resolve(refund: boolean): Promise<void> {
    const { place, now } = this;
    const [first] = await place.town.read((tx) => openCases(tx));
    if (!first) return;
    const account = { kind: "family" as const, holderId: place.holderId, childId: place.giulia };
    const of = { actor: this.#manager, caseId: first.id, reason: "prova", now };
    const resolved = await place.town.write((tx) =>
      refund ? refundCase(tx, of) : resolveCase(tx, { ...of, account }),
    );
    assert.equal(resolved.outcome, "resolved");
  }

  async check(): Promise<void> {
    const { place } = this;
    await apply(base.db, this.now);
    await place.town.read(async (tx) => {
      assert.deepEqual(await checkLedger(tx), []);
      assert.deepEqual(await checkPayments(tx), []);
      const families = [place.giulia, place.tommaso].map((childId) =>
        balanceOf(tx, { kind: "family", holderId: place.holderId, childId }),
      );
      const suspense = await balanceOf(tx, { kind: "suspense" });
      const refunds = await balanceOf(tx, { kind: "refunds-payable" });
      const clearing = await balanceOf(tx, { kind: "pagopa-clearing" });
      const credited = (await Promise.all(families)).reduce((sum, cents) => sum + cents, 0n);
      assert.equal(clearing, -this.landed, "pagoPA owes the town what was paid");
      assert.equal(credited + suspense + refunds, this.landed, "and every cent of it has a place");
      const waiting = (await openCases(tx)).reduce((sum, one) => sum + one.amountCents, 0n);
      assert.equal(suspense, waiting, "what lies in suspense is somebody's task");
    });
  }
}

describe("payments in any order", () => {
  it("X-05 X-06 create, change, verify, ask, pay, pay again, repeat, cancel, close, resolve, refund: the books add up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 35 }), async (steps) => {
        const place = await smallTown(base.db);
        await collecting(place);
        const world = new World(place);
        for (const one of steps) await world.run(one);
        await world.check();
      }),
      { numRuns: RUNS },
    );
  });
});
