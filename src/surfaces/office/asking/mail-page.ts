// SPDX-License-Identifier: EUPL-1.2
import { debtors } from "#families";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { dismissEmails, type Email, emailCounts, givenUpEmails, replanEmails } from "#messaging";
import { actionForm, dataTable, definitionList, emptyState } from "#ui/components.ts";
import { type Answer, notFound, seeOther } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { askingPage, noMailNotice } from "./asking-page.ts";

const PATH = "/ufficio/e-mail";
const f = formats("it");
const MOST = 200;
const SINCE_DAYS = 30;

type Counts = Awaited<ReturnType<typeof emailCounts>>;
type People = Awaited<ReturnType<typeof debtors>>;

const KIND: Record<Email["kind"], string> = {
  bill: "Avviso del mese",
  "first-notice": "Primo avviso",
  payment: "Pagamento verificato",
  reminder: "Sollecito",
  credentials: "Codici e credenziali",
  recovery: "Nuova password",
  "staff-code": "Codice per il personale",
  "link-answer": "Risposta sul collegamento",
  "application-answer": "Risposta alla domanda di iscrizione",
  "access-changed": "Cambio nei modi di accesso",
};

async function load(tx: ReadTx): Promise<{ givenUp: Email[]; people: People }> {
  const givenUp = await givenUpEmails(tx, MOST);
  const holderIds = [...new Set(givenUp.flatMap(({ holderId }) => holderId ?? []))];
  return { givenUp, people: await debtors(tx, holderIds) };
}

/** `/ufficio/e-mail`: what left, what waits, and which addresses do not work. */
export async function mailPage(visit: Visit): Promise<Answer> {
  const since = visit.now.subtract({ hours: 24 * SINCE_DAYS });
  const { givenUp, people, counts } = await visit.town.read(async (tx) => ({
    ...(await load(tx)),
    counts: await emailCounts(tx, since),
  }));
  return askingPage(visit, "mail", {
    h1: "E-mail alle famiglie",
    lead: `Negli ultimi ${SINCE_DAYS} giorni, fino alle ${f.time(visit.now)}`,
    body: html`${noMailNotice(visit)} ${figuresOf(counts)}
    ${
      givenUp.length === 0
        ? html`<h2 class="section-title">Non consegnate</h2>
            ${emptyState({ icon: "it-check-circle", text: "Nessun indirizzo che non funziona." })}`
        : givenUpPart(visit, givenUp, people)
    }`,
  });
}

function figuresOf(counts: Counts): Html {
  const of = (...states: readonly string[]): number =>
    counts.reduce((sum, { state, count }) => (states.includes(state) ? sum + count : sum), 0);
  const waiting = counts.find(({ state, problem }) => state === "failed" && problem !== "");
  const server = counts.find(({ state, problem }) => state === "planned" && problem !== "");
  const problem = waiting?.problem ?? server?.problem;
  return definitionList([
    { label: "Partite", value: f.number(of("sent")) },
    { label: "In attesa di partire", value: f.number(of("planned", "failed")) },
    { label: "Non più necessarie", value: f.number(of("withdrawn")) },
    { label: "Non consegnate", value: f.number(of("given-up")) },
    ...(problem ? [{ label: "Ultima risposta del server", value: problem }] : []),
  ]);
}

function givenUpPart(visit: Visit, givenUp: readonly Email[], people: People): Html {
  return html`<h2 class="section-title">Non consegnate: ${givenUp.length}</h2>
    <p>
      L'indirizzo si corregge nella pagina della famiglia; poi l'e-mail riparte verso quello nuovo.
      La famiglia legge lo stesso messaggio nel portale.
    </p>
    ${dataTable({
      caption: "E-mail non consegnate",
      captionHidden: true,
      columns: [
        { label: "Famiglia", header: true },
        { label: "Che cosa" },
        { label: "Indirizzo" },
        { label: "Risposta del server" },
        { label: "Quando" },
        { label: "Da fare" },
      ],
      rows: givenUp.map((email) => {
        const person = people.get(email.holderId ?? "");
        const name = person?.fullName ?? (email.holderId === null ? "Personale" : "");
        const act = (label: string, action: string): Html =>
          actionForm({
            action: `${PATH}/${email.id}/${action}`,
            csrf: visit.csrf,
            key: visit.newKey(),
            label,
            kind: "quiet",
            ariaLabel: `${label}: ${name}`,
          });
        return [
          email.holderId === null
            ? name
            : html`<a href="/ufficio/famiglie/${email.holderId}">${name}</a>`,
          KIND[email.kind],
          person?.email && person.email !== email.address
            ? html`${email.address}, ora ${person.email}`
            : email.address,
          email.problem,
          email.doneAt ? f.shortDay(dayOf(email.doneAt)) : "",
          html`${person?.email && act("Rimanda", "rimanda")} ${act("Togli", "togli")}`,
        ];
      }),
    })} `;
}

/** To the address that the person has now. */
export async function resendNow(visit: Visit): Promise<Answer> {
  const id = visit.params["id"] ?? "";
  if (!visit.actor || !isUuid(id)) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const { givenUp, people } = await load(tx);
    const email = givenUp.find((one) => one.id === id);
    const address = email && people.get(email.holderId ?? "")?.email;
    const count = address
      ? await replanEmails(tx, { emails: [{ id, address }], now: visit.now })
      : 0;
    return seeOther(PATH, count === 0 ? "Era già fatto." : "L'e-mail riparte tra poco.");
  });
}

export async function dismissNow(visit: Visit): Promise<Answer> {
  const id = visit.params["id"] ?? "";
  if (!visit.actor || !isUuid(id)) return notFound;
  const count = await visit.town.write((tx) => dismissEmails(tx, { ids: [id], now: visit.now }));
  return seeOther(
    PATH,
    count === 0 ? "Era già fatto." : `${plural(count, "e-mail tolta", "e-mail tolte")}.`,
  );
}
