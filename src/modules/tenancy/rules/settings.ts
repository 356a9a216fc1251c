// SPDX-License-Identifier: EUPL-1.2
import { z } from "zod";
import { STAFF_ROLES } from "#kernel/actor.ts";

/**
 * What a municipality can choose. Each key is one effective-dated row of `tenant_setting`:
 * scope '' = the whole town, otherwise a service code. A profile seeds them; no code knows a town's name.
 */
const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "serve un orario di quattro cifre, per esempio 09:00");
const date = z.iso.date();

/** Last instant for a change, on the day itself or `daysBefore` days earlier. "Entro le 9:00" includes 9:00:00. */
const cutoff = z.strictObject({
  time,
  daysBefore: z.int().min(0).max(7).default(0),
  /** the channel is open only from this time of the evening before (BO-16); outside, nothing is processed */
  opensAt: time.optional(),
});

const openingHours = z.strictObject({
  weekday: z.int().min(1).max(7),
  from: time,
  to: time,
});

export const serviceSettingSchemas = {
  payment: z.strictObject({
    model: z.enum(["prepaid", "postpaid", "fixed-fee"]),
    /** prepaid: which account use lowers (OS-12, PE-03); postpaid: which account owes */
    accountScope: z.enum(["family", "child", "child-service"]),
    directDebit: z.boolean().default(false),
    /** BI-08: the first notice covers so many meals per child */
    firstNoticeMeals: z.int().positive().optional(),
    /** cents; absent = no limit (MC-08) */
    minTopUpCents: z.int().positive().optional(),
    maxTopUpCents: z.int().positive().optional(),
  }),
  bill: z.strictObject({
    grouping: z.enum(["child", "holder"]),
    /** the bill of a month is due on this day of the next month */
    dueDay: z.int().min(1).max(28),
    minimumCents: z.int().min(0).default(0),
  }),
  /**
   * Bills of a month that is over, and fixed fees of a period that has begun, are made without anybody asking: bills
   * only once all days of the month are closed. Absent = by hand (BO-02).
   */
  billing: z.strictObject({
    automatic: z.boolean(),
  }),
  attendance: z.strictObject({
    mode: z.enum(["presumed", "roll-call", "opt-in"]),
  }),
  /** BI-03: a switch with a date is simply a second row with a later `valid_from` */
  absences: z.strictObject({
    reportedBy: z.enum(["school", "parents", "both"]),
  }),
  cutoffs: z.strictObject({
    portal: cutoff,
    app: cutoff.optional(),
    voice: cutoff.optional(),
    office: cutoff,
    school: cutoff,
    toleranceSeconds: z.int().min(0).max(300).default(0),
    /** a cancellation too late for its day is taken for the child's next service day instead */
    lateCountsForNextDay: z.boolean().default(false),
    /** by site name as in the profile: other times for the same channels */
    sites: z
      .record(
        z.string(),
        z.strictObject({
          portal: cutoff.optional(),
          office: cutoff.optional(),
          school: cutoff.optional(),
          app: cutoff.optional(),
          voice: cutoff.optional(),
        }),
      )
      .default({}),
  }),
  plainMeal: z.strictObject({
    allowed: z.boolean(),
    /** service days in a row without a certificate; absent = no limit */
    maxConsecutiveDays: z.int().positive().optional(),
  }),
  /** MC-04: never stops the charge of a meal eaten; drives alerts and wording */
  negativeBalance: z.discriminatedUnion("rule", [
    z.strictObject({ rule: z.literal("allowed-until"), until: date }),
    z.strictObject({ rule: z.literal("floor"), floorCents: z.int().max(0) }),
    z.strictObject({ rule: z.literal("never-blocks") }),
  ]),
  residualCredit: z.strictObject({
    rule: z.enum(["carried-over", "refunded-at-year-end-if-unused", "refunded-at-career-end"]),
  }),
  /** how pagoPA and the town's books name what families pay for this service */
  accounting: z.strictObject({
    /** code of pagoPA's taxonomy, whole; absent = the one of the service's kind */
    transferCategory: z
      .string()
      .regex(/^\d\/\d{7}[A-Z]{2}\/$/, "serve un codice come 9/0107101TS/")
      .optional(),
    /** who is paid when it is not the town: codice fiscale of a creditor institution of this town */
    beneficiary: z
      .string()
      .regex(/^\d{11}$/, "servono 11 cifre, scritte tra virgolette")
      .optional(),
    /** capitolo, accertamento and SIOPE code of the accounting export */
    budgetChapter: z.string().max(30).default(""),
    assessment: z.string().max(30).default(""),
    siope: z.string().max(30).default(""),
  }),
  kitchen: z.strictObject({
    /** minutes after the cut-off at which meals leave, printed on the order; informative */
    departure: time.optional(),
  }),
} as const;

const noticeChannel = z.enum(["sms", "email"]);

const loginMeans = z.array(z.enum(["spid", "cie", "credentials"])).min(1);

