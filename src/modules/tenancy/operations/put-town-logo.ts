// SPDX-License-Identifier: EUPL-1.2
import { type Actor, MANAGER_ROLES } from "#kernel/actor.ts";
import { recordAudit } from "#kernel/audit.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { deleteLogo, writeLogo } from "../sql/town-logo.ts";

/** The logo on notices and letters from now on. `png`: as it was checked; `null`: none any more. */
export async function putTownLogo(
  tx: WriteTx,
  of: { actor: Actor; png: Uint8Array | null; now: Moment },
): Promise<"saved" | "forbidden"> {
  const { actor, png, now: at } = of;
  if (!MANAGER_ROLES.some((role) => role === actor.role)) return "forbidden";
  if (png === null) await deleteLogo(tx);
  else await writeLogo(tx, { png, at, by: actor.name });
  const details = { bytes: png?.length ?? 0 };
  await recordAudit(tx, { actor, at, action: "tenancy.put-logo", details });
  return "saved";
}
