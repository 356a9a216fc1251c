// SPDX-License-Identifier: EUPL-1.2
import {
  type ChangedField,
  type ImportRun,
  type PupilPlan,
  REJECT_WORDS,
  type StoredPupilImport,
  WARNING_WORDS,
} from "#enrolment";
import { type Content, html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { actionForm, checkboxes, dataTable, emptyState, form, radios } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";

export const TABS = ["nuovi", "cambiati", "spostati", "usciti", "da-chiarire", "errori"] as const;
export type Tab = (typeof TABS)[number];

export const TAB_LABELS: Record<Tab, string> = {
  nuovi: "Nuovi",
  cambiati: "Cambiati",
  spostati: "Spostati",
  usciti: "Usciti",
  "da-chiarire": "Da chiarire",
  errori: "Errori",
};

export const isTab = (text: string): text is Tab => (TABS as readonly string[]).includes(text);

/** Rows on one tab; a file may have twenty thousand. */
const MOST_ROWS = 300;

export function tabCount(plan: PupilPlan, tab: Tab): number {
  switch (tab) {
    case "nuovi":
      return plan.newPupils.length + plan.newAdults.length;
    case "cambiati":
      return plan.changed.length + plan.changedAdults.length;
    case "spostati":
      return plan.moved.length;
    case "usciti":
      return plan.missing.length;
    case "da-chiarire":
      return plan.ambiguous.length;
    case "errori":
      return plan.rejected.length + plan.warnings.length;
  }
}

/** What applying changes, without those who leave. */
export const changesIn = (plan: PupilPlan): number =>
  plan.newPupils.length +
  plan.newAdults.length +
  plan.changed.length +
  plan.changedAdults.length +
  plan.moved.length +
  plan.newEnrolments +
  plan.newClasses.length;

type Run = ImportRun<StoredPupilImport>;

export function tabBody(visit: Visit, run: Run, tab: Tab): Html {
  const { plan } = run.plan;
  switch (tab) {
    case "nuovi":
      return html`${table(
        "Nuovi alunni",
        ["Riga", "Alunno", "Classe"],
        plan.newPupils.map(({ line, name, className }) => [line, name, className]),
      )}
      ${
        plan.newAdults.length > 0 &&
        table(
          "Nuovi adulti",
          ["Riga", "Adulto", "Ruolo"],
          plan.newAdults.map(({ line, name, role }) => [line, name, role]),
        )
      }
      ${applyForm(visit, run)}`;
    case "cambiati":
      return html`${table("Cambiati", ["Riga", "Persona", "Dato", "Prima", "Dopo"], [...plan.changed, ...plan.changedAdults].flatMap(changedRows))}
      ${applyForm(visit, run)}`;
    case "spostati":
      return html`${table(
        "Spostati",
        ["Riga", "Alunno", "Da", "A"],
        plan.moved.map(({ line, name, from, to }) => [line, name, from ?? "nessuna classe", to]),
      )}
      ${applyForm(visit, run)}`;
    case "usciti":
      return leaving(visit, run);
    case "da-chiarire":
      return unclear(visit, run);
    case "errori":
      return html`${table(
        "Righe non importate",
        ["Riga", "Foglio", "Motivo", "Dettaglio"],
        plan.rejected.map(({ line, sheet, reason, detail }) => [
          line,
          SHEETS[sheet],
          REJECT_WORDS[reason],
          detail,
        ]),
      )}
      ${
        plan.warnings.length > 0 &&
        table(
          "Da controllare, importate lo stesso",
          ["Riga", "Foglio", "Che cosa", "Dettaglio"],
          plan.warnings.map(({ line, sheet, reason, detail }) => [
            line,
            SHEETS[sheet],
            WARNING_WORDS[reason],
            detail,
          ]),
        )
      }
      ${applyForm(visit, run)}`;
  }
}

const SHEETS = { pupils: "Alunni", guardians: "Tutori" } as const;

const FIELD_WORDS: Readonly<Record<string, string>> = {
  surname: "Cognome",
  givenName: "Nome",
  sex: "Sesso",
  birthDate: "Data di nascita",
  birthPlace: "Luogo di nascita",
  birthPlaceCode: "Codice del luogo",
  codiceFiscale: "Codice fiscale",
  address: "Indirizzo",
  postalCode: "CAP",
  city: "Comune",
  email: "E-mail",
  phone: "Telefono",
  resident: "Residenza",
  dietCode: "Dieta",
};

/** One row per field; line and name only on the first. */
const changedRows = (one: {
  line: number;
  name: string;
  fields: readonly ChangedField[];
}): Content[][] =>
  one.fields.map((field) => [
    one.line,
    one.name,
    FIELD_WORDS[field.field] ?? field.field,
    field.old || "vuoto",
    html`<strong>${field.new || "vuoto"}</strong>`,
  ]);

function table(caption: string, labels: readonly string[], rows: readonly Content[][]): Html {
  if (rows.length === 0) return emptyState({ text: `${caption}: nessuno.` });
  return html`${dataTable({
    caption,
    columns: labels.map((label, index) => ({ label, header: index === 1 })),
    rows: rows.slice(0, MOST_ROWS),
  })}
  ${rows.length > MOST_ROWS && html`<p class="quiet">Mostrate ${MOST_ROWS} righe di ${rows.length}; valgono tutte.</p>`}`;
}

const applyLabel = (plan: PupilPlan): string =>
  `Applica ${plural(changesIn(plan), "modifica", "modifiche")}`;

function applyForm(visit: Visit, run: Run): Html | null {
  const { plan } = run.plan;
  if (changesIn(plan) === 0) return null;
  const notes = [
    plan.ambiguous.length > 0 &&
      `${plural(plan.ambiguous.length, "riga", "righe")} da chiarire non si applicano.`,
    plan.rejected.length > 0 &&
      `${plural(plan.rejected.length, "riga", "righe")} con errori non si applicano.`,
    plan.missing.length > 0 && "Gli usciti si confermano nella loro scheda: da qui restano tutti.",
  ].filter(Boolean);
  return actionForm({
    action: `/ufficio/importazioni/${run.id}/applica`,
    csrf: visit.csrf,
    key: visit.newKey(),
    label: applyLabel(plan),
    note: notes.join(" "),
  });
}

/** Nobody is removed unasked: each one is ticked by hand. */
function leaving(visit: Visit, run: Run): Html {
  const { plan } = run.plan;
  if (plan.missing.length === 0)
    return html`${emptyState({ text: "Nessuno: ogni alunno della scuola è nel file." })}${applyForm(visit, run)}`;
  return form({
    action: `/ufficio/importazioni/${run.id}/applica`,
    csrf: visit.csrf,
    key: visit.newKey(),
    body: checkboxes({
      name: "usciti",
      label: "Sono nella scuola ma non nel file. Chi lascia davvero la classe?",
      hint: "Senza segno di spunta un alunno resta dov'è.",
      optional: true,
      choices: plan.missing.map(({ childId, name, className }) => ({
        value: childId,
        label: `${name}, ${className}`,
      })),
    }),
    submit: { label: `${applyLabel(plan)} e togli i segnati` },
  });
}

function unclear(visit: Visit, run: Run): Html {
  const { plan } = run.plan;
  if (plan.ambiguous.length === 0) return emptyState({ text: "Nessuna riga da chiarire." });
  return form({
    action: `/ufficio/importazioni/${run.id}/rifai`,
    csrf: visit.csrf,
    key: visit.newKey(),
    body: plan.ambiguous.map(({ line, name, reason, candidates }) =>
      radios({
        name: `riga-${line}`,
        label: `Riga ${line}: ${name}`,
        hint:
          reason === "homonyms"
            ? "Più bambini con questo nome e questa data di nascita"
            : "Stesso nome e nascita, ma un altro codice fiscale",
        optional: true,
        choices: [
          ...candidates.map((one) => ({
            value: one.childId,
            label: `${one.name}, nascita ${one.birthDate || "non indicata"}, ${one.className || "nessuna classe"}`,
          })),
          { value: "new", label: "Un bambino nuovo" },
        ],
      }),
    ),
    submit: { label: "Rifai il confronto con queste risposte" },
  });
}
