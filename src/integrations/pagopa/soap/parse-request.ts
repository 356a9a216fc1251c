// SPDX-License-Identifier: EUPL-1.2
/**
 * Bytes a stranger sent to the station's URL → one of the six requests, or what is wrong with them. Every rule of
 * the interface's schema is checked here in code; nothing is fetched, expanded or executed.
 */
import { decodeText } from "./decode-text.ts";
import { readReceipt } from "./read-receipt.ts";
import { readXml, SOAP_NAMESPACE, type XmlElement } from "./read-xml.ts";
import { Deviation, NAMESPACE, present, Sequence } from "./sequence.ts";
import type {
  Addressed,
  GetRequest,
  MalformedReason,
  MalformedRequest,
  Operation,
  ReceiptData,
  StationRequest,
} from "./types.ts";
import * as values from "./values.ts";

/** The largest receipt with five signed stamps has about 60 kB. */
export const MAX_REQUEST_BYTES = 1_048_576;

/** Root elements as the interface names them: not all alike. */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ["paVerifyPaymentNoticeReq", "paVerifyPaymentNotice"],
  ["paGetPaymentReq", "paGetPayment"],
  ["paGetPaymentV2Request", "paGetPaymentV2"],
  ["paSendRTReq", "paSendRT"],
  ["paSendRTV2Request", "paSendRTV2"],
  ["paDemandPaymentNoticeRequest", "paDemandPaymentNotice"],
]);

export interface ParseOptions {
  readonly maxBytes?: number;
}

/**
 * Reads one SOAP 1.1 message of `paForNode`. Never throws, whatever the bytes.
 * @param contentType the HTTP header; only its `charset` is used
 */
export function parseRequest(
  bytes: Uint8Array,
  contentType?: string,
  { maxBytes = MAX_REQUEST_BYTES }: ParseOptions = {},
): StationRequest | MalformedRequest {
  if (bytes.length > maxBytes) return malformed("too-large", "", null);
  const decoded = decodeText(bytes, contentType);
  return decoded.outcome === "refused"
    ? malformed(decoded.reason, "", null)
    : parseText(decoded.text);
}

/**
 * A receipt from the inbox, as `ReceiptRequest.raw` kept it. Its XML declaration may name an encoding it no longer has.
 * @throws Error naming the place, when the text is no receipt: only what was read once is kept
 */
export function readStoredReceipt(raw: string): ReceiptData {
  const read = parseText(raw);
  if (read.kind === "receipt") return read.receipt;
  throw new Error(
    read.kind === "malformed"
      ? `receipt ${read.reason} at ${read.path}`
      : `no receipt: ${read.kind}`,
  );
}

function parseText(text: string): StationRequest | MalformedRequest {
  const { root, fault } = readXml(text);
  if (fault) return malformed(fault, "", root);
  try {
    return readCall(callOf(root), text);
  } catch (error) {
    if (!(error instanceof Deviation)) throw error;
    return malformed(error.reason, error.path, root);
  }
}

const isSoap = (element: XmlElement | null | undefined, name: string): element is XmlElement =>
  element?.name === name && element.uri === SOAP_NAMESPACE;

const operationOf = (call: XmlElement | undefined): Operation | undefined =>
  call?.uri === NAMESPACE ? OPERATIONS.get(call.name) : undefined;

/** The call inside a well-formed envelope: an optional Header, a Body with one element, nothing else. */
function callOf(root: XmlElement | null): XmlElement {
  const [first, ...rest] = isSoap(root, "Envelope") ? root.children : [];
  const hasHeader = isSoap(first, "Header");
  const [body, ...trailing] = hasHeader ? rest : [first, ...rest];
  const call = isSoap(body, "Body") ? body.children[0] : undefined;
  if (!body || !call || trailing.length > 0) throw new Deviation("not-soap", "");
  if (!operationOf(call)) throw new Deviation("unknown-operation", "");
  if (body.children.length > 1) throw new Deviation("unexpected-element", call.name);
  if (hasHeader && first.children.some((block) => block.mustBeUnderstood))
    throw new Deviation("must-understand", call.name);
  return call;
}

function readCall(call: XmlElement, raw: string): StationRequest {
  const operation = operationOf(call);
  if (!operation) throw new Deviation("unknown-operation", "");
  const sequence = new Sequence(call, call.name);
  const request = readOperation(sequence, operation, raw);
  sequence.end();
  return request;
}

const readAddress = (sequence: Sequence): Addressed => ({
  idPA: sequence.required("idPA", values.text35),
  idBrokerPA: sequence.required("idBrokerPA", values.text35),
  idStation: sequence.required("idStation", values.text35),
});

function readOperation(sequence: Sequence, operation: Operation, raw: string): StationRequest {
  const address = readAddress(sequence);
  switch (operation) {
    case "paVerifyPaymentNotice":
      return { kind: "verify", operation, ...address, ...readQrCode(sequence) };
    case "paGetPayment":
    case "paGetPaymentV2":
      return readGet(sequence, operation, address);
    case "paSendRT":
    case "paSendRTV2": {
      const version = operation === "paSendRT" ? "V1" : "V2";
      const receipt = sequence.group("receipt", (inside) => readReceipt(inside, version));
      return { kind: "receipt", operation, ...address, receipt, raw };
    }
    case "paDemandPaymentNotice":
      return {
        kind: "demand",
        operation,
        ...address,
        idServizio: sequence.required("idServizio", values.serviceCode),
        idSoggettoServizio: sequence.required("idSoggettoServizio", values.serviceCode),
        data: sequence.required("datiSpecificiServizioRequest", values.base64),
      };
  }
}

function readGet(
  sequence: Sequence,
  operation: GetRequest["operation"],
  address: Addressed,
): GetRequest {
  return present({
    kind: "get" as const,
    operation,
    ...address,
    ...readQrCode(sequence),
    amountCents: sequence.optional("amount", values.amount),
    paymentNote: sequence.optional("paymentNote", values.text210),
    transferType: sequence.optional("transferType", values.oneOf("POSTAL", "PAGOPA")),
    dueDate: sequence.optional("dueDate", values.date),
  });
}

const readQrCode = (sequence: Sequence): { fiscalCode: string; noticeNumber: string } =>
  sequence.group("qrCode", (code) => ({
    fiscalCode: code.required("fiscalCode", values.fiscalCodePA),
    noticeNumber: code.required("noticeNumber", values.noticeNumberText),
  }));

/** What can be believed of a message that went wrong: complete elements whose values are right. */
function malformed(
  reason: MalformedReason,
  path: string,
  root: XmlElement | null,
): MalformedRequest {
  const body = isSoap(root, "Envelope")
    ? root.children.find((child) => isSoap(child, "Body"))
    : undefined;
  const call = body?.children[0];
  const operation = operationOf(call) ?? null;
  const inCall = operation ? call : undefined;
  const receipt = childOf(inCall, "receipt");
  const numbered = receipt ?? childOf(inCall, "qrCode");
  return {
    kind: "malformed",
    reason,
    path,
    operation,
    idPA: valueOf(childOf(inCall, "idPA"), values.text35),
    receiptId: valueOf(childOf(receipt, "receiptId"), values.receiptIdText),
    noticeNumber: valueOf(childOf(numbered, "noticeNumber"), values.noticeNumberText),
  };
}

const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

const valueOf = (element: XmlElement | undefined, read: values.ReadValue<string>): string | null =>
  element?.isComplete && element.children.length === 0 ? (read(element.text) ?? null) : null;
