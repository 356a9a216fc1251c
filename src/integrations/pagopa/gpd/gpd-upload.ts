// SPDX-License-Identifier: EUPL-1.2
/**
 * Many positions in one file (`gpd_massive_v2.json`): GPD takes it, works through it at its own pace and reports what became
 * of each. The interface knows version 1's positions alone; GPD publishes what it makes of a file.
 */
import { z } from "zod";
import { writeZip } from "#kernel/zip.ts";
import { callService, detailOf, type PagopaAccess } from "../call-service.ts";
import { failed, type RemoteDebt } from "../remote-debt.ts";
import { toGpdPosition } from "./gpd-model.ts";

const ACCEPTED = 202;
const OK = 200;
const TOO_EARLY = 425;
/** A whole file: longer than one position, shorter than the sender's claim. */
const UPLOAD_TIMEOUT_MS = 60_000;

/** Who sends for whom. */
export interface UploadKey {
  readonly brokerCode: string;
  readonly creditorFiscalCode: string;
}

const fileOf = ({ brokerCode, creditorFiscalCode }: UploadKey): string =>
  `upload/gpd/debt-positions-service/v2/brokers/${encodeURIComponent(brokerCode)}` +
  `/organizations/${creditorFiscalCode}/debtpositions/file`;

export type SentFile =
  | { readonly outcome: "accepted"; readonly fileId: string }
  | { readonly outcome: "failed"; readonly problem: string };

/** `isNew`: none of them was ever sent. All belong to the key's creditor. */
export async function sendFileToGpd(
  access: PagopaAccess,
  of: UploadKey & { debts: readonly RemoteDebt[]; isNew: boolean },
): Promise<SentFile> {
  const paymentPositions = of.debts.map((debt) => toGpdPosition("v1", debt));
  const json = Buffer.from(JSON.stringify({ paymentPositions }));
  const form = new FormData();
  const zip = new Uint8Array(writeZip(new Map([["positions.json", json]])));
  form.set("file", new Blob([zip], { type: "application/octet-stream" }), "positions.zip");
  const answer = await callService(
    { ...access, timeoutMs: UPLOAD_TIMEOUT_MS },
    { method: of.isNew ? "POST" : "PUT", path: fileOf(of), form },
  );
  if (answer.outcome !== "answered" || answer.status !== ACCEPTED) return problemOf(answer);
  // Where it says how far it is: `brokers/…/organizations/…/debtpositions/file/{id}/status`.
  const fileId = /\/file\/([\w-]{1,100})\/status$/.exec(answer.location ?? "")?.[1];
  return fileId === undefined
    ? { outcome: "failed", problem: "HTTP 202 without the file's place" }
    : { outcome: "accepted", fileId };
}

function problemOf(answer: Parameters<typeof failed>[0]): { outcome: "failed"; problem: string } {
  const refusal = failed(answer);
  return refusal.outcome === "failed" ? refusal : { outcome: "failed", problem: "" };
}

const status = z.object({ operationStatus: z.string() });
const report = z.object({
  responses: z
    .array(
      z.object({
        statusCode: z.int(),
        statusMessage: z.string().nullish(),
        iupds: z.array(z.string()),
      }),
    )
    .nullish(),
});

export type ReadFile =
  | { readonly outcome: "not-yet" }
  /** by GPD's key of the position: empty when it was taken, otherwise why not */
  | { readonly outcome: "done"; readonly results: ReadonlyMap<string, string> }
  | { readonly outcome: "failed"; readonly problem: string };

/** What became of a file; a position that the report does not name was not taken. */
export async function readFileInGpd(
  access: PagopaAccess,
  of: UploadKey & { fileId: string },
): Promise<ReadFile> {
  const path = `${fileOf(of)}/${encodeURIComponent(of.fileId)}`;
  const standing = await callService(access, { method: "GET", path: `${path}/status` });
  if (standing.outcome !== "answered" || standing.status !== OK) return problemOf(standing);
  const { success, data } = status.safeParse(standing.body);
  if (!success) return { outcome: "failed", problem: "a status that is none" };
  if (!data.operationStatus.startsWith("COMPLETED")) return { outcome: "not-yet" };
  const told = await callService(access, { method: "GET", path: `${path}/report` });
  if (told.outcome === "answered" && told.status === TOO_EARLY) return { outcome: "not-yet" };
  if (told.outcome !== "answered" || told.status !== OK) return problemOf(told);
  const read = report.safeParse(told.body);
  if (!read.success) return { outcome: "failed", problem: "a report that is none" };
  const results = new Map<string, string>();
  for (const { statusCode, statusMessage, iupds } of read.data.responses ?? []) {
    const isTaken = statusCode >= 200 && statusCode < 300;
    const problem = `HTTP ${statusCode}: ${detailOf({ title: statusMessage })}`;
    for (const iupd of iupds) results.set(iupd, isTaken ? "" : problem);
  }
  return { outcome: "done", results };
}
