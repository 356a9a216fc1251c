// SPDX-License-Identifier: EUPL-1.2
import { type Day, later } from "#kernel/dates.ts";
import type { Cents } from "#kernel/money.ts";

/** A code of a flow has at most so many characters; a shorter beginning than this says nothing. */
const LONGEST_CODE = 35;
const SHORTEST_BEGINNING = 8;

export interface MatchableFlow {
  readonly id: string;
  readonly creditorFiscalCode: string;
  readonly flowCode: string;
  readonly totalCents: Cents;
}

export interface MatchableMovement {
  readonly id: string;
  /** whose treasury: it pays no flow of another institution of the town */
  readonly creditorFiscalCode: string;
  readonly key: string;
  readonly movedOn: Day;
  readonly amountCents: Cents;
  readonly causale: string;
  /** what somebody of the office said */
  readonly chosenFlowId: string | null;
}

export interface MatchedMovement {
  readonly flowId: string | null;
  readonly standing: "unexplained" | "matched" | "amount-differs";
}

export interface Matches {
  /** movement id → */
  readonly movements: ReadonlyMap<string, MatchedMovement>;
  /** flow id → the day the bank had all of it */
  readonly banked: ReadonlyMap<string, Day>;
}

/**
 * Is it about pagoPA? The causale of a PSP's transfer is `/PUR/LGPE-RIVERSAMENTO/TXT/<0-9>/URI/<flow>` (SACIV § 8);
 * banks split it over lines, cut it, put words before and after.
 */
export const isSettlementCausale = (causale: string): boolean =>
  /\/PUR\/?LGPE|LGPE-?RIVERSA|\/URI\/|PAGOPA/i.test(causale.replaceAll(/\s+/g, ""));

/** What stands after `/URI/`, without spaces: begins with the flow's code, or is a beginning of it. */
function tailOf(causale: string): string {
  const glued = causale.replaceAll(/\s+/g, "");
  const at = /LGPE-?RIVERSAMENTO(?:\/TXT\/\d)?\/URI\//i.exec(glued) ?? /\/URI\//i.exec(glued);
  return at ? glued.slice(at.index + at[0].length, at.index + at[0].length + 60) : "";
}

/** What a cut causale still says of its flow: until the first space, or all of it when nothing else follows. */
function beginningsOf(causale: string): string[] {
  const word = /URI\/\s*([A-Za-z0-9_-]+)/i.exec(causale)?.[1] ?? "";
  const tail = tailOf(causale);
  const all = /^[A-Za-z0-9_-]+$/.test(tail) ? [word, tail] : [word];
  return all.filter(({ length }) => length >= SHORTEST_BEGINNING);
}

/**
 * Which flow each movement pays: by its code in the causale and an equal amount. A code that is there with another
 * amount is shown as such, unless all the movements of that flow together make it up (a transfer sent in parts, or
 * taken back and sent again). A cut code matches when one flow alone begins so and has that amount. The answer depends
 * on what is there, not on the order in which it came. Each creditor institution of a town for itself: one PSP may give
 * two of them the same code.
 */
export function matchMovements(
  flows: readonly MatchableFlow[],
  movements: readonly MatchableMovement[],
): Matches {
  const flowsOf = Map.groupBy(flows, ({ creditorFiscalCode }) => creditorFiscalCode);
  const parts = [...Map.groupBy(movements, ({ creditorFiscalCode }) => creditorFiscalCode)].map(
    ([creditor, own]) => matchOfCreditor(flowsOf.get(creditor) ?? [], own),
  );
  return {
    movements: new Map(parts.flatMap((part) => [...part.movements])),
    banked: new Map(parts.flatMap((part) => [...part.banked])),
  };
}

function matchOfCreditor(
  flows: readonly MatchableFlow[],
  movements: readonly MatchableMovement[],
): Matches {
  const byId = new Map(flows.map((flow) => [flow.id, flow]));
  const byCode = Map.groupBy(flows, ({ flowCode }) => flowCode);
  const ordered = movements.toSorted(
    (a, b) => Temporal.PlainDate.compare(a.movedOn, b.movedOn) || (a.key < b.key ? -1 : 1),
  );
  const named = new Map<string, MatchableMovement[]>();
  const unnamed: MatchableMovement[] = [];
  for (const movement of ordered) {
    const flow = namedFlow(movement, byId, byCode);
    if (flow) named.set(flow.id, [...(named.get(flow.id) ?? []), movement]);
    else unnamed.push(movement);
  }
  const result = new Map<string, MatchedMovement>();
  const banked = new Map<string, Day>();
  const settle = (flowId: string, paid: readonly MatchableMovement[]): void => {
    for (const { id } of paid) result.set(id, { flowId, standing: "matched" });
    banked.set(flowId, paid.map(({ movedOn }) => movedOn).reduce(later));
  };
  for (const [flowId, of] of named) {
    const total = byId.get(flowId)!.totalCents;
    for (const { id } of of) result.set(id, { flowId, standing: "amount-differs" });
    const sum = of.reduce((all, { amountCents }) => all + amountCents, 0n);
    const exact = of.find(({ amountCents }) => amountCents === total);
    if (sum === total) settle(flowId, of);
    else if (exact && of.every(({ amountCents }) => amountCents > 0n)) settle(flowId, [exact]);
  }
  matchBeginnings(flows, unnamed, { result, banked, settle });
  return { movements: result, banked };
}

function namedFlow(
  { causale, chosenFlowId }: MatchableMovement,
  byId: ReadonlyMap<string, MatchableFlow>,
  byCode: ReadonlyMap<string, MatchableFlow[]>,
): MatchableFlow | undefined {
  if (chosenFlowId !== null) return byId.get(chosenFlowId);
  const tail = tailOf(causale);
  // The longest code wins: S1 is a beginning of S10.
  for (let length = Math.min(tail.length, LONGEST_CODE); length > 0; length -= 1) {
    const found = byCode.get(tail.slice(0, length));
    // Two senders with one code: only a person can tell.
    if (found) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

function matchBeginnings(
  flows: readonly MatchableFlow[],
  unnamed: readonly MatchableMovement[],
  out: {
    result: Map<string, MatchedMovement>;
    banked: ReadonlyMap<string, Day>;
    settle: (flowId: string, paid: readonly MatchableMovement[]) => void;
  },
): void {
  const byAmount = Map.groupBy(
    flows.filter(({ id }) => !out.banked.has(id)),
    ({ totalCents }) => totalCents,
  );
  const wanted = new Map<string, MatchableMovement[]>();
  for (const movement of unnamed) {
    out.result.set(movement.id, { flowId: null, standing: "unexplained" });
    const beginnings = beginningsOf(movement.causale);
    const fitting = (byAmount.get(movement.amountCents) ?? []).filter(({ flowCode }) =>
      beginnings.some((beginning) => flowCode.startsWith(beginning)),
    );
    const [only] = fitting;
    if (only && fitting.length === 1)
      wanted.set(only.id, [...(wanted.get(only.id) ?? []), movement]);
  }
  // Two movements that could both be it: a person decides.
  for (const [flowId, of] of wanted) if (of.length === 1) out.settle(flowId, of);
}
