// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import type { Lang } from "#kernel/i18n.ts";
import { closureReasonOf } from "../../web/closure-reasons.ts";
import { isCanteen, shortName } from "../meals/service-words.ts";
import { words } from "./words.ts";

/** Why a charge is there, in a few words: `Pasto, mensa`, `Storno: sciopero`. */
export function chargeReason(
  charge: { kind: "meal" | "fixed-fee" | "reversal"; reason: string },
  service: Service | undefined,
  lang: Lang,
): string {
  const w = words(lang);
  const name = service ? shortName(service, lang) : w.service;
  if (charge.kind === "fixed-fee") return w.feeFor(name);
  if (charge.kind === "meal")
    return service && isCanteen(service) ? w.mealFor(name) : w.useOf(name);
  return w.takenBack(reversalWords(charge.reason, lang));
}

function reversalWords(reason: string, lang: Lang): string {
  const closure = /^closure:([a-z-]+)$/.exec(reason)?.[1];
  const known = closure && closureReasonOf(closure, lang);
  return known || reason.trim() || words(lang).officeCorrection;
}

/** A movement of the ledger that is no charge: what came in, and how. Who pays by bill tops nothing up. */
export function movementReason(
  row: {
    kind: string;
    amountCents: bigint;
    reference: Readonly<Record<string, unknown>>;
    reversesId: string | null;
  },
  of: { lang: Lang; isPrepaid: boolean },
): string {
  const { lang, isPrepaid } = of;
  const w = words(lang);
  const { method, reason } = row.reference;
  if (row.reversesId)
    return w.takenBack(reversalWords(typeof reason === "string" ? reason : "", lang));
  switch (row.kind) {
    case "credit": {
      const how = typeof method === "string" ? w.methods[method] : undefined;
      return isPrepaid ? w.topUp(how) : w.paymentMade(how);
    }
    case "meal":
      return w.meal;
    case "fixed-fee":
      return w.fee;
    case "refund":
      return w.refund;
    case "transfer":
      return row.amountCents > 0n ? w.fromAccount : w.toAccount;
    case "write-off":
      return w.writtenOff;
    default:
      return w.movement;
  }
}
