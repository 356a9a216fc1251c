// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { linkButton, problem } from "#ui/components.ts";
import { page } from "#ui/layout.ts";
import { visitPage } from "./frame.ts";
import type { Visit } from "./visit.ts";

const home = linkButton({ href: "/", label: "Torna alla pagina iniziale" });

export const notFoundPage = (visit: Visit): Html =>
  visitPage(visit, {
    surface: "public",
    h1: "Pagina non trovata",
    body: problem({
      text: "L'indirizzo non corrisponde a nessuna pagina. Forse è stato scritto male, o la pagina non c'è più.",
      actions: home,
      phone: visit.townSettings.office.phones[0],
    }),
  });

export const forbiddenPage = (visit: Visit): Html =>
  visitPage(visit, {
    surface: "public",
    h1: "Pagina riservata",
    body: problem({
      text: "Questa pagina appartiene a un'altra famiglia o a un altro ruolo. Nulla è cambiato.",
      actions: home,
      phone: visit.townSettings.office.phones[0],
    }),
  });

export const sessionOverPage = (visit: Visit): Html =>
  visitPage(visit, {
    surface: "public",
    h1: "Sessione scaduta",
    body: problem({
      text: "La sessione è scaduta e la richiesta non è stata registrata. Dopo l'accesso si può ripetere.",
      actions: linkButton({ href: "/accedi", label: "Accedi di nuovo" }),
      phone: visit.townSettings.office.phones[0],
    }),
  });

export const wrongFormPage = (visit: Visit): Html =>
  visitPage(visit, {
    surface: "public",
    h1: "Modulo scaduto",
    body: problem({
      text: "Il modulo era aperto da troppo tempo, o in un'altra sessione. Nulla è stato registrato.",
      actions: home,
      phone: visit.townSettings.office.phones[0],
    }),
  });

/** Of no town: it must work when nothing else does. `code` only when the fault is ours. */
export function ourFaultPage(of: { nonce: string; code: string | null; status: number }): Html {
  const tooMany = of.status === 429;
  return page({
    surface: "public",
    h1: tooMany ? "Troppi tentativi" : "Qualcosa non ha funzionato",
    town: null,
    nonce: of.nonce,
    body: problem({
      text: tooMany
        ? "Troppi tentativi in poco tempo. Si può riprovare fra un minuto."
        : "Qualcosa non ha funzionato. Nulla è stato registrato.",
      actions: html`${home}`,
      ...(of.code ? { supportCode: of.code } : {}),
    }),
  });
}
