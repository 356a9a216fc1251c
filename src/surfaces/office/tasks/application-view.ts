// SPDX-License-Identifier: EUPL-1.2
import { className, firstDayOf, type Service, type TownCalendar } from "#calendar";
import type { Application } from "#enrolment";
import type { LinkAdult } from "#families";
import { later } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  alert,
  checkboxes,
  dataTable,
  dateField,
  errorFor,
  type FieldError,
  form,
  linkButton,
  radios,
  selectField,
  textField,
} from "#ui/components.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { classLabel } from "../words.ts";
import {
  answerPart,
  APPLICATIONS,
  type LoadedApplication,
  MEANS,
  numberOf,
  saidPart,
  yearOf,
} from "./application-said.ts";
import { LONGEST_REASON, searchPart } from "./link-view.ts";

/** in place of a child's id: one who is new here */
export const NEW_CHILD = "nuovo";
const BACK = "/ufficio/compiti#iscrizioni";
const f = formats("it");

export function applicationView(
  visit: Visit,
  of: LoadedApplication,
  errors: readonly FieldError[],
): Html {
  const { application, chosen } = of;
  const { applicant, isAccepted, withdrawnAt } = application;
  const isOpen = isAccepted === null && withdrawnAt === null;
  return officePage(
    visit,
    { current: "tasks" },
    {
      h1: `Domanda di iscrizione ${numberOf(application)}`,
      title: "Domanda di iscrizione",
      lead: `La fa ${applicant.givenName} ${applicant.surname}, con ${MEANS[applicant.means] ?? applicant.means}. Fino alla risposta non cambia nulla.`,
      back: { href: BACK, label: "Da sistemare" },
      wide: false,
      errors,
      body: html`${saidPart(of)}
      ${isOpen ? [chosen === "" ? matchPart(of) : acceptPart(visit, of, errors), refusePart(visit, application, errors)] : answerPart(application)}`,
    },
  );
}

function matchPart({ application, matches, text, classOf }: LoadedApplication): Html {
  const at = `${APPLICATIONS}/${application.id}`;
  const { givenName, surname } = application.child;
  return html`<h2 class="section-title">Il bambino è già registrato?</h2>
    ${searchPart(at, text)}
    ${
      matches.children.length > 0 &&
      dataTable({
        caption: text === "" ? "Bambini con nome o codice simile" : "Bambini",
        columns: [
          { label: "Bambino", header: true },
          { label: "Nascita" },
          { label: "Codice fiscale" },
          { label: "Classe" },
          { label: "Da fare" },
        ],
        rows: matches.children.map((child) => [
          `${child.surname} ${child.givenName}`,
          child.birthDate ? f.dayWithYear(child.birthDate) : "non indicata",
          child.codiceFiscale ?? "mancante",
          classOf(child.id) || "nessuna classe",
          linkButton({
            href: `${at}?bambino=${child.id}`,
            label: "È questo",
            ariaLabel: `È questo: ${child.surname} ${child.givenName}`,
          }),
        ]),
      })
    }
    <div class="button-row">
      ${linkButton({
        href: `${at}?bambino=${NEW_CHILD}`,
        label: `No, ${givenName} ${surname} non c'è ancora`,
        kind: matches.children.length > 0 ? "secondary" : "primary",
      })}
    </div>`;
}

function acceptPart(visit: Visit, of: LoadedApplication, errors: readonly FieldError[]): Html {
  const { application, calendar, chosen, family } = of;
  const { year, child } = application;
  const { fields } = visit;
  const schoolYear = calendar.years.find((one) => one.year === year);
  const title = html`<h2 class="section-title">
    Accogliere:
    ${chosen === NEW_CHILD ? `${child.givenName} ${child.surname}, bambino nuovo` : nameOf(of)}
  </h2>`;
  if (!schoolYear) return html`${title}${notPlanned(year)}`;
  const wanted = calendar.services.filter(({ code }) => application.services.includes(code));
  // The school that was asked for comes first.
  const sites = [...calendar.sites.values()];
  const classes = [
    ...sites.filter(({ id }) => id === child.siteId),
    ...sites.filter(({ id }) => id !== child.siteId),
  ].flatMap(({ id }) =>
    [...calendar.classes.values()].filter((one) => one.siteId === id && one.year === year),
  );
  const isSent = fields.has("bambino");
  return html`${title}
  ${
    family?.isProtected &&
    alert({
      tone: "warning",
      title: "I contatti di questa famiglia sono riservati.",
      body: "Prima di accogliere, verificare che la persona ne abbia diritto: vedrà scuola, classe e giorni di presenza.",
    })
  }
  ${form({
    action: `${APPLICATIONS}/${application.id}`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { esito: "accogli", bambino: chosen },
    body: html`${adultPart(visit, of, errors)}
    ${
      chosen !== NEW_CHILD &&
      application.childId === null &&
      textField({
        name: "motivo",
        label: "Come si sa che è un genitore",
        hint: "Per esempio: stato di famiglia controllato. La famiglia lo legge.",
        value: fields.text("motivo"),
        maxlength: LONGEST_REASON,
        error: errorFor(errors, "motivo"),
      })
    }
    ${selectField({
      name: "classe",
      label: `Classe del ${yearOf(year)}`,
      optional: true,
      empty: "Nessuna per ora",
      value: fields.text("classe"),
      error: errorFor(errors, "classe"),
      choices: classes.map((one) => ({
        value: one.id,
        label: `${className(one)}, ${calendar.sites.get(one.siteId)?.name ?? ""}`,
      })),
    })}
    ${checkboxes({
      name: "servizi",
      label: "Servizi che si danno",
      values: isSent ? fields.all("servizi") : application.services,
      error: errorFor(errors, "servizi"),
      choices: wanted.map(({ code, name }) => ({ value: code, label: name })),
    })}
    ${wanted.map((service) => fromField(visit, of, service, errors))}
    ${textField({
      name: "nota",
      label: "Nota per chi ha fatto la domanda",
      value: fields.text("nota"),
      maxlength: LONGEST_REASON,
      optional: true,
    })}`,
    submit: { label: "Accogli", kind: "primary" },
    // A parent's own child is the one that was applied for.
    ...(application.childId === null
      ? { cancel: { href: `${APPLICATIONS}/${application.id}`, label: "Scegli un altro bambino" } }
      : {}),
  })}`;
}

const nameOf = ({ family }: LoadedApplication): string => {
  const [child] = family?.children ?? [];
  return child ? `${child.givenName} ${child.surname}` : "";
};

const notPlanned = (year: number): Html =>
  alert({
    tone: "warning",
    title: `L'anno ${yearOf(year)} non è ancora caricato.`,
    body: "Prima si carica il calendario di quell'anno, applicando il profilo del Comune; poi la domanda si accoglie. Intanto resta in elenco, e nulla va perso.",
  });

