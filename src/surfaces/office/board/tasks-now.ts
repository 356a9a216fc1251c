// SPDX-License-Identifier: EUPL-1.2
import type { UnknownWalkIn } from "#attendance";
import { type Dispute, type DueMonth, isOverdue } from "#billing";
import type { PersonTask } from "#families";
import { type Day, isBefore, isMomentAfter, type Moment } from "#kernel/dates.ts";
import type { Html } from "#kernel/html.ts";
import { formats, plural } from "#kernel/i18n.ts";
import { linkButton, type taskList } from "#ui/components.ts";
import type { Silent } from "../days/silent-classes.ts";
import type { NegativeFigure } from "./negative-accounts.ts";

export interface Task {
  readonly urgent: boolean;
  readonly text: string;
  /** what the line has no room for, under it */
  readonly more?: Html | null;
  readonly action: { readonly label: string; readonly href: string };
}

export interface TaskFacts {
  readonly now: Moment;
  readonly today: Day;
  readonly waiting: readonly { classId: string; limit: Moment | null }[];
  /** `Nessuna notizia da: 2A, 3B`, from the schools' limit on until the day closes */
  readonly silent: readonly Silent[];
  readonly disputes: readonly Dispute[];
  readonly openPast: readonly { date: Day; siteId: string; serviceId: string }[];
  readonly unpriced: number;
  readonly unnamed: readonly UnknownWalkIn[];
  readonly people: readonly PersonTask[];
  /** requests of families without an answer */
  readonly strangers: number;
  readonly applications: number;
  readonly corrections: number;
  /** months whose bills are drawn by themselves, once their days are closed */
  readonly bills: readonly (DueMonth & { serviceId: string })[];
  readonly negative: NegativeFigure;
  readonly money: MoneyTasks;
  /** e-mails whose address does not work */
  readonly undelivered: number;
  /** children without a price for their first notice */
  readonly firstNotices: number;
  /** certificates of SPID, CIE or eIDAS that end within two months; only an administrator can change them */
  readonly certificates: readonly { readonly name: string; readonly endsOn: Day }[];
  /** requests of ours that a provider turned down as wrong, since yesterday (SPID's anomalies 8, 9, 11–18, OpenID Connect's words) */
  readonly signInFaults: readonly {
    readonly name: string;
    readonly code: string;
    readonly count: number;
  }[];
  readonly isAdministrator: boolean;
}

/** What waits at the money desk. */
export interface MoneyTasks {
  /** payments that no rule could place: how many, and since when the first waits */
  readonly cases: { readonly count: number; readonly oldestOn: Day | null };
  /** requests without an end, each with its promised day */
  readonly requests: readonly Day[];
  /** debts proposed for writing off */
  readonly writeOffs: number;
  /** what reconciliation cannot explain, and since when */
  readonly unexplained: { readonly count: number; readonly oldestOn: Day | null };
}

const NEAR_MINUTES = 30;
/** Flows and banks need some days of their own. */
const OLD_DAYS = 10;
const TO_ROLL_CALLS = { label: "Apri gli appelli", href: "/scuola" };

/** `Da fare adesso`: urgent things first, each one line with one action. Derived from the modules, never stored. */
export function tasksNow(facts: TaskFacts): Task[] {
  const tasks = [
    ...rollCallTask(facts),
    ...facts.silent.map(({ text, rest }) => ({
      urgent: true,
      text,
      more: rest,
      action: TO_ROLL_CALLS,
    })),
    ...disputeTasks(facts),
    ...moneyTasks(facts),
    ...unexplainedTask(facts),
    ...openDaysTask(facts),
    ...billTasks(facts),
    ...countTask(
      facts.unpriced,
      "pasto o quota senza prezzo",
      "pasti o quote senza prezzo",
      "#senza-prezzo",
    ),
    ...countTask(
      facts.firstNotices,
      "bambino senza prezzo per il primo avviso",
      "bambini senza prezzo per il primo avviso",
      "#primi-avvisi",
    ),
    ...mailTask(facts),
    ...countTask(
      facts.unnamed.length,
      "bambino servito fuori lista, senza nome",
      "bambini serviti fuori lista, senza nome",
      "#fuori-lista",
    ),
    ...countTask(
      facts.applications,
      "domanda di iscrizione da esaminare",
      "domande di iscrizione da esaminare",
      "#iscrizioni",
    ),
    ...countTask(
      facts.strangers,
      "persona chiede il collegamento alla famiglia",
      "persone chiedono il collegamento alla famiglia",
      "#collegamenti",
    ),
    ...countTask(
      facts.corrections,
      "correzione chiesta da una famiglia",
      "correzioni chieste dalle famiglie",
      "#correzioni",
    ),
    ...peopleTasks(facts.people),
    ...negativeTask(facts.negative),
    ...certificateTasks(facts),
    ...signInFaultTasks(facts),
  ];
  return tasks.toSorted((a, b) => Number(b.urgent) - Number(a.urgent));
}

