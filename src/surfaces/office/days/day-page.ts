// SPDX-License-Identifier: EUPL-1.2
import { attendedOfDays, type ServiceDayRow, serviceDays } from "#attendance";
import {
  type DayFault,
  dayFaults,
  type DayFigures,
  faultSentence,
  figuresOfDays,
  paymentOn,
  reopenClosedDay,
} from "#billing";
import { expectedMeals, isOrdered } from "#booking";
import { className, type SchoolSite } from "#calendar";
import { isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  card,
  dataTable,
  emptyState,
  errorFor,
  type FieldError,
  figures as figureRow,
  form,
  textField,
} from "#ui/components.ts";
import { datedSettings } from "#tenancy";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { capital } from "../words.ts";
import { dayPath, type DayScope, dayScope, serviceQuery, siteOf } from "./day-scope.ts";
import { type Silent, silentAlert, silentClasses, silentText } from "./silent-classes.ts";
import { closeButton, isClosed, stateTag } from "./week-page.ts";

interface Loaded {
  readonly scope: DayScope;
  readonly site: SchoolSite;
  readonly row: ServiceDayRow | undefined;
  readonly attended: number;
  readonly figures: DayFigures | undefined;
  /** of a closed day: what does not agree, child by child */
  readonly faults: readonly DayFault[];
  /** a fixed fee: attendance charges nothing */
  readonly perMeal: boolean;
  /** `Nessuna notizia da: 2A, 3B`, while the day is open */
  readonly silent: Silent | null;
  readonly classes: readonly { id: string; name: string; expected: number; listed: number }[];
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const scope = await dayScope(tx, visit, {
    serviceId: visit.query["servizio"] ?? "",
    date: visit.params["date"] ?? "",
  });
  const site = scope && siteOf(scope, visit.params["siteId"]);
  if (!scope || !site) return null;
  const { date } = scope;
  const serviceId = scope.service.id;
  const span = { serviceId, from: date, to: date };
  const here = <Row extends { siteId: string }>(rows: readonly Row[]): Row | undefined =>
    rows.find(({ siteId }) => siteId === site.id);
  const meals = (await expectedMeals(tx, { serviceId, date, siteId: site.id })).filter(
    ({ day }) => day.kind === "service",
  );
  const classes = [...Map.groupBy(meals, ({ classId }) => classId)].flatMap(([id, rows]) => {
    const schoolClass = scope.calendar.classes.get(id);
    if (!schoolClass) return [];
    const expected = rows.filter(({ state }) => isOrdered(state)).length;
    return [{ id, name: className(schoolClass), expected, listed: rows.length }];
  });
  const row = here(await serviceDays(tx, span));
  return {
    scope,
    site,
    row,
    attended: here(await attendedOfDays(tx, span))?.attended ?? 0,
    figures: here(await figuresOfDays(tx, span)),
    faults: isClosed(row) ? await dayFaults(tx, { serviceId, siteId: site.id, date }) : [],
    silent: silentText(
      await silentClasses(tx, { ...scope, meals, settings: await datedSettings(tx) }),
      scope.calendar,
      { named: false },
    ),
    perMeal: (await paymentOn(tx, { serviceId, date })).model !== "fixed-fee",
    classes: classes.sort((a, b) => a.name.localeCompare(b.name, "it")),
  };
}

/** `/ufficio/giornate/{day}/{school}`: the result of closing with its invariant, and the classes of that day. */
export async function dayPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  return loaded ? view(visit, loaded, []) : notFound;
}

/** Opens a closed day again: every charge is reversed with the reason, for the families to see. */
export async function reopenDayNow(visit: Visit): Promise<Answer> {
  const { actor, now, fields } = visit;
  if (!actor) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit);
    if (!loaded) return notFound;
    const { scope, site } = loaded;
    const reason = fields.text("motivo").slice(0, 200);
    const day = { serviceId: scope.service.id, siteId: site.id, date: scope.date };
    const result = await reopenClosedDay(tx, { ...day, actor, reason, now });
    switch (result.outcome) {
      case "reopened":
        return seeOther(
          dayPath(scope, site.id),
          `Giornata riaperta: ${plural(result.reversed, "addebito stornato", "addebiti stornati")}.`,
        );
      case "not-closed":
        return seeOther(dayPath(scope, site.id), "La giornata è già aperta.");
      case "reason-missing":
        return withStatus(
          422,
          view(visit, loaded, [
            { field: "motivo", message: "Scrivere il motivo della riapertura." },
          ]),
        );
    }
  });
}

