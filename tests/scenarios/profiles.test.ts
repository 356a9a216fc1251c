// SPDX-License-Identifier: EUPL-1.2
/** The five municipalities are data: each profile loads, and says what its public document says. */
import { isElevenDigitCode } from "#kernel/codice-fiscale.ts";
import { demoTowns } from "../../src/demo/cast.ts";
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readProfile } from "../../src/cli/apply-profile.ts";
import { calendarFor, type Profile } from "#tenancy";

const FOLDER = new URL("../../profiles/", import.meta.url);
const SLUGS = ["bitritto", "borghetto", "monte-cremasco", "ostra", "pesaro"] as const;
type Slug = (typeof SLUGS)[number];

const textOf = (slug: string): string => readFileSync(new URL(`${slug}.yaml`, FOLDER), "utf8");

function load(slug: Slug): { profile: Profile; warnings: string[] } {
  const read = readProfile(textOf(slug), `${slug}.yaml`);
  if ("errors" in read) assert.fail(JSON.stringify(read.errors, null, 1));
  return { profile: read.profile, warnings: read.warnings.map(({ message }) => message) };
}

const profiles = Object.fromEntries(SLUGS.map((slug) => [slug, load(slug)])) as Record<
  Slug,
  { profile: Profile; warnings: string[] }
>;

const of = (slug: Slug): Profile => profiles[slug].profile;
const service = (slug: Slug, code: string) => of(slug).services[code]!;
const canteen = (slug: Slug) =>
  Object.values(of(slug).services).find(({ kind }) => kind === "canteen")!;

describe("profiles: five municipalities as data", () => {
  it("each file of profiles/ loads without errors and names itself", () => {
    assert.deepEqual(
      readdirSync(FOLDER).toSorted(),
      SLUGS.map((slug) => `${slug}.yaml`),
    );
    for (const slug of SLUGS) assert.equal(of(slug).profile, slug);
  });

  it("every assumed value has a reason, every price without an act is assumed", () => {
    for (const slug of SLUGS) {
      for (const { reason } of of(slug).assumed) assert.ok(reason.length >= 10);
      for (const { tariffs } of Object.values(of(slug).services)) {
        for (const { act, assumed } of tariffs) assert.ok(act !== "" || assumed);
      }
      for (const { code, assumed } of of(slug).schools) assert.ok(code !== undefined || assumed);
    }
  });
});

