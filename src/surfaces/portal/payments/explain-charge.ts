// SPDX-License-Identifier: EUPL-1.2
import { type Charge, chargeById, type Dispute, disputeCharge, disputesOf } from "#billing";
import type { Service } from "#calendar";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
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
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope, type ScopedChild } from "../family-scope.ts";
import { capital, shortName } from "../meals/service-words.ts";
import { childPath, inFamily, portalPage } from "../portal-page.ts";
import { chargeReason } from "./charge-words.ts";

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
  if (!charge || !scope.holderIds.includes(charge.holderId)) return null;
  const service = scope.calendar.services.find((one) => one.id === charge.serviceId);
  if (!service) return null;
  return { charge, service, child: scope.children.find((one) => one.id === charge.childId) };
}

/** GET /addebiti/:id: tariff, ISEE and its source, reductions, rounding; who recorded the attendance and when (X-09). */
export function explainCharge(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
    const found = await ownCharge(tx, scope, visit.params["id"]);
    if (!found) return notFound;
    const { charge } = found;
    const decision = charge.decisionId ? await decisionById(tx, charge.decisionId) : null;
    const tariff = decision ? await tariffVersion(tx, decision.tariffVersionId) : null;
    const disputes = await disputesOf(tx, { chargeId: charge.id });
    return chargePage(visit, scope, found, { decision, tariff, disputes });
  });
}

function chargePage(
  visit: Visit,
  scope: FamilyScope,
  { charge, service, child }: Explained,
  of: { decision: Decision | null; tariff: TariffVersion | null; disputes: readonly Dispute[] },
): Html {
  const f = formats(visit.lang);
  const amount = formatEuro(charge.amountCents);
  const day = `${childPath(child ?? { slug: "" })}/giorni/${charge.date.toString()}?servizio=${service.code}`;
  const steps = of.decision ? explainPrice(of.decision.explanation) : [];
  const open = of.disputes.find(({ answeredAt }) => answeredAt === null);
  const mayDispute = !open && !charge.reversed && charge.kind !== "reversal";
  const rows: Row[] = [
    ...(child ? [{ label: "Per", value: child.name }] : []),
    { label: "Giorno", value: f.dayWithYear(charge.date) },
    { label: "Che cosa", value: chargeReason(charge, shortName(service)) },
    { label: "Addebitato il", value: f.dayAndTime(charge.postedAt) },
    ...(charge.dueOn ? [{ label: "Scadenza", value: f.dayWithYear(charge.dueOn) }] : []),
    ...(charge.reversed ? [{ label: "Stato", value: "Stornato: non si paga." }] : []),
  ];
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: `Perché ${amount}?`,
      back:
        child && charge.kind === "meal"
          ? { href: day, label: capital(f.day(charge.date)) }
          : { href: "/pagamenti", label: "Pagamenti" },
      body: html`${disputeNotes(of.disputes, visit)}${definitionList(rows)}${pricePart(steps, of, charge)}${attendancePart(charge, visit)}${
        mayDispute &&
        html`<div class="button-row">
          ${linkButton({ href: `/addebiti/${charge.id}/contesta`, label: "Contesta questo addebito" })}
        </div>`
      }`,
    },
  );
}

function pricePart(
  steps: readonly string[],
  of: { decision: Decision | null; tariff: TariffVersion | null },
  charge: Charge,
): Html {
  const whole = of.decision?.amountCents;
  const part =
    whole !== undefined && charge.kind !== "reversal" && whole !== charge.amountCents
      ? html`<li>
          Quota a carico di questo conto: ${formatEuro(charge.amountCents)} su ${formatEuro(whole)}.
        </li>`
      : null;
  const act = of.tariff?.act
    ? html`<p class="quiet">
        Tariffa: ${of.tariff.act}, in vigore dal ${formats("it").dayWithYear(of.tariff.validFrom)}.
      </p>`
    : null;
  return html`<h2 class="section-title">Il prezzo</h2>
    ${
      steps.length > 0 || part
        ? html`<ol class="reasons">
            ${steps.map((step) => html`<li>${step}</li>`)}${part}
          </ol>`
        : html`<p>Nessun calcolo: l'importo è registrato dall'ufficio.</p>`
    }${act}${
      of.tariff?.assumedReason &&
      html`<p class="quiet">Prezzo di prova: ${of.tariff.assumedReason}.</p>`
    }`;
}

const SOURCES: Record<string, string> = {
  presumed: "presenza prevista, nessuna disdetta arrivata in tempo",
  morning: "appello del mattino",
  noon: "rilevazione a pranzo",
  correction: "correzione",
};

function attendancePart(charge: Charge, visit: Visit): Html | null {
  if (!charge.attendanceSource || !charge.attendanceAt) return null;
  const f = formats(visit.lang);
  const by =
    charge.attendanceBy && charge.attendanceBy !== "system"
      ? charge.attendanceBy
      : "chiusura automatica";
  return html`<h2 class="section-title">La presenza</h2>
    ${definitionList([
      { label: "Come", value: SOURCES[charge.attendanceSource] ?? charge.attendanceSource },
      { label: "Registrata da", value: by },
      {
        label: "Quando",
        value: `${f.day(dayOf(charge.attendanceAt))} alle ${f.time(charge.attendanceAt)}`,
      },
    ])}`;
}

/** `Contestazione 128. Risposta entro mercoledì 9 dicembre; fino ad allora nessun sollecito.` */
export const disputeSentence = (dispute: Dispute, visit: Visit): string =>
  `Contestazione ${dispute.number}. Risposta entro ${formats(visit.lang).day(dispute.answerDueOn)}; fino ad allora nessun sollecito.`;

function disputeNotes(disputes: readonly Dispute[], visit: Visit): Html[] {
  return disputes.map((dispute) =>
    dispute.answeredAt === null
      ? alert({
          tone: "info",
          title: disputeSentence(dispute, visit),
          body: html`«${dispute.text}»`,
        })
      : alert({
          tone: "success",
          title: `Contestazione ${dispute.number}: risposta del ${formats(visit.lang).dayAndTime(dispute.answeredAt)}`,
          body: html`${dispute.answer} <span class="quiet">(${dispute.answeredBy})</span>`,
        }),
  );
}

/** GET /addebiti/:id/contesta: one question. */
export function askDispute(visit: Visit): Promise<Answer> {
  return inFamily(visit, async (tx, scope) => {
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
  const path = `/addebiti/${charge.id}`;
  const amount = formatEuro(charge.amountCents);
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: "Contesta questo addebito",
      back: { href: path, label: `Perché ${amount}?` },
      lead: `${amount} del ${formats(visit.lang).dayAndMonth(charge.date)}`,
      errors,
      body: form({
        action: `${path}/contesta`,
        csrf: visit.csrf,
        key: visit.newKey(),
        submit: { label: "Invia la contestazione" },
        cancel: { href: path },
        body: textArea({
          name: "testo",
          label: "Che cosa non torna?",
          hint: "Bastano poche parole. Risponde l'ufficio entro dieci giorni lavorativi.",
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
    const path = `/addebiti/${found.charge.id}`;
    switch (result.outcome) {
      case "opened":
      case "already-open":
        return seeOther(path, "Contestazione registrata.");
      case "text-missing": {
        const errors = [
          { field: "testo", message: "Manca una frase che dica che cosa non torna." },
        ];
        return withStatus(422, disputePage(visit, scope, found, errors));
      }
      case "reversed":
        return seeOther(path, "L'addebito è già stornato: non si paga.");
      case "not-found":
        return notFound;
    }
  });
}
