// SPDX-License-Identifier: EUPL-1.2
/**
 * The files of a migrated embedded database, laid into the memory of a new one. PGlite's own way, a tar archive, costs
 * three times the processor: it parses, looks every path up again, and replays what the migrations wrote.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { MemoryFS, PGlite } from "@electric-sql/pglite";

const DATA = "/pglite/data";

type DataFile = readonly [path: string, content: Uint8Array | null];

/** Emscripten's file system, as far as it is used here. */
interface Files {
  mkdirTree(path: string, mode: number): void;
  mkdir(path: string, mode: number): void;
  readdir(path: string): string[];
  stat(path: string): { mode: number };
  isDir(mode: number): boolean;
  readFile(path: string): Uint8Array;
  writeFile(path: string, content: Uint8Array, how: { canOwn: boolean; mode: number }): void;
}

/** 16 MB of buffers, not 128: clearing them is the better part of opening a database of a few megabytes. */
export const SMALL_START: string[] = [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB"];

/** An empty cluster for a template: its log is cut in pieces of 1 MB, since each copy has one at least. */
export const blankCluster = (): Promise<PGlite> =>
  PGlite.create({ initDbStartParams: ["--wal-segsize=1"] });

/** Every file of the cluster, as bytes for `TemplateFiles`. Closes it: nobody may write after the copy. */
export async function packCluster(pglite: PGlite): Promise<Buffer> {
  // Nobody connects to the other databases, and they are two thirds of the files.
  for (const name of ["template0", "template1"]) {
    await pglite.exec(`alter database ${name} is_template false`);
    await pglite.exec(`drop database ${name}`);
  }
  // What a checkpoint has written need not be replayed at every opening.
  await pglite.exec("checkpoint");
  const fs = pglite.Module.FS as unknown as Files;
  const packed: DataFile[] = [];
  const walk = (folder: string): void => {
    for (const name of fs.readdir(DATA + folder)) {
      if (name === "." || name === "..") continue;
      const path = `${folder}/${name}`;
      const isFolder = fs.isDir(fs.stat(DATA + path).mode);
      packed.push([path, isFolder ? null : fs.readFile(DATA + path)]);
      if (isFolder) walk(path);
    }
  };
  walk("");
  await pglite.close();
  return serialize(packed);
}

/** The same files on the disk, as the folder of a cluster. */
export function unpackCluster(packed: Uint8Array, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [path, content] of deserialize(packed) as DataFile[]) {
    if (content === null) mkdirSync(join(folder, path), { mode: 0o700 });
    else writeFileSync(join(folder, path), content, { mode: 0o600 });
  }
}

export class TemplateFiles extends MemoryFS {
  readonly #files: readonly DataFile[];

  constructor(files: readonly DataFile[]) {
    super();
    this.#files = files;
  }

  /** One reading serves every database of the process: each gets its own copy. */
  static read(packed: Uint8Array): () => TemplateFiles {
    const files = deserialize(packed) as DataFile[];
    return () => new TemplateFiles(files);
  }

  override async initialSyncFs(): Promise<void> {
    const fs = this.pg!.Module.FS as unknown as Files;
    fs.mkdirTree(DATA, 0o700);
    for (const [path, content] of this.#files) {
      if (content === null) fs.mkdir(DATA + path, 0o700);
      else fs.writeFile(DATA + path, new Uint8Array(content), { canOwn: true, mode: 0o600 });
    }
  }
}
