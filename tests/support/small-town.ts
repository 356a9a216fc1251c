// SPDX-License-Identifier: EUPL-1.2
/**
 * A small town for scenario tests: one primary school, class 3A with rientri on Monday, Tuesday and Thursday,
 * the family Ferrando with Giulia and Tommaso. Every rule of the service is an argument.
 */
import {
  putClasses,
  putClassSessions,
  putSchoolYear,
  putServicePeriods,
  putServices,
  putSites,
} from "#calendar";
import { putEnrolments, putMemberships } from "#enrolment";
import { createFamily } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { type Database, jsonRows, sql, type TenantDb } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { putTariffVersion } from "#tariffs";
import type { ServiceSettings } from "#tenancy";
import { bumpConfiguration } from "#tenancy";
import { testTown } from "./db.ts";

export const RECEIPT_KEY = "a key that only tests use";
const AT = moment("2026-08-20T08:00:00Z");

/** Monday, Tuesday, Thursday */
export const RIENTRI = 0b0001011;

export const USUAL_SETTINGS: ServiceSettings = {
  payment: { model: "postpaid", accountScope: "child", directDebit: false },
  bill: { grouping: "child", dueDay: 18, minimumCents: 0 },
  billing: { automatic: false },
  attendance: { mode: "presumed" },
  absences: { reportedBy: "parents" },
  cutoffs: {
    portal: { time: "09:00", daysBefore: 0 },
    app: { time: "09:00", daysBefore: 0 },
    voice: { time: "09:00", daysBefore: 0, opensAt: "18:00" },
    office: { time: "09:00", daysBefore: 0 },
    school: { time: "09:00", daysBefore: 0 },
    toleranceSeconds: 0,
    lateCountsForNextDay: false,
    sites: {},
  },
  plainMeal: { allowed: true, maxConsecutiveDays: 3 },
  negativeBalance: { rule: "never-blocks" },
  residualCredit: { rule: "carried-over" },
  accounting: { budgetChapter: "", assessment: "", siope: "" },
  kitchen: {},
};

export interface SmallTown {
  tenantId: string;
  town: TenantDb;
  serviceId: string;
  siteId: string;
  classId: string;
  giulia: string;
  tommaso: string;
  holderId: string;
  sara: Actor;
}

export async function smallTown(
  db: Database,
  options: {
    settings?: Partial<ServiceSettings>;
    weekdays?: number;
    from?: string;
    /** default: 4,60 € for everybody; `null`: no tariff at all */
    tariff?: object | null;
  } = {},
): Promise<SmallTown> {
  const { tenantId, town } = await testTown(db);
  const ids = {
    serviceId: newId(),
    siteId: newId(),
    classId: newId(),
    giulia: newId(),
    tommaso: newId(),
  };
  const mother = newId();
  const settings = { ...USUAL_SETTINGS, ...options.settings };
  const { holderId } = await town.write(async (tx) => {
    await tx.run(sql`
      insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
      select ${tenantId}, 'mensa', r.key, date '2026-08-01', r.value, 'profile', ${AT}::timestamptz, 'test'
      from ${jsonRows(Object.entries(settings).map(([key, value]) => ({ key, value })))} as r(key text, value jsonb)`);
    await bumpConfiguration(tx);
    await putSchoolYear(tx, {
      year: 2026,
      startsOn: day("2026-09-14"),
      endsOn: day("2027-06-08"),
    });
    await putServices(tx, [
      { id: ids.serviceId, code: "mensa", kind: "canteen", name: "Mensa", position: 1 },
    ]);
    await putServicePeriods(tx, { serviceId: ids.serviceId, year: 2026 }, [
      {
        id: newId(),
        serviceId: ids.serviceId,
        year: 2026,
        level: null,
        siteId: null,
        startsOn: day(options.from ?? "2026-10-05"),
        endsOn: day("2027-06-04"),
        weekdays: 31,
      },
    ]);
    await putSites(tx, [
      {
        id: ids.siteId,
        ministryCode: "XXEE000001",
        name: "Primaria Milano",
        level: "primaria",
        address: "Via Milano 1",
        assumedReason: null,
      },
    ]);
    await putClasses(tx, [
      { id: ids.classId, siteId: ids.siteId, year: 2026, grade: 3, section: "A" },
    ]);
    await putClassSessions(tx, [
      {
        id: newId(),
        serviceId: ids.serviceId,
        classId: ids.classId,
        weekdays: options.weekdays ?? RIENTRI,
        weekdaysB: null,
        weekAMonday: null,
        from: day("2026-09-14"),
        to: null,
      },
    ]);
    if (options.tariff !== null) {
      const put = await putTariffVersion(tx, {
        id: newId(),
        serviceId: ids.serviceId,
        validFrom: day("2026-09-01"),
        act: "DGC 1/2026",
        definition: options.tariff ?? { kind: "fixed", priceCents: 460 },
        assumedReason: null,
        recordedBy: "test",
        recordedAt: AT,
      });
      if (put.outcome !== "recorded") throw new Error(JSON.stringify(put));
    }
    const family = await createFamily(
      tx,
      {
        holder: { id: mother, kind: "adult", surname: "Ferrando", givenName: "Sara" },
        children: [
          { id: ids.giulia, kind: "child", surname: "Ferrando", givenName: "Giulia" },
          { id: ids.tommaso, kind: "child", surname: "Ferrando", givenName: "Tommaso" },
        ],
        from: day("2026-09-01"),
      },
      AT,
    );
    const children = [ids.giulia, ids.tommaso];
    await putMemberships(
      tx,
      children.map((childId) => ({
        id: newId(),
        childId,
        classId: ids.classId,
        from: day("2026-09-14"),
        to: null,
      })),
    );
    await putEnrolments(
      tx,
      children.map((childId) => ({
        id: newId(),
        childId,
        serviceId: ids.serviceId,
        year: 2026,
        from: day("2026-09-14"),
        to: null,
        weekdays: null,
      })),
      AT,
    );
    return family;
  });
  const sara: Actor = {
    role: "guardian",
    id: newId(),
    name: "Sara Ferrando",
    personId: mother,
    siteIds: null,
    classIds: null,
    desk: null,
  };
  return { tenantId, town, ...ids, holderId, sara };
}

/** Many families of one child each in the small town's class. */
export async function manyFamilies(
  place: SmallTown,
  count: number,
): Promise<{ childId: string; parent: Actor }[]> {
  const made: { childId: string; parent: Actor }[] = [];
  await place.town.write(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const personId = newId();
      const childId = newId();
      await createFamily(
        tx,
        {
          holder: { id: personId, kind: "adult", surname: `Famiglia${index}`, givenName: "Anna" },
          children: [{ id: childId, kind: "child", surname: `Famiglia${index}`, givenName: "Leo" }],
          from: day("2026-09-01"),
        },
        AT,
      );
      made.push({ childId, parent: { ...place.sara, personId } });
    }
    const dates = { from: day("2026-09-14"), to: null };
    await putMemberships(
      tx,
      made.map(({ childId }) => ({ id: newId(), childId, classId: place.classId, ...dates })),
    );
    const { serviceId } = place;
    await putEnrolments(
      tx,
      made.map(({ childId }) => ({
        id: newId(),
        childId,
        serviceId,
        year: 2026,
        ...dates,
        weekdays: null,
      })),
      AT,
    );
  });
  return made;
}
