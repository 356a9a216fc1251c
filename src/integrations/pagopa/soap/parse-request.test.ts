// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bytesOf,
  demandCall,
  getCall,
  getV2Call,
  inEnvelope,
  receiptCall,
  receiptV2Call,
  verifyCall,
} from "../../../../tests/support/pagopa-messages.ts";
import { parse, parseCall, refusal } from "../../../../tests/support/pagopa-parsing.ts";
import { parseRequest, readStoredReceipt } from "./index.ts";

const ADDRESS = {
  idPA: "00112233445",
  idBrokerPA: "99887766554",
  idStation: "99887766554_02",
};
const CODE = { fiscalCode: "00112233445", noticeNumber: "302100000000000193" };

describe("OS-01 requests of the Node", () => {
  it("verify", () => {
    assert.deepEqual(parseCall(verifyCall), {
      kind: "verify",
      operation: "paVerifyPaymentNotice",
      ...ADDRESS,
      ...CODE,
    });
  });

  it("getPayment of both versions, with and without its optional parts", () => {
    for (const [call, operation] of [
      [getCall, "paGetPayment"],
      [getV2Call, "paGetPaymentV2"],
    ] as const) {
      const read = parseCall(call);
      assert.ok(read.kind === "get");
      assert.equal(read.dueDate?.toString(), "2026-12-15");
      const { dueDate: _, ...rest } = read;
      assert.deepEqual(rest, {
        kind: "get",
        operation,
        ...ADDRESS,
        ...CODE,
        amountCents: 3_780n,
        paymentNote: "carrello 7",
        transferType: "PAGOPA",
      });
    }
    const bare = parseCall(getCall.replace(/<amount>.*<\/dueDate>/, ""));
    assert.deepEqual(bare, { kind: "get", operation: "paGetPayment", ...ADDRESS, ...CODE });
  });

  it("demand", () => {
    assert.deepEqual(parseCall(demandCall), {
      kind: "demand",
      operation: "paDemandPaymentNotice",
      ...ADDRESS,
      idServizio: "00012",
      idSoggettoServizio: "00034",
      data: bytesOf("<dati/>"),
    });
  });

  it("receipts of both versions, every field", () => {
    const second = parseCall(receiptV2Call);
    assert.ok(second.kind === "receipt");
    const { receipt } = second;
    assert.equal(receipt.paidAt?.toString(), "2026-11-19T17:05:09Z");
    assert.equal(receipt.applicationDate?.toString(), "2026-11-19");
    assert.equal(receipt.transferDate?.toString(), "2026-11-20");
    const person = {
      streetName: "Vicolo dei Gelsi",
      civicNumber: "4/b",
      postalCode: "60099",
      city: "Borgo Immaginario",
      stateProvinceRegion: "AN",
      country: "IT",
      email: "prova+avvisi@example.org",
    };
    const { paidAt: _at, applicationDate: _day, transferDate: _later, ...rest } = receipt;
    assert.deepEqual(rest, {
      receiptId: "ricevuta-0001-abc",
      ...CODE,
      outcome: "OK",
      creditorReferenceId: "02100000000000193",
      paymentAmountCents: 5_380n,
      description: "Mensa scolastica, novembre & dicembre",
      companyName: "Comune di Borgo Immaginario",
      officeName: "Scuole",
      debtor: { kind: "F", code: "PRLDAA80A41A271X", fullName: "Ada Perla", ...person },
      transfers: [
        {
          id: 1,
          amountCents: 3_780n,
          fiscalCodePA: "00112233445",
          companyName: "Comune di Borgo Immaginario",
          iban: "IT02L0123412345000000067890",
          remittanceInformation: "Mensa 1",
          transferCategory: "9/0107101TS/",
          metadata: [{ key: "RC_1", value: "2026/77" }],
        },
        {
          id: 2,
          amountCents: 1_600n,
          fiscalCodePA: "55443322110",
          companyName: "Comune di Borgo Immaginario",
          stamp: bytesOf("<marca/>"),
          remittanceInformation: "Mensa 2",
          transferCategory: "9/0107101TS/",
          metadata: [{ key: "RC_2", value: "2026/77" }],
        },
      ],
      idPSP: "PSPPROVA",
      pspFiscalCode: "10101010101",
      pspPartitaIVA: "10101010101",
      pspCompanyName: "Banca di Prova",
      idChannel: "10101010101_03",
      channelDescription: "sportello",
      payer: { kind: "F", code: "PRLBRN78B02A271Q", fullName: "Bruno Perla", ...person },
      paymentMethod: "cash",
      paymentNote: "carrello 7",
      feeCents: 120n,
      primaryCiIncurredFeeCents: 10n,
      idBundle: "b1",
      idCiBundle: "c1",
      metadata: [{ key: "ULTIMA", value: "2026/77" }],
      standIn: true,
    });
    const first = parseCall(receiptCall);
    assert.ok(first.kind === "receipt" && first.operation === "paSendRT");
    assert.equal(first.receipt.transfers[1]?.iban, "IT02L0123412345000000067890");
    assert.equal("paymentNote" in first.receipt, false);
  });

  it("a kept receipt is read again, whatever encoding its declaration names", () => {
    const text = inEnvelope(receiptV2Call.replace("Ada Perla", "Zoë Perla")).replace(
      "UTF-8",
      "ISO-8859-1",
    );
    const read = parseRequest(Buffer.from(text, "latin1"));
    assert.ok(read.kind === "receipt");
    assert.equal(read.receipt.debtor.fullName, "Zoë Perla");
    assert.deepEqual(readStoredReceipt(read.raw), read.receipt);
    assert.throws(() => readStoredReceipt(inEnvelope(verifyCall)), /no receipt/);
    assert.throws(
      () => readStoredReceipt("<a/>"),
      (error: Error) => error.message === "receipt not-soap at ",
    );
  });
});

