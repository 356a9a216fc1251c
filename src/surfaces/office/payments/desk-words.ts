// SPDX-License-Identifier: EUPL-1.2
import type { DeskFault } from "#payments";
import type { FieldError } from "#ui/components.ts";

/** Which field is wrong, and how; both forms use the same names. */
export const DESK_FAULTS: Record<DeskFault, FieldError> = {
  amount: { field: "importo", message: "Scrivere un importo, per esempio 46,00." },
  "payer-missing": { field: "pagato-da", message: "Scrivere chi ha pagato." },
  "receipt-ref-missing": {
    field: "identificativo",
    message: "Scrivere l'identificativo della ricevuta o del bonifico.",
  },
  "in-the-future": { field: "data", message: "La data non è ancora arrivata." },
  "too-old": { field: "data", message: "La data è di oltre dieci anni fa." },
  "note-too-long": { field: "nota", message: "La nota è troppo lunga: al massimo 300 caratteri." },
  "place-missing": { field: "luogo", message: "Scegliere dove e per che cosa." },
  vouchers: { field: "buoni", message: "Scrivere quanti buoni, da 1 a 1000, e quanto vale uno." },
};
