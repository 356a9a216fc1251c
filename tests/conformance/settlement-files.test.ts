// SPDX-License-Identifier: EUPL-1.2
/** Cash journals of four versions, flows as XML and JSON, receipts from biz-events: what they say, and what is refused. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { moment } from "#kernel/dates.ts";
import { readBankFile } from "../../src/integrations/opi/read-bank-file.ts";
import {
  readRecoveredReceipt,
  receiptSource,
  writeRecoveredReceipt,
} from "../../src/integrations/pagopa/biz-events.ts";
import { fdrSource } from "../../src/integrations/pagopa/fdr/client.ts";
import { receiptFor } from "../support/collecting.ts";
import { flowFile, journalFile, type JournalLine } from "../support/settlement-files.ts";
import { PAGOPA_SPECS, specsMissing } from "../support/xsd.ts";
import { IDLE } from "../support/idle.ts";

const sample = (path: string): string => readFileSync(join(PAGOPA_SPECS, "samples", path), "utf8");
const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

function journal(text: string) {
  const read = readBankFile(bytes(text));
  assert.ok(read.outcome === "read");
  assert.ok(read.file.kind === "cash-journal");
  return read.file.journal;
}

function report(text: string) {
  const read = readBankFile(bytes(text));
  assert.ok(read.outcome === "read");
  assert.ok(read.file.kind === "settlement-report");
  return read.file.report;
}

const IN: JournalLine = { causale: "/PUR/LGPE-RIVERSAMENTO/URI/F1", euro: "124.10" };

describe("X-05 a cash journal", () => {
  it("tells of money that came in, once, in every version", () => {
    const lines: JournalLine[] = [
      IN,
      { ...IN, movement: "USCITA", document: "MANDATO" },
      { ...IN, operation: "REGOLARIZZATO", number: 1 },
      { ...IN, document: "REVERSALE", execution: "REGOLARIZZAZIONE" },
      { ...IN, document: "REVERSALE", execution: "SEPA CREDIT TRANSFER", euro: "10.5" },
      { ...IN, operation: "STORNATO", number: 1 },
      { ...IN, number: 1 },
    ];
    const [now, old] = [journal(journalFile(lines)), journal(journalFile(lines, { old: true }))];
    assert.deepEqual(
      now.movements.map(({ amountCents }) => amountCents),
      [12_410n, 1050n, -12_410n, 12_410n],
    );
    assert.equal(now.others, 3);
    assert.deepEqual(
      old.movements.map(({ key }) => key),
      now.movements.map(({ key }) => key),
      "the same movement has the same key in both versions",
    );
    assert.equal(new Set(now.movements.map(({ key }) => key)).size, 4, "twice the same is two");
    assert.equal(now.movements[0]!.account, "0000001");
    assert.equal(old.from.toString(), "2026-11-01");
  });

  const hostile: [string, string, string][] = [
    ["a document type", journalFile([IN], { head: "<!DOCTYPE a>" }), "doctype"],
    ["an end that is missing", journalFile([IN]).slice(0, -30), "not-well-formed"],
    ["no amount", journalFile([{ ...IN, euro: "molto" }]), "movement-incomplete"],
    ["no day", journalFile([{ ...IN, day: "ieri" }]), "movement-incomplete"],
    ["another institution's code", journalFile([IN], { fiscalCode: "x" }), "head-incomplete"],
    ["another kind of file", "<html><body/></html>", "unknown-kind"],
    ["depth", `${"<a>".repeat(60)}${"</a>".repeat(60)}`, "too-large"],
    ["endless text", `<a><b>${"x".repeat(10_000)}</b></a>`, "too-large"],
    ["nothing", "", "not-well-formed"],
  ];
  for (const [what, text, reason] of hostile)
    it(`with ${what} is refused`, () => {
      assert.deepEqual(readBankFile(bytes(text)), { outcome: "unreadable", reason });
    });

  it("may be in ISO-8859-1, with a byte order mark, or rubbish", () => {
    const text = journalFile([{ ...IN, causale: "Città /URI/F1" }], { encoding: "ISO-8859-1" });
    const read = readBankFile(Buffer.from(text, "latin1"));
    assert.ok(read.outcome === "read" && read.file.kind === "cash-journal");
    assert.equal(read.file.journal.movements[0]!.causale, "Città /URI/F1");
    assert.equal(readBankFile(bytes(`\uFEFF${journalFile([IN])}`)).outcome, "read");
    assert.equal(readBankFile(Buffer.from([0xff, 0x00, 0x12])).outcome, "unreadable");
  });

  it("changed anywhere is read or refused, never an exception, never slow", () => {
    const whole = [
      journalFile([IN, { ...IN, operation: "STORNATO" }]),
      flowFile([{ iuv: "12260000001234523", iur: "r", euro: "1.00" }], { total: "1.00" }),
    ];
    const piece = fc.constantFrom(
      "<",
      ">",
      "&",
      "</",
      "]]>",
      "<!--",
      "\0",
      "é",
      "<?a?>",
      "&a;",
      '"',
      "9",
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(40), piece), {
          minLength: 1,
          maxLength: 4,
        }),
        (text, changes) => {
          let changed = text;
          for (const [where, length, more] of changes) {
            const at = Math.floor(where * changed.length);
            changed = changed.slice(0, at) + more + changed.slice(at + length);
          }
          const read = readBankFile(bytes(changed));
          if (read.outcome === "read" && read.file.kind === "cash-journal")
            for (const one of read.file.journal.movements) assert.ok(one.amountCents !== 0n);
        },
      ),
      { numRuns: 500 },
    );
  });

  for (const version of ["1_4", "1_6_1", "1_7_1", "1_8"])
    it(
      `of version ${version} is read as the standard's sample has it`,
      { skip: specsMissing },
      () => {
        const read = journal(sample(`opi/OPI_GIORNALE_DI_CASSA_V_${version}.VALID.xml`));
        assert.deepEqual(
          read.movements.map(({ amountCents, document, account }) => [
            amountCents,
            document,
            account,
          ]),
          [
            [501_587n, "SOSPESO ENTRATA 64422", "0000005"],
            [427_620n, "SOSPESO ENTRATA 64426", "0000005"],
          ],
        );
        assert.equal(read.others, 2);
      },
    );

  it("with a transfer of pagoPA names its flow", { skip: specsMissing }, () => {
    const read = journal(sample("opi/OPI_GIORNALE_DI_CASSA_V_1_8.pagopa-riversamento.xml"));
    assert.match(read.movements[0]!.causale, /\/URI\/2026-11-23AGID_01-S000000001$/);
    assert.equal(read.movements[0]!.amountCents, 12_410n);
  });
});

describe("X-05 a flow as XML", () => {
  const one = { iuv: "12260000001234523", iur: "r1", euro: "64.10" };
  it("says what was paid; a payment without a number is the first of its notice", () => {
    const read = report(
      flowFile([one, { ...one, iur: "r2", euro: "1.00", code: "3" }], { total: "63.10" }),
    );
    assert.deepEqual(
      read.payments.map(({ amountCents, outcome, transfer }) => [amountCents, outcome, transfer]),
      [
        [6410n, "EXECUTED", 1],
        [100n, "REVOKED", 1],
      ],
    );
    assert.equal(read.flowAt.toString(), "2026-11-23T17:00:00Z");
    assert.equal(read.creditorFiscalCode, "77777777777");
  });

  it("with a value that is none names the element", () => {
    const wrong = flowFile([{ ...one, code: "7" }], { total: "64.10" });
    assert.deepEqual(readBankFile(bytes(wrong)), {
      outcome: "unreadable",
      reason: "codiceEsitoSingoloPagamento",
    });
  });

  for (const [name, outcome] of [
    ["FlussoRiversamento_1_0_4.sample.xml", "NO_RPT"],
    ["FlussoRiversamento_1_0_5.sample-standin.xml", "STAND_IN"],
  ] as const)
    it(`is read as the sample ${name} has it`, { skip: specsMissing }, () => {
      const read = report(sample(`fdr/${name}`));
      assert.deepEqual(
        [read.totalCents, read.paymentCount, read.payments[1]!.outcome],
        [12_410n, 2, outcome],
      );
    });
});

/** Answers by the path's end; remembers what was asked. */
async function stub(answers: Readonly<Record<string, { status?: number; body: string }>>) {
  const asked: { path: string; key: string | undefined }[] = [];
  const server = createServer(IDLE, (request, response) => {
    const path = request.url ?? "";
    asked.push({ path, key: request.headers["ocp-apim-subscription-key"] as string });
    const found = Object.entries(answers).find(([end]) => path.endsWith(end))?.[1];
    response.writeHead(found?.status ?? (found ? 200 : 404), {
      "content-type": "application/json",
    });
    response.end(found?.body ?? "{}");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise((done) => server.close(done));
  return { access: { apiUrl, subscriptionKey: "k" }, asked, close };
}

const FLOW = {
  fdr: "F1",
  fdrDate: "2026-11-23T18:00:00.000Z",
  revision: 1,
  regulation: "TRN1",
  regulationDate: "2026-11-23",
  sender: { id: "ABC_01", pspId: "ABC_01", pspName: "PSP di prova" },
  receiver: { organizationId: "77777777777" },
  totPayments: 2,
  sumPayments: 124.1,
};
const PAYMENT = {
  index: 1,
  iuv: "12260000001234523",
  iur: "r1",
  idTransfer: 1,
  pay: 64.1,
  payStatus: "EXECUTED",
  payDate: "2026-11-20T00:00:00Z",
};
const LISTED = {
  pspId: "ABC_01",
  flowCode: "F1",
  revision: 1,
  publishedAt: moment("2026-11-23T18:05:00Z"),
};
const page = (data: object[], totPage = 1): string =>
  JSON.stringify({ metadata: { totPage }, count: data.length, data });
const FOR = { creditorFiscalCode: "77777777777", iur: "r1", iuv: "i" };

describe("X-05 flows by REST", () => {
  it("come page by page, with the key, from the moment asked for", async (t) => {
    const list = { fdr: "F1", pspId: "ABC_01", revision: 1, published: "2026-11-23T18:05:00Z" };
    const { access, asked, close } = await stub({
      "/fdrs?page=1&size=1000&publishedGt=2026-11-22T10%3A00%3A00Z": { body: page([list], 2) },
      "/fdrs?page=2&size=1000&publishedGt=2026-11-22T10%3A00%3A00Z": { body: page([list], 2) },
      "/psps/ABC_01": { body: JSON.stringify(FLOW) },
      "/payments?page=1&size=1000": { body: page([PAYMENT], 2) },
      "/payments?page=2&size=1000": { body: page([{ ...PAYMENT, pay: 60, iur: "r2" }], 2) },
    });
    t.after(close);
    const source = fdrSource(access, { pauseMs: 0 });
    const { creditorFiscalCode } = FOR;
    const publishedAfter = moment("2026-11-22T10:00:00.4Z");
    assert.equal((await source.list({ creditorFiscalCode, publishedAfter })).length, 2);
    const read = await source.read({ ...LISTED, creditorFiscalCode });
    assert.deepEqual(
      read.payments.map(({ amountCents, paidOn }) => [amountCents, paidOn.toString()]),
      [
        [6410n, "2026-11-20"],
        [6000n, "2026-11-20"],
      ],
    );
    assert.equal(read.totalCents, 12_410n);
    assert.ok(asked.every(({ key }) => key === "k"));
  });

  it("that are cut, of another creditor or not as described are refused", async (t) => {
    const wrong: [object, RegExp][] = [
      [{ ...FLOW, totPayments: 3 }, /1 payments came of 3/],
      [{ ...FLOW, receiver: { organizationId: "1" } }, /another flow/],
      [{ ...FLOW, sumPayments: 1.005 }, /sumPayments/],
    ];
    for (const [flow, message] of wrong) {
      const { access, close } = await stub({
        "/psps/ABC_01": { body: JSON.stringify(flow) },
        "/payments?page=1&size=1000": { body: page([PAYMENT]) },
      });
      t.after(close);
      const source = fdrSource(access, { pauseMs: 0 });
      await assert.rejects(
        source.read({ ...LISTED, creditorFiscalCode: FOR.creditorFiscalCode }),
        message,
      );
    }
    const far = { apiUrl: "http://pagopa.example", subscriptionKey: "k" };
    await assert.rejects(
      fdrSource(far).list({ creditorFiscalCode: "77777777777", publishedAfter: null }),
      RangeError,
      "the key never travels in the clear",
    );
  });

  it("are read as the samples have them", { skip: specsMissing }, async (t) => {
    const { access, close } = await stub({
      "/psps/AGID_01": { body: sample("fdr/fdr3.single-flow.json") },
      "/payments?page=1&size=1000": { body: sample("fdr/fdr3.payments.json") },
    });
    t.after(close);
    const read = await fdrSource(access, { pauseMs: 0 }).read({
      ...LISTED,
      flowCode: "2026-11-23AGID_01-S000000001",
      pspId: "AGID_01",
      creditorFiscalCode: FOR.creditorFiscalCode,
    });
    const xml = report(sample("fdr/FlussoRiversamento_1_0_4.sample.xml"));
    assert.deepEqual(read.payments, xml.payments, "REST and XML tell the same");
    assert.deepEqual([read.senderId, read.totalCents], [xml.senderId, xml.totalCents]);
  });
});

describe("X-05 one receipt asked for", () => {
  it("is found, not there, or refused for now", async (t) => {
    const receipt = receiptFor({
      noticeNumber: "312260000001234523",
      creditorFiscalCode: FOR.creditorFiscalCode,
      amountCents: 1999n,
    });
    const raw = writeRecoveredReceipt(receipt);
    const { access, close } = await stub({
      "/receipts/r1/paymentoptions/i": { body: raw },
      "/receipts/r2/paymentoptions/i": { status: 429, body: "{}" },
      "/receipts/r4/paymentoptions/i": { status: 500, body: "{}" },
      "/receipts/r5/paymentoptions/i": { body: "{}" },
    });
    t.after(close);
    const ask = receiptSource(access);
    const found = await ask(FOR);
    assert.ok(found.outcome === "found");
    assert.equal(found.receipt.paymentAmountCents, 1999n);
    assert.deepEqual(readRecoveredReceipt(found.raw), found.receipt, "read again from the inbox");
    assert.deepEqual(await ask({ ...FOR, iur: "r2" }), { outcome: "throttled" });
    assert.deepEqual(await ask({ ...FOR, iur: "r3" }), { outcome: "not-found" });
    await assert.rejects(ask({ ...FOR, iur: "r4" }), /answered 500/);
    await assert.rejects(ask({ ...FOR, iur: "r5" }), /not as described/);
  });

  it("is read as pagoPA's example has it", { skip: specsMissing }, () => {
    const read = readRecoveredReceipt(sample("rest/bizevents_getOrganizationReceipt.json"));
    assert.equal(read.paymentAmountCents, 2000n);
    assert.deepEqual(
      read.transfers.map(({ id, amountCents }) => [id, amountCents]),
      [
        [1, 1000n],
        [2, 1000n],
      ],
    );
    assert.equal(read.paidAt?.toString(), "2022-10-24T15:54:08Z");
  });
});
