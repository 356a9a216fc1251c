// SPDX-License-Identifier: EUPL-1.2
import type { AttendanceRow, Recorder } from "#attendance";
import { type Day, dayOf, sameDay } from "#kernel/dates.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { words } from "./words.ts";

/** `ufficio, M. Conti`; the family and a day that was presumed have no name. */
export function recorderName(recorder: Recorder, name: string, lang: Lang): string {
  const w = words(lang).recorder;
  if (recorder === null) return name;
  return recorder === "family" || recorder === "plan" ? w[recorder] : `${w[recorder]}, ${name}`;
}

/** `Presente, rilevato a scuola alle 9:12.`, `Assente, registrato dall'ufficio alle 10:05.` */
export function recordedSentence(
  row: Pick<AttendanceRow, "status" | "recordedAt">,
  recorder: Recorder,
  of: { date: Day; lang: Lang },
): string {
  const w = words(of.lang);
  const f = formats(of.lang);
  const on = dayOf(row.recordedAt);
  const time = f.time(row.recordedAt);
  const when = sameDay(on, of.date) ? w.recordedAt(time) : w.recordedOn(f.day(on), time);
  const state = row.status === "present" ? w.present : w.absent;
  switch (recorder) {
    case "school":
      return w.bySchool(state, when);
    case "office":
      return w.byOffice(state, when);
    case "family":
      return w.byFamily(state);
    case "plan":
      return `${state}.`;
    case null:
      return w.corrected(state, when);
  }
}
