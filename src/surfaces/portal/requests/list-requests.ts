// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  givePayee,
  isOpenRequest,
  LONGEST_BENEFICIARY,
  type MoneyRequest,
  moneyRequests,
  withdrawRequest,
} from "#payments";
import {
  actionForm,
  card,
  definitionList,
  emptyState,
  errorFor,
  type FieldError,
  form,
  linkButton,
  textField,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { accountLines, canTransfer } from "../payments/account-lines.ts";
import { words as payWords } from "../payments/words.ts";
import { nameOfAccount } from "./own-accounts.ts";
import { words } from "./words.ts";

export const REQUESTS = "/borsellino/richieste";

const ownRequests = async (
  tx: Parameters<typeof moneyRequests>[0],
  scope: FamilyScope,
): Promise<MoneyRequest[]> => {
  const rows = await moneyRequests(tx, { holderIds: scope.holderIds });
  return rows
    .filter(({ holderId, fromChildId: childId }) => holderId && scope.maySee({ holderId, childId }))
    .toSorted((a, b) => b.number - a.number);
};

/** GET /borsellino/richieste: each with its state, its promised date and the office's words (X-10). */
export function listRequests(visit: Visit): Promise<Answer> {
  return inMoney(visit, async (tx, scope) =>
    view(visit, scope, await ownRequests(tx, scope), {
      mayTransfer: canTransfer(await accountLines(tx, scope, visit.today)),
    }),
  );
}

function view(
  visit: Visit,
  scope: FamilyScope,
  rows: readonly MoneyRequest[],
  of: { mayTransfer: boolean; id?: string; errors?: readonly FieldError[] },
): Html {
  const w = words(visit.lang);
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: w.requests,
      lead: w.lead,
      back: { href: "/borsellino", label: payWords(visit.lang).movements },
      ...(of.errors ? { errors: of.errors } : {}),
      body: html`<div class="button-row">
          ${linkButton({ href: `${REQUESTS}/rimborso`, label: w.askRefund })}
          ${of.mayTransfer && linkButton({ href: `${REQUESTS}/trasferimento`, label: w.askTransfer })}
        </div>
        ${
          rows.length === 0
            ? emptyState({ text: w.none })
            : rows.map((row) =>
                requestCard(visit, scope, row, (of.id === row.id && of.errors) || []),
              )
        }`,
    },
  );
}

function requestCard(
  visit: Visit,
  scope: FamilyScope,
  row: MoneyRequest,
  errors: readonly FieldError[],
): Html {
  const { lang } = visit;
  const w = words(lang);
  const f = formats(lang);
  const from = nameOfAccount(
    scope,
    { childId: row.fromChildId, serviceId: row.fromServiceId },
    lang,
  );
  const to = nameOfAccount(scope, { childId: row.toChildId, serviceId: row.toServiceId }, lang);
  const isOpen = isOpenRequest(row.state);
  const canGiveIban =
    row.kind === "refund" && row.iban === "" && ["received", "approved"].includes(row.state);
  return card({
    title: w.request(row.number),
    subtitle: row.kind === "refund" ? w.refund : w.transfer,
    body: html`${definitionList([
      {
        label: w.state,
        value: html`<strong
          >${row.state === "ordered" && !row.isSent ? w.transferPrepared : w.states[row.state]}</strong
        >`,
      },
      { label: w.amount, value: formatEuro(row.amountCents) },
      { label: w.what, value: row.kind === "refund" ? from : w.fromTo(from, to) },
      { label: w.reason, value: row.reason },
      ...(row.iban
        ? [{ label: w.iban, value: `${row.beneficiary}, … ${row.iban.slice(-4)}` }]
        : []),
      ...(isOpen ? [{ label: w.when, value: w.promised(f.dayWithYear(row.dueOn)) }] : []),
      ...(row.answer ? [{ label: w.answer, value: row.answer }] : []),
    ])}
    ${canGiveIban && ibanForm(visit, row, errors)}`,
    actions:
      row.state === "received" &&
      actionForm({
        action: `${REQUESTS}/${row.id}/ritira`,
        csrf: visit.csrf,
        key: visit.newKey(),
        kind: "secondary",
        label: w.withdraw,
        ariaLabel: `${w.withdraw}: ${w.request(row.number)}`,
      }),
  });
}

function ibanForm(visit: Visit, row: MoneyRequest, errors: readonly FieldError[]): Html {
  const { lang, fields } = visit;
  const w = words(lang);
  const isThis = errors.length > 0;
  return html`<p>${w.needsIban}</p>
    ${form({
      action: `${REQUESTS}/${row.id}/iban`,
      csrf: visit.csrf,
      key: visit.newKey(),
      lang,
      body: html`${textField({
        name: "iban",
        id: `iban-${row.number}`,
        label: w.iban,
        hint: w.ibanHint,
        lang,
        maxlength: 40,
        value: isThis ? fields.text("iban") : "",
        error: errorFor(errors, `iban-${row.number}`),
      })}
      ${textField({
        name: "intestato",
        id: `intestato-${row.number}`,
        label: w.beneficiary,
        lang,
        maxlength: LONGEST_BENEFICIARY,
        value: isThis ? fields.text("intestato") : row.beneficiary,
        error: errorFor(errors, `intestato-${row.number}`),
      })}`,
      submit: { label: w.saveIban },
    })}`;
}

/** POST /borsellino/richieste/:id/ritira: as long as nobody has answered. */
export async function withdrawNow(visit: Visit): Promise<Answer> {
  const { actor, now } = visit;
  const id = visit.params["id"] ?? "";
  if (!actor || !isUuid(id)) return notFound;
  const w = words(visit.lang);
  return visit.town.write(async (tx): Promise<Answer> => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    if (!(await ownRequests(tx, scope)).some((row) => row.id === id)) return notFound;
    const done = await withdrawRequest(tx, { actor, id, now });
    switch (done.outcome) {
      case "withdrawn":
        return seeOther(REQUESTS, w.withdrawn);
      case "too-late":
        return seeOther(REQUESTS, w.tooLate);
      case "forbidden":
        return notFound;
    }
  });
}

/** POST /borsellino/richieste/:id/iban: where a refund goes that the town owes by its own rule (MC-12). */
export async function saveIban(visit: Visit): Promise<Answer> {
  const { actor, now, fields } = visit;
  const id = visit.params["id"] ?? "";
  if (!actor || !isUuid(id)) return notFound;
  const w = words(visit.lang);
  return visit.town.write(async (tx): Promise<Answer> => {
    const scope = await familyScope(tx, visit);
    if (!scope) return forbidden;
    const rows = await ownRequests(tx, scope);
    const request = rows.find((row) => row.id === id);
    if (!request) return notFound;
    const mayTransfer = canTransfer(await accountLines(tx, scope, visit.today));
    const wrong = (field: string, message: string): Answer =>
      withStatus(
        422,
        view(visit, scope, rows, {
          mayTransfer,
          id,
          errors: [{ field: `${field}-${request.number}`, message }],
        }),
      );
    const of = {
      actor,
      id,
      iban: fields.text("iban"),
      beneficiary: fields.text("intestato"),
      now,
    };
    const done = await givePayee(tx, of);
    switch (done.outcome) {
      case "given":
        return seeOther(REQUESTS, w.ibanSaved);
      case "iban":
        return wrong("iban", w.faults.iban);
      case "beneficiary":
        return wrong("intestato", w.faults["beneficiary-missing"]);
      case "too-late":
        return seeOther(REQUESTS, w.tooLate);
      case "forbidden":
        return wrong("iban", w.onlyHolder);
    }
  });
}
