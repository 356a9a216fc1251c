// SPDX-License-Identifier: EUPL-1.2
import type { FamilyToLink, LinkAdult, LinkMatches, Person } from "#families";
import type { Stranger } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { type Content, html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  alert,
  checkboxes,
  dataTable,
  definitionList,
  emptyState,
  errorFor,
  type FieldError,
  form,
  linkButton,
  textField,
} from "#ui/components.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

export const LINKS = "/ufficio/compiti/collegamenti";

export const MIN_REASON = 5;
export const LONGEST_REASON = 300;
const f = formats("it");

export type Chosen =
  | {
      readonly kind: "adult";
      readonly adult: Person;
      readonly children: readonly Person[];
      readonly isProtected: boolean;
    }
  | { readonly kind: "parent"; readonly childId: string; readonly family: FamilyToLink };

export interface Loaded {
  readonly stranger: Stranger;
  /** what the office looks for; empty: by the names in the request */
  readonly text: string;
  readonly matches: LinkMatches;
  /** `3A, Primaria Milano` */
  readonly classOf: (childId: string) => string;
  readonly chosen: Chosen | null;
}

/** What is known of a codice fiscale. */
export const CODE_WORDS: Record<Person["codiceFiscaleState"], string> = {
  valid: "valido",
  mismatch: "diverso dai dati anagrafici",
  provisional: "provvisorio",
  missing: "mancante",
};

const namesOf = (children: readonly Pick<Person, "givenName" | "surname">[]): string =>
  f.list(children.map(({ givenName, surname }) => `${givenName} ${surname}`)) || "nessuno oggi";

export function linkView(visit: Visit, of: Loaded, errors: readonly FieldError[]): Html {
  const { stranger, chosen } = of;
  return officePage(
    visit,
    { current: "tasks" },
    {
      h1: `Chi è ${stranger.givenName} ${stranger.surname}?`,
      title: "Richiesta di collegamento",
      lead: "L'identità è verificata: nome e codice fiscale vengono da SPID, CIE o da un altro Paese europeo. Di quale famiglia è, lo stabilisce l'ufficio.",
      back: { href: "/ufficio/compiti#collegamenti", label: "Da sistemare" },
      wide: false,
      errors,
      body: html`${requestPart(stranger)}
      ${stranger.answeredAt === null ? [chosen ? chosenPart(visit, of, chosen, errors) : matchPart(of), refusePart(visit, stranger, errors)] : answerPart(stranger)}`,
    },
  );
}

function requestPart({ subject, birthDate, asked, askedAt, lastSeenAt }: Stranger): Html {
  const isEuropean = subject.startsWith("eidas:");
  const childBorn = parseDay(asked?.childBirthDate ?? undefined);
  const at = askedAt ?? lastSeenAt;
  const row = (label: string, value: Content) => (value ? [{ label, value }] : []);
  return definitionList([
    {
      label: isEuropean ? "Identificativo europeo" : "Codice fiscale",
      value: subject.replace(/^(cf|eidas):/, ""),
    },
    ...row("Nascita", birthDate && f.dayWithYear(birthDate)),
    ...row("Bambino", asked?.childName),
    ...row("Nascita del bambino", childBorn && f.dayWithYear(childBorn)),
    ...row("Scuola e classe", asked?.school),
    ...row("Nota", asked?.note),
    ...row("E-mail (non verificata)", asked?.email),
    ...row("Telefono (non verificato)", asked?.phone),
    {
      label: askedAt ? "Richiesta" : "Ultimo tentativo",
      value: `${f.dayWithYear(dayOf(at))}, ${f.time(at)}`,
    },
  ]);
}

const LONGEST_SEARCH = 100;

export const searchPart = (action: string, text: string): Html =>
  form({
    ...{ action, method: "get" },
    body: textField({
      name: "cerca",
      label: "Cerca per cognome e nome, o codice fiscale",
      value: text,
      maxlength: LONGEST_SEARCH,
      optional: true,
    }),
    submit: { label: "Cerca", kind: "secondary" },
  });

/** By characters: half of one is no text. */
export const searchedIn = ({ query }: Visit): string =>
  Array.from((query["cerca"] ?? "").trim())
    .slice(0, LONGEST_SEARCH)
    .join("");

function matchPart({ stranger, text, matches, classOf }: Loaded): Html {
  const at = `${LINKS}/${stranger.id}`;
  const { adults, children } = matches;
  return html`<h2 class="section-title">Chi può essere</h2>
    ${searchPart(at, text)} ${adultsPart(at, adults, "Adulti già registrati con lo stesso nome")}
    ${
      children.length > 0 &&
      dataTable({
        caption: "Bambini",
        columns: [
          { label: "Bambino", header: true },
          { label: "Nascita" },
          { label: "Classe" },
          { label: "Da fare" },
        ],
        rows: children.map((child) => [
          `${child.surname} ${child.givenName}`,
          child.birthDate ? f.dayWithYear(child.birthDate) : "non indicata",
          classOf(child.id) || "nessuna classe",
          linkButton({
            href: `${at}?bambino=${child.id}`,
            label: "È il genitore",
            ariaLabel: `È il genitore di ${child.surname} ${child.givenName}`,
          }),
        ]),
      })
    }
    ${adults.length + children.length === 0 && emptyState({ text: "Nessuno con questo nome." })}`;
}

