// SPDX-License-Identifier: EUPL-1.2
import { type Html, html } from "#kernel/html.ts";
import { identityFrame } from "../frame.ts";
import type { SimulatedPerson } from "./provider.ts";

/** What a provider may answer instead of a code (authorization_endpoint, "Codici di errore"). */
export const ANOMALIES: readonly (readonly [string, string])[] = [
  ["access_denied", "Accesso negato"],
  ["consent_required", "Consenso non dato"],
  ["temporarily_unavailable", "Servizio non disponibile"],
  ["invalid_request", "Richiesta non valida"],
];

/** Every choice asks the same address again, with the ticket of the request. */
export const choosePage = (people: readonly SimulatedPerson[], ticket: string): Html =>
  identityFrame(
    "Chi accede?",
    people.map(
      (person, index) =>
        html`<a class="button" href="?ticket=${ticket}&person=${index}"
          >${person.name} ${person.familyName}${person.hint && `, ${person.hint}`}</a
        >`,
    ),
    html`<h2>Oppure un'anomalia</h2>`,
    ANOMALIES.map(
      ([error, label]) =>
        html`<a class="button" href="?ticket=${ticket}&error=${error}">${label}</a>`,
    ),
  );

export const refusedPage = (why: string): Html =>
  identityFrame("Richiesta rifiutata", html`<p class="problem">${why}</p>`);
