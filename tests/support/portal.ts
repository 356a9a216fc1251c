// SPDX-License-Identifier: EUPL-1.2
/** What the tests of the parents' pages share: a site at 8:40, reading a page as words, sending an act. */
import assert from "node:assert/strict";
import { closeDay } from "#billing";
import { day, momentAt, type Moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import { routes } from "../../src/surfaces/portal/routes.ts";
import { type SignedIn, testSite, type TestSite } from "./site.ts";

export const at = (date: string, time: string): Moment => momentAt(day(date), time);
export const TUESDAY = "2026-11-24";

export async function portalHome(
  db: Database,
  options: Partial<Parameters<typeof testSite>[1]> = {},
): Promise<{ site: TestSite; sara: SignedIn }> {
  const site = await testSite(db, { routes, now: at(TUESDAY, "08:40:00"), ...options });
  return { site, sara: await site.signInAs("guardian") };
}

/** The words of a page as a person reads them. */
export const textOf = (html: string): string =>
  html
    .replace(/<head>[^]*?<\/head>/, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ")
    .replace(/ ([.,:;?!])/g, "$1");

export async function readPage(site: TestSite, path: string, as: SignedIn | null): Promise<string> {
  const answer = await site.get(path, as);
  assert.equal(answer.statusCode, 200, `${path}: ${answer.statusCode} ${textOf(answer.body)}`);
  return textOf(answer.body);
}

/** Posts a form and reads the page it leads to. */
export async function send(
  site: TestSite,
  as: SignedIn,
  path: string,
  fields: Record<string, string | readonly string[]>,
): Promise<{ location: string; text: string }> {
  const answer = await site.post(path, fields, as);
  assert.equal(answer.statusCode, 303, `${path}: ${textOf(answer.body)}`);
  const location = String(answer.headers.location);
  // what is said once on the next page travels in a cookie
  const said = answer.cookies.map(({ name, value }) => `; ${name}=${encodeURIComponent(value)}`);
  const then = { ...as, cookie: as.cookie + said.join("") };
  return { location, text: await readPage(site, location, then) };
}

/** One act on one day of one child. */
export const act = (
  site: TestSite,
  as: SignedIn,
  what: string,
  of: { date?: string; slug?: string; key?: string } = {},
): Promise<{ location: string; text: string }> =>
  send(site, as, `/figli/${of.slug ?? "giulia"}/pasti`, {
    servizio: "mensa",
    giorno: of.date ?? TUESDAY,
    atto: what,
    ...(of.key ? { key: of.key } : {}),
  });

/** The kitchen's day is over: attendance presumed, meals charged. */
export const closeThe = (site: TestSite, date: string): ReturnType<typeof closeDay> =>
  closeDay(site.place.town, {
    serviceId: site.place.serviceId,
    siteId: site.place.siteId,
    date: day(date),
    by: "ufficio",
    now: at(date, "15:00:00"),
  });
