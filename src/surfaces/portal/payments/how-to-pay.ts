// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { definitionList, type Row } from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import type { FamilyScope } from "../family-scope.ts";
import type { Paying } from "./family-notices.ts";
import { words } from "./words.ts";

/** How the town takes money today (OS-07, BO-08, BI-09): this month's bill first, cash for old debts after it. */
export function howToPay(visit: Visit, scope: FamilyScope, paying: Paying): Html {
  const w = words(visit.lang);
  const collection = scope.settings.town("collection", visit.today);
  const rows: Row[] = [
    ...(collection.otherPortal
      ? [
          {
            label: w.townPortal,
            value: html`<a href="${collection.otherPortal}">${collection.otherPortal}</a>;
              ${w.sendReceipt}`,
          },
        ]
      : []),
    ...(collection.vouchersAccepted
      ? [
          {
            label: w.vouchers,
            value: w.vouchersHow,
          },
        ]
      : []),
    ...officeRows(visit),
    // pagoPA's places: nobody must walk to a tobacconist before they can take the money.
    ...(collection.places.length > 0 && paying.notices
      ? [{ label: w.places, value: formats(visit.lang).list(collection.places) }]
      : []),
  ];
  const today = html`<h2 class="section-title">${w.howToPay}</h2>
    <p>${paying.online ? w.payOnline : paying.notices ? w.payByNotice : w.payAtOffice}</p>
    ${definitionList(rows)}`;
  if (collection.cash.length === 0) return today;
  const uses = Map.groupBy(collection.cash, ({ onlyFor }) => onlyFor);
  return html`${today}
    <h2 class="section-title">${w.oldDebts}</h2>
    ${definitionList(
      [...uses].map(([onlyFor, places]) => ({
        label: w.onlyFor(onlyFor),
        value: formats(visit.lang).list(places.map(({ place }) => place)),
      })),
    )}`;
}

/** Name, phone, mail, address of the office; only what the town has given. */
export function officeRows(visit: Visit): Row[] {
  const { office } = visit.townSettings;
  const w = words(visit.lang);
  const rows: Row[] = [{ label: w.office, value: office.name }];
  if (office.contactPerson) rows.push({ label: w.contactPerson, value: office.contactPerson });
  if (office.phones.length > 0)
    rows.push({
      label: w.phone,
      value: office.phones.map(
        (phone, index) =>
          html`${index > 0 && ", "}<a href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>`,
      ),
    });
  if (office.emails.length > 0)
    rows.push({
      label: "E-mail",
      value: office.emails.map(
        (email, index) => html`${index > 0 && ", "}<a href="mailto:${email}">${email}</a>`,
      ),
    });
  if (office.pec)
    rows.push({ label: "PEC", value: html`<a href="mailto:${office.pec}">${office.pec}</a>` });
  if (office.whatsapp) rows.push({ label: "WhatsApp", value: office.whatsapp });
  if (office.address) rows.push({ label: w.address, value: office.address });
  return rows;
}

/** `lunedì 9:00–12:00`, one line per opening. */
export function officeHours(visit: Visit): Html | null {
  const { hours } = visit.townSettings.office;
  if (hours.length === 0) return null;
  const f = formats(visit.lang);
  const time = (text: string): string => f.time(Temporal.PlainTime.from(text));
  const byDay = Map.groupBy(hours, ({ weekday }) => weekday);
  return definitionList(
    [...byDay.entries()]
      .sort(([a], [b]) => a - b)
      .map(([weekday, spans]) => ({
        label: f.weekday(weekday),
        value: spans.map(({ from, to }) => `${time(from)}–${time(to)}`).join(", "),
      })),
  );
}
