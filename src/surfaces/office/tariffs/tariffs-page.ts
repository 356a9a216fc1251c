// SPDX-License-Identifier: EUPL-1.2
import { type Service, townCalendar } from "#calendar";
import { type Day, isBefore } from "#kernel/dates.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro, parseEuro } from "#kernel/money.ts";
import {
  type Definition,
  explainPrice,
  explainUnpriced,
  feePeriods,
  type Level,
  LEVELS,
  type PriceFacts,
  priceFee,
  priceMeal,
  type TariffVersion,
  tariffsOf,
} from "#tariffs";
import { datedSettings } from "#tenancy";
import {
  alert,
  card,
  chips,
  definitionList,
  emptyState,
  form,
  linkButton,
  selectField,
  tag,
  euroField,
  textField,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { mayReprice, REPRICE_PAGE } from "../bills/reprice-page.ts";
import { officePage } from "../office-page.ts";
import { capital, LEVEL_WORDS } from "../words.ts";
import { baseLines, modifierLines, otherRules, perWords } from "./definition-words.ts";

const f = formats("it");

/** `/ufficio/tariffe`: versions in time in words, and a trial with made-up facts. Nothing is changed here. */
export async function tariffsPage(visit: Visit): Promise<Answer> {
  const read = await visit.town.read(async (tx) => {
    const { services } = await townCalendar(tx);
    const service = services.find(({ id }) => id === visit.query["servizio"]) ?? services[0];
    const versions = service ? await tariffsOf(tx, service.id) : [];
    const settings = await datedSettings(tx);
    return {
      ...{ services, service, versions },
      isRepriced: service !== undefined && mayReprice(settings, service, visit.today),
    };
  });
  const { services, service, versions, isRepriced } = read;
  if (!service)
    return officePage(
      visit,
      { current: "tariffs" },
      { h1: "Tariffe", body: emptyState({ text: "Nessun servizio configurato." }) },
    );
  const current = versions.findLast(({ validFrom }) => !isBefore(visit.today, validFrom));
  return officePage(
    visit,
    { current: "tariffs" },
    {
      h1: "Tariffe",
      lead: service.name,
      headActions:
        isRepriced &&
        linkButton({
          href: `${REPRICE_PAGE}?servizio=${service.id}`,
          label: "Ricalcola i prezzi",
          kind: "secondary",
        }),
      body: html`${
        services.length > 1 &&
        chips(
          "Servizio",
          services.map(({ id, name }) => ({
            label: name,
            href: `/ufficio/tariffe?servizio=${id}`,
            current: id === service.id,
          })),
        )
      }
      ${
        versions.length === 0
          ? emptyState({ text: "Nessuna tariffa: i pasti serviti restano senza prezzo." })
          : html`<div class="columns">
              <div>
                ${versions
                  .toReversed()
                  .map((version) => versionCard(version, version === current, visit.today))}
              </div>
              <div>${trialCard(visit, service, current ?? versions[0]!)}</div>
            </div>`
      }`,
    },
  );
}

function versionCard(version: TariffVersion, isCurrent: boolean, today: Day): Html {
  const { definition, validFrom, assumedReason } = version;
  const base = definition.kind === "fixed-fee" ? definition.base : definition;
  const modifiers = modifierLines(definition);
  const badge = isCurrent
    ? tag("in vigore", "info")
    : tag(isBefore(today, validFrom) ? "futura" : "passata");
  return card({
    title: `Dal ${f.dayAndMonth(validFrom)} ${validFrom.year}`,
    badge,
    body: html`${
        assumedReason !== null &&
        alert({ tone: "warning", title: "Prezzi di prova", body: html`<p>${assumedReason}</p>` })
      }
      <p>${capital(perWords(definition))}:</p>
      <ul>
        ${baseLines(base).map((line) => html`<li>${line}</li>`)}
      </ul>
      ${
        modifiers.length > 0 &&
        html`<p>Riduzioni e aggiunte, in quest'ordine:</p>
          <ol>
            ${modifiers.map((line) => html`<li>${line}</li>`)}
          </ol>`
      }
      ${otherRules(definition).map((line) => html`<p>${line}</p>`)}
      ${definitionList([
        { label: "Atto", value: version.act || "non indicato" },
        {
          label: "Registrata",
          value: `${f.dayAndTime(version.recordedAt)}, ${version.recordedBy}`,
        },
      ])}`,
  });
}

interface Made {
  readonly facts: PriceFacts;
  readonly iseeWrong: boolean;
}

function factsOf(visit: Visit): Made {
  const { query, today } = visit;
  const level: Level = LEVELS.find((one) => one === query["ordine"]) ?? "primaria";
  const typed = (query["isee"] ?? "").trim();
  const valueCents = typed === "" ? null : parseEuro(typed);
  const count = (name: string): number => {
    const number = Number.parseInt(query[name] ?? "1", 10);
    return number >= 1 && number <= 12 ? number : 1;
  };
  return {
    iseeWrong: typed !== "" && (valueCents === null || valueCents < 0n),
    facts: {
      date: today,
      level,
      isee:
        valueCents === null || valueCents < 0n
          ? null
          : {
              valueCents,
              kind: "minorenni",
              validFrom: today,
              validTo: today.with({ month: 12, day: 31 }),
              overriddenBy: null,
            },
      resident: query["residenza"] !== "no",
      siblingRank: count("figlio"),
      minors: count("minori"),
      exemptions: [],
      option: null,
      children: count("minori"),
    },
  };
}

/** `Prova una famiglia`: the price and its reasons for typed facts, by the rule that charges. */
function trialCard(visit: Visit, service: Service, version: TariffVersion): Html {
  const { query } = visit;
  const { facts, iseeWrong } = factsOf(visit);
  const number = (name: string, label: string): Html =>
    textField({ name, label, value: query[name] ?? "1", width: "short", inputmode: "numeric" });
  return card({
    title: "Prova una famiglia",
    body: html`${form({
      action: "/ufficio/tariffe",
      method: "get",
      fields: { servizio: service.id, prova: "1" },
      body: html`${selectField({
        name: "ordine",
        label: "Ordine di scuola",
        value: facts.level,
        choices: LEVELS.map((value) => ({ value, label: capital(LEVEL_WORDS[value]) })),
      })}
      ${euroField({
        name: "isee",
        label: "ISEE",
        hint: "Vuoto: nessun ISEE",
        optional: true,
        value: query["isee"] ?? "",
        error: iseeWrong ? "Scrivere un valore, per esempio 12.345,67." : null,
      })}
      ${selectField({
        name: "residenza",
        label: "Residenza nel comune",
        value: facts.resident ? "si" : "no",
        choices: [
          { value: "si", label: "Sì" },
          { value: "no", label: "No" },
        ],
      })}
      ${number("figlio", "Quale figlio è? (1 = primo)")}${number("minori", "Quanti minori nel nucleo?")}`,
      submit: { label: "Calcola il prezzo", kind: "secondary" },
    })}
    ${query["prova"] === "1" && !iseeWrong && trialResult(version.definition, facts, visit.today)}`,
  });
}

function trialResult(definition: Definition, facts: PriceFacts, today: Day): Html {
  const outcome =
    definition.kind === "fixed-fee"
      ? feeOf(definition, facts, today)
      : priceMeal(definition, facts);
  if (outcome.outcome === "unpriced")
    return alert({
      tone: "warning",
      title: "Nessun prezzo",
      body: explainUnpriced(outcome.reason),
    });
  return alert({
    tone: "info",
    title: `${formatEuro(outcome.amountCents)} ${perWords(definition)}`,
    body: html`<ol>
      ${explainPrice(outcome.explanation).map((line) => html`<li>${line}</li>`)}
    </ol>`,
  });
}

function feeOf(
  definition: Extract<Definition, { kind: "fixed-fee" }>,
  facts: PriceFacts,
  today: Day,
): ReturnType<typeof priceFee> {
  const year = today.month >= 8 ? today.year : today.year - 1;
  const from = today.with({ year, month: 9, day: 1 });
  const [first] = feePeriods(definition, year, from, from.add({ months: 9 }));
  const period = first ?? { name: String(year), from, to: from.add({ months: 9 }) };
  return priceFee(definition, period, facts);
}
