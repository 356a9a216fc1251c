// SPDX-License-Identifier: EUPL-1.2
import { enterWithIdentity } from "#families";
import {
  type Federation,
  forgetStranger,
  noteStranger,
  openEidas,
  openSession,
  recordSecurity,
  type StrangerIdentity,
  subjectOf,
} from "#identity";
import type { Day } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { originHash } from "../../web/origin-hash.ts";
import type { Visit } from "../../web/visit.ts";
import { seenAs } from "./seen-as.ts";

/** Whom a provider vouches for, by whatever protocol. */
export interface VouchedPerson {
  /** `null` only where eIDAS knows none: then `spidCode` is its cross-border identifier */
  readonly fiscalNumber: string | null;
  readonly spidCode?: string | null;
  readonly name: string;
  readonly familyName: string;
  readonly dateOfBirth: Day;
  readonly level: 1 | 2 | 3;
}

export type EnteredPerson =
  /** `wasStranger`: had asked the office for it, which has answered */
  | { outcome: "entered"; token: string; wasStranger: boolean }
  /** `to-link`: eIDAS, noted; the office will say who that is */
  | { outcome: "unknown" | "to-link"; identity: StrangerIdentity }
  | { outcome: "identity-refused"; fault: "codice-fiscale" | "minor" | "birth-date" };

/** Finds the account of a person whose answer was believed, and opens a session. */
export async function enterPerson(
  tx: WriteTx,
  visit: Visit,
  of: {
    person: VouchedPerson;
    means: Federation;
    provider: string;
    sealedLogout?: string;
    providerSessionHash?: string;
  },
): Promise<EnteredPerson> {
  const { person, means, provider, ...logout } = of;
  const account = await accountOf(tx, visit, person);
  if (account.outcome !== "known") return account;
  const { accountId, isFirst, subject } = account;
  const wasStranger = await forgetStranger(tx, subject);
  const { level } = person;
  const browser = seenAs(visit.request.headers["user-agent"]);
  const token = await openSession(tx, {
    ...{ accountId, means, level, provider, ...logout },
    seenAs: browser,
    now: visit.now,
  });
  await recordSecurity(tx, {
    kind: "signed-in",
    at: visit.now,
    accountId,
    actorName: `${person.name} ${person.familyName}`,
    originHash: originHash(visit),
    details: { means, level, isFirst },
  });
  return { outcome: "entered", token, wasStranger };
}

async function accountOf(
  tx: WriteTx,
  visit: Visit,
  person: VouchedPerson,
): Promise<
  | { outcome: "known"; accountId: string; isFirst: boolean; subject: string }
  | Exclude<EnteredPerson, { outcome: "entered" }>
> {
  const { fiscalNumber, name: givenName, familyName: surname, dateOfBirth: birthDate } = person;
  if (fiscalNumber !== null) {
    const identity = { codiceFiscale: fiscalNumber, givenName, surname, birthDate };
    const entered = await enterWithIdentity(tx, identity, visit.now);
    if (entered.outcome === "refused") return { outcome: "identity-refused", fault: entered.fault };
    const subject = subjectOf(entered.codiceFiscale);
    return entered.outcome === "known"
      ? { ...entered, subject }
      : { outcome: "unknown", identity: { subject, givenName, surname, birthDate } };
  }
  if (!person.spidCode) throw new Error("an identity without any identifier was believed");
  const known = await openEidas(tx, person.spidCode);
  const identity = { subject: `eidas:${person.spidCode}`, givenName, surname, birthDate };
  if (known)
    return { outcome: "known", accountId: known, isFirst: false, subject: identity.subject };
  await noteStranger(tx, { ...identity, at: visit.now });
  return { outcome: "to-link", identity };
}
