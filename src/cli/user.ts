// SPDX-License-Identifier: EUPL-1.2
import { randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { townCalendar } from "#calendar";
import { accountForLogin, createAccount, type PasswordFault, resetSecondFactor } from "#identity";
import { STAFF_ROLES } from "#kernel/actor.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "#kernel/password.ts";
import { type Command, type CommandIo, EXIT, readArgs, UsageError } from "./command.ts";
import { OFFICE_ROLES } from "../surfaces/web/route.ts";
import { tellAccess } from "../surfaces/web/tell-access.ts";
import { findSite, findTown, required } from "./find-town.ts";

/** A family's account needs a person it belongs to: the office makes those. */
const GENERATED_BYTES = 15;

/** The same judgement as on the pages, in the operator's words. */
const PASSWORD_FAULTS: Readonly<Record<PasswordFault, string>> = {
  "too-short": `the password needs at least ${MIN_PASSWORD_LENGTH} characters`,
  "too-long": `the password may have ${MAX_PASSWORD_LENGTH} characters at most`,
  common: "the password is easy to guess, or in the list of stolen ones",
  repeated: "the password repeats the same characters",
  same: "the password is the one of before",
};

export const userCommand: Command = {
  name: "user",
  summary: "create accounts for the staff of a town, take a lost second factor away",
  usage: `campanella user: accounts of a real installation

  campanella user create --tenant <slug> --username <code> --name <name> --role <role>
                         [--site <school>]... [--password-file <file>]
      A password is made and shown once, unless a file holds one (its first line). It is stored as a scrypt hash, and
      judged as on the pages: length, words that everybody uses, the list of stolen ones (CAMPANELLA_BREACHED_PASSWORDS).
      Roles of the office need a second factor: the first sign-in sets it up, before anything else.

  campanella user reset-factor --tenant <slug> --username <code>
      Telephone lost: app and passkeys work no longer, every session ends, the next sign-in sets up a new factor.

Options
  --role   ${STAFF_ROLES.join(", ")}
  --site   schools the role is for, by ministry code or name; default: every school. The line of a driver is given on
           the staff page (Impostazioni, Personale), once the office has written it: until then the driver sees none

Exit codes: 0 done, 1 refused, 2 wrong call.`,
  async run(args, io) {
    const [verb, ...rest] = args;
    if (verb === "reset-factor") return resetFactor(rest, io);
    if (verb !== "create")
      throw new UsageError(
        verb ? `unknown: user ${verb}` : "say: user create or user reset-factor",
      );
    const { values, positionals } = readArgs(rest, {
      tenant: { type: "string" },
      username: { type: "string" },
      name: { type: "string" },
      role: { type: "string" },
      site: { type: "string", multiple: true, default: [] },
      "password-file": { type: "string" },
    });
    if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
    const slug = required(values.tenant, "--tenant");
    const username = required(values.username, "--username");
    const displayName = required(values.name, "--name");
    const role = STAFF_ROLES.find((one) => one === values.role);
    if (!role)
      throw new UsageError(`--role ${values.role ?? ""}: one of ${STAFF_ROLES.join(", ")}`);
    const file = values["password-file"];
    const db = await io.database();
    const given = file === undefined ? null : await firstLine(resolve(io.cwd, file));
    const password = given ?? randomBytes(GENERATED_BYTES).toString("base64url");
    const tenant = await findTown(db, slug);
    const town = db.forTenant(tenant.id);
    const calendar = await town.read(townCalendar);
    const siteIds = values.site.map((text) => findSite(calendar, text).id);
    const created = await town.write((tx) =>
      createAccount(tx, {
        ...{ username, displayName, password, role, siteIds, now: io.now() },
        townName: tenant.name,
        isStolen: io.isStolenPassword,
      }),
    );
    switch (created.outcome) {
      case "created":
        io.out(`Created ${username} (${role}) in ${tenant.name}`);
        if (given === null) io.out(`Password, shown only now: ${password}`);
        if (OFFICE_ROLES.some((one) => one === role))
          io.out(
            "The first sign-in asks for a second factor (an authenticator app), then each one.",
          );
        return EXIT.ok;
      case "username-taken":
        io.err(`refused: ${username} exists already`);
        return EXIT.refused;
      case "username-wrong":
        throw new UsageError(
          `--username ${username}: 3 to 40 lower-case letters, digits, dots, hyphens, underscores`,
        );
      case "weak":
        throw new UsageError(PASSWORD_FAULTS[created.fault]);
    }
  },
};

async function resetFactor(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = readArgs(args, {
    tenant: { type: "string" },
    username: { type: "string" },
  });
  if (positionals.length > 0) throw new UsageError(`not understood: ${positionals.join(" ")}`);
  const slug = required(values.tenant, "--tenant");
  const username = required(values.username, "--username").trim().toLowerCase();
  const db = await io.database();
  const tenant = await findTown(db, slug);
  const done = await db.forTenant(tenant.id).write(async (tx) => {
    const account = await accountForLogin(tx, username);
    if (!account) return null;
    const act = { accountId: account.id, by: "campanella user", now: io.now() };
    return resetSecondFactor(tx, { ...act, tell: tellAccess(io, act.now) });
  });
  if (!done) {
    io.err(`refused: nobody can sign in as ${username}`);
    return EXIT.refused;
  }
  io.out(`Second factor of ${username} removed, sessions ended: ${done.sessionsEnded}`);
  return EXIT.ok;
}

async function firstLine(file: string): Promise<string> {
  // A running server reads it for us: a pipe or a terminal would be the server's own.
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) throw new UsageError(`--password-file: ${file} is not a file`);
  return (await readFile(file, "utf8")).split(/\r?\n/)[0] ?? "";
}
