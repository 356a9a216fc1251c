// SPDX-License-Identifier: EUPL-1.2
import { resolve } from "node:path";
import type { Moment } from "#kernel/dates.ts";
import type { PagoPa } from "./surfaces/web/app.ts";

/** What the operator chose, as read from the environment (docs/operator/install.md lists all of it). */
export interface Environment {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  /** `null`: as the database says */
  readonly demo: boolean | null;
  /** demo mode only: where the clock starts */
  readonly clock: Moment | null;
  readonly trustProxy: boolean;
  readonly secureCookies: boolean;
  readonly pagoPa: PagoPa;
}

/** The environment says something that cannot be meant: shown without a stack, exit code 2. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws EnvironmentError */
export function readEnvironment(variables: Variables, cwd: string): Environment {
  const trustProxy = readSwitch(variables, "TRUST_PROXY") ?? false;
  return {
    port: readPort(variables["PORT"]),
    host: variables["HOST"] || "127.0.0.1",
    databaseUrl: variables["DATABASE_URL"] || null,
    dataDir: resolve(cwd, variables["CAMPANELLA_DATA"] || "data"),
    demo: readSwitch(variables, "CAMPANELLA_DEMO"),
    clock: readClock(variables["CAMPANELLA_CLOCK"]),
    trustProxy,
    // Behind a proxy pages come by https; asked for alone, it wants its own proof.
    secureCookies: readSwitch(variables, "CAMPANELLA_SECURE_COOKIES") ?? trustProxy,
    pagoPa: readPagoPa(variables),
  };
}

/** Certificate names pagoPA calls with (SANP): production and user acceptance test are told apart by the address. */
function readPagoPa(variables: Variables): PagoPa {
  const apiUrl = readUrl(variables, "CAMPANELLA_PAGOPA_API");
  const checkout = readUrl(variables, "CAMPANELLA_PAGOPA_CHECKOUT");
  const header = variables["CAMPANELLA_PAGOPA_CALLER_HEADER"];
  const names = variables["CAMPANELLA_PAGOPA_CALLER"];
  if ((header === undefined || header === "") !== (names === undefined || names === ""))
    throw new EnvironmentError(
      "CAMPANELLA_PAGOPA_CALLER and CAMPANELLA_PAGOPA_CALLER_HEADER go together",
    );
  return {
    apiUrl: apiUrl && apiUrl.href.replace(/\/$/, ""),
    checkoutOrigin: checkout && checkout.origin,
    caller: header && names ? { header: header.toLowerCase(), names: names.split(",") } : null,
  };
}

function readUrl(variables: Variables, name: string): URL | null {
  const text = variables[name];
  if (!text) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url !== null && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (!url || (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)))
    throw new EnvironmentError(`${name}=${text}: an https address`);
  return url;
}

function readPort(text: string | undefined): number {
  if (!text) return 3000;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_530)
    throw new EnvironmentError(`PORT=${text}: a number from 0 to 65530`);
  return port;
}

function readSwitch(variables: Variables, name: string): boolean | null {
  const text = variables[name];
  if (!text) return null;
  if (["1", "true", "on", "yes"].includes(text.toLowerCase())) return true;
  if (["0", "false", "off", "no"].includes(text.toLowerCase())) return false;
  throw new EnvironmentError(`${name}=${text}: write 1 or 0`);
}

function readClock(text: string | undefined): Moment | null {
  if (!text) return null;
  try {
    return Temporal.Instant.from(text);
  } catch {
    throw new EnvironmentError(
      `CAMPANELLA_CLOCK=${text}: a moment with its offset, like 2026-11-20T08:58:00+01:00`,
    );
  }
}
