// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bytesOf,
  CALLS,
  demandCall,
  getCall,
  inEnvelope,
  receiptCall,
  receiptV2Call,
  verifyCall,
} from "../../../../tests/support/pagopa-messages.ts";
import { parse, parseCall, refusal, why } from "../../../../tests/support/pagopa-parsing.ts";
import {
  MAX_REQUEST_BYTES,
  parseRequest,
  type MalformedReason,
  type MalformedRequest,
} from "./index.ts";

describe("OS-01 requests that break the interface", () => {
  const path = "paVerifyPaymentNoticeReq";

  it("another order, a missing, doubled or unknown element", () => {
    const swapped = verifyCall.replace(/(<idPA>.*<\/idPA>)(<idBrokerPA>.*<\/idBrokerPA>)/, "$2$1");
    assert.deepEqual(why(parseCall(swapped)), ["unexpected-element", `${path}/idPA`]);
    const missing = verifyCall.replace(/<qrCode>.*<\/qrCode>/, "");
    assert.deepEqual(why(parseCall(missing)), ["missing-element", `${path}/qrCode`]);
    const doubled = verifyCall.replace("</qrCode>", "</qrCode><qrCode/>");
    assert.deepEqual(why(parseCall(doubled)), ["unexpected-element", path]);
    const unknown = verifyCall.replace("</noticeNumber>", "</noticeNumber><extra>1</extra>");
    assert.deepEqual(why(parseCall(unknown)), ["unexpected-element", `${path}/qrCode`]);
    const nested = verifyCall.replace("00112233445</idPA>", "<b>00112233445</b></idPA>");
    assert.deepEqual(why(parseCall(nested)), ["unexpected-element", `${path}/idPA`]);
  });

  it("foreign namespaces, attributes and words between elements", () => {
    const foreign = verifyCall.replace("<idPA>", '<idPA xmlns="urn:other">');
    assert.deepEqual(why(parseCall(foreign)), ["unexpected-element", `${path}/idPA`]);
    const attribute = verifyCall.replace("<idPA>", '<idPA lang="it">');
    assert.deepEqual(why(parseCall(attribute)), ["unexpected-attribute", `${path}/idPA`]);
    const nil = verifyCall.replace(
      "<idPA>",
      '<idPA xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true">',
    );
    assert.deepEqual(why(parseCall(nil)), ["unexpected-attribute", `${path}/idPA`]);
    const words = verifyCall.replace("<qrCode>", "ecco <qrCode>");
    assert.deepEqual(why(parseCall(words)), ["unexpected-text", path]);
  });

  it("values", () => {
    const broken: readonly (readonly [string, string, string])[] = [
      [verifyCall, "302100000000000193", "30210000000000019"],
      [verifyCall, "302100000000000193", "30210000000000019x"],
      [verifyCall, "302100000000000193", " 302100000000000193"],
      [verifyCall, "<fiscalCode>00112233445", "<fiscalCode>0011223344"],
      [verifyCall, "<idPA>00112233445", `<idPA>${"1".repeat(36)}`],
      [verifyCall, "<idPA>00112233445", "<idPA>"],
      [getCall, "37.80", "37.8"],
      [getCall, "37.80", "37,80"],
      [getCall, "37.80", "-37.80"],
      [getCall, "37.80", "1000000000.00"],
      [getCall, "37.80", "1e3"],
      [getCall, "2026-12-15", "2026-02-30"],
      [getCall, "2026-12-15", "15/12/2026"],
      [getCall, "PAGOPA", "BANK"],
      [getCall, "carrello 7", "x".repeat(211)],
      [receiptCall, "<outcome>OK", "<outcome>FORSE"],
      [receiptCall, ">37.80</transferAmount>", ">0.00</transferAmount>"],
      [receiptCall, "<idTransfer>2", "<idTransfer>6"],
      [receiptCall, "prova+avvisi@example.org", "prova example.org"],
      [receiptCall, "<country>IT", "<country>it"],
      [receiptCall, "18:05:09", "25:05:09"],
      [receiptCall, "<standIn>true", "<standIn>vero"],
      [receiptCall, "ricevuta-0001-abc", ""],
      [receiptV2Call, "PG1hcmNhLz4=", "PG1hcmNhLz4"],
      [demandCall, "00012", "0012"],
    ];
    for (const [call, from, to] of broken) {
      assert.ok(call.includes(from), from);
      const read = parseCall(call.replace(from, to));
      assert.equal(read.kind === "malformed" && read.reason, "invalid-value", `${from} → ${to}`);
    }
  });

  it("counts characters as the schema does, not UTF-16 units", () => {
    const named = (name: string): string => receiptCall.replace("Ada Perla", name);
    assert.equal(parseCall(named("🎒".repeat(70))).kind, "receipt");
    assert.equal(parseCall(named("🎒".repeat(71))).kind, "malformed");
  });

  it("takes what XML Schema takes: zeros before, spaces around numbers, zones, midnight as 24", () => {
    const read = parseCall(
      receiptCall
        .replace("53.80", "\n 0053.80 ")
        .replace("<idTransfer>1", "<idTransfer> 01")
        .replace("2026-11-19T18:05:09", "2026-11-19T24:00:00.000")
        .replace("<applicationDate>2026-11-19", "<applicationDate>2026-11-19+01:00")
        .replace("<standIn>true", "<standIn> 0 "),
    );
    assert.ok(read.kind === "receipt");
    assert.equal(read.receipt.paymentAmountCents, 5_380n);
    assert.equal(read.receipt.transfers[0]?.id, 1);
    assert.equal(read.receipt.paidAt?.toString(), "2026-11-19T23:00:00Z");
    assert.equal(read.receipt.applicationDate?.toString(), "2026-11-19");
    assert.equal(read.receipt.standIn, false);
  });

  it("a time of payment is Rome's unless it names its zone", () => {
    const paidAt = (text: string): string | undefined => {
      const read = parseCall(receiptCall.replace("2026-11-19T18:05:09", text));
      return read.kind === "receipt" ? read.receipt.paidAt?.toString() : undefined;
    };
    assert.equal(paidAt("2026-07-01T10:00:00"), "2026-07-01T08:00:00Z");
    assert.equal(paidAt("2026-07-01T10:00:00.1234567891"), "2026-07-01T08:00:00.123456789Z");
    assert.equal(paidAt("2026-07-01T10:00:00Z"), "2026-07-01T10:00:00Z");
    assert.equal(paidAt("2026-07-01T10:00:00-05:00"), "2026-07-01T15:00:00Z");
    // Autumn's hour that comes twice: the first; spring's hour that does not exist: the one after.
    assert.equal(paidAt("2026-10-25T02:30:00"), "2026-10-25T00:30:00Z");
    assert.equal(paidAt("2026-03-29T02:30:00"), "2026-03-29T01:30:00Z");
    assert.equal(paidAt("2026-07-01T10:00:60"), undefined);
    assert.equal(paidAt("2026-07-01T24:00:01"), undefined);
    assert.equal(paidAt("2026-02-30T10:00:00"), undefined);
  });

  it("one to five transfers, an account or a stamp, at most fifteen metadata", () => {
    const one = /<transfer>.*?<\/transfer>/.exec(receiptV2Call)?.[0] ?? "";
    const transfers = (count: number): string =>
      receiptV2Call.replace(
        /<transferList>.*<\/transferList>/,
        `<transferList>${one.repeat(count)}</transferList>`,
      );
    assert.equal(parseCall(transfers(5)).kind, "receipt");
    for (const count of [0, 6]) assert.equal(parseCall(transfers(count)).kind, "malformed");
    const iban = "<IBAN>IT02L0123412345000000067890</IBAN>";
    const both = receiptV2Call.replace(iban, `${iban}<MBDAttachment>AAAA</MBDAttachment>`);
    assert.equal(parseCall(both).kind, "malformed");
    assert.equal(parseCall(receiptV2Call.replace(iban, "")).kind, "malformed");
    // V1 knows neither stamps nor the second version's fields.
    assert.equal(
      parseCall(receiptV2Call.replaceAll("SendRTV2Request", "SendRTReq")).kind,
      "malformed",
    );
    const entry = "<mapEntry><key>ULTIMA</key><value>2026/77</value></mapEntry>";
    const entries = (count: number): string => receiptV2Call.replace(entry, entry.repeat(count));
    assert.equal(parseCall(entries(15)).kind, "receipt");
    for (const count of [0, 16]) assert.equal(parseCall(entries(count)).kind, "malformed");
  });
});

