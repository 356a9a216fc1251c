// SPDX-License-Identifier: EUPL-1.2
/**
 * Two towns with everything a route of the role table can name: two families and two schools each, meals, charges,
 * bills, notices, refunds, flows, imports, prints. Nothing that is asked afterwards is kept (`Rehearsal`).
 */
import { readdirSync } from "node:fs";
import { serveUnknown, unknownWalkIns } from "#attendance";
import { billsOf, chargesOf, closeDay, disputeCharge, drawMonth } from "#billing";
import { changeAbsence, changeMeals, formatReceiptCode } from "#booking";
import { putClasses, putClassSessions, putSites } from "#calendar";
import { putEnrolments, putMemberships } from "#enrolment";
import { askCorrection, createFamily, holder, insertDelegate } from "#families";
import { createStaff, makeDevice, noteStranger, staffAccounts, strangerBySubject } from "#identity";
import type { Actor } from "#kernel/actor.ts";
import { day, momentAt } from "#kernel/dates.ts";
import { type Database, sql } from "#kernel/db/index.ts";
import { newId } from "#kernel/ids.ts";
import { accountKey, type FamilyAccount, post } from "#ledger";
import { messagesOf, planMessages } from "#messaging";
import {
  answerMoney,
  askMoney,
  collectionAccounts,
  markBatchSent,
  moneyRequests,
  noticesOf,
  openCases,
  orderRefunds,
  planBankFile,
  proposeWriteOff,
  startCart,
  writeOffs,
} from "#payments";
import { ASSETS_DIRECTORY } from "#ui/assets.ts";
import { site as wholeSite } from "../../src/surfaces/site.ts";
import { makeTownLetters } from "../../src/worker/letters.ts";
import { makePrintFiles } from "../../src/worker/print-runs.ts";
import { applicationThing } from "./applications.ts";
import { busThings } from "./bus-town.ts";
import {
  apply,
  BANK_IBAN,
  collecting,
  issueOne,
  land,
  receiptFor,
  topUp,
  topUpLine,
} from "./collecting.ts";
import { completeFamily, withControl } from "./complete-family.ts";
import { journalFile } from "./settlement-files.ts";
import { bankSays, journalOf, lineOf, movementOf, reportOf, store } from "./settling.ts";
import { type TestSite, testSite, TOWN_SETTINGS } from "./site.ts";
import { upload } from "./upload.ts";
import { RECEIPT_KEY, RIENTRI } from "./small-town.ts";

/** Words of the role table → what they are here. */
export type Things = Readonly<Record<string, string>>;

export interface RoleTown {
  readonly site: TestSite;
  /** the family Ferrando, in the first school */
  readonly own: Things;
  /** another family, in the second school */
  readonly other: Things;
}

const TODAY = "2026-11-24";
const at = (date: string, time: string) => momentAt(day(date), time);
/** The order of the day is frozen, the day is not over. */
const NOW = at(TODAY, "11:00");
const START = day("2026-09-14");
const CLOSED = ["2026-09-28", "2026-09-29", "2026-11-23"];

interface Household {
  readonly surname: string;
  readonly holderId: string;
  readonly adult: Actor;
  /** the first is asked about, the second is away */
  readonly children: readonly [string, string];
  readonly slugs: readonly [string, string];
  readonly siteId: string;
  readonly classId: string;
}

const capital = (slug: string): string => slug.charAt(0).toUpperCase() + slug.slice(1);

const staff = (role: Actor["role"], name: string): Actor => ({
  role,
  id: newId(),
  name,
  personId: null,
  siteIds: null,
  classIds: null,
  desk: null,
});
const MANAGER = staff("office-manager", "L. Neri");

