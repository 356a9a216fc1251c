// SPDX-License-Identifier: EUPL-1.2
import {
  changeMeals,
  formatReceiptCode,
  MEAL_ACTS,
  type MealAct,
  type MealChangeResult,
  type Receipt,
} from "#booking";
import type { Service } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { emptyState, KEY_FIELD, linkButton } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope, type ScopedChild } from "../family-scope.ts";
import { childPath, portalPage, toToday } from "../portal-page.ts";
import { words } from "./words.ts";

export interface Item {
  child: ScopedChild;
  date: Day;
  /** what the button said: late for its day, the cancellation counts for this one */
  countsFor?: Day | null;
}

/** One act on several children and days of one service, in the caller's transaction. */
export function changeFamilyMeals(
  tx: WriteTx,
  visit: Visit,
  scope: FamilyScope,
  of: { act: MealAct; service: Service; items: readonly Item[] },
): Promise<MealChangeResult> {
  if (!visit.actor) return Promise.resolve({ outcome: "forbidden" });
  return changeMeals(tx, {
    actor: visit.actor,
    channel: scope.channel,
    act: of.act,
    serviceId: of.service.id,
    items: of.items.map(({ child, ...item }) => ({ ...item, childId: child.id })),
    receivedAt: visit.receivedAt,
    now: visit.now,
    // The key of the form and the service: `Disdici per tutti` sends one request for several services.
    idempotencyKey: `${formKey(visit)}:${of.service.code}`,
    receiptKey: visit.app.receiptKey,
  });
}

/** A form without a key still works once; it just cannot recognise a second tap. */
export function formKey(visit: Visit): string {
  const key = visit.fields.text(KEY_FIELD);
  return /^[\w-]{8,64}$/.test(key) ? key : visit.newKey();
}

/** POST /figli/:slug/pasti: one child, one day, one act; leads to its receipt. */
export function changeMeal(visit: Visit): Promise<Answer> {
  const { fields } = visit;
  const act = MEAL_ACTS.find((one) => one === fields.text("atto"));
  const date = fields.day("giorno");
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const child = scope.childBySlug(visit.params["slug"]);
    const service =
      child && scope.servicesOf(child.id).find(({ code }) => code === fields.text("servizio"));
    if (!child || !service || !date || !act || !isWithinReach(scope, service, date))
      return notFound;
    const items = [{ child, date, countsFor: fields.day("per") }];
    const result = await changeFamilyMeals(tx, visit, scope, { act, service, items });
    if (result.outcome === "forbidden") return forbidden;
    if (result.outcome === "key-reused") return keyReused(visit, scope);
    const [answer] = result.answers;
    const already = answer?.decision === "already";
    if (answer?.receipt) return seeOther(receiptPath(answer.receipt) + (already ? "?gia=1" : ""));
    const day = `${childPath(child)}/giorni/${date.toString()}?servizio=${service.code}`;
    return seeOther(day, words(visit.lang).sameAlready);
  });
}

/** Days outside the years the town has set up are no days of any service. */
export function isWithinReach(scope: FamilyScope, service: Service, date: Day): boolean {
  const margin = { days: 30 };
  return (
    scope.isDaily(service, date) &&
    scope.calendar.years.some(
      ({ startsOn, endsOn }) =>
        Temporal.PlainDate.compare(startsOn.subtract(margin), date) <= 0 &&
        Temporal.PlainDate.compare(date, endsOn.add(margin)) <= 0,
    )
  );
}

export const receiptPath = (receipt: Receipt): string =>
  `/ricevute/${formatReceiptCode(receipt.number, receipt.checkCode)}`;

/** Several receipts on one page; the codes are the address. */
export const receiptsPath = (receipts: readonly Receipt[]): string =>
  receipts.length === 1
    ? receiptPath(receipts[0]!)
    : `/ricevute?di=${receipts.map((one) => formatReceiptCode(one.number, one.checkCode)).join(",")}`;

/** 409: the same form was sent before with something else in it. */
export function keyReused(visit: Visit, scope: FamilyScope): Answer {
  const w = words(visit.lang);
  return withStatus(
    409,
    portalPage(
      visit,
      { current: null, scope },
      {
        h1: w.formUsed,
        body: emptyState({
          text: w.formUsedWhy,
          icon: "it-info-circle",
          action: linkButton(toToday(visit.lang)),
        }),
      },
    ),
  );
}
