// SPDX-License-Identifier: EUPL-1.2
/**
 * Who may do what, proven route by route: every route of the running site is asked by everybody, with real ids and
 * real forms. What is refused is refused with 403, 404 or the way to sign in, and nothing is written.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import type { DelegateScope } from "#kernel/actor.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { delegateOf } from "../support/delegate.ts";
import { Rehearsal } from "../support/rehearsal.ts";
import {
  type Delegated,
  isScoping,
  ROLE_TABLE,
  type RoleRow,
  type Who,
} from "../support/role-table.ts";
import { roleTown, type RoleTown, type Things } from "../support/role-world.ts";
import { rolesPage } from "../support/roles-page.ts";
import type { SignedIn } from "../support/site.ts";
import { cookieName, csrfToken } from "../../src/surfaces/web/visit.ts";

/** Somebody who asks, and what the table must say for him or her to be admitted. */
interface Asker {
  readonly name: string;
  readonly cookie: string;
  readonly csrf: string;
  /** of the pages that are not a family's, where a desk is open */
  readonly csrfAway?: string;
  readonly admitted: readonly Who[];
  /** delegates: what they were given */
  readonly scopes?: readonly Delegated[];
}

const PERSON: readonly Who[] = ["everyone", "people"];
const STAFF: readonly Who[] = [
  ...PERSON,
  "family-pages",
  "school",
  "kitchen",
  "driver",
  "caterer",
  "office",
];
const ADMITTED = {
  visitor: ["everyone"],
  guardian: [...PERSON, "family-pages", "family"],
  "guardian of nobody": [...PERSON, "family-pages"],
  school: [...PERSON, "school"],
  kitchen: [...PERSON, "kitchen", "kitchen-only"],
  driver: [...PERSON, "driver"],
  caterer: [...PERSON, "caterer", "caterer-only"],
  office: STAFF,
  "diet role": [...STAFF, "diets"],
  "office at a family's desk": [...STAFF, "family"],
  manager: [...STAFF, "managers"],
  administrator: [...STAFF, "managers", "administrator"],
  "delegate to look": [...PERSON, "family-pages", "family"],
  "delegate for absences": [...PERSON, "family-pages", "family"],
  "delegate for payments": [...PERSON, "family-pages", "family"],
  "delegate for everything": [...PERSON, "family-pages", "family"],
} as const satisfies Record<string, readonly Who[]>;

let base: TestDatabase;
let rehearsal: Rehearsal;
let town: RoleTown;
let elsewhere: RoleTown;
const askers = new Map<string, Asker>();

before(async () => {
  base = await testDatabase();
  rehearsal = new Rehearsal(base.db);
  town = await roleTown(rehearsal.db, { surname: "Altri", children: ["Zeno", "Zita"] });
  elsewhere = await roleTown(rehearsal.db, { surname: "Lontani", children: ["Dora", "Delio"] });
  await meetAskers();
  rehearsal.begin();
});
after(async () => {
  await town?.site.close();
  await elsewhere?.site.close();
  await base.close();
});

