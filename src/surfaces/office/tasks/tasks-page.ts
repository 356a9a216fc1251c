// SPDX-License-Identifier: EUPL-1.2
import { type UnknownWalkIn, unknownWalkIns } from "#attendance";
import { type OpenFirstNotice, openFirstNotices, openUnpriced } from "#billing";
import { type TownCalendar, townCalendar } from "#calendar";
import {
  type CorrectionRequest,
  holderNames,
  holdersOn,
  openCorrections,
  openTasks,
  people,
  type Person,
  type PersonTask,
} from "#families";
import { type Stranger, waitingStrangers } from "#identity";
import { type Content, html, type Html } from "#kernel/html.ts";
import { type Application, countOpenApplications, openApplications } from "#enrolment";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { type Balance, negativeBalances } from "#ledger";
import { explainUnpriced } from "#tariffs";
import { datedSettings } from "#tenancy";
import { dataTable, emptyState, linkButton } from "#ui/components.ts";
import { type Answer, MANAGER_ROLES } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { beyondTheRule } from "../board/negative-accounts.ts";
import { officePage } from "../office-page.ts";
import { applicationRow } from "./application-said.ts";
import { TOPIC_WORDS } from "./answer-correction.ts";
import { LINKS } from "./link-view.ts";
import { serviceName } from "../words.ts";

const MOST = 200;
const f = formats("it");

const PERSON_WORDS: Record<PersonTask["kind"], string> = {
  "codice-fiscale-missing": "Codice fiscale mancante",
  "codice-fiscale-provisional": "Codice fiscale provvisorio",
  "codice-fiscale-mismatch": "Codice fiscale diverso dai dati anagrafici",
  "child-without-holder": "Nessun intestatario: gli addebiti restano in sospeso",
};

interface Worklist {
  readonly calendar: TownCalendar;
  readonly unpriced: Awaited<ReturnType<typeof openUnpriced>>;
  readonly firstNotices: readonly OpenFirstNotice[];
  readonly unnamed: readonly UnknownWalkIn[];
  readonly persons: readonly PersonTask[];
  readonly corrections: readonly CorrectionRequest[];
  readonly strangers: readonly Stranger[];
  readonly applications: readonly Application[];
  readonly applicationCount: number;
  readonly negative: readonly Balance[];
  readonly names: ReadonlyMap<string, Person>;
  readonly holders: ReadonlyMap<string, string>;
  readonly holderName: (id: string) => string;
}

/** `/ufficio/compiti`: what somebody has to clear up, by kind. Derived each time; it shrinks by itself. */
export async function tasksPage(visit: Visit): Promise<Answer> {
  const list = await visit.town.read(async (tx): Promise<Worklist> => {
    const { today } = visit;
    const calendar = await townCalendar(tx);
    const settings = await datedSettings(tx);
    const unpriced = await openUnpriced(tx, MOST);
    const firstNotices = await openFirstNotices(tx, MOST);
    const persons = (await openTasks(tx, today)).slice(0, MOST);
    const negative = beyondTheRule(await negativeBalances(tx, MOST), { calendar, settings, today });
    const corrections = await openCorrections(tx, MOST);
    const childIds = [
      ...corrections.map(({ personId }) => personId),
      ...unpriced.map(({ childId }) => childId),
      ...firstNotices.map(({ childId }) => childId),
      ...negative.flatMap(({ childId }) => childId ?? []),
    ];
    const asked = [...new Set([...childIds, ...persons.map(({ personId }) => personId)])];
    const adults = await holderNames(
      tx,
      negative.map(({ holderId }) => holderId),
    );
    return {
      calendar,
      unpriced,
      firstNotices,
      persons,
      corrections,
      strangers: await waitingStrangers(tx, MOST),
      applications: await openApplications(tx, MOST),
      applicationCount: await countOpenApplications(tx),
      negative,
      unnamed: await unknownWalkIns(tx, {
        from: today.subtract({ days: 60 }),
        to: today,
        onlyOpen: true,
      }),
      names: new Map((await people(tx, childIds)).map((one) => [one.id, one])),
      holders: await holdersOn(tx, asked, today),
      holderName: (id) => {
        const adult = adults.get(id);
        return adult ? `${adult.surname} ${adult.givenName}` : "";
      },
    };
  });
  const sections = [
    applicationPart(visit, list),
    strangerPart(visit, list),
    correctionPart(list),
    unpricedPart(list),
    firstNoticePart(list),
    unnamedPart(list),
    negativePart(list),
    personPart(list),
  ];
  return officePage(
    visit,
    { current: "tasks" },
    {
      h1: "Da sistemare",
      body: sections.some((section) => section !== null)
        ? html`${sections}`
        : emptyState({
            icon: "it-check-circle",
            text: `Niente da sistemare alle ${f.time(visit.now)}.`,
          }),
    },
  );
}

