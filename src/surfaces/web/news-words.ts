// SPDX-License-Identifier: EUPL-1.2
import { catalogue } from "#kernel/i18n.ts";

/** PE-08: what everybody reads; the pages of those who write are Italian only. */
const it = {
  news: "Novità",
  none: "Nessuna novità.",
  lead: "Dal Comune e da chi gestisce la ristorazione. Le novità non contengono collegamenti e non chiedono mai password o dati della carta.",
  caterer: "Gestore della ristorazione",
};

const en: typeof it = {
  news: "News",
  none: "No news.",
  lead: "From the municipality and from the catering company. News items never contain links and never ask for passwords or card data.",
  caterer: "Catering company",
};

export const newsWords = catalogue<typeof it>({ it, en });
