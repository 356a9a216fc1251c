// SPDX-License-Identifier: EUPL-1.2
import { type Federation, recordSecurity, strangerBySubject } from "#identity";
import type { WriteTx } from "#kernel/db/index.ts";
import { landing } from "../sign-in/areas.ts";
import { type Answer, seeOther } from "../../web/route.ts";
import { originHash } from "../../web/origin-hash.ts";
import { startVisitSession } from "../../web/start-session.ts";
import type { Visit } from "../../web/visit.ts";
import { strangersEnrolment } from "../enrolment/access.ts";
import { ENROLMENT } from "../enrolment/form-view.ts";
import type { EnteredPerson } from "./enter-person.ts";
import { linkWords } from "./link-words.ts";
import { type AnomalyCode, anomalyPage, refusedPage, unknownPage } from "./outcome-pages.ts";
import { forgetStrangerHere, rememberStranger } from "./stranger.ts";

export type { AnomalyCode };

/** How a way to a provider and back ended. */
export type Ended =
  | (Exclude<EnteredPerson, { outcome: "identity-refused" }> & { returnPath: string | null })
  | Extract<EnteredPerson, { outcome: "identity-refused" }>
  | { outcome: "anomaly"; code: AnomalyCode }
  | { outcome: "refused"; reason: string };

/**
 * A refusal is remembered by its reason; who it was is in the journal only. What nobody asked for is not: anybody may send
 * that as often as they like, and this log only grows.
 */
export async function recordRefusal(
  tx: WriteTx,
  visit: Visit,
  federation: Federation,
  ended: Exclude<Ended, { outcome: "entered" }>,
): Promise<void> {
  if (ended.outcome === "refused" && ended.reason === "request-unknown") return;
  const why =
    ended.outcome === "refused"
      ? ended.reason
      : ended.outcome === "anomaly"
        ? `anomaly ${ended.code ?? ""}`
        : ended.outcome === "identity-refused"
          ? ended.fault
          : ended.outcome;
  await recordSecurity(tx, {
    kind: "sign-in-refused",
    at: visit.now,
    originHash: originHash(visit),
    details: { means: federation, why },
  });
}

/** Where the browser goes then: in, or to a page that says in plain words why not. */
export async function answerEnded(
  visit: Visit,
  federation: Federation,
  ended: Ended,
): Promise<Answer> {
  switch (ended.outcome) {
    case "entered": {
      const { token, returnPath } = ended;
      const started = await startVisitSession(visit, { token, means: federation });
      if (started.outcome !== "started") {
        const refused = { outcome: "refused", reason: started.outcome } as const;
        await visit.town.write((tx) => recordRefusal(tx, visit, federation, refused));
        return refusedPage(started.anonymous, federation, started.outcome);
      }
      forgetStrangerHere(visit);
      const said = ended.wasStranger ? linkWords(visit.lang).welcome : undefined;
      return seeOther(landing(started.roles, returnPath), said);
    }
    case "unknown":
    case "to-link": {
      const { outcome: which, identity, returnPath } = ended;
      const proven = rememberStranger(visit, identity, federation);
      const row = await visit.town.read((tx) => strangerBySubject(tx, identity.subject));
      const enrolment = await strangersEnrolment(visit, proven);
      // Whoever set out from the form of applying wants that, and is told nothing of missing links.
      if (enrolment.year !== null && returnPath === `${ENROLMENT}/${enrolment.year}`)
        return seeOther(returnPath);
      return unknownPage(visit, federation, {
        which,
        stranger: { identity: proven, row },
        enrolment,
      });
    }
    case "anomaly":
      return anomalyPage(visit, federation, ended.code);
    case "identity-refused":
      return refusedPage(visit, federation, ended.fault);
    case "refused":
      return refusedPage(visit, federation, ended.reason);
  }
}
