// SPDX-License-Identifier: EUPL-1.2
import { linkForeignIdentity } from "#families";
import { identitiesToLink, type IdentityToLink } from "#identity";
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import {
  card,
  definitionList,
  emptyState,
  errorFor,
  type FieldError,
  form,
  textField,
} from "#ui/components.ts";
import {
  type Answer,
  MANAGER_ROLES,
  notFound,
  type Route,
  seeOther,
  withStatus,
} from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

export const FOREIGN_PAGE = "/ufficio/identita-europee";

const MOST = 100;
const MIN_REASON = 5;
const f = formats("it");

/** `/ufficio/identita-europee`: whoever came in with eIDAS and is known to nobody yet. */
export const foreignPage = async (visit: Visit): Promise<Answer> =>
  view(visit, await waiting(visit), null);

const waiting = (visit: Visit): Promise<IdentityToLink[]> =>
  visit.town.read((tx) => identitiesToLink(tx, MOST));

/** POST: ties one of them to an adult, by codice fiscale or payment code, with the reason. */
export async function linkNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const subject = fields.text("identita");
  const code = fields.text("codice").slice(0, 40);
  const reason = fields.text("motivo").slice(0, 300);
  const wrong = async (errors: readonly FieldError[]): Promise<Answer> =>
    withStatus(422, view(visit, await waiting(visit), { subject, errors }));
  const missing = [
    ...(code === "" ? [{ field: "codice", message: "Scrivere il codice." }] : []),
    ...(reason.length < MIN_REASON
      ? [{ field: "motivo", message: "Scrivere come è stata riconosciuta la persona." }]
      : []),
  ];
  if (missing.length > 0) return wrong(missing);
  const linked = await visit.town.write((tx) =>
    linkForeignIdentity(tx, { actor, subject, code, reason, now }),
  );
  switch (linked.outcome) {
    case "linked":
      return seeOther(FOREIGN_PAGE, `Identità collegata a ${linked.name}.`);
    case "not-waiting":
      return seeOther(FOREIGN_PAGE, "Questa identità era già collegata.");
    case "unknown-person":
      return wrong([
        { field: "codice", message: "Nessun genitore o intestatario con questo codice." },
      ]);
  }
}

function view(
  visit: Visit,
  rows: readonly IdentityToLink[],
  of: { subject: string; errors: readonly FieldError[] } | null,
): Html {
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Identità europee da riconoscere",
      lead: "Chi entra con un'identità di un altro Paese europeo non ha il codice fiscale italiano. L'ufficio verifica chi è, per esempio con un documento, e la collega una volta sola.",
      back: { href: "/ufficio/impostazioni", label: "Impostazioni" },
      wide: false,
      errors: of?.errors ?? [],
      body:
        rows.length === 0
          ? emptyState({ text: "Nessuna identità da riconoscere." })
          : html`${rows.map((row) => foreignCard(visit, row, of?.subject === row.subject ? of.errors : []))}`,
    },
  );
}

function foreignCard(visit: Visit, row: IdentityToLink, errors: readonly FieldError[]): Html {
  const { fields } = visit;
  const isThis = errors.length > 0;
  const seen = dayOf(row.lastSeenAt);
  return card({
    title: `${row.givenName} ${row.surname}`,
    body: html`${definitionList([
      { label: "Nascita", value: row.birthDate ? f.dayWithYear(row.birthDate) : "non indicata" },
      { label: "Identificativo", value: row.subject.replace(/^eidas:/, "") },
      { label: "Ultimo tentativo", value: `${f.dayWithYear(seen)}, ${f.time(row.lastSeenAt)}` },
    ])}
    ${form({
      action: FOREIGN_PAGE,
      csrf: visit.csrf,
      key: visit.newKey(),
      fields: { identita: row.subject },
      body: [
        textField({
          name: "codice",
          id: `codice-${row.lastSeenAt.epochMilliseconds}`,
          label: "Codice fiscale dell'adulto o codice di pagamento",
          value: isThis ? fields.text("codice") : "",
          maxlength: 40,
          width: "medium",
          error: errorFor(errors, "codice"),
        }),
        textField({
          name: "motivo",
          id: `motivo-${row.lastSeenAt.epochMilliseconds}`,
          label: "Come è stata riconosciuta la persona",
          hint: "Per esempio: passaporto visto allo sportello. La famiglia lo legge.",
          value: isThis ? fields.text("motivo") : "",
          maxlength: 300,
          error: errorFor(errors, "motivo"),
        }),
      ],
      submit: { label: "Collega l'identità", kind: "primary" },
    })}`,
  });
}

const access = MANAGER_ROLES;

export const foreignRoutes: Route[] = [
  { method: "GET", path: FOREIGN_PAGE, access, handle: foreignPage },
  { method: "POST", path: FOREIGN_PAGE, access, handle: linkNow },
];
