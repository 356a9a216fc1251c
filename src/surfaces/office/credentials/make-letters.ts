// SPDX-License-Identifier: EUPL-1.2
/** Makes credential letters (BO-01), part by part: the office's page for one family, the worker for thousands. */
import {
  addressLines,
  credentialsPdf,
  type CredentialsLetter,
  type KeptShape,
  logoFrom,
  partAfter,
  writeCredentialsPdf,
  writtenBytes,
} from "#documents";
import { type CredentialSubject, credentialSubjects, openCredentials } from "#families";
import {
  groupedCode,
  keepLetters,
  LETTER_DAYS,
  type LetterItem,
  type LetterOutcome,
  type LetterPages,
  letterParts,
  letterRun,
  type LetterRun,
  makeCodes,
  makeVoiceCodes,
  nextLetters,
  releaseLetters,
} from "#identity";
import { recordAudit } from "#kernel/audit.ts";
import type { Actor } from "#kernel/actor.ts";
import { systemActor } from "#kernel/actor.ts";
import { dayOf, type Moment } from "#kernel/dates.ts";
import type { TenantDb, WriteTx } from "#kernel/db/index.ts";
import { formats } from "#kernel/i18n.ts";
import { newId } from "#kernel/ids.ts";
import { planSealedEmails, type SecretEmail } from "#messaging";
import { datedSettings, townLogo, type TownSettings } from "#tenancy";
import { letterDay } from "./letter-day.ts";

/** What making letters needs besides the town. */
export interface Press {
  readonly sealKey: string;
  /** the town's address, `https://mensa.example.it` */
  readonly origin: string;
  now(): Moment;
}

/** Every letter of a run that waits, unless another process is at it or the end is asked for. */
export async function makeLetters(
  town: TenantDb,
  of: Press & { runId: string; isStopping?: () => boolean },
): Promise<void> {
  const claim = newId();
  try {
    while (!of.isStopping?.()) {
      const run = await town.read((tx) => letterRun(tx, of.runId));
      if (run?.state !== "preparing") return;
      const part = await town.write((tx) => beginPart(tx, of, { run, claim }));
      if (!part) return;
      const pages = await drawPart(town, of, { run, part });
      await town.write((tx) => keepPart(tx, of, { run, claim, part, pages }));
    }
  } finally {
    await town.write((tx) => releaseLetters(tx, { runId: of.runId, claim }));
  }
}

interface MadeLetter {
  readonly item: LetterItem;
  readonly subject: CredentialSubject;
  readonly accountId: string;
  readonly letter: CredentialsLetter;
}

interface Part {
  readonly letters: readonly MadeLetter[];
  readonly outcomes: readonly LetterOutcome[];
  readonly codes: ReadonlyMap<string, string>;
  readonly expiresAt: Moment;
}

