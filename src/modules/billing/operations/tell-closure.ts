// SPDX-License-Identifier: EUPL-1.2
import {
  className,
  type Closure,
  closuresOfAct,
  firstDay,
  serviceDay,
  townCalendar,
} from "#calendar";
import { schedulesOf } from "#enrolment";
import { people, type Reader } from "#families";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { inEveryLanguage, planMessages, recipientsTold } from "#messaging";
import { datedSettings } from "#tenancy";
import {
  closureCancelledMessage,
  closureMessage,
  type ClosedPlace,
  type Return,
} from "../rules/closure-message.ts";
import { paymentOn } from "./charge-meals.ts";

/** Longer than any break between two terms. */
const LOOK_AHEAD_DAYS = 120;

type Span = Pick<Closure, "siteId" | "classId" | "from" | "to">;

/** Tells each family once of what was closed just now: its children, the place, the reason, the day of return. */
export async function tellClosure(
  tx: WriteTx,
  of: Span &
    Pick<Closure, "reason" | "note"> & {
      closureId: string;
      serviceIds: readonly string[];
      readers: readonly Reader[];
      /** children whose charges were taken back */
      reversed: ReadonlySet<string>;
      now: Moment;
    },
): Promise<void> {
  const { readers, serviceIds, reversed, now } = of;
  if (readers.length === 0) return;
  const said = await saidOf(tx, of);
  const childIds = [...new Set(readers.flatMap((reader) => reader.childIds))];
  const names = await namesOf(tx, childIds);
  const returns = await returnDays(tx, { childIds, serviceIds, after: of.to });
  const payments = await Promise.all(
    serviceIds.map((serviceId) => paymentOn(tx, { serviceId, date: of.from })),
  );
  const isFee = payments.every(({ model }) => model === "fixed-fee");
  const messages = readers.map((reader) => ({
    ...reader,
    kind: "closure",
    dedupeKey: `closure:${of.closureId}:${keyOf(reader)}`,
    ...inEveryLanguage((lang) =>
      closureMessage(
        {
          ...said,
          reason: of.reason,
          note: of.note,
          children: listed(reader, names),
          returns: grouped(reader, names, returns),
          money: isFee
            ? "fixed-fee"
            : reader.childIds.some((id) => reversed.has(id))
              ? "reversed"
              : "no-charge",
        },
        lang,
      ),
    ),
  }));
  await planMessages(tx, messages, now);
}

/** The same people, once, also when one act takes back several services: those whose children are served again. */
export async function tellClosureCancelled(
  tx: WriteTx,
  of: Span & { closureId: string; served: ReadonlySet<string>; now: Moment },
): Promise<{ families: number }> {
  const { siteId, classId, from, to, now } = of;
  const act = await closuresOfAct(tx, of.closureId);
  const told = await recipientsTold(
    tx,
    act.map(({ id }) => `closure:${id}:`),
  );
  // Older messages named no children: they went to whoever held the account.
  const again = told.filter(
    ({ childIds }) => childIds.length === 0 || childIds.some((id) => of.served.has(id)),
  );
  const names = await namesOf(tx, [...new Set(again.flatMap(({ childIds }) => childIds))]);
  const serviceIds = act.flatMap(({ serviceId }) => (serviceId ? [serviceId] : []));
  const said = await saidOf(tx, { ...of, serviceIds });
  const reportedBy = await reporters(tx, { serviceIds, date: from });
  // The same for every service that one act takes back.
  const key = [siteId, classId, from, to, now.epochMilliseconds].join(":");
  const messages = again.map((reader) => {
    const childIds = reader.childIds.filter((id) => of.served.has(id));
    return {
      ...reader,
      childIds,
      kind: "closure-cancelled",
      dedupeKey: `closure-cancelled:${key}:${keyOf(reader)}`,
      ...inEveryLanguage((lang) =>
        closureCancelledMessage(
          { ...said, children: listed({ childIds }, names), reportedBy },
          lang,
        ),
      ),
    };
  });
  await planMessages(tx, messages, now);
  return { families: new Set(again.map(({ holderId }) => holderId)).size };
}

const keyOf = ({ holderId, personId }: { holderId: string; personId: string | null }): string =>
  personId === null ? holderId : `${holderId}:${personId}`;

const listed = (
  { childIds }: { childIds: readonly string[] },
  names: ReadonlyMap<string, string>,
): string[] => childIds.map((id) => names.get(id) ?? "").toSorted();

async function namesOf(tx: ReadTx, childIds: readonly string[]): Promise<Map<string, string>> {
  return new Map((await people(tx, childIds)).map(({ id, givenName }) => [id, givenName]));
}

async function saidOf(tx: ReadTx, of: Span & { serviceIds: readonly string[]; now: Moment }) {
  const calendar = await townCalendar(tx);
  const schoolClass = of.classId ? calendar.classes.get(of.classId) : undefined;
  const site = calendar.sites.get(schoolClass?.siteId ?? of.siteId ?? "");
  const place: ClosedPlace = {
    siteName: site?.name ?? null,
    className: schoolClass ? className(schoolClass) : null,
  };
  const services = calendar.services.filter(({ id }) => of.serviceIds.includes(id));
  return { services, place, from: of.from, to: of.to, today: dayOf(of.now) };
}

async function reporters(
  tx: ReadTx,
  of: { serviceIds: readonly string[]; date: Day },
): Promise<"families" | "school"> {
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const school = services
    .filter(({ id }) => of.serviceIds.includes(id))
    .every(({ code }) => settings.service(code, "absences", of.date).reportedBy === "school");
  return school ? "school" : "families";
}

/** Child → its next service day after the closure, of whichever of the services comes first. */
async function returnDays(
  tx: ReadTx,
  of: { childIds: readonly string[]; serviceIds: readonly string[]; after: Day },
): Promise<Map<string, Day>> {
  const calendar = await townCalendar(tx);
  const from = of.after.add({ days: 1 });
  const until = of.after.add({ days: LOOK_AHEAD_DAYS });
  const days = new Map<string, Day>();
  for (const schedule of await schedulesOf(tx, of)) {
    if (!of.serviceIds.includes(schedule.serviceId)) continue;
    const known = days.get(schedule.childId);
    const on = firstDay(
      from,
      known ?? until,
      (date) => serviceDay(calendar, schedule, date).kind === "service",
    );
    if (on) days.set(schedule.childId, on);
  }
  return days;
}

/** Brothers and sisters who come back on the same day are told together; the earliest first. */
function grouped(
  reader: Reader,
  names: ReadonlyMap<string, string>,
  returns: ReadonlyMap<string, Day>,
): Return[] {
  const groups = Map.groupBy(reader.childIds, (id) => returns.get(id)?.toString() ?? "");
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, childIds]) => ({
      children: listed({ childIds }, names),
      on: returns.get(childIds[0]!) ?? null,
    }));
}
