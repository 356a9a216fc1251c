// SPDX-License-Identifier: EUPL-1.2
import {
  type CodiceFiscaleFault,
  type CodiceFiscaleField,
  type KnownPerson,
  mismatches,
  readCodiceFiscale,
} from "./codice-fiscale.ts";

/** `valid` agrees with name, birth and sex; `mismatch` does not; `provisional` has 11 digits. */
export type CodiceFiscaleState = "valid" | "mismatch" | "provisional" | "missing";

export type JudgedCodiceFiscale =
  | {
      outcome: "accepted";
      codiceFiscale: string | null;
      state: CodiceFiscaleState;
      disagrees: CodiceFiscaleField[];
    }
  | { outcome: "invalid"; fault: CodiceFiscaleFault };

/**
 * A well-formed code is accepted even when it disagrees with the person (then it becomes a task), and so
 * is a provisional or a missing one; a malformed code is not. `domain.md`, "Identities and persons".
 */
export function judgeCodiceFiscale(
  text: string | null,
  person: Omit<KnownPerson, "birthPlaceCodes"> & { birthPlaceCode?: string | null },
  birthPlaceCodes: readonly string[] = person.birthPlaceCode ? [person.birthPlaceCode] : [],
): JudgedCodiceFiscale {
  const read = readCodiceFiscale(text ?? "");
  switch (read.outcome) {
    case "invalid":
      return read;
    case "empty":
      return { outcome: "accepted", codiceFiscale: null, state: "missing", disagrees: [] };
    case "provisional":
      return { outcome: "accepted", codiceFiscale: read.code, state: "provisional", disagrees: [] };
    case "person": {
      const { code } = read.codiceFiscale;
      const disagrees = mismatches(read.codiceFiscale, { ...person, birthPlaceCodes });
      const state = disagrees.length === 0 ? "valid" : "mismatch";
      return { outcome: "accepted", codiceFiscale: code, state, disagrees };
    }
  }
}
