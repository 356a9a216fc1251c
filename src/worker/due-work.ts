// SPDX-License-Identifier: EUPL-1.2
import { closeDay, openDays } from "#billing";
import { freezeMoment, remindOpenAbsences } from "#booking";
import { type Service, townCalendar } from "#calendar";
import { freezeDueOrders } from "#kitchen";
import { type Day, dayOf, isMomentAfter, type Moment, momentAt } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { configurationVersion, datedSettings } from "#tenancy";

const BY = "Campanella";
/** Nobody reports anything for today after that: presumed days close by themselves. */
const CLOSING_TIME = "15:00";
/** How far back an open day is looked for; an older one is the office's to close by hand. */
const LOOK_BACK_DAYS = 21;
/** Looking for open days is more work than asking for the time. */
const CLOSING_EVERY_MINUTES = 2;

/** What is due in one town now. Remembers only what it may forget: what has been looked at already. */
export class DueWork {
  /** `<tenant>/<service>/<what>` → the state that was dealt with */
  readonly #done = new Map<string, string>();

  async doFor(town: TenantDb, now: Moment, isStopping: () => boolean): Promise<void> {
    const today = dayOf(now);
    const { services, version, freezesAt } = await town.read(async (tx) => {
      const calendar = await townCalendar(tx);
      const settings = await datedSettings(tx);
      const known = new Set(settings.services(today));
      const canteens = calendar.services.filter(
        ({ kind, code }) => kind === "canteen" && known.has(code),
      );
      const moments = canteens.map((service) => {
        const cutoffs = settings.service(service.code, "cutoffs", today);
        const ofSites = [...calendar.sites.values()].map(({ name }) =>
          freezeMoment(cutoffs, name, today),
        );
        return [service.id, ofSites] as const;
      });
      return {
        services: canteens,
        version: await configurationVersion(tx),
        freezesAt: new Map(moments),
      };
    });
    for (const service of services) {
      if (isStopping()) return;
      const due = (freezesAt.get(service.id) ?? []).filter((at) => isMomentAfter(now, at));
      const state = `${today}/${version}/${due.length}`;
      await this.#once(town, service, "freeze", state, () =>
        due.length > 0 ? freeze(town, service, today, now) : Promise.resolve(),
      );
      const slot = Math.floor(now.epochMilliseconds / 60_000 / CLOSING_EVERY_MINUTES);
      await this.#once(town, service, "close", `${version}/${slot}`, () =>
        closeOpenDays(town, service, now, isStopping),
      );
      await this.#once(town, service, "remind", today.toString(), () =>
        remind(town, service, today, now),
      );
    }
  }

  async #once(
    town: TenantDb,
    { id }: Service,
    what: string,
    state: string,
    work: () => Promise<void>,
  ): Promise<void> {
    const key = `${town.tenantId}/${id}/${what}`;
    if (this.#done.get(key) === state) return;
    await work();
    this.#done.set(key, state);
  }
}

async function freeze(town: TenantDb, service: Service, date: Day, now: Moment): Promise<void> {
  await town.write((tx) => freezeDueOrders(tx, { serviceId: service.id, date, now, by: BY }));
}

/** Roll-call days close only when every class was heard: the others wait for school or office. */
async function closeOpenDays(
  town: TenantDb,
  { id: serviceId }: Service,
  now: Moment,
  isStopping: () => boolean,
): Promise<void> {
  const today = dayOf(now);
  const isOver = isMomentAfter(now, momentAt(today, CLOSING_TIME));
  const to = isOver ? today : today.subtract({ days: 1 });
  const from = today.subtract({ days: LOOK_BACK_DAYS });
  const open = await town.read((tx) => openDays(tx, { serviceId, from, to }));
  for (const { siteId, date } of open) {
    if (isStopping()) return;
    await closeDay(town, { serviceId, siteId, date, by: BY, now });
  }
}

async function remind(
  town: TenantDb,
  { id: serviceId }: Service,
  today: Day,
  now: Moment,
): Promise<void> {
  await town.write((tx) => remindOpenAbsences(tx, { serviceId, today, now }));
}
