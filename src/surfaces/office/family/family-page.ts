// SPDX-License-Identifier: EUPL-1.2
import { type IseeEnding, iseePrices, iseeTitle } from "#billing";
import type { Family, FamilyChild } from "#families";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { card, definitionList, linkButton, linkRow, type Row, tag } from "#ui/components.ts";
import { words } from "#ui/words/index.ts";
import { type Answer, notFound } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { REGISTER_TITLE } from "../payments/ways-to-register.ts";
import { seatPath, seatText } from "../school-bus/bus-words.ts";
import { classLabel, dayBadge, serviceName } from "../words.ts";
import { familyPath, fullName } from "./family-guard.ts";
import { familyRecords } from "./family-records.ts";
import { type FamilyFile, loadFamily } from "./load-family.ts";

/** `/ufficio/famiglie/{id}`: everything about one account on one page, and the way to act for it. */
export async function familyPage(visit: Visit): Promise<Answer> {
  const file = await visit.town.read((tx) => loadFamily(tx, visit));
  if (!file) return notFound;
  const { family } = file;
  const path = familyPath(family.holder.id);
  return officePage(
    visit,
    { current: null },
    {
      h1: `Famiglia ${family.person.surname}`,
      lead: `Intestazione: ${fullName(family.person)} · codice di pagamento ${family.holder.paymentCode}`,
      headActions: linkButton({
        href: `${path}/sportello`,
        label: "Apri lo sportello",
        kind: "primary",
        icon: "it-user",
      }),
      body: html`<div class="columns">
          <div>${family.children.map((child) => childCard(file, child))}</div>
          <div>${moneyCard(file)}${adultCards(family)}${delegatesCard(file)}</div>
        </div>
        ${familyRecords(file)}`,
    },
  );
}

function childCard(file: FamilyFile, child: FamilyChild): Html {
  const { calendar, classes, diets, isees, family } = file;
  const path = `${familyPath(family.holder.id)}/figli/${child.id}`;
  const f = formats("it");
  const isee = isees.get(child.id);
  const ending = file.iseeEndings.get(child.id);
  const diet = diets.get(child.id);
  const days = file.today.get(child.id) ?? [];
  return card({
    title: fullName(child),
    subtitle: classLabel(calendar, classes.get(child.id)),
    badge: child.codiceFiscaleState === "valid" ? null : codeTag(child),
    body: definitionList([
      ...days.map(({ service, facts }) => ({
        label: `${service.name} oggi`,
        value: dayBadge(facts),
      })),
      {
        label: "Nascita",
        value: child.birthDate ? f.shortDay(child.birthDate) : "non indicata",
      },
      {
        label: "Codice fiscale",
        value: child.codiceFiscale ?? "mancante",
        action: edit(
          `${familyPath(family.holder.id)}/persone/${child.id}/codice-fiscale`,
          "codice fiscale",
          child,
        ),
      },
      {
        label: "ISEE",
        value: html`${
          isee
            ? `${formatEuro(isee.valueCents)}, fino al ${f.shortDay(Temporal.PlainDate.from(isee.validTo))}`
            : "nessuno valido oggi"
        }${ending && iseeNote(file, child, ending)}`,
        action: edit(`${path}/isee`, "ISEE", child),
      },
      {
        label: "Dieta",
        value: html`${diet ? tag(`Dieta ${diet}`, "warning") : "nessuna"}${
          !file.mayWriteDiets && html` <span class="quiet">La cambia chi cura le diete.</span>`
        }`,
        action: file.mayWriteDiets ? edit(`${path}/dieta`, "dieta", child) : undefined,
      },
      ...busRows(file, child),
      ...protectedRow(child),
    ]),
    actions: linkRow([
      html`<a href="${familyPath(family.holder.id)}/persone/${child.id}/contatti"
        >Recapiti<span class="visually-hidden"> di ${fullName(child)}</span></a
      >`,
      html`<a href="/ufficio/figli/${child.id}/intestatario">Cambia intestatario</a>`,
      html`<a href="/ufficio/calendario?bambino=${child.id}">Giorni di servizio</a>`,
    ]),
  });
}

/** Where the school bus takes the child, and the way to change it. */
const busRows = ({ buses }: FamilyFile, child: FamilyChild): Row[] =>
  buses
    .filter(({ childId }) => childId === child.id)
    .map(({ service, seat }) => ({
      label: service.name,
      value: seat ? seatText(seat) : "fermata non assegnata",
      action: edit(
        seatPath({ serviceId: service.id, childId: child.id }),
        "fermata dello scuolabus",
        child,
      ),
    }));

