// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { type Application, applicationById, withdrawApplication } from "#enrolment";
import { dayOf } from "#kernel/dates.ts";
import { html, type Content } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { actionForm, definitionList, linkButton } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { publicPage } from "../public-page.ts";
import { ENROLMENT, schoolOf, servicesOf } from "./form-view.ts";
import { isTheirs, whoApplies } from "./who-applies.ts";
import { numberOf, stateWord } from "./window-page.ts";
import { words } from "./words.ts";

/** GET `/iscrizioni/domande/{id}`: how far it is, and the way to take it back. */
export async function applicationPage(visit: Visit): Promise<Answer> {
  const { lang, params } = visit;
  const id = params["id"] ?? "";
  const found = await visit.town.read(async (tx) => ({
    here: await whoApplies(visit, tx),
    one: isUuid(id) ? await applicationById(tx, id) : undefined,
    calendar: await townCalendar(tx),
  }));
  const { here, one, calendar } = found;
  // Whether there is one is said to nobody else.
  if (here.kind === "nobody") return seeOther(`/accedi?poi=${encodeURIComponent(visit.path)}`);
  if (here.kind === "other-means") return seeOther(ENROLMENT);
  if (here.kind !== "applicant" || !one || !isTheirs(here, one)) return notFound;
  const w = words(lang);
  const f = formats(lang);
  const { child, isAccepted, answer } = one;
  const isOpen = isAccepted === null && one.withdrawnAt === null;
  const rows: { label: string; value: Content }[] = [
    { label: w.state, value: stateWord(one, lang) },
    ...(answer ? [{ label: w.reason, value: answer }] : []),
    { label: w.sentAt, value: `${f.dayWithYear(dayOf(one.sentAt))}, ${f.time(one.sentAt)}` },
    { label: w.aboutChild, value: `${child.givenName} ${child.surname}` },
    { label: w.siteId, value: schoolOf(calendar, child) },
    { label: w.schoolClass, value: child.schoolClass },
    { label: w.services, value: servicesOf(calendar, one.services, lang) },
    ...(one.note ? [{ label: w.note, value: one.note }] : []),
  ];
  return publicPage(visit, {
    current: null,
    h1: w.application(numberOf(one)),
    lead: w.forYear(w.year(one.year)),
    back: { href: ENROLMENT, label: w.back },
    body: html`<p class="lead-text">${whyOf(one, w)}</p>
      ${definitionList(rows)}
      ${
        isOpen &&
        actionForm({
          action: `${ENROLMENT}/domande/${one.id}/ritira`,
          csrf: visit.csrf,
          label: w.withdraw,
          kind: "secondary",
          note: w.withdrawNote,
        })
      }
      ${
        isAccepted &&
        html`<div class="button-row">
          ${linkButton({
            href: visit.session ? "/oggi" : "/accedi",
            label: visit.session ? w.toPortal : w.enter,
            kind: "primary",
          })}
        </div>`
      }`,
  });
}

function whyOf({ isAccepted, withdrawnAt }: Application, w: ReturnType<typeof words>): string {
  if (withdrawnAt) return w.withdrawnWhy;
  if (isAccepted === null) return w.openWhy;
  return isAccepted ? w.acceptedWhy : w.refusedWhy;
}

/** POST `/iscrizioni/domande/{id}/ritira`. */
export async function withdrawNow(visit: Visit): Promise<Answer> {
  const id = visit.params["id"] ?? "";
  const w = words(visit.lang);
  const done = await visit.town.write(async (tx) => {
    const here = await whoApplies(visit, tx);
    if (here.kind !== "applicant" || !isUuid(id)) return null;
    const one = await applicationById(tx, id);
    if (!one || !isTheirs(here, one)) return null;
    const { personId, applying } = here;
    return withdrawApplication(tx, { id, subject: applying.subject, personId, at: visit.now });
  });
  if (!done) return visit.session ? notFound : seeOther(ENROLMENT);
  const said = done.outcome === "withdrawn" ? w.withdrawnNow : w.notOpen;
  return seeOther(`${ENROLMENT}/domande/${id}`, said);
}
