// SPDX-License-Identifier: EUPL-1.2
/** E-mails leave as they were planned: once, with their notices, through a real mail server. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { billsOf } from "#billing";
import { putLanguage, putPersonAccounts } from "#families";
import { day, type Moment, momentAt } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { sql } from "#kernel/db/index.ts";
import { claimDueEmails, emailCounts, givenUpEmails, planEmails, replanEmails } from "#messaging";
import { noticesOf } from "#payments";
import { EnvironmentError, readEnvironment } from "../../src/environment.ts";
import { folderMailer } from "../../src/integrations/mail/folder.ts";
import type { Mailer } from "../../src/integrations/mail/mailer.ts";
import { smtpMailer } from "../../src/integrations/mail/smtp.ts";
import { pageTexts, popplerMissing } from "../documents/read-back.ts";
import { apply, collecting, land, receiptFor } from "../support/collecting.ts";
import { certificates, opensslMissing } from "../support/certificates.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type MailServer, mailServer, takenMail } from "../support/mail-server.ts";
import { closeOctober, drawOctober, mailRound } from "../support/october.ts";
import { putTownSettings, TOWN_SETTINGS } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

let base: TestDatabase;
let post: MailServer;
before(async () => {
  base = await testDatabase();
  post = await mailServer();
});
after(async () => {
  await post.close();
  await base.close();
});

const NOW = momentAt(day("2026-11-02"), "09:00");
const PAYER = "sara.ferrando@example.it";

/** A postpaid town that can be paid and whose holder has an address; October is closed. */
async function october(office: Record<string, unknown> = {}): Promise<SmallTown> {
  const place = await smallTown(base.db);
  await putTownSettings(place, {
    ...TOWN_SETTINGS,
    office: { name: "Ufficio scuola", emails: ["mensa@comune.example.it"], ...office },
  });
  await collecting(place);
  await setAddress(place, PAYER);
  await closeOctober(place);
  return place;
}

const setAddress = (place: SmallTown, address: string): Promise<number> =>
  place.town.write((tx) =>
    tx.run(sql`update person set email = ${address}, address = 'Via dei Tigli 4', postal_code = '26900', city = 'Lodi'
      where tenant_id = ${place.tenantId} and id = ${place.sara.personId}`),
  );

/** One round of the worker at that moment. */
const round = (place: SmallTown, mailer: Mailer = post.mailer, now: Moment = NOW) =>
  mailRound(base.db, place, { mailer, now });

const counts = async (place: SmallTown): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await place.town.read((tx) => emailCounts(tx, NOW.subtract({ hours: 24 })))).map((one) => [
      one.state,
      one.count,
    ]),
  );

const later = (minutes: number): Moment => NOW.add({ minutes });
const notices = (place: SmallTown) =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [place.holderId], now: NOW }));

describe("BO-02 the month's bills by e-mail", () => {
  it("one e-mail per payer with the notices as PDF, once, with nothing of the children in it", async () => {
    const place = await october();
    await drawOctober(place);
    post.taken.length = 0;
    assert.equal(await round(place), 1);
    assert.equal(await round(place), 0);
    assert.equal(await drawOctober(place).then(() => round(place)), 0);
    const [mail, ...others] = post.taken;
    assert.equal(others.length, 0);
    assert.deepEqual(mail!.to, [PAYER]);
    assert.equal(mail!.header("subject"), "Avviso di pagamento: mensa di ottobre");
    assert.match(mail!.header("from"), /scuola@comune\.example\.it/);
    assert.match(mail!.header("reply-to"), /mensa@comune\.example\.it/);
    assert.equal(mail!.header("auto-submitted"), "auto-generated");
    const text = mail!.text().replaceAll("\u00a0", " ");
    assert.match(text, /110,40 €, da pagare entro mercoledì 18 novembre/);
    assert.match(text, /http:\/\/prova\.localhost:3000\/pagamenti/);
    assert.doesNotMatch(text, /Giulia|Tommaso|3A|Ferrando/);
    assert.equal(text.match(/https?:/g)?.length, 1);
    const files = mail!.attachments();
    const numbers = (await notices(place)).map(({ noticeNumber }) => `avviso-${noticeNumber}.pdf`);
    assert.deepEqual(new Set(files.keys()), new Set(numbers));
    for (const bytes of files.values()) {
      assert.equal(bytes.subarray(0, 5).toString(), "%PDF-");
      if (!popplerMissing) assert.match(pageTexts(bytes).join(" "), /Via dei Tigli 4, 26900 Lodi/);
    }
    assert.deepEqual(await counts(place), { sent: 1 });
  });

  it("OS-16 where an officer signs the town's letters, the letter comes with its notice", async () => {
    const place = await october({ signatory: "Dott.ssa Anna Bini" });
    await drawOctober(place);
    post.taken.length = 0;
    await round(place);
    const names = [...post.taken[0]!.attachments().keys()];
    assert.ok(names.length === 2 && names.every((name) => name.startsWith("lettera-")));
  });

  it("X-13 is written in the language that the person chose in the portal", async () => {
    const place = await october();
    const accountId = newId();
    await place.town.write(async (tx) => {
      await tx.run(sql`insert into account (tenant_id, id, username, display_name, created_at)
        values (${place.tenantId}, ${accountId}, 'sara', 'Sara', ${NOW})`);
      await putPersonAccounts(tx, [{ accountId, personId: place.sara.personId! }]);
      await putLanguage(tx, { accountId, lang: "en" });
    });
    await drawOctober(place);
    post.taken.length = 0;
    await round(place);
    assert.equal(post.taken[0]!.header("subject"), "Payment notice: school meals of October");
    assert.equal(post.taken[0]!.header("content-language"), "en");
  });

  it("nothing is planned for who has no address; what was paid meanwhile is withdrawn", async () => {
    const place = await october();
    await setAddress(place, "");
    await drawOctober(place);
    assert.deepEqual(await counts(place), {});
    const paid = await october();
    await drawOctober(paid);
    for (const notice of await notices(paid)) await land(base.db, receiptFor(notice), NOW);
    await apply(base.db, NOW);
    assert.equal(
      (await paid.town.read((tx) => billsOf(tx, { holderId: paid.holderId })))[0]?.state,
      "paid",
    );
    post.taken.length = 0;
    await round(paid);
    assert.equal(post.taken.length, 0);
    assert.deepEqual(await counts(paid), { withdrawn: 1 });
  });
});

