// SPDX-License-Identifier: EUPL-1.2
import {
  type Debt,
  previewReminders,
  type ReminderPreview,
  type ReminderRound,
  reminderRounds,
  startReminders,
  type WhyNot,
} from "#billing";
import { dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { html, type Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import { formatEuro } from "#kernel/money.ts";
import { datedSettings } from "#tenancy";
import { actionForm, alert, chips, dataTable, emptyState, figures } from "#ui/components.ts";
import { type Answer, notFound, seeOther, withStatus } from "../../web/route.ts";
import type { Visit } from "../../web/visit.ts";
import { askingPage, noMailNotice } from "./asking-page.ts";

const PATH = "/ufficio/solleciti";
const f = formats("it");
/** How long overdue, at least, in days. */
const AFTER = [1, 15, 30, 60] as const;
const MOST_ROWS = 300;
const LAST_ROUNDS = 12;

const WHY: Record<WhyNot, string> = {
  "not-due": "scaduto da meno giorni",
  pending: "pagamento in corso",
  touched: "pagamento iniziato o ricevuto negli ultimi due giorni bancari",
  reminded: "sollecitato negli ultimi sette giorni",
  "asked-late": "avviso fatto negli ultimi sette giorni, dopo la scadenza",
  "often-enough": "già sollecitato tre volte",
};

interface Shown {
  readonly afterDays: number;
  readonly preview: ReminderPreview;
  readonly rounds: readonly ReminderRound[];
  readonly automatic: boolean;
  readonly wantsSms: boolean;
}

const afterOf = (text: string | undefined): number =>
  AFTER.find((days) => String(days) === text) ?? AFTER[0];

async function load(tx: ReadTx, visit: Visit, afterDays: number): Promise<Shown> {
  const { reminders } = (await datedSettings(tx)).town("notices", visit.today);
  return {
    afterDays,
    preview: await previewReminders(tx, { now: visit.now, afterDays }),
    rounds: await reminderRounds(tx, LAST_ROUNDS),
    automatic: reminders.start === "automatic",
    wantsSms: reminders.channels.includes("sms"),
  };
}

/** `/ufficio/solleciti`: whom a round would reach, and whom it leaves alone (OS-10, MC-11, X-05). Sends nothing. */
export async function remindersPage(visit: Visit): Promise<Answer> {
  const afterDays = afterOf(visit.query["giorni"]);
  return view(visit, await visit.town.read((tx) => load(tx, visit, afterDays)), null);
}

export async function startRemindersNow(visit: Visit): Promise<Answer> {
  const { actor, fields, now } = visit;
  const roundId = fields.text("key");
  const [debts, cents] = [fields.text("pagamenti"), fields.text("centesimi")];
  if (!actor || !isUuid(roundId) || !/^\d{1,9}$/.test(debts) || !/^\d{1,15}$/.test(cents))
    return notFound;
  const afterDays = afterOf(fields.text("giorni"));
  return visit.town.write(async (tx): Promise<Answer> => {
    const started = await startReminders(tx, {
      roundId,
      afterDays,
      expected: { debts: Number(debts), totalCents: BigInt(cents) },
      by: actor.name,
      now,
    });
    switch (started.outcome) {
      case "started": {
        const told = plural(started.families, "famiglia avvisata", "famiglie avvisate");
        return seeOther(PATH, `${told} nel portale; anche per e-mail: ${started.emails}.`);
      }
      case "already-started":
        return seeOther(PATH, "I solleciti erano già partiti: nessuno li riceve due volte.");
      case "changed":
      case "nobody":
        return withStatus(
          409,
          view(
            visit,
            await load(tx, visit, afterDays),
            "Nel frattempo qualcosa è cambiato, per esempio un pagamento: l'elenco è aggiornato. Nessun sollecito è partito.",
          ),
        );
    }
  });
}

function view(visit: Visit, shown: Shown, refusal: string | null): Html {
  const { preview, afterDays, rounds } = shown;
  const { remind, leave } = preview;
  return askingPage(visit, "reminders", {
    h1: "Solleciti",
    lead: "Avvisi scaduti e non pagati. Nessuno riceve un sollecito mentre sta pagando.",
    body: html`${refusal && alert({ tone: "warning", title: "Solleciti non partiti", body: refusal })}
    ${noMailNotice(visit)} ${ruleNotice(shown)}
    ${chips(
      "Scaduti da quanto",
      AFTER.map((days) => ({
        label: days === AFTER[0] ? "Tutti gli scaduti" : `Da almeno ${days} giorni`,
        href: `${PATH}?giorni=${days}`,
        current: days === afterDays,
      })),
    )}
    ${
      remind.length === 0
        ? emptyState({ icon: "it-check-circle", text: "Nessuno da sollecitare adesso." })
        : toRemind(visit, shown)
    }
    ${leave.length > 0 && leftAlone(preview)} ${rounds.length > 0 && roundsTable(rounds)}`,
  });
}

const ruleNotice = ({ automatic, wantsSms }: Shown): Html | null =>
  automatic || wantsSms
    ? alert({
        tone: "info",
        title: automatic
          ? "In questo Comune i solleciti partono anche da soli: dopo sette giorni, poi ogni tre settimane, al massimo tre volte."
          : "I solleciti arrivano nel portale e per e-mail. Gli SMS non sono ancora attivi.",
      })
    : null;

const nameOf = ({ debtors }: ReminderPreview, debt: Debt): Html =>
  html`<a href="/ufficio/famiglie/${debt.holderId}"
    >${debtors.get(debt.holderId)?.fullName ?? ""}</a
  >`;

function toRemind(visit: Visit, { preview, afterDays }: Shown): Html {
  const { remind, debtors } = preview;
  const holders = new Set(remind.map(({ holderId }) => holderId));
  const mute = [...holders].filter((id) => !debtors.get(id)?.email).length;
  const total = remind.reduce((sum, { amountCents }) => sum + amountCents, 0n);
  return html`${figures([
    { label: "Famiglie", value: f.number(holders.size), tone: "strong" },
    { label: "Pagamenti", value: f.number(remind.length) },
    { label: "Totale", value: formatEuro(total) },
    { label: "Senza e-mail", value: f.number(mute) },
  ])}
  ${actionForm({
    action: PATH,
    csrf: visit.csrf,
    key: visit.newKey(),
    fields: {
      giorni: afterDays,
      pagamenti: remind.length,
      centesimi: total.toString(),
    },
    label: `Sollecita ${plural(holders.size, "famiglia", "famiglie")}`,
    kind: "primary",
    note: "Un messaggio nel portale e un'e-mail per famiglia, con gli avvisi in PDF. Chi non ha e-mail legge solo il portale.",
  })}
  ${debtTable("Da sollecitare", preview, remind)}`;
}

const debtTable = (caption: string, preview: ReminderPreview, debts: readonly Debt[]): Html =>
  html`<h2 class="section-title">${caption}</h2>
    ${dataTable({
      caption,
      captionHidden: true,
      columns: [
        { label: "Famiglia", header: true },
        { label: "Che cosa" },
        { label: "Scaduto" },
        { label: "Sollecitato" },
        { label: "E-mail" },
        { label: "Importo", align: "end" },
      ],
      rows: debts
        .slice(0, MOST_ROWS)
        .map((debt) => [
          nameOf(preview, debt),
          debt.subject,
          f.shortDay(debt.dueOn),
          remindedText(debt),
          preview.debtors.get(debt.holderId)?.email ? "sì" : "manca",
          formatEuro(debt.amountCents),
        ]),
    })}
    ${debts.length > MOST_ROWS && html`<p class="quiet">E altri ${debts.length - MOST_ROWS}.</p>`}`;

const remindedText = ({ remindedOn }: Debt): string => {
  const last = remindedOn.toSorted(Temporal.PlainDate.compare).at(-1);
  if (!last) return "mai";
  return remindedOn.length === 1
    ? f.shortDay(last)
    : `${remindedOn.length} volte, l'ultima ${f.shortDay(last)}`;
};

const leftAlone = (preview: ReminderPreview): Html =>
  html`<h2 class="section-title">Non sollecitati: ${preview.leave.length}</h2>
    ${dataTable({
      caption: "Non sollecitati, e perché",
      captionHidden: true,
      columns: [
        { label: "Famiglia", header: true },
        { label: "Che cosa" },
        { label: "Perché no" },
        { label: "Importo", align: "end" },
      ],
      rows: preview.leave
        .slice(0, MOST_ROWS)
        .map(({ debt, why }) => [
          nameOf(preview, debt),
          debt.subject,
          WHY[why],
          formatEuro(debt.amountCents),
        ]),
    })} `;

const roundsTable = (rounds: readonly ReminderRound[]): Html =>
  html`<h2 class="section-title">Solleciti già partiti</h2>
    ${dataTable({
      caption: "Solleciti già partiti",
      captionHidden: true,
      columns: [
        { label: "Quando", header: true },
        { label: "Chi" },
        { label: "Famiglie", align: "end" },
        { label: "Con e-mail", align: "end" },
        { label: "Pagamenti", align: "end" },
        { label: "Totale", align: "end" },
      ],
      rows: rounds.map((round) => [
        `${f.shortDay(dayOf(round.startedAt))}, ${f.time(round.startedAt)}`,
        round.automatic ? "da soli" : round.startedBy,
        round.families,
        round.emailed,
        round.debts,
        formatEuro(round.totalCents),
      ]),
    })} `;
