// SPDX-License-Identifier: EUPL-1.2
import { isElevenDigitCode } from "#kernel/codice-fiscale.ts";
import { isBefore } from "#kernel/dates.ts";
import { isOneOff, resolveDay } from "./day-pattern.ts";
import type { Finding, PathStep } from "./profile-problems.ts";
import type { Profile, ProfileService } from "./profile-schema.ts";
import { classesOf } from "./resolve-profile.ts";

/** A year to compare recurring days in; any would do. */
const SAMPLE_YEAR = 2026;

/** What the shape alone cannot see: names that must exist, days in order, settings that need each other. */
export function checkProfile(profile: Profile, data: unknown): Finding[] {
  return [
    ...checkAssumed(profile, data),
    ...checkTown(profile),
    ...checkYear(profile),
    ...checkSchools(profile),
    ...Object.entries(profile.services).flatMap(([code, service]) =>
      checkService(profile, service).map(({ path, message }) => ({
        path: ["services", code, ...path],
        message,
      })),
    ),
  ];
}

function checkAssumed(profile: Profile, data: unknown): Finding[] {
  return profile.assumed.flatMap(({ path }, index) =>
    exists(data, path.split("."))
      ? []
      : [
          {
            path: ["assumed", index, "path"],
            message: `«${path}» non esiste in questo profilo: correggere il percorso o togliere la riga`,
          },
        ],
  );
}

