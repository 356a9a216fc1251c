// SPDX-License-Identifier: EUPL-1.2
import { z } from "zod";
import { isDayPattern } from "./day-pattern.ts";
import { serviceSettingSchemas, townSettingSchemas } from "./settings.ts";

/**
 * The shape of a profile file: one municipality as data, written by an office (docs/office/profiles.md).
 * Each setting has the shape of `settings.ts`; what a person writes differently (days that come back every
 * year, opening hours by weekday) is turned into that shape when the profile is resolved for a school year.
 */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const LEVELS = ["nido", "infanzia", "primaria", "secondaria1", "secondaria2"] as const;
export const SERVICE_KINDS = ["canteen", "transport", "creche", "pre-post-school"] as const;

const weekday = z.enum(WEEKDAYS);
const level = z.enum(LEVELS);
const reason = z
  .string()
  .min(10, "serve una ragione di almeno 10 caratteri: perché il valore è presunto");

const dayPattern = z
  .string()
  .refine(
    isDayPattern,
    "serve un giorno: mese-giorno come 10-05, una data come 2026-10-05, oppure easter-3",
  );

const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,39}$/, "servono solo lettere minuscole, cifre e trattini");

const serviceCode = z
  .string()
  .regex(
    /^[a-z0-9-]{2,30}$/,
    "il codice di un servizio ha solo lettere minuscole, cifre e trattini",
  );

const hoursRange = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/,
    "serve un intervallo come 08:30-13:30",
  )
  .refine((text) => text.slice(0, 5) < text.slice(6), "l'apertura viene prima della chiusura");

const hours = z.strictObject(
  Object.fromEntries(WEEKDAYS.map((name) => [name, z.array(hoursRange).optional()])) as Record<
    (typeof WEEKDAYS)[number],
    z.ZodOptional<z.ZodArray<typeof hoursRange>>
  >,
);

const negativeBalance = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("allowed-until"), until: dayPattern }),
  z.strictObject({ rule: z.literal("floor"), floorCents: z.int().max(0) }),
  z.strictObject({ rule: z.literal("never-blocks") }),
]);

const settings = { ...serviceSettingSchemas, negativeBalance };

const serviceSettings = {
  payment: settings.payment,
  bill: settings.bill.optional(),
  billing: settings.billing.optional(),
  attendance: settings.attendance.optional(),
  absences: settings.absences.optional(),
  cutoffs: settings.cutoffs.optional(),
  plainMeal: settings.plainMeal.optional(),
  negativeBalance: settings.negativeBalance.optional(),
  residualCredit: settings.residualCredit.optional(),
  accounting: settings.accounting.optional(),
  kitchen: settings.kitchen.optional(),
};

/** From that day on, these settings replace the ones above (BI-03: first the schools, later the parents). */
const change = z.strictObject({
  from: dayPattern,
  ...serviceSettings,
  payment: settings.payment.optional(),
});

/** When the service runs, for the levels or the schools named; without both, for everyone. */
const period = z.strictObject({
  levels: z.array(level).min(1).optional(),
  schools: z.array(z.string()).min(1).optional(),
  from: dayPattern,
  to: dayPattern,
  weekdays: z.array(weekday).min(1).default(["mon", "tue", "wed", "thu", "fri"]),
});

/** The weekdays on which classes stay for lunch. The last entry that fits a class decides. */
const rientro = z
  .strictObject({
    level,
    grades: z.array(z.int().min(0).max(5)).min(1).optional(),
    school: z.string().optional(),
    sections: z.array(z.string()).min(1).optional(),
    weekdays: z.array(weekday).min(1),
    /** every second week, counted from the week of `weekA` */
    weekdaysB: z.array(weekday).optional(),
    weekA: dayPattern.optional(),
  })
  .refine(
    (entry) => (entry.weekdaysB === undefined) === (entry.weekA === undefined),
    "weekdaysB e weekA vanno scritti insieme: le settimane alterne e il giorno da cui si contano",
  );

/** The definition is checked by the tariffs module, which knows its kinds: here it is only carried. */
const tariff = z.strictObject({
  validFrom: dayPattern,
  act: z.string().default(""),
  assumed: reason.optional(),
  definition: z.record(z.string(), z.unknown()),
});

const service = z.strictObject({
  kind: z.enum(SERVICE_KINDS),
  name: z.string().min(3),
  ...serviceSettings,
  changes: z.array(change).default([]),
  periods: z.array(period).min(1),
  rientri: z.array(rientro).default([]),
  tariffs: z.array(tariff).min(1),
});

/** `classes: { 1: [A, B] }` by grade, or `sections` where classes have no grade (nido, infanzia). */
const school = z
  .strictObject({
    name: z.string().min(3),
    code: z
      .string()
      .regex(/^[A-Z]{2}[0-9A-Z]{8}$/, "il codice meccanografico ha 10 caratteri, come BAEE83601L")
      .optional(),
    level,
    address: z.string().default(""),
    classes: z
      .partialRecord(z.enum(["1", "2", "3", "4", "5"]), z.array(z.string().min(1).max(20)).min(1))
      .optional(),
    sections: z.array(z.string().min(1).max(20)).min(1).optional(),
    assumed: reason.optional(),
  })
  .refine(
    (entry) => (entry.classes === undefined) !== (entry.sections === undefined),
    "serve una sola delle due: classes (per anno di corso) oppure sections (senza anno di corso)",
  );

export const profileSchema = z.strictObject({
  profile: slug,
  version: z.int().positive(),
  title: z.string().min(3),
  source: z.strictObject({
    title: z.string().min(3),
    publisher: z.string().min(3),
    date: z.string().default(""),
  }),
  town: townSettingSchemas.town,
  creditor: z
    .strictObject({ fiscalCode: townSettingSchemas.town.shape.fiscalCode, name: z.string().min(3) })
    .optional(),
  office: townSettingSchemas.office.omit({ hours: true }).extend({ hours: hours.default({}) }),
  login: townSettingSchemas.login,
  patronDay: townSettingSchemas.patronDay,
  words: townSettingSchemas.words.prefault({}),
  enrolment: townSettingSchemas.enrolment
    .omit({ window: true })
    .extend({
      window: z.strictObject({ from: dayPattern, to: dayPattern }).optional(),
    })
    .prefault({}),
  notices: townSettingSchemas.notices.prefault({}),
  collection: townSettingSchemas.collection.prefault({}),
  dietCodes: townSettingSchemas.dietCodes.default([]),
  staff: townSettingSchemas.staff.prefault({}),
  retention: townSettingSchemas.retention.prefault({}),
  accessibility: townSettingSchemas.accessibility.prefault({}),
  schoolYear: z.strictObject({
    starts: dayPattern,
    ends: dayPattern,
    breaks: z
      .array(z.strictObject({ name: z.string().min(3), from: dayPattern, to: dayPattern }))
      .default([]),
  }),
  services: z.record(serviceCode, service),
  schools: z.array(school).min(1),
  assumed: z.array(z.strictObject({ path: z.string(), reason })).default([]),
});

export type Profile = z.output<typeof profileSchema>;
export type ProfileService = Profile["services"][string];
export type ProfileSchool = Profile["schools"][number];
