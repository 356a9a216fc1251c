// SPDX-License-Identifier: EUPL-1.2
import { className, type TownCalendar, townCalendar } from "#calendar";
import { KEEP_LETTERS_HOURS, letterRuns, startLetters } from "#identity";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import {
  actionForm,
  checkbox,
  emptyState,
  figures,
  form,
  linkButton,
  radios,
  selectField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import {
  type ChosenLetters,
  chooseLetters,
  type LetterChoice,
  letterChoiceText,
  letterTitle,
  readLetterChoice,
} from "./choose-letters.ts";
import { schoolField, serviceField } from "../made-files/choice.ts";
import { fileTable } from "../made-files/file-page.ts";
import { hasCredentials, LETTER_FILES, LETTERS, noCredentials, runPath } from "./letter-words.ts";

const MOST_RUNS = 50;
const f = formats("it");

/** `/ufficio/credenziali`: letters of the last weeks, and the way to new ones (BO-01). */
export async function letterRunsPage(visit: Visit): Promise<Answer> {
  const runs = await visit.town.read((tx) => letterRuns(tx, MOST_RUNS));
  const table = fileTable(LETTER_FILES, runs, {
    caption: "Lettere",
    count: "Quante",
    counted: ({ done }) => done,
  });
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Lettere con codici e credenziali",
      lead: "Codice utente e codice di attivazione, su carta o per e-mail. La lettera di una sola famiglia si prepara dalla sua pagina.",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      headActions: hasCredentials(visit)
        ? linkButton({
            href: `${LETTERS}/nuove`,
            label: "Nuove lettere",
            kind: "primary",
            icon: "it-print",
          })
        : null,
      body: html`${!hasCredentials(visit) && noCredentials()}
        ${runs.length === 0 ? emptyState({ text: "Nessuna lettera finora." }) : table}
        <p class="quiet">
          I file contengono codici: si eliminano da soli dopo ${KEEP_LETTERS_HOURS} ore.
        </p>`,
    },
  );
}

interface Found {
  readonly choice: LetterChoice;
  readonly chosen: ChosenLetters;
  readonly calendar: TownCalendar;
}

/** `/ufficio/credenziali/nuove?…`: the choice, and how many letters it is. */
export async function newLettersPage(visit: Visit): Promise<Answer> {
  if (!hasCredentials(visit)) return notFound;
  const choice = readLetterChoice((name) => visit.query[name] ?? "");
  return view(visit, await visit.town.read((tx) => load(tx, visit, choice)));
}

async function load(tx: ReadTx, visit: Visit, choice: LetterChoice): Promise<Found> {
  const per = visit.townSettings.login.credentialsPer;
  return {
    choice,
    chosen: await chooseLetters(tx, { choice, per, today: visit.today }),
    calendar: await townCalendar(tx),
  };
}

export async function startLettersNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor || !hasCredentials(visit)) return notFound;
  const choice = readLetterChoice((name) => fields.text(name));
  return visit.town.write(async (tx): Promise<Answer> => {
    const { chosen, calendar } = await load(tx, visit, choice);
    const started = await startLetters(tx, {
      ...{ key: fields.text("key"), title: letterTitle(choice, calendar) },
      ...{ items: chosen.items, by: actor.name, now },
    });
    return started.outcome === "nothing"
      ? seeOther(`${LETTERS}/nuove`, "Nessuna lettera da preparare con questa scelta.")
      : seeOther(runPath(started.runId));
  });
}

function view(visit: Visit, found: Found): Html {
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Nuove lettere",
      lead:
        visit.townSettings.login.credentialsPer === "child"
          ? "Una lettera per ogni bambino."
          : "Una lettera per ogni intestazione, con tutti i figli.",
      back: { href: LETTERS, label: "Lettere con codici e credenziali" },
      body: html`${choiceForm(found)}${preview(visit, found)}`,
    },
  );
}

function choiceForm({ choice, calendar }: Found): Html {
  const classes = [...calendar.classes.values()]
    .filter(({ siteId }) => choice.siteId === siteId)
    .toSorted((a, b) => className(a).localeCompare(className(b), "it"));
  return form({
    action: `${LETTERS}/nuove`,
    method: "get",
    body: html`${serviceField(calendar, choice.serviceId)} ${schoolField(calendar, choice.siteId)}
    ${
      classes.length > 0 &&
      selectField({
        name: "classe",
        label: "Classe",
        empty: "Tutte le classi",
        choices: classes.map((one) => ({ value: one.id, label: className(one) })),
        value: choice.classId,
      })
    }
    ${radios({
      name: "chi",
      label: "A chi",
      choices: [
        {
          value: "",
          label: "Solo chi non ha ancora una password",
          checked: choice.onlyNew,
        },
        {
          value: "tutti",
          label: "A tutti",
          hint: "il codice della lettera di prima non vale più; la password resta",
          checked: !choice.onlyNew,
        },
      ],
    })}
    ${checkbox({
      name: "email",
      value: "si",
      label: "Per e-mail a chi l'ha indicata, su carta agli altri",
      checked: choice.byEmail,
    })}`,
    submit: { label: "Aggiorna la scelta", kind: "secondary" },
  });
}

function preview(visit: Visit, { choice, chosen }: Found): Html {
  const count = chosen.items.length;
  if (count === 0) return emptyState({ text: "Nessuna lettera da preparare con questa scelta." });
  return html`<h2 class="section-title">Da preparare</h2>
    ${figures([
      { label: "Su carta", value: f.number(count - chosen.byEmail), tone: "strong" },
      { label: "Per e-mail", value: f.number(chosen.byEmail) },
      { label: "Su carta, senza indirizzo", value: f.number(chosen.withoutAddress) },
    ])}
    ${actionForm({
      action: `${LETTERS}/nuove`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: letterChoiceText(choice),
      label: `Prepara ${plural(count, "lettera", "lettere")}`,
      note: "Si preparano da sole: la pagina si può chiudere e riaprire.",
    })}`;
}
