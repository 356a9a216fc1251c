// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { type Day, earlier } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { servicesCredited, sumsByKey } from "#ledger";
import { datedSettings } from "#tenancy";
import { accountFor, type AccountedRow, movesOf } from "../rules/accounting-export.ts";
import { flowAwaitedFrom } from "../rules/awaited-flow.ts";
import * as bank from "../sql/bank-movements.ts";
import * as piles from "../sql/reconciliation.ts";
import type { Pile } from "../sql/reconciliation.ts";
import { type Cursor, cursors } from "../sql/receipt-recoveries.ts";
import * as flows from "../sql/settlement-flows.ts";

const NOTHING: Pile = { count: 0, cents: 0n, oldestOn: null };

type Piles = readonly (Pile & { explained: boolean; awaited: boolean })[];

/** What somebody must look at. */
const open = (all: Piles): Pile =>
  all.find(({ explained, awaited }) => !explained && !awaited) ?? NOTHING;

/** Payments of flows and movements of the bank that nobody has explained: how many, and since when the oldest waits. */
export async function unexplainedMoney(
  tx: ReadTx,
  today: Day,
): Promise<{ count: number; oldestOn: Day | null }> {
  const both = [
    open(await piles.paymentPiles(tx)),
    open(await piles.movementPiles(tx, flowAwaitedFrom(today))),
  ];
  const days = both.flatMap(({ oldestOn }) => oldestOn ?? []);
  return {
    count: both.reduce((sum, { count }) => sum + count, 0),
    oldestOn: days.length === 0 ? null : days.reduce(earlier),
  };
}

/** Where every cent that was paid stands, and what the ledger says of the same. All sums are euro cents. */
export interface Reconciliation {
  /** paid, and in no flow yet */
  readonly receiptsWaiting: Pile;
  /** in a flow, and not at the bank yet: our part */
  readonly flowsWaiting: Pile;
  /** at the bank: our part */
  readonly settled: Pile;
  /** payments of flows without the receipt that explains them; movements of the bank without a flow */
  readonly paymentsOpen: Pile;
  readonly movementsOpen: Pile;
  /** movements of the last days whose flow has not come yet: no question */
  readonly movementsAwaited: Pile;
  readonly explained: number;
  /** flows whose payments do not add up to what they state */
  readonly unsoundFlows: number;
  readonly books: {
    /** what pagoPA still owes, as the ledger has it (`pagopa-clearing`) */
    readonly clearingCents: Cents;
    /** registered by hand, paid on another portal */
    readonly byHandCents: Cents;
    /** taken back by PSPs, and taken off the families' accounts */
    readonly revokedCents: Cents;
    /** flows name more (or less) than receipts do */
    readonly unmatchedCents: Cents;
    /** what the piles make of it; equal to the ledger's, or something is wrong */
    readonly expectedCents: Cents;
    /** what came to the bank, by the ledger and by the flows */
    readonly bankCents: Cents;
    readonly postedCents: Cents;
  };
  readonly cursors: Cursor[];
}

export async function reconciliation(tx: ReadTx, today: Day): Promise<Reconciliation> {
  const payments = await piles.paymentPiles(tx);
  const movements = await piles.movementPiles(tx, flowAwaitedFrom(today));
  return {
    ...(await books(tx)),
    paymentsOpen: open(payments),
    movementsOpen: open(movements),
    movementsAwaited: movements.find(({ awaited }) => awaited) ?? NOTHING,
    explained: [...payments, ...movements]
      .filter((one) => one.explained)
      .reduce((sum, { count }) => sum + count, 0),
    cursors: await cursors(tx),
  };
}

type Books = Pick<
  Reconciliation,
  "receiptsWaiting" | "flowsWaiting" | "settled" | "unsoundFlows" | "books"
>;

/** What receipts and flows say, beside the ledger's accounts. */
async function books(tx: ReadTx): Promise<Books> {
  const receipts = await piles.receiptPiles(tx);
  const ofFlows = await piles.flowPiles(tx);
  const clearing = await sumsByKey(tx, { kind: "pagopa-clearing" });
  const postedCents = await piles.postedCents(tx);
  const flowPile = (state: "reported" | "settled"): Pile =>
    ofFlows.find((one) => one.state === state) ?? NOTHING;
  const sumOf = (isCounted: (prefix: string) => boolean): Cents =>
    [...clearing].reduce((sum, [prefix, cents]) => (isCounted(prefix) ? sum + cents : sum), 0n);
  const ofSettlement = new Set(["settlement", "settlement-undone"]);
  const ofReceipts = new Set(["pagopa-receipt", "receipt-revoked"]);
  const byHandCents = -sumOf((prefix) => !ofReceipts.has(prefix) && !ofSettlement.has(prefix));
  const revokedCents = sumOf((prefix) => prefix === "receipt-revoked");
  const [waiting, settled] = [flowPile("reported"), flowPile("settled")];
  const reportedCents = receipts.allCents - receipts.waiting.cents;
  const unmatchedCents = waiting.cents + settled.cents - reportedCents;
  return {
    receiptsWaiting: receipts.waiting,
    flowsWaiting: waiting,
    settled,
    unsoundFlows: ofFlows.reduce((sum, { unsound }) => sum + unsound, 0),
    books: {
      clearingCents: -sumOf(() => true),
      byHandCents,
      revokedCents,
      unmatchedCents,
      expectedCents:
        receipts.waiting.cents + waiting.cents - unmatchedCents + byHandCents - revokedCents,
      bankCents: sumOf((prefix) => ofSettlement.has(prefix)),
      postedCents,
    },
  };
}

