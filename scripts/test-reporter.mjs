// SPDX-License-Identifier: EUPL-1.2
// Reporter of node:test for scripts/test.mjs: failures in full, skipped tests with their reason, and counts. What a
// process says of the files it was handed goes to the runner as messages, file by file; of files it was started with
// as one JSON line at the end (the runner reads it; people do not see it).
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { inspect } from "node:util";

const COUNTS = "CAMPANELLA-COUNTS ";

function whyOf(error) {
  const cause = error?.cause ?? error;
  if (!(cause instanceof Error)) return inspect(cause, { depth: 4 });
  const more = "diff" in cause || cause.code === "ERR_ASSERTION" ? "" : inspect({ ...cause });
  return [cause.stack ?? cause.message, more === "{}" ? "" : more].filter(Boolean).join("\n");
}

/** Also what broke after its test had ended, which node:test only mentions. */
const isFault = ({ level, message }) => level === "error" || message.startsWith("Error: ");

/** Milliseconds of a processor that this process has used, with those it started that have ended (Linux tells). */
function processorMs() {
  try {
    const [user, system, ofUser, ofSystem] = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /, "")
      .split(" ")
      .slice(11, 15)
      .map(Number);
    return 10 * (user + system + ofUser + ofSystem);
  } catch {
    const { user, system } = process.cpuUsage();
    return Math.round((user + system) / 1000);
  }
}

const indent = (text) => text.replace(/^/gm, "    ");

/** Nobody would know of which file it is. */
const OUTSIDE = "registered after its file was loaded: a test that makes others uses `t.test`";

/** What one file, or one process, has to say. */
class Account {
  passed = 0;
  failed = 0;
  skipped = 0;
  #said = [];
  #skips = new Map();

  add(type, data) {
    const isSuite = data.details?.type === "suite";
    if (type === "test:fail" && data.details?.error?.failureType !== "subtestsFailed") {
      const at = data.file ? `${relative(process.cwd(), data.file)}:${data.line ?? 1}` : "";
      this.#said.push(`  ✗ ${data.name}  ${at}\n${indent(whyOf(data.details?.error))}`);
      this.failed += 1;
    } else if (type === "test:fail" && !isSuite) this.failed += 1;
    if (type !== "test:pass" || isSuite) return;
    if (data.skip === undefined && data.todo === undefined) this.passed += 1;
    else this.#skip(data.skip ?? data.todo, data.name);
  }

  fail({ name }, why) {
    this.#said.push(`  ✗ ${name}: ${why}`);
    this.failed += 1;
  }

  #skip(reason, name) {
    const why = typeof reason === "string" && reason !== "" ? reason : "no reason given";
    this.#skips.set(why, [...(this.#skips.get(why) ?? []), name]);
    this.skipped += 1;
  }

  get text() {
    const skips = [...this.#skips].map(([why, names]) => {
      const more = names.length > 3 ? "; …" : "";
      return `  skipped ${names.length}: ${why} (${names.slice(0, 3).join("; ")}${more})`;
    });
    return [...this.#said, ...skips].join("\n");
  }

  get counts() {
    const { passed, failed, skipped } = this;
    return { passed, failed, skipped };
  }
}

export default async function* report(source) {
  const isWorker = process.send !== undefined;
  let account = new Account();
  let usedBefore = 0;
  for await (const { type, data } of source) {
    if (type === "test:pass" || type === "test:fail") {
      const isFile = data.details?.type === "suite";
      account.add(type, data);
      if (isWorker && data.nesting === 0 && !isFile) account.fail(data, OUTSIDE);
      if (isWorker && data.nesting === 0 && isFile) {
        const { counts, text } = account;
        const used = processorMs();
        const rss = process.memoryUsage().rss;
        process.send({ file: data.name, counts, text, rss, cpu: used - usedBefore });
        usedBefore = used;
        account = new Account();
      }
    }
    if (type === "test:stderr" || type === "test:stdout") yield data.message;
    if (type === "test:diagnostic" && isFault(data)) yield `  ${data.message}\n`;
  }
  if (isWorker) {
    if (account.failed > 0) process.exitCode = 1;
    if (account.failed > 0) yield `${account.text}\n`;
    return;
  }
  yield `${account.text}\n${COUNTS}${JSON.stringify({ ...account.counts, cpu: processorMs() })}\n`;
}