function part(
  id: string,
  title: string,
  why: string,
  labels: readonly string[],
  rows: readonly (readonly Content[])[],
  count = rows.length,
): Html | null {
  if (rows.length === 0) return null;
  return html`<section id="${id}" aria-labelledby="${id}-titolo">
    <h2 id="${id}-titolo" class="section-title">${title}: ${count}</h2>
    <p>${why}${count > rows.length && ` Qui le prime ${rows.length}.`}</p>
    ${dataTable({
      caption: title,
      captionHidden: true,
      columns: labels.map((label, index) => ({ label, header: index === 0 })),
      rows,
    })}
  </section>`;
}

const nameOf = (list: Worklist, id: string): string => {
  const person = list.names.get(id);
  return person ? `${person.surname} ${person.givenName}` : "";
};

const linkTo = (list: Worklist, childId: string, label: string): Content => {
  const holderId = list.holders.get(childId);
  return html`<a
    href="${holderId ? `/ufficio/famiglie/${holderId}` : `/ufficio/figli/${childId}/intestatario`}"
    >${label}</a
  >`;
};

const unpricedPart = (list: Worklist): Html | null =>
  part(
    "senza-prezzo",
    "Pasti e quote senza prezzo",
    "Il pasto è stato servito, o il servizio usato, e non è addebitato. Sistemato il dato: per un pasto si riapre e si richiude la giornata, per una quota si ripete «Registra le quote».",
    ["Bambino", "Giorno", "Servizio", "Che cosa manca"],
    list.unpriced.map((row) => [
      linkTo(list, row.childId, nameOf(list, row.childId)),
      row.kind === "fixed-fee"
        ? html`<a href="/ufficio/avvisi">Quota da ${f.day(row.date)}</a>`
        : html`<a href="/ufficio/giornate/${row.date.toString()}/${row.siteId}"
            >${f.day(row.date)}</a
          >`,
      serviceName(list.calendar, row.serviceId),
      reasonText(row.reason),
    ]),
  );

const firstNoticePart = (list: Worklist): Html | null =>
  part(
    "primi-avvisi",
    "Primi avvisi senza prezzo",
    "Il primo avviso non si può calcolare. Sistemato il dato, si prepara da «Avvisi», «Primi avvisi».",
    ["Bambino", "Servizio", "Che cosa manca"],
    list.firstNotices.map((row) => [
      linkTo(list, row.childId, nameOf(list, row.childId)),
      serviceName(list.calendar, row.serviceId),
      reasonText(row.reason),
    ]),
  );

/** The reason is one of the tariff's, or that nobody pays for the child. */
function reasonText(reason: string): string {
  if (reason === "no-holder") return "Nessun intestatario paga per il bambino.";
  return explainUnpriced(reason as Parameters<typeof explainUnpriced>[0]) ?? reason;
}

