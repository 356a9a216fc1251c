// SPDX-License-Identifier: EUPL-1.2
import { type CreatedStaff, createStaff, type StaffScope } from "#identity";
import { STAFF_ROLES, type StaffRole } from "#kernel/actor.ts";
import { html, type Html } from "#kernel/html.ts";
import { errorFor, type FieldError, form, radios, selectField, textField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { codePage } from "./code-page.ts";
import { codeMailed, mailCode } from "./mail-code.ts";
import {
  loadPlaces,
  type Places,
  readScope,
  ROLE_WORDS,
  STAFF_BACK,
  STAFF_PAGE,
} from "./staff-words.ts";

const NAMES = ["nome", "codice", "email", "ruolo", "dove", "consegna"] as const;

export async function newStaffPage(visit: Visit): Promise<Answer> {
  const places = await visit.town.read((tx) => loadPlaces(tx, visit));
  return page(visit, places, { values: {}, errors: [] });
}

/** Role and place, here and where a role is added. */
export function roleFields(places: Places, { values, errors }: FormState): Html {
  return html`${radios({
    name: "ruolo",
    label: "Ruolo",
    value: values["ruolo"] ?? null,
    error: errorFor(errors, "ruolo"),
    choices: STAFF_ROLES.map((value) => ({
      value,
      label: ROLE_WORDS[value].name,
      hint: ROLE_WORDS[value].hint,
    })),
  })}
  ${selectField({
    name: "dove",
    label: "Dove",
    hint: "Per la scuola: tutte, una scuola o una classe; per cucina e gestore: tutte o una scuola; per chi guida: la linea.",
    optional: true,
    value: values["dove"] ?? "",
    empty: "In tutte le scuole",
    choices: [...places.sites, ...places.classes, ...places.lines],
    error: errorFor(errors, "dove"),
  })}`;
}

/** What a role form says; errors by field. */
export function readRole(visit: Visit, places: Places) {
  const text = visit.fields.text("ruolo");
  const role = STAFF_ROLES.find((one) => one === text);
  const scope = readScope(places, visit.fields.text("dove"));
  const errors: FieldError[] = [];
  if (!role) errors.push({ field: "ruolo", message: "Scegliere il ruolo." });
  const fault = placeFault(places, role, scope);
  if (fault) errors.push({ field: "dove", message: fault });
  return { role, scope, errors };
}

function placeFault(
  places: Places,
  role: StaffRole | undefined,
  scope: StaffScope | null,
): string | null {
  if (role === "driver") {
    // The lines may be written later: until then the driver sees none.
    const isLater = places.lines.length === 0 && scope && !scope.siteId && !scope.classId;
    return scope?.lineId || isLater ? null : "Scegliere la linea.";
  }
  if (scope?.lineId) return "Una linea è solo di chi guida.";
  const isClassOfKitchen = (role === "kitchen" || role === "caterer") && scope?.classId;
  return !scope || isClassOfKitchen ? "Scegliere una scuola dell'elenco." : null;
}

function page(visit: Visit, places: Places, { values, errors }: FormState): Html {
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuova persona",
      back: STAFF_BACK,
      wide: false,
      errors,
      lead: "Si crea il codice utente; la password la sceglie la persona, con un codice che vale una volta sola.",
      body: form({
        action: `${STAFF_PAGE}/nuovo`,
        csrf: visit.csrf,
        key: visit.newKey(),
        body: html`${textField({
          name: "nome",
          label: "Nome e cognome",
          value: values["nome"] ?? "",
          autocomplete: "off",
          maxlength: 100,
          error: errorFor(errors, "nome"),
        })}
        ${textField({
          name: "codice",
          label: "Codice utente",
          hint: "Come m.conti: da 3 a 40 lettere minuscole, cifre, punti, trattini; comincia con una lettera.",
          value: values["codice"] ?? "",
          autocomplete: "off",
          maxlength: 40,
          width: "medium",
          error: errorFor(errors, "codice"),
        })}
        ${textField({
          name: "email",
          label: "E-mail",
          type: "email",
          value: values["email"] ?? "",
          autocomplete: "off",
          maxlength: 200,
          hint: "Quella di lavoro. Serve anche a chi entra con l'account del Comune.",
          optional: true,
          error: errorFor(errors, "email"),
        })}
        ${roleFields(places, { values, errors })} ${wayField(visit, values)}`,
        submit: { label: "Crea la persona" },
        cancel: { href: STAFF_PAGE },
      }),
    },
  );
}

/** Where e-mails leave, the code may go by one. */
const wayField = (visit: Visit, values: FormState["values"]): Html | null =>
  visit.app.mail === undefined
    ? null
    : radios({
        name: "consegna",
        label: "Codice di attivazione",
        value: values["consegna"] || "shown",
        choices: [
          { value: "shown", label: "Si mostra e si stampa", hint: "da consegnare di persona" },
          {
            value: "e-mail",
            label: "Parte per e-mail",
            hint: "il codice utente si comunica a parte",
          },
        ],
      });

const FAULTS: Readonly<
  Record<Exclude<CreatedStaff["outcome"], "created" | "forbidden">, FieldError>
> = {
  "username-taken": { field: "codice", message: "Questo codice utente esiste già." },
  "username-wrong": {
    field: "codice",
    message: "Da 3 a 40 lettere minuscole, cifre, punti, trattini; comincia con una lettera.",
  },
  "name-missing": { field: "nome", message: "Scrivere nome e cognome." },
  "email-wrong": { field: "email", message: "L'indirizzo e-mail non è scritto bene." },
  "email-missing": { field: "email", message: "Per inviare il codice serve l'indirizzo e-mail." },
};

export async function createStaffNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const values = Object.fromEntries(NAMES.map((name) => [name, fields.text(name).slice(0, 200)]));
  const places = await visit.town.read((tx) => loadPlaces(tx, visit));
  const { role, scope, errors } = readRole(visit, places);
  const again = (all: readonly FieldError[]): Answer =>
    withStatus(422, page(visit, places, { values, errors: all }));
  const { nome: name = "", email = "" } = values;
  const username = (values["codice"] ?? "").toLowerCase();
  if (username === "") errors.unshift(FAULTS["username-wrong"]);
  if (name === "") errors.unshift(FAULTS["name-missing"]);
  if (!role || !scope || errors.length > 0) return again(errors);
  const isMailed = values["consegna"] === "e-mail" && visit.app.mail !== undefined;
  const created = await visit.town.write(async (tx) => {
    const made = await createStaff(tx, {
      ...{ by: actor, sealKey: visit.app.sealKey, now, role, scope },
      ...{ username, displayName: name, email, way: isMailed ? "e-mail" : "shown" },
    });
    if (made.outcome === "created" && isMailed) await mailCode(tx, visit, { ...made, email });
    return made;
  });
  switch (created.outcome) {
    case "created": {
      const { accountId, code } = created;
      return isMailed
        ? seeOther(`${STAFF_PAGE}/${accountId}`, codeMailed({ email, username }))
        : codePage(visit, { accountId, name, username, code });
    }
    case "forbidden":
      return forbidden;
    default:
      return again([FAULTS[created.outcome]]);
  }
}
