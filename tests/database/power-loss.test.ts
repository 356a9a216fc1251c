// SPDX-License-Identifier: EUPL-1.2
/**
 * A power loss, simulated: every write that PGlite's files make is remembered until its file is fsynced. At a random
 * write the machine "loses power": a copy of the folder is made in which a random part of the writes since the last
 * fsync never happened. Whatever was acknowledged before must be in the copy. File names (create, rename, unlink) are
 * taken as durable at once: a disk that forgets those too, or lies about fsync, needs a block device that drops
 * writes (dm-flakey, dm-log-writes), which no unit test has.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { PGlite } from "@electric-sql/pglite";
import { SYNCED_START, SyncedFiles, syncTree } from "#kernel/db/synced-files.ts";
import { testEngine } from "../support/db.ts";

const LOSSES = 3;
const COMMITS_BETWEEN = 25;

interface Change {
  /** what stood there before, and how long the file was */
  readonly before: { offset: number; bytes: Buffer; size: number };
  /** what was written; `null` = the file was cut to `offset` */
  readonly after: Buffer | null;
}

/** Watches `fs` (the object that PGlite's module holds too) and keeps what no fsync has made durable. */
class UnsyncedWrites {
  #pending = new Map<number, Change[]>();
  #writesUntilLoss = Infinity;
  #onLoss: () => void = () => {};
  #restore: (() => void)[] = [];
  /** the copy is made with `fs` too, and is none of the database's writes */
  #copying = false;
  fsyncs = 0;

  watch(): void {
    this.#replace("writeSync", (original) => (fd, ...rest) => {
      const [data, from, length, position] = rest as [Uint8Array, number, number, number];
      if (this.#copying) return original(fd, ...rest);
      this.#remember(fd, position, Buffer.from(data.subarray(from, from + length)));
      const written = original(fd, ...rest);
      this.#writesUntilLoss -= 1;
      if (this.#writesUntilLoss === 0) this.#onLoss();
      return written;
    });
    this.#replace("ftruncateSync", (original) => (fd, length) => {
      this.#remember(fd, length as number, null);
      return original(fd, length);
    });
    this.#replace("fsyncSync", (original) => (fd) => {
      const result = original(fd);
      this.fsyncs += 1;
      this.#pending.delete(fs.fstatSync(fd).ino);
      return result;
    });
  }

  loseAfter(writes: number, onLoss: () => void): void {
    this.#writesUntilLoss = writes;
    this.#onLoss = onLoss;
  }

  unwatch(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Copies `source` to `target` as a disk would hold it that lost power now; `kept` = chance of each write. */
  copyAfterLoss(source: string, target: string, kept: number): void {
    this.#copying = true;
    fs.cpSync(source, target, { recursive: true });
    for (const entry of fs.readdirSync(source, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const changes = entry.isFile() ? this.#pending.get(fs.statSync(path).ino) : undefined;
      if (!changes) continue;
      const copy = path.replace(source, target);
      let content: Buffer = fs.readFileSync(copy);
      for (const { before } of changes.toReversed()) content = undone(content, before);
      for (const change of changes) if (Math.random() < kept) content = applied(content, change);
      fs.writeFileSync(copy, content);
    }
    this.#copying = false;
  }

  #remember(fd: number, offset: number, after: Buffer | null): void {
    const { ino, size } = fs.fstatSync(fd);
    const end = after ? Math.min(size, offset + after.length) : size;
    const bytes = Buffer.alloc(Math.max(0, end - offset));
    if (bytes.length > 0) {
      const reader = fs.openSync(`/proc/self/fd/${fd}`, "r");
      fs.readSync(reader, bytes, 0, bytes.length, offset);
      fs.closeSync(reader);
    }
    const changes = this.#pending.get(ino) ?? [];
    changes.push({ before: { offset, bytes, size }, after });
    this.#pending.set(ino, changes);
  }

  #replace(
    name: "writeSync" | "ftruncateSync" | "fsyncSync",
    wrap: (original: Call) => Call,
  ): void {
    const calls = fs as unknown as Record<string, Call>;
    const original = calls[name]!;
    calls[name] = wrap(original);
    this.#restore.push(() => {
      calls[name] = original;
    });
  }
}

