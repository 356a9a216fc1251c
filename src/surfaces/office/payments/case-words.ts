// SPDX-License-Identifier: EUPL-1.2
import type { PaymentCase } from "#payments";

/** What happened, in a title and a sentence. */
export const CASE_WORDS: Record<PaymentCase["kind"], { title: string; why: string }> = {
  "other-amount": {
    title: "Importo diverso",
    why: "È stato pagato un importo diverso da quello dell'avviso. L'avviso risulta pagato; il denaro aspetta un conto.",
  },
  duplicate: {
    title: "Pagato due volte",
    why: "L'avviso era già pagato: questo è un secondo pagamento.",
  },
  cancelled: {
    title: "Avviso annullato",
    why: "L'avviso era stato annullato, e qualcuno lo ha pagato lo stesso.",
  },
  replaced: {
    title: "Avviso sostituito",
    why: "L'avviso era stato sostituito da un altro: chi ha pagato aveva ancora quello vecchio.",
  },
  "unknown-notice": {
    title: "Avviso sconosciuto",
    why: "Il numero è di questo Comune, ma nessun avviso lo porta.",
  },
};
