// SPDX-License-Identifier: EUPL-1.2
/** The office has its unpaid notices printed, in a browser: the choice, the page that follows the work, the file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { moment } from "#kernel/dates.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";
import { browserMissing } from "../support/browser.ts";
import { collecting, issue, oldDebt, topUpLine } from "../support/collecting.ts";
import { browserStage } from "../support/visitor.ts";

const NOW = moment("2026-11-24T08:00:00Z");

describe("a print run in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  for (const javaScript of [true, false])
    it(`OS-16 is chosen, followed and downloaded, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const town = await stage.place({ now: NOW });
      const { app, place } = town.site;
      await collecting(place);
      const drafts = [place.giulia, place.tommaso].map((childId, index) =>
        oldDebt(place, `k${index}`, [topUpLine(place, childId, 2000n)]),
      );
      assert.equal((await issue(place, drafts, NOW)).outcome, "issued");
      const office = await town.site.signInAs("office", { name: "L. Neri" });
      const lucia = await town.visit(office, "/ufficio/avvisi", { screen: "desktop", javaScript });
      const { page } = lucia;
      await page.getByRole("link", { name: "Stampa", exact: true }).click();
      await lucia.sees("Nessuna stampa finora");
      await page.getByRole("link", { name: "Nuova stampa" }).click();
      if (javaScript) await lucia.isAccessible();
      await lucia.tap(lucia.button("Prepara il file di 2 avvisi"));
      await lucia.sees("0 di 2 avvisi");
      if (javaScript) await lucia.isAccessible();
      await makePrintFiles(app, place.town, {
        isStopping: () => false,
        onError: (_, error) => assert.fail(String(error)),
      });
      // With scripts the page follows the work by itself.
      if (!javaScript) await page.reload();
      await page.getByText("Il file è pronto").waitFor();
      await lucia.sees("Il file è pronto: 2 avvisi, 2 pagine");
      if (javaScript) await lucia.isAccessible();
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Scarica il PDF" }).click();
      const bytes = readFileSync(await (await download).path());
      assert.equal(bytes.subarray(0, 8).toString("latin1"), "%PDF-1.7");
      assert.equal(bytes.subarray(-6).toString("latin1"), "%%EOF\n");
    });
});
