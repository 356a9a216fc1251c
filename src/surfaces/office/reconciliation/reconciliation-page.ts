// SPDX-License-Identifier: EUPL-1.2
import { type Content, html, type Html } from "#kernel/html.ts";
import { formatEuro } from "#kernel/money.ts";
import {
  FLOW_AWAITED_DAYS,
  flowAwaitedUntil,
  inFours,
  type Pile,
  reconciliation,
  type Reconciliation,
  reconciliationRows,
} from "#payments";
import {
  alert,
  chips,
  dataTable,
  emptyState,
  type FieldError,
  figures,
  linkButton,
  printFooter,
} from "#ui/components.ts";
import type { Answer } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { moneyPage } from "../payments/money-page.ts";
import { uploadForm } from "./upload-form.ts";
import {
  ageOf,
  dayAndAge,
  f,
  flowPath,
  movementPath,
  OUTCOME_WORDS,
  PATH,
  paymentPath,
  problemWords,
  RECOVERY_WORDS,
  shortDay,
  STANDING_WORDS,
} from "./words.ts";

const SHOWN = 100;
const VIEWS = ["da-spiegare", "in-attesa", "accreditati"] as const;
type View = (typeof VIEWS)[number];

const VIEW_LABELS: Readonly<Record<View, string>> = {
  "da-spiegare": "Da spiegare",
  "in-attesa": "In attesa",
  accreditati: "Accreditati",
};

interface Loaded {
  readonly state: Reconciliation;
  readonly rows: Awaited<ReturnType<typeof reconciliationRows>>;
}

const load = (visit: Visit): Promise<Loaded> =>
  visit.town.read(async (tx) => ({
    state: await reconciliation(tx, visit.today),
    rows: await reconciliationRows(tx, { limit: SHOWN, today: visit.today }),
  }));

/** `/ufficio/riconciliazione?vista=`: where every cent that was paid stands, beside what the ledger says. */
export async function reconciliationPage(visit: Visit): Promise<Answer> {
  return reconciliationView(visit, []);
}

/** Also the answer to an upload that cannot be read. */
export async function reconciliationView(
  visit: Visit,
  errors: readonly FieldError[],
): Promise<Html> {
  const loaded = await load(visit);
  const { state } = loaded;
  const view = VIEWS.find((one) => one === visit.query["vista"]) ?? "da-spiegare";
  return moneyPage(visit, "reconciliation", {
    h1: "Riconciliazione",
    lead: "Dalla ricevuta al flusso di rendicontazione, dal flusso alla tesoreria.",
    errors,
    headActions: linkButton({
      href: `${PATH}/contabilita`,
      label: "Esporta per la contabilità",
      icon: "it-download",
    }),
    body: html`${problems(visit, state)} ${summary(visit, state)}
    ${chips(
      "Quali",
      VIEWS.map((one) => ({
        label: VIEW_LABELS[one],
        href: `${PATH}?vista=${one}`,
        current: one === view,
        count: countOf(state, one),
      })),
    )}
    ${viewBody(visit, loaded, view)} ${booksTable(state)} ${uploadForm(visit, errors)}
    ${printFooter(visit.now)}`,
  });
}

function countOf(state: Reconciliation, view: View): number {
  switch (view) {
    case "da-spiegare":
      return state.paymentsOpen.count + state.movementsOpen.count;
    case "in-attesa":
      return state.receiptsWaiting.count + state.flowsWaiting.count + state.movementsAwaited.count;
    case "accreditati":
      return state.settled.count;
  }
}

