// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  bytesOf,
  getV2Call,
  inEnvelope,
  PAYABLE,
} from "../../../../tests/support/pagopa-messages.ts";
import {
  FAULT_STRINGS,
  type FaultCode,
  faultOfMalformed,
  mayAnswer,
  NO_DUE_DATE,
  type Operation,
  parseRequest,
  type PayableNotice,
  type PayableTransfer,
  writeDemandResponse,
  writeFault,
  writeGetPaymentResponse,
  writeReceiptResponse,
  writeSoapFault,
  writeVerifyResponse,
} from "./index.ts";
import { readXml, type XmlElement } from "./read-xml.ts";

const [TRANSFER] = PAYABLE.transfers as [PayableTransfer];
const withTransfer = (change: Partial<PayableTransfer>): PayableNotice => ({
  ...PAYABLE,
  transfers: [{ ...TRANSFER, ...change }],
});
const V2 = "paGetPaymentV2";

/** The first element of this name, wherever it is. */
function find(xml: string, name: string): XmlElement | undefined {
  const { root, fault } = readXml(xml);
  assert.equal(fault, null);
  const search = (element: XmlElement): XmlElement | undefined =>
    element.name === name
      ? element
      : element.children.map(search).find((found) => found !== undefined);
  return root ? search(root) : undefined;
}
const textOf = (xml: string, name: string): string | undefined => find(xml, name)?.text;
const namesIn = (xml: string, name: string): string[] =>
  find(xml, name)?.children.map((child) => child.name) ?? [];

