// SPDX-License-Identifier: EUPL-1.2
import { birthDateOf, mismatches, readCodiceFiscale } from "#kernel/codice-fiscale.ts";
import { type Day, isBefore } from "#kernel/dates.ts";

/** `minor`: SPID is given from the age of five; the parents' area is for adults. */
export type IdentityFault = "codice-fiscale" | "minor" | "birth-date";

export type JudgedIdentity =
  | { outcome: "adult"; codiceFiscale: string }
  | { outcome: "refused"; fault: IdentityFault };

const ADULT_YEARS = 18;

/**
 * May a verified identity enter the parents' area? The codice fiscale is read strictly, omocodia included; the age
 * follows from the date of birth that the provider gave, else from the codice fiscale (the younger of two centuries). A
 * date that contradicts the code is not believed.
 */
export function judgeIdentity(
  of: { codiceFiscale: string; birthDate: Day | null },
  today: Day,
): JudgedIdentity {
  const read = readCodiceFiscale(of.codiceFiscale.replace(/^TINIT-/i, ""));
  if (read.outcome !== "person") return { outcome: "refused", fault: "codice-fiscale" };
  const { codiceFiscale } = read;
  if (mismatches(codiceFiscale, { birthDate: of.birthDate }).length > 0)
    return { outcome: "refused", fault: "birth-date" };
  const born = of.birthDate ?? birthDateOf(codiceFiscale, today);
  if (!born) return { outcome: "refused", fault: "birth-date" };
  if (isBefore(today, born.add({ years: ADULT_YEARS })))
    return { outcome: "refused", fault: "minor" };
  return { outcome: "adult", codiceFiscale: codiceFiscale.code };
}
