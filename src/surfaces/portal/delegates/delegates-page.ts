// SPDX-License-Identifier: EUPL-1.2
import {
  accountsHeld,
  addDelegate,
  type Delegate,
  type DelegateFault,
  delegatesOf,
  endDelegate,
  isInForce,
} from "#families";
import { DELEGATE_SCOPES } from "#kernel/actor.ts";
import { type Day, dayOf, isBefore } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  actionForm,
  card,
  checkboxes,
  dateField,
  definitionList,
  emptyState,
  errorFor,
  type FieldError,
  form,
  textField,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { portalPage } from "../portal-page.ts";
import { words as moreWords } from "../more/words.ts";
import { words } from "./words.ts";

export const DELEGATES = "/dati/delegati";

interface Own {
  scope: FamilyScope;
  /** the account whose delegates these are */
  holderId: string;
  delegates: readonly Delegate[];
}

/** Only the holder, or the office at the holder's desk: delegates and other guardians name nobody. */
async function ownAccount(tx: ReadTx, visit: Visit): Promise<string | undefined> {
  if (!visit.actor || visit.actor.onlyChildIds) return undefined;
  const { delegations: _delegations, ...self } = visit.actor;
  return (await accountsHeld(tx, self, visit.today))[0];
}

export const namesDelegates = async (tx: ReadTx, visit: Visit): Promise<boolean> =>
  (await ownAccount(tx, visit)) !== undefined;

async function own(tx: ReadTx, visit: Visit): Promise<Own | null> {
  const scope = await familyScope(tx, visit);
  const holderId = await ownAccount(tx, visit);
  if (!scope || !holderId) return null;
  return { scope, holderId, delegates: await delegatesOf(tx, [holderId]) };
}

/** GET /dati/delegati (BO-23) */
export const showDelegates = (visit: Visit): Promise<Answer> =>
  visit.town.read(async (tx) => {
    const found = await own(tx, visit);
    return found ? view(visit, found, []) : forbidden;
  });

/** POST /dati/delegati */
export function saveDelegate(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  const w = words(visit.lang);
  return visit.town.write(async (tx) => {
    const found = await own(tx, visit);
    if (!found || !actor) return forbidden;
    const { holderId } = found;
    const chosen = fields.all("puo");
    const until = fields.text("fino");
    const to = fields.day("fino");
    const wrongDate = until !== "" && to === null;
    const given = { givenName: fields.text("nome"), surname: fields.text("cognome") };
    const added = await addDelegate(tx, {
      ...{ actor, holderId, ...given, codiceFiscale: fields.text("cf"), now },
      scopes: DELEGATE_SCOPES.filter((scope) => chosen.includes(scope)),
      to: wrongDate ? visit.today.subtract({ days: 1 }) : to,
    });
    const again = (errors: readonly FieldError[]): Answer =>
      withStatus(422, view(visit, found, errors));
    switch (added.outcome) {
      case "added":
        return seeOther(DELEGATES, w.added(`${given.givenName} ${given.surname}`));
      case "invalid":
        return again(
          added.faults.map((fault) => ({ field: FIELD_OF[fault], message: w.faults[fault] })),
        );
      case "already-there":
        return again([{ field: "cf", message: w.alreadyThere }]);
      case "too-many":
        return again([{ field: "nome", message: w.tooMany }]);
      case "not-allowed":
        return forbidden;
    }
  });
}

const FIELD_OF: Readonly<Record<DelegateFault, string>> = {
  "name-missing": "nome",
  "surname-missing": "cognome",
  "too-long": "nome",
  "codice-fiscale": "cf",
  "not-this-name": "cf",
  minor: "cf",
  oneself: "cf",
  "scopes-missing": "puo",
  "already-over": "fino",
};

/** POST /dati/delegati/:id/fine */
export function dropDelegate(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const id = visit.params["id"] ?? "";
  return visit.town.write(async (tx) => {
    const found = await own(tx, visit);
    const delegate = isUuid(id) && found?.delegates.find((one) => one.id === id);
    if (!delegate || !actor) return notFound;
    const { outcome } = await endDelegate(tx, { actor, id, now });
    if (outcome === "not-allowed") return forbidden;
    return seeOther(DELEGATES, words(visit.lang).ended(nameOf(delegate)));
  });
}

const nameOf = ({ givenName, surname }: Delegate): string => `${givenName} ${surname}`;

