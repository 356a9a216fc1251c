// SPDX-License-Identifier: EUPL-1.2
import { reachableAccounts } from "#families";
import { type AccessChange, accountsByIds, staffAccounts, type TellAccess } from "#identity";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { ReadTx } from "#kernel/db/index.ts";
import { catalogue, formats, type Lang } from "#kernel/i18n.ts";
import { type NewEmail, planEmails } from "#messaging";
import { datedSettings } from "#tenancy";
import type { App } from "./app.ts";

interface Said {
  title: string;
  what: (at: string) => string;
}

const it = {
  subject: (title: string) => `Accesso ai servizi scolastici: ${title}`,
  changes: {
    password: {
      title: "password cambiata",
      what: (at) => `La password è stata cambiata il ${at}.`,
    },
    "passkey-added": {
      title: "passkey aggiunta",
      what: (at) => `Una passkey è stata aggiunta il ${at}.`,
    },
    "passkey-removed": {
      title: "passkey tolta",
      what: (at) => `Una passkey è stata tolta il ${at}.`,
    },
    "codes-added": {
      title: "secondo fattore impostato",
      what: (at) =>
        `I codici dell'app, secondo fattore dell'accesso, sono stati impostati il ${at}.`,
    },
    "codes-removed": {
      title: "secondo fattore tolto",
      what: (at) => `I codici dell'app, secondo fattore dell'accesso, sono stati tolti il ${at}.`,
    },
    "factor-reset": {
      title: "secondo fattore azzerato",
      what: (at) =>
        `Il secondo fattore dell'accesso è stato azzerato il ${at}: al prossimo accesso se ne imposta uno nuovo.`,
    },
  } satisfies Record<AccessChange, Said>,
  wanted: "Se è stato un cambiamento voluto, non serve fare nulla.",
  otherwise: (hasPassword: boolean, phone: string | undefined) => {
    const office = phone ? `chiamare l'ufficio: ${phone}` : "rivolgersi all'ufficio";
    return `Altrimenti: ${hasPassword ? "cambiare la password dal portale, o " : ""}${office}.`;
  },
};

const en: typeof it = {
  subject: (title) => `Access to the school services: ${title}`,
  changes: {
    password: {
      title: "password changed",
      what: (at) => `The password was changed on ${at}.`,
    },
    "passkey-added": {
      title: "passkey added",
      what: (at) => `A passkey was added on ${at}.`,
    },
    "passkey-removed": {
      title: "passkey removed",
      what: (at) => `A passkey was removed on ${at}.`,
    },
    "codes-added": {
      title: "second factor set up",
      what: (at) => `The app's codes, the second factor of the sign-in, were set up on ${at}.`,
    },
    "codes-removed": {
      title: "second factor removed",
      what: (at) => `The app's codes, the second factor of the sign-in, were removed on ${at}.`,
    },
    "factor-reset": {
      title: "second factor reset",
      what: (at) =>
        `The second factor of the sign-in was reset on ${at}: the next sign-in sets up a new one.`,
    },
  },
  wanted: "If this was intended, there is nothing to do.",
  otherwise: (hasPassword, phone) => {
    const office = phone ? `call the office: ${phone}` : "ask the office";
    return `Otherwise: ${hasPassword ? "change the password in the portal, or " : ""}${office}.`;
  },
};

const words = catalogue<typeof it>({ it, en });

type Reader = Pick<NewEmail, "holderId" | "personId" | "address"> & { lang: Lang };

/**
 * Tells by e-mail that a way in was changed (ASVS 2.2.3): a family at the account holder's own address, as recovery finds
 * it, somebody at work at the account's. No name, no user code, no link. Where no mail leaves, or no address is known: nothing.
 */
export const tellAccess =
  ({ mail }: { readonly mail?: App["mail"] | undefined }, now: Moment): TellAccess =>
  async (tx, { accountId, change }) => {
    if (mail === undefined) return;
    const [account] = await accountsByIds(tx, [accountId]);
    if (!account || account.demo) return;
    const reader = await readerOf(tx, { accountId, isStaff: account.isStaff, now });
    if (!reader) return;
    const office = (await datedSettings(tx)).town("office", dayOf(now));
    const w = words(reader.lang);
    const { title, what } = w.changes[change];
    const email = {
      ...{ ...reader, kind: "access-changed" as const, noticeIds: [], path: "" },
      subject: w.subject(title),
      body: [
        what(formats(reader.lang).dayAndTime(now)),
        `${w.wanted} ${w.otherwise(account.hasPassword, office.phones[0])}`,
      ].join("\n\n"),
      // Within a minute once.
      dedupeKey: `access-changed:${accountId}:${change}:${Math.floor(now.epochMilliseconds / 60_000)}`,
    };
    await planEmails(tx, [email], now);
  };

async function readerOf(
  tx: ReadTx,
  of: { accountId: string; isStaff: boolean; now: Moment },
): Promise<Reader | null> {
  const { accountId, isStaff, now } = of;
  const date = dayOf(now);
  if (isStaff) {
    const [staff] = await staffAccounts(tx, { date, id: accountId });
    return staff?.email
      ? { holderId: null, personId: null, address: staff.email, lang: "it" }
      : null;
  }
  const [family] = await reachableAccounts(tx, { accountId, date });
  return family
    ? {
        ...{ holderId: family.holderId, personId: family.personId },
        ...{ address: family.email, lang: family.language },
      }
    : null;
}
