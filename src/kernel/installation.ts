// SPDX-License-Identifier: EUPL-1.2
import { createHmac, randomBytes } from "node:crypto";
import type { Moment } from "./dates.ts";
import { type Database, sql } from "./db/index.ts";

const SECRET_BYTES = 32;

/** Keys of one installation: receipts made with them can be verified for as long as the database lives. */
export interface InstallationKeys {
  readonly receiptKey: string;
  readonly formKey: string;
  /** seals secrets kept in the database (`seal.ts`) */
  readonly sealKey: string;
}

/**
 * The installation's secret, made at the first start and kept where only the schema's owner reads; each use has
 * a key of its own. Processes that start at once agree: the first row stays.
 */
export async function installationKeys(db: Database, now: Moment): Promise<InstallationKeys> {
  const drawn = randomBytes(SECRET_BYTES).toString("base64url");
  const { value } = await db.owner(async (tx) => {
    await tx.run(sql`
      insert into platform.installation (key, value, created_at)
      values ('secret', ${drawn}, ${now}) on conflict (key) do nothing`);
    return tx.one<{ value: string }>(
      sql`select value from platform.installation where key = 'secret'`,
    );
  });
  const keyFor = (use: string): string =>
    createHmac("sha256", value).update(`campanella ${use}`).digest("base64url");
  return { receiptKey: keyFor("receipts"), formKey: keyFor("forms"), sealKey: keyFor("seals") };
}

/** What an installation is for. `demo`: anybody can be anybody there. */
export type Purpose = "demo" | "real";

/** As the first start that knew has said; `null`: nobody has yet. */
export async function installationPurpose(db: Database): Promise<Purpose | null> {
  const row = await db.owner((tx) =>
    tx.maybe<{ value: Purpose }>(
      sql`select value from platform.installation where key = 'purpose'`,
    ),
  );
  return row?.value ?? null;
}

/** The first word stays, unless an operator says otherwise (`changes`). */
export async function settlePurpose(
  db: Database,
  of: { purpose: Purpose; changes: boolean; now: Moment },
): Promise<void> {
  await db.owner((tx) =>
    tx.run(sql`
      insert into platform.installation (key, value, created_at) values ('purpose', ${of.purpose}, ${of.now})
      on conflict (key) do update set value = excluded.value where ${of.changes}::boolean`),
  );
}
