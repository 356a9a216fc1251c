// SPDX-License-Identifier: EUPL-1.2
/** The station's wire format against pagoPA's own samples and schema. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { day } from "#kernel/dates.ts";
import {
  FAULT_STRINGS,
  type FaultCode,
  type Operation,
  parseRequest,
  type PayableNotice,
  type PayableTransfer,
  type Subject,
  writeDemandResponse,
  writeFault,
  writeGetPaymentResponse,
  writeReceiptResponse,
  writeSoapFault,
  writeVerifyResponse,
} from "../../src/integrations/pagopa/soap/index.ts";
import { bytesOf, CALLS, inEnvelope } from "../support/pagopa-messages.ts";
import { PAGOPA_SPECS, schemaJudge, specsMissing } from "../support/xsd.ts";

const SAMPLES = join(PAGOPA_SPECS, "samples/soap");
const sample = (name: string): string => readFileSync(join(SAMPLES, name), "utf8");

/** Same meaning: layout between elements and the standalone prefix of the envelope say nothing. */
const meaning = (xml: string): string =>
  xml
    .replace(/<\?xml[^>]*>/, "")
    .replaceAll(/>\s+</g, "><")
    .trim();

const MARIO: Subject = {
  kind: "F",
  code: "RSSMRA85T10A562S",
  fullName: "Mario Rossi",
  streetName: "Via Roma",
  civicNumber: "12",
  postalCode: "00100",
  city: "Roma",
  stateProvinceRegion: "RM",
  country: "IT",
  email: "mario.rossi@example.it",
};

const CANTEEN: PayableTransfer = {
  id: 1,
  amountCents: 6_410n,
  fiscalCodePA: "77777777777",
  companyName: "Comune di Esempio",
  iban: "IT60X0542811101000000123456",
  remittanceInformation: "/RFB/12260000001234523/64.10/TXT/Refezione scolastica",
  category: "9/0107101TS/",
  metadata: [],
};

const NOTICE: PayableNotice = {
  noticeNumber: "312260000001234523",
  iuv: "12260000001234523",
  amountCents: 6_410n,
  dueOn: day("2026-11-30"),
  description: "Refezione scolastica ottobre 2026",
  creditor: {
    fiscalCode: "77777777777",
    name: "Comune di Esempio",
    officeName: "Servizi scolastici",
  },
  debtor: MARIO,
  transfers: [CANTEEN],
  metadata: [],
};

const WITHOUT_OFFICE: PayableNotice = {
  ...NOTICE,
  creditor: { fiscalCode: "77777777777", name: "Comune di Esempio" },
};

const OK_ANSWERS: Readonly<Record<string, () => string>> = {
  "01-paVerifyPaymentNotice.res.ok.xml": () => writeVerifyResponse(NOTICE),
  "02-paGetPayment.res.ok.xml": () => writeGetPaymentResponse("paGetPayment", NOTICE),
  "03-paGetPaymentV2.res.ok.single.xml": () =>
    writeGetPaymentResponse("paGetPaymentV2", {
      ...NOTICE,
      transfers: [
        {
          ...CANTEEN,
          metadata: [
            { key: "RC_TIP_1", value: "INCASSO_TIPICO" },
            { key: "RC_AC_1", value: "2026" },
            { key: "RC_ACC_1", value: "2026/1233" },
            { key: "RC_IMP_1", value: "64.10" },
          ],
        },
      ],
    }),
  "03-paGetPaymentV2.res.ok.multi-beneficiary.xml": () =>
    writeGetPaymentResponse("paGetPaymentV2", {
      ...WITHOUT_OFFICE,
      description: "Nido e trasporto ottobre 2026",
      transfers: [
        {
          ...CANTEEN,
          amountCents: 5_000n,
          remittanceInformation: "/RFB/12260000001234523/50.00/TXT/Nido",
          category: "9/0107106SP/",
        },
        {
          ...CANTEEN,
          id: 2,
          amountCents: 1_410n,
          fiscalCodePA: "77777777778",
          companyName: "Unione dei Comuni Esempio",
          iban: "IT60X0542811101000000654321",
          remittanceInformation: "/RFB/12260000001234523/14.10/TXT/Trasporto",
          category: "9/0107102SP/",
        },
      ],
    }),
  "03-paGetPaymentV2.res.ok.mbd.xml": () =>
    writeGetPaymentResponse("paGetPaymentV2", {
      ...WITHOUT_OFFICE,
      amountCents: 1_600n,
      description: "Marca da bollo istanza",
      transfers: [
        {
          ...CANTEEN,
          amountCents: 1_600n,
          iban: null,
          stamp: {
            documentHash: "wHpFSLCGZjIvNSXxqtGbxg7275t446DRTk5ZrsdUQ6E=",
            province: "RM",
          },
          remittanceInformation: "Bollo su istanza",
          category: "9/0115103TS/",
        },
      ],
    }),
  "04-paSendRT.res.ok.xml": () => writeReceiptResponse("paSendRT"),
  "05-paSendRTV2.res.ok.xml": () => writeReceiptResponse("paSendRTV2"),
  "06-paDemandPaymentNotice.res.ok.xml": () => writeDemandResponse(WITHOUT_OFFICE),
};

