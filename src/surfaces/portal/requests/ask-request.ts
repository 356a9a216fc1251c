// SPDX-License-Identifier: EUPL-1.2
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  askMoney,
  type AskedMoney,
  LONGEST_BENEFICIARY,
  LONGEST_REASON,
  type RequestFault,
} from "#payments";
import {
  emptyState,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  selectField,
  textArea,
  euroField,
  textField,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FamilyScope, familyScope } from "../family-scope.ts";
import { inMoney, portalPage } from "../portal-page.ts";
import { REQUESTS } from "./list-requests.ts";
import { type OwnAccount, ownAccounts } from "./own-accounts.ts";
import { words } from "./words.ts";

type Kind = "refund" | "transfer";

const PATHS: Record<Kind, string> = {
  refund: `${REQUESTS}/rimborso`,
  transfer: `${REQUESTS}/trasferimento`,
};

const FIELD_OF: Record<RequestFault, string> = {
  amount: "importo",
  "reason-missing": "motivo",
  iban: "iban",
  "beneficiary-missing": "intestato",
  "same-account": "a",
};

const show = (kind: Kind) => (visit: Visit) =>
  inMoney(visit, async (tx, scope) =>
    view(visit, scope, { kind, accounts: await ownAccounts(tx, scope, visit), errors: [] }),
  );
const ask = (kind: Kind) => (visit: Visit) => send(visit, kind);

/** GET and POST /borsellino/richieste/rimborso (X-10, MC-12). */
export const showRefund = show("refund");
export const askRefund = ask("refund");
/** GET and POST /borsellino/richieste/trasferimento: from one child's account to another's. */
export const showTransfer = show("transfer");
export const askTransfer = ask("transfer");

interface Page {
  readonly kind: Kind;
  readonly accounts: readonly OwnAccount[];
  readonly errors: readonly FieldError[];
}

function send(visit: Visit, kind: Kind): Promise<Answer> {
  const { lang } = visit;
  const w = words(lang);
  return visit.town.write(async (tx): Promise<Answer> => {
    const { actor, fields, now } = visit;
    const scope = await familyScope(tx, visit);
    if (!scope || !actor) return forbidden;
    const key = fields.text(KEY_FIELD);
    if (!isUuid(key)) return notFound;
    const accounts = await ownAccounts(tx, scope, visit);
    const wrong = (...errors: FieldError[]): Answer =>
      withStatus(422, view(visit, scope, { kind, accounts, errors }));
    const from = accounts.find((one) => one.key === fields.text("da"));
    const to = accounts.find(
      (one) => one.key === fields.text("a") && one.holderId === from?.holderId,
    );
    if (!from) return wrong({ field: "da", message: w.chooseAccount });
    if (kind === "transfer" && !to) return wrong({ field: "a", message: w.chooseAccount });
    const done = await askMoney(tx, {
      actor,
      holderId: from.holderId,
      draft: {
        kind,
        amountCents: parseEuro(fields.text("importo")) ?? 0n,
        reason: fields.text("motivo"),
        beneficiary: fields.text("intestato"),
        iban: fields.text("iban"),
        from: { childId: from.childId, serviceId: from.serviceId },
        to: to ? { childId: to.childId, serviceId: to.serviceId } : null,
      },
      key,
      now,
    });
    return answerOf(done, visit, wrong);
  });
}

/** From the top of the form down, as its errors are listed. */
const FIELDS = ["da", "a", "importo", "iban", "intestato", "motivo"];

function answerOf(
  done: AskedMoney,
  { lang, today }: Visit,
  wrong: (...errors: FieldError[]) => Answer,
): Answer {
  const w = words(lang);
  switch (done.outcome) {
    case "asked":
    case "already-asked": {
      const { number, dueOn } = done.request;
      return seeOther(REQUESTS, w.sent(number, formats(lang).dayBy(dueOn, today)));
    }
    case "refused":
      return wrong(
        ...done.faults
          .map((fault) => ({ field: FIELD_OF[fault], message: w.faults[fault] }))
          .toSorted((a, b) => FIELDS.indexOf(a.field) - FIELDS.indexOf(b.field)),
      );
    case "not-enough-credit":
      return wrong({ field: "importo", message: w.notEnough(formatEuro(done.availableCents)) });
    case "key-reused":
      return wrong({ field: "importo", message: w.keyReused });
    case "forbidden":
      return wrong({ field: "da", message: w.onlyHolder });
  }
}

function view(visit: Visit, scope: FamilyScope, page: Page): Html {
  const { lang } = visit;
  const w = words(lang);
  const { kind, accounts, errors } = page;
  const sources = accounts.filter(({ freeCents }) => freeCents > 0n);
  const isPossible = sources.length > 0 && (kind === "refund" || accounts.length > 1);
  const nothing = sources.length === 0 ? w.noCredit : w.oneAccount;
  return portalPage(
    visit,
    { current: "payments", scope },
    {
      h1: kind === "refund" ? w.askRefund : w.askTransfer,
      lead: w.waits,
      back: { href: REQUESTS, label: w.requests },
      errors,
      body: isPossible ? askForm(visit, page, sources) : emptyState({ text: nothing }),
    },
  );
}

function askForm(
  visit: Visit,
  { kind, accounts, errors }: Page,
  sources: readonly OwnAccount[],
): Html {
  const { lang, fields } = visit;
  const w = words(lang);
  const key = fields.text(KEY_FIELD);
  const [only] = sources.length === 1 ? sources : [];
  const text = (name: string, label: string, more: { hint?: string; maxlength?: number }): Html =>
    textField({
      name,
      label,
      lang,
      value: fields.text(name),
      error: errorFor(errors, name),
      ...more,
    });
  return form({
    action: PATHS[kind],
    csrf: visit.csrf,
    key: isUuid(key) ? key : visit.newKey(),
    lang,
    submit: { label: w.send },
    cancel: { href: REQUESTS },
    body: html`${selectField({
      name: "da",
      label: w.fromAccount,
      lang,
      empty: w.choose,
      value: fields.text("da") || (only?.key ?? ""),
      choices: sources.map((one) => ({
        value: one.key,
        label: w.credit(one.name, formatEuro(one.freeCents)),
      })),
      error: errorFor(errors, "da"),
    })}
    ${
      kind === "transfer" &&
      selectField({
        name: "a",
        label: w.toAccount,
        lang,
        empty: w.choose,
        value: fields.text("a"),
        choices: accounts.map((one) => ({ value: one.key, label: one.name })),
        error: errorFor(errors, "a"),
      })
    }
    ${euroField({
      name: "importo",
      label: w.amount,
      lang,
      value: fields.text("importo"),
      error: errorFor(errors, "importo"),
    })}
    ${
      kind === "refund" && [
        text("iban", w.iban, { hint: w.ibanHint, maxlength: 40 }),
        text("intestato", w.beneficiary, { maxlength: LONGEST_BENEFICIARY }),
      ]
    }
    ${textArea({
      name: "motivo",
      label: w.reason,
      lang,
      rows: 3,
      maxlength: LONGEST_REASON,
      value: fields.text("motivo"),
      error: errorFor(errors, "motivo"),
    })}`,
  });
}
