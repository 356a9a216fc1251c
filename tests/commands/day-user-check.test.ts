// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { putMemberships } from "#enrolment";
import { signIn, staffAccounts } from "#identity";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { sql } from "#kernel/db/index.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-24T16:00:00+01:00");
let base: TestDatabase;
let place: SmallTown;
let slug: string;
let folder: string;
before(async () => {
  base = await testDatabase();
  place = await smallTown(base.db);
  slug = `prova-${place.tenantId.replaceAll("-", "")}`;
  folder = mkdtempSync(join(tmpdir(), "commands-"));
  writeFileSync(join(folder, "stolen"), `${STOLEN}\n`);
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await base.close();
});

const STOLEN = "una balena sul campanile";

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCommand(argv, {
    cwd: folder,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    now: () => NOW,
    database: async () => base.db,
    isStolenPassword: (password) => Promise.resolve(password === STOLEN),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("campanella day", () => {
  const on = (verb: string, ...more: string[]) =>
    run("day", verb, "--tenant", slug, "--service", "mensa", ...more);

  it("freezes, closes and charges a day, once", async () => {
    assert.match((await on("freeze", "--date", "2026-11-24")).out, /Frozen: 1 schools/);
    assert.match((await on("freeze", "--date", "2026-11-24")).out, /Nothing to freeze/);
    const closed = await on("close");
    assert.deepEqual([closed.code, closed.err], [0, ""]);
    assert.match(closed.out, /Primaria Milano: closed, 2 meals: 2 charged.* 9,20 €/);
    assert.match((await on("close")).out, /Nothing to close/);
  });

  it("reopens with a reason, and closes anew", async () => {
    assert.equal((await on("reopen", "--date", "2026-11-24")).code, 2);
    const reopened = await on("reopen", "--date", "2026-11-24", "--reason", "appello sbagliato");
    assert.match(reopened.out, /open again, 2 charges reversed/);
    const again = await on("reopen", "--date", "2026-11-24", "--reason", "appello sbagliato");
    assert.equal(again.code, 1);
    assert.equal((await on("close", "--site", "milano")).code, 0);
  });

  it("refuses what is not there or has not come yet", async () => {
    assert.equal((await on("close", "--date", "2026-11-26")).code, 1);
    assert.equal((await on("close", "--date", "26/11/2026")).code, 2);
    assert.equal((await on("close", "--site", "Mameli")).code, 1);
    assert.match(
      (await run("day", "close", "--tenant", "nowhere", "--service", "mensa")).err,
      /no town nowhere/,
    );
    const service = await run("day", "close", "--tenant", slug, "--service", "bus");
    assert.match(service.err, /no service bus; services: mensa/);
    assert.equal((await run("day", "close")).code, 2);
    assert.equal((await run("day")).code, 2);
    assert.equal((await run("day", "--help")).code, 0);
  });
});

describe("campanella user create", () => {
  const create = (...more: string[]) =>
    run("user", "create", "--tenant", slug, "--name", "Marta Conti", ...more);
  const enter = (username: string, password: string) =>
    signIn(place.town, { username, password, origin: "test", now: NOW });

  it("X-15 makes a password, shows it once, and it opens the door", async () => {
    const made = await create("--username", "m.conti", "--role", "office");
    assert.equal(made.code, 0, made.err);
    const password = /Password, shown only now: (\S+)/.exec(made.out)![1]!;
    assert.match(made.out, /first sign-in asks for a second factor/);
    assert.equal((await enter("m.conti", password)).outcome, "second-factor");
    assert.equal((await create("--username", "m.conti", "--role", "office")).code, 1);
    const reset = await run("user", "reset-factor", "--tenant", slug, "--username", "m.conti");
    assert.equal(reset.code, 0, reset.err);
    assert.match(reset.out, /Second factor of m\.conti removed/);
    const nobody = await run("user", "reset-factor", "--tenant", slug, "--username", "nessuno");
    assert.equal(nobody.code, 1);
  });

  it("takes a password from a file, never shows it; a site narrows the role", async () => {
    writeFileSync(join(folder, "password"), "una frase lunga e segreta\n");
    const made = await create(
      ...["--username", "a.bassi", "--role", "school", "--site", "Primaria Milano"],
      ...["--password-file", "password"],
    );
    assert.equal(made.code, 0, made.err);
    assert.doesNotMatch(made.out + made.err, /segreta/);
    const entered = await enter("a.bassi", "una frase lunga e segreta");
    assert.equal(entered.outcome, "signed-in");
    const short = join(folder, "short");
    writeFileSync(short, "corta\n");
    const refused = await create(
      "--username",
      "b.corta",
      "--role",
      "office",
      "--password-file",
      short,
    );
    assert.equal(refused.code, 2);
    const device = await create(
      "--username",
      "b.zero",
      "--role",
      "office",
      "--password-file",
      "/dev/zero",
    );
    assert.equal(device.code, 2);
  });

  it("BO-21 makes the catering company's account, for the schools that are named, without a second factor", async () => {
    const made = await create(
      ...["--username", "c.mense", "--role", "caterer", "--site", "Primaria Milano"],
    );
    assert.equal(made.code, 0, made.err);
    assert.doesNotMatch(made.out, /second factor/);
    const accounts = await place.town.read((tx) => staffAccounts(tx, { date: day("2026-11-24") }));
    const [grant] = accounts.find(({ username }) => username === "c.mense")!.grants;
    assert.deepEqual([grant!.role, grant!.siteId], ["caterer", place.siteId]);
  });

  it("MC-09 judges a password as the pages do: length, common words, the operator's list", async () => {
    const words = ["Password-2026!", "Marta Conti 1970", "aaaaaaaaaaaaaaaa", "x".repeat(201)];
    for (const [index, password] of [...words, "il gatto che sa suonare"].entries()) {
      writeFileSync(join(folder, "judged"), `${password}\n`);
      const made = await run(
        ...["user", "create", "--tenant", slug, "--name", "Marta Conti", "--role", "school"],
        ...["--username", `giudizio.${index}`, "--password-file", "judged"],
      );
      assert.equal(made.code, index < words.length ? 2 : 0, password);
      assert.ok(!made.err.includes(password));
    }
    const stolen = await run(
      ...["user", "create", "--tenant", slug, "--name", "Marta Conti", "--role", "school"],
      ...["--username", "giudizio.rubato", "--password-file", "stolen"],
    );
    assert.equal(stolen.code, 2);
    assert.match(stolen.err, /list of stolen ones/);
  });

  it("refuses wrong roles and user codes", async () => {
    assert.equal((await create("--username", "g.ferrando", "--role", "guardian")).code, 2);
    assert.equal((await create("--username", "A B", "--role", "office")).code, 2);
    assert.equal((await create("--username", "x.y")).code, 2);
  });
});

describe("campanella check", () => {
  it("is content with a sound town, and names what does not agree", async () => {
    const sound = await run("check", "--tenant", slug);
    assert.deepEqual([sound.code, sound.out], [0, "Sound: 1 towns"]);
    const other = await smallTown(base.db);
    const otherSlug = `prova-${other.tenantId.replaceAll("-", "")}`;
    await other.town.write(async (tx) => {
      await putMemberships(tx, [
        {
          id: newId(),
          childId: other.giulia,
          classId: other.classId,
          from: day("2026-10-01"),
          to: null,
        },
      ]);
      await tx.run(sql`insert into payer_share
        (tenant_id, id, child_id, service_id, holder_id, basis_points, from_date, to_date)
        values (${tx.tenantId}, ${newId()}, ${other.tommaso}, null, ${other.holderId}, 5000, '2026-09-14', null)`);
      await tx.run(sql`insert into charge (tenant_id, id, kind, service_id, child_id, holder_id, site_id, date,
          charge_key, amount_cents, posted_at)
        values (${tx.tenantId}, ${newId()}, 'meal', ${other.serviceId}, ${other.giulia}, ${other.holderId},
          ${other.siteId}, '2026-11-23', 'meal:made-up', 460, ${NOW})`);
      await tx.run(sql`insert into receipt (tenant_id, id, number, check_code, act, outcome, child_id, service_id,
          from_date, channel, actor_id, actor_name, received_at, recorded_at, effect, idempotency_key, input_hash)
        values (${tx.tenantId}, ${newId()}, 'ABCD2345', 'WXYZ', 'cancel', 'done', ${other.giulia}, ${other.serviceId},
          '2026-11-26', 'portal', 'a', 'A', ${NOW}, ${NOW}, '{}', 'k', 'h')`);
    });
    const found = await run("check", "--tenant", otherSlug);
    assert.equal(found.code, 1);
    for (const rule of [
      "days: charge-without-attendance (addebiti senza presenza): 1",
      "bookings: receipt-without-effect: 1",
      "enrolments: memberships-overlap: 1",
      "enrolments: payer-shares-unbalanced: 1",
    ])
      assert.ok(found.out.includes(rule), `${rule} in\n${found.out}`);
  });

  it("sees an attended meal of a closed day that nobody charged, and a cancelled one that was", async () => {
    const other = await smallTown(base.db);
    const otherSlug = `prova-${other.tenantId.replaceAll("-", "")}`;
    const args = ["--tenant", otherSlug, "--service", "mensa", "--date", "2026-11-24"];
    assert.equal((await run("day", "close", ...args)).code, 0);
    assert.equal((await run("check", "--tenant", otherSlug)).code, 0);
    await other.town.write(async (tx) => {
      await tx.run(sql`insert into attendance (tenant_id, service_id, date, child_id, site_id, status, billable, source,
          recorded_by, recorded_at)
        select tenant_id, service_id, date - 1, child_id, site_id, 'present', true, 'presumed', 'x', recorded_at
        from attendance where tenant_id = ${tx.tenantId} and child_id = ${other.giulia}`);
      await tx.run(sql`insert into service_day (tenant_id, service_id, site_id, date, state, changed_at, changed_by)
        values (${tx.tenantId}, ${other.serviceId}, ${other.siteId}, '2026-11-23', 'closed', ${NOW}, 'x')`);
    });
    await other.town.write(async (tx) => {
      const receiptId = newId();
      await tx.run(sql`insert into receipt (tenant_id, id, number, check_code, act, outcome, child_id, service_id,
          from_date, channel, actor_id, actor_name, received_at, recorded_at, effect, idempotency_key, input_hash)
        values (${tx.tenantId}, ${receiptId}, 'ABCD2346', 'WXYZ', 'cancel', 'done', ${other.tommaso},
          ${other.serviceId}, '2026-11-24', 'portal', 'a', 'A', ${NOW}, ${NOW}, '{}', 'k', 'h')`);
      await tx.run(sql`insert into meal_choice (tenant_id, service_id, date, child_id, choice, receipt_id, decided_at)
        values (${tx.tenantId}, ${other.serviceId}, '2026-11-24', ${other.tommaso}, 'cancelled', ${receiptId}, ${NOW})`);
    });
    const found = await run("check", "--tenant", otherSlug);
    assert.match(found.out, /attendance-without-charge \(presenze senza addebito\): 1/);
    assert.match(found.out, /cancelled-meal-charged \(pasti disdetti addebitati\): 1/);
  });
});
