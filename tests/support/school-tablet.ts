// SPDX-License-Identifier: EUPL-1.2
/** A school's tablet whose line can be cut: class 3A with four children who eat, a child of 3B who does not stay. */
import { mkdtempSync, readlinkSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { attendanceOn, rollCallsOn, unknownWalkIns } from "#attendance";
import { putClasses } from "#calendar";
import { putEnrolments, putMemberships, schoolChildren } from "#enrolment";
import { putPeople } from "#families";
import { signInAsPersona } from "#identity";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import type { ServiceSettings } from "#tenancy";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { buildServer } from "../../src/surfaces/web/server.ts";
import { cookieName, csrfToken } from "../../src/surfaces/web/visit.ts";
import { carryCookie, newDesktopPage, openBrowserOn } from "./browser.ts";
import { type SignedIn, testSite, type TestSite } from "./site.ts";
import { lineTo, type Line } from "./slow-line.ts";
import { until } from "./until.ts";

export const TUESDAY = "2026-11-24";
export const at = (time: string, date = TUESDAY): Moment => moment(`${date}T${time}+01:00`);
const TABLET = { viewport: { width: 1024, height: 768 }, hasTouch: true };
const COPIES = "campanella-scuola ";
/** The school's page, a class, its children outside the list, the list of the school. */
const DAY_PAGES = 4;

export interface TabletStage {
  readonly site: TestSite;
  readonly line: Line;
  readonly origin: string;
  readonly anna: SignedIn;
  readonly ids: ReadonlyMap<string, string>;
  /** a tablet with its clock at 8:58, Anna signed in (or whoever `enter` lets in), the pages of the day kept */
  tablet(enter?: (page: Page) => Promise<void>): Promise<Page>;
  /** a browser process of its own with its own disk, to be killed */
  tabletOfItsOwn(): Promise<OwnTablet>;
  /** the server's process ends */
  stop(): Promise<void>;
  /** another one begins, on the same data */
  restart(now: Moment): Promise<void>;
  /** a new session of the same person */
  annaAgain(now: Moment): Promise<SignedIn>;
  /** how many roll calls and words about children were ever written */
  counts(): Promise<{ calls: number; marks: number }>;
  /** what is written: roll calls as present+absent, who is present, walk-ins without a name */
  written(date?: string): Promise<{ calls: string[]; present: string[]; unnamed: string[] }>;
  close(): Promise<void>;
}

export interface OwnTablet {
  readonly page: Page;
  /** `kill -9` of the browser */
  kill(): Promise<void>;
  /** another process on the same disk */
  again(): Promise<OwnTablet>;
  close(): Promise<void>;
}

async function ownTablet(folder: string, opened: BrowserContext[]): Promise<OwnTablet> {
  const context = await openBrowserOn(folder, TABLET);
  opened.push(context);
  // Chromium says in its lock whose folder it is: `host-pid`
  const pid = Number(readlinkSync(join(folder, "SingletonLock")).split("-").at(-1));
  const ended = new Promise<void>((resolve) => {
    context.once("close", () => resolve());
  });
  return {
    page: context.pages()[0] ?? (await context.newPage()),
    async kill() {
      process.kill(pid, "SIGKILL");
      await ended;
    },
    again: () => ownTablet(folder, opened),
    close: () => context.close(),
  };
}

const ROLL_CALL = { attendance: { mode: "roll-call" }, absences: { reportedBy: "both" } } as const;

export async function tabletStage(
  db: Database,
  browser: Browser,
  settings: Partial<ServiceSettings> = ROLL_CALL,
): Promise<TabletStage> {
  const site = await testSite(db, {
    routes: wholeSite.routes,
    now: at("08:50:00"),
    town: { settings },
  });
  const { place } = site;
  const ids = await pupils(site);
  const anna = await site.signInAs("school", { name: "Anna B.", siteIds: [place.siteId] });
  const line = await lineTo(Number(new URL(await site.listen()).port));
  const origin = `http://${site.host}:${line.port}`;
  const contexts: BrowserContext[] = [];
  const folders: string[] = [];
  let { server } = site;
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  return {
    site,
    line,
    origin,
    anna,
    ids,
    async tablet(enter = (page) => signIn(page, origin, anna)) {
      const page = await newDesktopPage(browser, { context: TABLET });
      contexts.push(page.context());
      await page.context().clock.setFixedTime(new Date(`${TUESDAY}T08:58:00+01:00`));
      await enter(page);
      await page.goto(`${origin}/scuola`);
      await whenKept(page);
      return page;
    },
    async tabletOfItsOwn() {
      const folder = mkdtempSync(join(tmpdir(), "campanella-tablet-"));
      folders.push(folder);
      return ownTablet(folder, contexts);
    },
    async stop() {
      await line.cut();
      await server.close();
    },
    async restart(now) {
      site.setClock(now);
      server = await buildServer(site.app, {
        routes: wholeSite.routes,
        home: () => {
          throw new Error("not of this test");
        },
      });
      await server.http.listen({ port: 0, host: "127.0.0.1" });
      line.lead((server.http.server.address() as AddressInfo).port);
      await line.mend();
    },
    async annaAgain(now) {
      site.setClock(now);
      const { accountId } = anna;
      const session = await place.town.write((tx) => signInAsPersona(tx, { accountId, now }));
      if (session.outcome !== "signed-in") throw new Error(session.outcome);
      const { token } = session;
      const csrf = csrfToken(site.app, site.tenant, { token });
      return { accountId, token, csrf, cookie: `${cookieName(site.tenant)}=${token}` };
    },
    counts: () =>
      place.town.read((tx) =>
        tx.one<{ calls: number; marks: number }>(sql`
          select (select count(*)::int from roll_call where tenant_id = ${tx.tenantId}) as calls,
            (select count(*)::int from attendance_mark where tenant_id = ${tx.tenantId}) as marks`),
      ),
    async written(date = TUESDAY) {
      return place.town.read(async (tx) => {
        const of = { serviceId: place.serviceId, date: day(date) };
        const calls = await rollCallsOn(tx, of);
        const rows = await attendanceOn(tx, of);
        const unknown = await unknownWalkIns(tx, { from: of.date, to: of.date, onlyOpen: true });
        const present = rows.filter(({ status }) => status === "present");
        return {
          calls: calls.map((call) => `${call.presentCount}+${call.absentCount}`),
          present: present.map(({ childId }) => names.get(childId) ?? "?").sort(),
          unnamed: unknown.map(({ description }) => description),
        };
      });
    },
    async close() {
      for (const context of contexts) await context.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      await line.cut();
      await server.close();
      await site.close();
    },
  };
}

export const signIn = (page: Page, origin: string, as: SignedIn): Promise<void> =>
  carryCookie(page, origin, as.cookie);

/** As if the tablet had slept since yesterday: the copies bear another day of its own clock. */
export const ageCopies = (page: Page): Promise<void> =>
  page.evaluate(async (prefix) => {
    for (const name of await caches.keys()) {
      if (!name.startsWith(prefix)) continue;
      const [old, aged] = await Promise.all([
        caches.open(name),
        caches.open(name.replace(/ \S+$/, " 2020-01-01")),
      ]);
      for (const request of await old.keys()) await aged.put(request, (await old.match(request))!);
      await caches.delete(name);
    }
  }, COPIES);

/**
 * What is kept answers to this, sooner or later. A page that is loaded anew meanwhile leaves a question without an answer,
 * or with an error: it is asked again.
 */
const whenPaths = (page: Page, are: (paths: readonly string[]) => boolean): Promise<void> =>
  until(async () => {
    const asked = keptPaths(page).catch(() => null);
    const paths = await Promise.race([asked, pause(1000, null)]);
    return paths !== null && are(paths);
  });

/** The pages of the day are kept: the list of the school is asked for last. */
export const whenKept = (page: Page): Promise<void> =>
  whenPaths(
    page,
    (paths) => paths.length >= DAY_PAGES && paths.some((path) => path.startsWith("/scuola/elenco")),
  );

export const whenForgotten = (page: Page): Promise<void> =>
  whenPaths(page, (paths) => paths.length === 0);

/** Every address of which the tablet has a copy, but for styles, scripts and images. */
export const keptPaths = (page: Page): Promise<string[]> =>
  page.evaluate(async (prefix) => {
    const paths: string[] = [];
    for (const name of await caches.keys())
      if (name.startsWith(prefix))
        for (const { url } of await (await caches.open(name)).keys())
          paths.push(url.slice(location.origin.length));
    return paths.sort();
  }, COPIES);

const PUPILS = [
  { surname: "Bianchi", givenName: "Omar", section: "A" },
  { surname: "Hu", givenName: "Mei", section: "A" },
  { surname: "Gatti", givenName: "Leo", section: "B" },
];

async function pupils(site: TestSite): Promise<Map<string, string>> {
  const { place } = site;
  const other = newId();
  const made = PUPILS.map((pupil) => ({ id: newId(), ...pupil }));
  const dates = { from: day("2026-09-14"), to: null };
  const september = moment("2026-09-01T08:00:00Z");
  return place.town.write(async (tx) => {
    await putClasses(tx, [{ id: other, siteId: place.siteId, year: 2026, grade: 3, section: "B" }]);
    const people = made.map(({ section: _section, ...names }) => ({
      kind: "child" as const,
      ...names,
    }));
    await putPeople(tx, people, september);
    const classOf = (section: string) => (section === "A" ? place.classId : other);
    await putMemberships(
      tx,
      made.map((pupil) => ({
        id: newId(),
        childId: pupil.id,
        classId: classOf(pupil.section),
        ...dates,
      })),
    );
    const { serviceId } = place;
    const eat = made.filter(({ section }) => section === "A");
    await putEnrolments(
      tx,
      eat.map((pupil) => ({
        id: newId(),
        childId: pupil.id,
        serviceId,
        year: 2026,
        ...dates,
        weekdays: null,
      })),
      september,
    );
    const all = await schoolChildren(tx, { siteId: place.siteId, date: day(TUESDAY) });
    return new Map(all.map((child) => [`${child.surname} ${child.givenName}`, child.childId]));
  });
}
