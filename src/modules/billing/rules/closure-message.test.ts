// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import { closureMessage } from "./closure-message.ts";

const base = {
  services: [{ kind: "canteen", name: "Refezione" }] as const,
  from: day("2026-11-26"),
  to: day("2026-11-26"),
  place: { siteName: null, className: null },
  today: day("2026-11-20"),
  children: ["Giulia"],
  reason: "strike",
  note: "",
  returns: [{ children: ["Giulia"], on: day("2026-11-30") }],
  money: "no-charge",
} as const;
const place = (siteName: string, className: string | null = null) =>
  closureMessage({ ...base, place: { siteName, className } }, "it").body.split(":")[0];

describe("BO-19 the words of a closure", () => {
  it("name every school as one says it", () => {
    const begin = "Giovedì 26 novembre la mensa è chiusa";
    assert.equal(place("Primaria Rodari"), `${begin} alla Primaria Rodari`);
    assert.equal(place("Scuola dell'infanzia Pineta"), `${begin} alla Scuola dell'infanzia Pineta`);
    assert.equal(place("Infanzia Pineta"), `${begin} all'Infanzia Pineta`);
    assert.equal(place("Nido Arcobaleno"), `${begin} al Nido Arcobaleno`);
    assert.equal(place("G. Rodari"), `${begin} presso G. Rodari`);
    assert.equal(place("Primaria Rodari", "3A"), `${begin} nella classe 3A, Primaria Rodari`);
    assert.equal(
      place("Infanzia Pineta", "Sezione A"),
      `${begin} nella sezione A, Infanzia Pineta`,
    );
  });

  it("no name in the subject; the office's own note as it was written, in English beside the reason", () => {
    const note = "sciopero dei bus";
    const it = closureMessage({ ...base, note }, "it");
    assert.equal(it.subject, "Mensa chiusa giovedì 26 novembre");
    assert.match(it.body, /in tutte le scuole: sciopero dei bus\. /);
    assert.match(closureMessage({ ...base, note }, "en").body, /: strike \(sciopero dei bus\)\. /);
  });

  it("other services are suspended; no day of return is none told; what was charged is taken back", () => {
    const services = [
      { kind: "transport", name: "Scuolabus" },
      { kind: "canteen", name: "Refezione" },
    ] as const;
    const returns = [{ children: ["Giulia"], on: null }];
    const of = { ...base, services, returns, money: "reversed", to: day("2026-11-27") } as const;
    assert.deepEqual(closureMessage(of, "it"), {
      subject: "Sospeso da giovedì 26 novembre a venerdì 27 novembre: scuolabus e mensa",
      body:
        "Da giovedì 26 novembre a venerdì 27 novembre i servizi scuolabus e mensa sono sospesi in tutte " +
        "le scuole: sciopero. Riguarda Giulia. Non serve disdire. Nessun addebito: quello già fatto è stornato.",
    });
  });
});
