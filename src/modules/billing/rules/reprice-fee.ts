// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore, later } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";
import type { Instalment } from "#tariffs";

/** One holder's part of one instalment, as it stands. */
export interface StandingPart {
  readonly amountCents: Cents;
  /** what of it nobody has paid */
  readonly openCents: Cents;
  readonly dueOn: Day | null;
  readonly reason: string;
}

/** What takes its place; `former` null: there was none. */
export interface FeePart<Part extends StandingPart> {
  readonly former: Part | null;
  readonly amountCents: Cents;
  readonly dueOn: Day | null;
  readonly reason: string;
}

export interface PartRule {
  readonly periodName: string;
  /** as the tariff has them now */
  readonly instalments: readonly Instalment[];
  /** null: a bill or a wallet takes the fee, no day matters */
  readonly days: { readonly today: Day; readonly soonest: Day } | null;
}

/** The receivable of what is left to ask once every instalment is paid or past its day. */
const SUPPLEMENT = "conguaglio";
export const supplementOf = (periodName: string): string => `${periodName}, ${SUPPLEMENT}`;

/**
 * One holder's part of a fee that costs something else now: only what changes.
 * - Less: taken evenly from what is unpaid, in the same days; what is left of the difference makes what is paid smaller,
 *   the last instalment first: credit.
 * - More: added evenly to the unpaid instalments whose day is still to come. What was late is never made higher; where
 *   none is left, one more receivable with a day of its own.
 * A day still to come is never sooner than `soonest`; one that is past stays.
 */
export function repricePart<Part extends StandingPart>(
  standing: readonly Part[],
  totalCents: Cents,
  rule: PartRule,
): FeePart<Part>[] {
  if (standing.length === 0) return fromTariff(totalCents, rule);
  const parts = standing.toSorted(byDay);
  const difference = totalCents - sumOf(parts.map(({ amountCents }) => amountCents));
  if (difference === 0n) return [];
  const changes = difference < 0n ? lessened(parts, -difference) : raised(parts, difference, rule);
  if (changes === null) return [supplement(parts, difference, rule)];
  return parts.flatMap((former, index) =>
    changes[index] === 0n
      ? []
      : {
          former,
          amountCents: former.amountCents + changes[index]!,
          dueOn: dayFor(former.dueOn, rule),
          reason: former.reason,
        },
  );
}

function lessened(parts: readonly StandingPart[], lessCents: Cents): Cents[] {
  const open = parts.map(({ openCents }) => openCents);
  const ofOpen = sumOf(open) < lessCents ? sumOf(open) : lessCents;
  const taken = splitByWeights(ofOpen, open);
  let rest = lessCents - ofOpen;
  for (const [index, { amountCents }] of [...parts.entries()].reverse()) {
    const paid = amountCents - taken[index]!;
    const more = rest < paid ? rest : paid;
    taken[index]! += more;
    rest -= more;
  }
  return taken.map((cents) => -cents);
}

/** null: no instalment is left to carry it */
function raised(
  parts: readonly StandingPart[],
  moreCents: Cents,
  { days, instalments }: PartRule,
): Cents[] | null {
  const mayCarry = parts.map(
    ({ amountCents, openCents, dueOn }) =>
      (openCents > 0n || amountCents === 0n) && !(days && dueOn && isBefore(dueOn, days.today)),
  );
  if (!mayCarry.includes(true)) return null;
  const open = parts.map(({ openCents }, index) => (mayCarry[index] ? openCents : 0n));
  if (sumOf(open) > 0n) return splitByWeights(moreCents, open);
  // They cost nothing until now: as the tariff has it, where they are its own instalments.
  const isWhole = instalments.length === parts.length && !mayCarry.includes(false);
  const asTariff = isWhole ? instalments.map(({ amountCents }) => amountCents) : [];
  const evenly = mayCarry.map((may) => (may ? 1n : 0n));
  return splitByWeights(moreCents, sumOf(asTariff) > 0n ? asTariff : evenly);
}

function supplement(
  parts: readonly StandingPart[],
  amountCents: Cents,
  { days, periodName }: PartRule,
): FeePart<never> {
  const name = supplementOf(periodName);
  const before = parts.filter(({ reason }) => reason.startsWith(name)).length;
  return {
    former: null,
    amountCents,
    dueOn: days?.soonest ?? null,
    reason: before === 0 ? name : `${name} ${before + 1}`,
  };
}

/** Who pays it only now: as the tariff has it. */
function fromTariff(totalCents: Cents, rule: PartRule): FeePart<never>[] {
  const { instalments, periodName, days } = rule;
  const weights = instalments.map(({ amountCents }) => amountCents);
  const parts = splitByWeights(totalCents, sumOf(weights) > 0n ? weights : weights.map(() => 1n));
  return instalments.map(({ dueOn }, index) => ({
    former: null,
    amountCents: parts[index]!,
    dueOn: dueOn && days ? later(dueOn, days.soonest) : dueOn,
    reason: instalmentName(periodName, instalments.length, index),
  }));
}

export const instalmentName = (periodName: string, count: number, index: number): string =>
  count > 1 ? `${periodName}, rata ${index + 1}` : periodName;

function dayFor(dueOn: Day | null, { days }: PartRule): Day | null {
  if (!dueOn || !days || isBefore(dueOn, days.today)) return dueOn;
  return later(dueOn, days.soonest);
}

/** In proportion, to the cent; no part is more than its weight where the whole is not. */
function splitByWeights(amountCents: Cents, weights: readonly Cents[]): Cents[] {
  const total = sumOf(weights);
  if (total === 0n) return weights.map(() => 0n);
  let reached = 0n;
  return weights.map((weight) => {
    const before = (amountCents * reached) / total;
    reached += weight;
    return (amountCents * reached) / total - before;
  });
}

const sumOf = (cents: readonly Cents[]): Cents => cents.reduce((sum, one) => sum + one, 0n);

const byDay = (a: StandingPart, b: StandingPart): number =>
  a.dueOn && b.dueOn
    ? Temporal.PlainDate.compare(a.dueOn, b.dueOn)
    : a.dueOn
      ? -1
      : b.dueOn
        ? 1
        : 0;
