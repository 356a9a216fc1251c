// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { enrolmentsOf } from "#enrolment";
import { childHoldersFrom } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { accountKey, positiveBalances } from "#ledger";
import { askResidualRefunds, type AskedResidual, moneyRequests } from "#payments";
import { datedSettings } from "#tenancy";
import { type ResidualCredit, residualCredits } from "../rules/residual-credit.ts";

export interface ResidualList {
  /** the school year that is over: 2025 = 2025/2026 */
  readonly year: number;
  readonly credits: readonly (ResidualCredit & { key: string })[];
}

/**
 * The credits that the town's rule gives back after a school year (MC-12, BI-06): a dry run, nothing moves. What was
 * asked for already is not listed. `null`: no such year in the calendar, or it is not over.
 */
export async function residualCreditsAfter(
  tx: ReadTx,
  of: { year: number; now: Moment },
): Promise<ResidualList | null> {
  const { year } = of;
  const today = dayOf(of.now);
  const { years, services } = await townCalendar(tx);
  const ended = years.find((one) => one.year === year);
  if (!ended || !isBefore(ended.endsOn, today)) return null;
  const settings = await datedSettings(tx);
  const prepaid = services
    .filter(({ code }) => settings.maybeService(code, "payment", today)?.model === "prepaid")
    .map(({ id, code }) => ({ id, rule: settings.service(code, "residualCredit", today).rule }));
  if (prepaid.every(({ rule }) => rule === "carried-over")) return { year, credits: [] };
  const balances = await positiveBalances(tx);
  const held = await childHoldersFrom(tx, day(`${year}-08-01`));
  const childrenOf = Map.groupBy(held, ({ holderId }) => holderId);
  const childIds = [
    ...new Set([
      ...balances.flatMap(({ childId }) => childId ?? []),
      ...held.map(({ childId }) => childId),
    ]),
  ];
  const later = Map.groupBy(
    (await enrolmentsOf(tx, childIds)).filter((one) => one.year > year),
    ({ childId }) => childId,
  );
  const asked = await openKeys(tx);
  const credits = residualCredits({
    balances,
    services: prepaid,
    childrenOf: (holderId) => (childrenOf.get(holderId) ?? []).map(({ childId }) => childId),
    laterServicesOf: (childId) =>
      new Set((later.get(childId) ?? []).map(({ serviceId }) => serviceId)),
  })
    .map((credit) => ({ ...credit, key: accountKey({ kind: "family", ...credit }) }))
    .filter(({ key }) => !asked.has(key));
  return { year, credits };
}

/** Accounts whose credit somebody has asked for, without an answer yet. */
async function openKeys(tx: ReadTx): Promise<Set<string>> {
  const open = await moneyRequests(tx, { states: ["received"], limit: 1_000_000 });
  return new Set(
    open.flatMap(({ holderId, fromChildId: childId, fromServiceId: serviceId }) =>
      holderId ? [accountKey({ kind: "family", holderId, childId, serviceId })] : [],
    ),
  );
}

/** Makes a request of each chosen credit, read again this moment; the families are told. Once per account and year. */
export async function requestResidualRefunds(
  tx: WriteTx,
  of: { actor: Actor; year: number; keys: readonly string[]; now: Moment },
): Promise<AskedResidual | { outcome: "year-not-over" }> {
  const { actor, year, now } = of;
  const list = await residualCreditsAfter(tx, { year, now });
  if (!list) return { outcome: "year-not-over" };
  const chosen = list.credits.filter(({ key }) => of.keys.includes(key));
  return askResidualRefunds(tx, { actor, year, credits: chosen, now });
}
