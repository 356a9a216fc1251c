// SPDX-License-Identifier: EUPL-1.2
/** A town whose window of on-line enrolment is open, and forms that are sent into it. */
import { applyFor } from "#enrolment";
import type { Actor } from "#kernel/actor.ts";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { putTownSettings, type TestSite } from "./site.ts";
import type { SmallTown } from "./small-town.ts";

export const ENROLMENT = "/iscrizioni";
/** around the day of the sites with providers of identity, 20 November 2026 */
export const WINDOW = { from: "2026-11-10", to: "2026-12-10" };
export const withControl = (fifteen: string): string => fifteen + controlCharacter(fifteen);

export const openWindow = (at: TestSite, window = WINDOW): Promise<void> =>
  putTownSettings(at.place, { enrolment: { window, onlineOnly: true } });

export const formOf = (at: TestSite, of: Record<string, string> = {}) => ({
  ...{ nome: "Luca", cognome: "Rossi", nascita: "2020-01-01", codice: "" },
  ...{ scuola: at.place.siteId, classe: "prima", servizi: "mensa" },
  ...{ email: "mario@posta.example", nota: "", ...of },
});

/** One that waits for the office, sent by a parent in the summer's window of the town's settings. */
export async function applicationThing(
  { town, siteId }: SmallTown,
  { actor, childId }: { actor: Actor; childId: string },
): Promise<{ application: string }> {
  const nobody = { givenName: "", surname: "", birthDate: null, codiceFiscale: "" };
  const school = { siteId, school: "", schoolClass: "quarta", services: ["mensa"] };
  const sent = await town.write((tx) =>
    applyFor(tx, {
      applying: { subject: `person:${actor.personId}`, means: "spid", who: { actor } },
      words: { childId, ...nobody, ...school, note: "", email: "a@posta.example", phone: "" },
      ...{ year: 2026, key: newId(), lang: "it", at: moment("2026-09-10T08:00:00Z") },
    }),
  );
  if (sent.outcome !== "sent") throw new Error(JSON.stringify(sent));
  return { application: sent.id };
}
