// SPDX-License-Identifier: EUPL-1.2
import { correctCodiceFiscale, updateContacts } from "#families";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { moment } from "#kernel/dates.ts";
import type { SmallTown } from "./small-town.ts";

/** E-mail and codes of the family Ferrando: nothing is asked for before a payment. */
export async function completeFamily(place: SmallTown): Promise<void> {
  const when = moment("2026-11-02T08:00:00Z");
  const office = { ...place.sara, role: "office-manager" as const, personId: null };
  await place.town.write(async (tx) => {
    const personId = place.sara.personId!;
    await updateContacts(tx, {
      actor: place.sara,
      personId,
      at: when,
      email: "sara@posta.example",
    });
    const codes: [string, string][] = [
      [personId, "FRRSRA85A41F205"],
      [place.giulia, "FRRGLI18A41F205"],
      [place.tommaso, "FRRTMS20A01F205"],
    ];
    for (const [id, codiceFiscale] of codes)
      await correctCodiceFiscale(tx, {
        actor: office,
        personId: id,
        codiceFiscale: withControl(codiceFiscale),
        reason: "prova",
        at: when,
      });
  });
}

/** A whole code from its first fifteen characters. */
export const withControl = (fifteen: string): string => fifteen + controlCharacter(fifteen);
