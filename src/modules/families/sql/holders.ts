// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import type { Day } from "#kernel/dates.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Lang } from "#kernel/i18n.ts";
import type { HolderSpell } from "../rules/decide-holder-change.ts";
import type { PersonName } from "../rules/person.ts";

export interface AccountHolder {
  readonly id: string;
  readonly personId: string;
  /** nine digits, see `payment-code.ts` */
  readonly paymentCode: string;
  readonly from: Day;
  readonly to: Day | null;
}

export interface ChildHolder {
  readonly id: string;
  readonly childId: string;
  readonly holderId: string;
  readonly from: Day;
  readonly to: Day | null;
}

export interface Guardianship {
  readonly id: string;
  readonly childId: string;
  readonly guardianId: string;
  /** `madre`, `padre`, `tutore`…: as the school's file says */
  readonly role: string;
  readonly from: Day;
  readonly to: Day | null;
}

export interface Residency {
  readonly id: string;
  readonly personId: string;
  readonly resident: boolean;
  readonly from: Day;
  readonly to: Day | null;
}

const HOLDER_COLUMNS = sql.raw(`
  h.id, h.person_id as "personId", h.payment_code as "paymentCode", h.from_date as "from",
  h.to_date as "to"`);

export function holder(tx: ReadTx, holderId: string): Promise<AccountHolder | undefined> {
  return tx.maybe<AccountHolder>(sql`
    select ${HOLDER_COLUMNS} from account_holder h
    where h.tenant_id = ${tx.tenantId} and h.id = ${holderId}`);
}

/** Every account holder of the town, with the adult's name, by surname. */
export function allHolders(tx: ReadTx): Promise<(AccountHolder & Omit<PersonName, "id">)[]> {
  return tx.rows(sql`
    select ${HOLDER_COLUMNS}, p.surname, p.given_name as "givenName"
    from account_holder h
    join person p on p.tenant_id = h.tenant_id and p.id = h.person_id
    where h.tenant_id = ${tx.tenantId} order by p.surname, p.given_name, h.id`);
}

/** The adults of these accounts, by account: lists of bills and disputes show names. */
export async function holderNames(
  tx: ReadTx,
  holderIds: readonly string[],
): Promise<Map<string, Omit<PersonName, "id">>> {
  const rows = await tx.rows<{ holderId: string } & Omit<PersonName, "id">>(sql`
    select h.id as "holderId", p.surname, p.given_name as "givenName"
    from account_holder h
    join person p on p.tenant_id = h.tenant_id and p.id = h.person_id
    where h.tenant_id = ${tx.tenantId} and h.id = any(${holderIds}::uuid[])`);
  return new Map(rows.map(({ holderId, ...name }) => [holderId, name]));
}

/** Who owes, as a payment notice names him or her. */
export interface Debtor {
  readonly holderId: string;
  readonly personId: string;
  readonly fullName: string;
  readonly codiceFiscale: string | null;
  readonly email: string;
  /** what e-mails are written in */
  readonly language: Lang;
}

export async function debtors(
  tx: ReadTx,
  holderIds: readonly string[],
): Promise<Map<string, Debtor>> {
  const rows = await tx.rows<Debtor>(sql`
    select h.id as "holderId", p.id as "personId", p.given_name || ' ' || p.surname as "fullName",
      p.codice_fiscale as "codiceFiscale", p.email, p.language
    from account_holder h
    join person p on p.tenant_id = h.tenant_id and p.id = h.person_id
    where h.tenant_id = ${tx.tenantId} and h.id = any(${holderIds}::uuid[])`);
  return new Map(rows.map((row) => [row.holderId, row]));
}

export function holderByPaymentCode(tx: ReadTx, code: string): Promise<AccountHolder | undefined> {
  return tx.maybe<AccountHolder>(sql`
    select ${HOLDER_COLUMNS} from account_holder h
    where h.tenant_id = ${tx.tenantId} and h.payment_code = ${code}`);
}

/** Which of these codes are taken. */
export async function takenPaymentCodes(tx: ReadTx, codes: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ code: string }>(sql`
    select payment_code as code from account_holder
    where tenant_id = ${tx.tenantId} and payment_code = any(${codes}::text[])`);
  return rows.map((row) => row.code);
}

