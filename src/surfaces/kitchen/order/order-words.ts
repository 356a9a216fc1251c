// SPDX-License-Identifier: EUPL-1.2
import { REASON_WORDS } from "#billing";
import type { ClosureReason } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import { formats, plural } from "#kernel/i18n.ts";
import type { Change, ChangeCause, SiteOrder } from "#kitchen";
import type { Counts } from "./counts.ts";

const f = formats("it");

/** `Ordine di oggi, martedì 24 novembre` */
export const orderTitle = (date: Day, today: Day): string =>
  date.equals(today) ? `Ordine di oggi, ${f.day(date)}` : `Ordine di ${f.day(date)}`;

/** `Totale 192: 172 normali, 6 in bianco, 14 diete, 5 adulti` */
export function totalText(counts: Counts): string {
  const parts = [
    plural(counts.normal, "normale", "normali"),
    `${counts.plain} in bianco`,
    plural(counts.diets, "dieta", "diete"),
    ...(counts.staff > 0 ? [plural(counts.staff, "adulto", "adulti")] : []),
  ];
  return `Totale ${counts.total}: ${parts.join(", ")}`;
}

/** Freezing comes 15 seconds after the limit (domain.md): people know the limit. */
export const limitOf = (site: SiteOrder): string =>
  f.time(site.freezesAt.subtract({ seconds: 15 }));

/** `Provvisorio: cambia fino alle 9:00` or `Bloccato alle 9:05`, by school only where they differ. */
export function stateTexts(sites: readonly SiteOrder[], today: boolean): string[] {
  const open = sites.filter(({ closed }) => !closed);
  const states = Map.groupBy(open, (site) =>
    site.frozen
      ? `Bloccato alle ${f.time(site.frozen.frozenAt)}`
      : today
        ? `Provvisorio: cambia fino alle ${limitOf(site)}`
        : `Provvisorio: cambia fino al ${f.dayAndTime(site.freezesAt.subtract({ seconds: 15 }))}`,
  );
  return states.size <= 1
    ? [...states.keys()]
    : [...states].map(([text, own]) => `${text} (${f.list(own.map(({ site }) => site.name))})`);
}

export const closedWord = (closed: { reason: string; note: string }): string =>
  `Chiuso: ${closed.note.trim() || REASON_WORDS[closed.reason as ClosureReason]}`;

/** `Normale`, `In bianco`, `Dieta D-02`, `In bianco, dieta D-02`, `Adulto` */
export function mealWord(line: { meal: "normal" | "plain" | "staff"; dietCode: string }): string {
  if (line.meal === "staff") return "Adulto";
  if (line.dietCode === "") return line.meal === "plain" ? "In bianco" : "Normale";
  return line.meal === "plain" ? `In bianco, dieta ${line.dietCode}` : `Dieta ${line.dietCode}`;
}

/** `+1`, `-1` */
export const signed = (change: number): string => (change > 0 ? `+${change}` : String(change));

/** `2 differenze dopo le 9:05 (+1, -1)` */
export function changesText(changes: readonly Change[], sites: readonly SiteOrder[]): string {
  const first = sites
    .flatMap(({ frozen }) => (frozen ? [frozen.frozenAt] : []))
    .toSorted((a, b) => Temporal.Instant.compare(a, b))[0];
  const after = first ? ` dopo le ${f.time(first)}` : "";
  const plus = changes.reduce((sum, { change }) => sum + Math.max(0, change), 0);
  const minus = changes.reduce((sum, { change }) => sum + Math.min(0, change), 0);
  const sums = [plus > 0 && signed(plus), minus < 0 && signed(minus)].filter(Boolean).join(", ");
  return `${plural(changes.length, "differenza", "differenze")}${after} (${sums})`;
}

const CAUSE_WORDS: Readonly<Record<ChangeCause, string>> = {
  closure: "chiusura",
  family: "famiglia, entro il limite",
  school: "scuola",
  staff: "adulti a pranzo",
};

export const causeWord = (cause: ChangeCause | null): string =>
  cause === null ? "calendario o iscrizioni" : CAUSE_WORDS[cause];
