// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { demoAccounts, FEDERATIONS } from "#identity";
import { type Clock, clockStartingAt, systemClock } from "#kernel/clock.ts";
import { serveControl } from "#kernel/control-socket.ts";
import { type Database, openDatabase } from "#kernel/db/index.ts";
import { migrate } from "#kernel/db/migrate.ts";
import { newId } from "#kernel/ids.ts";
import { installationKeys } from "#kernel/installation.ts";
import { refreshStatistics } from "#kernel/statistics.ts";
import { type Tenant, tenants } from "#tenancy";
import { commandHandler } from "./cli/run-command.ts";
import { demoTowns } from "./demo/cast.ts";
import { demoMode } from "./demo/installation.ts";
import { loadDemo } from "./demo/load-demo.ts";
import { openSimulator, type Simulator, simulatorPortOf } from "./demo/open-simulator.ts";
import {
  type Environment,
  EnvironmentError,
  guarded,
  readPem,
  type SmtpSettings,
} from "./environment.ts";
import { folderMailer } from "./integrations/mail/folder.ts";
import type { Mailer } from "./integrations/mail/mailer.ts";
import { type SmtpServer, smtpMailer } from "./integrations/mail/smtp.ts";
import { PasswordListError, stolenPasswords } from "./integrations/stolen-passwords/sorted-file.ts";
import { ProviderDirectory } from "./surfaces/public/federation/provider-directory.ts";
import { site } from "./surfaces/site.ts";
import type { App } from "./surfaces/web/app.ts";
import { buildServer } from "./surfaces/web/server.ts";
import { startMailWorker } from "./worker/mail.ts";
import { startPrintWorker } from "./worker/print-runs.ts";
import { type ReceiptWorker, startReceiptWorker } from "./worker/receipts.ts";
import { openDoor } from "./worker/node-door.ts";
import { startRegistryWorker } from "./worker/registry.ts";
import { ExtraProviders } from "./worker/registry-extras.ts";
import { startRemoteSync } from "./worker/remote-sync.ts";
import { startSealer } from "./worker/sealer.ts";
import { startSettlementWorker } from "./worker/settlement.ts";
import { startTick } from "./worker/tick.ts";

/** Requests that run when the end is asked for get so long to finish. */
const FINISH_MS = 5000;
/** A long load shows that it lives. */
const PROGRESS_EVERY_MS = 3000;

export interface Running {
  /** Stops listening, lets running requests finish (≤ 5 s), stops the tick, closes the database. */
  close(): Promise<void>;
}

export interface StartIo {
  say(line: string): void;
  complain(line: string): void;
}

/** Another program listens there, or the system does not let us. */
export class PortTakenError extends Error {
  override readonly name = "PortTakenError";
}

/** The end was asked for before the start was over. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/**
 * Opens, migrates, loads the demo where there is one, listens.
 * @throws EnvironmentError, DatabaseInUseError, DatabaseUnusableError, PortTakenError
 */
export function start(environment: Environment, io: StartIo): Promise<Running> & Running {
  const stop = new AbortController();
  const started = run(environment, io, stop.signal);
  const close = async (): Promise<void> => {
    stop.abort();
    const running = await started.catch((error: unknown) => {
      if (error instanceof InterruptedError) return null;
      throw error;
    });
    await running?.close();
  };
  return Object.assign(started, { close });
}

