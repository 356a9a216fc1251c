// SPDX-License-Identifier: EUPL-1.2
/** A mother asks for her credit; the office approves it, makes the bank's file and clears up a payment: in a browser. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { day, moment } from "#kernel/dates.ts";
import { post } from "#ledger";
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
import { browserStage, type Place } from "../support/visitor.ts";

const NOW = moment("2026-11-24T09:16:00Z");

describe("the money desk in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  async function start(): Promise<Place> {
    const there = await stage.place({
      now: NOW,
      town: {
        settings: { payment: { model: "prepaid", accountScope: "child", directDebit: false } },
      },
      townSettings: {
        collection: {
          vouchersAccepted: true,
          cash: [{ place: "Edicola Sole", onlyFor: "debiti fino al 2025/2026" }],
        },
      },
    });
    const { place } = there.site;
    await collecting(place);
    await place.town.write((tx) =>
      post(
        tx,
        {
          key: "credit",
          debit: { kind: "bank" },
          credit: { kind: "family", holderId: place.holderId, childId: place.giulia },
          amountCents: 5000n,
          kind: "credit",
          happenedOn: day("2026-10-01"),
        },
        NOW,
      ),
    );
    return there;
  }

  for (const javaScript of [true, false])
    it(`X-10 a refund from the phone to the bank's file, ${javaScript ? "with" : "without"} JavaScript`, async () => {
      const town = await start();
      const sara = await town.visit(await town.site.signInAs("guardian"), "/borsellino", {
        javaScript,
      });
      await sara.tap(sara.link("Chiedi il rimborso"));
      await sara.page.getByLabel("Importo").fill("40");
      await sara.page.getByLabel("IBAN", { exact: true }).fill("it60 x054 2811 1010 0000 0123 456");
      await sara.page.getByLabel("Intestatario dell'IBAN").fill("Sara Ferrando");
      await sara.page.getByLabel("Motivo").fill("Giulia cambia scuola");
      if (javaScript) await sara.isAccessible({ width: 320 });
      await sara.tap(sara.button("Invia la richiesta"));
      await sara.sees("Richiesta 1 inviata", "Ricevuta", "Entro giovedì 24 dicembre 2026");
      if (javaScript) await sara.isAccessible();
      if (javaScript) await screenshot(sara.page, "portal-richieste", { fullPage: true });

      const manager = await town.site.signInAs("office-manager", { name: "M. Conti" });
      const marta = await town.visit(manager, "/ufficio", { screen: "desktop", javaScript });
      await marta.sees("1 richiesta di rimborso o trasferimento");
      await marta.open("/ufficio/richieste");
      await marta.tap(marta.link("Richiesta 1"));
      await marta.page.locator("input[name=esito][value=approva]").check();
      if (javaScript) await marta.isAccessible();
      if (javaScript) await screenshot(marta.page, "office-richiesta", { fullPage: true });
      await marta.page.getByRole("button", { name: "Registra la decisione" }).click();
      await marta.page.waitForLoadState();
      await marta.sees("Richiesta 1 approvata");
      await marta.open("/ufficio/richieste/bonifici");
      if (javaScript) await marta.isAccessible();
      await marta.tap(marta.button("Prepara la distinta"));
      const href = await marta.link("Scarica il file (pain.001)").getAttribute("href");
      const xml = await town.site.get(href!, manager);
      assert.match(xml.body, /<InstdAmt Ccy="EUR">40\.00</);
      if (javaScript) await marta.isAccessible();
      if (javaScript) await screenshot(marta.page, "office-distinta", { fullPage: true });
      await sara.open("/borsellino/richieste");
      await sara.sees("Bonifico in preparazione");
      await marta.button("Segna come inviata").click();
      await marta.sees("Distinta segnata come inviata.");
      await sara.open("/borsellino/richieste");
      await sara.sees("Bonifico in corso");
    });

  it("BI-09 X-05 a receipt handed in is registered, a payment in suspense is cleared up", async () => {
    const town = await start();
    const { place } = town.site;
    const db = town.site.app.db;
    const notice = await issueOne(place, topUp(place, "k", [topUpLine(place, place.giulia, 800n)]));
    for (const receipt of [receiptFor(notice), receiptFor(notice)]) {
      await land(db, receipt, NOW);
      await apply(db, NOW);
    }
    const manager = await town.site.signInAs("office-manager", { name: "M. Conti" });
    const family = `/ufficio/famiglie/${place.holderId}`;
    const marta = await town.visit(manager, `${family}/pagamento`, { screen: "desktop" });
    const { page } = marta;
    await marta.isAccessible();
    await screenshot(page, "office-registra-pagamento", { fullPage: true });
    await page.getByLabel("Che cosa è stato pagato?").selectOption({ index: 1 });
    await page.locator("input[name=modo][value=other-portal]").check();
    await page.getByLabel("Importo").fill("46,00");
    await page.getByLabel("Data del pagamento").fill("2026-11-20");
    await page.getByLabel("Chi ha pagato", { exact: false }).first().fill("Sara Ferrando");
    await page.getByLabel("Identificativo").fill("IUR-77");
    await page.locator("input[type=file]").setInputFiles({
      name: "ricevuta.pdf",
      mimeType: "application/pdf",
      buffer: Buffer.from("%PDF-1.4 prova"),
    });
    await marta.tap(marta.button("Registra il pagamento"));
    await marta.sees("Pagamento di 46,00 € registrato", "Ricevuta consegnata", "ricevuta.pdf");
    await marta.isAccessible();

    await marta.open("/ufficio/pagamenti/da-sistemare");
    await marta.isAccessible();
    await marta.tap(page.getByRole("link", { name: "Pagato due volte" }));
    await page.getByLabel("Credito, Ferrando Sara: Giulia").check();
    await page.getByLabel("Motivo").fill("sentita la famiglia");
    await marta.isAccessible();
    await screenshot(page, "office-da-sistemare", { fullPage: true });
    await marta.tap(marta.button("Sistema il pagamento"));
    await marta.sees("8,00 € sono ora credito", "Nessun pagamento da sistemare");

    for (const path of [
      `${family}/pagamenti`,
      `${family}/buoni`,
      `${family}/rate`,
      `${family}/annullamento`,
      `${family}/estratto-conto`,
      `/ufficio/pagamenti/avvisi/${notice.noticeNumber}`,
      "/ufficio/pagamenti/crediti-rimasti",
      "/ufficio/pagamenti/annullamenti",
    ]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      assert.equal(await marta.open(path), 200, path);
      await marta.isAccessible();
      await marta.isAccessible({ width: 360 });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await marta.open(`${family}/estratto-conto`);
    await screenshot(page, "office-estratto-conto", { fullPage: true });
  });
});
