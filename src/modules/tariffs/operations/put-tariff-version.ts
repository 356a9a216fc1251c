// SPDX-License-Identifier: EUPL-1.2
import { isDeepStrictEqual } from "node:util";
import { type Day, type Moment, sameDay } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { readTariff, type TariffProblem } from "../rules/tariff-definition.ts";
import { insertTariffVersion, isTariffUsed, tariffOn } from "../sql/tariff-versions.ts";

export type PutTariffOutcome =
  | { outcome: "recorded"; id: string }
  /** the version in force from that day says the same already */
  | { outcome: "unchanged"; id: string }
  /** a version from that day has priced something: it stands; a new one starts on another day */
  | { outcome: "in-use"; id: string }
  | { outcome: "invalid"; problems: TariffProblem[] };

/**
 * Records a tariff from a day on; `definition` in the author's or the stored form. It replaces a version from
 * the same day that priced nothing yet. The caller has checked that the actor may (office manager, profile).
 */
export async function putTariffVersion(
  tx: WriteTx,
  of: {
    id: string;
    serviceId: string;
    validFrom: Day;
    act: string;
    definition: unknown;
    assumedReason: string | null;
    recordedBy: string;
    recordedAt: Moment;
  },
): Promise<PutTariffOutcome> {
  const read = readTariff(of.definition);
  if (read.outcome === "invalid") return read;
  const present = await tariffOn(tx, { serviceId: of.serviceId, date: of.validFrom });
  if (present && sameDay(present.validFrom, of.validFrom)) {
    const same =
      present.act === of.act &&
      present.assumedReason === of.assumedReason &&
      isDeepStrictEqual(present.definition, read.definition);
    if (same) return { outcome: "unchanged", id: present.id };
    if (await isTariffUsed(tx, present.id)) return { outcome: "in-use", id: present.id };
  }
  await insertTariffVersion(tx, { ...of, definition: read.definition });
  return { outcome: "recorded", id: of.id };
}
