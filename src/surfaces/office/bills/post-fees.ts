// SPDX-License-Identifier: EUPL-1.2
import { feePeriodsDue, postFees } from "#billing";
import { type Service, townCalendar } from "#calendar";
import { html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { datedSettings } from "#tenancy";
import { actionForm, card } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";

/** Posts the fixed fees that have begun, one transaction per period; who has theirs already is left alone. */
export async function postFeesNow(visit: Visit): Promise<Answer> {
  const { fields, now, today, town } = visit;
  const found = await town.read(async (tx) => {
    const { services } = await townCalendar(tx);
    const settings = await datedSettings(tx);
    const service = services.find(({ id }) => id === fields.text("servizio"));
    const model = service && settings.maybeService(service.code, "payment", today)?.model;
    if (!service || model !== "fixed-fee") return null;
    return { service, periods: await feePeriodsDue(tx, { serviceId: service.id, today }) };
  });
  if (!found) return notFound;
  const { service, periods } = found;
  let fees = 0;
  let unpriced = 0;
  for (const period of periods) {
    const of = { serviceId: service.id, period, today, now };
    const posted = await town.write((tx) => postFees(tx, of));
    fees += posted.fees;
    unpriced += posted.unpriced;
  }
  const lacking = unpriced === 0 ? "" : ` Senza prezzo: ${unpriced}.`;
  const text =
    fees === 0
      ? "nessuna nuova quota da registrare."
      : `${plural(fees, "quota registrata", "quote registrate")}.`;
  return seeOther("/ufficio/avvisi", `${service.name}: ${text}${lacking}`);
}

export const feeCard = (visit: Visit, service: Service): Html =>
  card({
    title: `Quote: ${service.name}`,
    body: html`<p>
      Registra le quote fisse dei periodi già cominciati, ciascuna con la sua scadenza. Ripetere non
      crea doppioni.
    </p>`,
    actions: actionForm({
      action: "/ufficio/avvisi/quote",
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { servizio: service.id },
      label: "Registra le quote",
      kind: "secondary",
    }),
  });
