// SPDX-License-Identifier: EUPL-1.2
import { previewReprice, repriceMeals, type Repricing, repricingMark } from "#billing";
import { type Service, townCalendar } from "#calendar";
import { holderNames, holdersOn, people } from "#families";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import {
  alert,
  chips,
  dataTable,
  dateField,
  emptyState,
  errorFor,
  type FieldError,
  figures,
  form,
  textArea,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { familyPath, fullName } from "../family/family-guard.ts";
import { officePage } from "../office-page.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";

const f = formats("it");
export const REPRICE_PAGE = "/ufficio/ricalcolo";
const MOST_ROWS = 200;
/** A school year of one child; a quarter of everybody. */
const MOST_DAYS = { child: 366, service: 92 };

interface Asked {
  readonly services: readonly Service[];
  readonly service: Service;
  readonly prepaid: boolean;
  readonly from: Day;
  readonly to: Day;
  readonly child: { readonly id: string; readonly name: string; readonly holderId: string } | null;
  readonly errors: readonly FieldError[];
}

/** Is each meal of it charged? */
export function mayReprice(settings: DatedSettings, { code }: Service, date: Day): boolean {
  const model = settings.maybeService(code, "payment", date)?.model;
  return model === "prepaid" || model === "postpaid";
}

/** Which service, days and child: of the address, or of the form. */
async function askedFor(
  tx: ReadTx,
  visit: Visit,
  given: (name: string) => string,
): Promise<Asked | null> {
  const { today } = visit;
  const settings = await datedSettings(tx);
  const modelOf = ({ code }: Service) => settings.maybeService(code, "payment", today)?.model;
  const services = (await townCalendar(tx)).services.filter((one) =>
    mayReprice(settings, one, today),
  );
  const id = given("servizio");
  const service = id === "" ? services[0] : services.find((one) => one.id === id);
  if (!service) return null;
  const from = parseDay(given("dal"));
  const to = parseDay(given("al"));
  const childId = given("bambino");
  const [person] = isUuid(childId) ? await people(tx, [childId]) : [];
  const holderId = person && (await holdersOn(tx, [person.id], today)).get(person.id);
  if (childId !== "" && (!person || !holderId)) return null;
  const child = person && holderId ? { id: person.id, name: fullName(person), holderId } : null;
  const errors: FieldError[] = [];
  if (!from && given("dal") !== "")
    errors.push({ field: "dal", message: "Scrivere una data valida." });
  if (!to && given("al") !== "") errors.push({ field: "al", message: "Scrivere una data valida." });
  const [first, last] = [from ?? today.with({ day: 1 }), to ?? today];
  if (isBefore(last, first))
    errors.push({ field: "al", message: "L'ultimo giorno viene prima del primo." });
  const most = child ? MOST_DAYS.child : MOST_DAYS.service;
  if (first.until(last, { largestUnit: "days" }).days >= most)
    errors.push({
      field: "dal",
      message: child ? "Al massimo un anno per volta." : "Al massimo tre mesi per volta.",
    });
  const prepaid = modelOf(service) === "prepaid";
  return { services, service, prepaid, from: first, to: last, child, errors };
}

const spanOf = ({ service, from, to, child }: Asked) => ({
  serviceId: service.id,
  from,
  to,
  ...(child ? { childIds: [child.id] } : {}),
});

const addressOf = (
  { service, from, to, child }: Asked,
  changes: { serviceId?: string } = {},
): string =>
  `${REPRICE_PAGE}?servizio=${changes.serviceId ?? service.id}&dal=${from.toString()}&al=${to.toString()}${child ? `&bambino=${child.id}` : ""}`;

/** `/ufficio/ricalcolo?servizio=&dal=&al=&bambino=`: what meals that are charged would cost now. Looking posts nothing. */
export async function repricePage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read((tx) =>
    load(tx, visit, (name) => visit.query[name] ?? "", []),
  );
  return read ? view(visit, read) : notFound;
}

interface Loaded {
  readonly asked: Asked;
  readonly found: Repricing | null;
  readonly names: ReadonlyMap<string, string>;
}

async function load(
  tx: ReadTx,
  visit: Visit,
  given: (name: string) => string,
  errors: readonly FieldError[],
): Promise<Loaded | null> {
  const asked = await askedFor(tx, visit, given);
  if (!asked) return null;
  const found = asked.errors.length > 0 ? null : await previewReprice(tx, spanOf(asked));
  const shown = (found?.differences ?? []).slice(0, MOST_ROWS);
  const children = await people(tx, [...new Set(shown.map(({ childId }) => childId))]);
  const holders = await holderNames(tx, [...new Set(shown.map(({ holderId }) => holderId))]);
  const names = new Map([
    ...children.map((child) => [child.id, `${child.surname} ${child.givenName}`] as const),
    ...[...holders].map(([id, one]) => [id, `${one.surname} ${one.givenName}`] as const),
  ]);
  return { asked: { ...asked, errors: [...asked.errors, ...errors] }, found, names };
}

