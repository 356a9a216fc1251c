// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { catalogue } from "#kernel/i18n.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import { words as moreWords } from "./words.ts";

export const INSTALL = "/installa";

const it = {
  lead: "Il portale diventa un'icona accanto alle altre app. Non serve nessuno store, e sul telefono non restano dati della famiglia.",
  android: "Su Android, con Chrome",
  onAndroid: [
    "Aprire questa pagina con Chrome.",
    "Toccare il menu con i tre puntini, in alto a destra.",
    "Scegliere «Aggiungi a schermata Home» o «Installa app».",
    "Toccare «Installa».",
  ],
  iphone: "Su iPhone, con Safari",
  onIphone: [
    "Aprire questa pagina con Safari.",
    "Toccare «Condividi», il quadrato con la freccia verso l'alto.",
    "Scorrere e scegliere «Aggiungi alla schermata Home».",
    "Toccare «Aggiungi».",
  ],
  afterwards: "Dopo",
  first: "La prima volta l'icona può chiedere di nuovo l'accesso. Poi si apre la pagina Oggi.",
  missing:
    "Manca la voce nel menu? Una pagina aperta dentro un'altra app (posta, messaggi) non la offre: aprire lo stesso indirizzo con Chrome o Safari.",
  remove: "Per togliere l'icona: tenerla premuta e scegliere di rimuoverla. Nulla va perso.",
};

const en: typeof it = {
  lead: "The portal becomes an icon next to the other apps. No store is needed, and no family data stay on the phone.",
  android: "On Android, with Chrome",
  onAndroid: [
    "Open this page with Chrome.",
    "Touch the menu with three dots, at the top right.",
    "Choose “Add to Home screen” or “Install app”.",
    "Touch “Install”.",
  ],
  iphone: "On iPhone, with Safari",
  onIphone: [
    "Open this page with Safari.",
    "Touch “Share”, the square with an arrow pointing up.",
    "Scroll and choose “Add to Home Screen”.",
    "Touch “Add”.",
  ],
  afterwards: "Afterwards",
  first: "The first time the icon may ask to sign in again. Then it opens the page Today.",
  missing:
    "Is the entry missing from the menu? A page opened inside another app (mail, messages) does not offer it: open the same address with Chrome or Safari.",
  remove: "To remove the icon: keep it pressed and choose to remove it. Nothing is lost.",
};

const words = catalogue({ it, en });

/** GET `/installa`: for either kind of phone, whichever asks. What a browser offers by itself comes in its own words. */
export function showInstall(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  const more = moreWords(visit.lang);
  return inFamily(visit, async (_tx, scope) =>
    portalPage(
      visit,
      { current: "more", scope },
      {
        h1: more.install,
        lead: w.lead,
        back: { href: "/altro", label: more.more },
        body: html`${stepsPart(w.android, w.onAndroid)} ${stepsPart(w.iphone, w.onIphone)}
          <h2 class="section-title">${w.afterwards}</h2>
          <p>${w.first}</p>
          <p>${w.missing}</p>
          <p>${w.remove}</p>`,
      },
    ),
  );
}

const stepsPart = (title: string, steps: readonly string[]): Html =>
  html`<h2 class="section-title">${title}</h2>
    <ol class="reasons">
      ${steps.map((step) => html`<li>${step}</li>`)}
    </ol>`;
