// SPDX-License-Identifier: EUPL-1.2
import { debtors } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import { type ChildPayments, schoolLimitCents, type Uncounted, type YearPayments } from "#ledger";
import { yearPayments } from "#payments";
import { card, definitionList, emptyState, linkButton } from "#ui/components.ts";
import { attestation, attestationSheet } from "../../web/year-attestation.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { words as moreWords } from "../more/words.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { papersPart } from "./own-papers.ts";
import { words } from "./words.ts";

export const DOCUMENTS = "/documenti";
export const STATEMENT = `${DOCUMENTS}/estratto-conto`;

interface OwnAccount {
  readonly holderId: string;
  readonly fullName: string;
}

/**
 * Whose certificates the visitor may have: those of the accounts in one's own name, and of whoever gave a delegation to
 * pay. Another adult of the family may pay, but the expense is the account holder's.
 */
async function ownAccounts(tx: ReadTx, scope: FamilyScope, visit: Visit): Promise<OwnAccount[]> {
  const given = (visit.actor?.delegations ?? [])
    .filter(({ scopes }) => scopes.includes("payments"))
    .map(({ holderId }) => holderId);
  const payers = await debtors(tx, scope.holderIds);
  return scope.holderIds
    .flatMap((holderId) => payers.get(holderId) ?? [])
    .filter(({ holderId, personId }) => personId === scope.personId || given.includes(holderId));
}

/** GET /documenti: what was paid for each child, year by year (PE-07, X-12). */
export function showDocuments(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return inMoney(visit, async (tx, scope) => {
    const accounts = await ownAccounts(tx, scope, visit);
    const parts: { account: OwnAccount; paid: YearPayments }[] = [];
    // house-allow query-in-loop: one account as a rule; of a delegate those of the families
    for (const account of accounts) {
      const known = await yearPayments(tx, account.holderId);
      for (const year of yearsOf(known, visit.today.year)) {
        const paid = known.find((one) => one.year === year);
        parts.push({ account, paid: paid ?? { year, children: [], uncounted: [] } });
      }
    }
    const papers = await papersPart(tx, scope, visit);
    const newestFirst = parts.toSorted((a, b) => b.paid.year - a.paid.year);
    return portalPage(
      visit,
      { current: "more", scope },
      {
        h1: w.documents,
        back: { href: "/altro", label: moreWords(visit.lang).more },
        body: html`<h2 class="section-title">${w.statement}</h2>
          <p>${w.statementLead}</p>
          <div class="button-row">
            ${linkButton({ href: STATEMENT, label: w.toStatement, kind: "primary" })}
          </div>
          ${papers}
          <h2 class="section-title">${w.expenses}</h2>
          <p>${w.lead}</p>
          ${
            accounts.length === 0
              ? emptyState({ text: w.noAccount })
              : newestFirst.map(({ account, paid }) =>
                  yearPart(visit, scope, { account, paid, isAlone: accounts.length === 1 }),
                )
          }`,
      },
    );
  });
}

/** Those with payments, and in any case the last one and this one: somebody will ask. */
const yearsOf = (known: readonly YearPayments[], thisYear: number): number[] => [
  ...new Set([thisYear, thisYear - 1, ...known.map(({ year }) => year)]),
];

function yearPart(
  visit: Visit,
  scope: FamilyScope,
  of: { account: OwnAccount; paid: YearPayments; isAlone: boolean },
): Html {
  const { account, paid } = of;
  const { holderId } = account;
  const w = words(visit.lang);
  const { year } = paid;
  const shown = paid.children.filter((one) => scope.maySee({ holderId, childId: one.childId }));
  const cards = scope.children.flatMap((child) => {
    const own = shown.find(({ childId }) => childId === child.id);
    return own ? [childCard(visit, scope, { account, paid, child, own })] : [];
  });
  const others = shown.filter(({ childId }) => !scope.children.some(({ id }) => id === childId));
  const othersCents = others.reduce((sum, { cents }) => sum + cents, 0n);
  const rows = paid.uncounted.filter(
    ({ childId }) =>
      scope.maySee({ holderId, childId }) && !paid.children.some((one) => one.childId === childId),
  );
  const isEmpty = cards.length === 0 && othersCents === 0n;
  return html`<h2 class="section-title">
      ${of.isAlone ? w.year(year) : w.yearOf(year, account.fullName)}
    </h2>
    ${!isEmpty && year === visit.today.year && html`<p>${w.notOver}</p>`} ${cards}
    ${isEmpty && emptyState({ text: html`${w.none(year)} ${w.why(year)}` })}
    ${othersCents > 0n && html`<p>${w.others(formatEuro(othersCents))}</p>`}
    ${uncountedPart(visit, scope, { rows, year, isNamed: true })}`;
}

/** What does not count, a sentence each; with the name of a child that has no card here. */
function uncountedPart(
  visit: Visit,
  scope: FamilyScope,
  of: { rows: readonly Uncounted[]; year: number; isNamed: boolean },
): Html[] {
  const w = words(visit.lang);
  return of.rows.map(({ why, childId, cents }) => {
    const child = of.isNamed && scope.children.find(({ id }) => id === childId);
    const text = w.uncounted[why](formatEuro(cents), of.year);
    return html`<p>${child && html`<strong>${child.name}.</strong> `}${text}</p>`;
  });
}

function childCard(
  visit: Visit,
  scope: FamilyScope,
  of: {
    account: OwnAccount;
    paid: YearPayments;
    child: FamilyScope["children"][number];
    own: ChildPayments;
  },
): Html {
  const { account, paid, child, own } = of;
  const w = words(visit.lang);
  const { year } = paid;
  // A crèche has a deduction of its own.
  const creches = scope.calendar.services.filter(({ kind }) => kind === "creche");
  const isSchool = own.lines.some(({ serviceId }) => !creches.some(({ id }) => id === serviceId));
  const limit = isSchool ? schoolLimitCents(year) : null;
  return card({
    title: child.name,
    level: 3,
    body: html`${definitionList([
      { label: w.paid, value: html`<strong>${formatEuro(own.cents)}</strong>` },
      ...(limit === null ? [] : [{ label: w.limit, value: w.limitOf(formatEuro(limit)) }]),
    ])}
    ${uncountedPart(visit, scope, {
      rows: paid.uncounted.filter(({ childId }) => childId === child.id),
      year,
      isNamed: false,
    })}`,
    actions: linkButton({
      href: `${DOCUMENTS}/${year}/${account.holderId}/${child.slug}/attestazione.pdf`,
      label: w.download,
      ariaLabel: w.downloadOf(child.name, year),
      kind: "primary",
    }),
  });
}

/** GET /documenti/:anno/:conto/:slug/attestazione.pdf: 404 where nothing counts. */
export async function ownAttestation(visit: Visit): Promise<Answer> {
  const { anno: year = "", conto: holderId = "", slug } = visit.params;
  const sheet = await visit.town.read(async (tx) => {
    const scope = await familyScope(tx, visit);
    const child = scope?.childBySlug(slug);
    if (!scope?.hasMoney || !child) return null;
    const accounts = await ownAccounts(tx, scope, visit);
    const isOwn = accounts.some((one) => one.holderId === holderId);
    if (!isOwn || !scope.maySee({ holderId, childId: child.id })) return null;
    const ofWhole = scope.maySee({ holderId, childId: null });
    return attestationSheet(tx, { holderId, childId: child.id, year, ofWhole });
  });
  return attestation(visit, sheet);
}
