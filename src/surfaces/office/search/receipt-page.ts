// SPDX-License-Identifier: EUPL-1.2
import { formatReceiptCode, verifyReceipt } from "#booking";
import { townCalendar } from "#calendar";
import { actsByDelegation, holdersOn, person } from "#families";
import { dayOf } from "#kernel/dates.ts";
import { html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { linkButton, receiptCard } from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { receiptFrom, receiptText } from "../receipt-words.ts";
import { serviceName, spanText } from "../words.ts";

const CHARGE_WORDS = {
  none: "Nessun addebito.",
  kept: "Il pasto resta addebitato.",
  unchanged: "La quota non cambia.",
} as const;

/** `/ufficio/ricevute/{codice}`: one receipt as it was issued, to read out on the phone. */
export async function receiptPage(visit: Visit): Promise<Answer> {
  const code = visit.params["code"] ?? "";
  const read = await visit.town.read(async (tx) => {
    const verified = await verifyReceipt(tx, { code, receiptKey: visit.app.receiptKey });
    if (verified.outcome === "unknown") return null;
    const { receipt } = verified;
    const child = await person(tx, receipt.childId);
    const holderId = (await holdersOn(tx, [receipt.childId], visit.today)).get(receipt.childId);
    const isDelegated = await actsByDelegation(tx, holderId ? [holderId] : []);
    return { receipt, child, holderId, isDelegated, calendar: await townCalendar(tx) };
  });
  if (!read) return notFound;
  const { receipt, child, holderId, isDelegated, calendar } = read;
  const f = formats("it");
  const name = child ? `${child.givenName} ${child.surname}` : "";
  const arrived = `${f.dayWithYear(dayOf(receipt.receivedAt))}, ${f.timeWithSeconds(receipt.receivedAt)}`;
  return officePage(
    visit,
    { current: null },
    {
      h1: "Ricevuta",
      body: html`${receiptCard({
        outcome: receipt.outcome === "done" ? "accepted" : "refused",
        title: receiptText(receipt),
        subject: [
          `${name}, ${serviceName(calendar, receipt.serviceId).toLowerCase()}`,
          spanText(receipt.from, receipt.to ?? receipt.from),
        ],
        money: CHARGE_WORDS[receipt.effect.charge],
        code: formatReceiptCode(receipt.number, receipt.checkCode),
        rows: [
          { label: "Arrivata", value: arrived },
          { label: "Da", value: receiptFrom(receipt, isDelegated) },
          {
            label: "Limite",
            value: receipt.cutoffAt ? `${f.dayAndTime(receipt.cutoffAt)}` : "nessuno",
          },
        ],
      })}
      ${holderId && linkButton({ href: `/ufficio/famiglie/${holderId}`, label: "Apri la famiglia" })}`,
    },
  );
}
