// SPDX-License-Identifier: EUPL-1.2
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { day, moment } from "#kernel/dates.ts";
import { type Database, jsonRows, sql, type TenantDb, type WriteTx } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import {
  decisionById,
  explainPrice,
  iseesOf,
  type MealToPrice,
  type NewIsee,
  priceFees,
  priceForChild,
  priceMeals,
  putExemptions,
  putTariffVersion,
  type PutTariffOutcome,
  recordIsee,
  recordIsees,
  saveDecisions,
  tariffOn,
  tariffsOf,
} from "#tariffs";
import { testDatabase, type TestDatabase, testTown } from "../support/db.ts";

const NOW = moment("2026-11-20T09:00:00Z");
const TODAY = day("2026-11-20");
/** Amounts with a plain space, as the cases are written. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ");
const serviceId = newId();
const busId = newId();

let database: TestDatabase;
let db: Database;
let town: TenantDb;

before(async () => {
  database = await testDatabase();
  db = database.db;
});
after(() => database.close());
beforeEach(async () => {
  ({ town } = await testTown(db));
  await town.write(async (tx) => {
    for (const [id, code, kind] of [
      [serviceId, "mensa", "canteen"],
      [busId, "bus", "transport"],
    ]) {
      await tx.run(sql`insert into service (tenant_id, id, code, kind, name)
        values (${tx.tenantId}, ${id}, ${code}, ${kind}, ${code})`);
    }
  });
});

interface Kid {
  id: string;
  birth: string | null;
  /** services with the first day of the enrolment */
  uses: [service: string, from: string][];
}
const kid = (birth: string | null, ...uses: [string, string][]): Kid => ({
  id: newId(),
  birth,
  uses,
});

/** A household: one holder, its children, their enrolments. Returns the holder's id. */
async function putHousehold(
  tx: WriteTx,
  kids: Kid[],
  resident: boolean | null = true,
): Promise<string> {
  const { tenantId } = tx;
  const [parent, holder] = [newId(), newId()];
  const people = [
    { id: parent, kind: "adult", birth: null },
    ...kids.map(({ id, birth }) => ({ id, kind: "child", birth })),
  ];
  await tx.run(sql`insert into person (tenant_id, id, kind, surname, given_name, birth_date,
      codice_fiscale_state, search, created_at)
    select ${tenantId}, r.id, r.kind, 'Prova', 'Persona', r.birth, 'missing', 'prova persona', ${NOW}
    from ${jsonRows(people)} as r(id uuid, kind text, birth date)`);
  await tx.run(sql`insert into account_holder (tenant_id, id, person_id, payment_code, from_date)
    values (${tenantId}, ${holder}, ${parent}, ${holder}, '2026-09-01')`);
  await tx.run(sql`insert into child_holder (tenant_id, id, child_id, holder_id, from_date)
    select ${tenantId}, r.id, r.id, ${holder}, '2026-09-01' from ${jsonRows(kids)} as r(id uuid)`);
  const enrolments = kids.flatMap(({ id, uses }) =>
    uses.map(([service, from]) => ({ id: newId(), child: id, service, from })),
  );
  await tx.run(sql`insert into enrolment (tenant_id, id, child_id, service_id, year, from_date, created_at)
    select ${tenantId}, r.id, r.child, r.service, 2026, r."from", ${NOW}
    from ${jsonRows(enrolments)} as r(id uuid, child uuid, service uuid, "from" date)`);
  if (resident !== null) {
    await tx.run(sql`insert into residency (tenant_id, id, person_id, resident, from_date)
      select ${tenantId}, r.id, r.id, ${resident}, '2026-01-01' from ${jsonRows(kids)} as r(id uuid)`);
  }
  return holder;
}

const putTariff = (
  tx: WriteTx,
  definition: unknown,
  more: object = {},
): Promise<PutTariffOutcome> =>
  putTariffVersion(tx, {
    id: newId(),
    serviceId,
    validFrom: day("2026-09-01"),
    act: "DGC 10 del 30/06/2026",
    definition,
    assumedReason: null,
    recordedBy: "profilo",
    recordedAt: NOW,
    ...more,
  });

