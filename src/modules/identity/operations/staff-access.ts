// SPDX-License-Identifier: EUPL-1.2
/** How somebody at work gets in, as the administrator arranges it: address, provider's identity, access after a pause. */
import type { Moment } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { isEmail } from "#kernel/email.ts";
import { deleteHalfSignIns } from "../sql/second-factors.ts";
import { endSessions } from "../sql/sessions.ts";
import { putDisabled, putFactorRequired, putStaffEmail } from "../sql/staff-accounts.ts";
import { forgetIdentity, refuseIdentity } from "../sql/staff-identities.ts";
import { heldStaff, type StaffAct, tellOfStaff } from "./staff-accounts.ts";

type Act = Omit<StaffAct, "sealKey"> & { readonly accountId: string };

/** A disabled account is in use again, with the password and the second factor of before; whatever roles it still has. */
export async function enableStaff(
  tx: WriteTx,
  of: Act,
): Promise<{ outcome: "done" | "not-found" }> {
  const account = await heldStaff(tx, of);
  if (!account?.disabledAt) return { outcome: "not-found" };
  await putDisabled(tx, { accountId: of.accountId, at: null, by: null });
  await tellOfStaff(tx, of, "account-enabled", {});
  return { outcome: "done" };
}

/** Where codes go, and by which the municipality's provider finds the account the first time. Empty: nowhere. */
export async function changeStaffEmail(
  tx: WriteTx,
  of: Act & { email: string },
): Promise<{ outcome: "done" | "unchanged" | "email-wrong" | "not-found" }> {
  const email = of.email.trim();
  if (email !== "" && !isEmail(email)) return { outcome: "email-wrong" };
  const account = await heldStaff(tx, of);
  if (!account) return { outcome: "not-found" };
  if (account.email === email) return { outcome: "unchanged" };
  await putStaffEmail(tx, { accountId: of.accountId, email });
  await tellOfStaff(tx, of, "email-changed", {});
  return { outcome: "done" };
}

/** A second factor at each sign-in, whatever the roles ask; whoever is in without one is out. */
export async function requireFactorOf(
  tx: WriteTx,
  of: Act & { isRequired: boolean },
): Promise<{ outcome: "done" | "not-found" }> {
  const { accountId, isRequired, now } = of;
  if (!(await heldStaff(tx, of)) || !(await putFactorRequired(tx, { accountId, isRequired })))
    return { outcome: "not-found" };
  const sessionsEnded = isRequired ? await endSessions(tx, { accountId, at: now }) : 0;
  const what = isRequired ? "on" : "off";
  await tellOfStaff(tx, of, "second-factor-switched", { what, sessionsEnded });
  return { outcome: "done" };
}

/** Whoever came in by the provider as this account does so no more, and is not tied to any account anew. */
export async function refuseStaffIdentity(
  tx: WriteTx,
  of: Act & { subject: string },
): Promise<{ outcome: "done" | "not-found" }> {
  const { accountId, subject, by, now } = of;
  if (!(await heldStaff(tx, of))) return { outcome: "not-found" };
  if (!(await refuseIdentity(tx, { accountId, subject, at: now, by: by.name })))
    return { outcome: "not-found" };
  await deleteHalfSignIns(tx, accountId);
  const sessionsEnded = await endSessions(tx, { accountId, at: now });
  await tellOfStaff(tx, of, "identity-refused", { means: "oidc", sessionsEnded });
  return { outcome: "done" };
}

/** A refusal is taken back, or the tie to an account that is out of use: the next sign-in may tie that person again. */
export async function admitStaffIdentity(
  tx: WriteTx,
  of: Act & { subject: string; now: Moment },
): Promise<{ outcome: "done" | "not-found" }> {
  const { accountId, subject } = of;
  if (!(await heldStaff(tx, of))) return { outcome: "not-found" };
  if (!(await forgetIdentity(tx, { accountId, subject }))) return { outcome: "not-found" };
  await tellOfStaff(tx, of, "identity-admitted", { means: "oidc" });
  return { outcome: "done" };
}