describe("an e-mail that does not go through", () => {
  const one = (place: SmallTown, address: string, key: string) =>
    place.town.write((tx) =>
      planEmails(
        tx,
        [
          {
            holderId: place.holderId,
            personId: place.sara.personId!,
            kind: "bill",
            address,
            lang: "it",
            subject: "Prova\r\nBcc: all@example.it",
            body: "Testo.",
            path: "/pagamenti",
            noticeIds: [],
            dedupeKey: key,
          },
        ],
        NOW,
      ),
    );
  const town = async (): Promise<SmallTown> => {
    const place = await smallTown(base.db);
    await putTownSettings(place, TOWN_SETTINGS);
    return place;
  };

  it("waits longer each time while the server says later, and is given up after days", async () => {
    const place = await town();
    await one(place, "busy@example.it", "busy");
    post.refuse.set("busy@example.it", 450);
    let at = NOW;
    const waits: number[] = [];
    for (let attempt = 1; attempt < 10; attempt += 1) {
      await round(place, post.mailer, at);
      const [row] = await place.town.read((tx) =>
        tx.rows<{ next: Moment; state: string; attempts: number }>(sql`
          select next_attempt_at as next, state, attempts from email where tenant_id = ${place.tenantId}`),
      );
      assert.deepEqual([row!.state, row!.attempts], ["failed", attempt]);
      waits.push(at.until(row!.next).total("minutes"));
      assert.equal(await round(place, post.mailer, row!.next.subtract({ seconds: 1 })), 0);
      at = row!.next;
    }
    assert.deepEqual(waits, [1, 5, 30, 120, 360, 720, 720, 720, 720]);
    await round(place, post.mailer, at);
    const [given] = await place.town.read((tx) => givenUpEmails(tx, 9));
    assert.match(given!.problem, /^450 /);
    assert.doesNotMatch(given!.problem, /busy@/);
  });

  it("is given up at once where the address is refused, and leaves again once it is corrected", async () => {
    const place = await town();
    await one(place, "nobody@example.it", "nobody");
    post.refuse.set("nobody@example.it", 550);
    post.taken.length = 0;
    await round(place);
    const [given] = await place.town.read((tx) => givenUpEmails(tx, 9));
    assert.equal(given?.address, "nobody@example.it");
    await place.town.write((tx) =>
      replanEmails(tx, { emails: [{ id: given!.id, address: PAYER }], now: NOW }),
    );
    assert.equal(await round(place), 1);
    const [mail] = post.taken;
    assert.deepEqual(mail?.to, [PAYER]);
    assert.equal(mail?.header("message-id"), `<${given!.id}@comune.example.it>`);
    assert.equal(mail?.header("subject"), "Prova Bcc: all@example.it");
    assert.equal(mail?.header("bcc"), "");
  });

  it("waits without end, and as often as needed, while no server is there", async () => {
    const place = await town();
    await one(place, PAYER, "down");
    const nowhere = smtpMailer({ url: new URL("smtp://127.0.0.1:9"), from: "a@example.it" });
    let at = NOW;
    for (let attempt = 0; attempt < 30; attempt += 1, at = at.add({ minutes: 3 }))
      await round(place, nowhere, at);
    assert.deepEqual(await counts(place), { planned: 1 });
    nowhere.close();
    post.taken.length = 0;
    assert.equal(await round(place, post.mailer, at), 1);
    assert.equal(post.taken.length, 1);
  });

  it("never leaves by two workers, and is taken up again where one was killed with it in hand", async () => {
    const place = await town();
    for (let index = 0; index < 12; index += 1) await one(place, PAYER, `many ${index}`);
    post.taken.length = 0;
    await Promise.all([round(place), round(place), round(place)]);
    assert.equal(post.taken.length, 12);
    assert.equal(new Set(post.taken.map((mail) => mail.header("message-id"))).size, 12);
    await one(place, PAYER, "killed");
    // Claimed and committed, then nothing more: the process is gone.
    const { emails } = await place.town.write((tx) => claimDueEmails(tx, { now: NOW, limit: 9 }));
    assert.equal(emails.length, 1);
    assert.equal(await round(place, post.mailer, later(4)), 0);
    assert.equal(await round(place, post.mailer, later(6)), 1);
    assert.equal(post.taken.at(-1)?.header("message-id"), `<${emails[0]!.id}@comune.example.it>`);
  });

  it("TLS comes first outside this machine: a server without it gets nothing", async () => {
    const bare = smtpMailer({ url: new URL("smtps://127.0.0.1:9"), from: "a@example.it" });
    assert.equal((await bare.send(sample())).outcome, "no-server");
    bare.close();
    const secure = smtpMailer({
      url: new URL(post.url.href.replace("smtp:", "smtps:")),
      from: "a@example.it",
    });
    post.taken.length = 0;
    assert.equal((await secure.send(sample())).outcome, "no-server");
    assert.equal(post.taken.length, 0);
    secure.close();
  });

  for (const from of ["start", "starttls"] as const)
    it(`TLS from ${from}: goes through to a server that the named authority signed, to no other`, async (t) => {
      if (opensslMissing) return t.skip(opensslMissing);
      const made = certificates();
      t.after(() => made.close());
      const { cert: ca } = made.make("ca", { cn: "Autorita del Comune" });
      const { cert: foreign } = made.make("foreign", { cn: "Un'altra autorita" });
      const own = made.make("own", { cn: "posta.example", san: "IP:127.0.0.1", by: "ca" });
      const other = made.make("other", { cn: "posta.example", san: "DNS:x.example", by: "ca" });

      const server = await mailServer({ ...own, ca, from });
      t.after(() => server.close());
      const email = sample();
      assert.deepEqual(await server.mailer.send(email), { outcome: "sent" });
      assert.deepEqual(
        server.taken.map((mail) => [mail.isEncrypted, mail.text().trim()]),
        [[true, "È così."]],
      );
      const unknown = smtpMailer({ url: server.url, from: "a@example.it", ca: foreign });
      t.after(() => unknown.close());
      assert.equal((await unknown.send(email)).outcome, "no-server");

      const impostor = await mailServer({ ...other, ca, from });
      t.after(() => impostor.close());
      assert.equal((await impostor.mailer.send(email)).outcome, "no-server");
      assert.deepEqual([server.taken.length, impostor.taken.length], [1, 0]);
    });

  it("with an authority named, nothing leaves in the clear, not even to this machine", async (t) => {
    if (opensslMissing) return t.skip(opensslMissing);
    const made = certificates();
    t.after(() => made.close());
    const { cert: ca } = made.make("ca", { cn: "Autorita del Comune" });
    const mailer = smtpMailer({ url: post.url, from: "a@example.it", ca });
    t.after(() => mailer.close());
    post.taken.length = 0;
    assert.equal((await mailer.send(sample())).outcome, "no-server");
    assert.equal(post.taken.length, 0);
  });
});

