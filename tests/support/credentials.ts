// SPDX-License-Identifier: EUPL-1.2
/** A town whose families have user code and password; letters and e-mails as people read them. */
import { putPeople } from "#families";
import { type Moment, moment } from "#kernel/dates.ts";
import type { Database } from "#kernel/db/index.ts";
import type { OutgoingEmail } from "../../src/integrations/mail/mailer.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { answersFollowed } from "../../src/surfaces/web/after-answer.ts";
import { makeTownLetters } from "../../src/worker/letters.ts";
import { sendEmails } from "../../src/worker/mail.ts";
import { pageTexts } from "../documents/read-back.ts";
import { type SiteOptions, testSite, type TestSite } from "./site.ts";

export const LOGIN = {
  portal: ["credentials", "spid", "cie"],
  enrolment: ["spid", "cie"],
  topUp: ["credentials", "spid", "cie"],
  credentialsPer: "holder",
};
export const NOW = moment("2026-11-24T07:40:00Z");
export const EMAIL = "sara@famiglia.example";
export const PASSWORD = "il trattore viola sul tetto";

/** Sara Ferrando, with an e-mail address unless told otherwise; not a demo. */
export async function credentialSite(
  db: Database,
  options: Partial<SiteOptions> & { per?: "holder" | "child"; email?: string } = {},
): Promise<TestSite> {
  const { per = "holder", email = EMAIL, ...rest } = options;
  const site = await testSite(db, {
    routes: wholeSite.routes,
    now: NOW,
    demo: false,
    townSettings: { login: { ...LOGIN, credentialsPer: per } },
    ...rest,
  });
  await giveEmail(site, email);
  return site;
}

export async function giveEmail(site: TestSite, email = EMAIL): Promise<void> {
  const { town, sara } = site.place;
  const name = { surname: "Ferrando", givenName: "Sara" };
  const mother = { id: sara.personId!, kind: "adult", ...name, email } as const;
  await town.write((tx) => putPeople(tx, [mother], NOW));
}

export const makeAllLetters = (site: TestSite): Promise<void> =>
  makeTownLetters(site.app, { town: site.tenant, isStopping: () => false });

/** Sends what waits, and gives it. */
export async function post(site: TestSite, now?: Moment): Promise<OutgoingEmail[]> {
  await answersFollowed(site.app);
  const sent: OutgoingEmail[] = [];
  const app = now ? { ...site.app, clock: { now: () => now } } : site.app;
  await sendEmails(app, {
    town: site.tenant,
    mailer: {
      send: (email) => {
        sent.push(email);
        return Promise.resolve({ outcome: "sent" });
      },
      close: () => undefined,
    },
  });
  return sent;
}

export interface ReadLetter {
  readonly username: string;
  readonly code: string;
  readonly text: string;
}

/** What a letter says, page by page. */
export const readLetters = (pdf: Uint8Array): ReadLetter[] =>
  pageTexts(pdf).map((text) => ({
    text,
    username: /\b[1-9]\d{8}\b/.exec(text)?.[0] ?? "",
    code: /\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b/.exec(text)?.[0] ?? "",
  }));

/** The letter of Sara's family, as the office has it in its hands. */
export async function letterFor(
  site: TestSite,
  fields: Record<string, string> = {},
): Promise<ReadLetter> {
  const office = await site.signInAs("office", { name: "M. Conti" });
  const path = `/ufficio/famiglie/${site.place.holderId}/credenziali`;
  const made = await site.post(path, { canale: "paper", ...fields }, office);
  const file = await site.get(`${String(made.headers.location)}/lettere.pdf`, office);
  const [letter] = readLetters(new Uint8Array(file.rawPayload));
  if (!letter) throw new Error(`${made.statusCode} ${file.statusCode}: no letter`);
  return letter;
}