const newIsee = (childId: string, euro: number, changes: Partial<NewIsee> = {}): NewIsee => ({
  id: newId(),
  childId,
  kind: "minorenni",
  valueCents: BigInt(euro) * 100n,
  presentedOn: day("2026-02-01"),
  validFrom: day("2026-02-01"),
  validTo: day("2026-12-31"),
  appliesFrom: day("2026-02-01"),
  overriddenBy: null,
  reason: null,
  ...changes,
});

const record = (tx: WriteTx, ...isees: NewIsee[]): Promise<unknown> =>
  recordIsees(tx, { actor: systemActor, at: NOW, isees });

const BRACKETS = {
  kind: "brackets",
  brackets: [{ upTo: 6000, price: "2,00" }, { upTo: 9360, price: "3,50" }, { price: "4,50" }],
};
const BY_RANK = { kind: "fixed", price: { byRank: ["5", "4", "3", "2"] } };

/** Cents by child in the order asked, or the reason. */
async function amounts(of: {
  date?: string;
  kids: Kid[];
  level?: MealToPrice["level"];
}): Promise<unknown[]> {
  const meals = of.kids.map(({ id }) => ({ childId: id, level: of.level ?? "primaria" }));
  const date = day(of.date ?? "2026-11-20");
  const prices = await town.read((tx) => priceMeals(tx, { serviceId, date, meals }));
  return of.kids.map(({ id }) => {
    const price = prices.get(id);
    return price?.outcome === "priced" ? Number(price.amountCents) : price?.reason;
  });
}

