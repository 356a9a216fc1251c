// SPDX-License-Identifier: EUPL-1.2
import {
  securityEvents,
  type SecurityRow,
  type StaffAccount,
  staffAccounts,
  staffIdentitiesOf,
  type StaffIdentityRow,
} from "#identity";
import { day, dayOf, type Moment } from "#kernel/dates.ts";
import { attributes, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  actionForm,
  alert,
  card,
  dateField,
  definitionList,
  errorFor,
  form,
  history,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { eventText } from "./event-words.ts";
import { roleFields } from "./new-staff.ts";
import {
  factorText,
  grantText,
  loadPlaces,
  needsFactor,
  type Places,
  STAFF_BACK,
  STAFF_PAGE,
  stateText,
} from "./staff-words.ts";

const f = formats("it");
const MOST_EVENTS = 20;

export interface LoadedStaff {
  readonly account: StaffAccount;
  readonly identities: readonly StaffIdentityRow[];
  readonly places: Places;
  readonly events: readonly SecurityRow[];
}

export async function loadStaff(visit: Visit): Promise<LoadedStaff | null> {
  const id = visit.params["id"] ?? "";
  if (!isUuid(id)) return null;
  return visit.town.read(async (tx) => {
    const [account] = await staffAccounts(tx, { date: visit.today, id });
    if (!account) return null;
    const places = await loadPlaces(tx, visit);
    const identities = await staffIdentitiesOf(tx, id);
    const events = await securityEvents(tx, { accountId: id, limit: MOST_EVENTS });
    return { account, identities, places, events };
  });
}

/** `/ufficio/impostazioni/personale/{id}`: roles, means of signing in, what happened. */
export async function staffPage(visit: Visit): Promise<Answer> {
  const loaded = await loadStaff(visit);
  return loaded ? showStaff(visit, loaded, { values: {}, errors: [] }) : notFound;
}

export const pathOf = (account: { id: string }): string => `${STAFF_PAGE}/${account.id}`;

export function showStaff(
  visit: Visit,
  { account, identities, places, events }: LoadedStaff,
  state: FormState & { refused?: string },
): Html {
  const isActive = account.disabledAt === null;
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: account.displayName,
      back: STAFF_BACK,
      errors: state.errors,
      body: html`${state.refused && alert({ tone: "warning", title: state.refused, body: "Nulla è cambiato." })}
        <div class="panels">
          ${accessCard(visit, account, state)} ${rolesCard(visit, account, places)}
          ${identities.length > 0 && identityCard(visit, account, identities)}
        </div>
        ${isActive && newRole(visit, account, places, state)}
        ${!account.demo && (isActive ? endSection(visit, account) : againSection(visit, account))}
        <h2 class="section-title">Che cosa è successo</h2>
        ${
          events.length === 0
            ? html`<p>Nessun evento registrato.</p>`
            : history(
                events.map((event) => ({
                  what: eventText(event),
                  when: `${f.day(dayOf(event.at))}, ${f.time(event.at)}`,
                  who: event.actorName || "–",
                })),
              )
        }`,
    },
  );
}

const when = (at: Moment): string => `${f.day(dayOf(at))}, ${f.time(at)}`;

function accessCard(visit: Visit, account: StaffAccount, state: FormState): Html {
  const act = (path: string, label: string, fields: Record<string, string> = {}): Html =>
    actionForm({
      action: `${pathOf(account)}/${path}`,
      csrf: visit.csrf,
      fields,
      label,
      kind: "secondary",
    });
  const isMarked = account.secondFactorRequired;
  const isActive = account.disabledAt === null && !account.demo;
  const canMail = account.email !== "" && visit.app.mail !== undefined;
  return card({
    title: "Accesso",
    body: html`${definitionList([
      { label: "Codice utente", value: account.username },
      { label: "E-mail", value: account.email || "non indicata" },
      { label: "Secondo fattore", value: factorText(account) },
      { label: "Stato", value: stateText(account) },
    ])}
    ${isActive && emailForm(visit, account, state)}`,
    actions:
      isActive &&
      html`${act("codice", account.hasPassword ? "Codice per una nuova password" : "Nuovo codice di attivazione")}
      ${canMail && act("codice/e-mail", "Invia il codice per e-mail")}
      ${(account.hasCodes || account.passkeys > 0) && act("fattore", "Azzera il secondo fattore")}
      ${isMarked && act("fattore/obbligo", "Togli l'obbligo del secondo fattore", { obbligo: "no" })}
      ${!needsFactor(account) && act("fattore/obbligo", "Rendi obbligatorio il secondo fattore", { obbligo: "si" })}`,
  });
}

