// SPDX-License-Identifier: EUPL-1.2
import { type CredentialSubject, credentialSubjects, type Family } from "#families";
import { startLetters } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { actionForm, card, definitionList, emptyState } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import { townOrigin } from "../../web/town-origin.ts";
import type { Visit } from "../../web/visit.ts";
import { familyOfAddress, familyPath, fullName } from "../family/family-guard.ts";
import { familyFrame } from "../family/family-frame.ts";
import { itemOf } from "./choose-letters.ts";
import { hasCredentials, noCredentials, runPath } from "./letter-words.ts";
import { letterDay } from "./letter-day.ts";
import { makeLetters } from "./make-letters.ts";

const f = formats("it");

async function subjectsOf(tx: ReadTx, visit: Visit, family: Family): Promise<CredentialSubject[]> {
  return credentialSubjects(tx, {
    holderIds: [family.holder.id],
    per: visit.townSettings.login.credentialsPer,
    date: await letterDay(tx, visit.today),
  });
}

/** `/ufficio/famiglie/{id}/credenziali`: how the family signs in, and the letter for it. */
export async function familyCredentialsPage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    return family && { family, subjects: await subjectsOf(tx, visit, family) };
  });
  if (!read) return notFound;
  const { family, subjects } = read;
  return familyFrame(visit, family, {
    h1: "Credenziali",
    lead: `Famiglia ${family.person.surname}, ${fullName(family.person)}`,
    body: hasCredentials(visit)
      ? html`${subjects.length === 0 && emptyState({ text: "Nessun bambino in questo conto oggi." })}
          ${subjects.map((subject) => subjectCard(visit, family, subject))}
          <p class="quiet">
            Ogni lettera ha un codice nuovo e annulla quello di prima. La password la sceglie la
            famiglia: l'ufficio non la vede.
          </p>`
      : noCredentials(),
  });
}

function subjectCard(visit: Visit, family: Family, subject: CredentialSubject): Html {
  const { account, childId, children } = subject;
  const [child] = childId ? children : [];
  const { email } = subject.holder;
  const send = (channel: "paper" | "email", label: string): Html =>
    actionForm({
      action: `${familyPath(family.holder.id)}/credenziali`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { bambino: childId, canale: channel },
      label,
      kind: channel === "paper" ? "primary" : "secondary",
      ...(child ? { ariaLabel: `${label}: ${fullName(child)}` } : {}),
    });
  return card({
    title: child ? fullName(child) : "Tutta la famiglia",
    body: definitionList([
      { label: "Codice utente", value: account?.username ?? "si crea con la lettera" },
      { label: "Password", value: passwordText(account) },
      { label: "Ultima lettera", value: letterText(account) },
      { label: "E-mail", value: email || "non indicata" },
    ]),
    actions: html`${send("paper", "Prepara la lettera")}
    ${email !== "" && send("email", "Invia per e-mail")}`,
  });
}

function passwordText(account: CredentialSubject["account"]): string {
  if (!account?.isActive) return "mai scelta";
  const { passwordChangedAt } = account;
  return passwordChangedAt ? `scelta ${f.day(dayOf(passwordChangedAt))}` : "scelta";
}

function letterText(account: CredentialSubject["account"]): string {
  const letter = account?.letter;
  if (!letter) return "nessuna";
  const made = `${f.day(dayOf(letter.madeAt))}, ${letter.madeBy}`;
  if (letter.usedAt) return `${made}: usata ${f.day(dayOf(letter.usedAt))}`;
  return letter.withdrawnAt
    ? `${made}: non vale più`
    : `${made}: vale fino a ${f.day(dayOf(letter.expiresAt))}`;
}

/** One letter, made at once: whoever waits at the desk does not wait for a worker. */
export async function makeFamilyLetter(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor || !hasCredentials(visit)) return notFound;
  const childId = fields.text("bambino") || null;
  const byEmail = fields.text("canale") === "email";
  const started = await visit.town.write(async (tx) => {
    const family = await familyOfAddress(tx, visit);
    const subject =
      family && (await subjectsOf(tx, visit, family)).find((one) => one.childId === childId);
    if (!family || !subject) return null;
    const [child] = childId ? subject.children : [];
    const run = await startLetters(tx, {
      key: fields.text("key"),
      title: `Lettera per ${child ? fullName(child) : fullName(family.person)}`,
      items: [itemOf(subject, byEmail)],
      by: actor.name,
      now,
    });
    return { family, run };
  });
  if (!started || started.run.outcome === "nothing") return notFound;
  const { runId } = started.run;
  await makeLetters(visit.town, {
    runId,
    sealKey: visit.app.sealKey,
    origin: townOrigin(visit.app, visit.tenant),
    now: () => visit.app.clock.now(),
  });
  return byEmail
    ? seeOther(`${familyPath(started.family.holder.id)}/credenziali`, "L'e-mail parte tra poco.")
    : seeOther(runPath(runId));
}
