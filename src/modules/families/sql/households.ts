// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { ChildGuardian } from "../rules/address-readers.ts";
import type { Person } from "../rules/person.ts";
import { PERSON_COLUMNS } from "./people.ts";

const inForce = (alias: string, date: Day) => sql`
  ${sql.ref(`${alias}.from_date`)} <= ${date}
  and (${sql.ref(`${alias}.to_date`)} is null or ${sql.ref(`${alias}.to_date`)} >= ${date})`;

export type HouseholdChild = Person & { readonly holderId: string | null };

/** The children an adult may act for on a day: as account holder or as guardian. */
export const childrenOf = (tx: ReadTx, personId: string, date: Day): Promise<HouseholdChild[]> =>
  childrenOfAdults(tx, sql`${personId}::uuid`, date);

/** The same of the adults who hold these accounts: also of one who only pays a share for a child of the other's account. */
export const childrenOfDelegators = (
  tx: ReadTx,
  holderIds: readonly string[],
  date: Day,
): Promise<HouseholdChild[]> =>
  childrenOfAdults(
    tx,
    sql`select d.person_id from account_holder d
      where d.tenant_id = ${tx.tenantId} and d.id = any(${holderIds}::uuid[]) and ${inForce("d", date)}`,
    date,
  );

function childrenOfAdults(
  tx: ReadTx,
  adults: ReturnType<typeof sql>,
  date: Day,
): Promise<HouseholdChild[]> {
  return tx.rows<HouseholdChild>(sql`
    select ${PERSON_COLUMNS}, ch.holder_id as "holderId"
    from person p
    left join child_holder ch on ch.tenant_id = p.tenant_id and ch.child_id = p.id
      and ${inForce("ch", date)}
    where p.tenant_id = ${tx.tenantId} and p.kind = 'child' and p.id in (
      select held.child_id from child_holder held
      join account_holder h on h.tenant_id = held.tenant_id and h.id = held.holder_id
      where held.tenant_id = ${tx.tenantId} and h.person_id in (${adults}) and ${inForce("held", date)}
      union
      select g.child_id from guardianship g
      where g.tenant_id = ${tx.tenantId} and g.guardian_id in (${adults}) and ${inForce("g", date)})
    order by p.birth_date, p.given_name, p.id`);
}

/** The same of each of these adults, one row per adult and child. */
export function childrenOfEach(
  tx: ReadTx,
  adultIds: readonly string[],
  date: Day,
): Promise<(Person & { readonly adultId: string })[]> {
  return tx.rows(sql`
    select ${PERSON_COLUMNS}, tie.adult_id as "adultId"
    from (
      select h.person_id as adult_id, held.child_id from child_holder held
      join account_holder h on h.tenant_id = held.tenant_id and h.id = held.holder_id
      where held.tenant_id = ${tx.tenantId} and h.person_id = any(${adultIds}::uuid[]) and ${inForce("held", date)}
      union
      select g.guardian_id, g.child_id from guardianship g
      where g.tenant_id = ${tx.tenantId} and g.guardian_id = any(${adultIds}::uuid[]) and ${inForce("g", date)}
    ) tie
    join person p on p.tenant_id = ${tx.tenantId} and p.id = tie.child_id and p.kind = 'child'
    order by p.birth_date, p.given_name, p.id`);
}

/** Why this adult may act for the child on that day; `null` = may not. */
export async function actsFor(
  tx: ReadTx,
  question: { personId: string; childId: string; date: Day },
): Promise<"holder" | "guardian" | null> {
  const { personId, childId, date } = question;
  const row = await tx.one<{ holder: boolean; guardian: boolean }>(sql`
    select
      exists (select 1 from child_holder ch
        join account_holder h on h.tenant_id = ch.tenant_id and h.id = ch.holder_id
        where ch.tenant_id = ${tx.tenantId} and ch.child_id = ${childId}
          and h.person_id = ${personId} and ${inForce("ch", date)}) as holder,
      exists (select 1 from guardianship g
        where g.tenant_id = ${tx.tenantId} and g.child_id = ${childId}
          and g.guardian_id = ${personId} and ${inForce("g", date)}) as guardian`);
  return row.holder ? "holder" : row.guardian ? "guardian" : null;
}

/** The account holders this adult is, or whose children he or she is a guardian of, on that day. */
export async function holdersOfPerson(tx: ReadTx, personId: string, date: Day): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select h.id from account_holder h
    where h.tenant_id = ${tx.tenantId} and h.person_id = ${personId} and ${inForce("h", date)}
    union
    select ch.holder_id from guardianship g
    join child_holder ch on ch.tenant_id = g.tenant_id and ch.child_id = g.child_id
      and ${inForce("ch", date)}
    where g.tenant_id = ${tx.tenantId} and g.guardian_id = ${personId} and ${inForce("g", date)}
    order by 1`);
  return rows.map((row) => row.id);
}

/** The accounts this adult holds on that day, in his or her own name. */
export async function accountsOfPerson(tx: ReadTx, personId: string, date: Day): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    select h.id from account_holder h
    where h.tenant_id = ${tx.tenantId} and h.person_id = ${personId} and ${inForce("h", date)}
    order by h.from_date, h.id`);
  return rows.map((row) => row.id);
}

/** The children a holder pays for on that day. */
export const childrenOfHolder = (
  tx: ReadTx,
  holderId: string,
  date: Day,
): Promise<HouseholdChild[]> => childrenOfHolders(tx, [holderId], date);

