// SPDX-License-Identifier: EUPL-1.2
import { type Service, townCalendar } from "#calendar";
import { day, dayOf } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { elided, formats } from "#kernel/i18n.ts";
import { type DatedSettings, datedSettings, profileVersions, type TownSettings } from "#tenancy";
import { card, dataTable, definitionList, emptyState, linkButton, tag } from "#ui/components.ts";
import { type Answer, MANAGER_ROLES } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { LETTERS } from "../credentials/letter-words.ts";
import { DEVICES } from "../devices/device-list.ts";
import { busServices, SCHOOL_BUS } from "../school-bus/bus-words.ts";
import { IDENTITY_PAGE } from "../identity/identity-words.ts";
import { officePage } from "../office-page.ts";
import { STAFF_PAGE } from "../staff/staff-words.ts";
import { STATION_PAGE } from "../station/station-words.ts";
import { LOGO_PAGE } from "./logo-page.ts";
import { SECURITY_PAGE } from "./security-words.ts";
import { serviceLines } from "./settings-words.ts";

const f = formats("it");
const MEANS = { spid: "SPID", cie: "CIE", credentials: "codice utente e password" } as const;

/** Why a setting is assumed, as a mark with its reason; nothing where the town's document says it. */
type AssumedTag = (scope: string, key: string) => Content;

/** `/ufficio/impostazioni`: what the municipality has chosen, as it holds today; what is assumed says why. */
export async function settingsPage(visit: Visit): Promise<Answer> {
  const { today } = visit;
  const { settings, calendar, versions } = await visit.town.read(async (tx) => ({
    settings: await datedSettings(tx),
    calendar: await townCalendar(tx),
    versions: await profileVersions(tx),
  }));
  const assumed: AssumedTag = (scope, key) => {
    const reason = settings.assumed(scope, key, today);
    if (reason === null) return null;
    return html` ${tag("ipotesi", "warning")} <span class="quiet">${reasonText(reason)}</span>`;
  };
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Impostazioni",
      headActions: html`${linkButton({ href: LETTERS, label: "Credenziali" })}
      ${linkButton({ href: DEVICES, label: "Tablet" })}
      ${busServices(calendar).length > 0 && linkButton({ href: SCHOOL_BUS, label: "Scuolabus" })}
      ${
        MANAGER_ROLES.some((role) => visit.session?.roles.includes(role)) && [
          linkButton({ href: LOGO_PAGE, label: "Stemma", kind: "secondary" }),
        ]
      }
      ${
        visit.session?.roles.includes("administrator") && [
          linkButton({ href: STATION_PAGE, label: "pagoPA", kind: "secondary" }),
          linkButton({ href: IDENTITY_PAGE, label: "SPID e CIE", kind: "secondary" }),
          linkButton({ href: SECURITY_PAGE, label: "Sicurezza", kind: "secondary" }),
          linkButton({ href: STAFF_PAGE, label: "Personale", kind: "secondary" }),
        ]
      }`,
      lead: `In vigore oggi, ${f.dayWithYear(today)}. Si cambiano con il profilo del Comune.`,
      body: html`${townCards(visit, settings, assumed)}
      ${calendar.services.map((service, index) => serviceSection(visit, settings, service, index, assumed))}
      ${versions.length > 0 && versionTable(versions)}`,
    },
  );
}

/** Each part of a setting may have its own reason, after its technical name. */
const reasonText = (reason: string): string =>
  reason
    .split("\n")
    .map((line) => line.replace(/^[A-Za-z.]+: /, ""))
    .join("; ");

function townCards(visit: Visit, settings: DatedSettings, assumed: AssumedTag): Html {
  const { town, office } = visit.townSettings;
  const login = settings.town("login", visit.today);
  const diets = settings.town("dietCodes", visit.today);
  const hours = office.hours.map(
    ({ weekday, from, to }) => html`${f.weekday(weekday)} ${from}–${to}<br />`,
  );
  return html`<div class="panels">
    ${card({
      title: town.name,
      body: definitionList([
        {
          label: "Codice fiscale",
          value: [town.fiscalCode || "da completare", assumed("", "town")],
        },
        { label: "Indirizzo", value: town.address || "non indicato" },
      ]),
    })}
    ${card({
      title: office.name,
      body: definitionList([
        { label: "Telefono", value: office.phones.join(", ") || "non indicato" },
        { label: "E-mail", value: office.emails.join(", ") || "non indicata" },
        { label: "PEC", value: office.pec || "non indicata" },
        {
          label: "Orari",
          value: [hours.length === 0 ? "non indicati" : hours, assumed("", "office")],
        },
      ]),
    })}
    ${card({
      title: "Accesso delle famiglie",
      body: definitionList([
        {
          label: "Portale",
          value: [f.list(login.portal.map((way) => MEANS[way])), assumed("", "login")],
        },
        {
          label: "Domanda di iscrizione",
          value: [
            f.list(login.enrolment.map((way) => MEANS[way])),
            html`<br />${windowText(settings.town("enrolment", visit.today))}`,
            assumed("", "enrolment"),
          ],
        },
        ...(login.portal.includes("credentials")
          ? [{ label: "Perché le credenziali", value: login.credentialsReason ?? "non indicato" }]
          : []),
      ]),
    })}
    ${
      diets.length > 0 &&
      card({
        title: ["Codici dieta ", assumed("", "dietCodes")],
        body: definitionList(
          diets.map(({ code, label, leaveOut }) => ({
            label: code,
            value: leaveOut ? `${label}: senza ${leaveOut}` : label,
          })),
        ),
      })
    }
  </div>`;
}

/** OS-02: when families may apply on line. */
function windowText({ window, onlineOnly }: TownSettings["enrolment"]): string {
  if (!window) return "non si fa in linea";
  const span = elided(`dal ${f.shortDay(day(window.from))} al ${f.shortDay(day(window.to))}`);
  return `${span}${onlineOnly ? ", solo in linea" : ", anche allo sportello"}`;
}

function serviceSection(
  visit: Visit,
  settings: DatedSettings,
  service: Service,
  index: number,
  assumed: AssumedTag,
): Html {
  const lines = serviceLines(settings, service.code, visit.today);
  const id = `servizio-${index + 1}`;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}" class="section-title">${service.name}</h2>
    ${
      lines.length === 0
        ? emptyState({ text: "Nessuna impostazione per questo servizio." })
        : dataTable({
            caption: `Impostazioni: ${service.name}`,
            captionHidden: true,
            columns: [
              { label: "Che cosa", header: true },
              { label: "Come" },
              { label: "Da dove viene" },
            ],
            rows: lines.map(({ key, label, text }) => [
              label,
              text,
              assumed(service.code, key) ?? "documento del Comune",
            ]),
          })
    }
  </section>`;
}

const MOST_VERSIONS = 10;

const versionTable = (versions: Awaited<ReturnType<typeof profileVersions>>): Html =>
  html`<h2 class="section-title">Profili applicati</h2>
    ${dataTable({
      caption: "Profili applicati",
      captionHidden: true,
      columns: [
        { label: "Versione", header: true },
        { label: "Anno scolastico" },
        { label: "Applicato" },
        { label: "Da" },
      ],
      rows: versions
        .slice(0, MOST_VERSIONS)
        .map((one) => [
          `${one.profile}, versione ${one.version}`,
          `${one.schoolYear}/${one.schoolYear + 1}`,
          `${f.shortDay(dayOf(one.appliedAt))}, ${f.time(one.appliedAt)}`,
          one.appliedBy,
        ]),
    })}`;
