// SPDX-License-Identifier: EUPL-1.2
import type { ClosureScope } from "#billing";
import { CLOSURE_REASONS, type ClosureReason, type Service, type TownCalendar } from "#calendar";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { FieldError } from "#ui/components.ts";
import { parseDay } from "../../web/visit.ts";

/** closeService's own limit: effects are not worked out beyond it */
const MAX_DAYS = 62;

/** What the form of a new closure says, whole or not. */
export interface ClosureChoice {
  readonly serviceIds: readonly string[];
  readonly siteId: string | null;
  readonly classId: string | null;
  readonly from: Day;
  readonly to: Day;
  readonly reason: ClosureReason | null;
  readonly note: string;
  readonly errors: readonly FieldError[];
}

/** Today and the whole town are preset; unknown schools, classes and services fall back to that. */
export function readChoice(
  given: { text: (name: string) => string; all: (name: string) => readonly string[] },
  of: { calendar: TownCalendar; services: readonly Service[]; today: Day },
): ClosureChoice {
  const { calendar, services, today } = of;
  const errors: FieldError[] = [];
  const known = services.filter(({ id }) => given.all("servizio").includes(id));
  const canteens = services.filter(({ kind }) => kind === "canteen");
  const chosen = known.length > 0 ? known : canteens.length > 0 ? canteens : services;
  const siteId = calendar.sites.has(given.text("scuola")) ? given.text("scuola") : null;
  const schoolClass = calendar.classes.get(given.text("classe"));
  const day = (name: "dal" | "al", fallback: Day): Day => {
    const typed = given.text(name);
    const parsed = parseDay(typed);
    if (typed !== "" && !parsed) errors.push({ field: name, message: "Scrivere una data valida." });
    return parsed ?? fallback;
  };
  const from = day("dal", today);
  const to = day("al", from);
  if (isBefore(to, from))
    errors.push({ field: "al", message: "L'ultimo giorno viene prima del primo." });
  else if (from.until(to, { largestUnit: "days" }).days > MAX_DAYS)
    errors.push({ field: "al", message: `Al massimo ${MAX_DAYS} giorni per volta.` });
  return {
    serviceIds: chosen.map(({ id }) => id),
    siteId,
    classId: schoolClass && schoolClass.siteId === siteId ? schoolClass.id : null,
    from,
    to,
    reason: CLOSURE_REASONS.find((one) => one === given.text("motivo")) ?? null,
    note: given.text("nota").slice(0, 120),
    errors,
  };
}

export const scopeOf = ({
  serviceIds,
  siteId,
  classId,
  from,
  to,
}: ClosureChoice): ClosureScope => ({
  serviceIds,
  siteId,
  classId,
  from,
  to,
});

/** Names what the shown effects are of: a post with another choice is shown its own effects first (D4). */
export const choiceKey = (choice: ClosureChoice): string =>
  [
    [...choice.serviceIds].sort().join(","),
    choice.siteId ?? "",
    choice.classId ?? "",
    choice.from.toString(),
    choice.to.toString(),
  ].join("|");

/** The address that shows the effects of a choice. */
export function choicePath(choice: ClosureChoice): string {
  const query = new URLSearchParams({
    scuola: choice.siteId ?? "",
    classe: choice.classId ?? "",
    dal: choice.from.toString(),
    al: choice.to.toString(),
    motivo: choice.reason ?? "",
    nota: choice.note,
    servizi: choice.serviceIds.join(","),
  });
  return `/ufficio/chiusure/nuova?${query.toString()}`;
}
