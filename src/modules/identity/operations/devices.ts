// SPDX-License-Identifier: EUPL-1.2
/**
 * Tablets of schools and screens of kitchens (PE-06). Each has an account of its own and no password: a link that works once,
 * for a quarter of an hour, makes the device that opens it the one. It stays so until it is revoked.
 */
import { type Actor, isOfficeRole } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { codeHash } from "../rules/one-time-code.ts";
import { putRoleGrants } from "../sql/accounts.ts";
import { type Device, devices, insertDevice, markEnrolled, markRevoked } from "../sql/devices.ts";
import { standingCode, withdrawCodes } from "../sql/one-time-codes.ts";
import { recordSecurity } from "../sql/security-events.ts";
import { endSessions } from "../sql/sessions.ts";
import { insertAccount, putDisabled } from "../sql/staff-accounts.ts";
import { makeCodes, takeCode } from "./one-time-codes.ts";
import { openSession } from "./open-session.ts";

export const DEVICE_LINK_MINUTES = 15;
/** As long as browsers keep a cookie. */
export const DEVICE_SESSION_DAYS = 400;

interface DeviceAct {
  readonly by: Actor;
  readonly sealKey: string;
  readonly now: Moment;
}

export type MadeDevice =
  | { outcome: "made"; id: string; code: string }
  | { outcome: "name-missing" | "forbidden" };

/** A device with its role, for a whole school, some of its classes or (`siteId` null) every school. */
export async function makeDevice(
  tx: WriteTx,
  of: DeviceAct & {
    name: string;
    role: "school" | "kitchen";
    siteId: string | null;
    /** of that school; none: all of it. Kitchens have none. */
    classIds: readonly string[];
  },
): Promise<MadeDevice> {
  const { by, now, role, siteId } = of;
  if (!isOfficeRole(by.role)) return { outcome: "forbidden" };
  const name = of.name.trim().slice(0, 60);
  if (name === "") return { outcome: "name-missing" };
  const [id, accountId] = [newId(), newId()];
  const account = { id: accountId, username: `dispositivo-${id}`, displayName: name, email: "" };
  await insertAccount(tx, { ...account, kind: "device", at: now });
  await insertDevice(tx, { id, accountId, name, at: now, by: by.name });
  const classIds = role === "school" ? of.classIds : [];
  const scopes =
    classIds.length > 0
      ? classIds.map((classId) => ({ siteId: null, classId }))
      : [{ siteId, classId: null }];
  await putRoleGrants(
    tx,
    scopes.map((scope) => ({
      ...{ id: newId(), accountId, role, ...scope },
      ...{ from: dayOf(now), to: null },
    })),
  );
  await recordSecurity(tx, {
    ...{ kind: "device-added", at: now, accountId, actorName: by.name },
    details: { name, role },
  });
  return { outcome: "made", id, code: await makeLink(tx, { ...of, accountId }) };
}

async function makeLink(tx: WriteTx, of: DeviceAct & { accountId: string }): Promise<string> {
  const codes = await makeCodes(tx, {
    ...{ accountIds: [of.accountId], purpose: "device", kind: "link", replaces: true },
    expiresAt: of.now.add({ minutes: DEVICE_LINK_MINUTES }),
    ...{ by: of.by.name, sealKey: of.sealKey, now: of.now },
  });
  return codes.get(of.accountId)!;
}

/** Another link for the same device: the first one was too late, or the tablet was changed. The old ones stop working. */
export async function renewDeviceLink(
  tx: WriteTx,
  of: DeviceAct & { id: string },
): Promise<{ outcome: "made"; device: Device; code: string } | { outcome: "not-found" }> {
  const device = await inUse(tx, of);
  if (!device) return { outcome: "not-found" };
  const code = await makeLink(tx, { ...of, accountId: device.accountId });
  return { outcome: "made", device, code };
}

async function inUse(
  tx: ReadTx,
  of: Pick<DeviceAct, "by" | "now"> & { id: string },
): Promise<Device | undefined> {
  if (!isOfficeRole(of.by.role)) return undefined;
  const [device] = await devices(tx, { date: dayOf(of.now), id: of.id });
  return device?.revokedAt ? undefined : device;
}

/** Which device a link is for, as long as it works. */
export async function deviceOfLink(
  tx: ReadTx,
  of: { code: string; sealKey: string; now: Moment },
): Promise<Device | undefined> {
  const hash = codeHash(of.sealKey, { tenantId: tx.tenantId, purpose: "device", code: of.code });
  const standing = await standingCode(tx, { purpose: "device", codeHash: hash, now: of.now });
  if (!standing) return undefined;
  const [device] = await devices(tx, { date: dayOf(of.now), accountId: standing.accountId });
  return device?.revokedAt ? undefined : device;
}

/** The browser that brings the code is the device from now on; the one before is signed out. */
export async function enrolDevice(
  tx: WriteTx,
  of: { code: string; sealKey: string; seenAs: string; now: Moment },
): Promise<{ outcome: "enrolled"; token: string } | { outcome: "link-over" }> {
  const { now } = of;
  const device = await deviceOfLink(tx, of);
  const accountId = await takeCode(tx, { purpose: "device", ...of });
  if (!device || accountId !== device.accountId) return { outcome: "link-over" };
  await endSessions(tx, { accountId, at: now });
  await markEnrolled(tx, { accountId, at: now });
  const session = { accountId, means: "device", seenAs: of.seenAs, now } as const;
  const token = await openSession(tx, { ...session, hours: 24 * DEVICE_SESSION_DAYS });
  await recordSecurity(tx, {
    ...{ kind: "device-enrolled", at: now, accountId, actorName: device.name },
    details: { seenAs: of.seenAs },
  });
  return { outcome: "enrolled", token };
}

/** Lost, stolen, thrown away: it is signed out at once and never comes back. */
export async function revokeDevice(
  tx: WriteTx,
  of: Pick<DeviceAct, "by" | "now"> & { id: string },
): Promise<{ outcome: "revoked" | "not-found" }> {
  const { by, now } = of;
  const device = await inUse(tx, of);
  if (!device || (await markRevoked(tx, { id: of.id, at: now, by: by.name })) === 0)
    return { outcome: "not-found" };
  const { accountId } = device;
  await withdrawCodes(tx, { accountIds: [accountId], purposes: ["device"], at: now });
  await putDisabled(tx, { accountId, at: now, by: by.name });
  const ended = await endSessions(tx, { accountId, at: now });
  await recordSecurity(tx, {
    ...{ kind: "device-revoked", at: now, accountId, actorName: by.name },
    details: { name: device.name, sessionsEnded: ended },
  });
  return { outcome: "revoked" };
}
