// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import { judgeNews, newsAuthor, newsState, tidyNews } from "./news.ts";

const TODAY = day("2026-11-24");
const judge = (title: string, body = "Da lunedì il menù invernale.", until: string | null = null) =>
  judgeNews({ title, body, shownUntil: until === null ? null : day(until) }, TODAY);

describe("words of a piece of news", () => {
  it("PE-08 keeps line breaks; what cannot be printed, and half an emoji, goes", () => {
    assert.equal(
      tidyNews("  uno \r\ndue\u0007\u202Etre\n\n\n\nfine\uD83D"),
      "uno\ndue tre\n\nfine",
    );
    const judged = judge("Menù\ninvernale\uD83C", "Pasta\r\nal forno 🍝");
    assert.deepEqual(judged.outcome === "fit" && judged.words, {
      title: "Menù invernale",
      body: "Pasta\nal forno 🍝",
      shownUntil: null,
    });
  });

  it("PE-08 says what is wrong, field by field", () => {
    const faults = (judged: ReturnType<typeof judge>) =>
      judged.outcome === "invalid" ? judged.faults : null;
    assert.deepEqual(faults(judge("", " \u0000 ", "2026-11-23")), {
      title: "missing",
      body: "missing",
      shownUntil: "in-past",
    });
    assert.deepEqual(faults(judge("🍝🍝")), { title: "too-short" });
    assert.deepEqual(faults(judge("a".repeat(121))), { title: "too-long" });
    assert.deepEqual(faults(judge("Menù", "a".repeat(4001))), { body: "too-long" });
    assert.equal(judge("🍝".repeat(120), "b".repeat(4000), "2026-11-24").outcome, "fit");
  });

  it("PE-08 whatever is typed, what is kept fits the table and is whole text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (title, body) => {
        const judged = judge(title, body);
        if (judged.outcome === "invalid") return;
        for (const text of [judged.words.title, judged.words.body]) {
          assert.ok(text.isWellFormed());
          assert.ok([...text].length >= 3);
          assert.doesNotMatch(text, /[^\P{C}\n]/u);
        }
        assert.doesNotMatch(judged.words.title, /\n/);
      }),
    );
  });

  it("BO-21 the office speaks for the municipality, the catering company for itself, nobody else", () => {
    assert.equal(newsAuthor("office"), "municipality");
    assert.equal(newsAuthor("administrator"), "municipality");
    assert.equal(newsAuthor("caterer"), "caterer");
    for (const role of ["guardian", "delegate", "school", "kitchen", "driver", "system"] as const)
      assert.equal(newsAuthor(role), null);
  });

  it("BO-21 is shown through its last day, and no more once taken back", () => {
    const at = (until: string | null, withdrawnAt: Temporal.Instant | null = null) =>
      newsState({ shownUntil: until === null ? null : day(until), withdrawnAt }, TODAY);
    assert.equal(at(null), "shown");
    assert.equal(at("2026-11-24"), "shown");
    assert.equal(at("2026-11-23"), "over");
    assert.equal(at("2026-11-23", Temporal.Instant.from("2026-11-20T08:00:00Z")), "withdrawn");
  });
});
