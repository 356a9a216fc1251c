// SPDX-License-Identifier: EUPL-1.2
/**
 * Takes the pictures of the documentation anew: loads the demo into a throwaway folder as of Friday 20 November 2026,
 * 8:40, visits the pages as the people of the demo, and writes docs/screenshots. Needs Chromium (CHROMIUM_PATH); dates
 * in form fields follow its language, so an Italian one (LANGUAGE=it, its locale installed) makes the better pictures.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { readEnvironment } from "../src/environment.ts";
import { start } from "../src/start.ts";
import { axe, widerThanWindow } from "../tests/support/browser.ts";

const TARGET = fileURLToPath(new URL("../docs/screenshots/", import.meta.url));
const PORT = Number(process.env["PORT"] || 4280);
/** Ports of the demo towns, in the order of src/demo/towns.yaml. */
const OSTRA = PORT + 1;
const PESARO = PORT + 4;
const BORGHETTO = PORT + 5;
const DEVICES = {
  phone: { viewport: { width: 390, height: 800 }, deviceScaleFactor: 2 },
  tablet: { viewport: { width: 1024, height: 768 }, deviceScaleFactor: 1.25 },
  desktop: { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 },
} as const;
type Device = keyof typeof DEVICES;

/** The demo, its clock starting at `time` of that Friday, while `visit` runs. */
async function during(time: string, dataDir: string, visit: () => Promise<void>): Promise<void> {
  const variables = {
    PORT: String(PORT),
    CAMPANELLA_DATA: dataDir,
    CAMPANELLA_CLOCK: `2026-11-20T${time}:00+01:00`,
  };
  const io = { say: () => {}, complain: (line: string): void => console.error(line) };
  const running = await start(readEnvironment(variables, dataDir), io);
  try {
    await visit();
  } finally {
    await running.close();
  }
}

/** A page of somebody who has signed in; `go` and `shoot` know its town. */
async function be(browser: Browser, port: number, who: string, device: Device) {
  const context = await browser.newContext({
    ...DEVICES[device],
    locale: "it-IT",
    timezoneId: "Europe/Rome",
  });
  const page = await context.newPage();
  const go = (path: string) => page.goto(`http://localhost:${port}${path}`);
  await go("/accedi");
  await page.getByRole("button", { name: who }).first().click();
  return { page, go, shoot: (name: string) => shoot(page, `${name}-${device}`) };
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  for (const fault of [...(await axe(page)), ...(await widerThanWindow(page))])
    console.log(`${name}: ${fault}`);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.screenshot({ path: join(TARGET, `${name}.png`) });
}

const press = (page: Page, label: string | RegExp): Promise<void> =>
  page.getByRole("button", { name: label }).first().click();

async function portal(browser: Browser): Promise<void> {
  const { page, go, shoot: take } = await be(browser, BORGHETTO, "Sara Ferrando", "phone");
  await go("/oggi");
  await take("portal-oggi");
  await press(page, "Disdici il pasto di oggi");
  await take("portal-ricevuta");
  await go("/figli/tommaso/calendario");
  await take("portal-calendario");
  await go("/oggi");
  await press(page, /Annulla la disdetta/);
  await go("/figli/giulia/assenze/nuova");
  await press(page, "Continua");
  await page.getByLabel("Primo giorno").fill("2026-11-23");
  await page.getByLabel("Ultimo giorno").fill("2026-11-27");
  await press(page, "Continua");
  await take("portal-assenza");
  await go("/pagamenti");
  await page
    .getByRole("link", { name: /ottobre 2026, Giulia/ })
    .first()
    .click();
  await take("portal-avviso");
  await page
    .getByRole("link", { name: /Perché/ })
    .first()
    .click();
  await take("portal-perche");
}

