// SPDX-License-Identifier: EUPL-1.2
/** Which unpaid notices go to print, and in which order: what the page asks and the command line gives. */
import { className, type TownCalendar, townCalendar } from "#calendar";
import { classesOn } from "#enrolment";
import { debtors, people } from "#families";
import { type Day, momentAt } from "#kernel/dates.ts";
import type { Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { isUuid } from "#kernel/ids.ts";
import type { Cents } from "#kernel/money.ts";
import { type PrintableSheet, printableSheets } from "#payments";
import { byKey, classSeat, LAST } from "../made-files/choice.ts";

const ORDERS = ["classe", "indirizzo"] as const;
export type PrintOrder = (typeof ORDERS)[number];

/** As the form and the address have it; empty text: no condition. */
export interface PrintChoice {
  readonly serviceId: string;
  /** first day of the month of issue */
  readonly month: Day | null;
  readonly siteId: string;
  readonly withoutEmail: boolean;
  readonly order: PrintOrder;
  readonly withLetter: boolean;
  readonly duplex: boolean;
  /** each notice as a PDF of its own, too, in one archive */
  readonly withSingles: boolean;
}

export function readPrintChoice(text: (name: string) => string): PrintChoice {
  const id = (name: string): string => (isUuid(text(name)) ? text(name) : "");
  const order = ORDERS.find((one) => one === text("ordine")) ?? "classe";
  return {
    serviceId: id("servizio"),
    month: monthOf(text("mese")),
    siteId: id("scuola"),
    withoutEmail: text("email") === "senza",
    order,
    withLetter: text("lettera") === "si",
    duplex: text("fronteretro") === "si",
    withSingles: text("singoli") === "si",
  };
}

function monthOf(text: string): Day | null {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return null;
  return Temporal.PlainDate.from(`${text}-01`);
}

/** The choice as an address and as a run keeps it. */
export function printChoiceText(choice: PrintChoice): Record<string, string> {
  return {
    servizio: choice.serviceId,
    mese: choice.month?.toPlainYearMonth().toString() ?? "",
    scuola: choice.siteId,
    email: choice.withoutEmail ? "senza" : "",
    ordine: choice.order,
    lettera: choice.withLetter ? "si" : "",
    fronteretro: choice.duplex ? "si" : "",
    singoli: choice.withSingles ? "si" : "",
  };
}

export interface ChosenPapers {
  /** in the order of print */
  readonly papers: readonly { positionId: string; heading: string }[];
  readonly totalCents: Cents;
  /** addresses that are not known: nothing can be sent there */
  readonly withoutAddress: number;
}

/** The notices that can be paid now, sorted by school, class and surname, or by postal address. */
export async function choosePapers(
  tx: ReadTx,
  of: { choice: PrintChoice; today: Day; now: Moment },
): Promise<ChosenPapers> {
  const { choice, today, now } = of;
  const { month } = choice;
  const sheets = await printableSheets(tx, {
    serviceId: choice.serviceId || null,
    issuedFrom: month && momentAt(month, "00:00"),
    issuedBefore: month && momentAt(month.add({ months: 1 }), "00:00"),
    withoutEmail: choice.withoutEmail,
    now,
  });
  const calendar = await townCalendar(tx);
  const childIds = [
    ...new Set(sheets.flatMap(({ lines }) => lines.flatMap((l) => l.childId ?? []))),
  ];
  const classes = await classesOn(tx, childIds, today);
  const paying = await debtors(tx, [...new Set(sheets.map(({ holderId }) => holderId))]);
  const adults = [...paying.values()].map(({ personId }) => personId);
  const known = new Map((await people(tx, [...adults, ...childIds])).map((one) => [one.id, one]));
  const placed = sheets.map((sheet) => {
    const person = known.get(paying.get(sheet.holderId)?.personId ?? "");
    // No sheet says where a protected person lives: whoever posts it writes the envelope.
    const isHidden = person?.contactsProtected === true;
    const street = (!isHidden && person?.address) || "";
    const town = isHidden ? "" : [person?.postalCode, person?.city].filter(Boolean).join(" ");
    const seats = seatsOf(sheet, { classes, calendar, known });
    const inSchool = seats.find(({ siteId }) => siteId === choice.siteId);
    const seat = choice.siteId ? inSchool : seats[0];
    const name = `${person?.surname ?? ""} ${person?.givenName ?? ""}`;
    return { sheet, street, town, seat, name };
  });
  const wanted = placed.filter(({ seat }) => choice.siteId === "" || seat !== undefined);
  const sorted = wanted
    .map((one) => ({ one, key: choice.order === "classe" ? classKey(one) : addressKey(one) }))
    .toSorted((a, b) => byKey(a.key, b.key))
    .map(({ one }) => one);
  return {
    papers: sorted.map(({ sheet, seat, street, town }) => ({
      positionId: sheet.positionId,
      heading:
        choice.order === "classe"
          ? (seat?.label ?? "Senza classe")
          : [street, town].filter(Boolean).join(", ") || "Senza indirizzo",
    })),
    totalCents: wanted.reduce((sum, { sheet }) => sum + sheet.amountCents, 0n),
    withoutAddress: wanted.filter(({ street, town }) => !street || !town).length,
  };
}

interface Seat {
  readonly siteId: string;
  readonly label: string;
  /** school, class, child: as they are sorted */
  readonly key: readonly string[];
}

/** Where the children of a sheet sit, the first in the order of print first. */
function seatsOf(
  { lines }: PrintableSheet,
  of: {
    classes: ReadonlyMap<string, string>;
    calendar: TownCalendar;
    known: ReadonlyMap<string, { surname: string; givenName: string }>;
  },
): Seat[] {
  const childIds = [...new Set(lines.flatMap(({ childId }) => childId ?? []))];
  return childIds
    .flatMap((childId): Seat[] => {
      const seat = classSeat(of.calendar, of.classes.get(childId));
      const child = of.known.get(childId);
      if (!seat || !child) return [];
      const { site, schoolClass } = seat;
      const key = [...seat.key, child.surname, child.givenName];
      return [{ siteId: site.id, label: `${site.name}, ${className(schoolClass)}`, key }];
    })
    .toSorted((a, b) => byKey(a.key, b.key));
}

interface Placed {
  readonly sheet: PrintableSheet;
  readonly seat: Seat | undefined;
  readonly street: string;
  readonly town: string;
  readonly name: string;
}

const classKey = ({ seat, name, sheet }: Placed): readonly string[] => [
  ...(seat?.key ?? [LAST]),
  name,
  sheet.positionId,
];
const addressKey = ({ street, town, name, sheet }: Placed): readonly string[] => [
  town || LAST,
  street || LAST,
  name,
  sheet.positionId,
];

const f = formats("it");

/** `Mensa scolastica, emessi a ottobre 2026, primaria Carducci, senza e-mail`. */
export function printTitle(choice: PrintChoice, { services, sites }: TownCalendar): string {
  const service = services.find(({ id }) => id === choice.serviceId)?.name ?? "Tutti i servizi";
  const site = sites.get(choice.siteId)?.name ?? "tutte le scuole";
  return [
    service,
    choice.month ? `avvisi di ${f.month(choice.month)}` : "tutti gli avvisi non pagati",
    site,
    choice.withoutEmail ? "famiglie senza e-mail" : "",
  ]
    .filter(Boolean)
    .join(", ");
}
