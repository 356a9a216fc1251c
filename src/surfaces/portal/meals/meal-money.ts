// SPDX-License-Identifier: EUPL-1.2
/** What a meal costs and how it is paid, as sentences (pages.md 2.0, table of the money models). */
import type { Service } from "#calendar";
import { payersOn, sharesInForce } from "#enrolment";
import { type Day, schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { formatEuro, splitByShares } from "#kernel/money.ts";
import { balances, familyAccount } from "#ledger";
import { feePeriods, priceFees, priceMeals, type TariffVersion, tariffOn } from "#tariffs";
import { words as shared } from "#ui/words/index.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { words } from "./words.ts";

export interface MealMoney {
  model: "prepaid" | "postpaid" | "fixed-fee";
  /** the visitor's own part; `null`: the price is not known yet, the office has it on its list */
  priceCents: bigint | null;
  /** `Quota a carico: 50 %` of who shares the child's costs with another account; `null`: all of it */
  ownBasisPoints: number | null;
  /** the visitor's own part too */
  fee: { amountCents: bigint; per: "month" | "term" | "year" } | null;
  month: string;
  wallet: string;
  /** a delegate without that scope: nothing is said about money (BO-23) */
  isHidden: boolean;
}

export interface Wanted {
  child: ScopedChild;
  date: Day;
}

export const moneyKey = (childId: string, date: Day): string => `${childId}/${date.toString()}`;

/** Prices of some children's days in one service, by `moneyKey`; one look per distinct date. */
export async function mealMoney(
  tx: ReadTx,
  scope: FamilyScope,
  service: Service,
  wanted: readonly Wanted[],
  lang: Lang,
): Promise<Map<string, MealMoney>> {
  const result = new Map<string, MealMoney>();
  const byDate = Map.groupBy(wanted, ({ date }) => date.toString());
  for (const same of byDate.values()) {
    const [{ date }] = same as [Wanted, ...Wanted[]];
    const { model } = scope.settings.service(service.code, "payment", date);
    const wallet = words(lang).wallet(scope.settings.town("words", date).wallet);
    const base = { model, month: formats(lang).monthName(date.month), wallet };
    const children = same.map(({ child }) => child);
    const meals = children.map(({ id, level }) => ({ childId: id, level }));
    const prices =
      model === "fixed-fee"
        ? new Map<string, never>()
        : await priceMeals(tx, { serviceId: service.id, date, meals });
    const isFee = [...prices.values()].some(
      (price) => price.outcome === "unpriced" && price.reason === "not-a-meal-tariff",
    );
    const fees =
      model === "fixed-fee" || isFee ? await feesOf(tx, scope, service, children, date) : null;
    const own = await ownParts(tx, scope, service, children, date);
    for (const { id } of children) {
      const price = prices.get(id);
      const part = own.get(id);
      const fee = fees?.get(id);
      const ownOf = (cents: bigint): bigint => (part ? part.of(cents) : cents);
      result.set(moneyKey(id, date), {
        ...base,
        ...(fees ? { model: "fixed-fee" } : {}),
        isHidden: !scope.seesMoney({ id }),
        priceCents: price?.outcome === "priced" ? ownOf(price.amountCents) : null,
        ownBasisPoints: part?.basisPoints ?? null,
        fee: fee ? { ...fee, amountCents: ownOf(fee.amountCents) } : null,
      });
    }
  }
  return result;
}

interface OwnPart {
  basisPoints: number;
  /** split as the charge will be, to the cent */
  of(cents: bigint): bigint;
}

/** What the visitor's accounts pay of children whose costs are shared with others; the others are absent. */
async function ownParts(
  tx: ReadTx,
  scope: FamilyScope,
  service: Service,
  children: readonly ScopedChild[],
  date: Day,
): Promise<Map<string, OwnPart>> {
  const found = new Map<string, OwnPart>();
  const shares = await sharesInForce(tx, { childIds: children.map(({ id }) => id), date });
  if (shares.length === 0) return found;
  const childIds = [...new Set(shares.map(({ childId }) => childId))];
  const payers = await payersOn(tx, { childIds, serviceId: service.id, date });
  for (const [childId, all] of payers) {
    const isOwn = all.map(({ holderId }) => scope.holderIds.includes(holderId));
    if (isOwn.every(Boolean)) continue;
    const points = all.map(({ basisPoints }) => basisPoints);
    const sum = (parts: readonly bigint[]): bigint =>
      parts.reduce((total, part, index) => (isOwn[index] ? total + part : total), 0n);
    found.set(childId, {
      basisPoints: Number(sum(points.map(BigInt))),
      of: (cents) => sum(splitByShares(cents, points)),
    });
  }
  return found;
}

/** The fee of the period that `date` is in, for each child (a household's fee once for all of them). */
async function feesOf(
  tx: ReadTx,
  scope: FamilyScope,
  service: Service,
  children: readonly ScopedChild[],
  date: Day,
): Promise<Map<string, NonNullable<MealMoney["fee"]>>> {
  const found = new Map<string, NonNullable<MealMoney["fee"]>>();
  const version: TariffVersion | null = await tariffOn(tx, { serviceId: service.id, date });
  const year = scope.calendar.years.find((one) => one.year === schoolYearOf(date));
  if (!version || version.definition.kind !== "fixed-fee" || !year) return found;
  const { definition } = version;
  const periods = feePeriods(definition, year.year, year.startsOn, year.endsOn);
  const period = periods.findLast(({ from }) => Temporal.PlainDate.compare(from, date) <= 0);
  if (!period) return found;
  const members = children.map(({ id, level }) => ({ childId: id, level }));
  for (const fee of await priceFees(tx, { serviceId: service.id, period, children: members })) {
    if (fee.outcome !== "priced") continue;
    const { subject, amountCents } = fee;
    const ids = subject.kind === "child" ? [subject.childId] : subject.childIds;
    for (const id of ids) found.set(id, { amountCents, per: definition.per });
  }
  return found;
}

/** `Quota a carico: 50 %`, beside amounts that are a part only. */
export function ownShare(money: MealMoney | undefined, lang: Lang): string | null {
  if (!money || money.isHidden || money.ownBasisPoints === null) return null;
  return words(lang).ownShare(formats(lang).number(money.ownBasisPoints / 100));
}

/** Before the act: `Se mangia: 4,60 € nell'avviso di novembre.`, of one's own part: `… Quota a carico: 50 %.` */
export function beforeAct(money: MealMoney | undefined, lang: Lang): string {
  if (money?.isHidden) return "";
  const share = ownShare(money, lang);
  if (money?.ownBasisPoints === 0) return `${share}.`;
  return share ? `${ownAmount(money, lang)} ${share}.` : ownAmount(money, lang);
}

function ownAmount(money: MealMoney | undefined, lang: Lang): string {
  const w = words(lang);
  const { ifEaten } = shared(lang);
  if (!money) return w.notPriced;
  if (money.model === "fixed-fee")
    return money.fee ? w.fee(w.fees[money.fee.per], formatEuro(money.fee.amountCents)) : w.someFee;
  if (money.priceCents === null) return w.notPriced;
  if (money.priceCents === 0n) return ifEaten.exempt;
  const price = formatEuro(money.priceCents);
  return money.model === "prepaid"
    ? ifEaten.prepaid(price, money.wallet)
    : ifEaten.postpaid(price, money.month);
}

/** When nothing can change any more: `4,60 € nell'avviso di novembre.` */
export function stands(money: MealMoney | undefined, lang: Lang): string {
  const { ifEaten } = words(lang);
  const sentence = beforeAct(money, lang);
  return sentence.startsWith(ifEaten) ? sentence.slice(ifEaten.length) : sentence;
}

/** After a cancellation; `creditCents` where the town is prepaid and the account may be shown. */
export function afterCancelling(
  money: MealMoney | undefined,
  creditCents: bigint | null,
  lang: Lang,
): string {
  const { noCharge } = words(lang);
  const { afterCancelling: after } = shared(lang);
  if (!money) return noCharge;
  if (money.isHidden) return "";
  if (money.model === "fixed-fee") return after.fixedFee;
  if (money.ownBasisPoints === 0) return noCharge;
  if (money.priceCents === 0n) return after.exempt;
  if (money.model === "postpaid") return after.postpaid(money.month);
  return creditCents === null ? noCharge : after.prepaid(formatEuro(creditCents));
}

/** The meal stays charged: refused, late, or reported too late. */
export function keptCharge(money: MealMoney | undefined, lang: Lang): string {
  const { stays } = words(lang);
  const { afterCancelling: after } = shared(lang);
  if (money?.isHidden) return stays;
  if (money?.model === "fixed-fee") return after.fixedFee;
  if (!money || money.priceCents === null || money.ownBasisPoints === 0) return stays;
  if (money.priceCents === 0n) return `${stays} ${after.exempt}`;
  return after.late(formatEuro(money.priceCents));
}

export function samePrice(money: MealMoney | undefined, lang: Lang): string {
  const w = words(lang);
  if (money?.isHidden) return "";
  if (!money || money.priceCents === null || money.ownBasisPoints === 0) return w.samePrice;
  if (money.priceCents === 0n) return w.free;
  return w.samePriceOf(formatEuro(money.priceCents));
}

/** A day given up: `Nessun addebito.`, `La quota mensile non cambia.` */
export const givenUp = (money: MealMoney | undefined, lang: Lang): string =>
  money?.model === "fixed-fee" && !money.isHidden
    ? shared(lang).afterCancelling.fixedFee
    : nothingCharged(money, lang);

/** After an act that costs nothing: `Nessun addebito.` */
export const nothingCharged = (money: MealMoney | undefined, lang: Lang): string =>
  money?.isHidden ? "" : words(lang).noCharge;

/** `Il pasto resta addebitato.`, before an absence is told too late */
export const staysCharged = (money: MealMoney | undefined, lang: Lang): string =>
  money?.isHidden ? words(lang).stays : words(lang).staysCharged;

/** The credit a cancellation leaves, if the account is one of the visitor's; `null` otherwise. */
export async function creditOf(
  tx: ReadTx,
  scope: FamilyScope,
  of: { service: Service; child: ScopedChild; date: Day },
): Promise<bigint | null> {
  const payment = scope.settings.service(of.service.code, "payment", of.date);
  const [holderId] = scope.payersOf(of.child, of.service.id);
  if (payment.model !== "prepaid" || !holderId) return null;
  const account = familyAccount(payment.accountScope, {
    holderId,
    childId: of.child.id,
    serviceId: of.service.id,
  });
  if (!scope.maySee({ holderId, childId: account.childId ?? null })) return null;
  const [found] = await balances(tx, { accounts: [account] });
  return found?.balanceCents ?? 0n;
}
