// SPDX-License-Identifier: EUPL-1.2
import { chargeById, disputesOf } from "#billing";
import { townCalendar } from "#calendar";
import { holderNames, person } from "#families";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { decisionById, explainPrice, tariffVersion } from "#tariffs";
import { alert, definitionList } from "#ui/components.ts";
import { chargeRecorder } from "../../web/charge-recorder.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { recorderText } from "../days/recorder-text.ts";
import { CHARGE_KINDS } from "../money-words.ts";
import { officePage } from "../office-page.ts";
import { serviceName } from "../words.ts";

const SOURCES: Readonly<Record<string, string>> = {
  presumed: "presunta alla chiusura della giornata",
  morning: "appello del mattino",
  noon: "correzione di mezzogiorno",
  correction: "correzione",
};

/** `/ufficio/addebiti/{id}`: why this amount (X-09), as the family reads it, with who recorded the presence. */
export async function chargePage(visit: Visit): Promise<Answer> {
  const id = visit.params["id"] ?? "";
  if (!isUuid(id)) return notFound;
  const read = await visit.town.read(async (tx) => {
    const charge = await chargeById(tx, id);
    if (!charge) return null;
    const decision = charge.decisionId ? await decisionById(tx, charge.decisionId) : null;
    return {
      charge,
      decision,
      recorder: await chargeRecorder(tx, charge),
      tariff: decision && (await tariffVersion(tx, decision.tariffVersionId)),
      child: charge.childId ? await person(tx, charge.childId) : undefined,
      holder: (await holderNames(tx, [charge.holderId])).get(charge.holderId),
      disputes: await disputesOf(tx, { chargeId: charge.id }),
      calendar: await townCalendar(tx),
    };
  });
  if (!read) return notFound;
  const { charge, decision, recorder, tariff, child, holder, disputes, calendar } = read;
  const f = formats("it");
  const by = [
    charge.attendanceSource && (SOURCES[charge.attendanceSource] ?? charge.attendanceSource),
    charge.attendanceAt && f.dayAndTime(charge.attendanceAt),
    charge.attendanceBy && recorderText(recorder, charge.attendanceBy),
  ].filter(Boolean);
  return officePage(
    visit,
    { current: null },
    {
      h1: `Perché ${formatEuro(charge.amountCents)}?`,
      lead: `${CHARGE_KINDS[charge.kind]}, ${serviceName(calendar, charge.serviceId).toLowerCase()}, ${f.dayWithYear(charge.date)}`,
      back: {
        href: `/ufficio/famiglie/${charge.holderId}`,
        label: `Famiglia ${holder?.surname ?? ""}`,
      },
      wide: false,
      body: html`${charge.reversed && alert({ tone: "info", title: "Questo addebito è stato stornato." })}
      ${
        decision &&
        html`<ol>
            ${explainPrice(decision.explanation).map((line) => html`<li>${line}</li>`)}
          </ol>
          <p class="quiet">
            Tariffa in vigore dal
            ${tariff ? f.shortDay(tariff.validFrom) : ""}${tariff?.act && `, ${tariff.act}`}.
          </p>`
      }
      ${definitionList([
        {
          label: "Bambino",
          value: child ? `${child.givenName} ${child.surname}` : "tutta la famiglia",
        },
        ...(by.length > 0 ? [{ label: "Presenza", value: by.join(", ") }] : []),
        { label: "Addebitato", value: f.dayAndTime(charge.postedAt) },
        ...(charge.reason ? [{ label: "Motivo", value: charge.reason }] : []),
      ])}
      ${disputes.map(
        ({ id: disputeId, number }) =>
          html`<p><a href="/ufficio/contestazioni/${disputeId}">Contestazione ${number}</a></p>`,
      )}`,
    },
  );
}
