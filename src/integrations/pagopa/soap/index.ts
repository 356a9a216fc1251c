// SPDX-License-Identifier: EUPL-1.2
/** The front door of the station's wire format (SOAP 1.1 `paForNode`). */
export { MAX_REQUEST_BYTES, parseRequest, readStoredReceipt } from "./parse-request.ts";
export { FAULT_STRINGS, type FaultCode, faultOfMalformed, mayAnswer } from "./faults.ts";
export {
  NO_DUE_DATE,
  writeDemandResponse,
  writeFault,
  writeGetPaymentResponse,
  writeReceiptResponse,
  writeVerifyResponse,
} from "./write-response.ts";
export { writeVerifyRequest } from "./write-verify.ts";
export { writeSoapFault } from "./write-xml.ts";
export type * from "./types.ts";