export function childrenOfHolders(
  tx: ReadTx,
  holderIds: readonly string[],
  date: Day,
): Promise<HouseholdChild[]> {
  return tx.rows<HouseholdChild>(sql`
    select ${PERSON_COLUMNS}, ch.holder_id as "holderId"
    from child_holder ch
    join person p on p.tenant_id = ch.tenant_id and p.id = ch.child_id
    where ch.tenant_id = ${tx.tenantId} and ch.holder_id = any(${holderIds}::uuid[]) and ${inForce("ch", date)}
    order by p.birth_date, p.given_name, p.id`);
}

export type HouseholdGuardian = Person & { readonly childId: string; readonly role: string };

/** The guardians of these children on that day, one row per child and guardian. */
export function guardiansOf(
  tx: ReadTx,
  childIds: readonly string[],
  date: Day,
): Promise<HouseholdGuardian[]> {
  return tx.rows<HouseholdGuardian>(sql`
    select ${PERSON_COLUMNS}, g.child_id as "childId", g.role
    from guardianship g
    join person p on p.tenant_id = g.tenant_id and p.id = g.guardian_id
    where g.tenant_id = ${tx.tenantId} and g.child_id = any(${childIds}::uuid[])
      and ${inForce("g", date)}
    order by p.surname, p.given_name, p.id`);
}

/** The guardians of these children on that day, each with the accounts in his or her own name; no delegates. */
export function guardiansWithAccounts(
  tx: ReadTx,
  childIds: readonly string[],
  date: Day,
): Promise<ChildGuardian[]> {
  return tx.rows<ChildGuardian>(sql`
    select g.child_id as "childId", g.guardian_id as "guardianId",
      coalesce((select jsonb_agg(h.id order by h.from_date, h.id) from account_holder h
        where h.tenant_id = g.tenant_id and h.person_id = g.guardian_id and ${inForce("h", date)}),
        '[]') as "ownHolderIds"
    from guardianship g
    where g.tenant_id = ${tx.tenantId} and g.child_id = any(${childIds}::uuid[])
      and ${inForce("g", date)} and lower(g.role) not in ('delegato', 'delegata', 'delegate')
    order by g.child_id, g.from_date, g.id`);
}

/** Child → account holder on that day. A child without one is absent. */
export async function holdersOn(
  tx: ReadTx,
  childIds: readonly string[],
  date: Day,
): Promise<Map<string, string>> {
  const rows = await tx.rows<{ childId: string; holderId: string }>(sql`
    select ch.child_id as "childId", ch.holder_id as "holderId" from child_holder ch
    where ch.tenant_id = ${tx.tenantId} and ch.child_id = any(${childIds}::uuid[])
      and ${inForce("ch", date)}
    order by ch.from_date, ch.id`);
  return new Map(rows.map((row) => [row.childId, row.holderId]));
}

/** The account holder of one child on that day. */
export async function holderOf(tx: ReadTx, childId: string, date: Day): Promise<string | null> {
  return (await holdersOn(tx, [childId], date)).get(childId) ?? null;
}

/** Which of these accounts hold, or ever held, a child that is not among the given ones. */
export async function holdersOfOtherChildren(
  tx: ReadTx,
  of: { holderIds: readonly string[]; childIds: readonly string[] },
): Promise<string[]> {
  const rows = await tx.rows<{ holderId: string }>(sql`
    select distinct ch.holder_id as "holderId" from child_holder ch
    where ch.tenant_id = ${tx.tenantId} and ch.holder_id = any(${of.holderIds}::uuid[])
      and ch.child_id <> all(${of.childIds}::uuid[])`);
  return rows.map(({ holderId }) => holderId);
}

/** Child → resident or not on that day. A child of whom it is not known is absent. */
export async function residentsOn(
  tx: ReadTx,
  childIds: readonly string[],
  date: Day,
): Promise<Map<string, boolean>> {
  const rows = await tx.rows<{ personId: string; resident: boolean }>(sql`
    select r.person_id as "personId", r.resident from residency r
    where r.tenant_id = ${tx.tenantId} and r.person_id = any(${childIds}::uuid[])
      and ${inForce("r", date)}
    order by r.from_date, r.id`);
  return new Map(rows.map((row) => [row.personId, row.resident]));
}

/** The guardians of these children, and who pays for them, on that day. */
const adultIds = (tx: ReadTx, childIds: readonly string[], date: Day) => sql`
  select g.guardian_id from guardianship g
  where g.tenant_id = ${tx.tenantId} and g.child_id = any(${childIds}::uuid[]) and ${inForce("g", date)}
  union
  select h.person_id from child_holder ch
  join account_holder h on h.tenant_id = ch.tenant_id and h.id = ch.holder_id
  where ch.tenant_id = ${tx.tenantId} and ch.child_id = any(${childIds}::uuid[]) and ${inForce("ch", date)}`;

export const adultsOf = (tx: ReadTx, childIds: readonly string[], date: Day): Promise<Person[]> =>
  tx.rows<Person>(sql`
    select ${PERSON_COLUMNS} from person p
    where p.tenant_id = ${tx.tenantId} and p.id in (${adultIds(tx, childIds, date)})
    order by p.surname, p.given_name, p.id`);

/** Are the contacts of a child kept by the office: its own, or those of an adult it may live with? */
export const areContactsProtected = (
  tx: ReadTx,
  { childId, date }: { childId: string; date: Day },
): Promise<boolean> => isAnyProtected(tx, { childIds: [childId], date });

/** The same of any of these children. */
export async function isAnyProtected(
  tx: ReadTx,
  of: { childIds: readonly string[]; date: Day },
): Promise<boolean> {
  const found = await tx.maybe<{ one: number }>(sql`
    select 1 as one from person p
    where p.tenant_id = ${tx.tenantId} and p.contacts_protected and p.id in (
      select unnest(${of.childIds}::uuid[])
      union
      ${adultIds(tx, of.childIds, of.date)})
    limit 1`);
  return found !== undefined;
}
