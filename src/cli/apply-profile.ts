// SPDX-License-Identifier: EUPL-1.2
import { isDeepStrictEqual } from "node:util";
import {
  cancelClosure,
  putClasses,
  putClassSessions,
  putClosures,
  putSchoolYear,
  putServicePeriods,
  putServices,
  putSites,
  townCalendar,
} from "#calendar";
import { recordSecurityAll } from "#identity";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx, TenantDb, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { hasPostings } from "../modules/ledger/sql/year-postings.ts";
import { putTariffVersion, readTariff, tariffsOf } from "#tariffs";
import {
  applyProfile,
  calendarFor,
  type ParsedProfile,
  parseProfile,
  planProfile,
  type Profile,
  type ProfileCalendar,
  profileVersions,
  type SettingChange,
  settingsStart,
  type TownSettings,
} from "#tenancy";
import { type CalendarPlan, changedKinds, planCalendar } from "./plan-calendar.ts";

/** Reads a profile with its tariffs checked by the module that knows them. */
export function readProfile(text: string, fileName: string): ParsedProfile {
  return parseProfile(text, fileName, (definition) => {
    const read = readTariff(definition);
    return read.outcome === "valid" ? [] : read.problems;
  });
}

export interface TownProfile {
  readonly profile: Profile;
  /** the file's text */
  readonly document: string;
  /** the year the school year starts in */
  readonly year: number;
}

type PlannedTariff = ProfileCalendar["tariffs"][number] & { serviceId: string };

export type TownPlan =
  | {
      readonly outcome: "planned";
      /** one line per difference; none = nothing to do */
      readonly lines: readonly string[];
      readonly isNewText: boolean;
      readonly calendar: CalendarPlan;
      readonly tariffs: readonly PlannedTariff[];
    }
  | { readonly outcome: "refused"; readonly reasons: readonly string[] };

/** Everything that applying the profile would change: settings, calendar, tariffs. Writes nothing. */
export async function planTown(tx: ReadTx, town: TownProfile): Promise<TownPlan> {
  const { year } = town;
  const wanted = calendarFor(town.profile, year);
  const current = await townCalendar(tx);
  const settings = await planProfile(tx, { ...town, hasPostings: await postingsOf(tx, year) });
  const reasons = changedKinds(current, wanted);
  if (settings.outcome === "frozen") reasons.push(...settings.changes.map(frozenLine));
  if (settings.outcome === "frozen" || reasons.length > 0) return { outcome: "refused", reasons };
  const version = (await profileVersions(tx)).length + 1;
  const calendar = planCalendar(current, wanted, { tenantId: tx.tenantId, version });
  const tariffs = await planTariffs(tx, wanted, calendar.serviceIds);
  const lines = [
    ...settings.changes.flatMap(settingLines),
    ...calendar.lines,
    ...tariffs.map((tariff) => `+ tariff of ${tariff.service} from ${tariff.validFrom}`),
  ];
  return { outcome: "planned", lines, isNewText: settings.isNew, calendar, tariffs };
}

const postingsOf = (tx: ReadTx, year: number): Promise<boolean> =>
  hasPostings(tx, {
    from: settingsStart(year),
    to: settingsStart(year + 1).subtract({ days: 1 }),
  });

async function planTariffs(
  tx: ReadTx,
  wanted: ProfileCalendar,
  serviceIds: ReadonlyMap<string, string>,
): Promise<PlannedTariff[]> {
  const planned: PlannedTariff[] = [];
  for (const [code, serviceId] of serviceIds) {
    const asked = wanted.tariffs.filter(({ service }) => service === code);
    if (asked.length === 0) continue;
    const present = await tariffsOf(tx, serviceId);
    for (const tariff of asked) {
      const inForce = present.findLast(
        ({ validFrom }) => Temporal.PlainDate.compare(validFrom, tariff.validFrom) <= 0,
      );
      const read = readTariff(tariff.definition);
      const same =
        read.outcome === "valid" &&
        inForce?.act === tariff.act &&
        inForce.assumedReason === tariff.assumedReason &&
        isDeepStrictEqual(inForce.definition, read.definition);
      if (!same) planned.push({ ...tariff, serviceId });
    }
  }
  return planned;
}