/** Posts what the page showed. */
export async function repriceNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return forbidden;
  const given = (name: string): string => fields.text(name);
  const asked = await visit.town.read((tx) => askedFor(tx, visit, given));
  if (!asked) return notFound;
  if (asked.errors.length > 0) return seeOther(REPRICE_PAGE, asked.errors[0]!.message);
  const done = await visit.town.write((tx) =>
    repriceMeals(tx, {
      ...spanOf(asked),
      actor,
      shown: fields.text("visto"),
      reason: fields.text("motivo"),
      now,
    }),
  );
  switch (done.outcome) {
    case "repriced": {
      const back = asked.child ? familyPath(asked.child.holderId) : addressOf(asked);
      const meals = plural(done.meals, "addebito ricalcolato", "addebiti ricalcolati");
      return seeOther(back, `${meals}: ${signed(done.differenceCents)}.`);
    }
    case "nothing-to-do":
      return seeOther(addressOf(asked), "Gli addebiti erano già giusti.");
    case "changed":
      return seeOther(addressOf(asked), "Intanto è cambiato qualcosa: ecco i nuovi importi.");
    case "reason-missing": {
      const missing = { field: "motivo", message: "Scrivere il motivo." };
      const read = await visit.town.read((tx) => load(tx, visit, given, [missing]));
      return read ? withStatus(422, view(visit, read)) : notFound;
    }
    case "forbidden":
      return forbidden;
  }
}

const signed = (cents: bigint): string => `${cents > 0n ? "+" : ""}${formatEuro(cents)}`;

function view(visit: Visit, loaded: Loaded): Html {
  const { asked, found } = loaded;
  const { services, service, child, errors } = asked;
  return officePage(
    visit,
    { current: child ? null : "tariffs" },
    {
      h1: "Ricalcola i prezzi",
      lead: child ? `${service.name}, per ${child.name}` : service.name,
      back: child
        ? { href: familyPath(child.holderId), label: "Famiglia" }
        : { href: `/ufficio/tariffe?servizio=${service.id}`, label: "Tariffe" },
      errors,
      body: html`${
          services.length > 1 &&
          chips(
            "Servizio",
            services.map(({ id, name }) => ({
              label: name,
              href: addressOf(asked, { serviceId: id }),
              current: id === service.id,
            })),
          )
        }
        <p>
          Dopo un ISEE o una tariffa che vale da un giorno già addebitato: quanto costano oggi i
          pasti di quei giorni. Guardare non cambia niente. Le quote fisse già registrate restano
          come sono.
        </p>
        ${form({
          action: REPRICE_PAGE,
          method: "get",
          fields: { servizio: service.id, ...(child ? { bambino: child.id } : {}) },
          body: html`${dateField({ name: "dal", label: "Dal", value: asked.from, error: errorFor(errors, "dal") })}
          ${dateField({ name: "al", label: "Al", value: asked.to, error: errorFor(errors, "al") })}`,
          submit: { label: "Mostra", kind: "secondary" },
        })}
        ${found && results(visit, loaded, found)}`,
    },
  );
}

function results(visit: Visit, loaded: Loaded, found: Repricing): Html {
  const { differences, newlyPriced, unpriced } = found;
  const without =
    unpriced.length > 0 &&
    alert({
      tone: "warning",
      title: `${plural(unpriced.length, "pasto resta", "pasti restano")} senza prezzo.`,
      body: html`<p><a href="/ufficio/compiti#senza-prezzo">Che cosa manca</a></p>`,
    });
  if (differences.length === 0 && newlyPriced === 0)
    return html`${without}${emptyState({ icon: "it-check-circle", text: "Gli addebiti di questi giorni sono già giusti." })}`;
  return html`<h2 class="section-title">Che cosa cambia</h2>
    ${without}${figures([
      { label: "Addebiti che cambiano", value: f.number(differences.length) },
      ...(newlyPriced > 0
        ? [{ label: "Pasti che non avevano un prezzo", value: f.number(newlyPriced) }]
        : []),
      { label: "Prima", value: formatEuro(found.beforeCents) },
      { label: "Adesso", value: formatEuro(found.afterCents) },
      {
        label: "Differenza",
        value: signed(found.afterCents - found.beforeCents),
        tone: "strong",
      },
    ])}
    ${differences.length > 0 && table(loaded, found)}
    ${mayDecide(visit) ? postForm(visit, loaded.asked, found) : onlyManagers()}`;
}

function table({ names }: Loaded, { differences }: Repricing): Html {
  const left = differences.length - MOST_ROWS;
  return html`${dataTable({
    caption: "Addebiti che cambiano",
    captionHidden: true,
    columns: [
      { label: "Giorno", header: true },
      { label: "Per" },
      { label: "Paga" },
      { label: "Prima", align: "end" },
      { label: "Adesso", align: "end" },
    ],
    rows: differences
      .slice(0, MOST_ROWS)
      .map(({ date, childId, holderId, before, after }) => [
        f.shortDay(date),
        names.get(childId) ?? "",
        names.get(holderId) ?? "",
        formatEuro(before),
        formatEuro(after),
      ]),
  })}
  ${left > 0 && html`<p class="quiet">E altri ${f.number(left)}, compresi nei totali.</p>`}`;
}

const postForm = (visit: Visit, asked: Asked, found: Repricing): Html =>
  form({
    action: REPRICE_PAGE,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: {
      servizio: asked.service.id,
      dal: asked.from.toString(),
      al: asked.to.toString(),
      bambino: asked.child?.id ?? "",
      visto: repricingMark(found),
    },
    body: html`<p>
        ${
          asked.prepaid
            ? "Il credito delle famiglie cambia subito."
            : "Gli avvisi già preparati restano come sono: la differenza va nel prossimo."
        }
        Chi paga riceve un messaggio.
      </p>
      ${textArea({
        name: "motivo",
        label: "Motivo",
        hint: "Le famiglie lo leggono.",
        rows: 2,
        maxlength: 500,
        value: visit.fields.text("motivo"),
        error: errorFor(asked.errors, "motivo"),
      })}`,
    submit: {
      label: `Registra la differenza di ${signed(found.afterCents - found.beforeCents)}`,
    },
  });
