// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { XmlDocument, XsdValidator } from "libxml2-wasm";
import { day, moment } from "#kernel/dates.ts";
import {
  type CreditTransferFile,
  creditTransferXml,
  sepaText,
} from "../../src/integrations/sepa/credit-transfer.ts";

const SCHEMA = resolve("../shared/specs/sepa/pain.001.001.09.xsd");
const missing = existsSync(SCHEMA) ? false : "skipped: ../shared/specs/sepa is not here";

function judge(xml: string): void {
  const schema = XmlDocument.fromBuffer(readFileSync(SCHEMA));
  const validator = XsdValidator.fromDoc(schema);
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
  } finally {
    document.dispose();
    schema.dispose();
  }
}

const IBAN = "IT60X0542811101000000123456";
const file = (changes: Partial<CreditTransferFile> = {}): CreditTransferFile => ({
  messageId: "RIMBORSI-20261120-0123456789ab",
  madeAt: moment("2026-11-20T09:16:00Z"),
  executionOn: day("2026-11-24"),
  debtor: {
    name: "Comune di Borgo di prova",
    iban: IBAN,
    address: { line: "Piazza del Municipio, n° 1", town: "Borgo di prova" },
  },
  transfers: [
    {
      endToEndId: "RIMBORSO-12-1",
      amountCents: 4610n,
      name: "Nicolò D’Amìco & figli",
      iban: IBAN,
      remittance: "Rimborso credito mensa, richiesta 12",
    },
  ],
  ...changes,
});

describe("SEPA credit transfers", () => {
  it("X-10 a refund's file says who pays whom what, once, with sums", () => {
    const xml = creditTransferXml(file());
    assert.match(xml, /<CreDtTm>2026-11-20T10:16:00\+01:00</);
    assert.match(xml, /<InstdAmt Ccy="EUR">46\.10</);
    assert.match(xml, /<Cdtr><Nm>Nicolo D'Amico figli<\/Nm>/);
    assert.equal(xml.match(/<CtrlSum>46\.10</g)?.length, 2);
    assert.equal(creditTransferXml(file()), xml);
  });

  it("X-10 a payee's bank outside the European Economic Area is told the town's address, and only then", () => {
    const [one] = file().transfers;
    assert.ok(one);
    const to = (iban: string): string => creditTransferXml(file({ transfers: [{ ...one, iban }] }));
    const german = to("DE89370400440532013000");
    assert.match(german, /<IBAN>DE89370400440532013000<\/IBAN>/);
    assert.doesNotMatch(german + to(IBAN), /PstlAdr/);
    const swiss = to("CH9300762011623852957");
    const address =
      "<PstlAdr><TwnNm>Borgo di prova</TwnNm><Ctry>IT</Ctry><AdrLine>Piazza del Municipio, n 1</AdrLine></PstlAdr>";
    assert.ok(swiss.includes(`<Dbtr><Nm>Comune di Borgo di prova</Nm>${address}</Dbtr>`), swiss);
    if (!missing) judge(swiss);
  });

  it("X-10 every file is valid for pain.001.001.09", { skip: missing }, () => {
    judge(creditTransferXml(file()));
    const word = fc.string({ unit: "binary", minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: word, remittance: word, cents: fc.bigInt(1n, 9_999_999n) }), {
          minLength: 1,
          maxLength: 5,
        }),
        (rows) => {
          const transfers = rows.map(({ name, remittance, cents }, index) => ({
            endToEndId: `RIMBORSO-${index}-1`,
            amountCents: cents,
            name: `Rossi ${name}`,
            iban: [IBAN, "DE89370400440532013000", "CH9300762011623852957"][index % 3]!,
            remittance,
          }));
          judge(creditTransferXml(file({ transfers })));
        },
      ),
      { numRuns: 100 },
    );
  });

  it("X-10 what no bank would take is never written", () => {
    const [one] = file().transfers;
    assert.ok(one);
    const wrong: Partial<CreditTransferFile>[] = [
      { transfers: [] },
      { transfers: [one, one] },
      { messageId: "x".repeat(36) },
      { messageId: "/x" },
      { transfers: [{ ...one, amountCents: 0n }] },
      { transfers: [{ ...one, iban: "IT60 X054" }] },
      { transfers: [{ ...one, name: "漢字" }] },
    ];
    for (const changes of wrong)
      assert.throws(
        () => creditTransferXml(file(changes)),
        RangeError,
        JSON.stringify(Object.keys(changes)),
      );
  });

  it("letters lose their marks, other signs become blanks", () => {
    assert.equal(sepaText("Mensa “D-07” – Ügo\u0000<x>", 40), "Mensa D-07 - Ugo x");
    assert.equal(sepaText("abcdef", 3), "abc");
  });
});
