// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { day } from "#kernel/dates.ts";
import { childSlugs } from "./child-slugs.ts";
import { judgeCodiceFiscale } from "#kernel/judge-codice-fiscale.ts";
import { checkContacts } from "./contacts.ts";
import { decideHolderChange } from "./decide-holder-change.ts";
import { isPaymentCode, paymentCode } from "./payment-code.ts";
import { searchPatterns, searchTextOf } from "./search-text.ts";

const searchable = (
  surname: string,
  givenName: string,
  codiceFiscale: string | null,
  phone: string,
) => searchTextOf({ surname, givenName, codiceFiscale, phone });

function finds(text: string, typed: string): boolean {
  const patterns = searchPatterns(typed);
  return patterns.length > 0 && patterns.every((pattern) => text.includes(pattern.slice(1, -1)));
}

describe("office search", () => {
  it("finds people however the name is typed", () => {
    const text = searchable("D'Angelo", "Nicolò Maria", "DNGNLM17S30A894B", "+39 333 1234567");
    for (const typed of [
      "dangelo",
      "D'ANGELO nic",
      "nicolò dang",
      "angelo",
      "d angelo",
      "Nicolo' Maria",
      "dngnlm17",
      "3331234567",
      "333 123 4567",
      "+39 333.12",
      "0039 3331234567",
      "234567",
    ]) {
      assert.ok(finds(text, typed), typed);
    }
    for (const typed of ["icolo", "rossi", "", "  ", "dangelo anna", "%", "_"]) {
      assert.ok(!finds(text, typed), typed);
    }
    assert.ok(finds(searchable("De Santis", "Ada", null, ""), "desantis ada"));
    assert.ok(finds(searchable("El Amrani", "Mohamed", null, ""), "amrani"));
  });

  it("keeps wildcards and quotes out of the pattern", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (typed) =>
        searchPatterns(typed).every((pattern) => /^% ?[\p{L}\p{N}]+%$/u.test(pattern)),
      ),
    );
  });
});

describe("short names of children", () => {
  it("are unique in the family and do not depend on the order", () => {
    const children = [
      { id: "b", surname: "De Santis", givenName: "Anna" },
      { id: "a", surname: "Rossi", givenName: "Anna" },
      { id: "c", surname: "Rossi", givenName: "Anna Lucia" },
      { id: "d", surname: "Rossi", givenName: "Èlia" },
      { id: "e", surname: "王", givenName: "" },
    ];
    const slugs = {
      a: "anna-rossi",
      b: "anna-de-santis",
      c: "anna-rossi-2",
      d: "elia",
      e: "figlio",
    };
    assert.deepEqual(Object.fromEntries(childSlugs(children)), {
      ...Object.fromEntries(Object.entries(slugs).sort()),
    });
    assert.deepEqual(childSlugs(children.toReversed()), childSlugs(children));
  });
});

describe("payment code", () => {
  it("OS-08 has nine digits and notices one wrong digit", () => {
    const digit = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(fc.array(digit, { minLength: 8, maxLength: 8 }), digit, (drawn, place) => {
        const queue = [...drawn];
        const code = paymentCode(() => queue.shift() ?? 0);
        assert.ok(isPaymentCode(code));
        const wrong = (Number(code[place]) + 1) % 10;
        assert.ok(!isPaymentCode(code.slice(0, place) + wrong + code.slice(place + 1)));
      }),
    );
  });
});

describe("contacts", () => {
  it("BO-25 tidies what is right", () => {
    assert.deepEqual(
      checkContacts({
        email: " Anna.Rossi@Esempio.IT ",
        phone: "0039 333/12.34.567",
        postalCode: "08020",
      }),
      {
        outcome: "ok",
        contacts: { email: "anna.rossi@esempio.it", phone: "+39 3331234567", postalCode: "08020" },
      },
    );
    assert.deepEqual(checkContacts({ email: "", address: "Via  Roma\u0000 1\n" }), {
      outcome: "ok",
      contacts: { email: "", address: "Via Roma 1" },
    });
  });

  it("BO-25 names each wrong field", () => {
    assert.deepEqual(
      checkContacts({
        email: "anna@@esempio",
        phone: "3.33123E+09",
        postalCode: "8020",
        city: "x".repeat(61),
      }),
      {
        outcome: "invalid",
        faults: {
          email: "email-format",
          phone: "phone-format",
          postalCode: "postal-code-format",
          city: "too-long",
        },
      },
    );
  });
});

describe("state of a codice fiscale", () => {
  it("BO-04 accepts provisional, missing and disagreeing codes, refuses malformed ones", () => {
    const person = { surname: "Rossi", givenName: "Maria", birthDate: day("1985-03-12") };
    const state = (text: string | null) => {
      const judged = judgeCodiceFiscale(text, person);
      return judged.outcome === "accepted" ? judged.state : judged.fault;
    };
    assert.equal(state("RSSMRA85C52F401H"), "valid");
    assert.equal(state("BNCGLI16E41G479U"), "mismatch");
    assert.equal(state("83001110424"), "provisional");
    assert.equal(state(null), "missing");
    assert.equal(state("RSSMRA85C52F401A"), "control-character");
  });
});

describe("change of holder", () => {
  const spell = (id: string, holderId: string, from: string, to: string | null) => ({
    id,
    holderId,
    from: day(from),
    to: to ? day(to) : null,
  });

  it("ends the spell before on the day before", () => {
    assert.deepEqual(
      decideHolderChange([spell("s1", "h1", "2025-09-01", null)], "h2", day("2026-11-20")),
      {
        outcome: "change",
        endSpell: { id: "s1", to: day("2026-11-19") },
        replaceSpell: null,
      },
    );
  });

  it("corrects a spell that begins the same day, and starts one where there is none", () => {
    const today = day("2026-11-20");
    const spells = [spell("s1", "h1", "2026-11-20", null)];
    assert.equal(
      (decideHolderChange(spells, "h2", today) as { replaceSpell: string }).replaceSpell,
      "s1",
    );
    assert.equal(decideHolderChange([], "h2", today).outcome, "change");
    assert.equal(
      decideHolderChange([spell("s1", "h1", "2025-09-01", "2026-01-01")], "h1", today).outcome,
      "change",
    );
  });

  it("refuses to overlap a later change", () => {
    const spells = [spell("s1", "h1", "2026-12-01", null)];
    assert.equal(
      decideHolderChange(spells, "h2", day("2026-11-20")).outcome,
      "later-change-exists",
    );
    assert.equal(decideHolderChange(spells, "h1", day("2026-12-02")).outcome, "already-holder");
  });
});
