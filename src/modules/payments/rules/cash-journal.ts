// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** Money that came into the treasury, as its journal tells it. */
export interface JournalMovement {
  /** the same movement has the same key in every journal that tells of it */
  readonly key: string;
  readonly movedOn: Day;
  /** below zero: taken back */
  readonly amountCents: Cents;
  readonly causale: string;
  /** conto di evidenza */
  readonly account: string;
  /** `SOSPESO ENTRATA 64422` */
  readonly document: string;
}

/** A page of the treasurer's cash journal, parsed and not judged. */
export interface ReceivedJournal {
  readonly code: string;
  /** whose treasury it is */
  readonly fiscalCode: string;
  readonly page: number;
  readonly pages: number;
  readonly from: Day;
  readonly to: Day;
  /** money that came in, for whatever reason */
  readonly movements: readonly JournalMovement[];
  /** movements that brought no money: outgoing, regularisations, advances */
  readonly others: number;
}
