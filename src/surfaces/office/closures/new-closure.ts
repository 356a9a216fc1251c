// SPDX-License-Identifier: EUPL-1.2
import {
  closeService,
  type ClosureEffect,
  closureEffect,
  REASON_WORDS,
  reopenDays,
} from "#billing";
import {
  className,
  type ClosureReason,
  type Service,
  type TownCalendar,
  townCalendar,
} from "#calendar";
import { type Day, isBefore, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { datedSettings } from "#tenancy";
import {
  alert,
  button,
  checkboxes,
  dateField,
  errorFor,
  form,
  radios,
  selectField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { capital, dailyServices, placeText, spanText } from "../words.ts";
import {
  choiceKey,
  choicePath,
  type ClosureChoice,
  readChoice,
  scopeOf,
} from "./closure-choice.ts";

/** The reasons an office closes for on the spot; holidays come with the calendar. */
const REASONS: readonly ClosureReason[] = [
  "weather",
  "strike",
  "polling-station",
  "trip",
  "school-break",
  "other",
];

/** no single school or class */
const EVERY = "tutte";

interface Town {
  readonly calendar: TownCalendar;
  readonly services: readonly Service[];
}

async function loadTown(tx: ReadTx, visit: Visit): Promise<Town> {
  const calendar = await townCalendar(tx);
  return { calendar, services: dailyServices(calendar, await datedSettings(tx), visit.today) };
}

/** `/ufficio/chiusure/nuova`: the choice and beside it what it would do; nobody is told before (D4, BO-19). */
export async function newClosurePage(visit: Visit): Promise<Answer> {
  const { query } = visit;
  const { town, choice, effect } = await visit.town.read(async (tx) => {
    const town = await loadTown(tx, visit);
    const given = {
      text: (name: string) => query[name] ?? "",
      all: () => (query["servizi"] ?? "").split(","),
    };
    const choice = readChoice(given, { ...town, today: visit.today });
    return { town, choice, effect: await effectOf(tx, choice, visit.now) };
  });
  return view(visit, town, choice, effect);
}

/** What a choice would do, and from which day on it could be taken back; `null`: never. */
type Effect = ClosureEffect & { readonly undoFrom: Day | null };

async function effectOf(tx: ReadTx, choice: ClosureChoice, now: Moment): Promise<Effect | null> {
  if (choice.errors.length > 0) return null;
  const scope = scopeOf(choice);
  const effect = await closureEffect(tx, scope);
  const closures = scope.serviceIds.map((serviceId) => ({ ...scope, serviceId }));
  const days = (await reopenDays(tx, { closures, now })).filter((day) => day !== null);
  const [undoFrom = null] = days.sort(Temporal.PlainDate.compare);
  return { ...effect, undoFrom };
}

/** Closes what was shown; a changed choice is shown first. The same closure twice is the first one. */
export async function closeNow(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  if (!actor) return notFound;
  const done = await visit.town.write(async (tx): Promise<Answer> => {
    const town = await loadTown(tx, visit);
    const choice = readChoice(fields, { ...town, today: visit.today });
    const wrong = async (field: string, message: string): Promise<Answer> => {
      const errors = [...choice.errors, { field, message }];
      const effect = await effectOf(tx, choice, now);
      return withStatus(422, view(visit, town, { ...choice, errors }, effect));
    };
    if (choice.errors.length > 0) return withStatus(422, view(visit, town, choice, null));
    if (fields.text("atto") === "effetti") return seeOther(choicePath(choice));
    if (fields.text("mostrato") !== choiceKey(choice))
      return seeOther(choicePath(choice), "La scelta è cambiata: ecco i suoi effetti.");
    const { reason, note } = choice;
    if (!reason) return wrong("motivo", "Scegliere il motivo.");
    const closed = await closeService(tx, { ...scopeOf(choice), actor, reason, note, now });
    switch (closed.outcome) {
      case "closed":
        return seeOther(
          `/ufficio/chiusure/${closed.closureIds[0]}`,
          `${closedText(town, choice, closed.alreadyClosed)}: ${mealsText(closed.effect)}. ${toldText(closed.effect.families)}`,
        );
      case "already-closed":
        return seeOther(`/ufficio/chiusure/${closed.closureIds[0]}`, "Chiusura già registrata.");
      case "day-closing":
        return wrong("dal", "Una giornata del periodo si sta chiudendo: riprovare fra un minuto.");
      case "wrong-dates":
        return wrong("al", "L'ultimo giorno viene prima del primo.");
      case "too-long":
        return wrong("al", "Il periodo è troppo lungo.");
      case "note-missing":
        return wrong("nota", "Con «altro» serve una nota: la famiglia la legge.");
    }
  });
  return done;
}

/** With two services, one of which was closed before: which was, and which is closed now. */
function closedText(town: Town, choice: ClosureChoice, alreadyClosed: readonly string[]): string {
  if (alreadyClosed.length === 0) return "Chiusura registrata";
  const named = (isBefore: boolean): string =>
    formats("it").list(
      town.services
        .filter(
          ({ id }) => choice.serviceIds.includes(id) && alreadyClosed.includes(id) === isBefore,
        )
        .map(({ name }) => name),
    );
  return `Già chiuso: ${named(true)}. Chiusura registrata per ${named(false)}`;
}

const toldText = (families: number): string =>
  families === 0
    ? "Nessuna famiglia da avvisare."
    : `${plural(families, "famiglia avvisata", "famiglie avvisate")}.`;

/** `412 pasti in meno, 1.895,20 € non addebitati, 388 famiglie` */
export const effectText = (effect: ClosureEffect): string =>
  `${mealsText(effect)}, ${formats("it").number(effect.families)} ${effect.families === 1 ? "famiglia" : "famiglie"}`;

const mealsText = ({ meals, amountCents }: ClosureEffect): string =>
  `${formats("it").number(meals)} ${meals === 1 ? "pasto" : "pasti"} in meno, ${formatEuro(amountCents)} non addebitati`;

function view(
  visit: Visit,
  { calendar, services }: Town,
  choice: ClosureChoice,
  effect: Effect | null,
): Html {
  const { errors } = choice;
  const families = effect?.families ?? 0;
  const place = capital(placeText(calendar, choice));
  return officePage(
    visit,
    { current: "closures" },
    {
      h1: "Nuova chiusura",
      back: { href: "/ufficio/chiusure", label: "Chiusure" },
      wide: false,
      errors,
      body: form({
        action: "/ufficio/chiusure/nuova",
        csrf: visit.csrf,
        key: visit.newKey(),
        fields: { mostrato: effect ? choiceKey(choice) : "" },
        body: html`${choiceFields(calendar, services, choice)}
          <div class="button-row">
            ${button({ label: "Mostra gli effetti", kind: "secondary", name: "atto", value: "effetti" })}
          </div>
          ${
            effect &&
            alert({
              tone: effect.meals === 0 ? "info" : "warning",
              title: `${place}, ${spanText(choice.from, choice.to)}`,
              body: html`<p><strong>${capital(effectText(effect))}</strong></p>
                ${consequences(visit, choice, effect)}`,
            })
          }
          ${radios({
            name: "motivo",
            label: "Motivo?",
            value: choice.reason,
            choices: REASONS.map((value) => ({
              value,
              label: value === "other" ? "Altro" : capital(REASON_WORDS[value]),
            })),
            error: errorFor(errors, "motivo"),
          })}
          ${textField({
            name: "nota",
            label: "Nota per le famiglie",
            hint: "Al posto del motivo, nel messaggio e nel calendario",
            optional: true,
            maxlength: 120,
            value: choice.note,
            error: errorFor(errors, "nota"),
          })}`,
        submit: {
          label:
            families === 0
              ? "Registra la chiusura"
              : `Chiudi e avvisa ${formats("it").number(families)} ${families === 1 ? "famiglia" : "famiglie"}`,
          kind: "danger",
          icon: "it-ban",
          name: "atto",
          value: "chiudi",
        },
        cancel: { href: "/ufficio" },
      }),
    },
  );
}

function choiceFields(
  calendar: TownCalendar,
  services: readonly Service[],
  choice: ClosureChoice,
): Html {
  const { errors } = choice;
  const sites = [...calendar.sites.values()].sort((a, b) => a.name.localeCompare(b.name, "it"));
  const years = [...calendar.classes.values()].map(({ year }) => year);
  const inSite = [...calendar.classes.values()]
    .filter(({ siteId, year }) => siteId === choice.siteId && year === Math.max(...years))
    .map((one) => ({ value: one.id, label: className(one) }))
    .sort((a, b) => a.label.localeCompare(b.label, "it"));
  return html`${
      services.length > 1 &&
      checkboxes({
        name: "servizio",
        label: "Che cosa si chiude?",
        values: choice.serviceIds,
        choices: services.map(({ id, name }) => ({ value: id, label: name })),
      })
    }
    ${selectField({
      name: "scuola",
      label: "Dove?",
      hint:
        choice.siteId === null
          ? "Per una sola classe: scegliere la scuola e premere Mostra gli effetti."
          : undefined,
      value: choice.siteId ?? EVERY,
      choices: [
        { value: EVERY, label: "Tutte le scuole" },
        ...sites.map(({ id, name }) => ({ value: id, label: name })),
      ],
    })}
    ${
      inSite.length > 0 &&
      selectField({
        name: "classe",
        label: "Quale classe?",
        value: choice.classId ?? EVERY,
        choices: [{ value: EVERY, label: "Tutta la scuola" }, ...inSite],
      })
    }
    <div class="panels">
      ${dateField({ name: "dal", label: "Dal", value: choice.from, error: errorFor(errors, "dal") })}
      ${dateField({ name: "al", label: "Al", value: choice.to, error: errorFor(errors, "al") })}
    </div>`;
}

function consequences(visit: Visit, choice: ClosureChoice, effect: Effect): Html {
  const { chargesToReverse } = effect;
  const touchesToday = !isBefore(visit.today, choice.from) && !isBefore(choice.to, visit.today);
  return html`${
      chargesToReverse > 0 &&
      html`<p>
        ${plural(chargesToReverse, "addebito già fatto sarà stornato", "addebiti già fatti saranno stornati")}.
      </p>`
    }${touchesToday && html`<p>La cucina vede subito la differenza di oggi.</p>`}
    <p>Un solo messaggio per famiglia. ${undoText(visit, choice, effect)}</p>`;
}

/** Promised only where it is true: families who read that nothing had to be cancelled must still be able to. */
function undoText({ today }: Visit, { from, to }: ClosureChoice, { undoFrom }: Effect): string {
  if (undoFrom) {
    const since = isBefore(from, undoFrom) ? ` da ${formats("it").day(undoFrom)}` : "";
    return `Si può annullare${since}: parte una correzione.`;
  }
  return isBefore(to, today)
    ? "Non si potrà annullare: i giorni sono passati."
    : "Non si potrà annullare: il limite per disdire è passato.";
}
