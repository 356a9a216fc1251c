// SPDX-License-Identifier: EUPL-1.2
/** X-03, task 12 of the design's acceptance: the roll call on a tablet whose network goes and comes back. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { startClosing } from "#attendance";
import { changeMeals } from "#booking";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import {
  axe,
  browserMissing,
  openBrowser,
  screenshot,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import {
  ageCopies,
  at,
  keptPaths,
  signIn,
  tabletStage,
  type TabletStage,
  TUESDAY,
  whenForgotten,
  whenKept,
} from "../support/school-tablet.ts";
import type { TestSite } from "../support/site.ts";
import { RECEIPT_KEY } from "../support/small-town.ts";

/** The tablet asks again after twenty seconds at most, and gives up an attempt after fifteen. */
const strip = (page: Page, text: RegExp): Promise<void> =>
  page.locator("[data-offline]").filter({ hasText: text }).waitFor({ timeout: 90_000 });
const row = (page: Page, name: string): Locator => page.locator(".roll-label", { hasText: name });

/** The box is as it was left, sooner or later: the page shows first, then what is kept. */
const ticked = (page: Page, name: string): Promise<void> =>
  row(page, name).locator("input:checked").waitFor({ state: "attached" });

describe("the roll call without a network", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let browser: Browser;
  before(async () => {
    base = await testDatabase();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await base?.close();
  });
  const onStage = (test: (stage: TabletStage) => Promise<void>) => async (): Promise<void> => {
    const stage = await tabletStage(base.db, browser);
    try {
      await test(stage);
    } finally {
      await stage.close();
    }
  };

  it(
    "X-03 task 12: two absent and one outside the list while the server is stopped; sent once when it is back",
    onStage(async ({ site, origin, tablet, stop, restart, written }) => {
      const page = await tablet();
      await stop();
      let taps = 0;
      const tap = (what: Locator): Promise<void> => {
        taps += 1;
        return what.click();
      };
      await tap(page.getByRole("link", { name: /3A/ }));
      await strip(
        page,
        /Senza rete dalle 8:58\. L'appello continua: ogni modifica resta salvata qui\./,
      );
      await tap(row(page, "Ferrando Giulia"));
      await tap(row(page, "Bianchi Omar"));
      await strip(page, /2 modifiche salvate qui/);
      await tap(page.getByRole("link", { name: "Fuori lista" }));
      await page.getByRole("searchbox").fill("gatti");
      await tap(page.getByRole("button", { name: "Cerca" }));
      await tap(page.getByRole("button", { name: "Servi Gatti Leo" }));
      await page.waitForURL(new RegExp(`/scuola/${site.place.classId}$`));
      await strip(page, /^Senza rete dalle 8:58\. L'appello continua: 3 modifiche salvate qui\.$/);
      assert.match(
        await page.locator(".lead-text").first().innerText(),
        /Presenti 2 · Assenti 2 · Fuori lista 1/,
      );
      assert.deepEqual(await axe(page), []);
      await screenshot(page, "school-senza-rete-tablet");
      await tap(page.getByRole("button", { name: "Invia l'appello: 2 pasti" }));
      assert.ok(taps <= 8, `${taps} taps`);
      await page.getByText("Che cosa non è ancora inviato").click();
      await page.getByText("3A, appello: 2 assenti (Bianchi Omar, Ferrando Giulia)").waitFor();
      await page.getByText("3A, fuori lista: Gatti Leo").waitFor();
      assert.deepEqual(await axe(page), []);
      await screenshot(page, "school-senza-rete-elenco-tablet");
      await page.setViewportSize({ width: 320, height: 640 });
      assert.deepEqual(await widerThanWindow(page), []);
      await page.setViewportSize({ width: 1024, height: 768 });

      await page.reload();
      await strip(page, /3 modifiche salvate qui/);
      await ticked(page, "Bianchi Omar");
      const context = page.context();
      await page.close();
      const again = await context.newPage();
      await again.goto(`${origin}/scuola`);
      await strip(again, /3 modifiche salvate qui/);
      await again.getByText("Sul tablet, non ancora inviato").waitFor();
      assert.deepEqual(await axe(again), []);
      await screenshot(again, "school-classi-senza-rete-tablet");

      await restart(at("09:14:00"));
      await strip(again, /^Rete tornata: tutto inviato alle 9:14\.$/);
      await again.getByText("Inviato alle 9:14", { exact: true }).waitFor();
      await screenshot(again, "school-rete-tornata-tablet");
      assert.deepEqual(await written(), {
        calls: ["2+2"],
        present: ["Ferrando Tommaso", "Gatti Leo", "Hu Mei"],
        unnamed: [],
      });
      await signIn(again, origin, await site.signInAs("kitchen", { name: "Cucina" }));
      await again.goto(`${origin}/cucina`);
      assert.match(await again.locator(".figure-strong dd").innerText(), /^3/);
    }),
  );

  it(
    "what got no answer is sent again under the same key, and is written once: roll call and walk-in",
    onStage(async ({ tablet, line, written, counts }) => {
      const page = await tablet();
      await openClass(page);
      line.loseAnswers(true);
      await row(page, "Bianchi Omar").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(page, /1 modifica salvata qui/);
      assert.equal((await counts()).calls, 1, "the server has written it");
      line.loseAnswers(false);
      await page.getByText("Inviato alle 8:50", { exact: true }).waitFor();
      await strip(page, /^Rete tornata: tutto inviato alle 8:50\.$/);
      assert.deepEqual(await counts(), { calls: 1, marks: 4 });
      line.loseAnswers(true);
      await page.getByRole("link", { name: "Fuori lista" }).click();
      await page.getByRole("searchbox").fill("leo");
      await page.getByRole("button", { name: "Cerca" }).click();
      await page.getByRole("button", { name: "Servi Gatti Leo" }).click();
      await strip(page, /1 modifica salvata qui/);
      line.loseAnswers(false);
      await strip(page, /tutto inviato/);
      await page.getByText("Fuori lista 1").waitFor();
      assert.deepEqual(await counts(), { calls: 1, marks: 5 });
      assert.deepEqual((await written()).calls, ["3+1"]);
    }),
  );

  it(
    "X-03 asks about a child whom the family cancelled while the tablet had no network; served, the child eats",
    onStage(async ({ site, ids, tablet, line, written }) => {
      const page = await tablet();
      await line.cut();
      await openClass(page);
      await row(page, "Bianchi Omar").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(page, /1 modifica salvata qui/);
      await cancelMeal(site, ids.get("Ferrando Giulia")!);
      site.setClock(at("09:14:00"));
      await line.mend();
      await strip(page, /Rete tornata: 1 modifica aspetta una risposta\./);
      const question = "3A, Ferrando Giulia: disdetto dalla famiglia alle 8:59. È presente?";
      await page.getByText(question).waitFor();
      assert.deepEqual(await axe(page), []);
      await screenshot(page, "school-disdetto-intanto-tablet");
      assert.deepEqual((await written()).present, ["Ferrando Tommaso", "Hu Mei"]);
      await page.getByRole("button", { name: "Servi", exact: true }).click();
      await strip(page, /tutto inviato alle 9:14/);
      assert.deepEqual((await written()).present, [
        "Ferrando Giulia",
        "Ferrando Tommaso",
        "Hu Mei",
      ]);
    }),
  );

  it(
    "a colleague's roll call is not overwritten by one that waited, unless the teacher says so",
    onStage(async ({ site, ids, tablet, line, written, counts }) => {
      const page = await tablet();
      await line.cut();
      await openClass(page);
      await row(page, "Bianchi Omar").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(page, /1 modifica salvata qui/);
      const bruno = await site.signInAs("school", { name: "Bruno C." });
      const form = { giorno: "2026-11-24", servizio: "mensa", fase: "mattino" };
      const absent = [ids.get("Hu Mei")!, ids.get("Ferrando Giulia")!];
      await site.post(`/scuola/${site.place.classId}`, { ...form, assenti: absent }, bruno);
      await line.mend();
      await page
        .getByText("L'appello è già stato inviato da Bruno C. alle 8:50: 2 pasti, 2 assenti.")
        .waitFor();
      assert.deepEqual((await written()).calls, ["2+2"]);
      assert.deepEqual(await axe(page), []);
      await page.getByRole("button", { name: "Invia lo stesso questo" }).click();
      await strip(page, /tutto inviato/);
      assert.deepEqual((await written()).calls, ["3+1"]);
      assert.equal((await counts()).calls, 2);
    }),
  );

  it(
    "the browser's own sign of no network: a child without a name, a change taken back, boxes kept at every tap",
    onStage(async ({ tablet, written }) => {
      const page = await tablet();
      await openClass(page);
      await page.context().setOffline(true);
      await strip(page, OFFLINE);
      await row(page, "Hu Mei").click();
      await strip(page, /1 modifica salvata qui/);
      await page.getByRole("link", { name: "Fuori lista" }).click();
      await page.getByRole("searchbox").fill("nessuno");
      await page.getByRole("button", { name: "Cerca" }).click();
      await page.getByText("Nessun bambino con il nome «nessuno».").waitFor();
      await page.getByLabel(/Nome o descrizione/).fill("zaino blu");
      await page.getByRole("button", { name: "Nome non trovato: servi lo stesso" }).click();
      await strip(page, /2 modifiche salvate qui/);
      await ticked(page, "Hu Mei");
      await page.getByText("Che cosa non è ancora inviato").click();
      const begun = page.getByRole("listitem").filter({ hasText: "3A, appello cominciato" });
      await begun.getByRole("button", { name: "Scarta" }).press("Enter");
      await focused(page, "Tieni");
      await page.keyboard.press("Enter");
      await focused(page, "Scarta");
      await page.keyboard.press("Enter");
      await begun.getByRole("button", { name: "Scarta davvero" }).click();
      await strip(page, /1 modifica salvata qui/);
      assert.equal(await row(page, "Hu Mei").locator("input").isChecked(), false);
      await page.context().setOffline(false);
      await strip(page, /tutto inviato alle 8:50/);
      assert.deepEqual(await written(), { calls: [], present: [], unnamed: ["3A: zaino blu"] });
    }),
  );

  it("X-03 where families report absences, a child outside the list waits on the tablet too", async () => {
    const presumed = {
      attendance: { mode: "presumed" },
      absences: { reportedBy: "parents" },
    } as const;
    const stage = await tabletStage(base.db, browser, presumed);
    const { tablet, line, written } = stage;
    const page = await tablet();
    await openClass(page);
    await line.cut();
    await page.getByRole("link", { name: "Fuori lista" }).click();
    await page.getByRole("searchbox").fill("gat");
    await page.getByRole("button", { name: "Cerca" }).click();
    await page.getByRole("button", { name: "Servi Gatti Leo" }).click();
    await page.getByText("Fuori lista 1").waitFor();
    await strip(page, /1 modifica salvata qui/);
    await line.mend();
    await strip(page, /tutto inviato/);
    assert.deepEqual((await written()).present, ["Gatti Leo"]);
    await stage.close();
  });

  it(
    "no row moves under the finger: a tap changes its box and the counts, nothing above",
    onStage(async ({ tablet, line }) => {
      const page = await tablet();
      await openClass(page);
      const top = async (): Promise<number> => {
        await page.evaluate(async () => {
          await document.fonts.ready;
        });
        return (await row(page, "Hu Mei").boundingBox())!.y;
      };
      const before = await top();
      await row(page, "Bianchi Omar").click();
      assert.equal(await page.locator("#kept-later").isVisible(), false, "the boxes say it");
      assert.equal(await top(), before);
      await line.cut();
      await page.reload();
      await strip(page, /1 modifica salvata qui/);
      await page.getByText("Che cosa non è ancora inviato").waitFor();
      const offline = await top();
      await row(page, "Ferrando Giulia").click();
      await strip(page, /2 modifiche salvate qui/);
      assert.equal(await top(), offline);
    }),
  );

  it(
    "a network that is there and does not answer: the copy after six seconds, and nothing is lost",
    onStage(async ({ tablet, line, written }) => {
      const page = await tablet();
      line.hold(true);
      await openClass(page);
      await row(page, "Hu Mei").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await page.getByRole("button", { name: "Invio in corso…" }).waitFor();
      await strip(page, /1 modifica salvata qui/);
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).waitFor();
      line.hold(false);
      await strip(page, /tutto inviato/);
      assert.deepEqual((await written()).calls, ["3+1"]);
    }),
  );

  it(
    "the tablet dies at once: killed with a change kept, started again without a network, nothing is lost",
    onStage(async ({ origin, anna, annaAgain, line, written, tabletOfItsOwn }) => {
      const early = await tabletOfItsOwn();
      await signIn(early.page, origin, anna);
      await early.page.goto(`${origin}/scuola`);
      await whenKept(early.page);
      // The copies of the morning are on its disk: what is killed below writes changes, no copy.
      await early.close();
      await line.cut();
      const first = await early.again();
      await first.page.goto(`${origin}/scuola`);
      await openClass(first.page);
      await row(first.page, "Bianchi Omar").click();
      await first.page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(first.page, /1 modifica salvata qui/);
      await row(first.page, "Hu Mei").click();
      await strip(first.page, /2 modifiche salvate qui/);
      await first.kill();
      const second = await first.again();
      await second.page.goto(`${origin}/scuola`);
      await strip(second.page, /2 modifiche salvate qui/);
      await openClass(second.page);
      await ticked(second.page, "Hu Mei");
      await line.mend();
      await strip(second.page, /Sessione scaduta: 2 modifiche salvate qui/);
      await signIn(second.page, origin, await annaAgain(at("09:05:00")));
      await second.page.goto(`${origin}/scuola`);
      await strip(second.page, /Rete tornata: tutto inviato alle 9:05\. Appello da inviare: 3A\./);
      assert.deepEqual((await written()).calls, ["3+1"]);
      await second.close();
    }),
  );

  it(
    "signing out says what is not sent yet, and does not pretend without a network",
    onStage(async ({ tablet, line, written }) => {
      const page = await tablet();
      await openClass(page);
      await row(page, "Hu Mei").click();
      await page.locator("details.person summary").click();
      const leave = page.getByRole("button", { name: "Esci" });
      await leave.click();
      await strip(page, /Ci sono modifiche non inviate: restano su questo tablet/);
      await line.cut();
      await leave.click();
      await strip(page, /Senza rete l'uscita non arriva al server: riprovare quando torna\./);
      await loadedAnew(page, () => line.mend());
      await strip(page, /Rete tornata\. Appello da inviare: 3A\./);
      await page.locator("details.person summary").click();
      await leave.click();
      await strip(page, /Ci sono modifiche non inviate/);
      await leave.click();
      await page.waitForURL(/servizi/);
      await whenForgotten(page);
      assert.deepEqual((await written()).calls, []);
    }),
  );

  it(
    "signed out: no copy stays, and without a network the tablet shows nobody's page",
    onStage(async ({ origin, tablet, line }) => {
      const page = await tablet();
      assert.equal((await keptPaths(page)).length, 4);
      await page.locator("details.person summary").click();
      await page.getByRole("button", { name: "Esci" }).click();
      await page.waitForURL(/servizi/);
      await whenForgotten(page);
      await line.cut();
      await page.goto(`${origin}/scuola`);
      await page.getByText("Questa pagina non è salvata sul tablet.").waitFor();
      assert.doesNotMatch(await page.locator("body").innerText(), /Anna|Omar|3A/);
      assert.deepEqual(await axe(page), []);
    }),
  );

  it(
    "another person finds nothing of the former one; what the former one kept is sent when she is back",
    onStage(async ({ site, origin, tablet, line, anna, written }) => {
      const page = await tablet();
      await line.cut();
      await openClass(page);
      await row(page, "Bianchi Omar").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(page, /1 modifica salvata qui/);
      await page.goto("about:blank");
      await line.mend();
      const bruno = await site.signInAs("school", { name: "Bruno C." });
      await signIn(page, origin, bruno);
      await page.goto(`${origin}/scuola`);
      await page.getByText("Su questo tablet restano modifiche di un'altra persona").waitFor();
      await whenKept(page);
      assert.doesNotMatch(await page.locator("main").innerText(), /Omar|assent/);
      assert.deepEqual((await written()).calls, []);
      assert.doesNotMatch(await keptText(page), /Anna B\./);
      await signIn(page, origin, anna);
      await page.goto(`${origin}/scuola`);
      await strip(page, /tutto inviato alle 8:50/);
      assert.deepEqual((await written()).calls, ["3+1"]);
    }),
  );

  it(
    "an expired session keeps the changes, not the pages; after signing in again they are sent",
    onStage(async ({ origin, tablet, line, annaAgain, written, site }) => {
      const page = await tablet();
      await line.cut();
      await openClass(page);
      await row(page, "Bianchi Omar").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(page, /1 modifica salvata qui/);
      site.setClock(at("11:00:00"));
      await line.mend();
      await strip(page, /^Sessione scaduta: 1 modifica salvata qui, parte dopo l'accesso\.$/);
      assert.deepEqual(await axe(page), []);
      await page.getByRole("link", { name: "Entra di nuovo" }).click();
      await page.waitForURL(/accedi/);
      await whenForgotten(page);
      await signIn(page, origin, await annaAgain(at("11:01:00")));
      await page.goto(`${origin}/scuola`);
      await page.getByText("Inviato alle 11:01", { exact: true }).waitFor();
      assert.deepEqual((await written()).calls, ["3+1"]);
    }),
  );

  it(
    "PE-06 X-03 a tablet of the school's, enrolled by its code: hours without a network and nobody signs in; revoked, no page stays",
    onStage(async ({ site, origin, tablet, line, written }) => {
      const page = await tablet((opened) =>
        makeDevice(site).then((path) => enrol(opened, origin, path)),
      );
      await line.cut();
      await openClass(page);
      await row(page, "Bianchi Omar").click();
      await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
      await strip(page, /1 modifica salvata qui/);
      site.setClock(at("11:00:00"));
      await line.mend();
      await strip(page, /^Rete tornata: tutto inviato alle 11:00\.$/);
      assert.deepEqual((await written()).calls, ["3+1"]);

      await line.cut();
      await page.getByRole("link", { name: "Fuori lista" }).click();
      await page.getByRole("searchbox").fill("leo");
      await page.getByRole("button", { name: "Cerca" }).click();
      await page.getByRole("button", { name: "Servi Gatti Leo" }).click();
      await strip(page, /1 modifica salvata qui/);
      // Another tablet takes its place meanwhile; with a code of its own this one sends what it kept.
      await site.post(await anotherCode(site), {});
      await line.mend();
      await strip(page, /^Sessione scaduta: 1 modifica salvata qui/);
      assert.deepEqual(await axe(page), []);
      await enrol(page, origin, await anotherCode(site));
      await strip(page, /tutto inviato/);
      assert.ok((await written()).present.includes("Gatti Leo"));
      await whenKept(page);
      const { id, office } = await onlyDevice(site);
      assert.equal((await site.post(`${DEVICES}/${id}/revoca`, {}, office)).statusCode, 303);
      await page.goto(`${origin}/scuola`);
      await page.waitForURL(/accedi/);
      await whenForgotten(page);
    }),
  );

  for (const closed of [false, true])
    it(
      `the next day the copies are gone and what waited ${closed ? "is shown in words, because the day is closed" : "is sent for its own day"}`,
      onStage(async ({ site, origin, tablet, line, annaAgain, written }) => {
        const page = await tablet();
        await line.cut();
        await openClass(page);
        await row(page, "Bianchi Omar").click();
        await page.getByRole("button", { name: "Invia l'appello: 3 pasti" }).click();
        await strip(page, /1 modifica salvata qui/);
        await ageCopies(page);
        await page.goto(`${origin}/scuola`);
        await page.getByText("Questa pagina non è salvata sul tablet.").waitFor();
        await strip(page, /1 modifica salvata qui/);
        await whenForgotten(page);
        assert.doesNotMatch(await page.locator("body").innerText(), /Omar/);
        if (closed) await closeDay(site);
        await signIn(page, origin, await annaAgain(at("08:00:00", "2026-11-25")));
        await line.mend();
        await page.goto(`${origin}/scuola`);
        if (!closed) {
          await strip(page, /tutto inviato alle 8:00/);
          assert.deepEqual((await written()).calls, ["3+1"]);
          return;
        }
        const line1 = "3A, martedì 24 novembre, appello: 1 assente";
        await page.getByText(line1).waitFor();
        await page.getByText("Giornata chiusa: chiedere all'ufficio.").waitFor();
        await screenshot(page, "school-giornata-chiusa-tablet");
        await page.getByRole("button", { name: "Scarta" }).click();
        await page.getByRole("button", { name: "Scarta davvero" }).click();
        await page.getByText(line1).waitFor({ state: "detached" });
        assert.deepEqual((await written()).calls, []);
      }),
    );

  it(
    "nothing of a family, of the office or of another surface is ever kept",
    onStage(async ({ site, origin, tablet }) => {
      const page = await tablet();
      await page.goto(`${origin}/accedi`);
      await whenForgotten(page);
      for (const [role, path] of [
        ["guardian", "/oggi"],
        ["office", `/scuola/${site.place.classId}`],
        ["kitchen", "/cucina"],
      ] as const) {
        await signIn(page, origin, await site.signInAs(role));
        await page.goto(origin + path);
        await page.waitForLoadState("networkidle");
        assert.deepEqual(await keptPaths(page), [], role);
      }
    }),
  );
});

const OFFLINE = /^Senza rete dalle 8:58\. L'appello continua: /;

/** The focus is on the way back, never on the button that throws away. */
const focused = (page: Page, label: string): Promise<void> =>
  page
    .locator("button:focus")
    .filter({ hasText: new RegExp(`^\\s*${label}\\s*$`) })
    .waitFor();

/** The page reads itself anew when the network is back; until then it is the old one that is seen and tapped. */
async function loadedAnew(page: Page, act: () => Promise<void>): Promise<void> {
  await page.evaluate(() => document.documentElement.classList.add("of-before"));
  await act();
  await page.locator("html.keeps-changes:not(.of-before)").waitFor({ timeout: 90_000 });
}

async function openClass(page: Page): Promise<void> {
  await page.getByRole("link", { name: /3A/ }).click();
  await page.locator("html.keeps-changes").waitFor();
}

/** All that is kept, as text. */
const keptText = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    let text = "";
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys())
        if (!request.url.includes("/assets/"))
          text += await (await (await caches.open(name)).match(request))!.text();
    return text;
  });

