// SPDX-License-Identifier: EUPL-1.2
/**
 * What anybody can do after `npm start`, in a browser: a bill of one demo town paid at the simulated tobacconist by its
 * notice number, an account of another topped up by the simulated card, both seen to land.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { moment } from "#kernel/dates.ts";
import { demoAccounts } from "#identity";
import { sql } from "#kernel/db/index.ts";
import { negativeBalances } from "#ledger";
import { inFours } from "#payments";
import { tenantBySlug } from "#tenancy";
import { loadDemo } from "../../src/demo/load-demo.ts";
import { site } from "../../src/surfaces/site.ts";
import {
  axe,
  browserMissing,
  newPhonePage,
  openBrowser,
  screenshot,
  widerThanWindow,
} from "../support/browser.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type Simulated, simulatedPagoPa } from "../support/simulated-pagopa.ts";
import { until } from "../support/until.ts";

/** Early in the year: few days to live through before the tests. The bills of the first month are drawn by then. */
const START = moment("2026-11-03T10:00:00+01:00");
const LOADED = { ostra: moment("2026-10-05T10:00:00+02:00"), borghetto: START };

describe("paying the demo towns", { skip: browserMissing }, () => {
  let base: TestDatabase;
  let pagoPa: Simulated;
  let browser: Browser;

  before(async () => {
    base = await testDatabase();
    for (const [town, asOf] of Object.entries(LOADED))
      await loadDemo(base.db, {
        receiptKey: "k",
        now: asOf,
        only: [town],
        progress: { begins() {}, town() {}, loaded() {} },
      });
    const started = performance.now();
    const now = () => START.add({ milliseconds: Math.round(performance.now() - started) });
    pagoPa = await simulatedPagoPa(base.db, { now, site });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await pagoPa?.close();
    await base?.close();
  });

  /** A phone, signed in as somebody of the demo. */
  async function signedIn(slug: string, name: string, path: string): Promise<Page> {
    const page = await newPhonePage(browser);
    await page.goto(
      `http://${slug}.localhost:${pagoPa.port}/accedi?poi=${encodeURIComponent(path)}`,
    );
    await page.getByRole("button", { name: new RegExp(name) }).click();
    return page;
  }

  async function isFit(page: Page): Promise<void> {
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await widerThanWindow(page), []);
  }

  it("MC-07 BO-02 a bill is paid at the tobacconist by its number, and reads as paid", async () => {
    const owed = await billOf("borghetto", "Sara Ferrando");
    const counter = await newPhonePage(browser);
    await counter.goto(`${pagoPa.simulator.url}/`);
    await isFit(counter);
    await counter.getByRole("link", { name: "Paga al tabaccaio" }).click();
    await isFit(counter);
    await counter.getByLabel("Numero avviso").fill(inFours(owed.noticeNumber));
    await counter.getByLabel("Codice fiscale dell'ente").fill(owed.creditor);
    await counter.getByRole("button", { name: "Cerca l'avviso" }).click();
    await isFit(counter);
    await counter.getByRole("button", { name: /^Paga/ }).click();
    await counter.getByRole("heading", { name: "Pagamento eseguito" }).waitFor();
    await isFit(counter);
    await reloadUntil(counter, "consegnata all'ente");

    const sara = await signedIn("borghetto", "Sara Ferrando", "/pagamenti");
    await reloadUntil(sara, "Pagat");
    const again = new URLSearchParams({
      noticeNumber: owed.noticeNumber,
      fiscalCode: owed.creditor,
    });
    await counter.goto(`${pagoPa.simulator.url}/tabaccaio/avviso?${again.toString()}`);
    await counter.getByText("già stato pagato").waitFor();
    await isFit(counter);
  });

  it("OS-14 X-06 an account is topped up by card: the page tells the truth before and after the receipt", async () => {
    await pagoPa.command("/_comandi", { receipt: "before-return", reorder: 1000 });
    const page = await signedIn("ostra", "Elena Mancini", "/ricarica");
    await page.getByLabel("Altro importo", { exact: true }).check();
    await page.getByLabel("Altro importo, in euro").fill("25");
    await page.getByRole("button", { name: "Continua" }).click();
    await page.getByRole("button", { name: /^Paga 25,00/ }).click();
    await page.getByRole("heading", { name: "Paga con carta" }).waitFor();
    assert.equal(new URL(page.url()).origin, pagoPa.simulator.url);
    await isFit(page);
    await screenshot(page, "simulator-card");
    await page.getByRole("button", { name: "Paga", exact: true }).click();
    await page.getByText("Pagamento in corso: 25,00").waitFor();
    await pagoPa.command("/_comandi/rilascia");
    await page.getByText("Pagamento ricevuto: 25,00").waitFor();
    await page.goto(`http://ostra.localhost:${pagoPa.port}/borsellino`);
    await page.getByText("25,00").first().waitFor();
    await pagoPa.command("/_comandi/azzera");
  });

  it("X-06 a refused card leaves the notice to be paid, and nothing else", async () => {
    const page = await signedIn("ostra", "Elena Mancini", "/ricarica");
    await page.getByLabel("Altro importo", { exact: true }).check();
    await page.getByLabel("Altro importo, in euro").fill("12,50");
    await page.getByRole("button", { name: "Continua" }).click();
    await page.getByRole("button", { name: /^Paga 12,50/ }).click();
    await page.getByRole("button", { name: "Prova una carta rifiutata" }).click();
    await page.getByText("Pagamento non completato").waitFor();
    await page.goto(`http://ostra.localhost:${pagoPa.port}/pagamenti`);
    await page.getByText("12,50").first().waitFor();
  });

  it("the page of commands is usable by keyboard and reader, and does what it says", async () => {
    const page = await newPhonePage(browser);
    await page.goto(`${pagoPa.simulator.url}/_comandi`);
    await isFit(page);
    await page.getByLabel("Checkout").selectOption("down");
    await page.getByRole("button", { name: "Imposta" }).click();
    await page.waitForURL(/_comandi$/);
    assert.equal(pagoPa.simulator.world.commands.checkout, "down");
    await page.getByRole("button", { name: "Torna al comportamento corretto" }).click();
    await page.waitForURL(/_comandi$/);
    assert.equal(pagoPa.simulator.world.commands.checkout, "open");
  });

  it("BO-08 a debt is written off by two personas: one proposes, the other decides", async () => {
    const { holderId, cents } = await debtOf("borghetto");
    const bruno = await signedIn(
      "borghetto",
      "Bruno Costa",
      `/ufficio/famiglie/${holderId}/annullamento`,
    );
    await bruno.getByLabel("Quale debito?").selectOption({ index: 1 });
    await bruno.getByLabel("Importo da annullare").fill(`${cents / 100n},00`);
    await bruno.getByLabel("Motivo").fill("Determina 12 del 2026");
    await bruno.getByRole("button", { name: "Proponi l'annullamento" }).click();
    await bruno.getByText("Decide una persona diversa da chi ha proposto.").waitFor();
    const paola = await signedIn(
      "borghetto",
      "Paola Ravera, vice responsabile",
      "/ufficio/pagamenti/annullamenti",
    );
    await paola.getByLabel("Annulla il debito").check();
    await paola.getByRole("button", { name: "Registra la decisione" }).click();
    await paola.getByText("Debito annullato: la famiglia ne riceve notizia.").waitFor();
  });

  it("OS-07 X-15 the administrator of a demo town opens pagoPA's settings and proves the station", async () => {
    const page = await signedIn("borghetto", "Fabio Delfino", "/ufficio/impostazioni/pagopa");
    await page.getByRole("button", { name: "Prova adesso" }).click();
    await page.getByText("un avviso inventato è sconosciuto, come deve").waitFor();
    assert.deepEqual(await axe(page), []);
  });

  /** A family that owes whole euros: whom, and how much. */
  async function debtOf(slug: string): Promise<{ holderId: string; cents: bigint }> {
    const town = await base.db.platform((tx) => tenantBySlug(tx, slug));
    const owing = await base.db.forTenant(town!.id).read((tx) => negativeBalances(tx));
    const { holderId, balanceCents } = owing.find((one) => one.balanceCents <= -1000n)!;
    return { holderId, cents: (-balanceCents / 100n) * 100n };
  }

  /** The oldest notice of a bill of this person's family. */
  async function billOf(
    slug: string,
    name: string,
  ): Promise<{ noticeNumber: string; creditor: string }> {
    const town = await base.db.platform((tx) => tenantBySlug(tx, slug));
    return base.db.forTenant(town!.id).read(async (tx) => {
      const account = (await demoAccounts(tx)).find(({ displayName }) => displayName === name);
      return tx.one<{ noticeNumber: string; creditor: string }>(sql`
        select n.notice_number as "noticeNumber", n.creditor_fiscal_code as creditor
        from payment_notice n
        join account_holder h on h.tenant_id = n.tenant_id and h.id = n.holder_id
        join person_account p on p.tenant_id = h.tenant_id and p.person_id = h.person_id
        where n.tenant_id = ${tx.tenantId} and p.account_id = ${account!.id} and n.state = 'issued'
        order by n.issued_at limit 1`);
    });
  }
});

const reloadUntil = (page: Page, words: string): Promise<void> =>
  until(async () => {
    await page.waitForLoadState();
    if ((await page.locator("main").innerText()).includes(words)) return true;
    await page.reload();
    return false;
  });
