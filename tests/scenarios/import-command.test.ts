// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { allPeople } from "#families";
import { moment } from "#kernel/dates.ts";
import { tenantBySlug } from "#tenancy";
import { runCommand } from "../../src/cli/run-command.ts";
import { testDatabase } from "../support/db.ts";
import { csv, ROWS } from "../support/pupil-import.ts";

const PROFILE = fileURLToPath(new URL("../../profiles/ostra.yaml", import.meta.url));

describe("campanella import", async () => {
  const { db, close } = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), "campanella-import-"));
  after(async () => {
    await close();
    await rm(folder, { recursive: true });
  });

  async function run(...argv: string[]) {
    const lines: string[] = [];
    const line = (text: string) => void lines.push(text);
    const now = () => moment("2026-11-20T08:00:00Z");
    const io = { cwd: folder, out: line, err: line, now, database: async () => db };
    const code = await runCommand(argv, io);
    return { code, lines };
  }

  it("plans, then writes schools and pupils of a town; the same files again change nothing", async () => {
    assert.equal((await run("tenant", "create", PROFILE, "--year", "2026")).code, 0);
    const school =
      "CODICESCUOLA;DENOMINAZIONESCUOLA;DESCRIZIONECOMUNE\nANEE89999X;VIA NUOVA;OSTRA\nPSEE80302Q;ALTRA;PESARO\n";
    await writeFile(join(folder, "scuole.csv"), school);
    await writeFile(
      join(folder, "alunni.csv"),
      csv(...ROWS, "ROSSI;LUCA;SBAGLIATO;;;;;;;1;A;;;;;"),
    );
    const dry = await run("import", "schools", "ostra", "scuole.csv");
    assert.equal(dry.code, 0);
    assert.match(
      dry.lines.join("\n"),
      /\+ ANEE89999X Via Nuova[^]*1 new schools[^]*Nothing was written/,
    );
    assert.equal(
      (await run("import", "schools", "ostra", "scuole.csv", "--apply")).lines.at(-1),
      "Written.",
    );
    assert.match(
      (await run("import", "schools", "ostra", "scuole.csv")).lines.join("\n"),
      /^0 new schools, 0 changed/m,
    );

    const pupils = [
      "import",
      "pupils",
      "ostra",
      "alunni.csv",
      "--from",
      "2026-09-14",
      "--site",
      "ANEE89999X",
      "--enrol",
      "mensa",
    ];
    assert.match(
      (await run(...pupils)).lines.join("\n"),
      /3 new, 0 changed, 0 moved, 0 missing, 0 ambiguous, 1 rejected/,
    );
    const written = await run(...pupils, "--apply", "--errors", "errori.csv");
    assert.equal(written.code, 0);
    assert.match(await readFile(join(folder, "errori.csv"), "utf8"), /;7;Codice fiscale errato/);
    assert.match(
      (await run(...pupils)).lines.join("\n"),
      /0 new, 0 changed, 0 moved.* 3 unchanged; 0 new guardians, 0 enrolments/,
    );
    const ostra = await db.platform((tx) => tenantBySlug(tx, "ostra"));
    const children = await db.forTenant(ostra?.id ?? "").read((tx) => allPeople(tx, "child"));
    assert.equal(children.length, 3);
  });

  it("takes headings nobody knows with --map, and remembers them for the school once applied", async () => {
    await writeFile(
      join(folder, "strano.csv"),
      "Cogn. ISCR;Nom. ISCR;Nasc.;Gruppo\nNERI;UGO;01/02/2018;2C\n",
    );
    const pupils = (...rest: string[]) =>
      run("import", "pupils", "ostra", "strano.csv", "--from", "2026-09-14", ...rest);
    const site = ["--site", "ANEE89999X"];
    const map = [
      "Cogn. ISCR=familyName",
      "Nom. ISCR=givenName",
      "Nasc.=birthDate",
      "Gruppo=className",
    ];
    const maps = map.flatMap((one) => ["--map", one]);
    assert.match((await pupils(...site)).lines.join("\n"), /no row of headings.*--map/);
    assert.match((await pupils(...site, ...maps)).lines.join("\n"), /\+ Neri Ugo, 2C/);
    assert.equal((await pupils(...site)).code, 1, "a dry run remembers nothing");
    assert.equal((await pupils(...site, ...maps, "--apply")).code, 0);
    assert.match((await pupils(...site)).lines.join("\n"), /0 new.* 1 unchanged/);
    assert.equal((await pupils()).code, 1, "another school's files are not this one's");
    for (const wrong of ["Gruppo", "=className", "Gruppo=shoeSize"])
      assert.equal((await pupils(...site, "--map", wrong)).code, 2, wrong);
  });

  it("says what is wrong with a call or a file", async () => {
    await writeFile(join(folder, "vuoto.csv"), "");
    await writeFile(join(folder, "altro.csv"), "a;b\n1;2\n");
    const pupils = (...rest: string[]) => run("import", "pupils", "ostra", ...rest);
    assert.equal((await run("import", "teachers")).code, 2);
    assert.equal((await pupils("vuoto.csv")).code, 2);
    assert.equal((await pupils("manca.csv", "--from", "2026-09-14")).code, 2);
    assert.equal((await pupils("vuoto.csv", "--from", "ieri")).code, 2);
    for (const rest of [
      ["vuoto.csv"],
      ["altro.csv"],
      ["altro.csv", "--site", "X"],
      ["altro.csv", "--enrol", "x"],
    ]) {
      assert.equal((await pupils(...rest, "--from", "2026-09-14")).code, 1, rest.join(" "));
    }
    assert.equal((await run("import", "schools", "nessuno", "vuoto.csv")).code, 1);
    assert.match((await run("import", "--help")).lines.join("\n"), /--remove-missing/);
  });
});
