// SPDX-License-Identifier: EUPL-1.2
import { className, type TownCalendar, townCalendar } from "#calendar";
import type { StaffAccount, StaffGrant, StaffScope } from "#identity";
import { isOfficeRole, type StaffRole } from "#kernel/actor.ts";
import { day, dayOf } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { linesFrom } from "#transport";
import type { Visit } from "../../web/visit.ts";

export const STAFF_PAGE = "/ufficio/impostazioni/personale";
/** How those who work here get in; and their municipality's own provider. */
export const STAFF_ACCESS = `${STAFF_PAGE}/accesso`;
export const STAFF_PROVIDER = `${STAFF_ACCESS}/comune`;
export const STAFF_BACK = { href: STAFF_PAGE, label: "Personale" } as const;
const f = formats("it");

export const ROLE_WORDS: Readonly<Record<StaffRole, { name: string; hint: string }>> = {
  school: { name: "Scuola", hint: "appello, fuori lista, correzioni della mattina" },
  kitchen: { name: "Cucina", hint: "ordine del giorno, diete, differenze" },
  driver: { name: "Autista", hint: "le corse della propria linea: fermate e bambini del giorno" },
  caterer: {
    name: "Gestore della ristorazione",
    hint: "numero dei pasti e novità per le famiglie; nessun nome e nessuna dieta",
  },
  office: {
    name: "Operatore",
    hint: "il lavoro dell'ufficio, senza diete e chiusure; entra con un secondo fattore",
  },
  "office-diet": {
    name: "Operatore diete",
    hint: "il lavoro dell'ufficio e, da solo, le diete dei bambini; entra con un secondo fattore",
  },
  "office-manager": {
    name: "Responsabile",
    hint: "decide anche su chiusure, rimborsi, rate e crediti; entra con un secondo fattore",
  },
  administrator: {
    name: "Amministratore",
    hint: "anche personale, pagoPA, SPID e CIE; entra con un secondo fattore",
  },
};

export const roleName = (role: string): string => ROLE_WORDS[role as StaffRole]?.name ?? role;

/** Schools and classes of this school year, as places a role may be narrowed to. */
export interface Places {
  readonly calendar: TownCalendar;
  readonly sites: readonly { readonly value: string; readonly label: string }[];
  readonly classes: readonly { readonly value: string; readonly label: string }[];
  /** of the school bus: a driver's */
  readonly lines: readonly { readonly value: string; readonly label: string }[];
}

export async function loadPlaces(tx: ReadTx, visit: Visit): Promise<Places> {
  const calendar = await townCalendar(tx);
  const year = calendar.years
    .filter(({ startsOn, endsOn }) => within(visit, startsOn, endsOn))
    .map((one) => one.year);
  const siteName = (id: string): string => calendar.sites.get(id)?.name ?? "";
  const current = [...calendar.classes.values()].filter((one) =>
    year.length > 0 ? year.includes(one.year) : true,
  );
  return {
    calendar,
    sites: [...calendar.sites.values()].map(({ id, name }) => ({
      value: `scuola ${id}`,
      label: name,
    })),
    classes: current
      .map((one) => ({
        value: `classe ${one.id}`,
        label: `${siteName(one.siteId)}, ${className(one)}`,
      }))
      .toSorted((a, b) => a.label.localeCompare(b.label, "it")),
    lines: (await linesFrom(tx, visit.today)).map(({ id, name }) => ({
      value: `linea ${id}`,
      label: `Linea ${name}`,
    })),
  };
}

const within = ({ today }: Visit, from: Temporal.PlainDate, to: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(from, today) <= 0 && Temporal.PlainDate.compare(today, to) <= 0;

/** `scuola {id}`, `classe {id}`, `linea {id}` or nothing; `null`: no place of this town. */
export function readScope(places: Places, text: string): StaffScope | null {
  const nowhere = { siteId: null, classId: null, lineId: null };
  if (text === "") return nowhere;
  const all = [...places.sites, ...places.classes, ...places.lines];
  if (!all.some(({ value }) => value === text)) return null;
  const [kind, id = ""] = text.split(" ");
  if (kind === "linea") return { ...nowhere, lineId: id };
  return kind === "scuola" ? { ...nowhere, siteId: id } : { ...nowhere, classId: id };
}

/** `Scuola, 3A Primaria Milano, dal 1° settembre` */
export function grantText(
  { calendar, lines }: Pick<Places, "calendar" | "lines">,
  grant: Pick<StaffGrant, "role" | "siteId" | "classId" | "lineId" | "to">,
): string {
  const schoolClass = grant.classId ? calendar.classes.get(grant.classId) : undefined;
  const siteId = schoolClass?.siteId ?? grant.siteId;
  const known = lines.find(({ value }) => value === `linea ${grant.lineId}`)?.label;
  const line = grant.role === "driver" ? (known ?? "nessuna linea") : undefined;
  const place = [
    line,
    schoolClass && className(schoolClass),
    siteId && calendar.sites.get(siteId)?.name,
  ]
    .filter(Boolean)
    .join(" ");
  const until = grant.to ? ` fino a ${f.dayWithYear(day(grant.to))}` : "";
  return [roleName(grant.role), place].filter(Boolean).join(", ") + until;
}

export function factorText(account: StaffAccount): string {
  const passkeys =
    account.passkeys === 0
      ? ""
      : account.passkeys === 1
        ? "passkey"
        : `${account.passkeys} passkey`;
  const has = [account.hasCodes ? "codici dell'app" : "", passkeys].filter(Boolean).join(" e ");
  if (has !== "") return has;
  return needsFactor(account) ? "da impostare al primo accesso" : "non serve";
}

/** By a role, or because the administrator wants one of this person. */
export const needsFactor = ({ secondFactorRequired, grants }: StaffAccount): boolean =>
  secondFactorRequired || grants.some(({ role }) => isOfficeRole(role));

export function stateText(account: StaffAccount): string {
  if (account.disabledAt) return `disattivato ${f.day(dayOf(account.disabledAt))}`;
  if (account.demo) return "personaggio dimostrativo";
  if (!account.hasPassword) return "password da scegliere";
  return account.lastSignInAt
    ? `ultimo accesso ${f.day(dayOf(account.lastSignInAt))}`
    : "nessun accesso recente";
}
