// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type ParsedProfile, parseProfile, problemText } from "./profile.ts";

/** A whole profile, as short as it can be. Each test changes one line of it. */
const TOWN = `profile: prova
version: 1
title: Comune di prova
source: { title: Avviso alle famiglie, publisher: Comune di prova }
town:
  name: Comune di prova
  shortName: Prova
  province: MI
  fiscalCode: "00229160098"
  cadastralCode: F205
  address: Piazza 1
office:
  name: Ufficio Scuola
  pec: scuola@pec.example.it
  hours:
    mon: [09:00-12:00]
login:
  portal: [spid, cie]
  enrolment: [spid, cie]
  topUp: [spid, cie]
patronDay: { month: 12, day: 7, name: Patrono }
accessibility: { email: accesso@example.it }
schoolYear:
  starts: 09-12
  ends: 06-08
  breaks:
    - { name: Pasqua, from: easter-3, to: easter+2 }
services:
  mensa:
    kind: canteen
    name: Mensa
    payment: { model: prepaid, accountScope: family }
    attendance: { mode: presumed }
    absences: { reportedBy: parents }
    cutoffs:
      portal: { time: 09:00 }
      office: { time: 09:00 }
      school: { time: 09:00 }
    negativeBalance: { rule: never-blocks }
    residualCredit: { rule: carried-over }
    periods:
      - { from: 10-01, to: 05-31 }
    rientri:
      - { level: primaria, weekdays: [mon, wed] }
    tariffs:
      - { validFrom: 09-01, definition: { kind: fixed, price: "4,00" } }
schools:
  - name: Scuola primaria
    level: primaria
    classes: { 1: [A] }
assumed:
  - { path: services.mensa.cutoffs.portal, reason: il documento non lo dice }
`;

function changed(from: string, to: string): { parsed: ParsedProfile; line: number } {
  assert.ok(TOWN.includes(from), `the example has no ${from}`);
  const line = TOWN.slice(0, TOWN.indexOf(from)).split("\n").length;
  return { parsed: parseProfile(TOWN.replace(from, to), "prova.yaml"), line };
}

const errorsOf = (parsed: ParsedProfile) => ("errors" in parsed ? parsed.errors : []);

