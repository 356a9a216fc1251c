// SPDX-License-Identifier: EUPL-1.2
/** Closures, bills, disputes and corrections: the right words to the right people, once. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { correctAttendance } from "#attendance";
import {
  answerDispute,
  type Charge,
  chargesOf,
  closeDay,
  closeService,
  disputeCharge,
  disputesOf,
  drawMonth,
  rechargeMeal,
  reopenClosedDay,
  reopenService,
} from "#billing";
import { changeAbsence, remindOpenAbsences } from "#booking";
import { putPayerShares } from "#enrolment";
import { createFamily, putGuardianships, putPeople } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type Message, messagesOf, textIn } from "#messaging";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { RECEIPT_KEY, type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

const THURSDAY = "2026-11-19";
const at = (date: string, time: string) => momentAt(day(date), time);
const START = day("2026-09-01");
const office = (place: SmallTown): Actor => ({
  ...place.sara,
  role: "office",
  name: "ufficio",
  personId: null,
});

const shut = (
  place: SmallTown,
  of: { from?: string; to?: string; siteId?: string | null; time?: string } = {},
) =>
  place.town.write((tx) =>
    closeService(tx, {
      serviceIds: [place.serviceId],
      siteId: of.siteId === undefined ? place.siteId : of.siteId,
      classId: null,
      from: day(of.from ?? THURSDAY),
      to: day(of.to ?? of.from ?? THURSDAY),
      reason: "weather",
      note: "",
      actor: office(place),
      now: at("2026-11-18", of.time ?? "18:00"),
    }),
  );

/** An account's messages, newest first; with plain spaces before the euro sign. */
const messages = async (place: SmallTown, holderId = place.holderId): Promise<Message[]> => {
  const all = await place.town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 20 }));
  return all.map((one) => JSON.parse(JSON.stringify(one).replaceAll("\u00a0", " ")) as Message);
};

const guardian = (
  place: SmallTown,
  childId: string,
  of: { role?: string; withAccount: boolean },
): Promise<{ personId: string; holderId: string | null }> =>
  place.town.write(async (tx) => {
    const personId = newId();
    const adult = { id: personId, kind: "adult", surname: "Rossi", givenName: "Piero" } as const;
    const born = at("2026-09-01", "08:00");
    const family = of.withAccount
      ? await createFamily(tx, { holder: adult, children: [], from: START }, born)
      : null;
    if (!family) await putPeople(tx, [adult], born);
    const guardianId = personId;
    const role = of.role ?? "padre";
    await putGuardianships(tx, [{ id: newId(), childId, guardianId, role, from: START, to: null }]);
    return { personId, holderId: family?.holderId ?? null };
  });

