// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { NOTICE_STATES } from "./notice-state.ts";
import {
  factOf,
  planRemote,
  REMOTE_CHANNELS,
  type RemoteNotice,
  retrySeconds,
} from "./remote-sync.ts";

const notice = (changes: Partial<RemoteNotice> = {}): RemoteNotice => ({
  id: "a",
  instalment: null,
  state: "issued",
  told: "nothing",
  hasReceipt: false,
  ...changes,
});

const anyPosition = fc
  .array(
    fc.record({
      state: fc.constantFrom(...NOTICE_STATES),
      told: fc.constantFrom(
        "nothing" as const,
        "unsure" as const,
        "open" as const,
        "closed" as const,
      ),
      hasReceipt: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((rows) =>
    rows.map((row, index): RemoteNotice => {
      // What is issued was never closed: states go forward, and only what is over is closed.
      const told = row.state === "issued" && row.told === "closed" ? "open" : row.told;
      return notice({ ...row, told, id: String(index), instalment: index === 0 ? null : index });
    }),
  );

describe("what pagoPA is told of a position", () => {
  it("OS-07 of any position: nothing closed is opened, everything is said once, in one way", () => {
    fc.assert(
      fc.property(fc.constantFrom(...REMOTE_CHANNELS), anyPosition, (channel, position) => {
        const { calls, quiet } = planRemote(channel, position);
        const said = new Map<string, string[]>();
        const say = (id: string, as: string): void => {
          said.set(id, [...(said.get(id) ?? []), as]);
        };
        for (const { id } of quiet) say(id, "closed");
        for (const call of calls) {
          if (call.do === "mark-paid") say(call.notice.id, "closed");
          else
            for (const { id } of call.notices) say(id, call.do === "announce" ? "open" : "closed");
          if (call.do === "announce") for (const { id } of call.dropped) say(id, "closed");
        }
        for (const one of position) {
          const fact = factOf(one, position);
          const words = said.get(one.id) ?? [];
          assert.ok(words.length <= 1);
          if (one.told === "closed") assert.deepEqual(words, []);
          else if (fact !== "open") assert.deepEqual(words, ["closed"]);
          else assert.deepEqual(words.length === 0 ? "open" : words[0], "open");
          if (fact === "open" && one.told !== "open") assert.deepEqual(words, ["open"]);
        }
      }),
    );
  });

  it("OS-07 ACA: closes before it opens, one notice at a time", () => {
    const position = [
      notice({ id: "whole", state: "cancelled", told: "open" }),
      notice({ id: "first", instalment: 1 }),
    ];
    const { calls } = planRemote("aca", position);
    assert.deepEqual(
      calls.map((call) => call.do),
      ["withdraw", "announce"],
    );
  });

  it("OS-11 GPD: one request for a position, and none for one that nobody was told of", () => {
    const whole = notice({ id: "whole" });
    const parts = [1, 2].map((instalment) => notice({ id: `p${instalment}`, instalment }));
    const fresh = planRemote("gpd-v1", [whole, ...parts]);
    assert.deepEqual(
      fresh.calls.map((call) => call.do),
      ["announce"],
    );
    const gone = [whole, ...parts].map((one) => ({ ...one, state: "cancelled" as const }));
    assert.deepEqual(planRemote("gpd-v3", gone).calls, []);
    const known = gone.map((one) => ({ ...one, told: "open" as const }));
    assert.deepEqual(
      planRemote("gpd-v3", known).calls.map((call) => call.do),
      ["withdraw"],
    );
  });

  it("X-05 GPD: of a position paid in part, what is withdrawn is marked, for nothing can be taken out", () => {
    const position = [
      notice({ id: "whole", told: "open" }),
      notice({ id: "p1", instalment: 1, told: "open", state: "paid", hasReceipt: true }),
      notice({ id: "p2", instalment: 2, told: "open", state: "cancelled" }),
      notice({ id: "p3", instalment: 3, told: "open" }),
    ];
    const { calls, quiet } = planRemote("gpd-v1", position);
    assert.deepEqual(
      calls.map((call) => call.do === "mark-paid" && call.notice.id),
      ["p2"],
    );
    assert.deepEqual(quiet.map(({ id }) => id).sort(), ["p1", "whole"]);
  });

  it("X-05 a receipt is stronger than what became of the notice here", () => {
    const paid = notice({ state: "cancelled", told: "open", hasReceipt: true });
    assert.equal(factOf(paid, [paid]), "paid");
    const [call] = planRemote("aca", [paid]).calls;
    assert.ok(call?.do === "withdraw" && call.wasPaid);
  });
});

describe("a failed attempt", () => {
  it("is repeated after half a minute, then later and later, at most after six hours", () => {
    assert.deepEqual([1, 2, 3, 4].map(retrySeconds), [30, 60, 120, 240]);
    for (const attempts of [11, 50, 1000]) assert.equal(retrySeconds(attempts), 6 * 3600);
  });
});