const shown = (value: unknown): string => {
  if (value === undefined) return "(none)";
  const text = JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 87)}...` : text;
};

const SIGN = { added: "+", changed: "~", removed: "-", "kept-office": "=" } as const;

export function settingLines(change: SettingChange): string[] {
  const { kind, scope, key, validFrom, differences } = change;
  const line = (path: string): string =>
    `${SIGN[kind]} ${[scope || "town", key, path].filter(Boolean).join(".")} from ${validFrom}`;
  const name = line("");
  if (kind === "kept-office") return [`${name}: kept as the office set it`];
  if (kind === "added") return [`${name}: ${shown(change.value)}`];
  if (kind === "removed") return [name];
  return differences.map(
    ({ path, old, new: value }) => `${line(path)}: ${shown(old)} -> ${shown(value)}`,
  );
}

const frozenLine = (change: SettingChange): string =>
  `${settingLines(change).join("; ")}: the year has postings, payment model and wallet scope are frozen`;

export type ApplyTownOutcome =
  | { readonly outcome: "applied"; readonly lines: readonly string[] }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "refused"; readonly reasons: readonly string[] };

/** Leaves the transaction without a trace. */
class Refused extends Error {
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super(reasons.join("; "));
    this.reasons = reasons;
  }
}

/** Applies a profile to a town, all or nothing; the same profile twice changes nothing. */
export async function applyTown(
  db: TenantDb,
  town: TownProfile & { appliedBy: string; now: Moment },
): Promise<ApplyTownOutcome> {
  try {
    return await db.write(async (tx): Promise<ApplyTownOutcome> => {
      const plan = await planTown(tx, town);
      if (plan.outcome === "refused") return plan;
      if (plan.lines.length === 0 && !plan.isNewText) return { outcome: "unchanged" };
      const applied = await applyProfile(tx, {
        ...town,
        hasPostings: await postingsOf(tx, town.year),
      });
      if (applied.outcome === "frozen") throw new Refused(applied.changes.map(frozenLine));
      if (applied.outcome === "applied") await noteCredentials(tx, applied.changes, town);
      await writeCalendar(tx, plan.calendar, { name: town.appliedBy, at: town.now });
      for (const tariff of plan.tariffs) await writeTariff(tx, tariff, town);
      return { outcome: "applied", lines: plan.lines };
    });
  } catch (error) {
    if (error instanceof Refused) return { outcome: "refused", reasons: error.reasons };
    throw error;
  }
}

const ADMITTED_FOR = ["portal", "enrolment", "topUp"] as const;

/** Families get user code and password besides SPID and CIE, or lose them: a line of the security log, with the reason. */
async function noteCredentials(
  tx: WriteTx,
  changes: readonly SettingChange[],
  { appliedBy, now }: { appliedBy: string; now: Moment },
): Promise<void> {
  const events = changes.flatMap(({ scope, key, kind, value, differences, validFrom }) => {
    if (scope !== "" || key !== "login" || kind === "kept-office") return [];
    const login = value as TownSettings["login"];
    const before = ADMITTED_FOR.flatMap((place) => {
      const different = differences.find(({ path }) => path === place || path === "");
      if (different?.path === "") return [];
      return different ? ((different.old ?? []) as string[]) : login[place];
    });
    const [had, has] = [before, ADMITTED_FOR.flatMap((place) => login[place])].map((means) =>
      means.includes("credentials"),
    );
    if (kind === "removed" || had === has) return [];
    const details = { what: has ? "on" : "off", from: validFrom.toString() };
    const reason = has ? { reason: login.credentialsReason ?? "" } : {};
    const event = { kind: "credentials-switched", at: now, actorName: appliedBy } as const;
    return [{ ...event, details: { ...details, ...reason } }];
  });
  if (events.length > 0) await recordSecurityAll(tx, events);
}

async function writeCalendar(
  tx: WriteTx,
  plan: CalendarPlan,
  by: { name: string; at: Moment },
): Promise<void> {
  if (plan.year) await putSchoolYear(tx, plan.year);
  if (plan.services.length > 0) await putServices(tx, plan.services);
  if (plan.sites.length > 0) await putSites(tx, plan.sites);
  if (plan.classes.length > 0) await putClasses(tx, plan.classes);
  for (const { rows, ...service } of plan.periods) await putServicePeriods(tx, service, rows);
  if (plan.sessions.length > 0) await putClassSessions(tx, plan.sessions);
  if (plan.closures.length > 0) await putClosures(tx, plan.closures, by);
  for (const closureId of plan.cancelledClosureIds) await cancelClosure(tx, closureId, by);
}

async function writeTariff(
  tx: WriteTx,
  tariff: PlannedTariff,
  { appliedBy, now }: { appliedBy: string; now: Moment },
): Promise<void> {
  const put = await putTariffVersion(tx, {
    id: newId(),
    serviceId: tariff.serviceId,
    validFrom: tariff.validFrom,
    act: tariff.act,
    definition: tariff.definition,
    assumedReason: tariff.assumedReason,
    recordedBy: appliedBy,
    recordedAt: now,
  });
  const what = `tariff of ${tariff.service} from ${tariff.validFrom}`;
  switch (put.outcome) {
    case "recorded":
    case "unchanged":
      return;
    case "in-use":
      throw new Refused([
        `${what} has priced meals and cannot change: give the new one a later validFrom`,
      ]);
    case "invalid":
      throw new Refused(
        put.problems.map(({ path, message }) => `${what}: ${path.join(".")}: ${message}`),
      );
  }
}