/** `names`: of the second family; no child of one town has another's name. */
export async function roleTown(
  db: Database,
  names: { surname: string; children: readonly [string, string] },
): Promise<RoleTown> {
  const site = await testSite(db, {
    routes: wholeSite.routes,
    endpoints: wholeSite.endpoints ?? [],
    now: at(TODAY, "08:30"),
    town: { from: "2026-09-28", settings: { absences: { reportedBy: "both" } } },
    townSettings: {
      collection: { vouchersAccepted: true, cash: [] },
      enrolment: { window: { from: "2026-07-19", to: "2026-09-30" } },
      login: { ...TOWN_SETTINGS.login, portal: ["spid", "cie", "credentials"] },
    },
  });
  const { place } = site;
  const { segregationCode, creditor } = await collecting(place);
  await completeFamily(place);
  const ferrando: Household = {
    surname: "Ferrando",
    holderId: place.holderId,
    adult: place.sara,
    children: [place.giulia, place.tommaso],
    slugs: ["giulia", "tommaso"],
    siteId: place.siteId,
    classId: place.classId,
  };
  const second = await secondFamily(site, names);
  for (const date of CLOSED)
    for (const { siteId } of [ferrando, second])
      await closeDay(place.town, {
        serviceId: place.serviceId,
        siteId,
        date: day(date),
        by: "ufficio",
        now: at(TODAY, "08:00"),
      });
  await place.town.write((tx) =>
    drawMonth(tx, {
      serviceId: place.serviceId,
      month: day("2026-09-01"),
      now: at(TODAY, "08:00"),
      today: day(TODAY),
      by: "ufficio",
    }),
  );
  const bus = await busThings(place, { first: ferrando.children, second: second.children });
  const ofFerrando = await familyThings(site, ferrando);
  const ofSecond = await familyThings(site, second);
  const ofTown = {
    ...(await settlementThings(site, creditor)),
    ...(await officeThings(site)),
    ...(await staffThings(site)),
    ...(await newsThings(site)),
    ...bus.all,
    station: `${creditor}-${segregationCode}`,
    digest: await differences(site, ferrando),
    delegateCode: withControl("NRERSO55C52F205"),
    session: newId(),
  };
  site.setClock(NOW);
  return {
    site,
    own: { ...ofTown, ...bus.own, ...ofFerrando, otherPayer: ofSecond["payer"]! },
    other: { ...ofTown, ...bus.other, ...ofSecond, otherPayer: ofFerrando["payer"]! },
  };
}

async function secondFamily(
  { place }: TestSite,
  names: Parameters<typeof roleTown>[1],
): Promise<Household> {
  const [siteId, classId, adultId] = [newId(), newId(), newId()];
  const children = [newId(), newId()] as const;
  const { surname } = names;
  const { holderId } = await place.town.write(async (tx) => {
    await putSites(tx, [
      {
        id: siteId,
        ministryCode: "XXEE000002",
        name: "Primaria Rodari",
        level: "primaria",
        address: "Via Rodari 2",
        assumedReason: null,
      },
    ]);
    await putClasses(tx, [{ id: classId, siteId, year: 2026, grade: 5, section: "B" }]);
    const session = { serviceId: place.serviceId, weekdays: RIENTRI, weekdaysB: null };
    await putClassSessions(tx, [
      { id: newId(), classId, ...session, weekAMonday: null, from: START, to: null },
    ]);
    const made = await createFamily(
      tx,
      {
        holder: { id: adultId, kind: "adult", surname, givenName: "Ugo" },
        children: children.map((id, index) => ({
          id,
          kind: "child",
          surname,
          givenName: names.children[index]!,
        })),
        from: day("2026-09-01"),
      },
      at("2026-09-01", "08:00"),
    );
    const since = { from: START, to: null };
    await putMemberships(
      tx,
      children.map((childId) => ({ id: newId(), childId, classId, ...since })),
    );
    const enrolment = { serviceId: place.serviceId, year: 2026, weekdays: null, ...since };
    await putEnrolments(
      tx,
      children.map((childId) => ({ id: newId(), childId, ...enrolment })),
      at("2026-09-01", "08:00"),
    );
    await tx.run(sql`update person set email = 'ugo@posta.example'
      where tenant_id = ${tx.tenantId} and id = ${adultId}`);
    return made;
  });
  const adult = { ...place.sara, id: newId(), name: `Ugo ${surname}`, personId: adultId };
  const slugs = names.children.map((name) => name.toLowerCase()) as [string, string];
  return { surname, holderId, adult, children, slugs, siteId, classId };
}

