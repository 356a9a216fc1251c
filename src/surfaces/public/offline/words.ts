// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

const it = {
  title: "Nessuna connessione",
  text: "Senza rete le pagine non si aprono. Una disdetta vale solo quando arriva: senza ricevuta non è arrivata.",
  phone: "Se è urgente, l'ufficio risponde al numero",
  again: "Riprova",
};

const en: typeof it = {
  title: "No connection",
  text: "Without a network the pages do not open. A cancellation counts only when it arrives: without a receipt it has not arrived.",
  phone: "If it is urgent, the school office answers at",
  again: "Try again",
};

export const words = catalogue<typeof it>({ it, en });