function view(visit: Visit, of: Own, errors: readonly FieldError[]): Html {
  const w = words(visit.lang);
  const inForce = of.delegates.filter((one) => isInForce(one, visit.today));
  const over = of.delegates.filter((one) => !inForce.includes(one));
  return portalPage(
    visit,
    { current: "more", scope: of.scope },
    {
      h1: w.delegates,
      lead: w.lead,
      back: { href: "/dati", label: moreWords(visit.lang).data },
      errors,
      body: html`${
          inForce.length === 0
            ? emptyState({ text: w.none })
            : inForce.map((one) => delegateCard(visit, one))
        }
        <h2 class="section-title">${w.addTitle}</h2>
        ${addForm(visit, errors)} ${over.length > 0 && overPart(visit, { over, inForce })}`,
    },
  );
}

function delegateCard(visit: Visit, delegate: Delegate): Html {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const may = delegate.scopes.map((scope) => w.scopes[scope][0]);
  return card({
    title: nameOf(delegate),
    subtitle: delegate.to ? w.untilDay(f.dayWithYear(delegate.to)) : w.noEnd,
    body: definitionList([
      { label: w.codiceFiscale, value: delegate.codiceFiscale },
      {
        label: w.mayDo,
        value: html`${may.map((one, index) => html`${index > 0 && html`<br />`}${one}`)}`,
      },
      {
        label: w.since,
        value: `${f.dayWithYear(dayOf(delegate.addedAt))}, ${delegate.addedBy}`,
      },
    ]),
    actions: actionForm({
      action: `${DELEGATES}/${delegate.id}/fine`,
      csrf: visit.csrf,
      label: w.end,
      kind: "danger",
    }),
  });
}

function addForm(visit: Visit, errors: readonly FieldError[]): Html {
  const { fields, lang } = visit;
  const w = words(lang);
  const isFirst = !fields.has("cf");
  const text = (name: string, label: string, more: object = {}): Html =>
    textField({
      ...{ name, label, lang, value: fields.text(name), error: errorFor(errors, name) },
      ...more,
    });
  return form({
    action: DELEGATES,
    csrf: visit.csrf,
    key: visit.newKey(),
    lang,
    body: [
      text("nome", w.givenName, { maxlength: 60, autocomplete: "off" }),
      text("cognome", w.surname, { maxlength: 60, autocomplete: "off" }),
      text("cf", w.codiceFiscale, { maxlength: 20, width: "medium", autocomplete: "off" }),
      checkboxes({
        name: "puo",
        label: w.what,
        lang,
        choices: DELEGATE_SCOPES.map((value) => {
          const [label, hint] = w.scopes[value];
          return { value, label, hint };
        }),
        // All of them is the rule (domain.md); what was chosen stays after a mistake.
        values: isFirst ? DELEGATE_SCOPES : fields.all("puo"),
        error: errorFor(errors, "puo"),
      }),
      dateField({
        name: "fino",
        label: w.until,
        hint: w.untilHint,
        lang,
        optional: true,
        value: fields.text("fino"),
        min: visit.today,
        error: errorFor(errors, "fino"),
      }),
    ],
    submit: { label: w.add, kind: "primary" },
  });
}

function overPart(
  visit: Visit,
  of: { over: readonly Delegate[]; inForce: readonly Delegate[] },
): Html {
  const w = words(visit.lang);
  const f = formats(visit.lang);
  const seen = new Set(of.inForce.map(({ codiceFiscale }) => codiceFiscale));
  return html`<details class="more">
    <summary>${w.over}</summary>
    ${definitionList(
      of.over.map((one) => {
        const isLatest = !seen.has(one.codiceFiscale);
        seen.add(one.codiceFiscale);
        const since = w.overSince(f.dayWithYear(lastDay(one, visit.today)));
        const isOpen = one.to === null || !isBefore(one.to, visit.today);
        return {
          label: nameOf(one),
          value: html`${since} ${isLatest && isOpen && giveAgain(visit, one)}`,
        };
      }),
    )}
  </details>`;
}

/** A delegation that ended with its last day was not ended on the day on which somebody noticed. */
function lastDay({ endedAt, to }: Delegate, today: Day): Day {
  const ended = endedAt ? dayOf(endedAt) : today;
  return to && isBefore(to, ended) ? to : ended;
}

/** Ending one is undone by naming the same person again, with one tap and under the same rules. */
function giveAgain(visit: Visit, one: Delegate): Html {
  const w = words(visit.lang);
  return form({
    action: DELEGATES,
    csrf: visit.csrf,
    key: visit.newKey(),
    lang: visit.lang,
    fields: {
      nome: one.givenName,
      cognome: one.surname,
      cf: one.codiceFiscale,
      fino: one.to?.toString() ?? "",
    },
    body: html`${one.scopes.map((scope) => html`<input type="hidden" name="puo" value="${scope}" />`)}`,
    submit: { label: w.again, ariaLabel: `${w.again}: ${nameOf(one)}`, kind: "secondary" },
  });
}
