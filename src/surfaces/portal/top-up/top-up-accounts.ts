// SPDX-License-Identifier: EUPL-1.2
/** The accounts that can be topped up, each with sums that mean something: meals at the child's own price. */
import { createHash } from "node:crypto";
import type { ReadTx } from "#kernel/db/index.ts";
import { formatEuro } from "#kernel/money.ts";
import { accountKey } from "#ledger";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { mealMoney, moneyKey } from "../meals/meal-money.ts";
import { isCanteen } from "../meals/service-words.ts";
import { type AccountLine, accountLines } from "../payments/account-lines.ts";
import { words } from "./words.ts";

export interface TopUpAccount {
  /** its name in forms and addresses: says nothing about anybody */
  key: string;
  line: AccountLine;
  suggestions: { label: string; cents: bigint }[];
  /** of the town; `null`: none (MC-08) */
  minCents: bigint | null;
  maxCents: bigint | null;
}

const MEALS = [10n, 20n];
const ROUND_SUMS = [20_00n, 50_00n];

/** Prepaid accounts that a child of the visitor uses, or that owe something (OS-14, PE-09, PE-11). */
export async function topUpAccounts(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
): Promise<TopUpAccount[]> {
  const lines = (await accountLines(tx, scope, visit.today)).filter(
    (line) => line.balanceCents < 0n || payingChildren(scope, line).length > 0,
  );
  const prices = await pricesOf(tx, scope, visit, lines);
  return lines.map((line) => {
    const { minTopUpCents, maxTopUpCents } = scope.settings.service(
      line.payFor.code,
      "payment",
      visit.today,
    );
    const minCents = minTopUpCents === undefined ? null : BigInt(minTopUpCents);
    const maxCents = maxTopUpCents === undefined ? null : BigInt(maxTopUpCents);
    const isWithin = ({ cents }: { cents: bigint }): boolean =>
      (minCents === null || cents >= minCents) && (maxCents === null || cents <= maxCents);
    return {
      key: createHash("sha256").update(accountKey(line.account)).digest("hex").slice(0, 12),
      line,
      suggestions: suggestionsFor(scope, line, prices, visit).filter(isWithin),
      minCents,
      maxCents,
    };
  });
}

/** The children whose use of its service lowers this account. */
export function payingChildren(scope: FamilyScope, line: AccountLine): ScopedChild[] {
  const { account, child, payFor } = line;
  const of = child ? [child] : account.childId ? [] : scope.children;
  return of.filter(
    (one) =>
      scope.schedule(one.id, payFor.id) !== undefined &&
      scope.payersOf(one, payFor.id).includes(account.holderId),
  );
}

/** Of today, by service and `moneyKey`: one look per service. */
async function pricesOf(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  lines: readonly AccountLine[],
): Promise<ReadonlyMap<string, bigint>> {
  const prices = new Map<string, bigint>();
  const byService = Map.groupBy(lines, ({ payFor }) => payFor.id);
  for (const [serviceId, same] of byService) {
    const service = same[0]!.payFor;
    const children = new Set(same.flatMap((line) => payingChildren(scope, line)));
    const wanted = [...children].map((child) => ({ child, date: visit.today }));
    if (!isCanteen(service) || wanted.length === 0) continue;
    const money = await mealMoney(tx, scope, service, wanted, visit.lang);
    for (const { id } of children) {
      const cents = money.get(moneyKey(id, visit.today))?.priceCents;
      if (cents) prices.set(`${serviceId}/${id}`, cents);
    }
  }
  return prices;
}

/** `10 pasti, 46,00 €`; what is owed first; round sums where no price is known. */
function suggestionsFor(
  scope: FamilyScope,
  line: AccountLine,
  prices: ReadonlyMap<string, bigint>,
  visit: Visit,
): TopUpAccount["suggestions"] {
  const w = words(visit.lang);
  const children = payingChildren(scope, line);
  const priced = children.flatMap(({ id }) => prices.get(`${line.payFor.id}/${id}`) ?? []);
  const each = priced.reduce((sum, price) => sum + price, 0n);
  const owed = line.balanceCents < 0n ? -line.balanceCents : 0n;
  const sums =
    each > 0n
      ? MEALS.map((count) => ({
          label: w.mealsFor(count, priced.length > 1, formatEuro(count * each)),
          cents: count * each,
        }))
      : ROUND_SUMS.map((cents) => ({ label: formatEuro(cents), cents }));
  return owed > 0n ? [{ label: w.whatIsOwed(formatEuro(owed)), cents: owed }, ...sums] : sums;
}
