// SPDX-License-Identifier: EUPL-1.2
import { recordSecurity } from "#identity";
import { type Actor, DELEGATE_SCOPES, type DelegateScope } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import { mismatches, readCodiceFiscale } from "#kernel/codice-fiscale.ts";
import { type Day, dayOf, isBefore, type Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { judgeIdentity } from "../rules/judge-identity.ts";
import {
  delegateById,
  delegatesOf,
  endDelegate as end,
  endOverdueDelegates,
  insertDelegate,
} from "../sql/delegates.ts";
import { holder as holderRow } from "../sql/holders.ts";
import { accountsOfPerson } from "../sql/households.ts";
import { person } from "../sql/people.ts";

/** More than this is no family any more. */
export const MOST_DELEGATES = 10;
const LONGEST_NAME = 60;

export type DelegateFault =
  | "name-missing"
  | "surname-missing"
  | "too-long"
  | "codice-fiscale"
  /** the letters of the code are not those of the name */
  | "not-this-name"
  | "minor"
  /** the holder needs no delegation */
  | "oneself"
  | "scopes-missing"
  | "already-over";

export type AddedDelegate =
  | { outcome: "added"; id: string }
  | { outcome: "invalid"; faults: DelegateFault[] }
  | { outcome: "already-there" | "too-many" | "not-allowed" };

/**
 * Lets another adult act for a holder (BO-23). Only the holder names one, or the office at the holder's desk: whoever
 * was named names nobody. The codice fiscale decides who that is when they sign in; the name is what the family reads.
 */
export async function addDelegate(
  tx: WriteTx,
  of: {
    actor: Actor;
    holderId: string;
    givenName: string;
    surname: string;
    codiceFiscale: string;
    scopes: readonly DelegateScope[];
    to: Day | null;
    now: Moment;
  },
): Promise<AddedDelegate> {
  const { actor, holderId, now } = of;
  const today = dayOf(now);
  if (!(await mayName(tx, actor, holderId, today))) return { outcome: "not-allowed" };
  const givenName = of.givenName.trim().replace(/\s+/g, " ");
  const surname = of.surname.trim().replace(/\s+/g, " ");
  const read = readCodiceFiscale(of.codiceFiscale);
  const faults = [
    ...nameFaults(givenName, surname),
    ...(read.outcome === "person" ? [] : (["codice-fiscale"] as const)),
    ...(of.scopes.length === 0 ? (["scopes-missing"] as const) : []),
    ...(of.to && isBefore(of.to, today) ? (["already-over"] as const) : []),
  ];
  if (read.outcome !== "person" || faults.length > 0) return { outcome: "invalid", faults };
  const { codiceFiscale: parts } = read;
  const wrong = mismatches(parts, { surname, givenName });
  if (wrong.length > 0) return { outcome: "invalid", faults: ["not-this-name"] };
  const judged = judgeIdentity({ codiceFiscale: parts.code, birthDate: null }, today);
  if (judged.outcome === "refused") return { outcome: "invalid", faults: ["minor"] };
  if (await isHolder(tx, holderId, parts.code)) return { outcome: "invalid", faults: ["oneself"] };
  await endOverdueDelegates(tx, { holderId, today, at: now });
  const inForce = (await delegatesOf(tx, [holderId])).filter(({ endedAt }) => endedAt === null);
  if (inForce.length >= MOST_DELEGATES) return { outcome: "too-many" };
  const id = newId();
  const isNew = await insertDelegate(tx, {
    ...{ id, holderId, givenName, surname, codiceFiscale: parts.code },
    // Seeing is part of everything else.
    scopes: DELEGATE_SCOPES.filter((scope) => scope === "view" || of.scopes.includes(scope)),
    ...{ from: today, to: of.to, addedAt: now, addedBy: actor.name },
  });
  if (!isNew) return { outcome: "already-there" };
  await record(tx, {
    actor,
    holderId,
    now,
    kind: "delegate-added",
    who: `${givenName} ${surname}`,
  });
  return { outcome: "added", id };
}

/** Ends a delegation at once: the delegate's next page is refused. */
export async function endDelegate(
  tx: WriteTx,
  of: { actor: Actor; id: string; now: Moment },
): Promise<{ outcome: "ended" | "already-ended" | "not-allowed" }> {
  const { actor, now } = of;
  const delegate = await delegateById(tx, of.id);
  if (!delegate || !(await mayName(tx, actor, delegate.holderId, dayOf(now))))
    return { outcome: "not-allowed" };
  if ((await end(tx, { id: of.id, at: now, by: actor.name })) === 0)
    return { outcome: "already-ended" };
  const who = `${delegate.givenName} ${delegate.surname}`;
  await record(tx, { actor, holderId: delegate.holderId, now, kind: "delegate-ended", who });
  return { outcome: "ended" };
}

async function mayName(tx: WriteTx, actor: Actor, holderId: string, date: Day): Promise<boolean> {
  if (actor.desk) return actor.desk.holderId === holderId;
  if (!actor.personId || actor.onlyChildIds) return false;
  return (await accountsOfPerson(tx, actor.personId, date)).includes(holderId);
}

function nameFaults(givenName: string, surname: string): DelegateFault[] {
  const isLong = givenName.length > LONGEST_NAME || surname.length > LONGEST_NAME;
  return [
    ...(givenName === "" ? (["name-missing"] as const) : []),
    ...(surname === "" ? (["surname-missing"] as const) : []),
    ...(isLong ? (["too-long"] as const) : []),
  ];
}

async function isHolder(tx: WriteTx, holderId: string, codiceFiscale: string): Promise<boolean> {
  const held = await holderRow(tx, holderId);
  const adult = held && (await person(tx, held.personId));
  return adult?.codiceFiscale === codiceFiscale;
}

async function record(
  tx: WriteTx,
  of: {
    actor: Actor;
    holderId: string;
    now: Moment;
    kind: "delegate-added" | "delegate-ended";
    who: string;
  },
): Promise<void> {
  const { actor, holderId, now: at, kind, who } = of;
  const action = `families.${kind}`;
  await recordAudit(tx, { actor, at, action, holderId, details: { delegate: who } });
  const accountId = actor.role === "system" ? null : actor.id;
  await recordSecurity(tx, { kind, at, accountId, actorName: actor.name, details: { holderId } });
}