/** Inserts holders; one that exists keeps person and payment code, its end may change. */
export async function putHolders(tx: WriteTx, rows: readonly AccountHolder[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into account_holder (tenant_id, id, person_id, payment_code, from_date, to_date)
      select ${tx.tenantId}, r.id, r."personId", r."paymentCode", r."from", r."to"
      from ${jsonRows(batch)} as r(id uuid, "personId" uuid, "paymentCode" text, "from" date, "to" date)
      on conflict (tenant_id, id) do update set to_date = excluded.to_date`);
  }
}

export async function putChildHolders(tx: WriteTx, rows: readonly ChildHolder[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into child_holder (tenant_id, id, child_id, holder_id, from_date, to_date)
      select ${tx.tenantId}, r.id, r."childId", r."holderId", r."from", r."to"
      from ${jsonRows(batch)} as r(id uuid, "childId" uuid, "holderId" uuid, "from" date, "to" date)
      on conflict (tenant_id, id) do update set holder_id = excluded.holder_id,
        from_date = excluded.from_date, to_date = excluded.to_date`);
  }
}

export async function putGuardianships(tx: WriteTx, rows: readonly Guardianship[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into guardianship (tenant_id, id, child_id, guardian_id, role, from_date, to_date)
      select ${tx.tenantId}, r.id, r."childId", r."guardianId", r.role, r."from", r."to"
      from ${jsonRows(batch)} as r(id uuid, "childId" uuid, "guardianId" uuid, role text, "from" date,
        "to" date)
      on conflict (tenant_id, id) do update set role = excluded.role,
        from_date = excluded.from_date, to_date = excluded.to_date`);
  }
}

export async function putResidencies(tx: WriteTx, rows: readonly Residency[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into residency (tenant_id, id, person_id, resident, from_date, to_date)
      select ${tx.tenantId}, r.id, r."personId", r.resident, r."from", r."to"
      from ${jsonRows(batch)} as r(id uuid, "personId" uuid, resident boolean, "from" date, "to" date)
      on conflict (tenant_id, id) do update set resident = excluded.resident,
        from_date = excluded.from_date, to_date = excluded.to_date`);
  }
}

export function allGuardianships(tx: ReadTx): Promise<Guardianship[]> {
  return tx.rows<Guardianship>(sql`
    select id, child_id as "childId", guardian_id as "guardianId", role, from_date as "from",
      to_date as "to"
    from guardianship where tenant_id = ${tx.tenantId} order by from_date, id`);
}

/** Ties of children to account holders that cover the day or begin after it. */
export function childHoldersFrom(tx: ReadTx, date: Day): Promise<ChildHolder[]> {
  return tx.rows<ChildHolder>(sql`
    select id, child_id as "childId", holder_id as "holderId", from_date as "from", to_date as "to"
    from child_holder
    where tenant_id = ${tx.tenantId} and (to_date is null or to_date >= ${date})
    order by from_date, id`);
}

/** The residency rows in force on a day, one per person at most. */
export function residenciesOn(tx: ReadTx, date: Day): Promise<Residency[]> {
  return tx.rows<Residency>(sql`
    select distinct on (person_id) id, person_id as "personId", resident, from_date as "from",
      to_date as "to"
    from residency
    where tenant_id = ${tx.tenantId} and from_date <= ${date} and (to_date is null or to_date >= ${date})
    order by person_id, from_date desc, id`);
}

/** Which of these children somebody pays for on the day, or from a later one on. */
export async function childrenHeldFrom(
  tx: ReadTx,
  of: { childIds: readonly string[]; date: Day },
): Promise<string[]> {
  const rows = await tx.rows<{ childId: string }>(sql`
    select distinct child_id as "childId" from child_holder
    where tenant_id = ${tx.tenantId} and child_id = any(${of.childIds}::uuid[])
      and (to_date is null or to_date >= ${of.date})`);
  return rows.map(({ childId }) => childId);
}

/** The spells of one child, the newest first. */
export function holderSpells(tx: ReadTx, childId: string): Promise<HolderSpell[]> {
  return tx.rows<HolderSpell>(sql`
    select id, holder_id as "holderId", from_date as "from", to_date as "to"
    from child_holder where tenant_id = ${tx.tenantId} and child_id = ${childId}
    order by from_date desc`);
}

/** Holds a lock on the child's row, so that two changes of holder come one after the other. */
export function lockChild(tx: WriteTx, childId: string): Promise<{ id: string } | undefined> {
  return tx.maybe<{ id: string }>(sql`
    select id from person
    where tenant_id = ${tx.tenantId} and id = ${childId} and kind = 'child' for update`);
}

export function endSpell(tx: WriteTx, spell: { id: string; to: Day }): Promise<number> {
  return tx.run(sql`update child_holder set to_date = ${spell.to}
    where tenant_id = ${tx.tenantId} and id = ${spell.id}`);
}

/** Of two pages that somebody opens at once the second waits here, and then finds the first one on record. */
export async function holdFamilyRead(
  tx: WriteTx,
  of: { actorId: string; holderId: string },
): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${tx.tenantId} read ${of.actorId} ${of.holderId}`}::text, 0))`,
  );
}
