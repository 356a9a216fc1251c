// SPDX-License-Identifier: EUPL-1.2
import { isDeepStrictEqual } from "node:util";
import { type Day, isBefore, sameDay } from "#kernel/dates.ts";
import { settingsStart } from "./day-pattern.ts";
import type { Profile } from "./profile-schema.ts";
import { type SettingPoint, settingsFor } from "./resolve-profile.ts";

export interface StoredSetting extends SettingPoint {
  readonly source: "profile" | "office";
}

export interface Difference {
  /** inside the value: `portal.time`; empty = the whole value */
  readonly path: string;
  /** `undefined`: was not there, or goes away */
  readonly old: unknown;
  readonly new: unknown;
}

export interface SettingChange {
  /** `kept-office`: the office set another value for that day; the profile does not undo it */
  readonly kind: "added" | "changed" | "removed" | "kept-office";
  readonly scope: string;
  readonly key: string;
  readonly validFrom: Day;
  readonly value: unknown;
  readonly assumedReason: string | null;
  readonly differences: readonly Difference[];
}

/**
 * What applying a profile for a school year would change. Only rows of that year (1 August to 31 July) are
 * touched: the past stays as it was, a later year waits for its own application. Applied once, the
 * same profile gives no difference.
 */
export function diffProfile(
  current: readonly StoredSetting[],
  profile: Profile,
  year: number,
): SettingChange[] {
  const wanted = Map.groupBy(settingsFor(profile, year), nameOf);
  const stored = Map.groupBy(current, nameOf);
  const names = [...new Set([...wanted.keys(), ...stored.keys()])];
  return names.flatMap((name) => diffOne(stored.get(name) ?? [], wanted.get(name) ?? [], year));
}

const nameOf = ({ scope, key }: SettingPoint): string => `${scope}/${key}`;

const sameSetting = (a: SettingPoint, b: SettingPoint): boolean =>
  isDeepStrictEqual(a.value, b.value) && a.assumedReason === b.assumedReason;

const effectiveOn = <Point extends SettingPoint>(
  points: readonly Point[],
  date: Day,
): Point | undefined =>
  points
    .filter(({ validFrom }) => !isBefore(date, validFrom))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.validFrom, b.validFrom))
    .at(-1);

function diffOne(
  stored: readonly StoredSetting[],
  wanted: readonly SettingPoint[],
  year: number,
): SettingChange[] {
  const start = settingsStart(year);
  const next = settingsStart(year + 1);
  const isGone = (row: StoredSetting): boolean =>
    row.source === "profile" &&
    !isBefore(row.validFrom, start) &&
    isBefore(row.validFrom, next) &&
    !wanted.some(({ validFrom }) => sameDay(validFrom, row.validFrom));
  const gone = stored.filter(isGone);
  const changes = gone.map((row) => change("removed", row, row.value, undefined));
  let timeline: SettingPoint[] = stored.filter((row) => !isGone(row));
  for (const point of wanted) {
    const exact = stored.find(({ validFrom }) => sameDay(validFrom, point.validFrom));
    const before = exact ?? effectiveOn(timeline, point.validFrom);
    if (before && sameSetting(before, point)) continue;
    if (exact?.source === "office") {
      if (!isDeepStrictEqual(exact.value, point.value)) {
        changes.push(change("kept-office", point, exact.value, point.value));
      }
      continue;
    }
    timeline = [...timeline.filter((row) => row !== exact), point];
    changes.push(change(before ? "changed" : "added", point, before?.value, point.value, before));
  }
  return changes;
}

function change(
  kind: SettingChange["kind"],
  point: SettingPoint,
  old: unknown,
  value: unknown,
  before?: SettingPoint,
): SettingChange {
  const { scope, key, validFrom, assumedReason } = point;
  const differences = differencesOf(old, value);
  if (before && before.assumedReason !== assumedReason) {
    differences.push({
      path: "(assumed)",
      old: before.assumedReason ?? undefined,
      new: assumedReason ?? undefined,
    });
  }
  return { kind, scope, key, validFrom, value: point.value, assumedReason, differences };
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The leaves in which two values differ; lists count as one leaf. */
export function differencesOf(old: unknown, value: unknown, path = ""): Difference[] {
  if (isDeepStrictEqual(old, value)) return [];
  if (!isGroup(old) || !isGroup(value)) return [{ path, old, new: value }];
  return [...new Set([...Object.keys(old), ...Object.keys(value)])].flatMap((key) =>
    differencesOf(old[key], value[key], path === "" ? key : `${path}.${key}`),
  );
}

const FROZEN = ["model", "accountScope"];

/**
 * Changes that would move money already posted to another kind of account: wallet scope and payment model
 * are frozen once the year has postings (domain.md "Tenants").
 */
export function frozenChanges(
  changes: readonly SettingChange[],
  hasPostings: boolean,
): SettingChange[] {
  if (!hasPostings) return [];
  return changes.filter(
    ({ kind, key, differences }) =>
      kind !== "kept-office" &&
      key === "payment" &&
      differences.some(
        ({ path, old }) => old !== undefined && (path === "" || FROZEN.includes(path)),
      ),
  );
}