/**
 * Do the piles and the ledger's accounts say the same? Run by `campanella check` and in tests; empty = sound, otherwise
 * the difference in cents.
 */
export async function checkReconciliation(
  tx: ReadTx,
): Promise<{ rule: "clearing-differs" | "bank-differs"; subject: string }[]> {
  const { books: stated } = await books(tx);
  const clearing = stated.clearingCents - stated.expectedCents;
  const bank = stated.bankCents - stated.postedCents;
  return [
    ...(clearing === 0n
      ? []
      : [{ rule: "clearing-differs" as const, subject: clearing.toString() }]),
    ...(bank === 0n ? [] : [{ rule: "bank-differs" as const, subject: bank.toString() }]),
  ];
}

/** The rows behind the piles, oldest first, `limit` of each. */
export async function reconciliationRows(
  tx: ReadTx,
  of: { limit: number; today: Day },
): Promise<{
  receipts: piles.WaitingReceipt[];
  waiting: flows.Flow[];
  settled: flows.Flow[];
  payments: flows.FlowPayment[];
  movements: bank.BankMovement[];
  awaited: bank.BankMovement[];
}> {
  const { limit } = of;
  const awaitedFrom = flowAwaitedFrom(of.today);
  return {
    receipts: await piles.waitingForFlow(tx, limit),
    waiting: await flows.flowsIn(tx, { state: "reported", limit }),
    settled: await flows.flowsIn(tx, { state: "settled", limit }),
    payments: await flows.openPayments(tx, limit),
    movements: await bank.openMovements(tx, { awaited: false, awaitedFrom, limit }),
    awaited: await bank.openMovements(tx, { awaited: true, awaitedFrom, limit }),
  };
}

export async function flowDetail(
  tx: ReadTx,
  id: string,
): Promise<{
  flow: flows.Flow;
  payments: flows.FlowPayment[];
  movements: bank.BankMovement[];
} | null> {
  const flow = await flows.flowById(tx, id);
  if (!flow) return null;
  return {
    flow,
    payments: await flows.paymentsOfFlow(tx, id),
    movements: await bank.movementsOfFlow(tx, id),
  };
}

/** `candidates`: flows of the same total that the bank has not paid. */
export async function movementDetail(
  tx: ReadTx,
  id: string,
): Promise<{
  movement: bank.BankMovement;
  flow: flows.Flow | null;
  candidates: flows.Flow[];
} | null> {
  const movement = await bank.movementById(tx, id);
  if (!movement) return null;
  const flow =
    movement.flowId === null ? null : ((await flows.flowById(tx, movement.flowId)) ?? null);
  const candidates =
    movement.standing === "matched"
      ? []
      : await flows.flowsOfTotal(tx, { ...movement, totalCents: movement.amountCents });
  return { movement, flow, candidates };
}

/** What was paid (or credited at the bank) in a period, with the codes of the town's books valid on each day. */
export async function accountingOf(
  tx: ReadTx,
  of: { from: Day; to: Day; by: "paid" | "banked" },
): Promise<AccountedRow[]> {
  const [rows, credited, calendar, settings] = [
    await piles.accountingRows(tx, of),
    await piles.creditedCases(tx, of),
    await townCalendar(tx),
    await datedSettings(tx),
  ];
  const services = await servicesCredited(
    tx,
    credited.map(({ id }) => `payment-case:${id}`),
  );
  const moved = credited.flatMap((one) =>
    movesOf(one, services.get(`payment-case:${one.id}`) ?? null),
  );
  return accountFor([...rows, ...moved], (serviceId, date) => {
    const service = calendar.services.find(({ id }) => id === serviceId);
    const codes = service && settings.maybeService(service.code, "accounting", date);
    return {
      serviceName: service?.name ?? "",
      budgetChapter: codes?.budgetChapter ?? "",
      assessment: codes?.assessment ?? "",
      siope: codes?.siope ?? "",
    };
  });
}
