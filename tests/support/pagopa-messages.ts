// SPDX-License-Identifier: EUPL-1.2
/** Messages of the Node as our own tests write them: invented people, an invented town, every element of the interface. */
import { day } from "#kernel/dates.ts";
import type { PayableNotice } from "../../src/integrations/pagopa/soap/index.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const PA = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd";

const ADDRESS =
  "<idPA>00112233445</idPA><idBrokerPA>99887766554</idBrokerPA><idStation>99887766554_02</idStation>";
const QR_CODE =
  "<qrCode><fiscalCode>00112233445</fiscalCode><noticeNumber>302100000000000193</noticeNumber></qrCode>";

export const inEnvelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${SOAP}" xmlns:p="${PA}"><s:Header/>` +
  `<s:Body>${body}</s:Body></s:Envelope>`;

export const verifyCall = `<p:paVerifyPaymentNoticeReq>${ADDRESS}${QR_CODE}</p:paVerifyPaymentNoticeReq>`;

const GET_CONTENT =
  `${ADDRESS}${QR_CODE}<amount>37.80</amount><paymentNote>carrello 7</paymentNote>` +
  "<transferType>PAGOPA</transferType><dueDate>2026-12-15</dueDate>";
export const getCall = `<p:paGetPaymentReq>${GET_CONTENT}</p:paGetPaymentReq>`;
export const getV2Call = `<p:paGetPaymentV2Request>${GET_CONTENT}</p:paGetPaymentV2Request>`;

const person = (name: string, code: string): string =>
  "<uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType>" +
  `<entityUniqueIdentifierValue>${code}</entityUniqueIdentifierValue></uniqueIdentifier><fullName>${name}</fullName>` +
  "<streetName>Vicolo dei Gelsi</streetName><civicNumber>4/b</civicNumber><postalCode>60099</postalCode>" +
  "<city>Borgo Immaginario</city><stateProvinceRegion>AN</stateProvinceRegion><country>IT</country>" +
  "<e-mail>prova+avvisi@example.org</e-mail>";

const metadata = (key: string): string =>
  `<metadata><mapEntry><key>${key}</key><value>2026/77</value></mapEntry></metadata>`;

function receipt(version: "V1" | "V2"): string {
  const isSecond = version === "V2";
  const v2 = (text: string): string => (isSecond ? text : "");
  const head = (id: number, cents: string, town: string): string =>
    `<idTransfer>${id}</idTransfer><transferAmount>${cents}</transferAmount>` +
    `<fiscalCodePA>${town}</fiscalCodePA>${v2("<companyName>Comune di Borgo Immaginario</companyName>")}`;
  const tail = (id: number): string =>
    `<remittanceInformation>Mensa ${id}</remittanceInformation>` +
    `<transferCategory>9/0107101TS/</transferCategory>${metadata(`RC_${id}`)}`;
  const account = "<IBAN>IT02L0123412345000000067890</IBAN>";
  const stamp = "<MBDAttachment>PG1hcmNhLz4=</MBDAttachment>";
  return (
    "<receipt><receiptId>ricevuta-0001-abc</receiptId><noticeNumber>302100000000000193</noticeNumber>" +
    "<fiscalCode>00112233445</fiscalCode><outcome>OK</outcome>" +
    "<creditorReferenceId>02100000000000193</creditorReferenceId><paymentAmount>53.80</paymentAmount>" +
    "<description>Mensa scolastica, novembre &amp; dicembre</description>" +
    "<companyName>Comune di Borgo Immaginario</companyName><officeName>Scuole</officeName>" +
    `<debtor>${person("Ada Perla", "PRLDAA80A41A271X")}</debtor>` +
    `<transferList><transfer>${head(1, "37.80", "00112233445")}${account}${tail(1)}</transfer>` +
    `<transfer>${head(2, "16.00", "55443322110")}${isSecond ? stamp : account}${tail(2)}</transfer></transferList>` +
    "<idPSP>PSPPROVA</idPSP><pspFiscalCode>10101010101</pspFiscalCode><pspPartitaIVA>10101010101</pspPartitaIVA>" +
    "<PSPCompanyName>Banca di Prova</PSPCompanyName><idChannel>10101010101_03</idChannel>" +
    "<channelDescription>sportello</channelDescription>" +
    `<payer>${person("Bruno Perla", "PRLBRN78B02A271Q")}</payer><paymentMethod>cash</paymentMethod>` +
    `${v2("<paymentNote>carrello 7</paymentNote>")}<fee>1.20</fee>` +
    v2(
      "<primaryCiIncurredFee>0.10</primaryCiIncurredFee><idBundle>b1</idBundle><idCiBundle>c1</idCiBundle>",
    ) +
    "<paymentDateTime>2026-11-19T18:05:09</paymentDateTime><applicationDate>2026-11-19</applicationDate>" +
    `<transferDate>2026-11-20</transferDate>${metadata("ULTIMA")}<standIn>true</standIn></receipt>`
  );
}

export const receiptCall = `<p:paSendRTReq>${ADDRESS}${receipt("V1")}</p:paSendRTReq>`;
export const receiptV2Call = `<p:paSendRTV2Request>${ADDRESS}${receipt("V2")}</p:paSendRTV2Request>`;

export const demandCall =
  `<p:paDemandPaymentNoticeRequest>${ADDRESS}<idServizio>00012</idServizio>` +
  "<idSoggettoServizio>00034</idSoggettoServizio>" +
  "<datiSpecificiServizioRequest>PGRhdGkvPg==</datiSpecificiServizioRequest></p:paDemandPaymentNoticeRequest>";

/** Each call of the interface, with all it may carry. */
export const CALLS: readonly string[] = [
  verifyCall,
  getCall,
  getV2Call,
  receiptCall,
  receiptV2Call,
  demandCall,
];

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A notice of one transfer, to be changed by the test that needs another. */
export const PAYABLE: PayableNotice = {
  noticeNumber: "302100000000000193",
  iuv: "02100000000000193",
  amountCents: 3_780n,
  dueOn: day("2026-12-15"),
  description: "Mensa scolastica novembre 2026",
  creditor: {
    fiscalCode: "00112233445",
    name: "Comune di Borgo Immaginario",
    officeName: "Scuole",
  },
  debtor: { kind: "F", code: "PRLDAA80A41A271X", fullName: "Ada Perla", email: "ada@example.org" },
  transfers: [
    {
      id: 1,
      amountCents: 3_780n,
      fiscalCodePA: "00112233445",
      companyName: "Comune di Borgo Immaginario",
      iban: "IT02L0123412345000000067890",
      remittanceInformation: "/RFB/02100000000000193/37.80/TXT/Mensa scolastica",
      category: "9/0107101TS/",
      metadata: [],
    },
  ],
  metadata: [],
};