/** A top-up by the simulated card, a notice to pay elsewhere, the list of what is to pay, the office's print run. */
async function payments(browser: Browser): Promise<void> {
  const { page, go, shoot: take } = await be(browser, OSTRA, "Elena Mancini", "phone");
  const topUp = async (euro: string): Promise<void> => {
    await go("/ricarica");
    await page.getByLabel("Altro importo", { exact: true }).check();
    await page.getByLabel("Altro importo, in euro").fill(euro);
    await press(page, "Continua");
  };
  await topUp("25");
  await take("portal-riepilogo");
  await press(page, /^Paga 25,00/);
  await press(page, "Paga");
  await page.getByText("Pagamento ricevuto").first().waitFor({ timeout: 60_000 });
  await take("portal-esito");
  await topUp("30");
  await press(page, /^Crea l'avviso/);
  await page.setViewportSize({ width: 390, height: 1250 });
  await take("portal-qr");
  const sara = await be(browser, BORGHETTO, "Sara Ferrando", "phone");
  await sara.go("/pagamenti");
  await sara.shoot("portal-pagamenti");
  const office = await be(browser, BORGHETTO, "Marisa Conte", "desktop");
  await office.go("/ufficio/pagamenti/stampe/nuova");
  await press(office.page, /^Prepara il file/);
  await office.page.getByText("Il file è pronto").waitFor({ timeout: 300_000 });
  await office.shoot("office-stampa");
}

async function school(browser: Browser): Promise<void> {
  const { page, shoot: take } = await be(browser, PESARO, "Anna Silvestri", "tablet");
  await page
    .locator("main a", { hasText: /^\s*3A/ })
    .first()
    .click();
  const boxes = page.getByRole("checkbox");
  await boxes.nth(2).check({ force: true });
  await boxes.nth(9).check({ force: true });
  await page.evaluate(() => window.scrollTo(0, 0));
  await take("school-appello");
}

async function office(browser: Browser): Promise<void> {
  const board = await be(browser, PESARO, "Silvia Donati", "desktop");
  await board.go("/ufficio");
  await board.shoot("office-oggi");
  const { page, go, shoot: take } = await be(browser, BORGHETTO, "Marisa Conte", "desktop");
  await go("/ufficio/cerca?q=ferrando+sara");
  await page.locator("main a", { hasText: "Ferrando Sara" }).first().click();
  await take("office-famiglia");
  await go("/ufficio/chiusure/nuova");
  await page.getByLabel("Allerta meteo").check();
  await page.setViewportSize({ width: 1280, height: 1320 });
  await take("office-chiusura");
}

/** Whoever drives, whoever cooks for the town, and who is not of any family yet. */
async function outside(browser: Browser): Promise<void> {
  const driver = await be(browser, OSTRA, "Renzo Bianchini", "phone");
  await driver.shoot("driver-corsa");
  const caterer = await be(browser, OSTRA, "Sergio Fontana", "desktop");
  await caterer.go("/ristorazione/mese");
  await caterer.shoot("caterer-mese");
  const lines = await be(browser, OSTRA, "Marta Conti", "desktop");
  await lines.go("/ufficio/scuolabus");
  await lines.page.getByRole("link", { name: "Linea 1" }).first().click();
  await lines.shoot("office-linea");
}

/** After the cut-off: the order is frozen, and a child at the table was on no list. */
async function afterCutoff(browser: Browser): Promise<void> {
  const mother = await be(browser, BORGHETTO, "Sara Ferrando", "phone");
  await mother.go("/oggi");
  await mother.shoot("portal-oggi-dopo");
  const cook = await be(browser, BORGHETTO, "Luciana Basile", "desktop");
  await cook.page.getByText(/Bloccato alle/).waitFor();
  const { page } = await be(browser, BORGHETTO, "Federica Martinelli", "tablet");
  await page.locator("main a", { hasText: "Sezione A" }).first().click();
  await page.getByRole("link", { name: "Fuori lista" }).first().click();
  await page.getByLabel("Nome o descrizione").fill("Un cuginetto, maglia rossa");
  await press(page, "Nome non trovato: servi lo stesso");
  await cook.go("/cucina");
  await cook.shoot("kitchen-ordine");
}

mkdirSync(TARGET, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), "campanella-screenshots-"));
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--lang=it-IT"],
});
try {
  await during("08:40", dataDir, async () => {
    await portal(browser);
    await payments(browser);
    await school(browser);
    await office(browser);
    await outside(browser);
  });
  await during("09:05", dataDir, () => afterCutoff(browser));
} finally {
  await browser.close();
  rmSync(dataDir, { recursive: true, force: true });
}
