// SPDX-License-Identifier: EUPL-1.2
import { lastDayOf, type Service, type TownCalendar } from "#calendar";
import { putDiets, putEnrolments, putMemberships, putPayerShares } from "#enrolment";
import {
  paymentCode,
  putChildHolders,
  putGuardianships,
  putHolders,
  putPeople,
  putResidencies,
} from "#families";
import { systemActor } from "#kernel/actor.ts";
import { type Day, day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type NewIsee, putExemptions, recordIsees, tariffsOf } from "#tariffs";
import type { DemoChild, DemoFamily } from "./make-families.ts";
import type { Random } from "./random.ts";

interface Writing {
  readonly random: Random;
  readonly calendar: TownCalendar;
  readonly year: number;
  /** before the school year: when the office entered everybody */
  readonly at: Moment;
  readonly now: Moment;
}

/** Everybody of the town in a handful of statements. */
export async function writeFamilies(
  tx: WriteTx,
  families: readonly DemoFamily[],
  of: Writing,
): Promise<void> {
  const from = dayOf(of.at);
  const adults = families.flatMap(({ mother, father }) => (father ? [mother, father] : [mother]));
  const children = families.flatMap((family) => family.children);
  await putPeople(tx, [...adults, ...children.map(({ person }) => person)], of.at);
  await writeHolders(tx, families, of.random, from);
  await writeTies(tx, families, from);
  const residents = families.flatMap((family) =>
    family.children.map(({ person }) => ({ personId: person.id, resident: family.resident })),
  );
  await putResidencies(
    tx,
    residents.map((row) => ({ ...row, id: newId(), from, to: null })),
  );
  await writeSchool(tx, children, of, from);
  await writeIsees(tx, families, of);
  await writeExemptions(tx, children, of, from);
}

async function writeHolders(
  tx: WriteTx,
  families: readonly DemoFamily[],
  random: Random,
  from: Day,
): Promise<void> {
  const codes = new Set<string>();
  const code = (): string => {
    for (;;) {
      const drawn = paymentCode((limit) => random.below(limit));
      if (codes.has(drawn)) continue;
      codes.add(drawn);
      return drawn;
    }
  };
  const holders = families.flatMap(({ holderId, holder, secondHolder }) => [
    { id: holderId, personId: holder.id },
    ...(secondHolder ? [{ id: secondHolder.id, personId: secondHolder.person.id }] : []),
  ]);
  await putHolders(
    tx,
    holders.map((row) => ({ ...row, paymentCode: code(), from, to: null })),
  );
  const shares = families.flatMap(({ children, holderId, secondHolder }) =>
    secondHolder === null
      ? []
      : children.flatMap(({ person }) =>
          [holderId, secondHolder.id].map((payer) => ({ childId: person.id, holderId: payer })),
        ),
  );
  await putPayerShares(
    tx,
    shares.map((share) => {
      return { ...share, id: newId(), serviceId: null, basisPoints: 5000, from, to: null };
    }),
  );
}

async function writeTies(tx: WriteTx, families: readonly DemoFamily[], from: Day): Promise<void> {
  await putChildHolders(
    tx,
    families.flatMap(({ holderId, children }) =>
      children.map(({ person }) => {
        return { id: newId(), childId: person.id, holderId, from, to: null };
      }),
    ),
  );
  await putGuardianships(
    tx,
    families.flatMap(({ mother, father, children }) =>
      children.flatMap(({ person }) => {
        const tie = { childId: person.id, from, to: null };
        const ofMother = { ...tie, id: newId(), guardianId: mother.id, role: "madre" };
        if (!father) return [ofMother];
        return [ofMother, { ...tie, id: newId(), guardianId: father.id, role: "padre" }];
      }),
    ),
  );
}

async function writeSchool(
  tx: WriteTx,
  children: readonly DemoChild[],
  { calendar, year, at }: Writing,
  from: Day,
): Promise<void> {
  await putMemberships(
    tx,
    children.map(({ person, desk }) => {
      return { id: newId(), childId: person.id, classId: desk.classId, from, to: null };
    }),
  );
  const uses = children.flatMap((child) =>
    calendar.services
      .filter((service) => usesService(calendar, service, child, year))
      .map((service) => ({ childId: child.person.id, serviceId: service.id })),
  );
  await putEnrolments(
    tx,
    uses.map((use) => ({
      ...use,
      id: newId(),
      year,
      from,
      to: lastDayOf(calendar, { serviceId: use.serviceId, year }),
      weekdays: null,
    })),
    at,
  );
  const diets = children.flatMap(({ person, diet }) =>
    diet === null ? [] : [{ childId: person.id, code: diet }],
  );
  await putDiets(
    tx,
    diets.map((row) => ({ ...row, id: newId(), from, to: null, source: "office" as const })),
    at,
  );
}

/** Everybody eats where there is a canteen; the bus is for those who chose it. */
function usesService(
  calendar: TownCalendar,
  service: Service,
  { desk, bus }: DemoChild,
  year: number,
): boolean {
  if (service.kind !== "canteen" && !bus) return false;
  return calendar.periods.some(
    (period) =>
      period.serviceId === service.id &&
      period.year === year &&
      (period.siteId === null || period.siteId === desk.siteId) &&
      (period.level === null || period.level === desk.level),
  );
}

/** Presented in September, and in the new year again by most: an ISEE holds until 31 December. */
async function writeIsees(
  tx: WriteTx,
  families: readonly DemoFamily[],
  { random, year, at, now }: Writing,
): Promise<void> {
  const start = dayOf(at);
  const [first, second]: [NewIsee[], NewIsee[]] = [[], []];
  for (const { isee, children } of families) {
    if (isee === null) continue;
    const presentedOn = start.subtract({ days: random.between(1, 60) });
    const renewedOn = day(`${year + 1}-01-07`).add({ days: random.between(1, 50) });
    const renews = random.chance(0.85);
    for (const { person } of children) {
      const row = { childId: person.id, kind: "ordinario" as const, valueCents: isee };
      const own = { ...row, overriddenBy: null, reason: null };
      first.push({ ...own, id: newId(), ...holding(presentedOn) });
      if (renews && isBefore(renewedOn, dayOf(now)))
        second.push({ ...own, id: newId(), ...holding(renewedOn) });
    }
  }
  await record(tx, first, at);
  await record(tx, second, now);
}

async function record(tx: WriteTx, isees: readonly NewIsee[], at: Moment): Promise<void> {
  const done = await recordIsees(tx, { actor: systemActor, at, isees });
  if (done.outcome !== "recorded" || done.refused.length > 0)
    throw new Error(`the demo's ISEE were refused: ${JSON.stringify(done)}`);
}

const holding = (presentedOn: Day) => ({
  presentedOn,
  validFrom: presentedOn,
  validTo: day(`${presentedOn.year}-12-31`),
  appliesFrom: presentedOn,
});

/** Some children have an exemption that their town's tariff knows. */
async function writeExemptions(
  tx: WriteTx,
  children: readonly DemoChild[],
  { random, calendar }: Writing,
  from: Day,
): Promise<void> {
  for (const service of calendar.services) {
    const known = (await tariffsOf(tx, service.id)).flatMap(({ definition }) =>
      definition.modifiers.flatMap(({ when }) => when?.exemption ?? []),
    );
    const [code] = known;
    if (code === undefined) continue;
    const free = children.filter(() => random.chance(0.02));
    await putExemptions(
      tx,
      free.map(({ person }) => {
        const who = { id: newId(), childId: person.id, serviceId: service.id };
        return { ...who, code, fromDate: from, toDate: null };
      }),
    );
  }
}