export const townSettingSchemas = {
  town: z.strictObject({
    name: z.string().min(2),
    shortName: z.string().min(2).max(24),
    province: z.string().regex(/^[A-Z]{2}$/, "serve la sigla della provincia, come MI"),
    /** empty: not known; nothing prints it then, and nobody collects under it */
    fiscalCode: z.string().regex(/^(\d{11})?$/, "servono 11 cifre, scritte tra virgolette"),
    /** Belfiore code of the municipality, for residency and codice fiscale */
    cadastralCode: z.string().regex(/^[A-Z]\d{3}$/, "servono una lettera e tre cifre, come F205"),
    address: z.string(),
    website: z.string().default(""),
  }),
  office: z.strictObject({
    name: z.string(),
    contactPerson: z.string().default(""),
    address: z.string().default(""),
    phones: z.array(z.string()).default([]),
    emails: z.array(z.string()).default([]),
    pec: z.string().default(""),
    whatsapp: z.string().default(""),
    hours: z.array(openingHours).default([]),
    signatory: z.string().default(""),
  }),
  login: z.strictObject({
    portal: loginMeans,
    enrolment: loginMeans,
    topUp: loginMeans,
    credentialsPer: z.enum(["holder", "child"]).default("holder"),
    /** why families have user code and password besides SPID and CIE (DL 76/2020, art. 24): asked at every apply */
    credentialsReason: z.string().min(10).max(400).optional(),
  }),
  patronDay: z.strictObject({
    month: z.int().min(1).max(12),
    day: z.int().min(1).max(31),
    name: z.string(),
  }),
  words: z.strictObject({
    /** what families call the prepaid account in this town */
    wallet: z.enum(["borsellino", "conto elettronico"]).default("borsellino"),
  }),
  /** OS-02, OS-03: the window for the school year to come; outside it an application is refused */
  enrolment: z.strictObject({
    window: z.strictObject({ from: date, to: date }).optional(),
    onlineOnly: z.boolean().default(false),
  }),
  /** who is told what, and how (OS-09, OS-10, MC-10, MC-11) */
  notices: z.strictObject({
    urgentNews: z.array(noticeChannel).default(["email"]),
    lowCredit: z.array(noticeChannel).default([]),
    /** an unpaid amount; "office-decides": the office starts each round by hand */
    reminders: z
      .strictObject({
        channels: z.array(noticeChannel).default([]),
        start: z.enum(["office-decides", "automatic"]).default("office-decides"),
      })
      .prefault({}),
    /** MC-10: how a family says no to notices */
    optOut: z.enum(["portal", "written-request"]).default("portal"),
  }),
  /** how money reaches the town; what is built later is already stated (OS-07, BO-08, BI-09, PE-12) */
  collection: z.strictObject({
    pagoPa: z.boolean().default(true),
    /** no other way is accepted for what falls due from now on */
    pagoPaOnly: z.boolean().default(false),
    places: z.array(z.string().min(2)).default([]),
    /** BO-08: cash, only for what is named */
    cash: z
      .array(z.strictObject({ place: z.string().min(2), onlyFor: z.string().min(3) }))
      .default([]),
    /** codice fiscale of who collects → its CBILL (SIA) code, printed for home banking (PE-12) */
    cbill: z
      .record(
        z.string().regex(/^\d{11}$/, "servono 11 cifre, scritte tra virgolette"),
        z.string().regex(/^[A-Z0-9]{5}$/, "serve il codice SIA, cinque lettere o cifre"),
      )
      .optional(),
    /** BI-09: another portal of the town; the receipt is sent to the office */
    otherPortal: z.url({ protocol: /^https$/ }).optional(),
    /** MC-05: paper vouchers handed back become credit */
    vouchersAccepted: z.boolean().default(false),
    /** a request for money back is answered and executed within so many days */
    refundDays: z.int().min(1).max(180).default(30),
  }),
  /**
   * The diet codes the town's kitchen knows; empty = any code. `leaveOut` is for the kitchen (`latte e
   * derivati`): food, never what a child has.
   */
  dietCodes: z
    .array(
      z.strictObject({
        code: z
          .string()
          .regex(
            /^(?=.*\d)[A-Z0-9][A-Z0-9./ -]{0,11}$/,
            "serve un codice con almeno una cifra, come D-07, in maiuscolo",
          ),
        label: z.string().min(2).max(60),
        leaveOut: z.string().max(120).default(""),
      }),
    )
    .max(200)
    .refine(
      (codes) => new Set(codes.map(({ code }) => code)).size === codes.length,
      "lo stesso codice dieta è scritto due volte",
    ),
  /** who works with the system outside the town hall */
  staff: z.strictObject({
    roles: z
      .array(
        z.strictObject({
          role: z.enum(STAFF_ROLES),
          title: z.string().min(3),
          task: z.string().min(3),
        }),
      )
      .default([]),
  }),
  /** how long personal data is kept that only proves what stands elsewhere too (GDPR art. 5.1.e) */
  retention: z.strictObject({
    /** the XML of an applied pagoPA receipt; the payment itself stays in the accounts */
    receiptXmlMonths: z.int().min(1).max(120).default(24),
    /** the text of an e-mail that was sent or withdrawn; that it was sent, to whom and when, stays */
    emailTextDays: z.int().min(1).max(3650).default(90),
    /** who came in or was refused, what changed around the doors; less than half a year is no security log */
    securityEventMonths: z.int().min(6).max(120).default(24),
  }),
  /** where a person writes who cannot use the pages (law 4/2004, art. 3-quater) */
  accessibility: z.strictObject({
    email: z.string().default(""),
    phone: z.string().default(""),
  }),
} as const;

export type ServiceSettingKey = keyof typeof serviceSettingSchemas;
export type TownSettingKey = keyof typeof townSettingSchemas;
export type ServiceSettings = {
  [Key in ServiceSettingKey]: z.output<(typeof serviceSettingSchemas)[Key]>;
};
export type TownSettings = { [Key in TownSettingKey]: z.output<(typeof townSettingSchemas)[Key]> };
export type CutoffSetting = z.output<typeof cutoff>;
