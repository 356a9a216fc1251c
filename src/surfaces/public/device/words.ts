// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  lead: "Questo browser può diventare il dispositivo della scuola o della cucina.",
  use: "Usa questo dispositivo",
  stays: "Resta collegato finché l'ufficio lo revoca. Non serve una password.",
  signedIn: (name: string) => `In questo browser è entrato ${name}`,
  leaves: "Continuando, quell'accesso si chiude.",
  over: "Il codice non vale più",
  overWhy: "Vale una volta sola, per 15 minuti: l'ufficio ne mostra un altro.",
};
const en: typeof it = {
  lead: "This browser can become the device of the school or of the kitchen.",
  use: "Use this device",
  stays: "It stays connected until the school office revokes it. No password is needed.",
  signedIn: (name) => `${name} is signed in on this browser`,
  leaves: "Going on signs them out.",
  over: "The code works no longer",
  overWhy: "It works once, for 15 minutes: the school office shows another one.",
};
export const words = catalogue<typeof it>({ it, en });
