// SPDX-License-Identifier: EUPL-1.2
import {
  type FeeRepricing,
  feesMark,
  previewFees,
  previewReprice,
  repriceFees,
  repriceInParts,
  type Repricing,
  repricingMark,
} from "#billing";
import { type Service, townCalendar } from "#calendar";
import { holderNames, holdersOn, people } from "#families";
import { type Day, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { type DatedSettings, datedSettings } from "#tenancy";
import { chips, dateField, errorFor, type FieldError, form, textArea } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { familyPath, fullName } from "../family/family-guard.ts";
import { officePage } from "../office-page.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";
import { feeResults, noticesEnding } from "./repriced-fees.ts";
import { mealResults, type Names, signed } from "./repriced-meals.ts";

export const REPRICE_PAGE = "/ufficio/ricalcolo";
/** Of one child, or of fees. */
const A_YEAR = { days: 366, words: "un anno" };
/** Of everybody's meals. */
const A_QUARTER = { days: 92, words: "tre mesi" };

type Model = "prepaid" | "postpaid" | "fixed-fee";

interface Asked {
  readonly services: readonly Service[];
  readonly service: Service;
  readonly model: Model;
  readonly from: Day;
  readonly to: Day;
  readonly child: { readonly id: string; readonly name: string; readonly holderId: string } | null;
  readonly errors: readonly FieldError[];
}

const modelOf = (settings: DatedSettings, { code }: Service, date: Day): Model | undefined =>
  settings.maybeService(code, "payment", date)?.model;

/** Has it prices that somebody is charged? */
export const mayReprice = (settings: DatedSettings, service: Service, date: Day): boolean =>
  modelOf(settings, service, date) !== undefined;

/** Which service, days and child: of the address, or of the form. */
async function askedFor(
  tx: ReadTx,
  visit: Visit,
  given: (name: string) => string,
): Promise<Asked | null> {
  const { today } = visit;
  const settings = await datedSettings(tx);
  const calendar = await townCalendar(tx);
  const services = calendar.services.filter((one) => mayReprice(settings, one, today));
  const id = given("servizio");
  const service = id === "" ? services[0] : services.find((one) => one.id === id);
  const model = service && modelOf(settings, service, today);
  if (!service || !model) return null;
  const year = calendar.years.findLast(({ startsOn }) => !isBefore(today, startsOn));
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
  const month = today.with({ day: 1 });
  const usual = model === "fixed-fee" ? (year?.startsOn ?? month) : month;
  const [first, last] = [from ?? usual, to ?? today];
  if (isBefore(last, first))
    errors.push({ field: "al", message: "L'ultimo giorno viene prima del primo." });
  const most = child || model === "fixed-fee" ? A_YEAR : A_QUARTER;
  if (first.until(last, { largestUnit: "days" }).days >= most.days)
    errors.push({ field: "dal", message: `Al massimo ${most.words} per volta.` });
  return { services, service, model, from: first, to: last, child, errors };
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

/** `/ufficio/ricalcolo?servizio=&dal=&al=&bambino=`: what is charged would cost so much now. Looking posts nothing. */
export async function repricePage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read((tx) =>
    load(tx, visit, (name) => visit.query[name] ?? "", []),
  );
  return read ? view(visit, read) : notFound;
}

interface Loaded {
  readonly asked: Asked;
  readonly meals: Repricing | null;
  readonly fees: FeeRepricing | null;
  readonly names: Names;
}

async function load(
  tx: ReadTx,
  visit: Visit,
  given: (name: string) => string,
  errors: readonly FieldError[],
): Promise<Loaded | null> {
  const asked = await askedFor(tx, visit, given);
  if (!asked) return null;
  const isShown = asked.errors.length === 0;
  const ofFees = asked.model === "fixed-fee";
  const { now } = visit;
  const fees = isShown && ofFees ? await previewFees(tx, { ...spanOf(asked), now }) : null;
  const meals = isShown && !ofFees ? await previewReprice(tx, spanOf(asked)) : null;
  const names = await namesOf(tx, [
    ...(meals?.differences ?? []).map((one) => ({ ...one, childIds: [one.childId] })),
    ...(fees?.fees ?? []),
  ]);
  return { asked: { ...asked, errors: [...asked.errors, ...errors] }, meals, fees, names };
}

async function namesOf(
  tx: ReadTx,
  of: readonly { holderId: string; childIds: readonly string[] }[],
): Promise<Names> {
  const children = await people(tx, [...new Set(of.flatMap(({ childIds }) => childIds))]);
  const holders = await holderNames(tx, [...new Set(of.map(({ holderId }) => holderId))]);
  return new Map([
    ...children.map((child) => [child.id, `${child.surname} ${child.givenName}`] as const),
    ...[...holders].map(([id, one]) => [id, `${one.surname} ${one.givenName}`] as const),
  ]);
}

/** Posts what the page showed. */
export async function repriceNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return forbidden;
  const given = (name: string): string => fields.text(name);
  const asked = await visit.town.read((tx) => askedFor(tx, visit, given));
  if (!asked) return notFound;
  if (asked.errors.length > 0) return seeOther(REPRICE_PAGE, asked.errors[0]!.message);
  const order = {
    ...spanOf(asked),
    actor,
    shown: fields.text("visto"),
    reason: fields.text("motivo"),
    now,
  };
  const done =
    asked.model === "fixed-fee"
      ? await visit.town.write((tx) => repriceFees(tx, order))
      : await repriceInParts(visit.town, order);
  switch (done.outcome) {
    case "repriced": {
      const back = asked.child ? familyPath(asked.child.holderId) : addressOf(asked);
      const what =
        "meals" in done
          ? plural(done.meals, "addebito ricalcolato", "addebiti ricalcolati")
          : plural(done.fees, "quota ricalcolata", "quote ricalcolate");
      const left = "left" in done && done.left > 0 ? " Le altre restano come sono, per ora." : "";
      return seeOther(back, `${what}: ${signed(done.differenceCents)}.${left}`);
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

const ABOUT_MEALS =
  "Dopo un ISEE o una tariffa che vale da un giorno già addebitato: quanto costano oggi i pasti di quei giorni.";
const ABOUT_FEES =
  "Dopo un ISEE, una tariffa o un cambio di chi paga che vale da prima: quanto costano oggi le quote già registrate. Una rata pagata resta pagata.";

function view(visit: Visit, loaded: Loaded): Html {
  const { asked } = loaded;
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
        <p>${asked.model === "fixed-fee" ? ABOUT_FEES : ABOUT_MEALS} Guardare non cambia niente.</p>
        ${form({
          action: REPRICE_PAGE,
          method: "get",
          fields: { servizio: service.id, ...(child ? { bambino: child.id } : {}) },
          body: html`${dateField({ name: "dal", label: "Dal", value: asked.from, error: errorFor(errors, "dal") })}
          ${dateField({ name: "al", label: "Al", value: asked.to, error: errorFor(errors, "al") })}`,
          submit: { label: "Mostra", kind: "secondary" },
        })}
        ${results(visit, loaded)}`,
    },
  );
}

function results(visit: Visit, { asked, meals, fees, names }: Loaded): Html | null {
  if (meals) {
    const { html: shown, isChanged } = mealResults(meals, names);
    const postpaid = "Gli avvisi già preparati restano come sono: la differenza va nel prossimo.";
    const prepaid = "Il credito delle famiglie cambia subito.";
    const effect = asked.model === "prepaid" ? prepaid : postpaid;
    return html`${shown}${isChanged && decision(visit, asked, { ...meals, mark: repricingMark(meals), effect })}`;
  }
  if (!fees) return null;
  const { html: shown, isChanged } = feeResults(fees, names);
  const effect = noticesEnding(fees);
  return html`${shown}${isChanged && decision(visit, asked, { ...fees, mark: feesMark(fees), effect })}`;
}

interface ToPost {
  beforeCents: bigint;
  afterCents: bigint;
  mark: string;
  /** what it does to notices or credit */
  effect: string;
}

const decision = (visit: Visit, asked: Asked, of: ToPost): Html =>
  mayDecide(visit) ? postForm(visit, asked, of) : onlyManagers();

const postForm = (visit: Visit, asked: Asked, of: ToPost): Html =>
  form({
    action: REPRICE_PAGE,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: {
      servizio: asked.service.id,
      dal: asked.from.toString(),
      al: asked.to.toString(),
      bambino: asked.child?.id ?? "",
      visto: of.mark,
    },
    body: html`<p>${of.effect} Chi paga riceve un messaggio.</p>
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
      label: `Registra la differenza di ${signed(of.afterCents - of.beforeCents)}`,
    },
  });
