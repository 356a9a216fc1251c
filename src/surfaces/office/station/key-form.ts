// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { PAGOPA_SERVICES, type PagopaService, setServiceKey } from "#payments";
import { errorFor, type FieldError, form, selectField, textField } from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { BACK, SERVICE_WORDS, STATION_PAGE } from "./station-words.ts";

const isService = (text: string): text is PagopaService =>
  PAGOPA_SERVICES.some((service) => service === text);

/** `…/chiavi`: a key goes in and never comes out again, not even into this form after a mistake. */
export const keyPage = (visit: Visit): Answer => keyForm(visit, "", []);

export async function saveKey(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const service = fields.text("servizio");
  const wrong = (field: string, message: string): Answer =>
    withStatus(422, keyForm(visit, service, [{ field, message }]));
  if (!isService(service)) return wrong("servizio", "Scegliere il servizio.");
  const { sealKey } = visit.app;
  const key = fields.text("chiave");
  const saved = await visit.town.write((tx) =>
    setServiceKey(tx, { actor, service, key, sealKey, now }),
  );
  switch (saved.outcome) {
    case "saved":
      return seeOther(STATION_PAGE, `Chiave di ${SERVICE_WORDS[service].name} impostata.`);
    case "key-format":
      return wrong("chiave", "La chiave non è giusta: copiarla intera, senza spazi.");
    case "forbidden":
      return forbidden;
  }
}

function keyForm(visit: Visit, service: string, errors: readonly FieldError[]): Html {
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Imposta una chiave",
      back: BACK,
      wide: false,
      errors,
      body: html`<p>
          Le chiavi si trovano nel Back-office pagoPA, sotto «Chiavi API». Si conservano cifrate e
          non si mostrano più: per cambiarne una si imposta quella nuova.
        </p>
        ${form({
          action: `${STATION_PAGE}/chiavi`,
          csrf: visit.csrf,
          key: visit.newKey(),
          body: html`${selectField({
            name: "servizio",
            label: "Servizio",
            empty: "Scegliere il servizio",
            value: service,
            choices: PAGOPA_SERVICES.map((one) => ({
              value: one,
              label: `${SERVICE_WORDS[one].name}: ${SERVICE_WORDS[one].use}`,
            })),
            error: errorFor(errors, "servizio"),
          })}
          ${textField({
            name: "chiave",
            label: "Chiave",
            type: "password",
            autocomplete: "off",
            maxlength: 200,
            error: errorFor(errors, "chiave"),
          })}`,
          submit: { label: "Imposta la chiave" },
          cancel: { href: STATION_PAGE },
        })}`,
    },
  );
}
