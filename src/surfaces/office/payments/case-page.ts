// SPDX-License-Identifier: EUPL-1.2
import { dayOf } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { inFours, type NoticeDetail, type Receipt, refundCase, resolveCase } from "#payments";
import {
  card,
  definitionList,
  errorFor,
  form,
  linkList,
  radios,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { CASE_WORDS } from "./case-words.ts";
import { ageText } from "./cases-page.ts";
import { asked, chosenFamily, loadCase, type LoadedCase } from "./load-case.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage, onlyManagers } from "./money-page.ts";

const LIST = "/ufficio/pagamenti/da-sistemare";
const REFUND = "rimborso";
const f = formats("it");

/** `/ufficio/pagamenti/da-sistemare/{id}`: where does this money belong? */
export async function casePage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => loadCase(tx, visit));
  if (!loaded) return seeOther(LIST, "Questo pagamento è già sistemato.");
  return view(visit, loaded, { values: {}, errors: [] });
}

export async function settleCase(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const chosen = fields.text("conto");
  const reason = fields.text("motivo").slice(0, 500);
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await loadCase(tx, visit);
    if (!loaded) return seeOther(LIST, "Questo pagamento è già sistemato.");
    const { found, choices } = loaded;
    const wrong = (field: string, message: string): Answer =>
      withStatus(
        422,
        view(visit, loaded, {
          values: { conto: chosen, motivo: reason },
          errors: [{ field, message }],
        }),
      );
    const choice = choices.find(({ key }) => key === chosen);
    if (!choice && chosen !== REFUND) return wrong("conto", "Scegliere dove va l'importo.");
    const of = { actor, caseId: found.id, reason, now };
    const done = choice
      ? await resolveCase(tx, { ...of, account: choice.account })
      : await refundCase(tx, of);
    const amount = formatEuro(found.amountCents);
    switch (done.outcome) {
      case "resolved": {
        const rest = done.rest
          ? ` Per i ${formatEuro(done.rest.amountCents)} che mancano alla rata c'è l'avviso ${inFours(done.rest.noticeNumber)}.`
          : "";
        return choice
          ? seeOther(LIST, `${amount} sono ora credito: ${choice.label}.${rest}`)
          : seeOther(
              "/ufficio/richieste",
              `${amount} da rimborsare: serve l'IBAN di chi ha pagato.${rest}`,
            );
      }
      case "already-resolved":
      case "unknown":
        return seeOther(LIST, "Questo pagamento è già sistemato.");
      case "forbidden":
        return wrong("conto", FORBIDDEN_WORDS);
      case "reason-missing":
        return wrong("motivo", "Scrivere il motivo.");
    }
  });
}

function view(visit: Visit, loaded: LoadedCase, state: FormState): Html {
  const { found, receipt, notice } = loaded;
  const promised = notice?.receipts.find(({ id }) => id === receipt.id)?.outcome?.promisedOn;
  const { title, why } = CASE_WORDS[found.kind];
  return moneyPage(visit, "cases", {
    h1: title,
    lead: [
      `${formatEuro(found.amountCents)}, aspetta da ${ageText(dayOf(found.openedAt), visit)}`,
      promised && `decisione promessa alla famiglia entro ${f.dayWithYear(promised)}`,
    ]
      .filter(Boolean)
      .join("; "),
    back: { href: LIST, label: "Pagamenti da sistemare" },
    wide: false,
    errors: state.errors,
    body: html`<p>${why}</p>
      ${card({ title: "Che cosa dice la ricevuta", body: definitionList(factsOf(receipt)) })}
      ${loaded.notice && noticeCard(loaded.notice)}
      ${loaded.registered && deskCard(loaded.registered)}
      ${mayDecide(visit) ? decisionForm(visit, loaded, state) : onlyManagers()}
      ${mayDecide(visit) && familySearch(visit, loaded)}`,
  });
}

