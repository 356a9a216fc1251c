// SPDX-License-Identifier: EUPL-1.2
import {
  accountForLogin,
  accountsByIds,
  type CredentialState,
  grantMissing,
  type LatestCode,
  latestLetters,
  putAccounts,
  putUsernames,
  takenUsernames,
  typedUsername,
} from "#identity";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";
import { putPersonAccounts } from "../sql/accounts.ts";
import {
  accountsOfPeople,
  type LetterHolder,
  letterHolders,
  reachableAccounts,
} from "../sql/credentials.ts";
import { childrenOfHolders, type HouseholdChild } from "../sql/households.ts";
import { freePaymentCodes } from "./create-family.ts";

/** Credentials that a letter is about: of a holder, or of one child (PE-04). */
export interface CredentialSubject {
  readonly holder: LetterHolder;
  /** those it opens: of the holder all, otherwise the one */
  readonly children: readonly HouseholdChild[];
  readonly childId: string | null;
  /** `null`: there is none yet */
  readonly account: CredentialAccount | null;
}

export interface CredentialAccount extends Pick<CredentialState, "passwordChangedAt"> {
  readonly id: string;
  /** `null`: known by SPID or CIE alone so far */
  readonly username: string | null;
  /** was a password chosen? */
  readonly isActive: boolean;
  readonly letter: LatestCode | null;
}

/** An account that SPID or CIE made, before anybody gave it a name to type. */
const isNameless = (username: string): boolean => username.startsWith("identity-");

/** The credentials of these account holders on that day, in the order of `holderIds`; children the eldest first. */
export async function credentialSubjects(
  tx: ReadTx,
  of: { holderIds: readonly string[]; per: "holder" | "child"; date: Day },
): Promise<CredentialSubject[]> {
  const { holderIds, per, date } = of;
  const holders = await letterHolders(tx, { holderIds, date });
  const children = Map.groupBy(
    await childrenOfHolders(tx, holderIds, date),
    ({ holderId }) => holderId ?? "",
  );
  const accounts = await usableAccounts(
    tx,
    holders.map(({ personId }) => personId),
  );
  const byId = new Map(holders.map((holder) => [holder.holderId, holder]));
  return holderIds.flatMap((holderId): CredentialSubject[] => {
    const holder = byId.get(holderId);
    const own = children.get(holderId) ?? [];
    if (!holder || own.length === 0) return [];
    const account = (childId: string | null): CredentialAccount | null =>
      accounts.get(keyOf(holder.personId, childId)) ?? null;
    if (per === "holder") return [{ holder, children: own, childId: null, account: account(null) }];
    return own.map((child) => ({
      ...{ holder, children: [child], childId: child.id, account: account(child.id) },
    }));
  });
}

const personKey = ({ holder, childId }: CredentialSubject): string =>
  keyOf(holder.personId, childId);
const keyOf = (personId: string, childId: string | null): string => `${personId} ${childId ?? ""}`;

/**
 * By person and child the oldest account that a letter may open: never one that has a role at work, whose password
 * nobody in the office may give away, nor a persona.
 */
async function usableAccounts(
  tx: ReadTx,
  personIds: readonly string[],
): Promise<Map<string, CredentialAccount>> {
  const owners = new Map(
    (await accountsOfPeople(tx, personIds)).map((one) => [one.accountId, one]),
  );
  const known = await accountsByIds(tx, [...owners.keys()]);
  const usable = known.filter(({ demo, isStaff }) => !demo && !isStaff);
  const letters = await latestLetters(
    tx,
    usable.map(({ id }) => id),
  );
  const latest = new Map(letters.map((letter) => [letter.accountId, letter]));
  const found = new Map<string, CredentialAccount>();
  for (const { id, username, hasPassword, passwordChangedAt } of usable) {
    const { personId, childId } = owners.get(id)!;
    const key = keyOf(personId, childId);
    const letter = latest.get(id) ?? null;
    const account = { id, isActive: hasPassword, passwordChangedAt, letter };
    if (!found.has(key))
      found.set(key, { ...account, username: isNameless(username) ? null : username });
  }
  return found;
}

/**
 * Makes the accounts that are missing, and gives user codes to those without: of a holder the payment code, which the
 * family knows already; of a child a code like it. Returns account and user code of each subject, in their order.
 */
