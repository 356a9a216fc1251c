// SPDX-License-Identifier: EUPL-1.2
import type { Channel } from "#kernel/actor.ts";
import { type Day, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { CutoffSetting, ServiceSettings } from "#tenancy";

type Cutoffs = ServiceSettings["cutoffs"];

/** The setting of a channel at a site; a channel the town does not use has none. */
function settingOf(
  cutoffs: Cutoffs,
  channel: Channel,
  siteName: string,
): CutoffSetting | undefined {
  return cutoffs.sites[siteName]?.[channel] ?? cutoffs[channel];
}

/** Last instant (tolerance not included) at which a change for `date` may arrive; `null` = channel not offered. */
export function cutoffAt(
  cutoffs: Cutoffs,
  channel: Channel,
  siteName: string,
  date: Day,
): Moment | null {
  const setting = settingOf(cutoffs, channel, siteName);
  return setting ? momentAt(date.subtract({ days: setting.daysBefore }), setting.time) : null;
}

/** "Entro le 9:00" includes 9:00:00 and the town's tolerance (domain.md "Time"; X-02). */
export function isInTime(receivedAt: Moment, cutoff: Moment, toleranceSeconds: number): boolean {
  return !isMomentAfter(receivedAt, cutoff.add({ seconds: toleranceSeconds }));
}

/** The latest instant at which any channel may still change `date` at this site: the order freezes after it. */
export function latestCutoff(cutoffs: Cutoffs, siteName: string, date: Day): Moment {
  const moments = (["portal", "app", "voice", "office", "school"] as const)
    .map((channel) => cutoffAt(cutoffs, channel, siteName, date))
    .filter((at) => at !== null)
    .map((at) => at.add({ seconds: cutoffs.toleranceSeconds }));
  return moments.reduce((latest, at) => (isMomentAfter(at, latest) ? at : latest));
}

/** The order of a site freezes 15 seconds after the latest cut-off (domain.md "A meal's life"). */
export const freezeMoment = (cutoffs: Cutoffs, siteName: string, date: Day): Moment =>
  latestCutoff(cutoffs, siteName, date).add({ seconds: 15 });

/**
 * Is the channel open at all? A voice line with `opensAt` 18:00 and cut-off 9:00 works from 18:00 to 24:00 and from
 * 0:00 to 9:00, by the clock, whatever day the call acts on (BO-16).
 */
export function isChannelOpen(
  cutoffs: Cutoffs,
  channel: Channel,
  siteName: string,
  receivedAt: Moment,
): boolean {
  const setting = settingOf(cutoffs, channel, siteName);
  if (!setting) return false;
  if (setting.opensAt === undefined) return true;
  const time = receivedAt.toZonedDateTimeISO("Europe/Rome").toPlainTime();
  const opens = Temporal.PlainTime.from(setting.opensAt);
  const closes = Temporal.PlainTime.from(setting.time).add({ seconds: cutoffs.toleranceSeconds });
  return (
    Temporal.PlainTime.compare(time, opens) >= 0 || Temporal.PlainTime.compare(time, closes) <= 0
  );
}
