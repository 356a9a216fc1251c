// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { moment } from "#kernel/dates.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { putTownSettings } from "../support/site.ts";
import { smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-24T16:00:00+01:00");

describe("campanella identity", () => {
  let base: TestDatabase;
  let slug: string;
  let folder: string;
  before(async () => {
    base = await testDatabase();
    folder = mkdtempSync(join(tmpdir(), "identity-"));
    const place = await smallTown(base.db);
    slug = `prova-${place.tenantId.replaceAll("-", "")}`;
    await putTownSettings(place);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await base.close();
  });

  async function identity(verb: string, ...args: string[]) {
    const [out, err]: [string[], string[]] = [[], []];
    const line = ["identity", verb, "--tenant", slug, "--federation", "cie", ...args];
    const code = await runCommand(line, {
      cwd: folder,
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      now: () => NOW,
      database: async () => base.db,
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
  }
  const put = (settings: unknown): void =>
    writeFileSync(join(folder, "cie.json"), JSON.stringify(settings));

  it("OS-03 from a suggestion to a document that can be handed in", async () => {
    const shown = await identity("show", "--base-url", "https://scuola.borgo.example/");
    assert.equal(shown.code, 0, shown.err);
    const suggested = parse(shown.out) as Record<string, unknown>;
    assert.equal(suggested["entityId"], "https://scuola.borgo.example/cie/metadata");
    delete suggested["fiscalCode"];

    put({ ...suggested, entityId: "http://scuola.borgo.example" });
    const refused = await identity("set", "--file", "cie.json");
    assert.deepEqual([refused.code, refused.err], [1, "refused: entityId: not-https"]);
    put({ ...suggested, contact: {} });
    assert.match((await identity("set", "--file", "cie.json")).err, /contact\.email is not right/);
    assert.equal((await identity("key", "--step", "new")).code, 1);

    put(suggested);
    assert.match((await identity("set", "--file", "cie.json")).out, /Version 1 saved/);
    assert.match((await identity("set", "--file", "cie.json")).out, /Nothing changed/);
    assert.equal((await identity("metadata")).code, 1);
    assert.match((await identity("key", "--step", "new")).out, /it signs/);
    const metadata = await identity("metadata");
    assert.match(metadata.out, /entityID="https:\/\/scuola\.borgo\.example\/cie\/metadata"/);
    assert.match((await identity("enable")).out, /CIE is on with version 1/);
    assert.match((await identity("show")).out, /version 1 +ENABLED[^]*key current/);
  });

  it("OS-03 keys change in three steps", async () => {
    assert.equal((await identity("key", "--step", "use")).code, 1);
    assert.match((await identity("key", "--step", "new")).out, /it waits/);
    assert.equal((await identity("key", "--step", "new")).code, 1);
    assert.equal((await identity("key", "--step", "use")).code, 0);
    assert.equal((await identity("key", "--step", "retire")).code, 0);
    assert.equal((await identity("key", "--step", "retire")).code, 1);
    assert.match((await identity("disable")).out, /is off/);
  });

  it("a wrong call says what is missing", async () => {
    assert.equal((await identity("key")).code, 2);
    assert.equal((await identity("altro")).code, 2);
    assert.equal((await identity("set")).code, 2);
  });
});