async function run(environment: Environment, io: StartIo, signal: AbortSignal): Promise<Running> {
  const { databaseUrl, dataDir, port } = environment;
  const passwords = await passwordListOf(environment);
  const db = await openDatabase(databaseUrl ? { url: databaseUrl } : { dataDir, port });
  try {
    return await runOn(db, environment, io, { signal, passwords });
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function runOn(
  db: Database,
  environment: Environment,
  io: StartIo,
  { signal, passwords }: { signal: AbortSignal; passwords: Pick<App, "isStolenPassword"> },
): Promise<Running> {
  const { host, port } = environment;
  const ran = await migrate(db, systemClock.now());
  if (ran.length > 0) io.say(`Schema: ${ran.length} migrations applied`);
  const demo = await isDemo(db, environment);
  if (environment.clock && !demo)
    throw new EnvironmentError("CAMPANELLA_CLOCK is for demo mode only (CAMPANELLA_DEMO=1)");
  const clock = environment.clock ? clockStartingAt(environment.clock) : systemClock;
  const townPorts = await portsOf(demo ? port : 0);
  const simulatorPort = demo ? simulatorPortOf(environment) : null;
  for (const one of [port, ...townPorts.keys(), ...(simulatorPort ? [simulatorPort] : [])])
    await assertFree(one, host);
  const keys = await installationKeys(db, systemClock.now());
  if (demo) await loadMissing(db, keys.receiptKey, clock, io, signal);
  if (signal.aborted) throw new InterruptedError();

  const simulator = simulatorPort
    ? await openSimulator(db, clock, environment, {
        port: simulatorPort,
        townPorts,
        sealKey: keys.sealKey,
      })
    : null;
  let receipts: ReceiptWorker | null = null;
  const app: App = {
    db,
    clock,
    demo,
    ...keys,
    townPorts,
    port,
    trustProxy: environment.trustProxy,
    secureCookies: environment.secureCookies,
    pagoPa: pagoPaOf(environment, simulator, demo),
    ...(environment.smtp ? { mail: "smtp" } : demo ? { mail: "folder" } : {}),
    // The demo's federation of CIE is on this machine, without https.
    ...(simulator
      ? { outside: { fetch: (url, init) => fetch(url, init), allowLoopbackHttp: true } }
      : {}),
    identityProviders: await providersOf(db, clock, environment, simulator),
    ...passwords,
    receiptsArrived: () => receipts?.poke(),
  };
  const server = await buildServer(app, site);
  await server.listen(host).catch(async (error: unknown) => {
    await simulator?.close();
    throw portError(error) ?? error;
  });
  const door = await openDoor(server, environment.nodeDoor, host).catch(async (error: unknown) => {
    await Promise.all([server.close(), simulator?.close()]);
    throw error;
  });
  // Only the embedded database has one owner; a PostgreSQL is open to the command line by itself.
  const control =
    db.engine === "pglite" &&
    (await serveControl(
      join(environment.dataDir, "control.sock"),
      commandHandler(db, () => clock.now(), { ...passwords, mail: app.mail }),
    ));
  // The code leads from a question on the telephone to this line, as it does from a page.
  const onError = (work: string, error: unknown): void =>
    io.complain(`error ${newId().slice(-8)} due work, ${work || "all towns"}: ${textOf(error)}`);
  const workers = startWorkers(app, environment, onError);
  receipts = workers.receipts;
  await announce(app, host, io);
  if (app.mail === "folder") io.say(`E-mails stay here, as files: ${mailFolder(environment)}`);
  if (simulator)
    io.say(
      `pagoPA is simulated: ${simulator.url}/ (pay a notice by its number: /tabaccaio), so are SPID and CIE`,
    );
  io.say("Ctrl-C ends it.");
  return {
    async close() {
      const ended = Promise.all([
        server.close(),
        workers.stop(),
        door?.close(),
        simulator?.close(),
        control ? control.close() : null,
      ]);
      await within(FINISH_MS, ended);
      await db.close();
    },
  };
}

/** What happens by itself. */
function startWorkers(
  app: App,
  environment: Environment,
  onError: (work: string, error: unknown) => void,
): { receipts: ReceiptWorker; stop(): Promise<unknown> } {
  const receipts = startReceiptWorker(app, { onError });
  const all = [
    receipts,
    startTick(app, { onError }),
    startSettlementWorker(app, { onError }),
    startPrintWorker(app, { onError }),
    startRemoteSync(app, { onError }),
    startRegistryWorker(app, { sources: app.demo ? [] : environment.registries, onError }),
    startSealer(app.db, { folder: join(environment.dataDir, "seals"), onError }),
    startMailWorker(app, { mailer: mailerOf(app, environment), onError }),
  ];
  return { receipts, stop: () => Promise.all(all.map((worker) => worker.stop())) };
}

function pagoPaOf(
  { pagoPa }: Environment,
  simulator: Simulator | null,
  demo: boolean,
): App["pagoPa"] {
  if (!simulator) return guarded(pagoPa, demo);
  const checkoutOrigin = pagoPa.checkoutOrigin ?? simulator.url;
  return { ...pagoPa, apiUrl: simulator.url, checkoutOrigin };
}

async function isDemo(db: Database, { demo: wanted }: Environment): Promise<boolean> {
  const mode = await demoMode(db, { wanted, now: systemClock.now() });
  if (mode.outcome === "refused")
    throw new EnvironmentError(
      `CAMPANELLA_DEMO=1, but this database holds real towns (${mode.towns.map(({ slug }) => slug).join(", ")}): give the demo a folder of its own, CAMPANELLA_DATA=./demo`,
    );
  return mode.outcome === "demo";
}

async function loadMissing(
  db: Database,
  receiptKey: string,
  clock: Clock,
  io: StartIo,
  signal: AbortSignal,
): Promise<void> {
  let shownAt = performance.now();
  const loaded = await loadDemo(db, {
    receiptKey,
    now: clock.now(),
    progress: {
      town({ name, index, count, share }) {
        if (signal.aborted) throw new InterruptedError();
        if (performance.now() - shownAt < PROGRESS_EVERY_MS) return;
        shownAt = performance.now();
        io.say(`  ${index + 1}/${count} ${name}: ${Math.round(share * 100)} %`);
      },
      loaded({ name, families, children, seconds }) {
        shownAt = performance.now();
        io.say(`  ${name}: ${families} families, ${children} children (${seconds.toFixed(1)} s)`);
      },
      begins: () => io.say("Loading the demo towns, once (about a minute) …"),
    },
  });
  if (loaded.length > 0) await refreshStatistics(db);
}

/** Phones and some browsers do not resolve `ostra.localhost`: each demo town has a port of its own. */
async function portsOf(port: number): Promise<Map<number, string>> {
  if (port === 0) return new Map();
  const towns = await demoTowns();
  return new Map(towns.map(({ profile }, index) => [port + 1 + index, profile]));
}

/** @throws EnvironmentError when the file is no such list: found at the start, not by a family */
async function passwordListOf({
  passwordList,
}: Environment): Promise<Pick<App, "isStolenPassword">> {
  if (passwordList === undefined) return {};
  const isStolenPassword = await stolenPasswords(passwordList).catch((error: unknown) => {
    if (!(error instanceof PasswordListError)) throw error;
    throw new EnvironmentError(`CAMPANELLA_BREACHED_PASSWORDS: ${error.message}`);
  });
  return { isStolenPassword };
}

const mailFolder = ({ dataDir }: Environment): string => join(dataDir, "mail");

/** A mail server where one is named; the demo writes files; otherwise messages wait. */
function mailerOf({ mail }: App, environment: Environment): Mailer | null {
  if (environment.smtp) return smtpMailer(withAuthority(environment.smtp));
  return mail === "folder" ? folderMailer(mailFolder(environment)) : null;
}

/** @throws EnvironmentError for an authority that is none: found at the start, not with the first message */
function withAuthority({ url, from, caFile }: SmtpSettings): SmtpServer {
  if (caFile === null) return { url, from };
  const name = "CAMPANELLA_SMTP_CA";
  const ca = readPem(caFile, name);
  if (!/-----BEGIN CERTIFICATE-----[^-]+-----END/.test(ca))
    throw new EnvironmentError(`${name}=${caFile}: no certificate in PEM`);
  return { url, from, ca };
}

/** Those of the registries, those of the demo, and those that the operator names in a file. */
async function providersOf(
  db: Database,
  clock: Clock,
  { extraIdpMetadata }: Environment,
  simulator: Simulator | null,
): Promise<ProviderDirectory> {
  const identity = simulator?.identity;
  const simulated = identity
    ? FEDERATIONS.map((federation) => ({ federation, xml: identity.metadata(federation) }))
    : [];
  const named = await Promise.all(
    extraIdpMetadata.map(async ({ federation, file }) => ({
      ...{ federation, isForTests: true },
      xml: await readFile(file, "utf8").catch((error: unknown) => {
        throw new EnvironmentError(`CAMPANELLA_EXTRA_IDP_METADATA: ${String(error)}`);
      }),
    })),
  );
  const extra = new ExtraProviders([...simulated, ...named], clock.now());
  return new ProviderDirectory(db, clock, extra.of);
}

/** Before the long part of the start, not after it. */
function assertFree(port: number, host: string): Promise<void> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", (error) => fail(portError(error) ?? error));
    probe.listen(port, host, () => probe.close(() => done()));
  });
}

