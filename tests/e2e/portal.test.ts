// SPDX-License-Identifier: EUPL-1.2
/** The acceptance tasks 1–6 of the parents' pages: taps and pages counted, with and without JavaScript. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawMonth } from "#billing";
import { day } from "#kernel/dates.ts";
import { browserMissing } from "../support/browser.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const stage = browserStage();

async function parent(time: string, javaScript: boolean): Promise<{ sara: Visitor; place: Place }> {
  const place = await stage.place({ now: at(TUESDAY, time) });
  const as = await place.site.signInAs("guardian");
  return { sara: await place.visit(as, "/oggi", { javaScript }), place };
}

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without JavaScript";
  describe(`the portal's tasks ${how}`, { skip: browserMissing }, () => {
    it("task 1 BO-09 X-01 at 8:40, cancel today for Giulia: 1 tap, 2 pages", async () => {
      const { sara } = await parent("08:41:07", javaScript);
      await sara.tap(sara.button("Disdici il pasto di oggi per Giulia"));
      sara.within(1, 2);
      await sara.sees(
        "Pasto disdetto",
        "8:41:07",
        "Nessun addebito",
        /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/,
      );
    });

    it("task 2 undo it: 1 tap, 2 pages; a stranger checks the code: 1 tap, 2 pages, no name", async () => {
      const { sara, place } = await parent("08:41:07", javaScript);
      await sara.tap(sara.button("Disdici il pasto di oggi per Giulia"));
      const code = new URL(sara.page.url()).pathname.slice("/ricevute/".length);
      await sara.open("/oggi");
      await sara.tap(sara.button("Annulla la disdetta per Giulia"));
      sara.within(1, 2);
      await sara.sees("Presente", "Chi e quando", "Disdetta annullata", "Pasto disdetto");
      const stranger = await place.visit(null, "/verifica", { javaScript });
      await stranger.page.getByLabel("Codice della ricevuta").fill(code);
      await stranger.tap(stranger.button("Verifica"));
      stranger.within(1, 2);
      await stranger.sees("Ricevuta autentica", "Pasto disdetto");
      assert.doesNotMatch(await stranger.reads("main"), /Giulia|Ferrando/);
    });

    it("task 3 X-02 page open since 8:50, tap at 9:00:03: refusal, charge, first useful day, Contesta", async () => {
      const { sara } = await parent("08:50:00", javaScript);
      sara.site.setClock(at(TUESDAY, "09:00:03"));
      await sara.tap(sara.button("Disdici il pasto di oggi per Giulia"));
      sara.within(1, 2);
      await sara.sees(
        "Disdetta non accolta",
        "9:00:03",
        "limite 9:00:00",
        "Il pasto resta addebitato: 4,60 €.",
      );
      await sara.sees("Disdici giovedì 26 novembre", "Contesta");
    });

    it("task 4 BO-12 two children away Wednesday to Friday: 6 taps, 5 pages", async () => {
      const { sara } = await parent("08:40:00", javaScript);
      const { page } = sara;
      await sara.tap(page.getByRole("link", { name: "Più giorni" }).first());
      const boxes = page.locator("input[name=per]");
      for (let index = 0; index < (await boxes.count()); index += 1)
        if (!(await boxes.nth(index).isChecked())) await sara.tick(boxes.nth(index));
      await sara.tap(sara.button("Continua"));
      await page.getByLabel("Primo giorno").fill("2026-11-25");
      await page.getByLabel(/Ultimo giorno/).fill("2026-11-27");
      await sara.tap(sara.button("Continua"));
      await sara.sees(
        "2 pasti disdetti, 9,20 € non addebitati",
        "Ritorno: lunedì 30 novembre",
        "Promemoria domenica 29 novembre",
      );
      await sara.tap(sara.button("Registra l'assenza"));
      sara.within(6, 5);
      await sara.sees("Assenze registrate", "2 pasti disdetti");
    });

    it("task 5 BO-12 plain meal on Thursday: 3 taps, 4 pages", async () => {
      const { sara } = await parent("08:40:00", javaScript);
      await sara.tap(sara.link("Calendario"));
      await sara.tap(sara.link(/giovedì 26/));
      await sara.tap(sara.button(/Pasto in bianco/));
      sara.within(3, 4);
      await sara.sees("Pasto in bianco", "Stesso prezzo: 4,60 €.", "Torna al pasto normale");
    });

    it("task 6 X-09 why 4,60 € on 10 November, and dispute it: 3 taps, 4 pages, then 2 and 2", async () => {
      const { sara } = await parent("08:40:00", javaScript);
      await closeThe(sara.site, "2026-11-10");
      await sara.tap(sara.link("Calendario"));
      await sara.tap(sara.link(/martedì 10/));
      await sara.tap(sara.link("Perché?"));
      sara.within(3, 4);
      await sara.sees(
        "Perché 4,60 €?",
        "Tariffa: 4,60 €",
        "presenza prevista",
        "Registrata da chiusura automatica",
      );
      [sara.taps, sara.pages] = [0, 0];
      await sara.tap(sara.link("Contesta questo addebito"));
      await sara.page.getByLabel("Che cosa non torna?").fill("Quel giorno era a casa.");
      await sara.tap(sara.button("Invia la contestazione"));
      sara.within(2, 2);
      await sara.sees(
        "Contestazione 1. Risposta entro mercoledì 9 dicembre; fino ad allora nessun sollecito.",
      );
    });
  });
}

describe("the portal on a small phone", { skip: browserMissing }, () => {
  it("passes axe and never scrolls sideways, down to 320 px", async () => {
    const { sara } = await parent("08:40:00", true);
    await closeThe(sara.site, "2026-11-10");
    const paths = [
      "/oggi",
      "/figli/giulia",
      "/figli/giulia/calendario",
      "/figli/giulia/calendario?vista=elenco",
      "/figli/giulia/calendario?scegli=1",
      "/figli/giulia/giorni/2026-11-24",
      "/figli/giulia/giorni/2026-11-10",
      "/figli/giulia/assenze",
      "/figli/giulia/assenze/nuova",
      "/figli/giulia/assenze/nuova?passo=2&per=giulia",
      "/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=2026-11-30&al=2026-11-20",
      "/figli/giulia/accessi",
      `/disdici?giorno=${TUESDAY}`,
      "/ricevute",
      "/pagamenti",
      "/borsellino",
      "/documenti",
      "/documenti/estratto-conto",
      "/messaggi",
      "/dati",
      "/dati/modifica",
      "/dati/correzione",
      "/figli/giulia/dati",
      "/figli/giulia/dati/modifica",
      "/altro",
      "/installa",
      "/aiuto",
      "/verifica",
    ];
    for (const path of paths) {
      await sara.open(path);
      await sara.isAccessible({ width: 320 });
    }
  });

  it("PE-08 the statement shows each balance without a swipe, and stays a table on paper", async () => {
    const { sara } = await parent("08:40:00", true);
    await closeThe(sara.site, "2026-11-10");
    await sara.page.setViewportSize({ width: 320, height: 640 });
    await sara.open("/documenti/estratto-conto");
    await sara.sees(/Tommaso: Pasto, mensa -4,60 € -9,20 €/);
    const seen = () =>
      sara.page.evaluate(() => {
        const cells = [...document.querySelectorAll(".data td")];
        return {
          right: Math.max(...cells.map((cell) => cell.getBoundingClientRect().right)),
          row: getComputedStyle(cells[0]!.closest("tr")!).display,
          head: getComputedStyle(document.querySelector(".data thead")!).display,
          scrolls: document.querySelectorAll(".data-box").length,
        };
      });
    const { right, ...phone } = await seen();
    assert.ok(right <= 320, String(right));
    assert.deepEqual(phone, { row: "grid", head: "block", scrolls: 0 });
    await sara.page.emulateMedia({ media: "print" });
    const { row, head } = await seen();
    assert.deepEqual({ row, head }, { row: "table-row", head: "table-header-group" });
    assert.equal(await sara.page.getByText("Scegli un altro periodo").isVisible(), false);
  });

  it("BO-02 a bill of one child is a line for each day, with date, Perché? and amount", async () => {
    const { sara } = await parent("08:40:00", true);
    const { town, serviceId } = sara.site.place;
    const days = ["05", "06", "08", "12", "13", "15", "19", "20", "22", "26", "27", "29"];
    for (const date of days) await closeThe(sara.site, `2026-10-${date}`);
    const drawn = await town.write((tx) =>
      drawMonth(tx, {
        serviceId,
        month: day("2026-10-01"),
        now: at("2026-11-02", "09:00:00"),
        today: day("2026-11-02"),
        by: "ufficio",
      }),
    );
    assert.equal(drawn.outcome, "drawn");
    await sara.page.setViewportSize({ width: 320, height: 640 });
    await sara.open("/pagamenti/2026/00001");
    await sara.sees(/05\/10\/2026 .*Perché\? 4,60 €/);
    const heights = await sara.page
      .locator("table.data tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    assert.equal(heights.length, days.length);
    assert.ok(Math.max(...heights) <= 48, `${Math.max(...heights)} px`);
    await sara.isAccessible();
  });
});
