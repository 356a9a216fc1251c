// SPDX-License-Identifier: EUPL-1.2
import { type ActedByDelegation, actsByDelegation } from "#families";
import { auditOf, type AuditRow } from "#kernel/audit.ts";
import { type Moment, momentAt } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { emptyState, form, history, selectField } from "#ui/components.ts";
import { type Answer, forbidden, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type Month, parseMonth } from "../calendar/month.ts";
import type { FamilyScope } from "../family-scope.ts";
import { capital } from "../meals/service-words.ts";
import { childPath, inFamily, ofOwnChild, portalPage } from "../portal-page.ts";
import { momentWords } from "../receipts/receipt-words.ts";
import { words } from "./access-words.ts";
import { words as moreWords } from "./words.ts";

const MANY = 200;
/** This month and the twelve before it. */
const MONTHS = 13;
const MANY_IN_MONTH = 1000;

export const ACCESSES = "/dati/accessi";

/** GET /figli/:slug/accessi: who else did what with this child's data, when and why (X-15). */
export function showAccesses(visit: Visit): Promise<Answer> {
  return ofOwnChild(visit, async (tx, scope, child) => {
    const { holderId } = child;
    const holderIds = holderId && scope.maySee({ holderId, childId: null }) ? [holderId] : [];
    const rows = await auditOf(tx, { childIds: [child.id], holderIds, limit: MANY });
    const isDelegated = await actsByDelegation(tx, holderId ? [holderId] : []);
    const w = words(visit.lang);
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: moreWords(visit.lang).whoSaw,
        back: { href: childPath(child), label: child.name },
        lead: w.lead,
        body: accessList(visit, scope, { rows, isDelegated, named: false }),
      },
    );
  });
}

/** GET /dati/accessi?mese=2026-11: the same for the whole family, month by month (X-15). */
export function showFamilyAccesses(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    if (scope.isOnlyDelegate) return forbidden;
    const months = lastMonths(visit);
    const asked = visit.query["mese"];
    const month = asked === undefined ? months[0]! : parseMonth(asked);
    if (!month || !months.some((one) => one.equals(month))) return notFound;
    const own = scope.children.filter(scope.isOwn);
    const rows = await auditOf(tx, {
      ...ownData(scope),
      ...spanOf(month),
      limit: MANY_IN_MONTH,
    });
    const holderIds = [...scope.holderIds, ...own.flatMap(({ holderId }) => holderId ?? [])];
    const isDelegated = await actsByDelegation(tx, [...new Set(holderIds)]);
    const w = words(visit.lang);
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: w.familyTitle,
        back: { href: "/dati", label: moreWords(visit.lang).data },
        lead: w.familyLead,
        body: html`${monthChoice(visit, months, month)}
          <h2 class="section-title">${capital(formats(visit.lang).month(month))}</h2>
          ${accessList(visit, scope, { rows, isDelegated, named: true })}${
            rows.length === MANY_IN_MONTH &&
            html`<p class="quiet">${w.onlyLatest(MANY_IN_MONTH)}</p>`
          }`,
      },
    );
  });
}

/** Of one's own children, and of accounts that are about nobody else. A delegate's families have this page themselves. */
function ownData(scope: FamilyScope): { childIds: string[]; holderIds: string[] } {
  const own = scope.children.filter(scope.isOwn);
  const foreign = new Set(
    scope.children.filter((child) => !scope.isOwn(child)).map(({ holderId }) => holderId),
  );
  return {
    childIds: own.map(({ id }) => id),
    holderIds: scope.holderIds.filter(
      (holderId) => !foreign.has(holderId) && scope.maySee({ holderId, childId: null }),
    ),
  };
}

function lastMonths({ today }: Visit): Month[] {
  const first = today.toPlainYearMonth();
  return Array.from({ length: MONTHS }, (_, back) => first.subtract({ months: back }));
}

function spanOf(month: Month): { from: Moment; to: Moment } {
  const from = month.toPlainDate({ day: 1 });
  return { from: momentAt(from, "00:00"), to: momentAt(from.add({ months: 1 }), "00:00") };
}

function monthChoice(visit: Visit, months: readonly Month[], month: Month): Html {
  const { lang } = visit;
  const w = words(lang);
  const f = formats(lang);
  return form({
    action: ACCESSES,
    method: "get",
    lang,
    submit: { label: w.show, kind: "secondary" },
    body: selectField({
      name: "mese",
      label: w.month,
      lang,
      value: month.toString(),
      choices: months.map((one) => ({ value: one.toString(), label: capital(f.month(one)) })),
    }),
  });
}

function accessList(
  visit: Visit,
  scope: FamilyScope,
  of: { rows: readonly AuditRow[]; isDelegated: ActedByDelegation; named: boolean },
): Html {
  const w = words(visit.lang);
  if (of.rows.length === 0) return emptyState({ text: w.none });
  const nameOf = ({ childId }: AuditRow): string => {
    const child = of.named && childId && scope.children.find(({ id }) => id === childId);
    return child ? ` (${child.name})` : "";
  };
  return history(
    of.rows.map((row) => ({
      when: momentWords(row.at, visit.today, visit.lang),
      who: `${row.actorName}, ${roleWords(row, of.isDelegated, w)}`,
      what: `${actionWords(row, w)}${nameOf(row)}${row.reason ? w.reason(row.reason) : ""}`,
    })),
  );
}

/** Whoever has children of their own here, and acted by delegation of this family, did so as its delegate. */
function roleWords(
  row: AuditRow,
  isDelegated: ActedByDelegation,
  { roles }: ReturnType<typeof words>,
): string {
  const role = row.actorRole === "guardian" && isDelegated(row) ? "delegate" : row.actorRole;
  return roles[role] ?? role;
}

/** Words for what is known; for the rest at least the part of the data it concerns. */
function actionWords(row: AuditRow, w: ReturnType<typeof words>): string {
  const known = w.actions[row.action];
  if (known) return known;
  const [module = ""] = row.action.split(".");
  return w.someAct(w.modules[module] ?? w.data);
}