describe("OS-01 namespaces and layout of a request", () => {
  const XMLNS = 'xmlns="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"';

  it('takes any prefix, xmlns="" and a default namespace that reaches the children', () => {
    const plain = parseCall(verifyCall);
    const emptied = verifyCall.replaceAll(/<(idPA|idBrokerPA|idStation|qrCode)>/g, '<$1 xmlns="">');
    const inherited = verifyCall
      .replaceAll("p:paVerify", "paVerify")
      .replace("<paVerifyPaymentNoticeReq>", `<paVerifyPaymentNoticeReq ${XMLNS}>`);
    const prefixed = verifyCall.replaceAll(/<(\/?)(?=[a-z]\w*>)(?!\/?p:)/g, "<$1p:");
    for (const same of [emptied, inherited, prefixed]) assert.deepEqual(parseCall(same), plain);
    const rooted = inEnvelope(verifyCall)
      .replaceAll(/<(\/?)s:/g, "<$1")
      .replace("xmlns:s=", "xmlns=")
      .replaceAll(/<(idPA|idBrokerPA|idStation|qrCode)>/g, '<$1 xmlns="">');
    assert.deepEqual(parse(rooted), plain);
    assert.ok(inherited.includes(XMLNS) && prefixed.includes("<p:noticeNumber>"));
  });

  it("takes line breaks, comments, CDATA, hints for schema readers; no Header or a full one", () => {
    const plain = parseCall(verifyCall);
    const spaced = verifyCall.replaceAll("><", ">\r\n  <!-- x --><");
    const quoted = verifyCall.replace("99887766554_02", "99887766<![CDATA[554]]>_0<!-- y -->2");
    const entity = verifyCall.replace("99887766554_02", "9&#57;887766554&#x5F;02");
    const hinted = verifyCall.replace(
      "<idPA>",
      '<idPA xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="stText35">',
    );
    for (const same of [spaced, quoted, entity, hinted]) assert.deepEqual(parseCall(same), plain);
    const headless = inEnvelope(verifyCall).replace("<s:Header/>", "");
    const headed = inEnvelope(verifyCall).replace(
      "<s:Header/>",
      '<s:Header><t:trace xmlns:t="urn:t" s:mustUnderstand="0">1</t:trace></s:Header>',
    );
    assert.deepEqual(parse(headless), plain);
    assert.deepEqual(parse(headed), plain);
  });
});

describe("OS-01 encodings", () => {
  const text = inEnvelope(getCall.replace("carrello 7", "Caffè “80 %” è già €"));
  const note = (bytes: Uint8Array, contentType?: string): string | undefined => {
    const read = parseRequest(bytes, contentType);
    return read.kind === "get" ? read.paymentNote : `${refusal(read).reason}`;
  };
  const expected = "Caffè “80 %” è già €";
  const utf16 = (order: "little" | "big", value: string): Uint8Array => {
    const bytes = Buffer.from(`\ufeff${value.replace("UTF-8", "UTF-16")}`, "utf16le");
    return order === "little" ? bytes : bytes.swap16();
  };

  it("UTF-8 with and without mark, UTF-16 of both orders", () => {
    assert.equal(note(bytesOf(text)), expected);
    assert.equal(note(bytesOf(`\ufeff${text}`)), expected);
    assert.equal(note(utf16("little", text)), expected);
    assert.equal(note(utf16("big", text)), expected);
    assert.equal(note(bytesOf(text.replace(/^<\?xml.*?\?>/, ""))), expected);
  });

  it("ISO 8859-1 by declaration or header; the header wins over the declaration, the mark over both", () => {
    const western = inEnvelope(getCall.replace("carrello 7", "Caffè"));
    const declared = western.replace("UTF-8", "iso-8859-1");
    assert.equal(note(Buffer.from(declared, "latin1")), "Caffè");
    assert.equal(note(Buffer.from(western, "latin1"), "text/xml; charset=ISO-8859-1"), "Caffè");
    assert.equal(note(bytesOf(declared), 'text/xml;charset="utf-8"'), "Caffè");
    assert.equal(note(bytesOf(`\ufeff${declared}`), "text/xml; charset=iso-8859-1"), "Caffè");
    assert.equal(note(bytesOf(western), "text/xml"), "Caffè");
  });

  it("refuses what it does not know and bytes that do not fit", () => {
    assert.equal(note(Buffer.from(text.replace("UTF-8", "windows-1252"))), "unknown-encoding");
    assert.equal(note(bytesOf(text), "text/xml; charset=ebcdic"), "unknown-encoding");
    assert.equal(note(bytesOf(text), "text/xml; charset=utf-16"), "unknown-encoding");
    assert.equal(note(Buffer.from(text, "latin1")), "bytes-not-in-encoding");
    assert.equal(note(utf16("little", text).subarray(0, -1)), "bytes-not-in-encoding");
    const lonely = Buffer.concat([utf16("little", text), Buffer.from([0x00, 0xd8])]);
    assert.equal(note(lonely), "bytes-not-in-encoding");
    assert.equal(note(Buffer.from(inEnvelope(getCall), "utf16le")), "not-well-formed");
    assert.equal(note(new Uint8Array(0)), "not-well-formed");
  });
});
