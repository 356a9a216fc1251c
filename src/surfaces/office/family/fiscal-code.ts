// SPDX-License-Identifier: EUPL-1.2
import { correctCodiceFiscale, type Family } from "#families";
import type { CodiceFiscaleFault, CodiceFiscaleField } from "#kernel/codice-fiscale.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { errorFor, form, textField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState } from "../office-page.ts";
import { familyOfAddress, familyPath, fullName, memberOf } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

const FAULTS: Record<CodiceFiscaleFault, string> = {
  length: "Il codice fiscale ha 16 caratteri (11 se provvisorio).",
  format: "Lettere e cifre non sono al loro posto.",
  "name-part": "Le lettere del nome non sono possibili.",
  date: "La data di nascita nel codice non esiste.",
  "control-character": "L'ultimo carattere non torna: controllare gli altri.",
};

const DISAGREES: Record<CodiceFiscaleField, string> = {
  surname: "cognome",
  givenName: "nome",
  birthDate: "data di nascita",
  sex: "sesso",
  birthPlaceCode: "luogo di nascita",
};

export async function fiscalCodePage(visit: Visit): Promise<Answer> {
  const family = await visit.town.read((tx) => familyOfAddress(tx, visit));
  const member = family && memberOf(family, visit.params["personId"]);
  if (!family || !member) return notFound;
  const values = { codice: member.codiceFiscale ?? "" };
  return view(visit, family, member, { values, errors: [] });
}

export async function saveFiscalCode(visit: Visit): Promise<Answer> {
  const { actor, fields } = visit;
  if (!actor) return notFound;
  const values = { codice: fields.text("codice").slice(0, 40), motivo: fields.text("motivo") };
  const done = await visit.town.write(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    const member = family && memberOf(family, visit.params["personId"]);
    if (!family || !member) return null;
    const result = await correctCodiceFiscale(tx, {
      actor,
      personId: member.id,
      codiceFiscale: values.codice,
      reason: values.motivo.slice(0, 200),
      at: visit.now,
    });
    return { family, member, result };
  });
  if (!done) return notFound;
  const { family, member, result } = done;
  const path = familyPath(family.holder.id);
  const wrong = (message: string): Answer =>
    withStatus(
      422,
      view(visit, family, member, { values, errors: [{ field: "codice", message }] }),
    );
  switch (result.outcome) {
    case "saved": {
      const fields = result.disagrees.map((field) => DISAGREES[field]);
      const check = fields.length === 0 ? "" : ` Da verificare: ${formats("it").list(fields)}.`;
      return seeOther(path, `Codice fiscale di ${fullName(member)} salvato.${check}`);
    }
    case "unchanged":
      return seeOther(path, "Nessun cambiamento.");
    case "invalid":
      return wrong(FAULTS[result.fault]);
    case "taken":
      return wrong("Questo codice fiscale è già di un'altra persona del Comune.");
    case "not-allowed":
    case "unknown-person":
      return notFound;
  }
}

function view(
  visit: Visit,
  family: Family,
  member: Family["person"],
  { values, errors }: FormState,
): Html {
  return familyFrame(visit, family, {
    h1: `Codice fiscale di ${fullName(member)}`,
    wide: false,
    errors,
    body: form({
      action: `${familyPath(family.holder.id)}/persone/${member.id}/codice-fiscale`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${textField({
        name: "codice",
        label: "Codice fiscale",
        hint: "Il valore di prima resta nello storico",
        value: values["codice"],
        maxlength: 40,
        width: "medium",
        error: errorFor(errors, "codice"),
      })}
      ${textField({ name: "motivo", label: "Motivo", optional: true, value: values["motivo"], maxlength: 200 })}`,
      submit: { label: "Salva il codice fiscale" },
      cancel: { href: familyPath(family.holder.id) },
    }),
  });
}
