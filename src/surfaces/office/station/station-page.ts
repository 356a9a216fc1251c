// SPDX-License-Identifier: EUPL-1.2
import { type Service, townCalendar } from "#calendar";
import { type Day, dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import {
  CATEGORY_OF_KIND,
  type CollectionAccount,
  collectionAccounts,
  type KeySet,
  keysSet,
  PAGOPA_SERVICES,
  type RemoteBacklog,
  remoteBacklog,
  type Station,
  stationsOfTown,
} from "#payments";
import { type Creditor, creditors, type DatedSettings, datedSettings } from "#tenancy";
import {
  actionForm,
  alert,
  card,
  dataTable,
  definitionList,
  emptyState,
  linkButton,
  tag,
} from "#ui/components.ts";
import { STATION_PATH } from "../../web/app.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import {
  CHANNEL_WORDS,
  modeWords,
  problemWords,
  SERVICE_WORDS,
  STATION_PAGE,
} from "./station-words.ts";

const f = formats("it");
const when = (at: Moment): string => `${f.shortDay(dayOf(at))}, ${f.time(at)}`;

interface Setup {
  readonly creditors: readonly Creditor[];
  readonly stations: readonly Station[];
  readonly accounts: readonly CollectionAccount[];
  readonly keys: readonly KeySet[];
  readonly backlog: readonly RemoteBacklog[];
  readonly settings: DatedSettings;
  readonly services: readonly Service[];
}

export async function loadSetup(tx: ReadTx): Promise<Setup> {
  const [institutions, stations, accounts, keys, backlog, settings, calendar] = await Promise.all([
    creditors(tx),
    stationsOfTown(tx),
    collectionAccounts(tx),
    keysSet(tx),
    remoteBacklog(tx),
    datedSettings(tx),
    townCalendar(tx),
  ]);
  const { services } = calendar;
  return { creditors: institutions, stations, accounts, keys, backlog, settings, services };
}

/** `/ufficio/impostazioni/pagopa`: who collects, through which station, on which accounts; what pagoPA has not heard yet. */
export async function stationPage(visit: Visit): Promise<Answer> {
  const setup = await visit.town.read((tx) => loadSetup(tx));
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "pagoPA",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      lead: "Enti, stazioni, conti e chiavi con cui il Comune incassa.",
      body: html`${missing(setup)}${testCard(visit)}${stationSection(visit, setup)}
      ${accountSection(visit, setup)}${creditorSection(visit.today, setup)}${keySection(setup)}
      ${backlogSection(setup)}${serviceSection(visit.today, setup)}`,
    },
  );
}

/** What keeps notices from being issued, before anything else. */
function missing({ stations, accounts, creditors: institutions }: Setup): Content {
  const lacks = [
    institutions.length === 0 && "un ente creditore",
    !stations.some(({ retiredAt }) => !retiredAt) && "una stazione in uso",
    !accounts.some(({ retiredAt }) => !retiredAt) && "un conto su cui incassare",
  ].filter((one) => one !== false);
  return (
    lacks.length > 0 &&
    alert({
      tone: "warning",
      title: "Gli avvisi pagoPA non si possono ancora emettere",
      body: html`<p>Manca ${f.list(lacks)}.</p>`,
    })
  );
}

const testCard = (visit: Visit): Html =>
  card({
    title: "Prova del collegamento",
    body: html`<p>
        Indirizzo della stazione da indicare a pagoPA: <code>${addressOf(visit)}</code>${
          visit.app.pagoPa.hasOwnDoor && ", sulla porta TLS riservata a pagoPA"
        }
      </p>
      <p>La prova non emette nulla e non cambia nulla.</p>`,
    actions: actionForm({
      action: `${STATION_PAGE}/prova`,
      csrf: visit.csrf,
      label: "Prova adesso",
      kind: "primary",
    }),
  });

const addressOf = ({ request }: Visit): string =>
  `${request.protocol}://${request.headers.host ?? ""}${STATION_PATH}`;

const section = (id: string, title: string, body: Content, action?: Content): Html =>
  html`<section aria-labelledby="${id}">
    <h2 id="${id}" class="section-title">${title}</h2>
    ${body}${action && html`<div class="button-row">${action}</div>`}
  </section>`;

const add = (path: string, label: string): Html =>
  linkButton({ href: `${STATION_PAGE}/${path}`, label, kind: "secondary" });

function stationSection(visit: Visit, { stations }: Setup): Html {
  const table = dataTable({
    caption: "Stazioni",
    captionHidden: true,
    columns: [
      { label: "Stazione", header: true },
      { label: "Ente" },
      { label: "Segregazione" },
      { label: "Modo" },
      { label: "Stato" },
      { label: "Azioni" },
    ],
    rows: stations.map((one) => [
      one.stationId,
      one.creditorFiscalCode,
      one.segregationCode,
      modeWords(one),
      one.retiredAt
        ? `ritirata il ${when(one.retiredAt)}: riceve ancora ricevute`
        : tag("in uso", "info"),
      one.retiredAt
        ? ""
        : linkButton({
            href: `${STATION_PAGE}/stazioni/${one.creditorFiscalCode}-${one.segregationCode}/ritira`,
            label: "Ritira…",
            kind: "secondary",
            ariaLabel: `Ritira la stazione ${one.stationId}, segregazione ${one.segregationCode}`,
          }),
    ]),
  });
  return section(
    "stazioni",
    "Stazioni",
    stations.length === 0 ? emptyState({ text: "Nessuna stazione." }) : table,
    add("stazioni/nuova", "Aggiungi una stazione"),
  );
}

