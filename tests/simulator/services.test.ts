// SPDX-License-Identifier: EUPL-1.2
/** The simulator's REST services: flows, receipts, positions and copies, answered as pagoPA's descriptions say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { systemActor } from "#kernel/actor.ts";
import { moment } from "#kernel/dates.ts";
import { newId } from "#kernel/ids.ts";
import { balanceOf } from "#ledger";
import { configureStation, type Notice } from "#payments";
import { readCashJournal } from "../../src/integrations/opi/read-cash-journal.ts";
import { collecting, issueOne, topUp, topUpLine } from "../support/collecting.ts";
import { testDatabase, type TestDatabase } from "../support/db.ts";
import { schemaFaults } from "../support/json-schema.ts";
import { type Simulated, simulatedPagoPa } from "../support/simulated-pagopa.ts";
import { type SmallTown, smallTown } from "../support/small-town.ts";
import { until } from "../support/until.ts";
import { PAGOPA_SPECS, schemaJudge, specsMissing } from "../support/xsd.ts";

const START = moment("2026-11-20T09:16:00Z");
let now = START;
let base: TestDatabase;
let pagoPa: Simulated;

before(async () => {
  base = await testDatabase();
  pagoPa = await simulatedPagoPa(base.db, { now: () => now });
});
afterEach(() => {
  now = START;
  return pagoPa.command("/_comandi/azzera");
});
after(async () => {
  await pagoPa.close();
  await base.close();
});

type Json = Record<string, unknown>;

/** pagoPA's own examples write `null` where their descriptions allow none. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (one === null ? undefined : one)));

/** Judges by a schema of pagoPA's, where that is at hand. */
function judge(file: string, schema: string, value: unknown): void {
  if (specsMissing) return;
  const document: unknown = JSON.parse(readFileSync(join(PAGOPA_SPECS, "openapi", file), "utf8"));
  const faults = schemaFaults(document, `#/components/schemas/${schema}`, withoutNulls(value));
  assert.deepEqual(faults, [], `${file} ${schema}`);
}

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Json }> {
  const answer = await fetch(`${pagoPa.simulator.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text.startsWith("{") ? JSON.parse(text) : {}) as Json };
}

let towns = 0;
async function payingTown(): Promise<{ place: SmallTown; creditor: string; notice: Notice }> {
  const place = await smallTown(base.db);
  const creditor = `7700000000${towns++}`;
  await collecting(place, { creditor });
  const line = topUpLine(place, place.giulia, 6410n);
  return { place, creditor, notice: await issueOne(place, topUp(place, newId(), [line])) };
}

const payAtCounter = async (of: { creditor: string; noticeNumber: string; cents: bigint }) =>
  fetch(`${pagoPa.simulator.url}/tabaccaio/paga`, {
    method: "POST",
    body: new URLSearchParams({
      noticeNumber: of.noticeNumber,
      fiscalCode: of.creditor,
      amountCents: of.cents.toString(),
    }),
    redirect: "manual",
  });

const position = (nav: string, changes: Json = {}): Json => ({
  iupd: `posizione-${nav}`,
  type: "F",
  fiscalCode: "ANONIMO",
  fullName: "Ada Perla",
  companyName: "Comune di Borgo Immaginario",
  switchToExpired: true,
  payStandIn: true,
  paymentOption: [option(nav)],
  ...changes,
});

const option = (nav: string, changes: Json = {}): Json => ({
  nav,
  iuv: nav.slice(1),
  amount: 3780,
  description: "Refezione scolastica",
  isPartialPayment: false,
  dueDate: "2026-12-15T22:59:59Z",
  paymentOptionMetadata: [],
  transfer: [
    {
      idTransfer: "1",
      amount: 3780,
      remittanceInformation: "/RFB/x",
      category: "9/0107101TS/",
      iban: "IT60X0542811101000000123456",
      transferMetadata: [],
    },
  ],
  ...changes,
});

describe("settlement flows and single receipts", () => {
  it("X-05 a payment whose receipt never came is in the flow, and its receipt can be fetched", async () => {
    const { creditor, notice } = await payingTown();
    await pagoPa.command("/_comandi", { receipt: "never" });
    const { noticeNumber, amountCents: cents } = notice;
    assert.equal((await payAtCounter({ creditor, noticeNumber, cents })).status, 303);
    const made = (await pagoPa.command("/_comandi/rendiconta")) as Json[];
    const own = made.find((one) => one["organization"] === creditor);
    assert.equal(own?.["totalCents"], 6410);
    assert.deepEqual(await pagoPa.command("/_comandi/rendiconta"), [], "each payment once");

    const root = `/fdr-org/service/v1/organizations/${creditor}/fdrs`;
    const list = await call("GET", `${root}?publishedGt=2026-11-01T00:00:00Z`);
    judge("fdr_organization.json", "PaginatedFlowsResponse", list.body);
    const [flow] = list.body["data"] as Json[];
    const path = `${root}/${flow!["fdr"]}/revisions/1/psps/${flow!["pspId"]}`;
    const one = await call("GET", path);
    judge("fdr_organization.json", "SingleFlowResponse", one.body);
    assert.deepEqual([one.body["totPayments"], one.body["sumPayments"]], [1, 64.1]);
    const payments = await call("GET", `${path}/payments`);
    judge("fdr_organization.json", "PaginatedPaymentsResponse", payments.body);
    const [line] = payments.body["data"] as Json[];
    assert.deepEqual([line?.["pay"], line?.["payStatus"]], [64.1, "EXECUTED"]);

    const iur = String(line?.["iur"]);
    for (const tail of ["", `/paymentoptions/${String(line?.["iuv"])}`]) {
      const found = await call(
        "GET",
        `/bizevents/service/v1/organizations/${creditor}/receipts/${iur}${tail}`,
      );
      // Their description wants an attachment that only revenue stamps have, and a zone their examples lack.
      const transfers = (found.body["transferList"] as Json[]).map((transfer) => ({
        ...transfer,
        mbdAttachment: "",
      }));
      const zoned = `${String(found.body["paymentDateTimeFormatted"])}Z`;
      const body = { ...found.body, transferList: transfers, paymentDateTimeFormatted: zoned };
      judge("biz_events.json", "CtReceiptModelResponse", body);
      assert.equal(found.body["noticeNumber"], noticeNumber);
    }
    const other = `/bizevents/service/v1/organizations/99999999999/receipts/${iur}`;
    assert.equal((await call("GET", other)).status, 404);
  });

  it("X-05 the bank's cash journal has every flow with pagoPA's causale, valid by the standard's schema", async () => {
    const { creditor, notice } = await payingTown();
    const path = `${pagoPa.simulator.url}/_comandi/giornale/${creditor}`;
    assert.equal((await fetch(path)).status, 404);
    const { noticeNumber, amountCents: cents } = notice;
    await payAtCounter({ creditor, noticeNumber, cents });
    await pagoPa.command("/_comandi/rendiconta");
    const journal = await (await fetch(path)).text();
    if (!specsMissing) schemaJudge("xsd/opi/OPI_GIORNALE_DI_CASSA_V_1_8.xsd")(journal);
    const read = readCashJournal(journal);
    assert.ok(read.outcome === "read");
    assert.equal(read.journal.fiscalCode, creditor);
    const [movement] = read.journal.movements;
    assert.equal(movement?.amountCents, 6410n);
    const [flow] = pagoPa.simulator.world.flows.of(creditor);
    assert.equal(movement.causale, `/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/${flow!.fdr}`);
    const page = await (await fetch(`${pagoPa.simulator.url}/_comandi`)).text();
    assert.match(page, new RegExp(`/_comandi/giornale/${creditor}`));
  });

  it("X-05 a higher revision takes the place of a flow; pages, cursors and faults are pagoPA's", async () => {
    const { creditor, notice } = await payingTown();
    const { noticeNumber, amountCents: cents } = notice;
    await payAtCounter({ creditor, noticeNumber, cents });
    await pagoPa.command("/_comandi/rendiconta", { status: "NO_RPT" });
    const root = `/fdr-org/service/v1/organizations/${creditor}/fdrs`;
    const listed = async (query = ""): Promise<Json[]> =>
      (await call("GET", root + query)).body["data"] as Json[];
    const [flow] = await listed();
    now = START.add({ minutes: 10 });
    await pagoPa.command("/_comandi/rendiconta", { revise: flow!["fdr"] });
    assert.deepEqual(
      (await listed()).map(({ revision }) => revision),
      [2],
    );
    assert.equal((await listed(`?publishedGt=${now.toString()}`)).length, 0);
    assert.equal((await listed("?page=2&size=1")).length, 0);
    const wrong = await call("GET", `${root}?size=5000`);
    assert.equal(wrong.status, 400);
    judge("fdr_organization.json", "ErrorResponse", wrong.body);
    const missing = await call("GET", `${root}/non-c-e/revisions/1/psps/X`);
    assert.deepEqual([missing.status, missing.body["appErrorCode"]], [404, "FDR-3001"]);
    await pagoPa.command("/_comandi", { services: "throttled" });
    assert.equal((await call("GET", root)).status, 429);
  });
});

describe("GPD", () => {
  const v1 = (tail = ""): string =>
    `/gpd/debt-positions-service/v1/organizations/77777777777/debtpositions${tail}`;
  const v3 = (tail = ""): string => v1(tail).replace("/v1/", "/v3/");

  it("OS-07 v1: draft, published, changed, invalidated; what is closed stays closed", async () => {
    const nav = "345000000000000101";
    const path = v1(`/posizione-${nav}`);
    const made = await call("POST", v1(), position(nav));
    assert.equal(made.status, 201);
    judge("gpd.json", "PaymentPositionModel", made.body);
    assert.equal(made.body["status"], "DRAFT");
    assert.equal((await call("POST", v1(), position(nav))).status, 409);
    assert.equal((await call("POST", v1(), { ...position(nav), iupd: "altra" })).status, 409);
    assert.equal((await call("POST", v1(), { ...position(nav), fullName: "" })).status, 400);
    assert.equal((await call("POST", `${path}/invalidate`)).status, 409, "a draft");
    assert.equal((await call("POST", `${path}/publish`)).body["status"], "VALID");
    assert.equal((await call("POST", `${path}/publish`)).status, 409);
    const dearer = option(nav, {
      amount: 4000,
      transfer: [{ ...(option(nav)["transfer"] as Json[])[0], amount: 4000 }],
    });
    assert.equal((await call("PUT", path, position(nav, { paymentOption: [dearer] }))).status, 200);
    const read = await call("GET", path);
    judge("gpd.json", "PaymentPositionModelBaseResponse", read.body);
    assert.equal((read.body["paymentOption"] as Json[])[0]?.["amount"], 4000);
    const list = await call("GET", v1("?limit=10&page=0"));
    judge("gpd.json", "PaymentPositionsInfo", list.body);
    assert.equal((await call("POST", `${path}/invalidate`)).body["status"], "INVALID");
    assert.equal((await call("PUT", path, position(nav))).status, 409);
    assert.equal((await call("DELETE", path)).status, 200);
    assert.equal((await call("GET", path)).status, 404);
  });

  it("BO-08 v1: paid at a counter of ours, once", async () => {
    const nav = "345000000000000202";
    const paids = `/gpd/debt-positions-service/v1/organizations/77777777777/paymentoptions/paids/${nav}`;
    const paymentDate = "2026-11-20T09:00:00Z";
    assert.equal((await call("POST", paids, { paymentDate })).status, 404);
    await call("POST", v1(), position(nav));
    assert.equal((await call("POST", paids, { paymentDate })).status, 422, "a draft");
    await call("POST", v1(`/posizione-${nav}/publish`));
    const paid = await call("POST", paids, { paymentDate });
    judge("gpd.json", "PaymentsModelResponse", paid.body);
    assert.equal(paid.body["status"], "PO_PAID");
    assert.equal((await call("POST", paids, { paymentDate })).status, 409);
    assert.equal((await call("DELETE", v1(`/posizione-${nav}`))).status, 409);
  });

  it("OS-11 v3: instalments instead of the whole; the Node takes money for what is payable", async () => {
    await asynchronousStation();
    const navs = ["345000000000000301", "345000000000000302", "345000000000000303"] as const;
    const { isPartialPayment: _, paymentOptionMetadata: __, ...plain } = option(navs[0]);
    const instalment = (nav: string): Json => ({
      ...plain,
      nav,
      iuv: nav.slice(1),
      installmentMetadata: [],
    });
    const debtor = { type: "F", fiscalCode: "ANONIMO", fullName: "Ada Perla" };
    const group = (...all: Json[]): Json => ({
      description: "Refezione",
      switchToExpired: true,
      debtor,
      installments: all,
    });
    const body = {
      iupd: "piano",
      companyName: "Comune di Borgo Immaginario",
      paymentOption: [group(instalment(navs[0])), group(instalment(navs[1]), instalment(navs[2]))],
    };
    judge("gpd_v3.json", "PaymentPositionModelV3", body);
    const made = await call("POST", v3("?toPublish=true"), body);
    assert.deepEqual([made.status, made.body["status"]], [201, "VALID"]);
    judge("gpd_v3.json", "PaymentPositionModelV3", made.body);

    const pay = (noticeNumber: string) =>
      payAtCounter({ creditor: "77777777777", noticeNumber, cents: 3780n });
    await pagoPa.command("/_comandi", { receipt: "never" });
    assert.equal((await pay(navs[1])).status, 303);
    assert.equal((await pay(navs[0])).status, 409, "the whole, once an instalment is paid");
    const read = await call("GET", v3("/piano"));
    judge("gpd_v3.json", "PaymentPositionModelResponseV3", read.body);
    assert.equal(read.body["status"], "PARTIALLY_PAID");
    assert.equal((await call("PUT", v3("/piano"), body)).status, 409);
    assert.equal((await pay(navs[2])).status, 303);
    assert.equal((await call("GET", v3("/piano"))).body["status"], "PAID");

    const late = "345000000000000404";
    await call("POST", v1("?toPublish=true"), position(late));
    now = moment("2026-12-16T00:00:00Z");
    assert.equal((await call("GET", v1(`/posizione-${late}`))).body["status"], "EXPIRED");
    assert.match(await (await pay(late)).text(), /PAA_PAGAMENTO_SCADUTO/);
  });

  /** Answered for by GPD, not by us. */
  async function asynchronousStation(): Promise<void> {
    const place = await smallTown(base.db);
    const station = {
      creditorFiscalCode: "77777777777",
      segregationCode: "45",
      stationId: "77777777777_09",
      brokerFiscalCode: "77777777777",
      mode: "asynchronous" as const,
    };
    const saved = await place.town.write((tx) =>
      configureStation(tx, { actor: systemActor, station, now }),
    );
    assert.equal(saved.outcome, "saved");
  }
});

describe("ACA", () => {
  const put = (body: Json) => call("POST", "/aca/v1/paCreatePosition", body);
  const copyOf = (creditor: string, notice: Notice, amount: number): Json => ({
    paFiscalCode: creditor,
    entityType: "F",
    entityFiscalCode: "ANONIMO",
    entityFullName: "Sara Ferrando",
    iuv: notice.noticeNumber.slice(1),
    nav: notice.noticeNumber,
    amount,
    description: "Ricarica refezione scolastica",
    expirationDate: "2026-12-15T22:59:59Z",
    iban: "IT60X0542811101000000123456",
    switchToExpired: false,
    payStandIn: true,
  });

  it("OS-07 upsert, change, close by amount 0; what is paid is not touched", async () => {
    const { creditor, notice } = await payingTown();
    assert.equal((await put(copyOf(creditor, notice, 0))).status, 404);
    const made = await put(copyOf(creditor, notice, 6410));
    judge("paCreatePosition.json", "DebtPositionResponse", made.body);
    assert.deepEqual([made.status, made.body["status"]], [200, "VALID"]);
    assert.equal((await put(copyOf(creditor, notice, 6500))).body["amount"], 6500);
    assert.equal((await put(copyOf(creditor, notice, 0))).body["status"], "INVALID");
    assert.equal((await put(copyOf(creditor, notice, 0))).status, 200, "again");
    assert.equal((await put(copyOf(creditor, notice, 6410))).status, 409, "closed for ever");
    assert.equal((await put({ ...copyOf(creditor, notice, 1), iban: "x" })).status, 400);
    await pagoPa.command("/_comandi", { services: "down" });
    assert.equal((await put(copyOf(creditor, notice, 6410))).status, 503);
  });

  it("X-05 stand-in: while the station is down pagoPA takes the money by its copy, the receipt follows", async () => {
    const { creditor, notice, place } = await payingTown();
    await put(copyOf(creditor, notice, 6410));
    await pagoPa.command("/_comandi", { unreachable: true });
    const { noticeNumber, amountCents: cents } = notice;
    assert.equal((await payAtCounter({ creditor, noticeNumber, cents })).status, 409);
    await pagoPa.command("/_comandi", { standIn: true, receipt: "before-return" });
    assert.equal((await payAtCounter({ creditor, noticeNumber, cents })).status, 303);
    await pagoPa.command("/_comandi", { unreachable: false });
    await pagoPa.command("/_comandi/ritenta");
    await until(
      async () =>
        (await place.town.read((tx) =>
          balanceOf(tx, { kind: "family", holderId: place.holderId, childId: place.giulia }),
        )) === 6410n,
    );
    assert.equal((await put(copyOf(creditor, notice, 0))).status, 409, "paid");
  });
});