export const taskRows = (tasks: readonly Task[]): Parameters<typeof taskList>[0] =>
  tasks.map(({ urgent, text, more, action }) => ({
    urgent,
    text,
    more,
    action: linkButton({ ...action, ariaLabel: `${action.label}: ${text}` }),
  }));

const SOON_DAYS = 30;

/** Two months before for whoever can act, one month before for everybody: without it families do not get in. */
function certificateTasks({ certificates, isAdministrator, today }: TaskFacts): Task[] {
  return certificates.flatMap(({ name, endsOn }): Task[] => {
    const { days } = today.until(endsOn, { largestUnit: "days" });
    if (!isAdministrator && days > SOON_DAYS) return [];
    const when = days < 0 ? "è scaduto" : `scade tra ${plural(days, "giorno", "giorni")}`;
    const text = `Il certificato di ${name} ${when}${isAdministrator ? "" : ": avvisare chi amministra"}`;
    return [{ urgent: days <= SOON_DAYS, text, action: accessSettings(isAdministrator) }];
  });
}

/** Nobody of a family can mend it, and each of them is told that the town knows. */
function signInFaultTasks({ signInFaults, isAdministrator }: TaskFacts): Task[] {
  return signInFaults.map(({ name, code, count }) => {
    const times = plural(count, "richiesta di accesso", "richieste di accesso");
    const who = isAdministrator ? "" : ": avvisare chi amministra";
    const text = `${name}: il gestore ha respinto ${times} del Comune da ieri (anomalia ${code})${who}`;
    return { urgent: true, text, action: accessSettings(isAdministrator) };
  });
}

const accessSettings = (isAdministrator: boolean): Task["action"] => ({
  label: "Apri",
  href: isAdministrator ? "/ufficio/impostazioni/accesso" : "/ufficio/impostazioni",
});

/** Near the limit or after it: before, the classes have time. */
export const isNear = (limit: Moment, now: Moment): boolean =>
  isMomentAfter(now.add({ minutes: NEAR_MINUTES }), limit);

function rollCallTask({ waiting, now }: TaskFacts): Task[] {
  const near = waiting.filter(({ limit }) => limit === null || isNear(limit, now));
  if (near.length === 0) return [];
  const limits = near.map(({ limit }) => limit).filter((limit) => limit !== null);
  const last = limits.sort(Temporal.Instant.compare).at(-1);
  const limit = last ? `, limite ${formats("it").time(last)}` : "";
  const text = `${plural(near.length, "classe", "classi")} senza appello${limit}`;
  return [{ urgent: true, text, action: TO_ROLL_CALLS }];
}

function disputeTasks({ disputes, today }: TaskFacts): Task[] {
  const action = { label: "Rispondi", href: "/ufficio/contestazioni" };
  const late = disputes.filter((dispute) => isOverdue(dispute, today)).length;
  const due = disputes.filter(({ answerDueOn }) => answerDueOn.equals(today)).length;
  const rest = disputes.length - late - due;
  const words = (count: number): string => plural(count, "contestazione", "contestazioni");
  const line = (count: number, text: string, urgent: boolean): Task[] =>
    count === 0 ? [] : [{ urgent, text: `${words(count)} ${text}`, action }];
  return [
    ...line(late, "oltre la data promessa", true),
    ...line(due, due === 1 ? "scade oggi" : "scadono oggi", true),
    ...line(rest, rest === 1 ? "aperta" : "aperte", false),
  ];
}

