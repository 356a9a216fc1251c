// SPDX-License-Identifier: EUPL-1.2
import { iseeEndings, iseePrices, iseeTitle } from "#billing";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Html } from "#kernel/html.ts";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";

/**
 * an ISEE that ends within thirty days, or ended just now, where a meal then costs something else: for whoever pays
 * for the child, nobody else reads of it.
 */
export async function iseeAlerts(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<Html[]> {
  const childIds = scope.children.map(({ id }) => id);
  const endings = await iseeEndings(tx, { today: visit.today, childIds });
  const isPaid = (childId: string, serviceId: string): boolean => {
    const child = scope.children.find(({ id }) => id === childId);
    return child !== undefined && scope.payersOf(child, serviceId).length > 0;
  };
  const changing = endings
    .map((ending) => ({
      ...ending,
      changes: ending.changes.filter(({ serviceId }) => isPaid(ending.childId, serviceId)),
    }))
    .filter(({ changes }) => changes.length > 0);
  return [...Map.groupBy(changing, ({ validTo }) => validTo.toString()).values()].map((group) => {
    const { validTo, hasEnded } = group[0]!;
    const told = group.map(({ childId, changes }) => ({
      child: scope.children.find(({ id }) => id === childId)?.name ?? "",
      changes: changes.map((change) => ({
        ...change,
        service: scope.calendar.services.find(({ id }) => id === change.serviceId)!,
      })),
    }));
    return alert({
      tone: "warning",
      title: iseeTitle({ validTo, hasEnded }, visit.lang),
      body: iseePrices({ validTo, hasEnded, told }, visit.lang),
    });
  });
}
