// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { enabledProvider } from "#identity";
import { moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const NOW = moment("2026-11-24T16:00:00+01:00");
const SECRET = "un segreto del provider";

describe("campanella staff-provider", () => {
  let base: TestDatabase;
  let place: SmallTown;
  let folder: string;
  before(async () => {
    base = await testDatabase();
    place = await smallTown(base.db);
    folder = mkdtempSync(join(tmpdir(), "staff-provider-"));
    writeFileSync(join(folder, "secret"), `${SECRET}\n`);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await base.close();
  });

  async function provider(verb: string, ...args: string[]) {
    const [out, err]: [string[], string[]] = [[], []];
    const slug = `prova-${place.tenantId.replaceAll("-", "")}`;
    const code = await runCommand(["staff-provider", verb, "--tenant", slug, ...args], {
      cwd: folder,
      out: (line) => out.push(line),
      err: (line) => err.push(line),
      now: () => NOW,
      database: async () => base.db,
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
  }
  const put = (changes: object = {}): void =>
    writeFileSync(
      join(folder, "provider.yaml"),
      JSON.stringify({
        issuer: "https://login.borgo.invalid/realms/comune",
        ...{ clientId: "campanella", baseUrl: "https://scuola.borgo.example" },
        ...{ label: "l'account del Comune", ...changes },
      }),
    );
  const save = (...more: string[]) => provider("set", "--file", "provider.yaml", ...more);

  it("BO-13 is saved with its secret sealed, switched on and off, and never shows the secret", async () => {
    assert.match((await provider("show")).out, /nothing saved yet/);
    assert.equal((await provider("enable")).code, 1);
    assert.equal((await provider("check")).code, 1);
    put();
    assert.equal((await save()).code, 0);
    assert.match((await provider("enable")).err, /no secret/);
    assert.equal((await save("--secret-file", "secret")).code, 0);
    const shown = await provider("show");
    assert.match(
      shown.out,
      /redirect URI: https:\/\/scuola\.borgo\.example\/accedi\/comune\/ritorno/,
    );
    assert.ok(!shown.out.includes(SECRET));
    const stored = await place.town.read((tx) =>
      tx.rows<{ text: string }>(
        sql`select p::text as text from service_provider p where tenant_id = ${tx.tenantId}`,
      ),
    );
    assert.ok(stored.every(({ text }) => !text.includes(SECRET)));
    assert.match((await provider("enable")).out, /On with version 2/);
    const on = await place.town.read((tx) => enabledProvider(tx, "staff-oidc"));
    assert.equal(on?.settings.emailClaim, "email");
    assert.equal((await provider("disable")).code, 0);
    assert.equal(await place.town.read((tx) => enabledProvider(tx, "staff-oidc")), undefined);
    const gone = await provider("check");
    assert.equal(gone.code, 1);
    assert.match(gone.err, /refused: (unreachable|late) /);
  });

  it("BO-13 refuses what cannot be right, and wrong calls", async () => {
    put({ issuer: "http://login.borgo.example" });
    assert.match((await save()).err, /issuer: https/);
    put({ emailClaim: "e mail" });
    assert.match((await save()).err, /emailClaim is not right/);
    assert.equal((await provider("set")).code, 2);
    assert.equal((await provider("altro")).code, 2);
    assert.equal((await provider("enable", "--version", "99")).code, 1);
  });
});
