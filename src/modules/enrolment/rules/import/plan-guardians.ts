// SPDX-License-Identifier: EUPL-1.2
import type { Person } from "#families";
import { nameKey } from "./match-pupils.ts";
import {
  type ChangedField,
  childRef,
  type Existing,
  type PlannedAdult,
  type PlannedPupil,
  type PupilWork,
} from "./pupil-plan.ts";
import type { GuardianRecord, PupilFile, RejectedPupil } from "./pupil-record.ts";

/** Guardians, their ties to children, and who becomes account holder (the first guardian, unless there is one). */
export function planGuardians(
  existing: Existing,
  file: PupilFile,
  pupils: readonly PlannedPupil[],
): Omit<PupilWork, "pupils"> & { rejected: RejectedPupil[] } {
  const { rows, rejected } = guardianRows(existing, file, pupils);
  const known = knownAdults(existing);
  const childCodes = codesOfChildren(existing, file);
  const tied = tiesOf(existing);
  const adults = new Map<string, PlannedAdult>();
  const ties: PupilWork["ties"][number][] = [];
  const guardiansOf = new Map<string, string[]>();
  for (const { child, record: given } of rows) {
    const isChildsCode = given.codiceFiscale !== null && childCodes.has(given.codiceFiscale);
    const record = isChildsCode
      ? { ...given, codiceFiscale: null, codiceFiscaleState: "missing" as const }
      : given;
    const ofChild = tied.get(child) ?? [];
    const person = known.find(record, ofChild);
    const key = person?.id ?? newAdultKey(record, child);
    const fields = person ? filledFields(person, record) : [];
    const planned = adults.get(key);
    if (!planned)
      adults.set(key, { key, personId: person?.id ?? null, record, fields, becomesHolder: false });
    const order = guardiansOf.get(child) ?? ofChild.map((adult) => adult.id);
    if (!order.includes(key)) {
      ties.push({ child, adultKey: key, role: record.role });
      order.push(key);
    }
    guardiansOf.set(child, order);
  }
  const holders = chooseHolders(existing, pupils, guardiansOf, adults);
  return { adults: [...adults.values()], ties, holders, rejected };
}

type GuardianRow = { child: string; record: GuardianRecord };

/** Guardians beside the pupils, then those of the separate sheet; of a pupil in the file or of a known child. */
function guardianRows(
  existing: Existing,
  file: PupilFile,
  pupils: readonly PlannedPupil[],
): { rows: GuardianRow[]; rejected: RejectedPupil[] } {
  const byCode = new Map<string, string>();
  for (const child of existing.children)
    if (child.codiceFiscale) byCode.set(child.codiceFiscale, child.id);
  for (const pupil of pupils) {
    if (pupil.record.codiceFiscale) byCode.set(pupil.record.codiceFiscale, childRef(pupil));
  }
  const rows: GuardianRow[] = pupils.flatMap((pupil) =>
    pupil.record.guardians.map((record) => ({ child: childRef(pupil), record })),
  );
  const rejected: RejectedPupil[] = [];
  for (const record of file.guardians) {
    const child = byCode.get(record.pupilCode ?? "");
    if (child !== undefined) rows.push({ child, record });
    else {
      const { line, pupilCode } = record;
      const cells = [pupilCode ?? "", record.surname, record.givenName];
      rejected.push({
        line,
        sheet: "guardians",
        reason: "guardian-of-nobody",
        detail: pupilCode ?? "",
        cells,
      });
    }
  }
  return { rows, rejected };
}

function codesOfChildren(existing: Existing, file: PupilFile): Set<string> {
  return new Set(
    [...existing.children, ...file.pupils].flatMap((child) => child.codiceFiscale ?? []),
  );
}

function knownAdults(existing: Existing) {
  const byCode = new Map<string, Person>();
  const byContact = new Map<string, Person>();
  for (const adult of existing.adults) {
    if (adult.codiceFiscale) byCode.set(adult.codiceFiscale, adult);
    for (const contact of [adult.phone, adult.email]) {
      if (contact) byContact.set(`${nameKey(adult)} ${contact}`, adult);
    }
  }
  return {
    /** by code; by name among the child's own guardians; by name and contact in the town */
    find(record: GuardianRecord, ofChild: readonly Person[]): Person | undefined {
      const sameCode = record.codiceFiscale ? byCode.get(record.codiceFiscale) : undefined;
      if (sameCode) return sameCode;
      const key = nameKey(record);
      return [
        ...ofChild.filter((adult) => nameKey(adult) === key),
        byContact.get(`${key} ${record.phone}`),
        byContact.get(`${key} ${record.email}`),
      ].find((adult) => adult !== undefined && !haveTwoCodes(adult, record));
    },
  };
}

const haveTwoCodes = (adult: Person, record: GuardianRecord): boolean =>
  record.codiceFiscale !== null &&
  adult.codiceFiscale !== null &&
  adult.codiceFiscaleState !== "provisional" &&
  adult.codiceFiscale !== record.codiceFiscale;

function tiesOf(existing: Existing): Map<string, Person[]> {
  const adults = new Map(existing.adults.map((adult) => [adult.id, adult]));
  const tied = new Map<string, Person[]>();
  for (const { childId, guardianId } of existing.guardianships) {
    const adult = adults.get(guardianId);
    if (adult) tied.set(childId, [...(tied.get(childId) ?? []), adult]);
  }
  return tied;
}

/** Siblings' guardians meet by code, or by name and contact; otherwise a name counts for one child only. */
function newAdultKey(record: GuardianRecord, child: string): string {
  if (record.codiceFiscale) return `new ${record.codiceFiscale}`;
  return `new ${nameKey(record)} ${record.phone || record.email || child}`;
}

/** A school's file fills what is empty; what the family has given itself stays. */
function filledFields(person: Person, record: GuardianRecord): ChangedField[] {
  const code = record.codiceFiscale;
  const takesCode =
    code !== null &&
    code !== person.codiceFiscale &&
    (person.codiceFiscale === null || person.codiceFiscaleState === "provisional");
  return [
    ...(takesCode ? [{ field: "codiceFiscale", old: person.codiceFiscale ?? "", new: code }] : []),
    ...(person.email === "" && record.email
      ? [{ field: "email", old: "", new: record.email }]
      : []),
    ...(person.phone === "" && record.phone
      ? [{ field: "phone", old: "", new: record.phone }]
      : []),
  ];
}

function chooseHolders(
  existing: Existing,
  pupils: readonly PlannedPupil[],
  guardiansOf: ReadonlyMap<string, string[]>,
  adults: Map<string, PlannedAdult>,
): PupilWork["holders"][number][] {
  const held = new Set(existing.childHolders.map((tie) => tie.childId));
  const accounts = new Set(
    existing.holders.filter((one) => one.to === null).map((one) => one.personId),
  );
  const children = new Set([...pupils.map(childRef), ...guardiansOf.keys()]);
  const tied = tiesOf(existing);
  const holders: PupilWork["holders"][number][] = [];
  for (const child of children) {
    if (held.has(child)) continue;
    const guardians = guardiansOf.get(child) ?? (tied.get(child) ?? []).map((adult) => adult.id);
    const adultKey = guardians.find((key) => accounts.has(key)) ?? guardians[0];
    if (adultKey === undefined) continue;
    holders.push({ child, adultKey });
    if (!accounts.has(adultKey)) {
      accounts.add(adultKey);
      const planned = adults.get(adultKey);
      if (planned) planned.becomesHolder = true;
    }
  }
  return holders;
}