export async function openCredentials(
  tx: WriteTx,
  of: { subjects: readonly CredentialSubject[]; now: Moment },
): Promise<{ subject: CredentialSubject; accountId: string; username: string }[]> {
  const { now } = of;
  // Somebody who holds two accounts signs in once.
  const subjectOf = new Map(of.subjects.map((subject) => [personKey(subject), subject]));
  const subjects = [...subjectOf.values()];
  const usernames = await freeUsernames(
    tx,
    subjects.filter(({ account }) => !account?.username),
  );
  const opened = subjects.map((subject) => ({
    subject,
    accountId: subject.account?.id ?? newId(),
    username: subject.account?.username ?? usernames.get(subject) ?? "",
  }));
  const missing = opened.filter(({ subject }) => subject.account === null);
  await putAccounts(
    tx,
    missing.map(({ subject: { holder }, accountId, username }) => ({
      ...{ id: accountId, username, demo: false, passwordHash: null },
      displayName: `${holder.givenName} ${holder.surname}`,
    })),
    now,
  );
  await putPersonAccounts(
    tx,
    missing.map(({ subject: { holder, childId }, accountId }) => ({
      ...{ accountId, personId: holder.personId, childId },
    })),
  );
  const named = opened.filter(({ subject }) => subject.account?.username === null);
  if (named.length > 0)
    await putUsernames(
      tx,
      named.map(({ accountId: id, username }) => ({ id, username })),
    );
  const grants = opened.map(({ accountId }) => ({ id: newId(), accountId }));
  if (grants.length > 0) await grantMissing(tx, grants, { role: "guardian", from: dayOf(now) });
  const byPerson = new Map(opened.map((one) => [personKey(one.subject), one]));
  return of.subjects.map((subject) => ({ ...byPerson.get(personKey(subject))!, subject }));
}

async function freeUsernames(
  tx: WriteTx,
  subjects: readonly CredentialSubject[],
): Promise<Map<CredentialSubject, string>> {
  const codes = subjects.flatMap(({ childId, holder }) => (childId ? [] : [holder.paymentCode]));
  const taken = new Set(await takenUsernames(tx, codes));
  const names = new Map<CredentialSubject, string>();
  for (const subject of subjects) {
    const { paymentCode } = subject.holder;
    if (subject.childId !== null || taken.has(paymentCode)) continue;
    names.set(subject, paymentCode);
    taken.add(paymentCode);
  }
  while (names.size < subjects.length) {
    const open = subjects.filter((subject) => !names.has(subject));
    const drawn = await freePaymentCodes(tx, open.length);
    const used = new Set(await takenUsernames(tx, drawn));
    for (const [index, subject] of open.entries()) {
      const code = drawn[index];
      if (code !== undefined && !used.has(code)) names.set(subject, code);
    }
  }
  return names;
}

export interface RecoverableAccount {
  readonly accountId: string;
  readonly username: string;
  readonly holderId: string;
  readonly personId: string;
  readonly email: string;
  readonly language: Lang;
  /** credentials for one child (PE-04) */
  readonly childId: string | null;
}

/** More than these with one address is no family. */
const MOST_RECOVERED = 6;

/**
 * Families' accounts that a user code or an e-mail address stands for, and that can be written to (MC-09). Neither
 * staff's nor those that nobody gave a user code.
 */
export async function accountsToRecover(
  tx: ReadTx,
  of: { text: string; date: Day },
): Promise<RecoverableAccount[]> {
  const text = of.text.trim();
  const { date } = of;
  const byName = text.includes("@") ? undefined : await accountForLogin(tx, typedUsername(text));
  const which = text.includes("@") ? { email: text } : byName && { accountId: byName.id };
  const reachable = which ? await reachableAccounts(tx, { ...which, date }) : [];
  const owners = new Map(reachable.map((one) => [one.accountId, one]));
  const accounts = await accountsByIds(tx, [...owners.keys()]);
  return accounts
    .filter(({ demo, isStaff, username }) => !demo && !isStaff && !isNameless(username))
    .slice(0, MOST_RECOVERED)
    .map(({ id, username }) => ({ ...owners.get(id)!, username }));
}
