// SPDX-License-Identifier: EUPL-1.2
/** `Assenza per più giorni`: Per chi? → Da quando a quando? → Riepilogo. Each step is an address of its own. */
import { type Day, isBefore, sameDay } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  checkbox,
  checkboxes,
  dateField,
  definitionList,
  errorFor,
  type FieldError,
  form,
  linkButton,
  problem,
  type Row,
  stepper,
} from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { type Answer, forbidden } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { limitText } from "../meals/day-view.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { words as mealWords } from "../meals/words.ts";
import { childPath, ofChild, portalPage, toToday } from "../portal-page.ts";
import {
  absenceServices,
  LONGEST_DAYS,
  planAbsence,
  type PlannedAbsence,
  reminderDay,
  schoolReportsAll,
} from "./plan-absence.ts";
import { words } from "./words.ts";

/** What the address says so far; a wrong value is as good as none. */
export interface Asked {
  children: ScopedChild[];
  from: Day | null;
  to: Day | null;
  open: boolean;
}

/** GET /figli/:slug/assenze/nuova?per=…&dal=…&al=… */
export function newAbsence(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, whole, child) => {
    if (!whole.mayChange(child)) return forbidden;
    const scope = { ...whole, children: whole.children.filter(whole.mayChange) };
    const asked = readAsked(visit, scope);
    const single = scope.children.length === 1 ? scope.children : asked.children;
    const chosen = asked.children.length > 0 ? asked.children : [...single];
    // For good, or as far as the settings say: then nobody can report anything here.
    const school = schoolReportsAll(scope, scope.children, asked.from ?? visit.today);
    if (school?.until === null)
      return nothingToReport(visit, scope, child, words(visit.lang).schoolReports);
    const ready = chosen.length > 0 && visit.query["passo"] !== undefined;
    if (!ready && scope.children.length > 1) {
      const wrong = visit.query["passo"] !== undefined;
      return whoPage(visit, scope, child, asked, wrong);
    }
    const errors = visit.query["passo"] === "3" ? checkSpan(asked, visit) : [];
    const mustReport = absenceServices(scope, chosen, visit.today).size > 0;
    if (!mustReport) {
      const { nothing } = words(visit.lang);
      return nothingToReport(visit, scope, child, nothing(capital(child.name)));
    }
    if (visit.query["passo"] !== "3" || errors.length > 0)
      return whenPage(visit, scope, child, { ...asked, children: chosen }, errors);
    const planned = await planAbsence(tx, scope, visit, {
      children: chosen,
      from: asked.from!,
      to: asked.open ? null : asked.to,
    });
    return summaryPage(visit, scope, child, { ...asked, children: chosen }, planned);
  });
}

function readAsked(visit: Visit, scope: FamilyScope): Asked {
  const given = new URLSearchParams(visit.request.url.split("?")[1] ?? "");
  const slugs = new Set(given.getAll("per").flatMap((text) => text.split(",")));
  return {
    children: scope.children.filter(({ slug }) => slugs.has(slug)),
    from: parseDay(given.get("dal") ?? undefined),
    to: parseDay(given.get("al") ?? undefined),
    open: given.get("aperta") === "1",
  };
}

/** The same rules before the summary and before the act. */
export function checkSpan(asked: Omit<Asked, "children">, visit: Visit): FieldError[] {
  const { from, to, open } = asked;
  const w = words(visit.lang);
  if (!from) return [{ field: "dal", message: w.firstMissing }];
  if (isBefore(from, visit.today)) return [{ field: "dal", message: w.firstPast }];
  if (isBefore(visit.today.add({ days: LONGEST_DAYS }), from))
    return [{ field: "dal", message: w.firstTooFar }];
  if (open) return [];
  if (!to) return [{ field: "al", message: w.lastMissing }];
  if (isBefore(to, from)) return [{ field: "al", message: w.lastBeforeFirst }];
  if (isBefore(from.add({ days: LONGEST_DAYS }), to))
    return [{ field: "al", message: w.lastTooFar }];
  return [];
}

