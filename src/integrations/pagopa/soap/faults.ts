// SPDX-License-Identifier: EUPL-1.2
/** The faults a creditor may answer with, and the texts pagoPA gives them. */
import type { MalformedRequest, Operation } from "./types.ts";

export const FAULT_STRINGS = {
  PAA_ID_DOMINIO_ERRATO: "La PAA non corrisponde al Dominio indicato",
  PAA_ID_INTERMEDIARIO_ERRATO: "Identificativo intermediario non corrispondente",
  PAA_STAZIONE_INT_ERRATA: "Stazione intermediario non corrispondente",
  PAA_PAGAMENTO_SCONOSCIUTO: "Pagamento in attesa risulta sconosciuto all’Ente Creditore",
  PAA_PAGAMENTO_DUPLICATO: "Pagamento in attesa risulta concluso all’Ente Creditore",
  PAA_PAGAMENTO_IN_CORSO: "Pagamento in attesa risulta in corso all’Ente Creditore",
  PAA_PAGAMENTO_SCADUTO: "Pagamento in attesa risulta scaduto all’Ente Creditore",
  PAA_PAGAMENTO_ANNULLATO: "Pagamento in attesa risulta annullato all’Ente Creditore",
  PAA_RECEIPT_DUPLICATA: "La receipt risulta già acquisita",
  PAA_SEMANTICA: "Errore semantico",
  PAA_SINTASSI_XSD: "Errore di sintassi XSD",
  PAA_SINTASSI_EXTRAXSD: "Errore di sintassi extra XSD",
  PAA_SYSTEM_ERROR: "Errore generico",
} as const;

export type FaultCode = keyof typeof FAULT_STRINGS;

const OF_EVERY_CALL: readonly FaultCode[] = [
  "PAA_SINTASSI_EXTRAXSD",
  "PAA_ID_DOMINIO_ERRATO",
  "PAA_ID_INTERMEDIARIO_ERRATO",
  "PAA_STAZIONE_INT_ERRATA",
  "PAA_SEMANTICA",
  "PAA_SYSTEM_ERROR",
];
const OF_NOTICES: readonly FaultCode[] = [
  "PAA_PAGAMENTO_SCONOSCIUTO",
  "PAA_PAGAMENTO_DUPLICATO",
  "PAA_PAGAMENTO_IN_CORSO",
  "PAA_PAGAMENTO_SCADUTO",
  "PAA_PAGAMENTO_ANNULLATO",
];

/** Whether pagoPA's matrix knows this fault for this call: another one would be taken for a technical failure. */
export function mayAnswer(operation: Operation, fault: FaultCode): boolean {
  if (OF_EVERY_CALL.includes(fault)) return true;
  switch (operation) {
    case "paSendRT":
    case "paSendRTV2":
      return fault === "PAA_RECEIPT_DUPLICATA";
    case "paDemandPaymentNotice":
      return fault === "PAA_SINTASSI_XSD" || OF_NOTICES.includes(fault);
    case "paVerifyPaymentNotice":
    case "paGetPayment":
    case "paGetPaymentV2":
      return OF_NOTICES.includes(fault);
  }
}

/**
 * The business fault for a message that cannot be read; `null` when none may be given: no operation is known, or it is
 * a receipt, where a well-formed KO would be final and lose it (answer HTTP 500, pagoPA sends it again).
 */
export function faultOfMalformed({ operation }: MalformedRequest): FaultCode | null {
  switch (operation) {
    case null:
    case "paSendRT":
    case "paSendRTV2":
      return null;
    case "paDemandPaymentNotice":
      return "PAA_SINTASSI_XSD";
    case "paVerifyPaymentNotice":
    case "paGetPayment":
    case "paGetPaymentV2":
      return "PAA_SINTASSI_EXTRAXSD";
  }
}