describe("parseProfile", () => {
  it("reads a right profile without errors and without warnings", () => {
    const parsed = parseProfile(TOWN, "prova.yaml");
    assert.deepEqual(errorsOf(parsed), []);
    assert.deepEqual(parsed.warnings, []);
  });

  const planted: [what: string, from: string, to: string, path: string, message: RegExp][] = [
    [
      "a wrong hour",
      "portal: { time: 09:00 }",
      "portal: { time: 9 e 30 }",
      "services.mensa.cutoffs.portal.time",
      /09:00/,
    ],
    [
      "an unknown key, with the nearest",
      "  absences:",
      "  absence:",
      "services.mensa.absence",
      /forse «absences»/,
    ],
    [
      "a wrong choice, with the nearest",
      "model: prepaid",
      "model: prepayed",
      "services.mensa.payment.model",
      /forse «prepaid»/,
    ],
    [
      "a number that lost its zeros",
      '"00229160098"',
      "00229160098",
      "town.fiscalCode",
      /virgolette/,
    ],
    ["a wrong check digit", "00229160098", "00229160099", "town.fiscalCode", /ultima cifra/],
    [
      "a day that does not exist",
      "starts: 09-12",
      "starts: 09-31",
      "schoolYear.starts",
      /mese-giorno/,
    ],
    [
      "an end before its start",
      "ends: 06-08",
      "ends: 09-01",
      "schoolYear.ends",
      /prima dell'inizio/,
    ],
    [
      "an assumed path that does not exist",
      "path: services.mensa.cutoffs.portal",
      "path: services.mensa.cutoff.portal",
      "assumed.1.path",
      /non esiste/,
    ],
    [
      "an assumed value without reason",
      "reason: il documento non lo dice",
      "reason: boh",
      "assumed.1.reason",
      /10 caratteri/,
    ],
    [
      "a class that no school has",
      "level: primaria, weekdays: [mon, wed]",
      "level: nido, weekdays: [mon, wed]",
      "services.mensa.rientri.1",
      /nessuna classe/,
    ],
    [
      "a weekday that is none",
      "weekdays: [mon, wed]",
      "weekdays: [mon, mer]",
      "services.mensa.rientri.1.weekdays.2",
      /scegliere tra mon/,
    ],
    [
      "an unknown rule",
      "rule: never-blocks",
      "rule: mai",
      "services.mensa.negativeBalance.rule",
      /never-blocks/,
    ],
    [
      "a grade outside 1–5",
      "classes: { 1: [A] }",
      "classes: { 6: [A] }",
      "schools.1.classes.6",
      /voce sconosciuta «6»/,
    ],
    [
      "opening hours upside down",
      "[09:00-12:00]",
      "[12:00-09:00]",
      "office.hours.mon.1",
      /apertura/,
    ],
    [
      "a key written twice",
      "  name: Ufficio Scuola",
      "  pec: altra@pec.example.it\n  name: Ufficio Scuola",
      "",
      /due volte/,
    ],
  ];
  for (const [what, from, to, path, message] of planted) {
    it(`names the line of ${what}`, () => {
      const { parsed, line } = changed(from, to);
      const errors = errorsOf(parsed);
      assert.equal(errors.length > 0, true);
      const found = errors.find((error) => error.path === path);
      assert.ok(found, JSON.stringify(errors));
      assert.match(found.message, message);
      if (path !== "") assert.equal(found.line, line);
    });
  }

  it("names what is missing at the group it is missing from", () => {
    const { parsed } = changed("    attendance: { mode: presumed }\n", "");
    const [error] = errorsOf(parsed);
    assert.equal(error?.path, "services.mensa.attendance");
    assert.match(error.message, /manca «attendance»/);
    assert.equal(error.line, TOWN.split("\n").indexOf("  mensa:") + 1);
  });

  it("a postpaid service needs its bill", () => {
    const { parsed } = changed("model: prepaid", "model: postpaid");
    assert.match(errorsOf(parsed)[0]?.message ?? "", /manca «bill»/);
  });

  it("BO-14 a late cancellation may count for the next service day: yes or no, nothing else", () => {
    const withRule = (value: string) =>
      changed(
        "      school: { time: 09:00 }",
        `      school: { time: 09:00 }\n      lateCountsForNextDay: ${value}`,
      ).parsed;
    assert.ok("profile" in withRule("true"));
    const [error] = errorsOf(withRule("domani"));
    assert.equal(error?.path, "services.mensa.cutoffs.lateCountsForNextDay");
  });

  it("a school named in a cut-off must be in the list", () => {
    const { parsed } = changed(
      "      school: { time: 09:00 }",
      "      school: { time: 09:00 }\n      sites: { Altra scuola: { portal: { time: 08:00 } } }",
    );
    assert.match(errorsOf(parsed)[0]?.message ?? "", /Altra scuola.*non è tra le scuole/);
  });

  it("gives several problems at once, in the order of the file", () => {
    const text = TOWN.replace("province: MI", "province: Milano").replace(
      "kind: canteen",
      "kind: bar",
    );
    const errors = errorsOf(parseProfile(text, "prova.yaml"));
    assert.deepEqual(
      errors.map(({ path }) => path),
      ["town.province", "services.mensa.kind"],
    );
  });

  it("refuses anchors and aliases: a small file must stay small", () => {
    const { parsed } = changed("version: 1", "version: &v 1\ntitle2: *v");
    assert.match(errorsOf(parsed)[0]?.message ?? "", /ancore e rimandi/);
  });

  it("refuses an empty file, broken YAML and a huge file", () => {
    assert.match(errorsOf(parseProfile("", "p.yaml"))[0]?.message ?? "", /vuoto/);
    assert.ok(errorsOf(parseProfile("town: [", "p.yaml")).length > 0);
    const huge = `# ${"x".repeat(300_000)}`;
    assert.match(errorsOf(parseProfile(huge, "p.yaml"))[0]?.message ?? "", /256 KB/);
  });

  it("shows problems as file:line:column", () => {
    const problem = { line: 3, column: 7, path: "town.name", message: "manca" };
    assert.equal(problemText("a.yaml", problem), "a.yaml:3:7  manca  (town.name)");
  });

  it("asks the tariffs' owner about definitions and points into them", () => {
    const parsed = parseProfile(TOWN, "prova.yaml", () => [
      { path: ["price"], message: "importo non valido" },
    ]);
    const [error] = errorsOf(parsed);
    assert.equal(error?.path, "services.mensa.tariffs.1.definition.price");
    assert.equal(error.line, TOWN.slice(0, TOWN.indexOf("validFrom")).split("\n").length);
  });
});

