// SPDX-License-Identifier: EUPL-1.2
import type { SeatedChild } from "#transport";
import type { FieldError } from "#ui/components.ts";
import { WAY_FIELDS } from "./bus-words.ts";

/** What is wrong with a seat, at its field. */
export function seatFault(seated: SeatedChild): FieldError[] {
  switch (seated.outcome) {
    case "unknown-stop":
      return [
        { field: WAY_FIELDS[seated.way].name, message: "Scegliere una fermata dell'elenco." },
      ];
    case "not-enrolled":
      return [{ field: "dal", message: "In quel giorno il bambino non è iscritto al servizio." }];
    case "no-stop":
      return [{ field: "andata", message: "Scegliere almeno una fermata." }];
    case "seated":
    case "not-allowed":
      return [];
  }
}
