// SPDX-License-Identifier: EUPL-1.2
/** The list of requests after years of them. */
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { testSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

it("X-10 a new request is listed however many were closed before it", async (t) => {
  const now = moment("2026-11-20T09:16:00Z");
  const site = await testSite(base.db, { routes: wholeSite.routes, now });
  t.after(() => site.close());
  const { town, holderId, giulia } = site.place;
  await town.write((tx) =>
    tx.run(sql`
      insert into money_request (tenant_id, id, number, kind, origin, holder_id, from_child_id, amount_cents,
        reason, asked_at, asked_by, due_on, state, state_at, idempotency_key, input_hash)
      select ${tx.tenantId}, gen_random_uuid(), n, 'refund', 'family', ${holderId}::uuid, ${giulia}::uuid, 100,
        'prova', ${now}::timestamptz, 'Sara', date '2020-01-01' + n, case when n = 1005 then 'received' else 'paid' end,
        ${now}::timestamptz - make_interval(mins => 2000 - n), ${newId()}::text || n, ''
      from generate_series(1, 1005) n`),
  );
  const manager = await site.signInAs("office-manager");
  const { body } = await site.get("/ufficio/richieste", manager);
  assert.match(body, /Richiesta 1005</);
  assert.match(body, /Richiesta 1004</);
  assert.doesNotMatch(body, /Richiesta 954</);
});
