// SPDX-License-Identifier: EUPL-1.2
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  answerMoney,
  type AnsweredMoney,
  correctPayee,
  giveBack,
  LONGEST_BENEFICIARY,
  mayBecome,
  type MoneyRequest,
  moneyRequests,
  type RequestEvent,
  requestEvents,
} from "#payments";
import {
  card,
  definitionList,
  errorFor,
  form,
  history,
  radios,
  textArea,
  textField,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage, onlyManagers } from "./money-page.ts";
import {
  type AccountNames,
  accountsText,
  ibanInFours,
  kindText,
  namesOfRequests,
  ORIGINS,
  stateWord,
} from "./request-words.ts";
import { promised, requestPath, stateText } from "./requests-page.ts";

const f = formats("it");
const NOTHING: FormState = { values: {}, errors: [] };

interface Loaded {
  readonly request: MoneyRequest;
  readonly events: readonly RequestEvent[];
  readonly names: AccountNames;
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const id = visit.params["id"] ?? "";
  const [request] = isUuid(id) ? await moneyRequests(tx, { ids: [id] }) : [];
  if (!request) return null;
  return {
    request,
    events: await requestEvents(tx, [id]),
    names: await namesOfRequests(tx, [request]),
  };
}

/** `/ufficio/richieste/{id}`: what is asked, what happened, and the one thing to do next (X-10). */
export async function requestPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  return loaded ? view(visit, loaded, NOTHING) : notFound;
}

/** Approves or refuses; the family reads the answer. */
export async function answerRequest(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  if (!actor) return notFound;
  const decisions = { approva: "approve", respingi: "refuse" } as const;
  const decision = decisions[fields.text("esito") as keyof typeof decisions];
  const text = fields.text("risposta");
  return act(visit, { esito: fields.text("esito"), risposta: text }, async (tx, { request }) => {
    if (!decision)
      return { error: { field: "esito", message: "Scegliere se la richiesta è approvata." } };
    const done = await answerMoney(tx, { actor, id: request.id, decision, answer: text, now });
    return answered(done, request);
  });
}

function answered(done: AnsweredMoney, request: MoneyRequest): Done {
  switch (done.outcome) {
    case "approved":
      return {
        said: `Richiesta ${request.number} approvata: il rimborso va messo in un bonifico.`,
      };
    case "executed":
      return {
        said: `Richiesta ${request.number} eseguita: il credito è passato all'altro conto.`,
      };
    case "refused":
      return { said: `Richiesta ${request.number} respinta: la famiglia legge la risposta.` };
    case "already-answered":
      return { said: `La richiesta ${request.number} ha già una risposta.` };
    case "not-enough-credit":
      return {
        error: {
          field: "esito",
          message: `Sul conto restano ${formatEuro(done.balanceCents)}: meno di quanto chiesto. La richiesta si può respingere.`,
        },
      };
    case "answer-missing":
      return { error: { field: "risposta", message: "Scrivere perché la richiesta è respinta." } };
    case "forbidden":
      return { error: { field: "esito", message: FORBIDDEN_WORDS } };
    case "unknown":
      return null;
  }
}

/** IBAN and name of a refund: missing, or to be changed after a return. */
export async function saveRequestPayee(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  if (!actor) return notFound;
  const values = { iban: fields.text("iban"), intestato: fields.text("intestato") };
  return act(visit, values, async (tx, { request }) => {
    const of = { actor, id: request.id, iban: values.iban, beneficiary: values.intestato, now };
    const done = await correctPayee(tx, of);
    switch (done.outcome) {
      case "corrected":
        return { said: "IBAN registrato." };
      case "iban":
        return { error: { field: "iban", message: WRONG_IBAN } };
      case "beneficiary":
        return { error: { field: "intestato", message: "Scrivere a chi è intestato il conto." } };
      case "forbidden":
        return { error: { field: "iban", message: FORBIDDEN_WORDS } };
      case "nothing-to-do":
        return { said: "Il rimborso è già in un bonifico: l'IBAN non cambia più." };
    }
  });
}

const WRONG_IBAN =
  "L'IBAN non è giusto: controllare lettere e cifre. Vale un conto in Italia (27 caratteri) o in un altro Paese dell'area SEPA.";

/** The credit goes back to the family's account: the refund will not leave. */
export async function giveRequestBack(visit: Visit): Promise<Answer> {
  const { fields, actor, now } = visit;
  if (!actor) return notFound;
  const reason = fields.text("motivo");
  return act(visit, { motivo: reason }, async (tx, { request }) => {
    const done = await giveBack(tx, { actor, id: request.id, reason, now });
    switch (done.outcome) {
      case "given-back":
        return { said: "Credito rimesso sul conto della famiglia." };
      case "reason-missing":
        return { error: { field: "motivo", message: "Scrivere il motivo." } };
      case "forbidden":
        return { error: { field: "motivo", message: FORBIDDEN_WORDS } };
      case "nothing-to-do":
        return { said: "Il rimborso non si può più riprendere." };
    }
  });
}

type Done = { said: string } | { error: { field: string; message: string } } | null;

