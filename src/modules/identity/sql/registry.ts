// SPDX-License-Identifier: EUPL-1.2
import type { Moment } from "#kernel/dates.ts";
import { type PlatformTx, sql } from "#kernel/db/index.ts";
import type { Federation } from "../rules/provider-settings.ts";

/** The last copy of a federation's list of providers whose signature was right. One for all towns. */
export interface RegistryCopy {
  readonly federation: Federation;
  readonly document: string;
  readonly fetchedAt: Moment;
  /** why the newest attempt to fetch it failed; `` = it did not */
  readonly problem: string;
  readonly problemAt: Moment | null;
}

export function registryCopy(
  tx: PlatformTx,
  federation: Federation,
): Promise<RegistryCopy | undefined> {
  return tx.maybe<RegistryCopy>(sql`
    select federation, document, fetched_at as "fetchedAt", problem, problem_at as "problemAt"
    from platform.identity_registry where federation = ${federation}`);
}

/** When it was fetched, without the document. */
export async function registryFetchedAt(
  tx: PlatformTx,
  federation: Federation,
): Promise<Moment | undefined> {
  const row = await tx.maybe<{ at: Moment }>(sql`
    select fetched_at as at from platform.identity_registry where federation = ${federation}`);
  return row?.at;
}

export function putRegistry(
  tx: PlatformTx,
  of: { federation: Federation; document: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    insert into platform.identity_registry (federation, document, fetched_at)
    values (${of.federation}, ${of.document}, ${of.at})
    on conflict (federation) do update set document = excluded.document, fetched_at = excluded.fetched_at,
      problem = '', problem_at = null`);
}

/** The copy of before stays in use. */
export function noteRegistryProblem(
  tx: PlatformTx,
  of: { federation: Federation; problem: string; at: Moment },
): Promise<number> {
  return tx.run(sql`
    update platform.identity_registry set problem = ${of.problem}, problem_at = ${of.at}
    where federation = ${of.federation}`);
}
