// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import { type ReadTx, sql } from "#kernel/db/index.ts";
import type { PersonKind, PersonName } from "../rules/person.ts";

export interface FoundPerson extends PersonName {
  readonly kind: PersonKind;
  readonly birthDate: Day | null;
  readonly codiceFiscale: string | null;
  readonly phone: string;
  /** the accounts this child belongs to, or this adult holds or is a guardian in, that day */
  readonly holderIds: string[];
}

/** People matching every pattern, by name; `limit` of each kind. */
export function findPeople(
  tx: ReadTx,
  query: { patterns: readonly string[]; limit: number; date: Day },
): Promise<FoundPerson[]> {
  const { patterns, limit, date } = query;
  const matches = sql.join(
    patterns.map((pattern) => sql`p.search like ${pattern}`),
    sql` and `,
  );
  return tx.rows<FoundPerson>(sql`
    with found as materialized (
      (select * from person p where p.tenant_id = ${tx.tenantId} and p.kind = 'child' and ${matches}
        order by surname, given_name, id limit ${limit})
      union all
      (select * from person p where p.tenant_id = ${tx.tenantId} and p.kind = 'adult' and ${matches}
        order by surname, given_name, id limit ${limit}))
    select f.id, f.kind, f.surname, f.given_name as "givenName", f.birth_date as "birthDate",
      f.codice_fiscale as "codiceFiscale", f.phone,
      coalesce((
        select array_agg(distinct l.holder_id)::text[] from (
          select ch.holder_id from child_holder ch
          where ch.tenant_id = ${tx.tenantId} and ch.child_id = f.id
            and ch.from_date <= ${date} and (ch.to_date is null or ch.to_date >= ${date})
          union all
          select h.id from account_holder h
          where h.tenant_id = ${tx.tenantId} and h.person_id = f.id
          union all
          select ch.holder_id from guardianship g
          join child_holder ch on ch.tenant_id = g.tenant_id and ch.child_id = g.child_id
            and ch.from_date <= ${date} and (ch.to_date is null or ch.to_date >= ${date})
          where g.tenant_id = ${tx.tenantId} and g.guardian_id = f.id
            and g.from_date <= ${date} and (g.to_date is null or g.to_date >= ${date})
        ) l), '{}') as "holderIds"
    from found f
    order by f.kind desc, f.surname, f.given_name, f.id`);
}

export interface PersonTask {
  readonly kind:
    | "codice-fiscale-missing"
    | "codice-fiscale-provisional"
    | "codice-fiscale-mismatch"
    | "child-without-holder";
  readonly personId: string;
  readonly personKind: PersonKind;
  readonly surname: string;
  readonly givenName: string;
}

/** What the office still has to clear up about people: derived, never stored. Children first. */
export function openTasks(tx: ReadTx, date: Day): Promise<PersonTask[]> {
  return tx.rows<PersonTask>(sql`
    select t.kind, p.id as "personId", p.kind as "personKind", p.surname, p.given_name as "givenName"
    from (
      select p.id, 'codice-fiscale-' || p.codice_fiscale_state as kind from person p
      where p.tenant_id = ${tx.tenantId} and p.codice_fiscale_state <> 'valid'
      union all
      select p.id, 'child-without-holder' from person p
      where p.tenant_id = ${tx.tenantId} and p.kind = 'child' and not exists (
        select 1 from child_holder ch
        where ch.tenant_id = p.tenant_id and ch.child_id = p.id
          and ch.from_date <= ${date} and (ch.to_date is null or ch.to_date >= ${date}))
    ) t
    join person p on p.tenant_id = ${tx.tenantId} and p.id = t.id
    order by t.kind, p.kind desc, p.surname, p.given_name, p.id`);
}
