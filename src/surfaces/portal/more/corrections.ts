// SPDX-License-Identifier: EUPL-1.2
import {
  askCorrection,
  CORRECTION_TOPICS,
  type CorrectionRequest,
  LONGEST_REQUEST,
} from "#families";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  definitionList,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  radios,
  selectField,
  textArea,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { inFamily, portalPage } from "../portal-page.ts";
import { words } from "./words.ts";

/** The latest requests on the page of the family's data. */
export const MOST_SHOWN = 5;

/** whose data: the adult's own, otherwise a child's address */
const OWN = "me";

/** GET /dati/correzione?di=: what only the office can correct is asked for here (BO-25, PE-05). */
export function correctionPage(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (_tx, scope) =>
    scope.isOnlyDelegate
      ? forbidden
      : view(visit, scope, { di: visit.query["di"] ?? OWN, errors: [] }),
  );
}

function view(
  visit: Visit,
  scope: FamilyScope,
  of: { di: string; errors: readonly FieldError[] },
): Html {
  const w = words(visit.lang);
  const { lang, fields } = visit;
  const key = fields.text(KEY_FIELD);
  return portalPage(
    visit,
    { current: "more", scope },
    {
      h1: w.askCorrection,
      back: { href: "/dati", label: w.data },
      lead: w.correctionLead,
      errors: of.errors,
      body: form({
        action: "/dati/correzione",
        csrf: visit.csrf,
        key: isUuid(key) ? key : visit.newKey(),
        submit: { label: w.sendCorrection },
        cancel: { href: "/dati" },
        lang,
        body: [
          selectField({
            name: "di",
            label: w.whoseData,
            lang,
            value: of.di,
            choices: [
              { value: OWN, label: w.myData },
              ...scope.children.map(({ slug, name }) => ({ value: slug, label: name })),
            ],
            error: errorFor(of.errors, "di"),
          }),
          radios({
            name: "cosa",
            label: w.whatIsWrong,
            lang,
            value: fields.text("cosa"),
            choices: CORRECTION_TOPICS.map((value) => ({ value, label: w.topics[value] })),
            error: errorFor(of.errors, "cosa"),
          }),
          textArea({
            name: "testo",
            label: w.howItShouldBe,
            hint: w.correctionHint,
            lang,
            maxlength: LONGEST_REQUEST,
            value: fields.text("testo"),
            error: errorFor(of.errors, "testo"),
          }),
        ],
      }),
    },
  );
}

/** POST /dati/correzione: nothing changes; the office reads it among what is to clear up. */
export function sendCorrection(visit: Visit): Promise<Answer> {
  const w = words(visit.lang);
  return visit.town.write(async (tx) => {
    const { actor, fields, now: at } = visit;
    const scope = await familyScope(tx, visit);
    if (!scope || !actor) return forbidden;
    const di = fields.text("di");
    const personId = di === OWN ? scope.personId : scope.childBySlug(di)?.id;
    const topic = CORRECTION_TOPICS.find((one) => one === fields.text("cosa"));
    const key = fields.text(KEY_FIELD);
    if (!personId || !isUuid(key)) return notFound;
    const wrong = (field: string, message: string): Answer =>
      withStatus(422, view(visit, scope, { di, errors: [{ field, message }] }));
    if (!topic) return wrong("cosa", w.chooseTopic);
    const asked = await askCorrection(tx, {
      actor,
      personId,
      askedByPersonId: scope.personId,
      topic,
      text: fields.text("testo"),
      key,
      at,
    });
    switch (asked.outcome) {
      case "asked":
        return seeOther("/dati", w.correctionSent);
      case "text-missing":
        return wrong("testo", w.correctionEmpty);
      case "too-long":
        return wrong("testo", w.correctionTooLong(LONGEST_REQUEST));
      case "too-many":
        return wrong("testo", w.correctionsTooMany);
      case "not-allowed":
        return forbidden;
    }
  });
}

/** What was asked and what the office answered. */
export function requestsPart(requests: readonly CorrectionRequest[], lang: Lang): Html | null {
  if (requests.length === 0) return null;
  const w = words(lang);
  const f = formats(lang);
  return html`<h2 class="section-title">${w.corrections}</h2>
    ${definitionList(
      requests.map((one) => ({
        label: `${w.topics[one.topic]}, ${f.dayAndTime(one.askedAt)}`,
        value: html`${one.request}<br /><strong>${stateOf(one, w)}</strong
          >${one.answer && `: ${one.answer}`}`,
      })),
    )}`;
}

function stateOf(
  { answeredAt, corrected }: CorrectionRequest,
  w: ReturnType<typeof words>,
): string {
  if (answeredAt === null) return w.correctionWaits;
  return corrected ? w.corrected : w.notCorrected;
}
