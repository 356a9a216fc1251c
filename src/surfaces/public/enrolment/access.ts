// SPDX-License-Identifier: EUPL-1.2
import { applicationsOf, isOfAge, windowAt } from "#enrolment";
import { html, type Html } from "#kernel/html.ts";
import { linkButton } from "#ui/components.ts";
import { isMeansAdmitted } from "../../web/login-means.ts";
import type { Visit } from "../../web/visit.ts";
import {
  doorsOf,
  identityButtons,
  joinedFederations,
  officialLinks,
} from "../federation/buttons.ts";
import type { ProvenStranger } from "../federation/stranger.ts";
import { words } from "./words.ts";

/** `SPID o CIE`: what the town admits for this (OS-17). */
export function admittedWords({ townSettings, lang }: Visit): string {
  const w = words(lang);
  const names = townSettings.login.enrolment.map((one) => w[one]);
  return new Intl.ListFormat(lang, { type: "disjunction" }).format(names);
}

/** The doors that lead to the form: SPID and CIE as far as the town has joined them, and its own credentials. */
export async function accessPart(visit: Visit, wanted: string): Promise<Html> {
  const { login } = visit.townSettings;
  const w = words(visit.lang);
  const joined = await visit.town.read((tx) => joinedFederations(tx));
  const doors = await doorsOf(visit, joined, login.enrolment);
  const byCredentials = login.enrolment.includes("credentials");
  const isElsewhere = byCredentials || visit.app.demo || doors.open.length === 0;
  return html`<h2 class="section-title">${w.access}</h2>
    <p>${w.accessOf(admittedWords(visit))}</p>
    ${identityButtons(visit, doors, wanted, { isExplained: true })}
    ${
      isElsewhere &&
      html`<div class="button-row">
        ${linkButton({
          href: `/accedi?poi=${encodeURIComponent(wanted)}`,
          label: byCredentials ? w.withCredentials : w.enter,
        })}
      </div>`
    }`;
}

/** OS-03: how to get SPID, in plain words; the official pages are links, nothing is loaded from there. */
export function howToGetPart({ lang }: Visit): Html {
  const w = words(lang);
  return html`<h2 class="section-title" id="spid">${w.getSpid}</h2>
    <ol>
      ${w.getSpidSteps.map((step) => html`<li>${step}</li>`)}
    </ol>
    <h2 class="section-title">${w.getCie}</h2>
    <p>${w.getCieWhy}</p>
    <p>${w.official}</p>
    ${officialLinks(lang)}`;
}

export interface StrangersEnrolment {
  /** the school year that they may apply for at this moment; `null`: none, or not by the way they came */
  readonly year: number | null;
  /** there is one of theirs, to be read */
  readonly hasApplied: boolean;
}

export async function strangersEnrolment(
  visit: Visit,
  stranger: ProvenStranger | null,
): Promise<StrangersEnrolment> {
  const admitted = visit.townSettings.login.enrolment;
  if (!stranger || !isMeansAdmitted(stranger.means, admitted))
    return { year: null, hasApplied: false };
  const { subject } = stranger;
  return visit.town.read(async (tx) => {
    const window = await windowAt(tx, visit.now);
    const own = await applicationsOf(tx, { subject, personId: null });
    const mayApply = window.state === "open" && isOfAge(stranger.birthDate, visit.today);
    return { year: mayApply ? window.year : null, hasApplied: own.length > 0 };
  });
}
