// SPDX-License-Identifier: EUPL-1.2
import { classes, putClasses } from "#calendar";
import {
  freePaymentCodes,
  insertChanges,
  type Person,
  type PersonChange,
  putChildHolders,
  putGuardianships,
  putHolders,
  putPeople,
  putResidencies,
} from "#families";
import type { Actor } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { batches } from "#kernel/batches.ts";
import { type Moment, sameDay } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  type ChangedField,
  childRef,
  classKeyOf,
  type Existing,
  type PlannedAdult,
  type PlannedPupil,
  type PupilPlan,
  type PupilScope,
  type PupilWork,
} from "../rules/import/pupil-plan.ts";
import { endDiets } from "../sql/diets.ts";
import { putDiets, putEnrolments, putMemberships } from "../sql/enrolments.ts";
import { endEnrolments, endMemberships } from "../sql/memberships.ts";

interface Import {
  readonly existing: Existing;
  readonly plan: PupilPlan;
  readonly work: PupilWork;
  /** children of the town who leave their class */
  readonly leaving: readonly string[];
  readonly scope: PupilScope;
  readonly actor: Actor;
  readonly at: Moment;
  readonly importRunId: string;
}

/** Set-based throughout: the number of statements does not grow with the file (batches of 5,000 rows). */
export async function writePupils(tx: WriteTx, of: Import): Promise<void> {
  const { work } = of;
  const childIds = new Map(work.pupils.map((pupil) => [childRef(pupil), pupil.childId ?? newId()]));
  // Guardians may be of children that the file itself does not list.
  for (const { child } of [...work.ties, ...work.holders]) {
    if (!childIds.has(child)) childIds.set(child, child);
  }
  const adultIds = new Map(work.adults.map((adult) => [adult.key, adult.personId ?? newId()]));
  await writeClasses(tx, of);
  await writePeople(tx, of, childIds, adultIds);
  await writeTies(tx, of, childIds, adultIds);
  await writePlaces(tx, of, childIds);
  await writeLeaving(tx, of);
  await writeAudit(tx, of, childIds);
}

async function writeClasses(tx: WriteTx, { plan, scope }: Import): Promise<void> {
  if (plan.newClasses.length === 0) return;
  await putClasses(
    tx,
    plan.newClasses.map((one) => ({ ...one, id: newId(), year: scope.year })),
  );
}

async function writePeople(
  tx: WriteTx,
  of: Import,
  childIds: ReadonlyMap<string, string>,
  adultIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { existing, work, at } = of;
  const known = new Map(
    [...existing.children, ...existing.adults].map((person) => [person.id, person]),
  );
  const changedPupils = work.pupils.filter(
    (pupil) => pupil.childId !== null && pupil.fields.length > 0,
  );
  const changedAdults = work.adults.filter(
    (adult) => adult.personId !== null && adult.fields.length > 0,
  );
  const merged = [
    ...changedPupils.map((pupil) => mergedChild(known.get(pupil.childId ?? ""), pupil)),
    ...changedAdults.map((adult) => mergedAdult(known.get(adult.personId ?? ""), adult)),
  ];
  const created = [
    ...work.pupils
      .filter((pupil) => pupil.childId === null)
      .map((pupil) => newChild(childIds.get(childRef(pupil)) ?? newId(), pupil)),
    ...work.adults
      .filter((adult) => adult.personId === null)
      .map((adult) => newAdult(adultIds.get(adult.key) ?? newId(), adult)),
  ];
  await putPeople(tx, [...merged, ...created], at);
  const changeOf = (personId: string, field: ChangedField): PersonChange => ({
    id: newId(),
    personId,
    field: field.field,
    oldValue: field.old,
    newValue: field.new,
    changedAt: at,
    changedBy: of.actor.name,
    reason: `import ${of.importRunId}`,
  });
  await insertChanges(tx, [
    ...changedPupils.flatMap(({ childId, fields }) =>
      fields
        .filter(({ field }) => field !== "dietCode")
        .map((field) => changeOf(childId ?? "", field)),
    ),
    ...changedAdults.flatMap(({ personId, fields }) =>
      fields.map((field) => changeOf(personId ?? "", field)),
    ),
  ]);
}

