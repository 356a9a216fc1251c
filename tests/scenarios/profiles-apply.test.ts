// SPDX-License-Identifier: EUPL-1.2
/** Profiles in the database: created, applied twice, changed, refused; through the command line. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, describe, it } from "node:test";
import { classes, closures, sites, townCalendar } from "#calendar";
import { securityEvents } from "#identity";
import { day, moment } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { tariffsOf } from "#tariffs";
import {
  datedSettings,
  profileVersions,
  putSettings,
  settingsOn,
  tenantByHost,
  tenants,
} from "#tenancy";
import type { CommandIo } from "../../src/cli/command.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";

const PROFILES = fileURLToPath(new URL("../../profiles/", import.meta.url));
const NOW = moment("2026-11-20T08:00:00Z");
const SLUGS = ["bitritto", "borghetto", "monte-cremasco", "ostra", "pesaro"];

let test: TestDatabase;
let db: Database;
let folder: string;

async function campanella(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    cwd: folder,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    now: () => NOW,
    database: async () => db,
  };
  const code = await runCommand(argv, io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

async function townOf(slug: string) {
  const tenant = await db.platform((tx) => tenantByHost(tx, `${slug}.localhost:3000`));
  assert.ok(tenant, slug);
  return db.forTenant(tenant.id);
}

/** Writes a changed copy of a profile and gives its path. */
function edited(slug: string, ...changes: [from: string, to: string][]): string {
  let text = readFileSync(join(PROFILES, `${slug}.yaml`), "utf8");
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), `${slug} has no ${from}`);
    text = text.replace(from, to);
  }
  const file = join(folder, `${newId()}.yaml`);
  writeFileSync(file, text);
  return file;
}

const profile = (slug: string): string => join(PROFILES, `${slug}.yaml`);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "profiles-"));
  test = await testDatabase();
  db = test.db;
  for (const slug of SLUGS) {
    const { code, err } = await campanella(
      "tenant",
      "create",
      profile(slug),
      "--year",
      "2026",
      "--demo",
    );
    assert.equal(code, 0, err);
  }
});

