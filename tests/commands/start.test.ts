// SPDX-License-Identifier: EUPL-1.2
/** `npm start` as an operator meets it: refusals, a clean end, the command line beside it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { migratedFolder } from "../support/embedded.ts";
import { campanella, freePort, startProcess } from "./run.ts";

const MAIN = "src/main.ts";
let folder: string;
let port: number;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "start-"));
  port = await freePort();
});
after(() => rmSync(folder, { recursive: true, force: true }));

const variables = (more: Record<string, string> = {}) => ({
  CAMPANELLA_DATA: join(folder, "data"),
  CAMPANELLA_DEMO: "0",
  PORT: String(port),
  ...more,
});
const start = (more: Record<string, string> = {}) => startProcess(MAIN, [], variables(more));

describe("the program as a process", () => {
  it("serves, takes commands, refuses a second process, ends cleanly on SIGTERM", async () => {
    const server = start();
    await server.says("Campanella is ready");
    const alive = await fetch(`http://127.0.0.1:${port}/salute`);
    assert.equal(await alive.text(), "ok\n");
    await assert.rejects(
      fetch(`http://127.0.0.1:${port + 20}/`),
      "no simulated pagoPA but in a demo",
    );
    // OS-07: nobody has said how pagoPA's calls are known, so a receipt could be anybody's.
    const station = `http://127.0.0.1:${port}/pagopa/stazione`;
    const forged = await fetch(station, { method: "POST", body: "<receipt/>" });
    assert.equal(forged.status, 403);

    const second = await start({ PORT: String(port + 1) }).ended;
    assert.equal(second.code, 1);
    assert.match(
      second.err,
      new RegExp(`in use by process ${server.child.pid} \\(port ${port}\\)`),
    );

    const towns = await campanella(["tenant", "list"], variables());
    assert.deepEqual([towns.code, towns.out.startsWith("No towns yet")], [0, true]);

    server.child.kill("SIGTERM");
    const { code, err } = await server.ended;
    assert.deepEqual([code, err], [0, ""]);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/salute`));
  });

  it("starts again on the same data, no demo although nobody says so again, and ends cleanly on SIGINT", async () => {
    const server = start({ CAMPANELLA_DEMO: "" });
    await server.says("Campanella is ready");
    server.child.kill("SIGINT");
    const { code, out } = await server.ended;
    assert.equal(code, 0);
    assert.doesNotMatch(out, /Loading the demo towns|Demo:/);
  });

  it("says which port is taken", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
    const refused = await start().ended;
    other.close();
    assert.equal(refused.code, 1);
    assert.match(refused.err, new RegExp(`port ${port} is taken`));
  });

  it("sets the clock in demo mode only, and refuses what cannot be meant", async () => {
    const clock = await start({ CAMPANELLA_CLOCK: "2026-11-20T08:58:00+01:00" }).ended;
    assert.equal(clock.code, 2);
    assert.match(clock.err, /CAMPANELLA_CLOCK is for demo mode only/);
    const wrong = await start({ CAMPANELLA_CLOCK: "stamattina" }).ended;
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /CAMPANELLA_CLOCK=stamattina/);
    assert.equal((await start({ PORT: "http" }).ended).code, 2);
    assert.equal((await start({ CAMPANELLA_DEMO: "maybe" }).ended).code, 2);
  });

  it("a demo load that is ended or killed leaves no half town", async () => {
    const demo = {
      CAMPANELLA_DATA: join(folder, "demo"),
      CAMPANELLA_DEMO: "1",
      CAMPANELLA_CLOCK: "2026-09-30T08:00:00+02:00",
    };
    await migratedFolder(demo.CAMPANELLA_DATA);
    const ended = start(demo);
    await ended.says("Loading the demo towns");
    ended.child.kill("SIGTERM");
    assert.equal((await ended.ended).code, 0);
    const killed = start(demo);
    await killed.says("Loading the demo towns");
    setTimeout(() => killed.child.kill("SIGKILL"), 1500);
    await killed.ended;
    const check = await campanella(["check"], variables({ CAMPANELLA_DATA: demo.CAMPANELLA_DATA }));
    assert.equal(check.code, 0, check.out);
  });
});

describe("the commands as a process", () => {
  it("find the embedded data, print help, give exit codes", async () => {
    const data = { CAMPANELLA_DATA: join(folder, "commands") };
    await migratedFolder(data.CAMPANELLA_DATA);
    const created = await campanella(
      ["tenant", "create", "profiles/monte-cremasco.yaml", "--year", "2026"],
      data,
    );
    assert.equal(created.code, 0, created.err);
    assert.equal((await campanella(["check"], data)).code, 0);
    const close = ["day", "close", "--tenant", "monte-cremasco", "--service", "mensa"];
    assert.equal((await campanella([...close, "--date", "2026-10-05"], data)).code, 0);
    assert.equal((await campanella(["user", "create"], data)).code, 2);
    const help = await campanella(["user", "--help"], data);
    assert.match(help.out, /campanella user create/);
  });
});
