// SPDX-License-Identifier: EUPL-1.2
import { type Application, applicationsOf, type EnrolmentWindow, windowAt } from "#enrolment";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings } from "#tenancy";
import { alert, card, definitionList, linkButton, linkList } from "#ui/components.ts";
import { type Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { contactRows } from "../town/contacts.ts";
import { accessPart, admittedWords, howToGetPart } from "./access.ts";
import { ENROLMENT } from "./form-view.ts";
import { type Here, isTheirs, whoApplies } from "./who-applies.ts";
import { words } from "./words.ts";

/** `/iscrizioni`: when, what is needed, by which sign-in, how to get SPID; and one's own applications (OS-02, OS-03). */
export async function windowPage(visit: Visit): Promise<Answer> {
  const { lang } = visit;
  const w = words(lang);
  const found = await visit.town.read(async (tx) => {
    const here = await whoApplies(visit, tx);
    const window = await windowAt(tx, visit.now);
    const { onlineOnly } = (await datedSettings(tx)).town("enrolment", visit.today);
    return { here, window, onlineOnly, own: await ownOf(tx, here) };
  });
  const { here, window, onlineOnly, own } = found;
  if (window.state === "not-offered" && own.length === 0) return notOffered(visit);
  return publicPage(visit, {
    current: null,
    h1: w.title,
    lead: window.state === "not-offered" ? null : w.forYear(w.year(window.year)),
    back: { href: "/servizi", label: w.toServices },
    body: html`${windowPart(visit, window)}
    ${window.state === "open" && (await openPart(visit, here, window.year))} ${ownPart(visit, own)}
    ${
      window.state !== "not-offered" &&
      html`<h2 class="section-title">${w.needed}</h2>
        <ul>
          ${w.needs.map((one) => html`<li>${one}</li>`)}
        </ul>
        <p>${w.noUpload} ${onlineOnly ? w.onlyHere : w.alsoDesk}</p>
        <h2 class="section-title">${w.after}</h2>
        <p>${w.afterWhy}</p>
        ${
          window.state !== "open" &&
          html`<h2 class="section-title">${w.access}</h2>
            <p>${w.accessOf(admittedWords(visit))}</p>
            ${(here.kind === "nobody" || here.kind === "other-means") && html`<p>${w.readOwn} <a href="/accedi?poi=${ENROLMENT}">${w.enter}</a>.</p>`}`
        }
        ${here.kind !== "applicant" && howToGetPart(visit)}`
    }
    ${card({ title: visit.townSettings.office.name, body: definitionList(contactRows(visit)) })}`,
  });
}

async function ownOf(tx: ReadTx, here: Here): Promise<Application[]> {
  if (here.kind !== "applicant") return [];
  const { personId, applying } = here;
  const sent = await applicationsOf(tx, { subject: applying.subject, personId });
  return sent.filter((one) => isTheirs(here, one));
}

function notOffered(visit: Visit): Html {
  const w = words(visit.lang);
  return publicPage(visit, {
    current: null,
    h1: w.title,
    lead: w.notOffered,
    back: { href: "/servizi", label: w.toServices },
    body: html`<p>${w.notOfferedWhy}</p>
      ${card({ title: visit.townSettings.office.name, body: definitionList(contactRows(visit)) })}`,
  });
}

/** Open, not yet, or over: the window's own days in the same words. */
function windowPart({ lang }: Visit, window: EnrolmentWindow): Html | null {
  if (window.state === "not-offered") return null;
  const w = words(lang);
  const f = formats(lang);
  const { from, to } = window;
  const title = w.window(f.dayAndMonth(from), f.dayAndMonth(to));
  switch (window.state) {
    case "open":
      return alert({ tone: "success", title, body: w.openUntil(f.dayWithYear(to)) });
    case "before":
      return alert({ tone: "info", title, body: w.notYet(f.dayWithYear(from)) });
    case "after":
      return alert({ tone: "info", title, body: w.over(f.dayWithYear(to)) });
  }
}

async function openPart(visit: Visit, here: Here, year: number): Promise<Html> {
  const w = words(visit.lang);
  const href = `${ENROLMENT}/${year}`;
  switch (here.kind) {
    case "applicant":
      return html`<p>${w.who(here.name, w.year(year))}</p>
        <div class="button-row">${linkButton({ href, label: w.apply, kind: "primary" })}</div>`;
    case "other-means":
      return html`${alert({
        tone: "warning",
        title: w.otherMeans,
        body: w.otherMeansWhy(admittedWords(visit)),
      })}
      ${await accessPart(visit, href)}`;
    case "not-a-parent":
      return alert({ tone: "info", title: w.notAParent, body: w.notAParentWhy });
    case "nobody":
      return accessPart(visit, href);
  }
}

function ownPart({ lang }: Visit, own: readonly Application[]): Html | null {
  if (own.length === 0) return null;
  const w = words(lang);
  return html`<h2 class="section-title">${w.own}</h2>
    ${linkList(
      own.map((one) => ({
        href: `${ENROLMENT}/domande/${one.id}`,
        label: `${w.application(numberOf(one))}: ${one.child.givenName} ${one.child.surname}`,
        note: stateWord(one, lang),
      })),
    )}`;
}

/** `12/2027` */
export const numberOf = ({ number, year }: Pick<Application, "number" | "year">): string =>
  `${number}/${year}`;

export function stateWord({ withdrawnAt, isAccepted }: Application, lang: Visit["lang"]): string {
  const w = words(lang);
  if (withdrawnAt) return w.withdrawn;
  if (isAccepted === null) return w.open;
  return isAccepted ? w.accepted : w.refused;
}