async function familyThings(site: TestSite, family: Household): Promise<Things> {
  const { place } = site;
  const { holderId, adult, children, slugs } = family;
  const [child, sibling] = children;
  const account: FamilyAccount = { kind: "family", holderId, childId: child };
  const siblingAccount: FamilyAccount = { kind: "family", holderId, childId: sibling };
  const payer = await place.town.read((tx) => holder(tx, holderId));
  return {
    surname: family.surname,
    name: capital(slugs[0]),
    siblingName: capital(slugs[1]),
    slug: slugs[0],
    absentSlug: slugs[1],
    child,
    adult: adult.personId!,
    holder: holderId,
    payer: payer!.paymentCode,
    site: family.siteId,
    class: family.classId,
    service: place.serviceId,
    today: TODAY,
    day: "2026-11-26",
    laterDay: "2026-12-10",
    openDay: "2026-11-19",
    closedDay: "2026-11-23",
    account: accountKey(account),
    siblingAccount: accountKey(siblingAccount),
    debtAccount: accountKey(siblingAccount),
    ...(await mealThings(site, family)),
    ...(await chargeThings(site, family)),
    ...(await noticeThings(site, family)),
    ...(await refundThings(site, { family, account, siblingAccount })),
    ...(await wordThings(site, family)),
    ...(await deskThings(site, family)),
    ...(await applicationThing(place, { actor: adult, childId: child })),
  };
}

async function mealThings({ place }: TestSite, family: Household): Promise<Things> {
  const { adult, children } = family;
  const when = at(TODAY, "08:00");
  const how = {
    actor: adult,
    channel: "portal",
    serviceId: place.serviceId,
    receivedAt: when,
    now: when,
    receiptKey: RECEIPT_KEY,
  } as const;
  return place.town.write(async (tx) => {
    const items = [{ childId: children[1], date: day("2026-11-30") }];
    const act = { ...how, act: "cancel", items, idempotencyKey: newId() } as const;
    const cancelled = await changeMeals(tx, act);
    if (cancelled.outcome !== "answered") throw new Error(cancelled.outcome);
    await changeAbsence(tx, {
      ...how,
      act: "absence",
      childIds: [children[1]],
      from: day("2026-12-01"),
      to: null,
      idempotencyKey: newId(),
    });
    await serveUnknown(tx, {
      actor: MANAGER,
      serviceId: place.serviceId,
      classId: family.classId,
      date: day(TODAY),
      description: "giacca rossa",
      receivedAt: when,
      now: when,
      idempotencyKey: newId(),
    });
    const span = { from: day(TODAY), to: day(TODAY), onlyOpen: true };
    const unknown = await unknownWalkIns(tx, span);
    const walkIn = unknown.find(({ siteId }) => siteId === family.siteId)!.id;
    const receipt = cancelled.answers[0]!.receipt!;
    return { receipt: formatReceiptCode(receipt.number, receipt.checkCode), walkIn };
  });
}

async function chargeThings({ place }: TestSite, family: Household): Promise<Things> {
  const { holderId, adult, children } = family;
  return place.town.write(async (tx) => {
    const span = { from: day("2026-11-23"), to: day("2026-11-23") };
    const charges = await chargesOf(tx, { holderId, ...span });
    const of = (childId: string) => charges.find((one) => one.childId === childId)!.id;
    const disputed = await disputeCharge(tx, {
      actor: adult,
      holderIds: [holderId],
      chargeId: of(children[1]),
      text: "era a casa",
      now: at(TODAY, "08:10"),
    });
    if (disputed.outcome !== "opened") throw new Error(disputed.outcome);
    const [bill] = await billsOf(tx, { holderId });
    return { charge: of(children[0]), dispute: disputed.dispute.id, bill: bill!.number };
  });
}

