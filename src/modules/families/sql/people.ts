// SPDX-License-Identifier: EUPL-1.2
import { batches } from "#kernel/batches.ts";
import { jsonRows, type ReadTx, sql, type WriteTx } from "#kernel/db/index.ts";
import type { Person, PersonKind } from "../rules/person.ts";

export const PERSON_COLUMNS = sql.raw(`
  p.id, p.kind, p.surname, p.given_name as "givenName", p.sex, p.birth_date as "birthDate",
  p.birth_place_code as "birthPlaceCode", p.birth_place as "birthPlace",
  p.codice_fiscale as "codiceFiscale", p.codice_fiscale_state as "codiceFiscaleState",
  p.email, p.phone, p.address, p.postal_code as "postalCode", p.city,
  p.contacts_protected as "contactsProtected", p.created_at as "createdAt"`);

export function person(tx: ReadTx, id: string): Promise<Person | undefined> {
  return tx.maybe<Person>(sql`
    select ${PERSON_COLUMNS} from person p where p.tenant_id = ${tx.tenantId} and p.id = ${id}`);
}

export function people(tx: ReadTx, ids: readonly string[]): Promise<Person[]> {
  return tx.rows<Person>(sql`
    select ${PERSON_COLUMNS} from person p
    where p.tenant_id = ${tx.tenantId} and p.id = any(${ids}::uuid[])
    order by p.surname, p.given_name, p.id`);
}

/** Everybody of a kind: the import compares a whole file with the whole town. */
export function allPeople(tx: ReadTx, kind: PersonKind): Promise<Person[]> {
  return tx.rows<Person>(sql`
    select ${PERSON_COLUMNS} from person p
    where p.tenant_id = ${tx.tenantId} and p.kind = ${kind} order by p.id`);
}

export function personByCodiceFiscale(tx: ReadTx, code: string): Promise<Person | undefined> {
  return tx.maybe<Person>(sql`
    select ${PERSON_COLUMNS} from person p
    where p.tenant_id = ${tx.tenantId} and p.codice_fiscale = ${code}`);
}

/** Inserts people, or overwrites those whose id exists (`createdAt` and `contactsProtected` stay). */
export async function upsertPeople(
  tx: WriteTx,
  rows: readonly (Omit<Person, "contactsProtected"> & { search: string })[],
): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into person (tenant_id, id, kind, surname, given_name, sex, birth_date, birth_place_code,
        birth_place, codice_fiscale, codice_fiscale_state, email, phone, address, postal_code, city,
        search, created_at)
      select ${tx.tenantId}, r.id, r.kind, r.surname, r."givenName", r.sex, r."birthDate",
        r."birthPlaceCode", r."birthPlace", r."codiceFiscale", r."codiceFiscaleState", r.email, r.phone,
        r.address, r."postalCode", r.city, r.search, r."createdAt"
      from ${jsonRows(batch)} as r(id uuid, kind text, surname text, "givenName" text, sex text,
        "birthDate" date, "birthPlaceCode" text, "birthPlace" text, "codiceFiscale" text,
        "codiceFiscaleState" text, email text, phone text, address text, "postalCode" text, city text,
        search text, "createdAt" timestamptz)
      on conflict (tenant_id, id) do update set kind = excluded.kind, surname = excluded.surname,
        given_name = excluded.given_name, sex = excluded.sex, birth_date = excluded.birth_date,
        birth_place_code = excluded.birth_place_code, birth_place = excluded.birth_place,
        codice_fiscale = excluded.codice_fiscale,
        codice_fiscale_state = excluded.codice_fiscale_state, email = excluded.email,
        phone = excluded.phone, address = excluded.address, postal_code = excluded.postal_code,
        city = excluded.city, search = excluded.search`);
  }
}

/** By the office; files and forms of the family never touch it. */
export async function putContactsProtected(
  tx: WriteTx,
  of: { personId: string; isProtected: boolean },
): Promise<void> {
  await tx.run(sql`
    update person set contacts_protected = ${of.isProtected}
    where tenant_id = ${tx.tenantId} and id = ${of.personId}`);
}

export interface PersonChange {
  readonly id: string;
  readonly personId: string;
  /** a field of `Person` */
  readonly field: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly changedAt: Temporal.Instant;
  readonly changedBy: string;
  readonly reason: string;
}

/** History is append-only. */
export async function insertChanges(tx: WriteTx, rows: readonly PersonChange[]): Promise<void> {
  for (const batch of batches(rows)) {
    await tx.run(sql`
      insert into person_change (tenant_id, id, person_id, field, old_value, new_value, changed_at,
        changed_by, reason)
      select ${tx.tenantId}, r.id, r."personId", r.field, r."oldValue", r."newValue", r."changedAt",
        r."changedBy", r.reason
      from ${jsonRows(batch)} as r(id uuid, "personId" uuid, field text, "oldValue" text,
        "newValue" text, "changedAt" timestamptz, "changedBy" text, reason text)`);
  }
}

/** The newest first. */
export function changesOf(tx: ReadTx, personId: string): Promise<PersonChange[]> {
  return tx.rows<PersonChange>(sql`
    select id, person_id as "personId", field, old_value as "oldValue", new_value as "newValue",
      changed_at as "changedAt", changed_by as "changedBy", reason
    from person_change where tenant_id = ${tx.tenantId} and person_id = ${personId}
    order by changed_at desc, id desc`);
}