async function cancelMeal(site: TestSite, childId: string): Promise<void> {
  const { place } = site;
  await place.town.write((tx) =>
    changeMeals(tx, {
      actor: place.sara,
      channel: "portal",
      act: "cancel",
      serviceId: place.serviceId,
      items: [{ childId, date: day(TUESDAY) }],
      receivedAt: at("08:59:00"),
      now: at("08:59:00"),
      idempotencyKey: newId(),
      receiptKey: RECEIPT_KEY,
    }),
  );
}

async function closeDay({ place }: TestSite): Promise<void> {
  const { serviceId, siteId } = place;
  const of = { serviceId, siteId, date: day(TUESDAY), by: "ufficio", at: at("18:00:00") };
  await place.town.write((tx) => startClosing(tx, { ...of, acceptMissing: true }));
}

const DEVICES = "/ufficio/impostazioni/dispositivi";
/** What the QR code says. */
const linkIn = (body: string): string =>
  /secret-key">http:\/\/[^/]+(\/dispositivo\/[\w-]{43})</.exec(body)?.[1] ?? "";

async function makeDevice(site: TestSite): Promise<string> {
  const fields = { nome: "Tablet 3A", uso: "school", scuola: site.place.siteId };
  const made = await site.post(`${DEVICES}/nuovo`, fields, await site.signInAs("office"));
  return linkIn(made.body);
}

async function onlyDevice(site: TestSite) {
  const office = await site.signInAs("office");
  const { body } = await site.get(DEVICES, office);
  return { office, id: /dispositivi\/([0-9a-f-]{36})\/revoca/.exec(body)?.[1] ?? "" };
}

async function anotherCode(site: TestSite): Promise<string> {
  const { id, office } = await onlyDevice(site);
  return linkIn((await site.post(`${DEVICES}/${id}/codice`, {}, office)).body);
}

async function enrol(page: Page, origin: string, path: string): Promise<void> {
  assert.notEqual(path, "");
  await page.goto(origin + path);
  await page.getByRole("button", { name: "Usa questo dispositivo" }).click();
  await page.waitForURL(`${origin}/scuola`);
}
