// SPDX-License-Identifier: EUPL-1.2
/** The demo towns are what the product's own operations would have made of them. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { billsOf } from "#billing";
import { townCalendar } from "#calendar";
import { allPeople } from "#families";
import { demoAccounts } from "#identity";
import { systemActor } from "#kernel/actor.ts";
import { readCodiceFiscale } from "#kernel/codice-fiscale.ts";
import { day, dayOf, moment } from "#kernel/dates.ts";
import { sql, type TenantDb } from "#kernel/db/index.ts";
import { negativeBalances } from "#ledger";
import { newsOn } from "#messaging";
import { collectingFor, isItalianIban, noticesOfBills } from "#payments";
import { tenantBySlug } from "#tenancy";
import { rideOf, serviceLines } from "#transport";
import { runCommand } from "../../src/cli/run-command.ts";
import { demoTowns } from "../../src/demo/cast.ts";
import { loadDemo } from "../../src/demo/load-demo.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";

const NOW = moment("2026-11-20T10:00:00+01:00");
let base: TestDatabase;
let postpaid: TenantDb;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const load = (only: readonly string[]) =>
  loadDemo(base.db, {
    receiptKey: "a key that only tests use",
    now: NOW,
    only,
    progress: { begins() {}, town() {}, loaded() {} },
  });

describe("demo towns", () => {
  it("are five, each of a profile, with at least eighty families", async () => {
    const towns = await demoTowns();
    assert.equal(new Set(towns.map(({ profile }) => profile)).size, 5);
    assert.ok(towns.every(({ families }) => families >= 80));
  });

  it("load once, with nothing that disagrees: ledger, closed days, receipts, shares", async () => {
    const wanted = ["ostra", "bitritto", "borghetto"];
    const loaded = await load(wanted);
    assert.deepEqual(loaded.map(({ slug }) => slug).sort(), wanted.toSorted());
    assert.deepEqual(await load(wanted), []);
    const said: string[] = [];
    const code = await runCommand(["check"], {
      cwd: ".",
      out: (line) => said.push(line),
      err: () => {},
      now: () => NOW,
      database: async () => base.db,
    });
    assert.equal(code, 0, said.join("\n"));
    const town = await base.db.platform((tx) => tenantBySlug(tx, "borghetto"));
    assert.ok(town?.demo);
    postpaid = base.db.forTenant(town.id);
  });

  it("BI-08 a family has its first notice and has not paid it", async () => {
    const town = await base.db.platform((tx) => tenantBySlug(tx, "bitritto"));
    const open = await base.db.forTenant(town!.id).read((tx) =>
      tx.rows<{ name: string; subject: string; state: string; cents: bigint }>(sql`
        select p.given_name as name, n.subject, n.state, n.amount_cents as cents from payment_notice n
        join debt_position d on d.tenant_id = n.tenant_id and d.id = n.position_id
        join account_holder h on h.tenant_id = n.tenant_id and h.id = n.holder_id
        join person p on p.tenant_id = h.tenant_id and p.id = h.person_id
        where n.tenant_id = ${tx.tenantId} and d.kind = 'first-notice'`),
    );
    assert.deepEqual(
      open.map(({ name, state, cents }) => [name, state, cents]),
      [["Daniela", "issued", 12000n]],
    );
    assert.match(open[0]!.subject, /primo avviso: 30 pasti/);
  });

  it("PE-05 people have a codice fiscale that agrees with them, some none or a provisional one", async () => {
    const children = await postpaid.read((tx) => allPeople(tx, "child"));
    const states = new Set(children.map(({ codiceFiscaleState }) => codiceFiscaleState));
    assert.ok(states.has("valid") && !states.has("mismatch"));
    for (const { codiceFiscale } of children)
      assert.notEqual(readCodiceFiscale(codiceFiscale ?? "").outcome, "invalid");
    const mails = (await postpaid.read((tx) => allPeople(tx, "adult"))).map(({ email }) => email);
    assert.ok(mails.every((mail) => mail === "" || mail.endsWith(".example")));
  });

  it("BO-02 the bills of past months are drawn, the accounts owe", async () => {
    const { services } = await postpaid.read(townCalendar);
    const bills = await postpaid.read((tx) => billsOf(tx, { serviceId: services[0]!.id }));
    assert.ok(bills.length > 100);
    assert.deepEqual([...new Set(bills.map(({ month }) => month.toString()))], ["2026-10-01"]);
    assert.ok((await postpaid.read((tx) => negativeBalances(tx))).length > 100);
  });

  it("X-05 can be paid through pagoPA: a station and valid accounts each, the bills with a notice", async () => {
    const towns = await demoTowns();
    const codes = towns.map(({ collection }) => collection.segregation);
    assert.equal(new Set(codes).size, towns.length);
    assert.equal(towns.filter(({ collection }) => collection.postal).length, 1);
    for (const { iban, postal } of towns.map(({ collection }) => collection))
      assert.ok(isItalianIban(iban) && (!postal || isItalianIban(postal.iban)));
    const { services } = await postpaid.read(townCalendar);
    const [bills, ready] = await postpaid.read(async (tx) => [
      await billsOf(tx, { serviceId: services[0]!.id }),
      await collectingFor(tx, { serviceIds: [services[0]!.id], date: day("2026-11-20") }),
    ]);
    assert.equal(ready.outcome, "ready");
    const billIds = bills.map(({ id }) => id);
    const notices = await postpaid.read((tx) => noticesOfBills(tx, billIds));
    const owing = bills.filter(({ totalCents }) => totalCents > 0n);
    assert.equal(notices.length, owing.length);
  });

  it("offer personas for every area, all of them demo accounts", async () => {
    const accounts = await postpaid.read((tx) => demoAccounts(tx));
    const roles = new Set(accounts.flatMap((account) => account.roles));
    assert.deepEqual([...roles].sort(), [
      "administrator",
      "caterer",
      "guardian",
      "kitchen",
      "office",
      "office-diet",
      "office-manager",
      "school",
    ]);
    const names = accounts.map(({ displayName, hint }) => `${displayName}, ${hint}`);
    assert.ok(names.includes("Sara Ferrando, mamma di Giulia e Tommaso"), names.join("; "));
    const managers = accounts.filter(({ roles: own }) => own.includes("office-manager"));
    assert.equal(managers.length, 2, "a write-off needs two persons");
  });

  it("BO-21 have news of the municipality and of its catering company", async () => {
    const { news } = await postpaid.read((tx) => newsOn(tx, { today: dayOf(NOW), page: 1 }));
    assert.deepEqual(
      news.map(({ author }) => author),
      ["caterer", "municipality"],
    );
  });

  it("PE-01 run a school bus where the profile has one: lines, children at their stops, who drives", async () => {
    const ostra = (await base.db.platform((tx) => tenantBySlug(tx, "ostra")))!;
    const town = base.db.forTenant(ostra.id);
    const date = dayOf(NOW);
    const { services } = await town.read(townCalendar);
    const bus = services.find(({ kind }) => kind === "transport")!;
    const { lines, seats, enrolled } = await town.read((tx) =>
      serviceLines(tx, { serviceId: bus.id, date }),
    );
    assert.deepEqual(
      lines.map(({ name }) => name),
      ["1", "2"],
    );
    assert.equal(seats.length, enrolled.length - 2, "two wait for a stop");
    const accounts = await town.read((tx) => demoAccounts(tx));
    assert.deepEqual(accounts.filter(({ roles }) => roles.includes("driver")).length, 1);
    const driver = { ...systemActor, role: "driver" as const, lineIds: [lines[0]!.id] };
    const ride = await town.read((tx) => rideOf(tx, { actor: driver, lineId: lines[0]!.id, date }));
    assert.ok(ride.outcome === "ride" && ride.runs);
  });

  it("a real town is refused where the demo lives, with what to do; one more invented town is taken", async () => {
    const run = async (...more: string[]) => {
      const said: string[] = [];
      const code = await runCommand(["tenant", "create", "profiles/monte-cremasco.yaml", ...more], {
        cwd: ".",
        out: () => {},
        err: (line) => said.push(line),
        now: () => NOW,
        database: async () => base.db,
      });
      return { code, said: said.join("\n") };
    };
    const refused = await run();
    assert.equal(refused.code, 1);
    assert.match(refused.said, /holds the demo.*CAMPANELLA_DATA.*CAMPANELLA_DEMO=0/s);
    assert.equal(await base.db.platform((tx) => tenantBySlug(tx, "monte-cremasco")), undefined);
    assert.equal((await run("--slug", "altra", "--demo")).code, 0);
  });

  it("a town loaded by an earlier release gets the personas it lacked, once", async () => {
    await postpaid.write((tx) =>
      tx.run(sql`
        update account set username = 'demo.altro'
        where tenant_id = ${tx.tenantId} and username = 'demo.amministratore'`),
    );
    await load(["borghetto"]);
    await load(["borghetto"]);
    const accounts = await postpaid.read((tx) => demoAccounts(tx));
    const added = accounts.filter(({ username }) => username === "demo.amministratore");
    assert.deepEqual(
      added.map(({ roles }) => roles),
      [["administrator"]],
    );
  });
});