describe("prices of a day (BI-05, X-09)", () => {
  it("BI-05 each child pays by its own ISEE; siblings may differ; without one the top price", async () => {
    const kids = [kid("2018-03-01"), kid("2016-03-01"), kid("2014-03-01")];
    const [a, b] = kids as [Kid, Kid, Kid];
    await town.write(async (tx) => {
      await putHousehold(tx, kids);
      await putTariff(tx, BRACKETS);
      await record(tx, newIsee(a.id, 6000), newIsee(b.id, 9000));
    });
    assert.deepEqual(await amounts({ kids }), [200, 350, 450]);
    assert.deepEqual(await amounts({ kids, date: "2026-12-31" }), [200, 350, 450]);
    assert.deepEqual(await amounts({ kids, date: "2027-01-01" }), [450, 450, 450]);
    assert.deepEqual(await amounts({ kids, date: "2026-08-31" }), [
      "no-tariff",
      "no-tariff",
      "no-tariff",
    ]);
  });

  it("X-11 of several ISEE the latest presented counts, from the day it applies", async () => {
    const one = kid("2018-03-01");
    await town.write(async (tx) => {
      await putHousehold(tx, [one]);
      await putTariff(tx, BRACKETS);
      const later = { presentedOn: day("2026-10-05"), appliesFrom: day("2026-11-01") };
      await record(
        tx,
        newIsee(one.id, 20000),
        newIsee(one.id, 5000, { kind: "corrente", ...later }),
      );
    });
    assert.deepEqual(await amounts({ kids: [one], date: "2026-10-31" }), [450]);
    assert.deepEqual(await amounts({ kids: [one], date: "2026-11-01" }), [200]);
  });

  it("the tariff valid that day decides; the new one from its first day", async () => {
    const one = kid("2018-03-01");
    await town.write(async (tx) => {
      await putHousehold(tx, [one]);
      await putTariff(tx, { kind: "fixed", price: "4" });
      await putTariff(tx, { kind: "fixed", price: "4,20" }, { validFrom: day("2027-01-01") });
    });
    assert.deepEqual(await amounts({ kids: [one], date: "2026-12-31" }), [400]);
    assert.deepEqual(await amounts({ kids: [one], date: "2027-01-01" }), [420]);
  });

  it("residency and exemptions of the day; not known is said, not guessed", async () => {
    const [here, there, unknown] = [kid("2018-01-01"), kid("2018-01-01"), kid("2018-01-01")];
    await town.write(async (tx) => {
      await putHousehold(tx, [here]);
      await putHousehold(tx, [there], false);
      await putHousehold(tx, [unknown], null);
      await putTariff(tx, {
        kind: "fixed",
        price: { byResidency: { resident: "4", nonResident: "6" } },
        modifiers: [{ name: "Legge 104", when: { exemption: "L104" }, free: true }],
      });
    });
    assert.deepEqual(await amounts({ kids: [here, there, unknown] }), [
      400,
      600,
      "residency-unknown",
    ]);
    await town.write((tx) =>
      putExemptions(tx, [
        {
          id: newId(),
          childId: here.id,
          serviceId,
          code: "L104",
          fromDate: day("2026-11-20"),
          toDate: day("2026-11-20"),
        },
        {
          id: newId(),
          childId: there.id,
          serviceId: busId,
          code: "L104",
          fromDate: day("2026-09-01"),
          toDate: null,
        },
      ]),
    );
    assert.deepEqual(await amounts({ kids: [here, there] }), [0, 600]);
    assert.deepEqual(await amounts({ kids: [here, there], date: "2026-11-21" }), [400, 600]);
  });

  it("the level is asked only where the price depends on it", async () => {
    const one = kid("2018-03-01");
    await town.write(async (tx) => {
      await putHousehold(tx, [one]);
      await putTariff(tx, { kind: "fixed", price: { infanzia: "4", primaria: "5" } });
    });
    assert.deepEqual(await amounts({ kids: [one], level: "infanzia" }), [400]);
    assert.deepEqual(await amounts({ kids: [one], level: "nido" }), ["level-not-in-tariff"]);
    const asked = { childId: one.id, serviceId, date: TODAY };
    assert.deepEqual(await town.read((tx) => priceForChild(tx, { ...asked, level: null })), {
      outcome: "unpriced",
      reason: "level-unknown",
    });
    await town.write((tx) => putTariff(tx, BRACKETS, { validFrom: day("2026-10-01") }));
    const priced = await town.read((tx) => priceForChild(tx, { ...asked, level: null }));
    assert.equal(priced.outcome, "priced");
  });

  it("a town never reads another's ISEE or tariffs", async () => {
    const one = kid("2018-03-01");
    await town.write(async (tx) => {
      await putHousehold(tx, [one]);
      await putTariff(tx, BRACKETS);
      await record(tx, newIsee(one.id, 100));
    });
    const other = (await testTown(db)).town;
    const meals = [{ childId: one.id, level: null }];
    const prices = await other.read((tx) => priceMeals(tx, { serviceId, date: TODAY, meals }));
    assert.deepEqual(prices.get(one.id), { outcome: "unpriced", reason: "no-tariff" });
    assert.deepEqual(await other.read((tx) => iseesOf(tx, one.id)), []);
  });
});

