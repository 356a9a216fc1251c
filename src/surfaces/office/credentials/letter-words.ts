// SPDX-License-Identifier: EUPL-1.2
import type { LetterRun } from "#identity";
import type { Html } from "#kernel/html.ts";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";

export const LETTERS = "/ufficio/credenziali";
export const runPath = (id: string): string => `${LETTERS}/${id}`;

/** Do families of this town have user code and password at all (BO-13, BI-01)? */
export const hasCredentials = (visit: Visit): boolean =>
  visit.townSettings.login.portal.includes("credentials");

export const noCredentials = (): Html =>
  alert({
    tone: "info",
    title: "In questo Comune le famiglie entrano con SPID o CIE.",
    body: "Codice utente e password per le famiglie non sono attivi: si ammettono nel profilo dell'ente, con la motivazione (login.portal, login.credentialsReason).",
  });

export function runState(run: LetterRun): string {
  if (run.state === "discarded") return "Interrotta";
  if (run.state === "preparing") return "In preparazione";
  return run.hasFile ? "Pronta" : "Senza file";
}

export const doneOf = ({ done, leftOut }: LetterRun): number => done + leftOut;
