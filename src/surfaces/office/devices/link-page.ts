// SPDX-License-Identifier: EUPL-1.2
import { DEVICE_LINK_MINUTES } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { alert } from "#ui/components.ts";
import { longQrCode } from "../../web/qr-code.ts";
import { townOrigin } from "../../web/town-origin.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

/** The link for one device, shown once: the tablet's camera reads it. */
export function linkPage(visit: Visit, of: { name: string; code: string }): Html {
  const address = `${townOrigin(visit.app, visit.tenant)}/dispositivo/${of.code}`;
  const until = formats("it").time(visit.now.add({ minutes: DEVICE_LINK_MINUTES }));
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: `Collega ${of.name}`,
      back: { href: "/ufficio/impostazioni/dispositivi", label: "Tablet e schermi" },
      wide: false,
      focusHeading: true,
      lead: "Inquadrare il codice con la fotocamera del tablet, poi toccare «Usa questo dispositivo».",
      body: html`${longQrCode(address, `Codice QR per collegare ${of.name}`)}
        ${alert({
          tone: "warning",
          title: `Vale una volta, fino alle ${until}`,
          body: "Chi lo inquadra per primo diventa il dispositivo: non fotografarlo e non inviarlo.",
        })}
        <p>
          Senza fotocamera, scrivere l'indirizzo: <strong class="secret-key">${address}</strong>
        </p>`,
    },
  );
}
