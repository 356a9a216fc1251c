// SPDX-License-Identifier: EUPL-1.2
import {
  disableStaff,
  endRole,
  grantRole,
  renewActivation,
  resetStaffFactor,
  securityEvents,
  type SecurityRow,
  type StaffAccount,
  staffAccounts,
} from "#identity";
import { day, dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
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
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";
import { codePage } from "./code-page.ts";
import { eventText } from "./event-words.ts";
import { readRole, roleFields } from "./new-staff.ts";
import {
  factorText,
  grantText,
  loadPlaces,
  type Places,
  STAFF_BACK,
  STAFF_PAGE,
  stateText,
} from "./staff-words.ts";

const f = formats("it");
const MOST_EVENTS = 20;

interface Loaded {
  readonly account: StaffAccount;
  readonly places: Places;
  readonly events: readonly SecurityRow[];
}

async function load(visit: Visit): Promise<Loaded | null> {
  const id = visit.params["id"] ?? "";
  if (!isUuid(id)) return null;
  return visit.town.read(async (tx) => {
    const [account] = await staffAccounts(tx, { date: visit.today, id });
    if (!account) return null;
    const places = await loadPlaces(tx, visit);
    const events = await securityEvents(tx, { accountId: id, limit: MOST_EVENTS });
    return { account, places, events };
  });
}

/** `/ufficio/impostazioni/personale/{id}`: roles, means of signing in, what happened. */
export async function staffPage(visit: Visit): Promise<Answer> {
  const loaded = await load(visit);
  return loaded ? page(visit, loaded, { values: {}, errors: [] }) : notFound;
}

const pathOf = (account: { id: string }): string => `${STAFF_PAGE}/${account.id}`;

function page(
  visit: Visit,
  { account, places, events }: Loaded,
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
        <div class="panels">${accessCard(visit, account)} ${rolesCard(visit, account, places)}</div>
        ${isActive && newRole(visit, account, places, state)}
        ${isActive && !account.demo && endSection(visit, account)}
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

function accessCard(visit: Visit, account: StaffAccount): Html {
  const act = (path: string, label: string): Html =>
    actionForm({
      action: `${pathOf(account)}/${path}`,
      csrf: visit.csrf,
      label,
      kind: "secondary",
    });
  return card({
    title: "Accesso",
    body: definitionList([
      { label: "Codice utente", value: account.username },
      { label: "E-mail", value: account.email || "non indicata" },
      { label: "Secondo fattore", value: factorText(account) },
      { label: "Stato", value: stateText(account) },
    ]),
    actions:
      account.disabledAt === null &&
      !account.demo &&
      html`${act("codice", account.hasPassword ? "Codice per una nuova password" : "Nuovo codice di attivazione")}
      ${(account.hasCodes || account.passkeys > 0) && act("fattore", "Azzera il secondo fattore")}`,
  });
}

function rolesCard(visit: Visit, account: StaffAccount, { calendar }: Places): Html {
  return card({
    title: "Ruoli",
    body:
      account.grants.length === 0
        ? html`<p>Nessun ruolo in vigore.</p>`
        : html`${account.grants.map(
            (grant) =>
              html`<div class="service-row">
                <p class="service-line">
                  ${grantText(calendar, grant)}, dal ${f.dayWithYear(day(grant.from))}
                </p>
                ${actionForm({
                  action: `${pathOf(account)}/ruoli/fine`,
                  csrf: visit.csrf,
                  fields: { ruolo: grant.id },
                  label: "Togli",
                  ariaLabel: `Togli: ${grantText(calendar, grant)}`,
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

export async function grantRoleNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now, today } = visit;
  const loaded = await load(visit);
  if (!actor || !loaded || loaded.account.disabledAt) return notFound;
  const { role, scope, errors } = readRole(visit, loaded.places);
  const from = fields.day("dal");
  if (!from || Temporal.PlainDate.compare(from, today) < 0)
    errors.push({ field: "dal", message: "Scrivere un giorno, da oggi in poi." });
  if (!role || !scope || !from || errors.length > 0) {
    const values = Object.fromEntries(
      ["ruolo", "dove", "dal"].map((name) => [name, fields.text(name)]),
    );
    return withStatus(422, page(visit, loaded, { values, errors }));
  }
  const { id: accountId } = loaded.account;
  const act = { by: actor, sealKey: visit.app.sealKey, now };
  const granted = await visit.town.write((tx) =>
    grantRole(tx, { ...act, accountId, role, scope, from }),
  );
  return granted.outcome === "granted"
    ? seeOther(pathOf(loaded.account), "Il ruolo è aggiunto.")
    : notFound;
}

/** Somebody has to look after the accounts. */
async function lastAdministrator(visit: Visit): Promise<Answer> {
  const loaded = await load(visit);
  const refused = "È l'unico amministratore: prima bisogna nominarne un altro.";
  return loaded
    ? withStatus(409, page(visit, loaded, { values: {}, errors: [], refused }))
    : notFound;
}

function answerOf(
  visit: Visit,
  changed: Awaited<ReturnType<typeof endRole>>,
  said: string,
): Answer | Promise<Answer> {
  switch (changed.outcome) {
    case "done":
      return seeOther(`${STAFF_PAGE}/${visit.params["id"] ?? ""}`, said);
    case "last-administrator":
      return lastAdministrator(visit);
    case "not-found":
      return notFound;
  }
}

export async function endRoleNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const [accountId, grantId] = [visit.params["id"] ?? "", visit.fields.text("ruolo")];
  if (!actor || !isUuid(accountId) || !isUuid(grantId)) return notFound;
  const act = { by: actor, now, accountId, grantId };
  const ended = await visit.town.write((tx) => endRole(tx, act));
  return answerOf(visit, ended, "Il ruolo è tolto da subito.");
}

export async function disableStaffNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const accountId = visit.params["id"] ?? "";
  if (!actor || !isUuid(accountId)) return notFound;
  const done = await visit.town.write((tx) => disableStaff(tx, { by: actor, now, accountId }));
  return answerOf(visit, done, "L'accesso è disattivato.");
}

export async function resetFactorNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const accountId = visit.params["id"] ?? "";
  if (!actor || !isUuid(accountId)) return notFound;
  const done = await visit.town.write((tx) => resetStaffFactor(tx, { by: actor, now, accountId }));
  return done.outcome === "done"
    ? seeOther(`${STAFF_PAGE}/${accountId}`, "Al prossimo accesso si imposta un nuovo fattore.")
    : notFound;
}

export async function renewCodeNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const loaded = await load(visit);
  if (!actor || !loaded || loaded.account.demo) return notFound;
  const { id: accountId, displayName: name } = loaded.account;
  const act = { by: actor, sealKey: visit.app.sealKey, now, accountId };
  const made = await visit.town.write((tx) => renewActivation(tx, act));
  return made.outcome === "made" ? codePage(visit, { ...made, accountId, name }) : notFound;
}