describe("siblings: who counts, in which order, as of when", () => {
  const START = "2026-10-05";
  const eldest = (): Kid => kid("2010-05-01", [busId, START]);
  const priceKids = async (
    siblings: object,
    kids: Kid[],
    date = "2026-11-20",
  ): Promise<unknown[]> => {
    await town.write(async (tx) => {
      await putHousehold(tx, kids);
      await putTariff(tx, { ...BY_RANK, siblings });
    });
    return amounts({ kids, date });
  };

  it("in the same service, oldest first: the one who only takes the bus does not count", async () => {
    const kids = [
      eldest(),
      kid("2014-05-01", [serviceId, START]),
      kid("2018-05-01", [serviceId, START]),
    ];
    assert.deepEqual((await priceKids({}, kids)).slice(1), [500, 400]);
  });

  it("in any service, in the household, youngest first", async () => {
    const third = (): Kid => kid("2018-05-01", [serviceId, START]);
    const kids = [eldest(), kid("2014-05-01", [serviceId, START]), third(), kid("2025-01-01")];
    assert.deepEqual(
      (await priceKids({ count: "any-service" }, kids)).slice(0, 3),
      [500, 400, 300],
    );
    const again = kids.map((one) => ({ ...one, id: newId() }));
    await town.write(async (tx) => {
      await putHousehold(tx, again);
      await putTariff(
        tx,
        { ...BY_RANK, siblings: { count: "household", order: "youngest-first" } },
        { validFrom: day("2026-10-01") },
      );
    });
    assert.deepEqual(await amounts({ kids: again }), [200, 300, 400, 500]);
  });

  it("as of the day or of the year's start; twins keep one order; unknown birth date last", async () => {
    const [first, second] = [
      kid("2014-05-01", [serviceId, START]),
      kid("2012-05-01", [serviceId, "2027-01-07"]),
    ];
    assert.deepEqual(
      await priceKids({ asOf: "year-start" }, [first, second], "2027-02-01"),
      [500, 500],
    );
    const again = [
      { ...first, id: newId() },
      { ...second, id: newId() },
    ];
    await town.write(async (tx) => {
      await putHousehold(tx, again);
      await putTariff(tx, BY_RANK, { validFrom: day("2026-10-01") });
    });
    // The older one is not enrolled yet: it does not make the younger a second child.
    assert.deepEqual(await amounts({ kids: again, date: "2026-12-01" }), [500, 500]);
    assert.deepEqual(await amounts({ kids: again, date: "2027-02-01" }), [400, 500]);
    const twins = [
      kid("2018-05-01", [serviceId, START]),
      kid("2018-05-01", [serviceId, START]),
      kid(null, [serviceId, START]),
    ];
    await town.write((tx) => putHousehold(tx, twins));
    const prices = await amounts({ kids: twins });
    assert.deepEqual(prices.slice(0, 2).toSorted(), [400, 500]);
    assert.equal(prices[2], 300);
  });

  it("minors of the household: those under 18 on the day", async () => {
    const kids = [kid("2008-11-20"), kid("2008-11-21"), kid("2018-01-01")];
    await town.write(async (tx) => {
      await putHousehold(tx, kids);
      await putTariff(tx, { kind: "fixed", price: { byMinors: ["5", "4", "3"] } });
    });
    assert.deepEqual(await amounts({ kids, date: "2026-11-19" }), [300, 300, 300]);
    assert.deepEqual(await amounts({ kids, date: "2026-11-20" }), [400, 400, 400]);
    assert.deepEqual(await amounts({ kids, date: "2026-11-21" }), [500, 500, 500]);
  });
});

