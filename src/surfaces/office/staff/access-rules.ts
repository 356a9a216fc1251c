// SPDX-License-Identifier: EUPL-1.2
import {
  enabledProvider,
  type FactorWaiver,
  requireSecondFactor,
  standingWaiver,
  type StaffOidcSettings,
  waiveSecondFactor,
} from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { attributes, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  actionForm,
  card,
  definitionList,
  errorFor,
  form,
  linkButton,
  tag,
  textArea,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { STAFF_ACCESS, STAFF_BACK, STAFF_PROVIDER } from "./staff-words.ts";

const f = formats("it");
const NOTHING: FormState = { values: {}, errors: [] };

/** `/ufficio/impostazioni/personale/accesso`: how those who work here get in. */
export async function accessRulesPage(visit: Visit): Promise<Answer> {
  return show(visit, NOTHING);
}

async function show(visit: Visit, state: FormState): Promise<Html> {
  const { waiver, provider } = await visit.town.read(async (tx) => ({
    waiver: await standingWaiver(tx),
    provider: (await enabledProvider(tx, "staff-oidc"))?.settings,
  }));
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Come entra il personale",
      back: STAFF_BACK,
      wide: false,
      errors: state.errors,
      body: html`${providerCard(provider)}
      ${waiver ? waivedCard(visit, waiver) : requiredCard(visit, state)}`,
    },
  );
}

const providerCard = (provider: StaffOidcSettings | undefined): Html =>
  card({
    title: "Account del Comune",
    body: html`<p>
        Chi ha già un account in Comune entra con quello, dal sistema di accesso del Comune (OpenID
        Connect).
      </p>
      ${definitionList([
        {
          label: "Stato",
          value: provider
            ? html`${tag("attivo", "info")}
              ${provider.officeOnly ? "l'ufficio entra solo così" : "accanto a codice utente e password"}`
            : "non attivo: si entra con codice utente e password",
        },
      ])}`,
    actions: linkButton({
      href: STAFF_PROVIDER,
      label: "Apri",
      ariaLabel: "Apri l'account del Comune",
    }),
  });

function requiredCard(visit: Visit, { values, errors }: FormState): Html {
  return card({
    title: "Secondo fattore dell'ufficio",
    body: html`<p>
        Operatori, responsabili e amministratori entrano con due cose: la password (o l'account del
        Comune) e un codice dell'app, oppure una passkey. Scuola, cucina, autista e gestore con la
        sola password.
      </p>
      ${definitionList([{ label: "Stato", value: tag("obbligatorio", "info") }])}
      <details class="more" ${attributes({ open: errors.length > 0 })}>
        <summary>Rinuncia al secondo fattore</summary>
        <p>
          Chi conosce una password vede allora i dati delle famiglie e muove denaro. Chi amministra
          continua a entrare con due fattori. Il motivo resta scritto nel registro di sicurezza.
        </p>
        ${form({
          action: `${STAFF_ACCESS}/secondo-fattore`,
          csrf: visit.csrf,
          body: textArea({
            name: "motivo",
            label: "Motivo",
            hint: "Almeno 10 caratteri: per esempio l'atto che lo decide e fino a quando.",
            value: values["motivo"] ?? "",
            maxlength: 400,
            error: errorFor(errors, "motivo"),
          }),
          submit: { label: "Togli l'obbligo", kind: "danger" },
        })}
      </details>`,
  });
}

const waivedCard = (visit: Visit, { reason, beganAt, beganBy }: FactorWaiver): Html =>
  card({
    title: "Secondo fattore dell'ufficio",
    body: definitionList([
      { label: "Stato", value: tag("non obbligatorio", "warning") },
      { label: "Motivo", value: reason },
      { label: "Dal", value: `${f.dayWithYear(dayOf(beganAt))}, ${beganBy}` },
      { label: "Chi amministra", value: "entra comunque con due fattori" },
    ]),
    actions: actionForm({
      action: `${STAFF_ACCESS}/secondo-fattore/obbligatorio`,
      csrf: visit.csrf,
      label: "Rendi di nuovo obbligatorio",
      kind: "primary",
    }),
  });

/** POST `…/accesso/secondo-fattore`: off, with a reason. */
export async function waiveFactorNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  const reason = visit.fields.text("motivo").slice(0, 400);
  const done = await visit.town.write((tx) => waiveSecondFactor(tx, { by: actor, now, reason }));
  switch (done.outcome) {
    case "waived":
      return seeOther(STAFF_ACCESS, "Operatori e responsabili entrano con un solo fattore.");
    case "unchanged":
      return seeOther(STAFF_ACCESS, "Nulla è cambiato: non era già obbligatorio.");
    case "reason-missing": {
      const errors = [{ field: "motivo", message: "Scrivere il motivo, almeno 10 caratteri." }];
      return withStatus(422, await show(visit, { values: { motivo: reason }, errors }));
    }
    case "forbidden":
      return forbidden;
  }
}

/** POST `…/accesso/secondo-fattore/obbligatorio` */
export async function requireFactorNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  if (!actor) return notFound;
  const done = await visit.town.write((tx) => requireSecondFactor(tx, { by: actor, now }));
  if (done.outcome === "forbidden") return forbidden;
  return seeOther(
    STAFF_ACCESS,
    done.outcome === "required"
      ? "Il secondo fattore è di nuovo obbligatorio: chi è entrato senza rientra."
      : "Nulla è cambiato: era già obbligatorio.",
  );
}