/** List items are counted from 1 in what people write. */
function exists(data: unknown, steps: readonly string[]): boolean {
  let value = data;
  for (const step of steps) {
    if (typeof value !== "object" || value === null) return false;
    const key = Array.isArray(value) ? String(Number(step) - 1) : step;
    if (!Object.hasOwn(value, key)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return true;
}

function checkTown(profile: Profile): Finding[] {
  const codes: [PathStep[], string | undefined][] = [
    [["town", "fiscalCode"], profile.town.fiscalCode],
    [["creditor", "fiscalCode"], profile.creditor?.fiscalCode],
  ];
  const wrong: Finding[] = codes
    .filter(([, code]) => code && !isElevenDigitCode(code))
    .map(([path]) => ({
      path,
      message:
        "l'ultima cifra del codice fiscale non torna: controllare le 11 cifre (vuoto se non è noto)",
    }));
  const { month, day } = profile.patronDay;
  const last = Temporal.PlainYearMonth.from({ year: 2024, month }).daysInMonth;
  if (day > last) {
    wrong.push({ path: ["patronDay", "day"], message: `il mese ${month} ha solo ${last} giorni` });
  }
  return wrong;
}

const ENDS_FIRST = "la fine viene prima dell'inizio";

function checkYear({ schoolYear, enrolment }: Profile): Finding[] {
  const found: Finding[] = [];
  if (endsFirst(schoolYear.starts, schoolYear.ends)) {
    found.push({ path: ["schoolYear", "ends"], message: ENDS_FIRST });
  }
  for (const [index, { from, to }] of schoolYear.breaks.entries()) {
    if (endsFirst(from, to)) {
      found.push({ path: ["schoolYear", "breaks", index, "to"], message: ENDS_FIRST });
    }
    if (isOneOff(from) !== isOneOff(to)) {
      const message = "inizio e fine vanno scritti allo stesso modo: con l'anno o senza";
      found.push({ path: ["schoolYear", "breaks", index, "to"], message });
    }
  }
  const window = enrolment.window;
  if (window && window.from.slice(-5) > window.to.slice(-5)) {
    found.push({ path: ["enrolment", "window", "to"], message: ENDS_FIRST });
  }
  return found;
}

const endsFirst = (from: string, to: string): boolean =>
  isBefore(resolveDay(to, SAMPLE_YEAR), resolveDay(from, SAMPLE_YEAR));

function checkSchools({ schools }: Profile): Finding[] {
  return schools.flatMap(({ name, code }, index): Finding[] => {
    const before = schools.slice(0, index);
    const found: Finding[] = [];
    if (before.some((other) => other.name === name)) {
      found.push({ path: ["schools", index, "name"], message: `«${name}» è già in elenco` });
    }
    if (code !== undefined && before.some((other) => other.code === code)) {
      found.push({
        path: ["schools", index, "code"],
        message: `il codice ${code} è già in elenco`,
      });
    }
    return found;
  });
}

function checkService(profile: Profile, service: ProfileService): Finding[] {
  const found: Finding[] = [];
  const isMeal = service.kind === "canteen" || service.kind === "creche";
  const need = (key: "attendance" | "absences" | "cutoffs" | "bill", why: string): void => {
    if (!service[key]) found.push({ path: [key], message: `manca «${key}»: ${why}` });
  };
  if (isMeal) {
    need("attendance", "scrivere come si rilevano le presenze (mode)");
    need("absences", "scrivere chi segnala le assenze (reportedBy)");
    need("cutoffs", "scrivere gli orari limite per ogni canale");
  }
  if (service.payment.model === "postpaid") {
    need("bill", "nel servizio a consuntivo serve come si raggruppa l'avviso e quando scade");
  }
  const names = new Set(profile.schools.map(({ name }) => name));
  const named = (name: string, path: PathStep[]): void => {
    if (names.has(name)) return;
    found.push({ path, message: `«${name}» non è tra le scuole di questo profilo (schools)` });
  };
  for (const name of Object.keys(service.cutoffs?.sites ?? {}))
    named(name, ["cutoffs", "sites", name]);
  for (const [index, period] of service.periods.entries()) {
    period.schools?.forEach((name, at) => named(name, ["periods", index, "schools", at]));
    if (period.schools && period.levels) {
      const message = "scegliere: o le scuole (schools) o gli ordini di scuola (levels)";
      found.push({ path: ["periods", index, "levels"], message });
    }
    if (endsFirst(period.from, period.to)) {
      found.push({ path: ["periods", index, "to"], message: ENDS_FIRST });
    }
  }
  for (const [index, entry] of service.rientri.entries()) {
    if (entry.school !== undefined) named(entry.school, ["rientri", index, "school"]);
    if (!profile.schools.some((school) => classesOf(school, entry).length > 0)) {
      const message =
        "nessuna classe di questo profilo corrisponde: controllare ordine, anno e sezioni";
      found.push({ path: ["rientri", index], message });
    }
  }
  const starts = service.tariffs.map(({ validFrom }) => validFrom);
  starts.forEach((start, index) => {
    if (starts.indexOf(start) === index) return;
    found.push({
      path: ["tariffs", index, "validFrom"],
      message: "due tariffe valgono dallo stesso giorno: cambiare il giorno di una",
    });
  });
  return found;
}

/** What may stay as it is, but the office should know: mostly what the law also wants. */
export function warningsOf(profile: Profile): Finding[] {
  return [
    ...loginWarnings(profile),
    ...townWarnings(profile),
    ...Object.entries(profile.services).flatMap(([code, service]) =>
      serviceWarnings(code, service),
    ),
  ];
}

function loginWarnings({ login }: Profile): Finding[] {
  const found: Finding[] = [];
  for (const place of ["portal", "enrolment", "topUp"] as const) {
    const means = login[place];
    const spid = means.includes("spid");
    const cie = means.includes("cie");
    if (spid === cie && spid) continue;
    const message =
      spid || cie
        ? `${spid ? "SPID senza CIE" : "CIE senza SPID"}: l'art. 64 del CAD (d.lgs. 82/2005) vuole tutte e due`
        : "solo credenziali locali: l'art. 64 del CAD (d.lgs. 82/2005) vuole SPID e CIE per l'accesso dei cittadini";
    found.push({ path: ["login", place], message });
  }
  const places = ["portal", "enrolment", "topUp"] as const;
  const hasCredentials = places.some((place) => login[place].includes("credentials"));
  if (hasCredentials && login.credentialsReason === undefined) {
    const message =
      "credenziali locali senza motivazione (credentialsReason): dal 2021 l'accesso dei cittadini è con SPID e CIE, art. 24 del d.l. 76/2020";
    found.push({ path: ["login"], message });
  }
  return found;
}

function townWarnings(profile: Profile): Finding[] {
  const found: Finding[] = [];
  if (profile.office.pec === "") {
    found.push({
      path: ["office"],
      message: "manca la PEC dell'ufficio (pec): art. 6-ter e 47 del CAD",
    });
  }
  if (profile.accessibility.email === "" && profile.accessibility.phone === "") {
    found.push({
      path: ["accessibility"],
      message:
        "manca un recapito per l'accessibilità (accessibility.email): legge 4/2004, art. 3-quater",
    });
  }
  if (profile.town.fiscalCode === "" && !profile.creditor) {
    found.push({
      path: ["town", "fiscalCode"],
      message: "codice fiscale da completare: senza non si possono emettere avvisi di pagamento",
    });
  }
  if (!profile.collection.pagoPa) {
    found.push({
      path: ["collection", "pagoPa"],
      message: "i pagamenti alla PA passano da pagoPA: art. 5 del CAD",
    });
  }
  return found;
}

const minutes = ({ time, daysBefore }: { time: string; daysBefore: number }): number =>
  Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) - daysBefore * 1440;

function serviceWarnings(code: string, service: ProfileService): Finding[] {
  const found: Finding[] = [];
  const add = (path: PathStep[], message: string): void => {
    found.push({ path: ["services", code, ...path], message });
  };
  if (service.payment.model === "prepaid") {
    if (!service.residualCredit) {
      add(
        ["payment"],
        "prepagato senza regola per il credito residuo: resta all'anno dopo (carried-over)",
      );
    }
    if (!service.negativeBalance) {
      add(
        ["payment"],
        "prepagato senza regola per il saldo negativo: vale never-blocks, il pasto si serve sempre",
      );
    }
  }
  const cutoffs = service.cutoffs;
  if (cutoffs) {
    for (const channel of ["office", "school"] as const) {
      if (minutes(cutoffs[channel]) < minutes(cutoffs.portal)) {
        const who = channel === "office" ? "l'ufficio" : "la scuola";
        add(
          ["cutoffs", channel],
          `${who} si ferma prima delle famiglie: non potrà aiutare chi chiama all'ultimo`,
        );
      }
    }
  }
  return found;
}
