// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

/** What the server itself says: nothing there, not allowed, too late, broken. */
const it = {
  home: "Torna alla pagina iniziale",
  notFound: "Pagina non trovata",
  notFoundWhy:
    "L'indirizzo non corrisponde a nessuna pagina. Forse è stato scritto male, o la pagina non c'è più.",
  reserved: "Pagina riservata",
  reservedWhy: "Questa pagina appartiene a un'altra famiglia o a un altro ruolo. Nulla è cambiato.",
  noRole: "Serve un nuovo accesso",
  noRoleWhy:
    "Con l'accesso di prima nessun ruolo è più in vigore: il ruolo è finito, oppure ora serve un secondo fattore. Nulla è cambiato.",
  otherMeans: "Serve un altro accesso",
  otherMeansWhy:
    "Per questa operazione il Comune chiede un altro modo di accesso, per esempio SPID o CIE. Nulla è cambiato.",
  enterOtherwise: "Accedi in un altro modo",
  over: "Sessione scaduta",
  overWhy:
    "La sessione è scaduta e la richiesta non è stata registrata. Dopo l'accesso si può ripetere.",
  enterAgain: "Accedi di nuovo",
  staleForm: "Modulo scaduto",
  staleFormWhy:
    "Il modulo era aperto da troppo tempo, o in un'altra sessione. Nulla è stato registrato.",
  tooMany: "Troppi tentativi",
  tooManyWhy: "Troppi tentativi in poco tempo. Si può riprovare fra un minuto.",
  broken: "Qualcosa non ha funzionato",
  brokenWhy: "Qualcosa non ha funzionato. Nulla è stato registrato.",
  held: "Sessione scaduta. Dopo l'accesso si riprende da qui: l'orario di arrivo resta quello della richiesta.",
  resume: "Riprendere la richiesta?",
  resumeWhy: (time: string) =>
    `La richiesta era arrivata alle ${time}, a sessione scaduta. Vale quell'orario.`,
  resumeIt: "Riprendi la richiesta",
  leaveIt: "Lascia perdere",
};

const en: typeof it = {
  home: "Back to the first page",
  notFound: "Page not found",
  notFoundWhy: "No page has this address. It may be mistyped, or the page is no longer there.",
  reserved: "Reserved page",
  reservedWhy: "This page belongs to another family or another role. Nothing has changed.",
  noRole: "A new sign-in is needed",
  noRoleWhy:
    "With the former sign-in no role is in force any more: the role has ended, or a second factor is needed now. Nothing has changed.",
  otherMeans: "Another way to sign in is needed",
  otherMeansWhy:
    "For this the municipality asks for another way to sign in, such as SPID or CIE. Nothing has changed.",
  enterOtherwise: "Sign in another way",
  over: "Session expired",
  overWhy: "The session expired and the request was not recorded. Sign in and repeat it.",
  enterAgain: "Sign in again",
  staleForm: "Form expired",
  staleFormWhy: "The form was open for too long, or in another session. Nothing was recorded.",
  tooMany: "Too many attempts",
  tooManyWhy: "Too many attempts in a short time. Try again in a minute.",
  broken: "Something did not work",
  brokenWhy: "Something did not work. Nothing was recorded.",
  held: "Session expired. After signing in, work resumes here: the request keeps its time of arrival.",
  resume: "Resume the request?",
  resumeWhy: (time) =>
    `The request arrived at ${time}, when the session had expired. That time counts.`,
  resumeIt: "Resume the request",
  leaveIt: "Drop it",
};

export const words = catalogue<typeof it>({ it, en });
