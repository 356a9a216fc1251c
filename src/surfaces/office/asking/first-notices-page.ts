// SPDX-License-Identifier: EUPL-1.2
import {
  firstNoticeDay,
  type FirstNoticePreview,
  makeFirstNotices,
  previewFirstNotices,
} from "#billing";
import { type Service, townCalendar } from "#calendar";
import { people, type Person } from "#families";
import type { Day } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { Missing } from "#payments";
import { explainUnpriced } from "#tariffs";
import { datedSettings } from "#tenancy";
import {
  actionForm,
  alert,
  chips,
  dataTable,
  dateField,
  emptyState,
  figures,
  form,
} from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import { parseDay, type Visit } from "../../web/visit.ts";
import { askingPage, noMailNotice } from "./asking-page.ts";

const PATH = "/ufficio/primi-avvisi";
const f = formats("it");
const MOST_ROWS = 300;

const MISSING: Record<Missing, string> = {
  station: "manca la stazione pagoPA",
  "bank-account": "manca il conto su cui incassare",
  service: "il servizio non è nel calendario",
};

interface Shown {
  readonly services: readonly Service[];
  readonly preview: FirstNoticePreview | null;
  readonly names: ReadonlyMap<string, Person>;
  readonly automatic: boolean;
}

/** Prepaid services with a first notice, and what it would be on the day that was asked for. */
async function load(
  tx: ReadTx,
  visit: Visit,
  of: { serviceId: string; date: Day | null },
): Promise<Shown> {
  const calendar = await townCalendar(tx);
  const settings = await datedSettings(tx);
  const dateOf = (serviceId: string): Day =>
    of.date ?? firstNoticeDay(calendar, { serviceId, today: visit.today });
  const services = calendar.services.filter(({ id, code }) => {
    const payment = settings.maybeService(code, "payment", dateOf(id));
    return payment?.model === "prepaid" && payment.firstNoticeMeals !== undefined;
  });
  const service = services.find(({ id }) => id === of.serviceId) ?? services[0];
  if (!service) return { services, preview: null, names: new Map(), automatic: false };
  const preview = await previewFirstNotices(tx, {
    serviceId: service.id,
    date: dateOf(service.id),
  });
  const childIds = preview
    ? [
        ...preview.payers.slice(0, MOST_ROWS).flatMap(({ lines }) => lines),
        ...preview.unpriced.slice(0, MOST_ROWS),
      ].map(({ childId }) => childId)
    : [];
  const automatic = settings.maybeService(service.code, "billing", visit.today)?.automatic === true;
  const names = new Map((await people(tx, childIds)).map((one) => [one.id, one]));
  return { services, preview, names, automatic };
}

/** `/ufficio/primi-avvisi?servizio=&giorno=`: the dry run of BI-08. Makes nothing. */
export async function firstNoticesPage(visit: Visit): Promise<Answer> {
  const of = { serviceId: visit.query["servizio"] ?? "", date: parseDay(visit.query["giorno"]) };
  return view(visit, await visit.town.read((tx) => load(tx, visit, of)), null);
}

export async function makeFirstNoticesNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const [count, cents] = [fields.text("avvisi"), fields.text("centesimi")];
  const date = fields.day("giorno");
  if (!actor || !date || !/^\d{1,9}$/.test(count) || !/^\d{1,15}$/.test(cents)) return notFound;
  return visit.town.write(async (tx): Promise<Answer> => {
    const of = { serviceId: fields.text("servizio"), date };
    const { preview } = await load(tx, visit, of);
    if (!preview || preview.service.id !== of.serviceId) return notFound;
    const expected = { notices: Number(count), totalCents: BigInt(cents) };
    const made = await makeFirstNotices(tx, { ...of, expected, by: actor.name, now });
    const refuse = async (text: string): Promise<Answer> =>
      withStatus(409, view(visit, await load(tx, visit, of), text));
    switch (made.outcome) {
      case "made":
        return seeOther(
          `${PATH}?servizio=${of.serviceId}&giorno=${date.toString()}`,
          `${plural(made.notices, "avviso preparato", "avvisi preparati")}, ${formatEuro(made.totalCents)}; ${plural(made.emails, "e-mail pronta", "e-mail pronte")}.`,
        );
      case "changed":
        return refuse("Nel frattempo qualcosa è cambiato: l'elenco è aggiornato, da guardare.");
      case "not-configured":
        return refuse(`Il Comune non può ancora incassare con pagoPA: ${MISSING[made.missing]}.`);
      case "none":
        return notFound;
      case "key-reused":
      case "refused":
        throw new Error(`first notices are refused: ${made.outcome}`);
    }
  });
}

