// SPDX-License-Identifier: EUPL-1.2
/** Pages of a town where a late cancellation counts for the next service day: words before, receipt after, undo. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { routes as officeRoutes } from "../../src/surfaces/office/routes.ts";
import { routes as portalRoutes } from "../../src/surfaces/portal/routes.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { act, at, closeThe, portalHome, readPage, send } from "../support/portal.ts";
import type { SignedIn } from "../support/site.ts";
import { USUAL_SETTINGS } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const FRIDAY = "2026-11-20";
const MONDAY = "2026-11-23";
const CUTOFFS = { ...USUAL_SETTINGS.cutoffs, lateCountsForNextDay: true };

async function home(t: TestContext, settings: Partial<typeof USUAL_SETTINGS> = {}) {
  const found = await portalHome(base.db, {
    routes: [...portalRoutes, ...officeRoutes],
    now: at(FRIDAY, "09:00:03"),
    town: { weekdays: 0b0011111, settings: { cutoffs: CUTOFFS, ...settings } },
  });
  t.after(() => found.site.close());
  return found;
}

const inEnglish = (who: SignedIn): SignedIn => ({
  ...who,
  cookie: `${who.cookie}; campanella_lang=en`,
});

/** What the form of a button posts, as a browser without scripts would. */
function fieldsOf(page: string, label: string): Record<string, string> {
  const form = [...page.matchAll(/<form[^>]*>[^]*?<\/form>/g)]
    .map(([text]) => text)
    .find((text) => text.replace(/<[^>]+>/g, " ").includes(label));
  assert.ok(form, label);
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name, value]) => [name!, value!]));
}

