// SPDX-License-Identifier: EUPL-1.2
import type { Tenant } from "#tenancy";
import type { App } from "./app.ts";

/** The town's own address, for what is written down; without one, the name that works on this machine. */
export function townOrigin(
  app: Pick<App, "port" | "secureCookies">,
  { slug, hosts }: Pick<Tenant, "slug" | "hosts">,
): string {
  const host = hosts.find((name) => !name.endsWith(".localhost"));
  if (host && app.secureCookies) return `https://${host}`;
  return `http://${host ?? `${slug}.localhost`}:${app.port}`;
}
