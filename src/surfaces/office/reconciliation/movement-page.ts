// SPDX-License-Identifier: EUPL-1.2
import { type Day, isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { chooseFlow, explainMoney, flowAwaitedUntil, movementDetail } from "#payments";
import {
  definitionList,
  errorFor,
  type FieldError,
  form,
  radios,
  textArea,
} from "#ui/components.ts";
import { type Answer, forbidden, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { officePage } from "../office-page.ts";
import { mayDecide, onlyManagers } from "../payments/money-page.ts";
import { f, flowPath, movementPath, PATH, shortDay } from "./words.ts";

type Detail = NonNullable<Awaited<ReturnType<typeof movementDetail>>>;
const NONE = "nessuno";

async function load(visit: Visit): Promise<Detail | null> {
  const id = visit.params["id"] ?? "";
  return isUuid(id) ? visit.town.read((tx) => movementDetail(tx, id)) : null;
}

/** `/ufficio/riconciliazione/movimenti/{id}`: what the treasury says, the flow it pays, or why it is right. */
export async function movementPage(visit: Visit): Promise<Answer> {
  const detail = await load(visit);
  return detail ? view(visit, detail, []) : notFound;
}

function view(visit: Visit, detail: Detail, errors: readonly FieldError[]): Html {
  const { movement, flow } = detail;
  return officePage(
    visit,
    { current: "payments" },
    {
      h1: `Movimento del ${shortDay(movement.movedOn)}`,
      title: "Movimento di tesoreria",
      lead: formatEuro(movement.amountCents),
      back: { href: PATH, label: "Riconciliazione" },
      wide: false,
      errors,
      body: html`${definitionList([
        { label: "Causale", value: movement.causale || "nessuna" },
        { label: "Documento", value: movement.document },
        { label: "Conto", value: movement.account },
        {
          label: "Flusso",
          value: flow
            ? html`<a href="${flowPath(flow.id)}">${flow.flowCode}</a>,
                ${formatEuro(flow.totalCents)}`
            : "nessuno con questo codice",
        },
        { label: "Stato", value: stateOf(detail, visit.today) },
      ])}
      ${movement.standing !== "matched" && explainForm(visit, detail, errors)}`,
    },
  );
}

function stateOf({ movement }: Detail, today: Day): string {
  if (movement.standing === "matched") return "Accreditato";
  if (movement.note) return `Spiegato: ${movement.note}`;
  if (movement.standing === "amount-differs") return "Importo diverso dal totale del flusso";
  const until = flowAwaitedUntil(movement);
  return until === null || isBefore(until, today)
    ? "Da spiegare"
    : `In attesa del flusso, fino a ${f.day(until)}`;
}

function explainForm(
  visit: Visit,
  { movement, candidates }: Detail,
  errors: readonly FieldError[],
): Html {
  if (!mayDecide(visit)) return onlyManagers();
  return form({
    action: movementPath(movement.id),
    csrf: visit.csrf,
    key: visit.newKey(),
    body: html`${
      candidates.length > 0 &&
      radios({
        name: "flusso",
        label: "È il bonifico di un flusso dello stesso importo?",
        value: visit.fields.text("flusso") || NONE,
        choices: [
          ...candidates.map((one) => ({
            value: one.id,
            label: `${one.flowCode}, ${one.pspName}, bonifico del ${shortDay(one.settledOn)}`,
          })),
          { value: NONE, label: "No: va solo spiegato" },
        ],
      })
    }
    ${textArea({
      name: "motivo",
      label: "Motivo",
      hint: "Per esempio: bonifico di un altro servizio. Resta nel registro delle operazioni.",
      maxlength: 500,
      value: visit.fields.text("motivo"),
      error: errorFor(errors, "motivo"),
    })}`,
    submit: { label: "Registra" },
    cancel: { href: PATH },
  });
}

export async function actOnMovement(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const detail = await load(visit);
  if (!actor || !detail) return notFound;
  const movementId = detail.movement.id;
  const reason = fields.text("motivo");
  const flowId = fields.text("flusso");
  const done = await visit.town.write(async (tx) =>
    isUuid(flowId)
      ? chooseFlow(tx, { actor, movementId, flowId, reason, now })
      : explainMoney(tx, { actor, subject: { kind: "movement", movementId }, reason, now }),
  );
  switch (done.outcome) {
    case "matched":
      return seeOther(movementPath(movementId), "Movimento abbinato al flusso.");
    case "explained":
      return seeOther(PATH, "Spiegazione registrata.");
    case "already-matched":
      return seeOther(movementPath(movementId), "Il movimento o il flusso è già abbinato.");
    case "amount-differs":
      return seeOther(movementPath(movementId), "Il flusso scelto ha un altro totale.");
    case "reason-missing":
      return withStatus(
        422,
        view(visit, detail, [{ field: "motivo", message: "Scrivere il motivo." }]),
      );
    case "unknown":
      return notFound;
    case "forbidden":
      return forbidden;
  }
}
