// SPDX-License-Identifier: EUPL-1.2
/** Setting up an app's codes, and the field for one: at the second half of a sign-in and in one's own pages. */
import { offerCodes } from "#identity";
import { html, type Html } from "#kernel/html.ts";
import { catalogue, type Lang } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { textField } from "#ui/components.ts";
import { longQrCode } from "./qr-code.ts";
import type { Visit } from "./visit.ts";

const it = {
  scan: "Inquadrare il codice con l'app di autenticazione.",
  qr: "Codice QR per l'app di autenticazione",
  byHand: "Senza fotocamera: scrivere questa chiave nell'app",
  thenWrite: "Poi scrivere qui il codice che l'app mostra.",
  code: "Codice dell'app",
  hint: "Sei cifre; cambia ogni 30 secondi.",
};
const en: typeof it = {
  scan: "Scan the code with the authenticator app.",
  qr: "QR code for the authenticator app",
  byHand: "Without a camera: write this key in the app",
  thenWrite: "Then write here the code that the app shows.",
  code: "Code of the app",
  hint: "Six digits; it changes every 30 seconds.",
};
const words = catalogue<typeof it>({ it, en });

const OFFER_FIELD = "offerta";

/** Which offer a form answers; the secret is drawn from it and from the browser's own token. */
export function typedOffer(visit: Visit): string | null {
  const offer = visit.fields.text(OFFER_FIELD);
  return isUuid(offer) ? offer : null;
}

/** QR code and key for the app; `fields` go into the form that brings the first code. */
export function codeOffer(
  visit: Visit,
  of: { username: string; token: string },
): { body: Html; fields: Record<string, string> } {
  const w = words(visit.lang);
  const offer = typedOffer(visit) ?? visit.newKey();
  const { secret, uri } = offerCodes(visit.app.sealKey, {
    ...{ ...of, offer, tenantId: visit.tenant.id },
    townName: visit.townSettings.town.shortName,
  });
  const groups = secret.match(/.{4}/g) ?? [];
  return {
    fields: { [OFFER_FIELD]: offer },
    body: html`<p>${w.scan}</p>
      ${longQrCode(uri, w.qr)}
      <p>${w.byHand}: <strong class="secret-key">${groups.join(" ")}</strong></p>
      <p>${w.thenWrite}</p>`,
  };
}

export const codeField = (lang: Lang, error: string | null | undefined): Html =>
  textField({
    name: "cifre",
    label: words(lang).code,
    hint: words(lang).hint,
    lang,
    autocomplete: "one-time-code",
    inputmode: "numeric",
    maxlength: 10,
    width: "medium",
    error,
  });
