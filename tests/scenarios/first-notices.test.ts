// SPDX-License-Identifier: EUPL-1.2
/** BI-08: the first notice of a prepaid service, so many meals per child at each child's own price. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { makeFirstNotices, openFirstNotices, previewFirstNotices } from "#billing";
import { putEnrolments, putPayerShares } from "#enrolment";
import { createFamily } from "#families";
import { systemActor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf } from "#ledger";
import { messagesOf } from "#messaging";
import { noticesOf } from "#payments";
import { recordIsee } from "#tariffs";
import { NO_PAGOPA } from "../../src/surfaces/web/app.ts";
import { DueWork } from "../../src/worker/due-work.ts";
import { sendEmails } from "../../src/worker/mail.ts";
import { apply, collecting, land, receiptFor } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type MailServer, mailServer } from "../support/mail-server.ts";
import { putTownSettings, TOWN_SETTINGS } from "../support/site.ts";
import { manyFamilies, type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

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

const TODAY = day("2026-10-05");
const NOW = momentAt(TODAY, "09:00");

type Options = Parameters<typeof smallTown>[1];

async function prepaid(options: Options = {}): Promise<SmallTown> {
  const { settings, ...rest } = options;
  const place = await smallTown(base.db, {
    ...rest,
    settings: {
      payment: {
        model: "prepaid",
        accountScope: "family",
        directDebit: false,
        firstNoticeMeals: 30,
      },
      ...settings,
    },
  });
  await putTownSettings(place, TOWN_SETTINGS);
  await collecting(place);
  await place.town.write((tx) =>
    tx.run(sql`update person set email = 'sara@example.it'
      where tenant_id = ${place.tenantId} and id = ${place.sara.personId}`),
  );
  return place;
}

const preview = (place: SmallTown, date = TODAY) =>
  place.town.read((tx) => previewFirstNotices(tx, { serviceId: place.serviceId, date }));
const make = (place: SmallTown, date = TODAY) =>
  place.town.write((tx) =>
    makeFirstNotices(tx, { serviceId: place.serviceId, date, by: "Marta Conti", now: NOW }),
  );
const notices = (place: SmallTown, holderId = place.holderId) =>
  place.town.read((tx) => noticesOf(tx, { holderIds: [holderId], now: NOW }));

describe("BI-08 the first notice", () => {
  it("is one per payer with a line per child, shown first, made once, sent by e-mail", async () => {
    const place = await prepaid();
    await manyFamilies(place, 3);
    const shown = await preview(place);
    assert.equal(shown?.payers.length, 4);
    assert.equal(
      shown?.payers.reduce((sum, { totalCents }) => sum + totalCents, 0n),
      5n * 30n * 460n,
    );
    assert.deepEqual(await notices(place), []);
    assert.deepEqual(await make(place), {
      outcome: "made",
      notices: 4,
      emails: 1,
      totalCents: 69_000n,
      unpriced: 0,
    });
    assert.deepEqual(await make(place), {
      outcome: "made",
      notices: 0,
      emails: 0,
      totalCents: 0n,
      unpriced: 0,
    });
    const [notice, ...others] = await notices(place);
    assert.equal(others.length, 0);
    assert.deepEqual(
      [notice!.kind, notice!.amountCents, notice!.dueOn, notice!.subject],
      ["first-notice", 27_600n, null, "Mensa 2026/2027, primo avviso: 30 pasti"],
    );
    assert.deepEqual(
      new Set(notice!.lines.map(({ childId }) => childId)),
      new Set([place.giulia, place.tommaso]),
    );
    const [told] = await place.town.read((tx) =>
      messagesOf(tx, { holderIds: [place.holderId], limit: 1 }),
    );
    assert.match(told!.body, /276,00.€, 30 pasti per ognuno dei 2 figli/);
    post.taken.length = 0;
    await sendEmails(
      {
        db: base.db,
        clock: { now: () => NOW },
        port: 80,
        secureCookies: false,
        pagoPa: NO_PAGOPA,
        sealKey: "seal",
      },
      { town: { id: place.tenantId, slug: "prova", hosts: [] }, mailer: post.mailer },
    );
    const [mail] = post.taken;
    assert.equal(mail?.header("subject"), "Primo avviso di pagamento: mensa");
    assert.deepEqual([...mail!.attachments().keys()], [`avviso-${notice!.noticeNumber}.pdf`]);
    await land(base.db, receiptFor(notice!), NOW);
    await apply(base.db, NOW);
    const credit = await place.town.read((tx) =>
      balanceOf(tx, { kind: "family", holderId: place.holderId }),
    );
    assert.equal(credit, 27_600n);
  });

  it("a child who begins later has one of his own; next year there is a new one", async () => {
    const place = await prepaid();
    await place.town.write((tx) =>
      tx.run(sql`update enrolment set from_date = date '2026-11-09'
        where tenant_id = ${place.tenantId} and child_id = ${place.tommaso}`),
    );
    await make(place);
    assert.equal((await preview(place))?.made, 1);
    await make(place, day("2026-11-09"));
    assert.deepEqual(
      (await notices(place)).map(({ amountCents, lines }) => [amountCents, lines.length]),
      [
        [13_800n, 1],
        [13_800n, 1],
      ],
    );
    const again = await preview(place, day("2027-09-20"));
    assert.deepEqual([again?.year, again?.made], [2027, 0]);
  });

  it("each child's own price; who has none goes to the worklist until it is there", async () => {
    const place = await prepaid({
      tariff: {
        kind: "brackets",
        brackets: [{ upTo: 6000, price: "2,00" }, { price: "4,50" }],
        missingIsee: "unpriced",
      },
    });
    const shown = await preview(place);
    assert.equal(shown?.payers.length, 0, JSON.stringify(shown));
    assert.equal(shown?.unpriced.length, 2);
    await make(place);
    const open = () => place.town.read((tx) => openFirstNotices(tx, 9));
    assert.deepEqual(
      new Set((await open()).map(({ childId }) => childId)),
      new Set([place.giulia, place.tommaso]),
    );
    const isee = await place.town.write((tx) =>
      recordIsee(tx, {
        actor: systemActor,
        at: NOW,
        isee: {
          id: newId(),
          childId: place.giulia,
          kind: "minorenni",
          valueCents: 500_000n,
          presentedOn: TODAY,
          validFrom: day("2026-09-01"),
          validTo: day("2026-12-31"),
          appliesFrom: day("2026-09-01"),
          overriddenBy: null,
          reason: null,
        },
      }),
    );
    assert.equal(isee.outcome, "recorded", JSON.stringify(isee));
    await make(place);
    assert.deepEqual(
      (await open()).map(({ childId }) => childId),
      [place.tommaso],
    );
    assert.deepEqual(
      (await notices(place)).map(({ amountCents }) => amountCents),
      [6000n],
    );
  });

  it("X-12 payer shares split it to the cent", async () => {
    const place = await prepaid({ tariff: { kind: "fixed", priceCents: 333 } });
    const father = await place.town.write((tx) =>
      createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Bruni", givenName: "Marco" },
          children: [],
          from: day("2026-09-01"),
        },
        NOW,
      ),
    );
    const share = { childId: place.giulia, serviceId: null, from: day("2026-09-01"), to: null };
    await place.town.write((tx) =>
      putPayerShares(tx, [
        { ...share, id: newId(), holderId: place.holderId, basisPoints: 6667 },
        { ...share, id: newId(), holderId: father.holderId, basisPoints: 3333 },
      ]),
    );
    await make(place);
    const [mine] = await notices(place);
    const [his] = await notices(place, father.holderId);
    assert.equal(mine!.amountCents + his!.amountCents, 2n * 30n * 333n);
    assert.equal(his!.lines.length, 1);
  });

  it("two at once make each once; what changed since the preview makes nothing", async () => {
    const place = await prepaid();
    await Promise.all([make(place), make(place), make(place)]);
    assert.equal((await notices(place)).length, 1);
    const other = await prepaid();
    const changed = await other.town.write((tx) =>
      makeFirstNotices(tx, {
        serviceId: other.serviceId,
        date: TODAY,
        expected: { notices: 1, totalCents: 1n },
        by: "Marta",
        now: NOW,
      }),
    );
    assert.equal(changed.outcome, "changed");
    assert.deepEqual(await notices(other), []);
  });

  it("there is none where the service is paid afterwards or the setting is not there", async () => {
    const place = await prepaid({ settings: { payment: USUAL_SETTINGS.payment } });
    assert.equal(await preview(place), null);
    assert.deepEqual(await make(place), { outcome: "none" });
  });
});

describe("BI-08 first notices that make themselves", () => {
  const tick = (place: SmallTown, date: string) =>
    new DueWork().doFor(
      place.town,
      momentAt(day(date), "08:30"),
      () => false,
      (_what, error) => {
        throw error;
      },
    );
  const automatic = { billing: { automatic: true } };

  it("when the child begins, and not for who began long ago", async () => {
    const place = await prepaid({ settings: automatic });
    await tick(place, "2026-10-04");
    assert.equal((await notices(place)).length, 0);
    await tick(place, "2026-10-05");
    await tick(place, "2026-10-06");
    assert.equal((await notices(place)).length, 1);
    const late = await prepaid({ settings: automatic });
    await tick(late, "2026-12-15");
    assert.equal((await notices(late)).length, 0);
    const newcomer = await late.town.write(async (tx) => {
      const childId = newId();
      const family = await createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Neri", givenName: "Ada" },
          children: [{ id: childId, kind: "child", surname: "Neri", givenName: "Ugo" }],
          from: day("2026-12-01"),
        },
        NOW,
      );
      await tx.run(sql`insert into class_membership (tenant_id, id, child_id, class_id, from_date)
        values (${late.tenantId}, ${newId()}, ${childId}, ${late.classId}, date '2026-12-14')`);
      await putEnrolments(
        tx,
        [
          {
            id: newId(),
            childId,
            serviceId: late.serviceId,
            year: 2026,
            from: day("2026-12-14"),
            to: null,
            weekdays: null,
          },
        ],
        NOW,
      );
      return family.holderId;
    });
    await tick(late, "2026-12-15");
    assert.equal((await notices(late, newcomer)).length, 1);
    assert.equal((await notices(late)).length, 0);
  });

  it("never where the office makes them by hand", async () => {
    const place = await prepaid();
    await tick(place, "2026-10-05");
    assert.equal((await notices(place)).length, 0);
  });
});
