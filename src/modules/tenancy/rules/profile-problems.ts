// SPDX-License-Identifier: EUPL-1.2
import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from "yaml";
import { z } from "zod";
import { profileSchema } from "./profile-schema.ts";

export type PathStep = string | number;

/** One thing to correct (or to know) in a profile file. Line and column start at 1. */
export interface ProfileProblem {
  readonly line: number;
  readonly column: number;
  /** `services.mensa.cutoffs.portal`; items of a list are counted from 1 */
  readonly path: string;
  /** Italian: what is wrong and what to write instead */
  readonly message: string;
}

export interface Finding {
  readonly path: readonly PathStep[];
  readonly message: string;
  /** point at the key itself, not at its value */
  readonly atKey?: boolean;
}

export const pathText = (path: readonly PathStep[]): string =>
  path.map((step) => (typeof step === "number" ? step + 1 : step)).join(".");

/** Where a finding stands in the file: the value, or its key, or the nearest thing that exists around it. */
export function locate(document: Document, lines: LineCounter, finding: Finding): ProfileProblem {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, step] of finding.path.entries()) {
    const isLast = index === finding.path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (!pair) break;
      const value = pair.value as Node | null;
      const useValue = isScalar(value) && value.source !== "" && !(isLast && finding.atKey);
      offset = (useValue ? value.range?.[0] : (pair.key as Node).range?.[0]) ?? offset;
      node = value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col, path: pathText(finding.path), message: finding.message };
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** The profile's shape as JSON Schema, for editors that help while writing. */
export const profileJsonSchema = z.toJSONSchema(profileSchema, {
  unrepresentable: "any",
  io: "input",
  reused: "inline",
}) as JsonSchema;

function keysKnownAt(path: readonly PathStep[]): string[] {
  let schemas = [profileJsonSchema];
  const widen = (list: JsonSchema[]): JsonSchema[] =>
    list.flatMap((schema) => [schema, ...widen(schema.anyOf ?? schema.oneOf ?? [])]);
  for (const step of path) {
    schemas = widen(schemas).flatMap((schema) => {
      if (typeof step === "number") return schema.items ? [schema.items] : [];
      const own = schema.properties?.[step];
      if (own) return [own];
      return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
    });
  }
  return [...new Set(widen(schemas).flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

/** The known word most like the one written, or `null` when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : null;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_unused, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replace, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

const KINDS: Record<string, string> = {
  string: "un testo",
  number: "un numero",
  int: "un numero intero",
  boolean: "true oppure false",
  array: "un elenco",
  object: "un gruppo di voci",
  record: "un gruppo di voci",
};

function valueAt(data: unknown, path: readonly PathStep[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Record<PathStep, unknown>)[step]
        : undefined,
    data,
  );
}

/** Turns zod's issues into findings in Italian that say what to write. */
export function findingsOf(issues: readonly z.core.$ZodIssue[], data: unknown): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path as PathStep[];
    if (issue.code === "unrecognized_keys") {
      const known = keysKnownAt(path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        atKey: true,
        message: `voce sconosciuta «${key}»: ${hintFor(key, known)}`,
      }));
    }
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const nested = issue.errors.reduce((a, b) => (b.length < a.length ? b : a));
      return findingsOf(
        nested.map((inner) => ({ ...inner, path: [...path, ...inner.path] })),
        data,
      );
    }
    if (issue.code === "invalid_key" || issue.code === "invalid_element") {
      const inner = issue.issues[0];
      const text = inner ? messageOf(inner, path.at(-1)) : issue.message;
      return [{ path, atKey: true, message: text }];
    }
    return [{ path, message: messageOf(issue, valueAt(data, path)) }];
  });
}

function hintFor(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near ? `forse «${near}»?` : `qui si può scrivere ${known.toSorted().join(", ")}`;
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  const name = String(issue.path.at(-1) ?? "");
  switch (issue.code) {
    case "invalid_type":
      if (value === undefined || value === null)
        return `manca «${name}»: serve ${KINDS[issue.expected] ?? issue.expected}`;
      if (issue.expected === "string" && typeof value === "number")
        return `«${name}» è un testo: scrivere il valore tra virgolette`;
      return `«${name}»: serve ${KINDS[issue.expected] ?? issue.expected}`;
    case "invalid_value": {
      const values = issue.values.map(String);
      const near = typeof value === "string" ? nearest(value, values) : null;
      if (value === undefined) return `manca «${name}»: scegliere tra ${values.join(", ")}`;
      return `«${String(value)}» non è ammesso: ${near ? `forse «${near}»? ` : ""}scegliere tra ${values.join(", ")}`;
    }
    case "invalid_union":
      return `«${name}» non è ammesso: scegliere tra ${optionsOf(issue).join(", ")}`;
    case "too_small":
      if (issue.message && !issue.message.startsWith("Too small")) return issue.message;
      if (issue.origin === "array") return `«${name}»: serve almeno ${issue.minimum} elemento`;
      if (issue.origin === "string") return `«${name}»: servono almeno ${issue.minimum} caratteri`;
      return `«${name}»: il valore più piccolo è ${issue.minimum}`;
    case "too_big":
      if (issue.origin === "string") return `«${name}»: al massimo ${issue.maximum} caratteri`;
      return `«${name}»: il valore più grande è ${issue.maximum}`;
    case "invalid_format":
      if (issue.format === "date") return `«${name}»: serve una data come 2026-10-05`;
      if (issue.format === "url") return `«${name}»: serve un indirizzo che comincia con https://`;
      return `«${name}»: ${issue.message}`;
    default:
      return `«${name}»: ${issue.message}`;
  }
}

const optionsOf = (issue: z.core.$ZodIssueInvalidUnion): string[] =>
  "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