/** X-11: that it ends, and what a meal costs then. */
function iseeNote({ calendar }: FamilyFile, child: FamilyChild, ending: IseeEnding): Html {
  const changes = ending.changes.map((change) => ({
    ...change,
    service: calendar.services.find(({ id }) => id === change.serviceId)!,
  }));
  const told = [{ child: child.givenName, changes }];
  const price =
    changes.length > 0 &&
    html`<br /><span class="quiet">${iseePrices({ ...ending, told }, "it")}</span>`;
  return html` ${tag(iseeTitle(ending, "it"), "warning")}${price}`;
}

const CODE_WORDS = {
  valid: "",
  mismatch: "Codice fiscale da verificare",
  provisional: "Codice fiscale provvisorio",
  missing: "Codice fiscale mancante",
} as const;

const codeTag = (person: Family["person"]): Html =>
  tag(CODE_WORDS[person.codiceFiscaleState], "warning");

const edit = (href: string, what: string, of: Family["person"]): Html =>
  html`<a href="${href}"
    >Modifica<span class="visually-hidden"> ${what} di ${fullName(of)}</span></a
  >`;

function moneyCard(file: FamilyFile): Html {
  const path = familyPath(file.family.holder.id);
  const names = new Map(file.family.children.map((child) => [child.id, child.givenName]));
  const rows = file.balances.map(({ childId, serviceId, balanceCents }) => ({
    label:
      [childId && (names.get(childId) ?? "altro bambino"), serviceName(file.calendar, serviceId)]
        .filter(Boolean)
        .join(", ") || "Famiglia",
    value: html`<strong>${formatEuro(balanceCents)}</strong>
      ${balanceCents < 0n && tag("a debito", "warning")}`,
  }));
  return card({
    title: "Soldi",
    body:
      rows.length === 0
        ? html`<p class="quiet">Nessun movimento finora.</p>`
        : html`${definitionList(rows)}
            <p class="quiet">Positivo: credito della famiglia. Negativo: da pagare.</p>`,
    actions: html`${linkButton({ href: `${path}/pagamenti`, label: "Avvisi e pagamenti" })}
    ${linkButton({ href: `${path}/pagamento`, label: REGISTER_TITLE })}
    ${linkButton({ href: `${path}/estratto-conto`, label: "Estratto conto" })}
    ${linkButton({ href: `${path}/spese`, label: "Spese per il 730" })}`,
  });
}

/** BO-23: the family names them, or the office at its desk. */
function delegatesCard({ delegates }: FamilyFile): Html | null {
  if (delegates.length === 0) return null;
  const f = formats("it");
  return card({
    title: "Delegati",
    body: definitionList(
      delegates.map(({ givenName, surname, scopes, to, addedBy }) => ({
        label: `${givenName} ${surname}`,
        value: [
          `Può ${f.list(scopes.flatMap((scope) => words("it").delegateScopes[scope]))}`,
          to ? `fino al ${f.shortDay(to)}` : "senza scadenza",
          `delega data da ${addedBy}`,
        ].join(", "),
      })),
    ),
  });
}

/** Said first to whoever answers the phone. */
const protectedRow = (person: Family["person"]): Row[] =>
  person.contactsProtected
    ? [{ label: "Recapiti", value: tag("Riservati: non comunicarli a nessuno", "warning") }]
    : [];

/** The holder first, then the other adults; each once. */
function adultCards(family: Family): Html {
  const roles = new Map(family.guardians.map((guardian) => [guardian.id, guardian.role]));
  const others = family.guardians.filter(({ id }) => id !== family.person.id);
  const path = familyPath(family.holder.id);
  return html`${[family.person, ...others].map((adult) =>
    card({
      title: fullName(adult),
      subtitle: [roles.get(adult.id), adult.id === family.person.id && "intestazione del conto"]
        .filter(Boolean)
        .join(", "),
      badge: adult.codiceFiscaleState === "valid" ? null : codeTag(adult),
      body: definitionList([
        {
          label: "Telefono",
          value: adult.phone
            ? html`<a href="tel:${adult.phone.replace(/[^+\d]/g, "")}">${adult.phone}</a>`
            : "non indicato",
        },
        { label: "E-mail", value: adult.email || "non indicata" },
        {
          label: "Indirizzo",
          value:
            [adult.address, [adult.postalCode, adult.city].filter(Boolean).join(" ")]
              .filter(Boolean)
              .join(", ") || "non indicato",
          action: edit(`${path}/persone/${adult.id}/contatti`, "contatti", adult),
        },
        ...protectedRow(adult),
        {
          label: "Codice fiscale",
          value: adult.codiceFiscale ?? "mancante",
          action: edit(`${path}/persone/${adult.id}/codice-fiscale`, "codice fiscale", adult),
        },
      ]),
      actions:
        adult.id === family.person.id
          ? linkRow([html`<a href="${path}/credenziali">Credenziali e lettera</a>`])
          : null,
    }),
  )}`;
}