function portError(error: unknown): PortTakenError | null {
  const { code, port, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === "EADDRINUSE")
    return new PortTakenError(`port ${port} is taken by another program: choose one with PORT=…`);
  if (code === "EACCES") return new PortTakenError(`port ${port} may not be used: choose another`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return new PortTakenError(`HOST=${address ?? "?"} is not an address of this machine`);
  return null;
}

async function announce(app: App, host: string, io: StartIo): Promise<void> {
  const towns = await app.db.platform((tx) => tenants(tx));
  const { port } = app;
  io.say(`Campanella is ready: http://localhost:${port}/ (listening on ${host})`);
  for (const town of towns) {
    const [own] = [...app.townPorts].find(([, slug]) => slug === town.slug) ?? [];
    const addresses = [
      `http://${town.slug}.localhost:${port}/`,
      own ? `http://localhost:${own}/` : "",
    ];
    io.say(`  ${town.name.padEnd(34)} ${addresses.join("  ")}`);
    if (app.demo && town.demo) io.say(`    ${await loginsOf(app.db, town)}`);
  }
  if (app.demo) io.say("Demo: at «Accedi» choose a person, no password is asked.");
}

async function loginsOf(db: Database, { id }: Tenant): Promise<string> {
  const accounts = await db.forTenant(id).read((tx) => demoAccounts(tx));
  const names = accounts.toSorted((a, b) => rank(a.roles) - rank(b.roles));
  return names
    .map(({ displayName, hint }) => [displayName, hint].filter(Boolean).join(", "))
    .join(" · ");
}

const rank = (roles: readonly string[]): number => (roles.includes("guardian") ? 0 : 1);

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((done) => {
    timer = setTimeout(done, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