function emailForm(visit: Visit, account: StaffAccount, { values, errors }: FormState): Html {
  const error = errorFor(errors, "email");
  return html`<details class="more" ${attributes({ open: error !== null && error !== undefined })}>
    <summary>Cambia l'e-mail</summary>
    ${form({
      action: `${pathOf(account)}/e-mail`,
      csrf: visit.csrf,
      body: textField({
        name: "email",
        label: "E-mail",
        hint: "Quella di lavoro: ci arrivano i codici, e la prima volta fa trovare la persona a chi entra con l'account del Comune.",
        type: "email",
        value: values["email"] ?? account.email,
        autocomplete: "off",
        maxlength: 200,
        optional: true,
        error,
      }),
      submit: { label: "Salva l'e-mail" },
    })}
  </details>`;
}

/** Who this is for the municipality's own provider; the administrator may say no, or let go what an account out of use holds. */
function identityCard(
  visit: Visit,
  account: StaffAccount,
  identities: readonly StaffIdentityRow[],
): Html {
  const act = (subject: string, path: string, label: string): Html =>
    actionForm({
      action: `${pathOf(account)}/identita/${path}`,
      csrf: visit.csrf,
      fields: { identita: subject },
      label,
      ariaLabel: `${label} l'account del Comune`,
      kind: "quiet",
    });
  const isOut = account.disabledAt !== null;
  return card({
    title: "Account del Comune",
    body: html`${isOut && html`<p>Finché è collegato a questo accesso disattivato, la persona non entra con un altro.</p>`}
    ${identities.map(
      ({ subject, linkedAt, lastUsedAt, refusedAt, refusedBy }) =>
        html`<div class="service-row">
          <p class="service-line">
            ${
              refusedAt
                ? `Rifiutato ${when(refusedAt)}, ${refusedBy}`
                : `Collegato ${when(linkedAt)}, con l'indirizzo e-mail`
            }${!refusedAt && lastUsedAt && html`<br /><span class="quiet">usato ${when(lastUsedAt)}</span>`}
          </p>
          ${refusedAt && act(subject, "ammetti", "Ammetti di nuovo")}
          ${!refusedAt && isOut && act(subject, "ammetti", "Scollega")}
          ${!refusedAt && act(subject, "rifiuta", "Rifiuta")}
        </div>`,
    )}`,
  });
}

function rolesCard(visit: Visit, account: StaffAccount, places: Places): Html {
  return card({
    title: "Ruoli",
    body:
      account.grants.length === 0
        ? html`<p>Nessun ruolo in vigore.</p>`
        : html`${account.grants.map(
            (grant) =>
              html`<div class="service-row">
                <p class="service-line">
                  ${grantText(places, grant)}, dal ${f.dayWithYear(day(grant.from))}
                </p>
                ${actionForm({
                  action: `${pathOf(account)}/ruoli/fine`,
                  csrf: visit.csrf,
                  fields: { ruolo: grant.id },
                  label: "Togli",
                  ariaLabel: `Togli: ${grantText(places, grant)}`,
                  kind: "quiet",
                })}
              </div>`,
          )}`,
  });
}

function newRole(visit: Visit, account: StaffAccount, places: Places, state: FormState): Html {
  return html`<h2 class="section-title">Un altro ruolo</h2>
    ${form({
      action: `${pathOf(account)}/ruoli`,
      csrf: visit.csrf,
      body: html`${roleFields(places, state)}
      ${dateField({
        name: "dal",
        label: "Dal",
        value: state.values["dal"] ?? visit.today,
        min: visit.today,
        error: errorFor(state.errors, "dal"),
      })}`,
      submit: { label: "Aggiungi il ruolo" },
    })}
    <p class="quiet">Quando i ruoli cambiano, le sessioni aperte della persona si chiudono.</p>`;
}

function endSection(visit: Visit, account: StaffAccount): Html {
  return html`<h2 class="section-title">Fine dell'incarico</h2>
    <p>Nessuno entra più con questo codice utente; quello che è stato fatto conserva il nome.</p>
    <div class="button-row">
      ${actionForm({
        action: `${pathOf(account)}/disattiva`,
        csrf: visit.csrf,
        label: "Disattiva l'accesso",
        kind: "danger",
      })}
    </div>`;
}

function againSection(visit: Visit, account: StaffAccount): Html {
  return html`<h2 class="section-title">Di nuovo al lavoro</h2>
    <p>
      La persona entra di nuovo con la password e il secondo fattore di prima, e con i ruoli ancora
      in vigore.
    </p>
    <div class="button-row">
      ${actionForm({
        action: `${pathOf(account)}/riattiva`,
        csrf: visit.csrf,
        label: "Riattiva l'accesso",
        kind: "secondary",
      })}
    </div>`;
}