describe("decisions", () => {
  it("X-09 equal reasons are one stored row, which tells the price again", async () => {
    const kids = Array.from({ length: 50 }, () => kid("2018-03-01"));
    await town.write(async (tx) => {
      for (const one of kids) await putHousehold(tx, [one]);
      await putTariff(tx, BRACKETS);
      await record(tx, ...kids.map(({ id }, index) => newIsee(id, index % 2 ? 5000 : 7000)));
    });
    const meals = kids.map(({ id }) => ({ childId: id, level: "primaria" as const }));
    const prices = await town.write(async (tx) => {
      const found = await priceMeals(tx, { serviceId, date: TODAY, meals });
      const decisions = [...found.values()].flatMap((price) =>
        price.outcome === "priced" ? [price] : [],
      );
      assert.equal(decisions.length, 50);
      assert.equal(await saveDecisions(tx, decisions), 2);
      assert.equal(await saveDecisions(tx, decisions), 0, "twice changes nothing");
      return found;
    });
    const price = prices.get(kids[0]?.id ?? "");
    assert.equal(price?.outcome, "priced");
    const stored = await town.read((tx) => decisionById(tx, price.id));
    assert.ok(stored);
    assert.equal(stored.amountCents, 350n);
    assert.deepEqual(stored.explanation, price.explanation);
    assert.deepEqual(explainPrice(stored.explanation).map(plain), [
      "ISEE minorenni di 7.000,00 €, valido dal 1 febbraio 2026 al 31 dicembre 2026.",
      "Fascia ISEE da 6.000,01 € a 9.360,00 €: 3,50 €.",
    ]);
    assert.equal(await town.read((tx) => decisionById(tx, newId())), null);
  });

  it("a tariff that priced something stands; one that did not is replaced", async () => {
    const one = kid("2018-03-01");
    await town.write(async (tx) => {
      await putHousehold(tx, [one]);
      assert.equal((await putTariff(tx, { kind: "fixed", price: "40" })).outcome, "recorded");
      const at = { recordedAt: NOW.add({ seconds: 1 }) };
      assert.equal((await putTariff(tx, { kind: "fixed", price: "4" }, at)).outcome, "recorded");
      assert.equal((await putTariff(tx, { kind: "fixed", price: 4 }, at)).outcome, "unchanged");
      const price = await priceForChild(tx, {
        childId: one.id,
        serviceId,
        date: TODAY,
        level: null,
      });
      assert.equal(price.outcome, "priced");
      assert.equal(price.amountCents, 400n);
      await saveDecisions(tx, [price]);
      assert.equal((await putTariff(tx, { kind: "fixed", price: 5 }, at)).outcome, "in-use");
      const next = await putTariff(
        tx,
        { kind: "fixed", price: 5 },
        { validFrom: day("2026-12-01") },
      );
      assert.equal(next.outcome, "recorded");
      const invalid = await putTariff(tx, { kind: "brackets", brackets: [{ upTo: 1, price: 1 }] });
      assert.equal(invalid.outcome, "invalid");
      assert.deepEqual(invalid.problems[0]?.path, ["brackets", 0, "upTo"]);
      const versions = await tariffsOf(tx, serviceId);
      assert.deepEqual(
        versions.map(({ validFrom }) => validFrom.toString()),
        ["2026-09-01", "2026-12-01"],
      );
      assert.equal((await tariffOn(tx, { serviceId, date: TODAY }))?.act, "DGC 10 del 30/06/2026");
    });
  });
});

describe("ISEE", () => {
  it("is recorded once, with an audit row that holds no value; wrong rows are named and stop nothing", async () => {
    const one = kid("2018-03-01");
    await town.write(async (tx) => {
      await putHousehold(tx, [one]);
      const good = newIsee(one.id, 7000);
      const wrong = [
        newIsee(one.id, 7000, { valueCents: -1n }),
        newIsee(one.id, 7000, { validTo: day("2026-01-31") }),
        newIsee(one.id, 7000, { presentedOn: day("2026-11-21") }),
        newIsee(one.id, 7000, { overriddenBy: "Rita", reason: " " }),
        newIsee(newId(), 7000),
      ];
      const done = await recordIsees(tx, { actor: systemActor, at: NOW, isees: [...wrong, good] });
      assert.equal(done.outcome, "recorded");
      assert.deepEqual(done.recorded, [good.id]);
      assert.deepEqual(
        done.refused.map(({ faults }) => faults),
        [
          ["value-out-of-range"],
          ["validity-reversed", "applies-outside-validity"],
          ["presented-in-the-future"],
          ["override-without-reason"],
          ["unknown-child"],
        ],
      );
      const again = { ...good, id: newId() };
      assert.deepEqual(await recordIsee(tx, { actor: systemActor, at: NOW, isee: again }), {
        outcome: "unchanged",
      });
      const audit = await tx.rows<{ child_id: string; details: object }>(sql`
        select child_id, details from audit_entry where tenant_id = ${tx.tenantId}`);
      assert.deepEqual(audit, [
        { child_id: one.id, details: { kind: "minorenni", validTo: "2026-12-31" } },
      ]);
    });
    const history = await town.read((tx) => iseesOf(tx, one.id));
    assert.deepEqual(
      history.map(({ valueCents }) => valueCents),
      [700_000n],
    );
  });

  it("a guardian does not record one", async () => {
    const actor = { ...systemActor, role: "guardian" as const };
    const isee = newIsee(newId(), 1);
    const done = await town.write((tx) => recordIsee(tx, { actor, at: NOW, isee }));
    assert.deepEqual(done, { outcome: "forbidden" });
  });
});

