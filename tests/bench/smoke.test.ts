// SPDX-License-Identifier: EUPL-1.2
/** The benchmark measures what it says, on a very small town. Its figures mean nothing here. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testEngine } from "../support/db.ts";
import { measureClosing } from "./closing.ts";
import { measureDocuments } from "./documents.ts";
import { measureIdentity } from "./identity.ts";
import { measurePage } from "./page.ts";
import { type Figure, median, table } from "./report.ts";
import { measureRush, rushSkipped } from "./rush.ts";
import { SIZES } from "./sizes.ts";
import { measureStation } from "./station.ts";
import { measureTowns } from "./towns.ts";

const server = process.env["TEST_DATABASE_URL"] ?? "";
const postgresMissing =
  testEngine() === "postgres" ? false : "skipped: no PostgreSQL server (TEST_DATABASE_URL)";
const pgbenchMissing = postgresMissing || (rushSkipped() ? `skipped: ${rushSkipped()}` : false);

const named = (figures: readonly Figure[], name: string): Figure => {
  const figure = figures.find((one) => one.name === name);
  assert.ok(figure, `no figure ${name}`);
  return figure;
};

describe("the benchmark", () => {
  it(
    "rush: every acknowledged cancellation is there, none after the cut-off",
    { skip: pgbenchMissing },
    async () => {
      const figures = await measureRush(server, SIZES.tiny.rush);
      const truth = named(figures, "rush.truth");
      assert.equal(truth.value, 0, JSON.stringify(truth.details));
      assert.ok(Number(truth.details["acceptedBefore9"]) > 0);
      assert.ok(Number(truth.details["refusedAfter9"]) > 0);
      assert.ok(named(figures, "rush.cancellations").limit.value > 0);
      assert.ok(named(figures, "rush.p99").value > 0);
    },
  );

  it(
    "closing: every meal is charged, beside a bare insert",
    { skip: postgresMissing },
    async () => {
      const figures = await measureClosing(server, SIZES.tiny.closing);
      assert.ok(named(figures, "closing.200").limit.value > 0);
    },
  );

  it(
    "page: the month beside a bare route, and a first visit",
    { skip: postgresMissing },
    async () => {
      const figures = await measurePage(server, SIZES.tiny.page);
      assert.ok(named(figures, "page.month").value > 0);
    },
  );

  it("towns: the same load on few and on many", { skip: postgresMissing }, async () => {
    const figures = await measureTowns(server, SIZES.tiny.towns);
    assert.ok(named(figures, "towns.flat").value > 0);
  });

  it("documents: notices one by one and in one print file", async () => {
    const figures = await measureDocuments(SIZES.tiny.documents);
    assert.ok(named(figures, "documents.notice").limit.value > 0);
    assert.ok(named(figures, "documents.print").value > 0);
  });

  it("identity: responses accepted and refused, beside bare checks", async () => {
    const figures = await measureIdentity(SIZES.tiny.identity);
    for (const name of ["accepted", "refused"])
      assert.ok(named(figures, `identity.${name}`).limit.value > 0);
  });

  it("a table puts each figure beside its limit", () => {
    const text = table([
      {
        name: "x",
        what: "Something",
        value: 12.5,
        unit: "ms",
        limit: { what: "goal", value: 25, goal: "≤ 25 ms" },
        share: 0.5,
        met: true,
        details: {},
      },
    ]);
    assert.match(text, /Something\s+12[.]5 ms\s+25 ms \(goal\)\s+0[.]50\s+≤ 25 ms ✓/);
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
  });

  it(
    "station: every question and every receipt is answered, and all are applied",
    { skip: postgresMissing },
    async () => {
      const figures = await measureStation(server, SIZES.tiny.station);
      for (const name of ["asked", "p99", "stored", "applied"])
        assert.ok(named(figures, `station.${name}`).value > 0);
    },
  );
});