type PersonRow = Parameters<typeof putPeople>[1][number];

function newChild(id: string, { record }: PlannedPupil): PersonRow {
  const { surname, givenName, sex, codiceFiscale, codiceFiscaleState } = record;
  const { birthPlaceCode, birthPlace, address, postalCode, city } = record;
  return {
    id,
    kind: "child",
    surname,
    givenName,
    sex,
    codiceFiscale,
    codiceFiscaleState,
    birthDate: record.birthDate === null ? null : Temporal.PlainDate.from(record.birthDate),
    birthPlaceCode,
    birthPlace,
    address,
    postalCode,
    city,
  };
}

function newAdult(id: string, { record }: PlannedAdult): PersonRow {
  const { surname, givenName, codiceFiscale, codiceFiscaleState, email, phone } = record;
  return { id, kind: "adult", surname, givenName, codiceFiscale, codiceFiscaleState, email, phone };
}

function mergedChild(person: Person | undefined, { record, fields }: PlannedPupil): PersonRow {
  if (!person) throw new Error("a changed child is not in the town");
  const { codiceFiscaleState: _state, createdAt: _createdAt, ...rest } = person;
  const changed = new Set(fields.map(({ field }) => field));
  const pick = <Key extends keyof PersonRow>(key: Key, value: PersonRow[Key]): Partial<PersonRow> =>
    changed.has(key) ? { [key]: value } : {};
  return {
    ...rest,
    ...pick("surname", record.surname),
    ...pick("givenName", record.givenName),
    ...pick("sex", record.sex),
    ...pick(
      "birthDate",
      record.birthDate === null ? null : Temporal.PlainDate.from(record.birthDate),
    ),
    ...pick("birthPlace", record.birthPlace),
    ...(changed.has("birthPlace") ? { birthPlaceCode: record.birthPlaceCode } : {}),
    ...pick("codiceFiscale", record.codiceFiscale),
    ...pick("address", record.address),
    ...pick("postalCode", record.postalCode),
    ...pick("city", record.city),
  };
}

function mergedAdult(person: Person | undefined, { fields }: PlannedAdult): PersonRow {
  if (!person) throw new Error("a changed adult is not in the town");
  const { codiceFiscaleState: _state, createdAt: _createdAt, ...rest } = person;
  return { ...rest, ...Object.fromEntries(fields.map(({ field, new: value }) => [field, value])) };
}

async function writeTies(
  tx: WriteTx,
  of: Import,
  childIds: ReadonlyMap<string, string>,
  adultIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { existing, work, scope } = of;
  const spell = { from: scope.effectiveOn, to: null };
  const childOf = (ref: string) => childIds.get(ref) ?? ref;
  const adultOf = (key: string) => adultIds.get(key) ?? key;
  await putGuardianships(
    tx,
    work.ties.map(({ child, adultKey, role }) => ({
      id: newId(),
      childId: childOf(child),
      guardianId: adultOf(adultKey),
      role,
      ...spell,
    })),
  );
  const accounts = new Map(
    existing.holders.filter((one) => one.to === null).map((one) => [one.personId, one.id]),
  );
  const persons = [...new Set(work.holders.map(({ adultKey }) => adultOf(adultKey)))];
  const without = persons.filter((personId) => !accounts.has(personId));
  const codes = await freePaymentCodes(tx, without.length);
  const opened = without.map((personId, at) => ({
    id: newId(),
    personId,
    paymentCode: codes[at] ?? "",
    ...spell,
  }));
  for (const account of opened) accounts.set(account.personId, account.id);
  await putHolders(tx, opened);
  await putChildHolders(
    tx,
    work.holders.map(({ child, adultKey }) => {
      const holderId = accounts.get(adultOf(adultKey));
      if (holderId === undefined) throw new Error("a holder without account");
      return { id: newId(), childId: childOf(child), holderId, ...spell };
    }),
  );
}

