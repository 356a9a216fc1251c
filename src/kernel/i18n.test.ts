// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day, moment } from "./dates.ts";
import { catalogue, elided, formats, plural } from "./i18n.ts";

describe("formats", () => {
  const it_ = formats("it");
  const tuesday = day("2026-11-24");
  it("X-01 writes days as families read them", () => {
    assert.equal(it_.day(tuesday), "martedì 24 novembre");
    assert.equal(it_.dayFrom(tuesday, tuesday), "oggi, martedì 24 novembre");
    assert.equal(it_.dayFrom(tuesday, day("2026-11-23")), "domani, martedì 24 novembre");
    assert.equal(it_.dayFrom(tuesday, day("2026-11-25")), "ieri, martedì 24 novembre");
    assert.equal(it_.dayFrom(tuesday, day("2026-10-25")), "martedì 24 novembre");
    assert.equal(it_.dayFrom(day("2027-01-01"), day("2026-12-31")), "domani, venerdì 1 gennaio");
    assert.equal(it_.dayFrom(day("2027-01-18"), tuesday), "lunedì 18 gennaio 2027");
    assert.equal(it_.dayBy(tuesday, day("2026-01-01")), "martedì 24 novembre");
    assert.equal(it_.dayBy(day("2027-01-18"), tuesday), "lunedì 18 gennaio 2027");
    assert.equal(it_.dayWithYear(tuesday), "martedì 24 novembre 2026");
    assert.equal(it_.shortDay(day("2026-03-01")), "01/03/2026");
    assert.equal(it_.month(tuesday), "novembre 2026");
    assert.deepEqual(
      [it_.weekdayShort(1), it_.weekday(7), it_.monthName(1)],
      ["lun", "domenica", "gennaio"],
    );
  });

  it("X-01 writes Rome's time, seconds on receipts, across daylight saving", () => {
    assert.equal(it_.time(moment("2026-11-24T07:40:59Z")), "8:40");
    assert.equal(it_.timeWithSeconds(moment("2026-11-24T07:41:07Z")), "8:41:07");
    assert.equal(it_.time(moment("2026-06-01T07:05:00Z")), "9:05");
    assert.equal(it_.time(Temporal.PlainTime.from("09:00")), "9:00");
    assert.equal(it_.dayAndTime(moment("2026-11-24T07:41:07Z")), "24 novembre alle 8:41");
  });

  it("counts and lists", () => {
    assert.deepEqual([0, 1, 20, 60, 65].map(it_.minutes), [
      "meno di un minuto",
      "1 minuto",
      "20 minuti",
      "1 ora",
      "1 ora e 5 minuti",
    ]);
    assert.equal(it_.list(["Giulia", "Tommaso"]), "Giulia e Tommaso");
    assert.equal(it_.list(["Sofia", "Edoardo"]), "Sofia ed Edoardo");
    assert.equal(it_.list(["Anna e Ugo", "Eva", "Èlia"]), "Anna e Ugo, Eva ed Èlia");
    assert.deepEqual(
      ["Eva", ""].map((one) => it_.list([one])),
      ["Eva", ""],
    );
    assert.equal(formats("en").list(["Sofia", "Edoardo"]), "Sofia and Edoardo");
    assert.equal(it_.number(1284), "1.284");
    assert.equal(plural(1, "pasto", "pasti"), "1 pasto");
    assert.equal(plural(2n, "pasto", "pasti"), "2 pasti");
  });

  it("X-01 the article before 8 and 11 loses its vowel", () => {
    assert.equal(elided("dal 8 giugno al 11 luglio"), "dall'8 giugno all'11 luglio");
    assert.equal(elided("Dal 11 settembre al 8 giugno"), "Dall'11 settembre all'8 giugno");
    assert.equal(elided("dal 1 al 18, dal 80 al 110"), "dal 1 al 18, dal 80 al 110");
    assert.equal(elided("fino al 31 dicembre, del 8 maggio"), "fino al 31 dicembre, dell'8 maggio");
  });

  it("speaks English", () => {
    assert.equal(formats("en").dayFrom(tuesday, tuesday), "today, Tuesday 24 November");
  });

  it("falls back to Italian where a catalogue has no English", () => {
    assert.equal(catalogue({ it: { a: "sì" } })("en").a, "sì");
  });
});
