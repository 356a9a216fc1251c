// SPDX-License-Identifier: EUPL-1.2
import {
  CONTACT_FIELDS,
  type ContactFault,
  type ContactField,
  type Family,
  protectContacts,
  updateContacts,
} from "#families";
import { html, type Html } from "#kernel/html.ts";
import { checkboxes, errorFor, type FieldError, form, textField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState } from "../office-page.ts";
import { familyOfAddress, familyPath, fullName, memberOf } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

const LABELS: Record<ContactField, string> = {
  email: "E-mail",
  phone: "Telefono",
  address: "Indirizzo",
  postalCode: "CAP",
  city: "Comune",
};

const FAULTS: Record<ContactFault, string> = {
  "email-format": "L'indirizzo e-mail non è scritto bene.",
  "phone-format": "Il telefono deve avere da 6 a 13 cifre.",
  "postal-code-format": "Il CAP ha 5 cifre.",
  "too-long": "Il testo è troppo lungo.",
  formula: "Il testo non può cominciare con = + - @.",
};

type Member = Family["person"];

export async function contactsPage(visit: Visit): Promise<Answer> {
  const family = await visit.town.read((tx) => familyOfAddress(tx, visit));
  const member = family && memberOf(family, visit.params["personId"]);
  if (!family || !member) return notFound;
  const values = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, member[field]]));
  const riservati = member.contactsProtected ? "1" : "";
  return view(visit, family, member, {
    values: { ...values, riservati, erano: riservati },
    errors: [],
  });
}

export async function saveContacts(visit: Visit): Promise<Answer> {
  const { actor, fields } = visit;
  if (!actor) return notFound;
  const contacts = Object.fromEntries(CONTACT_FIELDS.map((field) => [field, fields.text(field)]));
  const values = { ...contacts, riservati: fields.text("riservati"), erano: fields.text("erano") };
  const done = await visit.town.write(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    const member = family && memberOf(family, visit.params["personId"]);
    if (!family || !member) return null;
    const reason = fields.text("motivo").slice(0, 200);
    const act = { actor, personId: member.id, at: visit.now, reason };
    const result = await updateContacts(tx, { ...act, ...contacts });
    if (result.outcome !== "saved" && result.outcome !== "unchanged")
      return { family, member, result };
    // Of two at work on one person: whoever changes a number does not give free what the other has just protected.
    if (fields.has("erano") && values.riservati === values.erano) return { family, member, result };
    const isProtected = values.riservati === "1";
    const kept = await protectContacts(tx, { ...act, isProtected });
    return { family, member, result: kept.outcome === "saved" ? kept : result };
  });
  if (!done) return notFound;
  const { family, member, result } = done;
  switch (result.outcome) {
    case "saved":
      return seeOther(familyPath(family.holder.id), `Contatti di ${fullName(member)} aggiornati.`);
    case "unchanged":
      return seeOther(familyPath(family.holder.id), "Nessun cambiamento.");
    case "invalid": {
      const errors = CONTACT_FIELDS.flatMap((field): FieldError[] => {
        const fault = result.faults[field];
        return fault ? [{ field, message: `${LABELS[field]}: ${FAULTS[fault]}` }] : [];
      });
      return withStatus(422, view(visit, family, member, { values, errors }));
    }
    case "protected":
    case "not-allowed":
    case "unknown-person":
      return notFound;
  }
}

function view(visit: Visit, family: Family, member: Member, { values, errors }: FormState): Html {
  const field = (name: ContactField, extra: Partial<Parameters<typeof textField>[0]> = {}): Html =>
    textField({
      name,
      label: LABELS[name],
      value: values[name],
      optional: true,
      error: errorFor(errors, name),
      ...extra,
    });
  return familyFrame(visit, family, {
    h1: `Contatti di ${fullName(member)}`,
    wide: false,
    errors,
    body: form({
      action: `${familyPath(family.holder.id)}/persone/${member.id}/contatti`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { erano: values["erano"] ?? "" },
      body: html`${field("email", { type: "email", maxlength: 254 })}${field("phone", { type: "tel", width: "medium", maxlength: 24 })}
      ${field("address", { maxlength: 120 })}${field("postalCode", { width: "short", inputmode: "numeric", maxlength: 5 })}${field("city", { maxlength: 60 })}
      ${checkboxes({
        name: "riservati",
        label: "Recapiti riservati",
        hint: "Genitori separati, tutela: dal portale, dai documenti e dalle stampe non li legge nessun altro. Con un adulto riservato lo sono anche quelli dei figli.",
        optional: true,
        values: [values["riservati"] ?? ""],
        choices: [{ value: "1", label: "Li conosce solo l'ufficio" }],
      })}
      ${textField({ name: "motivo", label: "Motivo del cambiamento", optional: true, maxlength: 200 })}`,
      submit: { label: "Salva i contatti" },
      cancel: { href: familyPath(family.holder.id) },
    }),
  });
}
