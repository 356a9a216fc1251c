// SPDX-License-Identifier: EUPL-1.2
import {
  answerDispute,
  chargeById,
  type Charge,
  type Dispute,
  disputesOf,
  isOverdue,
} from "#billing";
import { holderNames } from "#families";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  card,
  dataTable,
  definitionList,
  emptyState,
  errorFor,
  form,
  radios,
  stateBadge,
  tag,
  textArea,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { type FormState, officePage } from "../office-page.ts";

const MOST_ANSWERED = 50;
const LONGEST = 2000;
const f = formats("it");
const DECISIONS = new Map([
  ["accolta", "accepted"],
  ["respinta", "refused"],
] as const satisfies [string, string][]) as ReadonlyMap<string, "accepted" | "refused">;
/** Answers given before the office was asked to decide have none. */
const decisionWord = ({ decision }: Dispute): string =>
  decision === null ? "Risposta data" : decision === "accepted" ? "Accolta" : "Non accolta";

/** `/ufficio/contestazioni`: open ones by promised date, then those answered. */
export async function disputesPage(visit: Visit): Promise<Answer> {
  const { disputes, names } = await visit.town.read(async (tx) => {
    const disputes = await disputesOf(tx, {});
    const holderIds = disputes.map(({ holderId }) => holderId);
    return { disputes, names: await holderNames(tx, [...new Set(holderIds)]) };
  });
  const open = disputes.filter(({ answeredAt }) => answeredAt === null);
  const answered = disputes.filter(({ answeredAt }) => answeredAt !== null).toReversed();
  const rows = (list: readonly Dispute[]): Parameters<typeof dataTable>[0]["rows"] =>
    list.map((dispute) => [
      html`<a href="/ufficio/contestazioni/${dispute.id}">Contestazione ${dispute.number}</a>`,
      names.get(dispute.holderId)?.surname ?? "",
      dispute.text.length > 120 ? `${dispute.text.slice(0, 120)}…` : dispute.text,
      dueText(dispute, visit),
    ]);
  const columns = (last: string): Parameters<typeof dataTable>[0]["columns"] => [
    { label: "Numero", header: true },
    { label: "Famiglia" },
    { label: "Che cosa non torna" },
    { label: last },
  ];
  return officePage(
    visit,
    { current: "disputes" },
    {
      h1: "Contestazioni",
      body: html`<h2>Da rispondere</h2>
        ${
          open.length === 0
            ? emptyState({ icon: "it-check-circle", text: "Nessuna contestazione aperta." })
            : dataTable({
                caption: "Da rispondere",
                captionHidden: true,
                columns: columns("Risposta entro"),
                rows: rows(open),
              })
        }
        ${
          answered.length > 0 &&
          html`<h2 class="section-title">Con risposta</h2>
            ${dataTable({
              caption: "Con risposta",
              captionHidden: true,
              columns: columns("Risposta"),
              rows: rows(answered.slice(0, MOST_ANSWERED)),
            })}`
        }`,
    },
  );
}

function dueText(dispute: Dispute, visit: Visit): Html | string {
  if (dispute.answeredAt) {
    const word = dispute.decision === null ? "" : `, ${decisionWord(dispute).toLowerCase()}`;
    return `${f.shortDay(dayOf(dispute.answeredAt))}${word}`;
  }
  const due = f.dayFrom(dispute.answerDueOn, visit.today);
  return isOverdue(dispute, visit.today) ? html`${due} ${tag("in ritardo", "warning")}` : due;
}

interface Loaded {
  readonly dispute: Dispute;
  readonly charge: Charge | undefined;
  readonly surname: string;
}

async function load(tx: ReadTx, visit: Visit): Promise<Loaded | null> {
  const dispute = (await disputesOf(tx, {})).find(({ id }) => id === visit.params["id"]);
  if (!dispute) return null;
  const { holderId } = dispute;
  return {
    dispute,
    charge: await chargeById(tx, dispute.chargeId),
    surname: (await holderNames(tx, [holderId])).get(holderId)?.surname ?? "",
  };
}

export async function disputePage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  return loaded ? view(visit, loaded, { values: {}, errors: [] }) : notFound;
}

