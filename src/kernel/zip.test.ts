// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { MAX_ZIP_FILES, readZip, zipEnd, zipPiece } from "./zip.ts";

const skip = spawnSync("python3", ["--version"]).status === 0 ? false : "skipped: no python3";

describe("archives made in pieces", () => {
  const pieces = [
    zipPiece([
      ["uno.txt", Buffer.from("uno")],
      ["città/due.bin", Buffer.alloc(70_000, 7)],
    ]),
    zipPiece([]),
    zipPiece([["tre.txt", Buffer.alloc(0)]]),
  ];
  const entries = pieces.flatMap((piece) => piece.entries);
  const whole = Buffer.concat([...pieces.map(({ bytes }) => bytes), zipEnd(entries)]);

  it("are one archive whenever the pieces were made", async () => {
    const read = await readZip(whole, () => true, 1e6);
    assert.deepEqual(
      [...read].map(([name, { length }]) => [name, length]),
      [
        ["uno.txt", 3],
        ["città/due.bin", 70_000],
        ["tre.txt", 0],
      ],
    );
  });

  it("satisfy another program's reader, checksums and all", { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "campanella-zip-"));
    const file = join(folder, "a.zip");
    writeFileSync(file, whole);
    const script = `import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())`;
    const { stdout, status } = spawnSync("python3", ["-c", script, file], {
      encoding: "utf8",
      env: { ...process.env, PYTHONIOENCODING: "utf-8" },
    });
    rmSync(folder, { recursive: true });
    assert.equal(status, 0);
    assert.equal(stdout.trim(), "None ['uno.txt', 'città/due.bin', 'tre.txt']");
  });

  it("hold as much as the format can say, and no more", () => {
    const small = { name: "x", crc32: 0, length: 0 };
    assert.ok(zipEnd(Array.from({ length: MAX_ZIP_FILES }, () => small)));
    assert.throws(() => zipEnd(Array.from({ length: MAX_ZIP_FILES + 1 }, () => small)), RangeError);
    const large = { ...small, length: 2 ** 31 };
    assert.throws(() => zipEnd([large, large, small]), RangeError);
  });
});
