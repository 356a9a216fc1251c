// SPDX-License-Identifier: EUPL-1.2
import { requestResidualRefunds, residualCreditsAfter } from "#billing";
import { schoolYearOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import { checkboxes, emptyState, errorFor, form } from "#ui/components.ts";
import { type Answer, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import type { FormState } from "../office-page.ts";
import { FORBIDDEN_WORDS, mayDecide, moneyPage, onlyManagers } from "./money-page.ts";
import { type AccountNames, accountNames } from "./request-words.ts";

type Residual = NonNullable<Awaited<ReturnType<typeof residualCreditsAfter>>>;

const PATH = "/ufficio/pagamenti/crediti-rimasti";
const WHY: Record<Residual["credits"][number]["why"], string> = {
  "not-used-again": "il servizio non è richiesto per l'anno nuovo",
  "career-over": "nessun servizio è più richiesto",
};

interface Loaded {
  readonly residual: Residual | null;
  readonly names: AccountNames;
}

/** The school year that ended last: in June it is the one that has just ended. */
async function load(tx: ReadTx, visit: Visit): Promise<Loaded> {
  const year = schoolYearOf(visit.today);
  const { now } = visit;
  const residual =
    (await residualCreditsAfter(tx, { year, now })) ??
    (await residualCreditsAfter(tx, { year: year - 1, now }));
  const credits = residual?.credits ?? [];
  const names = await accountNames(tx, {
    holderIds: credits.map(({ holderId }) => holderId),
    childIds: credits.map(({ childId }) => childId),
  });
  return { residual, names };
}

/** `/ufficio/pagamenti/crediti-rimasti`: what the town's rule gives back (MC-12, BI-06). Nothing moves by looking. */
export async function residualPage(visit: Visit): Promise<Answer> {
  const loaded = await visit.town.read((tx) => load(tx, visit));
  return view(visit, loaded, { values: {}, errors: [] });
}

export async function requestResidual(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  if (!actor) return { kind: "forbidden" };
  return visit.town.write(async (tx): Promise<Answer> => {
    const loaded = await load(tx, visit);
    const wrong = (message: string): Answer =>
      withStatus(422, view(visit, loaded, { values: {}, errors: [{ field: "conti", message }] }));
    const keys = fields.all("conti");
    if (!loaded.residual) return wrong("L'anno scolastico non è finito.");
    if (keys.length === 0) return wrong("Scegliere almeno un credito.");
    const { year } = loaded.residual;
    const done = await requestResidualRefunds(tx, { actor, year, keys, now });
    switch (done.outcome) {
      case "asked":
        return seeOther(
          "/ufficio/richieste",
          done.count === 0
            ? "Le richieste c'erano già."
            : `${plural(done.count, "richiesta fatta", "richieste fatte")}: le famiglie ricevono un messaggio che chiede l'IBAN.`,
        );
      case "year-not-over":
        return wrong("L'anno scolastico non è finito.");
      case "forbidden":
        return wrong(FORBIDDEN_WORDS);
    }
  });
}

function view(visit: Visit, { residual, names }: Loaded, state: FormState): Html {
  const credits = residual?.credits ?? [];
  const total = credits.reduce((sum, { balanceCents }) => sum + balanceCents, 0n);
  const year = residual ? `${residual.year}/${residual.year + 1}` : "";
  return moneyPage(visit, "residual", {
    h1: "Crediti rimasti",
    lead: residual ? `Anno scolastico ${year}` : undefined,
    errors: state.errors,
    body:
      credits.length === 0
        ? emptyState({
            icon: "it-check-circle",
            text: residual
              ? "Nessun credito da rimborsare secondo la regola del Comune."
              : "Nel calendario non c'è un anno scolastico già finito.",
          })
        : html`<p>
              Da rimborsare secondo la regola del Comune:
              ${plural(credits.length, "credito", "crediti")}, ${formatEuro(total)}. Nulla si muove
              finché le richieste non sono approvate.
            </p>
            ${
              mayDecide(visit)
                ? form({
                    action: PATH,
                    csrf: visit.csrf,
                    key: visit.newKey(),
                    body: checkboxes({
                      name: "conti",
                      label: "Crediti",
                      values: credits.map(({ key }) => key),
                      choices: credits.map((credit) => ({
                        value: credit.key,
                        label: `${names.holder(credit.holderId)}, ${names.account(credit)}: ${formatEuro(credit.balanceCents)}`,
                        hint: WHY[credit.why],
                      })),
                      error: errorFor(state.errors, "conti"),
                    }),
                    submit: { label: "Prepara le richieste di rimborso" },
                  })
                : onlyManagers()
            }`,
  });
}
