// SPDX-License-Identifier: EUPL-1.2
import { noteFamilyRead } from "#families";
import type { Route } from "../../web/route.ts";

const OF_FAMILY = "/ufficio/famiglie/:id";

/** Whatever page of a family the office reads, the family can read who did. What is not found was not read. */
export function noteReads(route: Route): Route {
  const isOfFamily = route.path === OF_FAMILY || route.path.startsWith(`${OF_FAMILY}/`);
  if (route.method !== "GET" || !isOfFamily) return route;
  return {
    ...route,
    async handle(visit) {
      const answer = await route.handle(visit);
      const holderId = visit.params["id"];
      const isRead =
        !("kind" in answer) || !["not-found", "forbidden", "see-other"].includes(answer.kind);
      if (isRead && visit.actor && holderId)
        await noteFamilyRead(visit.town, { actor: visit.actor, holderId, now: visit.now });
      return answer;
    },
  };
}
