// SPDX-License-Identifier: EUPL-1.2
// Reporter of node:test for scripts/test.mjs: failures in full, skipped tests with their reason, and the counts of
// the run as one JSON line at the end (the runner reads it; people do not see it).
import { relative } from "node:path";
import { inspect } from "node:util";

const COUNTS = "CAMPANELLA-COUNTS ";

function whyOf(error) {
  const cause = error?.cause ?? error;
  if (!(cause instanceof Error)) return inspect(cause, { depth: 4 });
  const more = "diff" in cause || cause.code === "ERR_ASSERTION" ? "" : inspect({ ...cause });
  return [cause.stack ?? cause.message, more === "{}" ? "" : more].filter(Boolean).join("\n");
}

const indent = (text) => text.replace(/^/gm, "    ");

export default async function* report(source) {
  const skipped = new Map();
  let counts = null;
  for await (const { type, data } of source) {
    if (type === "test:fail" && data.details?.error?.failureType !== "subtestsFailed") {
      const at = data.file ? `${relative(process.cwd(), data.file)}:${data.line ?? 1}` : "";
      yield `  ✗ ${data.name}  ${at}\n${indent(whyOf(data.details?.error))}\n`;
    }
    if (type === "test:pass" && data.skip !== undefined && data.details?.type !== "suite") {
      const why = typeof data.skip === "string" && data.skip !== "" ? data.skip : "no reason given";
      skipped.set(why, [...(skipped.get(why) ?? []), data.name]);
    }
    if (type === "test:stderr" || type === "test:stdout") yield data.message;
    if (type === "test:diagnostic" && data.level === "error") yield `  ${data.message}\n`;
    if (type === "test:summary" && data.file === undefined) counts = data.counts;
  }
  for (const [why, names] of skipped) {
    yield `  skipped ${names.length}: ${why} (${names.slice(0, 3).join("; ")}${names.length > 3 ? "; …" : ""})\n`;
  }
  yield `${COUNTS}${JSON.stringify(counts ?? {})}\n`;
}
