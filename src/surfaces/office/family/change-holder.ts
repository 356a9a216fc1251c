// SPDX-License-Identifier: EUPL-1.2
import {
  changeHolder,
  holder,
  holderByPaymentCode,
  holderOf,
  type Person,
  person,
} from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { dateField, errorFor, type FieldError, form, textField } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { familyPath, fullName } from "./family-guard.ts";

interface Loaded {
  readonly child: Person;
  readonly holderId: string | null;
  readonly holderName: string | null;
}

/** The child of the address, with who pays today; a child without an account is found here too. */
async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const id = visit.params["childId"] ?? "";
  const child = isUuid(id) ? await person(tx, id) : undefined;
  if (child?.kind !== "child") return null;
  const holderId = await holderOf(tx, child.id, visit.today);
  const account = holderId ? await holder(tx, holderId) : undefined;
  const adult = account && (await person(tx, account.personId));
  return { child, holderId, holderName: adult ? fullName(adult) : null };
}

/** `/ufficio/figli/{id}/intestatario`: from a day on, another account pays. Nothing past is moved. */
export async function changeHolderPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  if (!loaded) return notFound;
  return view(visit, loaded, { values: { dal: visit.today.toString() }, errors: [] });
}

export async function saveHolder(visit: Visit): Promise<Answer> {
  const { actor, fields } = visit;
  if (!actor) return notFound;
  const values = {
    codice: fields.text("codice").slice(0, 40),
    dal: fields.text("dal"),
    motivo: fields.text("motivo").slice(0, 200),
  };
  const from = fields.day("dal");
  const errors: FieldError[] = [];
  if (!from) errors.push({ field: "dal", message: "Scrivere una data valida." });
  if (values.motivo === "") errors.push({ field: "motivo", message: "Scrivere il motivo." });
  const done = await visit.town.write(async (tx) => {
    const loaded = await load(tx, visit);
    if (!loaded) return null;
    const code = values.codice.replace(/[\s.-]/g, "");
    const target = code === "" ? undefined : await holderByPaymentCode(tx, code);
    if (!target)
      errors.unshift({
        field: "codice",
        message: "Nessuna famiglia con questo codice di pagamento.",
      });
    if (errors.length > 0 || !from || !target) return { loaded, result: null, holderId: null };
    const result = await changeHolder(tx, {
      actor,
      childId: loaded.child.id,
      holderId: target.id,
      from,
      at: visit.now,
      reason: values.motivo.slice(0, 200),
    });
    return { loaded, result, holderId: target.id };
  });
  if (!done) return notFound;
  const { loaded, result, holderId } = done;
  const wrong = (list: readonly FieldError[]): Answer =>
    withStatus(422, view(visit, loaded, { values, errors: list }));
  switch (result?.outcome) {
    case undefined:
      return wrong(errors);
    case "changed":
      return seeOther(
        familyPath(holderId ?? ""),
        `Da ${formats("it").day(from!)} paga questo conto per ${loaded.child.givenName}.`,
      );
    case "already-holder":
      return wrong([{ field: "codice", message: "Paga già questo conto." }]);
    case "later-change-exists":
      return wrong([
        {
          field: "dal",
          message: `C'è già un cambio dal ${formats("it").shortDay(result.from)}: scegliere un giorno successivo.`,
        },
      ]);
    case "unknown-child":
    case "unknown-holder":
    case "not-allowed":
      return notFound;
  }
}

function view(visit: Visit, loaded: Loaded, { values, errors }: FormState): Html {
  const { child, holderId, holderName } = loaded;
  return officePage(
    visit,
    { current: null },
    {
      h1: `Chi paga per ${fullName(child)}`,
      lead: holderName ? `Oggi: ${holderName}` : "Oggi: nessuno, gli addebiti restano in sospeso",
      wide: false,
      errors,
      ...(holderId ? { back: { href: familyPath(holderId), label: "Torna alla famiglia" } } : {}),
      body: form({
        action: `/ufficio/figli/${child.id}/intestatario`,
        csrf: visit.csrf,
        key: visit.newKey(),
        body: html`${textField({
          name: "codice",
          label: "Codice di pagamento del nuovo conto",
          hint: "Nove cifre: si legge nella pagina della famiglia che pagherà",
          inputmode: "numeric",
          width: "medium",
          maxlength: 20,
          value: values["codice"],
          error: errorFor(errors, "codice"),
        })}
        ${dateField({
          name: "dal",
          label: "Dal giorno",
          hint: "Gli addebiti dei giorni prima restano sul conto di prima, con il suo credito",
          value: values["dal"],
          error: errorFor(errors, "dal"),
        })}
        ${textField({
          name: "motivo",
          label: "Motivo",
          maxlength: 200,
          value: values["motivo"],
          error: errorFor(errors, "motivo"),
        })}`,
        submit: { label: "Cambia intestatario" },
        ...(holderId ? { cancel: { href: familyPath(holderId) } } : {}),
      }),
    },
  );
}
