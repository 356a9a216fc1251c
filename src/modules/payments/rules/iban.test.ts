// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isItalianIban, isSepaIban, plainIban } from "./iban.ts";

/** The examples of the ISO 13616 registry. */
const EXAMPLES = [
  "AD1200012030200359100100",
  "AL47212110090000000235698741",
  "AT611904300234573201",
  "BE68539007547034",
  "BG80BNBG96611020345678",
  "CH9300762011623852957",
  "CY17002001280000001200527600",
  "CZ6508000000192000145399",
  "DE89370400440532013000",
  "DK5000400440116243",
  "EE382200221020145685",
  "ES9121000418450200051332",
  "FI2112345600000785",
  "FR1420041010050500013M02606",
  "GB29NWBK60161331926819",
  "GI75NWBK000000007099453",
  "GR1601101250000000012300695",
  "HR1210010051863000160",
  "HU42117730161111101800000000",
  "IE29AIBK93115212345678",
  "IS140159260076545510730339",
  "IT60X0542811101000000123456",
  "LI21088100002324013AA",
  "LT121000011101001000",
  "LU280019400644750000",
  "LV80BANK0000435195001",
  "MC5811222000010123456789030",
  "MD24AG000225100013104168",
  "ME25505000012345678951",
  "MK07250120000058984",
  "MT84MALT011000012345MTLCAST001S",
  "NL91ABNA0417164300",
  "NO9386011117947",
  "PL61109010140000071219812874",
  "PT50000201231234567890154",
  "RO49AAAA1B31007593840000",
  "RS35260005601001611379",
  "SE4550000000058398257466",
  "SI56263300012039086",
  "SK3112000000198742637541",
  "SM86U0322509800000000270100",
  "VA59001123000012345678",
];

const isDigit = (sign: string): boolean => /\d/.test(sign);

describe("X-10 the account a refund goes to", () => {
  it("may be in every country of the SEPA area", () => {
    for (const iban of EXAMPLES) assert.ok(isSepaIban(iban), iban);
    assert.ok(isSepaIban(plainIban("de89 3704 0044 0532 0130 00")));
    assert.ok(isItalianIban("IT60X0542811101000000123456"));
    assert.ok(!isItalianIban("DE89370400440532013000"));
  });

  it("elsewhere, cut short or too long it is refused", () => {
    // right check digits, but no SEPA: United States have none, Turkey and Brazil do
    for (const iban of ["TR330006100519786457841326", "BR1800360305000010009795493C1P", "", "IT"])
      assert.ok(!isSepaIban(iban), iban);
    for (const iban of EXAMPLES) {
      assert.ok(!isSepaIban(iban.slice(0, -1)), iban);
      assert.ok(!isSepaIban(`${iban}0`), iban);
      assert.ok(!isSepaIban(iban.toLowerCase()), iban);
    }
    // an Italian one whose digits are right and whose CIN is not
    assert.ok(!isSepaIban("IT33A0542811101000000123456"));
  });

  it("with one sign mistyped, or two neighbours swapped, it is refused", () => {
    const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    fc.assert(
      fc.property(
        fc.constantFrom(...EXAMPLES),
        fc.nat(),
        fc.constantFrom(...signs),
        (iban, nat, sign) => {
          const at = 2 + (nat % (iban.length - 2));
          // modulus 97 promises as much for a digit in a digit's place, a letter in a letter's
          if (iban[at] === sign || isDigit(iban[at]!) !== isDigit(sign)) return;
          assert.ok(!isSepaIban(iban.slice(0, at) + sign + iban.slice(at + 1)));
        },
      ),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...EXAMPLES), fc.nat(), (iban, nat) => {
        const at = 4 + (nat % (iban.length - 5));
        const [one, two] = [iban[at]!, iban[at + 1]!];
        if (one === two || !isDigit(one) || !isDigit(two)) return;
        assert.ok(!isSepaIban(iban.slice(0, at) + two + one + iban.slice(at + 2)));
      }),
      { numRuns: 1000 },
    );
  });

  it("hostile text is an answer, not an error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        assert.equal(typeof isSepaIban(plainIban(text)), "boolean");
      }),
    );
    assert.ok(!isSepaIban("__proto__"));
    assert.ok(!isSepaIban("constructor"));
  });
});
