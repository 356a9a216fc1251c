// SPDX-License-Identifier: EUPL-1.2
import { CLOSES_AT, serviceDays } from "#attendance";
import { closeDay, openDays } from "#billing";
import { freezeMoment, remindOpenAbsences } from "#booking";
import { type Service, townCalendar } from "#calendar";
import { expirePlans, purgeApplications } from "#enrolment";
import { purgeSignIns } from "#identity";
import { freezeDueOrders } from "#kitchen";
import { expireNotices } from "#payments";
import { type Day, dayOf, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { ReadTx, TenantDb } from "#kernel/db/index.ts";
import { configurationVersion, datedSettings } from "#tenancy";
import {
  announceIsees,
  automaticServices,
  isMorning,
  makeBills,
  remindUnpaid,
} from "./money-work.ts";
import { forgetOld } from "./retention.ts";

const BY = "Campanella";
/** How far back an open day is looked for; an older one is the office's to close by hand. */
const LOOK_BACK_DAYS = 21;
/** Cut-offs may lie days before the meal ("by 18:00 of the day before"): how far ahead an order may freeze. */
const LOOK_AHEAD_DAYS = 7;
/** Looking for open days is more work than asking for the time; what failed is tried again as often. */
const SLOT_MINUTES = 2;
/** Rows of a file that nobody applied, and traces of sign-ins, are personal data: kept no longer than that. */
const KEEP_PLANS_DAYS = 7;
const KEEP_SIGN_INS_DAYS = 30;

/** One site's order whose time has come. */
interface DueOrder {
  readonly date: Day;
  readonly siteId: string;
}

interface Round {
  readonly town: TenantDb;
  readonly now: Moment;
  isStopping(): boolean;
  /** `what` names the work without any person */
  onError(what: string, error: unknown): void;
}

/**
 * What is due in one town now. Remembers only what it may forget: what has been looked at already. A service or school
 * whose work fails is told and stops no other; it is tried again two minutes later.
 */
export class DueWork {
  /** `<tenant>/<service>/<what>` → the state that was dealt with */
  readonly #done = new Map<string, string>();
  /** the same key → the two minutes in which it failed */
  readonly #failed = new Map<string, number>();

  async doFor(
    town: TenantDb,
    now: Moment,
    isStopping: () => boolean,
    onError: Round["onError"],
  ): Promise<void> {
    const round: Round = { town, now, isStopping, onError };
    const today = dayOf(now);
    const { services, version } = await town.read((tx) => dueServices(tx, now));
    await this.#once(round, "purge", today.toString(), () => purge(round));
    await this.#once(round, "forget", today.toString(), () => forgetOld(town, round));
    await this.#once(round, "expire", `${hourOf(now)}`, () => expire(round));
    if (isMorning(now))
      await this.#once(round, "isee", today.toString(), () => announceIsees(town, now));
    for (const { service, due } of services) {
      if (isStopping()) return;
      const { code } = service;
      const orders = due.map(({ date, siteId }) => `${date}${siteId}`).join();
      await this.#once(round, `freeze ${code}`, `${today}/${version}/${orders}`, () =>
        freezeOrders(round, service, due),
      );
      await this.#once(round, `close ${code}`, `${version}/${slotOf(now)}`, () =>
        closeOpenDays(round, service),
      );
      await this.#once(round, `remind ${code}`, today.toString(), () => remind(round, service));
    }
    if (!isMorning(now)) return;
    await this.#once(round, "reminders", today.toString(), () => remindUnpaid(town, now));
    for (const service of await town.read((tx) => automaticServices(tx, now))) {
      if (isStopping()) return;
      await this.#once(round, `bill ${service.code}`, `${version}/${hourOf(now)}`, () =>
        makeBills(town, service, { now, by: BY }),
      );
    }
  }

  /** `work` tells whether all of it succeeded: otherwise it is tried again. */
  async #once(
    round: Round,
    what: string,
    state: string,
    work: () => Promise<boolean>,
  ): Promise<void> {
    const key = `${round.town.tenantId}/${what}`;
    const slot = slotOf(round.now);
    if (this.#done.get(key) === state || this.#failed.get(key) === slot) return;
    let succeeded = false;
    await attempt(round, what, async () => {
      succeeded = await work();
    });
    if (succeeded) this.#done.set(key, state);
    else this.#failed.set(key, slot);
  }
}