/** "What differs between them is configuration": one line per cell of the table in the requirements. */
const DIFFERENCES: readonly [id: string, slug: Slug, read: () => unknown, expected: unknown][] = [
  // payment model, per service
  ["OS-11", "ostra", () => service("ostra", "mensa").payment.model, "prepaid"],
  ["OS-01", "ostra", () => service("ostra", "trasporto").payment.model, "fixed-fee"],
  ["MC-02", "monte-cremasco", () => service("monte-cremasco", "mensa").payment.model, "prepaid"],
  ["BI-05", "bitritto", () => service("bitritto", "mensa").payment.model, "prepaid"],
  ["PE-03", "pesaro", () => service("pesaro", "refezione").payment.model, "prepaid"],
  ["PE-01", "pesaro", () => service("pesaro", "scuolabus").kind, "transport"],
  ["PE-10", "pesaro", () => service("pesaro", "refezione").payment.directDebit, true],
  ["BO-02", "borghetto", () => service("borghetto", "mensa").payment.model, "postpaid"],
  // wallet scope
  ["OS-12", "ostra", () => canteen("ostra").payment.accountScope, "family"],
  ["MC-02", "monte-cremasco", () => canteen("monte-cremasco").payment.accountScope, "family"],
  ["BI-05", "bitritto", () => canteen("bitritto").payment.accountScope, "family"],
  ["PE-03", "pesaro", () => canteen("pesaro").payment.accountScope, "child-service"],
  ["PE-03", "pesaro", () => service("pesaro", "scuolabus").payment.accountScope, "child-service"],
  // bill grouping
  ["BO-02", "borghetto", () => canteen("borghetto").bill?.grouping, "child"],
  ["PE-13", "pesaro", () => canteen("pesaro").bill, undefined],
  // attendance
  ["BO-09", "borghetto", () => canteen("borghetto").attendance?.mode, "presumed"],
  ["BI-02", "bitritto", () => canteen("bitritto").attendance?.mode, "presumed"],
  ["PE-02", "pesaro", () => canteen("pesaro").attendance?.mode, "roll-call"],
  ["MC-13", "monte-cremasco", () => canteen("monte-cremasco").attendance?.mode, "roll-call"],
  // who reports absences
  ["MC-13", "monte-cremasco", () => canteen("monte-cremasco").absences?.reportedBy, "school"],
  ["BO-09", "borghetto", () => canteen("borghetto").absences?.reportedBy, "parents"],
  ["BI-03", "bitritto", () => canteen("bitritto").absences?.reportedBy, "school"],
  [
    "BI-03",
    "bitritto",
    () => canteen("bitritto").changes.map(({ absences }) => absences?.reportedBy),
    ["parents"],
  ],
  // cut-off per channel and per school
  [
    "BO-14",
    "borghetto",
    () => canteen("borghetto").cutoffs?.portal,
    { time: "09:00", daysBefore: 0 },
  ],
  ["BO-14", "borghetto", () => canteen("borghetto").cutoffs?.app, { time: "09:00", daysBefore: 0 }],
  [
    "BO-16",
    "borghetto",
    () => canteen("borghetto").cutoffs?.voice,
    { time: "09:00", daysBefore: 0, opensAt: "18:00" },
  ],
  ["BO-09", "borghetto", () => canteen("borghetto").cutoffs?.lateCountsForNextDay, false],
  ["PE-02", "pesaro", () => Object.keys(canteen("pesaro").cutoffs?.sites ?? {}).length, 1],
  // login
  ["OS-03", "ostra", () => of("ostra").login.enrolment, ["spid", "cie"]],
  ["OS-17", "ostra", () => of("ostra").login.topUp, ["credentials", "spid", "cie"]],
  ["MC-09", "monte-cremasco", () => of("monte-cremasco").login.portal, ["credentials"]],
  ["BI-01", "bitritto", () => of("bitritto").login.portal, ["spid"]],
  ["PE-04", "pesaro", () => of("pesaro").login.credentialsPer, "child"],
  ["BO-13", "borghetto", () => of("borghetto").login.portal, ["credentials", "spid", "cie"]],
  // negative balance
  [
    "MC-04",
    "monte-cremasco",
    () => canteen("monte-cremasco").negativeBalance?.rule,
    "allowed-until",
  ],
  ["BI-01", "bitritto", () => canteen("bitritto").negativeBalance?.rule, "never-blocks"],
  ["OS-11", "ostra", () => canteen("ostra").negativeBalance?.rule, "floor"],
  // residual credit
  [
    "MC-12",
    "monte-cremasco",
    () => canteen("monte-cremasco").residualCredit?.rule,
    "refunded-at-year-end-if-unused",
  ],
  ["BI-06", "bitritto", () => canteen("bitritto").residualCredit?.rule, "refunded-at-career-end"],
  ["PE-03", "pesaro", () => canteen("pesaro").residualCredit?.rule, "carried-over"],
  // prices
  [
    "MC-02",
    "monte-cremasco",
    () => canteen("monte-cremasco").tariffs[0]?.definition["kind"],
    "fixed",
  ],
  ["BI-05", "bitritto", () => canteen("bitritto").tariffs[0]?.definition["kind"], "brackets"],
  ["PE-03", "pesaro", () => canteen("pesaro").tariffs[0]?.definition["kind"], "linear"],
  [
    "OS-01",
    "ostra",
    () => service("ostra", "trasporto").tariffs[0]?.definition["kind"],
    "fixed-fee",
  ],
];

describe("profiles: what differs is configuration", () => {
  for (const [id, slug, read, expected] of DIFFERENCES) {
    const what = read
      .toString()
      .replace(/\s+/g, " ")
      .replace(/^\(\) => /, "");
    it(`${id} ${slug}: ${what}`, () => assert.deepEqual(read(), expected));
  }
});

