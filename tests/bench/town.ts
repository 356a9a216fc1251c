// SPDX-License-Identifier: EUPL-1.2
/**
 * Towns of any size, made set-based with ids that follow from a number: family 17 has the same ids in every town
 * and every run. One child and one parent per family, signed in.
 */
import { createHash } from "node:crypto";
import { putClassSessions, putSchoolYear, putServicePeriods, putServices } from "#calendar";
import { hashToken } from "#identity";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { type Database, jsonRows, sql, type WriteTx } from "#kernel/db/index.ts";
import { idFromContent } from "#kernel/ids.ts";
import { putTariffVersion } from "#tariffs";
import { bumpConfiguration, type Tenant } from "#tenancy";
import { USUAL_SETTINGS } from "../support/small-town.ts";

const AT = moment("2026-08-20T08:00:00Z");
export const FORM_KEY = "the form key of a benchmark";
export const RECEIPT_KEY = "the receipt key of a benchmark";
/** A Tuesday; the cut-off is 9:00 in Rome. */
export const RUSH_DAY = day("2026-11-24");
export const CUTOFF = moment("2026-11-24T08:00:00Z");
export const SERVICE_CODE = "mensa";
/** of every family's only child, in addresses */
export const CHILD_SLUG = "leo";
const CHILDREN_PER_CLASS = 25;

const KIND = {
  adult: 1,
  child: 2,
  holder: 3,
  childHolder: 4,
  guardianship: 5,
  membership: 6,
  enrolment: 7,
  account: 8,
  grant: 9,
  site: 10,
  class: 11,
  session: 12,
  isee: 13,
  receipt: 14,
  service: 15,
} as const;
type Kind = keyof typeof KIND;

const prefixOf = (kind: Kind): string => `${String(KIND[kind]).padStart(8, "0")}-0000-4000-8000-`;

export const idOf = (kind: Kind, index: number): string =>
  prefixOf(kind) + String(index).padStart(12, "0");

/** The same id in SQL, from an integer expression. */
const id = (kind: Kind, index: string) =>
  sql`(${sql.lit(prefixOf(kind))} || lpad((${sql.raw(index)})::text, 12, '0'))::uuid`;

export const SERVICE_ID = idOf("service", 1);

/** The session token of family `index`; only its hash is in the database. */
export const tokenOf = (slug: string, index: number): string =>
  createHash("sha256").update(`${slug}:${index}`).digest("hex");

export const tokenHashOf = (slug: string, index: number): string => hashToken(tokenOf(slug, index));

export interface BenchTown {
  readonly tenant: Tenant;
  readonly families: number;
}

const TOWN_SETTINGS = {
  town: {
    name: "Comune di Prova",
    shortName: "Prova",
    province: "LO",
    fiscalCode: "00000000000",
    cadastralCode: "F205",
    address: "Piazza del Municipio 1",
    website: "",
  },
  office: {
    name: "Ufficio scuola",
    address: "Piazza del Municipio 1",
    phones: ["0371 000000"],
    emails: ["scuola@prova.example"],
    hours: [{ weekday: 2, from: "09:00", to: "12:00" }],
  },
  login: {
    portal: ["spid", "cie"],
    enrolment: ["spid"],
    topUp: ["spid"],
    credentialsPer: "holder",
  },
};

/** Half of the children have an ISEE, which decides their price. */
const TARIFF = {
  kind: "brackets",
  brackets: [
    { upTo: 6000, price: "2,00" },
    { upTo: 9360, price: "3,50" },
    { upTo: 15_000, price: "4,00" },
    { price: "4,50" },
  ],
};

/**
 * One town. `sites`: among how many schools the children are spread. `pastReceipts`: earlier acts of each child, so
 * that tables and indexes have the size they have in winter.
 */
export async function makeTown(
  db: Database,
  of: { slug: string; families: number; sites: number; pastReceipts?: number },
): Promise<BenchTown> {
  const { slug, families, sites } = of;
  const tenantId = idFromContent(`bench\n${slug}`);
  const name = `Prova ${slug}`;
  await db.platform((tx) =>
    tx.run(sql`insert into platform.tenant (id, slug, name, demo, created_at)
      values (${tenantId}, ${slug}, ${name}, true, ${AT})`),
  );
  const town = db.forTenant(tenantId);
  await town.write(async (tx) => {
    await makeCalendar(tx, { families, sites });
    await makePeople(tx, families);
    await makeRights(tx, families);
    await makeSessions(tx, { slug, families });
  });
  const past = of.pastReceipts ?? 0;
  if (past > 0) await town.write((tx) => makePast(tx, families, past));
  const tenant = { id: tenantId, slug, name, demo: true, hosts: [], createdAt: AT };
  return { tenant, families };
}