function accountSection(visit: Visit, { accounts }: Setup): Html {
  const table = dataTable({
    caption: "Conti",
    captionHidden: true,
    columns: [
      { label: "IBAN", header: true },
      { label: "Ente" },
      { label: "Tipo" },
      { label: "Stato" },
      { label: "Azioni" },
    ],
    rows: accounts.map((one) => [
      one.iban.replace(/(.{4})(?=.)/g, "$1 "),
      one.creditorName,
      one.kind === "bank"
        ? "bancario"
        : html`postale n. ${one.postalAccount}, intestato a ${one.postalHolder}<br />
            ${one.postalAuthorisation}`,
      one.retiredAt ? `non più usato dal ${when(one.retiredAt)}` : tag("in uso", "info"),
      one.retiredAt
        ? ""
        : actionForm({
            action: `${STATION_PAGE}/conti/${one.id}/ritira`,
            csrf: visit.csrf,
            label: "Non usare più",
            kind: "secondary",
            ariaLabel: `Non usare più il conto ${one.iban}`,
          }),
    ]),
  });
  return section(
    "conti",
    "Conti di incasso",
    accounts.length === 0 ? emptyState({ text: "Nessun conto." }) : table,
    add("conti/nuovo", "Aggiungi un conto"),
  );
}

/** The CBILL code comes from the town's profile: banks find the institution by it (PE-12). */
function creditorSection(today: Day, { creditors: institutions, settings }: Setup): Html {
  const { cbill = {} } = settings.town("collection", today);
  return section(
    "enti",
    "Enti creditori",
    institutions.length === 0
      ? emptyState({ text: "Nessun ente." })
      : definitionList(
          institutions.map(({ fiscalCode, name, ipaCode }) => ({
            label: name,
            value: `codice fiscale ${fiscalCode}${ipaCode ? `, codice IPA ${ipaCode}` : ""}, codice CBILL ${
              cbill[fiscalCode] ?? "non indicato"
            }`,
          })),
        ),
    add("enti/nuovo", "Aggiungi un ente"),
  );
}

const keySection = ({ keys }: Setup): Html =>
  section(
    "chiavi",
    "Chiavi dei servizi pagoPA",
    definitionList(
      PAGOPA_SERVICES.map((service) => {
        const set = keys.find((key) => key.service === service);
        const { name, use } = SERVICE_WORDS[service];
        return {
          label: `${name}: ${use}`,
          value: set
            ? `impostata il ${when(set.changedAt)} da ${set.changedBy}`
            : tag("non impostata", "warning"),
        };
      }),
    ),
    add("chiavi", "Imposta una chiave"),
  );

const backlogSection = ({ backlog }: Setup): Html =>
  section(
    "da-comunicare",
    "Avvisi da comunicare a pagoPA",
    backlog.length === 0
      ? html`<p>pagoPA è aggiornata: nessun avviso in attesa.</p>`
      : definitionList(
          backlog.map(({ channel, waiting, failing, oldest, problem }) => ({
            label: CHANNEL_WORDS[channel],
            value: html`${plural(waiting, "avviso in attesa", "avvisi in attesa")}${
              oldest && `, il più vecchio dal ${when(oldest)}`
            }${
              failing > 0 &&
              html`<br />${tag("non riuscito", "warning")} ${problemWords(problem)}; si riprova da
                solo <span class="quiet">(${problem})</span>`
            }`,
          })),
        ),
  );

/** Codes come from the town's profile; what is assumed says so. */
function serviceSection(today: Day, { services, settings, stations }: Setup): Html {
  const known = new Set(settings.services(today));
  const own = stations.find(({ retiredAt }) => !retiredAt)?.creditorFiscalCode ?? "";
  const rows = services
    .filter(({ code }) => known.has(code))
    .map((service): Content[] => {
      const accounting = settings.service(service.code, "accounting", today);
      const reason = settings.assumed(service.code, "accounting", today);
      const isUsual = accounting.transferCategory === undefined;
      return [
        service.name,
        html`${accounting.transferCategory ?? CATEGORY_OF_KIND[service.kind]}${
          isUsual &&
          html` ${tag("ipotesi", "warning")} <span class="quiet">codice del tipo di servizio</span>`
        }`,
        accounting.beneficiary ?? own,
        accounting.budgetChapter || "non indicato",
        accounting.assessment || "non indicato",
        html`${accounting.siope || "non indicato"}${
          reason && html` ${tag("ipotesi", "warning")} <span class="quiet">${reason}</span>`
        }`,
      ];
    });
  return section(
    "servizi",
    "Codici per servizio",
    html`${dataTable({
        caption: "Codici per servizio",
        captionHidden: true,
        columns: [
          { label: "Servizio", header: true },
          { label: "Tassonomia pagoPA" },
          { label: "Incassa" },
          { label: "Capitolo" },
          { label: "Accertamento" },
          { label: "SIOPE" },
        ],
        rows,
      })}
      <p class="quiet">Si cambiano con il profilo del Comune.</p>`,
  );
}
