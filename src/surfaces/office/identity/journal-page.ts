// SPDX-License-Identifier: EUPL-1.2
import { type OpenedJournalEntry, recordSecurity, searchJournal } from "#identity";
import { maskCodiceFiscale, readCodiceFiscale } from "#kernel/codice-fiscale.ts";
import { type Day, dayOf, type Moment, momentAt } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import {
  actionForm,
  dateField,
  definitionList,
  emptyState,
  errorFor,
  type FieldError,
  form,
  textArea,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { BACK, IDENTITY_PAGE } from "./identity-words.ts";

export const JOURNAL_PAGE = `${IDENTITY_PAGE}/registro`;

const f = formats("it");
/** More is a question that was asked too widely. */
const MOST = 50;
const MIN_REASON = 10;

const NAMES = ["cf", "messaggio", "dal", "al", "motivo"] as const;
type Typed = Record<(typeof NAMES)[number], string>;

interface Search {
  readonly codiceFiscale?: string;
  readonly messageId?: string;
  readonly from: Moment;
  readonly to: Moment;
  readonly reason: string;
}

/** `…/accesso/registro`: requests and responses of a person or with an id, for whoever has to answer for them. */
export function journalPage(visit: Visit): Answer {
  const from = visit.today.subtract({ days: 30 });
  const values = {
    cf: "",
    messaggio: "",
    dal: from.toString(),
    al: visit.today.toString(),
    motivo: "",
  };
  return pageOf(visit, values, [], null);
}

/** POST: a codice fiscale never stands in an address. The search is recorded before its result is shown. */
export async function searchJournalNow(visit: Visit): Promise<Answer> {
  const { actor, now, fields } = visit;
  if (!actor) return notFound;
  const typed = Object.fromEntries(NAMES.map((name) => [name, fields.text(name)])) as Typed;
  const read = readSearch(visit, typed);
  if ("errors" in read) return withStatus(422, pageOf(visit, typed, read.errors, null));
  const { reason, ...search } = read;
  const asFile = fields.text("file") === "1";
  const found = await visit.town.write(async (tx) => {
    const entries = await searchJournal(tx, { ...search, sealKey: visit.app.sealKey, limit: MOST });
    await recordSecurity(tx, {
      kind: "journal-searched",
      at: now,
      accountId: actor.id,
      actorName: actor.name,
      details: {
        reason,
        by: search.codiceFiscale ? "person" : "message",
        from: dayOf(search.from).toString(),
        to: dayOf(search.to).toString(),
        found: entries.length,
        asFile,
      },
    });
    return entries;
  });
  if (asFile)
    return {
      kind: "text",
      contentType: "text/plain; charset=utf-8",
      text: found.map(textOf).join("\n\n"),
      fileName: `registro-accessi-${visit.today.toString()}.txt`,
    };
  return pageOf(visit, typed, [], found);
}

function readSearch(visit: Visit, typed: Typed): Search | { errors: FieldError[] } {
  const errors: FieldError[] = [];
  const add = (field: keyof Typed, message: string): void => void errors.push({ field, message });
  const code = typed.cf === "" ? null : readCodiceFiscale(typed.cf);
  if (code && code.outcome !== "person") add("cf", "Il codice fiscale non è giusto.");
  if (typed.messaggio.length > 300) add("messaggio", "L'identificativo è troppo lungo.");
  if ((typed.cf === "") === (typed.messaggio === ""))
    add("cf", "Scrivere il codice fiscale oppure l'identificativo di un messaggio.");
  const from = visit.fields.day("dal");
  const to = visit.fields.day("al");
  if (!from) add("dal", "Scrivere il primo giorno.");
  if (!to) add("al", "Scrivere l'ultimo giorno.");
  if (from && to && Temporal.PlainDate.compare(from, to) > 0)
    add("al", "L'ultimo giorno viene prima del primo.");
  if (typed.motivo.length < MIN_REASON)
    add("motivo", "Scrivere il motivo, per esempio il protocollo della richiesta.");
  if (errors.length > 0 || !from || !to) return { errors };
  return {
    ...(code?.outcome === "person" ? { codiceFiscale: code.codiceFiscale.code } : {}),
    ...(typed.messaggio === "" ? {} : { messageId: typed.messaggio }),
    ...period(from, to),
    // The log of events names nobody by codice fiscale, whatever was typed.
    reason: typed.motivo.slice(0, 300).replaceAll(/\b[A-Z0-9]{16}\b/gi, maskCodiceFiscale),
  };
}

const period = (from: Day, to: Day): { from: Moment; to: Moment } => ({
  from: momentAt(from, "00:00"),
  to: momentAt(to.add({ days: 1 }), "00:00"),
});

function pageOf(
  visit: Visit,
  typed: Typed,
  errors: readonly FieldError[],
  found: readonly OpenedJournalEntry[] | null,
): Html {
  const error = (name: keyof Typed): string | undefined => errorFor(errors, name);
  return officePage(
    visit,
    { current: "settings" },
    {
      h1: "Registro degli accessi",
      back: BACK,
      wide: false,
      errors,
      lead: "Ogni ricerca viene registrata, con il nome di chi cerca e il motivo.",
      body: html`${form({
        action: JOURNAL_PAGE,
        csrf: visit.csrf,
        body: html`${textField({
          name: "cf",
          label: "Codice fiscale",
          hint: "Di chi è entrato",
          value: typed.cf,
          maxlength: 16,
          optional: true,
          width: "medium",
          autocomplete: "off",
          error: error("cf"),
        })}
        ${textField({
          name: "messaggio",
          label: "Oppure identificativo di un messaggio",
          hint: "Della richiesta, della risposta o dell'asserzione",
          value: typed.messaggio,
          maxlength: 300,
          optional: true,
          autocomplete: "off",
          error: error("messaggio"),
        })}
        ${dateField({ name: "dal", label: "Dal", value: typed.dal, error: error("dal") })}
        ${dateField({ name: "al", label: "Al", value: typed.al, error: error("al") })}
        ${textArea({
          name: "motivo",
          label: "Motivo",
          hint: "Chi lo chiede e con quale atto",
          value: typed.motivo,
          maxlength: 300,
          error: error("motivo"),
        })}`,
        submit: { label: "Cerca" },
      })}
      ${found && results(visit, typed, found)}`,
    },
  );
}

function results(visit: Visit, typed: Typed, found: readonly OpenedJournalEntry[]): Html {
  if (found.length === 0) return emptyState({ text: "Nessun accesso in quei giorni." });
  return html`<section aria-labelledby="trovati">
    <h2 id="trovati" class="section-title">${plural(found.length, "accesso", "accessi")}</h2>
    ${found.length === MOST && html`<p>Sono gli ultimi ${MOST}: per gli altri restringere i giorni.</p>`}
    ${actionForm({
      action: JOURNAL_PAGE,
      csrf: visit.csrf,
      fields: { ...typed, file: "1" },
      label: "Scarica come testo",
      kind: "secondary",
    })}
    ${found.map(
      (entry) =>
        html`<article class="panel">
          ${definitionList(linesOf(entry).map(([label, value]) => ({ label, value })))}
          <details class="more">
            <summary>Richiesta</summary>
            <pre class="certificate">${entry.request}</pre>
          </details>
          <details class="more">
            <summary>Risposta</summary>
            <pre class="certificate">${entry.response}</pre>
          </details>
        </article>`,
    )}
  </section>`;
}

const instant = (at: Moment | null): string =>
  at ? `${f.day(dayOf(at))}, ${f.timeWithSeconds(at)}` : "-";

const linesOf = (entry: OpenedJournalEntry): [string, string][] => [
  ["Registrato", instant(entry.recordedAt)],
  ["Con", entry.protocol.toUpperCase()],
  ["Gestore", entry.provider],
  ["Esito", entry.outcome === "accepted" ? "accettato" : entry.outcome],
  ["Richiesta", `${entry.requestId}, ${instant(entry.requestIssuedAt)}`],
  ["Risposta", `${entry.responseId ?? "-"}, ${instant(entry.responseIssuedAt)}`],
  ["Asserzione", `${entry.assertionId ?? "-"}, ${instant(entry.assertionIssuedAt)}`],
];

const textOf = (entry: OpenedJournalEntry): string =>
  [
    ...linesOf(entry).map(([label, value]) => `${label}: ${value}`),
    "",
    entry.request,
    "",
    entry.response,
  ].join("\n");
