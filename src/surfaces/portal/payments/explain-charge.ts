// SPDX-License-Identifier: EUPL-1.2
import type { Recorder } from "#attendance";
import { type Charge, chargeById, type Dispute, disputeCharge, disputesOf } from "#billing";
import type { Service } from "#calendar";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, type Lang } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  type Decision,
  decisionById,
  explainPrice,
  type TariffVersion,
  tariffVersion,
} from "#tariffs";
import {
  alert,
  definitionList,
  type FieldError,
  form,
  errorFor,
  linkButton,
  type Row,
  textArea,
} from "#ui/components.ts";
import { chargeRecorder } from "../../web/charge-recorder.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope, type ScopedChild } from "../family-scope.ts";
import { recorderName } from "../meals/recorder-words.ts";
import { capital } from "../meals/service-words.ts";
import { childPath, inMoney, portalPage } from "../portal-page.ts";
import { chargeReason } from "./charge-words.ts";
import { words } from "./words.ts";

interface Explained {
  charge: Charge;
  service: Service;
  child: ScopedChild | undefined;
}

async function ownCharge(
  tx: ReadTx,
  scope: FamilyScope,
  id: string | undefined,
): Promise<Explained | null> {
  const charge = id && isUuid(id) ? await chargeById(tx, id) : undefined;
  if (!charge || !scope.maySee(charge)) return null;
  const service = scope.calendar.services.find((one) => one.id === charge.serviceId);
  if (!service) return null;
  return { charge, service, child: scope.children.find((one) => one.id === charge.childId) };
}

const isOwnChild = ({ charge, child }: Pick<Explained, "charge" | "child">): boolean =>
  charge.childId === null || child !== undefined;

/** GET /addebiti/:id: tariff, ISEE and its source, reductions, rounding; who recorded the attendance and when (X-09). */
export function explainCharge(visit: Visit): Promise<Answer> {
  return inMoney(visit, async (tx, scope) => {
    const found = await ownCharge(tx, scope, visit.params["id"]);
    if (!found) return notFound;
    const { charge } = found;
    // The steps tell the ISEE: of a child that is not the visitor's, an account that pays a share sees the amount only.
    const decision =
      isOwnChild(found) && charge.decisionId ? await decisionById(tx, charge.decisionId) : null;
    const tariff = decision ? await tariffVersion(tx, decision.tariffVersionId) : null;
    const disputes = await disputesOf(tx, { chargeId: charge.id });
    const recorder = await chargeRecorder(tx, charge);
    return chargePage(visit, scope, found, { decision, tariff, disputes, recorder });
  });
}

function chargePage(
  visit: Visit,
  scope: FamilyScope,
  { charge, service, child }: Explained,
  of: {
    decision: Decision | null;
    tariff: TariffVersion | null;
    disputes: readonly Dispute[];
    recorder: Recorder;
  },
): Html {
  const { lang } = visit;
  const f = formats(lang);
  const w = words(lang);
  const amount = formatEuro(charge.amountCents);
  const day = `${childPath(child ?? { slug: "" })}/giorni/${charge.date.toString()}?servizio=${service.code}`;
  const isOwn = isOwnChild({ charge, child });
  const steps = of.decision ? explainPrice(of.decision.explanation, lang) : [];
  const open = of.disputes.find(({ answeredAt }) => answeredAt === null);
  const mayDispute = !open && !charge.reversed && charge.kind !== "reversal";
  const rows: Row[] = [
    ...(child ? [{ label: w.forChild, value: child.name }] : []),
    { label: w.day, value: f.dayWithYear(charge.date) },
    { label: w.what, value: chargeReason(charge, service, lang) },
    { label: w.chargedOn, value: f.dayAndTime(charge.postedAt) },
    ...(charge.dueOn ? [{ label: w.dueOn, value: f.dayWithYear(charge.dueOn) }] : []),
    ...(charge.reversed ? [{ label: w.state, value: w.notToPay }] : []),
  ];
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.whyPrice(amount),
      back:
        child && charge.kind === "meal"
          ? { href: day, label: capital(f.day(charge.date)) }
          : { href: "/pagamenti", label: w.payments },
      body: html`${disputeNotes(of.disputes, visit)}${definitionList(rows)}${pricePart(steps, of, charge, isOwn, lang)}${attendancePart(charge, of.recorder, visit)}${
        mayDispute &&
        html`<div class="button-row">
          ${linkButton({ href: `/addebiti/${charge.id}/contesta`, label: w.dispute })}
        </div>`
      }`,
    },
  );
}