describe("profiles: what each document promises", () => {
  it("OS-02 Ostra: enrolment on line only, from 19 July to 31 August", () => {
    const { enrolment } = of("ostra");
    assert.deepEqual(enrolment, { onlineOnly: true, window: { from: "07-19", to: "08-31" } });
  });

  it("OS-08 OS-11 OS-12 Ostra: one login, one wallet for every child's meals, fees beside it", () => {
    const { login, services } = of("ostra");
    assert.equal(login.credentialsPer, "holder");
    assert.equal(services["mensa"]?.payment.accountScope, "family");
    // the wallet pays meals; a fee must not eat it
    assert.equal(services["trasporto"]?.payment.accountScope, "child-service");
  });

  it("OS-10 MC-11 reminders by SMS start when the office decides", () => {
    for (const slug of ["ostra", "monte-cremasco"] as const) {
      assert.deepEqual(of(slug).notices.reminders, { channels: ["sms"], start: "office-decides" });
    }
  });

  it("MC-05 MC-08 Monte Cremasco: vouchers become credit, top-ups have no limits", () => {
    assert.equal(of("monte-cremasco").collection.vouchersAccepted, true);
    const { payment } = canteen("monte-cremasco");
    assert.equal(payment.minTopUpCents ?? payment.maxTopUpCents, undefined);
  });

  it("MC-10 Monte Cremasco: low-credit notices, refused in writing", () => {
    const { lowCredit, optOut } = of("monte-cremasco").notices;
    assert.deepEqual([lowCredit, optOut], [["sms", "email"], "written-request"]);
  });

  it("BI-01 BI-02 Bitritto: from 16 November, never on Saturdays and Sundays", () => {
    const { periods } = calendarFor(of("bitritto"), 2021);
    for (const { startsOn, weekdays } of periods) {
      assert.equal(startsOn.toString(), "2021-11-16");
      assert.equal(weekdays, 0b0011111);
    }
  });

  it("BI-01 Bitritto: SPID without CIE is allowed, with a warning that cites the law", () => {
    const { warnings } = profiles.bitritto;
    assert.equal(warnings.filter((text) => /SPID senza CIE.*art\. 64/.test(text)).length, 3);
    assert.ok(!profiles.borghetto.warnings.some((text) => text.includes("art. 64")));
  });

  it("BO-01 PE-04 MC-09 who has credentials says why, as an assumption to confirm", () => {
    for (const name of ["borghetto", "monte-cremasco", "ostra", "pesaro"] as const) {
      assert.match(of(name).login.credentialsReason ?? "", /SPID o CIE/);
      assert.ok(!profiles[name].warnings.some((text) => text.includes("motivazione")));
      assert.ok(of(name).assumed.some(({ path }) => path === "login.credentialsReason"));
    }
    assert.equal(of("bitritto").login.credentialsReason, undefined);
  });

  it("BI-08 BI-09 BI-10 Bitritto: 30 meals, another portal, Thursday hours, WhatsApp", () => {
    assert.equal(canteen("bitritto").payment.firstNoticeMeals, 30);
    assert.equal(of("bitritto").collection.otherPortal, "https://bitritto.comune.pluginpay.it");
    const { hours, whatsapp } = of("bitritto").office;
    assert.deepEqual(hours, { thu: ["10:00-12:00", "15:00-17:00"] });
    assert.equal(whatsapp, "3791972960");
  });

  it("OS-07 Pesaro: a codice fiscale that nobody knows stays empty, and the demo collects under one that says what it is", async () => {
    assert.equal(of("pesaro").town.fiscalCode, "");
    assert.ok(of("pesaro").assumed.some(({ path }) => path === "town.fiscalCode"));
    assert.ok(
      profiles.pesaro.warnings.some((text) => text.includes("codice fiscale da completare")),
    );
    for (const { profile, collection } of await demoTowns()) {
      const { town, creditor } = of(profile as (typeof SLUGS)[number]);
      const paid = collection.creditor ?? creditor ?? town;
      assert.ok(isElevenDigitCode(paid.fiscalCode), `${profile}: ${paid.fiscalCode}`);
      if (town.fiscalCode === "") assert.match(paid.name, /codice di prova/);
    }
  });

  it("PE-01 Pesaro: crèche, nursery, primary and secondary schools, and the school bus", () => {
    const levels = new Set(of("pesaro").schools.map(({ level }) => level));
    assert.deepEqual([...levels].toSorted(), ["infanzia", "nido", "primaria", "secondaria1"]);
    assert.deepEqual(Object.keys(of("pesaro").services), ["refezione", "scuolabus"]);
  });

  it("PE-15 Pesaro: front office hours per weekday, closed on Wednesday", () => {
    assert.deepEqual(of("pesaro").office.hours, {
      mon: ["08:30-13:30"],
      tue: ["08:30-13:30", "15:00-17:00"],
      thu: ["08:30-14:00", "14:45-17:00"],
      fri: ["08:30-13:30"],
    });
  });

  it("BO-08 Borghetto: cash only for old debts and 2023/24", () => {
    const { cash, pagoPaOnly } = of("borghetto").collection;
    assert.equal(pagoPaOnly, true);
    assert.equal(cash.length, 2);
    for (const { onlyFor } of cash) assert.match(onlyFor, /pregressi.*2023\/2024/);
  });

  it("BO-12 Borghetto: the plain meal is allowed; BO-24 contacts and PEC", () => {
    assert.equal(canteen("borghetto").plainMeal?.allowed, true);
    assert.equal(of("borghetto").office.pec, "comuneborghettoss@postecert.it");
    assert.ok(of("borghetto").office.phones.includes("0182 970000"));
  });

  it("BO-10 Borghetto: rientri by class; the canteen starts in October", () => {
    const { sessions, periods } = calendarFor(of("borghetto"), 2026);
    assert.ok(sessions.length > 0);
    for (const { startsOn } of periods) assert.equal(startsOn.toString(), "2026-10-01");
  });
});

