// SPDX-License-Identifier: EUPL-1.2
import { unbilledOf } from "#billing";
import type { Family } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  debtWithoutNotice,
  FEWEST_INSTALMENTS,
  inFours,
  monthlyDates,
  MOST_INSTALMENTS,
  noticeDetail,
  type NoticeDetail,
  type PlanDatesFault,
  planInstalments,
  type PlannedInstalments,
} from "#payments";
import {
  dateField,
  emptyState,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  selectField,
  euroField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type AccountChoice, accountChoices } from "../family/account-choices.ts";
import { familyOfAddress, familyPath } from "../family/family-guard.ts";
import { familyFrame } from "../family/family-frame.ts";
import { type FormState, officePage } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, onlyManagers } from "./money-page.ts";
import { noticePath } from "./notice-words.ts";

const DATE_FAULTS: Record<PlanDatesFault, FieldError> = {
  count: {
    field: "rate",
    message: `Le rate vanno da ${FEWEST_INSTALMENTS} a ${MOST_INSTALMENTS}.`,
  },
  "in-the-past": { field: "prima", message: "La prima rata è già passata." },
  "too-far": { field: "prima", message: "L'ultima rata è tra oltre cinque anni." },
  "not-in-order": { field: "prima", message: "Le rate non sono in ordine di data." },
  "too-small": { field: "rate", message: "Ogni rata è di almeno 1,00 €: ridurre il numero." },
};

/** Number of instalments, the first day, why: the same for a notice and for an old debt. */
function commonFields({ values, errors }: FormState, visit: Visit): Html {
  return html`${textField({
    name: "rate",
    label: "In quante rate?",
    width: "short",
    inputmode: "numeric",
    maxlength: 2,
    value: values["rate"] ?? "3",
    error: errorFor(errors, "rate"),
  })}
  ${dateField({
    name: "prima",
    label: "Prima rata entro",
    hint: "Le altre, lo stesso giorno dei mesi che seguono.",
    value: values["prima"] ?? visit.today.add({ days: 30 }),
    min: visit.today,
    error: errorFor(errors, "prima"),
  })}
  ${textField({
    name: "motivo",
    label: "Motivo",
    maxlength: 300,
    value: values["motivo"],
    error: errorFor(errors, "motivo"),
  })}`;
}

function datesOf(visit: Visit): { dueOn: Day[]; errors: FieldError[] } {
  const { fields } = visit;
  const count = /^\d{1,2}$/.test(fields.text("rate")) ? Number(fields.text("rate")) : 0;
  const first = fields.day("prima");
  const errors: FieldError[] = [];
  if (count < FEWEST_INSTALMENTS || count > MOST_INSTALMENTS) errors.push(DATE_FAULTS.count);
  if (!first) errors.push({ field: "prima", message: "Scrivere una data valida." });
  return { dueOn: first && errors.length === 0 ? monthlyDates(first, count) : [], errors };
}

function answerOf(
  done: PlannedInstalments,
  of: { path: string; field: string; wrong: (...errors: FieldError[]) => Answer },
): Answer {
  const { field, wrong } = of;
  const say = (message: string): Answer => wrong({ field, message });
  switch (done.outcome) {
    case "planned":
      return seeOther(of.path, `Piano fatto: ${done.notices.length} avvisi, uno per rata.`);
    case "refused":
      return wrong(DATE_FAULTS[done.fault]);
    case "payment-pending":
      return say("Qualcuno sta pagando in questo momento: riprovare tra mezz'ora.");
    case "nothing-to-pay":
      return say("Non c'è più niente da pagare.");
    case "not-a-debt":
      return say("Una ricarica non si paga a rate.");
    case "more-than-owed":
      return say(`Senza avviso sono da pagare ${formatEuro(done.owedCents)}.`);
    case "not-configured":
      return say("Il Comune non riscuote ancora con pagoPA: mancano stazione o IBAN.");
    case "key-reused":
      return say("Questo modulo è già stato inviato con altri dati.");
    case "reason-missing":
      return wrong({ field: "motivo", message: "Scrivere il motivo." });
    case "forbidden":
      return say(FORBIDDEN_WORDS);
    case "unknown":
      return notFound;
  }
}

