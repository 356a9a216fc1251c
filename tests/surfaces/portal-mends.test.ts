// SPDX-License-Identifier: EUPL-1.2
/** What demanding readers of the parents' pages stumbled over: dates, states and amounts that must add up. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { correctAttendance } from "#attendance";
import { postFees, reopenClosedDay } from "#billing";
import { setPayerShares } from "#enrolment";
import { createFamily } from "#families";
import type { Actor } from "#kernel/actor.ts";
import { day } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { registerCredit } from "#ledger";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { act, at, closeThe, portalHome, readPage, textOf, TUESDAY } from "../support/portal.ts";
import type { TestSite } from "../support/site.ts";

let base: TestDatabase;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

type Options = Parameters<typeof portalHome>[1];

async function home(t: TestContext, options: Options = {}) {
  const found = await portalHome(base.db, options);
  t.after(() => found.site.close());
  return found;
}

const office = ({ place }: TestSite): Actor => ({
  ...place.sara,
  role: "office-manager",
  personId: null,
});

const THURSDAY = "2026-11-26";
const ROLL_CALL = {
  settings: { attendance: { mode: "roll-call" }, absences: { reportedBy: "school" } },
} as const;

describe("a day of a child", () => {
  it("BO-09 minutes left are those from the clock as it is shown", async (t) => {
    const { site, sara } = await home(t, { now: at(TUESDAY, "08:51:40") });
    const fits = /Sono le 8:51\. Si può disdire fino alle 9:00: fra 9 minuti\./;
    assert.match(await readPage(site, "/oggi", sara), fits);
  });

  it("BO-17 after the cut-off the undo of another day names it, in both languages", async (t) => {
    const { site, sara } = await home(t);
    await act(site, sara, "cancel", { date: THURSDAY });
    site.setClock(at(TUESDAY, "10:00:00"));
    const later = await site.signInAs("guardian");
    const text = await readPage(site, "/oggi", later);
    assert.match(text, /Annulla la disdetta di giovedì 26 novembre/);
    assert.doesNotMatch(text, /Annulla la disdetta(?! di)/);
    const english = { ...later, cookie: `${later.cookie}; campanella_lang=en` };
    const translated = await readPage(site, "/oggi", english);
    assert.match(translated, /Undo the cancellation of Thursday 26 November/);
  });

  it("D5 an absence told too late says what stays charged, before closing and after reopening", async (t) => {
    const { site, sara } = await home(t, { now: at(TUESDAY, "10:00:00") });
    const { place } = site;
    await act(site, sara, "report-absence");
    const path = `/figli/giulia/giorni/${TUESDAY}`;
    const stays = /Assente .*Il pasto resta addebitato: 4,60 €\./;
    for (const page of [path, "/oggi"]) {
      const text = await readPage(site, page, sara);
      assert.match(text, stays, page);
      assert.doesNotMatch(text.split("Tommaso")[0]!, /Se mangia/, page);
    }
    await closeThe(site, TUESDAY);
    site.setClock(at(TUESDAY, "16:00:00"));
    const reopened = await place.town.write((tx) =>
      reopenClosedDay(tx, {
        serviceId: place.serviceId,
        siteId: place.siteId,
        date: day(TUESDAY),
        actor: office(site),
        reason: "prova",
        now: at(TUESDAY, "16:00:00"),
      }),
    );
    assert.equal(reopened.outcome, "reopened");
    const corrected = await place.town.write((tx) =>
      correctAttendance(tx, {
        actor: office(site),
        serviceId: place.serviceId,
        classId: place.classId,
        date: day(TUESDAY),
        childId: place.tommaso,
        status: "absent",
        reason: "a casa",
        receivedAt: at(TUESDAY, "16:05:00"),
        now: at(TUESDAY, "16:05:00"),
      }),
    );
    assert.equal(corrected.outcome, "corrected");
    const text = await readPage(
      site,
      `/figli/tommaso/giorni/${TUESDAY}`,
      await site.signInAs("guardian"),
    );
    assert.match(text, /Assente/);
    assert.doesNotMatch(text, /Segnala comunque|Se mangia/);
  });
});

describe("what is to pay", () => {
  const fee = { model: "fixed-fee", accountScope: "child", directDebit: false } as const;
  const tariff = {
    kind: "fixed-fee",
    per: "month",
    payer: "child",
    dueDay: 15,
    base: { kind: "fixed", priceCents: 4500 },
  };

  it("OS-01 a fee reads Scaduto, Da pagare or Pagato by the balance of its account", async (t) => {
    const { site, sara } = await home(t, {
      now: at(TUESDAY, "10:00:00"),
      town: { settings: { payment: fee }, tariff },
    });
    const { place } = site;
    const months = [
      { name: "ottobre 2026", from: day("2026-10-01"), to: day("2026-10-31") },
      { name: "dicembre 2026", from: day("2026-12-01"), to: day("2026-12-31") },
    ];
    for (const period of months)
      await place.town.write((tx) =>
        postFees(tx, {
          serviceId: place.serviceId,
          period,
          today: day("2026-12-31"),
          now: at(TUESDAY, "09:00:00"),
        }),
      );
    const list = await readPage(site, "/pagamenti", sara);
    assert.match(list, /Quote, da pagare: 180,00 €/);
    assert.match(
      await readPage(site, "/oggi", sara),
      /Scaduto da .*: 90,00 €.*Da pagare 90,00 € entro/,
    );
    await place.town.write((tx) =>
      registerCredit(tx, {
        actor: office(site),
        account: { kind: "family", holderId: place.holderId, childId: place.giulia },
        method: "cash-desk",
        amountCents: 9000n,
        happenedOn: day(TUESDAY),
        reason: "versamento",
        key: newId(),
        recordedAt: at(TUESDAY, "09:30:00"),
      }),
    );
    const paid = await readPage(site, "/pagamenti", sara);
    assert.match(paid, /Quote, da pagare: 90,00 €/);
    assert.match(paid, /Giulia: 45,00 € Pagato/);
    assert.match(paid, /Tommaso: 45,00 € Scaduto/);
    assert.match(paid, /Tommaso: 45,00 € Da pagare/);
    assert.match(await readPage(site, "/oggi", sara), /Scaduto da .*: 45,00 €/);
  });

  it("X-12 who pays a share sees the own part and the share beside it", async (t) => {
    const { site, sara } = await home(t);
    const { place } = site;
    await place.town.write(async (tx) => {
      const other = await createFamily(
        tx,
        {
          holder: { id: newId(), kind: "adult", surname: "Rossi", givenName: "Piero" },
          children: [],
          from: day("2026-09-01"),
        },
        at("2026-09-01", "10:00:00"),
      );
      const put = await setPayerShares(tx, {
        actor: office(site),
        childId: place.giulia,
        serviceId: null,
        shares: [place.holderId, other.holderId].map((holderId) => ({
          holderId,
          basisPoints: 5000,
          from: day("2026-09-01"),
          to: null,
        })),
        at: at("2026-09-01", "10:00:00"),
        reason: "accordo",
      });
      assert.equal(put.outcome, "saved");
    });
    const share = /Se mangia: 2,30 € nell'avviso di novembre\. Quota a carico: 50 %\./;
    assert.match(await readPage(site, "/oggi", sara), share);
    assert.match(await readPage(site, `/figli/giulia/giorni/${TUESDAY}`, sara), share);
    const month = await readPage(site, "/figli/giulia/calendario?mese=2026-12", sara);
    assert.match(month, /Dicembre: (\d+) pasti, \d+,\d\d €\. Quota a carico: 50 %/);
    const [, meals, euro] = /Dicembre: (\d+) pasti, ([\d,]+) €/.exec(month)!;
    assert.equal(Number(euro!.replace(",", ".")).toFixed(2), (Number(meals) * 2.3).toFixed(2));
    assert.match(
      await readPage(site, "/figli/tommaso/calendario?mese=2026-12", sara),
      /Dicembre: \d+ pasti, \d+,\d\d € (?!.*Quota a carico)/,
    );
  });
});

describe("where the school reports absences", () => {
  it("PE-02 help asks nothing about cancelling, the wizard is refused by its address", async (t) => {
    const { site, sara } = await home(t, { town: ROLL_CALL });
    const help = await readPage(site, "/aiuto", null);
    assert.match(help, /Chi segnala le assenze\? Le assenze le segnala la scuola/);
    assert.doesNotMatch(help, /Fino a quando si può disdire|Come si annulla una disdetta/);
    const nothing = /Le assenze le segnala la scuola\./;
    for (const path of [
      "",
      "?passo=2&per=giulia",
      `?passo=3&per=giulia&dal=${THURSDAY}&aperta=1`,
    ]) {
      const answer = await site.get(`/figli/giulia/assenze/nuova${path}`, sara);
      assert.match(textOf(answer.body), nothing, path);
      assert.doesNotMatch(answer.body, /type="date"|Registra l/, path);
    }
    const list = await readPage(site, "/figli/giulia/assenze", sara);
    assert.match(list, nothing);
    assert.doesNotMatch(list, /Assenza per più giorni/);
  });

  it("BO-09 where families cancel, help says until when", async (t) => {
    const { site } = await home(t);
    const help = await readPage(site, "/aiuto", null);
    assert.match(help, /Fino a quando si può disdire\?.*Come si annulla una disdetta\?/);
    assert.doesNotMatch(help, /Chi segnala le assenze/);
  });
});
