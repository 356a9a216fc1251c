// SPDX-License-Identifier: EUPL-1.2
import { formats } from "#kernel/i18n.ts";
import type {
  CollectionFault,
  PagopaService,
  RemoteChannel,
  RemoteStanding,
  Station,
} from "#payments";

export const STATION_PAGE = "/ufficio/impostazioni/pagopa";
export const BACK = { href: STATION_PAGE, label: "pagoPA" } as const;

/** What each key opens, in the words of whoever must ask for it. */
export const SERVICE_WORDS: Readonly<Record<PagopaService, { name: string; use: string }>> = {
  checkout: { name: "Checkout", use: "pagamento in linea delle famiglie" },
  aca: { name: "ACA", use: "copia degli avvisi, con la stazione sincrona" },
  gpd: { name: "GPD", use: "posizioni debitorie, con la stazione asincrona" },
  fdr: { name: "FdR", use: "flussi di rendicontazione" },
  "biz-events": { name: "Biz-events", use: "recupero delle ricevute mancanti" },
};

export const CHANNEL_WORDS: Readonly<Record<RemoteChannel, string>> = {
  aca: "ACA",
  "gpd-v1": "GPD, versione 1",
  "gpd-v3": "GPD, versione 3",
};

export const modeWords = ({ mode, gpdVersion }: Pick<Station, "mode" | "gpdVersion">): string =>
  mode === "synchronous"
    ? "sincrona: pagoPA chiede a questo programma"
    : `asincrona: gli avvisi stanno in GPD, ${gpdVersion === "v1" ? "versione 1" : "versione 3"}`;

/** The field of a form that a fault is about, and the fault in words. */
export const FAULTS: Readonly<Record<CollectionFault, { field: string; message: string }>> = {
  "creditor-fiscal-code": {
    field: "ente",
    message: "Il codice fiscale dell'ente ha 11 cifre.",
  },
  "creditor-unknown": { field: "ente", message: "L'ente non è tra quelli del Comune." },
  "broker-fiscal-code": {
    field: "intermediario",
    message: "Il codice fiscale dell'intermediario ha 11 cifre.",
  },
  "station-id": {
    field: "stazione",
    message: "Il codice della stazione è quello dell'intermediario, un trattino basso e due cifre.",
  },
  "segregation-code": {
    field: "segregazione",
    message: "Il codice di segregazione va da 00 a 45.",
  },
  "segregation-code-taken": {
    field: "segregazione",
    message: "Il codice di segregazione è già usato da un altro Comune con lo stesso ente.",
  },
  iban: { field: "iban", message: "L'IBAN non è giusto: controllare cifre e lettere." },
  "postal-account": {
    field: "conto",
    message: "Il conto corrente postale ha al massimo 12 cifre.",
  },
  "postal-holder": {
    field: "intestato",
    message: "L'intestazione del conto ha da 1 a 50 caratteri.",
  },
  "postal-authorisation": {
    field: "autorizzazione",
    message: "Serve l'autorizzazione alla stampa in proprio.",
  },
};

/** What the outbox's technical line means; the line itself follows for whoever must look. */
export function problemWords(problem: string): string {
  if (problem === "timeout") return "pagoPA non risponde in tempo";
  if (problem === "network") return "pagoPA non si raggiunge";
  if (/^HTTP 40[13]/.test(problem)) return "la chiave non è accettata";
  if (problem.startsWith("HTTP 5")) return "guasto di pagoPA";
  return problem;
}

/** What pagoPA knows of a notice, in one line. */
export function remoteText(of: RemoteStanding): string {
  const where = CHANNEL_WORDS[of.channel];
  if (of.waiting)
    return `da comunicare a ${where}${of.problem ? `: ${problemWords(of.problem)}, si riprova da solo` : ""}`;
  const since = of.toldAt ? `, ${formats("it").dayAndTime(of.toldAt)}` : "";
  const state = of.remoteState ? ` (${of.remoteState})` : "";
  return of.told === "open"
    ? `pagabile, comunicato a ${where}${state}${since}`
    : `chiuso in ${where}${state}${since}`;
}