describe("OS-01 fixed fees", () => {
  const period = { name: "2026/27", from: day("2026-10-05"), to: day("2027-06-08") };
  const bus = (tx: WriteTx, tariff: object): Promise<unknown> =>
    putTariff(tx, { kind: "fixed-fee", per: "year", ...tariff }, { serviceId: busId });
  const households = async (): Promise<{ kids: Kid[]; holder: string }> => {
    const kids = [
      kid("2012-01-01", [busId, "2026-10-05"]),
      kid("2015-01-01", [busId, "2026-10-05"]),
      kid("2016-01-01", [busId, "2026-10-05"]),
    ];
    const [, , alone] = kids as [Kid, Kid, Kid];
    return town.write(async (tx) => {
      const holder = await putHousehold(tx, kids.slice(0, 2));
      await putHousehold(tx, [alone]);
      return { kids, holder };
    });
  };
  const fees = (kids: Kid[]) =>
    town.read((tx) =>
      priceFees(tx, {
        serviceId: busId,
        period,
        children: kids.map(({ id }) => ({ childId: id, level: "primaria" })),
      }),
    );

  it("per household: one fee for its children, the lowest ISEE among them, in instalments", async () => {
    const { kids, holder } = await households();
    const [a, b] = kids as [Kid, Kid, Kid];
    await town.write(async (tx) => {
      await bus(tx, {
        payer: "household",
        instalments: [{ due: "31/10" }, { due: "31/03" }],
        base: {
          kind: "brackets",
          brackets: [
            { upTo: 6000, price: { byChildren: [150, 181, 200] } },
            { price: { byChildren: [250, 300, 350] } },
          ],
        },
      });
      await record(tx, newIsee(a.id, 6000), newIsee(b.id, 6100));
    });
    const [shared, single] = await fees(kids);
    assert.equal(shared?.outcome, "priced");
    assert.deepEqual(shared.subject, {
      kind: "household",
      holderId: holder,
      childIds: [a.id, b.id],
    });
    assert.equal(shared.amountCents, 18_100n);
    assert.deepEqual(
      shared.instalments.map(({ dueOn, amountCents }) => [String(dueOn), amountCents]),
      [
        ["2026-10-31", 9050n],
        ["2027-03-31", 9050n],
      ],
    );
    assert.equal(single?.outcome, "priced");
    assert.equal(single.amountCents, 25_000n);
    await town.write(async (tx) => {
      assert.equal(await saveDecisions(tx, [shared, single]), 2);
      assert.equal((await decisionById(tx, shared.id))?.amountCents, 18_100n);
    });
  });

  it("per child, by rank; a tariff that is missing or of meals is said", async () => {
    const { kids } = await households();
    assert.deepEqual(
      (await fees(kids)).map((fee) => fee.outcome === "unpriced" && fee.reason),
      ["no-tariff", "no-tariff", "no-tariff"],
    );
    await town.write((tx) => bus(tx, { base: { kind: "fixed", price: { byRank: [100, 80] } } }));
    const amountsOf = (await fees(kids)).map((fee) => fee.outcome === "priced" && fee.amountCents);
    assert.deepEqual(amountsOf, [10_000n, 8000n, 10_000n]);
    await town.write((tx) =>
      putTariff(tx, BRACKETS, { serviceId: busId, validFrom: day("2026-10-01") }),
    );
    assert.deepEqual(
      (await fees(kids)).map((fee) => fee.outcome === "unpriced" && fee.reason),
      ["not-a-fee-tariff", "not-a-fee-tariff", "not-a-fee-tariff"],
    );
  });
});
