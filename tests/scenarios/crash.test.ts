// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { chargesOf, closeDay } from "#billing";
import { childDays } from "#booking";
import { day, momentAt } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { balanceOf, checkLedger } from "#ledger";
import { applyReceipts } from "#payments";
import { parseRequest, readStoredReceipt } from "../../src/integrations/pagopa/soap/index.ts";
import { takeReceipt } from "../../src/surfaces/pagopa-station/take-receipt.ts";
import { collecting, issue, topUp, topUpLine } from "../support/collecting.ts";
import { testEngine } from "../support/db.ts";
import { durableDatabase, runAndKill } from "../support/durable.ts";
import { sendReceipt } from "../support/pagopa-node.ts";
import { manyFamilies, type SmallTown, smallTown } from "../support/small-town.ts";

const STATION = fileURLToPath(new URL("../support/crash-receipts.ts", import.meta.url));
const DATE = "2026-11-24";
const FAMILIES = 30;
// The embedded database takes seconds to open after a kill.
const ROUNDS = testEngine() === "postgres" ? 4 : 2;

async function prepare(database: { open(): Promise<Database> }) {
  const db = await database.open();
  const place: SmallTown = await smallTown(db);
  const families = (await manyFamilies(place, FAMILIES)).map(({ childId, parent }) => ({
    childId,
    personId: parent.personId!,
  }));
  await db.close();
  const { tenantId, serviceId, siteId, sara } = place;
  return { place: { tenantId, serviceId, siteId, sara }, families };
}

describe("a machine that stops", () => {
  it("kill -9 during the rush: nothing acknowledged is lost", async () => {
    const database = await durableDatabase();
    try {
      const { place, families } = await prepare(database);
      let left = families;
      for (let round = 1; round <= ROUNDS; round += 1) {
        const said = await runAndKill(
          { mode: "rush", ...database.where, date: DATE, place, families: left },
          round + 1,
        );
        const acknowledged = said
          .filter((line) => line.startsWith("ack "))
          .map((line) => line.slice(4));
        assert.ok(acknowledged.length >= round + 1);
        const db = await database.open();
        const days = await db.forTenant(place.tenantId).read((tx) =>
          childDays(tx, {
            childIds: acknowledged,
            serviceId: place.serviceId,
            from: day(DATE),
            to: day(DATE),
            channel: "portal",
            receivedAt: momentAt(day(DATE), "08:56"),
          }),
        );
        await db.close();
        for (const id of acknowledged) assert.equal(days.get(id)![0]!.state, "cancelled");
        left = left.filter(({ childId }) => !acknowledged.includes(childId));
      }
    } finally {
      await database.remove();
    }
  });

  it("kill -9 during closing: closing again charges every meal once and the books balance", async () => {
    const database = await durableDatabase();
    try {
      const { place, families } = await prepare(database);
      const task = { mode: "close", ...database.where, date: DATE, place, families };
      for (let round = 0; round < ROUNDS; round += 1) await runAndKill(task, 0);
      const db = await database.open();
      const town = db.forTenant(place.tenantId);
      const { serviceId, siteId } = place;
      const date = day(DATE);
      const closed = await closeDay(town, {
        serviceId,
        siteId,
        date,
        by: "test",
        now: momentAt(date, "16:00"),
      });
      assert.ok(closed.outcome === "closed" || closed.outcome === "already-closed");
      const childIds = families.map(({ childId }) => childId);
      const { charges, violations } = await town.read(async (tx) => ({
        charges: await chargesOf(tx, { childIds, from: date, to: date }),
        violations: await checkLedger(tx),
      }));
      await db.close();
      assert.equal(charges.length, FAMILIES);
      assert.equal(new Set(charges.map(({ childId }) => childId)).size, FAMILIES);
      assert.deepEqual(violations, []);
    } finally {
      await database.remove();
    }
  });

  it("X-05 kill -9 between receipt and posting: what was answered OK is posted, once", async () => {
    const database = await durableDatabase();
    try {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const db = await database.open();
        const place = await smallTown(db);
        await collecting(place);
        const lines = [topUpLine(place, place.giulia, 100n)];
        const issued = await issue(
          place,
          Array.from({ length: FAMILIES }, (_, index) => topUp(place, `n${index}`, lines)),
        );
        assert.ok(issued.outcome === "issued");
        const messages = issued.positions.map(({ notices }) =>
          sendReceipt("paSendRTV2", notices[0]!),
        );
        await db.close();
        const said = await runAndKill({ ...database.where, messages }, 4 * round, STATION);
        const acknowledged = said.filter((line) => line.startsWith("ack ")).length;
        assert.ok(acknowledged > 0);
        const again = await database.open();
        // The Node repeats what it got no answer for: all of them, to be sure.
        const now = momentAt(day("2026-11-20"), "12:00");
        const apply = () =>
          applyReceipts(again, {
            now,
            read: readStoredReceipt,
            onError: (_, error) => assert.fail(String(error)),
          });
        await apply();
        const town = again.forTenant(place.tenantId);
        const account = {
          kind: "family",
          holderId: place.holderId,
          childId: place.giulia,
        } as const;
        const credit = await town.read((tx) => balanceOf(tx, account));
        assert.ok(credit >= BigInt(acknowledged) * 100n, "what was acknowledged is posted");
        for (const message of messages) {
          const call = parseRequest(Buffer.from(message));
          assert.ok(call.kind === "receipt");
          await takeReceipt({ db: again, now }, call);
        }
        await apply();
        assert.equal(await town.read((tx) => balanceOf(tx, account)), BigInt(FAMILIES) * 100n);
        assert.deepEqual(await town.read((tx) => checkLedger(tx)), []);
        await again.close();
      }
    } finally {
      await database.remove();
    }
  });
});
