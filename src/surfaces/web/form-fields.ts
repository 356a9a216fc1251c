// SPDX-License-Identifier: EUPL-1.2
import type { Day } from "#kernel/dates.ts";
import type { Tenant } from "#tenancy";
import type { App } from "./app.ts";

/** One cookie per town: a session never serves another one. */
export const cookieName = (tenant: Tenant): string => `campanella_${tenant.slug}`;

/** Over https no other host, not even a sibling of the town's, can set or shadow a session (`__Host-`, ASVS 3.4). */
export const sessionCookieName = (app: Pick<App, "secureCookies">, tenant: Tenant): string =>
  `${app.secureCookies ? "__Host-" : ""}${cookieName(tenant)}`;

/** What is said once on the page that follows. */
export const flashCookie = (app: Pick<App, "secureCookies">, tenant: Tenant): string =>
  `${sessionCookieName(app, tenant)}_flash`;

/** No browser sends a NUL, and no database takes one as text: it becomes what HTML makes of it. */
export const withoutNul = (text: string): string => text.replaceAll("\0", "\uFFFD");

/** A posted form: every value is text; a repeated name is a list. */
export class Fields {
  readonly #values: ReadonlyMap<string, readonly string[]>;
  constructor(body: unknown) {
    const entries = body !== null && typeof body === "object" ? Object.entries(body) : [];
    this.#values = new Map(
      entries.map(([name, value]) => [
        name,
        (Array.isArray(value) ? value : [value])
          .filter((item) => typeof item === "string")
          .map(withoutNul),
      ]),
    );
  }
  text(name: string): string {
    return (this.#values.get(name)?.[0] ?? "").trim();
  }
  all(name: string): string[] {
    return [...(this.#values.get(name) ?? [])];
  }
  names(): string[] {
    return [...this.#values.keys()];
  }
  has(name: string): boolean {
    return this.#values.has(name);
  }
  day(name: string): Day | null {
    return parseDay(this.text(name));
  }
}

/** `2026-11-24`, nothing else; `null` for text that is no day. */
export function parseDay(text: string | undefined): Day | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    const day = Temporal.PlainDate.from(text, { overflow: "reject" });
    // No page asks about other centuries; far years would leave what dates and database can hold.
    return day.year >= 1900 && day.year <= 2200 ? day : null;
  } catch {
    return null;
  }
}