function fromField(
  { fields, today }: Visit,
  { application, calendar }: LoadedApplication,
  { id, code, name }: Service,
  errors: readonly FieldError[],
): Html {
  const first = firstDayOf(calendar, { serviceId: id, year: application.year });
  const field = `dal-${code}`;
  return dateField({
    name: field,
    label: `${name}: da quale giorno`,
    // Of a year that runs: nobody is given days that are over without a word.
    value: fields.text(field) || (first && later(first, today)),
    error: errorFor(errors, field),
  });
}

/** Who had signed in, or is registered with the verified code, is settled; otherwise the office says who it is. */
function adultPart(
  { fields }: Visit,
  { application, applicant, family, matches }: LoadedApplication,
  errors: readonly FieldError[],
): Html {
  const { givenName, surname } = application.applicant;
  if (applicant)
    return html`<p>Il genitore è già registrato: ${applicant.surname} ${applicant.givenName}.</p>`;
  const known = [...(family?.adults ?? []), ...matches.adults].filter(
    (one, index, all) =>
      one.codiceFiscaleState !== "valid" && all.findIndex(({ id }) => id === one.id) === index,
  );
  return radios({
    name: "adulto",
    label: "Chi fa la domanda",
    value: fields.text("adulto"),
    error: errorFor(errors, "adulto"),
    choices: [
      { value: "", label: `${givenName} ${surname}, persona non ancora registrata` },
      ...known.map((one) => ({ value: one.id, label: adultText(one) })),
    ],
  });
}

const adultText = ({ surname, givenName, children }: LinkAdult): string => {
  const names = f.list(children.map((child) => child.givenName));
  return `È ${surname} ${givenName}, senza codice fiscale valido (${names ? `figli: ${names}` : "nessun figlio oggi"})`;
};

const refusePart = (visit: Visit, { id }: Application, errors: readonly FieldError[]): Html =>
  html`<h2 class="section-title">Oppure</h2>
    ${form({
      action: `${APPLICATIONS}/${id}`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { esito: "rifiuta" },
      body: textField({
        name: "rifiuto",
        label: "Perché la domanda non si accoglie",
        hint: "Lo legge chi l'ha fatta. Non nominare altre famiglie.",
        value: visit.fields.text("rifiuto"),
        maxlength: LONGEST_REASON,
        error: errorFor(errors, "rifiuto"),
      }),
      submit: { label: "Non accogliere", kind: "secondary" },
    })}`;

/** Of the children that may be it. */
export const classesText =
  (calendar: TownCalendar, classes: ReadonlyMap<string, string>) =>
  (childId: string): string =>
    classLabel(calendar, classes.get(childId));
