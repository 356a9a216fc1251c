// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { stolenPasswords } from "./sorted-file.ts";

const folder = mkdtempSync(join(tmpdir(), "campanella-passwords-"));
after(() => rmSync(folder, { recursive: true }));

const sumOf = (password: string): string =>
  createHash("sha1").update(password).digest("hex").toUpperCase();

function listOf(lines: readonly string[]): string {
  const path = join(folder, `${Math.random()}.txt`);
  writeFileSync(path, lines.join("\n"));
  return path;
}

describe("the operator's list of stolen passwords", () => {
  const known = Array.from({ length: 500 }, (_, one) => `rubata numero ${one}`);
  const shapes: [string, (sum: string) => string][] = [
    ["whole sums with counts", (sum) => `${sum}:${Number.parseInt(sum.slice(0, 6), 16)}`],
    ["prefixes", (sum) => sum.slice(0, 10)],
    ["small letters and Windows lines", (sum) => `${sum.toLowerCase()}\r`],
  ];
  for (const [name, shape] of shapes)
    it(`MC-09 finds each one and no other: ${name}`, async () => {
      const has = await stolenPasswords(listOf(known.map(sumOf).toSorted().map(shape)));
      for (const password of known) assert.ok(await has(password), password);
      for (let one = 0; one < 300; one += 1) assert.ok(!(await has(`mai vista ${one}`)));
    });

  it("one line alone, and a line break at the end", async () => {
    const has = await stolenPasswords(listOf([sumOf("una sola"), ""]));
    assert.ok(await has("una sola"));
    assert.ok(!(await has("un'altra")));
  });

  it("refuses a file that is no such list", async () => {
    const sums = known.map(sumOf).toSorted();
    for (const path of [
      join(folder, "missing"),
      listOf([]),
      listOf(known),
      listOf(sums.toReversed()),
      listOf(sums.map((sum) => sum.slice(0, 5))),
    ])
      await assert.rejects(stolenPasswords(path), { name: "PasswordListError" });
  });
});
