// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import type { Cents } from "#kernel/money.ts";
import { accountKey, balances, type FamilyAccount, familyAccount } from "#ledger";
import {
  approvedWriteOffs,
  holdNotices,
  noticesOf,
  positionsByKey,
  type ShownNotice,
} from "#payments";
import { datedSettings } from "#tenancy";
import type { Charge } from "../sql/charges.ts";
import { feesOfHolders } from "../sql/fees.ts";
import { feeNoticeKeys } from "./issue-fee-notices.ts";

const OPEN = new Set<ShownNotice["state"]>(["issued", "expired"]);
const PAID = new Set<ShownNotice["standing"]>(["paid", "paid-elsewhere"]);

/** A fee that stands, with what asks for it. */
export interface AccountFee extends Charge {
  isPaidByNotice: boolean;
  /** notices of its own that ask for it now */
  asking: ShownNotice[];
  /** one was paid with another sum, and the office has not decided where that goes */
  isChecked: boolean;
}

export interface FeeAccount {
  /** below zero: credit */
  owedCents: Cents;
  fees: AccountFee[];
  /** something else asks for what it owes: instalments that the office agreed with the family */
  isInPlan: boolean;
  /** the latest day on which the office wrote off a debt of it */
  writtenOffOn: Day | null;
}

export interface FeeAccounts {
  ofFee: (fee: Pick<Charge, "holderId" | "childId" | "serviceId" | "date">) => string;
  accounts: ReadonlyMap<string, FeeAccount>;
}

/** The same instalment of the same fee, however often it was taken back and posted anew. */
const sameFee = ({ serviceId, holderId, childId, date, reason }: Charge): string =>
  [serviceId, holderId, childId ?? "", date.toString(), reason].join("/");

/**
 * The accounts that pay these holders' fees: what each owes, the fees that stand on it, what asks for them. With `lock`
 * nobody pays one of their notices until the transaction ends.
 */
export async function loadFeeAccounts(
  tx: ReadTx,
  of: { holderIds: readonly string[]; now: Moment; lock: boolean },
): Promise<FeeAccounts> {
  const ofFee = await accountOfFee(tx);
  const posted = await feesOfHolders(tx, of.holderIds);
  const keys = posted.flatMap(({ id }) => feeNoticeKeys(id));
  if (of.lock) await holdNotices(tx, keys);
  const feeOfKey = new Map(posted.flatMap((fee) => feeNoticeKeys(fee.id).map((key) => [key, fee])));
  const feeOfPosition = new Map(
    (await positionsByKey(tx, keys)).map(({ id, key }) => [id, feeOfKey.get(key)!]),
  );
  const notices = await noticesOf(tx, of);
  const ofSame = Map.groupBy(
    notices.filter(({ positionId }) => feeOfPosition.has(positionId)),
    ({ positionId }) => sameFee(feeOfPosition.get(positionId)!),
  );
  const planned = new Set(
    notices
      .filter(({ kind }) => kind === "fixed-fee" || kind === "old-debt")
      // Came short and not decided yet: the rest of it will be asked for.
      .filter(({ state, other }) => OPEN.has(state) || other?.outcome.word === "checking")
      .filter(({ positionId }) => !feeOfPosition.has(positionId))
      .flatMap(({ lines }) => lines.map((line) => accountKey(accountOfLine(line)))),
  );
  const standing = posted.filter(({ reversed }) => !reversed);
  const fees = standing.map((fee): AccountFee => {
    const own = ofSame.get(sameFee(fee)) ?? [];
    return {
      ...fee,
      isPaidByNotice: own.some(({ standing: word, other }) => other === null && PAID.has(word)),
      asking: own.filter(
        ({ state, positionId }) => OPEN.has(state) && feeOfPosition.get(positionId)!.id === fee.id,
      ),
      isChecked: own.some(({ other }) => other?.outcome.word === "checking"),
    };
  });
  const found = await balances(tx, { accounts: standing.map((fee) => ofFee(fee).account) });
  const owed = new Map(
    found.map(({ balanceCents, ...row }) => [
      accountKey({ kind: "family", ...row }),
      -balanceCents,
    ]),
  );
  const writtenOff = new Map(
    (await approvedWriteOffs(tx, of.holderIds)).map(({ decidedAt, ...row }) => [
      accountKey({ kind: "family", ...row }),
      dayOf(decidedAt),
    ]),
  );
  const accounts = new Map<string, FeeAccount>();
  for (const [key, own] of Map.groupBy(fees, (fee) => ofFee(fee).key))
    accounts.set(key, {
      owedCents: owed.get(key) ?? 0n,
      fees: own,
      isInPlan: planned.has(key),
      writtenOffOn: writtenOff.get(key) ?? null,
    });
  return { ofFee: (fee) => ofFee(fee).key, accounts };
}

async function accountOfFee(tx: ReadTx) {
  const { services } = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const codes = new Map(services.map(({ id, code }) => [id, code]));
  return (fee: Pick<Charge, "holderId" | "childId" | "serviceId" | "date">) => {
    const code = codes.get(fee.serviceId);
    if (code === undefined)
      throw new Error(`a fee of a service that is not there: ${fee.serviceId}`);
    const account = familyAccount(settings.service(code, "payment", fee.date).accountScope, fee);
    return { account, key: accountKey(account) };
  };
}

const accountOfLine = (line: ShownNotice["lines"][number]): FamilyAccount => ({
  kind: "family",
  holderId: line.holderId,
  childId: line.accountChildId,
  serviceId: line.accountServiceId,
});
