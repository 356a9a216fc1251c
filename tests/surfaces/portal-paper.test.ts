// SPDX-License-Identifier: EUPL-1.2
/** What notices and letters on paper say of where the town is and where who pays lives. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { putGuardianships, putPeople, updateContacts } from "#families";
import { systemActor } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { configureAccount } from "#payments";
import { pageCodes, pageTexts, popplerMissing, readersMissing } from "../documents/read-back.ts";
import { type StubCheckout, stubCheckout } from "../support/checkout.ts";
import { CREDITOR, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { payingHome } from "../support/paying-home.ts";
import { at, TUESDAY } from "../support/portal.ts";
import { TOWN_SETTINGS } from "../support/site.ts";

let base: TestDatabase;
let checkout: StubCheckout;
before(async () => {
  base = await testDatabase();
  checkout = await stubCheckout();
});
after(async () => {
  await checkout.close();
  await base.close();
});

const OFFICE_AT = "Piazza del Municipio 1, 26900 Borgo di prova (LO)";
const HOME = { address: "Via dei Tigli 4", postalCode: "26900", city: "Borgo di prova" };

describe("OS-16 notices and letters on paper", { skip: popplerMissing }, () => {
  it("say where the office is, however long its contacts, and to who pays their own address (X-12)", async (t) => {
    const { site, sara } = await payingHome(base, checkout, {
      townSettings: {
        office: {
          ...TOWN_SETTINGS.office,
          address: OFFICE_AT,
          emails: ["pubblicaistruzione@comune.borgodiprovasulfiume.lo.example"],
        },
      },
    });
    t.after(() => site.close());
    const { place } = site;
    const father = newId();
    await place.town.write(async (tx) => {
      const when = at(TUESDAY, "08:00:00");
      const personId = place.sara.personId!;
      await updateContacts(tx, { actor: place.sara, personId, at: when, ...HOME });
      const luca = { id: father, kind: "adult" as const, surname: "Ferrando", givenName: "Luca" };
      await putPeople(tx, [luca], when);
      const years = { role: "parent" as const, from: day("2026-09-01"), to: null };
      await putGuardianships(
        tx,
        [place.giulia, place.tommaso].map((childId) => ({
          id: newId(),
          childId,
          guardianId: father,
          ...years,
        })),
      );
    });
    const notice = await issueOne(
      place,
      topUp(place, "k", [topUpLine(place, place.giulia, 4600n)]),
    );
    const path = `/pagamenti/avvisi/${notice.noticeNumber}`;
    const read = async (name: string, as: typeof sara): Promise<string> => {
      const file = await site.get(`${path}/${name}.pdf`, as);
      assert.equal(file.statusCode, 200, name);
      return pageTexts(file.rawPayload).join(" ");
    };
    for (const name of ["avviso", "lettera"]) {
      const own = await read(name, sara);
      assert.ok(own.includes(OFFICE_AT), own);
      assert.match(own, /Sara Ferrando.*Via dei Tigli 4,? 26900 Borgo di prova/);
    }
    const luca = await site.signInAs("guardian", { personId: father, name: "Luca" });
    for (const name of ["avviso", "lettera"]) {
      const his = await read(name, luca);
      assert.ok(his.includes("Sara Ferrando") && his.includes(OFFICE_AT));
      assert.doesNotMatch(his, /Via dei Tigli/);
    }
    const desk = { holderId: place.holderId, reason: "telefonata" };
    const clerk = await site.signInAs("office", { desk, name: "M. Conti" });
    assert.match(await read("lettera", clerk), /Via dei Tigli 4/);
  });
});

describe("PE-12 at the post office and in home banking", { skip: readersMissing }, () => {
  it("PE-12 MC-03 the slip is of the account for which the notice was issued; the CBILL code is the creditor's", async (t) => {
    const { site, sara } = await payingHome(base, checkout, {
      townSettings: { collection: { cbill: { [CREDITOR]: "A0EDT", "10203040506": "ZZZZZ" } } },
    });
    t.after(() => site.close());
    const { place } = site;
    const made = (key: string) =>
      issueOne(place, topUp(place, key, [topUpLine(place, place.giulia, 4600n)]));
    const postal = (postalAccount: string, iban: string) =>
      place.town.write((tx) =>
        configureAccount(tx, {
          actor: systemActor,
          account: {
            creditorFiscalCode: CREDITOR,
            iban,
            kind: "postal",
            postalAccount,
            postalHolder: "Comune di Esempio",
            postalAuthorisation: "AUT. DB/XXXX/XXX 00000 DEL 01/01/2026",
          },
          now: at(TUESDAY, "08:00:00"),
        }),
      );
    const without = await made("before any");
    assert.equal((await postal("123456", "IT10N0760101600000000123456")).outcome, "saved");
    const first = await made("of the first");
    assert.equal((await postal("1012345", "IT10G0760101600000001012345")).outcome, "saved");
    const second = await made("of the second");
    const sheets = { [without.noticeNumber]: null, [first.noticeNumber]: "000000123456" };
    for (const [number, account] of Object.entries({
      ...sheets,
      [second.noticeNumber]: "000001012345",
    })) {
      const file = await site.get(`/pagamenti/avvisi/${number}/avviso.pdf`, sara);
      const [text = ""] = pageTexts(file.rawPayload);
      assert.match(text, /Codice CBILL A0EDT/);
      const { qr, matrix } = pageCodes(file.rawPayload, account ? [1] : [])[0]!;
      assert.deepEqual(qr, [`PAGOPA|002|${number}|${CREDITOR}|4600`]);
      assert.equal(text.includes("Tipo P1"), account !== null);
      assert.deepEqual(
        matrix.map((code) => code.slice(13, 13 + 2 + 18 + 2 + 12)),
        account ? [`18${number}12${account}`] : [],
      );
    }
  });
});
