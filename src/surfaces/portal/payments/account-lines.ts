// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import { type Bill, billsOf } from "#billing";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { accountKey, balances, type FamilyAccount, familyAccount } from "#ledger";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { shortName } from "../meals/service-words.ts";
import { words } from "./words.ts";

/** One prepaid account as the town keeps them: of the family, of a child, of a child and service. */
export interface AccountLine {
  account: FamilyAccount;
  balanceCents: bigint;
  child: ScopedChild | null;
  service: Service | null;
  /** a service paid from it: its settings hold */
  payFor: Service;
}

/** The prepaid accounts of the family that the visitor may see, also those never used yet. */
export async function accountLines(
  tx: ReadTx,
  scope: FamilyScope,
  date: Day,
): Promise<AccountLine[]> {
  const found = new Map<string, Omit<AccountLine, "balanceCents">>();
  for (const child of scope.children)
    for (const service of scope.servicesOf(child.id)) {
      const payment = scope.settings.maybeService(service.code, "payment", date);
      const { holderId } = child;
      if (payment?.model !== "prepaid" || !holderId || !scope.holderIds.includes(holderId))
        continue;
      const account = familyAccount(payment.accountScope, {
        holderId,
        childId: child.id,
        serviceId: service.id,
      });
      if (found.has(accountKey(account))) continue;
      const wide = payment.accountScope;
      found.set(accountKey(account), {
        account,
        child: wide === "family" ? null : child,
        service: wide === "child-service" ? service : null,
        payFor: service,
      });
    }
  const lines = [...found.values()];
  if (lines.length === 0) return [];
  const rows = await balances(tx, { accounts: lines.map(({ account }) => account) });
  return lines.map((line) => ({
    ...line,
    balanceCents:
      rows.find(
        (row) =>
          row.holderId === line.account.holderId &&
          row.childId === (line.account.childId ?? null) &&
          row.serviceId === (line.account.serviceId ?? null),
      )?.balanceCents ?? 0n,
  }));
}

/** `Credito`, `Credito di Giulia`, `Credito di Giulia, mensa` */
export function accountName(line: AccountLine, lang: Lang): string {
  const w = words(lang);
  if (!line.child) return w.credit;
  return line.service
    ? w.creditFor(line.child.name, shortName(line.service, lang))
    : w.creditOf(line.child.name);
}

/** What a negative credit means in this town (MC-04); nothing when it is not negative. */
export function negativeSentence(
  scope: FamilyScope,
  line: AccountLine,
  today: Day,
  lang: Lang,
): string | null {
  if (line.balanceCents >= 0n) return null;
  const w = words(lang);
  const rule = scope.settings.service(line.payFor.code, "negativeBalance", today);
  if (rule.rule === "allowed-until") {
    const until = Temporal.PlainDate.from(rule.until);
    return isBefore(until, today) ? w.mustTopUp : w.topUpBy(formats(lang).day(until));
  }
  return w.reminder;
}

export const isToPay = (bill: Bill): boolean => bill.state === "drawn" || bill.state === "issued";

/** The bills of the accounts the visitor may see: one or two accounts, so one look for each. */
export async function familyBills(tx: ReadTx, scope: FamilyScope): Promise<Bill[]> {
  const bills: Bill[] = [];
  for (const holderId of scope.holderIds) bills.push(...(await billsOf(tx, { holderId })));
  return bills;
}

/** `Da pagare 41,40 € entro lunedì 30 novembre`, `null` when nothing is due. */
export function dueSentence(bills: readonly Bill[], lang: Lang): string | null {
  const due = bills.filter(isToPay);
  if (due.length === 0) return null;
  const total = due.reduce((sum, { totalCents }) => sum + totalCents, 0n);
  const first = due.map(({ dueOn }) => dueOn).sort(Temporal.PlainDate.compare)[0]!;
  return words(lang).due(formatEuro(total), formats(lang).day(first));
}