/** Accounts and codes of the next letters. Interrupted before they are kept, they are simply made anew. */
async function beginPart(
  tx: WriteTx,
  press: Press,
  { run, claim }: { run: LetterRun; claim: string },
): Promise<Part | null> {
  const now = press.now();
  const items = await nextLetters(tx, { runId: run.id, claim, now });
  if (items.length === 0) return null;
  const settings = await datedSettings(tx);
  const today = dayOf(now);
  const login = settings.town("login", today);
  const town = {
    town: settings.town("town", today),
    office: settings.town("office", today),
    login,
    logoPng: await townLogo(tx),
  };
  const subjects = await credentialSubjects(tx, {
    holderIds: [...new Set(items.map(({ holderId }) => holderId))],
    per: login.credentialsPer,
    date: await letterDay(tx, today),
  });
  const bySubject = new Map(
    subjects.map((one) => [`${one.holder.holderId} ${one.childId ?? ""}`, one]),
  );
  const wanted = items.map((item) => {
    const subject = bySubject.get(`${item.holderId} ${item.childId ?? ""}`);
    return { item, subject, reason: reasonAgainst(item, subject, login) };
  });
  const good = wanted.flatMap(({ item, subject, reason }) =>
    subject && reason === "" ? [{ item, subject }] : [],
  );
  const opened = await openCredentials(tx, { subjects: good.map(({ subject }) => subject), now });
  const expiresAt = now.add({ hours: 24 * LETTER_DAYS });
  const codes = await makeCodes(tx, {
    accountIds: opened.map(({ accountId }) => accountId),
    ...{ purpose: "activation", kind: "readable", replaces: true, expiresAt, now },
    by: run.madeBy,
    sealKey: press.sealKey,
  });
  const hasVoice = settings
    .services(today)
    .some((code) => settings.maybeService(code, "cutoffs", today)?.voice !== undefined);
  const childIds = good.flatMap(({ subject }) => subject.children.map(({ id }) => id));
  const voice = hasVoice
    ? await makeVoiceCodes(tx, { childIds: [...new Set(childIds)], sealKey: press.sealKey, now })
    : new Map<string, string>();
  return {
    letters: good.map(({ item, subject }, index) => {
      const { accountId, username } = opened[index]!;
      const code = codes.get(accountId) ?? "";
      const letter = letterOf({ subject, username, code, voice, town, expiresAt, press });
      return { item, subject, accountId, letter };
    }),
    outcomes: wanted.map(({ item: { item }, reason }) => ({
      ...{ item, reason },
      outcome: reason === "" ? "done" : "left-out",
    })),
    codes,
    expiresAt,
  };
}

/** Why a letter that was asked for is not made; empty: it is. */
function reasonAgainst(
  item: LetterItem,
  subject: CredentialSubject | undefined,
  login: TownSettings["login"],
): string {
  if (!login.portal.includes("credentials")) return "il Comune non ammette più le credenziali";
  if (!subject) return "il conto è chiuso, o nessun bambino ne fa più parte";
  return item.channel === "email" && subject.holder.email === ""
    ? "l'indirizzo e-mail non c'è più"
    : "";
}

function letterOf(of: {
  subject: CredentialSubject;
  username: string;
  code: string;
  voice: ReadonlyMap<string, string>;
  town: Pick<TownSettings, "town" | "office" | "login"> & { logoPng: Uint8Array | null };
  expiresAt: Moment;
  press: Press;
}): CredentialsLetter {
  const { subject, username, voice, press } = of;
  const { town, office, login, logoPng } = of.town;
  const { holder, children, childId } = subject;
  const [child] = children;
  const contacts = [office.phones[0], office.emails[0]].filter(Boolean).join(", ");
  const ways = { spid: "SPID", cie: "la carta d'identità elettronica (CIE)" } as const;
  return {
    office: {
      name: town.name,
      officeName: office.name,
      fiscalCode: town.fiscalCode,
      address: office.address || town.address,
      contacts,
      ...(town.website ? { site: town.website } : {}),
      logo: logoFrom(logoPng),
    },
    place: town.shortName,
    writtenOn: dayOf(press.now()),
    addressee: { name: `${holder.givenName} ${holder.surname}`, lines: addressLines(holder) },
    ...(childId && child ? { child: `${child.givenName} ${child.surname}` } : {}),
    username,
    activationCode: groupedCode(of.code),
    validUntil: dayOf(of.expiresAt),
    activationUrl: `${press.origin}/accedi/attiva`,
    signInUrl: `${press.origin}/accedi`,
    voiceCodes: children.flatMap(({ id, givenName, surname }) => {
      const code = voice.get(id);
      return code === undefined ? [] : [{ child: `${givenName} ${surname}`, code }];
    }),
    otherWays: login.portal.flatMap((way) => (way === "credentials" ? [] : [ways[way]])),
    contacts: [office.name, contacts].filter(Boolean).join(", "),
    signature: { role: office.name, name: office.signatory || office.contactPerson },
  };
}

