// SPDX-License-Identifier: EUPL-1.2
import { createHmac } from "node:crypto";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { seal, unseal } from "#kernel/seal.ts";
import { findJournal, insertJournal, type JournalEntry } from "../sql/requests.ts";

/** SPID, "Tracciature": request and response are kept for twenty-four months. */
const KEEP_MONTHS = 24;
const PURPOSE = "sign-in journal";

/** Finds somebody's entries for whoever knows the codice fiscale; tells nothing to anybody else. */
const subjectHashOf = (sealKey: string, tenantId: string, codiceFiscale: string): string =>
  createHmac("sha256", sealKey).update(`journal\n${tenantId}\n${codiceFiscale}`).digest("hex");

export async function journalSignIn(
  tx: WriteTx,
  of: Omit<JournalEntry, "id" | "subjectHash" | "sealedRequest" | "sealedResponse"> & {
    codiceFiscale: string | null;
    request: string;
    response: string;
    sealKey: string;
  },
): Promise<void> {
  const { codiceFiscale, request, response, sealKey, ...row } = of;
  const sealedFor = { tenantId: tx.tenantId, purpose: PURPOSE };
  await insertJournal(tx, {
    ...row,
    id: newId(),
    subjectHash: codiceFiscale && subjectHashOf(sealKey, tx.tenantId, codiceFiscale),
    sealedRequest: seal(sealKey, sealedFor, request),
    sealedResponse: seal(sealKey, sealedFor, response),
    deleteOn: dayOf(of.recordedAt).add({ months: KEEP_MONTHS }).toString(),
  });
}

export type OpenedJournalEntry = Omit<
  JournalEntry,
  "subjectHash" | "sealedRequest" | "sealedResponse"
> & { readonly request: string; readonly response: string };

/** What the duty officer asks for. The caller records who searched and why. */
export async function searchJournal(
  tx: ReadTx,
  of: {
    codiceFiscale?: string;
    messageId?: string;
    from: Moment;
    to: Moment;
    sealKey: string;
    limit: number;
  },
): Promise<OpenedJournalEntry[]> {
  const { codiceFiscale, sealKey, ...search } = of;
  const subjectHash = codiceFiscale && subjectHashOf(sealKey, tx.tenantId, codiceFiscale);
  const rows = await findJournal(tx, { ...search, subjectHash });
  const sealedFor = { tenantId: tx.tenantId, purpose: PURPOSE };
  return rows.map(({ subjectHash: _hash, sealedRequest, sealedResponse, ...row }) => ({
    ...row,
    request: unseal(sealKey, sealedFor, sealedRequest),
    response: unseal(sealKey, sealedFor, sealedResponse),
  }));
}