describe("parseProfile takes anything", () => {
  const lines = TOWN.trimEnd().split("\n");
  const place = fc.integer({ min: 0, max: lines.length - 1 });
  const word = fc.constantFrom(
    "",
    "[",
    "{}",
    "null",
    "-",
    "a: b",
    "  x:",
    "!!binary x",
    "09-31",
    "1e9",
    "__proto__: 1",
  );

  const check = (text: string): void => {
    const parsed = parseProfile(text, "p.yaml");
    const count = text.split("\n").length;
    const problems = [...("errors" in parsed ? parsed.errors : []), ...parsed.warnings];
    for (const { line, column, message } of problems) {
      assert.ok(line >= 1 && line <= count && column >= 1 && message.length > 0);
    }
    assert.ok("profile" in parsed || parsed.errors.length > 0);
  };

  it("a line taken out or replaced is read or refused with a place, never a crash", () => {
    const part = fc.oneof(word, fc.string({ unit: "grapheme", maxLength: 30 }));
    fc.assert(
      fc.property(place, part, fc.boolean(), (index, text, keepsKey) => {
        const line = lines[index]!;
        const replacement = keepsKey ? `${line.split(":")[0]}: ${text}` : text;
        check(lines.with(index, replacement).join("\n"));
        check(lines.toSpliced(index, 1).join("\n"));
      }),
      { numRuns: 300 },
    );
  });

  it("so is any other text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), check));
  });
});

describe("warnings: what the law also wants", () => {
  const warned: [what: string, from: string, to: string, message: RegExp][] = [
    ["SPID without CIE", "portal: [spid, cie]", "portal: [spid]", /art\. 64 del CAD/],
    [
      "credentials alone",
      "portal: [spid, cie]",
      "portal: [credentials]\n  credentialsReason: chi non ha SPID né CIE",
      /solo credenziali/,
    ],
    [
      "credentials without a reason (BO-13)",
      "portal: [spid, cie]",
      "portal: [spid, cie, credentials]",
      /senza motivazione.*d\.l\. 76\/2020/,
    ],
    ["no PEC", "  pec: scuola@pec.example.it\n", "", /PEC/],
    [
      "no accessibility contact",
      "accessibility: { email: accesso@example.it }\n",
      "",
      /legge 4\/2004/,
    ],
    [
      "prepaid without a rule for residual credit",
      "    residualCredit: { rule: carried-over }\n",
      "",
      /credito residuo/,
    ],
    [
      "an office that stops before the families",
      "office: { time: 09:00 }",
      "office: { time: 08:30 }",
      /prima delle famiglie/,
    ],
    ["a fiscal code still to be filled in", "00229160098", "", /da completare/],
  ];
  for (const [what, from, to, message] of warned) {
    it(`warns of ${what}, and loads`, () => {
      const { parsed } = changed(from, to);
      assert.deepEqual(errorsOf(parsed), []);
      assert.equal(parsed.warnings.length, 1);
      assert.match(parsed.warnings[0]?.message ?? "", message);
    });
  }
});