const adultsPart = (at: string, adults: readonly LinkAdult[], caption: string) =>
  adults.length > 0 &&
  dataTable({
    caption,
    columns: [
      { label: "Adulto", header: true },
      { label: "Nascita" },
      { label: "Codice fiscale" },
      { label: "Figli" },
      { label: "Da fare" },
    ],
    rows: adults.map((adult) => [
      `${adult.surname} ${adult.givenName}`,
      adult.birthDate ? f.dayWithYear(adult.birthDate) : "non indicata",
      [adult.codiceFiscale, CODE_WORDS[adult.codiceFiscaleState]].filter(Boolean).join(", "),
      namesOf(adult.children),
      linkButton({
        href: `${at}?adulto=${adult.id}`,
        label: "È questa persona",
        ariaLabel: `È questa persona: ${adult.surname} ${adult.givenName}`,
      }),
    ]),
  });

function chosenPart(
  visit: Visit,
  { stranger }: Loaded,
  chosen: Chosen,
  errors: readonly FieldError[],
): Html {
  const { fields } = visit;
  const at = `${LINKS}/${stranger.id}`;
  const isAdult = chosen.kind === "adult";
  const first = chosen.kind === "parent" ? chosen.childId : "";
  const ticked = fields.has("esito") ? fields.all("figli") : [first];
  const name = isAdult ? `${chosen.adult.surname} ${chosen.adult.givenName}` : "";
  return html`<h2 class="section-title">
      ${isAdult ? `È ${name}` : "Genitore o tutore di un bambino registrato"}
    </h2>
    ${
      (isAdult ? chosen : chosen.family).isProtected &&
      alert({
        tone: "warning",
        title: "I contatti di questa famiglia sono riservati.",
        body: "Prima di collegare, verificare che la persona ne abbia diritto: vedrà scuola, classe e giorni di presenza.",
      })
    }
    ${!isAdult && adultsPart(at, chosen.family.adults, "Già registrati per questa famiglia: scegliere qui chi c'è già")}
    <p>
      ${
        isAdult
          ? `Figli: ${namesOf(chosen.children)}. Il codice fiscale verificato va sulla sua scheda; quello di prima resta nella storia. Un'identità europea si collega al suo accesso.`
          : "Chi non è ancora registrato diventa genitore o tutore da oggi, e vede i figli scelti. Chi paga non cambia; se nessuno paga, diventa intestatario."
      }
    </p>
    ${form({
      action: at,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: {
        esito: "collega",
        ...(chosen.kind === "adult" ? { adulto: chosen.adult.id } : { bambino: chosen.childId }),
      },
      body: html`${
        chosen.kind === "parent" &&
        checkboxes({
          name: "figli",
          label: "Di chi",
          values: ticked,
          choices: chosen.family.children.map(({ id, givenName, surname }) => ({
            value: id,
            label: `${givenName} ${surname}`,
          })),
          error: errorFor(errors, "figli"),
        })
      }
      ${textField({
        name: "motivo",
        label: "Come è stata riconosciuta la persona",
        hint: "Per esempio: stato di famiglia controllato. La famiglia lo legge.",
        value: fields.text("motivo"),
        maxlength: LONGEST_REASON,
        error: errorFor(errors, "motivo"),
      })}`,
      submit: { label: "Collega a questa famiglia", kind: "primary" },
      cancel: { href: at, label: "Scegli altri" },
    })}`;
}

const refusePart = (visit: Visit, { id }: Stranger, errors: readonly FieldError[]): Html =>
  html`<h2 class="section-title">Oppure</h2>
    ${form({
      action: `${LINKS}/${id}`,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { esito: "rifiuta" },
      body: textField({
        name: "rifiuto",
        label: "Perché il collegamento non si fa",
        hint: "Lo legge chi ha chiesto, al prossimo accesso. Non nominare famiglie o bambini.",
        value: visit.fields.text("rifiuto"),
        maxlength: LONGEST_REASON,
        error: errorFor(errors, "rifiuto"),
      }),
      submit: { label: "Rifiuta", kind: "secondary" },
    })}`;

const answerPart = ({ isLinked, answer, answeredAt }: Stranger): Html =>
  definitionList([
    { label: "Esito", value: isLinked ? "Collegata" : "Rifiutata" },
    ...(answer ? [{ label: "Motivo", value: answer }] : []),
    ...(answeredAt
      ? [{ label: "Quando", value: `${f.dayWithYear(dayOf(answeredAt))}, ${f.time(answeredAt)}` }]
      : []),
  ]);