describe("BO-19 X-07 a closure tells", () => {
  it("which children, where, why, when it starts again; in Italian and in English", async () => {
    const place = await smallTown(base.db);
    await shut(place);
    const [message] = await messages(place);
    assert.deepEqual(textIn(message!, "it"), {
      lang: "it",
      subject: "Mensa chiusa giovedì 19 novembre",
      body:
        "Domani, giovedì 19 novembre, la mensa è chiusa alla Primaria Milano: allerta meteo. " +
        "Riguarda Giulia e Tommaso. Non serve disdire. Riprende lunedì 23 novembre. Nessun addebito.",
    });
    assert.deepEqual(textIn(message!, "en"), {
      lang: "en",
      subject: "No school meals Thursday 19 November",
      body:
        "Tomorrow, Thursday 19 November, there are no school meals at Primaria Milano: weather alert. " +
        "This concerns Giulia and Tommaso. No need to cancel. Back on Monday 23 November. No charge.",
    });
  });

  it("each child's own day of return, and of the fee that it stays", async () => {
    const payment = { model: "fixed-fee", accountScope: "child", directDebit: false } as const;
    const place = await smallTown(base.db, { settings: { payment } });
    await place.town.write((tx) =>
      tx.run(sql`update enrolment set weekdays = 8 where tenant_id = ${tx.tenantId}
        and child_id = ${place.tommaso}`),
    );
    await shut(place, { siteId: null });
    const [message] = await messages(place);
    assert.equal(
      message!.body,
      "Domani, giovedì 19 novembre, la mensa è chiusa in tutte le scuole: allerta meteo. " +
        "Riguarda Giulia e Tommaso. " +
        "Riprende lunedì 23 novembre per Giulia e giovedì 26 novembre per Tommaso. La quota non cambia.",
    );
  });

  it("the guardians too: who has an account there, who has none alone of the own child", async () => {
    const place = await smallTown(base.db);
    const apart = await guardian(place, place.giulia, { withAccount: true });
    const none = await guardian(place, place.tommaso, { withAccount: false });
    const closed = await shut(place);
    assert.ok(closed.outcome === "closed");
    assert.equal(closed.effect.families, 2);
    const [own] = await messages(place, apart.holderId!);
    assert.match(own!.body, /Riguarda Giulia\. /);
    const all = await messages(place);
    assert.deepEqual(
      all.map(({ personId, body }) => [personId, /Riguarda ([^.]+)\./.exec(body)![1]]).toSorted(),
      [
        [none.personId, "Tommaso"],
        [null, "Giulia e Tommaso"],
      ].toSorted(),
    );
  });

  it("BO-23 no delegate", async () => {
    const place = await smallTown(base.db);
    const delegate = await guardian(place, place.giulia, { withAccount: true, role: "delegato" });
    await shut(place);
    assert.deepEqual(await messages(place, delegate.holderId!), []);
  });

  it("taken back, tells the same people once", async () => {
    const place = await smallTown(base.db);
    const apart = await guardian(place, place.giulia, { withAccount: true });
    const none = await guardian(place, place.tommaso, { withAccount: false });
    const closed = await shut(place);
    assert.ok(closed.outcome === "closed");
    // Who comes into the family later was never told that it was closed.
    await guardian(place, place.tommaso, { withAccount: true });
    const takeBack = () =>
      place.town.write((tx) =>
        reopenService(tx, {
          actor: office(place),
          closureId: closed.closureIds[0]!,
          now: at("2026-11-18", "19:00"),
        }),
      );
    const answer = await takeBack();
    assert.ok(answer.outcome === "cancelled" && answer.families === 2);
    assert.equal((await takeBack()).outcome, "not-found");
    const again = (all: readonly Message[]) =>
      all.filter(({ kind }) => kind === "closure-cancelled");
    const [whole] = again(await messages(place)).filter(({ personId }) => personId === null);
    assert.equal(whole!.subject, "Chiusura annullata: mensa, giovedì 19 novembre");
    assert.equal(
      whole!.body,
      "La chiusura annunciata è annullata: domani, giovedì 19 novembre, la mensa è regolare alla " +
        "Primaria Milano. Riguarda Giulia e Tommaso. " +
        "Chi non mangia può disdire come sempre, entro l'orario limite.",
    );
    assert.deepEqual(
      again(await messages(place)).flatMap(({ personId }) => personId ?? []),
      [none.personId],
    );
    assert.equal(again(await messages(place, apart.holderId!)).length, 1);
  });

  it("BI-03 where the school reports absences, the correction says so", async () => {
    const absences = { ...USUAL_SETTINGS.absences, reportedBy: "school" } as const;
    const place = await smallTown(base.db, { settings: { absences } });
    const closed = await shut(place);
    assert.ok(closed.outcome === "closed");
    await place.town.write((tx) =>
      reopenService(tx, {
        actor: office(place),
        closureId: closed.closureIds[0]!,
        now: at("2026-11-18", "19:00"),
      }),
    );
    const [last] = await messages(place);
    assert.match(last!.body, /Le assenze le segnala la scuola, come sempre\.$/);
  });
});

const D = "2026-11-24";

const close = (place: SmallTown, date = D, time = "15:00") =>
  closeDay(place.town, {
    serviceId: place.serviceId,
    siteId: place.siteId,
    date: day(date),
    by: "ufficio",
    now: at(date, time),
  });

/** Giulia's meals are paid half by an account apart, whose adult is no guardian of Tommaso. */
async function sharedTown(options: Parameters<typeof smallTown>[1] = {}) {
  const place = await smallTown(base.db, options);
  const { holderId } = await guardian(place, place.giulia, { withAccount: true });
  await place.town.write((tx) => {
    const share = { childId: place.giulia, serviceId: null, from: START, to: null };
    return putPayerShares(tx, [
      { ...share, id: newId(), holderId: place.holderId, basisPoints: 5000 },
      { ...share, id: newId(), holderId: holderId!, basisPoints: 5000 },
    ]);
  });
  return { place, other: holderId! };
}