describe("OS-01 messages that are no request", () => {
  const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/"';

  it("says why, before an operation is known", () => {
    const plain = inEnvelope(verifyCall);
    const cases: readonly (readonly [string, MalformedReason])[] = [
      ["", "not-well-formed"],
      ["{}", "not-well-formed"],
      ["<a/>", "not-soap"],
      [inEnvelope(""), "not-soap"],
      [inEnvelope("<idPA/>"), "unknown-operation"],
      [inEnvelope("<paVerifyPaymentNoticeReq/>"), "unknown-operation"],
      [inEnvelope("<p:paSendRTRequest/>"), "unknown-operation"],
      [plain.replaceAll("soap/envelope/", "soap/envelope"), "not-soap"],
      [
        plain.replaceAll(
          /http:..schemas.xmlsoap.org.soap.envelope./g,
          "http://www.w3.org/2003/05/soap-envelope",
        ),
        "not-soap",
      ],
      [plain.replace("</s:Envelope>", "<s:Body/></s:Envelope>"), "not-soap"],
      [plain.replace("<s:Header/>", "<s:Header/><s:Header/>"), "not-soap"],
    ];
    for (const [text, reason] of cases) {
      const read = refusal(parse(text));
      assert.equal(read.reason, reason, text.slice(0, 200));
      if (text.includes("<qrCode>") && text.includes(ENVELOPE)) continue;
      assert.deepEqual([read.operation, read.idPA, read.receiptId], [null, null, null]);
    }
  });

  it("two calls in one body, and headers that would have to be understood", () => {
    assert.deepEqual(why(parseCall(verifyCall + verifyCall)), [
      "unexpected-element",
      "paVerifyPaymentNoticeReq",
    ]);
    const demanding = inEnvelope(verifyCall).replace(
      "<s:Header/>",
      '<s:Header><t:x xmlns:t="urn:t" s:mustUnderstand="1"/></s:Header>',
    );
    assert.deepEqual(why(parse(demanding)), ["must-understand", "paVerifyPaymentNoticeReq"]);
  });

  it("document types, entities, processing instructions, XML 1.1, depth, crowds", () => {
    const plain = inEnvelope(verifyCall);
    const after = (text: string): string => plain.replace("?>", `?>${text}`);
    const cases: readonly (readonly [string, MalformedReason])[] = [
      [after("<!DOCTYPE a>"), "doctype"],
      [after('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), "doctype"],
      [plain.replace("<idPA>", "<idPA>&b;"), "not-well-formed"],
      [plain.replace("<idPA>", "<idPA>&nbsp;"), "not-well-formed"],
      [plain.replace("<idPA>", "<idPA>&#0;"), "not-well-formed"],
      [plain.replace("<idPA>", "<idPA>\u0000"), "not-well-formed"],
      [plain.replace("<idPA>", "<idPA>&#xD800;"), "not-well-formed"],
      [after('<?xml-stylesheet href="x"?>'), "processing-instruction"],
      [plain.replace("<idPA>", "<idPA><?php 1 ?>"), "processing-instruction"],
      [plain.replace('version="1.0"', 'version="1.1"'), "not-well-formed"],
      [inEnvelope("<a>".repeat(18) + "</a>".repeat(18)), "unknown-operation"],
      [inEnvelope("<a>".repeat(19) + "</a>".repeat(19)), "too-deep"],
      [inEnvelope("<a/>".repeat(2_000)), "too-many-elements"],
      [
        inEnvelope(`<a ${Array.from({ length: 41 }, (_, i) => `b${i}=""`).join(" ")}/>`),
        "too-many-attributes",
      ],
      [plain.replace("<idPA>", '<idPA a="1" a="2">'), "not-well-formed"],
      [`${plain}<a/>`, "not-well-formed"],
      [`${plain}ciao`, "not-well-formed"],
      [plain.replace("p:paV", "q:paV"), "not-well-formed"],
    ];
    for (const [text, reason] of cases)
      assert.equal(refusal(parse(text)).reason, reason, text.slice(0, 200));
  });

  it("a limit of bytes, ours or another", () => {
    const plain = inEnvelope(verifyCall);
    const padded = plain + " ".repeat(MAX_REQUEST_BYTES - plain.length);
    assert.equal(parse(padded).kind, "verify");
    assert.equal(refusal(parse(`${padded} `)).reason, "too-large");
    const read = parseRequest(bytesOf(plain), undefined, { maxBytes: 100 });
    assert.equal(refusal(read).reason, "too-large");
  });

  it("keeps what can be believed: a receipt's number in a message that was cut off", () => {
    const text = inEnvelope(receiptV2Call);
    const cut = (after: string): MalformedRequest =>
      refusal(parse(text.slice(0, text.indexOf(after) + after.length)));
    const known = { operation: "paSendRTV2", idPA: "00112233445" };
    const early = cut("<idPA>001122");
    assert.deepEqual([early.operation, early.idPA], ["paSendRTV2", null]);
    const { operation, idPA, receiptId, noticeNumber } = cut("<outcome>");
    assert.deepEqual({ operation, idPA }, known);
    assert.deepEqual([receiptId, noticeNumber], ["ricevuta-0001-abc", "302100000000000193"]);
    assert.equal(cut("<receiptId>ricevuta").receiptId, null);
    const broken = refusal(parseCall(receiptV2Call.replace("53.80", "molti")));
    assert.equal(broken.receiptId, "ricevuta-0001-abc");
    assert.equal(broken.path, "paSendRTV2Request/receipt/paymentAmount");
  });

  it("never repeats a word of the message in what it says of it", () => {
    for (const call of CALLS) {
      const read = refusal(
        parseCall(call.replace("<idPA>", "<PRLDAA80A41A271X>x</PRLDAA80A41A271X><idPA>")),
      );
      assert.equal(JSON.stringify(read.path).includes("PRLDAA80A41A271X"), false);
    }
  });
});
