// SPDX-License-Identifier: EUPL-1.2
import type { Html } from "#kernel/html.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { words } from "#ui/words/index.ts";
import { linkButton, problem } from "#ui/components.ts";
import { portalNav, type Strip } from "#ui/layout.ts";
import { visitPage } from "../web/frame.ts";
import { type Answer, forbidden, notFound, withStatus } from "../web/route.ts";
import type { Visit } from "../web/visit.ts";
import { type FamilyScope, familyScope, type ScopedChild } from "./family-scope.ts";

type Given = Omit<Parameters<typeof visitPage>[1], "surface" | "nav">;

/** A page of the portal; `current` is the place in the bottom bar. */
export function portalPage(
  visit: Visit,
  of: {
    current: "today" | "calendar" | "payments" | "messages" | "more" | null;
    scope: FamilyScope;
    unread?: number;
    /** bills and notices to pay, as a number in the bottom bar */
    toPay?: number;
  },
  page: Given,
): Html {
  const { lastChild } = of.scope;
  const nav = portalNav(of.current, {
    lang: visit.lang,
    ...(of.unread ? { unread: of.unread } : {}),
    ...(of.toPay ? { toPay: of.toPay } : {}),
    ...(lastChild ? { calendarHref: `${childPath(lastChild)}/calendario` } : {}),
    withPayments: of.scope.hasMoney,
    // What is told goes to whom it costs: a delegate who pays reads it, on every page or on none.
    withMessages: !of.scope.isOnlyDelegate || of.scope.hasMoney,
  });
  return visitPage(visit, {
    surface: "portal",
    nav,
    strips: delegateStrip(of.scope, visit.lang),
    ...page,
  });
}

/** BO-23: for whom one acts here, and how far. */
function delegateStrip(scope: FamilyScope, lang: Lang): Strip[] {
  if (scope.given.length === 0) return [];
  const w = words(lang);
  return [
    {
      kind: "delegate",
      text: sayGiven(scope, lang, scope.isOnlyDelegate ? w.delegate : w.alsoDelegate),
    },
  ];
}

/** A sentence for the families that gave the same; several gave different things (BO-23). */
function sayGiven(
  { given }: FamilyScope,
  lang: Lang,
  sentence: (families: string, count: number, given: string) => string,
): string {
  const f = formats(lang);
  const { delegateScopes } = words(lang);
  return given
    .map(({ families, scopes }) =>
      sentence(
        f.list(families),
        families.length,
        f.list(scopes.flatMap((one) => delegateScopes[one])),
      ),
    )
    .join(" ");
}

export const childPath = (child: Pick<ScopedChild, "slug">): string => `/figli/${child.slug}`;
export const toToday = (lang: Lang): { href: string; label: string } => ({
  href: "/oggi",
  label: words(lang).failure.backToToday,
});

/** One read transaction with the family's scope; 403 when there is no family to show. */
export function inFamily(
  visit: Visit,
  show: (tx: ReadTx, scope: FamilyScope) => Promise<Answer>,
): Promise<Answer> {
  return visit.town.read(async (tx) => {
    const scope = await familyScope(tx, visit);
    return scope ? show(tx, scope) : forbidden;
  });
}

/** The same for the pages about money; 403 for a delegate who may see none (BO-23). */
export function inMoney(
  visit: Visit,
  show: (tx: ReadTx, scope: FamilyScope) => Promise<Answer>,
): Promise<Answer> {
  return inFamily(visit, async (tx, scope) =>
    scope.hasMoney ? show(tx, scope) : notDelegatedPage(visit, scope),
  );
}

/** Why a delegate sees no money, and who can pay or change that. */
function notDelegatedPage(visit: Visit, scope: FamilyScope): Answer {
  const w = words(visit.lang).notDelegated;
  const page = portalPage(
    visit,
    { current: null, scope },
    {
      h1: w.title,
      body: problem({
        text: `${sayGiven(scope, visit.lang, w.covers)} ${w.who}`,
        actions: linkButton(toToday(visit.lang)),
        phone: visit.townSettings.office.phones[0],
        lang: visit.lang,
      }),
    },
  );
  return withStatus(403, page);
}

/** The same for the pages of one child; 404 for a child of another family. */
export function ofChild(
  visit: Visit,
  show: (tx: ReadTx, scope: FamilyScope, child: ScopedChild) => Promise<Answer>,
): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const child = scope.childBySlug(visit.params["slug"]);
    return child ? show(tx, scope, child) : notFound;
  });
}

/** The same for what only holder and guardians read and do, and the office at its desk: 403 for a delegate (BO-23). */
export function ofOwnChild(
  visit: Visit,
  show: (tx: ReadTx, scope: FamilyScope, child: ScopedChild) => Promise<Answer>,
): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) =>
    scope.isOwn(child) ? show(tx, scope, child) : forbidden,
  );
}
