// SPDX-License-Identifier: EUPL-1.2
/** Several children on one day (`Disdici per tutti`), or several days of one child (`Scegli più giorni`). */
import { type Receipt } from "#booking";
import type { Service } from "#calendar";
import { type Day, sameDay } from "#kernel/dates.ts";
import type { ReadTx, WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import {
  checkboxes,
  emptyState,
  type FieldError,
  errorFor,
  form,
  linkButton,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { childPath, inFamily, portalPage, toToday } from "../portal-page.ts";
import {
  changeFamilyMeals,
  isWithinReach,
  type Item,
  keyReused,
  receiptsPath,
} from "./change-meal.ts";
import { canCancel, limitText } from "./day-view.ts";
import { familyDays } from "./family-days.ts";
import { beforeAct, mealMoney, moneyKey } from "./meal-money.ts";
import { shortName } from "./service-words.ts";
import { words } from "./words.ts";

interface Open {
  value: string;
  label: string;
  hint: string;
}

/** GET /disdici?giorno=…: a box per child and service that can still be given up on that day. */
export function showCancelAll(visit: Visit): Promise<Answer> {
  const date = parseDay(visit.query["giorno"]);
  return inFamily(visit, async (tx, scope) =>
    date ? cancelAllPage(tx, scope, visit, date, []) : notFound,
  );
}

async function cancelAllPage(
  tx: ReadTx,
  scope: FamilyScope,
  visit: Visit,
  date: Day,
  errors: readonly FieldError[],
): Promise<Answer> {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const open = await openOn(tx, scope, visit, date);
  const empty = emptyState({
    text: w.forAllNone(f.dayFrom(date, visit.today)),
    icon: "it-calendar",
    action: linkButton(toToday(visit.lang)),
  });
  const page = portalPage(
    visit,
    { current: "today", scope },
    {
      h1: w.forAll,
      back: toToday(visit.lang),
      errors,
      body:
        open.length === 0
          ? empty
          : form({
              action: "/disdici",
              csrf: visit.csrf,
              key: visit.newKey(),
              fields: { giorno: date.toString() },
              submit: { label: open.length === 1 ? w.cancelMeal : w.cancelChosen },
              cancel: { href: "/oggi" },
              lang: visit.lang,
              body: checkboxes({
                name: "scelta",
                lang: visit.lang,
                label: w.forAllWho(f.dayFrom(date, visit.today)),
                choices: open.map((one) => ({ ...one, checked: errors.length === 0 })),
                error: errorFor(errors, "scelta"),
              }),
            }),
    },
  );
  return errors.length > 0 ? withStatus(422, page) : page;
}

async function openOn(tx: ReadTx, scope: FamilyScope, visit: Visit, date: Day): Promise<Open[]> {
  const open: Open[] = [];
  for (const service of scope.services) {
    if (!isWithinReach(scope, service, date)) continue;
    const children = scope.children.filter(({ id }) => scope.schedule(id, service.id));
    const days = await familyDays(tx, scope, visit, {
      childIds: children.map(({ id }) => id),
      serviceId: service.id,
      from: date,
      to: date,
    });
    const wanted = children.map((child) => ({ child, date }));
    const money = await mealMoney(tx, scope, service, wanted, visit.lang);
    for (const child of children) {
      const on = days.get(child.id)?.[0];
      if (!on || !canCancel(on)) continue;
      const limit = on.cutoffAt
        ? words(visit.lang).limitHint(limitText(on.cutoffAt, visit.today, visit.lang))
        : "";
      open.push({
        value: `${child.slug}/${service.code}`,
        label: `${child.name}, ${shortName(service, visit.lang)}`,
        hint: `${beforeAct(money.get(moneyKey(child.id, date)), visit.lang)}${limit}`,
      });
    }
  }
  return open;
}

/** POST /disdici: one receipt per child and service. */
export function cancelAll(visit: Visit): Promise<Answer> {
  const date = visit.fields.day("giorno");
  const wanted = visit.fields.all("scelta");
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    if (!date) return notFound;
    if (wanted.length === 0) {
      const message = words(visit.lang).chooseChild;
      return cancelAllPage(tx, scope, visit, date, [{ field: "scelta", message }]);
    }
    const items = new Map<Service, Item[]>();
    for (const choice of new Set(wanted)) {
      const [slug, code] = choice.split("/");
      const child = scope.childBySlug(slug);
      const service = child && scope.servicesOf(child.id).find((one) => one.code === code);
      if (!child || !service || !isWithinReach(scope, service, date)) return notFound;
      items.set(service, [...(items.get(service) ?? []), { child, date }]);
    }
    return cancelItems(tx, visit, scope, items);
  });
}

const MOST_DAYS = 31;

/** POST /figli/:slug/giorni: several days of one child. */
export function cancelDays(visit: Visit): Promise<Answer> {
  const days = visit.fields.all("giorno").map(parseDay);
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const child = scope.childBySlug(visit.params["slug"]);
    const code = visit.fields.text("servizio");
    const service = child && scope.servicesOf(child.id).find((one) => one.code === code);
    if (!child || !service || days.length > MOST_DAYS) return notFound;
    if (days.length === 0)
      return seeOther(
        `${childPath(child)}/calendario?servizio=${service.code}&scegli=1`,
        words(visit.lang).noDayChosen,
      );
    const items: Item[] = [];
    for (const date of days) {
      if (!date || !isWithinReach(scope, service, date)) return notFound;
      if (!items.some((one) => sameDay(one.date, date))) items.push({ child, date });
    }
    return cancelItems(tx, visit, scope, new Map([[service, items]]));
  });
}

async function cancelItems(
  tx: WriteTx,
  visit: Visit,
  scope: FamilyScope,
  items: ReadonlyMap<Service, readonly Item[]>,
): Promise<Answer> {
  const receipts: Receipt[] = [];
  for (const [service, ofService] of items) {
    const act = modeOf(scope, service, ofService[0]!.date) === "opt-in" ? "unbook" : "cancel";
    const result = await changeFamilyMeals(tx, visit, scope, { act, service, items: ofService });
    if (result.outcome === "forbidden") return forbidden;
    if (result.outcome === "key-reused") return keyReused(visit, scope);
    receipts.push(...result.answers.flatMap(({ receipt }) => receipt ?? []));
  }
  if (receipts.length === 0) return seeOther("/oggi", words(visit.lang).allSameAlready);
  const distinct = [...new Map(receipts.map((receipt) => [receipt.id, receipt])).values()];
  return seeOther(receiptsPath(distinct));
}

const modeOf = (scope: FamilyScope, service: Service, date: Day): string =>
  scope.settings.service(service.code, "attendance", date).mode;