async function noticeThings(site: TestSite, family: Household): Promise<Things> {
  const { place } = site;
  const { holderId, adult, children } = family;
  const now = at(TODAY, "08:15");
  const asked = (cents: bigint) =>
    issueOne(place, {
      key: newId(),
      kind: "top-up",
      holderId,
      subject: "Ricarica refezione scolastica",
      dueOn: null,
      payableAfterDue: true,
      lines: [
        {
          holderId,
          accountChildId: children[0],
          accountServiceId: null,
          childId: children[0],
          serviceId: place.serviceId,
          amountCents: cents,
        },
      ],
    });
  const [notice, paid, begun] = [await asked(2100n), await asked(20_000n), await asked(2300n)];
  // The second receipt of one notice is a case for the office.
  for (const _receipt of [1, 2]) {
    await land(site.app.db, receiptFor(paid, { paidAt: now }), now);
    const { errors } = await apply(site.app.db, now);
    if (errors.length > 0) throw errors[0];
  }
  return place.town.write(async (tx) => {
    const pay = { actor: adult, noticeIds: [begun.id], key: newId(), anyway: true, now };
    const started = await startCart(tx, pay);
    if (started.outcome !== "started") throw new Error(started.outcome);
    const numbers = { notice: notice.noticeNumber, paid: paid.noticeNumber };
    const cases = await openCases(tx);
    const bills = await noticesOf(tx, { holderIds: [holderId], now });
    const ofBill = bills.find(
      ({ kind, lines }) => kind === "bill" && lines.some(({ childId }) => childId === children[1]),
    );
    return {
      ...numbers,
      billNotice: ofBill!.noticeNumber,
      cart: started.cart.id,
      case: cases.at(-1)!.id,
    };
  });
}

async function refundThings(
  { place }: TestSite,
  of: { family: Household; account: FamilyAccount; siblingAccount: FamilyAccount },
): Promise<Things> {
  const { holderId, adult, children } = of.family;
  const now = at(TODAY, "08:20");
  const key = newId();
  const ask = {
    actor: adult,
    holderId,
    draft: {
      kind: "refund",
      amountCents: 100n,
      reason: "cambia scuola",
      beneficiary: "Sara Ferrando",
      iban: BANK_IBAN,
      from: { childId: children[0], serviceId: null },
      to: null,
    },
    now,
  } as const;
  return place.town.write(async (tx) => {
    const kind = { kind: "meal", happenedOn: day("2026-05-20") } as const;
    const credit = { kind: "revenue", serviceId: place.serviceId } as const;
    const debt = { key: `old-debt:${key}`, debit: of.siblingAccount, credit, amountCents: 5000n };
    await post(tx, { ...debt, ...kind }, now);
    const known = new Set((await moneyRequests(tx, {})).map(({ id }) => id));
    for (let count = 0; count < 4; count += 1) await askMoney(tx, { ...ask, key: newId() });
    const ids = (await moneyRequests(tx, {})).map(({ id }) => id).filter((id) => !known.has(id));
    const [request, approved, ordered, waiting] = ids as [string, string, string, string];
    for (const id of [approved, ordered, waiting])
      await answerMoney(tx, { actor: MANAGER, id, decision: "approve", answer: "", now });
    const file = { actor: MANAGER, executionOn: day("2026-11-25"), now };
    const [batch, newBatch] = [
      await orderRefunds(tx, { ...file, ids: [ordered] }),
      await orderRefunds(tx, { ...file, ids: [waiting] }),
    ];
    if (batch.outcome !== "ordered" || newBatch.outcome !== "ordered")
      throw new Error(JSON.stringify([batch, newBatch]));
    await markBatchSent(tx, { actor: MANAGER, id: batch.batchId, now });
    const reason = "irreperibili";
    const proposal = { account: of.siblingAccount, amountCents: 1000n, reason, key, now };
    await proposeWriteOff(tx, { actor: MANAGER, ...proposal });
    const [writeOff] = await writeOffs(tx, { holderId });
    return {
      request,
      approved,
      ordered,
      batch: batch.batchId,
      newBatch: newBatch.batchId,
      writeOff: writeOff!.id,
    };
  });
}