const classCount = (families: number): number => Math.ceil(families / CHILDREN_PER_CLASS);

async function makeCalendar(tx: WriteTx, of: { families: number; sites: number }): Promise<void> {
  const settings = [
    ...Object.entries(TOWN_SETTINGS).map(([key, value]) => ({ scope: "", key, value })),
    ...Object.entries(USUAL_SETTINGS).map(([key, value]) => ({ scope: SERVICE_CODE, key, value })),
  ];
  await tx.run(sql`
    insert into tenant_setting (tenant_id, scope, key, valid_from, value, source, recorded_at, recorded_by)
    select ${tx.tenantId}, r.scope, r.key, date '2026-08-01', r.value, 'profile', ${AT}::timestamptz, 'bench'
    from ${jsonRows(settings)} as r(scope text, key text, value jsonb)`);
  await putSchoolYear(tx, { year: 2026, startsOn: day("2026-09-14"), endsOn: day("2027-06-08") });
  await putServices(tx, [
    { id: SERVICE_ID, code: SERVICE_CODE, kind: "canteen", name: "Mensa", position: 1 },
  ]);
  const period = { year: 2026, serviceId: SERVICE_ID, level: null, siteId: null, weekdays: 31 };
  await putServicePeriods(tx, { serviceId: SERVICE_ID, year: 2026 }, [
    {
      id: idOf("session", 0),
      ...period,
      startsOn: day("2026-09-14"),
      endsOn: day("2027-06-04"),
    },
  ]);
  const classes = classCount(of.families);
  await tx.run(sql`
    insert into school_site (tenant_id, id, ministry_code, name, level, address)
    select ${tx.tenantId}, ${id("site", "s")}, 'XXEE' || lpad(s::text, 6, '0'), 'Primaria ' || s, 'primaria', 'Via ' || s
    from generate_series(0, ${of.sites - 1}::int) as s`);
  await tx.run(sql`
    insert into school_class (tenant_id, id, site_id, year, grade, section)
    select ${tx.tenantId}, ${id("class", "c")}, ${id("site", `c % ${of.sites}`)}, 2026, 1 + c % 5, 'S' || c
    from generate_series(0, ${classes - 1}::int) as c`);
  await putClassSessions(
    tx,
    Array.from({ length: classes }, (_, index) => ({
      id: idOf("session", index + 1),
      serviceId: SERVICE_ID,
      classId: idOf("class", index),
      weekdays: 31,
      weekdaysB: null,
      weekAMonday: null,
      from: day("2026-09-14"),
      to: null,
    })),
  );
  const put = await putTariffVersion(tx, {
    id: idOf("service", 2),
    serviceId: SERVICE_ID,
    validFrom: day("2026-09-01"),
    act: "DGC 1/2026",
    definition: TARIFF,
    assumedReason: null,
    recordedBy: "bench",
    recordedAt: AT,
  });
  if (put.outcome !== "recorded") throw new Error(JSON.stringify(put));
  await bumpConfiguration(tx);
}

async function makePeople(tx: WriteTx, families: number): Promise<void> {
  const { tenantId } = tx;
  const all = sql`generate_series(0, ${families - 1}::int) as i`;
  await tx.run(sql`
    insert into person (tenant_id, id, kind, surname, given_name, birth_date, codice_fiscale_state, search, created_at)
    select ${tenantId}::uuid, ${id("adult", "i")}, 'adult', 'Famiglia' || i, 'Anna', date '1985-01-01', 'missing',
      'famiglia' || i || ' anna', ${AT}::timestamptz from ${all}
    union all
    select ${tenantId}::uuid, ${id("child", "i")}, 'child', 'Famiglia' || i, 'Leo', date '2018-01-01' + i % 1000, 'missing',
      'famiglia' || i || ' leo', ${AT}::timestamptz from ${all}`);
  await tx.run(sql`
    insert into account_holder (tenant_id, id, person_id, payment_code, from_date)
    select ${tenantId}, ${id("holder", "i")}, ${id("adult", "i")}, lpad(i::text, 10, '0'), date '2026-09-01' from ${all}`);
  await tx.run(sql`
    insert into child_holder (tenant_id, id, child_id, holder_id, from_date)
    select ${tenantId}, ${id("childHolder", "i")}, ${id("child", "i")}, ${id("holder", "i")}, date '2026-09-01' from ${all}`);
  await tx.run(sql`
    insert into guardianship (tenant_id, id, child_id, guardian_id, role, from_date)
    select ${tenantId}, ${id("guardianship", "i")}, ${id("child", "i")}, ${id("adult", "i")}, 'genitore',
      date '2026-09-01' from ${all}`);
}