async function act(
  visit: Visit,
  values: Record<string, string>,
  work: (tx: Parameters<Parameters<Visit["town"]["write"]>[0]>[0], loaded: Loaded) => Promise<Done>,
): Promise<Answer> {
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit);
    const done = loaded && (await work(tx, loaded));
    if (!loaded || !done) return notFound;
    if ("said" in done) return seeOther(requestPath(loaded.request), done.said);
    return withStatus(422, view(visit, loaded, { values, errors: [done.error] }));
  });
}

function view(visit: Visit, { request, events, names }: Loaded, state: FormState): Html {
  return moneyPage(visit, "requests", {
    h1: `Richiesta ${request.number}`,
    lead: `${kindText(request)}, ${formatEuro(request.amountCents)}`,
    back: { href: "/ufficio/richieste", label: "Richieste" },
    wide: false,
    errors: state.errors,
    body: html`${card({
        title: stateWord(request),
        body: definitionList([
          ...(request.holderId
            ? [
                {
                  label: "Famiglia",
                  value: html`<a href="/ufficio/famiglie/${request.holderId}"
                    >${names.holder(request.holderId)}</a
                  >`,
                },
              ]
            : []),
          { label: "Conto", value: accountsText(names, request) },
          { label: "Importo", value: html`<strong>${formatEuro(request.amountCents)}</strong>` },
          ...(request.kind === "refund"
            ? [
                { label: "Intestatario dell'IBAN", value: request.beneficiary || "da chiedere" },
                { label: "IBAN", value: ibanInFours(request.iban) || "da chiedere" },
              ]
            : []),
          { label: "Motivo", value: request.reason },
          { label: "Origine", value: ORIGINS[request.origin] },
          { label: "Promessa entro", value: promised(request, visit.today) },
          { label: "Stato", value: stateText(request) },
          ...(request.answer ? [{ label: "Risposta", value: request.answer }] : []),
          ...(request.batchId
            ? [
                {
                  label: "Bonifico",
                  value: html`<a href="/ufficio/richieste/bonifici/${request.batchId}">Apri</a>`,
                },
              ]
            : []),
        ]),
      })}
      ${next(visit, request, state)}
      <h2 class="section-title">Che cosa è successo</h2>
      ${history(
        events.toReversed().map((event) => ({
          when: f.dayAndTime(event.at),
          who: event.by,
          what: [stateWord({ ...event, isSent: false }), event.note].filter(Boolean).join(": "),
        })),
      )}`,
  });
}

function next(visit: Visit, request: MoneyRequest, state: FormState): Html | null {
  const isOpen = ["received", "approved", "returned"].includes(request.state);
  if (!isOpen) return null;
  if (!mayDecide(visit)) return onlyManagers();
  return html`${request.state === "received" && answerForm(visit, request, state)}${
    request.kind === "refund" && payeeForm(visit, request, state)
  }${
    request.holderId &&
    mayBecome(request.state, "given-back") &&
    giveBackForm(visit, request, state)
  }`;
}

const answerForm = (visit: Visit, request: MoneyRequest, { values, errors }: FormState): Html =>
  form({
    action: requestPath(request),
    csrf: visit.csrf,
    key: visit.newKey(),
    body: html`${radios({
      name: "esito",
      label: "Decisione",
      value: values["esito"] ?? null,
      choices: [
        {
          value: "approva",
          label: "Approva",
          hint:
            request.kind === "refund"
              ? `${formatEuro(request.amountCents)} escono dal conto e aspettano il bonifico.`
              : `${formatEuro(request.amountCents)} passano subito all'altro conto.`,
        },
        {
          value: "respingi",
          label: "Respingi",
          hint: "Serve il motivo, nelle parole per la famiglia.",
        },
      ],
      error: errorFor(errors, "esito"),
    })}
    ${textArea({
      name: "risposta",
      label: "Parole per la famiglia",
      hint: "Obbligatorie per respingere.",
      rows: 3,
      maxlength: 1000,
      optional: true,
      value: values["risposta"] ?? "",
      error: errorFor(errors, "risposta"),
    })}`,
    submit: { label: "Registra la decisione" },
  });

const payeeForm = (visit: Visit, request: MoneyRequest, { values, errors }: FormState): Html =>
  html`<h2 class="section-title">Dove va il rimborso</h2>
    ${form({
      action: `${requestPath(request)}/iban`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: html`${textField({
        name: "iban",
        label: "IBAN",
        value: values["iban"] ?? ibanInFours(request.iban),
        maxlength: 40,
        error: errorFor(errors, "iban"),
      })}
      ${textField({
        name: "intestato",
        label: "Intestato a",
        value: values["intestato"] ?? request.beneficiary,
        maxlength: LONGEST_BENEFICIARY,
        error: errorFor(errors, "intestato"),
      })}`,
      submit: { label: "Salva l'IBAN", kind: "secondary" },
    })}`;

const giveBackForm = (visit: Visit, request: MoneyRequest, { values, errors }: FormState): Html =>
  html`<h2 class="section-title">Rinuncia al rimborso</h2>
    ${form({
      action: `${requestPath(request)}/rimetti`,
      csrf: visit.csrf,
      key: visit.newKey(),
      body: textField({
        name: "motivo",
        label: "Motivo",
        value: values["motivo"] ?? "",
        maxlength: 300,
        error: errorFor(errors, "motivo"),
      }),
      submit: { label: "Rimetti il credito sul conto", kind: "secondary" },
    })}`;
