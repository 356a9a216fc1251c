// SPDX-License-Identifier: EUPL-1.2
import type { FastifyRequest } from "fastify";
import { putLanguage } from "#families";
import { type Lang, LANGUAGES } from "#kernel/i18n.ts";
import { type Answer, notFound, type Route, seeOther } from "./route.ts";
import type { Visit } from "./visit.ts";

const COOKIE = "campanella_lang";
const PATH = "/lingua";
const YEAR_SECONDS = 60 * 60 * 24 * 365;
const LONGEST_PATH = 2000;

const known = (text: string | undefined): Lang | null =>
  LANGUAGES.find((lang) => lang === text) ?? null;

/** The language chosen here; without a choice English only for a browser that asks for it and not for Italian. */
export function languageOf(request: Pick<FastifyRequest, "cookies" | "headers">): Lang {
  const chosen = known(request.cookies?.[COOKIE]);
  if (chosen) return chosen;
  const asked = String(request.headers["accept-language"] ?? "")
    .toLowerCase()
    .split(",")
    .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
    .map((part) => part.trim().slice(0, 2));
  return asked.includes("en") && !asked.includes("it") ? "en" : "it";
}

/** `/lingua?l=en&poi=/oggi`: the way to a language that comes back to this page. */
export const languageHref = (lang: Lang, back: string): string =>
  `${PATH}?l=${lang}&poi=${encodeURIComponent(back)}`;

/**
 * GET /lingua: remembers the language of the pages for a year, a choice of the browser. Whoever is signed in is written
 * to in it from now on; at the office's desk nobody's language changes.
 */
async function chooseLanguage(visit: Visit): Promise<Answer> {
  const lang = known(visit.query["l"]);
  if (!lang) return notFound;
  visit.reply.setCookie(COOKIE, lang, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    maxAge: YEAR_SECONDS,
    secure: visit.app.secureCookies,
  });
  const { session } = visit;
  if (session && !session.row.deskHolderId)
    await visit.town.write((tx) => putLanguage(tx, { accountId: session.row.accountId, lang }));
  const back = visit.query["poi"] ?? "";
  const safe = /^\/(?![/\\])[^\s\\]*$/.test(back) && back.length <= LONGEST_PATH;
  return seeOther(safe && !back.startsWith(PATH) ? back : "/servizi");
}

export const languageRoute: Route = {
  method: "GET",
  path: PATH,
  access: "public",
  handle: chooseLanguage,
};
