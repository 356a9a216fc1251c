// SPDX-License-Identifier: EUPL-1.2
import { changeAbsence, type Receipt } from "#booking";
import type { Service } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { WriteTx } from "#kernel/db/index.ts";
import { type Answer, forbidden, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope, type ScopedChild } from "../family-scope.ts";
import { formKey, keyReused, receiptsPath } from "../meals/change-meal.ts";
import { words as mealWords } from "../meals/words.ts";
import { childPath } from "../portal-page.ts";
import { checkSpan } from "./new-absence.ts";
import { absenceServices } from "./plan-absence.ts";
import { words } from "./words.ts";

interface Change {
  act: "absence" | "resume";
  services: ReadonlyMap<Service, readonly ScopedChild[]>;
  from: Day;
  to: Day | null;
}

/** POST /figli/:slug/assenze: one receipt per child and service. */
export function registerAbsence(visit: Visit): Promise<Answer> {
  const { fields } = visit;
  const slugs = new Set(fields.text("per").split(","));
  const [from, to] = [fields.day("dal"), fields.day("al")];
  const open = fields.text("aperta") === "1";
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const child = scope.childBySlug(visit.params["slug"]);
    const children = scope.children.filter(({ slug }) => slugs.has(slug));
    if (!child || children.length !== slugs.size) return notFound;
    const query = new URLSearchParams({ passo: "3", per: fields.text("per") });
    for (const name of ["dal", "al", "aperta"]) query.set(name, fields.text(name));
    if (!from || checkSpan({ from, to, open }, visit).length > 0)
      return seeOther(`${childPath(child)}/assenze/nuova?${query}`);
    const services = absenceServices(scope, children, from);
    return change(tx, visit, scope, child, {
      act: "absence",
      services,
      from,
      to: open ? null : to,
    });
  });
}

/** POST /figli/:slug/assenze/riprendi: back at the table from `dal` on. */
export function resumeService(visit: Visit): Promise<Answer> {
  return changeOfOne(visit, "resume");
}

/** POST /figli/:slug/assenze/prolunga: from `dal` on, until `al` or with no end. */
export function prolongAbsence(visit: Visit): Promise<Answer> {
  return changeOfOne(visit, "absence");
}

function changeOfOne(visit: Visit, act: Change["act"]): Promise<Answer> {
  const { fields } = visit;
  const [from, to] = [fields.day("dal"), fields.day("al")];
  const open = act === "resume" || fields.text("aperta") === "1";
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const child = scope.childBySlug(visit.params["slug"]);
    if (!child) return notFound;
    const errors = checkSpan({ from, to, open }, visit);
    const code = fields.text("servizio");
    const service = scope.servicesOf(child.id).find((one) => one.code === code);
    if (!service) return notFound;
    if (!from || errors.length > 0)
      return seeOther(
        `${childPath(child)}/assenze`,
        errors[0]?.message ?? words(visit.lang).dayMissing,
      );
    const services = new Map([[service, [child]]]);
    return change(tx, visit, scope, child, { act, services, from, to: open ? null : to });
  });
}

async function change(
  tx: WriteTx,
  visit: Visit,
  scope: FamilyScope,
  child: ScopedChild,
  of: Change,
): Promise<Answer> {
  const { actor } = visit;
  if (!actor) return forbidden;
  const receipts: Receipt[] = [];
  for (const [service, children] of of.services) {
    const result = await changeAbsence(tx, {
      actor,
      channel: scope.channel,
      act: of.act,
      serviceId: service.id,
      childIds: children.map(({ id }) => id),
      from: of.from,
      to: of.to,
      receivedAt: visit.receivedAt,
      now: visit.now,
      idempotencyKey: `${formKey(visit)}:${service.code}`,
      receiptKey: visit.app.receiptKey,
    });
    if (result.outcome === "forbidden") return forbidden;
    if (result.outcome === "key-reused") return keyReused(visit, scope);
    receipts.push(...result.answers.flatMap(({ receipt }) => receipt ?? []));
  }
  if (receipts.length === 0)
    return seeOther(`${childPath(child)}/assenze`, mealWords(visit.lang).allSameAlready);
  return seeOther(receiptsPath(receipts));
}
