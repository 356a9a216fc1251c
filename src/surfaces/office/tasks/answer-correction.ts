// SPDX-License-Identifier: EUPL-1.2
import {
  answerCorrection,
  correction,
  type CorrectionRequest,
  type CorrectionTopic,
  holderOf,
  holdersOfPerson,
  LONGEST_REQUEST,
  person,
  type Person,
} from "#families";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import {
  definitionList,
  errorFor,
  type FieldError,
  form,
  linkButton,
  radios,
  textArea,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";

export const TOPIC_WORDS: Readonly<Record<CorrectionTopic, string>> = {
  name: "Nome o cognome",
  "codice-fiscale": "Codice fiscale",
  birth: "Data o luogo di nascita",
  school: "Scuola o classe",
  other: "Altro",
};

interface Loaded {
  readonly request: CorrectionRequest;
  readonly about: Person;
  readonly holderId: string | null;
}

const f = formats("it");
const TASKS = "/ufficio/compiti#correzioni";

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const id = visit.params["id"] ?? "";
  const request = isUuid(id) ? await correction(tx, id) : undefined;
  const about = request && (await person(tx, request.personId));
  if (!request || !about) return null;
  const holderId =
    about.kind === "child"
      ? await holderOf(tx, about.id, visit.today)
      : ((await holdersOfPerson(tx, about.id, visit.today))[0] ?? null);
  return { request, about, holderId };
}

/** `/ufficio/compiti/correzioni/{id}`: what a family asks to have corrected; the office corrects, then answers. */
export async function correctionPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  return loaded ? view(visit, loaded, []) : notFound;
}

export async function answerNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now: at } = visit;
  if (!actor) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit);
    if (!loaded) return notFound;
    const chosen = fields.text("esito");
    const wrong = (field: string, message: string): Answer =>
      withStatus(422, view(visit, loaded, [{ field, message }]));
    if (chosen !== "corretto" && chosen !== "no") return wrong("esito", "Scegliere com'è andata.");
    const { id } = loaded.request;
    const answer = fields.text("risposta");
    const corrected = chosen === "corretto";
    const answered = await answerCorrection(tx, { actor, id, corrected, answer, at });
    switch (answered.outcome) {
      case "answered":
        return seeOther(TASKS, "Risposta inviata: la famiglia la legge fra i suoi dati.");
      case "already-answered":
        return seeOther(TASKS, "Qualcuno ha già risposto.");
      case "answer-missing":
        return wrong("risposta", "Scrivere alla famiglia perché il dato resta com'è.");
      case "unknown-request":
      case "not-allowed":
        return notFound;
    }
  });
}

function view(visit: Visit, of: Loaded, errors: readonly FieldError[]): Html {
  const { request, about, holderId } = of;
  return officePage(
    visit,
    { current: "tasks" },
    {
      h1: "Una correzione chiesta dalla famiglia",
      title: "Correzione",
      back: { href: TASKS, label: "Da sistemare" },
      wide: false,
      errors,
      body: html`${definitionList([
          { label: "Di chi", value: `${about.givenName} ${about.surname}` },
          { label: "Che cosa", value: TOPIC_WORDS[request.topic] },
          { label: "Come dovrebbe essere", value: request.request },
          { label: "Chiesta da", value: `${request.askedBy}, ${f.dayAndTime(request.askedAt)}` },
        ])}
        <div class="button-row">
          ${
            holderId !== null &&
            linkButton({ href: `/ufficio/famiglie/${holderId}`, label: "Apri la famiglia" })
          }
        </div>
        ${request.answeredAt === null ? answerForm(visit, request, errors) : answerText(request)}`,
    },
  );
}

function answerForm(
  { csrf, newKey, fields }: Visit,
  { id }: CorrectionRequest,
  wrong: readonly FieldError[],
): Html {
  return form({
    action: `/ufficio/compiti/correzioni/${id}`,
    csrf,
    key: newKey(),
    body: html`${radios({
      name: "esito",
      label: "Com'è andata?",
      value: fields.text("esito"),
      choices: [
        { value: "corretto", label: "Il dato è stato corretto" },
        { value: "no", label: "Il dato resta com'è" },
      ],
      error: errorFor(wrong, "esito"),
    })}
    ${textArea({
      name: "risposta",
      label: "Risposta alla famiglia",
      hint: "Se il dato resta com'è, il perché",
      maxlength: LONGEST_REQUEST,
      value: fields.text("risposta"),
      error: errorFor(wrong, "risposta"),
    })}`,
    submit: { label: "Invia la risposta" },
    cancel: { href: TASKS },
  });
}

const answerText = (request: CorrectionRequest): Html =>
  definitionList([
    { label: "Esito", value: request.corrected ? "Corretto" : "Non corretto" },
    ...(request.answer ? [{ label: "Risposta", value: request.answer }] : []),
    {
      label: "Da chi",
      value: [request.answeredBy, request.answeredAt && f.dayAndTime(request.answeredAt)]
        .filter(Boolean)
        .join(", "),
    },
  ]);