describe("the mail server's environment", () => {
  const URL_OF = { CAMPANELLA_SMTP_URL: "smtps://posta.example", CAMPANELLA_MAIL_FROM: "a@b.it" };
  it("an authority goes with a server, and its file is found beside the others", () => {
    assert.equal(readEnvironment(URL_OF, "/srv").smtp?.caFile, null);
    const named = { ...URL_OF, CAMPANELLA_SMTP_CA: "posta-ca.pem" };
    assert.equal(readEnvironment(named, "/srv").smtp?.caFile, "/srv/posta-ca.pem");
    assert.throws(
      () => readEnvironment({ CAMPANELLA_SMTP_CA: "posta-ca.pem" }, "/srv"),
      EnvironmentError,
    );
  });
});

const sample = () => ({
  id: newId(),
  to: PAYER,
  fromName: 'Comune di "Prova" <x@example.it>',
  replyTo: null,
  lang: "it" as const,
  subject: "Perché è così",
  text: "È così.\n",
  attachments: [],
});

describe("the demo's e-mails", () => {
  it("are files that a mail program opens; the same message is one file", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "campanella-mail-"));
    t.after(() => rm(folder, { recursive: true }));
    const mailer = folderMailer(join(folder, "mail"));
    const email = sample();
    assert.deepEqual(await mailer.send(email), { outcome: "sent" });
    assert.deepEqual(await mailer.send(email), { outcome: "sent" });
    const names = await readdir(join(folder, "mail"));
    assert.deepEqual(names, [`${email.id}.eml`]);
    const mail = takenMail([], await readFile(join(folder, "mail", names[0]!), "latin1"));
    assert.equal(mail.header("subject"), "Perché è così");
    assert.equal(mail.text().trim(), "È così.");
    mailer.close();
  });
});
