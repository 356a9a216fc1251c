// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";

export interface BusLine {
  readonly id: string;
  readonly serviceId: string;
  readonly name: string;
  /** the last day it ran */
  readonly endedOn: Day | null;
}
