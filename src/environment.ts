// SPDX-License-Identifier: EUPL-1.2
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Federation, FEDERATIONS } from "#identity";
import type { Moment } from "#kernel/dates.ts";
import { isEmail } from "#kernel/email.ts";
import { PINNED, readFingerprint } from "./integrations/saml/index.ts";
import type { SmtpServer } from "./integrations/mail/smtp.ts";
import type { PagoPa } from "./surfaces/web/app.ts";
import type { RegistrySource } from "./worker/registry.ts";

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
  /** where e-mails go; `null`: demo mode keeps them as files, a real installation sends none */
  readonly smtp: SmtpSettings | null;
  /** a file with SHA-1 sums of stolen passwords, which nobody may choose (`CAMPANELLA_BREACHED_PASSWORDS`) */
  readonly passwordList?: string;
  /** the station's own TLS port (`CAMPANELLA_STATION_TLS_…`); `null`: a proxy is in front, or nobody */
  readonly nodeDoor: DoorFiles | null;
  /** lists of SPID's and CIE's providers; the demo asks for none */
  readonly registries: readonly RegistrySource[];
  /** providers that no registry lists, to try things out with (`CAMPANELLA_EXTRA_IDP_METADATA`) */
  readonly extraIdpMetadata: readonly { readonly federation: Federation; readonly file: string }[];
}

export interface SmtpSettings extends Pick<SmtpServer, "url" | "from"> {
  /** PEM file of the authority that signed the server's certificate; `null`: a public one */
  readonly caFile: string | null;
}

/** Paths of PEM files: read when the port is opened. */
export interface DoorFiles {
  readonly port: number;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly callers: readonly string[];
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
    smtp: readSmtp(variables, cwd),
    ...readPasswordList(variables, cwd),
    nodeDoor: readNodeDoor(variables, cwd),
    registries: [
      readRegistrySource(variables, "spid", "https://registry.spid.gov.it/entities-idp"),
      readRegistrySource(
        variables,
        "cie",
        "https://idserver.servizicie.interno.gov.it/idp/shibboleth?Metadata",
      ),
    ],
    extraIdpMetadata: readExtraProviders(variables, cwd),
  };
}

function readPasswordList(variables: Variables, cwd: string): { passwordList?: string } {
  const file = variables["CAMPANELLA_BREACHED_PASSWORDS"];
  return file ? { passwordList: resolve(cwd, file) } : {};
}

/** Another address is another list: it may be signed by another certificate, whose fingerprint is then named, too. */
function readRegistrySource(
  variables: Variables,
  federation: "spid" | "cie",
  usual: string,
): RegistrySource {
  const name = `CAMPANELLA_${federation.toUpperCase()}_REGISTRY`;
  const url = readUrl(variables, name)?.href ?? usual;
  const given = listOf(variables[`${name}_SHA256`] ?? "");
  const read = given.map((text) => ({ text, fingerprint: readFingerprint(text) }));
  const wrong = read.find(({ fingerprint }) => fingerprint === null);
  if (wrong)
    throw new EnvironmentError(
      `${name}_SHA256=${wrong.text}: 64 hexadecimal digits of a certificate`,
    );
  const fingerprints = read.flatMap(({ fingerprint }) => fingerprint ?? []);
  return { federation, url, fingerprints: given.length > 0 ? fingerprints : PINNED[federation] };
}

/** `idp.xml` (SPID), or `cie:idp.xml`; several with commas. */
function readExtraProviders(variables: Variables, cwd: string): Environment["extraIdpMetadata"] {
  return listOf(variables["CAMPANELLA_EXTRA_IDP_METADATA"] ?? "").map((text) => {
    const [, named, file = text] = /^([a-z]+):(.+)$/.exec(text) ?? [];
    const federation = FEDERATIONS.find((one) => one === (named ?? "spid"));
    if (!federation)
      throw new EnvironmentError(
        `CAMPANELLA_EXTRA_IDP_METADATA=${text}: a file, or spid:, cie:, eidas: and a file`,
      );
    return { federation, file: resolve(cwd, file) };
  });
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
    caller: header && names ? { header: header.toLowerCase(), names: listOf(names) } : null,
    hasOwnDoor: Boolean(variables["CAMPANELLA_STATION_TLS_PORT"]),
  };
}

/** Where money is real, a station that cannot tell who calls takes no calls: a forged receipt would be credited. */
export const guarded = (pagoPa: PagoPa, demo: boolean): PagoPa => ({
  ...pagoPa,
  isClosed: !demo && pagoPa.caller === null && !pagoPa.hasOwnDoor,
});

const DOOR_VARIABLES = ["CERT", "KEY", "CA", "CALLER"] as const;

function readNodeDoor(variables: Variables, cwd: string): DoorFiles | null {
  const name = (part: string): string => `CAMPANELLA_STATION_TLS_${part}`;
  const port = variables[name("PORT")];
  const [cert, key, ca, callers] = DOOR_VARIABLES.map((part) => variables[name(part)] || null);
  if (!port) {
    const left = DOOR_VARIABLES.find((part) => variables[name(part)]);
    if (left) throw new EnvironmentError(`${name(left)} needs ${name("PORT")}`);
    return null;
  }
  if (!cert || !key || !ca || !callers)
    throw new EnvironmentError(`${name("PORT")} needs ${DOOR_VARIABLES.map(name).join(", ")}`);
  return {
    port: readPort(port, name("PORT")),
    certFile: resolve(cwd, cert),
    keyFile: resolve(cwd, key),
    caFile: resolve(cwd, ca),
    callers: listOf(callers),
  };
}

const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");

/** The password stands in the address: nothing of it is ever shown. */
function readSmtp(variables: Variables, cwd: string): SmtpSettings | null {
  const [text, from] = [variables["CAMPANELLA_SMTP_URL"], variables["CAMPANELLA_MAIL_FROM"]];
  const ca = variables["CAMPANELLA_SMTP_CA"];
  if (ca && !text) throw new EnvironmentError("CAMPANELLA_SMTP_CA needs CAMPANELLA_SMTP_URL");
  if (!text && !from) return null;
  if (!text || !from)
    throw new EnvironmentError("CAMPANELLA_SMTP_URL and CAMPANELLA_MAIL_FROM go together");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === "")
    throw new EnvironmentError(
      "CAMPANELLA_SMTP_URL: an address like smtps://user:password@mail.example.it",
    );
  if (!isEmail(from)) throw new EnvironmentError(`CAMPANELLA_MAIL_FROM=${from}: an e-mail address`);
  return { url, from, caFile: ca ? resolve(cwd, ca) : null };
}

/** The file that a variable names. @throws EnvironmentError when it cannot be read */
export function readPem(path: string, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new EnvironmentError(`${name}=${path}: no file that can be read`);
  }
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

function readPort(text: string | undefined, name = "PORT"): number {
  if (!text) return 3000;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_530)
    throw new EnvironmentError(`${name}=${text}: a number from 0 to 65530`);
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
