// SPDX-License-Identifier: EUPL-1.2
import { townCalendar } from "#calendar";
import { dayOf } from "#kernel/dates.ts";
import { type Content, html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { datedSettings, profileVersions } from "#tenancy";
import { card, dataTable, definitionList, emptyState, tag } from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { serviceLines } from "./settings-words.ts";

/** Each part of a setting may have its own reason, after its technical name. */
const reasonText = (reason: string): string =>
  reason
    .split("\n")
    .map((line) => line.replace(/^[A-Za-z.]+: /, ""))
    .join("; ");

const MEANS = { spid: "SPID", cie: "CIE", credentials: "codice utente e password" } as const;

/** `/ufficio/impostazioni`: what the municipality has chosen, as it holds today; what is assumed says why. */
export async function settingsPage(visit: Visit): Promise<Answer> {
  const { today } = visit;
  const read = await visit.town.read(async (tx) => ({
    settings: await datedSettings(tx),
    services: (await townCalendar(tx)).services,
    versions: await profileVersions(tx),
  }));
  const { settings, services, versions } = read;
  const f = formats("it");
  const { town, office } = visit.townSettings;
  const login = settings.town("login", today);
  const assumedTag = (scope: string, key: string): Content => {
    const reason = settings.assumed(scope, key, today);
    return (
      reason !== null &&
      html` ${tag("ipotesi", "warning")} <span class="quiet">${reasonText(reason)}</span>`
    );
  };
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Impostazioni",
      lead: `In vigore oggi, ${f.dayWithYear(today)}. Si cambiano con il profilo del Comune.`,
      body: html`<div class="panels">
          ${card({
            title: town.name,
            body: definitionList([
              { label: "Codice fiscale", value: [town.fiscalCode, assumedTag("", "town")] },
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
                value: [
                  office.hours.length === 0
                    ? "non indicati"
                    : office.hours.map(
                        ({ weekday, from, to }) => html`${f.weekday(weekday)} ${from}–${to}<br />`,
                      ),
                  assumedTag("", "office"),
                ],
              },
            ]),
          })}
          ${card({
            title: "Accesso delle famiglie",
            body: definitionList([
              {
                label: "Portale",
                value: [f.list(login.portal.map((way) => MEANS[way])), assumedTag("", "login")],
              },
              { label: "Iscrizioni", value: f.list(login.enrolment.map((way) => MEANS[way])) },
            ]),
          })}
        </div>
        ${services.map((service, index) => {
          const lines = serviceLines(settings, service.code, today);
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
                      assumedTag(service.code, key) || "documento del Comune",
                    ]),
                  })
            }
          </section>`;
        })}
        ${
          versions.length > 0 &&
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
                .slice(0, 10)
                .map((one) => [
                  `${one.profile}, versione ${one.version}`,
                  `${one.schoolYear}/${one.schoolYear + 1}`,
                  `${f.shortDay(dayOf(one.appliedAt))}, ${f.time(one.appliedAt)}`,
                  one.appliedBy,
                ]),
            })}`
        }`,
    },
  );
}
