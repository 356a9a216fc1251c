// SPDX-License-Identifier: EUPL-1.2
import type { Family } from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import { decideWriteOff, proposeWriteOff, type WriteOff, writeOffs } from "#payments";
import {
  card,
  dataTable,
  definitionList,
  emptyState,
  errorFor,
  type FieldError,
  form,
  KEY_FIELD,
  radios,
  selectField,
  textArea,
  euroField,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type AccountChoice, accountChoices } from "../family/account-choices.ts";
import { familyOfAddress, familyPath } from "../family/family-guard.ts";
import { familyFrame } from "../family/family-frame.ts";
import { type FormState } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage, onlyManagers } from "./money-page.ts";
import { type AccountNames, accountNames } from "./request-words.ts";

const LIST = "/ufficio/pagamenti/annullamenti";
const f = formats("it");

interface Listed {
  readonly rows: readonly WriteOff[];
  readonly names: AccountNames;
}

async function loadList(tx: ReadTx): Promise<Listed> {
  const rows = await writeOffs(tx);
  const names = await accountNames(tx, {
    holderIds: rows.map(({ holderId }) => holderId),
    childIds: rows.map(({ childId }) => childId),
  });
  return { rows, names };
}

/** `/ufficio/pagamenti/annullamenti`: debts proposed for writing off; another person decides. */
export async function writeOffsPage(visit: Visit): Promise<Answer> {
  return listView(visit, await visit.town.read(loadList), { values: {}, errors: [] });
}

export async function decideWriteOffNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const id = visit.params["id"] ?? "";
  if (!actor || !isUuid(id)) return notFound;
  const decisions = { approva: "approved", respingi: "refused" } as const;
  const decision = decisions[fields.text("esito") as keyof typeof decisions];
  const reason = fields.text("motivo");
  return visit.town.write(async (tx): Promise<Answer> => {
    const wrong = async (message: string): Promise<Answer> =>
      withStatus(
        422,
        listView(visit, await loadList(tx), {
          values: { id, motivo: reason },
          errors: [{ field: `esito-${id}`, message }],
        }),
      );
    if (!decision) return wrong("Scegliere se il debito è annullato.");
    const done = await decideWriteOff(tx, { actor, id, decision, reason, now });
    switch (done.outcome) {
      case "approved":
        return seeOther(LIST, "Debito annullato: la famiglia ne riceve notizia.");
      case "refused":
        return seeOther(LIST, "Proposta respinta: il debito resta.");
      case "already-decided":
        return seeOther(LIST, "La proposta ha già una decisione.");
      case "same-person":
        return wrong("Decide una persona diversa da chi ha proposto.");
      case "reason-missing":
        return wrong("Scrivere perché la proposta è respinta.");
      case "more-than-owed":
        return wrong(`La famiglia deve ora ${formatEuro(done.owedCents)}: meno della proposta.`);
      case "forbidden":
        return wrong(FORBIDDEN_WORDS);
      case "unknown":
        return notFound;
    }
  });
}

function listView(visit: Visit, { rows, names }: Listed, state: FormState): Html {
  const open = rows.filter(({ decidedAt }) => decidedAt === null);
  const decided = rows.filter(({ decidedAt }) => decidedAt !== null);
  return moneyPage(visit, "write-offs", {
    h1: "Debiti da annullare",
    errors: state.errors,
    body: html`${
      open.length === 0
        ? emptyState({
            icon: "it-check-circle",
            text: "Nessuna proposta. Si propone dalla pagina della famiglia, con il motivo.",
          })
        : open.map((row) => proposal(visit, row, names, state))
    }${
      decided.length > 0 &&
      html`<h2 class="section-title">Decise</h2>
        ${dataTable({
          caption: "Decise",
          captionHidden: true,
          columns: [
            { label: "Famiglia", header: true },
            { label: "Conto" },
            { label: "Motivo" },
            { label: "Importo", align: "end" },
            { label: "Decisione" },
          ],
          rows: decided.map((row) => [
            familyLink(row, names),
            names.account(row),
            row.reason,
            formatEuro(row.amountCents),
            decisionText(row),
          ]),
        })}`
    }`,
  });
}

const familyLink = (row: WriteOff, names: AccountNames): Html =>
  html`<a href="${familyPath(row.holderId)}">${names.holder(row.holderId)}</a>`;

const decisionText = (row: WriteOff): string =>
  [
    row.decision === "approved" ? "Annullato" : "Respinto",
    `${row.decidedAt ? f.dayAndTime(row.decidedAt) : ""}, ${row.decidedBy ?? ""}`,
    row.decisionReason,
  ]
    .filter(Boolean)
    .join(": ");

