// SPDX-License-Identifier: EUPL-1.2
import { letterRun, type LetterRun } from "#identity";
import type { Html } from "#kernel/html.ts";
import { alert } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FileKind } from "../made-files/file-page.ts";

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

const doneOf = ({ done, leftOut }: LetterRun): number => done + leftOut;

export const LETTER_FILES: FileKind<LetterRun> = {
  current: "settings",
  title: "Lettere con codici e credenziali",
  path: LETTERS,
  items: ["lettera", "lettere"],
  one: letterRun,
  progress: (run) => ({ done: doneOf(run), of: run.letters }),
  stateWord({ state, hasFile }) {
    if (state === "discarded") return "Interrotta";
    if (state === "preparing") return "In preparazione";
    return hasFile ? "Pronta" : "Senza file";
  },
  isKept: ({ state, hasFile }) => state === "preparing" || hasFile,
  version: (run) => [run.state, doneOf(run), run.hasFile ? "file" : ""].join(":"),
};