const formValues = (visit: Visit): Record<string, string> =>
  Object.fromEntries(
    ["rate", "prima", "motivo", "conto", "importo"].map((name) => [name, visit.fields.text(name)]),
  );

const loadNotice = async (tx: ReadTx, visit: Visit): Promise<NoticeDetail | null> => {
  const noticeNumber = visit.params["numero"] ?? "";
  return /^\d{18}$/.test(noticeNumber)
    ? noticeDetail(tx, { noticeNumber, holderIds: "any", now: visit.now })
    : null;
};

/** `/ufficio/pagamenti/avvisi/{numero}/rate`: an unpaid notice becomes instalments (BO-08). */
export async function noticePlanPage(visit: Visit): Promise<Answer> {
  const notice = await visit.town.read((tx) => loadNotice(tx, visit));
  return notice ? noticeView(visit, notice, { values: {}, errors: [] }) : notFound;
}

export async function saveNoticePlan(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const key = fields.text(KEY_FIELD);
  const notice = await visit.town.read((tx) => loadNotice(tx, visit));
  if (!notice || !actor || !isUuid(key)) return notFound;
  const wrong = (...errors: FieldError[]): Answer =>
    withStatus(422, noticeView(visit, notice, { values: formValues(visit), errors }));
  const { dueOn, errors } = datesOf(visit);
  if (errors.length > 0) return wrong(...errors);
  const done = await visit.town.write((tx) =>
    planInstalments(tx, {
      actor,
      source: { kind: "notice", noticeId: notice.id },
      dueOn,
      reason: fields.text("motivo"),
      key,
      now,
    }),
  );
  const path = `/ufficio/famiglie/${notice.holderId}/pagamenti`;
  return answerOf(done, { path, field: "rate", wrong });
}

function noticeView(visit: Visit, notice: NoticeDetail, state: FormState): Html {
  const path = noticePath(notice.noticeNumber);
  return officePage(
    visit,
    { current: "payments" },
    {
      h1: "Paga a rate",
      lead: `Avviso ${inFours(notice.noticeNumber)}, ${formatEuro(notice.amountCents)}`,
      back: { href: path, label: "Avviso" },
      wide: false,
      errors: state.errors,
      body: html`<p>L'avviso non vale più; al suo posto c'è un avviso per ogni rata.</p>
        ${
          mayDecide(visit)
            ? form({
                action: `${path}/rate`,
                csrf: visit.csrf,
                key: visit.newKey(),
                body: commonFields(state, visit),
                submit: { label: "Fai il piano di rate" },
                cancel: { href: path },
              })
            : onlyManagers()
        }`,
    },
  );
}

interface Debts {
  readonly family: Family;
  /** also of nothing: a form sent again finds the account that its plan has emptied */
  readonly debts: readonly (AccountChoice & {
    owedCents: bigint;
    /** what the month's bill will ask for: no debt yet */
    soonCents: bigint;
  })[];
}

/** An account of the family or of a child takes what its services cost. */
const isOf = (
  account: AccountChoice["account"],
  charge: { childId: string; serviceId: string },
): boolean =>
  (account.childId ?? charge.childId) === charge.childId &&
  (account.serviceId ?? charge.serviceId) === charge.serviceId;

async function loadDebts(tx: ReadTx, visit: Visit): Promise<Debts | null> {
  const family = await familyOfAddress(tx, visit);
  if (!family) return null;
  const below = (await accountChoices(tx, family, visit.today)).filter(
    ({ balanceCents, payFor }) => balanceCents < 0n && payFor !== null,
  );
  const unbilled = await unbilledOf(tx, family.holder.id);
  const debts = [];
  // house-allow query-in-loop: the accounts of one family
  for (const choice of below) {
    // The month's bill asks for these: a plan of them too would ask twice.
    const soon = unbilled.filter((one) => isOf(choice.account, one));
    const soonCents = soon.reduce((sum, { cents }) => sum + cents, 0n);
    const owedCents = await debtWithoutNotice(tx, choice.account, soonCents);
    debts.push({ ...choice, owedCents, soonCents });
  }
  return { family, debts };
}