describe("OS-01 the station's answers", () => {
  it("have the irregular names of the interface, in its namespace, children without one", () => {
    const roots: readonly (readonly [string, string])[] = [
      [writeVerifyResponse(PAYABLE), "paVerifyPaymentNoticeRes"],
      [writeGetPaymentResponse("paGetPayment", PAYABLE), "paGetPaymentRes"],
      [writeGetPaymentResponse(V2, PAYABLE), "paGetPaymentV2Response"],
      [writeReceiptResponse("paSendRT"), "paSendRTRes"],
      [writeReceiptResponse("paSendRTV2"), "paSendRTV2Response"],
      [writeDemandResponse(PAYABLE), "paDemandPaymentNoticeResponse"],
    ];
    for (const [xml, name] of roots) {
      const root = find(xml, name);
      assert.equal(root?.uri, "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd");
      assert.deepEqual([root.children[0]?.name, root.children[0]?.uri], ["outcome", ""]);
      assert.equal(root.children[0]?.text, "OK");
    }
  });

  it("keep the schema's order", () => {
    const verify = writeVerifyResponse(PAYABLE);
    assert.deepEqual(namesIn(verify, "paymentOptionDescription"), [
      ...["amount", "options", "dueDate", "detailDescription", "allCCP"],
    ]);
    assert.deepEqual(namesIn(verify, "paVerifyPaymentNoticeRes"), [
      ...["outcome", "paymentList", "paymentDescription", "fiscalCodePA", "companyName"],
      "officeName",
    ]);
    const payment = writeGetPaymentResponse(V2, PAYABLE);
    assert.deepEqual(namesIn(payment, "data"), [
      ...["creditorReferenceId", "paymentAmount", "dueDate", "description", "companyName"],
      ...["officeName", "debtor", "transferList"],
    ]);
    const metadata = [{ key: "IBANAPPOGGIO", value: "IT02L0123412345000000067890" }];
    const second = writeGetPaymentResponse(V2, withTransfer({ metadata }));
    assert.deepEqual(namesIn(second, "transfer"), [
      ...["idTransfer", "transferAmount", "fiscalCodePA", "companyName", "IBAN"],
      ...["remittanceInformation", "transferCategory", "metadata"],
    ]);
    assert.equal(textOf(second, "key"), "IBANAPPOGGIO");
    // The first version's transfer names no company.
    const first = writeGetPaymentResponse("paGetPayment", PAYABLE);
    assert.equal(namesIn(first, "transfer").includes("companyName"), false);
  });

  it("write cents as euro with two decimals", () => {
    const amountOf = (amountCents: bigint): string | undefined =>
      textOf(writeVerifyResponse({ ...PAYABLE, amountCents }), "amount");
    assert.equal(amountOf(1n), "0.01");
    assert.equal(amountOf(10n), "0.10");
    assert.equal(amountOf(1_999n), "19.99");
    assert.equal(amountOf(99_999_999_999n), "999999999.99");
  });

  it("say a day far away where there is none and one is asked for", () => {
    const open = { ...PAYABLE, dueOn: null };
    assert.equal(textOf(writeVerifyResponse(open), "dueDate"), undefined);
    assert.equal(textOf(writeGetPaymentResponse(V2, open), "dueDate"), NO_DUE_DATE);
  });

  it("tell whether all of it may go to postal accounts", () => {
    assert.equal(textOf(writeVerifyResponse(PAYABLE), "allCCP"), "false");
    assert.equal(textOf(writeVerifyResponse({ ...PAYABLE, allPostal: true }), "allCCP"), "true");
  });

  it("leave out what is empty, and an address of mail that the schema would refuse", () => {
    const bare: PayableNotice = {
      ...PAYABLE,
      creditor: { ...PAYABLE.creditor, officeName: "  " },
      debtor: { ...PAYABLE.debtor, email: "d'amico@example.org", country: "Italia", city: "" },
    };
    const xml = writeGetPaymentResponse(V2, bare);
    for (const name of ["officeName", "e-mail", "country", "city", "metadata"])
      assert.equal(find(xml, name), undefined, name);
    assert.equal(textOf(writeGetPaymentResponse(V2, PAYABLE), "e-mail"), "ada@example.org");
  });

  it("carry any text unharmed, cut to what the interface holds", () => {
    const printable = fc.string({ unit: "grapheme", minLength: 1, maxLength: 220 });
    fc.assert(
      fc.property(
        printable.filter((text) => text.trim() !== ""),
        (description) => {
          const said = textOf(
            writeVerifyResponse({ ...PAYABLE, description }),
            "paymentDescription",
          );
          const whole = description.trim();
          assert.equal(said, [...whole].slice(0, 140).join("").trimEnd());
        },
      ),
    );
    const hostile = `</paymentDescription>&<![CDATA[ \u0000\u001f\ud800 ]]>\r\n`;
    const said = textOf(
      writeVerifyResponse({ ...PAYABLE, description: hostile }),
      "paymentDescription",
    );
    assert.equal(said, "</paymentDescription>&<![CDATA[   \ufffd ]]>");
    const name = "🎒".repeat(200);
    const cut = textOf(
      writeVerifyResponse({ ...PAYABLE, description: name }),
      "paymentDescription",
    );
    assert.equal(cut, "🎒".repeat(140));
  });

  it("throw where the notice contradicts itself: nothing untrue leaves", () => {
    const wrong: readonly (readonly [string, PayableNotice])[] = [
      ["do not sum", { ...PAYABLE, amountCents: 3_781n }],
      ["do not sum", { ...PAYABLE, transfers: [] }],
      [
        "out of range",
        { ...PAYABLE, amountCents: 0n, transfers: [{ ...TRANSFER, amountCents: 0n }] },
      ],
      ["two transfers", { ...PAYABLE, amountCents: 7_560n, transfers: [TRANSFER, TRANSFER] }],
      [
        "more than five",
        {
          ...PAYABLE,
          amountCents: 6n * TRANSFER.amountCents,
          transfers: [1, 2, 3, 4, 5, 6].map((id) => ({ ...TRANSFER, id })),
        },
      ],
      ["numbered from 1", withTransfer({ id: 0 })],
      ["IBAN", withTransfer({ iban: null })],
      ["IBAN", withTransfer({ iban: "IT02 L012" })],
      ["stamp has no account", withTransfer({ stamp: { documentHash: "AAAA", province: "AN" } })],
      ["transferCategory", withTransfer({ category: "" })],
      ["remittanceInformation", withTransfer({ remittanceInformation: " " })],
      ["fiscalCodePA", withTransfer({ fiscalCodePA: "1" })],
      ["creditorReferenceId", { ...PAYABLE, iuv: "" }],
      ["fullName", { ...PAYABLE, debtor: { ...PAYABLE.debtor, fullName: "" } }],
      ["entityUniqueIdentifierValue", { ...PAYABLE, debtor: { ...PAYABLE.debtor, code: "" } }],
      ["companyName", { ...PAYABLE, creditor: { ...PAYABLE.creditor, name: "" } }],
      [
        "metadata",
        { ...PAYABLE, metadata: Array.from({ length: 16 }, () => ({ key: "a", value: "b" })) },
      ],
    ];
    for (const [says, notice] of wrong)
      assert.throws(
        () => writeGetPaymentResponse(V2, notice),
        (error) => {
          assert.ok(error instanceof RangeError && error.message.includes(says), String(error));
          return true;
        },
      );
    const stamp = { documentHash: "AAAA", province: "AN" };
    const stamped = withTransfer({ iban: null, stamp });
    assert.equal(textOf(writeGetPaymentResponse(V2, stamped), "tipoBollo"), "01");
    assert.throws(() => writeGetPaymentResponse("paGetPayment", stamped), RangeError);
    assert.throws(() => writeDemandResponse({ ...PAYABLE, noticeNumber: "3" }), RangeError);
  });
});

