// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse, stringify } from "yaml";
import {
  addProviderKey,
  disableProvider,
  enableProvider,
  type Federation,
  FEDERATIONS,
  promoteProviderKey,
  providerKeys,
  providerVersions,
  readProviderSettings,
  retireProviderKey,
  saveProvider,
  suggestProviderSettings,
} from "#identity";
import { type Actor, systemActor } from "#kernel/actor.ts";
import { dayOf } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import { installationKeys } from "#kernel/installation.ts";
import { datedSettings } from "#tenancy";
import {
  certificateRequestOf,
  findProviderFaults,
  newCertificate,
  serviceProviderOf,
  writeMetadata,
} from "../integrations/saml/index.ts";
import { townProvider } from "../surfaces/public/federation/town-provider.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { findTown, required } from "./find-town.ts";

interface Work {
  readonly town: TenantDb;
  readonly federation: Federation;
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly sealKey: string;
  readonly io: CommandIo;
  readonly actor: Actor;
}

export const identityCommand: Command = {
  name: "identity",
  summary: "SPID, CIE and eIDAS of a town: what it declares, its certificates, its metadata",
  usage: `campanella identity: a town as SPID, CIE and eIDAS know it

  campanella identity show     --tenant <slug> --federation <name> [--base-url <https://…>]
      Versions and certificates. With an address and nothing saved yet: settings to begin with, as YAML.
  campanella identity set      --tenant <slug> --federation <name> --file <settings.yaml>
      A new version, a draft until it is enabled. What the federation would send back is said, and nothing stored.
  campanella identity key      --tenant <slug> --federation <name> --step new|use|retire
      new: a certificate (the first signs at once, another waits, published). use: the waiting one signs from now on.
      retire: the former one leaves the metadata.
  campanella identity metadata --tenant <slug> --federation <name>
      The signed document of the newest version, to be handed in.
  campanella identity enable   --tenant <slug> --federation <name> [--version <number>]
  campanella identity disable  --tenant <slug> --federation <name>

Options
  --federation   ${FEDERATIONS.join(", ")}

Exit codes: 0 done, 1 refused, 2 wrong call.`,
  async run(args, io) {
    const [verb = "", ...rest] = args;
    const act = Object.hasOwn(ACTS, verb) ? ACTS[verb as Verb] : null;
    if (!act) throw new UsageError(`say: identity ${Object.keys(ACTS).join(", ")}`);
    const { values, positionals } = readArgs(rest, {
      tenant: { type: "string" },
      federation: { type: "string" },
      file: { type: "string" },
      step: { type: "string" },
      version: { type: "string" },
      "base-url": { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    const slug = required(values.tenant, "--tenant");
    const federation = FEDERATIONS.find((one) => one === values.federation);
    if (!federation) throw new UsageError(`--federation: one of ${FEDERATIONS.join(", ")}`);
    const db = await io.database();
    const { sealKey } = await installationKeys(db, io.now());
    const tenant = await findTown(db, slug);
    const town = db.forTenant(tenant.id);
    return act({ town, federation, values, sealKey, io, actor: systemActor });
  },
};

const ACTS = { show, set, key, metadata, enable, disable };
type Verb = keyof typeof ACTS;

const refuse = ({ io }: Work, ...lines: readonly string[]): number => {
  for (const line of lines) io.err(`refused: ${line}`);
  return EXIT.refused;
};

async function show(work: Work): Promise<number> {
  const { town, federation, values, io } = work;
  const { versions, keys, settings } = await town.read(async (tx) => ({
    versions: await providerVersions(tx, federation),
    keys: await providerKeys(tx, { protocol: federation, withRetired: true }),
    settings: await datedSettings(tx),
  }));
  const baseUrl = values["base-url"];
  if (versions.length === 0 && typeof baseUrl === "string") {
    const today = dayOf(io.now());
    const facts = { town: settings.town("town", today), office: settings.town("office", today) };
    io.out(stringify(suggestProviderSettings(federation, { baseUrl, ...facts })).trimEnd());
    return EXIT.ok;
  }
  if (versions.length === 0) io.out(`nothing saved yet: add --base-url for settings to begin with`);
  for (const { version, settings: said, enabledAt, disabledAt } of versions) {
    const state = enabledAt ? (disabledAt ? "disabled" : "ENABLED") : "draft";
    io.out(`version ${version}  ${state.padEnd(8)}  ${said.entityId}`);
  }
  for (const { state, notAfter, madeAt } of keys)
    io.out(
      `key ${state.padEnd(8)} made ${dayOf(madeAt)}, until ${notAfter ? dayOf(notAfter) : "?"}`,
    );
  return EXIT.ok;
}

/** Stands for the certificate that comes later. */
const SOME_CERTIFICATE = ["-"];

async function set(work: Work): Promise<number> {
  const { town, federation, values, sealKey, io, actor } = work;
  const file = required(typeof values["file"] === "string" ? values["file"] : undefined, "--file");
  const given: unknown = parse(await readFile(resolve(io.cwd, file), "utf8"));
  const read = readProviderSettings(federation, given);
  if (read.outcome === "wrong")
    return refuse(work, ...read.faults.map(({ path }) => `${path || "the file"} is not right`));
  const { settings } = read;
  const faults = findProviderFaults(serviceProviderOf(federation, settings, SOME_CERTIFICATE));
  if (faults.length > 0)
    return refuse(work, ...faults.map(({ field, reason }) => `${field}: ${reason}`));
  const saved = await town.write((tx) =>
    saveProvider(tx, { actor, protocol: federation, settings, sealKey, now: io.now() }),
  );
  if (saved.outcome === "wrong") throw new Error("settings that were just read are wrong");
  io.out(
    saved.outcome === "saved"
      ? `Version ${saved.version} saved: a draft until it is enabled`
      : `Nothing changed: version ${saved.version} says the same`,
  );
  return EXIT.ok;
}

async function key(work: Work): Promise<number> {
  switch (work.values["step"]) {
    case "new":
      return newKey(work);
    case "use":
      return useKey(work);
    case "retire":
      return retireKey(work);
    default:
      throw new UsageError("--step: new, use or retire");
  }
}

async function newKey(work: Work): Promise<number> {
  const { town, federation: protocol, sealKey, io, actor } = work;
  const [newest] = await town.read((tx) => providerVersions(tx, protocol));
  if (!newest) return refuse(work, "nothing saved yet (identity set)");
  const request = certificateRequestOf(newest.settings, io.now());
  const { certificatePem, privateKeyPem } = await newCertificate(request);
  const added = await town.write((tx) =>
    addProviderKey(tx, {
      ...{ actor, protocol, use: "sign", sealKey, now: io.now() },
      ...{ publicPart: certificatePem, privatePart: privateKeyPem, notAfter: request.notAfter },
    }),
  );
  if (added.outcome === "one-waits") return refuse(work, "a new certificate waits already");
  io.out(added.state === "current" ? "Certificate made: it signs" : "Certificate made: it waits");
  return EXIT.ok;
}

async function useKey(work: Work): Promise<number> {
  const { town, federation: protocol, io, actor } = work;
  const promoted = await town.write((tx) =>
    promoteProviderKey(tx, { actor, protocol, use: "sign", now: io.now() }),
  );
  if (promoted.outcome === "none-waits") return refuse(work, "no new certificate waits");
  io.out("The new certificate signs; the former one is still published");
  return EXIT.ok;
}

async function retireKey(work: Work): Promise<number> {
  const { town, federation: protocol, io, actor } = work;
  const retired = await town.write(async (tx) => {
    const former = (await providerKeys(tx, { protocol })).find(({ state }) => state === "former");
    return former && retireProviderKey(tx, { actor, protocol, id: former.id, now: io.now() });
  });
  if (retired?.outcome !== "retired") return refuse(work, "there is no former certificate");
  io.out("The former certificate left the metadata: hand them in again");
  return EXIT.ok;
}

async function metadata(work: Work): Promise<number> {
  const { town, federation, sealKey, io } = work;
  const known = await town.read((tx) => townProvider(tx, { federation, sealKey, which: "latest" }));
  if (!known) return refuse(work, "settings and a certificate come first");
  const faults = findProviderFaults(known.provider);
  if (faults.length > 0)
    return refuse(work, ...faults.map(({ field, reason }) => `${field}: ${reason}`));
  io.out(writeMetadata(known.provider, known.signer.privateKeyPem));
  return EXIT.ok;
}

async function enable(work: Work): Promise<number> {
  const { town, federation, sealKey, values, io, actor } = work;
  const known = await town.read((tx) => townProvider(tx, { federation, sealKey, which: "latest" }));
  if (!known) return refuse(work, "settings and a certificate come first");
  const version = values["version"] === undefined ? known.version : Number(values["version"]);
  const done = await town.write((tx) =>
    enableProvider(tx, { actor, protocol: federation, version, now: io.now() }),
  );
  if (!done) return refuse(work, `there is no version ${values["version"]}`);
  io.out(`${federation.toUpperCase()} is on with version ${version}`);
  return EXIT.ok;
}

async function disable({ town, federation: protocol, io, actor }: Work): Promise<number> {
  await town.write((tx) => disableProvider(tx, { actor, protocol, now: io.now() }));
  io.out(`${protocol.toUpperCase()} is off: nobody enters this way any more`);
  return EXIT.ok;
}
