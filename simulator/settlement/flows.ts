// SPDX-License-Identifier: EUPL-1.2
import type { Moment, Payment, Psp } from "../node/types.ts";

export const PAY_STATUSES = ["EXECUTED", "NO_RPT", "STAND_IN", "STAND_IN_NO_RPT"] as const;
export type PayStatus = (typeof PAY_STATUSES)[number];

export interface FlowLine {
  readonly iuv: string;
  readonly iur: string;
  readonly idTransfer: number;
  readonly amountCents: bigint;
  readonly status: PayStatus;
  readonly paidAt: Moment;
}

/** One bank transfer of one PSP to one creditor institution, and what it is made of. */
export interface Flow {
  readonly fdr: string;
  readonly revision: number;
  readonly psp: Psp;
  readonly organization: { readonly fiscalCode: string; readonly name: string };
  readonly createdAt: Moment;
  /** id of the bank transfer */
  readonly regulation: string;
  readonly regulationDate: string;
  readonly lines: readonly FlowLine[];
  readonly totalCents: bigint;
}

/** What PSPs tell creditor institutions of the money they handed over (FdR). */
export class Flows {
  readonly #flows: Flow[] = [];
  /** names of flows go on after a restart that forgot them: the same name would be the same flow */
  #lastNumber = 0;
  readonly #reported = new Set<string>();

  get all(): readonly Flow[] {
    return this.#flows;
  }

  /** Every payment that is in no flow yet: one flow for each PSP, creditor institution and banking day. */
  publish(payments: readonly Payment[], of: { status: PayStatus; now: Moment }): Flow[] {
    const due = payments.filter(({ receiptId }) => !this.#reported.has(receiptId));
    for (const { receiptId } of due) this.#reported.add(receiptId);
    const shares = due.flatMap((payment) =>
      payment.transfers.map((transfer) => ({ payment, transfer })),
    );
    const bundles = Map.groupBy(shares, ({ payment, transfer }) =>
      [payment.psp.id, transfer.fiscalCodePA, payment.transferDate].join("/"),
    );
    const made = [...bundles.values()].map((bundle): Flow => {
      const { payment, transfer } = bundle[0]!;
      const number = this.#nextNumber(of.now);
      const lines = bundle.map((one): FlowLine => {
        const { receiptId: iur, iuv, paidAt } = one.payment;
        const { id: idTransfer, amountCents } = one.transfer;
        return { iuv, iur, idTransfer, amountCents, status: of.status, paidAt };
      });
      const flow: Flow = {
        fdr: `${payment.transferDate}${payment.psp.id}-S${number}`,
        revision: 1,
        psp: payment.psp,
        organization: {
          fiscalCode: transfer.fiscalCodePA,
          name: transfer.companyName || payment.companyName,
        },
        createdAt: of.now,
        regulation: `SIMULATORE${number}`,
        regulationDate: payment.transferDate,
        lines,
        totalCents: lines.reduce((sum, { amountCents }) => sum + amountCents, 0n),
      };
      this.#flows.push(flow);
      return flow;
    });
    return made;
  }

  #nextNumber(now: Moment): string {
    const seconds = Math.floor(now.epochMilliseconds / 1000) % 1_000_000_000;
    this.#lastNumber = Math.max(seconds, this.#lastNumber + 1);
    return String(this.#lastNumber).padStart(9, "0");
  }

  /** The PSP sends a flow again: a higher revision takes the place of the one before. */
  revise(fdr: string, now: Moment): Flow | null {
    const last = this.#flows.findLast((flow) => flow.fdr === fdr);
    if (!last) return null;
    const flow = { ...last, revision: last.revision + 1, createdAt: now };
    this.#flows.push(flow);
    return flow;
  }

  /** The latest revision of each flow of this institution. */
  of(fiscalCode: string): Flow[] {
    const latest = new Map<string, Flow>();
    for (const flow of this.#flows)
      if (flow.organization.fiscalCode === fiscalCode) latest.set(flow.fdr, flow);
    return [...latest.values()];
  }

  find(of: { fiscalCode: string; fdr: string; revision: number; pspId: string }): Flow | undefined {
    return this.#flows.find(
      (flow) =>
        flow.fdr === of.fdr &&
        flow.revision === of.revision &&
        flow.psp.id === of.pspId &&
        flow.organization.fiscalCode === of.fiscalCode,
    );
  }
}
