// SPDX-License-Identifier: EUPL-1.2
import type { SchoolLevel } from "#calendar";
import type { NewPerson } from "#families";
import type { Sex } from "#kernel/codice-fiscale.ts";
import { day, type Day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import type { CastFamily } from "./cast.ts";
import { PersonMaker, type Home, type Place } from "./make-person.ts";
import { ORIGINS, type Origin } from "./names.ts";
import type { Random } from "./random.ts";

/** A class of the year that gets pupils. */
export interface Desk {
  readonly classId: string;
  readonly siteId: string;
  readonly level: SchoolLevel;
  readonly grade: number;
  readonly section: string;
}

export interface DemoChild {
  readonly person: NewPerson;
  readonly desk: Desk;
  readonly diet: string | null;
  readonly bus: boolean;
  /** how often this child is away: the chance per service day */
  readonly away: number;
}

export interface DemoFamily {
  readonly holderId: string;
  readonly mother: NewPerson;
  readonly father: NewPerson | null;
  /** the adult whose account it is */
  readonly holder: NewPerson;
  /** the other parent's own account, when two homes share the charges */
  readonly secondHolder: { readonly id: string; readonly person: NewPerson } | null;
  readonly children: readonly DemoChild[];
  readonly resident: boolean;
  /** in cents; `null` = none presented */
  readonly isee: bigint | null;
  /** what the prepaid account is left with, in cents */
  readonly creditCents: number;
  readonly openAbsence: boolean;
  readonly firstNotice: boolean;
  readonly personas: CastFamily["personas"];
}

const DIETS = ["D-01", "D-02", "D-03", "D-05", "D-07"] as const;

/** The families of one town: first those somebody can sign in as, then `count` others. */
export function makeFamilies(of: {
  random: Random;
  town: Place & { postalCode: string };
  /** the year the school year starts in */
  year: number;
  desks: readonly Desk[];
  cast: readonly CastFamily[];
  count: number;
}): DemoFamily[] {
  const { random, desks, year } = of;
  const maker = new PersonMaker(random, of.town);
  const people = { random, maker, year, desks };
  return [
    ...of.cast.map((family) => castFamily(people, family)),
    ...Array.from({ length: of.count }, () => someFamily(people)),
  ];
}

interface Making {
  readonly random: Random;
  readonly maker: PersonMaker;
  readonly year: number;
  readonly desks: readonly Desk[];
}

function castFamily(making: Making, family: CastFamily): DemoFamily {
  const origin = ORIGINS.find(({ surnames }) => surnames.includes(family.surname)) ?? ORIGINS[0]!;
  const home = making.maker.home();
  const children = family.children.map((child): DemoChild => {
    const fits = making.desks.filter(
      ({ level, grade, section }) =>
        level === child.level && grade === child.grade && (child.section ?? section) === section,
    );
    const desk = making.random.pick(fits);
    const { name: givenName, sex } = child;
    const person = pupil(making, { surname: family.surname, givenName, sex, desk, origin, home });
    return { person, desk, diet: child.diet ?? null, bus: family.bus, away: 0.06 };
  });
  const { mother, father } = parents(making, {
    origin,
    home,
    children,
    surname: family.surname,
    mother: family.mother,
    father: family.father,
    oneName: true,
  });
  return {
    ...accounts(mother, father, family.separated, family.personas[0] === "father"),
    children,
    resident: true,
    isee: family.isee === undefined ? null : BigInt(family.isee) * 100n,
    creditCents: family.creditCents ?? 2500,
    openAbsence: family.openAbsence,
    firstNotice: family.firstNotice,
    personas: family.personas,
  };
}

function someFamily(making: Making): DemoFamily {
  const { random } = making;
  const origin = random.weighted(ORIGINS);
  const surname = random.pick(origin.surnames);
  const home = making.maker.home();
  const { item: size } = random.weighted([
    { item: 1, weight: 54 },
    { item: 2, weight: 36 },
    { item: 3, weight: 8 },
    { item: 4, weight: 2 },
  ]);
  const children: DemoChild[] = [];
  const bus = random.chance(0.3);
  for (const desk of desksFor(making, size)) {
    const sex: Sex = random.chance(0.5) ? "F" : "M";
    const taken = children.map(({ person }) => person.givenName);
    const names = sex === "F" ? origin.girls : origin.boys;
    const givenName = random.pick(names.filter((name) => !taken.includes(name)));
    children.push({
      person: pupil(making, { surname, givenName, sex, desk, origin, home }),
      desk,
      diet: random.chance(0.07) ? random.pick(DIETS) : null,
      bus,
      away: random.pick([0.01, 0.02, 0.03, 0.04, 0.08]),
    });
  }
  const alone = random.chance(0.06);
  const { mother, father } = parents(making, {
    origin,
    home,
    children,
    surname,
    mother: random.pick(origin.women),
    father: alone ? null : random.pick(origin.men),
    oneName: false,
  });
  return {
    ...accounts(mother, father, random.chance(0.04), random.chance(0.25)),
    children,
    resident: random.chance(0.93),
    isee: random.chance(0.74) ? BigInt(iseeEuro(random)) * 100n : null,
    creditCents: residual(random),
    openAbsence: false,
    firstNotice: false,
    personas: [],
  };
}

/** Different ages for the children of one family. */
function desksFor({ random, desks }: Making, size: number): Desk[] {
  const chosen: Desk[] = [];
  for (let attempt = 0; chosen.length < size && attempt < 40; attempt += 1) {
    const desk = random.pick(desks);
    const same = chosen.some((one) => one.level === desk.level && one.grade === desk.grade);
    if (!same) chosen.push(desk);
  }
  return chosen;
}

function pupil(
  { random, maker, year }: Making,
  of: { surname: string; givenName: string; sex: Sex; desk: Desk; origin: Origin; home: Home },
): NewPerson {
  const birthYear = year - ageIn(random, of.desk);
  const birthDate = day(`${birthYear}-01-01`).add({ days: random.below(365) });
  return maker.person({ kind: "child", ...of, birthDate });
}

/** Years a child of that class turns in the year in which school starts. */
function ageIn(random: Random, { level, grade }: Desk): number {
  switch (level) {
    case "nido":
      return random.between(1, 2);
    case "infanzia":
      return random.between(3, 5);
    case "primaria":
      return 5 + grade;
    case "secondaria1":
      return 10 + grade;
    case "secondaria2":
      return 13 + grade;
  }
}

function parents(
  { random, maker, year }: Making,
  of: {
    origin: Origin;
    home: Home;
    children: readonly DemoChild[];
    surname: string;
    mother: string;
    father: string | null;
    oneName: boolean;
  },
): { mother: NewPerson; father: NewPerson | null } {
  const { origin, home } = of;
  const births = of.children.flatMap(({ person }) => person.birthDate?.year ?? []);
  const born = (sex: Sex): Day =>
    day(`${Math.min(year, ...births) - random.between(24, sex === "F" ? 38 : 42)}-01-01`).add({
      days: random.below(365),
    });
  const adult = (givenName: string, surname: string, sex: Sex): NewPerson =>
    maker.person({ kind: "adult", givenName, surname, sex, birthDate: born(sex), origin, home });
  // In Italy a married woman keeps her name; in the cast the family has one name, to be found at once.
  const ownName = of.oneName || of.father === null ? of.surname : random.pick(origin.surnames);
  return {
    mother: adult(of.mother, ownName, "F"),
    father: of.father === null ? null : adult(of.father, of.surname, "M"),
  };
}

function accounts(
  mother: NewPerson,
  father: NewPerson | null,
  separated: boolean,
  fatherFirst: boolean,
): Pick<DemoFamily, "holderId" | "mother" | "father" | "holder" | "secondHolder"> {
  const holder = fatherFirst && father ? father : mother;
  const other = holder === mother ? father : mother;
  const secondHolder = separated && other ? { id: newId(), person: other } : null;
  return { holderId: newId(), mother, father, holder, secondHolder };
}

/** Many around ten to twenty thousand euros, some with nothing, few above forty thousand. */
function iseeEuro(random: Random): number {
  const { from, to } = random.weighted([
    { weight: 8, from: 0, to: 2999 },
    { weight: 18, from: 3000, to: 7999 },
    { weight: 34, from: 8000, to: 15_999 },
    { weight: 26, from: 16_000, to: 25_999 },
    { weight: 14, from: 26_000, to: 48_000 },
  ]);
  return random.between(from, to);
}

/** One family in eight owes something, one in five is about to. */
function residual(random: Random): number {
  const { from, to } = random.weighted([
    { weight: 12, from: -2400, to: -150 },
    { weight: 20, from: 20, to: 990 },
    { weight: 68, from: 1000, to: 7500 },
  ]);
  return random.between(from, to);
}
