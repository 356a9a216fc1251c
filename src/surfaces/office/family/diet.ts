// SPDX-License-Identifier: EUPL-1.2
import { dietsOn, setDiet } from "#enrolment";
import type { Family } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings, type TownSettings } from "#tenancy";
import {
  dateField,
  errorFor,
  type FieldError,
  form,
  selectField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState } from "../office-page.ts";
import { familyOfAddress, familyPath, fullName } from "./family-guard.ts";
import { familyFrame } from "./family-frame.ts";

type DietCodes = TownSettings["dietCodes"];
type Child = Family["children"][number];

export async function dietPage(visit: Visit): Promise<Answer> {
  const { today } = visit;
  const read = await visit.town.read(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    const child = family?.children.find(({ id }) => id === visit.params["childId"]);
    if (!family || !child) return null;
    const code = (await dietsOn(tx, [child.id], today)).get(child.id) ?? "";
    return { family, child, code, known: await codesOn(tx, visit) };
  });
  if (!read) return notFound;
  const values = { codice: read.code, dal: today.toString(), al: "" };
  return view(visit, read, { values, errors: [] });
}

/** An empty code ends the diet. Only the code is kept: what the child has is nobody's business here. */
export async function saveDiet(visit: Visit): Promise<Answer> {
  const { actor, fields } = visit;
  if (!actor) return notFound;
  const values = {
    codice: fields.text("codice").slice(0, 20),
    dal: fields.text("dal"),
    al: fields.text("al"),
  };
  const from = fields.day("dal");
  const to = fields.day("al");
  const errors: FieldError[] = [];
  if (!from) errors.push({ field: "dal", message: "Scrivere una data valida." });
  if (values.al !== "" && !to) errors.push({ field: "al", message: "Scrivere una data valida." });
  const done = await visit.town.write(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    const child = family?.children.find(({ id }) => id === visit.params["childId"]);
    if (!family || !child) return null;
    const known = await codesOn(tx, visit);
    if (errors.length > 0 || !from) return { family, child, known, result: null };
    const code = values.codice.toUpperCase() || null;
    const result = await setDiet(tx, { actor, childId: child.id, code, from, to, at: visit.now });
    return { family, child, known, result };
  });
  if (!done) return notFound;
  const { family, child, result } = done;
  const wrong = (list: readonly FieldError[]): Answer =>
    withStatus(422, view(visit, done, { values, errors: list }));
  switch (result?.outcome) {
    case undefined:
      return wrong(errors);
    case "set":
    case "ended": {
      const day = from ? formats("it").day(from) : "";
      const what =
        result.outcome === "set" ? `Dieta ${values.codice.toUpperCase()}` : "Nessuna dieta";
      return seeOther(familyPath(family.holder.id), `${what} per ${child.givenName} da ${day}.`);
    }
    case "not-a-code":
      return wrong([
        { field: "codice", message: "Serve un codice come D-07: nessuna parola sulla salute." },
      ]);
    case "unknown-code":
      return wrong([
        {
          field: "codice",
          message: `La cucina non conosce questo codice. In uso: ${result.known.join(", ")}.`,
        },
      ]);
    case "dates-reversed":
      return wrong([{ field: "al", message: "L'ultimo giorno viene prima del primo." }]);
    case "not-allowed":
      return notFound;
  }
}

interface Shown {
  readonly family: Family;
  readonly child: Child;
  /** the town's list, in its order; empty = any code */
  readonly known: DietCodes;
}

const codesOn = async (tx: ReadTx, { today }: Visit): Promise<DietCodes> =>
  (await datedSettings(tx)).town("dietCodes", today);

/** The codes the kitchen knows to choose from; in a town without a list, a field to write in. */
function codeField(known: DietCodes, value: string, error: string | undefined): Html {
  const common = { name: "codice", label: "Codice dieta", optional: true, value, error };
  if (known.length === 0)
    return textField({
      ...common,
      hint: "Solo il codice che la cucina conosce, per esempio D-07. Vuoto: nessuna dieta.",
      width: "short",
      maxlength: 12,
    });
  const listed = known.some(({ code }) => code === value) || value === "";
  return selectField({
    ...common,
    empty: "Nessuna dieta",
    choices: [
      ...(listed ? [] : [{ value, label: `${value} (non in uso)` }]),
      ...known.map(({ code, label, leaveOut }) => ({
        value: code,
        label: [code, label, leaveOut && `senza ${leaveOut}`].filter(Boolean).join(", "),
      })),
    ],
  });
}

function view(visit: Visit, { family, child, known }: Shown, { values, errors }: FormState): Html {
  return familyFrame(visit, family, {
    h1: `Dieta di ${fullName(child)}`,
    wide: false,
    errors,
    body: form({
      action: `${familyPath(family.holder.id)}/figli/${child.id}/dieta`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${codeField(known, values["codice"] ?? "", errorFor(errors, "codice"))}
      ${dateField({ name: "dal", label: "Dal", value: values["dal"], error: errorFor(errors, "dal") })}
      ${dateField({
        name: "al",
        label: "Fino al",
        hint: "La scadenza del certificato, se c'è",
        optional: true,
        value: values["al"],
        error: errorFor(errors, "al"),
      })}`,
      submit: { label: "Salva la dieta" },
      cancel: { href: familyPath(family.holder.id) },
    }),
  });
}
