// SPDX-License-Identifier: EUPL-1.2
import type { Service, SchoolSite, TownCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { type Tenant, tenantBySlug } from "#tenancy";
import { UsageError } from "./command.ts";

/** What was asked for does not exist, or may not be done: the message is shown, exit code 1. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** @throws RefusedError */
export async function findTown(db: Database, slug: string): Promise<Tenant> {
  const tenant = await db.platform((tx) => tenantBySlug(tx, slug));
  if (tenant) return tenant;
  throw new RefusedError(`there is no town ${slug}: campanella tenant list shows them all`);
}

/** @throws RefusedError naming the services there are */
export function findService({ services }: TownCalendar, code: string): Service {
  const service = services.find((one) => one.code === code);
  if (service) return service;
  const known = services.map((one) => one.code).join(", ") || "none";
  throw new RefusedError(`there is no service ${code}; services: ${known}`);
}

/** A school by its ministry code or (part of) its name, if only one has it. @throws RefusedError */
export function findSite({ sites }: TownCalendar, text: string): SchoolSite {
  const all = [...sites.values()];
  const wanted = text.trim().toLowerCase();
  const exact = all.filter(({ id, ministryCode, name }) =>
    [id, ministryCode?.toLowerCase(), name.toLowerCase()].includes(wanted),
  );
  const found =
    exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase().includes(wanted));
  const [site] = found;
  if (site && found.length === 1) return site;
  const names = (found.length > 1 ? found : all).map(({ name }) => name).join("; ");
  throw new RefusedError(
    found.length > 1
      ? `several schools are called ${text}: ${names}`
      : `no school ${text}; schools: ${names}`,
  );
}

/** `2026-11-24`. @throws UsageError */
export function readDay(text: string, option: string): Day {
  try {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError("not a day");
    return Temporal.PlainDate.from(text, { overflow: "reject" });
  } catch {
    throw new UsageError(`${option} ${text}: write a day like 2026-11-24`);
  }
}

/** An option that must be there. @throws UsageError */
export function required(value: string | undefined, option: string): string {
  if (value) return value;
  throw new UsageError(`${option} is missing`);
}
