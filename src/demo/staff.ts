// SPDX-License-Identifier: EUPL-1.2
import type { SchoolSite, TownCalendar } from "#calendar";
import { putPersonAccounts } from "#families";
import { demoAccounts, putAccounts, putRoleGrants, type RoleGrant } from "#identity";
import type { Actor, Role } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";
import type { DemoTown } from "./cast.ts";
import type { DemoFamily } from "./make-families.ts";
import { plain } from "./make-person.ts";
import { ORIGINS } from "./names.ts";
import type { Random } from "./random.ts";

export interface DemoStaff {
  readonly office: Actor;
  readonly manager: Actor;
  readonly caterer: Actor;
  /** by site id */
  readonly teachers: ReadonlyMap<string, Actor>;
  /** by person id: adults somebody can sign in as */
  readonly parents: ReadonlyMap<string, Actor>;
}

interface Persona {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly siteId?: string;
  readonly lineId?: string;
  readonly personId?: string;
}

/** Demo accounts: no password, chosen at the sign-in page of a demo installation only. */
export async function writeStaff(
  tx: WriteTx,
  of: {
    town: DemoTown;
    calendar: TownCalendar;
    families: readonly DemoFamily[];
    random: Random;
    at: Moment;
  },
): Promise<DemoStaff> {
  const { town, calendar, families, random, at } = of;
  const sites = [...calendar.sites.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const personas: Persona[] = [
    ...townHall(town),
    ...sites.map((site, index) => teacher(site, index, random)),
    ...families.flatMap(parentsOf),
  ];
  const accounts = await putPersonas(tx, personas, at);
  await putPersonAccounts(
    tx,
    accounts.flatMap(({ id, personId }) => (personId ? [{ accountId: id, personId }] : [])),
  );
  const actors = accounts.map((account) => ({ ...account, actor: actorOf(account) }));
  const one = (role: Role): Actor => actors.find((account) => account.role === role)!.actor;
  return {
    office: one("office"),
    manager: one("office-manager"),
    caterer: one("caterer"),
    teachers: new Map(actors.flatMap(({ siteId, actor }) => (siteId ? [[siteId, actor]] : []))),
    parents: new Map(
      actors.flatMap(({ personId, actor }) => (personId ? [[personId, actor]] : [])),
    ),
  };
}

/** A town loaded by an earlier release gets the personas that it did not have: no more than those. */
export async function addMissingStaff(
  tx: WriteTx,
  of: { town: DemoTown; at: Moment },
): Promise<void> {
  const known = new Set((await demoAccounts(tx)).map(({ username }) => username));
  const missing = townHall(of.town).filter(({ username }) => !known.has(username));
  if (missing.length > 0) await putPersonas(tx, missing, of.at);
}

function townHall({ staff }: DemoTown): Persona[] {
  const { office, diets, manager, deputy, administrator, kitchen, caterer } = staff;
  return [
    { username: "demo.ufficio", name: `${office}, ufficio scuola`, role: "office" },
    { username: "demo.diete", name: `${diets}, ufficio scuola e diete`, role: "office-diet" },
    { username: "demo.responsabile", name: `${manager}, responsabile`, role: "office-manager" },
    { username: "demo.vice", name: `${deputy}, vice responsabile`, role: "office-manager" },
    {
      username: "demo.amministratore",
      name: `${administrator}, amministrazione e pagoPA`,
      role: "administrator",
    },
    { username: "demo.cucina", name: `${kitchen}, cucina`, role: "kitchen" },
    {
      username: "demo.ristorazione",
      name: `${caterer}, gestore della ristorazione`,
      role: "caterer",
    },
  ];
}

export async function putPersonas(
  tx: WriteTx,
  personas: readonly Persona[],
  at: Moment,
): Promise<(Persona & { id: string })[]> {
  const accounts = personas.map((persona) => ({ ...persona, id: newId() }));
  await putAccounts(
    tx,
    accounts.map(({ id, username, name }) => {
      const [displayName, ...hint] = name.split(", ");
      const who = { displayName: displayName!, hint: hint.join(", ") };
      return { id, username, ...who, demo: true, passwordHash: null };
    }),
    at,
  );
  const grants = accounts.map(({ id, role, siteId, lineId }): RoleGrant => {
    const where = { siteId: siteId ?? null, classId: null, lineId: lineId ?? null };
    return { id: newId(), accountId: id, role, ...where, from: dayOf(at), to: null };
  });
  await putRoleGrants(tx, grants);
  return accounts;
}

function teacher(site: SchoolSite, index: number, random: Random): Persona {
  const italian = ORIGINS[0]!;
  const name = `${random.pick(italian.women)} ${random.pick(italian.surnames)}`;
  const persona = { username: `demo.scuola.${index + 1}`, name: `${name}, ${site.name}` };
  return { ...persona, role: "school", siteId: site.id };
}

/** `Sara Ferrando, mamma di Giulia e Tommaso`: whoever chooses sees at once whom they will be. */
function parentsOf({ mother, father, children, personas }: DemoFamily): Persona[] {
  const names = formats("it").list(children.map(({ person }) => person.givenName));
  return personas.flatMap((who): Persona[] => {
    const person = who === "mother" ? mother : father;
    if (!person) return [];
    const name = `${person.givenName} ${person.surname}`;
    const username = `demo.${plain(person.givenName)}.${plain(person.surname)}`;
    const title = who === "mother" ? "mamma" : "papà";
    return [
      { username, name: `${name}, ${title} di ${names}`, role: "guardian", personId: person.id },
    ];
  });
}

function actorOf({ id, name, role, siteId, personId }: Persona & { id: string }): Actor {
  return {
    role,
    id,
    name: name.split(", ")[0]!,
    personId: personId ?? null,
    siteIds: siteId ? [siteId] : null,
    classIds: null,
    desk: null,
  };
}
