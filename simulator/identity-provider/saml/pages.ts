// SPDX-License-Identifier: EUPL-1.2
import { type Html, html } from "#kernel/html.ts";
import { identityFrame } from "../frame.ts";
import { REFUSALS, SPOILT } from "./answers.ts";
import { NAMES } from "./metadata.ts";
import type { Federation, PretendedPerson } from "./types.ts";

/** Whoever is chosen is who signs in. One form: the button that was pressed says which. */
export const choosePage = (of: {
  readonly federation: Federation;
  readonly serviceName: string;
  readonly level: number;
  readonly ticket: string;
  readonly people: readonly PretendedPerson[];
}): Html =>
  identityFrame(
    `${NAMES[of.federation]}: chi accede?`,
    html`<p>
        ${of.serviceName} chiede un accesso di livello ${of.level}. La richiesta è conforme alle
        regole tecniche. Qui non si chiede nessuna password: le persone sono inventate.
      </p>
      <form method="post" action="/idp/${of.federation}/esito">
        <input type="hidden" name="ticket" value="${of.ticket}" />
        ${of.people.map(
          (person, index) =>
            html`<button name="persona" value="${index}">
              ${person.name} ${person.familyName}<span class="hint">${person.hint}</span>
            </button>`,
        )}
        <details>
          <summary>Anomalie</summary>
          ${[...REFUSALS].map(
            ([code, { label }]) =>
              html`<button name="anomalia" value="${code}">${label} (${code})</button>`,
          )}
        </details>
        <details>
          <summary>Risposte da rifiutare</summary>
          <p>Il servizio le deve rifiutare tutte. Sono a nome della prima persona.</p>
          ${[...SPOILT].map(
            ([key, { label }]) => html`<button name="guasto" value="${key}">${label}</button>`,
          )}
        </details>
      </form>`,
  );

/** Goes on by itself; without JavaScript a button does it. */
export const carryPage = (of: {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}): Html =>
  identityFrame(
    "Si torna al servizio",
    html`<form method="post" action="${of.action}" data-sends-itself>
        ${Object.entries(of.fields).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        <button class="first">Continua</button>
      </form>
      <script src="/simulatore-invia.js" defer></script>`,
  );

export const faultPage = (title: string, faults: readonly string[]): Html =>
  identityFrame(
    title,
    html`<div class="problem" role="alert">
      <p>Il provider vero mostrerebbe un errore e non tornerebbe al servizio:</p>
      <ul>
        ${faults.map((fault) => html`<li>${fault}</li>`)}
      </ul>
    </div>`,
  );

export interface SessionLine {
  readonly id: string;
  readonly who: string;
  readonly serviceName: string;
}

/** `/idp/spid`: what was opened since the start, and the way out that begins here. */
export const sessionsPage = (of: {
  readonly federation: Federation;
  readonly entityId: string;
  readonly sessions: readonly SessionLine[];
}): Html =>
  identityFrame(
    NAMES[of.federation],
    html`<p>entityID: ${of.entityId} · <a href="/idp/${of.federation}/metadata">metadata</a></p>
      <h2>Sessioni aperte</h2>
      ${
        of.sessions.length === 0
          ? html`<p>Nessuna.</p>`
          : html`<form method="post" action="/idp/${of.federation}/chiudi">
              ${of.sessions.map(
                ({ id, who, serviceName }) =>
                  html`<button name="sessione" value="${id}">
                    Chiudi: ${who}<span class="hint">${serviceName}</span>
                  </button>`,
              )}
            </form>`
      }`,
  );

export const closedPage = (federation: Federation, text: string): Html =>
  identityFrame(
    "Uscita",
    html`<p>${text}</p>
      <a class="button" href="/idp/${federation}">Sessioni aperte</a>`,
  );
