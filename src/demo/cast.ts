// SPDX-License-Identifier: EUPL-1.2
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { SCHOOL_LEVELS } from "#calendar";

const castChild = z.strictObject({
  name: z.string(),
  sex: z.enum(["F", "M"]),
  level: z.enum(SCHOOL_LEVELS),
  grade: z.int().min(0).max(5).default(0),
  section: z.string().optional(),
  diet: z.string().optional(),
});

const castFamily = z.strictObject({
  surname: z.string(),
  mother: z.string(),
  father: z.string().nullable(),
  children: z.array(castChild).min(1),
  /** whole euros; absent = never presented */
  isee: z.int().optional(),
  /** what a prepaid account is left with */
  creditCents: z.int().optional(),
  /** two homes, half of every charge each */
  separated: z.boolean().default(false),
  /** an absence without an end has been running for a while */
  openAbsence: z.boolean().default(false),
  /** has its first notice and has not paid it yet, nor anything else (BI-08) */
  firstNotice: z.boolean().default(false),
  /** also uses the town's transport */
  bus: z.boolean().default(false),
  /** who may be chosen at the sign-in page */
  personas: z.array(z.enum(["mother", "father"])),
});

const demoTown = z.strictObject({
  /** file in profiles/, without its extension */
  profile: z.string(),
  families: z.int().min(80).max(1000),
  staff: z.strictObject({
    office: z.string(),
    /** diets are one role's alone */
    diets: z.string(),
    manager: z.string(),
    /** a second manager: what needs two persons can be tried (write-offs) */
    deputy: z.string(),
    /** how the town collects is the administrator's alone */
    administrator: z.string(),
    kitchen: z.string(),
    /** of the catering company */
    caterer: z.string(),
  }),
  /** how it is paid through pagoPA: invented numbers that are formally right */
  collection: z.strictObject({
    /** an invented one, where nobody knows the town's: valid in form, and it says what it is */
    creditor: z.strictObject({ fiscalCode: z.string(), name: z.string() }).optional(),
    segregation: z.string(),
    iban: z.string(),
    postal: z
      .strictObject({
        iban: z.string(),
        account: z.string(),
        holder: z.string(),
        authorisation: z.string(),
      })
      .optional(),
  }),
  /** which of its two protocols "Entra con CIE" speaks */
  cie: z.enum(["saml", "oidc"]).default("saml"),
  /** the town hall has a provider of its own for its staff */
  staffProvider: z.boolean().default(false),
  /** the school bus, where the profile has one: who drives the first line; stops with their two times */
  bus: z
    .strictObject({
      driver: z.string(),
      lines: z
        .array(
          z.strictObject({
            name: z.string(),
            stops: z.array(z.tuple([z.string(), z.string(), z.string()])).min(1),
          }),
        )
        .min(1),
    })
    .optional(),
  cast: z.array(castFamily),
});

export type CastFamily = z.output<typeof castFamily>;
export type DemoTown = z.output<typeof demoTown>;

/** The demo towns, in the order of their ports. */
export async function demoTowns(): Promise<DemoTown[]> {
  const text = await readFile(new URL("towns.yaml", import.meta.url), "utf8");
  return z.array(demoTown).parse(parse(text));
}
