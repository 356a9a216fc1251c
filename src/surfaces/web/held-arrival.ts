// SPDX-License-Identifier: EUPL-1.2
/**
 * D1: a form sent when the session had just expired keeps the instant at which it arrived, for ten minutes and for the
 * same person: 8:59 stays 8:59 while the login takes its time.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { type Moment, moment } from "#kernel/dates.ts";
import type { Tenant } from "#tenancy";
import type { App } from "./app.ts";
import { Fields } from "./form-fields.ts";

export const KEEPS_MINUTES = 10;
export const ARRIVAL_FIELD = "arrivo";

interface HeldRequest {
  path: string;
  fields: Record<string, string>;
  arrivedAt: string;
  accountId: string;
}

export function seal(app: App, tenant: Tenant, held: HeldRequest): string {
  const text = Buffer.from(JSON.stringify(held)).toString("base64url");
  return `${text}.${signature(app, tenant, text)}`;
}

const signature = (app: App, tenant: Tenant, text: string): string =>
  createHmac("sha256", app.formKey).update(`held:${tenant.id}:${text}`).digest("base64url");

export function unseal(app: App, tenant: Tenant, sealed: string, now: Moment): HeldRequest | null {
  const [text = "", given = ""] = sealed.split(".");
  const expected = Buffer.from(signature(app, tenant, text));
  const actual = Buffer.from(given);
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return null;
  const held = JSON.parse(Buffer.from(text, "base64url").toString()) as HeldRequest;
  const age = moment(held.arrivedAt).until(now, { largestUnit: "minutes" });
  return age.minutes < KEEPS_MINUTES ? held : null;
}

/** A form without repeated names and files; its token is left out, the new session has its own. */
export function plainFields(body: unknown): Record<string, string> | null {
  if (body === null || typeof body !== "object") return null;
  const entries = Object.entries(body as Record<string, unknown>).filter(
    ([name]) => name !== "csrf",
  );
  if (entries.some(([, value]) => typeof value !== "string")) return null;
  // A password is kept nowhere, not even for a moment.
  if (entries.some(([name]) => name.startsWith("password"))) return null;
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The instant a resumed form first arrived: only for the same form, person and town, within ten minutes. */
export function heldArrival(
  of: { app: App; tenant: Tenant; request: FastifyRequest; now: Moment },
  accountId: string,
): Moment | null {
  const sealed = new Fields(of.request.body).text(ARRIVAL_FIELD);
  if (sealed === "") return null;
  const held = unseal(of.app, of.tenant, sealed, of.now);
  const { [ARRIVAL_FIELD]: _arrival, ...fields } = plainFields(of.request.body) ?? {};
  const same =
    held !== null &&
    held.accountId === accountId &&
    held.path === of.request.url.split("?")[0] &&
    JSON.stringify(Object.entries(held.fields).sort()) ===
      JSON.stringify(Object.entries(fields).sort());
  return same ? moment(held.arrivedAt) : null;
}
