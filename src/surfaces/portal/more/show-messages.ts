// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { markRead, type Message, messagesOf } from "#messaging";
import { emptyState, linkList } from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { capital } from "../meals/service-words.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import { words } from "./words.ts";

const MANY = 200;

/** These name a place and a reason that are public anyway, and nobody's child. */
const WITHOUT_NAMES = new Set(["closure", "closure-cancelled"]);

/** The messages of the visitor's accounts; of one that is also somebody else's, only those that name no child. */
export async function familyMessages(
  tx: ReadTx,
  scope: FamilyScope,
  limit = MANY,
): Promise<Message[]> {
  const messages = await messagesOf(tx, { holderIds: scope.holderIds, limit });
  return messages.filter(
    ({ holderId, kind }) => WITHOUT_NAMES.has(kind) || scope.maySee({ holderId, childId: null }),
  );
}

/** GET /messaggi: unread first. */
export function listMessages(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const messages = await familyMessages(tx, scope);
    const unread = messages.filter(({ readAt }) => readAt === null);
    const read = messages.filter(({ readAt }) => readAt !== null);
    const w = words(visit.lang);
    const list = (of: readonly Message[]) => linkList(of.map((one) => messageItem(one, visit)));
    return portalPage(
      visit,
      { current: "messages", scope, unread: unread.length },
      {
        h1: w.messages,
        lead: messages.length > 0 && w.sentInItalian,
        body: html`${messages.length === 0 && emptyState({ text: w.noMessages, icon: "it-mail" })}${
          unread.length > 0 &&
          html`<h2 class="section-title">${w.unread}</h2>
            ${list(unread)}`
        }${
          read.length > 0 &&
          html`<h2 class="section-title">${w.read}</h2>
            ${list(read)}`
        }`,
      },
    );
  });
}

function messageItem(message: Message, visit: Visit) {
  const f = formats(visit.lang);
  return {
    href: `/messaggi/${message.id}`,
    label: html`<span lang="it">${message.subject}</span>`,
    note: `${visit.townSettings.office.name} · ${f.dayAndTime(message.plannedAt)}`,
  };
}

/** GET /messaggi/:id: opening it is reading it. At the office's desk it stays unread. */
export function showMessage(visit: Visit): Promise<Answer> {
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const messages = await familyMessages(tx, scope);
    const message = messages.find(({ id }) => id === visit.params["id"]);
    if (!message) return notFound;
    if (!visit.actor?.desk)
      await markRead(tx, { id: message.id, holderIds: scope.holderIds, at: visit.now });
    const f = formats(visit.lang);
    const w = words(visit.lang);
    const day = capital(f.day(dayOf(message.plannedAt)));
    const when = w.dayAt(day, f.time(message.plannedAt));
    return portalPage(
      visit,
      { current: "messages", scope },
      {
        h1: message.subject,
        ...(visit.lang === "it" ? {} : { h1Lang: "it" as const }),
        back: { href: "/messaggi", label: w.messages },
        lead: `${visit.townSettings.office.name}, ${when}`,
        body: html`<div lang="it">
          ${message.body.split(/\n+/).map((paragraph) => html`<p>${paragraph}</p>`)}
        </div>`,
      },
    );
  });
}