/** The oldest payment says how long; a request past its promised day is urgent. */
function moneyTasks({ money, today }: TaskFacts): Task[] {
  const { cases, requests, writeOffs } = money;
  const days = cases.oldestOn?.until(today, { largestUnit: "days" }).days ?? 0;
  const age = days <= 0 ? "oggi" : plural(days, "giorno", "giorni");
  const late = requests.filter((dueOn) => isBefore(dueOn, today)).length;
  const lateText = late > 0 ? `, ${late} oltre la data promessa` : "";
  const task = (count: number, text: string, label: string, href: string, urgent = false): Task[] =>
    count === 0 ? [] : [{ urgent, text, action: { label, href } }];
  const casesText = `${plural(cases.count, "pagamento", "pagamenti")} da sistemare, ${cases.count > 1 ? "il primo " : ""}aspetta da ${age}`;
  const asked = plural(
    requests.length,
    "richiesta di rimborso o trasferimento",
    "richieste di rimborso o trasferimento",
  );
  const proposals = plural(
    writeOffs,
    "debito proposto per l'annullamento",
    "debiti proposti per l'annullamento",
  );
  return [
    ...task(cases.count, casesText, "Apri", "/ufficio/pagamenti/da-sistemare", days > 7),
    ...task(requests.length, `${asked}${lateText}`, "Apri", "/ufficio/richieste", late > 0),
    ...task(writeOffs, proposals, "Decidi", "/ufficio/pagamenti/annullamenti"),
  ];
}

function unexplainedTask({ money: { unexplained }, today }: TaskFacts): Task[] {
  const { count, oldestOn } = unexplained;
  if (count === 0 || oldestOn === null) return [];
  const { days } = oldestOn.until(today, { largestUnit: "days" });
  const what = plural(count, "incasso pagoPA da spiegare", "incassi pagoPA da spiegare");
  const age =
    days > 0
      ? `da ${plural(days, "giorno", "giorni")}`
      : days === 0
        ? "di oggi"
        : `con data ${formats("it").day(oldestOn)}`;
  const text = `${what}, ${count > 1 ? "il primo " : ""}${age}`;
  const action = { label: "Apri", href: "/ufficio/riconciliazione" };
  return [{ urgent: days > OLD_DAYS, text, action }];
}

function openDaysTask({ openPast }: TaskFacts): Task[] {
  const oldest = openPast.map(({ date }) => date).sort(Temporal.PlainDate.compare)[0];
  if (!oldest) return [];
  const count = plural(openPast.length, "giornata da chiudere", "giornate da chiudere");
  const since = `${openPast.length === 1 ? "" : ", la prima"}: ${formats("it").day(oldest)}`;
  const href = `/ufficio/giornate?dal=${oldest.toString()}`;
  return [{ urgent: false, text: `${count}${since}`, action: { label: "Chiudi", href } }];
}

/** BO-02: what still keeps a month's bills from going out by themselves. */
function billTasks({ bills }: TaskFacts): Task[] {
  return bills.map(({ month, open, serviceId }) => {
    const name = `Avvisi di ${formats("it").monthName(month.month)}: pronti`;
    const first = open.map(({ date }) => date).sort(Temporal.PlainDate.compare)[0];
    if (!first) {
      const href = `/ufficio/avvisi?mese=${month.toPlainYearMonth().toString()}&servizio=${serviceId}`;
      return { urgent: false, text: `${name}, partono da soli`, action: { label: "Apri", href } };
    }
    const days = plural(open.length, "giornata ancora aperta", "giornate ancora aperte");
    const href = `/ufficio/giornate?dal=${first.toString()}&servizio=${serviceId}`;
    return { urgent: false, text: `${name}, ${days}`, action: { label: "Chiudi", href } };
  });
}

function mailTask({ undelivered }: TaskFacts): Task[] {
  if (undelivered === 0) return [];
  const text = plural(undelivered, "e-mail non consegnata", "e-mail non consegnate");
  return [{ urgent: false, text, action: { label: "Apri", href: "/ufficio/e-mail" } }];
}

function peopleTasks(people: readonly PersonTask[]): Task[] {
  const orphans = people.filter(({ kind }) => kind === "child-without-holder").length;
  const codes = people.length - orphans;
  return [
    ...countTask(orphans, "bambino senza intestatario", "bambini senza intestatario", "#persone"),
    ...countTask(codes, "codice fiscale da sistemare", "codici fiscali da sistemare", "#persone"),
  ];
}

function negativeTask({ count, at }: NegativeFigure): Task[] {
  const when = `del Comune (alle ${formats("it").time(at)})`;
  return countTask(
    count,
    `conto sotto il limite ${when}`,
    `conti sotto il limite ${when}`,
    "#conti",
  );
}

function countTask(count: number, one: string, many: string, anchor: string): Task[] {
  if (count === 0) return [];
  const action = { label: "Apri", href: `/ufficio/compiti${anchor}` };
  return [{ urgent: false, text: plural(count, one, many), action }];
}
