// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings } from "#tenancy";
import { definitionList, linkButton } from "#ui/components.ts";
import { words as shared } from "#ui/words/index.ts";
import { visitPage } from "../../web/frame.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { schoolReportsUntil } from "../meals/school-reports.ts";
import { officeHours, officeRows } from "../payments/how-to-pay.ts";
import { toToday } from "../portal-page.ts";
import { type HelpWords, words } from "./help-words.ts";
import { words as moreWords } from "./words.ts";

/** Staff without an open desk have no page `Oggi`. */
const hasFamily = ({ session }: Visit): boolean =>
  session !== null && (session.roles.includes("guardian") || session.row.deskHolderId !== null);

/** Who gives up meals here today: families; the school (`until`: its last day, `null` as far as one can see). */
type Reporting = { by: "families" } | { by: "school"; until: Day | null };

async function reporting(tx: ReadTx, today: Day): Promise<Reporting> {
  const [settings, calendar] = await Promise.all([datedSettings(tx), townCalendar(tx)]);
  const bySchool = calendar.services.filter(
    ({ code }) => settings.maybeService(code, "absences", today)?.reportedBy === "school",
  );
  const daily = calendar.services.filter(({ code }) =>
    settings.maybeService(code, "absences", today),
  );
  const [first] = bySchool;
  if (!first || bySchool.length < daily.length) return { by: "families" };
  return { by: "school", until: schoolReportsUntil(settings, first, today) };
}

/** GET /aiuto: public, because it is needed most when nobody can get in. Only what holds in this town is asked. */
export async function help(visit: Visit): Promise<Answer> {
  const reported = await visit.town.read((tx) => reporting(tx, visit.today));
  const until = reported.by === "school" && reported.until;
  const w = words(visit.lang);
  const hours = officeHours(visit);
  const bySchool = shared(visit.lang).schoolReports(until ? formats(visit.lang).day(until) : null);
  const questions: HelpWords["questions"] = [
    ...(reported.by === "families" ? w.cancelling : [[w.whoReports, bySchool] as const]),
    ...w.questions,
  ];
  return visitPage(visit, {
    surface: "public",
    h1: w.title,
    ...(hasFamily(visit) ? { back: toToday(visit.lang) } : {}),
    body: html`<h2 class="section-title">${w.office}</h2>
      ${definitionList(officeRows(visit))}
      ${
        hours &&
        html`<h2 class="section-title">${w.hours}</h2>
          ${hours}`
      }
      <h2 class="section-title">${w.questionsTitle}</h2>
      ${questions.map(
        ([question, answer]) =>
          html`<details>
            <summary>${question}</summary>
            <p>${answer}</p>
          </details>`,
      )}
      <div class="button-row">
        ${linkButton({ href: "/verifica", label: moreWords(visit.lang).verifyReceipt })}
      </div>`,
  });
}
