// SPDX-License-Identifier: EUPL-1.2
import { mayJoin } from "#families";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { markRead, type Message, messagesOf, textIn } from "#messaging";
import { emptyState, linkList } from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import { words } from "./words.ts";

const MANY = 200;

/** Older messages of these kinds name a place and a reason that are public anyway, and nobody's child. */
const WITHOUT_NAMES = new Set(["closure", "closure-cancelled"]);

/**
 * The messages of the visitor's accounts; of one that is also somebody else's, only those that name no other child. The
 * code of one child reads the subject of what is about a brother or sister too: subjects name nobody (PE-04).
 */
export async function familyMessages(
  tx: ReadTx,
  { actor }: Visit,
  scope: FamilyScope,
  limit = MANY,
): Promise<Message[]> {
  const isOfChild = actor !== null && mayJoin(actor);
  const { holderIds, personId } = scope;
  const messages = await messagesOf(tx, { holderIds, personId, limit });
  return messages.flatMap((message) => {
    const { holderId, personId: own, kind, childIds } = message;
    if (own !== null) return own === personId ? [message] : [];
    if (childIds.length === 0)
      return WITHOUT_NAMES.has(kind) || scope.maySee({ holderId, childId: null }) ? [message] : [];
    const seen = childIds.filter((childId) => scope.maySee({ holderId, childId }));
    if (seen.length === childIds.length) return [message];
    const names = scope.children.filter(({ id }) => seen.includes(id)).map(({ name }) => name);
    return isOfChild && names.length > 0 ? [inPart(message, names)] : [];
  });
}

function inPart(message: Message, names: readonly string[]): Message {
  const { en } = message.translations;
  const body = (lang: Lang): string => words(lang).ofOthersToo(formats(lang).list(names));
  return {
    ...message,
    body: body("it"),
    translations: en ? { en: { subject: en.subject, body: body("en") } } : {},
  };
}

/** GET /messaggi: unread first. */
export function listMessages(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const messages = await familyMessages(tx, visit, scope);
    const unread = messages.filter(({ readAt }) => readAt === null);
    const read = messages.filter(({ readAt }) => readAt !== null);
    const w = words(visit.lang);
    const list = (of: readonly Message[]) => linkList(of.map((one) => messageItem(one, visit)));
    return portalPage(
      visit,
      { current: "messages", scope, unread: unread.length },
      {
        h1: w.messages,
        lead:
          messages.some((one) => textIn(one, visit.lang).lang !== visit.lang) && w.sentInItalian,
        body: html`${messages.length === 0 && emptyState({ text: w.noMessages, icon: "it-mail" })}${
          unread.length > 0 &&
          html`<h2 class="section-title">${w.unread}</h2>
            ${list(unread)}`
        }${
          read.length > 0 &&
          html`<h2 class="section-title">${w.read}</h2>
            ${list(read)}`
        }${ofOneChild(visit, scope)}`,
      },
    );
  });
}

/** A message that names a brother or sister too is nothing for the code of one child (PE-04): that is said. */
function ofOneChild({ actor, lang }: Visit, { children }: FamilyScope): Html | null {
  const [child, ...more] = children;
  if (!actor || !mayJoin(actor) || !child || more.length > 0) return null;
  const w = words(lang);
  return html`<p class="quiet">${w.onlyOf(child.name)}</p>
    ${linkList([{ href: "/accessi/unisci", label: w.joinAccess }])}`;
}

/** In the reader's language where it was written in it. */
export function messageSubject(message: Message, lang: Lang): Html {
  const text = textIn(message, lang);
  return html`<span lang="${text.lang}">${text.subject}</span>`;
}

function messageItem(message: Message, visit: Visit) {
  const f = formats(visit.lang);
  return {
    href: `/messaggi/${message.id}`,
    label: messageSubject(message, visit.lang),
    note: `${visit.townSettings.office.name} · ${f.dayAndTime(message.plannedAt)}`,
  };
}

/** GET /messaggi/:id: opening it is reading it. At the office's desk it stays unread. */
export function showMessage(visit: Visit): Promise<Answer> {
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const messages = await familyMessages(tx, visit, scope);
    const message = messages.find(({ id }) => id === visit.params["id"]);
    if (!message) return notFound;
    if (!visit.actor?.desk)
      await markRead(tx, { id: message.id, holderIds: scope.holderIds, at: visit.now });
    const f = formats(visit.lang);
    const w = words(visit.lang);
    const when = w.dayAt(f.day(dayOf(message.plannedAt)), f.time(message.plannedAt));
    const text = textIn(message, visit.lang);
    return portalPage(
      visit,
      { current: "messages", scope },
      {
        h1: text.subject,
        ...(visit.lang === text.lang ? {} : { h1Lang: text.lang }),
        back: { href: "/messaggi", label: w.messages },
        lead: `${visit.townSettings.office.name} · ${when}`,
        body: html`<div lang="${text.lang}">
          ${text.body.split(/\n+/).map((paragraph) => html`<p>${paragraph}</p>`)}
        </div>`,
      },
    );
  });
}