async function wordThings({ place }: TestSite, family: Household): Promise<Things> {
  const { holderId, adult } = family;
  const now = at(TODAY, "08:25");
  const email = newId();
  return place.town.write(async (tx) => {
    const text = { kind: "prova", subject: `A ${family.surname}`, body: "Prova" };
    await planMessages(tx, [{ ...text, holderId, dedupeKey: newId() }], now);
    const messages = await messagesOf(tx, { holderIds: [holderId], limit: 50 });
    const own = messages.find(({ subject }) => subject === text.subject)!;
    const personId = adult.personId!;
    const topic = { topic: "name", text: "De Ferrando", key: newId(), at: now } as const;
    const asked = { actor: adult, personId, askedByPersonId: personId, ...topic };
    const correction = await askCorrection(tx, asked);
    if (correction.outcome !== "asked") throw new Error(correction.outcome);
    await tx.run(sql`
      insert into email (tenant_id, id, holder_id, person_id, kind, address, lang, subject, body, path, dedupe_key,
        state, next_attempt_at, problem, planned_at, done_at)
      values (${tx.tenantId}, ${email}, ${holderId}, ${personId}, 'bill', 'a@posta.example', 'it', 'Avviso', 'Prova',
        '/pagamenti', ${email}, 'given-up', ${now}::timestamptz, '550', ${now}::timestamptz, ${now}::timestamptz)`);
    const delegation = newId();
    await insertDelegate(tx, {
      ...{
        id: delegation,
        holderId,
        codiceFiscale: withControl("NRERTI55C52F205"),
        scopes: ["view"],
      },
      ...{ givenName: "Rita", surname: "Neri", from: START, to: null },
      ...{ addedAt: now, addedBy: adult.name },
    });
    const seen = { subject: `eidas:DE/IT/${holderId}`, givenName: "Uwe", surname: "Klein" };
    await noteStranger(tx, { ...seen, birthDate: null, at: now });
    const stranger = (await strangerBySubject(tx, seen.subject))!.id;
    return { message: own.id, correction: topic.key, email, delegation, stranger };
  });
}

async function settlementThings({ place }: TestSite, creditor: string): Promise<Things> {
  const now = at(TODAY, "08:26");
  // Paid, says the flow; its receipt never came.
  const line = topUpLine(place, place.giulia, 800n);
  const receipt = receiptFor(await issueOne(place, topUp(place, newId(), [line])));
  const stored = await store(place, reportOf(creditor, [lineOf(receipt)]), now);
  if (stored.outcome !== "stored") throw new Error(stored.outcome);
  const bare = movementOf(5000n, { causale: "PAGOPA INCASSI VARI", key: `bare ${place.tenantId}` });
  await bankSays(place, journalOf(creditor, [bare]), now);
  const journal = journalOf(creditor, [movementOf(700n)], "GDC-20261125PROVA00000002#001#001");
  return place.town.write(async (tx) => {
    const planned = await planBankFile(tx, {
      file: { kind: "cash-journal", journal },
      fileName: "giornale.xml",
      actor: MANAGER,
      now,
    });
    if (planned.outcome !== "planned") throw new Error(planned.outcome);
    const { id } = await tx.one<{ id: string }>(
      sql`select id from bank_movement where tenant_id = ${tx.tenantId}`,
    );
    const accounts = await collectionAccounts(tx);
    return {
      flow: stored.flowId,
      line: "1",
      movement: id,
      bankFile: planned.uploadId,
      bankAccount: accounts[0]!.id,
      journal: journalFile([{ causale: "PAGOPA /PUR/LGPE/URI/X", euro: "12.00" }], {
        fiscalCode: creditor,
      }),
    };
  });
}

const idIn = (location: unknown): string =>
  /[0-9a-f-]{36}/.exec(String(location))?.[0] ?? `no id in ${String(location)}`;

/** A receipt of another portal, registered by the office with its file. */
async function deskThings(site: TestSite, { holderId, children }: Household): Promise<Things> {
  const office = await site.signInAs("office", { name: "M. Conti" });
  const done = await upload(site, office, {
    path: `/ufficio/famiglie/${holderId}/pagamento`,
    fields: {
      destinazione: accountKey({ kind: "family", holderId, childId: children[0] }),
      modo: "other-portal",
      importo: "46,00",
      data: "2026-11-18",
      "pagato-da": "Sara Ferrando",
      identificativo: `IUR-${holderId}`,
    },
    file: { field: "ricevuta", name: "ricevuta.pdf", text: "%PDF-1.4 prova" },
  });
  return { desk: idIn(done.headers.location) };
}

