// SPDX-License-Identifier: EUPL-1.2
/** Families apply on line for a school year; the office accepts, or says why not. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { putClasses, putSchoolYear } from "#calendar";
import {
  acceptApplication,
  type Acceptance,
  applicationById,
  type ApplicationWords,
  applicationsOf,
  applyFor,
  type Applying,
  countOpenApplications,
  enrol,
  enrolmentsOf,
  membershipsOf,
  openApplications,
  openApplicationsLike,
  purgeApplications,
  refuseApplication,
  withdrawApplication,
} from "#enrolment";
import {
  actsFor,
  allPeople,
  childrenInReach,
  enterWithIdentity,
  familyStanding,
  holderOf,
  insertDelegate,
  person,
  putPeople,
} from "#families";
import type { Actor } from "#kernel/actor.ts";
import { auditOf } from "#kernel/audit.ts";
import { controlCharacter } from "#kernel/codice-fiscale.ts";
import { day, type Moment, moment } from "#kernel/dates.ts";
import { sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { bumpConfiguration } from "#tenancy";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { putTownSettings, TOWN_SETTINGS } from "../support/site.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";

const withControl = (fifteen: string): string => fifteen + controlCharacter(fifteen);
const MARIO = withControl("RSSMRA85C01H501");
const LUCA = withControl("RSSLCU20A01F205");
const IN = moment("2027-07-20T08:00:00Z");
const WINDOW = { from: "2027-07-19", to: "2027-08-31" };

let base: TestDatabase;
let place: SmallTown;
let manager: Actor;
before(async () => {
  base = await testDatabase();
});
after(() => base.close());

async function newTown(window = WINDOW): Promise<void> {
  place = await smallTown(base.db);
  await putTownSettings(place, { ...TOWN_SETTINGS, enrolment: { window } });
  // As `enrol` and imports write them: to the last day of the year.
  await place.town.write((tx) =>
    tx.run(sql`update enrolment set to_date = '2027-06-04' where tenant_id = ${tx.tenantId}`),
  );
  manager = { ...place.sara, role: "office-manager", name: "Bruno Costa", personId: null };
}

const plan2027 = (): Promise<string> =>
  place.town.write(async (tx) => {
    const classId = newId();
    const year = { year: 2027, startsOn: day("2027-09-13"), endsOn: day("2028-06-08") };
    await putSchoolYear(tx, year);
    await putClasses(tx, [
      { id: classId, siteId: place.siteId, year: 2027, grade: 1, section: "B" },
    ]);
    await bumpConfiguration(tx);
    return classId;
  });

const stranger = (code = MARIO, givenName = "Mario"): Applying => ({
  subject: `cf:${code}`,
  means: "spid",
  who: { givenName, surname: "Rossi", birthDate: day("1985-03-01") },
});
const guardian = (): Applying => ({
  subject: `person:${place.sara.personId}`,
  means: "cie",
  who: { actor: place.sara },
});
const words = (of: Partial<ApplicationWords> = {}): ApplicationWords => ({
  ...{ childId: null, givenName: "Luca", surname: "Rossi", birthDate: day("2020-01-01") },
  ...{ codiceFiscale: LUCA, siteId: place.siteId, school: "", schoolClass: "prima" },
  ...{ services: ["mensa"], note: "", email: "mario@posta.example", phone: "", ...of },
});
const send = (
  of: {
    applying?: Applying;
    words?: Partial<ApplicationWords>;
    year?: number;
    key?: string;
    at?: Moment;
  } = {},
) => {
  const { applying = stranger(), year = 2027, key = newId(), at = IN } = of;
  return place.town.write((tx) =>
    applyFor(tx, { ...{ applying, year, key, at, lang: "it" }, words: words(of.words) }),
  );
};
const sent = async (of: Parameters<typeof send>[0] = {}) => {
  const done = await send(of);
  if (done.outcome !== "sent") throw new Error(JSON.stringify(done));
  return done;
};
const accept = (id: string, of: Partial<Acceptance> = {}, actor = manager) =>
  place.town.write((tx) =>
    acceptApplication(tx, {
      ...{ actor, id, now: IN, childId: null, adultId: null, classId: null, note: "" },
      recognised: "",
      ...{ from: new Map([["mensa", day("2027-09-13")]]), ...of },
    }),
  );

describe("an application for a school year", () => {
  it("OS-02 inside the window by the instant of its arrival, refused outside it and for another year", async () => {
    await newTown();
    const late = moment("2027-08-31T23:59:59.999+02:00");
    assert.equal((await send({ at: late })).outcome, "sent");
    for (const at of ["2027-07-18T23:59:59.999+02:00", "2027-09-01T00:00:00+02:00"])
      assert.deepEqual(await send({ at: moment(at), key: newId() }), { outcome: "shut" });
    assert.deepEqual(await send({ year: 2026 }), { outcome: "shut" });
    await putTownSettings(await smallTown(base.db), TOWN_SETTINGS);
    const former = place;
    place = await smallTown(base.db);
    await putTownSettings(place);
    assert.deepEqual(await send(), { outcome: "shut" }, "a town without a window");
    place = former;
  });

  it("OS-02 numbers of the year follow each other without a gap, also when two are sent at once", async () => {
    await newTown();
    const at = moment("2027-07-19T00:00:00+02:00");
    const codes = ["A", "B", "C", "D", "E"].map((letter) => withControl(`RSS${letter}RA85C01H501`));
    const all = await Promise.all(
      codes.map((code, n) =>
        sent({ applying: stranger(code), words: { givenName: `Luca ${n}` }, at }),
      ),
    );
    assert.deepEqual(all.map(({ number }) => number).sort(), [1, 2, 3, 4, 5]);
  });

  it("OS-02 the same form twice is one application; with other words the first one counts", async () => {
    await newTown();
    const key = newId();
    const twice = await Promise.all([sent({ key }), sent({ key })]);
    assert.deepEqual(twice.map(({ number }) => number).sort(), [1, 1]);
    assert.equal(twice[0].id, twice[1].id);
    assert.equal(twice.filter(({ isNew }) => isNew).length, 1);
    const other = await send({ key, words: { note: "un'altra" } });
    assert.deepEqual(other, { outcome: "sent-otherwise", id: twice[0].id, number: 1 });
    const open = await send({ words: { schoolClass: "seconda", codiceFiscale: "" } });
    assert.deepEqual(open, { outcome: "already-open", services: ["mensa"], number: 1 });
    const next = await sent({ words: { givenName: "Lia", codiceFiscale: "" } });
    assert.equal(next.number, 2);
  });

  it("OS-03 a parent applies for a child of theirs and for no other; a delegate, a desk and the office never", async () => {
    await newTown();
    const own = await sent({ applying: guardian(), words: { childId: place.giulia } });
    const kept = await place.town.read((tx) => applicationById(tx, own.id));
    assert.deepEqual(
      [kept?.child.givenName, kept?.personId, kept?.applicant.givenName],
      ["Giulia", place.sara.personId, "Sara"],
      "the registry's words, whatever the form says",
    );
    for (const childId of [newId(), "x"]) {
      const faults = { outcome: "invalid", faults: { childId: "missing" } };
      assert.deepEqual(await send({ applying: guardian(), words: { childId } }), faults);
    }
    const notTheirs = await send({ words: { childId: place.giulia } });
    assert.equal(notTheirs.outcome, "invalid", "a stranger has no children here");
    for (const actor of [
      { ...place.sara, role: "delegate" as const },
      { ...place.sara, desk: { holderId: place.holderId, reason: "telefono" } },
      { ...manager, personId: place.sara.personId },
    ]) {
      const applying = { ...guardian(), who: { actor } };
      const refused = await send({ applying, words: { childId: place.tommaso } });
      assert.deepEqual(refused, { outcome: "not-allowed" });
    }
    const birthDate = day("2009-07-21");
    const minor = { ...stranger(), subject: "eidas:FR/IT/1" };
    const young = { ...minor, who: { givenName: "Lou", surname: "Petit", birthDate } };
    assert.deepEqual(await send({ applying: young }), { outcome: "not-allowed" });
    const onlyOne = { ...place.sara, onlyChildIds: [place.tommaso] };
    const applying = { ...guardian(), who: { actor: onlyOne } };
    assert.equal((await send({ applying, words: { childId: place.giulia } })).outcome, "invalid");
  });

  it("OS-02 ten may wait for the office, no more; one that is withdrawn makes room", async () => {
    await newTown();
    const first = await sent({ words: { givenName: "Uno", codiceFiscale: "" } });
    for (const name of ["Due", "Tre", "Quattro", "Cinque", "Sei", "Sette", "Otto", "Nove", "Dieci"])
      await sent({ words: { givenName: name, codiceFiscale: "" } });
    const eleventh = { words: { givenName: "Undici", codiceFiscale: "" } };
    assert.deepEqual(await send(eleventh), { outcome: "too-many", most: 10 });
    const { subject } = stranger();
    const withdraw = (of: string) =>
      place.town.write((tx) =>
        withdrawApplication(tx, { id: first.id, subject: of, personId: null, at: IN }),
      );
    assert.equal((await withdraw("cf:altro")).outcome, "not-open", "somebody else's");
    for (const _time of [1, 2]) assert.equal((await withdraw(subject)).outcome, "withdrawn");
    assert.equal((await sent(eleventh)).number, 11);
    assert.equal((await accept(first.id)).outcome, "not-waiting");
  });

  it("OS-02 what is missing or cannot be is said field by field; a code may be missing, provisional or disagree", async () => {
    await newTown();
    const half = "\ud83d";
    const nothing = await send({
      words: {
        ...{ givenName: "", surname: "-", birthDate: undefined, codiceFiscale: "ABC", siteId: "x" },
        ...{ schoolClass: " ", services: ["nuoto"], email: "", note: "n".repeat(501) },
      },
    });
    assert.deepEqual(nothing, {
      outcome: "invalid",
      faults: {
        ...{ givenName: "missing", surname: "not-a-name", birthDate: "not-a-day" },
        ...{ codiceFiscale: "code", school: "missing", schoolClass: "missing" },
        ...{ services: "missing", email: "missing", note: "too-long" },
      },
    });
    const wrong: Partial<ApplicationWords>[] = [
      { givenName: half },
      { surname: "x".repeat(1e5) },
      { birthDate: day("2027-07-21") },
      { birthDate: day("1985-03-01") },
      { school: "s".repeat(121), siteId: null },
      { email: "non una e-mail" },
      { phone: "abc" },
    ];
    for (const one of wrong) assert.equal((await send({ words: one })).outcome, "invalid");
    const texts = { school: `via Roma ${half}`, siteId: null, note: `due\u0007 righe\n${half}` };
    const kept = await sent({ words: { ...texts, codiceFiscale: "12345678903" } });
    const row = await place.town.read((tx) => applicationById(tx, kept.id));
    assert.deepEqual([row?.child.school, row?.child.codiceFiscale], ["via Roma", "12345678903"]);
    assert.equal(
      (await send({ words: { givenName: "Aldo", codiceFiscale: LUCA } })).outcome,
      "sent",
      "a code that disagrees is the office's to look at",
    );
  });
});

describe("the office answers an application", () => {
  it("OS-02 OS-03 BI-01 accepts: child, parent, account, class and service at once; the next sign-in is in", async () => {
    await newTown();
    const classId = await plan2027();
    const { id } = await sent();
    const done = await accept(id, { classId });
    if (done.outcome !== "accepted") throw new Error(done.outcome);
    const { childId, personId } = done;
    const read = await place.town.read(async (tx) => ({
      child: await person(tx, childId),
      adult: await person(tx, personId),
      standing: await actsFor(tx, { personId, childId, date: day("2027-07-20") }),
      holder: await holderOf(tx, childId, day("2027-09-13")),
      enrolments: await enrolmentsOf(tx, [childId], 2027),
      memberships: await membershipsOf(tx, [childId]),
      seen: await auditOf(tx, { childIds: [childId], limit: 20 }),
      open: await openApplications(tx, 10),
    }));
    assert.deepEqual([read.child?.codiceFiscale, read.child?.codiceFiscaleState], [LUCA, "valid"]);
    assert.deepEqual(
      [read.adult?.codiceFiscale, read.adult?.email],
      [MARIO, "mario@posta.example"],
    );
    assert.equal(read.standing, "holder");
    assert.deepEqual(
      read.enrolments.map(({ serviceId, from, to }) => [serviceId, `${from}`, `${to}`]),
      [[place.serviceId, "2027-09-13", "2028-06-08"]],
    );
    assert.deepEqual(
      read.memberships.map((one) => [one.classId, `${one.from}`]),
      [[classId, "2027-09-13"]],
    );
    assert.ok(read.holder);
    assert.ok(read.seen.some(({ action }) => action === "enrolment.accept-application"));
    assert.deepEqual(read.open, []);
    const identity = { codiceFiscale: MARIO, givenName: "Mario", surname: "Rossi" };
    const entered = await place.town.write((tx) =>
      enterWithIdentity(tx, { ...identity, birthDate: day("1985-03-01") }, IN),
    );
    assert.equal(entered.outcome, "known");
    assert.equal((await accept(id, { classId })).outcome, "not-waiting", "twice is once");
  });

  it("OS-03 BO-23 a delegate who applied for an own child is its parent from then on, by the same account", async () => {
    await newTown();
    const classId = await plan2027();
    const named = { givenName: "Mario", surname: "Rossi" };
    const enter = () =>
      place.town.write((tx) =>
        enterWithIdentity(tx, { codiceFiscale: MARIO, ...named, birthDate: null }, IN),
      );
    await place.town.write((tx) =>
      insertDelegate(tx, {
        ...{ id: newId(), holderId: place.holderId, codiceFiscale: MARIO, ...named },
        ...{ scopes: ["view"], from: day("2026-09-01"), to: null },
        ...{ addedAt: IN, addedBy: "Sara Ferrando" },
      }),
    );
    const before = await enter();
    const { id } = await sent();
    const done = await accept(id, { classId });
    if (done.outcome !== "accepted" || before.outcome !== "known") throw new Error(done.outcome);
    const after = await enter();
    assert.deepEqual(after, { ...before, isFirst: false });
    const { accountId } = before;
    const standing = await place.town.read((tx) => familyStanding(tx, accountId, MARIO));
    assert.equal(standing?.personId, done.personId);
    const reach = { ...place.sara, id: accountId, ...standing };
    const children = await place.town.read((tx) => childrenInReach(tx, reach, day("2027-09-13")));
    assert.ok(children.some((child) => child.id === done.childId));
  });

  it("OS-02 a year that is not planned, a day outside it, another year's class: refused, and nothing is written", async () => {
    await newTown();
    const { id } = await sent();
    const count = () =>
      place.town.read(async (tx) => [
        (await allPeople(tx, "child")).length,
        (await allPeople(tx, "adult")).length,
        (await openApplications(tx, 10)).length,
      ]);
    const before = await count();
    assert.equal((await accept(id)).outcome, "year-not-planned");
    await plan2027();
    const cases: [Partial<Acceptance>, string][] = [
      [{ classId: place.classId }, "unknown-class"],
      [{ classId: newId() }, "unknown-class"],
      [{ from: new Map() }, "no-service"],
      [{ from: new Map([["mensa", day("2027-09-12")]]) }, "outside-the-year"],
      [{ from: new Map([["mensa", day("2028-07-01")]]) }, "outside-the-year"],
      [{ childId: newId() }, "unknown-child"],
      [{ childId: place.sara.personId }, "unknown-child"],
      [{ adultId: newId() }, "unknown-person"],
    ];
    for (const [of, outcome] of cases) assert.equal((await accept(id, of)).outcome, outcome);
    for (const role of ["office", "office-diet", "school", "guardian"] as const)
      assert.equal((await accept(id, {}, { ...manager, role })).outcome, "not-allowed");
    assert.deepEqual(await count(), before);
  });

  it("OS-03 nobody is there twice: the known child, the known parent, an adult without a code", async () => {
    await newTown();
    await plan2027();
    await place.town.write(async (tx) => {
      const giulia = (await person(tx, place.giulia))!;
      await putPeople(tx, [{ ...giulia, birthDate: day("2018-02-02") }], IN);
    });
    const giulia = { givenName: "Giulia", surname: "Ferrando", codiceFiscale: "" };
    const { id } = await sent({ words: { ...giulia, birthDate: day("2018-02-02") } });
    const done = await accept(id, { childId: place.giulia, adultId: place.sara.personId });
    if (done.outcome !== "accepted") throw new Error(done.outcome);
    assert.deepEqual([done.personId, done.childId], [place.sara.personId, place.giulia]);
    const sara = await place.town.read((tx) => person(tx, place.sara.personId!));
    assert.equal(sara?.codiceFiscale, MARIO, "the verified code goes on the adult that was chosen");
    const again = await sent({
      words: { ...giulia, givenName: "Lea", birthDate: day("2019-02-02") },
    });
    const second = await accept(again.id);
    if (second.outcome !== "accepted") throw new Error(second.outcome);
    assert.equal(second.personId, place.sara.personId, "by the codice fiscale");
    const holder = await place.town.read((tx) => holderOf(tx, second.childId, day("2027-09-13")));
    assert.equal(holder, place.holderId, "in the account that there is");
    const own = await send({ words: { givenName: "Nino", codiceFiscale: MARIO } });
    assert.deepEqual(own, { outcome: "invalid", faults: { codiceFiscale: "own-code" } });
    const taken = await sent({
      applying: stranger(withControl("VRDLIA85C41H501")),
      words: { givenName: "Nino", codiceFiscale: MARIO },
    });
    assert.equal((await accept(taken.id)).outcome, "child-known");
  });

  it("OS-02 a parent's own child: enrolled for the next year; who has the service already is not enrolled twice", async () => {
    await newTown();
    const classId = await plan2027();
    const own = { applying: guardian(), words: { childId: place.giulia } };
    const { id } = await sent(own);
    const other = await accept(id, { childId: place.tommaso });
    assert.equal(other.outcome, "unknown-child", "the child that was applied for, and no other");
    const done = await accept(id, { childId: place.giulia, classId });
    assert.equal(done.outcome, "accepted");
    const rows = await place.town.read((tx) => membershipsOf(tx, [place.giulia]));
    assert.deepEqual(
      rows.map((one) => [one.classId, `${one.from}`, one.to && `${one.to}`]),
      [
        [place.classId, "2026-09-14", "2027-09-12"],
        [classId, "2027-09-13", null],
      ],
    );
    const again = await sent(own);
    const twice = await accept(again.id, { childId: place.giulia });
    assert.equal(twice.outcome, "overlaps");
  });

  it("OS-03 who is no longer the child's parent when the office decides gets nothing by an application of before", async () => {
    await newTown();
    await plan2027();
    const { id } = await sent({ applying: guardian(), words: { childId: place.giulia } });
    await place.town.write(async (tx) => {
      await tx.run(sql`update guardianship set to_date = '2027-07-19'
        where tenant_id = ${tx.tenantId} and child_id = ${place.giulia}`);
      await tx.run(sql`update child_holder set to_date = '2027-07-19'
        where tenant_id = ${tx.tenantId} and child_id = ${place.giulia}`);
    });
    const done = await accept(id, { childId: place.giulia });
    assert.equal(done.outcome, "no-longer-parent");
    const rows = await place.town.read((tx) => enrolmentsOf(tx, [place.giulia], 2027));
    assert.deepEqual(rows, []);
  });

  it("OS-02 accepted while somebody else enrols the same child: one of the two, and the other is told", async () => {
    await newTown();
    await plan2027();
    const { id } = await sent({ applying: guardian(), words: { childId: place.giulia } });
    const { giulia: childId, serviceId } = place;
    const service = { actor: manager, childId, serviceId, year: 2027, from: day("2027-09-13") };
    const [accepted, enrolled] = await Promise.all([
      accept(id, { childId }),
      place.town.write((tx) => enrol(tx, { ...service, at: IN })),
    ]);
    assert.ok((accepted.outcome === "accepted") !== (enrolled.outcome === "enrolled"));
    assert.ok([accepted.outcome, enrolled.outcome].includes("overlaps"));
  });

  it("OS-02 a number is not given twice: of a year that has not begun the last application stays", async () => {
    await newTown({ from: "2027-01-07", to: "2027-08-31" });
    const at = moment("2027-01-08T08:00:00Z");
    const ofOne = { subject: stranger().subject, personId: null };
    const withdrawn = async (givenName: string) => {
      const { id } = await sent({ at, words: { givenName, codiceFiscale: "" } });
      await place.town.write((tx) => withdrawApplication(tx, { id, at, ...ofOne }));
    };
    await withdrawn("Uno");
    await withdrawn("Due");
    const purged = async (now: string) => {
      await place.town.write((tx) => purgeApplications(tx, moment(now)));
      const rows = await place.town.read((tx) => applicationsOf(tx, ofOne));
      return rows.map(({ number }) => number);
    };
    assert.deepEqual(await purged("2027-07-20T08:00:00Z"), [2]);
    assert.equal((await sent()).number, 3);
    assert.deepEqual(await purged("2027-07-21T08:00:00Z"), [3]);
    assert.deepEqual(await purged("2028-08-31T08:00:00Z"), []);
  });

  it("OS-02 others for the same child are found, however many wait; the office counts them all", async () => {
    await newTown();
    const first = await sent();
    await place.town.write((tx) =>
      tx.run(sql`
        insert into enrolment_application (tenant_id, id, year, number, subject, applicant, child, services, sent_at,
          request_key)
        select a.tenant_id, gen_random_uuid(), a.year, 1 + n, 'cf:' || n, a.applicant,
          a.child || jsonb_build_object('codiceFiscale', null, 'givenName', 'Nome ' || n), a.services, a.sent_at, n::text
        from enrolment_application a, generate_series(1, 250) n where a.tenant_id = ${tx.tenantId}`),
    );
    const other = await sent({ applying: stranger(withControl("VRDLIA85C41H501")) });
    const { like, count } = await place.town.read(async (tx) => ({
      like: await openApplicationsLike(tx, (await applicationById(tx, first.id))!),
      count: await countOpenApplications(tx),
    }));
    assert.ok(like.some(({ id }) => id === other.id));
    assert.ok(like.every(({ id }) => id !== first.id));
    assert.equal(count, 252);
  });

  it("OS-02 a refusal is read by who applied; all of it goes 180 days after its end, the unanswered after 400", async () => {
    await newTown();
    const first = await sent();
    const open = await sent({ words: { givenName: "Lia", codiceFiscale: "" } });
    const refuse = (actor = manager, id = first.id, now = IN) =>
      place.town.write((tx) => refuseApplication(tx, { actor, id, reason: "fuori Comune", now }));
    assert.equal((await refuse({ ...manager, role: "office" })).outcome, "not-allowed");
    assert.equal((await refuse()).outcome, "refused");
    assert.equal((await refuse()).outcome, "not-waiting");
    const left = async (days: number) => {
      await place.town.write((tx) => purgeApplications(tx, IN.add({ hours: 24 * days + 1 })));
      const rows = await place.town.read((tx) =>
        applicationsOf(tx, { subject: stranger().subject, personId: null }),
      );
      return rows.map(({ id, answer }) => [id, answer]);
    };
    assert.deepEqual(await left(179), [
      [open.id, ""],
      [first.id, "fuori Comune"],
    ]);
    assert.deepEqual(await left(180), [[open.id, ""]]);
    assert.deepEqual(await left(399), [[open.id, ""]]);
    const late = await sent({ words: { givenName: "Ugo", codiceFiscale: "" } });
    await refuse(manager, late.id, IN.add({ hours: 24 * 399 }));
    assert.deepEqual(await left(400), [[late.id, "fuori Comune"]], "what was answered is read");
    assert.deepEqual(await left(399 + 180), []);
  });
});
