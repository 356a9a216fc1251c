// SPDX-License-Identifier: EUPL-1.2
import type { Cents } from "#kernel/money.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ServiceAnswer } from "./call-service.ts";

/** A debt position as ACA and GPD are told of it. Money is bigint cents. */
export interface RemoteDebt {
  /** ours, for ever: GPD's `iupd` */
  readonly iupd: string;
  readonly creditorFiscalCode: string;
  readonly companyName: string;
  /** `ANONIMO` when there is no codice fiscale */
  readonly debtor: { readonly code: string; readonly fullName: string };
  /** after the due day it cannot be paid any more */
  readonly switchToExpired: boolean;
  /** the options still open: the whole, the instalments, or both */
  readonly notices: readonly RemoteOption[];
}

export interface RemoteOption {
  readonly noticeNumber: string;
  readonly iuv: string;
  /** null: the whole at once */
  readonly instalment: number | null;
  readonly amountCents: Cents;
  readonly description: string;
  readonly dueAt: Moment;
  readonly transfers: readonly {
    readonly id: number;
    readonly amountCents: Cents;
    readonly fiscalCode: string;
    readonly companyName: string;
    readonly iban: string;
    readonly postalIban: string | null;
    readonly remittance: string;
    readonly category: string;
    readonly metadata: readonly { readonly key: string; readonly value: string }[];
  }[];
}

export type RemoteAnswer =
  /** `state`: the position's, in pagoPA's word, where it was said */
  | { readonly outcome: "done"; readonly state: string | null }
  /** for the log and the office: what was called and what came back, no personal data */
  | { readonly outcome: "failed"; readonly problem: string };

export const done = (state: string | null = null): RemoteAnswer => ({ outcome: "done", state });

/** Why it failed, in one line. */
export function failed(answer: ServiceAnswer): RemoteAnswer {
  if (answer.outcome === "unreachable") return { outcome: "failed", problem: answer.reason };
  const { status, detail } = answer;
  return {
    outcome: "failed",
    problem: detail === "" ? `HTTP ${status}` : `HTTP ${status}: ${detail}`,
  };
}
