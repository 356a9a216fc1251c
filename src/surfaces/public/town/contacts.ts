// SPDX-License-Identifier: EUPL-1.2
import { html } from "#kernel/html.ts";
import type { Row } from "#ui/components/cards.ts";
import type { Visit } from "../../web/visit.ts";

/** Phone, mail, certified mail, address: what the town has given. */
export function contactRows({ office }: Visit["townSettings"]): Row[] {
  const dial = (phone: string): string => phone.replace(/[^+\d]/g, "");
  const rows: (Row | null)[] = [
    office.contactPerson === "" ? null : { label: "Persona", value: office.contactPerson },
    office.phones.length === 0
      ? null
      : {
          label: "Telefono",
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
    office.address === "" ? null : { label: "Indirizzo", value: office.address },
  ];
  return rows.filter((row) => row !== null);
}