/** Class, residency, diet code and services, all from `effectiveOn`. */
async function writePlaces(
  tx: WriteTx,
  of: Import,
  childIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { existing, work, scope, at } = of;
  const from = scope.effectiveOn;
  const idOf = (pupil: PlannedPupil) => childIds.get(childRef(pupil)) ?? "";
  const classIds = new Map((await classes(tx, scope.year)).map((one) => [classKeyOf(one), one.id]));
  await endMemberships(
    tx,
    work.pupils.flatMap((pupil) => pupil.endMembershipIds),
    from,
  );
  const moving = work.pupils.filter((pupil) => pupil.classKey !== null);
  await putMemberships(
    tx,
    moving.map((pupil) => {
      const classId = classIds.get(pupil.classKey ?? "");
      if (classId === undefined) throw new Error(`no class ${pupil.classKey}`);
      return { id: newId(), childId: idOf(pupil), classId, from, to: null };
    }),
  );
  const lived = new Map(existing.residencies.map((one) => [one.personId, one]));
  const rehoused = work.pupils.filter((pupil) => pupil.resident !== null);
  await putResidencies(
    tx,
    rehoused.flatMap((pupil) => {
      const row = {
        id: newId(),
        personId: idOf(pupil),
        resident: pupil.resident ?? false,
        from,
        to: null,
      };
      const before = lived.get(row.personId);
      if (!before) return [row];
      if (sameDay(before.from, from)) return [{ ...row, id: before.id }];
      return [{ ...before, to: from.subtract({ days: 1 }) }, row];
    }),
  );
  const dieting = work.pupils.filter((pupil) => pupil.dietCode !== null);
  await endDiets(tx, dieting.map(idOf), from);
  await putDiets(
    tx,
    dieting.map((pupil) => ({
      id: newId(),
      childId: idOf(pupil),
      code: pupil.dietCode ?? "",
      from,
      to: null,
      source: "import" as const,
    })),
    at,
  );
  await endEnrolments(
    tx,
    work.pupils.flatMap((pupil) => pupil.endEnrolmentIds),
    from,
  );
  await putEnrolments(
    tx,
    work.pupils.flatMap((pupil) =>
      pupil.enrolIn.map((serviceId) => ({
        id: newId(),
        childId: idOf(pupil),
        serviceId,
        year: scope.year,
        from,
        to: existing.lastDays.get(serviceId) ?? null,
        weekdays: null,
      })),
    ),
    at,
  );
}

async function writeLeaving(tx: WriteTx, { existing, leaving, scope }: Import): Promise<void> {
  if (leaving.length === 0) return;
  const gone = new Set(leaving);
  const idsOf = (rows: readonly { id: string; childId: string }[]) =>
    rows.filter((row) => gone.has(row.childId)).map((row) => row.id);
  await endMemberships(tx, idsOf(existing.memberships), scope.effectiveOn);
  await endEnrolments(tx, idsOf(existing.enrolments), scope.effectiveOn);
}

/** One entry per child that the import touched; the family can read it. */
async function writeAudit(
  tx: WriteTx,
  of: Import,
  childIds: ReadonlyMap<string, string>,
): Promise<void> {
  const { existing, work, leaving, actor, at, importRunId } = of;
  const holders = new Map(existing.childHolders.map((tie) => [tie.childId, tie.holderId]));
  const entryOf = (childId: string, did: readonly string[]) => ({
    actor,
    at,
    action: "enrolment.import-pupils",
    childId,
    holderId: holders.get(childId) ?? null,
    details: { importRunId, did },
  });
  const touched = work.pupils.flatMap((pupil) => {
    const did = [
      ...(pupil.childId === null ? ["created"] : pupil.fields.length > 0 ? ["changed"] : []),
      ...(pupil.classKey === null ? [] : ["class"]),
      ...(pupil.enrolIn.length === 0 ? [] : ["enrolled"]),
    ];
    return did.length === 0 ? [] : [entryOf(childIds.get(childRef(pupil)) ?? "", did)];
  });
  const entries = [...touched, ...leaving.map((childId) => entryOf(childId, ["left"]))];
  for (const batch of batches(entries)) await recordAudit(tx, ...batch);
}