async function meetAskers(): Promise<void> {
  const { site, own } = town;
  const { app, tenant, place } = site;
  const desk = { holderId: place.holderId, reason: "telefonata" };
  const sites = { siteIds: [own["site"]!] };
  const signedIn: Record<string, SignedIn> = {
    guardian: await site.signInAs("guardian"),
    "guardian of nobody": await site.signInAs("guardian", { personId: "" }),
    school: await site.signInAs("school", sites),
    kitchen: await site.signInAs("kitchen", sites),
    driver: await site.signInAs("driver", { lineIds: [own["busLine"]!] }),
    caterer: await site.signInAs("caterer", sites),
    office: await site.signInAs("office"),
    "diet role": await site.signInAs("office-diet"),
    "office at a family's desk": await site.signInAs("office", { desk }),
    manager: await site.signInAs("office-manager", { name: "N. Galli" }),
    administrator: await site.signInAs("administrator"),
  };
  for (const [name, given] of Object.entries(DELEGATES))
    signedIn[name] = await delegateOf(site, {
      holderId: place.holderId,
      scopes: given.filter(isScope),
    });
  const nobody = csrfToken(app, tenant, { token: "" });
  const foreign = await elsewhere.site.signInAs("administrator");
  const cookies = [tenant, elsewhere.site.tenant].map(
    (one) => `${cookieName(one)}=${foreign.token}`,
  );
  const forged = csrfToken(app, tenant, { token: foreign.token });
  const { visitor: admitted } = ADMITTED;
  for (const asker of [
    { name: "visitor", cookie: "", csrf: nobody, admitted },
    { name: "administrator of another town", cookie: cookies.join("; "), csrf: nobody, admitted },
    {
      name: "another town's session, token forged",
      cookie: cookies[0]!,
      csrf: forged,
      admitted: [],
    },
    ...Object.entries(signedIn).map(([name, one]) => ({
      name,
      cookie: one.cookie,
      csrf: one.csrf,
      csrfAway: csrfToken(app, tenant, { token: one.token }),
      admitted: ADMITTED[name as keyof typeof ADMITTED],
      ...(DELEGATES[name] ? { scopes: DELEGATES[name] } : {}),
    })),
  ])
    askers.set(asker.name, asker);
}

const DELEGATES: Readonly<Record<string, readonly Delegated[]>> = {
  "delegate to look": ["view"],
  "delegate for absences": ["view", "absences"],
  "delegate for payments": ["view", "payments"],
  "delegate for everything": ["view", "absences", "payments", "all"],
};
const isScope = (one: Delegated): one is DelegateScope => one !== "all" && one !== "no";

const asker = (name: string): Asker => askers.get(name)!;
const admits = (row: RoleRow, who: Asker): boolean =>
  who.admitted.includes(row.who) &&
  (row.delegated === undefined || !who.scopes || who.scopes.includes(row.delegated));
const asked = ROLE_TABLE.filter(({ who }) => who !== "outside");
/** A desk and a delegation change what one may do in a family; the rest is as for others. */
const rowsFor = (who: Asker): readonly RoleRow[] =>
  who.scopes || who.name === "office at a family's desk"
    ? asked.filter((row) => row.who === "family" || row.who === "family-pages")
    : asked;
const isForm = ({ route }: RoleRow): boolean => route.startsWith("POST ");

const fill = (text: string, things: Things): string =>
  text.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
    const thing = things[word];
    if (thing === undefined) throw new Error(`the world has no ${word}`);
    return thing;
  });

interface How {
  /** whose ids; default: one's own */
  readonly things?: Things;
  /** whose ids in the form; default: as in the address */
  readonly inForm?: Things;
  /** the address itself */
  readonly at?: string;
  /** default: the row's */
  readonly body?: "none" | "whole";
  readonly csrf?: string | null;
  readonly headers?: Record<string, string>;
}

interface Asked {
  readonly status: number;
  readonly location: string;
  readonly text: string;
  readonly wrote: boolean;
}

let address = 0;

async function ask(row: RoleRow, who: Asker, how: How = {}): Promise<Asked> {
  const { http } = town.site.server;
  const { host } = town.site;
  const things = how.things ?? town.own;
  rehearsal.takeWrites();
  const payload = isForm(row)
    ? formOf(row, who, { ...how, things: how.inForm ?? things })
    : undefined;
  const response = await http.inject({
    method: isForm(row) ? "POST" : "GET",
    url: how.at ?? fill(row.at, things),
    // Addresses that may be asked a few times a minute only: each request comes from another machine.
    remoteAddress: `10.0.${(address += 1) >> 8}.${address & 255}`,
    headers: {
      host,
      ...(who.cookie ? { cookie: who.cookie } : {}),
      ...(payload ? { "content-type": payload.type } : {}),
      ...how.headers,
    },
    ...(payload ? { payload: payload.text } : {}),
  });
  return {
    status: response.statusCode,
    location: String(response.headers.location ?? ""),
    text: response.body,
    wrote: rehearsal.takeWrites() > 0,
  };
}

