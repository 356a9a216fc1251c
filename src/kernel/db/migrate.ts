// SPDX-License-Identifier: EUPL-1.2
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { sql } from "kysely";
import type { Database, PlatformTx } from "./types.ts";

const FOLDER = new URL("../../../migrations/", import.meta.url);

/** One statement per call, as a distributed PostgreSQL wants it: cut at `;` line ends outside `$$ … $$`. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let current: string[] = [];
  let quoted = false;
  for (const line of text.split("\n")) {
    if (!quoted && line.trimStart().startsWith("--")) continue;
    current.push(line);
    if ((line.split("$$").length - 1) % 2 === 1) quoted = !quoted;
    if (!quoted && line.trimEnd().endsWith(";")) {
      statements.push(current.join("\n").trim());
      current = [];
    }
  }
  if (current.some((line) => line.trim() !== "")) throw new Error("a migration ends without `;`");
  return statements;
}

/**
 * Brings the schema up to date, each file in its own transaction. Returns the names of the files it ran. `last`: no
 * further than this file, as an earlier release left it.
 */
export async function migrate(
  db: Database,
  now: Temporal.Instant,
  last?: string,
): Promise<string[]> {
  await db.owner(async (tx) => {
    // Several processes may start at once on one server; roles are the whole server's.
    await tx.run(sql`select pg_advisory_xact_lock(hashtext('campanella migrate'))`);
    await tx.run(sql`
      do $$ begin
        if not exists (select 1 from pg_roles where rolname = 'campanella_app') then
          create role campanella_app nologin;
        end if;
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise exception 'the database user % may not create roles: run "create role campanella_app nologin; '
            'grant campanella_app to %" as an administrator', current_user, current_user;
      end $$`);
    await tx.run(sql`
      do $$ begin
        if not pg_has_role(current_user, 'campanella_app', 'member') then
          execute format('grant campanella_app to %I', current_user);
        end if;
      exception when insufficient_privilege then
        raise exception 'run "grant campanella_app to %" as an administrator', current_user;
      end $$`);
    await tx.run(sql`create table if not exists public.schema_migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null)`);
  });
  const names = (await readdir(FOLDER))
    .filter((name) => name.endsWith(".sql") && (last === undefined || name <= last))
    .sort();
  const ran: string[] = [];
  for (const name of names) {
    const text = await readFile(new URL(name, FOLDER), "utf8");
    if (await db.owner((tx) => applyOne(tx, name, text, now))) ran.push(name);
  }
  return ran;
}

async function applyOne(
  tx: PlatformTx,
  name: string,
  text: string,
  now: Temporal.Instant,
): Promise<boolean> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  await tx.run(sql`lock table public.schema_migration in exclusive mode`);
  const done = await tx.maybe<{ sha256: string }>(
    sql`select sha256 from public.schema_migration where name = ${name}`,
  );
  if (done) {
    if (done.sha256 !== sha256)
      throw new Error(`migration ${name} was changed after it had been applied`);
    return false;
  }
  for (const statement of splitStatements(text)) await tx.run(sql.raw(statement));
  await tx.run(sql`insert into public.schema_migration (name, sha256, applied_at)
    values (${name}, ${sha256}, ${now})`);
  return true;
}
