// SPDX-License-Identifier: EUPL-1.2
import type { Day, Moment } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** How a payment in a flow ended: codes 0, 3, 4, 8, 9 of the XML (FlussoRiversamento 1.0.4 and 1.0.5). */
export const OUTCOMES = ["EXECUTED", "REVOKED", "STAND_IN", "STAND_IN_NO_RPT", "NO_RPT"] as const;
export type ReportedOutcome = (typeof OUTCOMES)[number];

export interface ReportedPayment {
  readonly iuv: string;
  /** identificativo univoco riscossione: the receipt id */
  readonly iur: string;
  /** 1–5; the old XML may leave it out: 1 */
  readonly transfer: number;
  readonly amountCents: Cents;
  readonly paidOn: Day;
  readonly outcome: ReportedOutcome;
}

/** One revision of a PSP's flow, parsed and not judged: which payments a bank transfer contains. */
export interface ReceivedReport {
  readonly creditorFiscalCode: string;
  /** who wrote the flow (istitutoMittente): with the flow's code its identity, in REST and XML alike */
  readonly senderId: string;
  readonly flowCode: string;
  readonly revision: number;
  readonly pspId: string;
  readonly pspName: string;
  /** identificativoUnivocoRegolamento */
  readonly bankTransferCode: string;
  readonly settledOn: Day;
  readonly flowAt: Moment;
  readonly publishedAt: Moment | null;
  readonly totalCents: Cents;
  readonly paymentCount: number;
  readonly payments: readonly ReportedPayment[];
}

export interface OwnPart {
  /** of our notice numbers, money taken back below zero; `line` = its place in the flow */
  readonly payments: readonly (ReportedPayment & { readonly line: number })[];
  readonly ownCents: Cents;
  /** do all payments, ours or not, add up to the stated count and total? */
  readonly addsUp: boolean;
}

/**
 * What of a flow is ours. A flow holds all that a PSP collected for the creditor, also for its other systems: ours are
 * the IUVs of our segregation codes (17 digits, the first two). A revoked payment is money taken back: it counts below
 * zero, unless the stated total only adds up with it above.
 */
export function ownPart(report: ReceivedReport, segregationCodes: ReadonlySet<string>): OwnPart {
  const sum = (sign: Cents): Cents =>
    report.payments.reduce((total, one) => total + signed(one, sign), 0n);
  const isTakenBack = sum(-1n) === report.totalCents || sum(1n) !== report.totalCents;
  const sign = isTakenBack ? -1n : 1n;
  const payments = report.payments
    .map((one, index) => ({ ...one, amountCents: signed(one, sign), line: index + 1 }))
    .filter(({ iuv }) => /^\d{17}$/.test(iuv) && segregationCodes.has(iuv.slice(0, 2)));
  return {
    payments,
    ownCents: payments.reduce((total, { amountCents }) => total + amountCents, 0n),
    addsUp: sum(sign) === report.totalCents && report.payments.length === report.paymentCount,
  };
}

/** A revoked amount may come as it was paid or already below zero. */
function signed({ outcome, amountCents }: ReportedPayment, sign: Cents): Cents {
  if (outcome !== "REVOKED" || amountCents < 0n) return amountCents;
  return amountCents * sign;
}
