// SPDX-License-Identifier: EUPL-1.2
/** The pure part of the tablet's script, run by node as it is. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

interface Rules {
  stripSentence(view: object): string;
  waitSeconds(failures: number): number;
  replacedBy(changes: object[], next: object): { id: number } | undefined;
  judgeAnswer(status: number, told: unknown): { verdict: string; said?: string };
  searchNames(children: { name: string }[], text: string): { name: string }[];
  changeWords(change: object, names: Map<string, string>, today: string): string;
}
const rules = (await import(
  new URL("../../src/surfaces/ui/client/school/rules.js", import.meta.url).href
)) as Rules;

const NINE = new Date(2026, 10, 24, 8, 58).getTime();
const view = { since: 0, over: false, unsent: 0, waits: 0, drafts: [], back: undefined };

describe("the words of the strip", () => {
  it("X-03 says since when, and how many changes are saved here", () => {
    const { stripSentence } = rules;
    const away = { ...view, since: NINE };
    assert.equal(
      stripSentence({ ...away, unsent: 3 }),
      "Senza rete dalle 8:58. L'appello continua: 3 modifiche salvate qui.",
    );
    assert.match(stripSentence({ ...away, unsent: 1 }), /: 1 modifica salvata qui\.$/);
    assert.equal(stripSentence(view), "");
    const back = { time: "9:14" };
    assert.equal(stripSentence({ ...view, back }), "Rete tornata: tutto inviato alle 9:14.");
    assert.doesNotMatch(stripSentence({ ...view, back, waits: 1 }), /tutto/);
    assert.match(stripSentence({ ...view, back, drafts: ["3A"] }), /Appello da inviare: 3A\./);
    assert.match(
      stripSentence({ ...view, over: true, unsent: 2 }),
      /2 modifiche salvate qui, partono/,
    );
  });
});

describe("what is sent, and what an answer means", () => {
  const call = (fields: Record<string, string>, more: object = {}) => ({
    id: 1,
    kind: "roll-call",
    owner: "a",
    classId: "c",
    state: "waiting",
    tried: false,
    fields: Object.entries({ giorno: "2026-11-24", servizio: "mensa", fase: "mattino", ...fields }),
    ...more,
  });

  it("replaces a roll call of the same list that was never tried, and no other", () => {
    const next = call({ assenti: "x" });
    assert.equal(rules.replacedBy([call({})], next)?.id, 1);
    for (const other of [
      call({}, { tried: true }),
      call({}, { state: "stopped" }),
      call({}, { owner: "b" }),
      call({}, { classId: "d" }),
      call({}, { kind: "walk-in" }),
      call({ fase: "mezzogiorno" }),
      call({ giorno: "2026-11-23" }),
    ])
      assert.equal(rules.replacedBy([other], next), undefined);
  });

  it("repeats what nobody answered, stops at what was answered, never drops anything by itself", () => {
    const verdict = (status: number, told: unknown = null) =>
      rules.judgeAnswer(status, told).verdict;
    for (const status of [502, 503, 504, 429, 408]) assert.equal(verdict(status), "later");
    assert.equal(verdict(500), "failed");
    for (const status of [0, 401]) assert.equal(verdict(status), "over");
    for (const status of [400, 403, 404, 413]) assert.equal(verdict(status), "stopped");
    assert.equal(verdict(200, { outcome: "recorded" }), "sent");
    assert.equal(verdict(200, { outcome: "refused", said: "x" }), "stopped");
    assert.equal(verdict(200, null), "stopped", "an answer of something else than our server");
    const waits = [1, 2, 3, 4, 5, 6, 50].map((failures) => rules.waitSeconds(failures));
    assert.deepEqual(waits, [2, 4, 8, 16, 20, 20, 20]);
  });

  it("finds names as the server does", () => {
    const children = [{ name: "D'Angelo Nicolò" }, { name: "Gatti Leo" }];
    const found = (text: string) => rules.searchNames(children, text).map(({ name }) => name);
    assert.deepEqual(found("nicolo dang"), ["D'Angelo Nicolò"]);
    assert.deepEqual(found("le"), ["Gatti Leo"]);
    assert.deepEqual([found(""), found(" "), found("atti")], [[], [], []]);
  });

  it("can be read before it is thrown away; without the names of the day it counts", () => {
    const change = call({ assenti: "x" }, { className: "3A", day: "2026-11-24", savedAt: NINE });
    const names = new Map([["x", "Bianchi Omar"]]);
    const words = (known: Map<string, string>, today: string, more = {}) =>
      rules.changeWords({ ...change, ...more }, known, today);
    assert.equal(
      words(names, "2026-11-24"),
      "3A, appello: 1 assente (Bianchi Omar). Salvato alle 8:58.",
    );
    assert.equal(
      words(new Map(), "2026-11-25", { tried: true }),
      "3A, martedì 24 novembre, appello: 1 assente. Salvato alle 8:58. Forse è già arrivato.",
    );
    const walkIn = { kind: "walk-in", fields: [["descrizione", "zaino blu"]] };
    assert.match(words(names, "2026-11-24", walkIn), /fuori lista: senza nome \(«zaino blu»\)\./);
  });
});
