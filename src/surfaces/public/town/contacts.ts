// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import type { Row } from "#ui/components/cards.ts";
import type { Visit } from "../../web/visit.ts";
import { words } from "./words.ts";

/** Phone, mail, certified mail, address: what the town has given. */
export function contactRows({ townSettings, lang }: Visit): Row[] {
  const { office } = townSettings;
  const w = words(lang);
  const dial = (phone: string): string => phone.replace(/[^+\d]/g, "");
  const rows: (Row | null)[] = [
    office.contactPerson === "" ? null : { label: w.person, value: office.contactPerson },
    office.phones.length === 0
      ? null
      : {
          label: w.phone,
          value: office.phones.map(
            (phone) => html`<a class="contact" href="tel:${dial(phone)}">${phone}</a> `,
          ),
        },
    office.whatsapp === "" ? null : { label: "WhatsApp", value: office.whatsapp },
    office.emails.length === 0
      ? null
      : {
          label: "E-mail",
          value: office.emails.map(
            (email) => html`<a class="contact" href="mailto:${email}">${email}</a> `,
          ),
        },
    office.pec === "" ? null : { label: "PEC", value: office.pec },
    office.address === "" ? null : { label: w.address, value: office.address },
  ];
  return rows.filter((row) => row !== null);
}