function problems(visit: Visit, { cursors, unsoundFlows }: Reconciliation): Content {
  const failing = cursors.filter(({ problem }) => problem !== "");
  return html`${
    failing.length > 0 &&
    alert({
      tone: "warning",
      title: "I flussi non arrivano da pagoPA",
      body: `Ultimo tentativo ${failing[0]!.fetchedAt ? f.dayAndTime(failing[0]!.fetchedAt) : f.day(visit.today)}: ${problemWords(failing[0]!.problem)}. Si riprova da soli ogni mezz'ora.`,
    })
  }
  ${
    unsoundFlows > 0 &&
    alert({
      tone: "warning",
      title: "Ci sono flussi i cui pagamenti non fanno il totale dichiarato",
      body: "Lo dice la pagina del flusso. Va chiesto al PSP un flusso corretto.",
    })
  }`;
}

function summary(visit: Visit, state: Reconciliation): Html {
  const note = ({ count, oldestOn }: Pile): string =>
    count === 0 ? "nessuno" : `${f.number(count)}, il più vecchio ${ageOf(oldestOn, visit.today)}`;
  const row = (label: string, pile: Pile): Content[] => [
    label,
    f.number(pile.count),
    formatEuro(pile.cents),
    pile.oldestOn ? ageOf(pile.oldestOn, visit.today) : "",
  ];
  const openCents = state.paymentsOpen.cents + state.movementsOpen.cents;
  return html`${figures([
      { label: "Accreditati", value: formatEuro(state.settled.cents), tone: "strong" },
      {
        label: "In attesa",
        value: formatEuro(state.receiptsWaiting.cents + state.flowsWaiting.cents),
      },
      { label: "Da spiegare", value: formatEuro(openCents) },
    ])}
    <p>
      ${
        state.paymentsOpen.count + state.movementsOpen.count === 0
          ? "Niente da spiegare."
          : `Da spiegare: pagamenti ${note(state.paymentsOpen)}; movimenti ${note(state.movementsOpen)}.`
      }
    </p>
    ${dataTable({
      caption: "Dove sono i pagamenti",
      columns: [
        { label: "Voce", header: true },
        { label: "Numero", align: "end" },
        { label: "Importo", align: "end" },
        { label: "Il più vecchio" },
      ],
      rows: [
        row("Pagati, non ancora in un flusso", state.receiptsWaiting),
        row("In un flusso, non ancora in tesoreria", state.flowsWaiting),
        row("In tesoreria, in attesa del flusso", state.movementsAwaited),
        row("Accreditati in tesoreria", state.settled),
        row("Pagamenti dei flussi da spiegare", state.paymentsOpen),
        row("Movimenti di tesoreria da spiegare", state.movementsOpen),
      ],
    })}`;
}

function viewBody(visit: Visit, loaded: Loaded, view: View): Html {
  switch (view) {
    case "da-spiegare":
      return html`${openPaymentsTable(visit, loaded)} ${openMovementsTable(visit, loaded)}`;
    case "in-attesa":
      return html`${waitingReceiptsTable(visit, loaded)}
      ${flowTable(visit, loaded.rows.waiting, "In un flusso, non ancora in tesoreria")}
      ${awaitedMovementsTable(visit, loaded)}`;
    case "accreditati":
      return flowTable(visit, loaded.rows.settled, "Accreditati in tesoreria");
  }
}

const firstOnes = (shown: number, all: number): string =>
  shown < all ? ` (i primi ${shown} di ${f.number(all)})` : "";

function openPaymentsTable(visit: Visit, { rows, state }: Loaded): Html {
  if (rows.payments.length === 0)
    return emptyState({
      icon: "it-check-circle",
      text: "Nessun pagamento dei flussi da spiegare.",
    });
  return dataTable({
    caption: `Pagamenti dei flussi da spiegare${firstOnes(rows.payments.length, state.paymentsOpen.count)}`,
    columns: [
      { label: "IUV", header: true },
      { label: "Pagato" },
      { label: "Importo", align: "end" },
      { label: "Esito" },
      { label: "Che cosa non torna" },
    ],
    rows: rows.payments.map((one) => [
      html`<a href="${paymentPath(one.flowId, one.line)}">${one.iuv}</a>`,
      dayAndAge(one.paidOn, visit.today),
      formatEuro(one.amountCents),
      OUTCOME_WORDS[one.outcome],
      [
        STANDING_WORDS[one.standing],
        one.standing === "receipt-missing" && one.recovery && RECOVERY_WORDS[one.recovery],
      ]
        .filter(Boolean)
        .join(", "),
    ]),
  });
}

function openMovementsTable(visit: Visit, { rows, state }: Loaded): Html {
  if (rows.movements.length === 0)
    return emptyState({
      icon: "it-check-circle",
      text: "Nessun movimento di tesoreria da spiegare.",
    });
  return dataTable({
    caption: `Movimenti di tesoreria da spiegare${firstOnes(rows.movements.length, state.movementsOpen.count)}`,
    columns: [
      { label: "Causale", header: true },
      { label: "Giorno" },
      { label: "Importo", align: "end" },
      { label: "Che cosa non torna" },
    ],
    rows: rows.movements.map((one) => [
      html`<a href="${movementPath(one.id)}">${one.causale.slice(0, 120) || one.document}</a>`,
      dayAndAge(one.movedOn, visit.today),
      formatEuro(one.amountCents),
      one.standing === "amount-differs"
        ? "Importo diverso dal flusso"
        : "Nessun flusso con questo codice",
    ]),
  });
}

function untilText(movement: Loaded["rows"]["awaited"][number]): string {
  const until = flowAwaitedUntil(movement);
  return until ? f.day(until) : "";
}

/** The treasury was faster than the PSP: no question yet. */
function awaitedMovementsTable(visit: Visit, { rows, state }: Loaded): Html | null {
  if (rows.awaited.length === 0) return null;
  return html`${dataTable({
      caption: `In tesoreria, in attesa del flusso${firstOnes(rows.awaited.length, state.movementsAwaited.count)}`,
      columns: [
        { label: "Causale", header: true },
        { label: "Giorno" },
        { label: "Importo", align: "end" },
        { label: "Il flusso si aspetta fino a" },
      ],
      rows: rows.awaited.map((one) => [
        html`<a href="${movementPath(one.id)}">${one.causale.slice(0, 120) || one.document}</a>`,
        dayAndAge(one.movedOn, visit.today),
        formatEuro(one.amountCents),
        untilText(one),
      ]),
    })}
    <p class="quiet">
      Il flusso arriva di solito entro due giorni lavorativi. Dopo ${FLOW_AWAITED_DAYS} giorni il
      movimento passa fra quelli da spiegare.
    </p>`;
}

function waitingReceiptsTable(visit: Visit, { rows, state }: Loaded): Html {
  if (rows.receipts.length === 0) return emptyState({ text: "Ogni ricevuta è in un flusso." });
  return dataTable({
    caption: `Pagati, non ancora in un flusso${firstOnes(rows.receipts.length, state.receiptsWaiting.count)}`,
    columns: [
      { label: "Avviso", header: true },
      { label: "Pagato" },
      { label: "PSP" },
      { label: "Importo", align: "end" },
    ],
    rows: rows.receipts.map((one) => [
      inFours(one.noticeNumber),
      dayAndAge(one.paidOn, visit.today),
      one.pspName,
      formatEuro(one.cents),
    ]),
  });
}

function flowTable(visit: Visit, flows: Loaded["rows"]["waiting"], caption: string): Html {
  if (flows.length === 0) return emptyState({ text: `${caption}: nessun flusso.` });
  return dataTable({
    caption,
    columns: [
      { label: "Flusso", header: true },
      { label: "PSP" },
      { label: "Bonifico del" },
      { label: "Pagamenti del servizio", align: "end" },
      { label: "Importo del servizio", align: "end" },
      { label: "Totale del bonifico", align: "end" },
    ],
    rows: flows.map((one) => [
      html`<a href="${flowPath(one.id)}">${one.flowCode}</a>`,
      one.pspName,
      one.bankedOn ? shortDay(one.settledOn) : dayAndAge(one.settledOn, visit.today),
      f.number(one.ownCount),
      formatEuro(one.ownCents),
      formatEuro(one.totalCents),
    ]),
  });
}

/** The piles summed beside the ledger's accounts: any difference is a fault somebody must look at. */
function booksTable({ books, receiptsWaiting, flowsWaiting }: Reconciliation): Html {
  const difference = books.clearingCents - books.expectedCents;
  const bankDifference = books.bankCents - books.postedCents;
  const isSound = difference === 0n && bankDifference === 0n;
  return html`<section aria-labelledby="quadratura">
    <h2 id="quadratura" class="section-title">Quadratura con il registro</h2>
    ${alert(
      isSound
        ? { tone: "success", title: "Le somme coincidono con i conti del registro." }
        : {
            tone: "danger",
            title: "Le somme non coincidono con i conti del registro.",
            body: "Avvisare l'assistenza: il registro non si corregge a mano.",
          },
    )}
    ${dataTable({
      caption: "Atteso da pagoPA",
      columns: [
        { label: "Voce", header: true },
        { label: "Importo", align: "end" },
      ],
      rows: [
        ["Pagati, non ancora in un flusso", formatEuro(receiptsWaiting.cents)],
        ["In un flusso, non ancora in tesoreria", formatEuro(flowsWaiting.cents)],
        ["Nei flussi oltre le ricevute (si toglie)", formatEuro(-books.unmatchedCents)],
        ["Registrati a mano da altri portali", formatEuro(books.byHandCents)],
        ["Revocati e tolti alle famiglie (si toglie)", formatEuro(-books.revokedCents)],
        ["Somma", formatEuro(books.expectedCents)],
        ["Conto pagoPA nel registro", formatEuro(books.clearingCents)],
        ["Differenza", formatEuro(difference)],
        ["Accreditato secondo i flussi", formatEuro(books.postedCents)],
        ["Accreditato nel registro", formatEuro(books.bankCents)],
        ["Differenza sugli accrediti", formatEuro(bankDifference)],
      ],
    })}
  </section>`;
}
