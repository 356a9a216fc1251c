// SPDX-License-Identifier: EUPL-1.2
import { absencesOf, type ShownAbsence } from "#booking";
import type { Service } from "#calendar";
import { type Day, isBefore, later } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { card, checkbox, dateField, emptyState, form, linkButton, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope, ScopedChild } from "../family-scope.ts";
import { familyDays } from "../meals/family-days.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { childPath, ofChild, portalPage } from "../portal-page.ts";
import { schoolReportsAll } from "./plan-absence.ts";
import { words } from "./words.ts";

interface Listed {
  service: Service;
  absence: ShownAbsence;
  mayChange: boolean;
  /** the first service day from which the family can come back */
  resumeOn: Day | null;
}

/** GET /figli/:slug/assenze */
export function listAbsences(visit: Visit): Promise<Answer> {
  return ofChild(visit, async (tx, scope, child) => {
    const listed: Listed[] = [];
    for (const service of scope.servicesOf(child.id)) {
      if (!scope.isDaily(service, visit.today)) continue;
      const childIds = [child.id];
      const absences = await absencesOf(tx, { childIds, serviceId: service.id, now: visit.now });
      if (absences.length === 0) continue;
      const days = await familyDays(tx, scope, visit, {
        childIds,
        serviceId: service.id,
        from: visit.today,
        to: visit.today.add({ days: 60 }),
      });
      for (const absence of absences) {
        const on = days
          .get(child.id)
          ?.find(
            ({ date, day, inTime }) =>
              day.kind === "service" && inTime && !isBefore(date, absence.from),
          );
        const inside = on && (absence.to === null || !isBefore(absence.to, on.date));
        const mayChange = scope.mayChange(child);
        listed.push({ service, absence, mayChange, resumeOn: inside ? on.date : null });
      }
    }
    return absencesPage(visit, scope, child, listed);
  });
}

function absencesPage(
  visit: Visit,
  scope: FamilyScope,
  child: ScopedChild,
  listed: readonly Listed[],
): Html {
  const w = words(visit.lang);
  const mayAdd = schoolReportsAll(scope, [child], visit.today)?.until !== null;
  const add = !scope.mayChange(child)
    ? null
    : mayAdd
      ? linkButton({ href: `${childPath(child)}/assenze/nuova`, label: w.title, kind: "primary" })
      : html`<p>${w.schoolReports}</p>`;
  const current = listed.filter(({ absence }) => absence.state !== "over");
  const over = listed.filter(({ absence }) => absence.state === "over");
  return portalPage(
    visit,
    { current: "calendar", scope },
    {
      h1: w.of(child.name),
      back: { href: `${childPath(child)}/calendario`, label: w.calendarOf(child.name) },
      body: html`${
        current.length === 0
          ? emptyState({ text: w.none, icon: "it-calendar", ...(add && { action: add }) })
          : html`${current.map((one) => absenceCard(visit, child, one))}${add && html`<div class="button-row">${add}</div>`}`
      }${
        over.length > 0 &&
        html`<h2 class="section-title">${w.overOnes}</h2>
          ${over.map((one) => absenceCard(visit, child, one))}`
      }`,
    },
  );
}

function absenceCard(
  visit: Visit,
  child: ScopedChild,
  { service, absence, mayChange, resumeOn }: Listed,
): Html {
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const { lang } = visit;
  const { from, to, state } = absence;
  const title = to ? w.span(f.day(from), f.day(to)) : w.openSpan(f.day(from));
  const common = { csrf: visit.csrf, key: visit.newKey() };
  const resume =
    mayChange &&
    state !== "over" &&
    resumeOn &&
    form({
      ...common,
      id: `riprendi-${absence.id}`,
      action: `${childPath(child)}/assenze/riprendi`,
      fields: { servizio: service.code },
      submit: { label: w.resume, kind: "secondary" },
      body: dateField({
        name: "dal",
        id: `dal-${absence.id}`,
        label: w.resumeFrom,
        lang,
        value: resumeOn,
        min: later(visit.today, from),
      }),
    });
  const prolong =
    mayChange &&
    state !== "over" &&
    to &&
    form({
      csrf: visit.csrf,
      key: visit.newKey(),
      id: `prolunga-${absence.id}`,
      action: `${childPath(child)}/assenze/prolunga`,
      fields: { servizio: service.code, dal: later(to.add({ days: 1 }), visit.today).toString() },
      submit: { label: w.prolong, kind: "secondary" },
      body: [
        dateField({
          name: "al",
          id: `al-${absence.id}`,
          label: w.newLastDay,
          lang,
          optional: true,
          min: to.add({ days: 1 }),
        }),
        checkbox({ name: "aperta", id: `aperta-${absence.id}`, label: w.notKnownYet }),
      ],
    });
  return card({
    title,
    subtitle: `· ${capital(shortName(service, lang))}`,
    badge: tag(w.states[state], state === "running" ? "info" : "plain"),
    body: html`${resume}${prolong}`,
  });
}