/** The family reads the answer under the charge. What must change (presence, ISEE) is corrected on its own page. */
export async function answerNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return notFound;
  const answer = fields.text("risposta").slice(0, LONGEST);
  const decision = DECISIONS.get(fields.text("esito"));
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit);
    if (!loaded) return notFound;
    const { dispute } = loaded;
    const refuse = (field: string, message: string): Answer =>
      withStatus(
        422,
        view(visit, loaded, {
          values: { risposta: answer, esito: fields.text("esito") },
          errors: [{ field, message }],
        }),
      );
    if (!decision) return refuse("esito", "Scegliere se la contestazione è accolta.");
    const result = await answerDispute(tx, { actor, id: dispute.id, decision, answer, now });
    switch (result.outcome) {
      case "answered":
        return seeOther(
          "/ufficio/contestazioni",
          `Risposta alla contestazione ${dispute.number} inviata.`,
        );
      case "not-open":
        return seeOther(
          `/ufficio/contestazioni/${dispute.id}`,
          "La contestazione ha già una risposta.",
        );
      case "text-missing":
        return refuse("risposta", "Scrivere la risposta.");
      case "not-reversed":
        return refuse(
          "esito",
          "L'addebito non è ancora stornato: si corregge prima la presenza nella sua giornata.",
        );
    }
  });
}

function view(visit: Visit, { dispute, charge, surname }: Loaded, state: FormState): Html {
  const { values, errors } = state;
  return officePage(
    visit,
    { current: "disputes" },
    {
      h1: `Contestazione ${dispute.number}`,
      lead: `Famiglia ${surname}`,
      back: { href: "/ufficio/contestazioni", label: "Contestazioni" },
      wide: false,
      errors,
      body: html`${card({
        title: "Che cosa non torna",
        body: html`<p>«${dispute.text}»</p>
          ${definitionList([
            { label: "Aperta", value: `${f.dayAndTime(dispute.openedAt)}, ${dispute.openedBy}` },
            { label: "Risposta promessa", value: dueText({ ...dispute, answeredAt: null }, visit) },
            ...(charge
              ? [
                  {
                    label: "Addebito",
                    value: html`<a href="/ufficio/addebiti/${charge.id}"
                        >${formatEuro(charge.amountCents)}, ${f.day(charge.date)}</a
                      >
                      ${charge.reversed && tag("stornato", "info")}`,
                  },
                ]
              : []),
            {
              label: "Famiglia",
              value: html`<a href="/ufficio/famiglie/${dispute.holderId}">${surname}</a>`,
            },
          ])}`,
      })}
      ${
        dispute.answeredAt
          ? card({
              title: "Risposta",
              badge: stateBadge("served", { word: decisionWord(dispute), size: "small" }),
              body: html`<p>${dispute.answer}</p>
                <p class="quiet">${f.dayAndTime(dispute.answeredAt)}, ${dispute.answeredBy}</p>`,
            })
          : html`<p>
                Se l'addebito è sbagliato, si corregge prima la presenza nella sua
                giornata${
                  charge?.siteId &&
                  html`:
                    <a href="/ufficio/giornate/${charge.date.toString()}/${charge.siteId}"
                      >${f.day(charge.date)}</a
                    >`
                }.
              </p>
              ${form({
                action: `/ufficio/contestazioni/${dispute.id}`,
                csrf: visit.csrf,
                key: visit.newKey(),
                body: html`${radios({
                  name: "esito",
                  label: "Esito",
                  choices: [
                    {
                      value: "accolta",
                      label: "Accolta",
                      hint: charge?.reversed
                        ? `L'addebito è già stornato: ${formatEuro(charge.amountCents)}.`
                        : "Prima si storna l'addebito, correggendo la presenza.",
                    },
                    { value: "respinta", label: "Non accolta", hint: "L'addebito resta." },
                  ],
                  value: values["esito"] ?? null,
                  error: errorFor(errors, "esito"),
                })}
                ${textArea({
                  name: "risposta",
                  label: "Risposta alla famiglia",
                  hint: "La leggono chi ha contestato e chi paga una quota di questo addebito.",
                  rows: 6,
                  maxlength: LONGEST,
                  value: values["risposta"] ?? "",
                  error: errorFor(errors, "risposta"),
                })}`,
                submit: { label: "Invia la risposta" },
                cancel: { href: "/ufficio/contestazioni" },
              })}`
      }`,
    },
  );
}
