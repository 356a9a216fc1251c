// SPDX-License-Identifier: EUPL-1.2
import {
  admitStaffIdentity,
  changeStaffEmail,
  type CodeWay,
  disableStaff,
  enableStaff,
  endRole,
  grantRole,
  refuseStaffIdentity,
  renewActivation,
  requireFactorOf,
  resetStaffFactor,
} from "#identity";
import { isUuid } from "#kernel/ids.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { tellAccess } from "../../web/tell-access.ts";
import type { Visit } from "../../web/visit.ts";
import { codePage } from "./code-page.ts";
import { codeMailed, mailCode } from "./mail-code.ts";
import { readRole } from "./new-staff.ts";
import { loadStaff, pathOf, showStaff } from "./staff-page.ts";
import { STAFF_PAGE } from "./staff-words.ts";

export async function grantRoleNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now, today } = visit;
  const loaded = await loadStaff(visit);
  if (!actor || !loaded || loaded.account.disabledAt) return notFound;
  const { role, scope, errors } = readRole(visit, loaded.places);
  const from = fields.day("dal");
  if (!from || Temporal.PlainDate.compare(from, today) < 0)
    errors.push({ field: "dal", message: "Scrivere un giorno, da oggi in poi." });
  if (!role || !scope || !from || errors.length > 0) {
    const values = Object.fromEntries(
      ["ruolo", "dove", "dal"].map((name) => [name, fields.text(name)]),
    );
    return withStatus(422, showStaff(visit, loaded, { values, errors }));
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
  const loaded = await loadStaff(visit);
  const refused = "È l'unico amministratore: prima bisogna nominarne un altro.";
  return loaded
    ? withStatus(409, showStaff(visit, loaded, { values: {}, errors: [], refused }))
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
  const act = { by: actor, now, accountId, tell: tellAccess(visit.app, now) };
  const done = await visit.town.write((tx) => resetStaffFactor(tx, act));
  return done.outcome === "done"
    ? seeOther(`${STAFF_PAGE}/${accountId}`, "Al prossimo accesso si imposta un nuovo fattore.")
    : notFound;
}

/** POST `…/fattore/obbligo`: for an account whose roles ask for none. */
export async function requireFactorNowOf(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const accountId = visit.params["id"] ?? "";
  if (!actor || !isUuid(accountId)) return notFound;
  const isRequired = visit.fields.text("obbligo") === "si";
  const done = await visit.town.write((tx) =>
    requireFactorOf(tx, { by: actor, now, accountId, isRequired }),
  );
  const said = isRequired
    ? "Dal prossimo accesso serve il secondo fattore."
    : "Il secondo fattore non è più obbligatorio per questa persona.";
  return answerOf(visit, done, said);
}

/** POST `…/codice`: on paper, from the page that shows it once. */
export async function renewCodeNow(visit: Visit): Promise<Answer> {
  return renewCode(visit, "shown");
}

/** POST `…/codice/e-mail`: to the person's address; nobody in the office reads it. */
export async function mailCodeNow(visit: Visit): Promise<Answer> {
  return visit.app.mail === undefined ? notFound : renewCode(visit, "e-mail");
}

async function renewCode(visit: Visit, way: CodeWay): Promise<Answer> {
  const { actor, now } = visit;
  const loaded = await loadStaff(visit);
  if (!actor || !loaded || loaded.account.demo) return notFound;
  const { id: accountId, displayName: name } = loaded.account;
  const act = { by: actor, sealKey: visit.app.sealKey, now, accountId, way };
  const made = await visit.town.write(async (tx) => {
    const renewed = await renewActivation(tx, act);
    if (renewed.outcome === "made" && way === "e-mail")
      await mailCode(tx, visit, { accountId, email: renewed.account.email, code: renewed.code });
    return renewed;
  });
  if (made.outcome !== "made") return notFound;
  const { username, email } = made.account;
  return way === "e-mail"
    ? seeOther(pathOf(loaded.account), codeMailed({ email, username }))
    : codePage(visit, { code: made.code, username, accountId, name });
}

export async function enableStaffNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const accountId = visit.params["id"] ?? "";
  if (!actor || !isUuid(accountId)) return notFound;
  const done = await visit.town.write((tx) => enableStaff(tx, { by: actor, now, accountId }));
  return answerOf(visit, done, "L'accesso è di nuovo attivo.");
}

export async function changeEmailNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const loaded = await loadStaff(visit);
  if (!actor || !loaded || loaded.account.demo || loaded.account.disabledAt) return notFound;
  const email = visit.fields.text("email").slice(0, 200);
  const { id: accountId } = loaded.account;
  const changed = await visit.town.write((tx) =>
    changeStaffEmail(tx, { by: actor, now, accountId, email }),
  );
  switch (changed.outcome) {
    case "done":
      return seeOther(pathOf(loaded.account), "L'e-mail è salvata.");
    case "unchanged":
      return seeOther(pathOf(loaded.account), "Nulla è cambiato: l'e-mail era già questa.");
    case "email-wrong": {
      const message = "L'indirizzo e-mail non è scritto bene.";
      const errors = [{ field: "email", message }];
      return withStatus(422, showStaff(visit, loaded, { values: { email }, errors }));
    }
    case "not-found":
      return notFound;
  }
}

const onIdentity =
  (act: typeof refuseStaffIdentity, said: string) =>
  async (visit: Visit): Promise<Answer> => {
    const { actor, now } = visit;
    const accountId = visit.params["id"] ?? "";
    const subject = visit.fields.text("identita").slice(0, 2000);
    if (!actor || !isUuid(accountId)) return notFound;
    const done = await visit.town.write((tx) => act(tx, { by: actor, now, accountId, subject }));
    return answerOf(visit, done, said);
  };

export const refuseIdentityNow = onIdentity(
  refuseStaffIdentity,
  "L'account del Comune è rifiutato: con quello non si entra più.",
);
export const admitIdentityNow = onIdentity(
  admitStaffIdentity,
  "L'account del Comune non è più legato a questo accesso: la prossima volta si collega con l'indirizzo e-mail.",
);