type Call = (fd: number, ...rest: unknown[]) => unknown;

function undone(content: Buffer, { offset, bytes, size }: Change["before"]): Buffer {
  const result = resized(content, size);
  bytes.copy(result, offset);
  return result;
}

function applied(content: Buffer, { before, after }: Change): Buffer {
  if (!after) return resized(content, before.offset);
  const result = resized(content, Math.max(content.length, before.offset + after.length));
  after.copy(result, before.offset);
  return result;
}

/** The same buffer when it has that size already: a log segment has 16 MB and hundreds of changes. */
function resized(content: Buffer, size: number): Buffer {
  if (content.length === size) return content;
  const result = Buffer.alloc(size);
  content.copy(result);
  return result;
}

type Open = (folder: string) => Promise<PGlite>;
const openSynced: Open = (folder) =>
  PGlite.create({ fs: new SyncedFiles(folder), startParams: [...SYNCED_START] });
const openStock: Open = (folder) => PGlite.create({ fs: new NodeFS(folder) });

/** `kept`: the chance that a write without fsync survives. Commits rows while power is lost again and again; returns how many losses took an acknowledged row. */
async function lossesThatHurt(
  open: Open,
  losses: number,
  kept: number,
): Promise<{ hurt: number; fsyncs: number }> {
  const root = fs.mkdtempSync(join(tmpdir(), "campanella-power-"));
  const folder = join(root, "pg");
  const writes = new UnsyncedWrites();
  const images: { image: string; acknowledged: number }[] = [];
  try {
    const db = await open(folder);
    await db.exec("create table entry (id integer primary key, note text not null); checkpoint");
    syncTree(folder);
    writes.watch();
    let acknowledged = 0;
    for (let round = 0; round < losses; round += 1) {
      const image = join(root, `image-${round}`);
      let lost = false;
      writes.loseAfter(1 + Math.floor(Math.random() * COMMITS_BETWEEN), () => {
        images.push({ image, acknowledged });
        writes.copyAfterLoss(folder, image, kept);
        lost = true;
      });
      while (!lost) {
        const id = acknowledged + 1;
        await db.query("insert into entry values ($1, $2)", [id, "x".repeat(id % 700)]);
        acknowledged = id;
        if (id % 40 === 0) await db.exec("checkpoint");
      }
    }
    writes.unwatch();
    await db.close();
    let hurt = 0;
    for (const one of images) if (!(await holds(open, one))) hurt += 1;
    return { hurt, fsyncs: writes.fsyncs };
  } finally {
    writes.unwatch();
    fs.rmSync(root, { recursive: true, force: true });
  }
}

async function holds(
  open: Open,
  { image, acknowledged }: { image: string; acknowledged: number },
): Promise<boolean> {
  try {
    const db = await open(image);
    const { rows } = await db.query<{ id: number }>("select id from entry order by id");
    await db.close();
    return rows.length >= acknowledged && rows.every((row, index) => row.id === index + 1);
  } catch {
    return false; // it does not even start
  }
}

if (testEngine() === "pglite") {
  describe("the embedded database and a power loss", () => {
    it("keeps every acknowledged row, because it really calls fsync", async () => {
      const { hurt, fsyncs } = await lossesThatHurt(openSynced, LOSSES, 0.5);
      assert.ok(fsyncs > LOSSES, `${fsyncs} fsyncs`);
      assert.equal(hurt, 0);
    });

    it("would lose rows with PGlite's stock files: the simulation bites", async () => {
      const { hurt, fsyncs } = await lossesThatHurt(openStock, 2, 0);
      assert.equal(fsyncs, 0);
      assert.ok(hurt > 0, "no loss was noticed");
    });
  });
}
