// SPDX-License-Identifier: EUPL-1.2
import { REASON_WORDS } from "#billing";
import type { ClosureReason } from "#calendar";

/** Why a charge is there, in a few words: `Pasto, mensa`, `Storno: sciopero`. */
export function chargeReason(
  charge: { kind: "meal" | "fixed-fee" | "reversal"; reason: string },
  service: string,
): string {
  if (charge.kind === "fixed-fee") return `Quota, ${service}`;
  if (charge.kind === "meal") return service === "mensa" ? "Pasto, mensa" : `Uso, ${service}`;
  return `Storno: ${reversalWords(charge.reason)}`;
}

function reversalWords(reason: string): string {
  const closure = /^closure:([a-z-]+)$/.exec(reason)?.[1];
  if (closure && Object.hasOwn(REASON_WORDS, closure))
    return REASON_WORDS[closure as ClosureReason];
  return reason.trim() || "correzione dell'ufficio";
}

const METHODS: Record<string, string> = {
  "cash-desk": "allo sportello",
  vouchers: "con buoni cartacei",
  "bank-transfer": "con bonifico",
  "pagopa-other-portal": "dal portale del Comune",
};

/** A movement of the ledger that is no charge: what came in, and how. */
export function movementReason(row: {
  kind: string;
  reference: Record<string, unknown>;
  reversesId: string | null;
}): string {
  const method = METHODS[String(row.reference["method"] ?? "")];
  if (row.reversesId) {
    const reason = row.reference["reason"];
    return `Storno: ${reversalWords(typeof reason === "string" ? reason : "")}`;
  }
  switch (row.kind) {
    case "credit":
      return `Ricarica${method ? ` ${method}` : ""}`;
    case "meal":
      return "Pasto";
    case "fixed-fee":
      return "Quota";
    case "refund":
      return "Rimborso";
    default:
      return "Movimento";
  }
}
