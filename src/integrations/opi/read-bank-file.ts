// SPDX-License-Identifier: EUPL-1.2
/** A file of the treasury or of pagoPA, whichever of the two kinds it is. Never throws, whatever the bytes. */
import type { BankFile } from "#payments";
import { readFlowFile } from "../pagopa/fdr/read-flow-file.ts";
import { decodeText } from "../pagopa/soap/decode-text.ts";
import { readCashJournal } from "./read-cash-journal.ts";

export type ReadBankFile =
  | { readonly outcome: "read"; readonly file: BankFile }
  | { readonly outcome: "unreadable"; readonly reason: string };

export function readBankFile(bytes: Uint8Array): ReadBankFile {
  const decoded = decodeText(bytes);
  if (decoded.outcome === "refused") return { outcome: "unreadable", reason: decoded.reason };
  const text = decoded.text.replace(/^\uFEFF/, "");
  const flow = /<(?:[\w.-]+:)?FlussoRiversamento[\s>]/.test(text.slice(0, 4000));
  if (flow) {
    const read = readFlowFile(text);
    if (read.outcome === "unreadable") return read;
    return { outcome: "read", file: { kind: "settlement-report", report: read.report } };
  }
  const read = readCashJournal(text);
  if (read.outcome === "unreadable")
    return read.reason === "not-a-journal" ? { ...read, reason: "unknown-kind" } : read;
  return { outcome: "read", file: { kind: "cash-journal", journal: read.journal } };
}
