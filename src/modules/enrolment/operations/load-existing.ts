// SPDX-License-Identifier: EUPL-1.2
import { classes, lastDayOf, sites, townCalendar } from "#calendar";
import {
  allGuardianships,
  allHolders,
  allPeople,
  childHoldersFrom,
  residenciesOn,
} from "#families";
import { isWithin } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { settingsOn } from "#tenancy";
import type { Existing, PupilScope } from "../rules/import/pupil-plan.ts";
import { dietsOn } from "../sql/enrolments.ts";
import { enrolmentsFrom, membershipsFrom } from "../sql/memberships.ts";

/** The whole town on a day, in ten queries whatever its size: what a file is compared with. */
export async function loadExisting(tx: ReadTx, scope: PupilScope): Promise<Existing> {
  const { effectiveOn, year } = scope;
  const children = await allPeople(tx, "child");
  const calendar = await townCalendar(tx);
  const guardianships = await allGuardianships(tx);
  return {
    children,
    adults: await allPeople(tx, "adult"),
    sites: await sites(tx),
    classes: await classes(tx),
    memberships: await membershipsFrom(tx, effectiveOn),
    guardianships: guardianships.filter(({ from, to }) => isWithin(effectiveOn, from, to)),
    holders: await allHolders(tx),
    childHolders: await childHoldersFrom(tx, effectiveOn),
    residencies: await residenciesOn(tx, effectiveOn),
    enrolments: await enrolmentsFrom(tx, effectiveOn),
    lastDays: new Map(
      scope.enrolIn.flatMap((serviceId) => {
        const lastDay = lastDayOf(calendar, { serviceId, year });
        return lastDay ? [[serviceId, lastDay]] : [];
      }),
    ),
    dietCodes: (await settingsOn(tx, effectiveOn)).town("dietCodes").map(({ code }) => code),
    diets: await dietsOn(
      tx,
      children.map((child) => child.id),
      effectiveOn,
    ),
  };
}
