// SPDX-License-Identifier: EUPL-1.2
import { tidyText } from "#kernel/name-fault.ts";
import { type BusStop, type Times, type Way, WAYS } from "./rows.ts";

export const LONGEST_LINE_NAME = 40;
export const LONGEST_STOP_NAME = 80;

const tidy = (text: string): string => tidyText(text).replaceAll(/\s+/g, " ");

/** `Linea 2` is written `2`: pages say the word before every name. */
export function lineName(text: string): string {
  const name = tidy(text);
  return name.replace(/^linea\s+/i, "") || name;
}

export const stopName = (text: string): string => tidy(text).replace(/^fermata\s+(?=\S)/i, "");

export type StopFault = "name-missing" | "name-too-long" | "no-time";

/** What is wrong with a stop as it was written; `null`: nothing. */
export function stopFault(stop: { name: string; times: Times }): StopFault | null {
  if (stop.name === "") return "name-missing";
  if (stop.name.length > LONGEST_STOP_NAME) return "name-too-long";
  return WAYS.some((way) => stop.times[way]) ? null : "no-time";
}

/** The stops that are served on a way, in the order of their times; by name where these are the same. */
export function stopsOfWay<Stop extends Pick<BusStop, "name" | "times">>(
  stops: readonly Stop[],
  way: Way,
): (Stop & { at: Temporal.PlainTime })[] {
  return stops
    .flatMap((stop) => (stop.times[way] ? [{ ...stop, at: stop.times[way] }] : []))
    .toSorted(
      (a, b) => Temporal.PlainTime.compare(a.at, b.at) || a.name.localeCompare(b.name, "it"),
    );
}

/** All stops as the office reads them: in the order of the morning, then those of the way back alone. */
export const stopsInOrder = <Stop extends Pick<BusStop, "name" | "times">>(
  stops: readonly Stop[],
): Stop[] => [
  ...stopsOfWay(stops, "outward"),
  ...stopsOfWay(
    stops.filter(({ times }) => times.outward === null),
    "return",
  ),
];