const base = (child: ScopedChild): string => `${childPath(child)}/assenze`;

function frame(
  visit: Visit,
  scope: FamilyScope,
  child: ScopedChild,
  step: number,
  of: { body: Html; errors?: readonly FieldError[]; back: string },
): Html {
  const w = words(visit.lang);
  return portalPage(
    visit,
    { current: "calendar", scope },
    {
      h1: w.steps[step - 1]!,
      title: w.title,
      back: { href: of.back, label: step === 1 ? w.of(child.name) : w.previousStep },
      errors: of.errors ?? [],
      body: html`${stepper(w.steps, step, visit.lang)}${of.body}`,
    },
  );
}

function whoPage(
  visit: Visit,
  scope: FamilyScope,
  child: ScopedChild,
  asked: Asked,
  wrong: boolean,
): Html {
  const w = words(visit.lang);
  const errors = wrong ? [{ field: "per", message: mealWords(visit.lang).chooseChild }] : [];
  const slugs = asked.children.map(({ slug }) => slug);
  const body = form({
    action: `${base(child)}/nuova`,
    method: "get",
    fields: {
      passo: "2",
      ...(asked.from ? { dal: asked.from.toString() } : {}),
    },
    submit: { label: w.goOn },
    cancel: { href: base(child) },
    lang: visit.lang,
    body: checkboxes({
      name: "per",
      label: w.whoStays,
      lang: visit.lang,
      values: slugs.length > 0 || wrong ? slugs : [child.slug],
      error: errorFor(errors, "per"),
      choices: scope.children.map((one) => ({
        value: one.slug,
        label: one.name,
        hint: one.classLabel || undefined,
      })),
    }),
  });
  return frame(visit, scope, child, 1, { body, errors, back: base(child) });
}

function whenPage(
  visit: Visit,
  scope: FamilyScope,
  child: ScopedChild,
  asked: Asked,
  errors: readonly FieldError[],
): Html {
  const { lang } = visit;
  const w = words(lang);
  const school = schoolReportsAll(scope, asked.children, visit.today);
  const until = school?.until;
  const first = until ? until.add({ days: 1 }) : visit.today;
  const body = form({
    action: `${base(child)}/nuova`,
    method: "get",
    fields: { passo: "3", per: asked.children.map(({ slug }) => slug).join(",") },
    submit: { label: w.goOn },
    cancel: { href: base(child) },
    lang,
    body: [
      html`<p>${w.forWhom(formats(lang).list(asked.children.map(({ name }) => name)))}</p>`,
      until && html`<p>${shared(lang).schoolReports(formats(lang).day(until))}</p>`,
      dateField({
        name: "dal",
        label: w.firstDay,
        lang,
        value: asked.from,
        min: first,
        error: errorFor(errors, "dal"),
      }),
      dateField({
        name: "al",
        label: w.lastDay,
        lang,
        optional: true,
        value: asked.to,
        min: asked.from ?? first,
        error: errorFor(errors, "al"),
      }),
      checkbox({
        name: "aperta",
        label: w.notKnownYet,
        checked: asked.open,
        hint: w.openHint,
      }),
    ],
  });
  return frame(visit, scope, child, 2, {
    body,
    errors,
    back: scope.children.length > 1 ? `${base(child)}/nuova` : base(child),
  });
}