function proposal(visit: Visit, row: WriteOff, names: AccountNames, state: FormState): Html {
  const isOwn = row.proposedById === visit.actor?.id;
  const isThis = state.values["id"] === row.id;
  return card({
    title: `${names.holder(row.holderId)}: ${formatEuro(row.amountCents)}`,
    body: html`${definitionList([
      { label: "Famiglia", value: familyLink(row, names) },
      { label: "Conto", value: names.account(row) },
      { label: "Motivo", value: row.reason },
      { label: "Proposto", value: `${f.dayAndTime(row.proposedAt)}, ${row.proposedBy}` },
    ])}
    ${
      !mayDecide(visit)
        ? onlyManagers()
        : isOwn
          ? html`<p>Decide una persona diversa da chi ha proposto.</p>`
          : form({
              action: `${LIST}/${row.id}`,
              csrf: visit.csrf,
              key: visit.newKey(),
              body: html`${radios({
                name: "esito",
                id: `esito-${row.id}`,
                label: "Decisione",
                value: null,
                choices: [
                  { value: "approva", label: "Annulla il debito" },
                  { value: "respingi", label: "Respingi la proposta" },
                ],
                error: isThis ? errorFor(state.errors, `esito-${row.id}`) : null,
              })}
              ${textField({
                name: "motivo",
                id: `motivo-${row.id}`,
                label: "Parole della decisione",
                hint: "Obbligatorie se si respinge.",
                optional: true,
                maxlength: 300,
                value: isThis ? state.values["motivo"] : "",
              })}`,
              submit: { label: "Registra la decisione" },
            })
    }`,
  });
}

interface Proposing {
  readonly family: Family;
  readonly debts: readonly AccountChoice[];
}

async function loadDebts(tx: ReadTx, visit: Visit): Promise<Proposing | null> {
  const family = await familyOfAddress(tx, visit);
  if (!family) return null;
  const accounts = await accountChoices(tx, family, visit.today);
  return { family, debts: accounts.filter(({ balanceCents }) => balanceCents < 0n) };
}

/** `/ufficio/famiglie/{id}/annullamento`: the first person proposes, with a reason. */
export async function proposePage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => loadDebts(tx, visit));
  return loaded ? proposeView(visit, loaded, { values: {}, errors: [] }) : notFound;
}

export async function saveProposal(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const key = fields.text(KEY_FIELD);
  const loaded = await visit.town.read((tx) => loadDebts(tx, visit));
  if (!loaded || !actor || !isUuid(key)) return notFound;
  const wrong = (...errors: FieldError[]): Answer => {
    const names = ["conto", "importo", "motivo"];
    const values = Object.fromEntries(names.map((name) => [name, fields.text(name)]));
    return withStatus(422, proposeView(visit, loaded, { values, errors }));
  };
  const debt = loaded.debts.find((one) => one.key === fields.text("conto"));
  const amountCents = parseEuro(fields.text("importo"));
  if (!debt) return wrong({ field: "conto", message: "Scegliere il debito." });
  if (amountCents === null)
    return wrong({ field: "importo", message: "Scrivere un importo, per esempio 46,00." });
  const of = { actor, account: debt.account, amountCents, reason: fields.text("motivo"), key, now };
  const done = await visit.town.write((tx) => proposeWriteOff(tx, of));
  switch (done.outcome) {
    case "proposed":
    case "already-proposed":
      return seeOther(LIST, "Proposta registrata: decide una seconda persona.");
    case "reason-missing":
      return wrong({ field: "motivo", message: "Scrivere il motivo." });
    case "amount":
      return wrong({ field: "importo", message: "L'importo deve superare zero." });
    case "more-than-owed":
      return wrong({
        field: "importo",
        message: `Si possono ancora proporre ${formatEuro(done.owedCents)}.`,
      });
    case "forbidden":
      return wrong({ field: "conto", message: FORBIDDEN_WORDS });
  }
}

function proposeView(visit: Visit, { family, debts }: Proposing, state: FormState): Html {
  const { values, errors } = state;
  const [only] = debts.length === 1 ? debts : [];
  return familyFrame(visit, family, {
    h1: "Annulla un debito",
    wide: false,
    errors,
    body: !mayDecide(visit)
      ? onlyManagers()
      : debts.length === 0
        ? emptyState({ icon: "it-check-circle", text: "Questa famiglia non ha debiti." })
        : html`<p>Una seconda persona decide; fino ad allora il debito resta.</p>
            ${form({
              action: `${familyPath(family.holder.id)}/annullamento`,
              csrf: visit.csrf,
              key: visit.newKey(),
              body: html`${selectField({
                name: "conto",
                label: "Quale debito?",
                empty: "Scegliere il debito",
                value: values["conto"] ?? only?.key ?? "",
                choices: debts.map(({ key, label, balanceCents }) => ({
                  value: key,
                  label: `${label}: ${formatEuro(-balanceCents)}`,
                })),
                error: errorFor(errors, "conto"),
              })}
              ${euroField({
                name: "importo",
                label: "Importo da annullare",
                value: values["importo"],
                error: errorFor(errors, "importo"),
              })}
              ${textArea({
                name: "motivo",
                label: "Motivo",
                hint: "Per esempio l'atto che lo dispone.",
                rows: 3,
                maxlength: 500,
                value: values["motivo"] ?? "",
                error: errorFor(errors, "motivo"),
              })}`,
              submit: { label: "Proponi l'annullamento" },
              cancel: { href: familyPath(family.holder.id) },
            })}`,
  });
}