async function makeRights(tx: WriteTx, families: number): Promise<void> {
  const { tenantId } = tx;
  const all = sql`generate_series(0, ${families - 1}::int) as i`;
  await tx.run(sql`
    insert into class_membership (tenant_id, id, child_id, class_id, from_date)
    select ${tenantId}, ${id("membership", "i")}, ${id("child", "i")}, ${id("class", `i / ${CHILDREN_PER_CLASS}`)},
      date '2026-09-14' from ${all}`);
  await tx.run(sql`
    insert into enrolment (tenant_id, id, child_id, service_id, year, from_date, created_at)
    select ${tenantId}, ${id("enrolment", "i")}, ${id("child", "i")}, ${SERVICE_ID}::uuid, 2026, date '2026-09-14',
      ${AT}::timestamptz from ${all}`);
  await tx.run(sql`
    insert into isee (tenant_id, id, child_id, kind, value_cents, presented_on, valid_from, valid_to, applies_from,
      recorded_at)
    select ${tenantId}, ${id("isee", "i")}, ${id("child", "i")}, 'ordinario', (i * 7919) % 2000000, date '2026-09-01',
      date '2026-09-01', date '2027-08-31', date '2026-09-01', ${AT}::timestamptz
    from ${all} where i % 2 = 0`);
}

async function makeSessions(tx: WriteTx, of: { slug: string; families: number }): Promise<void> {
  const { tenantId } = tx;
  const all = sql`generate_series(0, ${of.families - 1}::int) as i`;
  await tx.run(sql`
    insert into account (tenant_id, id, username, display_name, demo, created_at)
    select ${tenantId}, ${id("account", "i")}, 'famiglia' || i, 'Anna Famiglia' || i, true, ${AT}::timestamptz
    from ${all}`);
  await tx.run(sql`
    insert into role_grant (tenant_id, id, account_id, role, from_date)
    select ${tenantId}, ${id("grant", "i")}, ${id("account", "i")}, 'guardian', date '2026-08-01' from ${all}`);
  await tx.run(sql`
    insert into person_account (tenant_id, account_id, person_id)
    select ${tenantId}, ${id("account", "i")}, ${id("adult", "i")} from ${all}`);
  const hex = (text: ReturnType<typeof sql>) =>
    sql`encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
  const signedIn = CUTOFF.subtract({ minutes: 6 });
  await tx.run(sql`
    insert into session (tenant_id, token_hash, id, account_id, means, created_at, last_seen_at, expires_at)
    select ${tenantId}, ${hex(hex(sql`${`${of.slug}:`}::text || i`))}, ${id("session", "i")}, ${id("account", "i")}, 'persona',
      ${signedIn}::timestamptz, ${signedIn}::timestamptz, ${CUTOFF.add({ hours: 6 })}::timestamptz from ${all}`);
}

/** Meals cancelled on the first service days of the year: a receipt and a choice each. */
async function makePast(tx: WriteTx, families: number, days: number): Promise<void> {
  const { tenantId } = tx;
  const rows = sql`generate_series(0, ${families - 1}::int) as i, generate_series(0, ${days - 1}::int) as d`;
  const receipt = id("receipt", `i * 100 + d`);
  const at = sql`(date '2026-10-01' + d + time '06:00') at time zone 'UTC'`;
  await tx.run(sql`
    insert into receipt (tenant_id, id, number, check_code, act, outcome, child_id, service_id, from_date, channel,
      actor_id, actor_name, received_at, recorded_at, cutoff_at, effect, idempotency_key, input_hash)
    select ${tenantId}, ${receipt}, 'P' || (i * 100 + d), 'ABCD', 'cancel', 'done', ${id("child", "i")},
      ${SERVICE_ID}::uuid, date '2026-10-01' + d, 'portal', 'bench', 'Anna Famiglia' || i, ${at}, ${at},
      ${at} + interval '1 hour', '{"model":"postpaid","charge":"none"}'::jsonb, 'past-' || (i * 100 + d),
      repeat('0', 64) from ${rows}`);
  await tx.run(sql`
    insert into meal_choice (tenant_id, service_id, date, child_id, choice, receipt_id, decided_at)
    select ${tenantId}, ${SERVICE_ID}::uuid, date '2026-10-01' + d, ${id("child", "i")}, 'cancelled', ${receipt}, ${at}
    from ${rows}`);
}

/** Sessions look as if every parent had just signed in: a visit does not have to note that it happened. */
export async function refreshSessions(db: Database, town: BenchTown, at: Moment): Promise<void> {
  await db
    .forTenant(town.tenant.id)
    .write((tx) =>
      tx.run(sql`update session set last_seen_at = ${at} where tenant_id = ${tx.tenantId}`),
    );
}
