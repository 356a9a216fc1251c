// SPDX-License-Identifier: EUPL-1.2
/** How a form answers the script that keeps changes on the tablet: in data, where a page would redirect. */
import type { RollCall, SheetRow } from "#attendance";
import { isOrdered } from "#booking";
import { isMomentAfter, type Moment } from "#kernel/dates.ts";
import { formats, plural } from "#kernel/i18n.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";

const f = formats("it");

export type Told =
  /**
   * Written, now or when it was sent the first time. `seen`: the roll call it became; `asks`: children somebody must
   * look for.
   */
  | {
      outcome: "recorded";
      said: string;
      time: string;
      seen: string;
      asks: { childId: string; said: string }[];
    }
  /** a colleague's roll call came first: nothing was written; `seen` is that one */
  | { outcome: "sent-meanwhile"; said: string; seen: string }
  | { outcome: "refused"; said: string };

export const wantsData = (visit: Visit): boolean =>
  visit.request.headers.accept === "application/json";

/** The furthest back a tablet's word is believed: its changes are of one day. */
const TAPPED_HOURS = 24;

/** When the teacher tapped, as the tablet says (`toccato`, milliseconds); `null`: nothing to be believed. */
export function tappedAt({ fields, receivedAt }: Visit): Moment | null {
  const said = fields.text("toccato");
  if (!/^\d{12,14}$/.test(said)) return null;
  const at = Temporal.Instant.fromEpochMilliseconds(Number(said));
  const isLater = isMomentAfter(at, receivedAt);
  const isTooOld = isMomentAfter(receivedAt.subtract({ hours: TAPPED_HOURS }), at);
  return isLater || isTooOld ? null : at;
}

export const data = (value: unknown): Answer => ({
  kind: "text",
  contentType: "application/json; charset=utf-8",
  text: JSON.stringify(value),
});

export const tell = (told: Told): Answer => data(told);

export const CLOSED = "Giornata chiusa: chiedere all'ufficio.";
export const NO_SERVICE = "La classe non si ferma a mensa.";

/** `19 pasti, 1 assente` */
export const countsOf = (call: RollCall): string =>
  `${plural(call.presentCount, "pasto", "pasti")}, ${plural(call.absentCount, "assente", "assenti")}`;

/** Children whom the list showed as expected, who were not marked absent, and whom the family has cancelled since. */
export function cancelledMeanwhile(
  rows: readonly SheetRow[],
  sent: { expected: readonly string[]; absent: readonly string[]; served: readonly string[] },
): SheetRow[] {
  const expected = new Set(sent.expected);
  const answered = new Set([...sent.absent, ...sent.served]);
  return rows.filter(
    (row) =>
      expected.has(row.childId) &&
      !answered.has(row.childId) &&
      !isOrdered(row.state) &&
      row.attendance?.status !== "present",
  );
}

/** pages.md 2.2: `Disdetto dalla famiglia alle 8:41. È presente?` Without a name: the tablet adds it. */
export function presenceQuestion(row: SheetRow): string {
  const said = row.state === "not-booked" ? "Non più prenotato" : "Disdetto dalla famiglia";
  return `${said}${row.decidedAt ? ` alle ${f.time(row.decidedAt)}` : ""}. È presente?`;
}
