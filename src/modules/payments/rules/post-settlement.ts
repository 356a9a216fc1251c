// SPDX-License-Identifier: EUPL-1.2
import { type Day, sameDay } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { Transfer } from "#ledger";

export interface PostableFlow {
  readonly id: string;
  readonly creditorFiscalCode: string;
  readonly senderId: string;
  readonly flowCode: string;
  readonly revision: number;
  /** our part of the revision that counts; below zero: more was taken back than paid */
  readonly ownCents: Cents;
  /** the day the bank had it; null: not yet */
  readonly bankedOn: Day | null;
  /** what stands in the ledger, under which key, and under how many it has stood */
  readonly postedCents: Cents;
  readonly postedOn: Day | null;
  readonly postingKey: string;
  readonly postings: number;
}

export interface SettlementPosting {
  readonly flowId: string;
  /** key of what no longer stands */
  readonly reverse: string | null;
  /** the day on which that stood */
  readonly undoneOn: Day | null;
  readonly post: Transfer | null;
  readonly postedCents: Cents;
  readonly postedOn: Day | null;
  readonly postingKey: string;
  readonly postings: number;
}

/**
 * `settlement:<creditor>:<sender>:<flow>:<posting>`: what is posted anew, after a revision, has the next number. A PSP
 * may give two creditors of one town the same code. Keys of before (without creditor) stand as the flow remembers them.
 */
const keyOf = ({ creditorFiscalCode, senderId, flowCode }: PostableFlow, posting: number): string =>
  ["settlement", creditorFiscalCode, senderId, flowCode, String(posting)]
    .map(encodeURIComponent)
    .join(":");

/**
 * What must change in the ledger so that a flow the bank has paid stands there once, with the amount of the revision
 * that counts; null: nothing. Only our part moves: the rest of the transfer belongs to the creditor's other systems.
 */
export function settlementPosting(flow: PostableFlow): SettlementPosting | null {
  const { ownCents, bankedOn, postedCents, postedOn } = flow;
  const wantedCents = bankedOn ? ownCents : 0n;
  const wantedOn = wantedCents === 0n ? null : bankedOn;
  const isSameDay = wantedOn === null || postedOn === null || sameDay(wantedOn, postedOn);
  if (wantedCents === postedCents && isSameDay) return null;
  const postings = flow.postings + (wantedOn ? 1 : 0);
  return {
    flowId: flow.id,
    reverse: postedCents === 0n ? null : flow.postingKey,
    undoneOn: postedOn,
    post: wantedOn && transferOf(flow, { cents: wantedCents, on: wantedOn, posting: postings }),
    postedCents: wantedCents,
    postedOn: wantedOn,
    postingKey: wantedOn ? keyOf(flow, postings) : "",
    postings,
  };
}

function transferOf(flow: PostableFlow, of: { cents: Cents; on: Day; posting: number }): Transfer {
  const bank = { kind: "bank" } as const;
  const clearing = { kind: "pagopa-clearing" } as const;
  const isPaid = of.cents > 0n;
  return {
    key: keyOf(flow, of.posting),
    debit: isPaid ? bank : clearing,
    credit: isPaid ? clearing : bank,
    amountCents: isPaid ? of.cents : -of.cents,
    kind: "settlement",
    happenedOn: of.on,
    reference: { flow: flow.flowCode, sender: flow.senderId, revision: flow.revision },
  };
}
