// SPDX-License-Identifier: EUPL-1.2
import type { Service } from "#calendar";
import { type Bill, billsOf } from "#billing";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { accountKey, type Balance, balances, type FamilyAccount, familyAccount } from "#ledger";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { words } from "./words.ts";

type AccountShape = "family" | "child" | "child-service";

/** One prepaid account as the town keeps them: of the family, of a child, of a child and service. */
export interface AccountLine {
  account: FamilyAccount;
  balanceCents: bigint;
  child: ScopedChild | null;
  service: Service | null;
  /** a service paid from it: its settings hold */
  payFor: Service;
}

/**
 * The prepaid accounts that the visitor may see: those their children's services are paid from, also never used yet,
 * and others of theirs with money on them (a child they pay for by shares, or paid for in the past).
 */
export async function accountLines(
  tx: ReadTx,
  scope: FamilyScope,
  date: Day,
): Promise<AccountLine[]> {
  const prepaid = scope.calendar.services.flatMap((service) => {
    const payment = scope.settings.maybeService(service.code, "payment", date);
    return payment?.model === "prepaid" ? [{ service, shape: payment.accountScope }] : [];
  });
  if (prepaid.length === 0) return [];
  const rows: Balance[] = [];
  for (const holderId of scope.holderIds) rows.push(...(await balances(tx, { holderId })));
  const used = new Map(rows.map((row) => [accountKey({ kind: "family", ...row }), row]));
  const found = new Map<string, AccountLine>();
  for (const child of scope.children)
    for (const { service, shape } of prepaid) {
      if (!scope.schedule(child.id, service.id)) continue;
      for (const holderId of scope.payersOf(child, service.id)) {
        const of = { holderId, childId: child.id, serviceId: service.id };
        const account = familyAccount(shape, of);
        const key = accountKey(account);
        if (found.has(key) || !scope.maySee({ holderId, childId: account.childId ?? null }))
          continue;
        found.set(key, {
          account,
          balanceCents: used.get(key)?.balanceCents ?? 0n,
          child: shape === "family" ? null : child,
          service: shape === "child-service" ? service : null,
          payFor: service,
        });
      }
    }
  for (const [key, row] of used) {
    const line = found.has(key) || !scope.maySee(row) ? null : otherLine(scope, prepaid, row);
    if (line) found.set(key, line);
  }
  return [...found.values()];
}

/** An account that no child of the visitor uses today; `null`: empty, or what is owed on it comes by bill. */
function otherLine(
  scope: FamilyScope,
  prepaid: readonly { service: Service; shape: AccountShape }[],
  { holderId, childId, serviceId, balanceCents }: Balance,
): AccountLine | null {
  if (balanceCents === 0n) return null;
  const own: AccountShape = serviceId ? "child-service" : childId ? "child" : "family";
  const paid = prepaid.find(
    ({ service, shape }) =>
      (serviceId === null || service.id === serviceId) && (balanceCents > 0n || shape === own),
  );
  if (!paid) return null;
  return {
    account: { kind: "family", holderId, childId, serviceId },
    balanceCents,
    child: scope.children.find(({ id }) => id === childId) ?? null,
    service: serviceId ? paid.service : null,
    payFor: paid.service,
  };
}

/** `Credito`, `Credito di Giulia`, `Credito di Giulia, mensa` */
export function accountName(line: AccountLine, lang: Lang): string {
  const w = words(lang);
  if (!line.child) return w.credit;
  return line.service
    ? w.creditFor(line.child.name, shortName(line.service, lang))
    : w.creditOf(line.child.name);
}

/**
 * `Giulia`, `Giulia, mensa`; of the whole family in the town's own word: `Conto elettronico`. Where the balance stands
 * beside it with a word of its own.
 */
export function walletName(
  scope: FamilyScope,
  { child, service }: AccountLine,
  { lang, today }: { lang: Lang; today: Day },
): string {
  if (!child) return capital(mealWords(lang).wallet(scope.settings.town("words", today).wallet));
  return service ? `${child.name}, ${shortName(service, lang)}` : child.name;
}

/** Credit can be moved between accounts of one holder: not where the family has a single one. */
export function canTransfer(lines: readonly Pick<AccountLine, "account">[]): boolean {
  const holders = lines.map(({ account }) => account.holderId);
  return new Set(holders).size < holders.length;
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
    return isBefore(until, today) ? w.mustTopUp : w.topUpBy(formats(lang).dayBy(until, today));
  }
  return w.reminder;
}

export const isToPay = (bill: Bill): boolean => bill.state === "drawn" || bill.state === "issued";

/** The bills of the accounts the visitor may see; not one that another took the place of: its notice tells that. */
export async function familyBills(tx: ReadTx, scope: FamilyScope): Promise<Bill[]> {
  const bills: Bill[] = [];
  for (const holderId of scope.holderIds) bills.push(...(await billsOf(tx, { holderId })));
  return bills.filter((bill) => bill.state !== "cancelled" && scope.maySee(bill));
}

/** Something to pay, a bill or a fee; `dueOn` null: nobody has set a day. */
export interface Due {
  cents: bigint;
  dueOn: Day | null;
}

/** `Scaduto da sabato 28 novembre: 409,40 €`, then `Da pagare 41,40 € entro lunedì 30 novembre` for each day. */
export function dueSentences(dues: readonly Due[], today: Day, lang: Lang): string[] {
  const w = words(lang);
  const f = formats(lang);
  const sum = (of: readonly Due[]): string =>
    formatEuro(of.reduce((total, { cents }) => total + cents, 0n));
  const dated = dues
    .flatMap(({ cents, dueOn }) => (dueOn ? [{ cents, dueOn }] : []))
    .sort((a, b) => Temporal.PlainDate.compare(a.dueOn, b.dueOn));
  const late = dated.filter(({ dueOn }) => isBefore(dueOn, today));
  const coming = dated.filter(({ dueOn }) => !isBefore(dueOn, today));
  const byDay = Map.groupBy(coming, ({ dueOn }) => dueOn.toString());
  const undated = dues.filter(({ dueOn }) => dueOn === null);
  return [
    ...(late[0] ? [w.overdueSince(sum(late), f.dayBy(late[0].dueOn, today))] : []),
    ...[...byDay.values()].map((same) => w.due(sum(same), f.dayBy(same[0]!.dueOn, today))),
    ...(undated.length > 0 ? [w.toPay(sum(undated))] : []),
  ];
}
