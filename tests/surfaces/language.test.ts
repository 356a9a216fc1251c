// SPDX-License-Identifier: EUPL-1.2
/** Pages in a second language: how it is chosen, and that nothing of a family's pages stays behind in Italian. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { submitRollCall } from "#attendance";
import { closeService, drawMonth } from "#billing";
import { day, moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { familyAccount, registerCredit } from "#ledger";
import { planMessages } from "#messaging";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { routes as publicRoutes } from "../../src/surfaces/public/routes.ts";
import { languageOf } from "../../src/surfaces/web/language.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { htmlProblems } from "../support/html-rules.ts";
import { act, at, closeThe, portalHome, readPage, send, TUESDAY } from "../support/portal.ts";
import type { SignedIn, TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const routes = [...publicRoutes, ...portalRoutes, ...officeRoutes];
const home = (options: Parameters<typeof portalHome>[1] = {}) =>
  portalHome(base.db, { routes, ...options });
const inLanguage = (lang: "it" | "en", as: SignedIn): SignedIn => ({
  ...as,
  cookie: `${as.cookie}; campanella_lang=${lang}`,
});

describe("the language of the pages", () => {
  it("is the one chosen, else the browser's, else Italian", () => {
    const of = (accept: string, chosen?: string) =>
      languageOf({
        headers: { "accept-language": accept },
        cookies: chosen === undefined ? {} : { campanella_lang: chosen },
      });
    assert.equal(of(""), "it");
    assert.equal(of("en-GB,en;q=0.9"), "en");
    assert.equal(of("en-GB,en;q=0.9,it;q=0.4"), "it");
    assert.equal(of("en,it;q=0"), "en");
    assert.equal(of("ro,en;q=0.5"), "en");
    assert.equal(of("ro"), "it");
    assert.equal(of("it-IT", "en"), "en");
    assert.equal(of("en", "it"), "it");
    assert.equal(of("en", "<script>"), "en");
  });

  it("is remembered for a year and leads back to the page, of this site only", async () => {
    const { site, sara } = await home();
    const answer = await site.get("/lingua?l=en&poi=%2Ffigli%2Fgiulia", sara);
    assert.equal(answer.statusCode, 303);
    assert.equal(answer.headers.location, "/figli/giulia");
    const [cookie] = answer.cookies as { name: string; value: string; [more: string]: unknown }[];
    assert.deepEqual(
      [cookie?.name, cookie?.value, cookie?.["maxAge"], cookie?.["httpOnly"], cookie?.["sameSite"]],
      ["campanella_lang", "en", 31_536_000, true, "Lax"],
    );
    for (const poi of ["//evil.example", "https://evil.example", "/\\evil", "", "/lingua?l=it"]) {
      const path = `/lingua?l=en&poi=${encodeURIComponent(poi)}`;
      assert.equal((await site.get(path, sara)).headers.location, "/servizi", poi);
    }
    assert.equal((await site.get("/lingua?l=xx&poi=/oggi", sara)).statusCode, 404);
    await site.close();
  });

  it("is offered on a family's pages and on the public ones, and told to the browser", async () => {
    const { site, sara } = await home();
    const italian = (await site.get("/oggi", sara)).body;
    assert.match(italian, /<html lang="it">/);
    assert.match(italian, /href="\/lingua\?l=en&amp;poi=%2Foggi"/);
    const english = (await site.get("/oggi", inLanguage("en", sara))).body;
    assert.match(english, /<html lang="en">/);
    assert.match(english, /href="\/lingua\?l=it&amp;poi=%2Foggi"/);
    const visitor = await site.get("/servizi", null, { "accept-language": "en-GB,en" });
    assert.match(visitor.body, /<html lang="en">.*School services/s);
    await site.close();
  });

  it("stays Italian for staff, at the desk of a family too", async () => {
    const { site } = await home();
    const office = inLanguage("en", await site.signInAs("office"));
    assert.match((await site.get("/ufficio", office)).body, /<html lang="it">/);
    for (const path of ["/ufficio/nulla", "/nulla"]) {
      const { statusCode, body } = await site.get(path, office);
      assert.equal(statusCode, 404);
      assert.match(body, /<html lang="it">.*Pagina non trovata/s);
      assert.doesNotMatch(body, /English|\/lingua\?/);
    }
    const desk = await site.signInAs("office", {
      desk: { holderId: site.place.holderId, reason: "telefonata" },
    });
    const page = (await site.get("/oggi", inLanguage("en", desk))).body;
    assert.match(page, /<html lang="it">/);
    assert.doesNotMatch(page, /\/lingua\?/);
    await site.close();
  });

  it("holds for refusals, errors of a form and what is not there", async () => {
    const { site, sara } = await home();
    const english = inLanguage("en", sara);
    assert.match((await site.get("/figli/nessuno", english)).body, /Page not found/);
    assert.match((await site.get("/nulla", english)).body, /Page not found/);
    const stale = await site.post("/dati/modifica", { csrf: "x" }, english);
    assert.match(stale.body, /Form expired.*Nothing was recorded/s);
    const wrong = await site.post("/dati/modifica", { email: "sara@" }, english);
    assert.match(wrong.body, /<title>Error: .*There is 1 item to correct.*is not complete/s);
    const nobody = { ...english, cookie: "campanella_lang=en" };
    assert.match((await site.post("/figli/giulia/pasti", {}, nobody)).body, /Session expired/);
    await site.close();
  });
});

/** What is the same in every language: names, what the town and the office wrote, the cards of the papers. */
const NAMES = [
  ...["Comune di", "Borgo di prova", "Primaria Milano", "Ufficio scuola", "Piazza del Municipio"],
  ...["Giulia", "Tommaso", "Sara", "Ferrando", "Anna B.", "ufficio", "calendario", "borsellino"],
  ...[
    "Campanella",
    "pubblicaistruzione@comune.borgodiprovasultrebbia.example",
    "sara@example.it",
    "Menu",
    "Password",
    "E-mail",
  ],
  ...["PEC", "WhatsApp", "Privacy", "ISEE", "DGC", "SPID", "CIE", "Italiano", "English"],
  ...["Farmacia San Carlo", "debiti pregressi", "Fratello", "Era a casa.", "madre"],
  ...["Portale", "sciopero dei bus"],
];
const ITALIAN =
  /\b(?:disdici|disdetto|disdetta|pasto|pasti|giorno|giorni|mensa|oggi|domani|assenza|assente|presente|addebito|ricevuta|alle|della|dello|degli|delle|non|gli|sono|che|con|una|fino|entro|nessun[oa]?)\b/i;

