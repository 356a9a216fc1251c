// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Choice } from "./meal-state.ts";

const HORIZON_DAYS = 21;

/** How many service days in a row would be plain if `date` were: the days before and after it that are, plus one. */
export function plainRun(
  isServiceDay: (date: Day) => boolean,
  choices: readonly { date: Day; choice: Choice }[],
  date: Day,
): number {
  const plain = new Set(
    choices.filter(({ choice }) => choice === "plain").map((row) => row.date.toString()),
  );
  if (plain.size === 0) return 1;
  const count = (step: 1 | -1): number => {
    let run = 0;
    for (let offset = step; Math.abs(offset) <= HORIZON_DAYS; offset += step) {
      const other = date.add({ days: offset });
      if (!isServiceDay(other)) continue;
      if (!plain.has(other.toString())) break;
      run += 1;
    }
    return run;
  };
  return count(-1) + 1 + count(1);
}
