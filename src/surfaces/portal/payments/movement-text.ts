// SPDX-License-Identifier: EUPL-1.2
/** A movement of a family's account in words: for the wallet and for the statement of account. */
import { type Charge, chargesByKeys } from "#billing";
import type { ReadTx } from "#kernel/db/index.ts";
import type { LedgerMovement } from "#ledger";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import { chargeReason, movementReason } from "./charge-words.ts";

type Movement = Pick<
  LedgerMovement,
  "key" | "kind" | "amountCents" | "childId" | "serviceId" | "reference" | "reversesId"
>;

/** The charges among some movements, by key. */
export async function chargesOfRows(
  tx: ReadTx,
  rows: readonly Pick<Movement, "key">[],
): Promise<Map<string, Charge>> {
  const keys = rows.map(({ key }) => key);
  const charges = keys.length === 0 ? [] : await chargesByKeys(tx, keys);
  return new Map(charges.map((charge) => [charge.chargeKey, charge]));
}

/** The child a movement is about, also on an account of the whole family; `null`: nobody in particular. */
export function childOf(row: Movement, charge: Charge | undefined): string | null {
  const { childId } = row.reference;
  return charge?.childId ?? row.childId ?? (typeof childId === "string" ? childId : null);
}

/** Of the service that a movement names; of one that names none, does the town keep any account? */
function isPrepaid(row: Movement, scope: FamilyScope, visit: Pick<Visit, "today">): boolean {
  const named = row.reference["serviceId"] ?? row.serviceId;
  return scope.calendar.services
    .filter(({ id }) => typeof named !== "string" || id === named)
    .some(({ code }) => {
      const payment = scope.settings.maybeService(code, "payment", visit.today);
      return payment?.model === "prepaid";
    });
}

/** `Giulia: Pasto, mensa`, `Ricarica con pagoPA` */
export function movementText(
  row: Movement,
  of: {
    scope: FamilyScope;
    visit: Pick<Visit, "lang" | "today">;
    charge: Charge | undefined;
  },
): string {
  const { scope, visit, charge } = of;
  const { lang } = visit;
  const service = scope.calendar.services.find(
    ({ id }) => id === (charge?.serviceId ?? row.serviceId),
  );
  const child = scope.children.find(({ id }) => id === childOf(row, charge));
  const reason = charge
    ? chargeReason(charge, service, lang)
    : movementReason(row, { lang, isPrepaid: isPrepaid(row, scope, visit) });
  return child ? `${child.name}: ${reason}` : reason;
}
