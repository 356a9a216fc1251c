// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import { differencesOf, diffProfile, frozenChanges, type StoredSetting } from "./diff-settings.ts";
import type { Profile } from "./profile-schema.ts";
import { parseProfile } from "./profile.ts";
import { settingsFor } from "./resolve-profile.ts";

const TOWN = `profile: prova
version: 1
title: Comune di prova
source: { title: Avviso, publisher: Comune }
town: { name: Prova, shortName: Prova, province: MI, fiscalCode: "00229160098", cadastralCode: F205, address: Via 1 }
office: { name: Ufficio }
login: { portal: [spid], enrolment: [spid], topUp: [spid] }
patronDay: { month: 12, day: 7, name: Patrono }
schoolYear: { starts: 09-12, ends: 06-08 }
services:
  mensa:
    kind: canteen
    name: Mensa
    payment: { model: prepaid, accountScope: family }
    attendance: { mode: presumed }
    absences: { reportedBy: school }
    cutoffs: { portal: { time: 09:00 }, office: { time: 09:00 }, school: { time: 09:00 } }
    changes: CHANGES
    periods: [{ from: 10-01, to: 05-31 }]
    tariffs: [{ validFrom: 09-01, definition: { kind: fixed } }]
schools: [{ name: Scuola, level: primaria, classes: { 1: [A] } }]
`;

function profileWith(changes: readonly { from: string; by: string }[]): Profile {
  const list = changes.map(({ from, by }) => `{ from: ${from}, absences: { reportedBy: ${by} } }`);
  const parsed = parseProfile(TOWN.replace("CHANGES", `[${list.join(", ")}]`), "p.yaml");
  if ("errors" in parsed) assert.fail(JSON.stringify(parsed.errors));
  return parsed.profile;
}

/** What `applyProfile` does to the rows, without a database. */
function applied(rows: readonly StoredSetting[], profile: Profile, year: number): StoredSetting[] {
  const changes = diffProfile(rows, profile, year).filter(({ kind }) => kind !== "kept-office");
  const touched = new Set(
    changes.map(({ scope, key, validFrom }) => `${scope}/${key}/${validFrom}`),
  );
  return [
    ...rows.filter(({ scope, key, validFrom }) => !touched.has(`${scope}/${key}/${validFrom}`)),
    ...changes
      .filter(({ kind }) => kind !== "removed")
      .map(({ scope, key, validFrom, value, assumedReason }): StoredSetting => ({
        ...{ scope, key, validFrom, value, assumedReason },
        source: "profile",
      })),
  ];
}

const onDay = (rows: readonly StoredSetting[], key: string, date: string): unknown =>
  rows
    .filter((row) => row.key === key && Temporal.PlainDate.compare(row.validFrom, day(date)) <= 0)
    .toSorted((a, b) => Temporal.PlainDate.compare(a.validFrom, b.validFrom))
    .at(-1)?.value;

describe("diffProfile", () => {
  it("BI-03 a switch without a year comes back every school year", () => {
    const profile = profileWith([{ from: "12-01", by: "parents" }]);
    const rows = applied(applied([], profile, 2026), profile, 2027);
    const by = (date: string) =>
      (onDay(rows, "absences", date) as { reportedBy: string }).reportedBy;
    assert.deepEqual(
      ["2026-11-30", "2026-12-01", "2027-07-31", "2027-08-01", "2027-12-01"].map(by),
      ["school", "parents", "parents", "school", "parents"],
    );
  });

  it("BI-03 a switch with a full date happens once and holds in the years after", () => {
    const profile = profileWith([{ from: "2026-12-01", by: "parents" }]);
    assert.equal(
      settingsFor(profile, 2025).filter(({ key }) => key === "absences").length,
      1,
      "a switch of a later year waits",
    );
    const rows = applied(applied([], profile, 2026), profile, 2027);
    const by = (date: string) =>
      (onDay(rows, "absences", date) as { reportedBy: string }).reportedBy;
    assert.deepEqual(["2026-11-30", "2027-08-01", "2028-01-01"].map(by), [
      "school",
      "parents",
      "parents",
    ]);
  });

  it("moving a switch removes the old day", () => {
    const rows = applied([], profileWith([{ from: "12-01", by: "parents" }]), 2026);
    const changes = diffProfile(rows, profileWith([{ from: "01-10", by: "parents" }]), 2026);
    assert.deepEqual(
      changes.map(({ kind, validFrom }) => `${kind} ${validFrom}`),
      ["removed 2026-12-01", "changed 2027-01-10"],
    );
  });

  it("a row that the office set is never removed nor overwritten", () => {
    const profile = profileWith([]);
    const office: StoredSetting = {
      scope: "mensa",
      key: "absences",
      validFrom: day("2026-10-15"),
      value: { reportedBy: "both" },
      assumedReason: null,
      source: "office",
    };
    const rows = [...applied([], profile, 2026), office];
    assert.deepEqual(diffProfile(rows, profile, 2026), []);
    const onTheSameDay = profileWith([{ from: "10-15", by: "parents" }]);
    assert.deepEqual(
      diffProfile(rows, onTheSameDay, 2026).map(({ kind }) => kind),
      ["kept-office"],
    );
  });

  it("applied once, any profile gives no difference, and each day has the value it asks for", () => {
    const change = fc.record({
      from: fc.constantFrom(
        "09-01",
        "11-15",
        "12-01",
        "03-10",
        "2026-10-10",
        "2027-02-01",
        "2024-01-01",
        "2029-01-01",
      ),
      by: fc.constantFrom("school", "parents", "both"),
    });
    const list = fc.uniqueArray(change, { selector: ({ from }) => from, maxLength: 4 });
    fc.assert(
      fc.property(list, list, fc.constantFrom(2026, 2027), (before, after, year) => {
        const rows = applied(applied([], profileWith(before), 2026), profileWith(after), year);
        assert.deepEqual(diffProfile(rows, profileWith(after), year), []);
        for (const { scope, key, validFrom, value } of settingsFor(profileWith(after), year)) {
          const own = rows.filter((row) => row.scope === scope);
          assert.deepEqual(onDay(own, key, validFrom.toString()), value);
        }
      }),
    );
  });
});

describe("frozenChanges", () => {
  const profile = profileWith([]);
  const rows = applied([], profile, 2026);
  const other = structuredClone(profile);
  other.services["mensa"]!.payment.accountScope = "child";

  it("refuses wallet scope only once the year has postings", () => {
    const changes = diffProfile(rows, other, 2026);
    assert.equal(frozenChanges(changes, false).length, 0);
    assert.equal(frozenChanges(changes, true).length, 1);
  });

  it("a new service is not frozen", () => {
    assert.equal(frozenChanges(diffProfile([], other, 2026), true).length, 0);
  });
});

describe("differencesOf", () => {
  it("names the leaves", () => {
    assert.deepEqual(differencesOf({ a: { b: 1, c: [1] } }, { a: { b: 2, c: [1] }, d: 3 }), [
      { path: "a.b", old: 1, new: 2 },
      { path: "d", old: undefined, new: 3 },
    ]);
  });
});
