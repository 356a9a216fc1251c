// SPDX-License-Identifier: EUPL-1.2
import fs from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** What Emscripten gives its `preRun` hooks, as far as it is used here. */
interface Emscripten {
  FS: { ErrnoError: new (errno: number) => Error };
  NODEFS: {
    realPath(node: unknown): string;
    stream_ops: { fsync?: (stream: { nfd?: number; node: unknown }) => number };
  };
  _PostgresMainLoopOnce(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
  stackRestore(pointer: number): void;
}

/** Emscripten's number for an input/output error: PostgreSQL stops when an fsync fails, as it must. */
const EIO = 29;

/**
 * PGlite's files on disk with a real fsync. The stock NodeFS has none: PostgreSQL asks, nothing happens,
 * and a power loss takes rows that were acknowledged (tests/database/power-loss.test.ts).
 */
export class SyncedFiles extends NodeFS {
  /** Why PostgreSQL gave up (PANIC), e.g. after a failed fsync. PGlite swallows that and would go on. */
  failure: string | undefined;
  #module: Emscripten | undefined;

  override async init(
    ...[pglite, options]: Parameters<NodeFS["init"]>
  ): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pglite, options);
    const hooks = [emscriptenOpts.preRun ?? []].flat() as ((module: unknown) => void)[];
    const preRun = [...hooks, (module: unknown) => this.#prepare(module as Emscripten)];
    const onAbort = (): void => {
      this.failure ??= "PostgreSQL gave up, the disk is full or failing";
      if (this.#module) refuseEntry(this.#module, this.failure);
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: preRun as never, onAbort } };
  }

  #prepare(module: Emscripten): void {
    this.#module = module;
    addFsync(module);
  }
}

/**
 * After a PANIC nothing may enter PostgreSQL again: PGlite's loop swallows the abort and goes on with the half-done
 * commit, which never ends. `stackRestore` is the one call of that loop whose error gets out.
 */
function refuseEntry(module: Emscripten, reason: string): void {
  const refuse = (): never => {
    throw new Error(reason);
  };
  module._PostgresMainLoopOnce = refuse;
  module.stackRestore = refuse;
  module._PostgresSendReadyForQueryIfNecessary = () => {};
  module._pgl_pq_flush = () => {};
}

function addFsync({ FS, NODEFS }: Emscripten): void {
  NODEFS.stream_ops.fsync = (stream) => {
    try {
      if (stream.nfd === undefined) syncPath(NODEFS.realPath(stream.node));
      else fs.fsyncSync(stream.nfd);
      return 0;
    } catch {
      throw new FS.ErrnoError(EIO);
    }
  };
}

/** PGlite's own start parameters, with fsync on again. */
export const SYNCED_START: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  ...["-c", "fsync=on", "-c", "wal_sync_method=fsync", "-c", "full_page_writes=on"],
];

/** Puts a file or a folder's list of names on the disk for good. */
export function syncPath(path: string): void {
  const descriptor = fs.openSync(path, "r");
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** `syncPath` on a folder and all that is in it. */
export function syncTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) syncPath(path);
  }
  syncPath(folder);
}
