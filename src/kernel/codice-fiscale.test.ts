// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadPlaces } from "./belfiore.ts";
import {
  birthDateOf,
  controlCharacter,
  type CodiceFiscale,
  expectedFifteen,
  isElevenDigitCode,
  maskCodiceFiscale,
  mismatches,
  readCodiceFiscale,
  type Sex,
} from "./codice-fiscale.ts";
import { day } from "./dates.ts";

/** Synthetic people: surname, given name, sex, birth date, place, province, code. */
const PEOPLE: [string, string, Sex, string, string, string, string][] = [
  ["Rossi", "Maria", "F", "1985-03-12", "Ostra", "AN", "RSSMRA85C52F401H"],
  ["Bianchi", "Giulia", "F", "2016-05-01", "Pesaro", "PU", "BNCGLI16E41G479U"],
  ["D'Angelo", "Luca", "M", "2017-11-30", "Bitritto", "BA", "DNGLCU17S30A894B"],
  ["Fo", "Anna", "F", "2018-01-08", "Monte Cremasco", "CR", "FOXNNA18A48F434N"],
  ["Rosi", "Marco", "M", "1980-12-31", "Borghetto Santo Spirito", "SV", "RSOMRC80T31A999Q"],
  ["De Santis", "Gianfranco", "M", "1979-07-07", "Milano", "MI", "DSNGFR79L07F205V"],
  ["Xu", "Io", "M", "2015-02-28", "Roma", "RM", "XUXIOX15B28H501C"],
  ["Nicolò", "Àlessia", "F", "2014-09-15", "Torino", "TO", "NCLLSS14P55L219A"],
  ["El Amrani", "Mohamed", "M", "2013-06-20", "Marocco", "EE", "LMRMMD13H20Z330M"],
  ["Popa", "Elena", "F", "1990-10-10", "Romania", "EE", "PPOLNE90R50Z129R"],
  ["Verdi", "Sofia", "F", "2019-08-31", "Senigallia", "AN", "VRDSFO19M71I608Z"],
  ["Lo Re", "Pietro", "M", "2012-04-04", "Genova", "GE", "LROPTR12D04D969R"],
];
const OMOCODES: [string, string, number][] = [
  ["RSSMRA85C52F401H", "RSSMRA85C52F40MZ", 1],
  ["RSSMRA85C52F401H", "RSSMRA85C52F4LMK", 2],
  ["RSSMRA85C52F401H", "RSSMRAURCRNFQLMR", 7],
  ["BNCGLI16E41G479U", "BNCGLI16E41G47VJ", 1],
  ["BNCGLI16E41G479U", "BNCGLI16E41G4TVV", 2],
  ["BNCGLI16E41G479U", "BNCGLIMSEQMGQTVA", 7],
  ["DNGLCU17S30A894B", "DNGLCU17S30A89QY", 1],
  ["DNGLCU17S30A894B", "DNGLCU17S30A8VQK", 2],
  ["DNGLCU17S30A894B", "DNGLCUMTSPLAUVQA", 7],
  ["FOXNNA18A48F434N", "FOXNNA18A48F43QK", 1],
  ["FOXNNA18A48F434N", "FOXNNA18A48F4PQW", 2],
  ["FOXNNA18A48F434N", "FOXNNAMUAQUFQPQG", 7],
];

function personCode(text: string): CodiceFiscale {
  const read = readCodiceFiscale(text);
  assert.equal(read.outcome, "person", text);
  return (read as { codiceFiscale: CodiceFiscale }).codiceFiscale;
}

