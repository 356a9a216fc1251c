// SPDX-License-Identifier: EUPL-1.2
/** Closures, bills, disputes and corrections: the right words to the right people, once. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { closeService, reopenService } from "#billing";
import { createFamily, putGuardianships, putPeople } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { type Message, messagesOf, textIn } from "#messaging";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { type SmallTown, smallTown, USUAL_SETTINGS } from "../support/small-town.ts";

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

const messages = (place: SmallTown, holderId = place.holderId): Promise<Message[]> =>
  place.town.read((tx) => messagesOf(tx, { holderIds: [holderId], limit: 20 }));

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