function view(visit: Visit, shown: Shown, refusal: string | null): Html {
  const { preview, services } = shown;
  return askingPage(visit, "first", {
    h1: "Primi avvisi",
    lead: preview
      ? `${preview.service.name} ${preview.year}/${preview.year + 1}: ${preview.meals} pasti per ogni figlio`
      : undefined,
    body: html`${refusal && alert({ tone: "warning", title: "Avvisi non preparati", body: refusal })}
    ${
      preview
        ? html`${noMailNotice(visit)}
          ${
            services.length > 1 &&
            chips(
              "Servizio",
              services.map(({ id, name }) => ({
                label: name,
                href: `${PATH}?servizio=${id}`,
                current: id === preview.service.id,
              })),
            )
          }
          ${body(visit, shown, preview)}`
        : emptyState({
            text: "Nessun servizio prepagato di questo Comune prevede un primo avviso.",
          })
    }`,
  });
}

function body(visit: Visit, shown: Shown, preview: FirstNoticePreview): Html {
  const { payers, debtors, made, unpriced, free, date, service } = preview;
  const mute = payers.filter(({ holderId }) => !debtors.get(holderId)?.email).length;
  const noCode = payers.filter(({ holderId }) => !debtors.get(holderId)?.codiceFiscale).length;
  const total = payers.reduce((sum, { totalCents }) => sum + totalCents, 0n);
  return html`${form({
      action: PATH,
      method: "get",
      fields: { servizio: service.id },
      body: dateField({
        name: "giorno",
        label: "Iscritti nel giorno",
        hint: "Prezzi e chi paga sono quelli di quel giorno.",
        value: date,
      }),
      submit: { label: "Mostra", kind: "secondary" },
    })}
    ${
      shown.automatic &&
      alert({
        tone: "info",
        title: "Per chi comincia adesso, gli avvisi si preparano anche da soli, ogni mattina.",
      })
    }
    <h2 class="section-title">Che cosa si prepara</h2>
    ${figures([
      { label: "Avvisi", value: f.number(payers.length), tone: "strong" },
      { label: "Totale", value: formatEuro(total) },
      { label: "Senza e-mail", value: f.number(mute) },
      { label: "Senza codice fiscale", value: f.number(noCode) },
      ...[
        { label: "Figli che l'hanno già", count: made },
        { label: "Senza prezzo", count: unpriced.length },
        { label: "Pasto gratuito", count: free.length },
      ].flatMap(({ label, count }) => (count > 0 ? [{ label, value: f.number(count) }] : [])),
    ])}
    ${
      payers.length === 0 && unpriced.length === 0
        ? emptyState({ icon: "it-check-circle", text: "Nessun primo avviso da preparare." })
        : actionForm({
            action: PATH,
            csrf: visit.csrf,
            key: visit.newKey(),
            fields: {
              servizio: service.id,
              giorno: date.toString(),
              avvisi: payers.length,
              centesimi: total.toString(),
            },
            label: `Prepara ${plural(payers.length, "avviso", "avvisi")}`,
            kind: "primary",
            note: "Uno per chi paga, con una riga per figlio: nel portale e per e-mail con il PDF. Una volta sola per figlio e anno.",
          })
    }
    ${payers.length > 0 && payersTable(preview, shown.names)}
    ${unpriced.length > 0 && unpricedTable(preview, shown.names)}`;
}

const payersTable = (
  { payers, debtors }: FirstNoticePreview,
  names: ReadonlyMap<string, Person>,
): Html =>
  html`<h2 class="section-title">A chi</h2>
    ${dataTable({
      caption: "A chi",
      captionHidden: true,
      columns: [
        { label: "Chi paga", header: true },
        { label: "Figli" },
        { label: "Manca" },
        { label: "Importo", align: "end" },
      ],
      rows: payers.slice(0, MOST_ROWS).map(({ holderId, lines, totalCents }) => {
        const debtor = debtors.get(holderId);
        const missing = [
          debtor?.email ? "" : "e-mail",
          debtor?.codiceFiscale ? "" : "codice fiscale",
        ].filter((part) => part !== "");
        return [
          html`<a href="/ufficio/famiglie/${holderId}">${debtor?.fullName ?? ""}</a>`,
          lines
            .map(
              ({ childId, mealCents }) =>
                `${names.get(childId)?.givenName ?? ""} (${formatEuro(mealCents)} a pasto)`,
            )
            .join(", "),
          missing.join(", "),
          formatEuro(totalCents),
        ];
      }),
    })}
    ${payers.length > MOST_ROWS && html`<p class="quiet">E altri ${payers.length - MOST_ROWS}.</p>`}`;

const unpricedTable = (
  { unpriced }: FirstNoticePreview,
  names: ReadonlyMap<string, Person>,
): Html =>
  html`<h2 class="section-title">Senza prezzo: nessun avviso finché il dato manca</h2>
    ${dataTable({
      caption: "Senza prezzo",
      captionHidden: true,
      columns: [{ label: "Bambino", header: true }, { label: "Che cosa manca" }],
      rows: unpriced.slice(0, MOST_ROWS).map(({ childId, reason }) => {
        const child = names.get(childId);
        return [
          child ? `${child.surname} ${child.givenName}` : "",
          reason === "no-holder"
            ? "Nessun intestatario paga per il bambino."
            : explainUnpriced(reason),
        ];
      }),
    })}`;
