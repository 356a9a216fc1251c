// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";

/** To school in the morning, and back home. */
export const WAYS = ["outward", "return"] as const;
export type Way = (typeof WAYS)[number];

/** A local time each way; `null`: the bus does not stop there on that way. */
export type Times = Readonly<Record<Way, Temporal.PlainTime | null>>;

export interface BusLine {
  readonly id: string;
  readonly serviceId: string;
  readonly name: string;
  /** the last day it ran */
  readonly endedOn: Day | null;
}

export interface BusStop {
  readonly id: string;
  readonly lineId: string;
  readonly name: string;
  readonly times: Times;
  /** the last day it was served */
  readonly endedOn: Day | null;
}

/** Where a child gets on in the morning and off at home, from a day to a day (both count; `null`: open). */
export interface Seat {
  readonly childId: string;
  readonly serviceId: string;
  readonly stopIds: Readonly<Record<Way, string | null>>;
  readonly from: Day;
  readonly to: Day | null;
}

/** What a driver knows of a child, besides the class. */
export interface NamedSeat extends Seat {
  readonly surname: string;
  readonly givenName: string;
}
