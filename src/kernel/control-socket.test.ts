// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  callControl,
  type ControlHandler,
  type ControlOutput,
  ControlUnavailableError,
  serveControl,
} from "./control-socket.ts";

function socketPath(t: TestContext, deep = ""): string {
  const folder = mkdtempSync(join(tmpdir(), `campanella-control-${deep}`));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "control.sock");
}

async function serve(t: TestContext, path: string, handler: ControlHandler): Promise<void> {
  const server = await serveControl(path, handler);
  t.after(() => server.close());
}

describe("the control socket", () => {
  it("runs a command in the server and brings its output and exit code", async (t) => {
    const path = socketPath(t);
    await serve(t, path, async (argv, cwd, write) => {
      write({ out: `${argv.join(" ")} in ${cwd}` });
      await sleep(1);
      write({ err: "attenzione: «à»\ncon due righe" });
      return 7;
    });
    const seen: ControlOutput[] = [];
    const exit = await callControl(path, ["day", "close 1"], "/srv/a b", (line) => seen.push(line));
    assert.equal(exit, 7);
    assert.deepEqual(seen, [
      { out: "day close 1 in /srv/a b" },
      { err: "attenzione: «à»\ncon due righe" },
    ]);
  });

  it("keeps several callers apart and brings much output whole", async (t) => {
    const path = socketPath(t);
    await serve(t, path, async ([name], _cwd, write) => {
      for (let line = 0; line < 5000; line += 1) {
        write({ out: `${name} ${line}` });
        if (line % 1000 === 0) await sleep(1);
      }
      return Number(name);
    });
    await Promise.all(
      [1, 2, 3].map(async (name) => {
        const lines: ControlOutput[] = [];
        const exit = await callControl(path, [String(name)], "/", (line) => lines.push(line));
        assert.equal(exit, name);
        assert.deepEqual(
          lines,
          Array.from({ length: 5000 }, (_, line) => ({ out: `${name} ${line}` })),
        );
      }),
    );
  });

  it("tells a failure as a line and exit code 1", async (t) => {
    const path = socketPath(t);
    await serve(t, path, () => Promise.reject(new Error("the disk is full")));
    const seen: ControlOutput[] = [];
    assert.equal(await callControl(path, [], "/", (line) => seen.push(line)), 1);
    assert.deepEqual(seen, [{ err: "campanella: the disk is full" }]);
  });

  it("is its owner's alone and takes the place of a killed server's socket", async (t) => {
    const path = socketPath(t);
    writeFileSync(path, "");
    await serve(t, path, async () => 0);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(await callControl(path, [], "/", () => {}), 0);
  });

  it("says so when nobody answers", async (t) => {
    const path = socketPath(t);
    const call = (): Promise<number> => callControl(path, [], "/", () => {});
    await assert.rejects(call, ControlUnavailableError);
    const server = await serveControl(path, async () => 0);
    await server.close();
    assert.equal(existsSync(path), false);
    await assert.rejects(call, ControlUnavailableError);
  });

  it("waits at close for the command that runs, not for a silent caller", async (t) => {
    const path = socketPath(t);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const started = Promise.withResolvers<void>();
    const server = await serveControl(path, async () => {
      started.resolve();
      await held;
      return 3;
    });
    const call = callControl(path, [], "/", () => {});
    const silent = connect(path);
    silent.on("error", () => {});
    await Promise.all([started.promise, new Promise((resolve) => silent.once("connect", resolve))]);
    const closed = server.close();
    release();
    assert.equal(await call, 3);
    await closed;
  });

  it("ends a command whose caller has gone, and drops what is no request", async (t) => {
    const path = socketPath(t);
    const ended: string[] = [];
    const done = Promise.withResolvers<void>();
    await serve(t, path, async ([name], _cwd, write) => {
      for (let line = 0; line < 50; line += 1) {
        write({ out: "x".repeat(10_000) });
        await sleep(1);
      }
      ended.push(name ?? "");
      done.resolve();
      return 0;
    });
    for (const text of ["not json\n", '{"argv":"x","cwd":1}\n', "x".repeat(1_100_000)]) {
      const socket = connect(path);
      socket.on("error", () => {});
      socket.write(text);
      await new Promise((resolve) => socket.once("close", resolve));
    }
    assert.deepEqual(ended, []);
    const socket = connect(path);
    socket.write('{"argv":["gone"],"cwd":"/"}\n');
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await done.promise;
    assert.deepEqual(ended, ["gone"]);
  });

  it("refuses a folder name that no socket can have", async (t) => {
    const path = socketPath(t, "x".repeat(120));
    await assert.rejects(
      serveControl(path, async () => 0),
      /too long/,
    );
  });
});
