// SPDX-License-Identifier: EUPL-1.2
/** The office reconciles in a browser: the journal uploaded and read before it counts, a movement explained. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { reconcile } from "#payments";
import { browserMissing, screenshot } from "../support/browser.ts";
import {
  apply,
  collecting,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "../support/collecting.ts";
import { journalFile } from "../support/settlement-files.ts";
import { FLOW_CODE, lineOf, reportOf, store } from "../support/settling.ts";
import { browserStage, type Place } from "../support/visitor.ts";

const NOW = moment("2026-11-24T08:00:00Z");
const CREDITOR = "77777777777";

describe("reconciliation in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  /** Three payments: at the bank soon, still in no flow, and one whose receipt was lost. */
  async function start(): Promise<Place> {
    const there = await stage.place({ now: NOW });
    const { app, place } = there.site;
    await collecting(place, { creditor: CREDITOR });
    const pay = async (key: string, cents: bigint) => {
      const line = topUpLine(place, place.giulia, cents);
      return receiptFor(await issueOne(place, topUp(place, key, [line])));
    };
    const [banked, waiting, lost] = [
      await pay("a", 6410n),
      await pay("b", 4600n),
      await pay("c", 2300n),
    ];
    for (const receipt of [banked, waiting]) await land(app.db, receipt, NOW);
    await apply(app.db, NOW);
    await store(place, reportOf(CREDITOR, [lineOf(banked), lineOf(lost)]), NOW);
    await place.town.write((tx) => reconcile(tx, NOW));
    return there;
  }

  for (const javaScript of [true, false])
    it(`X-05 a journal is uploaded, read and registered; a movement gets its reason, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const town = await start();
      const manager = await town.site.signInAs("office-manager", { name: "L. Neri" });
      const lucia = await town.visit(manager, "/ufficio/riconciliazione", {
        screen: "desktop",
        javaScript,
      });
      const { page } = lucia;
      await lucia.sees(
        "Ricevuta mancante",
        "46,00 €",
        "Le somme coincidono con i conti del registro",
      );
      const text = journalFile([
        { causale: `PSP /PUR/LGPE-RIVERSAMENTO/URI/${FLOW_CODE}`, euro: "87.10" },
        { causale: "PAGOPA TARI", euro: "15.00" },
      ]);
      await page.setInputFiles("input[type=file]", {
        name: "giornale.xml",
        mimeType: "text/xml",
        buffer: Buffer.from(text),
      });
      await lucia.tap(lucia.button("Leggi il file"));
      await lucia.sees("Nulla è ancora registrato", `Accredita il flusso ${FLOW_CODE}`);
      if (javaScript) await lucia.isAccessible();
      await lucia.tap(lucia.button("Registra"));
      await lucia.sees("Registrato: 2 nuovi", "87,10 €");
      await lucia.tap(lucia.link("PAGOPA TARI"));
      await page.fill("textarea[name=motivo]", "TARI: è dell'ufficio tributi");
      await lucia.tap(lucia.button("Registra"));
      await lucia.sees("Nessun movimento di tesoreria da spiegare");
      assert.ok(!(await lucia.reads()).includes("PAGOPA TARI"));
      if (!javaScript) return;
      await screenshot(page, "office-riconciliazione-desktop", { fullPage: true });
      await lucia.isAccessible();
      await lucia.isAccessible({ width: 320 });
      for (const path of [
        "?vista=in-attesa",
        "?vista=accreditati",
        "/contabilita?dal=2026-11-01&al=2026-11-30",
      ]) {
        await lucia.open(`/ufficio/riconciliazione${path}`);
        await lucia.isAccessible({ width: 320 });
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      await lucia.open("/ufficio/riconciliazione?vista=accreditati");
      await lucia.tap(lucia.link(FLOW_CODE));
      await lucia.isAccessible();
      await lucia.tap(page.locator("tr", { hasText: "Ricevuta mancante" }).getByRole("link"));
      await lucia.sees("Registra il pagamento dal flusso", "Segna come spiegato");
      await lucia.isAccessible();
    });
});
