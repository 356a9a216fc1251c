// SPDX-License-Identifier: EUPL-1.2
import { debtors } from "#families";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { inEveryLanguage, planEmails, planMessages } from "#messaging";
import { type CaseEvent, caseMessage } from "../rules/case-messages.ts";

/** Tells accounts, in the portal and by e-mail where there is an address; once per case and step. */
export async function tellCase(
  tx: WriteTx,
  of: {
    caseId: string;
    told: readonly { holderId: string; event: CaseEvent }[];
    now: Moment;
  },
): Promise<void> {
  const { caseId, told, now } = of;
  if (told.length === 0) return;
  const step = told.some(({ event }) => event.what === "opened") ? "opened" : "decided";
  const keyOf = (holderId: string): string => `payment-case:${caseId}:${step}:${holderId}`;
  await planMessages(
    tx,
    told.map(({ holderId, event }) => ({
      holderId,
      kind: "payment",
      ...inEveryLanguage((lang) => caseMessage(event, lang)),
      dedupeKey: keyOf(holderId),
    })),
    now,
  );
  const people = await debtors(
    tx,
    told.map(({ holderId }) => holderId),
  );
  const emails = told.flatMap(({ holderId, event }) => {
    const debtor = people.get(holderId);
    if (!debtor?.email) return [];
    const { personId, email: address, language: lang } = debtor;
    const text = caseMessage(event, lang);
    const to = { holderId, personId, address, lang, path: "/pagamenti", noticeIds: [] };
    return [{ ...to, ...text, kind: "payment" as const, dedupeKey: keyOf(holderId) }];
  });
  await planEmails(tx, emails, now);
}