function formOf(
  row: RoleRow,
  who: Asker,
  { things, body = "whole", ...how }: How & { things: Things },
): { type: string; text: string } {
  const isOfFamily = row.who === "family" || row.who === "family-pages";
  const own = isOfFamily ? who.csrf : (who.csrfAway ?? who.csrf);
  const csrf = how.csrf === undefined ? own : how.csrf;
  const fields: [string, string][] = csrf === null ? [] : [["csrf", csrf]];
  fields.push(["key", "0190a1b2-0000-7000-8000-000000000001"]);
  const given = body === "none" ? {} : (row.body ?? {});
  for (const [name, value] of Object.entries(given)) fields.push([name, fill(value, things)]);
  if (!row.file)
    return {
      type: "application/x-www-form-urlencoded",
      text: new URLSearchParams(fields).toString(),
    };
  const part = (head: string, text: string): string =>
    `--confine\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const { field, name, text } = row.file;
  const file = `name="${field}"; filename="${name}"`;
  return {
    type: "multipart/form-data; boundary=confine",
    text: [
      ...fields.map(([key, value]) => part(`name="${key}"`, value)),
      ...(body === "none" ? [] : [part(file, fill(text, things))]),
      "--confine--\r\n",
    ].join(""),
  };
}

const isSignIn = ({ status, location }: Asked): boolean =>
  status === 401 || (status === 303 && location.startsWith("/accedi?"));
const isRefused = (answer: Asked): boolean =>
  answer.status === 403 || answer.status === 404 || isSignIn(answer);

const wordsOf = (page: string): string =>
  page
    .slice(page.indexOf("<main"))
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .slice(0, 300);

/** What is wrong, one line per request: a list says more than the first one. */
const say = ({ route }: RoleRow, { status, location, wrote, text }: Asked, what: string): string =>
  `${route}: ${what}: ${status}${location && ` ${location}`}${wrote ? ", and it wrote" : ""}${
    status >= 500 || status === 422 ? wordsOf(text) : ""
  }`;

describe("every route", () => {
  it("X-15 has a row in the role table, and every row is a route", () => {
    const lines = town.site.server.http.printRoutes().split("\n");
    const parts: string[] = [];
    const found: string[] = [];
    for (const line of lines) {
      const match = /^((?:│| ) {3})*(?:├|└)── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
      if (!match) continue;
      const depth = line.search(/[├└]/) / 4;
      parts.splice(depth, parts.length, match[2]!);
      const methods = match[3]?.split(", ").filter((method) => method !== "HEAD") ?? [];
      found.push(...methods.map((method) => `${method} ${parts.join("")}`));
    }
    const table = ROLE_TABLE.map(({ route }) => route);
    const missing = found.filter((route) => !table.includes(route));
    assert.deepEqual(missing, [], "no row in tests/support/role-table.ts says who may use them");
    assert.deepEqual(
      table.filter((route) => !found.includes(route)),
      [],
      "rows of routes that do not exist",
    );
    assert.equal(new Set(table).size, table.length, "one row for each route");
  });

  it("X-15 is in the guide as the table says it", async () => {
    const page = await readFile(new URL("../../docs/developer/roles.md", import.meta.url), "utf8");
    assert.ok(page === rolesPage(), "$(node scripts/node-path.mjs) scripts/draw-roles.ts");
  });
});

describe("whoever is not admitted", () => {
  const names = [
    ...Object.keys(ADMITTED),
    "administrator of another town",
    "another town's session, token forged",
  ];
  for (const name of names)
    it(`X-15 ${name}: is refused, and nothing is written`, async () => {
      const who = asker(name);
      const wrong: string[] = [];
      for (const row of rowsFor(who).filter((one) => one.who !== "everyone" && !admits(one, who))) {
        const answers = isForm(row)
          ? [await ask(row, who), await ask(row, who, { body: "none" })]
          : [await ask(row, who)];
        for (const answer of answers) {
          // A delegate is in the family: a page whose address names nothing says that there is nothing.
          const isEmpty = who.scopes !== undefined && scopingIn(row, addressOf(row)).length === 0;
          if (!(isRefused(answer) || isEmpty) || answer.status >= 500 || answer.wrote)
            wrong.push(say(row, answer, "not refused"));
        }
      }
      assert.deepEqual(wrong, []);
    });
});

const narrowest = (row: RoleRow): string | undefined =>
  Object.keys(ADMITTED).find((name) => admits(row, asker(name)));

describe("whoever is admitted", () => {
  for (const name of Object.keys(ADMITTED))
    it(`X-15 ${name}: is answered, and a form is written`, async () => {
      const who = asker(name);
      const wrong: string[] = [];
      for (const row of rowsFor(who).filter((one) => admits(one, who))) {
        const answer = await ask(row, who);
        if (!isForm(row)) {
          const isPage =
            answer.status === 200 ||
            (answer.status === 303 && !isSignIn(answer)) ||
            (row.whereSet && answer.status < 500);
          if (!isPage) wrong.push(say(row, answer, "no page"));
          continue;
        }
        // What was written is not kept: what a page reads again afterwards it may not find.
        if (answer.status >= 500 || (!answer.wrote && !row.writesNothing))
          wrong.push(say(row, answer, "wrote nothing"));
        // The same handler answers them all: one of those admitted sends it empty.
        if (narrowest(row) !== name) continue;
        const empty = await ask(row, who, { body: "none" });
        if ([401, 403].includes(empty.status) || empty.status >= 500)
          wrong.push(say(row, empty, "without fields"));
      }
      assert.deepEqual(wrong, []);
    });
});

/** Everything a row's address or form names that decides whose it is. */
const scopingIn = (row: RoleRow, text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map((found) => found[1]!)
    .filter((word) => isScoping(row.who, word));
const addressOf = (row: RoleRow): string => row.at.split("?")[0]!;
const restOf = (row: RoleRow): string =>
  [row.at.split("?")[1] ?? "", ...Object.values(row.body ?? {}), row.file?.text ?? ""].join(" ");

/** The first id of the address is one's own, those after it are theirs. */
function mixed(row: RoleRow, own: Things, theirs: Things): string | null {
  const [first, ...others] = scopingIn(row, addressOf(row));
  return first && others.length > 0 ? fill(row.at, { ...theirs, [first]: own[first]! }) : null;
}

/** What is not there any more leads to the list it was in: the same words as for an id nobody ever had. */
const leadsUp = ({ status, location }: Asked, address: string): boolean =>
  status === 303 && location !== "" && address.startsWith(`${location}/`);

const isTheirs = ({ wrote, text }: Asked, theirs: Things): boolean =>
  wrote || [theirs["name"]!, theirs["siblingName"]!].some((name) => text.includes(name));

/** Asks for what is theirs in every way a row allows, or only through what is one's own; what was not refused. */
async function reachFor(
  row: RoleRow,
  who: Asker,
  theirs: Things,
  how: "every way" | "through one's own",
): Promise<string[]> {
  const wrong: string[] = [];
  const { own } = town;
  const mustRefuse = async (how: How): Promise<void> => {
    const address = how.at ?? fill(row.at, theirs);
    for (const body of isForm(row) ? (["whole", "none"] as const) : (["whole"] as const)) {
      const answer = await ask(row, who, { ...how, body });
      const isFault = answer.status === 422 && body === "none";
      if (!(isRefused(answer) || leadsUp(answer, address) || isFault) || isTheirs(answer, theirs))
        wrong.push(say(row, answer, `with ${address}`));
    }
  };
  if (how === "every way" && scopingIn(row, addressOf(row)).length > 0)
    await mustRefuse({ things: theirs });
  const at = mixed(row, own, theirs);
  if (at) await mustRefuse({ at, things: own });
  if (scopingIn(row, restOf(row)).length > 0 && !row.leavesOut) {
    const inAddress = Object.fromEntries(
      scopingIn(row, addressOf(row)).map((word) => [word, own[word]!]),
    );
    const answer = await ask(row, who, { things: { ...theirs, ...inAddress }, inForm: theirs });
    if (answer.status >= 500 || isTheirs(answer, theirs))
      wrong.push(say(row, answer, "their ids inside"));
  }
  return wrong;
}

describe("whoever is admitted, and asks for what is somebody else's", () => {
  const strangers = (row: RoleRow): Things[] => (row.numbered ? [] : [elsewhere.other]);
  const reach = async (
    names: readonly string[],
    of: (row: RoleRow) => Things[],
    how: Parameters<typeof reachFor>[3] = "every way",
  ): Promise<void> => {
    const wrong: string[] = [];
    let count = 0;
    for (const name of names)
      for (const row of asked.filter((one) => admits(one, asker(name))))
        for (const theirs of of(row)) {
          count += 1;
          wrong.push(...(await reachFor(row, asker(name), theirs, how)));
        }
    assert.ok(count > 0);
    assert.deepEqual(wrong, []);
  };
  const isOfOffice = ({ route }: RoleRow): boolean => /^\w+ \/ufficio/.test(route);

  it("X-12 a family reaches nothing of another family, nor do its delegates and the office at its desk", () =>
    reach(["guardian", "office at a family's desk", "delegate for everything"], (row) =>
      row.who === "family" ? [town.other, ...strangers(row)] : [],
    ));

  it("X-15 a school reaches no class, list or child of another school", () =>
    reach(["school"], (row) => (row.who === "school" ? [town.other, ...strangers(row)] : [])));

  it("BO-21 a caterer reaches no other school, no news of the municipality, nothing of another town", () =>
    reach(["caterer"], (row) => {
      const municipality = { ...town.other, catererNews: town.own["news"]! };
      if (row.who === "caterer") return [town.other, ...strangers(row)];
      return row.who === "caterer-only" ? [municipality, ...strangers(row)] : [];
    }));

  it("X-15 a driver reaches no line of somebody else, in the town or another", () =>
    reach(["driver"], (row) => (row.who === "driver" ? [town.other, ...strangers(row)] : [])));

  it("X-15 an office reaches nothing of another town", () =>
    reach(["administrator"], (row) => (isOfOffice(row) ? strangers(row) : [])));

  it("X-15 an office reaches nobody through a family or class of somebody else", () =>
    reach(
      ["administrator"],
      (row) => (/\{holder\}|\{class\}/.test(row.at) && isOfOffice(row) ? [town.other] : []),
      "through one's own",
    ));
});

describe("every form", () => {
  const forms = asked.filter(isForm);
  const sender = (row: RoleRow): Asker =>
    [...askers.values()].find(
      (one) => admits(row, one) && (row.who !== "everyone" || !one.cookie),
    )!;
  const refuses = async (how: How): Promise<void> => {
    const wrong: string[] = [];
    for (const row of forms) {
      const answer = await ask(row, sender(row), how);
      if (answer.status !== 403 || answer.wrote) wrong.push(say(row, answer, "taken"));
    }
    assert.deepEqual(wrong, []);
  };
  it("X-15 is refused without its token", () => refuses({ csrf: null }));
  it("X-15 is refused with the token of another session", async () => {
    const { app, tenant } = town.site;
    await refuses({ csrf: csrfToken(app, tenant, { token: "of somebody else" }) });
  });
  it("X-15 is refused when another site sends it", async () => {
    await refuses({ headers: { origin: "https://evil.example" } });
    await refuses({ headers: { "sec-fetch-site": "cross-site" } });
  });
});