/** `/ufficio/famiglie/{id}/rate`: what an account owes without a notice, in instalments. */
export async function debtPlanPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => loadDebts(tx, visit));
  return loaded ? debtView(visit, loaded, { values: {}, errors: [] }) : notFound;
}

export async function saveDebtPlan(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const key = fields.text(KEY_FIELD);
  const loaded = await visit.town.read((tx) => loadDebts(tx, visit));
  if (!loaded || !actor || !isUuid(key)) return notFound;
  const wrong = (...errors: FieldError[]): Answer =>
    withStatus(422, debtView(visit, loaded, { values: formValues(visit), errors }));
  const { dueOn, errors } = datesOf(visit);
  const debt = loaded.debts.find((one) => one.key === fields.text("conto"));
  const amountCents = parseEuro(fields.text("importo"));
  if (!debt?.payFor) errors.push({ field: "conto", message: "Scegliere il debito." });
  if (amountCents === null || amountCents <= 0n)
    errors.push({ field: "importo", message: "Scrivere un importo, per esempio 46,00." });
  if (!debt?.payFor || amountCents === null || errors.length > 0) return wrong(...errors);
  const { account, payFor, soonCents } = debt;
  const done = await visit.town.write((tx) =>
    planInstalments(tx, {
      actor,
      source: {
        kind: "debt",
        account,
        childId: account.childId ?? null,
        serviceId: payFor,
        amountCents,
        subject: "Servizi scolastici, debiti precedenti",
        soonCents,
      },
      dueOn,
      reason: fields.text("motivo"),
      key,
      now,
    }),
  );
  const path = `${familyPath(loaded.family.holder.id)}/pagamenti`;
  return answerOf(done, { path, field: "importo", wrong });
}

function debtView(visit: Visit, { family, debts: all }: Debts, state: FormState): Html {
  const { values, errors } = state;
  const debts = all.filter(({ owedCents }) => owedCents > 0n);
  const soonCents = all.reduce((sum, one) => sum + one.soonCents, 0n);
  const soon = `${formatEuro(soonCents)} arrivano con il prossimo avviso del mese: non sono ancora un debito.`;
  const [only] = debts.length === 1 ? debts : [];
  return familyFrame(visit, family, {
    h1: "Rate per un debito",
    wide: false,
    errors,
    body: !mayDecide(visit)
      ? onlyManagers()
      : debts.length === 0
        ? emptyState({
            icon: "it-check-circle",
            text: `Nessun debito senza avviso. ${soonCents > 0n ? `${soon} ` : ""}Un avviso da pagare si mette a rate dalla sua pagina.`,
          })
        : form({
            action: `${familyPath(family.holder.id)}/rate`,
            csrf: visit.csrf,
            key: visit.newKey(),
            body: html`${soonCents > 0n && html`<p>${soon}</p>`}${selectField({
              name: "conto",
              label: "Quale debito?",
              empty: "Scegliere il debito",
              value: values["conto"] ?? only?.key ?? "",
              choices: debts.map(({ key, label, owedCents }) => ({
                value: key,
                label: `${label}: ${formatEuro(owedCents)} senza avviso`,
              })),
              error: errorFor(errors, "conto"),
            })}
            ${euroField({
              name: "importo",
              label: "Importo da mettere a rate",
              value: values["importo"],
              error: errorFor(errors, "importo"),
            })}
            ${commonFields(state, visit)}`,
            submit: { label: "Fai il piano di rate" },
            cancel: { href: familyPath(family.holder.id) },
          }),
  });
}
