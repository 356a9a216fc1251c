// SPDX-License-Identifier: EUPL-1.2
/** A family's way with user code and password, on a phone: the office's letter, first password, change, recovery. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { folderMailer } from "../../src/integrations/mail/folder.ts";
import { answersFollowed } from "../../src/surfaces/web/after-answer.ts";
import { sendEmails } from "../../src/worker/mail.ts";
import { popplerMissing } from "../documents/read-back.ts";
import { browserMissing, screenshot } from "../support/browser.ts";
import { childCode } from "../support/child-codes.ts";
import { EMAIL, giveEmail, LOGIN, NOW, PASSWORD, readLetters } from "../support/credentials.ts";
import { browserStage, type Place, type Visitor } from "../support/visitor.ts";

const NEXT = "quarantadue pinguini in fila";
const LAST = "la nebbia sale dal fosso";

describe("user code and password, in a browser", { skip: browserMissing || popplerMissing }, () => {
  const stage = browserStage();

  async function letterAtTheDesk(town: Place) {
    const office = await town.site.signInAs("office", { name: "M. Conti" });
    const path = `/ufficio/famiglie/${town.site.place.holderId}`;
    const marta = await town.visit(office, path, { screen: "desktop" });
    await marta.tap(marta.link("Credenziali e lettera"));
    await marta.sees("mai scelta", "si crea con la lettera");
    await marta.isAccessible();
    await screenshot(marta.page, "office-credentials");
    await marta.tap(marta.button("Prepara la lettera"));
    await marta.sees("1 lettera pronta");
    await marta.isAccessible();
    await screenshot(marta.page, "office-letter");
    const download = marta.page.waitForEvent("download");
    await marta.page
      .getByRole("link", { name: "Scarica il PDF" })
      .evaluate((link) => link.setAttribute("download", ""));
    await marta.link("Scarica il PDF").click();
    const [letter] = readLetters(new Uint8Array(readFileSync(await (await download).path())));
    assert.ok(letter);
    return letter;
  }

  /** The one message that waits, as a mail program finds it in the demo's folder. */
  async function mailFile({ site }: Place): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "campanella-mail-"));
    const mailer = folderMailer(folder);
    await answersFollowed(site.app);
    await sendEmails(site.app, { town: site.tenant, mailer });
    mailer.close();
    const [file, ...more] = readdirSync(folder);
    assert.ok(file && more.length === 0);
    const text = readFileSync(join(folder, file), "utf8").replaceAll("=\r\n", "");
    rmSync(folder, { recursive: true });
    return text;
  }

  const choose = async (sara: Visitor, password: string): Promise<void> => {
    await sara.page.getByLabel("Nuova password", { exact: true }).fill(password);
    await sara.page.getByLabel("Nuova password, di nuovo").fill(password);
  };

  it("BO-01 BO-27 MC-09 PE-08 letter, first password, sign-in, change, recovery; each page clean on a phone", async () => {
    const town = await stage.place({ demo: false, now: NOW, townSettings: { login: LOGIN } });
    await giveEmail(town.site);
    const letter = await letterAtTheDesk(town);

    const sara = await town.visit(null, "/accedi");
    await sara.isAccessible();
    await screenshot(sara.page, "sign-in-credentials");
    await sara.tap(sara.link("Prima volta, con la lettera dell'ufficio: scegli la password"));
    await sara.isAccessible();
    await sara.page.getByLabel("Codice utente").fill(letter.username);
    await sara.page.getByLabel("Codice di attivazione").fill(letter.code.toLowerCase());
    await choose(sara, "password2026!");
    const kinds = () =>
      sara.page
        .locator("form input[name^=password]")
        .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).type));
    await sara.page.getByLabel("Mostra la password").check();
    assert.deepEqual(await kinds(), ["text", "text"]);
    await sara.page.getByLabel("Mostra la password").uncheck();
    assert.deepEqual(await kinds(), ["password", "password"]);
    await sara.page.getByLabel("Mostra la password").check();
    await sara.page.getByRole("button", { name: "Salva la password ed entra" }).click();
    await sara.page.getByText("si indovina facilmente").first().waitFor();
    assert.deepEqual(await kinds(), ["password", "password"]);
    await sara.isAccessible();
    await screenshot(sara.page, "activate-refused");
    await choose(sara, PASSWORD);
    await sara.tap(sara.button("Salva la password ed entra"));
    await sara.sees("La password è salvata.", "Giulia");

    await sara.open("/altro");
    await sara.tap(sara.link("Cambia la password"));
    await sara.isAccessible();
    await screenshot(sara.page, "change-password");
    await sara.page.getByLabel("Password di adesso").fill(PASSWORD);
    await choose(sara, NEXT);
    await sara.tap(sara.button("Cambia la password"));
    await sara.sees("La password è cambiata.");
    await sara.page.context().clearCookies();

    await sara.open("/accedi");
    await sara.page.getByLabel("Codice utente").fill(letter.username);
    await sara.page.getByLabel("Password", { exact: true }).fill(NEXT);
    await sara.tap(sara.button("Entra con codice e password"));
    await sara.sees("Giulia");
    await sara.page.context().clearCookies();

    await sara.open("/accedi");
    await sara.tap(sara.link("Password dimenticata?"));
    await sara.isAccessible();
    await screenshot(sara.page, "recover");
    await sara.page.getByLabel("Codice utente o e-mail").fill(EMAIL);
    await sara.tap(sara.button("Invia il collegamento"));
    await sara.sees("Controllare la posta");
    await sara.isAccessible();
    const link = /\/accedi\/recupero\/[\w-]{43}/.exec(await mailFile(town))?.[0];
    assert.ok(link);
    await sara.open(link);
    await sara.isAccessible();
    await screenshot(sara.page, "reset-password");
    await choose(sara, LAST);
    await sara.tap(sara.button("Salva la password ed entra"));
    await sara.sees("Giulia");
    assert.equal(await sara.open(link), 404);
    await sara.sees("Il collegamento non vale più");
    await sara.isAccessible();
  });

  it("BO-01 English, without scripts: the first password is chosen all the same", async () => {
    const town = await stage.place({ demo: false, now: NOW, townSettings: { login: LOGIN } });
    const letter = await letterAtTheDesk(town);
    const sara = await town.visit(null, "/lingua?l=en&poi=/accedi/attiva", { javaScript: false });
    await sara.sees("Choose the password");
    assert.equal(await sara.page.getByLabel("Show the password").isVisible(), false);
    await sara.page.getByLabel("User code").fill(letter.username);
    await sara.page.getByLabel("Activation code").fill(letter.code);
    await sara.page.getByLabel("New password", { exact: true }).fill(PASSWORD);
    await sara.page.getByLabel("New password, again").fill(PASSWORD);
    await sara.tap(sara.button("Save the password and sign in"));
    await sara.sees("The password is saved.");
  });

  /** Signed in with Giulia's code; asked for Tommaso's. */
  async function joinAs(town: Place, words: "it" | "en", options: { javaScript?: boolean }) {
    const { giulia, tommaso } = town.site.place;
    await childCode(town.site, { username: "200000001", childId: giulia });
    await childCode(town.site, { username: "200000002", childId: tommaso });
    const [enter, title, username, password, submit] =
      words === "it"
        ? [
            ...["Entra con codice e password", "Unisci l'accesso di un altro figlio"],
            ...["Codice utente dell'altro figlio", "Password di quel codice", "Unisci gli accessi"],
          ]
        : [
            ...["Sign in with code and password", "Join another child's access"],
            ...["User code of the other child", "Password of that code", "Join them"],
          ];
    const sara = await town.visit(null, `/lingua?l=${words}&poi=/accedi`, options);
    await sara.tap(sara.link(title!));
    await sara.page.locator("input[name=codice]").fill("200000001");
    await sara.page.locator("input[name=password]").fill(PASSWORD);
    await sara.tap(sara.button(enter!));
    await sara.sees(title!);
    const join = async (typed: string): Promise<void> => {
      await sara.page.getByLabel(username!).fill("200000002");
      await sara.page.getByLabel(password!).fill(typed);
      await sara.button(submit!).click();
    };
    return { sara, join };
  }

  it("PE-04 OS-08 BO-27 the codes of two children are joined and divided again on a phone", async () => {
    const login = { ...LOGIN, credentialsPer: "child" };
    const town = await stage.place({ demo: false, now: NOW, townSettings: { login } });
    const { sara, join } = await joinAs(town, "it", {});
    await sara.isAccessible();
    await screenshot(sara.page, "join-access", { fullPage: true });
    await join("non è questa");
    await sara.sees("Codice utente o password non corretti. Nulla è cambiato.");
    await sara.isAccessible();
    await join(PASSWORD);
    await sara.sees("Accessi uniti: adesso si vede anche Tommaso");
    await sara.isAccessible();
    await screenshot(sara.page, "joined-access", { fullPage: true });
    await sara.open("/oggi");
    await sara.sees("Giulia", "Tommaso");
    await sara.open("/accessi/metodi");
    await sara.button("Dividi di nuovo: Tommaso").click();
    await sara.sees("il suo codice mostra solo Tommaso");
  });

  it("PE-04 English, without scripts: the codes of two children are joined all the same", async () => {
    const login = { ...LOGIN, credentialsPer: "child" };
    const town = await stage.place({ demo: false, now: NOW, townSettings: { login } });
    const { sara, join } = await joinAs(town, "en", { javaScript: false });
    await join(PASSWORD);
    await sara.sees("Joined: Tommaso is shown now too");
    await sara.open("/oggi");
    await sara.sees("Giulia", "Tommaso");
  });

  it("BO-01 letters for a school: chosen, followed, on a phone too", async () => {
    const town = await stage.place({ demo: false, now: NOW, townSettings: { login: LOGIN } });
    const office = await town.site.signInAs("office");
    const marta = await town.visit(office, "/ufficio/credenziali/nuove", { screen: "phone" });
    await marta.isAccessible();
    await screenshot(marta.page, "office-new-letters");
    await marta.tap(marta.button("Prepara 1 lettera"));
    await marta.sees("0 di 1 lettera");
    await marta.isAccessible();
    await screenshot(marta.page, "office-letters-phone");
  });
});
