// SPDX-License-Identifier: EUPL-1.2
import { recordAudit } from "#kernel/audit.ts";
import { type Day, isMomentAfter, momentAt } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  balances,
  type CreditMethod,
  type FamilyAccount,
  familyAccount,
  postMany,
  type Transfer,
} from "#ledger";
import type { DemoFamily } from "./make-families.ts";
import type { Living } from "./live-a-day.ts";

const STEP_CENTS = 500n;
const SOURCES = [
  { weight: 70, method: "pagopa-other-portal", source: "pagopa-clearing", reason: "Avviso pagoPA" },
  { weight: 20, method: "bank-transfer", source: "bank", reason: "Bonifico" },
  { weight: 10, method: "cash-desk", source: "cash-desk", reason: "Versamento allo sportello" },
] as const satisfies readonly { weight: number; method: CreditMethod; [key: string]: unknown }[];

interface TopUp {
  readonly date: Day;
  readonly account: FamilyAccount;
  readonly amountCents: bigint;
}

/**
 * What the families paid into their prepaid accounts so far, as `registerCredit` would have posted it, many at
 * once: so much that about as much is left as the family was made to have.
 */
export async function topUp(tx: WriteTx, living: Living, days: readonly Day[]): Promise<void> {
  const { settings, service, families } = living;
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return;
  const { model, accountScope } = settings.service(service.code, "payment", last);
  if (model !== "prepaid") return;
  const paying = families.filter(({ firstNotice }) => !firstNotice);
  const accounts = paying.flatMap((family) => accountsOf(family, accountScope, service.id));
  if (accounts.length === 0) return;
  const used = await balances(tx, { accounts: accounts.map(({ account }) => account) });
  const keyOf = (one: { holderId: string; childId?: string | null }): string =>
    `${one.holderId}/${one.childId ?? ""}`;
  const balanceOf = new Map(used.map((row) => [keyOf(row), row.balanceCents]));
  const credits = accounts.flatMap(({ account, leave }) => {
    const spent = -(balanceOf.get(keyOf(account)) ?? 0n);
    return spent > 0n ? topUpsOf(living, account, spent + leave, days) : [];
  });
  for (const [date, ofDay] of Map.groupBy(credits, (credit) => credit.date.toString()))
    await postCredits(tx, living, Temporal.PlainDate.from(date), ofDay);
}

function accountsOf(
  { holderId, secondHolder, children, creditCents }: DemoFamily,
  scope: Parameters<typeof familyAccount>[0],
  serviceId: string,
): { account: FamilyAccount; leave: bigint }[] {
  const leave = BigInt(creditCents);
  const holders = secondHolder ? [holderId, secondHolder.id] : [holderId];
  const childIds = scope === "family" ? [null] : children.map(({ person }) => person.id);
  return holders.flatMap((holder) =>
    childIds.map((childId) => {
      return { account: familyAccount(scope, { holderId: holder, childId, serviceId }), leave };
    }),
  );
}

/** One payment before the first meal, and another one later when it is much. Families pay round sums. */
function topUpsOf(
  { random }: Living,
  account: FamilyAccount,
  wanted: bigint,
  days: readonly Day[],
): TopUp[] {
  const total = ((wanted + STEP_CENTS / 2n) / STEP_CENTS) * STEP_CENTS;
  const later = total > 8000n ? (total / 2n / STEP_CENTS) * STEP_CENTS : 0n;
  const firstDay = days[0]!.subtract({ days: random.between(1, 6) });
  const laterDay = days[random.below(days.length)]!;
  return [
    { date: firstDay, account, amountCents: total - later },
    { date: laterDay, account, amountCents: later },
  ].filter(({ amountCents }) => amountCents > 0n);
}

async function postCredits(
  tx: WriteTx,
  { random, staff, settings, now }: Living,
  date: Day,
  credits: readonly TopUp[],
): Promise<void> {
  const at = momentAt(date, "10:30");
  if (isMomentAfter(at, now)) return;
  const vouchers = settings.town("collection", date).vouchersAccepted;
  const posted = credits.map((credit) => {
    const source =
      vouchers && random.chance(0.2)
        ? ({ method: "vouchers", source: "vouchers", reason: "Buoni cartacei restituiti" } as const)
        : random.weighted(SOURCES);
    return { ...credit, ...source, key: newId() };
  });
  await postMany(
    tx,
    posted.map(({ key, source, account, amountCents, method, reason }): Transfer => {
      const from = { kind: source };
      const what = { kind: "credit", happenedOn: date, reference: { method, reason } };
      return { key: `credit:${key}`, debit: from, credit: account, amountCents, ...what };
    }),
    at,
  );
  await recordAudit(
    tx,
    ...posted.map(({ key, account, method, reason, amountCents }) => ({
      actor: staff.office,
      at,
      action: "ledger.register-credit",
      holderId: account.holderId,
      childId: account.childId ?? null,
      reason,
      details: { method, amountCents: amountCents.toString(), happenedOn: date.toString(), key },
    })),
  );
}
