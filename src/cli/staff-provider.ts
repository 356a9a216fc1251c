// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import {
  disableProvider,
  enableProvider,
  openStaffProvider,
  providerVersions,
  readProviderSettings,
  saveProvider,
} from "#identity";
import { systemActor } from "#kernel/actor.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { installationKeys } from "#kernel/installation.ts";
import { checkStaffProvider, isCallable, type Outside } from "../integrations/oidc/index.ts";
import { returnAddress, staffClientOf } from "../surfaces/web/staff-provider.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findTown, required } from "./find-town.ts";

const PROTOCOL = "staff-oidc";
const NETWORK: Outside = { fetch: (url, init) => fetch(url, init) };

interface Work {
  readonly town: TenantDb;
  readonly sealKey: string;
  readonly io: CommandIo;
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

export const staffProviderCommand: Command = {
  name: "staff-provider",
  summary: "the municipality's own provider (OpenID Connect), for those who work here",
  usage: `campanella staff-provider: staff sign in with the account they have at the municipality

  campanella staff-provider show    --tenant <slug>
      Versions, the address to register at the provider, the newest settings as YAML.
  campanella staff-provider set     --tenant <slug> --file <settings.yaml> [--secret-file <file>]
      A new version, a draft until it is enabled. The client's secret is the file's first line; without a file the
      one of before stays. It is stored sealed and never shown.
  campanella staff-provider check   --tenant <slug>
      Asks the provider for its addresses and keys, and whether it knows client and secret of the newest version.
  campanella staff-provider enable  --tenant <slug> [--version <number>]
  campanella staff-provider disable --tenant <slug>

Settings: issuer, clientId, baseUrl (https, where these pages are), label ("l'account del Comune"); and, if wanted,
emailClaim, addressesAssigned, trustsSecondFactor, acrValue, officeOnly: docs/operator/identity.md.

Exit codes: 0 done, 1 refused, 2 wrong call.`,
  async run(args, io) {
    const [verb = "", ...rest] = args;
    const act = Object.hasOwn(ACTS, verb) ? ACTS[verb as keyof typeof ACTS] : null;
    if (!act) throw new UsageError(`say: staff-provider ${Object.keys(ACTS).join(", ")}`);
    const { values, positionals } = readArgs(rest, {
      tenant: { type: "string" },
      file: { type: "string" },
      "secret-file": { type: "string" },
      version: { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    const slug = required(values.tenant, "--tenant");
    const db = await io.database();
    const { sealKey } = await installationKeys(db, io.now());
    const tenant = await findTown(db, slug);
    return act({ town: db.forTenant(tenant.id), sealKey, io, values });
  },
};

const ACTS = { show, set, check, enable, disable };

const refuse = ({ io }: Work, ...lines: readonly string[]): number => {
  for (const line of lines) io.err(`refused: ${line}`);
  return EXIT.refused;
};

async function show({ town, io }: Work): Promise<number> {
  const versions = await town.read((tx) => providerVersions(tx, PROTOCOL));
  const [newest] = versions;
  if (!newest) io.out("nothing saved yet");
  for (const { version, settings, enabledAt, disabledAt } of versions) {
    const state = enabledAt ? (disabledAt ? "disabled" : "ENABLED") : "draft";
    io.out(`version ${version}  ${state.padEnd(8)}  ${settings.issuer}`);
  }
  if (newest) {
    io.out(`redirect URI: ${returnAddress(newest.settings.baseUrl)}`);
    io.out(stringify(newest.settings).trimEnd());
  }
  return EXIT.ok;
}

const text = (given: string | boolean | undefined): string | undefined =>
  typeof given === "string" ? given : undefined;

async function set(work: Work): Promise<number> {
  const { town, sealKey, io, values } = work;
  const file = required(text(values["file"]), "--file");
  const given: unknown = parse(await readFile(resolve(io.cwd, file), "utf8"));
  const read = readProviderSettings(PROTOCOL, given);
  if (read.outcome === "wrong")
    return refuse(work, ...read.faults.map(({ path }) => `${path || "the file"} is not right`));
  const { settings } = read;
  if (!isCallable(settings.issuer, NETWORK)) return refuse(work, "issuer: https, on a public name");
  const secretFile = text(values["secret-file"]);
  const secret = secretFile && (await readFile(resolve(io.cwd, secretFile), "utf8"));
  const [line = ""] = (secret ?? "").split(/\r?\n/);
  const saved = await town.write((tx) =>
    saveProvider(tx, {
      ...{ actor: systemActor, protocol: PROTOCOL, settings, sealKey, now: io.now() },
      ...(line === "" ? {} : { secret: line }),
    }),
  );
  io.out(
    saved.outcome === "saved"
      ? `Version ${saved.version} saved: a draft until it is enabled`
      : "Nothing changed",
  );
  return EXIT.ok;
}

async function check(work: Work): Promise<number> {
  const { town, sealKey, io } = work;
  const access = await town.read((tx) => openStaffProvider(tx, { which: "latest", sealKey }));
  if (!access) return refuse(work, "settings and the client's secret come first");
  const { client, redirectUri } = staffClientOf(access);
  const checked = await checkStaffProvider(client, { redirectUri, outside: NETWORK });
  if (checked.outcome === "refused")
    return refuse(work, `${checked.reason} ${checked.detail}`.trim());
  io.out(`The provider answers; keys: ${checked.hasKeys ? "yes" : "NONE"}`);
  io.out(`Client and secret: ${checked.client}`);
  return checked.hasKeys && checked.client !== "refused" ? EXIT.ok : EXIT.refused;
}

async function enable(work: Work): Promise<number> {
  const { town, io, values } = work;
  const versions = await town.read((tx) => providerVersions(tx, PROTOCOL));
  const wanted = text(values["version"]);
  const found =
    wanted === undefined ? versions[0] : versions.find(({ version }) => version === Number(wanted));
  if (!found?.sealedSecret) return refuse(work, "no such version, or no secret");
  const { version } = found;
  await town.write((tx) =>
    enableProvider(tx, { actor: systemActor, protocol: PROTOCOL, version, now: io.now() }),
  );
  io.out(`On with version ${version}`);
  return EXIT.ok;
}

async function disable({ town, io }: Work): Promise<number> {
  await town.write((tx) =>
    disableProvider(tx, { actor: systemActor, protocol: PROTOCOL, now: io.now() }),
  );
  io.out("Off: nobody enters this way any more");
  return EXIT.ok;
}