/** What people at their desks begin: by the pages themselves. */
async function officeThings(site: TestSite): Promise<Things> {
  const { place } = site;
  const office = await site.signInAs("office-manager", { name: "M. Conti" });
  const persona = await site.signInAs("guardian", { name: "Sara Ferrando" });
  const date = "2026-12-17";
  const closure = await site.post(
    "/ufficio/chiusure/nuova",
    {
      scuola: place.siteId,
      dal: date,
      al: date,
      motivo: "weather",
      mostrato: `${place.serviceId}|${place.siteId}||${date}|${date}`,
      atto: "chiudi",
    },
    office,
  );
  const print = await site.post("/ufficio/pagamenti/stampe/nuova", { singoli: "si" }, office);
  await makePrintFiles(site.app, place.town, {
    isStopping: () => false,
    onError: (_, error) => {
      throw error;
    },
  });
  const letters = await site.post("/ufficio/credenziali/nuove", { servizio: "" }, office);
  await makeTownLetters(site.app, { town: site.tenant, isStopping: () => false });
  const imported = async (text: string): Promise<string> => {
    const done = await upload(site, office, {
      path: "/ufficio/importazioni",
      fields: { scuola: place.siteId, decorrenza: TODAY },
      file: { field: "file", name: "elenco.csv", text },
    });
    return idIn(done.headers.location);
  };
  return {
    letters: idIn(letters.headers.location),
    persona: persona.accountId,
    closure: idIn(closure.headers.location),
    print: idIn(print.headers.location),
    import: await imported("Cognome;Nome;Data di nascita;Classe\nNeri;Ugo;01/02/2018;3A\n"),
    unmapped: await imported("Cogn. ISCR;Nom. ISCR;Nasc.;Gruppo\nBianchi;Omar;01/02/2018;3A"),
    asset: readdirSync(ASSETS_DIRECTORY).find((name) => name.endsWith(".css"))!,
  };
}

/** What the municipality and its catering company told everybody. */
async function newsThings(site: TestSite): Promise<Things> {
  const things = { news: newId(), catererNews: newId() };
  const words = { titolo: "Menù invernale", testo: "Da lunedì.", fino: "" };
  const office = await site.signInAs("office", { name: "M. Conti" });
  await site.post("/ufficio/novita/nuova", { ...words, key: things.news }, office);
  const caterer = await site.signInAs("caterer", { name: "Sergio Fontana" });
  await site.post("/ristorazione/novita/nuova", { ...words, key: things.catererNews }, caterer);
  return things;
}

/** Somebody who works for the town. */
async function staffThings({ place }: TestSite): Promise<Things> {
  const now = at(TODAY, "08:27");
  return place.town.write(async (tx) => {
    const made = await createStaff(tx, {
      ...{ by: staff("administrator", "R. Verdi"), sealKey: "seal", now, email: "" },
      ...{ username: "m.rossi", displayName: "Marta Rossi", role: "kitchen" },
      ...{ scope: { siteId: null, classId: null }, way: "shown" },
    });
    if (made.outcome !== "created") throw new Error(made.outcome);
    const [account] = await staffAccounts(tx, { date: day(TODAY), id: made.accountId });
    const device = await makeDevice(tx, {
      ...{ by: staff("office", "M. Conti"), sealKey: "seal", now: NOW, name: "Tablet 3A" },
      ...{ role: "school", siteId: place.siteId, classIds: [] },
    });
    if (device.outcome !== "made") throw new Error(device.outcome);
    return {
      ...{ staff: made.accountId, grant: account!.grants[0]!.id },
      ...{ device: device.id, deviceLink: device.code },
    };
  });
}

/** The kitchen's order is frozen, and somebody was in time whose word came later. */
async function differences(site: TestSite, family: Household): Promise<string> {
  const { place } = site;
  site.setClock(at(TODAY, "09:30"));
  const cook = await site.signInAs("kitchen");
  await site.get("/cucina", cook);
  await place.town.write((tx) =>
    changeMeals(tx, {
      actor: family.adult,
      channel: "portal",
      act: "cancel",
      serviceId: place.serviceId,
      items: [{ childId: family.children[1], date: day(TODAY) }],
      receivedAt: at(TODAY, "08:59"),
      now: at(TODAY, "09:31"),
      idempotencyKey: newId(),
      receiptKey: RECEIPT_KEY,
    }),
  );
  const page = await site.get("/cucina", cook);
  return /name="differenze"[^>]*value="([^"]+)"/.exec(page.body)?.[1] ?? "no digest";
}
