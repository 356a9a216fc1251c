// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { payersOn } from "#enrolment";
import { people } from "#families";
import type { Day, Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { inEveryLanguage, type NewMessage, planMessages, recipientsTold } from "#messaging";
import { iseeMessage } from "../rules/isee-message.ts";
import { type IseeEnding, iseeEndings } from "./isee-endings.ts";

/**
 * Tells who pays for a child that its ISEE ends, thirty days before and on the day after, where that changes a price
 * . Once per child, day and event, however often it is asked.
 */
export async function announceIseeEndings(
  tx: WriteTx,
  of: { today: Day; now: Moment },
): Promise<{ families: number }> {
  const endings = (await iseeEndings(tx, of)).filter(({ changes }) => changes.length > 0);
  if (endings.length === 0) return { families: 0 };
  const payers = await payersOf(tx, endings, of.today);
  const told = await recipientsTold(tx, [...new Set(endings.map(eventOf))]);
  const known = new Set(
    told.flatMap(({ holderId, childIds, dedupeKey }) =>
      childIds.map((childId) => `${eventIn(dedupeKey)}${holderId}/${childId}`),
    ),
  );
  const due = endings.flatMap((ending) =>
    [...(payers.get(ending.childId) ?? [])]
      .filter((holderId) => !known.has(`${eventOf(ending)}${holderId}/${ending.childId}`))
      .map((holderId) => ({ holderId, ending })),
  );
  const write = await writerOf(tx, endings);
  const messages = [
    ...Map.groupBy(due, ({ holderId, ending }) => `${eventOf(ending)}${holderId}`).values(),
  ].map((group) =>
    write(
      group[0]!.holderId,
      group.map(({ ending }) => ending),
    ),
  );
  await planMessages(tx, messages, of.now);
  return { families: new Set(messages.map(({ holderId }) => holderId)).size };
}

/** `isee-expiring:2026-12-31:` */
const eventOf = ({ validTo, hasEnded }: IseeEnding): string =>
  `isee-${hasEnded ? "expired" : "expiring"}:${validTo.toString()}:`;
const eventIn = (dedupeKey: string): string => dedupeKey.split(":").slice(0, 2).join(":") + ":";

/** Child → the accounts that pay for one of its services. */
async function payersOf(
  tx: ReadTx,
  endings: readonly IseeEnding[],
  today: Day,
): Promise<Map<string, Set<string>>> {
  const uses = endings.flatMap(({ childId, changes }) =>
    changes.map(({ serviceId }) => ({ childId, serviceId })),
  );
  const payers = new Map<string, Set<string>>();
  const answers = await Promise.all(
    [...Map.groupBy(uses, ({ serviceId }) => serviceId)].map(([serviceId, own]) =>
      payersOn(tx, { childIds: own.map(({ childId }) => childId), serviceId, date: today }),
    ),
  );
  for (const [childId, paying] of answers.flatMap((answer) => [...answer])) {
    const known = payers.get(childId) ?? new Set();
    payers.set(childId, known.union(new Set(paying.map(({ holderId }) => holderId))));
  }
  return payers;
}

/** Writes one account's message about endings of the same day. */
async function writerOf(
  tx: ReadTx,
  endings: readonly IseeEnding[],
): Promise<(holderId: string, of: readonly IseeEnding[]) => NewMessage> {
  const { services } = await townCalendar(tx);
  const ids = [...new Set(endings.map(({ childId }) => childId))];
  const names = new Map((await people(tx, ids)).map(({ id, givenName }) => [id, givenName]));
  return (holderId, of) => {
    const [first] = of;
    const told = of.map(({ childId, changes }) => ({
      child: names.get(childId) ?? "",
      changes: changes.map((change) => ({
        ...change,
        service: services.find(({ id }) => id === change.serviceId)!,
      })),
    }));
    const childIds = of.map(({ childId }) => childId);
    return {
      holderId,
      childIds,
      kind: first!.hasEnded ? "isee-expired" : "isee-expiring",
      dedupeKey: `${eventOf(first!)}${holderId}:${childIds.toSorted().join("+")}`,
      ...inEveryLanguage((lang) => iseeMessage({ ...first!, told }, lang)),
    };
  };
}
