// SPDX-License-Identifier: EUPL-1.2
import { mayJoin } from "#families";
import {
  endSessions,
  hashToken,
  IDLE_MINUTES,
  type LiveSession,
  liveSessions,
  recordSecurity,
} from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { dayOf } from "#kernel/dates.ts";
import { actionForm, card, definitionList, linkList } from "#ui/components.ts";
import { ownPage } from "../public-page.ts";
import { originHash } from "../../web/origin-hash.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { MEANS_PAGE } from "../account/means-page.ts";
import { isOfFamilyOnly } from "../account/sign-in-means.ts";
import { words } from "./session-words.ts";

export const SESSIONS = "/accessi";

/** GET /accessi: one's own open sessions, on this and other browsers (ASVS 7.5). */
export async function showSessions(visit: Visit): Promise<Answer> {
  const { session, now } = visit;
  if (!session) return notFound;
  const { accountId } = session.row;
  const { demo } = visit.app;
  const idleSince = now.subtract({ minutes: IDLE_MINUTES });
  const rows = await visit.town.read((tx) => liveSessions(tx, { accountId, now, idleSince, demo }));
  const w = words(visit.lang);
  const others = rows.filter(({ id }) => id !== session.row.id);
  return ownPage(visit, {
    h1: w.sessions,
    lead: w.lead,
    body: html`${session.row.means !== "device" && linkList([{ href: MEANS_PAGE, label: meansLabel(visit, session) }])}${rows
      .toSorted((a) => (a.id === session.row.id ? -1 : 1))
      .map((row) => sessionCard(visit, row, row.id === session.row.id))}
    ${
      others.length > 0 &&
      html`<div class="button-row">
        ${actionForm({ action: `${SESSIONS}/altri`, csrf: visit.csrf, label: w.endOthers, kind: "danger" })}
      </div>`
    }`,
  });
}

function meansLabel({ actor, lang }: Visit, session: NonNullable<Visit["session"]>): string {
  const w = words(lang);
  if (!isOfFamilyOnly(session)) return w.staffMeans;
  return actor && mayJoin(actor) ? w.childMeans : w.ownMeans;
}

function sessionCard(visit: Visit, row: LiveSession, isThis: boolean): Html {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const title = row.seenAs || w.someBrowser;
  const at = (moment: LiveSession["createdAt"]): string =>
    `${f.day(dayOf(moment))}, ${f.time(moment)}`;
  return card({
    title,
    subtitle: isThis ? w.thisOne : undefined,
    body: definitionList([
      { label: w.means, value: w.ways[row.means] },
      { label: w.since, value: at(row.createdAt) },
      { label: w.lastSeen, value: at(row.lastSeenAt) },
    ]),
    actions:
      !isThis &&
      actionForm({
        action: `${SESSIONS}/chiudi`,
        csrf: visit.csrf,
        fields: { accesso: row.id },
        label: w.end,
        ariaLabel: `${w.end}: ${title}`,
        kind: "secondary",
      }),
  });
}

/** POST /accessi/chiudi: one of one's own; nobody else's, whatever id is sent. */
export const endSession = (visit: Visit): Promise<Answer> => {
  const id = visit.fields.text("accesso");
  return isUuid(id) ? end(visit, { id }) : Promise.resolve(notFound);
};

/** POST /accessi/altri: every one but this. */
export const endOtherSessions = (visit: Visit): Promise<Answer> =>
  visit.session
    ? end(visit, { exceptTokenHash: hashToken(visit.session.token) })
    : Promise.resolve(notFound);

async function end(
  visit: Visit,
  which: { id: string } | { exceptTokenHash: string },
): Promise<Answer> {
  const { session, now } = visit;
  if (!session) return notFound;
  const { accountId, displayName: actorName } = session.row;
  const ended = await visit.town.write(async (tx) => {
    const count = await endSessions(tx, { accountId, at: now, ...which });
    if (count > 0)
      await recordSecurity(tx, {
        ...{ kind: "session-ended", at: now, accountId, actorName },
        originHash: originHash(visit),
        details: { count },
      });
    return count;
  });
  return seeOther(SESSIONS, words(visit.lang).ended(ended));
}
