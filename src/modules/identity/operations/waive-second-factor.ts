// SPDX-License-Identifier: EUPL-1.2
/** The office's second factor, for a town as a whole: on, unless its administrator says why not. */
import type { Actor } from "#kernel/actor.ts";
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { closeWaiver, insertWaiver } from "../sql/second-factor-waiver.ts";
import { recordSecurity } from "../sql/security-events.ts";

const SHORTEST_REASON = 10;
const LONGEST_REASON = 400;

type Act = { readonly by: Actor; readonly now: Moment };

const record = (tx: WriteTx, { by, now }: Act, details: Record<string, string>): Promise<number> =>
  recordSecurity(tx, {
    ...{ kind: "second-factor-switched", at: now, accountId: by.id, actorName: by.name, details },
  });

/** Operators and managers sign in with one factor from now on. The administrator still shows two. */
export async function waiveSecondFactor(
  tx: WriteTx,
  of: Act & { reason: string },
): Promise<{ outcome: "waived" | "unchanged" | "reason-missing" | "forbidden" }> {
  const { by, now } = of;
  if (by.role !== "administrator") return { outcome: "forbidden" };
  const reason = of.reason.trim().slice(0, LONGEST_REASON);
  if (reason.length < SHORTEST_REASON) return { outcome: "reason-missing" };
  if (!(await insertWaiver(tx, { id: newId(), reason, at: now, by: by.name })))
    return { outcome: "unchanged" };
  await record(tx, of, { what: "off", reason });
  return { outcome: "waived" };
}

/** Asked for again, at once: sessions without one have no role of the office any more. */
export async function requireSecondFactor(
  tx: WriteTx,
  of: Act,
): Promise<{ outcome: "required" | "unchanged" | "forbidden" }> {
  const { by, now } = of;
  if (by.role !== "administrator") return { outcome: "forbidden" };
  if (!(await closeWaiver(tx, { at: now, by: by.name }))) return { outcome: "unchanged" };
  await record(tx, of, { what: "on" });
  return { outcome: "required" };
}
