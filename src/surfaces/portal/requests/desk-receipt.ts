// SPDX-License-Identifier: EUPL-1.2
import { deskReceipt, deskSheet, isReceipt } from "../../web/desk-receipt.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { familyScope } from "../family-scope.ts";

/** GET /pagamenti/registrati/:id/ricevuta.pdf: what the office registered by hand, for the family (MC-05, BI-09). */
export async function ownDeskReceipt(visit: Visit): Promise<Answer> {
  const sheet = await visit.town.read(async (tx) => {
    const [scope, sheet] = await Promise.all([familyScope(tx, visit), deskSheet(tx, visit)]);
    const { holderId, accountChildId: childId } = sheet?.payment ?? {};
    const isOwn = holderId && scope?.maySee({ holderId, childId: childId ?? null });
    return isOwn ? sheet : null;
  });
  return sheet && isReceipt(sheet) ? deskReceipt(visit, sheet) : notFound;
}