describe("OS-01 faults", () => {
  it("name code, text and creditor; the description only when there is one", () => {
    const xml = writeFault("paGetPayment", "PAA_PAGAMENTO_SCADUTO", "00112233445");
    assert.deepEqual(namesIn(xml, "paGetPaymentRes"), ["outcome", "fault"]);
    assert.equal(textOf(xml, "outcome"), "KO");
    assert.deepEqual(namesIn(xml, "fault"), ["faultCode", "faultString", "id"]);
    assert.equal(textOf(xml, "faultString"), FAULT_STRINGS.PAA_PAGAMENTO_SCADUTO);
    const hostile = '"><x>\u0000&';
    const described = writeFault("paSendRTV2", "PAA_SYSTEM_ERROR", hostile, hostile);
    assert.equal(textOf(described, "id"), '"><x> &');
    assert.equal(textOf(described, "description"), '"><x> &');
    assert.equal(textOf(writeFault(V2, "PAA_SEMANTICA", ""), "id"), "");
  });

  it("are those of the matrix, call by call", () => {
    const allowed = (operation: Operation): number =>
      (Object.keys(FAULT_STRINGS) as FaultCode[]).filter((fault) => mayAnswer(operation, fault))
        .length;
    assert.deepEqual(
      (
        [
          "paVerifyPaymentNotice",
          "paGetPayment",
          "paGetPaymentV2",
          "paSendRT",
          "paSendRTV2",
          "paDemandPaymentNotice",
        ] as const
      ).map(allowed),
      [11, 11, 11, 7, 7, 12],
    );
    assert.equal(mayAnswer("paSendRTV2", "PAA_RECEIPT_DUPLICATA"), true);
    assert.equal(mayAnswer("paSendRTV2", "PAA_PAGAMENTO_SCADUTO"), false);
    assert.equal(mayAnswer("paVerifyPaymentNotice", "PAA_RECEIPT_DUPLICATA"), false);
  });

  it("a message that cannot be read: a fault its call knows; for a receipt none, a KO would lose it", () => {
    const faultFor = (text: string): FaultCode | null => {
      const read = parseRequest(bytesOf(text));
      assert.ok(read.kind === "malformed");
      return faultOfMalformed(read);
    };
    const broken = (root: string): string => inEnvelope(`<p:${root}/>`);
    assert.equal(faultFor(broken("paVerifyPaymentNoticeReq")), "PAA_SINTASSI_EXTRAXSD");
    assert.equal(faultFor(inEnvelope(getV2Call).slice(0, -60)), "PAA_SINTASSI_EXTRAXSD");
    assert.equal(faultFor(broken("paDemandPaymentNoticeRequest")), "PAA_SINTASSI_XSD");
    assert.equal(faultFor(broken("paSendRTReq")), null);
    assert.equal(faultFor(broken("paSendRTV2Request")), null);
    assert.equal(faultFor("ciao"), null);
  });

  it("of SOAP itself", () => {
    const xml = writeSoapFault("Client", "not <soap>");
    const { children = [] } = find(xml, "Fault") ?? {};
    assert.deepEqual(
      children.map(({ name, text }) => [name, text]),
      [
        ["faultcode", "soapenv:Client"],
        ["faultstring", "not <soap>"],
      ],
    );
  });
});
