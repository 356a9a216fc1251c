// SPDX-License-Identifier: EUPL-1.2
import { type ClosedDay, closeDay, openDays, reopenClosedDay } from "#billing";
import { className, type Service, townCalendar, type TownCalendar } from "#calendar";
import { freezeDueOrders } from "#kitchen";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { type Day, dayOf, isBefore, isMomentAfter, momentAt, ZONE } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { formatEuro } from "#kernel/money.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findService, findSite, findTown, readDay, required } from "./find-town.ts";

const OPERATOR: Actor = {
  ...systemActor,
  role: "administrator",
  id: "cli",
  name: "campanella day",
};
const VERBS = ["freeze", "close", "reopen"] as const;

export const dayCommand: Command = {
  name: "day",
  summary: "freeze the kitchen's order, close a day and charge it, reopen it",
  usage: `campanella day: one service day of a town

  campanella day freeze --tenant <slug> --service <code> [--date 2026-11-24]
      Freezes the order of every school now, also before the cut-off. What is frozen already stays.

  campanella day close --tenant <slug> --service <code> [--date 2026-11-24] [--site <school>] [--accept-missing]
      Closes the day at every school (or one) and charges each meal. Repeatable: stopped anywhere, call it again.
      Where a class sent no roll call the school stays open, unless --accept-missing: nobody there is charged.

  campanella day reopen --tenant <slug> --service <code> --date 2026-11-24 --reason <text> [--site <school>]
      Opens a closed day again: its charges are reversed, in the books and for the families to see.

Options
  --date   default: today
  --site   a school's ministry code or name; default: all of them

Exit codes: 0 done (or nothing to do), 1 refused or something stays open, 2 wrong call.`,
  async run(args, io) {
    const [verb, ...rest] = args;
    const known = VERBS.find((one) => one === verb);
    if (!known)
      throw new UsageError(verb ? `unknown: day ${verb}` : `say what to do: ${VERBS.join(", ")}`);
    const { values, positionals } = readArgs(rest, {
      tenant: { type: "string" },
      service: { type: "string" },
      date: { type: "string" },
      site: { type: "string" },
      reason: { type: "string" },
      "accept-missing": { type: "boolean", default: false },
    });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    const slug = required(values.tenant, "--tenant");
    const code = required(values.service, "--service");
    const today = dayOf(io.now());
    if (known === "reopen") required(values.date, "--date");
    const date = values.date === undefined ? today : readDay(values.date, "--date");
    const db = await io.database();
    const tenant = await findTown(db, slug);
    const town = db.forTenant(tenant.id);
    const calendar = await town.read(townCalendar);
    const service = findService(calendar, code);
    const siteId = values.site === undefined ? null : findSite(calendar, values.site).id;
    const of: Target = { town, calendar, service, date, siteId };
    switch (known) {
      case "freeze":
        return freeze(of, io);
      case "close":
        return close(of, io, values["accept-missing"]);
      case "reopen":
        return reopen(of, io, required(values.reason, "--reason"));
    }
  },
};

interface Target {
  readonly town: TenantDb;
  readonly calendar: TownCalendar;
  readonly service: Service;
  readonly date: Day;
  readonly siteId: string | null;
}

async function freeze({ town, service, date }: Target, io: CommandIo): Promise<number> {
  const frozen = await town.write((tx) =>
    freezeDueOrders(tx, {
      serviceId: service.id,
      date,
      now: io.now(),
      by: OPERATOR.name,
      force: true,
    }),
  );
  io.out(frozen > 0 ? `Frozen: ${frozen} schools on ${date}` : `Nothing to freeze on ${date}`);
  return EXIT.ok;
}

async function close(of: Target, io: CommandIo, acceptMissing: boolean): Promise<number> {
  const { town, calendar, service, date, siteId } = of;
  const now = io.now();
  if (isBefore(dayOf(now), date) || isMomentAfter(momentAt(date, "06:00"), now)) {
    io.err(`refused: ${date} has not come yet`);
    return EXIT.refused;
  }
  const open = await town.read((tx) =>
    openDays(tx, { serviceId: service.id, from: date, to: date }),
  );
  const wanted = open.filter((one) => siteId === null || one.siteId === siteId);
  if (wanted.length === 0) io.out(`Nothing to close on ${date}`);
  let stayOpen = 0;
  for (const { siteId: id } of wanted) {
    const key = { serviceId: service.id, siteId: id, date };
    const closed = await closeDay(town, { ...key, by: OPERATOR.name, now, acceptMissing });
    if (closed.outcome === "roll-call-missing" || closed.outcome === "too-early") stayOpen += 1;
    io.out(`${calendar.sites.get(id)?.name ?? id}: ${sayClosed(closed, calendar)}`);
  }
  return stayOpen > 0 ? EXIT.refused : EXIT.ok;
}

function sayClosed(closed: ClosedDay, { classes }: TownCalendar): string {
  switch (closed.outcome) {
    case "closed": {
      const { attended, charged, exempt, unpriced, totalCents } = closed;
      const counts = `${attended} meals: ${charged} charged, ${exempt} exempt, ${unpriced} unpriced`;
      // Scripts read this line: a plain space.
      return `closed, ${counts}, ${formatEuro(totalCents).replace("\u00a0", " ")}`;
    }
    case "already-closed":
      return "was closed already";
    case "no-service":
      return "no service on that day";
    case "roll-call-missing": {
      const names = closed.classIds.flatMap((id) => {
        const schoolClass = classes.get(id);
        return schoolClass ? [className(schoolClass)] : [];
      });
      return `stays open, no roll call from ${names.join(", ")}`;
    }
    case "too-early":
      return `stays open, it can still be changed until ${closed.from.toZonedDateTimeISO(ZONE).toPlainTime().toString({ smallestUnit: "second" })}`;
  }
}

async function reopen(of: Target, io: CommandIo, reason: string): Promise<number> {
  const { town, calendar, service, date, siteId } = of;
  let reopened = 0;
  for (const site of calendar.sites.values()) {
    if (siteId !== null && site.id !== siteId) continue;
    const key = { serviceId: service.id, siteId: site.id, date };
    const done = await town.write((tx) =>
      reopenClosedDay(tx, { ...key, actor: OPERATOR, reason, now: io.now() }),
    );
    if (done.outcome !== "reopened") continue;
    reopened += 1;
    io.out(`${site.name}: open again, ${done.reversed} charges reversed`);
  }
  if (reopened > 0) return EXIT.ok;
  io.err(`refused: no closed day of ${service.code} on ${date}`);
  return EXIT.refused;
}