const correct = (place: SmallTown, status: "present" | "absent", time: string) =>
  place.town.write(async (tx) => {
    const { serviceId, classId } = place;
    const now = at(D, time);
    const corrected = await correctAttendance(tx, {
      actor: office(place),
      serviceId,
      classId,
      date: day(D),
      childId: place.giulia,
      status,
      reason: "era a casa",
      receivedAt: now,
      now,
      onClosedDay: true,
    });
    assert.ok(corrected.outcome === "corrected");
    const { after: row } = corrected;
    return rechargeMeal(tx, {
      serviceId,
      siteId: row.siteId,
      date: day(D),
      corrected: row,
      reason: "correzione: era a casa",
      now,
    });
  });

const bodies = async (place: SmallTown, holderId: string): Promise<string[]> =>
  (await messages(place, holderId)).map(({ body }) => body);

describe("X-08 an absence without an end", () => {
  it("reminds guardians too, each of the own children", async () => {
    const place = await smallTown(base.db);
    const apart = await guardian(place, place.giulia, { withAccount: true });
    const receivedAt = at("2026-11-09", "08:00");
    await place.town.write((tx) =>
      changeAbsence(tx, {
        actor: place.sara,
        channel: "portal",
        act: "absence",
        serviceId: place.serviceId,
        childIds: [place.giulia, place.tommaso],
        from: day("2026-11-09"),
        to: null,
        receivedAt,
        now: receivedAt,
        idempotencyKey: newId(),
        receiptKey: RECEIPT_KEY,
      }),
    );
    const now = at("2026-11-20", "08:00");
    const of = { serviceId: place.serviceId, today: day("2026-11-20"), now };
    const told = await place.town.write((tx) => remindOpenAbsences(tx, of));
    assert.equal(told.families, 2);
    assert.match((await messages(place))[0]!.body, /^L'assenza di Giulia e Tommaso dalla mensa/);
    const [his] = await messages(place, apart.holderId!);
    assert.match(his!.body, /^L'assenza di Giulia dalla mensa/);
    assert.match(textIn(his!, "en").body, /^The absence of Giulia from school meals/);
  });
});

describe("X-12 money is told to who pays", () => {
  it("BO-02 the bills of a month, together, each payer the own", async () => {
    const { place, other } = await sharedTown();
    for (let date = day("2026-11-01"); date.month === 11; date = date.add({ days: 1 }))
      await close(place, date.toString());
    const draw = () =>
      place.town.write((tx) =>
        drawMonth(tx, {
          serviceId: place.serviceId,
          month: day("2026-11-01"),
          today: day("2026-12-02"),
          now: at("2026-12-02", "09:00"),
          by: "ufficio",
        }),
      );
    assert.equal((await draw()).outcome, "drawn");
    await draw();
    const [hers, ...more] = await messages(place);
    assert.deepEqual(more, []);
    assert.equal(hers!.subject, "Avviso di pagamento: mensa di novembre");
    assert.match(
      hers!.body,
      /^Per novembre: (?:Giulia, 13 pasti, 29,90 €|Tommaso, 13 pasti, 59,80 €) \(prospetto n\. 2026\/0000\d\); .* In tutto 89,70 €, da pagare entro venerdì 18 dicembre\. /,
    );
    const [his] = await messages(place, other);
    assert.match(
      his!.body,
      /^Per novembre: Giulia, 13 pasti, 29,90 €, da pagare entro venerdì 18 dicembre\. Prospetto n\. 2026\/0000\d\. Nel portale/,
    );
    assert.match(
      textIn(his!, "en").body,
      /^For November: Giulia, 13 meals, 29,90 €, to be paid by /,
    );
  });

  it("BI-10 a charge taken back, or made, after the day had closed", async () => {
    const { place, other } = await sharedTown();
    await close(place);
    await correct(place, "absent", "16:00");
    const [his] = await messages(place, other);
    assert.equal(his!.subject, "Addebito stornato: mensa di martedì 24 novembre");
    assert.equal(
      his!.body,
      "Il pasto di Giulia di martedì 24 novembre non è più addebitato: stornati 2,30 €. " +
        "Motivo: era a casa. L'avviso del mese ne tiene conto; se è già pronto, il prossimo.",
    );
    await correct(place, "present", "16:30");
    assert.match((await bodies(place, other))[0]!, /di martedì 24 novembre è addebitato: 2,30 €\./);
    assert.equal((await messages(place)).length, 2);
  });

  it("BI-10 a day opened again and closed: only where the amount is another one", async () => {
    const { place, other } = await sharedTown();
    await close(place);
    const reopen = (time: string) =>
      place.town.write((tx) =>
        reopenClosedDay(tx, {
          serviceId: place.serviceId,
          siteId: place.siteId,
          date: day(D),
          actor: office(place),
          reason: "appello sbagliato",
          now: at(D, time),
        }),
      );
    await reopen("16:00");
    await close(place, D, "16:05");
    assert.deepEqual(await bodies(place, place.holderId), []);
    await reopen("16:10");
    await correct(place, "absent", "16:15");
    await close(place, D, "16:20");
    for (const holderId of [place.holderId, other])
      assert.deepEqual(await bodies(place, holderId), [
        "Il pasto di Giulia di martedì 24 novembre non è più addebitato: stornati 2,30 €. " +
          "Motivo: appello sbagliato. L'avviso del mese ne tiene conto; se è già pronto, il prossimo.",
      ]);
  });
});

describe("X-09 the answer to a dispute", () => {
  const open = async (place: SmallTown): Promise<{ id: string; charge: Charge }> => {
    const [charge] = await place.town.read((tx) =>
      chargesOf(tx, {
        holderId: place.holderId,
        childIds: [place.giulia],
        from: day(D),
        to: day(D),
      }),
    );
    const opened = await place.town.write((tx) =>
      disputeCharge(tx, {
        actor: place.sara,
        holderIds: [place.holderId],
        chargeId: charge!.id,
        text: "Giulia era a casa",
        now: at(D, "17:00"),
      }),
    );
    assert.ok(opened.outcome === "opened");
    return { id: opened.dispute.id, charge: charge! };
  };
  const answer = (place: SmallTown, id: string, decision: "accepted" | "refused", text: string) =>
    place.town.write((tx) =>
      answerDispute(tx, {
        actor: office(place),
        id,
        decision,
        answer: text,
        now: at("2026-11-25", "10:00"),
      }),
    );

  it("refused: who disputed and who pays read why", async () => {
    const { place, other } = await sharedTown();
    await close(place);
    const { id } = await open(place);
    assert.equal((await answer(place, id, "refused", "")).outcome, "text-missing");
    assert.equal((await answer(place, id, "refused", "Era all'appello.")).outcome, "answered");
    assert.equal((await answer(place, id, "refused", "Era all'appello.")).outcome, "not-open");
    for (const holderId of [place.holderId, other]) {
      const [message, ...more] = await messages(place, holderId);
      assert.deepEqual(more, []);
      assert.equal(message!.subject, "Risposta alla contestazione 1");
      assert.equal(
        message!.body,
        "La contestazione 1 sul pasto di Giulia di martedì 24 novembre non è accolta: " +
          "l'addebito di 2,30 € resta. Motivo: «Era all'appello.»",
      );
    }
    const [dispute] = await place.town.read((tx) => disputesOf(tx, {}));
    assert.equal(dispute!.decision, "refused");
  });

  it("accepted: only once the charge is taken back; says how much", async () => {
    const { place, other } = await sharedTown();
    await close(place);
    const { id } = await open(place);
    assert.equal((await answer(place, id, "accepted", "Corretto.")).outcome, "not-reversed");
    await correct(place, "absent", "18:00");
    assert.equal((await answer(place, id, "accepted", "Corretto.")).outcome, "answered");
    for (const holderId of [place.holderId, other]) {
      const [message] = await messages(place, holderId);
      assert.equal(
        message!.body,
        "La contestazione 1 sul pasto di Giulia di martedì 24 novembre è accolta: stornati 2,30 €. " +
          "Risposta dell'ufficio: «Corretto.»",
      );
      assert.match(textIn(message!, "en").body, /is accepted: 2,30 € taken back\./);
    }
  });
});