const hourOf = (now: Moment): number => Math.floor(now.epochMilliseconds / 3_600_000);
const slotOf = (now: Moment): number => Math.floor(now.epochMilliseconds / 60_000 / SLOT_MINUTES);

async function attempt(round: Round, what: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    round.onError(what, error);
    return false;
  }
}

/** The canteens of today, each with the orders whose time has come. */
async function dueServices(
  tx: ReadTx,
  now: Moment,
): Promise<{ services: { service: Service; due: DueOrder[] }[]; version: bigint }> {
  const today = dayOf(now);
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const known = new Set(settings.services(today));
  const canteens = calendar.services.filter(
    ({ kind, code }) => kind === "canteen" && known.has(code),
  );
  const services = canteens.map((service) => {
    const due: DueOrder[] = [];
    for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
      const date = today.add({ days: ahead });
      const cutoffs = settings.maybeService(service.code, "cutoffs", date);
      const ofDay = [...calendar.sites.values()].filter(
        ({ name }) => cutoffs && isMomentAfter(now, freezeMoment(cutoffs, name, date)),
      );
      // The later the day, the later its cut-off.
      if (ofDay.length === 0) break;
      due.push(...ofDay.map(({ id }) => ({ date, siteId: id })));
    }
    return { service, due };
  });
  return { services, version: await configurationVersion(tx) };
}

/** All schools of a day together; when that fails, each one alone, so that one stops no other. */
async function freezeOrders(
  round: Round,
  { id: serviceId, code }: Service,
  due: readonly DueOrder[],
): Promise<boolean> {
  const { town, now } = round;
  const freeze = (date: Day, siteIds: string[] | null) =>
    town.write((tx) => freezeDueOrders(tx, { serviceId, date, now, by: BY, siteIds }));
  let succeeded = true;
  for (const ofDay of Map.groupBy(due, ({ date }) => date.toString()).values()) {
    if (round.isStopping()) return false;
    const { date } = ofDay[0]!;
    const together = await attempt({ ...round, onError: () => {} }, "", () => freeze(date, null));
    if (together) continue;
    for (const { siteId } of ofDay) {
      const what = `freeze ${code} of ${date}, school ${siteId}`;
      if (!(await attempt(round, what, () => freeze(date, [siteId])))) succeeded = false;
    }
  }
  return succeeded;
}

/**
 * Roll-call days close only when every class was heard: the others wait for school or office. So do days that a person
 * has opened again: whoever opened them closes them.
 */
async function closeOpenDays(round: Round, { id: serviceId, code }: Service): Promise<boolean> {
  const { town, now } = round;
  const today = dayOf(now);
  const isOver = isMomentAfter(now, momentAt(today, CLOSES_AT));
  const to = isOver ? today : today.subtract({ days: 1 });
  const span = { serviceId, from: today.subtract({ days: LOOK_BACK_DAYS }), to };
  const key = (of: { siteId: string; date: Day }): string => `${of.siteId}/${of.date.toString()}`;
  const open = await town.read(async (tx) => {
    const found = await openDays(tx, span);
    const reopened = (await serviceDays(tx, span)).filter(
      ({ state, closingNumber }) => state === "open" && closingNumber > 0,
    );
    const left = new Set(reopened.map(key));
    return found.filter((one) => !left.has(key(one)));
  });
  for (const { siteId, date } of open) {
    if (round.isStopping()) return false;
    const what = `close ${code} of ${date}, school ${siteId}`;
    await attempt(round, what, () => closeDay(town, { serviceId, siteId, date, by: BY, now }));
  }
  return true;
}

async function remind({ town, now }: Round, { id: serviceId }: Service): Promise<boolean> {
  await town.write((tx) => remindOpenAbsences(tx, { serviceId, today: dayOf(now), now }));
  return true;
}

/** Notices past their last day, batch by batch: each its own transaction, so that nobody waits for all. */
async function expire({ town, now, isStopping }: Round): Promise<boolean> {
  while (!isStopping()) {
    const { more } = await town.write((tx) => expireNotices(tx, { now }));
    if (!more) return true;
  }
  return false;
}

async function purge({ town, now }: Round): Promise<boolean> {
  const before = (days: number): Moment => now.subtract({ hours: 24 * days });
  await town.write((tx) => expirePlans(tx, before(KEEP_PLANS_DAYS)));
  await town.write((tx) => purgeApplications(tx, now));
  await town.write((tx) => purgeSignIns(tx, { before: before(KEEP_SIGN_INS_DAYS), now }));
  return true;
}
