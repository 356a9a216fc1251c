// SPDX-License-Identifier: EUPL-1.2
/**
 * What a teacher's tablet may keep of a page (ADR 21). The server says it with every answer; the service worker obeys:
 * whose copy, of which day, and whether this page is one that the roll call needs without a network.
 */
import { createHmac } from "node:crypto";
import type { Route } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";

/** `{session} {day} yes|no`; an answer without it is not a teacher's: every copy goes. */
export const KEEP_HEADER = "x-keep";

const mark = (visit: Visit, text: string): string =>
  createHmac("sha256", visit.app.formKey)
    .update(`keep:${visit.tenant.id}:${text}`)
    .digest("base64url")
    .slice(0, 22);

/** Only tablets of schools keep copies: an office sees every class of the town and has no roll to call. */
export const mayKeep = (visit: Visit): boolean => visit.actor?.role === "school";

/** Whose changes these are: the same person in the next session may still send them. */
export const ownerOf = (visit: Visit): string => mark(visit, `owner:${visit.actor?.id ?? ""}`);

/** Copies end with the session that read them. */
const sessionOf = (visit: Visit): string => mark(visit, `session:${visit.session?.token ?? ""}`);

/** Marks the answers of a GET route; `kept` = the roll call needs this page without a network. */
export function keeping(route: Route, kept: boolean): Route {
  return {
    ...route,
    async handle(visit) {
      const answer = await route.handle(visit);
      const usable = !("kind" in answer) || answer.kind === "text";
      if (mayKeep(visit) && usable) {
        const { query, today } = visit;
        const ofToday = (query["giorno"] ?? today.toString()) === today.toString();
        // Neither another day, nor the answer to a search, nor a word that is said only once.
        const yes = kept && ofToday && query["q"] === undefined && visit.flash === null;
        const said = [sessionOf(visit), today.toString(), yes ? "yes" : "no"];
        visit.reply.header(KEEP_HEADER, said.join(" "));
      }
      return answer;
    },
  };
}
