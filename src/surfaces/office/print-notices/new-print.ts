// SPDX-License-Identifier: EUPL-1.2
import { type TownCalendar, townCalendar } from "#calendar";
import { type Day, ZONE } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { monthsOfOpenNotices, startPrintRun } from "#payments";
import { checkbox, emptyState, figures, form, radios, selectField } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { capital } from "../words.ts";
import {
  type ChosenPapers,
  choosePapers,
  type PrintChoice,
  printChoiceText,
  printTitle,
  readPrintChoice,
} from "./choose-papers.ts";
import { schoolField, serviceField } from "../made-files/choice.ts";
import { printPath, PRINTS } from "./print-words.ts";

const f = formats("it");

interface Found {
  readonly choice: PrintChoice;
  readonly chosen: ChosenPapers;
  readonly calendar: TownCalendar;
  readonly months: readonly Day[];
}

/** `/ufficio/pagamenti/stampe/nuova?…`: the choice, and how many notices it is. */
export async function newPrintPage(visit: Visit): Promise<Answer> {
  const choice = readPrintChoice((name) => visit.query[name] ?? "");
  const found = await visit.town.read((tx) => load(tx, visit, choice));
  return view(visit, found);
}

async function load(tx: ReadTx, visit: Visit, choice: PrintChoice): Promise<Found> {
  const { today, now } = visit;
  return {
    choice,
    chosen: await choosePapers(tx, { choice, today, now }),
    calendar: await townCalendar(tx),
    months: await monthsOfOpenNotices(tx, ZONE),
  };
}

/** Begins the run: what is unpaid at that moment, in its order; the file is made in the background. */
export async function startPrintNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now, today } = visit;
  if (!actor) return notFound;
  const choice = readPrintChoice((name) => fields.text(name));
  return visit.town.write(async (tx): Promise<Answer> => {
    const { papers } = await choosePapers(tx, { choice, today, now });
    const started = await startPrintRun(tx, {
      actor,
      key: fields.text("key"),
      title: printTitle(choice, await townCalendar(tx)),
      choice: printChoiceText(choice),
      duplex: choice.duplex,
      withLetter: choice.withLetter,
      withSingles: choice.withSingles,
      papers,
      now,
    });
    switch (started.outcome) {
      case "started":
      case "already-started":
        return seeOther(printPath(started.runId));
      case "nothing-to-print":
        return seeOther(`${PRINTS}/nuova`, "Nessun avviso da stampare con questa scelta.");
      case "forbidden":
        return notFound;
    }
  });
}

function view(visit: Visit, found: Found): Html {
  return officePage(
    visit,
    { current: "bills" },
    {
      h1: "Nuova stampa",
      lead: "Solo avvisi che si possono ancora pagare; quelli con un pagamento in corso restano fuori.",
      back: { href: PRINTS, label: "Stampa degli avvisi" },
      body: html`${choiceForm(found)}${preview(visit, found)}`,
    },
  );
}

function choiceForm({ choice, calendar, months }: Found): Html {
  return form({
    action: `${PRINTS}/nuova`,
    method: "get",
    body: html`${serviceField(calendar, choice.serviceId)}
    ${selectField({
      name: "mese",
      label: "Emessi nel mese",
      empty: "Tutti i mesi",
      choices: months.map((month) => ({
        value: month.toPlainYearMonth().toString(),
        label: capital(f.month(month)),
      })),
      value: choice.month?.toPlainYearMonth().toString(),
    })}
    ${schoolField(calendar, choice.siteId)}
    ${checkbox({
      name: "email",
      value: "senza",
      label: "Solo famiglie senza e-mail",
      checked: choice.withoutEmail,
    })}
    ${radios({
      name: "ordine",
      label: "Ordine",
      choices: [
        {
          value: "classe",
          label: "Scuola, classe, cognome",
          hint: "per la consegna a scuola",
          checked: choice.order === "classe",
        },
        {
          value: "indirizzo",
          label: "CAP, città, via",
          hint: "per la posta",
          checked: choice.order === "indirizzo",
        },
      ],
    })}`,
    submit: { label: "Aggiorna la scelta", kind: "secondary" },
  });
}

function preview(visit: Visit, { choice, chosen }: Found): Html {
  const count = chosen.papers.length;
  if (count === 0) return emptyState({ text: "Nessun avviso da stampare con questa scelta." });
  return html`<h2 class="section-title">Nel file</h2>
    ${figures([
      { label: "Avvisi", value: f.number(count), tone: "strong" },
      { label: "Totale", value: formatEuro(chosen.totalCents) },
      { label: "Senza indirizzo", value: f.number(chosen.withoutAddress) },
    ])}
    ${form({
      action: `${PRINTS}/nuova`,
      csrf: visit.csrf,
      key: visit.newKey(),
      // How it is printed is ticked in this very form: whoever presses its button has what is ticked.
      fields: { ...printChoiceText(choice), lettera: null, fronteretro: null, singoli: null },
      body: html` ${checkbox({
        name: "lettera",
        value: "si",
        label: "Con la lettera di accompagnamento",
        checked: choice.withLetter,
      })}
      ${checkbox({
        name: "fronteretro",
        value: "si",
        label: "Fronte e retro: ogni avviso comincia su un foglio nuovo",
        checked: choice.duplex,
      })}
      ${checkbox({
        name: "singoli",
        value: "si",
        label: "Anche un PDF per ogni avviso (ZIP)",
        hint: "per spedirli o archiviarli uno per uno; ci vuole più tempo; oltre 10.000 avvisi sono più archivi",
        checked: choice.withSingles,
      })}`,
      submit: { label: `Prepara il file di ${plural(count, "avviso", "avvisi")}` },
    })}
    <p class="action-note">Si prepara da solo: la pagina si può chiudere e riaprire.</p>`;
}