/** `05-paSendRTV2.res.ko.PAA_RECEIPT_DUPLICATA.xml` → our answer, described as the sample describes it. */
function faultAnswer(name: string): string {
  const [, operation, fault] = /^\d+-(\w+)[.]res[.]ko[.](\w+)[.]xml$/.exec(name) ?? [];
  const description = /<description>(.*)<\/description>/.exec(sample(name))?.[1];
  assert.ok(fault !== undefined && fault in FAULT_STRINGS, name);
  return writeFault(operation as Operation, fault as FaultCode, "77777777777", description);
}

describe("OS-01 samples of pagoPA", { skip: specsMissing }, () => {
  const files = specsMissing ? [] : readdirSync(SAMPLES).filter((name) => name.endsWith(".xml"));

  it("reads every request", () => {
    const requests = files.filter((name) => name.includes(".req"));
    assert.equal(requests.length, 7);
    for (const name of requests) {
      const read = parseRequest(bytesOf(sample(name)));
      assert.equal(read.kind === "malformed" ? read.path : read.operation, name.split(/[-.]/)[1]);
      if (read.kind === "malformed") continue;
      assert.equal(read.idPA, "77777777777");
      assert.equal(read.idStation, "77777777777_01");
    }
  });

  it("reads the receipt of pagoPA's own reconciliation program", () => {
    const body = readFileSync(join(PAGOPA_SPECS, "samples/receipt/p4pa_RECEIPT_VALID.xml"), "utf8");
    const read = parseRequest(bytesOf(inEnvelope(body)));
    assert.ok(read.kind === "receipt");
    const { receipt } = read;
    assert.equal(receipt.paymentAmountCents, 3_000n);
    assert.deepEqual(
      receipt.transfers.map(({ id, amountCents, fiscalCodePA, metadata }) => ({
        id,
        amountCents,
        fiscalCodePA,
        metadata,
      })),
      [
        {
          id: 1,
          amountCents: 2_000n,
          fiscalCodePA: "77777777777",
          metadata: [{ key: "keytest", value: "1" }],
        },
        { id: 2, amountCents: 1_000n, fiscalCodePA: "77777777778", metadata: undefined },
      ],
    );
    assert.equal(receipt.paidAt?.toString(), "2021-10-01T15:48:22Z");
    assert.equal(receipt.primaryCiIncurredFeeCents, 50n);
    assert.equal(receipt.payer?.fullName, "John Doe");
    assert.equal(receipt.standIn, false);
  });

  it("writes every response, word for word", () => {
    const responses = files.filter((name) => name.includes(".res."));
    assert.equal(responses.length, 18);
    for (const name of responses) {
      const written = OK_ANSWERS[name]?.() ?? faultAnswer(name);
      assert.equal(meaning(written), meaning(sample(name)), name);
    }
  });

  it("uses the fault texts of the reference matrix", () => {
    const path = join(PAGOPA_SPECS, "reference/paa-fault-matrix.json");
    const matrix = JSON.parse(readFileSync(path, "utf8")) as {
      faultString: Record<string, string>;
    };
    for (const [fault, text] of Object.entries(matrix.faultString))
      assert.equal(FAULT_STRINGS[fault as FaultCode], text);
  });
});

describe("OS-01 the schema of paForNode", { skip: specsMissing }, () => {
  it("knows our own test messages and the judge can say no", () => {
    const judge = schemaJudge("wsdl/xsd/paForNode.xsd", "soap-body");
    for (const call of CALLS) judge(inEnvelope(call));
    assert.throws(() => judge(inEnvelope(CALLS[0]?.replace("</idPA>", "</idPA><idPA/>") ?? "")));
  });

  it("SOAP faults are SOAP", () => {
    const judge = schemaJudge("xsd-common/envelope.xsd", "root");
    for (const code of ["Client", "Server", "MustUnderstand"] as const)
      judge(writeSoapFault(code, "Messaggio <non> leggibile & basta"));
    judge(writeVerifyResponse(NOTICE));
  });
});
