// SPDX-License-Identifier: EUPL-1.2
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { TenantDb } from "#kernel/db/index.ts";
import {
  claimDueEmails,
  type Email,
  EMAIL_CLAIM_SECONDS,
  type EmailResult,
  emailText,
  isSealedEmail,
  openSealedEmail,
  recordEmail,
  type SendOutcome,
} from "#messaging";
import { datedSettings, type Tenant, townLogo } from "#tenancy";
import type { Mailer } from "../integrations/mail/mailer.ts";
import type { App } from "../surfaces/web/app.ts";
import { townOrigin } from "../surfaces/web/town-origin.ts";
import { type MailNow, mailNow, type MailSheets, readMailSheets } from "./mail-sheets.ts";
import { type Rounds, startTownRounds } from "./town-rounds.ts";

const LOOK_EVERY_MS = 5000;
/** Claimed at once, and sent side by side. */
const BATCH = 20;
const AT_ONCE = 2;
const TO_STAFF: readonly Email["kind"][] = ["staff-code", "access-changed"];
/** A batch stops beginning messages well before its claim runs out. */
const GIVE_UP_AFTER_MS = (EMAIL_CLAIM_SECONDS * 1000) / 2;

type MailApp = Pick<App, "db" | "clock" | "port" | "secureCookies" | "pagoPa" | "sealKey">;
type OnError = (work: string, error: unknown) => void;

/** Sends what was planned, town by town; several processes may run it. Without a mailer nothing is sent. */
export function startMailWorker(
  app: MailApp,
  options: { mailer: Mailer | null; onError: OnError },
): Rounds {
  const { mailer, onError } = options;
  if (!mailer) return { stop: () => Promise.resolve() };
  const rounds = startTownRounds(app.db, {
    everyMs: LOOK_EVERY_MS,
    work: "e-mail",
    onError,
    async oneTown(town, isStopping) {
      let sent = 0;
      // A batch that went through is followed by the next one; the first without a server ends the round.
      do sent = await sendEmails(app, { town, mailer, isStopping });
      while (sent === BATCH && !isStopping());
    },
  });
  return {
    async stop() {
      await rounds.stop();
      mailer.close();
    },
  };
}

/**
 * Sends one batch of a town: claimed and committed first, sent, each outcome written down by itself. Killed in
 * between, a message is sent again when its claim has run out, under the same Message-ID. Returns how many are over.
 */
export async function sendEmails(
  app: MailApp,
  of: { town: Pick<Tenant, "id" | "slug" | "hosts">; mailer: Mailer; isStopping?: () => boolean },
): Promise<number> {
  const town = app.db.forTenant(of.town.id);
  const now = app.clock.now();
  const { claim, emails } = await town.write((tx) => claimDueEmails(tx, { now, limit: BATCH }));
  if (emails.length === 0) return 0;
  const sheets = await readSheets(app, town, emails, now);
  const origin = townOrigin(app, of.town);
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  let noServer: Extract<SendOutcome, { outcome: "no-server" }> | null = null;
  let over = 0;
  const queue = emails.values();
  const oneAfterAnother = async (): Promise<void> => {
    for (const email of queue) {
      // What is left stays claimed for a moment, and is due again then.
      if (of.isStopping?.() || performance.now() >= giveUpAt) return;
      const isSealed = isSealedEmail(email);
      const said = isSealed
        ? openedMail(email, { tenantId: of.town.id, sealKey: app.sealKey, now })
        : mailNow(email, sheets);
      const result: EmailResult = said
        ? (noServer ?? (await sendOne(of.mailer, sheets, { ...email, ...said }, origin)))
        : { outcome: "withdrawn" };
      if (result.outcome === "no-server") noServer = result;
      // The code that it held is nobody's to read afterwards.
      const kept = said && isSealed ? { ...said, body: "" } : said;
      const done = { email, claim, result, ...(kept ? { said: kept } : {}), now: app.clock.now() };
      await town.write((tx) => recordEmail(tx, done));
      if (result.outcome === "sent" || result.outcome === "withdrawn") over += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
  return over;
}

function openedMail(
  email: Email,
  of: { tenantId: string; sealKey: string; now: Moment },
): (MailNow & Pick<Email, "path">) | null {
  const opened = openSealedEmail(email, of);
  return opened && { ...opened, subject: email.subject, noticeIds: [] };
}

function readSheets(
  app: MailApp,
  town: TenantDb,
  emails: readonly Email[],
  now: Moment,
): Promise<MailSheets> {
  return town.read(async (tx) => {
    const settings = await datedSettings(tx);
    const today = dayOf(now);
    return readMailSheets(tx, {
      emails,
      now,
      sheetTown: {
        town: settings.town("town", today),
        office: settings.town("office", today),
        collection: settings.town("collection", today),
        payableOnSite: app.pagoPa.checkoutOrigin !== null,
        logoPng: await townLogo(tx),
      },
    });
  });
}

async function sendOne(
  mailer: Mailer,
  sheets: MailSheets,
  email: MailNow & Pick<Email, "id" | "holderId" | "kind" | "lang" | "path" | "address">,
  origin: string,
): Promise<EmailResult> {
  const { town, office } = sheets.sheetTown;
  const attachments = await sheets.filesOf(email.noticeIds);
  const replyTo = office.emails[0] ?? null;
  const text = emailText(email.lang, {
    body: email.body,
    attached: attachments.length,
    payableOnline: sheets.sheetTown.payableOnSite,
    url: email.path === "" ? null : origin + email.path,
    isToStaff: email.holderId === null && TO_STAFF.includes(email.kind),
    sender: {
      townName: town.name,
      officeName: office.name,
      address: office.address || town.address,
      contacts: [office.phones[0], replyTo].filter(Boolean).join(", "),
      answersReachOffice: replyTo !== null,
    },
  });
  return mailer.send({
    id: email.id,
    to: email.address,
    fromName: town.name,
    replyTo,
    lang: email.lang,
    subject: email.subject,
    text,
    attachments,
  });
}