function view(visit: Visit, loaded: Loaded, errors: readonly FieldError[]): Html {
  const { scope, site, row, classes, silent } = loaded;
  const { date } = scope;
  const mayClose = !isClosed(row) && !isBefore(visit.today, date) && classes.length > 0;
  return officePage(
    visit,
    { current: "days" },
    {
      h1: site.name,
      lead: `${scope.service.name}, ${formats("it").dayFrom(date, visit.today)}`,
      back: {
        href: `/ufficio/giornate?dal=${date.toString()}&servizio=${scope.service.id}`,
        label: "Giornate",
      },
      headActions: mayClose && closeButton(visit, scope, [site.id], "Chiudi la giornata"),
      errors,
      body: html`<p>
          Stato: ${stateTag(row)} ${row && html`<span class="quiet">${row.changedBy}</span>`}
        </p>
        ${mayClose && silent && silentAlert(silent)} ${isClosed(row) && result(loaded)}
        ${classTable(loaded)} ${isClosed(row) && reopenCard(visit, loaded, errors)}`,
    },
  );
}

function result({ attended, figures, faults, perMeal }: Loaded): Html {
  const { charged = 0, exempt = 0, unpriced = 0, totalCents = 0n } = figures ?? {};
  if (!perMeal)
    return html`${figureRow([{ label: "Presenze", value: attended, tone: "strong" }])}
      <p class="quiet">
        Il servizio ha una quota fissa: le presenze non si addebitano una per una.
      </p>`;
  const balanced = attended === charged + exempt + unpriced && faults.length === 0;
  const why = faults.length > 0 ? ` (${faultSentence(faults)})` : "";
  return html`${figureRow([
      { label: "Da addebitare", value: attended, tone: "strong" },
      { label: "Addebitati", value: charged },
      { label: "Gratuiti", value: exempt },
      { label: "Senza prezzo", value: unpriced, tone: unpriced > 0 ? "warning" : "plain" },
      { label: "Importo", value: formatEuro(totalCents) },
    ])}
    <p>
      Controllo: ${attended} = ${charged} + ${exempt} + ${unpriced},
      <strong
        >${balanced ? "i conti tornano" : `i conti non tornano${why}: riaprire e richiudere la giornata`}</strong
      >.
    </p>`;
}

function classTable({ scope, classes }: Loaded): Html {
  if (classes.length === 0)
    return emptyState({ text: "In questo giorno nessuna classe resta a mensa." });
  return html`<h2>Classi</h2>
    ${dataTable({
      caption: "Classi della giornata",
      captionHidden: true,
      columns: [
        { label: "Classe", header: true },
        { label: "Attesi", align: "end" },
        { label: "In elenco", align: "end" },
      ],
      rows: classes.map(({ id, name, expected, listed }) => [
        html`<a href="/ufficio/giornate/${scope.date.toString()}/classi/${id}${serviceQuery(scope)}"
          >${name}</a
        >`,
        expected,
        listed,
      ]),
    })}`;
}

function reopenCard(visit: Visit, { scope, site }: Loaded, errors: readonly FieldError[]): Html {
  const name = capital(formats("it").day(scope.date));
  return card({
    title: "Riapri la giornata",
    body: html`<p>
        ${name}: tutti gli addebiti di questa scuola vengono stornati, poi la giornata si corregge e
        si richiude. Per un solo bambino basta la correzione nella sua classe.
      </p>
      ${form({
        action: `/ufficio/giornate/${scope.date.toString()}/${site.id}/riapri${serviceQuery(scope)}`,
        csrf: visit.csrf,
        key: visit.newKey(),
        body: textField({
          name: "motivo",
          label: "Motivo",
          maxlength: 200,
          error: errorFor(errors, "motivo"),
        }),
        submit: { label: "Riapri la giornata", kind: "danger" },
      })}`,
  });
}