const factsOf = (receipt: Receipt): Parameters<typeof definitionList>[0] => [
  { label: "Pagato il", value: f.dayAndTime(receipt.paidAt) },
  {
    label: "Da chi",
    value:
      [receipt.payerName, receipt.payerFiscalCode].filter(Boolean).join(", ") || "non indicato",
  },
  { label: "Importo", value: html`<strong>${formatEuro(receipt.amountCents)}</strong>` },
  { label: "Causale", value: receipt.description },
  { label: "Numero dell'avviso", value: inFours(receipt.noticeNumber) },
  { label: "Presso", value: [receipt.pspName, receipt.channel].filter(Boolean).join(", ") },
  { label: "Identificativo della ricevuta", value: receipt.receiptId },
];

const noticeCard = (notice: NoticeDetail): Html =>
  card({
    title: "L'avviso",
    body: definitionList([
      {
        label: "Avviso",
        value: html`<a href="/ufficio/pagamenti/avvisi/${notice.noticeNumber}"
          >${inFours(notice.noticeNumber)}</a
        >`,
      },
      { label: "Intestato a", value: notice.debtorName },
      { label: "Per", value: notice.subject },
      { label: "Importo chiesto", value: formatEuro(notice.amountCents) },
    ]),
  });

/** One payment, two entries: whatever is decided, only one is left. */
const deskCard = ({ payment, account }: NonNullable<LoadedCase["registered"]>): Html =>
  card({
    title: "Lo sportello l'ha già registrato",
    body: html`${definitionList([
        {
          label: "Pagamento",
          value: html`<a href="/ufficio/pagamenti/registrati/${payment.id}"
            >${payment.number}, ${formatEuro(payment.amountCents)}</a
          >`,
        },
        { label: "Accreditato a", value: account.label },
        { label: "Da", value: `${payment.recordedBy}, ${f.dayAndTime(payment.recordedAt)}` },
      ])}
      <p>
        È la stessa ricevuta. Con la decisione qui sotto la registrazione dello sportello viene
        tolta e resta solo questo pagamento: non serve altro. Se l'importo va altrove, ciò che lo
        sportello aveva dato per pagato torna da pagare.
      </p>`,
  });

const decisionForm = (
  visit: Visit,
  { found, choices, registered }: LoadedCase,
  state: FormState,
): Html =>
  form({
    action: `${LIST}/${found.id}`,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: { famiglia: chosenFamily(visit) },
    body: html`${radios({
      name: "conto",
      label: "Dove va l'importo?",
      value: state.values["conto"] ?? registered?.account.key ?? null,
      choices: [
        ...choices.map(({ key, label }) => ({ value: key, label: `Credito, ${label}` })),
        {
          value: REFUND,
          label: "Da rimborsare a chi ha pagato",
          hint: "Diventa una richiesta di rimborso: serve il suo IBAN.",
        },
      ],
      error: errorFor(state.errors, "conto"),
    })}
    ${textField({
      name: "motivo",
      label: "Motivo",
      hint: "Resta nel registro con il nome di chi decide.",
      maxlength: 300,
      value: state.values["motivo"] ?? "",
      error: errorFor(state.errors, "motivo"),
    })}`,
    submit: { label: "Sistema il pagamento" },
    cancel: { href: LIST },
  });

function familySearch(visit: Visit, { found, families }: LoadedCase): Html {
  const path = `${LIST}/${found.id}`;
  const text = asked(visit);
  return html`<h2 class="section-title">È di un'altra famiglia?</h2>
    ${form({
      action: path,
      method: "get",
      body: textField({
        name: "q",
        label: "Cognome, codice fiscale o telefono",
        value: text,
      }),
      submit: { label: "Cerca la famiglia", kind: "secondary" },
    })}
    ${
      text !== "" &&
      (families.length === 0
        ? html`<p>Nessun risultato. Provare con il codice fiscale o il telefono.</p>`
        : linkList(
            families.map(({ holderId, label }) => ({
              href: `${path}?famiglia=${holderId}`,
              label,
              note: "Scegli un conto di questa famiglia",
            })),
          ))
    }`;
}
