// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { emailCounts, planEmails } from "#messaging";
import { durableDatabase, runAndKill } from "../support/durable.ts";
import { testEngine } from "../support/db.ts";
import { mailServer } from "../support/mail-server.ts";
import { putTownSettings, TOWN_SETTINGS } from "../support/site.ts";
import { smallTown } from "../support/small-town.ts";

const SENDER = fileURLToPath(new URL("../support/crash-mail.ts", import.meta.url));
const NOW = momentAt(day("2026-11-23"), "10:00");
const EMAILS = testEngine() === "postgres" ? 150 : 50;
/** of `sendEmails`: what one life may have in hand, and may send again */
const IN_HAND = 20;
const ROUNDS = testEngine() === "postgres" ? 4 : 2;

describe("a sender that is killed", () => {
  it("kill -9 while e-mails leave: each arrives; what comes twice bears the same Message-ID", async () => {
    const database = await durableDatabase();
    const post = await mailServer();
    try {
      const db = await database.open();
      const place = await smallTown(db);
      await putTownSettings(place, TOWN_SETTINGS);
      await place.town.write((tx) =>
        planEmails(
          tx,
          Array.from({ length: EMAILS }, (_, index) => ({
            holderId: place.holderId,
            personId: place.sara.personId!,
            kind: "bill" as const,
            address: `family${index}@example.it`,
            lang: "it" as const,
            subject: "Prova",
            body: "Testo.",
            path: "/pagamenti",
            noticeIds: [],
            dedupeKey: `mail ${index}`,
          })),
          NOW,
        ),
      );
      await db.close();
      const task = { ...database.where, smtp: post.url.href, tenantId: place.tenantId };
      const life = (index: number): Moment => NOW.add({ minutes: 6 * index });
      for (let round = 0; round < ROUNDS; round += 1)
        await runAndKill({ ...task, now: life(round).toString() }, 7 + 6 * round, SENDER);
      await runAndKill({ ...task, now: life(ROUNDS).toString() }, EMAILS + 1, SENDER);
      const again = await database.open();
      const counts = await again
        .forTenant(place.tenantId)
        .read((tx) => emailCounts(tx, NOW.subtract({ hours: 1 })));
      await again.close();
      assert.deepEqual(
        counts.map(({ state, count }) => [state, count]),
        [["sent", EMAILS]],
      );
      const byAddress = Map.groupBy(post.taken, ({ to }) => to[0]!);
      assert.equal(byAddress.size, EMAILS);
      for (const mails of byAddress.values())
        assert.equal(new Set(mails.map((mail) => mail.header("message-id"))).size, 1);
      const twice = post.taken.length - EMAILS;
      assert.ok(twice <= ROUNDS * IN_HAND, `${twice} came twice`);
    } finally {
      await post.close();
      await database.remove();
    }
  });
});