describe("codice fiscale", () => {
  it("BO-04 reads, computes and cross-checks every vector", async () => {
    const places = await loadPlaces();
    for (const [surname, givenName, sex, born, place, province, code] of PEOPLE) {
      const birthDate = day(born);
      const codes = places.byName(place, province, birthDate).map((found) => found.code);
      assert.equal(codes.length, 1, place);
      const read = personCode(` ${code.toLowerCase()} `);
      const fifteen = expectedFifteen({
        surname,
        givenName,
        sex,
        birthDate,
        birthPlaceCode: codes[0]!,
      });
      assert.equal(fifteen + controlCharacter(fifteen), code);
      const person = { surname, givenName, sex, birthDate, birthPlaceCodes: codes };
      assert.deepEqual(mismatches(read, person), []);
      assert.equal(read.omocodia, 0);
      assert.equal(birthDateOf(read, day("2026-11-20"))?.toString(), born);
    }
  });

  it("BO-04 accepts omocodia and sees the same person behind it", () => {
    for (const [original, omocode, replaced] of OMOCODES) {
      const read = personCode(omocode);
      assert.equal(read.omocodia, replaced);
      assert.equal(read.plain, original.slice(0, 15));
    }
  });

  it("BO-04 refuses what is wrong and says why", () => {
    const faults = {
      RSSMRA85C52F401A: "control-character",
      RSSMRA85C72F401H: "date",
      RSSMRA85C52F401: "length",
      "1ssm1a85c52f401h": "format",
      RSSMRA85B70F401X: "date",
      RASMRA85C52F401X: "name-part",
      "83001110425": "control-character",
      "00000000000": "control-character",
    };
    for (const [code, fault] of Object.entries(faults)) {
      assert.deepEqual(readCodiceFiscale(code), { outcome: "invalid", fault }, code);
    }
    assert.deepEqual(readCodiceFiscale(" - "), { outcome: "empty" });
  });

  it("MC-06 takes provisional codes and organisations' codes of 11 digits by their check digit", () => {
    for (const code of ["83001110424", "00229160098", "00332510429", "00351040423"]) {
      assert.ok(isElevenDigitCode(code), code);
      assert.deepEqual(readCodiceFiscale(code), { outcome: "provisional", code });
    }
  });

  it("names the fields that disagree", () => {
    const read = personCode("BNCGLI16E41G479U");
    assert.deepEqual(
      mismatches(read, {
        surname: "Bianco",
        givenName: "Giulio",
        birthDate: day("2016-05-02"),
        sex: "M",
        birthPlaceCodes: ["F401"],
      }),
      ["birthDate", "sex", "birthPlaceCode"],
    );
    assert.deepEqual(mismatches(read, { surname: "Verdi", givenName: "Ada" }), [
      "surname",
      "givenName",
    ]);
    assert.deepEqual(mismatches(read, {}), []);
  });

  it("leaves the century to the reference date and the least age", () => {
    const read = personCode("VRDSFO19M71I608Z");
    assert.equal(birthDateOf(read, day("2026-11-20"))?.year, 2019);
    assert.equal(birthDateOf(read, day("2026-11-20"), 18)?.year, 1919);
    assert.equal(birthDateOf(read, day("2019-08-30"))?.year, 1919);
    assert.equal(birthDateOf({ yearOfCentury: 0, month: 2, day: 29 }, day("1999-01-01")), null);
  });

  it("hides the birth date in a masked code", () => {
    assert.equal(maskCodiceFiscale("RSSMRA85C52F401H"), "RSSM*********01H");
    assert.equal(maskCodiceFiscale("RSS"), "***");
  });

  it("reads back whatever it computes, and one changed character never passes unseen", () => {
    const name = fc.string({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        name,
        name,
        fc.constantFrom<Sex>("F", "M"),
        fc.integer({ min: 0, max: 36_000 }),
        fc.constantFrom("F401", "G479", "Z330", "H501"),
        fc.integer({ min: 0, max: 14 }),
        (surname, givenName, sex, days, birthPlaceCode, spoilt) => {
          const birthDate = day("1926-01-01").add({ days });
          const fifteen = expectedFifteen({ surname, givenName, sex, birthDate, birthPlaceCode });
          const code = fifteen + controlCharacter(fifteen);
          const read = personCode(code);
          const birthPlaceCodes = [birthPlaceCode];
          const person = { surname, givenName, sex, birthDate, birthPlaceCodes };
          assert.deepEqual(mismatches(read, person), []);
          const old = code.charCodeAt(spoilt);
          const isDigit = old < 58;
          const other = String.fromCharCode(
            isDigit ? 48 + ((old - 47) % 10) : 65 + ((old - 64) % 26),
          );
          const changed = code.slice(0, spoilt) + other + code.slice(spoilt + 1);
          assert.notEqual(readCodiceFiscale(changed).outcome, "person");
        },
      ),
    );
  });

  it("never throws on hostile text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => void readCodiceFiscale(text)));
  });
});

describe("places", () => {
  it("finds places with accents, apostrophes and homonyms", async () => {
    const places = await loadPlaces();
    assert.equal(places.byCode("G479")?.name, "Pesaro");
    assert.deepEqual(
      places.byName("FORLI'", "FC").map((place) => place.code),
      ["D704"],
    );
    assert.ok(places.byName("Samone").length > 1);
    assert.deepEqual(
      places.byName("Samone", "TN").map((place) => place.province),
      ["TN"],
    );
    assert.deepEqual(places.byName("Nessun luogo"), []);
  });
});

describe("an institution's codice fiscale", () => {
  it("OS-07 has 11 digits and the right last one; eleven zeros are none", () => {
    // Agenzia delle Entrate, INPS, and two made up.
    for (const code of ["06363391001", "80078750587", "77777777770", "99999999990"])
      assert.equal(isElevenDigitCode(code), true, code);
    const wrong = ["06363391002", "0636339100", "063633910011", "0636339100a", "", "00000000000"];
    for (const code of wrong) assert.equal(isElevenDigitCode(code), false, code);
  });
  it("notices a wrong digit and two swapped neighbours", () => {
    const right = "06363391001";
    for (const index of right.split("").keys()) {
      const other = String((Number(right[index]) + 1) % 10);
      const code = right.slice(0, index) + other + right.slice(index + 1);
      assert.equal(isElevenDigitCode(code), false);
    }
    assert.equal(isElevenDigitCode("60363391001"), false);
  });
});