const SEEDS = new URL("../../../shared/mission/seeds/", import.meta.url);
const DOCUMENTS: Record<Slug, string> = {
  ostra: "000_",
  "monte-cremasco": "001_",
  bitritto: "002_",
  pesaro: "003_",
  borghetto: "004_",
};

describe("profiles: contacts are facts of the document, or assumed", () => {
  const skip = existsSync(SEEDS) ? false : "skipped: ../shared is not here";
  for (const slug of SLUGS) {
    it(`${slug}`, { skip }, () => {
      const name = readdirSync(SEEDS).find((file) => file.startsWith(DOCUMENTS[slug]))!;
      const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9àèéìòù]/g, "");
      const document = plain(readFileSync(new URL(name, SEEDS), "utf8"));
      const { office, town, assumed } = of(slug);
      const values: [path: string, value: string][] = [
        ["town.fiscalCode", town.fiscalCode],
        ["town.website", town.website.replace(/^https?:\/\/(www\.)?/, "")],
        ["office.contactPerson", office.contactPerson],
        ["office.whatsapp", office.whatsapp],
        ["office.pec", office.pec],
        ["office.signatory", office.signatory.split(/[,.] ?/).at(-1) ?? ""],
        ...office.emails.map((value): [string, string] => ["office.emails", value]),
        // one document writes three extensions of the same number
        ...office.phones.map((value): [string, string] => ["office.phones", value.slice(-3)]),
        ...(office.hours.mon ?? []).map((range): [string, string] => [
          "office.hours",
          range.slice(0, 5).replace(/^0/, ""),
        ]),
      ];
      for (const [path, value] of values) {
        const isAssumed = assumed.some((entry) => entry.path === path);
        assert.ok(isAssumed || document.includes(plain(value)), `${path}: ${value}`);
      }
    });
  }
});

describe("profiles: no town in the code", () => {
  it("no slug, name or shortName of a town appears under src/", () => {
    const root = new URL("../../src/", import.meta.url);
    const words = SLUGS.flatMap((slug) => [slug, of(slug).town.name, of(slug).town.shortName]);
    const files = readdirSync(root, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.(ts|mjs|css)$/.test(name))) {
      // Fixtures retype public tariffs and real codici fiscali name birth places: neither is a branch.
      if (/\.test\.ts$|fixtures\//.test(file)) continue;
      const text = readFileSync(new URL(file, root), "utf8").toLowerCase();
      const found = words.filter((word) =>
        new RegExp(`["'\`]${word.toLowerCase()}["'\`]`).test(text),
      );
      assert.deepEqual(found, [], `${file} names ${found.join(", ")}`);
    }
  });
});
