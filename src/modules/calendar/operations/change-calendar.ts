// SPDX-License-Identifier: EUPL-1.2
import type { WriteTx } from "#kernel/db/index.ts";
import { bumpConfiguration } from "#tenancy";
import * as write from "../sql/calendar.ts";
import * as writeSites from "../sql/sites.ts";

/** Every change of the calendar counts up the town's configuration version, in the same transaction. */
function counted<Arguments extends unknown[], Result>(
  change: (tx: WriteTx, ...rest: Arguments) => Promise<Result>,
): (tx: WriteTx, ...rest: Arguments) => Promise<Result> {
  return async (tx, ...rest) => {
    const result = await change(tx, ...rest);
    await bumpConfiguration(tx);
    return result;
  };
}

export const putSchoolYear = counted(write.putSchoolYear);
export const putServices = counted(write.putServices);
export const putServicePeriods = counted(write.putServicePeriods);
export const putClassSessions = counted(write.putClassSessions);
export const putClosures = counted(write.insertClosures);
export const cancelClosure = counted(write.markClosureCancelled);
export const shortenClosure = counted(write.setClosureEnd);
export const putSites = counted(writeSites.putSites);
export const putClasses = counted(writeSites.putClasses);
