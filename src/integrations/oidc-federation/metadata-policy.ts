// SPDX-License-Identifier: EUPL-1.2
/**
 * Metadata policy (entity_statement, "Metadata Policy"; OpenID Federation 1.0, section 6.1): what superiors allow an entity to
 * say of itself. Policies are combined from the anchor down: a subordinate may narrow, never widen. An operator nobody knows
 * refuses, although the standard would skip it: a rule that is not understood is not obeyed.
 */
import { type Refusal, refused } from "./refusal.ts";

export type PolicyFault =
  | "policy-malformed"
  | "policy-operator"
  | "policy-conflict"
  | "policy-violated";
type Metadata = Readonly<Record<string, unknown>>;
type Operators = Readonly<Record<string, unknown>>;
/** parameter → operator → value */
export type Policy = ReadonlyMap<string, Operators>;

const LISTS = ["add", "one_of", "subset_of", "superset_of"];
const KNOWN = new Set([...LISTS, "value", "default", "essential"]);

/** The policies for one type of entity, the anchor's first, as one. */
export function combinePolicies(
  policies: readonly unknown[],
): { outcome: "combined"; policy: Policy } | Refusal<PolicyFault> {
  const combined = new Map<string, Operators>();
  for (const policy of policies) {
    if (policy === undefined) continue;
    if (!isObject(policy)) return refused("policy-malformed");
    for (const [parameter, operators] of Object.entries(policy)) {
      const fault = faultOfOperators(operators);
      if (fault) return refused(fault, parameter);
      const merged = merge(combined.get(parameter) ?? {}, operators as Operators);
      if (!merged || contradicts(merged)) return refused("policy-conflict", parameter);
      combined.set(parameter, merged);
    }
  }
  return { outcome: "combined", policy: combined };
}

/** Metadata as the policy makes them: values set, added or filled in, then checked. */
export function applyPolicy(
  metadata: Metadata,
  policy: Policy,
): { outcome: "applied"; metadata: Metadata } | Refusal<PolicyFault> {
  const result = new Map(Object.entries(metadata));
  for (const [parameter, operators] of policy) {
    const applied = applyOperators(parameter, result.get(parameter), operators);
    if (applied === VIOLATED) return refused("policy-violated", parameter);
    if (applied === undefined) result.delete(parameter);
    else result.set(parameter, applied);
  }
  return { outcome: "applied", metadata: Object.fromEntries(result) };
}

const VIOLATED = Symbol("violated");
const isObject = (value: unknown): value is Metadata =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function faultOfOperators(operators: unknown): PolicyFault | null {
  if (!isObject(operators)) return "policy-malformed";
  for (const [name, value] of Object.entries(operators)) {
    if (!KNOWN.has(name)) return "policy-operator";
    if (LISTS.includes(name) && !Array.isArray(value)) return "policy-malformed";
    if (name === "essential" && typeof value !== "boolean") return "policy-malformed";
    if (name === "default" && value === null) return "policy-malformed";
  }
  return null;
}

/** Key order of an object does not matter, order of an array does (of sets it never comes to that). */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    isObject(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? "";

const has = (list: readonly unknown[], value: unknown): boolean =>
  list.some((one) => textOf(one) === textOf(value));
const includes = (list: readonly unknown[], part: readonly unknown[]): boolean =>
  part.every((one) => has(list, one));
const common = (a: readonly unknown[], b: readonly unknown[]): unknown[] =>
  a.filter((one) => has(b, one));
const union = (a: readonly unknown[], b: readonly unknown[]): unknown[] => [
  ...a,
  ...b.filter((one) => !has(a, one)),
];
const listIn = (operators: Operators, name: string): readonly unknown[] | null =>
  Array.isArray(operators[name]) ? (operators[name] as unknown[]) : null;

/** Section 6.1.3.1: how the same operator of two superiors becomes one; `null` when it cannot. */
function merge(above: Operators, below: Operators): Operators | null {
  const merged: Record<string, unknown> = { ...above };
  for (const [name, value] of Object.entries(below)) {
    const before = merged[name];
    if (!Object.hasOwn(above, name)) merged[name] = value;
    else if (name === "essential") merged[name] = before === true || value === true;
    else if (name === "value" || name === "default") {
      if (textOf(before) !== textOf(value)) return null;
    } else {
      const [a, b] = [before as unknown[], value as unknown[]];
      merged[name] = name === "add" || name === "superset_of" ? union(a, b) : common(a, b);
      if (name === "one_of" && (merged[name] as unknown[]).length === 0) return null;
    }
  }
  return merged;
}

/** Section 6.1.3.1: which operators may stand together, and when. */
function contradicts(operators: Operators): boolean {
  const add = listIn(operators, "add");
  const oneOf = listIn(operators, "one_of");
  const subset = listIn(operators, "subset_of");
  const superset = listIn(operators, "superset_of");
  if (oneOf && (add || subset || superset)) return true;
  if (add && subset && !includes(subset, add)) return true;
  if (subset && superset && !includes(subset, superset)) return true;
  if (!Object.hasOwn(operators, "value")) return false;
  const { value } = operators;
  if (value === null) return operators["essential"] === true || Object.hasOwn(operators, "default");
  if (oneOf) return !has(oneOf, value);
  const values = asList(value);
  return !(
    (!add || includes(values, add)) &&
    (!subset || includes(subset, values)) &&
    (!superset || includes(values, superset))
  );
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Section 6.1.3.1, in its order: value, add, default, one_of, subset_of, superset_of, essential. */
function applyOperators(parameter: string, own: unknown, operators: Operators): unknown {
  let value: unknown = own ?? undefined;
  if (Object.hasOwn(operators, "value")) value = operators["value"] ?? undefined;
  // `scope` is a list written as one text.
  const isWords = parameter === "scope" && (value === undefined || typeof value === "string");
  if (isWords && value !== undefined) value = String(value).split(" ").filter(Boolean);
  const add = listIn(operators, "add");
  if (add) {
    if (value !== undefined && !Array.isArray(value)) return VIOLATED;
    value = union((value as unknown[] | undefined) ?? [], add);
  }
  if (value === undefined && Object.hasOwn(operators, "default")) value = operators["default"];
  const checked = checkLists(value, operators);
  const isEmpty = Array.isArray(checked) && checked.length === 0;
  if (operators["essential"] === true && (checked === undefined || isEmpty)) return VIOLATED;
  return isWords && Array.isArray(checked) ? checked.join(" ") : checked;
}

function checkLists(value: unknown, operators: Operators): unknown {
  if (value === undefined) return undefined;
  const oneOf = listIn(operators, "one_of");
  if (oneOf && !has(oneOf, value)) return VIOLATED;
  const subset = listIn(operators, "subset_of");
  const superset = listIn(operators, "superset_of");
  if (!subset && !superset) return value;
  if (!Array.isArray(value)) return VIOLATED;
  const kept = subset ? common(value, subset) : value;
  return superset && !includes(kept, superset) ? VIOLATED : kept;
}
