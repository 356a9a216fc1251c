// SPDX-License-Identifier: EUPL-1.2
import { plural } from "#kernel/i18n.ts";
import type { SavedLine } from "#transport";
import type { FieldError } from "#ui/components.ts";

const STOP_FAULTS = {
  "name-missing": { field: "fermata", message: "Dare un nome alla fermata." },
  "name-too-long": { field: "fermata", message: "Il nome della fermata è troppo lungo." },
  "no-time": {
    field: "andata",
    message: "Serve un orario: dell'andata, del ritorno o di tutti e due.",
  },
} as const;

/** What to say, and at which field; `null`: the line is not there any more. */
export function lineFault(
  saved: Exclude<SavedLine, { outcome: "saved" | "not-allowed" }>,
  rows: readonly { readonly id: string }[],
): FieldError | null {
  const at = (stopId: string, field: string): string =>
    `${field}-${
      Math.max(
        rows.findIndex(({ id }) => id === stopId),
        0,
      ) + 1
    }`;
  switch (saved.outcome) {
    case "name-missing":
      return { field: "nome", message: "Dare un nome alla linea." };
    case "name-too-long":
      return { field: "nome", message: "Il nome della linea è troppo lungo." };
    case "name-taken":
      return { field: "nome", message: "C'è già una linea con questo nome." };
    case "no-stops":
      return { field: "fermata-1", message: "Scrivere almeno una fermata." };
    case "stop-faulty": {
      const { field, message } = STOP_FAULTS[saved.fault];
      return { field: at(saved.stopId, field), message };
    }
    case "stop-in-use": {
      const who = plural(saved.children, "bambino la usa", "bambini la usano");
      const message = `${saved.name}: ${who}. Prima si spostano, poi si toglie la fermata o il suo orario.`;
      return { field: at(saved.stopId, "fermata"), message };
    }
    case "stop-over": {
      const message = `${saved.name}: nel frattempo la fermata è stata tolta. Per rimetterla, premere di nuovo; se no, svuotare la riga.`;
      return { field: at(saved.stopId, "fermata"), message };
    }
    case "written-before": {
      const message = `Con questo modulo è già stata salvata la linea ${saved.name}. Per salvare anche questa, premere di nuovo.`;
      return { field: "nome", message };
    }
    case "unknown-service":
    case "unknown-line":
      return null;
  }
}
