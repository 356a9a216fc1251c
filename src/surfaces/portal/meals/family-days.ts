// SPDX-License-Identifier: EUPL-1.2
import { childDays, type DayFacts } from "#booking";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";

/**
 * `childDays` with the visitor's eyes: who may only look (BO-23) is offered no act. What would arrive all the same, the
 * operations refuse.
 */
export async function familyDays(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  of: { childIds: readonly string[]; serviceId: string; from: Day; to: Day },
): Promise<Map<string, DayFacts[]>> {
  const { channel } = scope;
  const days = await childDays(tx, { ...of, channel, receivedAt: visit.receivedAt });
  return new Map(
    [...days].map(([id, facts]) => [
      id,
      scope.mayChange({ id }) ? facts : facts.map((on) => ({ ...on, channelOpen: false })),
    ]),
  );
}
