import { it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { postMany, negativeBalances, statement, balances, checkLedger } from "#ledger";
import { testDatabase, testTown } from "../support/db.ts";
it("perf", async () => {
  const { db, close } = await testDatabase();
  const { town } = await testTown(db);
  const { town: bare } = await testTown(db);
  const N = Number(process.env.N ?? 20000), F = Number(process.env.F ?? 5000), SIZE = 5000;
  const s = newId(); const now = moment("2026-11-20T12:00:00Z");
  const holders = Array.from({ length: F }, () => newId()), kids = holders.map(() => newId());
  const ms = async (label: string, work: () => Promise<unknown>) => { const t = performance.now(), c = process.cpuUsage(); await work(); const d = performance.now() - t; console.log(db.engine, label, d.toFixed(0), "ms, node cpu", (process.cpuUsage(c).user / 1000).toFixed(0)); return d; };
  const round = (r: number, n: number) => async () => {
    for (let k = 0; k < n; k += SIZE) await town.write((tx) => postMany(tx, Array.from({ length: Math.min(SIZE, n - k) }, (_, i) => ({
      key: `meal:${s}:2026-11-20:${kids[(k + i) % F]}:${r}:${k + i}:${holders[(k + i) % F]}`, debit: { kind: "family" as const, holderId: holders[(k + i) % F]!, childId: kids[(k + i) % F]! }, credit: { kind: "revenue" as const, serviceId: s }, amountCents: 460n, kind: "meal",
      happenedOn: day("2026-09-01").add({ days: r }), reference: { childId: kids[(k + i) % F], serviceId: s, decisionId: holders[i % F] } })), now));
  };
  await ms("first (opens accounts)", round(0, N));
  for (const r of [1, 2]) {
    const mine = await ms("postMany", round(r, N));
    // bare: the same rows by insert … select inside the database, into another town's accounts
    if (r === 1) await bare.write(async (tx) => { await tx.run(sql`insert into ledger_account (tenant_id,id,key,kind,opened_at) select ${tx.tenantId}, gen_random_uuid(), 'x' || g, 'suspense', ${now} from generate_series(0, ${F}::int) g`); });
    const base = await ms("bare insert…select", async () => {
      for (let k = 0; k < N; k += SIZE) await bare.write(async (tx) => { await tx.run(sql`
        insert into ledger_transfer (tenant_id,id,debit_account_id,credit_account_id,amount_cents,kind,happened_on,recorded_at,idempotency_key,reference)
        select ${tx.tenantId}, gen_random_uuid(), a.id, z.id, 460, 'meal', '2026-09-01'::date + ${r}::int, ${now}, 'meal:' || z.id || ':2026-11-20:' || a.id || ':' || ${r}::int || ':' || a.n+${k}::int || ':' || a.id, jsonb_build_object('childId', a.id, 'serviceId', z.id, 'decisionId', a.id)
        from (select id, row_number() over () as n from ledger_account where tenant_id = ${tx.tenantId} and key <> 'x0') a, ledger_account z, generate_series(1, ${Math.ceil(SIZE / F)}::int) where z.tenant_id = ${tx.tenantId} and z.key = 'x0' limit ${Math.min(SIZE, N - k)}`); });
    });
    console.log("ratio", (mine / base).toFixed(2));
  }
  await ms("repeat all", round(2, N));
  for (const analyzed of [false, true]) { if (analyzed) await db.owner(async (tx) => { await tx.run(sql`analyze`); }); console.log("analyzed", analyzed);
  await ms("balances of one", () => town.read((tx) => balances(tx, { holderId: holders[3]! })));
  await ms("statement of one", () => town.read((tx) => statement(tx, { holderId: holders[3]!, from: day("2026-01-01"), to: day("2026-12-31") })));
  await ms("negative balances", () => town.read((tx) => negativeBalances(tx)));
  await ms("check", () => town.read((tx) => checkLedger(tx)));
  }
  await close();
});
