// SPDX-License-Identifier: EUPL-1.2
/** Staff sign in with the municipality's own provider, in a browser; the administrator sets it up before. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "#kernel/db/index.ts";
import {
  type OidcSimulator,
  startOidcSimulator,
} from "../../simulator/identity-provider/oidc/server.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { ANNA, BRUNO, NOON } from "../support/cie-oidc.ts";
import { appCode, offered, staffAccount } from "../support/second-factor.ts";
import { CLIENT, joinStaff, RETURN } from "../support/staff-provider.ts";
import { browserStage, type Place } from "../support/visitor.ts";

const PAGE = "/ufficio/impostazioni/personale/accesso";

describe("the municipality's provider in a browser", { skip: browserMissing }, () => {
  const stage = browserStage();

  async function open(): Promise<{ town: Place; simulator: OidcSimulator }> {
    const town = await stage.place({
      ...{ now: NOON, demo: false },
      outside: { fetch: (url, init) => fetch(url, init), allowLoopbackHttp: true },
    });
    const simulator = await startOidcSimulator({
      now: () => NOON,
      people: [ANNA, BRUNO],
      staff: { ...CLIENT, redirectUris: [town.origin + RETURN] },
    });
    return { town, simulator };
  }

  it("BO-13 X-15 the administrator sets it up and tries it; an operator comes in with it and an app's code", async (t) => {
    const { town, simulator } = await open();
    t.after(() => simulator.close());
    const { site } = town;
    const chief = await site.signInAs("administrator", { name: "R. Verdi" });
    const rosa = await town.visit(chief, PAGE, { screen: "phone" });
    const { page } = rosa;
    const isAccessible = async (who = rosa): Promise<void> => {
      for (const width of [320, 1280]) await who.isAccessible({ width });
      await who.page.setViewportSize({ width: 360, height: 640 });
    };
    await rosa.tap(rosa.link("Apri l'account del Comune"));
    await isAccessible();
    await page.getByRole("button", { name: "Salva" }).click();
    await page.locator(".error-summary").waitFor();
    await isAccessible();
    await page.fill("#issuer", simulator.staff!.issuer);
    await page.fill("#client", CLIENT.clientId);
    await page.fill("#segreto", CLIENT.clientSecret);
    await page.fill("#indirizzo", town.origin);
    await page.fill("#etichetta", "l'account del Comune");
    await page.getByRole("button", { name: "Salva" }).click();
    await page.getByText("Versione 1 salvata").waitFor();
    await page.getByRole("button", { name: "Prova il collegamento" }).click();
    await page.getByText("La prova è riuscita").waitFor();
    await isAccessible();
    await page.setViewportSize({ width: 1280, height: 900 });
    await screenshot(page, "account-comune-impostazioni-desktop", { fullPage: true });
    await page.getByRole("button", { name: "Attiva la versione 1" }).click();
    await page.getByText("La versione 1 è attiva").waitFor();

    const accountId = await staffAccount(site, {
      ...{ username: "anna.rossi", role: "office", displayName: "Anna Rossi" },
    });
    await site.place.town.write((tx) =>
      tx.run(
        sql`update account set email = ${ANNA.email} where tenant_id = ${tx.tenantId} and id = ${accountId}`,
      ),
    );
    const anna = await town.visit(null, "/accedi?poi=/ufficio/calendario", { screen: "phone" });
    await anna.sees("Personale del Comune");
    await isAccessible(anna);
    await screenshot(anna.page, "accedi-account-comune-phone", { fullPage: true });
    await anna.page.getByRole("link", { name: "Entra con l'account del Comune" }).click();
    await anna.page.getByRole("link", { name: /Anna Rossi/ }).click();
    await anna.page.waitForURL(/\/accedi\/codice/);
    await anna.sees("Anna Rossi: l'account del Comune è riconosciuto", "Oppure una passkey");
    await isAccessible(anna);
    const secret = offered(await anna.page.content());
    await anna.page.fill("#cifre", appCode(secret, NOON));
    await anna.page.getByRole("button", { name: "Entra", exact: true }).click();
    await anna.page.waitForURL(({ pathname }) => pathname === "/ufficio/calendario");
    await anna.page.locator("details.person summary").click();
    await anna.page.getByRole("link", { name: "Accessi aperti e modi di accesso" }).click();
    await anna.sees("account del Comune");

    await rosa.open(`/ufficio/impostazioni/personale/${accountId}`);
    await rosa.sees("Account del Comune", "Collegato");
    await isAccessible();
    await page.getByRole("button", { name: "Rifiuta l'account del Comune" }).click();
    await page.getByText("è rifiutato").waitFor();
    await anna.open("/accedi");
    await anna.page.getByRole("link", { name: "Entra con l'account del Comune" }).click();
    await anna.page.getByRole("link", { name: /Anna Rossi/ }).click();
    await anna.page.getByText("ha rifiutato questo account").waitFor();
    await isAccessible(anna);
    // Somebody whom nobody knows here.
    await anna.open("/accedi");
    await anna.page.getByRole("link", { name: "Entra con l'account del Comune" }).click();
    await anna.page.getByRole("link", { name: /Bruno Bianchi/ }).click();
    await anna.page.getByText("non porta un indirizzo e-mail verificato").waitFor();
    assert.match(anna.page.url(), /\/accedi\/comune\/ritorno/);
  });

  it("BO-13 without JavaScript the way is the same", async (t) => {
    const { town, simulator } = await open();
    t.after(() => simulator.close());
    const { site } = town;
    await joinStaff(site, simulator.staff!.issuer, { baseUrl: town.origin });
    const accountId = await staffAccount(site, { username: "anna.rossi", role: "school" });
    await site.place.town.write((tx) =>
      tx.run(
        sql`update account set email = ${ANNA.email} where tenant_id = ${tx.tenantId} and id = ${accountId}`,
      ),
    );
    const anna = await town.visit(null, "/accedi", { screen: "phone", javaScript: false });
    await anna.page.getByRole("link", { name: "Entra con l'account del Comune" }).click();
    await anna.page.getByRole("link", { name: /Anna Rossi/ }).click();
    await anna.page.waitForURL(/\/scuola/);
  });
});