after(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

describe("five towns from five files", () => {
  it("each town is found by its host name, with schools, classes and tariffs of its own", async () => {
    for (const slug of SLUGS) {
      const town = await townOf(slug);
      await town.read(async (tx) => {
        const calendar = await townCalendar(tx);
        assert.ok(calendar.sites.size > 0 && calendar.classes.size > 0);
        for (const service of calendar.services) {
          assert.equal((await tariffsOf(tx, service.id)).length, 1, `${slug} ${service.code}`);
        }
      });
    }
  });

  it("the same profile twice changes nothing", async () => {
    for (const slug of SLUGS) {
      const again = await campanella("tenant", "apply", slug, profile(slug), "--year", "2026");
      assert.deepEqual([again.code, again.out], [0, "Nothing to change for 2026"]);
      const town = await townOf(slug);
      assert.equal((await town.read(profileVersions)).length, 1);
    }
  });

  it("BI-03 the schools report absences until the date of the switch, the parents from it", async () => {
    const town = await townOf("bitritto");
    await town.read(async (tx) => {
      const reportedBy = async (date: string) =>
        (await settingsOn(tx, day(date))).service("mensa")("absences").reportedBy;
      assert.equal(await reportedBy("2026-11-30"), "school");
      assert.equal(await reportedBy("2026-12-01"), "parents");
    });
  });

  it("MC-04 the balance may be negative until 5 October of the year", async () => {
    const town = await townOf("monte-cremasco");
    const settings = await town.read((tx) => settingsOn(tx, day("2026-09-20")));
    assert.deepEqual(settings.service("mensa")("negativeBalance"), {
      rule: "allowed-until",
      until: "2026-10-05",
    });
  });

  it("OS-02 the enrolment window has the dates of the year", async () => {
    const town = await townOf("ostra");
    const settings = await town.read((tx) => settingsOn(tx, day("2026-11-20")));
    assert.deepEqual(settings.town("enrolment").window, { from: "2026-07-19", to: "2026-08-31" });
    assert.deepEqual(settings.services.toSorted(), ["mensa", "trasporto"]);
    const before = await town.read((tx) => settingsOn(tx, day("2026-07-19")));
    assert.deepEqual(before.town("enrolment"), settings.town("enrolment"));
  });

  it("an assumed value says why; a fact does not", async () => {
    const town = await townOf("borghetto");
    const settings = await town.read(datedSettings);
    const date = day("2026-11-20");
    assert.match(settings.assumed("mensa", "cutoffs", date) ?? "", /office: .*famiglie/);
    assert.equal(settings.assumed("mensa", "attendance", date), null);
  });

  it("BO-19 Christmas, Easter and the patron day are closures of the town", async () => {
    const town = await townOf("borghetto");
    const found = await town.read(closures);
    assert.deepEqual(
      found.map(({ from, to, reason }) => `${from} ${to} ${reason}`),
      [
        "2026-09-21 2026-09-21 patron",
        "2026-12-23 2027-01-06 school-break",
        "2027-03-25 2027-03-30 school-break",
      ],
    );
  });

  it("one town's rows are not another's", async () => {
    const names = await Promise.all(
      SLUGS.map(async (slug) => (await (await townOf(slug)).read(sites)).map(({ name }) => name)),
    );
    assert.equal(new Set(names.flat()).size, names.flat().length);
  });
});

describe("a changed profile", () => {
  it("--dry-run shows the difference and writes nothing; apply then does it", async () => {
    const file = edited(
      "ostra",
      ["portal: { time: 09:30 }", "portal: { time: 09:15 }"],
      ["Vacanze di Natale, from: 12-24", "Vacanze di Natale, from: 12-23"],
    );
    const expected = [
      '~ mensa.cutoffs.portal.time from 2026-08-01: "09:30" -> "09:15"',
      "+ closed 2026-12-23 to 2027-01-06: Vacanze di Natale",
      "- closed 2026-12-24 to 2027-01-06: Vacanze di Natale",
    ];
    const dry = await campanella("tenant", "apply", "ostra", file, "--year", "2026", "--dry-run");
    assert.equal(dry.code, 0);
    assert.deepEqual(dry.out.split("\n").slice(0, -1), expected);
    const town = await townOf("ostra");
    const cutoff = async () =>
      (await town.read((tx) => settingsOn(tx, day("2026-11-20")))).service("mensa")("cutoffs")
        .portal.time;
    assert.equal(await cutoff(), "09:30");
    const real = await campanella("tenant", "apply", "ostra", file, "--year", "2026");
    assert.deepEqual(real.out.split("\n").slice(0, -1), expected);
    assert.equal(await cutoff(), "09:15");
    const back = await campanella("tenant", "apply", "ostra", profile("ostra"), "--year", "2026");
    assert.equal(back.code, 0);
    const again = await campanella("tenant", "apply", "ostra", profile("ostra"), "--year", "2026");
    assert.equal(again.out, "Nothing to change for 2026");
    assert.equal((await town.read(profileVersions)).length, 3);
  });

  it("the next school year keeps the past, gets its own days and classes", async () => {
    const done = await campanella(
      "tenant",
      "apply",
      "bitritto",
      profile("bitritto"),
      "--year",
      "2027",
    );
    assert.equal(done.code, 0, done.err);
    const town = await townOf("bitritto");
    await town.read(async (tx) => {
      const settings = await datedSettings(tx);
      const reportedBy = (date: string) =>
        settings.service("mensa", "absences", day(date)).reportedBy;
      assert.deepEqual(["2026-11-30", "2027-07-31", "2027-08-01", "2027-12-01"].map(reportedBy), [
        "school",
        "parents",
        "school",
        "parents",
      ]);
      assert.equal((await classes(tx, 2026)).length, (await classes(tx, 2027)).length);
    });
    const again = await campanella(
      "tenant",
      "apply",
      "bitritto",
      profile("bitritto"),
      "--year",
      "2026",
    );
    assert.equal(again.out, "Nothing to change for 2026");
  });

  it("BO-13 credentials switched on or off for families leave a line in the security log, with the reason", async () => {
    const town = await townOf("bitritto");
    const switches = () =>
      town.read(async (tx) =>
        (await securityEvents(tx, { kinds: ["credentials-switched"], limit: 9 })).map(
          ({ details }) => details,
        ),
      );
    assert.deepEqual(await switches(), [], "SPID alone from the first day");
    const reason = "Chi non ha SPID, fino a giugno";
    const on = edited(
      "bitritto",
      ["portal: [spid]", "portal: [spid, credentials]"],
      ["credentialsPer: holder", `credentialsPer: holder\n  credentialsReason: ${reason}`],
    );
    const apply = (file: string) =>
      campanella("tenant", "apply", "bitritto", file, "--year", "2026");
    const applied = await apply(on);
    assert.equal(applied.code, 0, applied.err);
    const from = "2026-08-01";
    assert.deepEqual(await switches(), [{ what: "on", from, reason }]);
    await apply(on);
    assert.equal((await switches()).length, 1, "the same again is nothing new");
    await apply(profile("bitritto"));
    assert.deepEqual((await switches())[0], { what: "off", from });
    const first = await (
      await townOf("borghetto")
    ).read((tx) => securityEvents(tx, { kinds: ["credentials-switched"], limit: 9 }));
    assert.deepEqual(
      first.map(({ details }) => details["what"]),
      ["on"],
    );
  });

  it("what the office set in the year is kept and said", async () => {
    const town = await townOf("pesaro");
    const value = { allowed: true };
    const put = await town.write((tx) =>
      putSettings(tx, {
        settings: [
          {
            scope: "refezione",
            key: "attendance",
            validFrom: day("2026-08-01"),
            value: { mode: "presumed" },
          },
        ],
        hasPostings: false,
        recordedBy: "office",
        recordedAt: NOW,
      }),
    );
    assert.equal(put.outcome, "saved");
    const dry = await campanella(
      "tenant",
      "apply",
      "pesaro",
      profile("pesaro"),
      "--year",
      "2026",
      "--dry-run",
    );
    assert.match(dry.out, /^= refezione\.attendance from 2026-08-01: kept as the office set it/);
    const wrong = await town.write((tx) =>
      putSettings(tx, {
        settings: [{ scope: "refezione", key: "plainMeals", validFrom: day("2026-08-01"), value }],
        hasPostings: false,
        recordedBy: "office",
        recordedAt: NOW,
      }),
    );
    assert.equal(wrong.outcome, "invalid");
  });

  it("wallet scope and payment model freeze once the year has postings", async () => {
    const file = edited("monte-cremasco", ["accountScope: family", "accountScope: child"]);
    const town = await townOf("monte-cremasco");
    const free = await campanella(
      "tenant",
      "apply",
      "monte-cremasco",
      file,
      "--year",
      "2026",
      "--dry-run",
    );
    assert.match(free.out, /payment\.accountScope from 2026-08-01: "family" -> "child"/);
    await town.write(async (tx) => {
      const accounts = [newId(), newId()];
      for (const [index, id] of accounts.entries()) {
        await tx.run(sql`insert into ledger_account (tenant_id, id, key, kind, opened_at)
          values (${tx.tenantId}, ${id}, ${`test-${index}`}, 'suspense', ${NOW})`);
      }
      await tx.run(sql`insert into ledger_transfer (tenant_id, id, debit_account_id, credit_account_id,
          amount_cents, kind, happened_on, recorded_at, idempotency_key)
        values (${tx.tenantId}, ${newId()}, ${accounts[0]}, ${accounts[1]}, 100, 'test', '2026-10-01', ${NOW}, 'k')`);
    });
    const frozen = await campanella("tenant", "apply", "monte-cremasco", file, "--year", "2026");
    assert.equal(frozen.code, 1);
    assert.match(frozen.err, /refused: .*postings/);
    const settings = await town.read((tx) => settingsOn(tx, day("2026-11-20")));
    assert.equal(settings.service("mensa")("payment").accountScope, "family");
  });
});

describe("the command line", () => {
  it("a wrong profile is refused with file, line and remedy, and creates nothing", async () => {
    const file = edited(
      "ostra",
      ["kind: canteen", "kind: canten"],
      ["profile: ostra", "profile: altra"],
    );
    const { code, err } = await campanella("tenant", "create", file);
    assert.equal(code, 1);
    assert.match(err, /error: .*\.yaml:\d+:\d+ {2}«canten» non è ammesso: forse «canteen»\?/);
    const all = await db.platform(tenants);
    assert.equal(all.length, SLUGS.length);
  });

  it("refuses a slug that is taken and a host of another town, leaving no trace", async () => {
    const taken = await campanella("tenant", "create", profile("ostra"));
    assert.equal(taken.code, 1);
    const host = await campanella(
      "tenant",
      "create",
      profile("ostra"),
      "--slug",
      "altra",
      "--host",
      "PESARO.localhost",
    );
    assert.deepEqual(
      [host.code, host.err.includes("pesaro.localhost leads to another town")],
      [1, true],
    );
    const all = await db.platform(tenants);
    assert.ok(!all.some(({ slug }) => slug === "altra"));
  });

  it("usage errors give 2, help gives 0", async () => {
    for (const argv of [
      ["tenant"],
      ["tenant", "apply", "ostra"],
      ["tenant", "list", "--nope"],
      ["nope"],
      [],
      ["tenant", "apply", "ostra", "x.yaml", "--year", "26"],
    ]) {
      assert.equal((await campanella(...argv)).code, 2, argv.join(" "));
    }
    for (const argv of [["--help"], ["tenant", "--help"], ["tenant", "create", "--help"]]) {
      const { code, out } = await campanella(...argv);
      assert.equal(code, 0);
      assert.match(out, /campanella/);
    }
  });

  it("list and show say what there is", async () => {
    const list = await campanella("tenant", "list");
    for (const slug of SLUGS) assert.match(list.out, new RegExp(`^${slug} `, "m"));
    const show = await campanella("tenant", "show", "borghetto", "--date", "2026-11-24");
    assert.match(show.out, /mensa +postpaid, child, attendance presumed, cut-off 09:00/);
    assert.equal((await campanella("tenant", "show", "nowhere")).code, 1);
    const applied = await campanella("tenant", "show", "borghetto", "--profile");
    assert.equal(`${applied.out}\n`, readFileSync(profile("borghetto"), "utf8"));
  });
});