/** Every text and every label that a browser would say; what is marked as Italian is allowed to be. */
function sayings(html: string): string[] {
  const body = html
    .replace(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g, "")
    // a message's subject is its page's title
    .replace(/<title>(?:Portale nuovo|Mensa chiusa)[^<]*<\/title>/, "")
    .replace(/<(?:script|style)[^]*?<\/(?:script|style)>/g, "")
    .replace(/<(\w+)[^>]* lang="it"[^>]*>[^]*?<\/\1>/g, (all, tag) => (tag === "html" ? all : ""));
  const labels = [...body.matchAll(/ (?:aria-label|data-[a-z]+|title|placeholder)="([^"]*)"/g)];
  return [...labels.map(([, label]) => label ?? ""), ...body.split(/<[^>]+>/)]
    .map((text) =>
      text
        .replace(/&#39;/g, "'")
        .replace(/&quot;/g, '"')
        .replace(/&amp;/g, "&"),
    )
    .map((text) => NAMES.reduce((rest, name) => rest.replaceAll(name, ""), text).trim())
    .map((text) => text.replace(/\((?:avviso(?: di pagamento)?|codice fiscale|CAP|Mensa)\)/g, ""))
    .filter((text) => /\p{L}{3}/u.test(text) && !/^[\w./:#?=&%@-]*\d[\w./:#?=&%@-]*$/.test(text));
}

/** Follows every link of a family's pages, two of a kind, and reads each page in both languages. */
async function crawl(site: TestSite, as: SignedIn, from: readonly string[]): Promise<string[]> {
  const [italian, english] = [inLanguage("it", as), inLanguage("en", as)];
  const waiting = [...from];
  const met = new Map<string, number>();
  const read: string[] = [];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const kind = path
      .replace(/[0-9a-f-]{36}|\d{4}-\d{2}(?:-\d{2})?|\/\d{4}\/\d+/g, "#")
      .replace(/[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/g, "CODE");
    const many = met.get(kind) ?? 0;
    if (many >= 2 || read.includes(path)) continue;
    met.set(kind, many + 1);
    const answer = await site.get(path, english);
    if (answer.statusCode === 303) {
      waiting.push(String(answer.headers.location));
      continue;
    }
    assert.equal(answer.statusCode, 200, path);
    read.push(path);
    // A file is read by tests of its own.
    if (!String(answer.headers["content-type"]).startsWith("text/html")) continue;
    assert.deepEqual(htmlProblems(answer.body), [], path);
    const before = new Set(sayings((await site.get(path, italian)).body));
    const now = sayings(answer.body);
    assert.deepEqual(
      now.filter((text) => before.has(text)),
      [],
      `${path}: the same in both languages`,
    );
    assert.deepEqual(
      now.filter((text) => ITALIAN.test(text)),
      [],
      `${path}: Italian words`,
    );
    const links = [...answer.body.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map(([, link]) => link!);
    waiting.push(
      ...links
        .map((link) => link.replaceAll("&amp;", "&"))
        .filter((link) => !/^\/(?:lingua|accedi|assets|ufficio)/.test(link)),
    );
  }
  return read;
}

const START = [
  ...["/oggi", "/calendario", "/pagamenti", "/borsellino", "/messaggi", "/altro", "/ricevute"],
  ...[
    "/figli/giulia",
    "/figli/giulia/assenze",
    "/figli/giulia/accessi",
    "/dati",
    "/dati/modifica",
    "/dati/correzione",
    "/figli/giulia/dati",
  ],
  ...["/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=2026-12-10&al=2026-12-17"],
  ...["/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=2026-12-17&al=2026-12-10"],
  ...["/figli/giulia/assenze/nuova?passo=2", "/figli/giulia/assenze/nuova?passo=2&per=giulia"],
  ...["/figli/giulia/assenze/nuova?passo=3&per=giulia,tommaso&dal=2026-11-24&aperta=1"],
  ...["/figli/giulia/calendario?scegli=1", "/figli/giulia/calendario?vista=elenco"],
  ...["/figli/giulia/calendario?mese=2026-10", `/disdici?giorno=${TUESDAY}`, "/verifica"],
  ...["/disdici?giorno=2026-11-25", "/verifica?codice=AAAA", "/aiuto", "/servizi", "/sportello"],
  ...["/accessibilita", "/privacy", "/note-legali", "/figli/giulia/giorni/2026-11-25"],
];

async function octoberBills(site: TestSite): Promise<void> {
  const days = ["05", "06", "08", "12", "13", "15", "19", "20", "22", "26", "27", "29"];
  for (const date of days) await closeThe(site, `2026-10-${date}`);
  const drawn = await site.place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: site.place.serviceId,
      month: day("2026-10-01"),
      now: at("2026-11-02", "09:00:00"),
      today: day("2026-11-02"),
      by: "ufficio",
    }),
  );
  assert.equal(drawn.outcome, "drawn");
}

const officer = (site: TestSite) =>
  ({ ...site.place.sara, role: "office-manager", personId: null }) as const;

describe("a family's pages in English", () => {
  it("leave nothing in Italian: bills, receipts of every act, closures, disputes, messages", async () => {
    const { site, sara } = await home({
      townSettings: {
        collection: { cash: [{ place: "Farmacia San Carlo", onlyFor: "debiti pregressi" }] },
      },
    });
    await octoberBills(site);
    const { place } = site;
    await place.town.write(async (tx) => {
      await closeService(tx, {
        actor: officer(site),
        serviceIds: [place.serviceId],
        siteId: null,
        classId: null,
        from: day("2026-12-01"),
        to: day("2026-12-01"),
        reason: "strike",
        note: "",
        now: at(TUESDAY, "07:00:00"),
      });
      const text = { subject: "Portale nuovo", body: "Da lunedì 30 novembre." };
      const news = { holderId: place.holderId, kind: "news", ...text, dedupeKey: "x" } as const;
      await planMessages(tx, [news], at(TUESDAY, "07:30:00"));
    });
    const english = inLanguage("en", sara);
    for (const [what, date] of [
      ["cancel", TUESDAY],
      ["restore", TUESDAY],
      ["plain", "2026-11-26"],
      ["normal", "2026-11-26"],
      ["cancel", "2026-11-26"],
      ["cancel", "2026-11-26"],
      ["cancel", "2026-11-25"],
      ["cancel", "2026-12-01"],
    ] as const)
      await act(site, english, what, { date });
    const span = { per: "giulia,tommaso", dal: "2026-12-03", al: "2026-12-07" };
    const away = await send(site, english, "/figli/giulia/assenze", span);
    assert.match(away.text, /Absences registered/);
    await send(site, english, "/figli/tommaso/assenze", {
      per: "tommaso",
      dal: "2027-01-11",
      aperta: "1",
    });
    await send(site, english, "/figli/giulia/assenze/riprendi", {
      servizio: "mensa",
      dal: "2026-12-07",
    });
    site.setClock(at(TUESDAY, "09:00:03"));
    const late = await act(site, english, "cancel");
    assert.match(late.text, /Cancellation not accepted.*Arrived at 9:00:03, limit 9:00:00\./);
    assert.match(late.text, /The meal is still charged: 4,60 €\..*Cancel Thursday 26|Dispute/);
    await act(site, english, "report-absence");
    const charge = /\/addebiti\/[0-9a-f-]{36}/.exec(
      (await site.get("/pagamenti/2026/00001", sara)).body,
    )?.[0];
    await send(site, english, `${charge}/contesta`, { testo: "Era a casa." });
    const code = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(late.location)?.[0];
    const from = [...START, `${charge}/contesta`, `/verifica?codice=${code}`, late.location];
    const read = await crawl(site, sara, from);
    assert.ok(read.length > 60, `${read.length} pages`);
    await site.close();
  });

  it("leave nothing in Italian: prepaid credit, roll call, brackets of ISEE, the evening", async () => {
    const { site, sara } = await home({
      now: at("2026-11-23", "18:30:00"),
      town: {
        settings: {
          payment: { model: "prepaid", accountScope: "child-service", directDebit: false },
          attendance: { mode: "roll-call" },
          negativeBalance: { rule: "allowed-until", until: "2026-12-31" },
        },
        tariff: {
          kind: "brackets",
          brackets: [{ upTo: "10000", price: "2,50" }, { price: "5" }],
          modifiers: [{ name: "Fratello", when: { rankFrom: 2 }, reduce: "30%" }],
        },
      },
    });
    await closeThe(site, "2026-11-10");
    const { holderId, giulia: childId, serviceId } = site.place;
    await site.place.town.write((tx) =>
      registerCredit(tx, {
        actor: officer(site),
        account: familyAccount("child-service", { holderId, childId, serviceId }),
        method: "cash-desk",
        amountCents: 9200n,
        happenedOn: day("2026-11-20"),
        reason: "versamento allo sportello",
        key: newId(),
        recordedAt: at("2026-11-20", "09:00:00"),
      }),
    );
    assert.match(
      await readPage(site, "/oggi", inLanguage("en", sara)),
      /It is 18:30\..*for tomorrow until 9:00 on Tuesday 24 November.*Tomorrow, Tuesday 24 November/,
    );
    await crawl(site, sara, START);
    site.setClock(at(TUESDAY, "10:00:00"));
    const again = await site.signInAs("guardian");
    await site.place.town.write((tx) =>
      submitRollCall(tx, {
        actor: { ...site.place.sara, role: "school", name: "Anna B.", personId: null },
        serviceId: site.place.serviceId,
        classId: site.place.classId,
        date: day(TUESDAY),
        phase: "morning",
        absentIds: [site.place.tommaso],
        walkInIds: [],
        unknownWalkIns: [],
        receivedAt: at(TUESDAY, "09:12:00"),
        now: at(TUESDAY, "09:12:00"),
        idempotencyKey: newId(),
      }),
    );
    await crawl(site, again, ["/oggi", `/figli/giulia/giorni/${TUESDAY}`]);
    await site.close();
  });

  it("leave nothing in Italian: fixed fees, bookings, schools that report, before the start", async () => {
    const base = { kind: "fixed", priceCents: 4500 };
    const fee = { kind: "fixed-fee", per: "month", payer: "child", dueDay: 15, base };
    const fixed = await home({
      town: {
        settings: { payment: { model: "fixed-fee", accountScope: "child", directDebit: false } },
        tariff: fee,
      },
    });
    await crawl(fixed.site, fixed.sara, START);
    const booked = await home({ town: { settings: { attendance: { mode: "opt-in" } } } });
    await act(booked.site, inLanguage("en", booked.sara), "book");
    await crawl(booked.site, booked.sara, ["/oggi", "/ricevute"]);
    const school = await home({ town: { settings: { absences: { reportedBy: "school" } } } });
    await crawl(school.site, school.sara, START.slice(0, 9));
    const early = await home({ now: at("2026-09-15", "08:00:00") });
    await crawl(early.site, early.sara, ["/oggi"]);
    const stranger = await home({ now: moment("2026-11-24T07:40:00Z"), demo: false });
    await crawl(stranger.site, stranger.sara, ["/oggi"]);
    for (const { site } of [fixed, booked, school, early, stranger]) await site.close();
  });

  it("lets people sign in, with personas and with a password, in English", async () => {
    const demo = await home();
    const headers = { "accept-language": "en" };
    const page = (await demo.site.get("/accedi", null, headers)).body;
    assert.match(page, /Demonstration access.*no password is needed/s);
    assert.deepEqual(
      sayings(page).filter((text) => ITALIAN.test(text)),
      [],
    );
    const real = await home({ demo: false });
    const form = (await real.site.get("/accedi", null, headers)).body;
    assert.match(form, /SPID and CIE: not active yet.*Sign in with code and password/s);
    const wrong = await real.site.post("/accedi", { codice: "", password: "" }, null, headers);
    assert.match(wrong.body, /There are 2 items to correct.*Write the user code/s);
    await Promise.all([demo.site.close(), real.site.close()]);
  });
});
