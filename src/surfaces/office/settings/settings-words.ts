// SPDX-License-Identifier: EUPL-1.2
import { type Day, day } from "#kernel/dates.ts";
import { formats } from "#kernel/i18n.ts";
import { formatEuro } from "#kernel/money.ts";
import type { CutoffSetting, DatedSettings, ServiceSettingKey, ServiceSettings } from "#tenancy";

const f = formats("it");

const MODELS = {
  prepaid: "si paga prima, il credito scende a ogni pasto",
  postpaid: "si paga dopo, con un avviso al mese",
  "fixed-fee": "quota fissa, uguale anche con assenze",
} as const;
const SCOPES = {
  family: "un conto per famiglia",
  child: "un conto per bambino",
  "child-service": "un conto per bambino e servizio",
} as const;
const MODES = {
  presumed: "presenza presunta: chi non disdice mangia",
  "roll-call": "appello in classe",
  "opt-in": "su prenotazione",
} as const;
const REPORTERS = {
  school: "le segnala la scuola",
  parents: "le segnalano le famiglie",
  both: "le segnalano le famiglie o la scuola",
} as const;
const RESIDUAL = {
  "carried-over": "resta per l'anno dopo",
  "refunded-at-year-end-if-unused": "si rimborsa a fine anno a chi non usa più il servizio",
  "refunded-at-career-end": "si rimborsa alla fine del percorso scolastico",
} as const;

const CHANNELS = {
  portal: "portale",
  app: "app",
  voice: "telefono automatico",
  office: "sportello",
  school: "scuola",
} as const;

const time = (text: string): string => f.time(Temporal.PlainTime.from(text));

function cutoffWords(cutoff: CutoffSetting): string {
  const days = cutoff.daysBefore;
  const when =
    days === 0 ? "del giorno" : days === 1 ? "del giorno prima" : `di ${days} giorni prima`;
  const opens = cutoff.opensAt ? `, dalle ${time(cutoff.opensAt)} della sera prima` : "";
  return `fino alle ${time(cutoff.time)} ${when}${opens}`;
}

function cutoffsWords(cutoffs: ServiceSettings["cutoffs"]): string[] {
  const lines = Object.entries(CHANNELS).flatMap(([channel, label]) => {
    const cutoff = cutoffs[channel as keyof typeof CHANNELS];
    return cutoff ? [`${label}: ${cutoffWords(cutoff)}`] : [];
  });
  if (cutoffs.toleranceSeconds > 0) lines.push(`tolleranza: ${cutoffs.toleranceSeconds} secondi`);
  for (const [site, own] of Object.entries(cutoffs.sites))
    for (const [channel, cutoff] of Object.entries(own))
      if (cutoff)
        lines.push(
          `${site}, ${CHANNELS[channel as keyof typeof CHANNELS]}: ${cutoffWords(cutoff)}`,
        );
  return lines;
}

function negativeWords(rule: ServiceSettings["negativeBalance"]): string {
  switch (rule.rule) {
    case "allowed-until":
      return `ammesso fino al ${f.shortDay(day(rule.until))}`;
    case "floor":
      return `ammesso fino a ${formatEuro(BigInt(rule.floorCents))}`;
    case "never-blocks":
      return "non ferma mai il servizio";
  }
}

interface Line {
  readonly key: ServiceSettingKey;
  readonly label: string;
  readonly text: string;
}

/** The settings of one service in force on a day, in words; those it does not have are left out. */
export function serviceLines(settings: DatedSettings, code: string, date: Day): Line[] {
  const get = <Key extends ServiceSettingKey>(key: Key): ServiceSettings[Key] | undefined =>
    settings.maybeService(code, key, date);
  const lines: Line[] = [];
  const add = (
    key: ServiceSettingKey,
    label: string,
    parts: readonly (string | false | undefined)[],
  ): void => {
    const text = parts.filter(Boolean).join("; ");
    if (text !== "") lines.push({ key, label, text });
  };
  const payment = get("payment");
  if (payment)
    add("payment", "Pagamento", [
      MODELS[payment.model],
      SCOPES[payment.accountScope],
      payment.directDebit && "addebito in banca possibile",
      payment.firstNoticeMeals !== undefined &&
        `primo avviso per ${payment.firstNoticeMeals} pasti`,
      payment.minTopUpCents !== undefined &&
        `ricarica minima ${formatEuro(BigInt(payment.minTopUpCents))}`,
      payment.maxTopUpCents !== undefined &&
        `ricarica massima ${formatEuro(BigInt(payment.maxTopUpCents))}`,
    ]);
  const bill = get("bill");
  if (bill)
    add("bill", "Avvisi", [
      bill.grouping === "child" ? "uno per bambino" : "uno per famiglia",
      `scadenza il ${bill.dueDay} del mese dopo`,
      bill.minimumCents > 0 &&
        `sotto ${formatEuro(BigInt(bill.minimumCents))} si rimanda al mese dopo`,
    ]);
  const billing = get("billing");
  if (billing)
    add("billing", "Preparazione", [
      billing.automatic
        ? "avvisi e quote si preparano da soli, gli avvisi a giornate tutte chiuse"
        : "avvisi e quote si preparano a mano",
    ]);
  const attendance = get("attendance");
  if (attendance) add("attendance", "Presenze", [MODES[attendance.mode]]);
  const absences = get("absences");
  if (absences) add("absences", "Assenze", [REPORTERS[absences.reportedBy]]);
  const cutoffs = get("cutoffs");
  if (cutoffs) add("cutoffs", "Limiti di orario", cutoffsWords(cutoffs));
  const plain = get("plainMeal");
  if (plain)
    add("plainMeal", "Pasto in bianco", [
      plain.allowed ? "previsto" : "non previsto",
      plain.allowed &&
        plain.maxConsecutiveDays !== undefined &&
        `al massimo ${plain.maxConsecutiveDays} giorni di fila senza certificato`,
    ]);
  const negative = get("negativeBalance");
  if (negative) add("negativeBalance", "Saldo negativo", [negativeWords(negative)]);
  const residual = get("residualCredit");
  if (residual) add("residualCredit", "Credito residuo", [RESIDUAL[residual.rule]]);
  const departure = get("kitchen")?.departure;
  if (departure) add("kitchen", "Cucina", [`i pasti partono alle ${time(departure)}`]);
  return lines;
}