/** Outside the transaction: nobody waits for a drawing. */
async function drawPart(
  town: TenantDb,
  press: Press,
  { run, part: { letters: made } }: { run: LetterRun; part: Part },
): Promise<LetterPages | null> {
  const letters = made.flatMap(({ item, letter }) => (item.channel === "paper" ? [letter] : []));
  const [first] = letters;
  if (!first) return null;
  const madeAt = run.madeAt;
  // One family's letter is read on a screen too: it has the tags that a print shop does not need.
  if (run.letters === 1) {
    const bytes = await credentialsPdf(first, { madeAt });
    return { shape: null, pages: 1, length: bytes.length, bytes };
  }
  const drawn = await writtenBytes((out) =>
    writeCredentialsPdf(letters, out, { title: run.title, author: first.office.name, madeAt }),
  );
  const [before] = (await town.read((tx) => letterParts(tx, run.id))).slice(-1);
  const kept = before ? { ...before, shape: before.shape as KeptShape } : null;
  const part = partAfter(kept, drawn);
  return { ...part, length: part.bytes.length };
}

async function keepPart(
  tx: WriteTx,
  press: Press,
  of: { run: LetterRun; claim: string; part: Part; pages: LetterPages | null },
): Promise<void> {
  const now = press.now();
  const { run, claim, part, pages } = of;
  const { letters, codes } = part;
  const by = run.madeBy;
  const kept = await keepLetters(tx, {
    ...{ runId: run.id, claim, made: part.outcomes, codes, pages, by, now },
    sealKey: press.sealKey,
  });
  if (!kept) return;
  const emails = letters.filter(({ item }) => item.channel === "email");
  await planSealedEmails(
    tx,
    emails.map((one) => emailOf(one, part, run)),
    { sealKey: press.sealKey, now },
  );
  const actor: Actor = { ...systemActor, role: "office", id: run.id, name: by };
  await recordAudit(
    tx,
    ...letters.map(({ subject, item }) => ({
      ...{ actor, at: now, action: "identity.credentials-letter" },
      holderId: subject.holder.holderId,
      childId: subject.childId,
      details: { channel: item.channel },
    })),
  );
}

function emailOf({ subject, letter }: MadeLetter, part: Part, run: LetterRun): SecretEmail {
  const { holder, childId, children } = subject;
  const [child] = childId ? children : [];
  const lang = holder.language;
  const until = formats(lang).day(letter.validUntil);
  const initials = child ? `${child.givenName[0]}.${child.surname[0]}.` : null;
  const voice = letter.voiceCodes.map(({ code }) => code).join(", ");
  const text =
    lang === "en"
      ? [
          `User code: ${letter.username}${initials ? ` (child with the initials ${initials})` : ""}`,
          `Activation code: ${letter.activationCode}`,
          `The activation code works once, until ${until}. At the address below, write both codes and choose a password of at least 12 characters.`,
          initials &&
            `Each child has a code of its own. To see them all with one code, join them in the portal; a new password divides that code from the others again.`,
          voice && `Code for cancelling by telephone: ${voice}`,
        ]
      : [
          `Codice utente: ${letter.username}${initials ? ` (bambino con iniziali ${initials})` : ""}`,
          `Codice di attivazione: ${letter.activationCode}`,
          `Il codice di attivazione vale una volta sola, fino a ${until}. All'indirizzo qui sotto si scrivono i due codici e si sceglie una password di almeno 12 caratteri.`,
          initials &&
            `Ogni figlio ha il suo codice. Per vederli tutti con uno solo si uniscono nel portale; una nuova password divide di nuovo quel codice dagli altri.`,
          voice && `Codice per la disdetta per telefono: ${voice}`,
        ];
  return {
    ...{ kind: "credentials", holderId: holder.holderId, personId: holder.personId, lang },
    address: holder.email,
    subject:
      lang === "en"
        ? "School services: codes and credentials"
        : "Servizi scolastici: codici e credenziali",
    body: text.filter(Boolean).join("\n\n"),
    path: "/accedi/attiva",
    dedupeKey: `credentials:${run.id}:${letter.username}`,
    expiresAt: part.expiresAt,
  };
}
