// SPDX-License-Identifier: EUPL-1.2
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { debtors } from "#families";
import { accountKey, type Balance } from "#ledger";
import { LONGEST_BENEFICIARY } from "../rules/money-request.ts";
import * as requests from "../sql/money-requests.ts";
import { MAY_DECIDE_MONEY } from "./answer-money-request.ts";
import { promisedDay } from "./promised-day.ts";
import { tellMoney } from "./tell-money-desk.ts";

export type AskedResidual = { outcome: "asked"; count: number } | { outcome: "forbidden" };

/**
 * Credits that the town's rule gives back become requests, which the office answers like any other; the IBAN is asked
 * of the family. Once per account and school year: a second press makes none.
 */
export async function askResidualRefunds(
  tx: WriteTx,
  of: { actor: Actor; year: number; credits: readonly Balance[]; now: Moment },
): Promise<AskedResidual> {
  const { actor, year, now } = of;
  if (!MAY_DECIDE_MONEY.has(actor.role)) return { outcome: "forbidden" };
  await requests.lockMoneyDesk(tx);
  const keyed = of.credits.map((credit) => ({
    credit,
    key: `residual:${year}:${accountKey({ kind: "family", ...credit })}`,
  }));
  const standing = await requests.moneyRequests(tx, { keys: keyed.map(({ key }) => key) });
  const known = new Set(standing.map(({ key }) => key));
  const fresh = keyed.filter(({ key }) => !known.has(key));
  if (fresh.length === 0) return { outcome: "asked", count: 0 };
  const today = dayOf(now);
  const dueOn = await promisedDay(tx, today);
  const people = await debtors(tx, [...new Set(fresh.map(({ credit }) => credit.holderId))]);
  const schoolYear = `${year}/${year + 1}`;
  const rows = fresh.map(({ credit, key }) => ({
    id: newId(),
    kind: "refund" as const,
    origin: "residual-credit" as const,
    holderId: credit.holderId,
    fromChildId: credit.childId,
    fromServiceId: credit.serviceId,
    toChildId: null,
    toServiceId: null,
    paymentCaseId: null,
    amountCents: credit.balanceCents,
    beneficiary: (people.get(credit.holderId)?.fullName ?? "").slice(0, LONGEST_BENEFICIARY),
    iban: "",
    reason: `Credito rimasto, anno scolastico ${schoolYear}`,
    askedAt: now,
    askedBy: actor.name,
    dueOn,
    state: "received" as const,
    stateAt: now,
    answer: "",
    key,
    inputHash: "",
  }));
  await requests.insertRequests(tx, rows);
  await requests.insertRequestEvents(
    tx,
    rows.map(({ id }) => ({
      id: newId(),
      requestId: id,
      state: "received",
      at: now,
      by: actor.name,
      note: "",
    })),
  );
  await recordAudit(
    tx,
    ...rows.map((row) => ({
      actor,
      at: now,
      action: "payments.ask-money",
      holderId: row.holderId,
      childId: row.fromChildId,
      reason: row.reason,
      details: { kind: "residual-credit", amountCents: row.amountCents.toString() },
    })),
  );
  await tellMoney(tx, {
    told: rows.map(({ id, holderId, amountCents }) => ({
      holderIds: [holderId],
      event: { kind: "residual", amountCents },
      key: `money-request:${id}:residual`,
    })),
    now,
  });
  return { outcome: "asked", count: rows.length };
}
