// SPDX-License-Identifier: EUPL-1.2
import { accountsOfPerson, delegatesOf, insertDelegate, people, personOfAccount } from "#families";
import { demoAccounts, identityBySubject, linkIdentity, subjectOf } from "#identity";
import { DELEGATE_SCOPES } from "#kernel/actor.ts";
import { controlCharacter, expectedFifteen } from "#kernel/codice-fiscale.ts";
import { day, type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { DemoTown } from "./cast.ts";

/** Whom the demo's identity provider knows: shape of the simulator's `PretendedPerson`. */
export interface DemoIdentity {
  readonly name: string;
  readonly familyName: string;
  readonly hint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Invented {
  readonly name: string;
  readonly familyName: string;
  readonly birthDate: Day;
}

const ROME = "H501";

function codeOf({ name: givenName, familyName: surname, birthDate }: Invented): string {
  const sex = givenName.endsWith("a") ? "F" : "M";
  const fifteen = expectedFifteen({ surname, givenName, sex, birthDate, birthPlaceCode: ROME });
  return fifteen + controlCharacter(fifteen);
}

const identity = (
  of: { name: string; familyName: string; hint: string },
  codiceFiscale: string,
  birthDate: Day | null,
): DemoIdentity => ({
  ...of,
  attributes: {
    spidCode: `PROVA${codiceFiscale.slice(0, 10)}`,
    fiscalNumber: `TINIT-${codiceFiscale}`,
    ...(birthDate ? { dateOfBirth: birthDate.toString() } : {}),
    email: `${of.name}.${of.familyName}@esempio.it`.toLowerCase().replaceAll(/[^a-z.@]/g, ""),
  },
});

const invented = (of: Invented, hint: string): DemoIdentity =>
  identity({ name: of.name, familyName: of.familyName, hint }, codeOf(of), of.birthDate);

/** Of no family anywhere. */
const STRANGER: Invented = {
  name: "Bruno",
  familyName: "Forestieri",
  birthDate: day("1979-04-12"),
};
const MINOR_YEARS = 15;

/** A grandparent who may do everything for the first family of a town. */
const delegateOf = (surname: string): Invented => ({
  name: "Teresa",
  familyName: surname,
  birthDate: day("1952-10-03"),
});

const staffBirth = (index: number): Day => day("1968-02-11").add({ days: index * 823 });

/** People of the desk and the town hall, each with the identity that the provider will name. */
async function staffOf(tx: ReadTx) {
  const accounts = await demoAccounts(tx);
  const staff = accounts.filter(({ roles }) => !roles.includes("guardian"));
  return staff.map((account, index) => {
    const [name = "", ...rest] = account.displayName.split(" ");
    const who: Invented = { name, familyName: rest.join(" "), birthDate: staffBirth(index) };
    return { account, who };
  });
}

/** The first parent of the cast, and the account of the family. */
async function firstFamily(tx: ReadTx, { town, today }: { town: DemoTown; today: Day }) {
  const [first] = town.cast;
  const displayName = first ? `${first[first.personas[0] ?? "mother"]} ${first.surname}` : "";
  const account = (await demoAccounts(tx)).find((one) => one.displayName === displayName);
  const person = account && (await personOfAccount(tx, account.id));
  const [holderId] = person ? await accountsOfPerson(tx, person.personId, today) : [];
  return first && holderId ? { holderId, displayName, surname: first.surname } : null;
}

/** A delegate of the first family, and a verified identity for each of the staff. Does what is not done yet. */
export async function knowIdentities(
  tx: WriteTx,
  { town, now }: { town: DemoTown; now: Moment },
): Promise<void> {
  const family = await firstFamily(tx, { town, today: dayOf(now) });
  if (family) {
    const { holderId, displayName, surname } = family;
    const who = delegateOf(surname);
    const codiceFiscale = codeOf(who);
    const known = await delegatesOf(tx, [holderId]);
    // Whoever was taken away stays away.
    if (!known.some((one) => one.codiceFiscale === codiceFiscale))
      await insertDelegate(tx, {
        ...{ id: newId(), holderId, codiceFiscale, givenName: who.name, surname },
        ...{ scopes: DELEGATE_SCOPES, from: dayOf(now), to: null },
        ...{ addedAt: now, addedBy: displayName },
      });
  }
  for (const { account, who } of await staffOf(tx)) {
    const subject = subjectOf(codeOf(who));
    if (await identityBySubject(tx, subject)) continue;
    const { name: givenName, familyName: surname } = who;
    const link = { subject, accountId: account.id, givenName, surname };
    await linkIdentity(tx, { ...link, at: now, by: "demo" });
  }
}

/** E-mail addresses of the staff, as the town hall's own provider names them. */
export const staffAddresses = async (tx: ReadTx): Promise<{ accountId: string; email: string }[]> =>
  (await staffOf(tx)).map(({ account, who }) => ({
    accountId: account.id,
    email: invented(who, "").attributes["email"] ?? "",
  }));

/** Everybody the provider offers: parents, a delegate, staff, and three whom the service has to turn away. */
export async function peopleOfProviders(
  tx: ReadTx,
  { town, now }: { town: DemoTown; now: Moment },
): Promise<DemoIdentity[]> {
  const today = dayOf(now);
  const family = await firstFamily(tx, { town, today });
  const minor: Invented = {
    name: "Irene",
    familyName: "Giovanardi",
    birthDate: today.subtract({ years: MINOR_YEARS, days: 40 }),
  };
  return [
    ...(await parents(tx)),
    ...(family
      ? [invented(delegateOf(family.surname), `nonna, delegata di ${family.displayName}`)]
      : []),
    ...(await staffOf(tx)).map(({ account, who }) => invented(who, account.hint ?? "")),
    invented(STRANGER, "non usa i servizi di questo Comune"),
    invented(minor, `ha ${MINOR_YEARS} anni: l'accesso va rifiutato`),
    company,
  ];
}

async function parents(tx: ReadTx): Promise<DemoIdentity[]> {
  const accounts = (await demoAccounts(tx)).filter(({ roles }) => roles.includes("guardian"));
  const owners = await Promise.all(accounts.map(({ id }) => personOfAccount(tx, id)));
  const known = await people(
    tx,
    owners.flatMap((owner) => owner?.personId ?? []),
  );
  return accounts.flatMap(({ hint }, index) => {
    const found = known.find(({ id }) => id === owners[index]?.personId);
    if (!found?.codiceFiscale) return [];
    const { givenName: name, surname: familyName } = found;
    return [identity({ name, familyName, hint: hint ?? "" }, found.codiceFiscale, found.birthDate)];
  });
}

const company: DemoIdentity = {
  name: "Impresa",
  familyName: "di Prova",
  hint: "identità di una società: l'accesso va rifiutato",
  attributes: { companyName: "Impresa di Prova S.r.l.", companyFiscalNumber: "TINIT-01234567897" },
};
