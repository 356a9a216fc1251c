// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bytesOf,
  CALLS,
  demandCall,
  getCall,
  getV2Call,
  inEnvelope,
  receiptCall,
  receiptV2Call,
  verifyCall,
} from "../../../../tests/support/pagopa-messages.ts";
import {
  MAX_REQUEST_BYTES,
  type MalformedReason,
  type MalformedRequest,
  parseRequest,
  readStoredReceipt,
  type StationRequest,
} from "./index.ts";

const parse = (text: string): StationRequest | MalformedRequest => parseRequest(bytesOf(text));
const parseCall = (call: string): StationRequest | MalformedRequest => parse(inEnvelope(call));

function refusal(read: StationRequest | MalformedRequest): MalformedRequest {
  assert.ok(read.kind === "malformed", `read as ${read.kind}`);
  return read;
}

/** `[reason, path]` of a message that must be refused. */
function why(read: StationRequest | MalformedRequest): [MalformedReason, string] {
  const { reason, path } = refusal(read);
  return [reason, path];
}

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