describe("a late cancellation that counts for the next service day", () => {
  it("BO-14 X-01 the button says the day, the receipt both things, the undo gives it back", async (t) => {
    const { site, sara } = await home(t);
    const button = "Disdici per lunedì 23 novembre";
    const today = await site.get("/oggi", sara);
    assert.match(today.body, new RegExp(button));
    const fields = fieldsOf(today.body, button);
    assert.deepEqual([fields["giorno"], fields["per"]], [FRIDAY, MONDAY]);
    const { location, text } = await send(site, sara, "/figli/giulia/pasti", fields);
    assert.match(text, /Disdetta valida per lunedì 23 novembre/);
    assert.match(
      text,
      /Per oggi è tardi: il pasto resta addebitato\. La disdetta vale per lunedì 23 novembre\./,
    );
    assert.match(text, /Il pasto resta addebitato: 4,60 €\./);
    assert.match(
      text,
      /Arrivata alle 9:00:03, limite 9:00:00\. Lunedì 23 novembre: nessun addebito\./,
    );
    assert.match(text, /Annulla la disdetta di lunedì 23 novembre/);
    assert.doesNotMatch(text, /Nulla è cambiato/);
    const again = await act(site, sara, "cancel", { date: FRIDAY });
    assert.match(again.text, /Già registrato alle 9:00:03: disdetta valida per lunedì 23 novembre/);
    assert.match(again.location, new RegExp(`^${location}`));
    const after_ = await readPage(site, "/oggi", sara);
    assert.match(after_, /lunedì 23 novembre, già disdetto/);
    assert.match(after_, /Segnala comunque l'assenza/);
    const monday = await readPage(site, `/figli/giulia/giorni/${MONDAY}`, sara);
    assert.match(monday, /Disdetto .*Disdetta valida per lunedì 23 novembre/);
    const code = location.split("/").at(-1)!;
    const verified = await readPage(site, `/verifica?codice=${code}`, null);
    assert.match(verified, /Ricevuta autentica/);
    assert.match(verified, /La disdetta vale per lunedì 23 novembre\./);
    assert.doesNotMatch(verified, /Giulia|Ferrando/);
    const undone = await act(site, sara, "restore", { date: MONDAY });
    assert.match(undone.text, /Disdetta annullata/);
    assert.match(await readPage(site, location, sara), /Dopo c'è stata un'altra richiesta/);
    assert.match(await readPage(site, "/oggi", sara), /Disdici per lunedì 23 novembre/);
  });

  it("BO-14 the day page says it too, in both languages; before the limit and without the rule it does not", async (t) => {
    const { site, sara } = await home(t);
    const path = `/figli/giulia/giorni/${FRIDAY}`;
    assert.match(await readPage(site, path, sara), /Disdici per lunedì 23 novembre/);
    const english = inEnglish(sara);
    assert.match(await readPage(site, path, english), /Cancel for Monday 23 November/);
    assert.match(await readPage(site, "/oggi", english), /Cancel for Monday 23 November/);
    const { text } = await act(site, english, "cancel", { date: FRIDAY });
    assert.match(
      text,
      /Too late for today: the meal is still charged\. The cancellation counts for Monday 23 November\./,
    );
    site.setClock(at(FRIDAY, "08:59:00"));
    assert.doesNotMatch(await readPage(site, path, sara), /Disdici per lunedì/);
    const usual = await home(t, { cutoffs: USUAL_SETTINGS.cutoffs });
    assert.doesNotMatch(await readPage(usual.site, path, usual.sara), /Disdici per/);
    assert.match(await readPage(usual.site, "/oggi", usual.sara), /Disdici lunedì 23 novembre/);
  });

  it("BO-14 the next day cancelled before: the receipt says that nothing else changes", async (t) => {
    const { site, sara } = await home(t);
    await act(site, sara, "cancel", { date: MONDAY });
    const path = `/figli/giulia/giorni/${FRIDAY}`;
    assert.doesNotMatch(await readPage(site, path, sara), /Disdici per/);
    const { text } = await act(site, sara, "cancel", { date: FRIDAY });
    assert.match(text, /Lunedì 23 novembre era già disdetto: non cambia altro\./);
    assert.match(text, /Disdetta non accolta/);
  });

  it("X-15 X-01 the office reads the same in the family's page and in the receipt", async (t) => {
    const { site, sara } = await home(t);
    const { location } = await act(site, sara, "cancel", { date: FRIDAY });
    const clerk = await site.signInAs("office-manager");
    const said = /richiesta non accolta, arrivata dopo il limite; vale per lunedì 23 novembre/;
    const family = `/ufficio/famiglie/${site.place.holderId}`;
    assert.match(await readPage(site, family, clerk), said);
    const code = location.split("/").at(-1)!;
    const found = await site.get(`/ufficio/cerca?q=${code}`, clerk);
    assert.equal(found.statusCode, 303);
    assert.match(await readPage(site, String(found.headers.location), clerk), said);
    site.setClock(at("2026-11-24", "09:30:00"));
    const desk = await site.signInAs("office-manager", {
      desk: { holderId: site.place.holderId, reason: "telefonata" },
    });
    const atDesk = await act(site, desk, "cancel", { date: "2026-11-24" });
    assert.match(atDesk.text, /La disdetta vale per mercoledì 25 novembre\./);
  });
});

describe("a dispute from a refused receipt", () => {
  it("X-09 says from when, with the date; once the meal is charged it opens the dispute itself", async (t) => {
    const { site, sara } = await home(t, { cutoffs: USUAL_SETTINGS.cutoffs });
    const { location, text } = await act(site, sara, "cancel", { date: FRIDAY });
    const from = /Si può contestare dalle 15:00 di oggi, venerdì 20 novembre:/;
    assert.match(text, from);
    assert.match(await readPage(site, `${location}/contesta`, sara), from);
    const english = await readPage(site, location, inEnglish(sara));
    assert.match(english, /It can be disputed from 15:00 of today, Friday 20 November:/);
    site.setClock(at(FRIDAY, "15:30:00"));
    const later = await site.signInAs("guardian");
    assert.match(
      await readPage(site, location, later),
      /appena il pasto risulta addebitato: manca la chiusura di oggi, venerdì 20 novembre/,
    );
    await closeThe(site, FRIDAY);
    assert.doesNotMatch(await readPage(site, location, later), /Si può contestare/);
    const open = await site.get(`${location}/contesta`, later);
    assert.match(String(open.headers.location), /^\/addebiti\/.+\/contesta$/);
  });

  it("X-09 where a fee is paid there is nothing to dispute, and the page says so", async (t) => {
    const { site, sara } = await home(t, {
      payment: { ...USUAL_SETTINGS.payment, model: "fixed-fee" },
    });
    const { location, text } = await act(site, sara, "cancel", { date: FRIDAY });
    assert.match(text, /Per oggi è tardi: il pasto resta previsto, la quota non cambia\./);
    assert.doesNotMatch(text, /Si può contestare/);
    assert.match(await readPage(site, `${location}/contesta`, sara), /non c'è un addebito/);
  });
});