const unnamedPart = (list: Worklist): Html | null =>
  part(
    "fuori-lista",
    "Serviti fuori lista, senza nome",
    "La scuola ha servito un bambino che non ha trovato in elenco: abbinarlo, o chiudere senza addebito.",
    ["Descrizione", "Giorno", "Scuola", "Segnalato da", "Da fare"],
    list.unnamed.map((row) => [
      row.description,
      f.day(row.date),
      list.calendar.sites.get(row.siteId)?.name ?? "",
      row.recordedBy,
      linkButton({
        href: `/ufficio/compiti/fuori-lista/${row.id}`,
        label: "Abbina",
        ariaLabel: `Abbina: ${row.description}`,
      }),
    ]),
  );

const negativePart = (list: Worklist): Html | null =>
  part(
    "conti",
    "Conti sotto il limite del Comune",
    "La mensa continua: nessun bambino resta senza pasto. Dal più basso.",
    ["Famiglia", "Conto", "Saldo"],
    list.negative.map((row) => [
      html`<a href="/ufficio/famiglie/${row.holderId}">${list.holderName(row.holderId)}</a>`,
      [row.childId && nameOf(list, row.childId), serviceName(list.calendar, row.serviceId)]
        .filter(Boolean)
        .join(", ") || "Famiglia",
      formatEuro(row.balanceCents),
    ]),
  );

const correctionPart = (list: Worklist): Html | null =>
  part(
    "correzioni",
    "Correzioni chieste dalle famiglie",
    "Nome, codice fiscale, nascita, scuola e classe li corregge l'ufficio; poi si risponde.",
    ["Di chi", "Che cosa", "Chiesta da", "Da fare"],
    list.corrections.map((row) => [
      nameOf(list, row.personId),
      TOPIC_WORDS[row.topic],
      `${row.askedBy}, ${f.dayAndTime(row.askedAt)}`,
      linkButton({
        href: `/ufficio/compiti/correzioni/${row.id}`,
        label: "Apri",
        ariaLabel: `Apri: ${nameOf(list, row.personId)}, ${TOPIC_WORDS[row.topic]}`,
      }),
    ]),
  );

const isManager = ({ session }: Visit): boolean =>
  MANAGER_ROLES.some((role) => session?.roles.includes(role));

const applicationPart = (visit: Visit, list: Worklist): Html | null =>
  part(
    "iscrizioni",
    "Domande di iscrizione",
    "Arrivate da «Iscrizioni», con SPID o CIE. Si accolgono con classe e servizi, o si dice perché no.",
    ["Bambino", "Scuola e classe", "Servizi", "Numero e arrivo", "Da fare"],
    list.applications.map((one) => applicationRow(list.calendar, one, isManager(visit))),
    list.applicationCount,
  );

const strangerPart = (visit: Visit, list: Worklist): Html | null =>
  part(
    "collegamenti",
    "Chi chiede il collegamento",
    "Entra con un'identità verificata che non risulta di nessuna famiglia. Si collega alla sua, o si rifiuta dicendo perché.",
    ["Chi", "Bambino", "Quando", "Da fare"],
    list.strangers.map((row) => [
      `${row.givenName} ${row.surname}`,
      row.asked?.childName ?? "non indicato (identità europea)",
      f.dayAndTime(row.askedAt ?? row.lastSeenAt),
      isManager(visit)
        ? linkButton({
            href: `${LINKS}/${row.id}`,
            label: "Apri",
            ariaLabel: `Apri: ${row.givenName} ${row.surname}`,
          })
        : "Lo vede il responsabile",
    ]),
  );

const personPart = (list: Worklist): Html | null =>
  part(
    "persone",
    "Dati delle persone",
    "Il servizio funziona anche così; senza codice fiscale non si emettono avvisi né attestazioni.",
    ["Persona", "Che cosa manca"],
    list.persons.map((task) => {
      const name = `${task.surname} ${task.givenName}`;
      const label =
        task.personKind === "child" ? linkTo(list, task.personId, name) : searchLink(name);
      return [label, PERSON_WORDS[task.kind]];
    }),
  );

const searchLink = (name: string): Content =>
  html`<a href="/ufficio/cerca?q=${encodeURIComponent(name)}">${name}</a>`;