function pricePart(
  steps: readonly string[],
  of: { decision: Decision | null; tariff: TariffVersion | null },
  charge: Charge,
  isOwn: boolean,
  lang: Lang,
): Html {
  const w = words(lang);
  const whole = of.decision?.amountCents;
  const part =
    whole !== undefined && charge.kind !== "reversal" && whole !== charge.amountCents
      ? html`<li>${w.share(formatEuro(charge.amountCents), formatEuro(whole))}</li>`
      : null;
  const act = of.tariff?.act
    ? html`<p class="quiet">
        ${w.tariff(of.tariff.act, formats(lang).dayWithYear(of.tariff.validFrom))}
      </p>`
    : null;
  return html`<h2 class="section-title">${w.thePrice}</h2>
    ${
      steps.length > 0 || part
        ? html`<ol class="reasons">
            ${steps.map((step) => html`<li>${step}</li>`)}${part}
          </ol>`
        : html`<p>${isOwn ? w.noSteps : w.notYours}</p>`
    }${act}${
      of.tariff?.assumedReason &&
      html`<p class="quiet">${w.assumedPrice(of.tariff.assumedReason)}</p>`
    }`;
}

function attendancePart(charge: Charge, recorder: Recorder, visit: Visit): Html | null {
  if (!charge.attendanceSource || !charge.attendanceAt) return null;
  const f = formats(visit.lang);
  const w = words(visit.lang);
  const by = charge.attendanceBy
    ? recorderName(recorder, charge.attendanceBy, visit.lang)
    : w.automatic;
  return html`<h2 class="section-title">${w.theAttendance}</h2>
    ${definitionList([
      { label: w.how, value: w.sources[charge.attendanceSource] ?? charge.attendanceSource },
      { label: w.recordedBy, value: by },
      {
        label: w.when,
        value: w.dayAt(f.day(dayOf(charge.attendanceAt)), f.time(charge.attendanceAt)),
      },
    ])}`;
}

/** `Contestazione 128. Risposta entro mercoledì 9 dicembre; fino ad allora nessun sollecito.` */
const disputeSentence = (dispute: Dispute, visit: Visit): string =>
  words(visit.lang).disputeOpen(
    dispute.number,
    formats(visit.lang).dayBy(dispute.answerDueOn, visit.today),
  );

function disputeNotes(disputes: readonly Dispute[], visit: Visit): Html[] {
  return disputes.map((dispute) =>
    dispute.answeredAt === null
      ? alert({
          tone: "info",
          title: disputeSentence(dispute, visit),
          body: html`«${dispute.text}»`,
        })
      : alert({
          tone: dispute.decision === "refused" ? "info" : "success",
          title: words(visit.lang).disputeAnswered(
            dispute.number,
            formats(visit.lang).dayAndTime(dispute.answeredAt),
            dispute.decision,
          ),
          body: html`${dispute.answer} <span class="quiet">(${dispute.answeredBy})</span>`,
        }),
  );
}

/** GET /addebiti/:id/contesta: one question. */
export function askDispute(visit: Visit): Promise<Answer> {
  return inMoney(visit, async (tx, scope) => {
    const found = await ownCharge(tx, scope, visit.params["id"]);
    return found ? disputePage(visit, scope, found, []) : notFound;
  });
}

const LONGEST_TEXT = 2000;

function disputePage(
  visit: Visit,
  scope: FamilyScope,
  { charge }: Explained,
  errors: readonly FieldError[],
): Html {
  const w = words(visit.lang);
  const path = `/addebiti/${charge.id}`;
  const amount = formatEuro(charge.amountCents);
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.dispute,
      back: { href: path, label: w.whyPrice(amount) },
      lead: w.disputeLead(amount, formats(visit.lang).dayAndMonth(charge.date)),
      errors,
      body: form({
        action: `${path}/contesta`,
        csrf: visit.csrf,
        key: visit.newKey(),
        submit: { label: w.sendDispute },
        cancel: { href: path },
        lang: visit.lang,
        body: textArea({
          name: "testo",
          label: w.whatIsWrong,
          lang: visit.lang,
          hint: w.disputeHint,
          maxlength: LONGEST_TEXT,
          value: visit.fields.text("testo"),
          ...(errors.length > 0 ? { error: errorFor(errors, "testo") } : {}),
        }),
      }),
    },
  );
}

/** POST /addebiti/:id/contesta: number and promised date; sent twice it is one dispute. */
export function sendDispute(visit: Visit): Promise<Answer> {
  return visit.town.write(async (tx) => {
    const scope = await familyScope(tx, visit);
    if (!scope || !visit.actor) return forbidden;
    const found = await ownCharge(tx, scope, visit.params["id"]);
    if (!found) return notFound;
    const result = await disputeCharge(tx, {
      actor: visit.actor,
      holderIds: scope.holderIds,
      chargeId: found.charge.id,
      text: visit.fields.text("testo"),
      now: visit.now,
    });
    const w = words(visit.lang);
    const path = `/addebiti/${found.charge.id}`;
    switch (result.outcome) {
      case "opened":
      case "already-open":
        return seeOther(path, w.disputeSaved);
      case "text-missing": {
        const errors = [{ field: "testo", message: w.disputeEmpty }];
        return withStatus(422, disputePage(visit, scope, found, errors));
      }
      case "reversed":
        return seeOther(path, w.alreadyBack);
      case "not-found":
        return notFound;
    }
  });
}
