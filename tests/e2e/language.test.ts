// SPDX-License-Identifier: EUPL-1.2
/** Acceptance tasks 1–3 of the parents' pages in a second language, and that English fits a 320 px phone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { browserMissing } from "../support/browser.ts";
import { at, closeThe, TUESDAY } from "../support/portal.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const stage = browserStage();
const context = { locale: "en-GB" };

/** Sara on her phone, which speaks English. */
async function english(
  time: string,
  javaScript: boolean,
): Promise<{ sara: Visitor; place: Place }> {
  const place = await stage.place({ now: at(TUESDAY, time) });
  const as = await place.site.signInAs("guardian");
  return { sara: await place.visit(as, "/oggi", { javaScript, context }), place };
}

/** Several buttons begin with the same words. */
const press = (who: Visitor, name: string): Promise<void> =>
  who.tap(who.page.getByRole("button", { name, exact: true }).last());

for (const javaScript of [true, false]) {
  const how = javaScript ? "with scripts" : "without JavaScript";
  describe(`the portal's tasks in English ${how}`, { skip: browserMissing }, () => {
    it("tasks 1 and 2 BO-09 X-01 cancel today, undo it, a stranger checks the code", async () => {
      const { sara, place } = await english("08:41:07", javaScript);
      await sara.sees("Present", "Meals can be cancelled until 9:00", "If eaten: 4,60 €");
      await press(sara, "Cancel today's meal for Giulia");
      await sara.sees("Meal cancelled", "8:41:07", "No charge");
      const code = new URL(sara.page.url()).pathname.slice("/ricevute/".length);
      await sara.open("/oggi");
      await press(sara, "Undo the cancellation for Giulia");
      await sara.sees("Present", "Who and when", "Cancellation undone", "Meal cancelled");
      const stranger = await place.visit(null, "/verifica", { javaScript, context });
      await stranger.page.getByLabel("Code of the receipt").fill(code);
      await press(stranger, "Verify");
      await stranger.sees("Genuine receipt", "G. F.");
      assert.doesNotMatch(await stranger.reads(), /Giulia|Ferrando/);
    });

    it("task 3 X-02 page open since 8:50, tap at 9:00:03: refusal, charge, first useful day", async () => {
      const { sara } = await english("08:50:00", javaScript);
      sara.site.setClock(at(TUESDAY, "09:00:03"));
      await press(sara, "Cancel today's meal for Giulia");
      await sara.sees(
        "Cancellation not accepted",
        "Arrived at 9:00:03, limit 9:00:00.",
        "The meal is still charged: 4,60 €.",
        "Cancel Thursday 26 November",
        "Dispute",
      );
    });

    it("the language is changed on any page and stays changed", async () => {
      const { sara } = await english("08:40:00", javaScript);
      await sara.open("/altro");
      await sara.page.locator("main").getByRole("link", { name: "Italiano" }).click();
      await sara.page.waitForLoadState();
      await sara.sees("Dati e contatti");
      await sara.open("/oggi");
      await sara.sees("Disdici il pasto di oggi");
    });
  });
}

describe("the portal in English on a small phone", { skip: browserMissing }, () => {
  it("passes axe and never scrolls sideways at 320 px", async () => {
    const { sara } = await english("08:40:00", true);
    await closeThe(sara.site, "2026-11-10");
    for (const path of [
      ...[
        "/oggi",
        "/figli/giulia",
        "/figli/giulia/calendario",
        "/figli/giulia/calendario?scegli=1",
      ],
      ...["/figli/giulia/giorni/2026-11-24", "/figli/giulia/giorni/2026-11-10"],
      ...["/figli/giulia/assenze", "/figli/giulia/assenze/nuova?passo=2&per=giulia"],
      "/figli/giulia/assenze/nuova?passo=3&per=giulia&dal=2026-11-25&al=2026-11-30",
      ...[`/disdici?giorno=${TUESDAY}`, "/ricevute", "/pagamenti", "/borsellino", "/messaggi"],
      "/documenti",
      "/documenti/estratto-conto",
      ...[
        "/dati",
        "/dati/modifica",
        "/altro",
        "/installa",
        "/aiuto",
        "/verifica",
        "/accedi",
        "/servizi",
      ],
      ...["/sportello", "/privacy", "/accessibilita", "/note-legali"],
    ]) {
      await sara.open(path);
      await sara.isAccessible({ width: 320 });
    }
  });
});
