// SPDX-License-Identifier: EUPL-1.2
import type { Answer } from "./node/types.ts";

/** What a person at the counter or at the card page reads when a notice cannot be paid. */
export function wordsOf(answer: Exclude<Answer<unknown>, { outcome: "ok" }>): string {
  if (answer.outcome === "no-answer")
    return `L'ente creditore non risponde (${answer.why}). Si può riprovare più tardi.`;
  const { code, text, description } = answer.fault;
  const plain = PLAIN[code] ?? `L'ente creditore ha rifiutato: ${text}`;
  return `${plain} [${code}${description ? `: ${description}` : ""}]`;
}

const PLAIN: Readonly<Record<string, string>> = {
  PAA_PAGAMENTO_SCONOSCIUTO: "Questo avviso non risulta all'ente creditore.",
  PAA_PAGAMENTO_DUPLICATO: "Questo avviso è già stato pagato.",
  PAA_PAGAMENTO_SCADUTO: "Questo avviso è scaduto e non si può più pagare.",
  PAA_PAGAMENTO_ANNULLATO: "Questo avviso è stato annullato dall'ente creditore.",
  PPT_PAGAMENTO_DUPLICATO: "Questo avviso è già stato pagato.",
  PPT_PAGAMENTO_IN_CORSO: "Un altro pagamento di questo avviso è in corso.",
  PPT_IMPORTO_ERRATO:
    "L'importo dell'avviso è cambiato: il pagamento va ripreso dal sito dell'ente.",
  PPT_DOMINIO_SCONOSCIUTO: "Nessun ente creditore ha questo codice fiscale.",
  PPT_STAZIONE_INT_PA_SCONOSCIUTA: "Questo numero non appartiene all'ente creditore indicato.",
};