function summaryPage(
  visit: Visit,
  scope: FamilyScope,
  child: ScopedChild,
  asked: Asked,
  planned: readonly PlannedAbsence[],
): Html {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const per = asked.children.map(({ slug }) => slug).join(",");
  const to = asked.open ? null : asked.to;
  const back = `${base(child)}/nuova?passo=2&per=${per}&dal=${asked.from!.toString()}${to ? `&al=${to.toString()}` : "&aperta=1"}`;
  const blocked = planned.every(({ schoolReports }) => schoolReports);
  const meals = planned.reduce((sum, one) => sum + one.meals, 0);
  const rows: Row[] = [
    { label: w.rowFor, value: f.list(asked.children.map(({ name }) => name)) },
    { label: w.rowFrom, value: f.day(asked.from!) },
    { label: w.rowTo, value: to ? f.day(to) : w.toUnknown },
    ...planned.map((one) => ({
      label: `${one.child.name}, ${shortName(one.service, visit.lang)}`,
      value: plannedWords(one, to, visit),
    })),
  ];
  const act = form({
    action: base(child),
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { per, dal: asked.from!.toString(), ...(to ? { al: to.toString() } : { aperta: "1" }) },
    submit: { label: w.register },
    cancel: { href: back },
    lang: visit.lang,
    body: html``,
  });
  const why = blocked ? w.allSchool : w.noMeals;
  const body = html`${definitionList(rows)}${totalSentence(planned, to, visit)}${
    meals === 0 || blocked
      ? html`<p>${why}</p>
          ${linkButton({ href: back, label: w.changeDays })}`
      : act
  }`;
  return frame(visit, scope, child, 3, { body, back });
}

function plannedWords(one: PlannedAbsence, to: Day | null, visit: Visit): Html {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  if (one.schoolReports) return html`${w.schoolReports}`;
  const today = one.tooLate.find(({ date }) => sameDay(date, visit.today));
  const late = today?.cutoffAt
    ? w.todayStays(limitText(today.cutoffAt, visit.today, visit.lang))
    : one.tooLate.length > 0
      ? w.theseStay(f.list(one.tooLate.map(({ date }) => f.dayAndMonth(date))))
      : "";
  if (!to) return html`${late}${w.untilResumed}`;
  const money = one.money?.isHidden
    ? null
    : one.money?.model === "fixed-fee"
      ? w.feeSame
      : one.cents !== null && one.cents > 0n
        ? w.notCharged(formatEuro(one.cents))
        : w.noCharge;
  const back = one.backOn ? ` ${w.back(f.day(one.backOn))}` : "";
  return html`${late}${[w.meals(one.meals), money].filter(Boolean).join(", ")}.${back}`;
}

/** `4 pasti disdetti, 18,40 € non addebitati. Ritorno: … Promemoria …` */
function totalSentence(
  planned: readonly PlannedAbsence[],
  to: Day | null,
  visit: Visit,
): Html | null {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const meals = planned.reduce((sum, one) => sum + one.meals, 0);
  if (!to || meals === 0) return null;
  const known = planned.every(
    (one) => one.meals === 0 || (one.cents !== null && !one.money?.isHidden),
  );
  const cents = planned.reduce((sum, one) => sum + (one.cents ?? 0n), 0n);
  const backs = planned.flatMap(({ backOn }) => backOn ?? []).sort(Temporal.PlainDate.compare);
  const money = known && cents > 0n ? `, ${w.notCharged(formatEuro(cents))}` : "";
  const [back] = backs;
  const reminder = back && w.reminder(f.day(reminderDay(back)));
  // Of one child and service the row above has said it all, but for the reminder.
  if (planned.length === 1) return reminder ? html`<p>${reminder}</p>` : null;
  return html`<p class="lead-text">
    <strong>${w.meals(meals)}${money}.</strong>
    ${back && w.back(f.day(back))}${reminder}
  </p>`;
}

function nothingToReport(visit: Visit, scope: FamilyScope, child: ScopedChild, why: string): Html {
  const w = words(visit.lang);
  return portalPage(
    visit,
    { current: "calendar", scope },
    {
      h1: w.title,
      back: toToday(visit.lang),
      body: problem({
        lang: visit.lang,
        text: why,
        actions: linkButton(toToday(visit.lang)),
      }),
    },
  );
}
